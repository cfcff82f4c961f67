// Debian's Chromium, and pages that remember everything that went wrong in them.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** A browser; `hosts` are names that lead to this machine. */
export async function launch({ hosts = [] } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'chancery-e2e-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: hosts.length ? [...FLAGS, `--host-resolver-rules=${hosts.map((host) => `MAP ${host} 127.0.0.1`).join(',')}`] : FLAGS, viewport: DESK, acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'],
  });
  await context.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  await context.addInitScript(counting, SHORTLY);
  return { context, close: async () => { await context.close(); rmSync(profile, { recursive: true, force: true }); } };
}

/** Milliseconds of a timer whose end is waited for: the pauses after which a box looks up what was typed. */
const SHORTLY = 300;

/** Counts in `awaited` what a page waits for: answers that travel or are read, and short timers. */
function counting(shortly) {
  globalThis.awaited = 0;
  const { setTimeout: later, clearTimeout: never } = globalThis;
  const open = new Set();
  globalThis.setTimeout = (what, delay = 0, ...all) => {
    const timer = later((...of) => {
      open.delete(timer) && later(() => globalThis.awaited--);
      what(...of);
    }, delay, ...all);
    if (delay <= shortly) open.add(timer) && globalThis.awaited++;
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    if (open.delete(timer)) globalThis.awaited--;
    never(timer);
  };
  for (const [of, name] of [[globalThis, 'fetch'], [Response.prototype, 'json'], [Response.prototype, 'text']]) {
    const real = of[name];
    of[name] = function (...all) {
      globalThis.awaited++;
      const answer = real.apply(this, all);
      // What comes of an answer is in the page before it counts as there.
      const there = () => later(() => globalThis.awaited--);
      answer.then(there, there);
      return answer;
    };
  }
}

/** A page at `query`, settled. */
export async function open(browser, service, query = '', { size = DESK, theme = 'light' } = {}) {
  const page = await browser.context.newPage();
  page.wrong = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && page.wrong.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => page.wrong.push(`uncaught: ${error.message}`));
  page.on('request', (request) => new URL(request.url()).origin === new URL(service.url).origin || /^(data|blob):/.test(request.url()) || page.wrong.push(`asked elsewhere: ${request.url()}`));
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme });
  await page.goto(service.url + query);
  await settled(page);
  return page;
}

/** Waits until the view is there and nothing is awaited for some frames. */
export async function settled(page) {
  await page.waitForFunction(() => {
    const there = document.querySelector('main h1, main .page, .score svg') && !document.querySelector('[aria-busy="true"], .wait') && globalThis.awaited === 0;
    globalThis.still = there ? (globalThis.still ?? 0) + 1 : 0;
    if (globalThis.still < 4) return false;
    globalThis.still = 0;
    return true;
  });
}

/** What the address says now. */
export const query = async (page) => new URLSearchParams(await page.evaluate(() => location.search));

/** Waits until what moves has come to rest. */
export const rested = (locator) => locator.evaluate((one) => Promise.all(one.getAnimations({ subtree: true }).map((move) => move.finished)));

/** Nothing was refused by the policy, nothing was said on the console, nothing is wider than the screen. */
export async function clean(page, { but = [] } = {}) {
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], 'violations of the policy');
  assert.deepEqual(page.wrong.filter((one) => !but.some((known) => known.test(one))), [], 'the console');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
}

/** What axe finds: WCAG 2.0 to 2.2, A and AA, and best practice. */
export async function accessible(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  const said = found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ''}`).join(' | ')}`);
  assert.deepEqual(said, [], 'axe');
}

/** The text of the accessibility tree: role and name of each node, indented. */
export const tree = (page, selector = 'body') => page.locator(selector).ariaSnapshot();
