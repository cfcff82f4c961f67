#!/usr/bin/env python3
"""Whether two binaries answer the same: `benches/compare.py OLD NEW [QUESTIONS]`.

Both serve the article and ICEWS14 (the folder `tkg/icews14` below CHANCERY_DATA; without it the quadruples of
`in_turn.py`). The same questions, drawn from a seed, are asked of both: every path of the older binary's API with its
parameters, about actors, windows and filters drawn at random, and every file that it exports. Prints what differs,
grouped by path; members that are new in one are named. Ends with 1 when anything differs that `RENAMED` and `ADDED`
do not tell of.
"""

import collections
import http.client
import io
import json
import os
import random
import re
import sys
import tempfile
import time
import urllib.parse
import zipfile
from pathlib import Path

from in_turn import ARTICLE, quadruples, run, serve

DATA = Path(os.environ.get("CHANCERY_DATA", Path(__file__).parents[2] / "shared/data")) / "tkg/icews14"
# Members sent under two names now, as CHANGELOG says: new to old.
RENAMED = {"kind": "code", "referenced_by": "named_by", "truncated": "given_up"}
# Members that the newer binary adds to answers of before.
ADDED = {"merged_from", "merged", "match"}
# When something was recorded: each binary wrote its own record.
RECORDED = re.compile(time.strftime(r"%Y-%m-%dT[\d:.]+Z|%Y%m%dT\d{6}Z", time.gmtime()).encode())
# What a value is that differs with every run or release.
SHIFTING = {"instance", "elapsed_ms", "version", "request_id", "at", "recorded_at"}
VALUES = {
    "from": ["2014-03", "2014-06-01", "2023-02", "2014"], "to": ["2014-05", "2014-09-30", "2023-06", "2014"],
    "certain": ["true"], "occurrence": ["any"], "order": ["asc", "desc"], "type": ["CONSULT", "THREATEN"],
    "cameo": ["04", "112"], "quad": ["verbal_conflict", "material_cooperation"], "status": ["cancelled"],
    "role": ["source", "target"], "kind": ["person", "state"], "record": ["event", "statement"],
    "scheme": ["cameo", "icews"], "rollup": ["state"], "limit": ["1", "7", "40"], "bin": ["month", "year", "week"],
    "by": ["pagerank", "degree", "betweenness", "type", "records", "quad"], "mode": ["fewest", "strongest", "chronological"],
    "hops": ["1", "2"], "max_hops": ["3", "4"], "directed": ["true"], "match": ["any", "all"], "way": ["either"],
    "q": ["talks", "China", "negotiating", "Blinken", "visit Beijing", "Merkel"], "in": ["actors", "statements"],
    "name": ["an", "Park", "China"], "prefix": ["chi", "bli", "south"], "min_confidence": ["0.5"], "evidence": ["1", "3"],
    "format": [], "known_at": [], "cursor": [], "exclude_dataset": [],
}


def ids_of(connection, kind: str) -> list[str]:
    """The ids of the records of a kind, 10,000 at the most."""
    found, cursor = [], ""
    while len(found) < 10_000:
        page = json.loads(get(connection, f"/api/v1/{kind}?limit=1000{cursor}")[2])
        found += [item["id"] for item in page["items"]]
        if not page.get("next"):
            break
        cursor = "&cursor=" + urllib.parse.quote(page["next"])
    return found


def get(connection, path: str):
    for _ in range(2):
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.getheader("content-type", ""), answer.read()
        except (http.client.RemoteDisconnected, ConnectionError):
            # A service may close a connection after an answer; the next request opens one.
            connection.close()
    raise SystemExit(f"no answer to {path}")


def draw(api: dict, ids: dict[str, list[str]], drawn: random.Random) -> tuple[str, str]:
    """A path of the API and a question of it: half of them about the article's few actors, so that something is found."""
    who = lambda: drawn.choice(ids["actors"] if drawn.random() < 0.5 else ["usa", "prk", "chn", "kor", "antony-blinken", "park-jin"])
    paths = [path for path, of in api["paths"].items() if "get" in of and path.startswith("/api/v1/")]
    template = path = drawn.choice([path for path in paths if not any(word in path for word in ("imports", "changes", "diff"))])
    asked = {}
    for parameter in api["paths"][template]["get"].get("parameters", []):
        parameter = parameter if "name" in parameter else api["components"]["parameters"][parameter["$ref"].split("/")[-1]]
        name = parameter["name"]
        if parameter["in"] == "path":
            records = ids.get(template.split("/")[3])
            value = drawn.choice(records) if records and template.split("/")[3] != "actors" else who()
            path = path.replace("{%s}" % name, urllib.parse.quote(value))
        elif parameter["in"] == "query" and (parameter.get("required") or drawn.random() < 0.2):
            if values := VALUES.get(name, [who()] if name in ("actor", "source", "target", "via", "avoid", "speaker", "toward") else []):
                asked[name] = drawn.choice(values)
    if "histogram" in path or "series" in path:
        asked.setdefault("bin", "month")
    if "compare" in path:
        asked |= {"base_from": "2014-03", "base_to": "2014-05", "from": "2014-06-01", "to": "2014"}
    return template, path + ("?" + urllib.parse.urlencode(asked) if asked else "")


