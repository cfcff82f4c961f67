"""Scores against exact fractions, communities against leidenalg, changes against ruptures.

Each small world is a data set of its own in one record, so that a service answers for all of them.
"""

import datetime
import math
import random
import tempfile
import unittest
from collections import Counter
from fractions import Fraction

import igraph
import leidenalg
import numpy
import ruptures

from peers import serving, stored


def records(worlds):
    """The records of worlds: each a list of (source, target, day), actors by number."""
    lines = [{"record": "source", "id": "press", "kind": "dataset"}]
    for world, events in enumerate(worlds):
        for actor in sorted({actor for event in events for actor in event[:2]}):
            lines.append({"record": "actor", "id": name(world, actor), "kind": "state", "name": name(world, actor)})
        for number, (source, target, day) in enumerate(events):
            lines.append(
                {
                    "record": "event",
                    "id": f"w{world}-{number}",
                    "dataset": f"w{world}",
                    "type": "CONSULT",
                    "date": day.isoformat(),
                    "participants": [
                        {"actor": name(world, source), "role": "source"},
                        {"actor": name(world, target), "role": "target"},
                    ],
                    "sources": [{"source": "press"}],
                }
            )
    return lines


def name(world, actor):
    return f"w{world}-a{actor:02}"


DAY = datetime.date(2023, 1, 1)


def small_graphs():
    """Directed graphs of 2 to 7 actors."""
    chance = random.Random(7)
    for _ in range(700):
        actors = chance.randint(2, 7)
        pairs = [(a, b) for a in range(actors) for b in range(actors) if a != b]
        yield [(a, b, DAY) for a, b in chance.sample(pairs, chance.randint(1, min(len(pairs), 2 * actors)))]


def pagerank(edges):
    """PageRank as fractions: the linear equations solved."""
    actors = sorted({actor for edge in edges for actor in edge})
    at = {actor: place for place, actor in enumerate(actors)}
    out = Counter(a for a, _ in edges)
    size, damping = len(actors), Fraction(85, 100)
    rows = [[Fraction(int(i == j)) for j in range(size)] + [(1 - damping) / size] for i in range(size)]
    for a, b in edges:
        rows[at[b]][at[a]] -= damping / out[a]
    for actor in actors:
        if not out[actor]:
            for row in rows:
                row[at[actor]] -= damping / size
    for i in range(size):
        pivot = next(row for row in range(i, size) if rows[row][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [cell / rows[i][i] for cell in rows[i]]
        for j in range(size):
            if j != i and rows[j][i]:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i])]
    return {actor: rows[at[actor]][-1] for actor in actors}


def betweenness(edges):
    """Betweenness as fractions: of each pair, the share of shortest ways that pass an actor."""
    actors = sorted({actor for edge in edges for actor in edge})
    near = {actor: set() for actor in actors}
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)

    def ways(start):
        far, count, front = {start: 0}, {start: 1}, [start]
        while front:
            ahead = []
            for actor in front:
                for other in near[actor]:
                    if other not in far:
                        far[other], count[other] = far[actor] + 1, 0
                        ahead.append(other)
                    if far[other] == far[actor] + 1:
                        count[other] += count[actor]
            front = ahead
        return far, count

    found = {actor: ways(actor) for actor in actors}
    scores = dict.fromkeys(actors, Fraction(0))
    for place, a in enumerate(actors):
        for b in actors[place + 1 :]:
            far, count = found[a]
            if b not in far:
                continue
            for via in actors:
                if via in (a, b) or via not in far:
                    continue
                if far[via] + found[via][0][b] == far[b]:
                    scores[via] += Fraction(count[via] * found[via][1][b], count[b])
    pairs = (len(actors) - 1) * (len(actors) - 2) // 2
    return {actor: score / pairs if pairs else score for actor, score in scores.items()}


