// Whom to believe: sources are left out in every view, records of several sources are asked for, and paths
// say what they rest on.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { clean, open, query, settled } from './browser.mjs';
import { importRecords } from './service.mjs';
import { browser, service, stage } from './stage.mjs';

const FIRST = 'trtworld-2023-06-17', SECOND = 'reuters-2023-06-18';
const TWICE = { record: 'event', id: 'told-twice', type: 'CONSULT', title: 'Told by two', date: '2023-06-18', participants: [{ actor: 'antony-blinken', role: 'participant' }, { actor: 'qin-gang', role: 'participant' }], sources: [{ source: FIRST }, { source: SECOND }] };
const ONCE = { ...TWICE, id: 'told-by-the-second', title: 'Told by the second alone', sources: [{ source: SECOND }] };

const lines = [{ record: 'source', id: SECOND, kind: 'article', title: 'A second article', publisher: 'Reuters' }, { record: 'actor', id: 'qin-gang', kind: 'person', name: 'Qin Gang' }, TWICE, ONCE];
stage({ fill: (service) => importRecords(service, lines.map((one) => JSON.stringify(one)).join('\n'), 'application/x-ndjson') });

it('a source is left out, and comes back', async () => {
  const page = await open(browser, service);
  assert.match(await page.locator('.sub').innerText(), /^17 events/);
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByLabel('Leave out a source').fill('Blinken talks');
  await page.locator('.pick [role=option]:visible').first().waitFor();
  await page.keyboard.press('Enter');
  await settled(page);
  assert.equal((await query(page)).get('exclude_source'), FIRST);
  assert.match(await page.locator('.sub').innerText(), /^2 events/);
  await page.getByRole('button', { name: /^Remove Without source/ }).click();
  await settled(page);
  assert.match(await page.locator('.sub').innerText(), /^17 events/);
  await clean(page);
  await page.close();
});

it('only what several independent sources tell', async () => {
  const page = await open(browser, service);
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByLabel('Independent sources').selectOption('2');
  await settled(page);
  assert.equal((await query(page)).get('min_independent'), '2');
  assert.match(await page.locator('.sub').innerText(), /^1 event,/);
  await page.reload();
  await settled(page);
  assert.equal(await page.locator('.flag').count(), 1);
  await page.close();
});

it('every view asks under the same filter', async () => {
  const views = { graph: '', dyads: '', statements: '', actor: '&actor=antony-blinken', paths: '&source=antony-blinken&target=qin-gang&explain=1', search: '&q=told', timeline: '&actor=antony-blinken' };
  for (const [view, more] of Object.entries(views)) {
    const asked = [];
    const page = await browser.context.newPage();
    page.on('request', (request) => asked.push(new URL(request.url())));
    await page.goto(`${service.url}?view=${view}&exclude_source=${FIRST}&min_independent=2${more}`);
    await settled(page);
    // What is asked about the record at large, about relations and about one actor by name takes no filters.
    const open = asked.filter(({ pathname }) => pathname.startsWith('/api/') && !/\/(summary|changes|relations|actors\/[^/]+)$/.test(pathname));
    const free = open.filter(({ searchParams, pathname }) => (searchParams.get('exclude_source') !== FIRST || searchParams.get('min_independent') !== '2') && searchParams.get('record') !== 'relation' && pathname);
    assert.ok(open.length > 0, view);
    assert.deepEqual(free.map(String), [], view);
    await page.close();
  }
});

it('a path says what it rests on, and is asked for without it', async () => {
  const page = await open(browser, service, '?view=paths&source=antony-blinken&target=qin-gang');
  await page.getByRole('button', { name: 'What does this rest on?' }).click();
  await settled(page);
  assert.match(await page.locator('.verdict').innerText(), /^It breaks when 2 sources are lost together: /);
  await page.getByRole('button', { name: 'Ask without it: A second article' }).click();
  await settled(page);
  assert.equal((await query(page)).get('exclude_source'), SECOND);
  assert.match(await page.locator('.verdict').innerText(), /^It hangs on one source: without “Blinken talks/);
  assert.ok(await page.getByText('breaks it alone').isVisible());
  await page.getByRole('button', { name: /^Ask without it: Blinken/ }).click();
  await settled(page);
  assert.match(await page.locator('.verdict').innerText(), /^There is no path/);
  await clean(page);
  await page.close();
});
