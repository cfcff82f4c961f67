// What the dashboard promises: links that say everything, one selection, keys, files, live news.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { clean, open, PHONE, query, rested, settled } from './browser.mjs';
import { importRecords } from './service.mjs';
import { browser, service, stage } from './stage.mjs';

const STATEMENT = 'event:trilateral-joint-statement-2023-06-15';
stage();

it('a link brings back all of a view', async () => {
  const link = '?actor=antony-blinken&from=2023-06&quad=verbal_cooperation&scale=linear&record=event&record=statement&sel=event:blinken-park-call-2023-06-16';
  const page = await open(browser, service, link);
  await page.locator('article h2', { hasText: 'Call between Blinken and Park Jin' }).waitFor();
  assert.equal(await page.locator('h1').innerText(), 'Antony Blinken');
  assert.equal(await page.getByRole('button', { name: 'Linear' }).getAttribute('aria-pressed'), 'true');
  assert.ok(await page.getByText('since Jun 2023').first().isVisible());
  assert.equal(await page.locator('.legend button.vx').getAttribute('aria-pressed'), 'false');
  const before = page.url();
  await page.reload();
  await settled(page);
  assert.equal(page.url(), before);
  await clean(page);
  await page.close();
});

it('a link may name actors by their names', async () => {
  const page = await open(browser, service, '?actor=PRC&actor=North%20Korea');
  await page.waitForFunction(() => new URLSearchParams(location.search).getAll('actor').join() === 'chn,prk');
  await settled(page);
  assert.equal(await page.locator('h1').innerText(), "People's Republic of China and Democratic People's Republic of Korea");
  await clean(page);
  await page.close();
});

it('an actor who is not there leads to the search for one', async () => {
  const page = await open(browser, service, '?view=actor&actor=nobody-here');
  assert.match(await page.getByRole('alert').innerText(), /There is no actor nobody-here/);
  await page.getByLabel('Actor', { exact: true }).fill('Park Jin');
  await page.locator('[role=option]:visible').first().waitFor();
  await page.keyboard.press('Enter');
  await settled(page);
  assert.equal(await page.locator('h1').innerText(), 'Park Jin');
  await clean(page, { but: [/404/] });
  await page.close();
});

it('links are short: only what differs is said', async () => {
  const page = await open(browser, service);
  assert.equal(new URL(page.url()).search, '');
  await page.getByRole('link', { name: 'Paths', exact: true }).click();
  assert.equal(new URL(page.url()).search, '?view=paths');
  await page.close();
});

it('one selection is lit in the score, the graph and the evidence', async () => {
  const page = await open(browser, service);
  await page.locator(`[id="flag-${STATEMENT}"]`).click();
  assert.equal((await query(page)).get('sel'), STATEMENT);
  await page.locator('article h2', { hasText: 'condemn North Korea' }).waitFor();
  assert.equal(await page.locator('.score .ev.on').count(), 1);
  assert.equal(await page.locator('.graph .node.on').count(), 1);
  assert.ok((await page.locator('article mark').first().innerText()).includes('condemn'));
  // A click on the chord does the same as one on the flag.
  await page.keyboard.press('Escape');
  assert.equal((await query(page)).get('sel'), null);
  await page.close();
});

it('selections do not fill the history; views do', async () => {
  const page = await open(browser, service);
  const length = await page.evaluate(() => history.length);
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => history.length), length);
  await page.getByRole('link', { name: 'Graph', exact: true }).click();
  await settled(page);
  await page.goBack();
  await settled(page);
  assert.equal(await page.locator('h1').innerText(), 'The record of diplomacy');
  assert.notEqual((await query(page)).get('sel'), null);
  await page.close();
});

it('imprecise dates are drawn as imprecise', async () => {
  const page = await open(browser, service);
  const drawn = await page.locator('.score svg').first().evaluate((svg) => ({ by: svg.querySelectorAll('.by').length, span: svg.querySelectorAll('.span').length, band: svg.querySelectorAll('rect[fill^="url(#fade"]').length }));
  assert.ok(drawn.by >= 8 && drawn.span >= 2 && drawn.band >= 3, JSON.stringify(drawn));
  await page.close();
});

it('classes are told by shape, not only by colour', async () => {
  const page = await open(browser, service);
  const shapes = await page.locator('.legend button').evaluateAll((all) => all.slice(0, 4).map((one) => `${one.querySelector('circle') ? 'circle' : 'diamond'} ${one.querySelector('[stroke]') ? 'hollow' : 'solid'}`));
  assert.deepEqual(shapes, ['circle hollow', 'circle solid', 'diamond hollow', 'diamond solid']);
  await page.close();
});

it('the legend filters, and the chips take it back', async () => {
  const page = await open(browser, service);
  await page.locator('.legend button.vc').click();
  await settled(page);
  assert.deepEqual((await query(page)).getAll('quad'), ['material_cooperation', 'verbal_conflict', 'material_conflict']);
  assert.ok((await page.locator('.sub').innerText()).startsWith('9 events'));
  await page.locator('.legend button.vc').click();
  await settled(page);
  assert.ok((await page.locator('.sub').innerText()).startsWith('15 events'));
  await page.close();
});

