#!/usr/bin/env bash
# Two moments of a date with a time and a zone are compared by the days as written, and both bounds are midnight.
# edtf 5.0.2 (PyPI): 23:30 at five hours behind UTC on the 16th is "before" 08:00 at nine hours ahead on the 17th,
# though the second moment came five and a half hours earlier. edtf 4.11.1 (npm) orders them as they happened, but writes
# the first back in UTC, on another day than it was given. Neither says that anything was lost.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q install edtf==5.0.2
"$dir/venv/bin/python" - <<'PYTHON'
from datetime import datetime

from edtf import parse_edtf

texts = ["2023-06-16T23:30:00-05:00", "2023-06-17T08:00:00+09:00"]
first, second = (parse_edtf(text) for text in texts)
print("edtf:", first < second, "datetime:", *(datetime.fromisoformat(text) for text in texts))
assert first < second
assert datetime.fromisoformat(texts[1]) < datetime.fromisoformat(texts[0])
assert first.lower_strict() == first.upper_strict()
assert first.lower_strict()[:6] == (2023, 6, 16, 0, 0, 0)
PYTHON
cd "$dir"
npm init -y >/dev/null
npm install --silent edtf@4.11.1 >/dev/null
cat >moments.mjs <<'NODE'
import assert from 'node:assert';
import edtf from 'edtf';
const [first, second] = ['2023-06-16T23:30:00-05:00', '2023-06-17T08:00:00+09:00'].map((text) => edtf(text));
console.log(first.toEDTF(), second.toEDTF());
assert(second.min < first.min);
assert.equal(first.toEDTF(), '2023-06-17T04:30:00.000Z');
NODE
node moments.mjs
