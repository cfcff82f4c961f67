// How soon each view shows its first picture, and how smoothly it moves, with real records: a table each.
//
//   CHANCERY_BIN=../target/release/chancery npm run measure -- DATA_DIR...
//
// A load is cold for the browser (nothing kept) and warm for the service (it has loaded its record). What
// counts is the time from the start of the navigation until the frame is on its way in which the mark of the
// view first stands. While it is dragged, each frame that takes more than 16.7 ms missed a refresh of a
// screen with 60 Hz; one of more than 33 ms missed two, which eyes see.
// (A millisecond is left for the clock.) ONLY=<pattern> measures some of them.
import { basename } from 'node:path';
import { launch, settled } from '../e2e/browser.mjs';
import { start } from '../e2e/service.mjs';

const LOADS = 5;
/** Milliseconds that something is dragged for. */
const DRAG_MS = 2000;
const MISSED = [17.7, 34.4];

/** Views by name: the query, and what makes the first picture. */
const VIEWS = {
  timeline: ['', '.heat .bars'],
  'timeline of China': ['?actor=china', '.heat .bars'],
  'timeline of two': ['?actor=china&actor=japan', '.heat .bars, .score .ev'],
  'timeline, a day': ['?actor=china&from=2014-03-05&to=2014-03-05', '.score .ev, .heat .bars'],
  graph: ['?view=graph', '.node'],
  'graph around China': ['?view=graph&actor=china', '.node'],
  paths: ['?view=paths&source=china&target=barack-obama', '.hop'],
  dyads: ['?view=dyads', '.series .bar'],
  'dyad of two': ['?view=dyads&a=china&b=japan', '.series .bar'],
  statements: ['?view=statements', '.stances li, .panel .box'],
  search: ['?view=search&q=obama', '.page ol li'],
  actor: ['?view=actor&actor=china', '.with li'],
  import: ['?view=import', '.drop'],
};

const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];

async function firstPicture(browser, url, mark) {
  const page = await browser.context.newPage();
  const cdp = await browser.context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.addInitScript((selector) => {
    const look = () => {
      if (!document.querySelector(selector)) return;
      watch.disconnect();
      // The frame after this one begins when this one has been handed on.
      requestAnimationFrame(() => setTimeout(() => (globalThis.firstPicture = performance.now())));
    };
    const watch = new MutationObserver(look);
    watch.observe(document, { childList: true, subtree: true });
  }, mark);
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => globalThis.firstPicture, undefined, { timeout: 30_000 });
  const took = await page.evaluate(() => globalThis.firstPicture);
  await page.close();
  return took;
}

/** Drags from the middle of `selector` to and fro, with a frame's events each frame; the lengths of all frames. */
async function drag(browser, url, selector, { share = [0.5, 0.5], wheel = false } = {}) {
  const page = await browser.context.newPage();
  await page.goto(url);
  await settled(page);
  const box = await page.locator(selector).first().boundingBox();
  const x = box.x + box.width * share[0], y = box.y + box.height * share[1];
  await page.mouse.move(x, y);
  if (wheel) await page.keyboard.down('Control');
  else await page.mouse.down();
  await page.evaluate(() => {
    globalThis.frames = [];
    let last = performance.now();
    const tick = (now) => { globalThis.frames.push(now - last); last = now; requestAnimationFrame(tick); };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(tick); });
  });
  const began = performance.now();
  for (let i = 1; performance.now() - began < DRAG_MS; i++) {
    if (wheel) await page.mouse.wheel(0, i % 40 < 20 ? -40 : 40);
    else await page.mouse.move(x + 120 * Math.sin(i / 12), y + 20 * Math.sin(i / 7));
  }
  const frames = await page.evaluate(() => globalThis.frames);
  if (wheel) await page.keyboard.up('Control');
  else await page.mouse.up();
  await page.close();
  return frames;
}

const DRAGS = {
  'timeline, dragged': ['', '.heat svg'],
  'overview, brushed': ['', '.ov svg', { share: [0.6, 0.3] }],
  'marks, dragged': ['?actor=china&from=2014-03-05&to=2014-03-05&scale=linear', '.score svg, .heat svg'],
  'graph, dragged': ['?view=graph', '.canvas svg', { share: [0.03, 0.06] }],
  'graph, zoomed': ['?view=graph', '.canvas svg', { share: [0.5, 0.5], wheel: true }],
};

/** Names that are measured; all when none is given. */
const only = new RegExp(process.env.ONLY ?? '');
const chosen = (all) => Object.entries(all).filter(([name]) => only.test(name));
for (const data of process.argv.slice(2)) {
  const [service, browser] = await Promise.all([start('--data', data), launch()]);
  try {
    console.log(`\n${basename(data)}\n\n| view | first picture, median of ${LOADS} (ms) | least | most |\n| --- | ---: | ---: | ---: |`);
    for (const [name, [query, mark]] of chosen(VIEWS)) {
      const all = [];
      for (let i = 0; i < LOADS; i++) all.push(await firstPicture(browser, service.url + query, mark));
      console.log(`| ${name} | ${median(all).toFixed(0)} | ${Math.min(...all).toFixed(0)} | ${Math.max(...all).toFixed(0)} |`);
    }
    console.log(`\n| movement, ${DRAG_MS / 1000} s | frames | over 16.7 ms | over 33 ms | longest (ms) |\n| --- | ---: | ---: | ---: | ---: |`);
    for (const [name, [query, selector, how]] of chosen(DRAGS)) {
      const frames = await drag(browser, service.url + query, selector, how);
      const over = (ms) => frames.filter((one) => one > ms).length;
      console.log(`| ${name} | ${frames.length} | ${over(MISSED[0])} | ${over(MISSED[1])} | ${Math.max(...frames).toFixed(0)} |`);
    }
  } finally {
    await browser.close();
    await service.stop();
  }
}
