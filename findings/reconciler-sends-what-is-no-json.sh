#!/usr/bin/env bash
# reconciler 0.2.2 (PyPI) sends blank cells of a table as the word NaN, which is no JSON (RFC 8259, section 6), so that a
# strict service refuses all ten queries of the batch for one cell. The value of a property is what pandas prints of the
# column: a text of 80 characters arrives as 47 and three full stops, and where two rows have one name, both values as
# two lines. Whoever serves it reads NaN as null, and compares values that end so by what they begin with.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q install reconciler==0.2.2 pandas==3.1.1
"$dir/venv/bin/python" - <<'PYTHON'
import json

import pandas
from reconciler.utils import get_query_dict

table = pandas.DataFrame({"name": ["A", "B", "B"], "about": ["x" * 80, "one", "two"]})
_, queries = get_query_dict(pandas.Series(["A", float("nan")]), None, None)
sent = json.dumps(queries)
print(sent)
assert '"query": NaN' in sent
_, queries = get_query_dict(table["name"], None, {"about": table["about"]})
values = [query["properties"][0]["v"] for query in queries.values()]
print(values)
assert values[0] == "x" * 47 + "...", values
assert [line.strip() for line in values[1].splitlines()] == ["one", "two"], values
PYTHON
