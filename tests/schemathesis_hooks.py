"""What schemathesis can't know by itself: JSON Lines, and dates in EDTF."""

import json
from urllib.parse import urlencode

import schemathesis
from hypothesis import strategies as st

_year = st.integers(1900, 2030).map(str)
_month = st.dates().map(lambda day: f"2023-{day.month:02}")
_day = st.dates().map(lambda day: f"2023-{day.month:02}-{min(day.day, 28):02}")
_plain = st.one_of(_year, _month, _day)
_edtf = st.one_of(
    _plain,
    _plain.map(lambda date: date + "~"),
    _plain.map(lambda date: "../" + date),
    _day.map(lambda date: f"{date}/{date}"),
)
schemathesis.openapi.format("edtf", _edtf)


@schemathesis.serializer("application/x-ndjson")
def json_lines(ctx, value):
    if isinstance(value, bytes):
        return value
    return json.dumps(value) + "\n"


# Bytes of a URI that the HTTP layer takes; it answers a longer one with a bare 400, as
# `api-docs/problems.md` says, before the service sees it.
_URI_MAX_BYTES = 60_000


@schemathesis.hook
def filter_case(ctx, case):
    pairs = [
        (name, item)
        for name, value in (case.query or {}).items()
        for item in (value if isinstance(value, list) else [value])
    ]
    return len(urlencode(pairs)) < _URI_MAX_BYTES
