#!/usr/bin/env bash
# A day before year 1 in a DATE column of Parquet is valid (days since 1970-01-01, here -735000), and four readers make
# four things of it: polars 2.1.0 writes the astronomical year (-0043), duckdb 2.0.1 the historical one (0044 BC), and
# gives Python that one cell as a text among dates; pyarrow 26.0.1 raises OverflowError, pandas by way of it ValueError.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1 polars==2.1.0 duckdb==2.0.1 pandas==3.1.1
cd "$dir"
"$dir/venv/bin/python" - <<'PYTHON'
import datetime

import duckdb
import polars
import pyarrow
import pyarrow.parquet

table = pyarrow.table({"day": pyarrow.array([-735000, 19000], pyarrow.date32())})
pyarrow.parquet.write_table(table, "days.parquet")


def attempt(read):
    try:
        return read()
    except Exception as error:
        return type(error).__name__


seen = {
    "polars": polars.read_parquet("days.parquet").select(polars.col("day").cast(polars.String)).to_series().to_list(),
    "duckdb": [row[0] for row in duckdb.sql("select day from 'days.parquet'").fetchall()],
    "pyarrow": attempt(lambda: pyarrow.parquet.read_table("days.parquet")["day"].to_pylist()),
    "pandas": attempt(lambda: pyarrow.parquet.read_table("days.parquet").to_pandas()),
}
for reader, days in seen.items():
    print(reader, days)
assert seen == {
    "polars": ["-0043-08-22", "2022-01-08"],
    "duckdb": ["0044-08-22 (BC)", datetime.date(2022, 1, 8)],
    "pyarrow": "OverflowError",
    "pandas": "ValueError",
}, seen
PYTHON
