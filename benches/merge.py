#!/usr/bin/env python3
"""What merging actors costs: `benches/merge.py BINARY [ROUNDS]`.

The record has 460,000 events, and two actors with 100,000 each. The same questions are asked by turns of three
services: before the two are merged, after that, and of a record that was written with one actor in the place of both,
which is what questions about the survivor are compared with. Then the two are merged and reverted over HTTP, the sync
included. Last, one file merges 5,000 actors into 5,000 others, and one more merge follows. Needs Python and nothing
else.
"""

import http.client
import json
import statistics
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

from in_turn import by_turns, ask, quadruples, run, serve

ONE, OTHER = "Alpha Republic", "Beta Republic"
ONE_ID, OTHER_ID = "alpha-republic", "beta-republic"
EACH = 100_000
MANY = 5_000


def with_two(rows: Path, two: Path, as_one: Path) -> None:
    """Gives two of every nine sources' rows to each of the two actors, and to one of them in the second file."""
    given = {0: ONE, 1: OTHER, 2: ONE, 3: OTHER}
    left = {ONE: EACH, OTHER: EACH}
    with rows.open() as lines, two.open("w") as apart, as_one.open("w") as together:
        for number, line in enumerate(lines):
            name = given.get(number % 9)
            if name and left[name]:
                left[name] -= 1
                rest = line.split("\t", 1)[1]
                apart.write(f"{name}\t{rest}")
                together.write(f"{ONE}\t{rest}")
            else:
                apart.write(line)
                together.write(line)


def post(connection: http.client.HTTPConnection, path: str, body: dict) -> tuple[float, dict]:
    start = time.perf_counter()
    connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
    answer = connection.getresponse()
    read = answer.read()
    took = time.perf_counter() - start
    assert answer.status in (200, 201), (path, answer.status, read[:300])
    return took, json.loads(read)


def merge(connection) -> tuple[float, str]:
    took, report = post(connection, f"/api/v1/actors/{ONE_ID}/merge", {"other": OTHER_ID})
    return took, report["merge"]["id"]


def questions(names: list[str]) -> dict[str, list[str]]:
    """Of each kind, about these actors."""
    quoted = [urllib.parse.quote(name) for name in names]
    pairs = list(zip(quoted, quoted[1:] + quoted[:1]))
    year = "from=2014&to=2014"
    return {
        "timeline": [f"/api/v1/timeline?actor={name}&from=2014&to=2015&limit=50" for name in quoted],
        "histogram": [f"/api/v1/timeline/histogram?actor={name}&bin=month" for name in quoted],
        "dyad": [f"/api/v1/dyads/{a}/{b}" for a, b in pairs],
        "series": [f"/api/v1/dyads/{a}/{b}/series?bin=month" for a, b in pairs],
        "relationships": [f"/api/v1/actors/{name}/relationships?limit=20&{year}" for name in quoted],
        "paths, fewest": [f"/api/v1/paths?source={a}&target={b}&mode=fewest&{year}" for a, b in pairs],
        "paths, in time": [f"/api/v1/paths?source={a}&target={b}&mode=chronological&{year}" for a, b in pairs],
        "reach": [f"/api/v1/reach?source={name}&{year}&limit=20" for name in quoted],
        "graph": [f"/api/v1/graph?actor={name}&{year}&limit=50" for name in quoted],
    }


def of_all() -> dict[str, list[str]]:
    year = "from=2014&to=2014"
    return {
        "pagerank": [f"/api/v1/rankings?by=pagerank&{year}&limit=20"] * 10,
        "summary": [f"/api/v1/summary?{year}"] * 5,
        "search": ["/api/v1/search?q=Country12"] * 20,
    }


def compare(title: str, both, asked: dict[str, list[str]], rounds: int) -> None:
    for name, paths in asked.items():
        once = lambda one: statistics.median(ask(one[1], path) for path in paths)
        print(f"{title}, {name}".ljust(34), by_turns(both, once, rounds))


def time_merges(connection, rounds: int) -> None:
    merges, reverts = [], []
    for _ in range(rounds):
        took, judgement = merge(connection)
        merges.append(took)
        reverts.append(post(connection, f"/api/v1/merges/{judgement}/revert", {})[0])
    for name, times in (("merge", merges), ("revert", reverts)):
        each = " ".join(f"{1000 * took:.0f}" for took in times)
        print(f"{name} of {2 * EACH} records".ljust(34), f"median {1000 * statistics.median(times):.1f} ms, each {each}")


def time_many(binary: str, folder: Path) -> None:
    """One file of judgements, on as many records, by a process of its own."""
    rows, data = folder / "many.quads", str(folder / "data-many")
    with rows.open("w") as out:
        for number in range(460_000):
            one, other = f"Person {number % (2 * MANY)}", f"Country {number % 97}"
            out.write(f"{one}\tConsult\t{other}\t{2010 + number % 10}-01-{1 + number % 28:02}\n")
    run(binary, "import", str(rows), "--data", data, "--dataset", "bench")
    judgements = folder / "judgements.jsonl"
    with judgements.open("w") as out:
        for number in range(MANY):
            judgement = {"record": "judgement", "id": f"same-{number}", "verdict": "same"}
            judgement |= {"actor": f"person-{2 * number}", "other": f"person-{2 * number + 1}"}
            out.write(json.dumps(judgement) + "\n")
    process, connection = serve(binary, data)
    start = time.perf_counter()
    connection.request("POST", "/api/v1/imports?format=jsonl", judgements.read_bytes(), {"content-type": "application/x-ndjson"})
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - start
    print(f"{MANY} merges in one file".ljust(34), f"{took:.3f} s, {json.loads(body)['status']}")
    took, _ = post(connection, "/api/v1/actors/country-0/merge", {"other": "country-1"})
    print("one more".ljust(34), f"{1000 * took:.1f} ms")
    process.terminate()
    process.wait()


def main() -> None:
    binary, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows, two, as_one = folder / "rows", folder / "two.quads", folder / "one.quads"
        names = quadruples(rows)
        with_two(rows, two, as_one)
        served = []
        for number, file in enumerate((two, two, as_one)):
            data = str(folder / f"data-{number}")
            run(binary, "import", str(file), "--data", data, "--dataset", "bench")
            served.append(serve(binary, data))
        before, after, written = served
        merge(after[1])
        asked = questions(names[:40]) | of_all()
        compare("before, after", (before, after), asked, rounds)
        compare("written as one, survivor", (written, after), questions([ONE, *names[:1]] * 5), rounds)
        for process, _ in served:
            process.terminate()
            process.wait()
        process, connection = serve(binary, str(folder / "data-0"))
        time_merges(connection, rounds)
        process.terminate()
        process.wait()
        time_many(binary, folder)


if __name__ == "__main__":
    main()
