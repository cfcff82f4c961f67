#!/usr/bin/env bash
# An interval of which nobody knows the end, such as `2017-08-05/`, ends ten years to the day after it began as soon as
# it is asked for the last of its days. edtf 5.0.2 (PyPI): `upper_strict()` is 5 August 2027, while that of the open
# interval `2017-08-05/..` is no date at all but infinity. So a sanction of unknown end drops out of every list made
# from these bounds in its eleventh year, and one day differs from another by a guess that stands nowhere in the data.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q install edtf==5.0.2
"$dir/venv/bin/python" - <<'PYTHON'
import math

from edtf import parse_edtf

unknown = parse_edtf("2017-08-05/").upper_strict()
open_end = parse_edtf("2017-08-05/..").upper_strict()
print("unknown end:", unknown[:3], "open end:", open_end)
assert unknown[:3] == (2027, 8, 5)
assert open_end == math.inf
PYTHON
