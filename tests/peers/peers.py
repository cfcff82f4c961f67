"""The service as its peers see it: starts it, asks it, and runs the tests beside this file.

Every `test_*.py` here is run. The last line counts: passed, failed, skipped; errors are failures.
"""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("CHANCERY_BINARY", str(ROOT / "target/release/chancery"))
DATA = pathlib.Path(os.environ.get("CHANCERY_DATA", ROOT.parent / "shared/data")) / "tkg"


class Service:
    """A running service: of the article (`demo`), or of a directory."""

    def __init__(self, data=None):
        where = ["--data", str(data)] if data else ["--demo"]
        self.process = subprocess.Popen(
            [BINARY, "serve", *where, "--bind", "127.0.0.1:0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for line in self.process.stderr:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.url = found.group()
                return
        raise RuntimeError("the service did not start")

    def get(self, path, accept=None, **query):
        """The body and the headers of an answer. Lists are repeated parameters."""
        pairs = [(k.rstrip("_"), v) for k, vs in query.items() for v in (vs if isinstance(vs, list) else [vs])]
        url = f"{self.url}/api/v1/{path}"
        if pairs:
            url += "?" + urllib.parse.urlencode(pairs)
        request = urllib.request.Request(url, headers={"Accept": accept} if accept else {})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.read(), answer.headers

    def json(self, path, **query):
        return json.loads(self.get(path, **query)[0])

    def lines(self, path, **query):
        """The JSON Lines of an answer."""
        return [json.loads(line) for line in self.get(path, **query)[0].splitlines()]

    def items(self, path, **query):
        """The items of all pages."""
        items, cursor = [], None
        while True:
            page = self.json(path, limit=1000, **query, **({"cursor": cursor} if cursor else {}))
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                assert len(items) == page["total"], (len(items), page["total"])
                return items

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()


@contextlib.contextmanager
def serving(data=None):
    service = Service(data)
    try:
        yield service
    finally:
        service.stop()


def quads(name):
    """The rows (subject, relation, object, date) of a public data set; skips the test without it."""
    folder = DATA / name
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise unittest.SkipTest(f"there is no {folder}; CHANCERY_DATA names the folder above tkg")
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) == 4:
                yield cells


def actor_ids(rows):
    """An id for each name that stands in some rows."""
    names = sorted({name for row in rows for name in (row[0], row[2])})
    return {name: f"a{number:05}" for number, name in enumerate(names)}


def imported(rows, directory):
    """Imports rows as events that one actor does to another."""
    ids = actor_ids(rows)
    lines = [{"record": "source", "id": "icews", "kind": "dataset"}]
    lines += [{"record": "actor", "id": i, "kind": "unknown", "name": name} for name, i in ids.items()]
    for number, (subject, relation, obj, date) in enumerate(rows):
        lines.append(
            {
                "record": "event",
                "id": f"e{number:06}",
                "type": "CONSULT",
                "date": date,
                "participants": [
                    {"actor": ids[subject], "role": "source"},
                    {"actor": ids[obj], "role": "target"},
                ],
                "sources": [{"source": "icews"}],
            }
        )
    return stored(lines, directory), ids


def stored(lines, directory):
    """Imports records into a directory of their own."""
    file = pathlib.Path(directory) / "rows.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    data = pathlib.Path(directory) / "record"
    subprocess.run([BINARY, "import", str(file), "--data", str(data)], check=True, capture_output=True)
    return data


class Quiet(unittest.TextTestResult):
    """Counts what passed, too."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"skipped: {test.id()}: {reason}", flush=True)


def main():
    # The tests import this module by its name.
    sys.modules["peers"] = sys.modules["__main__"]
    tests = unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).parent), pattern="test_*.py")
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Quiet).run(tests)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(f"peers: {result.passed} passed, {failed} failed, {len(result.skipped)} skipped")
    # No test at all is no success.
    sys.exit(1 if failed or not result.passed else 0)


if __name__ == "__main__":
    main()
