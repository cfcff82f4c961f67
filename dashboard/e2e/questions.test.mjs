// The ten questions of the guide, each answered in at most five clicks or one search.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { clean, open, settled } from './browser.mjs';
import { browser, service, stage } from './stage.mjs';

let page, clicks;
stage();
beforeEach(async () => {
  page = await open(browser, service);
  clicks = 0;
});
afterEach(async () => {
  assert.ok(clicks <= 5, `${clicks} clicks`);
  await clean(page);
  await page.close();
});
async function click(locator) {
  clicks++;
  await locator.click();
  await settled(page);
}
/** Types a name into a box and takes the first that is offered; one click for the box, one for the choice. */
async function choose(label, name, within = page) {
  const box = within.getByLabel(label, { exact: true }).first();
  clicks++;
  await box.click();
  await box.fill(name);
  await settled(page);
  await page.keyboard.press('Enter');
  await settled(page);
}
/** One search: the key, the words, Enter. */
async function search(words) {
  await page.keyboard.press('/');
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await settled(page);
}
const main = () => page.locator('main');
const view = (name) => click(page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true }));

it('1. how Park Jin is connected with the DPRK', async () => {
  await view('Paths');
  await choose('From', 'Park Jin');
  await choose('To', 'DPRK');
  await page.locator('.hop button').first().waitFor();
  assert.match(await page.locator('.sum').innerText(), /1 step · 1 record/);
  await click(page.locator('.hop button').first());
  await page.locator('article mark').first().waitFor();
  assert.match(await page.locator('article').innerText(), /Relayed by\s+Matthew Miller/);
});

it('2. from Hayashi to the PRC, not through Blinken', async () => {
  await view('Paths');
  await choose('From', 'Hayashi');
  await choose('To', 'PRC');
  await choose('Not through', 'Blinken', page.locator('.opts'));
  await page.locator('.hop button').first().waitFor();
  assert.ok(!(await page.locator('.paths ol').innerText()).includes('Antony Blinken\nperson'));
});

it('3. what Blinken did, in the order of time', async () => {
  await search('Blinken');
  await click(main().getByRole('link', { name: 'Timeline' }));
  assert.match(await page.locator('.sub').innerText(), /^4 events/);
  assert.equal(await page.locator('.flag').count(), 4);
});

it('4. what the USA, Japan and South Korea did together', async () => {
  await page.goto(`${service.url}?actor=usa&actor=jpn&actor=kor`);
  await settled(page);
  await click(page.getByRole('button', { name: 'any of them' }));
  assert.match(await page.locator('.sub').innerText(), /^1 event,/);
});

it('5. what passed between the USA and South Korea, ministers included', async () => {
  await view('Dyads');
  await choose('Dyads of', 'USA');
  await click(page.getByRole('button', { name: 'Filter' }));
  await click(page.getByLabel('Ministers count for their states'));
  await click(page.locator('.left li button', { hasText: 'Republic of Korea' }).first());
  assert.match(await page.locator('.main h2').innerText(), /United States of America and Republic of Korea/);
  assert.ok(new URL(page.url()).searchParams.get('rollup'));
});

it('6. what there is between two actors, in numbers', async () => {
  await view('Dyads');
  await choose('Dyads of', 'Blinken');
  await click(page.locator('.left li button', { hasText: 'China' }));
  // Neither the trip nor the visit has come about: they are shown when that is asked for.
  assert.match(await page.locator('.leg').innerText(), /Verbal cooperation\s+0/);
  await click(page.getByRole('button', { name: 'Show them, too' }).last());
  assert.match(await page.locator('.leg').innerText(), /Verbal cooperation\s+2/);
  await click(page.locator('.twin a').first());
  await page.locator('aside .row').first().waitFor();
});

it('7. whom Blinken dealt with most', async () => {
  await search('Blinken');
  await page.locator('.with li').first().waitFor();
  assert.match((await page.locator('.with li').first().innerText()).replace(/\s+/g, ' '), /Hayashi Yoshimasa .*4/);
  await click(page.getByRole('button', { name: 'Show them, too' }));
  assert.match((await page.locator('.with li').first().innerText()).replace(/\s+/g, ' '), /People's Republic of China .*4/);
});

it('8. how much happened, month by month', async () => {
  assert.ok((await page.locator('.ov svg rect[fill]').count()) >= 5);
  const box = await page.locator('.ov svg').boundingBox();
  assert.ok(box.width > 500);
  clicks++;
  await page.getByRole('slider', { name: 'Start of the window' }).focus();
  await page.keyboard.press('ArrowRight');
  await settled(page);
  assert.ok(new URL(page.url()).searchParams.get('from'));
});

it('9. who condemned what, and who passed it on', async () => {
  await view('Statements');
  clicks++;
  await page.locator('.narrow select').selectOption('condemns');
  await settled(page);
  const said = await page.locator('.stances').innerText();
  assert.match(said, /Antony Blinken and Park Jin condemn Democratic People's Republic of Korea, about missile launches/);
  assert.match(said, /relayed by Matthew Miller/);
  await click(page.getByRole('tab', { name: 'Matrix' }));
  await click(page.getByRole('button', { name: /^1: Antony Blinken toward Democratic/ }));
  assert.match(await page.locator('aside').innerText(), /^1 statement\s/);
});

it('10. what is in the record', async () => {
  assert.match(await page.locator('.sub').innerText(), /^15 events, 10 actors, 1 Jan 2022 – 19 Jun 2023/);
  assert.match(await page.locator('.legend').innerText(), /Statements\s*15/);
});
