"""RDF in rdflib."""

import unittest

import rdflib
from rdflib.namespace import RDF

from peers import serving

SCHEMA = rdflib.Namespace("https://schema.org/")
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
EDTF = rdflib.URIRef("http://id.loc.gov/datatypes/edtf/EDTF")


def quads(body, form):
    dataset = rdflib.Dataset()
    dataset.parse(data=body, format=form)
    return {(s, p, o, g) for s, p, o, g in dataset.quads() if g}


class LinkedData(unittest.TestCase):
    def test_n_quads_and_json_ld_say_the_same(self):
        with serving() as service:
            body, headers = service.get("export", format="nquads")
            self.assertEqual(headers["Content-Type"], "application/n-quads")
            flat = quads(body, "nquads")
            body, _ = service.get("export", accept="application/ld+json")
            nested = quads(body, "json-ld")
            self.assertEqual(flat, nested)
            self.assertFalse([s for quad in flat for s in quad if isinstance(s, rdflib.BNode)])
            counts = service.json("summary")["counts"]
            events = {s for s, p, o, _ in flat if p == RDF.type and o == SCHEMA.Event}
            self.assertEqual(len(events), counts["events"])
            cited = {s for s, p, o, _ in flat if p == PROV.wasDerivedFrom}
            self.assertLessEqual(events, cited)
            call = rdflib.URIRef("urn:chancery:event:blinken-park-call-2023-06-16")
            says = {(p, o) for s, p, o, _ in flat if s == call}
            dates = {o for p, o in says if o.__class__ is rdflib.Literal and o.datatype == EDTF}
            self.assertEqual({str(date) for date in dates}, {"2023-06-16"})
            starts = {o.toPython().isoformat() for p, o in says if p == SCHEMA.startDate}
            self.assertEqual(starts, {"2023-06-16"})
