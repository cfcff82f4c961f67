// Records that mean harm: they are shown as text, nothing of them runs, and no view breaks.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { accessible, clean, DESK, open, PHONE } from './browser.mjs';
import { importRecords } from './service.mjs';
import { browser, service, stage } from './stage.mjs';

const SCRIPT = '<script>globalThis.harmed = 1</script><img src=x onerror="globalThis.harmed = 2">';
const RTL = '\u202Egnidaer fo redro eht nrut\u202C \u2066x';
// As long as the model allows: the service says where its limit is.
const long = (n) => 'Wxyz'.repeat(Math.ceil(n / 4)).slice(0, n);

let lengths;
async function fill(service) {
  const fits = async (n) => {
    const response = await fetch(`${service.api}/imports?dry_run=true`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: JSON.stringify({ record: 'actor', id: 'long', kind: 'person', name: long(n) }) });
    return response.ok;
  };
  let most = 1;
  for (const n of [10_000, 4096, 2048, 1024, 1000, 512, 500, 256, 200, 128]) if (await fits(n)) { most = n; break; }
  lengths = most;
  await importRecords(service, JSON.stringify({
    sources: [
      { id: 'harm-a', kind: 'article', title: SCRIPT, publisher: `${RTL} 🙂`, url: 'javascript:globalThis.harmed = 3' },
      { id: 'harm-b', kind: 'article', title: 'Ordinary', url: 'https://example.org/?a=<b>&"c' },
    ],
    actors: [
      { id: 'harm-script', kind: 'person', name: SCRIPT, aliases: [RTL], description: `line one\nline two\n${SCRIPT}` },
      { id: 'harm-long', kind: 'state', name: long(most) },
      { id: 'harm-emoji', kind: 'organization', name: '🕊️👩‍👩‍👧‍👦 平和 السلام', aliases: ['\u200B\u200B.'] },
    ],
    events: [
      { id: 'harm-event', type: 'CONSULT', title: `${SCRIPT} ${RTL}`, date: '2023-06-16', participants: [{ actor: 'harm-script', role: 'source' }, { actor: 'harm-long', role: 'target' }, { actor: 'harm-emoji', role: 'target' }], topics: ['a b'.replace(' ', '-')],
        sources: [{ source: 'harm-a', quote: `${SCRIPT}\n\n${'ab '.repeat(300)}`, locator: RTL }, { source: 'harm-b', quote: long(600) }], attributes: { html: SCRIPT } },
      { id: 'harm-plain', type: 'ACCUSE', date: '2023-06-17', participants: [{ actor: 'harm-emoji', role: 'source' }, { actor: 'harm-script', role: 'target' }], sources: [{ source: 'harm-a' }] },
    ],
    statements: [{ id: 'harm-said', speakers: ['harm-script'], audience: ['harm-long'], date: '2023-06-16', text: `${SCRIPT}\n${long(900)}`, quote: true, stances: [{ toward: { actor: 'harm-emoji' }, stance: 'threatens' }], sources: [{ source: 'harm-a' }] }],
  }));
}
stage({ fill });

const VIEWS = ['?sel=event:harm-event', '?record=event&record=statement&sel=statement:harm-said', '?table=1', '?view=graph', '?view=graph&actor=harm-long&sel=actor:harm-long', '?view=paths&source=harm-script&target=harm-emoji', '?view=paths&source=harm-script&target=harm-emoji&explain=1', '?view=paths&way=from&source=harm-script&chain=harm-emoji', '?view=graph&groups=1', '?view=dyads&a=harm-script&b=harm-long', '?view=statements', '?view=statements&tab=matrix', '?view=actor&actor=harm-script', '?view=actor&actor=harm-long', '?view=search&q=script', `?view=search&q=${encodeURIComponent(SCRIPT)}`, '?view=import'];

for (const size of [DESK, PHONE]) {
  it(`at ${size.width} px`, async (test) => {
    test.diagnostic(`names of ${lengths} characters`);
    for (const query of VIEWS) {
      const page = await open(browser, service, query, { size });
      assert.equal(await page.evaluate(() => globalThis.harmed), undefined, query);
      assert.equal(await page.locator('main script, main img').count(), 0, query);
      assert.equal(await page.locator('a[href^="javascript:" i]').count(), 0, query);
      await clean(page);
      if (size === DESK && query === VIEWS[0]) {
        assert.ok((await page.locator('article h2').innerText()).includes('<script>globalThis.harmed'), 'shown as text');
        assert.equal(await page.getByRole('link', { name: 'Ordinary' }).getAttribute('href'), 'https://example.org/?a=%3Cb%3E&%22c');
        await accessible(page);
      }
      await page.close();
    }
  });
}

it('files of such records are harmless, too', async () => {
  const page = await open(browser, service, '?sel=event:harm-event');
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Picture (SVG)' }).click()]);
  const svg = (await (await download.createReadStream()).toArray()).join('');
  assert.match(svg, /&lt;script&gt;/);
  assert.ok(!/<(script|img|a|foreignObject)[\s>]/i.test(svg) && !/<[^>]*\son\w+=/i.test(svg), 'no markup of the record');
  await page.close();
});
