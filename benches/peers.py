#!/usr/bin/env python3
"""Asks plain Python, SQLite, DuckDB and Raphtory some of the benchmark's questions, as far as they are installed.

    peers.py FOLDER

FOLDER holds what `workload` writes there: `events.tsv` (number, source, relation, target, day, month),
`names.txt` (of each actor), `classes.tsv` (the quad class of each relation) and `questions.json`, whose first questions of each
kind have their answers beside them. A peer that answers one of them wrongly is not timed. Prints a
line a peer: its name, a tab, and a JSON object of numbers, or why it was passed over.
"""
import bisect
import collections
import heapq
import itertools
import json
import os
import shutil
import sys
import time

ROUNDS = 5
SECONDS = 1.5  # of each round of each kind


class Lists:
    """Plain Python, as a script would have it: all in memory, tuples in lists by actor and by pair, in the
    order of time. It needs nothing to be installed; for ranks it takes rustworkx, where that is."""

    def __init__(self, folder, events, classes):
        with open(os.path.join(folder, "names.txt"), encoding="utf-8") as file:
            self.names = file.read().split("\n")
        self.classes = classes
        self.all, self.by_actor, self.by_pair = [], collections.defaultdict(list), collections.defaultdict(list)
        for number, source, relation, target, day, month in events():
            event = (day, number, source, relation, target, month)
            self.all.append(event)
            self.by_actor[source].append(event)
            if source != target:
                self.by_actor[target].append(event)
                self.by_pair[min(source, target), max(source, target)].append(event)

    @staticmethod
    def within(events, first, last):
        return events[bisect.bisect_left(events, (first,)) : bisect.bisect_left(events, (last + 1,))]

    def rows(self, events):
        names = self.names
        return [(number, source, relation, target, day, names[source], names[target]) for day, number, source, relation, target, _ in events]

    def timeline(self, actor, first, last, limit):
        return self.rows(reversed(self.within(self.by_actor[actor], first, last)[-limit:]))

    def dyad(self, a, b, first, last):
        return self.rows(self.within(self.by_pair.get((min(a, b), max(a, b)), ()), first, last))

    def months(self, a, b):
        events = self.by_pair[min(a, b), max(a, b)]
        counts = collections.Counter((event[5], self.classes[event[3]]) for event in events)
        return [(*key, count) for key, count in counts.items()]

    def path(self, a, b, first, last, hops):
        """From both ends, the smaller side first; the actors, and the records of each hop."""
        sides = ({a: None}, [a]), ({b: None}, [b])
        for _ in range(hops):
            before, edge = side = min(sides, key=lambda side: len(side[1]))
            other = sides[1][0] if side is sides[0] else sides[0][0]
            reached = []
            for actor in edge:
                for _, _, source, _, target, _ in self.within(self.by_actor[actor], first, last):
                    found = target if source == actor else source
                    if found not in before:
                        before[found] = actor
                        reached.append(found)
                        if found in other:
                            return self.chain(sides, found, first, last)
            edge[:] = reached
        return None

    def chain(self, sides, middle, first, last):
        halves = []
        for before, _ in sides:
            actor, half = middle, []
            while actor is not None:
                half.append(actor)
                actor = before[actor]
            halves.append(half)
        actors = halves[0][::-1] + halves[1][1:]
        return actors, [[row[0] for row in self.dyad(a, b, first, last)] for a, b in zip(actors, actors[1:])]

    def reach(self, actor, first, last):
        arrived = {actor: first}
        for day, events in itertools.groupby(self.within(self.all, first, last), key=lambda event: event[0]):
            events = [(event[2], event[4]) for event in events]
            before = 0
            while before < len(arrived):
                before = len(arrived)
                for source, target in events:
                    if source in arrived and target not in arrived:
                        arrived[target] = day
        del arrived[actor]
        return arrived

    def rank(self, first, last):
        import rustworkx

        graph, nodes = rustworkx.PyDiGraph(multigraph=False), {}
        for source, target in {(event[2], event[4]) for event in self.within(self.all, first, last) if event[2] != event[4]}:
            for actor in (source, target):
                if actor not in nodes:
                    nodes[actor] = graph.add_node(actor)
            graph.add_edge(nodes[source], nodes[target], 1.0)
        ranks = rustworkx.pagerank(graph, alpha=0.85, tol=1e-6)
        return [(graph[node], score) for node, score in heapq.nlargest(10, ranks.items(), key=lambda item: item[1])]


