// Pages of other origins on this machine: none of their ways of sending changes the record or reads an answer.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, it } from 'node:test';
import { clean, launch, open } from './browser.mjs';
import { importRecords, start } from './service.mjs';

const FOREIGN = 'foreign.test';
const line = (id) => `{"record":"actor","id":"${id}","kind":"person","name":"N ${id}"}`;
let service, browser, other;

before(async () => {
  [service, browser] = await Promise.all([start(), launch({ hosts: [FOREIGN] })]);
  other = createServer((request, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>Another site</title><iframe name="sink"></iframe>'));
  await new Promise((listening) => other.listen(0, '127.0.0.1', listening));
});
after(async () => {
  await browser?.close();
  await service?.stop();
  other?.close();
});

const commit = async () => (await (await fetch(`${service.api}/summary`)).json()).meta.known_at;

/** Sends in every way that a page has, and tells what it could read. Runs in the page. */
async function sendInEveryWay({ api, lines, victim, undo }) {
  const read = [];
  const next = lines[Symbol.iterator]();
  const attempt = async (what, how) => {
    try {
      const answer = await how();
      if (answer?.type !== 'opaque' && answer?.ok) read.push(`${what}: ${(await answer.text()).slice(0, 80)}`);
    } catch { /* The browser did not let it through, or let nothing back. */ }
  };
  const to = `${api}/imports?format=jsonl`;
  for (const mode of ['cors', 'no-cors']) {
    for (const type of [undefined, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/x-ndjson', 'application/json'])
      await attempt(`POST ${mode} ${type}`, () => fetch(to, { method: 'POST', mode, body: new Blob([next.next().value]), headers: type ? { 'content-type': type } : {} }));
    await attempt(`GET ${mode}`, () => fetch(`${api}/summary`, { mode }));
    await attempt(`HEAD ${mode}`, () => fetch(`${api}/summary`, { mode, method: 'HEAD' }));
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      await attempt(`${method} ${mode}`, () => fetch(`${api}/actors/${victim}`, { method, mode, headers: { 'content-type': 'application/json' }, body: method === 'DELETE' ? undefined : '{"kind":"person","name":"Overwritten"}' }));
      await attempt(`${method} ${mode}`, () => fetch(`${api}/imports/${undo}`, { method, mode }));
    }
  }
  for (const type of ['', 'text/plain', 'application/x-www-form-urlencoded', 'application/x-ndjson'])
    try { navigator.sendBeacon(to, new Blob([next.next().value], { type })); } catch { /* Not even tried. */ }
  // Forms, with a body that is a record but for what the form puts around it.
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const form = Object.assign(document.createElement('form'), { action: to, method: 'POST', enctype, target: 'sink' });
    const record = JSON.parse(next.next().value);
    const [name, value] = JSON.stringify({ ...record, description: '=' }).split('=');
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    document.body.append(form);
    const loaded = new Promise((done) => { document.querySelector('iframe').onload = done; setTimeout(done, 2000); });
    form.submit();
    await loaded;
    try { const { contentDocument } = document.querySelector('iframe'); if (contentDocument?.body.innerText) read.push(`form ${enctype}: ${contentDocument.body.innerText}`); } catch { /* Another origin's frame is closed to it. */ }
  }
  const took = (element, from) => new Promise((done) => {
    element.onload = () => done(read.push(`${element.tagName} ${from}`));
    element.onerror = done;
    Object.assign(element, element.tagName === 'LINK' ? { rel: 'stylesheet', href: from } : { src: from });
    document.head.append(element);
  });
  for (const from of [`${api}/summary`, `${api}/export`, `${api}/timeline?format=csv`, `${api.replace('api/v1', 'ui/theme.js')}`])
    for (const tag of ['img', 'script', 'link', 'video']) await took(document.createElement(tag), from);
  await new Promise((heard) => {
    const feed = new EventSource(`${api}/changes`);
    feed.onmessage = feed.onopen = () => heard(read.push('EventSource'));
    feed.onerror = () => { feed.close(); heard(); };
  });
  // What was sent last has arrived when this has.
  await fetch(`${api}/summary`, { mode: 'no-cors' }).catch(() => {});
  return read;
}

for (const [what, host] of [['another site', FOREIGN], ['another port of localhost', 'localhost'], ['another port of the address', '127.0.0.1']]) {
  it(`a page of ${what} neither writes nor reads`, async () => {
    const report = await importRecords(service, line(`victim-of-${host}`), 'application/x-ndjson');
    const before = await commit();
    const page = await browser.context.newPage();
    await page.goto(`http://${host}:${other.address().port}/`);
    for (const api of [service.api, service.api.replace('127.0.0.1', 'localhost')]) {
      const lines = Array.from({ length: 24 }, (_, nth) => line(`from-${host}-${nth}`));
      const read = await page.evaluate(sendInEveryWay, { api, lines, victim: `victim-of-${host}`, undo: report.id });
      assert.deepEqual(read, []);
    }
    assert.equal(await commit(), before);
    await page.close();
  });
}

it('a foreign name that leads to this machine is answered nothing', async () => {
  await importRecords(service, line('rebound'), 'application/x-ndjson');
  const before = await commit();
  const page = await browser.context.newPage();
  const response = await page.goto(service.url.replace('127.0.0.1', FOREIGN));
  assert.equal(response.status(), 421);
  assert.match(await page.locator('body').innerText(), /--allowed-host foreign\.test/);
  // The page is of that name's origin, so the browser lets it send and read.
  const seen = await page.evaluate(async () => {
    const ask = async (path, init) => { const answer = await fetch(path, init); return `${answer.status} ${await answer.text()}`; };
    return [await ask('/api/v1/summary'), await ask('/api/v1/export'), await ask('/api/v1/actors/rebound', { method: 'DELETE' }), await ask('/ui/theme.js')];
  });
  for (const answer of seen) assert.match(answer, /^421 .*misdirected_request/);
  assert.equal(await commit(), before);
  await page.close();
});

it('the same ways work for the page that the service serves', async () => {
  const page = await open(browser, service, '?view=import');
  await page.getByLabel('Or paste records').fill(line('from-own-page'));
  await page.getByRole('button', { name: 'Check what I pasted' }).click();
  await page.getByRole('button', { name: 'Import 1 record' }).click();
  await page.getByText('Imported as commit').waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await page.getByText('The import was undone').waitFor();
  await clean(page);
  await page.close();
});
