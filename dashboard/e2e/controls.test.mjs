// Every control of every view does what it says: each is operated from a fresh load, and what its kind promises
// has to happen, with no error said, nothing refused and nothing asked for in vain.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { DESK, open, PHONE, settled } from './browser.mjs';
import { browser, service, stage } from './stage.mjs';

stage();

const CONTROLS = 'a[href], button, input, select, textarea, summary, [role=slider], [role=application], [role=button], [role=tab], [role=checkbox]';
const EVENT = 'event:trilateral-joint-statement-2023-06-15';
const press = (name) => (page) => page.getByRole('button', { name, exact: true }).first().click();
let pasted = 0;
/** Two records, one of them good and new each time. */
const lines = () => [
  `{"record":"event","id":"walk-${pasted++}","type":"CONSULT","date":"2023-06-17","participants":[{"actor":"Blinken","role":"participant"},{"actor":"PRC","role":"participant"}],"sources":[{"source":"trtworld-2023-06-17"}]}`,
  '{"record":"event","type":"CONSULT","date":"2023-02-30","participants":[{"actor":"Blinken","role":"source"},{"actor":"PRC","role":"target"}],"sources":[{"source":"trtworld-2023-06-17"}]}',
].join('\n');
const paste = async (page) => {
  await page.getByLabel('Or paste records').fill(lines());
  await press('Check what I pasted')(page);
  await page.getByRole('button', { name: 'Import 1 record' }).waitFor();
};

/** Where controls stand: the address, the part of the page that is walked, and what opens it. */
const PLACES = {
  'the frame': ['', '.skip, header, nav'],
  timeline: ['?actor=usa&actor=chn&from=2022', 'main'],
  'timeline, linear': ['?scale=linear&record=event&record=statement', '.score'],
  'timeline as a table': ['?table=1', '.score'],
  'timeline, nothing there': ['?actor=antony-blinken&from=1999&to=1999&quad=verbal_conflict', '.score'],
  'the filters': ['', '.pane', press('Filter')],
  'the evidence of an event': [`?sel=${EVENT}`, 'aside'],
  'the evidence of a source': ['?sel=source:trtworld-2023-06-17', 'aside'],
  'the evidence of an actor': ['?view=graph&sel=actor:antony-blinken', 'aside, .card'],
  'the list behind a number': ['?view=dyads&a=antony-blinken&b=chn', 'aside', (page) => page.locator('.twin a').first().click()],
  graph: ['?view=graph&actor=antony-blinken', 'main'],
  'graph as a table': ['?view=graph&table=1', '.canvas'],
  paths: ['?view=paths&source=park-jin&target=chn&explain=1&avoid=usa', 'main'],
  'paths, a name misspelt': ['?view=paths&source=blinkin&target=chn', '[role=alert]', undefined, /404/],
  'how far news travels': ['?view=paths&way=from&source=park-jin&chain=matthew-miller', '.box'],
  dyads: ['?view=dyads&a=antony-blinken&b=chn', 'main'],
  stances: ['?view=statements&speaker=antony-blinken', 'main'],
  matrix: ['?view=statements&tab=matrix', '.bar, .panel'],
  actor: ['?view=actor&actor=antony-blinken', 'main'],
  'actors, nobody chosen': ['?view=actor', 'main'],
  'what was found': ['?view=search&q=missile', 'main'],
  export: ['', 'dialog', press('Export')],
  share: ['', 'dialog', press('Share view')],
  keys: ['', 'dialog', press('Keys')],
  embedded: ['?embed=1&view=graph', '.source, .bar'],
  'a file looked at': ['?view=import', '.page > :not(.past)', paste],
  import: ['?view=import', 'main'],
};

