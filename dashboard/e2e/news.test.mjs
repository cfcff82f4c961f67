// How far news travels, and the communities of the graph.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { clean, open, query, settled } from './browser.mjs';
import { browser, service, stage } from './stage.mjs';

stage();

it('from an actor, by a day, with its chain', async () => {
  const page = await open(browser, service, '?view=actor&actor=park-jin');
  await page.getByRole('link', { name: 'News from here' }).click();
  await settled(page);
  assert.match(await page.locator('.sum').innerText(), /^11 actors could have heard of it by 19 June 2023/);
  // The curve ends at the top right: all have heard.
  assert.match(await page.locator('.news .line').getAttribute('d'), /^M[\d.]+ 76(H[\d.]+V[\d.]+){11}H[\d.]+$/);
  const who = page.locator('.news ol.who > li');
  assert.equal(await who.count(), 11);
  await who.filter({ hasText: 'Matthew Miller' }).getByRole('button').click();
  const chain = page.getByRole('list', { name: 'The chain of records' });
  assert.equal(await chain.locator('.hop').count(), 4);
  assert.match(await chain.innerText(), /^Park Jin\n[^]*Matthew Miller$/);
  assert.equal((await query(page)).get('chain'), 'matthew-miller');
  // A step of the chain is a record that can be read.
  await chain.getByRole('button').first().click();
  await page.locator('article h2').waitFor();
  // Earlier, fewer have heard.
  const slider = page.getByLabel('By which day');
  await slider.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
  await settled(page);
  assert.equal((await query(page)).get('day'), '2023-06-16');
  assert.match(await page.locator('.sum').innerText(), /^5 actors could have heard of it by 16 June 2023/);
  assert.equal(await who.count(), 5);
  await clean(page);
  await page.close();
});

it('to an actor: from whom word can have come', async () => {
  const page = await open(browser, service, '?view=paths&source=park-jin');
  await page.getByRole('button', { name: 'News to one' }).click();
  await settled(page);
  assert.equal((await query(page)).get('target'), 'park-jin');
  assert.match(await page.locator('.sum').innerText(), /actors? could have sent word since/);
  const told = (await (await fetch(`${service.api}/reach?target=park-jin`)).json()).items.map((one) => one.actor.name);
  assert.deepEqual(await page.locator('.news ol.who > li b').allInnerTexts(), told);
  await clean(page);
  await page.close();
});

it('communities have numbers and tints, in the picture and beside it', async () => {
  const page = await open(browser, service, '?view=graph');
  assert.equal(await page.locator('.node.grouped').count(), 0);
  await page.getByRole('button', { name: 'Communities' }).click();
  await page.locator('.node.grouped').first().waitFor();
  const answer = await (await fetch(`${service.api}/communities`)).json();
  assert.equal(await page.locator('.groups li').count(), answer.items.length);
  for (const [i, community] of answer.items.entries()) {
    assert.equal(await page.locator(`.node.g${i + 1}`).count(), community.members.length, `community ${i + 1}`);
  }
  assert.match(await page.locator('.node.g1').first().getAttribute('aria-label'), /, community 1$/);
  await page.reload();
  await page.locator('.node.grouped').first().waitFor();
  await clean(page);
  await page.close();
});
