// Pairs of actors: the busiest of all on pages, what opens behind each of their numbers, what changed between two in
// words, and what appears when ministers count for their states.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { accessible, clean, open, PHONE, query, settled } from './browser.mjs';
import { importRecords } from './service.mjs';
import { browser, service, stage } from './stage.mjs';

const day = (month, day) => `2014-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
const acts = (source, target, cameo, date, n) => ({ record: 'event', id: `${source}-${target}-${date}-${n}`, cameo, date, participants: [{ actor: source, role: 'source' }, { actor: target, role: 'target' }] });
const STATES = Array.from({ length: 40 }, (_, i) => `s${i}`);
/** Forty states in a busy ring of threes, and two that hardly anybody else knows with more between them than any other two. */
const RECORDS = [
  ...[...STATES, 'north', 'south', 'east', 'west', 'coast', 'inland'].map((id) => ({ record: 'actor', id, kind: 'state', name: `State ${id}` })),
  { record: 'actor', id: 'minister', kind: 'person', name: 'A Minister' },
  { record: 'relation', id: 'office', kind: 'holds_office', subject: 'minister', object: 'east', title: 'Foreign minister', since: '2014-01-01', until: '2014-12-31' },
  ...STATES.flatMap((id, i) => [1, 2, 3].flatMap((by) => [1, 2, 3].map((n) => acts(id, STATES[(i + by) % 40], '040', day(1 + n, 1 + (i % 28)), n)))),
  ...Array.from({ length: 3 }, (_, n) => acts('minister', 'west', '040', day(3, 1 + n), n)),
  // Of one only the month is known.
  acts('coast', 'inland', '040', '2014-03', 0), acts('coast', 'inland', '040', '2014-04-01', 1),
  // Half a year of talks, then half a year of blows, as often.
  ...Array.from({ length: 72 }, (_, n) => acts(n % 3 ? 'north' : 'south', n % 3 ? 'south' : 'north', n < 36 ? '040' : '190', day(1 + Math.floor(n / 6), 2 + 4 * (n % 6)), n)),
];
stage({ empty: true, fill: (service) => importRecords(service, RECORDS.map((one) => JSON.stringify(one)).join('\n'), 'application/x-ndjson') });
const line = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();
const list = (page) => page.locator('.left ol > li');
const heading = (page) => page.locator('aside header b, .sheet header b').first().innerText();

it('the busiest of all are the busiest of all, page by page, and each number opens what it counts', async () => {
  const page = await open(browser, service, '?view=dyads');
  assert.match(await line(list(page).first()), /^State north State south 72 records net 0 → ?48 .*← ?24/);
  assert.equal(await list(page).count(), 14);
  await page.getByRole('button', { name: 'Show more of 124' }).click();
  await settled(page);
  assert.equal(await list(page).count(), 28);
  const records = await list(page).locator('.dl a').evaluateAll((all) => all.map((one) => parseInt(one.textContent)));
  assert.deepEqual(records, [...records].sort((a, b) => b - a));
  for (const [at, n] of [['.dl a', 72], ['.ways a >> nth=0', 48], ['.ways a >> nth=1', 24]]) {
    await list(page).first().locator(at).click();
    await settled(page);
    assert.equal(await heading(page), `${n} records`);
  }
  // So do the numbers of the classes, of all time and of a bar.
  for (const at of ['.leg a', '.twin td.wide a']) {
    const counted = parseInt(await page.locator(at).first().innerText());
    await page.locator(at).first().click();
    await settled(page);
    assert.equal(await heading(page), `${counted} records`);
  }
  await accessible(page);
  await clean(page);
  await page.close();
});

it('those of one actor come in pages, too', async () => {
  const page = await open(browser, service, '?view=dyads&a=s0');
  assert.equal(await list(page).count(), 6);
  assert.match(await line(list(page).first()), /^State \w+ 3 records .*[→←] ?3/);
  await clean(page);
  await page.close();
});

it('what changed is told in words, and over which days', async () => {
  for (const size of [undefined, PHONE]) {
    const page = await open(browser, service, '?view=dyads&a=north&b=south', { size });
    const told = await line(page.locator('.turns'));
    assert.match(told, /▲ Share of conflict from 0\.0 to 1\.0 on 2 Jul 2014/);
    assert.match(told, /▼ Mean Goldstein score from 1\.0 to −10\.0 on 2 Jul 2014/);
    assert.match(await page.locator('[data-observed]').innerText(), /^Rates are records per day that the data sets cover: 1 Jan 2014 – 3\d? ?\w+ 2014|^Rates are records per day that the data sets cover: .*2014 \(\d+ days\)\.$/);
    await page.locator('.turns button', { hasText: 'Share of conflict' }).click();
    await settled(page);
    assert.equal(await heading(page), '36 records');
    await accessible(page);
    await clean(page);
    await page.close();
  }
});

it('a comparison tells how a change is told, and opens what may lie outside', async () => {
  const page = await open(browser, service, '?view=dyads&a=north&b=south&base_from=2014-01&base_to=2014-06&from=2014-07&to=2014-12');
  assert.match(await line(page.locator('.cmp tbody tr').first()), /^All records 36 records 36 records about the same$/);
  assert.match(await line(page.locator('.cmp tr', { hasText: 'Material conflict' })), /36 records new$/);
  await page.getByText('How a change is told').click();
  assert.match(await page.locator('.cmp details').innerText(), /binomial.*too few to tell/s);
  await page.goto(`${service.url}?view=dyads&a=coast&b=inland&base_from=2014-01&base_to=2014-03-09&from=2014-03-10&to=2014-12`);
  await settled(page);
  const all = page.locator('.cmp tbody tr').first();
  assert.match(await line(all), /1 records may lie outside can’t be told$/);
  await all.locator('.unsure a').last().click();
  await settled(page);
  assert.equal(await heading(page), '1 record');
  assert.match(await line(page.locator('aside .row')), /Mar 2014/);
  await clean(page);
  await page.close();
});

it('where nothing is, ministers are offered to count for their states: by one name, in one place', async () => {
  const NAME = 'Ministers count for their states';
  for (const [view, said] of [
    ['?view=dyads&a=east&b=west', /3 records appear when ministers count for their states\./], ['?view=dyads&a=east', /1 dyad appears when/], ['?actor=east', /3 records appear when/],
    ['?view=graph&actor=east', /2 actors appear when/], ['?view=paths&source=east&target=west', /1 path appears when/], ['?view=paths&way=from&source=east', /1 actor appears when/], ['?view=actor&actor=east', /3 records appear when/],
  ]) {
    const page = await open(browser, service, `${view}&type=CONSULT`);
    const offer = page.locator('[data-rolled]').last();
    assert.match((await page.locator('[data-rolled]').allInnerTexts()).join('\n'), said, view);
    await offer.getByRole('button', { name: NAME }).click();
    await settled(page);
    assert.equal((await query(page)).get('rollup'), '1');
    assert.equal(await page.locator('[data-rolled]').count(), 0, view);
    assert.match(await page.locator('.chips').first().innerText(), new RegExp(NAME));
    await clean(page);
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    assert.ok(await page.getByRole('checkbox', { name: NAME }).isChecked());
    assert.equal(await page.getByRole('checkbox', { name: /count/i }).count(), 1, 'one place');
    await page.close();
  }
  // All that is asked of a view is asked so.
  for (const view of ['?', '?actor=east', '?actor=east&actor=west', '?view=graph', '?view=dyads', '?view=dyads&a=east', '?view=statements', '?view=statements&tab=matrix', '?view=statements&tab=contradictions', '?view=search&q=State', '?view=actor&actor=east', '?view=paths&source=east&target=west&explain=1', '?view=paths&way=to&target=west']) {
    const page = await browser.context.newPage(), asked = [];
    page.on('request', (request) => asked.push(new URL(request.url())));
    await page.goto(`${service.url}${view}&rollup=1`);
    await settled(page);
    const takes = asked.filter((one) => /\/(timeline|histogram|graph|dyads|series|compare|relationships|rankings|communities|stances|matrix|contradictions|search|paths|explain|reach)$/.test(one.pathname) || /\/dyads\//.test(one.pathname));
    assert.ok(takes.length, view);
    assert.deepEqual(takes.filter((one) => one.searchParams.get('rollup') !== 'state').map(String), [], view);
    await page.close();
  }
});

it('actors are found with how much is recorded of them', async () => {
  const page = await open(browser, service);
  await page.keyboard.press('/');
  await page.keyboard.type('State north');
  await page.waitForFunction(() => document.querySelector('[role=option] b')?.textContent === 'State north');
  assert.match(await line(page.locator('[role=option]').first()), /state, 72 records$/);
  await page.goto(`${service.url}?view=search&q=State+north`);
  await settled(page);
  const found = page.locator('ol > li').first();
  assert.match(await line(found), /State north ?state, 72 records$/);
  await found.locator('a.lnk').click();
  await settled(page);
  assert.equal(await heading(page), '72 records');
  await clean(page);
  await page.close();
});
