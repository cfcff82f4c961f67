"""Tables matched by clients of the Reconciliation API, and answers checked by the specification's schemas."""

import csv
import json
import pathlib
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request

import jsonschema
import pandas
import referencing
import referencing.jsonschema
from py_reconciliation_service_api import build_reconciliation_service
from py_reconciliation_service_api.models.reconciliation import ReconciliationQuery
from reconciler import reconcile
from reconciler.webutils import return_reconciled_raw

from peers import BINARY, ROOT, Service

FIXTURE = ROOT / "tests/fixtures/reconciliation"
SCHEMAS = "https://reconciliation-api.github.io/specs/0.2/schemas/"
# Rows of a batch.
BATCH = 10


def rows():
    with open(FIXTURE / "names.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def schema(name):
    return json.loads((FIXTURE / f"schemas/{name}.json").read_text(encoding="utf-8"))


def check(name, value):
    """Checks by a schema of the specification."""
    draft = referencing.jsonschema.DRAFT7
    resources = [(SCHEMAS + "type.json", draft.create_resource(schema("type")))]
    # Of OpenAPI 2 a manifest takes the security schemes; ours has none.
    security = {"definitions": {"securityDefinitions": {"additionalProperties": False}}}
    resources.append(("http://swagger.io/v2/schema.json", draft.create_resource(security)))
    registry = referencing.Registry().with_resources(resources)
    jsonschema.Draft7Validator(schema(name), registry=registry).validate(value)


class Reconciliation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        data = pathlib.Path(cls.folder.name) / "record"
        command = [BINARY, "import", str(FIXTURE / "record.jsonl"), "--data", str(data)]
        subprocess.run(command, check=True, capture_output=True)
        cls.service = Service(data)
        cls.base = f"{cls.service.url}/api/v1/reconcile"

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        cls.folder.cleanup()

    def post(self, **fields):
        body = urllib.parse.urlencode({name: json.dumps(value) for name, value in fields.items()})
        with urllib.request.urlopen(self.base, body.encode(), timeout=60) as answer:
            return json.load(answer)

    def test_two_hundred_names_are_matched_by_py_reconciliation_service_api(self):
        client = build_reconciliation_service(self.base)
        table = rows()
        self.assertEqual(len(table), 200)
        results = []
        for start in range(0, len(table), BATCH):
            queries = []
            for row in table[start : start + BATCH]:
                query = {"query": row["name"], "type": row["kind"]}
                if row["country"]:
                    query["properties"] = [{"pid": "country", "v": row["country"]}]
                queries.append(ReconciliationQuery.model_validate(query))
            results += client.reconcile_batch(queries)
        wanted = sum(1 for row in table if row["expected"])
        matched = first = right = first_right = 0
        for row, result in zip(table, results):
            certain = [candidate.id for candidate in result.result if candidate.match]
            self.assertIn(certain, ([], [row["expected"]]), row)
            matched += len(certain)
            right += certain == [row["expected"]]
            first += bool(result.result)
            first_right += bool(result.result) and result.result[0].id == row["expected"]
        print(
            f"\nmatches: precision {right / matched:.3f}, recall {right / wanted:.3f}; "
            f"first candidates: precision {first_right / first:.3f}, recall {first_right / wanted:.3f}",
            flush=True,
        )
        self.assertEqual(right, matched)
        self.assertGreaterEqual(right / wanted, 0.56)
        self.assertGreaterEqual(first_right / wanted, 0.94)
        self.assertGreaterEqual(first_right / first, 0.94)

    def test_a_column_is_matched_by_reconciler(self):
        table = pandas.DataFrame([row for row in rows() if row["how"] in ("icews", "iso", "un-formal")])
        # Where a name has no candidate, this client stops (findings/reconciler-stops-at-a-name-without-candidates.sh).
        table = table[~table["expected"].isin(["", "mkd"])]
        found = reconcile(table["name"], type_id="state", reconciliation_endpoint=self.base)
        self.assertEqual(list(found["input_value"]), list(table["name"]))
        right = (found["id"].to_numpy() == table["expected"].to_numpy()).sum()
        self.assertGreater(len(table), 100)
        self.assertGreaterEqual(right / len(table), 0.99)
        matches = found[found["match"]]
        expected = dict(zip(table["name"], table["expected"]))
        self.assertGreater(len(matches), 70)
        self.assertEqual(list(matches["id"]), [expected[name] for name in matches["input_value"]])
        # What this client takes out of `type`, and of `features` nothing.
        self.assertTrue({"type_id", "type", "score", "description"} <= set(found.columns), list(found.columns))
        states = found["type"][found["type_id"] == "state"]
        self.assertEqual(set(states), {"State"})

    def test_blank_cells_take_no_others_with_them(self):
        column = pandas.Series(["North Korea", float("nan"), "France", "Jafar Hassan"])
        keys, found = return_reconciled_raw(column, None, None, self.base)
        self.assertEqual(len(keys), 4)
        self.assertEqual(found["0"]["result"][0]["id"], "prk")
        self.assertEqual(found["1"]["result"], [])
        self.assertIn("blank cell", found["1"]["problem"])
        self.assertEqual(found["2"]["result"][0]["id"], "fra")
        check("reconciliation-result-batch", found)

    def test_values_that_the_client_joins_or_cuts_count_as_they_were(self):
        table = pandas.DataFrame(
            {
                "name": ["Jafar Hassan", "Jafar Hassan", "Emmanuel Macron"],
                "country": ["Jordan", "Iraq", "France"],
                "about": ["x" * 80, "y", "z"],
            }
        )
        mapping = {"country": table["country"], "office": table["about"]}
        _, found = return_reconciled_raw(table["name"], "person", mapping, self.base)
        for key, actor in (("0", "jafar-hassan"), ("1", "emmanuel-macron")):
            best = found[key]["result"][0]
            features = {feature["id"]: feature["value"] for feature in best["features"]}
            self.assertEqual((best["id"], features["country"], best["match"]), (actor, 1.0, True))

    def test_answers_are_as_the_schemas_say(self):
        with urllib.request.urlopen(self.base, timeout=60) as answer:
            manifest = json.load(answer)
        check("manifest", manifest)
        queries = {
            str(at): {"query": row["name"], "type": row["kind"], "limit": 20} for at, row in enumerate(rows()[:50])
        }
        check("reconciliation-query-batch", queries)
        check("reconciliation-result-batch", self.post(queries=queries))
        extend = {
            "ids": ["fra", "emmanuel-macron", "nobody"],
            "properties": [{"id": one} for one in ("name", "alias", "country", "office", "iso3", "description")],
        }
        check("data-extension-query", extend)
        answer = self.post(extend=extend)
        check("data-extension-response", answer)
        self.assertEqual(answer["rows"]["emmanuel-macron"]["country"], [{"id": "fra", "name": "France"}])
        for kind, name in (("entity", "entities"), ("property", "properties"), ("type", "types")):
            service = manifest["suggest"][kind]
            url = service["service_url"] + service["service_path"] + "?prefix=o"
            with urllib.request.urlopen(url, timeout=60) as answer:
                suggested = json.load(answer)
            self.assertTrue(suggested["result"], kind)
            check(f"suggest-{name}-response", suggested)
        service = manifest["extend"]["propose_properties"]
        url = service["service_url"] + service["service_path"] + "?type=state&limit=5"
        with urllib.request.urlopen(url, timeout=60) as answer:
            check("data-extension-property-proposal", json.load(answer))
