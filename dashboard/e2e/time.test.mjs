// Time as sources give it: every form of a date is drawn and said as what it is, years before the first, too; what is
// silent is nothing, what may belong elsewhere is hatched, and what did not occur looks so, or is said to be left out.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { accessible, clean, open, PHONE, query, settled } from './browser.mjs';
import { importRecords, start } from './service.mjs';
import { browser, service, stage } from './stage.mjs';

const records = (name) => readFileSync(join(import.meta.dirname, 'records', `${name}.json`), 'utf8');
stage({ empty: true, fill: (service) => importRecords(service, records('times')) });

/** Another service, with a record of its own. */
function beside(fill) {
  const it = {};
  before(async () => {
    it.data = mkdtempSync(join(tmpdir(), 'chancery-data-'));
    Object.assign(it, await start('--data', it.data));
    await fill(it);
  });
  after(async () => {
    await it.stop?.();
    rmSync(it.data, { recursive: true, force: true });
  });
  return it;
}
/** What is drawn of a record: by the words of its marks. */
const drawn = (page, title) => page.locator('.score .lay, .score .ev').filter({ has: page.locator('title', { hasText: title }) });
const ends = (path) => path.evaluate((one) => { const box = one.getBBox(); return [box.x, box.x + box.width]; });
/** The picture between the names of the lanes and its right edge. */
const room = (page) => page.locator('.score svg clipPath rect').first().evaluate((one) => [one.x.baseVal.value + 10, one.x.baseVal.value + one.width.baseVal.value - 10]);
/** The words in one line. */
const line = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();
const near = (a, b, by = 2) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

for (const scale of ['elastic', 'linear']) {
  it(`draws what lasts as bars, open where it goes on: ${scale} time`, async () => {
    const page = await open(browser, service, `?scale=${scale}`);
    const [left, right] = await room(page);
    const span = await ends(drawn(page, 'A span of days').locator('.span').first());
    assert.ok(span[0] > left + 10 && span[1] < right - 10 && span[1] - span[0] > 60, JSON.stringify(span));
    const siege = drawn(page, 'A siege that goes on');
    near((await ends(siege.locator('.span').first()))[1], right);
    assert.equal(await siege.locator('.span.open').count(), 2, 'on both lanes');
    assert.match(await siege.locator('.span').first().getAttribute('d'), /^M[\d.]+ [\d.]+H[\d.]+V[\d.]+H[\d.]+$/, 'no line at its end');
    assert.equal(await siege.locator('.goes-on').count(), 2);
    const war = drawn(page, 'A war that went on until then');
    near((await ends(war.locator('.span').first()))[0], left);
    assert.equal(await war.locator('.goes-on').count(), 2);
    const unknown = drawn(page, 'An end that nobody knows');
    assert.equal(await unknown.locator('.ask').first().textContent(), '?');
    assert.ok((await ends(unknown.locator('.span.unknown').first()))[1] < right - 10);
    await clean(page);
    await page.close();
  });
}

