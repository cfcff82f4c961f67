"""A chancery of its own for a script: some files imported, served on a free port."""

import contextlib
import json
import os
import re
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

DATA = Path(os.environ.get("CHANCERY_DATA", Path(__file__).parents[2] / "../shared/data"))


class Service:
    """Where the API is, and what asks it."""

    def __init__(self, url):
        self.base = f"{url}/api/v1"

    def get(self, path, **parameters):
        """The JSON of an answer; parameters of several values are lists."""
        query = urllib.parse.urlencode(parameters, doseq=True)
        with urllib.request.urlopen(f"{self.base}/{path}?{query}") as answer:
            return json.load(answer)

    def lines(self, path):
        """The JSON Lines of an answer."""
        with urllib.request.urlopen(f"{self.base}/{path}") as answer:
            for line in answer:
                yield json.loads(line)

    def everything(self, path, **parameters):
        """The items of all pages."""
        parameters["limit"] = 1000
        while True:
            page = self.get(path, **parameters)
            yield from page["items"]
            if page["next"] is None:
                return
            parameters["cursor"] = page["next"]


@contextlib.contextmanager
def serving(binary, files, dataset):
    """Imports temporal-KG quadruples and serves them."""
    with tempfile.TemporaryDirectory() as data:
        for file in files:
            subprocess.run(
                [binary, "import", file, "--data", data, "--format", "quads", "--dataset", dataset],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        serve = subprocess.Popen(
            [binary, "serve", "--data", data, "--bind", "127.0.0.1:0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            url = None
            while url is None:
                line = serve.stderr.readline()
                if not line:
                    raise RuntimeError("the service did not start")
                url = re.search(r"http://127\.0\.0\.1:\d+", line)
            yield Service(url.group())
        finally:
            serve.terminate()
            serve.wait()


def corpora():
    """The ICEWS quadruples that are at hand: name and files."""
    for name, folder, stem in [
        ("icews14", "tkg/icews14", "icews_2014"),
        ("icews05-15", "tkg/icews05-15", "icews_2005-2015"),
    ]:
        files = sorted((DATA / folder).glob(f"{stem}_*.txt"))
        if files:
            yield name, files
        else:
            print(f"skipped {name}: there is no {DATA / folder}; CHANCERY_DATA names the folder")
