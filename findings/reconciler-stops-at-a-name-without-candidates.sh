#!/usr/bin/env bash
# reconciler 0.2.2 (PyPI) loses its whole run at the first name for which a service has no candidate: `{"result": []}`,
# which the Reconciliation API asks for, becomes a row of np.NaN, and NumPy 2 has no such name any more. It does so after
# all batches were answered, so nothing of them is left. With NumPy 1 it goes on. Whoever serves it can do nothing: a
# candidate that is none would be worse.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q install reconciler==0.2.2 numpy==2.4.6 pandas==3.1.1
"$dir/venv/bin/python" - <<'PYTHON'
from reconciler.webutils import parse_raw_results

known = {"id": "a", "name": "A", "score": 1, "match": True, "features": [], "type": [{"id": "t", "name": "T"}]}
print(parse_raw_results(["A"], {"0": {"result": [known]}}).to_dict("records"))
try:
    parse_raw_results(["A", "B"], {"0": {"result": [known]}, "1": {"result": []}})
    raise SystemExit("it goes on")
except AttributeError as error:
    print("A and B:", error)
    assert "np.NaN" in str(error) or "NaN" in str(error)
PYTHON