it('the brush is the window, and its handles are sliders', async () => {
  const page = await open(browser, service);
  const box = await page.locator('.ov svg').boundingBox();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 15);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.98, box.y + 15, { steps: 5 });
  await page.mouse.up();
  await settled(page);
  assert.match((await query(page)).get('from'), /^202[23]-\d\d-\d\d$/);
  assert.ok(await page.getByRole('button', { name: /Remove Dates/ }).isVisible());
  const from = (await query(page)).get('from');
  const handle = page.getByRole('slider', { name: 'Start of the window' });
  await handle.focus();
  await page.keyboard.press('ArrowRight');
  await settled(page);
  assert.ok((await query(page)).get('from') > from);
  await page.keyboard.press('Home');
  await settled(page);
  assert.equal((await query(page)).get('from'), null);
  await page.close();
});

it('every picture has its table: the same rows in the same order', async () => {
  const page = await open(browser, service);
  const flags = await page.locator('.flags .t').allInnerTexts();
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  const rows = await page.locator('table.grid tbody button').allInnerTexts();
  assert.equal(rows.length, 15);
  assert.deepEqual(new Set(flags), new Set(rows));
  await page.close();
});

it('an empty view says what was asked, and what has results', async () => {
  const page = await open(browser, service, '?actor=antony-blinken&from=1999&to=1999');
  assert.ok(await page.getByText('No events of', { exact: false }).isVisible());
  await page.getByRole('button', { name: 'Look at all time' }).click();
  await settled(page);
  assert.ok((await page.locator('.sub').innerText()).startsWith('4 events'));
  await page.close();
});

it('an error says what is wrong and what to do', async () => {
  const page = await open(browser, service, '?view=paths&source=blinkin&target=chn');
  const said = await page.getByRole('alert').innerText();
  assert.match(said, /blinkin/i);
  assert.ok(await page.getByRole('button', { name: 'Try again' }).isVisible());
  // Whom it may mean is a click away.
  await page.getByRole('alert').getByRole('button', { name: 'Antony Blinken' }).click();
  await page.locator('.hop button').first().waitFor();
  assert.equal((await query(page)).get('source'), 'antony-blinken');
  await clean(page, { but: [/400|404|422/] });
  await page.close();
});

it('the old picture stays while the new one is awaited', async () => {
  const page = await open(browser, service);
  const flags = await page.locator('.flag').count();
  let answer;
  const asked = new Promise((resolve) => page.route('**/api/v1/timeline?*', async (route) => {
    resolve();
    await new Promise((go) => (answer = go));
    await route.continue();
  }, { times: 1 }));
  await page.locator('.legend button.vx').click();
  await asked;
  await page.locator('.score[aria-busy=true]').waitFor();
  assert.equal(await page.locator('.flag').count(), flags, 'the flags of before');
  answer();
  await settled(page);
  assert.ok((await page.locator('.flag').count()) < flags);
  await page.close();
});

