// When there is too much for single marks: counts, each of which opens, by pointer and by keys.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { clean, DESK, open, PHONE, query, settled } from './browser.mjs';
import { importRecords } from './service.mjs';
import { browser, service, stage } from './stage.mjs';

const EVENTS = 2000;
const lines = Array.from({ length: EVENTS }, (_, i) => `Country ${i % 7}\t${i % 3 ? 'Make a visit' : 'Threaten'}\tCountry ${(i + 1 + (i % 5)) % 9}\t2014-${String(Math.floor((i * 12) / EVENTS) + 1).padStart(2, '0')}-${String((i % 28) + 1).padStart(2, '0')}`);
stage({ empty: true, fill: (service) => importRecords(service, lines.join('\n'), 'text/tab-separated-values') });
/** How many records the words of a bin tell of. */
const told = (text) => Number(/: ([\d,]+) records;/.exec(text)[1].replaceAll(',', ''));

it('a bar tells what it counts and opens exactly that', async () => {
  const page = await open(browser, service);
  const total = (await (await fetch(`${service.api}/timeline?record=event&limit=1`)).json()).total;
  assert.match(await page.locator('.sub').innerText(), new RegExp(`^${total.toLocaleString('en')} events, counted by`));
  await page.locator('.heat li', { hasText: 'Country 0' }).waitFor();
  const box = await page.locator('.heat svg').boundingBox();
  const row = await page.locator('.heat li', { hasText: 'Country 0' }).boundingBox();
  await page.mouse.move(box.x + box.width * 0.5, row.y + row.height / 2);
  const words = await page.locator('.say').innerText();
  await page.mouse.click(box.x + box.width * 0.5, row.y + row.height / 2);
  await settled(page);
  assert.equal(await page.locator('aside header b').first().innerText(), `${told(words).toLocaleString('en')} records`);
  // Nothing is told of where no bar is.
  await page.mouse.move(box.x + 20, row.y + row.height / 2);
  assert.match(await page.locator('.say').innerText(), /^Click a bar/);
  await clean(page);
  await page.close();
});

it('two clicks go into it, and so does plus', async () => {
  const page = await open(browser, service);
  await page.locator('.heat li', { hasText: 'Country 0' }).waitFor();
  const box = await page.locator('.heat svg').boundingBox();
  const row = await page.locator('.heat li', { hasText: 'Country 0' }).boundingBox();
  const [x, y] = [box.x + box.width * 0.6, row.y + row.height / 2];
  await page.mouse.move(x, y);
  const [, first] = /^(.*?) to .*: [\d,]+ records/.exec(await page.locator('.say').innerText());
  await page.mouse.dblclick(x, y);
  await settled(page);
  // Though the list of the first click has moved what is under the second.
  assert.equal((await query(page)).get('from'), new Date(`${first} UTC`).toISOString().slice(0, 10));
  const [from, to] = [(await query(page)).get('from'), (await query(page)).get('to')];
  assert.ok(from?.startsWith('2014-') && to > from, `${from} ${to}`);
  await page.goto(service.url);
  await settled(page);
  await page.locator('.heat li', { hasText: 'Country 0' }).waitFor();
  await page.locator('.heat svg').focus();
  await page.keyboard.press('ArrowDown');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  const words = await page.locator('.say').innerText();
  await page.keyboard.press('Enter');
  await settled(page);
  assert.equal(await page.locator('aside header b').first().innerText(), `${told(words).toLocaleString('en')} records`);
  await page.locator('.heat svg').focus();
  await page.keyboard.press('+');
  await settled(page);
  assert.ok((await query(page)).get('from'));
  await page.close();
});

it('it is dragged along time', async () => {
  const page = await open(browser, service, '?from=2014-04-01&to=2014-06-30', { size: DESK });
  const box = await page.locator('.heat svg').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 200, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await settled(page);
  assert.ok((await query(page)).get('from') > '2014-04-05', (await query(page)).get('from'));
  assert.equal((await query(page)).get('list'), null, 'a drag is no click');
  await page.close();
});

it('on a phone, lanes keep off the edge, and what is named is there', async () => {
  const page = await open(browser, service, '', { size: PHONE });
  await page.locator('.heat li', { hasText: 'Country 0' }).waitFor();
  for (const name of await page.locator('.heat li').all()) assert.ok((await name.boundingBox()).x >= 12);
  assert.match(await page.locator('.say').innerText(), /below/);
  const brush = await page.locator('.ov svg').boundingBox();
  assert.ok(brush && brush.x >= 0 && brush.x + brush.width <= 390);
  await clean(page);
  await page.close();
});
