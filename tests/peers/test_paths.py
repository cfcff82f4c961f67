"""Paths agree with networkx, and paths in time with a plain earliest-arrival script."""

import random
import tempfile
import unittest
from collections import defaultdict

import networkx

from peers import imported, quads, serving

PAIRS = 1000
ORIGINS = 20
MAX_HOPS = 8


def events(service):
    """The events as (day, source, target), by day."""
    found = []
    for record in service.lines("export"):
        if record["record"] == "event":
            role = {p["role"]: p["actor"] for p in record["participants"]}
            found.append((record["date"], role["source"], role["target"]))
    return sorted(found)


def days(rows):
    """The links by day."""
    by_day = defaultdict(set)
    for day, a, b in rows:
        if a != b:
            by_day[day].add((a, b))
    return sorted(by_day.items())


def arrivals(by_day, origin, directed):
    """Earliest arrival from an origin: days one after the other, each to its fix-point."""
    reached = {origin: ""}
    for day, links in by_day:
        fresh = True
        while fresh:
            fresh = False
            for a, b in links:
                for one, two in [(a, b)] if directed else [(a, b), (b, a)]:
                    if one in reached and two not in reached:
                        reached[two] = day
                        fresh = True
    del reached[origin]
    return reached


def arrivals_within(rows, origin, hops):
    """Earliest arrival from an origin for each number of hops, whatever the order of records."""
    links = defaultdict(list)
    for day, a, b in rows:
        if a != b:
            links[a].append((day, b))
            links[b].append((day, a))
    best = {origin: ""}
    for _ in range(hops):
        longer = dict(best)
        for actor, day in best.items():
            for when, other in links[actor]:
                if when >= day and when < longer.get(other, "9999"):
                    longer[other] = when
        best = longer
    del best[origin]
    return best


def departures(by_day, target):
    """Latest departure to a target."""
    left = {target: "9999"}
    for day, links in reversed(by_day):
        fresh = True
        while fresh:
            fresh = False
            for a, b in links:
                for one, two in [(a, b), (b, a)]:
                    if one in left and two not in left:
                        left[two] = day
                        fresh = True
    del left[target]
    return left


def lengths(service, rows, pairs):
    """Lengths of shortest paths of random pairs, in the whole and in a year."""
    years = sorted({day[:4] for day, _, _ in rows})
    compared = 0
    for year in [None, years[len(years) // 2]]:
        inside = [(a, b) for day, a, b in rows if year is None or day.startswith(year)]
        graph = networkx.Graph(inside)
        graph.remove_edges_from(list(networkx.selfloop_edges(graph)))
        window = {} if year is None else {"from": year, "to": year}
        for a, b in pairs:
            found = service.json("paths", source=a, target=b, max_hops=MAX_HOPS, limit=1, evidence=0, **window)
            ours = found["paths"][0]["length"] if found["paths"] else None
            theirs = None
            if a in graph and b in graph and networkx.has_path(graph, a, b):
                theirs = networkx.shortest_path_length(graph, a, b)
            if theirs is not None and theirs > MAX_HOPS:
                theirs = None
            assert ours == theirs, (year, a, b, ours, theirs)
            compared += 1
    return compared


def in_time(service, rows, actors, random):
    """Arrivals and departures of some actors with everyone, and of paths of limited length."""
    by_day = days(rows)
    compared = 0
    for origin in random.sample(actors, ORIGINS):
        for directed in [False, True]:
            flag = {"directed": "true"} if directed else {}
            ours = {i["actor"]["id"]: i["day"] for i in service.items("reach", source=origin, **flag)}
            theirs = arrivals(by_day, origin, directed)
            assert ours == theirs, (origin, directed, set(ours.items()) ^ set(theirs.items()))
            compared += len(theirs)
        ours = {i["actor"]["id"]: i["day"] for i in service.items("reach", target=origin)}
        theirs = departures(by_day, origin)
        assert ours == theirs, (origin, set(ours.items()) ^ set(theirs.items()))
        compared += len(theirs)
        within = arrivals_within(rows, origin, MAX_HOPS)
        for target in random.sample(actors, PAIRS // ORIGINS):
            if target == origin:
                continue
            found = service.json("paths", source=origin, target=target, mode="chronological",
                                max_hops=MAX_HOPS, limit=1, evidence=1)
            ours = found["paths"][0]["arrival"] if found["paths"] else None
            assert ours == within.get(target), (origin, target, ours, within.get(target))
            for path in found["paths"]:
                chosen = [hop["evidence"][0]["date"] for hop in path["hops"]]
                assert chosen == sorted(chosen) and chosen[-1] == ours, (origin, target, chosen)
            compared += 1
    return compared


class Paths(unittest.TestCase):
    def compare(self, name):
        with tempfile.TemporaryDirectory() as directory:
            data, _ = imported(list(quads(name)), directory)
            with serving(data) as service:
                rows = events(service)
                actors = sorted({actor for _, a, b in rows for actor in (a, b)})
                seeded = random.Random(14)
                pairs = [tuple(seeded.sample(actors, 2)) for _ in range(PAIRS)]
                self.assertEqual(lengths(service, rows, pairs), 2 * PAIRS)
                self.assertGreater(in_time(service, rows, actors, seeded), PAIRS)

    def test_icews14(self):
        self.compare("icews14")

    def test_icews05_15(self):
        self.compare("icews05-15")
