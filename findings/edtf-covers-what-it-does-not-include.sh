#!/usr/bin/env bash
# Of a date that is open or unknown at one end, edtf 4.11.1 (npm) gives three answers to "is it in there?". An interval
# without an end covers 2018 but raises "cannot iterate infinite interval" when asked whether it includes it, since that
# goes through the years one by one; "one of the days until 2023" covers 1950 and does not include it; and an interval
# of which the end is unknown (`2017/`) does not even cover the year in which it began.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent edtf@4.11.1 >/dev/null
cat >inside.mjs <<'NODE'
import assert from 'node:assert';
import edtf from 'edtf';
const ask = (how, whole, part) => {
  try {
    return edtf(whole)[how](edtf(part));
  } catch (error) {
    return error.message;
  }
};
const seen = [['2017/..', '2018'], ['[..2023]', '1950'], ['2017/', '2017']].map((of) => [...of, ask('covers', ...of), ask('includes', ...of)]);
console.table(seen);
assert.deepEqual(seen.map((row) => row.slice(2)), [
  [true, 'cannot iterate infinite interval'],
  [true, false],
  [false, false],
]);
NODE
node inside.mjs