def files() -> list[str]:
    exports = [f"/api/v1/export?format={form}" for form in ("jsonl", "csv", "nquads", "jsonld", "parquet", "graphml", "gexf")]
    of_actor = ("csv", "ics", "timelinejs", "vis", "json")
    timelines = [f"/api/v1/timeline?actor={actor}&format={form}" for actor in ("usa", "china", "antony-blinken") for form in of_actor]
    graphs = [f"/api/v1/graph?actor=usa&format={form}" for form in ("gexf", "graphml", "cytoscape", "csv")]
    return exports + timelines + graphs


def plain(value):
    """Without what shifts, and with the names of before."""
    if isinstance(value, dict):
        kept = {key: plain(inner) for key, inner in value.items() if key not in SHIFTING | ADDED}
        return {key: inner for key, inner in kept.items() if not (key in RENAMED and RENAMED[key] in kept)}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def differing(old, new, at: str = "") -> str | None:
    """The first place where two values differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            if key not in old or key not in new:
                return f"{at}.{key} only in {'new' if key in new else 'old'}"
            if found := differing(old[key], new[key], f"{at}.{key}"):
                return found
        return None
    if isinstance(old, list) and isinstance(new, list):
        for number, pair in enumerate(zip(old, new)):
            if found := differing(*pair, f"{at}[{number}]"):
                return found
        return None if len(old) == len(new) else f"{at}: {len(old)} and {len(new)} elements"
    return None if old == new else f"{at}: {str(old)[:80]!r} and {str(new)[:80]!r}"


def compared(old, new) -> str | None:
    """What differs between two answers."""
    if old[0] != new[0]:
        return f"status {old[0]} and {new[0]}: {new[2][:120]!r}"
    # Problems have other words; which one it is has to be the same.
    if old[2] == new[2] or (old[0] >= 400 and json.loads(old[2])["code"] == json.loads(new[2])["code"]):
        return None
    if "zip" in old[1]:
        return archives(old[2], new[2])
    before, after = (RECORDED.sub(b"now", answer[2]) for answer in (old, new))
    if before == after:
        return None
    try:
        return differing(plain(json.loads(before)), plain(json.loads(after)))
    except ValueError:
        return f"{len(before)} and {len(after)} bytes of {old[1]}"


def archives(old: bytes, new: bytes) -> str | None:
    """What differs between the files of two archives; files of the newer one alone do not count."""
    before, after = (zipfile.ZipFile(io.BytesIO(archive)) for archive in (old, new))
    for name in before.namelist():
        if name not in after.namelist():
            return f"{name} only in old"
        old_file, new_file = (RECORDED.sub(b"now", archive.read(name)) for archive in (before, after))
        if old_file != new_file:
            lines = zip(old_file.splitlines(), new_file.splitlines())
            line = next((pair for pair in lines if pair[0] != pair[1]), (b"", b""))
            return f"{name}: {len(old_file)} and {len(new_file)} bytes: {line[0][:90]!r} and {line[1][:90]!r}"
    return None


def compare(connections, count: int) -> int:
    """Asks both, prints what differs, and gives the number of answers that do."""
    drawn = random.Random(20)
    api = json.loads(get(connections[0], "/openapi.json")[2])
    kinds = ("actors", "sources", "relations", "events", "statements")
    ids = {kind: ids_of(connections[0], kind) for kind in kinds}
    asked = [(path, path) for path in files()] + [draw(api, ids, drawn) for _ in range(count)]
    statuses, found = collections.Counter(), collections.defaultdict(list)
    for template, path in asked:
        old, new = (get(connection, path) for connection in connections)
        statuses[old[0]] += 1
        if what := compared(old, new):
            found[template].append((path, what))
    for template, differences in sorted(found.items(), key=lambda item: -len(item[1])):
        print(f"{len(differences):5} {template}")
        for path, what in differences[:3]:
            print(f"      {what}\n        {path}")
    total = sum(map(len, found.values()))
    print(f"{len(asked)} questions, answers {dict(statuses)}, {total} differ")
    return total


def main() -> None:
    binaries, count = sys.argv[1:3], int(sys.argv[3]) if len(sys.argv) > 3 else 2_500
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder, "rows.quads")
        given = sorted(DATA.glob("*.txt")) if DATA.is_dir() else []
        if given:
            rows.write_bytes(b"".join(file.read_bytes() for file in given))
        else:
            quadruples(rows)
        served = []
        for number, binary in enumerate(binaries):
            data = str(Path(folder, f"data-{number}"))
            run(binary, "import", str(rows), "--data", data, "--dataset", "icews14")
            run(binary, "import", str(ARTICLE), "--data", data)
            served.append(serve(binary, data))
        try:
            total = compare([connection for _, connection in served], count)
        finally:
            for process, _ in served:
                process.terminate()
                process.wait()
        sys.exit(1 if total else 0)


if __name__ == "__main__":
    main()
