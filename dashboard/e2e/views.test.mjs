// Every view, light and dark, on a desk and on a phone: it is there, it can be used by all, and nothing goes wrong.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accessible, clean, DESK, open, PHONE } from './browser.mjs';
import { browser, service, stage } from './stage.mjs';

const VIEWS = {
  timeline: ['', 'The record of diplomacy'],
  'timeline, a record read': ['?sel=event:trilateral-joint-statement-2023-06-15', 'The record of diplomacy'],
  'timeline, linear, with statements': ['?scale=linear&record=event&record=statement', 'The record of diplomacy'],
  'timeline as a table': ['?table=1', 'The record of diplomacy'],
  'timeline, nothing there': ['?from=1999&to=1999', 'The record of diplomacy'],
  'timeline, a source left out': ['?exclude_source=trtworld-2023-06-17&min_independent=2', 'The record of diplomacy'],
  graph: ['?view=graph', 'Graph'],
  'graph by communities': ['?view=graph&groups=1', 'Graph'],
  'graph around an actor': ['?view=graph&actor=antony-blinken&hops=2&sel=actor:antony-blinken', 'Around Antony Blinken'],
  'graph as a table': ['?view=graph&table=1', 'Graph'],
  paths: ['?view=paths&source=park-jin&target=chn', 'Paths'],
  'paths and what they rest on': ['?view=paths&source=park-jin&target=chn&explain=1', 'Paths'],
  'how far news travels': ['?view=paths&way=from&source=park-jin&chain=matthew-miller', 'Paths'],
  'paths, nothing chosen': ['?view=paths', 'Paths'],
  dyads: ['?view=dyads&a=antony-blinken&b=chn', 'Dyads'],
  'dyads of all': ['?view=dyads', 'Dyads'],
  statements: ['?view=statements', 'Statements'],
  'statements as a matrix': ['?view=statements&tab=matrix', 'Statements'],
  contradictions: ['?view=statements&tab=contradictions', 'Statements'],
  actor: ['?view=actor&actor=antony-blinken', 'Antony Blinken'],
  search: ['?view=search&q=missile', 'missile'],
  'search, nothing found': ['?view=search&q=xyzzyqwv', 'xyzzyqwv'],
  import: ['?view=import', 'Import'],
};

stage();

for (const [name, [query, title]] of Object.entries(VIEWS)) {
  describe(name, () => {
    for (const theme of ['light', 'dark']) {
      for (const [where, size] of [['desk', DESK], ['phone', PHONE]]) {
        it(`${theme}, ${where}`, async () => {
          const page = await open(browser, service, query, { size, theme });
          assert.equal((await page.locator('h1').innerText()).trim(), title);
          assert.match(await page.title(), /Chancery$/);
          if (size === PHONE && query.includes('sel=event')) assert.equal(await page.locator('.row.on').count(), 1);
          await accessible(page);
          await clean(page);
          await page.close();
        });
      }
    }
  });
}

it('on a phone, what is to be touched is large enough', async () => {
  for (const query of ['', '?view=paths&source=park-jin&target=chn&explain=1', '?view=paths&way=from&source=park-jin&chain=matthew-miller', '?view=graph&groups=1', '?view=dyads&a=antony-blinken&b=chn', '?view=import', '?view=statements']) {
    const page = await open(browser, service, query, { size: PHONE });
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, a[href], select, input:not([type=checkbox]):not(.sr)')]
        .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !one.closest('p, dd, td, figcaption, .note, .sr, .skip, svg, .cite') && one.getBoundingClientRect().height > 0 && one.getBoundingClientRect().right > 0)
        .map((one) => [one.textContent.trim().slice(0, 30) || one.ariaLabel, Math.round(one.getBoundingClientRect().height)])
        .filter(([, height]) => height < 40),
    );
    assert.deepEqual(small, [], query);
    await page.close();
  }
});
