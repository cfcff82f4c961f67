// The real binary, on a free port, with a record of its own.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The binary that is tested: `CHANCERY_BIN`, else the one that was built last. */
function binary() {
  if (process.env.CHANCERY_BIN) return process.env.CHANCERY_BIN;
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
  const built = ['release', 'debug'].map((profile) => join(target, profile, 'chancery')).filter(existsSync);
  if (!built.length) throw new Error(`no binary in ${target}: cargo build, or set CHANCERY_BIN`);
  return built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

/** Starts a service; `stop` ends it. */
export async function start(...options) {
  const child = spawn(binary(), ['serve', '--bind', '127.0.0.1:0', ...(options.length ? options : ['--demo'])], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    child.stderr.on('data', (data) => {
      said += data;
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
      if (found) resolve(found[0]);
    });
    child.on('exit', (code) => reject(new Error(`the service ended with ${code}: ${said}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit');
      child.on('exit', resolve);
      child.kill('SIGTERM');
    });
  return { url, api: `${url}api/v1`, stop };
}

/** Sends records; fails when one is refused. */
export async function importRecords(service, text, type = 'application/json') {
  const response = await fetch(`${service.api}/imports`, { method: 'POST', body: text, headers: { 'content-type': type } });
  const report = await response.json();
  if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(report).slice(0, 2000)}`);
  return report;
}