class SQLite:
    def __init__(self, folder, events, classes):
        import sqlite3

        self.db = sqlite3.connect(os.path.join(folder, "peer.sqlite"), isolation_level=None)
        run = self.db.execute
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=FULL")
        run("CREATE TABLE relation(id INTEGER PRIMARY KEY, class INTEGER)")
        run("CREATE TABLE event(id INTEGER PRIMARY KEY, source INTEGER, relation INTEGER, target INTEGER, day INTEGER, month INTEGER)")
        run("BEGIN")
        self.db.executemany("INSERT INTO relation VALUES(?,?)", enumerate(classes))
        self.db.executemany("INSERT INTO event VALUES(?,?,?,?,?,?)", events())
        run("CREATE INDEX by_source ON event(source, day, id)")
        run("CREATE INDEX by_target ON event(target, day, id)")
        run("CREATE INDEX by_pair ON event(source, target, day)")
        run("COMMIT")

    def rows(self, sql, values):
        return self.db.execute(sql, values).fetchall()

    def timeline(self, actor, first, last, limit):
        half = "SELECT * FROM (SELECT id,source,relation,target,day FROM event WHERE {}=? {} AND day BETWEEN ? AND ? ORDER BY day DESC,id DESC LIMIT ?)"
        sql = f"{half.format('source', '')} UNION ALL {half.format('target', 'AND source<>?')} ORDER BY day DESC,id DESC LIMIT ?"
        return self.rows(sql, (actor, first, last, limit, actor, actor, first, last, limit, limit))

    def dyad(self, a, b, first, last):
        half = "SELECT id,source,relation,target,day FROM event WHERE source=? AND target=? AND day BETWEEN ? AND ?"
        return self.rows(f"{half} UNION ALL {half} ORDER BY day,id", (a, b, first, last, b, a, first, last))

    def months(self, a, b):
        half = "SELECT month,relation FROM event WHERE source=? AND target=?"
        sql = f"SELECT e.month,r.class,count(*) FROM ({half} UNION ALL {half}) e JOIN relation r ON r.id=e.relation GROUP BY 1,2"
        return self.rows(sql, (a, b, b, a))


class DuckDB(SQLite):
    def __init__(self, folder, events, classes):
        import duckdb

        del events
        self.db = duckdb.connect(os.path.join(folder, "peer.duckdb"))
        columns = "{'id':'BIGINT','source':'INTEGER','relation':'INTEGER','target':'INTEGER','day':'INTEGER','month':'INTEGER'}"
        path = os.path.join(folder, "events.tsv")
        self.db.execute("CREATE TABLE relation(id INTEGER, class INTEGER)")
        self.db.executemany("INSERT INTO relation VALUES(?,?)", list(enumerate(classes)))
        self.db.execute(f"CREATE TABLE event AS SELECT * FROM read_csv('{path}', delim='\t', header=false, columns={columns})")
        self.db.execute("CREATE INDEX by_source ON event(source)")
        self.db.execute("CREATE INDEX by_target ON event(target)")
        self.db.execute("CHECKPOINT")


class Raphtory:
    def __init__(self, folder, events, classes):
        import pandas
        from raphtory import Graph

        self.classes = classes
        names = ["id", "source", "relation", "target", "day", "month"]
        frame = pandas.read_csv(os.path.join(folder, "events.tsv"), sep="\t", header=None, names=names)
        frame["source"], frame["target"] = frame.source.astype(str), frame.target.astype(str)
        self.graph = Graph()
        load = getattr(self.graph, "load_edges", None) or self.graph.load_edges_from_pandas
        load(frame, time="day", src="source", dst="target", properties=["id", "relation", "month"])
        self.graph.save_to_file(os.path.join(folder, "peer.raphtory"))
        os.sync()

    @staticmethod
    def rows(edges):
        each = edges.explode()
        ends = zip(each.properties.get("id"), each.id, each.properties.get("relation"), each.time)
        day = lambda time: time if isinstance(time, int) else time.t
        return [(number, int(pair[0]), relation, int(pair[1]), day(time)) for number, pair, relation, time in ends]

    def timeline(self, actor, first, last, limit):
        node = self.graph.window(first, last + 1).node(str(actor))
        rows = [] if node is None else self.rows(node.edges)
        return heapq.nlargest(limit, rows, key=lambda row: (row[4], row[0]))

    def pair(self, graph, a, b):
        edges = [graph.edge(str(a), str(b)), graph.edge(str(b), str(a))]
        return [edge for edge in edges if edge is not None]

    def dyad(self, a, b, first, last):
        graph = self.graph.window(first, last + 1)
        rows = [row for edge in self.pair(graph, a, b) for row in self.rows(edge)]
        return sorted(rows, key=lambda row: (row[4], row[0]))

    def months(self, a, b):
        counts = collections.Counter()
        for edge in self.pair(self.graph, a, b):
            each = edge.explode()
            for month, relation in zip(each.properties.get("month"), each.properties.get("relation")):
                counts[(month, self.classes[relation])] += 1
        return [(*key, count) for key, count in counts.items()]