it('arrows say no later and no earlier, hatching doubt, dots one of several', async () => {
  const page = await open(browser, service);
  // The arrow leads away from the mark, toward the days on which it can have been.
  const toward = async (title) => {
    const arrow = drawn(page, title).locator('.by').first(), [from, to] = await ends(arrow);
    const at = await drawn(page, title).locator('.chord').evaluate((one) => one.getBBox().x);
    return (from + to) / 2 < at ? 'earlier' : 'later';
  };
  assert.equal(await toward('No later than this day'), 'earlier');
  assert.equal(await toward('No earlier than this day'), 'later');
  for (const title of ['A day in doubt', 'About a month']) assert.match(await drawn(page, title).locator('.hatched').first().getAttribute('fill'), /^url\(#score-doubt-/, title);
  assert.match(await drawn(page, 'A span in doubt').locator('.fill').first().getAttribute('fill'), /^url\(#score-doubt-/);
  assert.equal(await drawn(page, 'A span of days').locator('[fill^="url(#score-doubt"]').count(), 0);
  assert.match(await drawn(page, 'Some day of a month').locator('rect').first().getAttribute('fill'), /^url\(#fade-/);
  const set = drawn(page, 'One of three days');
  assert.equal(await set.locator('.mark.member').count(), 6, 'three days on two lanes');
  assert.equal(await set.locator('.joined').count(), 2);
  const [from, to] = await ends(set.locator('.joined').first());
  const marks = await set.locator('.mark').evaluateAll((all) => [...new Set(all.map((one) => Number(/[\d.]+/.exec(one.getAttribute('transform'))[0])))]);
  assert.equal(marks.length, 3);
  near(from, Math.min(...marks));
  near(to, Math.max(...marks));
  assert.equal(await page.locator('.score .key span').count(), 10, 'each has its word');
  await accessible(page);
  await page.close();
});

it('what did not occur is hollow and has its word, wherever it is told', async () => {
  const page = await open(browser, service);
  for (const [title, word] of [['A meeting that was called off', 'cancelled'], ['A threat that was rumoured', 'rumoured'], ['A meeting to come', 'scheduled']]) {
    const one = page.locator('.score .ev.off').filter({ has: page.locator('title', { hasText: title }) });
    assert.equal(await one.locator('.ghost').count(), 2, title);
    assert.equal(await one.locator('text.came').textContent(), word);
    assert.match(await page.locator('.flag', { hasText: title }).innerText(), new RegExp(word));
  }
  assert.equal(await page.locator('.score .ev:not(.off) .ghost').count(), 0);
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  assert.deepEqual((await page.locator('table.grid .came').allInnerTexts()).sort(), ['cancelled', 'rumoured', 'scheduled']);
  await page.goto(`${service.url}?sel=event:called-off`);
  await settled(page);
  assert.match(await page.locator('article .status').innerText(), /^Cancelled: it was called off/);
  await clean(page);
  await page.close();
});

it('a time has the zone that was written, and no other', async () => {
  const page = await open(browser, service, '?sel=event:kyiv');
  assert.equal(await page.locator('article .when').innerText(), 'Friday 12 April 2024, 01:30 +03:00 Exact time');
  assert.match(await page.locator('figcaption').innerText(), /2 May 2024, 09:30 \+02:00/);
  assert.match(await page.locator('.flag.on .d').innerText(), /^12 Apr, 01:30 \+03:00$/);
  for (const style of ['APA', 'Chicago', 'BibTeX']) {
    await page.getByLabel('Style of citation').selectOption(style);
    await page.getByRole('button', { name: 'Copy citation' }).click();
    await page.getByText('Citation copied').waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /12 April 2024, 01:30 \+03:00/);
    assert.doesNotMatch(text, /UTC/);
    await page.getByText('Citation copied').waitFor({ state: 'detached' });
  }
  await page.goto(`${service.url}?sel=event:nowhere`);
  await settled(page);
  assert.equal(await page.locator('article .when').innerText(), 'Thursday 18 April 2024, 09:00 (no zone given) Exact day; no source says in which zone');
  await page.goto(`${service.url}?table=1`);
  await settled(page);
  const dates = await page.locator('table.grid td.d').allInnerTexts();
  for (const said of ['12 Apr 2024, 01:30 +03:00', '16 Apr 2024, 12:00 UTC', '18 Apr 2024, 09:00 (no zone given)', 'from 20 Mar 2024 on', 'until 2 Apr 2024', 'by 26 Mar 2024', 'not before 10 Apr 2024', 'from 14 Apr 2024, end unknown', 'possibly 14 Mar 2024', '6 Mar, 18 Mar or 5 Apr 2024', 'summer 2024', 'no date'])
    assert.ok(dates.includes(said), `${said}: ${dates.join('; ')}`);
  assert.equal(dates.filter((one) => /UTC/.test(one)).length, 1);
  await page.close();
});

it('on a phone the list says and shows the same', async () => {
  const page = await open(browser, service, '', { size: PHONE });
  const row = (title) => page.locator('.row', { hasText: title });
  assert.match(await row('A siege that goes on').innerText(), /from 20 Mar 2024 on/);
  for (const [title, kind] of [['A siege that goes on', 'as-on'], ['A war that went on', 'as-until'], ['A span of days', 'as-span']]) assert.match(await row(title).getAttribute('class'), new RegExp(`\\b${kind}\\b.*\\blasting\\b`), title);
  assert.match(await row('A day in doubt').getAttribute('class'), /\bdoubt\b/);
  assert.equal(await row('A meeting that was called off').locator('.came').innerText(), 'cancelled');
  assert.match(await row('A call at half past one').innerText(), /01:30 \+03:00/);
  await clean(page);
  await accessible(page);
  await page.close();
});

it('views that leave out what did not occur say so, and show it', async () => {
  for (const [view, left] of [['view=dyads&a=rome&b=carthage', '.main .left'], ['view=graph', '.work .left'], ['view=paths&source=rome&target=carthage', '.box .left'], ['view=paths&way=from&source=rome', '.box .left'], ['view=actor&actor=rome', '.page .left']]) {
    const page = await open(browser, service, `?${view}`);
    const note = page.getByRole('note').last();
    assert.match(await note.innerText(), /^\d events? that did not occur (is|are) left out\. Show (it|them), too$/, view);
    await note.getByRole('button').click();
    await settled(page);
    assert.equal((await query(page)).get('occurrence'), 'any');
    assert.match(await page.getByRole('note').last().innerText(), /^What did not occur is shown, too/, left);
    await page.getByRole('button', { name: 'Remove Occurrence also what did not occur' }).click();
    await settled(page);
    assert.equal((await query(page)).get('occurrence'), null);
    await clean(page);
    await page.close();
  }
  // A timeline shows them unless it is asked not to.
  const page = await open(browser, service, '?occurrence=actual');
  assert.equal(await page.locator('.score .ev.off').count(), 0);
  assert.match(await page.locator('.chips').innerText(), /only what occurred/);
  await page.close();
});

it('a comparison says where nothing can be told', async () => {
  const page = await open(browser, service, '?view=dyads&a=rome&b=carthage&base_from=2024-03&base_to=2024-03&from=2024-04&to=2024-05');
  const row = page.locator('.cmp tr', { hasText: 'Material cooperation' });
  assert.match(await line(row), /1 records began before can’t be told/);
  await page.getByText(/^Can’t be told: all that could tell began before/).waitFor();
  await row.locator('.unsure a').click();
  await settled(page);
  assert.equal(await page.locator('aside header b').first().innerText(), '1 record');
  assert.match(await page.locator('aside .row').innerText(), /A span of days/);
  await clean(page);
  await page.close();
});

it('the order of time says when it is there, and what is certain', async () => {
  const page = await open(browser, service, '?view=paths&source=thebes&target=sparta&mode=chronological');
  assert.match(await page.locator('.sum').innerText(), /there by 26 Mar 2024, if dates fall so/);
  await page.getByLabel('Only what certainly stands in order').check();
  await settled(page);
  assert.equal((await query(page)).get('chains'), 'certain');
  await page.close();
  const direct = await open(browser, service, '?view=paths&source=rome&target=carthage&mode=chronological&type=CONSULT&from=2024-04-12&to=2024-04-12');
  assert.match(await direct.locator('.sum').innerText(), /there by 12 Apr 2024, 01:30 \+03:00/);
  await direct.close();
});

it('links that go on say so', async () => {
  const page = await open(browser, service, '?view=graph&table=1');
  assert.match(await page.locator('.canvas tr', { hasText: 'Athens and Rome' }).innerText(), /goes on/);
  await page.goto(`${service.url}?view=dyads&a=rome`);
  await settled(page);
  assert.match(await page.locator('.left li', { hasText: 'Athens' }).innerText(), /goes on/);
  await page.close();
});

describe('years before the first', () => {
  const all = JSON.parse(records('antiquity'));
  const old = beside((service) => importRecords(service, JSON.stringify({ ...all, events: all.events.slice(0, 1) })));

  it('one event of the year −240 is drawn', async () => {
    for (const address of ['', '?scale=linear', '?table=1', '?from=-0240&to=-0240', '?view=dyads&a=rome&b=carthage', '?view=graph', '?view=paths&way=from&source=rome', '?view=actor&actor=rome', '?sel=event:eclipse']) {
      const page = await open(browser, old, address);
      await clean(page);
      if (!address || address.includes('scale')) {
        assert.match(await page.locator('.sub').innerText(), /^1 event, 2 actors, 10 May −0240/);
        assert.equal(await page.locator('.score .ev').count(), 1);
      }
      if (address.includes('sel')) assert.match(await page.locator('article .when').innerText(), /^10 May −0240 \(241 BCE\)/);
      await page.close();
    }
  });

  it('so are the years about the turn of the era, each as it is written', async () => {
    await importRecords(old, JSON.stringify(all));
    const page = await open(browser, old);
    assert.match(await page.locator('.sub').innerText(), /10 May −0240 – 31 Dec 0099/);
    const months = await page.locator('.score text.tick.strong').allTextContents();
    for (const month of ['−0240', '−0003', '0000', '0001', '0099']) assert.ok(months.some((one) => one.endsWith(` ${month}`)), `${month}: ${months.join('; ')}`);
    assert.ok(months.includes('February 0000'), months.join('; '));
    const order = await page.locator('.score .ev').evaluateAll((all) => all.map((one) => [one.querySelector('title').textContent, one.querySelector('.mark').getAttribute('transform')]).sort((a, b) => parseFloat(a[1].slice(10)) - parseFloat(b[1].slice(10))).map(([title]) => title.replace(/:.*/, '')));
    assert.deepEqual(order, ['10 May −0240 (241 BCE)', 'June −0003 – February 0004', '29 February 0000 (1 BCE)', '1 January 0001', '31 December 0099']);
    assert.deepEqual((await page.locator('.ov text').allTextContents()).filter((one) => /\d/.test(one)).slice(0, 2), ['−0200', '−0150']);
    // The window is brushed and stepped as in any year.
    const handle = page.getByRole('slider', { name: 'Start of the window' });
    await handle.focus();
    await page.keyboard.press('PageUp');
    await settled(page);
    assert.match((await query(page)).get('from'), /^-02\d\d-\d\d-\d\d$/);
    assert.match(await handle.getAttribute('aria-valuetext'), /^\d+ \w+ −02\d\d$/);
    await page.keyboard.press('End');
    await clean(page);
    await accessible(page);
    await page.close();
    const linear = await open(browser, old, '?scale=linear&from=-0004&to=0005');
    assert.equal(await linear.locator('.score .ev').count(), 3);
    const ticks = await linear.locator('.score text.tick').allTextContents();
    assert.ok(ticks.some((one) => /0000$/.test(one)) && ticks.some((one) => /−0003$/.test(one)), ticks.join('; '));
    await clean(linear);
    await linear.close();
    const phone = await open(browser, old, '', { size: PHONE });
    assert.deepEqual(await phone.locator('.list .head').allInnerTexts(), ['May −0240', 'June −0003', 'February 0000', 'January 0001', 'December 0099']);
    await phone.close();
  });
});

describe('counts', () => {
  const source = [{ source: 'log' }];
  const event = (id, date, type = 'CONSULT', more = {}) => ({ id, type, date, participants: [{ actor: 'gaul', role: 'source' }, { actor: 'iberia', role: 'target' }], sources: source, ...more });
  /** Events of three years but for five silent months, some of a month, and one that began before. */
  const SILENT = new Set(['1991-03', '1991-04', '1991-05', '1991-06', '1991-07']), WIDE = 6;
  const months = Array.from({ length: 36 }, (_, i) => `${1990 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`).filter((one) => !SILENT.has(one));
  const many = {
    dataset: 'many', sources: [{ id: 'log', kind: 'other', title: 'A log' }], actors: [{ id: 'gaul', kind: 'state', name: 'Gaul' }, { id: 'iberia', kind: 'state', name: 'Iberia' }],
    events: [
      ...months.flatMap((month) => Array.from({ length: 14 }, (_, i) => event(`e-${month}-${i}`, `${month}-${String(2 * i + 1).padStart(2, '0')}`, i % 5 ? 'CONSULT' : 'THREATEN'))),
      ...Array.from({ length: WIDE }, (_, i) => event(`wide-${i}`, `1990-0${i + 4}`)), event('long', '1989-05/1990-02', 'AID'), event('called-off', '1990-05-05', 'CONSULT', { status: 'cancelled' }),
    ],
  };
  const busy = beside((service) => importRecords(service, JSON.stringify(many)));

  it('what is silent is nothing: no line crosses it', async () => {
    const page = await open(browser, busy, '?view=dyads&a=gaul&b=iberia&bin=month&from=1990&to=1992');
    const path = await page.locator('.series .net').getAttribute('d'), mid = Number(/M[\d.]+ ([\d.]+)H/.exec(await page.locator('.series .silent .zero').getAttribute('d'))[1]);
    const points = [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    const zero = points.flatMap(([, y], i) => (Math.abs(y - mid) < 0.2 ? [i] : []));
    assert.equal(zero.length, 2, 'from the first silent month to the last');
    const [a, b] = zero.map((i) => points[i][0]), month = points[1][0] - points[0][0];
    assert.ok(b - a > 3.8 * month && b - a < 4.2 * month, `${(b - a) / month} months`);
    assert.equal(await page.locator('.series .bar').count(), 32, 'bars, and one silence');
    assert.match(await page.locator('.series .silent title').textContent(), /5 silent months$/);
    assert.match(await page.locator('.twin .still').innerText(), /March 1991 – July 1991\s+0\s+5 silent months/);
    await page.locator('.series svg').focus();
    for (let i = 0; i < 15; i++) await page.keyboard.press('ArrowRight');
    assert.match(await page.locator('.series .say').innerText(), /no record begins here; 5 silent months/);
    await clean(page);
    await accessible(page);
    await page.close();
  });

  it('what may belong elsewhere is hatched, what began before has its word, rates leave both out', async () => {
    const page = await open(browser, busy, '?view=dyads&a=gaul&b=iberia&bin=week&from=1990&to=1990');
    assert.equal(await page.locator('.series .wide').count(), WIDE);
    assert.equal(await page.locator('.series .wide').first().getAttribute('fill'), 'url(#series-wide)');
    const aside = page.locator('.series .aside');
    assert.match(await line(aside), /1 records began before the window, or nobody says when: in no bar\. 6 records hatched: the day may lie in another week\. Rates, intensity and change points leave both out\./);
    for (const [i, n] of [[0, '1 record'], [1, `${WIDE} records`]]) {
      await aside.locator('a').nth(i).click();
      await settled(page);
      assert.equal(await page.locator('aside header b').first().innerText(), n);
    }
    await clean(page);
    await page.close();
  });

  it('so it is on the timeline', async () => {
    const page = await open(browser, busy, '?from=1990-01&to=1992-12');
    await page.locator('.heat li', { hasText: 'Gaul' }).waitFor();
    const aside = page.locator('.head .aside');
    assert.match(await line(aside), /1 records began before the window/);
    await aside.locator('a').first().click();
    await settled(page);
    assert.equal(await page.locator('aside header b').first().innerText(), '1 record');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await settled(page);
    assert.ok((await page.locator('table.counts .still').count()) >= 1);
    await page.goto(`${busy.url}?from=1990&to=1990`);
    await settled(page);
    await page.close();
    const fine = await open(browser, busy, '?from=1990-01&to=1992-12&actor=gaul&actor=iberia&match=all');
    if (await fine.locator('.heat').count()) {
      const bin = (await fine.locator('.sub').innerText()).match(/counted by (\w+)/)[1];
      if (bin === 'day' || bin === 'week') assert.ok((await fine.locator('.heat .wide').count()) > 0);
    }
    await clean(fine);
    await fine.close();
  });
});
