// What a build is made of: every input's path, with CRC-32 and length of its bytes. `tests/dashboard.rs`
// works the same out without Node, and so knows whether dist is fresh.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const INPUTS = ['index.html', 'package-lock.json', 'package.json', 'public', 'src', 'stamp.mjs', 'svelte.config.js', 'tsconfig.json', 'vite.config.ts'];
/** Leaves no trace in the bundle. */
const isInput = (path) => !path.endsWith('.test.ts') && path !== 'src/lib/api.gen.ts';

const walk = (root, path) =>
  statSync(join(root, path)).isDirectory() ? readdirSync(join(root, path)).flatMap((name) => walk(root, `${path}/${name}`)) : [path];

export function stamp(root) {
  const files = INPUTS.flatMap((path) => walk(root, path)).filter(isInput).sort();
  return Object.fromEntries(
    files.map((path) => {
      const bytes = readFileSync(join(root, path));
      return [path, `${crc32(bytes).toString(16).padStart(8, '0')}-${bytes.length}`];
    }),
  );
}
