// The pictures of the README, taken from the running demo.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DESK, launch, open } from '../e2e/browser.mjs';
import { start } from '../e2e/service.mjs';
import { small } from './png.mjs';

const PICTURES = [
  ['timeline', '?sel=event:trilateral-joint-statement-2023-06-15', DESK, 'light'],
  ['graph', '?view=graph', DESK, 'dark'],
  ['statements', '?view=statements&tab=matrix', DESK, 'light'],
];
const folder = join(import.meta.dirname, '../pictures');
mkdirSync(folder, { recursive: true });
const [service, browser] = await Promise.all([start(), launch()]);
for (const [name, query, size, theme] of PICTURES) {
  const page = await open(browser, service, query, { size, theme });
  await page.waitForTimeout(600);
  writeFileSync(join(folder, `${name}.png`), small(await page.screenshot()));
  await page.close();
}
await browser.close();
await service.stop();
