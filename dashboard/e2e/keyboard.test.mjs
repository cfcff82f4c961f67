// Without a mouse and without a screen: Timeline, Paths and Import make sense from start to end.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { open, settled, tree } from './browser.mjs';
import { browser, service, stage } from './stage.mjs';

stage();

/** What has the focus, as it is announced. */
const focused = (page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    return { role: one.getAttribute('role') ?? one.tagName.toLowerCase(), name: one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent.trim().replace(/\s+/g, ' ').slice(0, 60) };
  });
/** Every stop of the Tab key, until it leaves the page. */
async function walk(page, most = 90) {
  const stops = [];
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const { role, name } = await focused(page);
    if (role === 'body') break;
    const shown = await page.evaluate(() => {
      const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
      return { outline: style.outlineStyle !== 'none' || getComputedStyle(one.parentElement).outlineStyle !== 'none', onPage: box.width > 0 && box.height > 0 };
    });
    assert.ok(name, `a stop without a name: ${role}`);
    assert.ok(shown.onPage, `${name} can't be seen`);
    assert.ok(shown.outline || role === 'input', `${name}: the focus can't be seen`);
    stops.push(name);
  }
  return stops;
}

it('Timeline', async () => {
  const page = await open(browser, service);
  const stops = await walk(page);
  const at = (text) => stops.findIndex((stop) => stop.includes(text));
  // In the order in which they stand: skip, search, views, filters, classes, flags, window, graph, paths.
  const order = ['Skip to the view', 'Find an actor', 'Timeline', 'Filter', 'Verbal cooperation', 'Elastic time', 'Japan unveils', 'Start of the window', 'From'].map(at);
  assert.ok(order.every((place, i) => place >= 0 && (i === 0 || place > order[i - 1])), `${order}: ${stops.join(' | ')}`);
  assert.equal(stops.filter((stop) => /^by 15 Jun/.test(stop)).length, 0, 'one stop for all flags: arrows step through them');
  // Skip, then step through the records with arrows and read one.
  await page.locator('.flag').first().focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await settled(page);
  const flag = await focused(page);
  assert.match(flag.name, /\w/);
  await page.locator('article h2').waitFor();
  assert.equal(await page.locator('article h2').innerText(), await page.locator('.flag.on .t').innerText());
  await page.keyboard.press('End');
  await page.locator('article h2', { hasText: 'visit to China' }).waitFor();
  const read = await tree(page);
  // The picture is one thing with a name: its marks are read where they can be used, in the toolbar.
  assert.match(read, /img "Event score: [^"]*"'?\n/);
  for (const part of ['navigation "Views"', 'heading "The record of diplomacy" [level=1]', 'toolbar "Records in the order of time; arrow keys step"', 'slider "Start of the window"', 'heading "Path explorer" [level=2]', 'article "Evidence"', 'heading "Blinken\'s visit to China" [level=2]', 'heading /Evidence \\d citations, \\d independent/ [level=3]'.replace('/Evidence \\d citations, \\d independent/', '"Evidence 3 citations, 1 independent"')]) {
    assert.ok(read.includes(part), `${part}\n${read}`);
  }
  await page.close();
});

it('Paths', async () => {
  const page = await open(browser, service, '?view=paths');
  const stops = await walk(page);
  // Who comes before how.
  const order = ['Between two', 'From', 'Swap the ends', 'To', 'Fewest steps', 'Only through'].map((text) => stops.findIndex((stop) => stop.startsWith(text)));
  assert.ok(order.every((place, i) => place >= 0 && (i === 0 || place > order[i - 1])), `${order}: ${stops.join(' | ')}`);
  // Whoever leaves a box and comes back at once goes on typing in it.
  await page.getByLabel('From', { exact: true }).focus();
  await page.keyboard.press('Tab');
  await page.getByLabel('From', { exact: true }).focus();
  await page.keyboard.type('Park Jin');
  await page.locator('[role=option]', { hasText: 'Park Jin' }).first().waitFor();
  await settled(page);
  await page.keyboard.press('Enter');
  await page.getByLabel('To', { exact: true }).focus();
  await page.keyboard.type('North Korea');
  await page.locator('[role=option]', { hasText: 'Democratic' }).first().waitFor();
  await settled(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await settled(page);
  await page.locator('.hop button').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('article h2').waitFor();
  const read = await tree(page, 'main');
  for (const part of ['combobox "From"', 'button "Swap the ends"', 'combobox "To"', 'group "Which paths first"', 'status', 'link "Park Jin"', 'link "Democratic People\'s Republic of Korea"']) assert.ok(read.includes(part), `${part}\n${read}`);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('article').count(), 0);
  await page.close();
});

it('Import', async () => {
  const page = await open(browser, service, '?view=import');
  const stops = await walk(page);
  for (const stop of ['Choose a file to import', 'Or paste records', 'Data set', 'Undo the import']) assert.ok(stops.some((one) => one.includes(stop)), `${stop}: ${stops.join(' | ')}`);
  await page.getByLabel('Or paste records').focus();
  await page.keyboard.insertText('{"record":"event","type":"CONSULT","date":"2023-02-30","participants":[{"actor":"Blinken","role":"source"},{"actor":"PRC","role":"target"}],"sources":[{"source":"trtworld-2023-06-17"}]}');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  assert.equal((await focused(page)).name, 'Check what I pasted');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '2023-02-28' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Import 1 record' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Imported as commit 2').waitFor();
  const read = await tree(page, 'main');
  for (const part of ['heading "Import" [level=1]', 'status', 'button "See the timeline"', 'button "Undo"', 'heading "Imports so far" [level=2]', 'columnheader "When"']) assert.ok(read.includes(part), `${part}\n${read}`);
  await page.close();
});