class Exact(unittest.TestCase):
    def test_equal_scores_share_a_rank_and_no_order_is_wrong(self):
        worlds = list(small_graphs())
        with tempfile.TemporaryDirectory() as directory, serving(stored(records(worlds), directory)) as service:
            for world, events in enumerate(worlds):
                edges = {event[:2] for event in events}
                for by, exact in (("pagerank", pagerank(edges)), ("betweenness", betweenness(edges))):
                    with self.subTest(by, world=world):
                        items = service.items("rankings", by=by, dataset=f"w{world}")
                        exact = {name(world, actor): score for actor, score in exact.items()}
                        self.assertEqual({item["actor"]["id"] for item in items}, set(exact))
                        for item in items:
                            self.assertAlmostEqual(item["score"], float(exact[item["actor"]["id"]]), delta=1e-6)
                        for before, after in zip(items, items[1:]):
                            one, other = (exact[item["actor"]["id"]] for item in (before, after))
                            self.assertGreaterEqual(one, other)
                            self.assertEqual(before["rank"] == after["rank"], one == other)


def groups(chance):
    """A network of some groups, more at home than elsewhere."""
    size, parts = chance.randint(30, 80), chance.randint(3, 6)
    inside, outside = chance.uniform(0.2, 0.5), chance.uniform(0.02, 0.12)
    events = []
    for a in range(size):
        for b in range(a):
            if chance.random() < (inside if a % parts == b % parts else outside):
                events += [(a, b, DAY)] * chance.randint(1, 3)
    return events


class Communities(unittest.TestCase):
    def test_modularity_is_no_lower_than_that_of_leidenalg(self):
        chance = random.Random(11)
        worlds = [groups(chance) for _ in range(50)]
        with tempfile.TemporaryDirectory() as directory, serving(stored(records(worlds), directory)) as service:
            ours, theirs = [], []
            for world, events in enumerate(worlds):
                weights = Counter((min(pair), max(pair)) for pair in (event[:2] for event in events))
                graph = igraph.Graph(edges=list(weights))
                # Each of its seeds finds another partition.
                for seed in range(1, 5):
                    found = leidenalg.find_partition(
                        graph,
                        leidenalg.ModularityVertexPartition,
                        weights=list(weights.values()),
                        n_iterations=-1,
                        seed=seed,
                    )
                    theirs.append(found.quality())
                ours.append(service.json("communities", dataset=f"w{world}")["modularity"])
            difference = sum(ours) / len(ours) - sum(theirs) / len(theirs)
            print(f"modularity over {len(ours)} graphs: {difference:+.5f} beside leidenalg")
            self.assertGreaterEqual(difference, 0)


class Poisson(ruptures.base.BaseCost):
    """Twice the negative log-likelihood of counts a day of one rate."""

    model = "poisson"
    min_size = 1

    def fit(self, signal):
        self.signal = signal
        self.sums = numpy.concatenate([[0], numpy.cumsum(signal)])
        return self

    def error(self, start, end):
        count = int(self.sums[end] - self.sums[start])
        return 2 * count * (math.log(end - start) - math.log(count)) if count else 0.0


def series(chance, nth):
    """Counts a day: of one rate, or of two."""
    days = chance.randint(40, 120)
    rates = [chance.uniform(0.3, 3)] if nth % 2 else [chance.uniform(0.2, 1), chance.uniform(2, 5)]
    at = chance.randint(days // 4, 3 * days // 4)
    chances = numpy.random.default_rng(nth)
    counts = [int(chances.poisson(rates[0] if day < at else rates[-1])) for day in range(days)]
    # What is observed reaches from the first day with a record to the last.
    counts[0], counts[-1] = max(counts[0], 1), max(counts[-1], 1)
    return counts


class Changes(unittest.TestCase):
    def test_changes_of_a_rate_are_those_of_ruptures(self):
        chance = random.Random(13)
        all_counts = [series(chance, nth) for nth in range(200)]
        days = [DAY + datetime.timedelta(days=day) for day in range(120)]
        worlds = [[(0, 1, days[day]) for day, count in enumerate(counts) for _ in range(count)] for counts in all_counts]
        with tempfile.TemporaryDirectory() as directory, serving(stored(records(worlds), directory)) as service:
            for world, counts in enumerate(all_counts):
                with self.subTest(world=world):
                    answer = service.json(f"dyads/{name(world, 0)}/{name(world, 1)}/series", bin="day")
                    penalty = 3 * math.log(len(counts))
                    self.assertAlmostEqual(answer["method"]["penalty"], penalty, delta=1e-5)
                    search = ruptures.Pelt(custom_cost=Poisson(), min_size=1, jump=1).fit(numpy.array(counts))
                    theirs = [days[day].isoformat() for day in search.predict(pen=penalty)[:-1]]
                    self.assertEqual([change["day"] for change in answer["change_points"]], theirs)
