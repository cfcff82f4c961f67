#!/usr/bin/env python3
"""Two binaries by turns: `benches/in_turn.py OLD NEW [ROUNDS]`.

Imports 460,000 quadruples of 7,000 actors made from a seed, exports them as Parquet, then asks the same questions of
both, and prints medians and their ratio. Give the same binary twice to see the noise of the machine. Needs Python and nothing else.
"""

import http.client
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

ROWS = 460_000
LABELS = [
    "Make a visit", "Consult", "Make statement", "Praise or endorse", "Criticize or denounce",
    "Express intent to cooperate", "Host a visit", "Threaten", "Accuse", "Make an appeal or request",
]
ARTICLE = Path(__file__).parent.parent / "examples/blinken-2023.json"


def quadruples(path: Path) -> list[str]:
    """Writes the rows; gives some of the names."""
    drawn = random.Random(7)
    names = []
    for number in range(7000):
        kinds = [f"Citizen (Country{number // 9})"] * 4 + [f"Person{number} Family{number % 977}"] * 3
        kinds += [f"Müller{number} Ngày{number % 31}"] + [f"Country{number}"] * 2
        names.append(kinds[number % 10])
    drawn.shuffle(names)
    weights = [1 / (rank + 3) for rank in range(len(names))]
    pairs = zip(drawn.choices(names, weights, k=ROWS), drawn.choices(names, weights, k=ROWS))
    with path.open("w") as out:
        for number, (one, other) in enumerate(pairs):
            if one == other:
                other = names[one == names[0]]
            day = f"{2010 + number * 10 // ROWS}-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}"
            out.write(f"{one}\t{drawn.choice(LABELS)}\t{other}\t{day}\n")
    return sorted(name for name in set(names[:200]) if name.startswith(("Country", "Person")))


def run(binary: str, *arguments: str) -> None:
    subprocess.run([binary, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def by_turns(both, once, rounds: int) -> str:
    """Medians of what `once` measures of each of the two."""
    times = ([], [])
    for number in range(rounds):
        for which in (0, 1) if number % 2 == 0 else (1, 0):
            times[which].append(once(both[which]))
    old, new = map(statistics.median, times)
    return f"old {old:10.6f} s, new {new:10.6f} s, ratio {new / old:.3f}"


def serve(binary: str, data: str):
    """A service that is asked over one connection."""
    process = subprocess.Popen([binary, "serve", "--data", data, "--bind", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
            threading.Thread(target=lambda: list(process.stderr), daemon=True).start()
            return process, http.client.HTTPConnection("127.0.0.1", int(found[1]))
    raise SystemExit(f"{binary} did not serve")


def ask(connection, path: str) -> float:
    start = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, body[:300])
    return time.perf_counter() - start


def main() -> None:
    binaries, rounds = sys.argv[1:3], int(sys.argv[3]) if len(sys.argv) > 3 else 15
    with tempfile.TemporaryDirectory() as folder:
        rows, data = Path(folder, "rows.quads"), str(Path(folder, "data"))
        names = quadruples(rows)

        def imported(binary: str) -> float:
            shutil.rmtree(data, ignore_errors=True)
            start = time.perf_counter()
            run(binary, "import", str(rows), "--data", data, "--dataset", "bench")
            return time.perf_counter() - start

        print("import".ljust(20), by_turns(binaries, imported, rounds))
        filled = []
        for number, binary in enumerate(binaries):
            own = str(Path(folder, f"data-{number}"))
            run(binary, "import", str(rows), "--data", own, "--dataset", "bench")
            run(binary, "import", str(ARTICLE), "--data", own)
            filled.append((binary, own))

        def exported(kinds: list[str], one) -> float:
            start = time.perf_counter()
            run(one[0], "export", "--data", one[1], "--format", "parquet", "-o", str(Path(folder, "out")), *kinds)
            return time.perf_counter() - start

        for name, kinds in {"Parquet, events": ["--record", "event"], "Parquet, all": []}.items():
            print(name.ljust(20), by_turns(filled, lambda one: exported(kinds, one), rounds))
        served = [serve(binary, own) for binary, own in filled]
        window = "&from=2014&to=2015&limit=50"
        quoted = [urllib.parse.quote(name) for name in names]
        pairs = list(zip(quoted, quoted[1:]))[:60]
        year = "from=2014&to=2014"
        paths = lambda mode: [f"/api/v1/paths?source={a}&target={b}&mode={mode}&{year}" for a, b in pairs[:30]]
        questions = {
            "timeline by name": [f"/api/v1/timeline?actor={name}{window}" for name in quoted],
            "timeline by alias": ["/api/v1/timeline?actor=DPRK&from=2023"] * 100,
            "timeline by office": ["/api/v1/timeline?actor=Secretary+of+State&from=2023-06-16&to=2023-06-16"] * 100,
            "timeline by id": ["/api/v1/timeline?actor=usa"] * 100,
            "histogram": [f"/api/v1/timeline/histogram?actor={name}&bin=month" for name in quoted[:60]],
            "dyad": [f"/api/v1/dyads/{a}/{b}" for a, b in pairs],
            "series": [f"/api/v1/dyads/{a}/{b}/series?bin=month" for a, b in pairs],
            "relationships": [f"/api/v1/actors/{name}/relationships?limit=20&{year}" for name in quoted[:40]],
            "paths, fewest": paths("fewest"),
            "paths, in time": paths("chronological"),
            "reach": [f"/api/v1/reach?source={name}&{year}&limit=20" for name in quoted[:20]],
            "graph": [f"/api/v1/graph?actor={name}&{year}&limit=50" for name in quoted[:20]],
            "pagerank": [f"/api/v1/rankings?by=pagerank&{year}&limit=20"] * 20,
            "summary": [f"/api/v1/summary?{year}"] * 5,
            "rolled-up dyad": ["/api/v1/timeline?between=usa&between=kor&rollup=state&from=2023-06"] * 100,
        }
        for name, paths in questions.items():
            once = lambda one: statistics.median(ask(one[1], path) for path in paths)
            print(name.ljust(20), by_turns(served, once, rounds))
        for process, _ in served:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