it('dark and light: the first paint has the theme, the choice is kept', async () => {
  const page = await open(browser, service, '', { theme: 'dark' });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(await paper(), 'rgb(16, 21, 28)');
  await page.getByRole('button', { name: 'Use light theme' }).click();
  assert.equal(await paper(), 'rgb(250, 248, 244)');
  await page.reload({ waitUntil: 'commit' });
  // The theme is there before the body is.
  await page.waitForFunction(() => document.body);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  await settled(page);
  await page.evaluate(() => localStorage.clear());
  await page.close();
  const linked = await open(browser, service, '?theme=dark');
  assert.equal(await linked.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(16, 21, 28)');
  await linked.close();
});

it('files of what is seen: PNG, SVG, CSV, JSON', async () => {
  const page = await open(browser, service, `?sel=${STATEMENT}`);
  await page.getByRole('button', { name: 'Export' }).click();
  const save = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const png = await save('Picture (PNG)');
  assert.equal(png.name, 'the-record-of-diplomacy.png');
  assert.deepEqual([...png.bytes.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  assert.ok(png.bytes.length > 20_000, `${png.bytes.length} bytes`);
  const svg = (await save('Picture (SVG)')).bytes.toString();
  assert.match(svg, /^<svg /);
  assert.match(svg, /The record of diplomacy · Chancery, \d{4}-\d\d-\d\d/);
  assert.match(svg, /Republic of Korea/);
  assert.ok(!svg.includes('class="'), 'it needs no styles of ours');
  const csv = (await save('Rows (CSV)')).bytes.toString();
  assert.equal(csv.trim().split('\r\n').length, 16);
  assert.match(csv, /^record,id,date,/);
  const json = JSON.parse((await save('Answer (JSON)')).bytes.toString());
  assert.equal(json.total, 15);
  await clean(page);
  await page.close();
});

it('citations and permalinks', async () => {
  const page = await open(browser, service, '?sel=event:blinken-park-call-2023-06-16');
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  for (const [style, wanted] of [['APA', /^Alemdar, M\. \(2023, June 17\)\. Blinken talks/], ['Chicago', /^Alemdar, Melis\. “Blinken talks/], ['BibTeX', /^@misc\{blinken-park-call-2023-06-16,/]]) {
    await page.getByLabel('Style of citation').selectOption(style);
    await page.getByRole('button', { name: 'Copy citation' }).click();
    await page.getByText('Citation copied').waitFor();
    assert.match(await copied(), wanted);
    await page.getByText('Citation copied').waitFor({ state: 'detached' });
  }
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('Link copied').waitFor();
  const link = new URL(await copied());
  assert.equal(link.searchParams.get('known_at'), '1');
  await page.goto(link.href);
  await page.locator('article h2', { hasText: 'Call between Blinken and Park Jin' }).waitFor();
  await page.close();
});

it('embedded, the chrome is gone and the way back is there', async () => {
  const page = await open(browser, service, '?embed=1&actor=antony-blinken');
  assert.equal(await page.locator('header, nav').count(), 0);
  assert.ok(await page.locator('.score svg').first().isVisible());
  assert.ok(!(await page.getByText('open this view').getAttribute('href')).includes('embed'));
  await page.goto(service.url);
  await page.getByRole('button', { name: 'Share view' }).click();
  assert.match(await page.getByLabel('To embed').inputValue(), /<iframe src="http:\/\/127\.0\.0\.1:\d+\/\?embed=1"/);
  await page.close();
});

it('the search box finds by misspelt names and goes there', async () => {
  const page = await open(browser, service);
  await page.keyboard.press('/');
  await page.keyboard.type('Blinkin');
  await page.locator('[role=option]', { hasText: 'Antony Blinken' }).first().waitFor();
  await page.keyboard.press('Enter');
  await settled(page);
  assert.equal(await page.locator('h1').innerText(), 'Antony Blinken');
  await page.keyboard.press('/');
  await page.keyboard.type('light or dark');
  await page.locator('[role=option]', { hasText: 'Light or dark theme' }).click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await page.evaluate(() => localStorage.clear());
  await page.close();
});

it('keys: views, the list of keys, table, scale', async () => {
  const page = await open(browser, service);
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.waitFor();
  await page.keyboard.press('Escape');
  // The browser closes it when it comes to it; until then keys are those of the dialog.
  await keys.waitFor({ state: 'hidden' });
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await settled(page);
  assert.equal((await query(page)).get('view'), 'dyads');
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await settled(page);
  await page.keyboard.press('e');
  assert.equal((await query(page)).get('scale'), 'linear');
  await page.keyboard.press('t');
  assert.equal((await query(page)).get('table'), '1');
  await page.close();
});

it('on a phone the evidence is a sheet from below', async () => {
  const page = await open(browser, service, '', { size: PHONE });
  await page.locator('.row button', { hasText: 'Call between Blinken and Park Jin' }).click();
  const sheet = page.getByRole('dialog', { name: 'Evidence' });
  await sheet.waitFor();
  await rested(sheet);
  const box = await sheet.boundingBox();
  assert.ok(box.y > 150 && Math.round(box.y + box.height) === 844, JSON.stringify(box));
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await clean(page);
  await page.close();
});

it('what is written elsewhere appears by itself', async () => {
  const page = await open(browser, service);
  const before = await page.locator('.sub').innerText();
  await importRecords(service, '{"record":"event","id":"live-call","type":"CONSULT","title":"A call that has just come in","date":"2023-06-17","participants":[{"actor":"Blinken","role":"participant"},{"actor":"PRC","role":"participant"}],"sources":[{"source":"trtworld-2023-06-17"}]}', 'application/x-ndjson');
  await page.waitForFunction((text) => document.querySelector('.sub').innerText !== text, before);
  await settled(page);
  assert.ok((await page.locator('.sub').innerText()).startsWith('16 events'));
  await clean(page);
  await page.close();
});

it('a tab that nobody sees holds no connection, and hears later what it missed', async () => {
  const page = await browser.context.newPage();
  page.wrong = [];
  await page.addInitScript(() => {
    globalThis.feeds = [];
    const Real = EventSource;
    globalThis.EventSource = class extends Real { constructor(...all) { super(...all); globalThis.feeds.push(this); } };
  });
  await page.goto(service.url);
  await settled(page);
  const open = () => page.evaluate(() => globalThis.feeds.filter((one) => one.readyState !== 2).length);
  const turn = (hidden) => page.evaluate((now) => {
    Object.defineProperty(document, 'hidden', { value: now, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await page.waitForFunction(() => globalThis.feeds.length === 1);
  await turn(true);
  assert.equal(await open(), 0);
  await importRecords(service, '{"record":"event","id":"missed-call","type":"CONSULT","title":"A call while nobody looked","date":"2023-06-17","participants":[{"actor":"Blinken","role":"participant"},{"actor":"PRC","role":"participant"}],"sources":[{"source":"trtworld-2023-06-17"}]}', 'application/x-ndjson');
  await turn(false);
  await page.getByText('1 new record came in').waitFor();
  assert.equal(await open(), 1);
  await clean(page);
  await page.close();
});