def numbers(kind, answer):
    """An answer as the questions' file has it."""
    if kind == "months":
        return sorted(list(map(int, row)) for row in answer)
    if kind == "path":
        return len(answer[1]) if answer else 0
    if kind == "reach":
        return sorted(map(list, answer.items()))
    if kind == "rank":
        return [score for _, score in answer]
    return [int(row[0]) for row in answer]


def agree(kind, answer, expected):
    if kind == "rank":
        return len(answer) == len(expected) and all(abs(a - b) < 1e-4 for a, b in zip(answer, expected))
    return answer == expected


def timed(ask, questions):
    """Median p50 and p99 of some rounds, in seconds."""
    halves, worst = [], []
    for _ in range(ROUNDS):
        each, end = [], time.perf_counter() + SECONDS
        for question in questions:
            start = time.perf_counter()
            ask(*question)
            each.append(time.perf_counter() - start)
            if time.perf_counter() > end:
                break
        each.sort()
        halves.append(each[len(each) // 2])
        worst.append(each[min(len(each) - 1, len(each) * 99 // 100)])
    return [sorted(halves)[ROUNDS // 2], sorted(worst)[ROUNDS // 2]]


def measure(peer, folder, questions, classes, count):
    def events():
        with open(os.path.join(folder, "events.tsv"), encoding="ascii") as file:
            for line in file:
                yield tuple(map(int, line.split("\t")))

    start = time.perf_counter()
    peer = peer(folder, events, classes)
    found = {"events_per_second": count / (time.perf_counter() - start)}
    for kind, asked in questions.items():
        ask = getattr(peer, kind, None)
        if ask is None:
            continue
        try:
            ask(*asked["questions"][0])
        except ImportError:
            continue
        for question, expected in zip(asked["questions"], asked["answers"]):
            answer = numbers(kind, ask(*question))
            if not agree(kind, answer, expected):
                raise ValueError(f"{kind} {question}: {answer} is not {expected}")
        found[kind] = timed(ask, asked["questions"])
    return found


def main(folder):
    with open(os.path.join(folder, "questions.json"), encoding="ascii") as file:
        questions = json.load(file)
    with open(os.path.join(folder, "classes.tsv"), encoding="ascii") as file:
        classes = [int(line) for line in file]
    with open(os.path.join(folder, "events.tsv"), "rb") as file:
        count = sum(1 for _ in file)
    for peer in (Lists, SQLite, DuckDB, Raphtory):
        own = os.path.join(folder, peer.__name__)
        os.makedirs(own)
        for name in ("events.tsv", "names.txt"):
            os.symlink(os.path.join("..", name), os.path.join(own, name))
        try:
            print(peer.__name__, json.dumps(measure(peer, own, questions, classes, count)), sep="\t", flush=True)
        except ImportError as missing:
            print(peer.__name__, f"passed over: {missing}", sep="\t", flush=True)
        except ValueError as wrong:
            print(peer.__name__, f"passed over, its answer is wrong: {wrong}", sep="\t", flush=True)
        except Exception as failure:  # Whatever a peer raises is no reason to leave the others out.
            print(peer.__name__, f"passed over: {failure!r}", sep="\t", flush=True)
        shutil.rmtree(own)


if __name__ == "__main__":
    main(sys.argv[1])
