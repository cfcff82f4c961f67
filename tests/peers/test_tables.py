"""CSV and Parquet in pandas, and counts against its own."""

import io
import json
import tempfile
import unittest
import zipfile

import pandas
import pyarrow.parquet

from peers import imported, quads, serving

KINDS = ["source", "actor", "relation", "event", "statement"]


def unguarded(text):
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    if isinstance(text, str) and text.startswith("'") and text.lstrip("'")[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return text[1:]
    return text


class Tables(unittest.TestCase):
    def check(self, kind, table, records):
        self.assertEqual(list(table["id"]), [record["id"] for record in records])
        for row, record in zip(table.to_dict("records"), records):
            for name in ("dataset", "title", "name", "text", "date", "kind", "cameo", "since", "until"):
                value = None if pandas.isna(row.get(name)) else unguarded(row.get(name))
                self.assertEqual(value, record.get(name), (kind, record["id"], name))
            for name in ("participants", "sources", "stances", "aliases"):
                value = row.get(name)
                value = None if value is None or pandas.isna(value) else json.loads(value)
                self.assertEqual(value or [], record.get(name, []), (kind, record["id"], name))

    def test_pandas_reads_each_kind_as_csv_and_parquet(self):
        with serving() as service:
            for kind in KINDS:
                records = service.lines("export", record=kind)
                with self.subTest(kind):
                    body, headers = service.get("export", record=kind, format="csv")
                    self.assertEqual(headers["Content-Type"], "text/csv; charset=utf-8")
                    csv = pandas.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False, na_values=[""])
                    self.check(kind, csv, records)
                    body, _ = service.get("export", record=kind, format="parquet")
                    self.check(kind, pandas.read_parquet(io.BytesIO(body)), records)
                    table = pyarrow.parquet.read_table(io.BytesIO(body))
                    self.assertEqual(table.num_rows, len(records))
                    self.assertEqual(list(csv.columns), table.column_names)

    def test_days_numbers_and_flags_have_types(self):
        with serving() as service:
            body, _ = service.get("export", record="event", format="parquet")
            schema = pyarrow.parquet.read_table(io.BytesIO(body)).schema
            types = {name: str(schema.field(name).type) for name in schema.names}
            self.assertEqual(types["earliest"], "date32[day]")
            self.assertEqual(types["goldstein"], "double")
            self.assertEqual(types["uncertain"], "bool")
            self.assertEqual(types["id"], "string")
            table = pandas.read_parquet(io.BytesIO(body)).set_index("id")
            call = table.loc["blinken-park-call-2023-06-16"]
            self.assertEqual(str(call["earliest"]), "2023-06-16")
            self.assertFalse(call["open"])

    def test_all_kinds_are_a_zip_archive(self):
        with serving() as service:
            for form in ("csv", "parquet"):
                body, headers = service.get("export", format=form)
                self.assertEqual(headers["Content-Type"], "application/zip")
                with zipfile.ZipFile(io.BytesIO(body)) as archive:
                    self.assertIsNone(archive.testzip())
                    self.assertEqual(archive.namelist(), [f"{kind}s.{form}" for kind in KINDS])
                    for kind in KINDS:
                        alone, _ = service.get("export", format=form, record=kind)
                        self.assertEqual(archive.read(f"{kind}s.{form}"), alone)

    def test_a_timeline_is_a_table(self):
        with serving() as service:
            body, headers = service.get("timeline", actor="antony-blinken", format="csv")
            table = pandas.read_csv(io.BytesIO(body))
            page = service.json("timeline", actor="antony-blinken", limit=1000)
            self.assertEqual(int(headers["Chancery-Records"]), page["total"])
            self.assertEqual(list(table["id"]), [item["id"] for item in page["items"]])
            self.assertEqual(
                [None if pandas.isna(day) else day for day in table["earliest"]],
                [item.get("earliest") for item in page["items"]],
            )


class Counts(unittest.TestCase):
    def compare(self, name):
        rows = list(quads(name))
        with tempfile.TemporaryDirectory() as directory:
            data, _ = imported(rows, directory)
            with serving(data) as service:
                own = pandas.Series(1, index=pandas.PeriodIndex([row[3] for row in rows], freq="M"))
                own = {str(month): count for month, count in own.groupby(level=0).sum().items()}
                bins = service.json("timeline/histogram", bin="month", record="event")["bins"]
                self.assertEqual({found["from"][:7]: found["count"] for found in bins}, own)
                body, _ = service.get("export", record="event", format="parquet")
                table = pandas.read_parquet(io.BytesIO(body), columns=["earliest"])
                months = pandas.to_datetime(table["earliest"]).dt.to_period("M").value_counts()
                self.assertEqual({str(month): count for month, count in months.items()}, own)

    def test_monthly_counts_of_icews14(self):
        self.compare("icews14")

    def test_monthly_counts_of_icews05_15(self):
        self.compare("icews05-15")