/** The controls of a part of the page, with their places among all, and whether each is the first of its kind in a list. */
const enumerate = (page, part) =>
  page.evaluate(([controls, part]) => {
    const all = [...document.querySelectorAll(controls)], rows = new Map();
    const found = all.map((one, i) => ({ one, i })).filter(({ one }) => {
      const skip = one.matches('.skip');
      return one.closest(part) && !one.disabled && !one.closest('[hidden]') && (skip || (one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length));
    });
    const row = ({ one }) => {
      const item = one.closest('li, tr, g[role=button]') ?? (one.matches('.flag') ? one : undefined);
      // Links and buttons of one list that look alike do alike.
      return item ? [item.parentElement, one.tagName, one.getAttribute('class')?.replace(/\b(on|at)\b/g, '') ?? '', one.getAttribute('aria-label')?.split(' ')[0] ?? ''] : undefined;
    };
    const parents = new Map(), of = (parent) => parents.get(parent) ?? (parents.set(parent, parents.size), parents.get(parent));
    for (const each of found) {
      const key = row(each);
      each.key = key ? [of(key[0]), ...key.slice(1)].join('|') : `alone ${each.i}`;
      rows.set(each.key, [...(rows.get(each.key) ?? []), each.i]);
    }
    const times = new Map(), nth = (...of) => { const key = of.join(' '), n = times.get(key) ?? 0; times.set(key, n + 1); return n; };
    const name = (one) => (one.getAttribute('aria-label') ?? one.labels?.[0]?.innerText ?? one.textContent).trim().replace(/\s+/g, ' ').slice(0, 60);
    return found.map(({ one, i, key }) => [one, i, i === rows.get(key)[0], one.getAttribute('role') ?? (one.tagName === 'INPUT' ? one.type : one.tagName.toLowerCase())]).map(([one, i, first, role]) => ({
      i, first, name: name(one), role, nth: nth(role, name(one)),
      href: one.tagName === 'A' ? one.href : '', pressed: one.getAttribute('aria-pressed'), expanded: one.getAttribute('aria-expanded'), selected: one.getAttribute('aria-selected'),
      seg: !!one.closest('.seg'), listed: !!one.closest('li, nav, svg'), readOnly: !!one.readOnly, form: !!one.closest('form'), skip: one.matches('.skip'),
    }));
  }, [CONTROLS, part]);

/** What can be seen to change: the address, the page, what is typed and chosen. */
const seen = (page) =>
  page.evaluate(() => {
    globalThis.looked = () => JSON.stringify([location.href, document.documentElement.dataset.theme, document.body.outerHTML, document.title, [...document.querySelectorAll('dialog')].map((one) => one.open)]);
    return (globalThis.before = globalThis.looked());
  });
const changes = (page, what) => page.waitForFunction(() => globalThis.looked?.() !== globalThis.before).catch(() => assert.fail(`nothing happens: ${what}`));

