"""CSV and Parquet in pandas, pyarrow, polars and DuckDB, archives in unzip, and counts against pandas' own."""

import csv
import io
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet

from peers import imported, quads, serving, stored

KINDS = ["source", "actor", "relation", "event", "statement"]


FORMULA = tuple("=+-@\t\n\r＝＋－＠")


def unguarded(text):
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    if isinstance(text, str) and text.startswith("'") and text.lstrip("'").startswith(FORMULA):
        return text[1:]
    return text


def bare(value):
    """A list of Parquet as plain values, objects without the members that they do not have."""
    if value is None:
        return []
    members = lambda one: {k: v for k, v in one.items() if v is not None}
    return [members(one) if isinstance(one, dict) else one for one in value]


class Tables(unittest.TestCase):
    def check(self, kind, table, records):
        self.assertEqual(list(table["id"]), [record["id"] for record in records])
        for row, record in zip(table.to_dict("records"), records):
            for name in ("dataset", "title", "name", "text", "date", "kind", "cameo", "since", "until"):
                value = None if pandas.isna(row.get(name)) else unguarded(row.get(name))
                self.assertEqual(value, record.get(name), (kind, record["id"], name))
            for name in ("participants", "sources", "links", "topics", "stances", "aliases", "codes", "attributes"):
                value = row.get(name)
                value = json.loads(value) if isinstance(value, str) else bare(self.nothing_if_missing(value))
                self.assertEqual(value or [], record.get(name) or [], (kind, record["id"], name))
            for name in ("speakers", "audience", "on_behalf_of", "relayed_by"):
                value = row.get(name)
                value = value.split() if isinstance(value, str) else bare(self.nothing_if_missing(value))
                self.assertEqual(value, record.get(name, []), (kind, record["id"], name))

    @staticmethod
    def nothing_if_missing(value):
        return None if isinstance(value, float) else value

    @staticmethod
    def by_day(table, records):
        """The records in the order of the Parquet file, which must be by day and then by id."""
        rows = list(zip(table["earliest"], table["id"])) if "earliest" in table else [(None, i) for i in table["id"]]
        key = lambda row: ("" if row[0] is None or pandas.isna(row[0]) else str(row[0]), row[1])
        if "subject" in table or "date" in table:
            assert rows == sorted(rows, key=key), "the rows are not in the order that the file tells"
        else:
            assert list(table["id"]) == sorted(table["id"])
        known = {record["id"]: record for record in records}
        return [known[i] for i in table["id"]]

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
                    frame = pandas.read_parquet(io.BytesIO(body))
                    self.check(kind, frame, self.by_day(frame, records))
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

    def test_each_reader_finds_types_lists_and_statistics(self):
        with serving() as service, tempfile.TemporaryDirectory() as directory:
            body, _ = service.get("export", record="event", format="parquet")
            file = pathlib.Path(directory) / "events.parquet"
            file.write_bytes(body)
            records = {record["id"]: record for record in service.lines("export", record="event")}

            parquet = pyarrow.parquet.ParquetFile(file)
            schema = {field.name: field.type for field in parquet.schema_arrow}
            self.assertEqual(schema["topics"].value_type, pyarrow.string())
            self.assertEqual([f.name for f in schema["participants"].value_type], ["actor", "role"])
            group = parquet.metadata.row_group(0)
            names = [group.column(at).path_in_schema for at in range(group.num_columns)]
            order = [(names[one.column_index], one.descending) for one in group.sorting_columns]
            self.assertEqual(order, [("earliest", False), ("id", False)])
            days = group.column(names.index("earliest")).statistics
            own = parquet.read(columns=["earliest"])["earliest"]
            self.assertEqual((days.min, days.max), (pyarrow.compute.min(own).as_py(), pyarrow.compute.max(own).as_py()))
            self.assertEqual(days.null_count, own.null_count)
            self.assertIn("RLE_DICTIONARY", group.column(names.index("cameo")).encodings)

            found = duckdb.sql(
                f"select id, earliest, [one.actor for one in participants], [one.source for one in sources] from '{file}'"
            ).fetchall()
            self.assertEqual(len(found), len(records))
            for id_, _, actors, sources in found:
                self.assertEqual(actors, [one["actor"] for one in records[id_]["participants"]])
                self.assertEqual(sources or [], [one["source"] for one in records[id_].get("sources", [])])
            types = dict(duckdb.sql(f"select column_name, column_type from (describe select * from '{file}')").fetchall())
            self.assertEqual((types["earliest"], types["topics"], types["goldstein"]), ("DATE", "VARCHAR[]", "DOUBLE"))
            self.assertEqual((types["attributes"], types["open"]), ("VARCHAR", "BOOLEAN"))

            frame = polars.read_parquet(file)
            self.assertEqual(frame.schema["earliest"], polars.Date)
            self.assertEqual(frame.schema["target_actors"], polars.List(polars.String))
            self.assertEqual(frame.schema["attributes"], polars.String)
            self.assertEqual(frame["id"].to_list(), [row[0] for row in found])
            self.assertEqual(frame["earliest"].to_list(), [row[1] for row in found])

    def test_hostile_texts_and_cells_come_back(self):
        texts = ["=1+1", "-3.5", "-2,3", "+49 30 1", "@x", "'=1", "＝1", 'a "b", c\nd', "박진", "-0043-03-15"]
        lines = [
            {"record": "source", "id": "s", "kind": "article"},
            {"record": "actor", "id": "a", "kind": "person", "name": "A", "codes": {"iso3": "USA"}},
            {"record": "actor", "id": "b", "kind": "person", "name": "B", "aliases": ["-x", {"text": "y", "since": "2020"}]},
        ]
        for number, text in enumerate(texts):
            lines.append(
                {
                    "record": "event",
                    "id": f"e{number}",
                    "cameo": "040",
                    "title": text,
                    "topics": [text],
                    "date": "-0043-03-15" if number == 3 else "2023-06",
                    "participants": [{"actor": "a", "role": "source"}, {"actor": "b", "role": "target"}],
                    "links": [{"kind": "part_of", "event": "e0"}] if number == 1 else [],
                    "sources": [{"source": "s", "quote": text, "locator": "p. 1", "confidence": 0.8}],
                    "attributes": {"note": text},
                }
            )
        with tempfile.TemporaryDirectory() as directory, serving(stored(lines, directory)) as service:
            records = {record["id"]: record for record in service.lines("export", record="event")}
            body, _ = service.get("export", record="event", format="csv")
            for cell in (cell for row in csv.reader(io.StringIO(body.decode(), newline="")) for cell in row):
                runs = cell.startswith(FORMULA) and not cell.lstrip("+-").replace(".", "", 1).isdigit()
                self.assertFalse(runs, cell)
            table = pandas.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False, na_values=[""])
            self.check("event", table, [records[i] for i in table["id"]])
            self.assertEqual(unguarded(table.set_index("id").loc["e3"]["earliest"]), "-0043-03-15")
            body, _ = service.get("export", record="event", format="parquet")
            # Python has no days before the year 1.
            table = pyarrow.parquet.read_table(io.BytesIO(body)).drop_columns(["earliest", "latest"]).to_pylist()
            self.assertEqual(table[0]["id"], "e3", "the year -43 comes first")
            for row in table:
                record = records[row["id"]]
                self.assertEqual(row["title"], record["title"])
                self.assertEqual(bare(row["sources"]), record["sources"])
                self.assertEqual(bare(row["links"]), record.get("links", []))
                self.assertEqual(json.loads(row["attributes"]), record["attributes"])

    def test_unzip_reads_the_archives(self):
        unzip = shutil.which("unzip")
        if not unzip:
            raise unittest.SkipTest("there is no unzip")
        with serving() as service, tempfile.TemporaryDirectory() as directory:
            for form in ("csv", "parquet"):
                file = pathlib.Path(directory) / f"{form}.zip"
                file.write_bytes(service.get("export", format=form)[0])
                said = subprocess.run([unzip, "-t", file], capture_output=True, text=True, check=True).stdout
                self.assertIn("No errors detected", said)

    def test_all_kinds_are_a_zip_archive(self):
        with serving() as service:
            for form in ("csv", "parquet"):
                body, headers = service.get("export", format=form)
                self.assertEqual(headers["Content-Type"], "application/zip")
                with zipfile.ZipFile(io.BytesIO(body)) as archive:
                    self.assertIsNone(archive.testzip())
                    files = [f"{kind}s.{form}" for kind in [*KINDS, "judgement"]]
                    self.assertEqual(archive.namelist(), files)
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
