"""Graphs in networkx, and rankings against its own."""

import io
import json
import tempfile
import unittest

import networkx

from peers import imported, quads, serving

FORMATS = {
    "gexf": "application/gexf+xml",
    "graphml": "application/graphml+xml",
    "cytoscape": "application/vnd.cytoscape+json",
}


def read(form, body):
    if form == "gexf":
        return networkx.read_gexf(io.BytesIO(body))
    if form == "graphml":
        return networkx.read_graphml(io.BytesIO(body))
    return networkx.cytoscape_graph(json.loads(body))


class Formats(unittest.TestCase):
    def test_networkx_reads_each_format_as_the_same_graph(self):
        with serving() as service:
            graph = service.json("graph", limit=500)
            nodes = {node["actor"]["id"]: node for node in graph["nodes"]}
            links = {frozenset((link["source"], link["target"])): link for link in graph["links"]}
            for form, media_type in FORMATS.items():
                with self.subTest(form):
                    body, headers = service.get("graph", limit=500, format=form)
                    self.assertEqual(headers["Content-Type"].split(";")[0], media_type)
                    again, _ = service.get("graph", limit=500, accept=media_type)
                    self.assertEqual(body, again)
                    found = read(form, body)
                    self.assertEqual(set(found.nodes), set(nodes))
                    self.assertEqual({frozenset(edge) for edge in found.edges}, set(links))
                    for node, data in found.nodes(data=True):
                        self.assertEqual(data["records"], nodes[node]["records"])
                        name = data["label"] if form == "gexf" else data["name"]
                        self.assertEqual(name, nodes[node]["actor"]["name"])
                    for a, b, data in found.edges(data=True):
                        link = links[frozenset((a, b))]
                        self.assertEqual(data["weight"], link["records"])
                        self.assertIn(f"known_at={graph['meta']['known_at']}", data["records_url"])

    def test_events_that_are_asked_for_are_nodes(self):
        with serving() as service:
            graph = service.json("graph", limit=500, events="true")
            actors = {node["actor"]["id"] for node in graph["nodes"]}
            events = {f"event/{event['id']}": event for event in graph["events"]}
            self.assertTrue(events)
            for form in FORMATS:
                with self.subTest(form):
                    body, _ = service.get("graph", limit=500, events="true", format=form)
                    found = read(form, body)
                    self.assertEqual(set(found.nodes), actors | set(events))
                    for node, event in events.items():
                        parts = {part["actor"]["id"] for part in event["participants"]}
                        self.assertEqual(set(found[node]), parts & actors)

    def test_spells_are_the_days_of_the_records(self):
        with serving() as service:
            body, _ = service.get("graph", format="gexf", actor=["antony-blinken", "park-jin"], hops=0)
            found = networkx.read_gexf(io.BytesIO(body))
            (edge,) = found.edges(data=True)
            self.assertIn(("2023-06-16", "2023-06-16"), edge[2]["spells"])
            link = service.json("graph", actor=["antony-blinken", "park-jin"], hops=0)["links"][0]
            self.assertEqual(edge[2]["spells"][0][0], link["first"])


class Rankings(unittest.TestCase):
    """PageRank, degrees and betweenness of public event data."""

    def compare(self, name):
        rows = list(quads(name))
        with tempfile.TemporaryDirectory() as directory:
            data, ids = imported(rows, directory)
            graph = networkx.DiGraph()
            graph.add_nodes_from(ids.values())
            # An actor that acts on itself is no link.
            graph.add_edges_from((ids[s], ids[o]) for s, _, o, _ in rows if s != o)
            with serving(data) as service:
                def scores(by):
                    items = service.items("rankings", by=by, record="event")
                    return {item["actor"]["id"]: item["score"] for item in items}

                exact = networkx.pagerank(graph, alpha=0.85, tol=1e-12, max_iter=1000)
                self.close(scores("pagerank"), exact, 1e-6)
                plain = graph.to_undirected()
                self.close(scores("degree"), dict(plain.degree), 0)
                found = service.items("communities", record="event")
                self.assertEqual(
                    sum(community["size"] for community in found),
                    sum(1 for _, degree in plain.degree if degree),
                )
                # As good as networkx's own Louvain, on the same weights.
                weighted = networkx.Graph()
                for s, _, o, _ in rows:
                    if s != o:
                        before = weighted.get_edge_data(ids[s], ids[o], {"weight": 0})["weight"]
                        weighted.add_edge(ids[s], ids[o], weight=before + 1)
                own = networkx.community.louvain_communities(weighted, seed=1)
                own = networkx.community.modularity(weighted, own)
                modularity = service.json("communities", record="event")["modularity"]
                self.assertGreater(modularity, own - 0.02)

    def close(self, found, expected, tolerance):
        self.assertEqual(set(found), set(expected))
        worst = max(abs(found[actor] - expected[actor]) for actor in expected)
        self.assertLessEqual(worst, tolerance)

    def test_icews14(self):
        self.compare("icews14")

    def test_icews05_15(self):
        self.compare("icews05-15")

    def test_betweenness_of_a_part_of_icews14(self):
        rows = [row for row in quads("icews14") if row[3] < "2014-02"]
        with tempfile.TemporaryDirectory() as directory:
            data, ids = imported(rows, directory)
            plain = networkx.Graph((ids[s], ids[o]) for s, _, o, _ in rows if s != o)
            plain.add_nodes_from(ids.values())
            with serving(data) as service:
                items = service.items("rankings", by="betweenness", record="event")
                self.close(
                    {item["actor"]["id"]: item["score"] for item in items},
                    networkx.betweenness_centrality(plain),
                    1e-9,
                )