/** Operates a control and sees to it that it does what its kind promises. */
async function operate(page, one) {
  // What is done may move it among the others: it is followed by a mark.
  await page.locator(CONTROLS).nth(one.i).evaluate((it) => it.setAttribute('data-walk', ''));
  const at = page.locator('[data-walk]');
  const attribute = (name) => at.getAttribute(name);
  const become = (name, value) => page.waitForFunction(([name, value]) => document.querySelector('[data-walk]')?.getAttribute(name) === value, [name, value]).catch(() => assert.fail(`${name} is not ${value}`));
  if (one.skip) {
    await at.focus();
    await page.keyboard.press('Enter');
    return assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  }
  if (one.href) {
    const to = new URL(one.href), here = new URL(service.url);
    if (to.origin !== here.origin) return assert.match(`${await attribute('rel')} ${await attribute('target')}`, /noopener.* _blank/);
    if (to.pathname !== '/' || (await attribute('target'))) {
      // Another document: it is there.
      const answer = await page.request.get(to.href);
      return assert.ok(answer.ok(), `${to.href}: ${answer.status()}`);
    }
    await at.click();
    return page.waitForURL((now) => now.search === to.search).catch(() => assert.fail(`it leads to ${page.url()}, not to ${to.href}`));
  }
  if (/^Copy/.test(one.name)) {
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await at.click();
    await page.getByText(/copied$/).first().waitFor();
    return assert.ok((await page.evaluate(() => navigator.clipboard.readText())).length > 10);
  }
  if (/^(Picture|Rows|Answer) \(|CSV$/.test(one.name)) {
    const [download] = await Promise.all([page.waitForEvent('download'), at.click()]);
    return assert.match(download.suggestedFilename(), /\.(png|svg|csv|json)$/);
  }
  if (one.readOnly) {
    await at.focus();
    return assert.ok(await at.evaluate((field) => field.selectionEnd > field.selectionStart), 'it is not selected');
  }
  if (one.role === 'slider' || one.role === 'range') {
    await at.focus();
    await seen(page);
    await page.keyboard.press(/^End/.test(one.name) || one.role === 'range' ? 'ArrowLeft' : 'ArrowRight');
    return changes(page, 'an arrow');
  }
  if (one.role === 'application') {
    await at.focus();
    await seen(page);
    await page.keyboard.press('ArrowRight');
    await changes(page, 'an arrow');
    await seen(page);
    await page.keyboard.press('Enter');
    return changes(page, 'Enter');
  }
  if (one.role === 'combobox') {
    const search = await at.evaluate((box) => !!box.closest('[role=search]'));
    await at.fill(/source/i.test(one.name) && !search ? 'Blinken' : 'Japan');
    await page.locator('[role=option]:visible').first().waitFor();
    await settled(page);
    await seen(page);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => JSON.parse(globalThis.before)[0] !== location.href).catch(() => assert.fail('the address does not say it'));
    return;
  }
  if (one.role === 'file') {
    await seen(page);
    await at.setInputFiles({ name: 'walk.jsonl', mimeType: 'application/x-ndjson', buffer: Buffer.from(lines()) });
    return page.getByRole('button', { name: 'Import 1 record' }).waitFor();
  }
  if (one.role === 'checkbox') {
    await seen(page);
    const was = await at.isChecked();
    await at.click();
    await changes(page, 'a tick');
    return assert.equal(await at.isChecked(), !was);
  }
  if (one.role === 'select') {
    await seen(page);
    const value = await at.evaluate((field) => [...field.options].map((option) => option.value).find((other) => other && other !== field.value));
    await at.selectOption(value);
    // The style of a citation is for the next copy.
    return /citation/.test(one.name) ? assert.equal(await at.inputValue(), value) : changes(page, 'a choice');
  }
  if (one.role === 'text' || one.role === 'textarea') {
    const value = one.role === 'textarea' ? lines() : !one.form ? 'walk' : /before, to$/i.test(one.name) ? '2023-06-10' : /to$/i.test(one.name) ? '2024' : '2022';
    await seen(page);
    await at.fill(value);
    if (one.form) {
      await page.keyboard.press('Enter');
      return changes(page, 'what is typed');
    }
    return assert.equal(await at.inputValue(), value);
  }
  if (one.name === 'Try again') return Promise.all([page.waitForRequest(/\/api\//), at.click()]);
  // There has to be something to take back.
  if (one.name === 'Fit') await press('Zoom in')(page);
  await at.focus();
  await seen(page);
  await at.click();
  // One of several that exclude one another is chosen; any other turns.
  if (one.selected !== null) return become('aria-selected', 'true');
  if (one.pressed !== null && one.seg) return become('aria-pressed', 'true');
  if (one.expanded !== null) return become('aria-expanded', String(one.expanded === 'false'));
  // In a list, what is chosen already stays so.
  if (one.pressed === 'true' && one.listed) return become('aria-pressed', 'true');
  return changes(page, 'a click');
}

/** What changes the record comes last, and what takes it away after that. */
const late = ({ name }) => (/^Undo/.test(name) ? 2 : /^Import \d/.test(name) ? 1 : 0);
let walked = 0;
const met = new Set();
for (const [size, where] of [[DESK, ''], [PHONE, ', on a phone']]) {
  const places = size === DESK ? PLACES : { 'the frame': PLACES['the frame'], 'the sheet': [`?sel=${EVENT}`, '.grab, .step', (page) => page.locator('.row.on button').click()] };
  for (const [place, [address, part, prepare, known]] of Object.entries(places)) {
    it(`${place}${where}`, async () => {
      const page = await open(browser, service, address, { size });
      page.setDefaultTimeout(5000);
      await page.addInitScript(() => {
        localStorage.clear();
        // A service holds so many feeds of changes, and gives each back when it next has something to say.
        const Real = EventSource;
        globalThis.EventSource = function (address) { return /changes/.test(address) ? { close() {} } : new Real(address); };
      });
      page.on('response', (answer) => answer.status() >= 400 && page.wrong.push(`${answer.status()} ${answer.url()}`));
      page.on('requestfailed', (request) => request.failure()?.errorText !== 'net::ERR_ABORTED' && page.wrong.push(`${request.failure()?.errorText} ${request.url()}`));
      page.on('crash', () => page.wrong.push('it crashed'));
      const fresh = async () => {
        await page.goto(service.url + address);
        await settled(page);
        if (prepare) await prepare(page).then(() => settled(page));
        return enumerate(page, part);
      };
      let there = await fresh();
      assert.ok(there.length, 'no controls');
      // What stands in several views does the same in each, and what is chosen of several is chosen.
      const what = (one) => `${size.width} ${one.role} ${one.name}`;
      const controls = there.filter((one) => one.first && !(one.seg && one.pressed === 'true') && !met.has(what(one))).sort((a, b) => late(a) - late(b));
      const failures = [];
      for (const one of controls) {
        met.add(what(one));
        assert.ok(one.name, `a ${one.role} without a name`);
        there ??= await fresh();
        const now = there.find((same) => same.name === one.name && same.role === one.role && same.nth === one.nth);
        try {
          assert.ok(now, 'it is not there again');
          await operate(page, now);
          await page.waitForFunction(() => !globalThis.awaited);
          assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
          assert.deepEqual(page.wrong.filter((said) => !known?.test(said)), []);
        } catch (error) {
          failures.push(`${one.role} “${one.name}”: ${error.message.split('\n').slice(0, 6).join(' ')}`);
        }
        page.wrong.length = 0;
        there = undefined;
        walked++;
      }
      await page.close();
      assert.deepEqual(failures, []);
    });
  }
}
after(() => console.log(`# ${walked} controls`));
