// Import, from the file to the timeline and back.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { accessible, clean, open, settled } from './browser.mjs';
import { importRecords } from './service.mjs';
import { browser, service, stage } from './stage.mjs';

const GOOD = '{"record":"event","id":"new-call","type":"CONSULT","title":"A new call","date":"2023-06-17","participants":[{"actor":"Blinken","role":"participant"},{"actor":"PRC","role":"participant"}],"sources":[{"source":"trtworld-2023-06-17"}]}';
const BAD_DATE = '{"record":"event","type":"CONSULT","date":"2023-02-30","participants":[{"actor":"Blinken","role":"source"},{"actor":"PRC","role":"target"}],"sources":[{"source":"trtworld-2023-06-17"}]}';
const BAD_NAME = '{"record":"event","type":"CONSULT","date":"2023-06-16","participants":[{"actor":"Blinken","role":"source"},{"actor":"Park Chin","role":"target"}],"sources":[{"source":"trtworld-2023-06-17"}]}';

stage();
const events = async () => (await (await fetch(`${service.api}/timeline?record=event&limit=1`)).json()).total;

it('a file is looked at, corrected, imported and undone', async () => {
  const page = await open(browser, service, '?view=import');
  const buffer = Buffer.from([GOOD, BAD_DATE, BAD_NAME].join('\n'));
  await page.getByLabel('Choose a file to import').setInputFiles({ name: 'june.jsonl', mimeType: 'application/x-ndjson', buffer });
  await page.getByRole('button', { name: 'Import 1 record' }).waitFor();
  assert.equal(await events(), 15, 'nothing is written yet');
  // Each reject has its row, with the bad cell marked.
  const rows = page.locator('section table.grid tbody tr').filter({ has: page.locator('.cell') });
  assert.equal(await rows.count(), 2);
  assert.match(await rows.nth(0).locator('.bad').innerText(), /date\s+2023-02-30/);
  assert.match(await rows.nth(1).locator('.bad').innerText(), /Park Chin/);
  await accessible(page);
  // The day can be mended at once.
  await rows.nth(0).getByRole('button').click();
  await page.getByRole('button', { name: 'Import 2 records' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Rejects as CSV' }).click()]);
  assert.equal(download.suggestedFilename(), 'june-jsonl-rejects.csv');
  await page.getByRole('button', { name: 'Import 2 records' }).click();
  await page.getByText('Imported as commit 2').waitFor();
  assert.equal(await events(), 17);
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await page.getByText('The import was undone').waitFor();
  assert.equal(await events(), 15);
  await clean(page);
  await page.close();
});

it('pasted records are taken, too, and those that are there change nothing', async () => {
  const page = await open(browser, service, '?view=import');
  await page.getByLabel('Or paste records').fill(GOOD);
  await page.getByRole('button', { name: 'Check what I pasted' }).click();
  await page.getByRole('button', { name: 'Import 1 record' }).click();
  await page.getByText('Imported as commit').waitFor();
  await page.getByRole('button', { name: 'Import another' }).click();
  await page.getByLabel('Or paste records').fill(GOOD);
  await page.getByRole('button', { name: 'Check what I pasted' }).click();
  await page.getByRole('button', { name: 'Import 0 records' }).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Import 0 records' }).isDisabled());
  assert.ok(await page.getByText('There is nothing to take').isVisible());
  await clean(page);
  await page.close();
});

/** Quadruples enough that the service tells how far it is. */
const many = (lines) => Buffer.from(Array.from({ length: lines }, (_, i) => `Country ${i % 97}\tMake a visit\tCountry ${(i * 7 + 1) % 101}\t2014-${String((i % 12) + 1).padStart(2, '0')}-${String((i % 28) + 1).padStart(2, '0')}`).join('\n'));

it('a long file says how far it is, and comes in', async () => {
  const page = await open(browser, service, '?view=import');
  const seen = page.evaluate(() => new Promise((resolve) => {
    // What is said in the page, and what the service told of its reading.
    const said = [], heard = [];
    globalThis.EventSource = class extends EventSource {
      constructor(...all) {
        super(...all);
        this.addEventListener('progress', (event) => heard.push(JSON.parse(event.data)));
      }
    };
    new MutationObserver(() => {
      const text = document.querySelector('.busy')?.textContent.trim();
      if (text && said.at(-1) !== text) said.push(text);
      if (/Import \d+,\d+ records/.test(document.querySelector('.cta')?.textContent ?? '')) resolve({ said, heard });
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }));
  await page.getByLabel('Choose a file to import').setInputFiles({ name: 'visits.tsv', mimeType: 'text/tab-separated-values', buffer: many(300_000) });
  const { said, heard } = await seen;
  assert.ok(said.some((text) => /^Sending: .* [KM]B/.test(text)), said.join(' | '));
  // A fast service may be done before it is asked how far it is: then that it has begun is all there is to say.
  for (const { bytes, total, records } of [{ bytes: 0, total: 1, records: 0 }, ...heard]) {
    const wanted = `Checking: ${records.toLocaleString('en')} records, ${Math.round((100 * bytes) / total)} % read`;
    assert.ok(said.some((text) => text.startsWith(wanted)), `${wanted}: ${said.join(' | ')}`);
  }
  const before = await events();
  await page.getByRole('button', { name: /^Import [\d,]+ records/ }).click();
  await page.getByText('Imported as commit').waitFor({ timeout: 60_000 });
  assert.ok((await events()) > before);
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await page.getByText('The import was undone').waitFor({ timeout: 60_000 });
  assert.equal(await events(), before);
  await clean(page);
  await page.close();
});

it('an upload can be cancelled, and then nothing is written', async () => {
  const page = await open(browser, service, '?view=import');
  const before = await events();
  await page.route(/imports\?/, () => {});
  await page.getByLabel('Choose a file to import').setInputFiles({ name: 'visits.tsv', mimeType: 'text/tab-separated-values', buffer: many(5_000) });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Cancelled. Nothing was written.').waitFor();
  await page.getByRole('button', { name: 'Start again' }).click();
  assert.ok(await page.getByText('or drop one here').isVisible());
  assert.equal(await events(), before);
  await clean(page);
  await page.close();
});

it('what cannot be undone says so, whatever else is open', async () => {
  await importRecords(service, GOOD.replace('new-call', 'another-call'), 'application/x-ndjson');
  const page = await open(browser, service, '?view=import');
  await page.getByLabel('Or paste records').fill(GOOD.replace('new-call', 'third-call'));
  await page.getByRole('button', { name: 'Check what I pasted' }).click();
  await page.getByRole('button', { name: 'Import 1 record' }).waitFor();
  // The first import brought the actors that the second names.
  await page.getByRole('button', { name: /^Undo the import/ }).last().click();
  assert.match(await page.getByRole('alert').innerText(), /Other records still refer to this one/);
  await clean(page, { but: [/status of 409/] });
  await page.close();
});

it('what is taken and worth a look is said before it is written', async () => {
  const page = await open(browser, service, '?view=import');
  await page.getByLabel('Or paste records').fill('{"record":"actor","id":"other-usa","kind":"state","name":"Usa","codes":{"iso3":"USA"}}');
  await page.getByRole('button', { name: 'Check what I pasted' }).click();
  await page.getByText('Worth a look').click();
  await page.getByText('is also the iso3 of usa').waitFor();
  await accessible(page);
  await clean(page);
  await page.close();
});

it('what is no record is refused with its reason', async () => {
  const page = await open(browser, service, '?view=import');
  await page.getByLabel('Or paste records').fill('{"record":"event"');
  await page.getByRole('button', { name: 'Check what I pasted' }).click();
  await settled(page);
  await page.locator('[role=alert], .why').first().waitFor();
  await clean(page, { but: [/status of 4\d\d/] });
  await page.close();
});
