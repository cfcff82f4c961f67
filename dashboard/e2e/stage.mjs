// What each file of tests needs: a service and a browser, from before its first test until after its last.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { launch } from './browser.mjs';
import { start } from './service.mjs';

export let service, browser;

/** Sets them up: with the demo's record, or with one of its own that is empty at first; `fill` brings more in. */
export function stage({ empty = false, fill } = {}) {
  let data;
  before(async () => {
    if (empty) data = mkdtempSync(join(tmpdir(), 'chancery-data-'));
    [service, browser] = await Promise.all([data ? start('--data', data) : start(), launch()]);
    await fill?.(service);
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    if (data) rmSync(data, { recursive: true, force: true });
  });
}
