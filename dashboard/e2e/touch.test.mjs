// What is dragged and zoomed: by mouse, by wheel, by one finger and by two.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { clean, open, PHONE, query, settled } from './browser.mjs';
import { importRecords } from './service.mjs';
import { browser, service, stage } from './stage.mjs';

/** Enough for counts in place of marks. */
const lines = Array.from({ length: 2000 }, (_, i) => `Country ${i % 7}\tMake a visit\tCountry ${(i + 1 + (i % 5)) % 9}\t2014-${String(Math.floor(i * 12 / 2000) + 1).padStart(2, '0')}-${String((i % 28) + 1).padStart(2, '0')}`);
stage({ empty: true, fill: (service) => importRecords(service, lines.join('\n'), 'text/tab-separated-values') });

/** A page of a phone with a screen to touch; `fingers` moves them from the first places to the last. */
async function touched(address, size = PHONE) {
  const page = await open(browser, service, '', { size });
  const client = await page.context().newCDPSession(page);
  await client.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 5 });
  await page.goto(service.url + address);
  await settled(page);
  const fingers = async (...places) => {
    const at = (share) => places.map(([x0, y0, x1, y1], id) => ({ id, x: x0 + (x1 - x0) * share, y: y0 + (y1 - y0) * share }));
    await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
    for (let i = 1; i <= 8; i++) await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(i / 8) });
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await settled(page);
  };
  return { page, fingers };
}
/** How a graph stands: its scale, and where it begins. */
async function standing(page) {
  const [x, y, scale] = (await page.locator('.pic svg > g').getAttribute('transform')).match(/-?[\d.]+(?:e-?\d+)?/g).map(Number);
  return { x, y, scale };
}
/** The place of a node on the screen, and one beside all of them. */
async function places(page) {
  const box = await page.locator('.pic svg').boundingBox(), node = await page.locator('.node').first().boundingBox();
  return { box, node: [node.x + node.width / 2, node.y + node.height / 2], corner: [box.x + 8, box.y + 8] };
}

it('the graph is drawn about, zoomed where the pointer is, and fits again', async () => {
  const page = await open(browser, service, '?view=graph');
  const { corner: [x, y], node } = await places(page);
  assert.deepEqual(await standing(page), { x: 0, y: 0, scale: 1 });
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 40, { steps: 4 });
  await page.mouse.up();
  assert.deepEqual(await standing(page), { x: 60, y: 40, scale: 1 });
  assert.equal((await query(page)).get('sel'), null, 'a drag is no click');
  await page.getByRole('button', { name: 'Fit' }).click();
  assert.deepEqual(await standing(page), { x: 0, y: 0, scale: 1 });

  await page.mouse.move(...node);
  await page.mouse.wheel(0, -100);
  assert.equal((await standing(page)).scale, 1, 'without a key the wheel is not the picture\'s');
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -100);
  await page.waitForFunction(() => !document.querySelector('.pic svg > g').getAttribute('transform').endsWith('scale(1)'));
  const one = await standing(page), there = (await places(page)).node;
  assert.ok(Math.abs(one.scale - 2 ** 0.2) < 1e-6, `${one.scale}`);
  assert.ok(Math.hypot(there[0] - node[0], there[1] - node[1]) < 1.5, 'what is under the pointer stays there');
  for (let i = 0; i < 15; i++) await page.mouse.wheel(0, -100);
  await page.waitForFunction(() => document.querySelector('.pic svg > g').getAttribute('transform').endsWith('scale(5)'));
  const [ratio] = await page.evaluate(() => [devicePixelRatio]);
  await page.mouse.wheel(0, -100);
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  assert.equal(await page.evaluate(() => devicePixelRatio), ratio, 'the page is not zoomed in its place');

  await page.getByRole('button', { name: 'Fit' }).press('Enter');
  assert.deepEqual(await standing(page), { x: 0, y: 0, scale: 1 });
  await page.getByRole('button', { name: 'Zoom in' }).press('Enter');
  assert.equal((await standing(page)).scale, 1.25);
  // A picture that was a table in between stands as it did.
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await page.getByRole('button', { name: 'Picture', exact: true }).click();
  assert.equal((await standing(page)).scale, 1.25);
  await page.getByRole('button', { name: 'Zoom out' }).press('Enter');
  assert.deepEqual(await standing(page), { x: 0, y: 0, scale: 1 });
  await page.locator('.node').first().click();
  await settled(page);
  assert.match((await query(page)).get('sel'), /^actor:/);
  await clean(page);
  await page.close();
});

it('fingers move the graph, spread it, and choose in it', async () => {
  const { page, fingers } = await touched('?view=graph');
  const { corner: [x, y], box, node } = await places(page);
  await fingers([x, y, x + 40, y + 30]);
  assert.deepEqual(await standing(page), { x: 40, y: 30, scale: 1 });
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  await fingers([cx - 30, cy, cx - 60, cy], [cx + 30, cy, cx + 60, cy]);
  assert.ok(Math.abs((await standing(page)).scale - 2) < 0.01, `${(await standing(page)).scale}`);
  await page.getByRole('button', { name: 'Fit' }).click();
  await page.touchscreen.tap(...node).catch(() => fingers([...node, ...node]));
  await settled(page);
  assert.match((await query(page)).get('sel') ?? '', /^actor:/, 'a tap is a click');
  await clean(page);
  await page.close();
});

it('a finger moves time sideways, and the page up and down', async () => {
  const { page, fingers } = await touched('?from=2014-04-01&to=2014-06-30', { ...PHONE, height: 560 });
  const box = await page.locator('.heat svg').boundingBox(), [x, y] = [box.x + box.width * 0.7, box.y + 120];
  await fingers([x, y, x - 100, y - 6]);
  const from = (await query(page)).get('from');
  assert.ok(from > '2014-04-10', from);
  const scrolled = () => page.evaluate(() => [...document.querySelectorAll('*')].reduce((sum, one) => sum + one.scrollTop, 0));
  const before = await scrolled();
  await fingers([x, y, x - 6, y - 100]);
  assert.ok((await scrolled()) > before + 40, `${before} ${await scrolled()}`);
  assert.equal((await query(page)).get('from'), from, 'nothing is moved in time');
  await clean(page);
  await page.close();
});

it('a finger draws the window', async () => {
  const { page, fingers } = await touched('');
  const box = await page.locator('.ov svg').boundingBox(), y = box.y + 15;
  await page.locator('.ov svg').scrollIntoViewIfNeeded();
  await fingers([box.x + box.width * 0.3, y, box.x + box.width * 0.6, y]);
  const [from, to] = [(await query(page)).get('from'), (await query(page)).get('to')];
  assert.ok(from > '2014-03' && from < '2014-06' && to > '2014-07' && to < '2014-09', `${from} ${to}`);
  await clean(page);
  await page.close();
});
