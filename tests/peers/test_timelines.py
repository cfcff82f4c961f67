"""iCalendar and GeoJSON in parsers; TimelineJS and vis-timeline under their documented rules."""

import datetime
import json
import unittest

import geojson
import icalendar

from peers import serving


class Timelines(unittest.TestCase):
    def setUp(self):
        context = serving()
        self.service = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        records = self.service.items("timeline")
        self.records = [record for record in records if {"earliest", "latest"} & set(record)]
        # Where one end is open, a file stands on the days of the other.
        self.assertTrue(any("earliest" not in record for record in self.records))

    def test_a_calendar_has_each_dated_record_on_its_days(self):
        body, headers = self.service.get("timeline", format="ics")
        self.assertEqual(headers["Content-Type"], "text/calendar; charset=utf-8")
        for line in body.split(b"\r\n"):
            self.assertLessEqual(len(line), 75, line)
        calendar = icalendar.Calendar.from_ical(body)
        self.assertEqual(calendar.errors, [])
        events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
        self.assertEqual(len(events), len(self.records))
        self.assertEqual(int(headers["Chancery-Records"]), len(events))
        for record in self.records:
            event = events[f"{record['record']}:{record['id']}@chancery"]
            self.assertEqual(event.errors, [])
            start = event["dtstart"].dt
            self.assertNotIsInstance(start, datetime.datetime, "days are no instants")
            if "earliest" in record:
                self.assertEqual(str(start), record["earliest"])
            else:
                self.assertLessEqual(str(start), record["latest"])
                self.assertIn(f"Date as given: {record['date']}", str(event["description"]))
            if "latest" in record:
                last = event["dtend"].dt - datetime.timedelta(days=1)
                self.assertEqual(str(last), record["latest"])
            else:
                self.assertNotIn("dtend", event)
            if record.get("precision") not in ("day", None):
                self.assertIn("Date as given: ", str(event["description"]))
            for citation in record.get("sources", []):
                if "quote" in citation:
                    # A calendar has one kind of line break.
                    quote = citation["quote"].replace("\r\n", "\n")
                    self.assertIn(quote, str(event["description"]))

    def date(self, date):
        self.assertIsInstance(date["year"], int)
        self.assertLessEqual(set(date), {"year", "month", "day"})
        if "day" in date:
            self.assertIn("month", date)
        self.assertIn(date.get("month", 1), range(1, 13))
        self.assertIn(date.get("day", 1), range(1, 32))

    def test_timelinejs_takes_each_slide(self):
        body, headers = self.service.get("timeline", format="timelinejs")
        timeline = json.loads(body)
        self.assertLessEqual(set(timeline), {"title", "events", "eras", "scale"})
        slides = {}
        for slide in timeline["events"]:
            allowed = {"unique_id", "start_date", "end_date", "display_date", "text", "group"}
            self.assertLessEqual(set(slide), allowed)
            self.assertNotIn(slide["unique_id"], slides)
            slides[slide["unique_id"]] = slide
            self.date(slide["start_date"])
            if "end_date" in slide:
                self.date(slide["end_date"])
            self.assertTrue(slide["text"]["headline"])
            for text in slide["text"].values():
                bare = text.replace("<br>", "")
                self.assertNotIn("<", bare)
                self.assertNotIn(">", bare)
        for era in timeline["eras"]:
            self.assertEqual(set(era), {"start_date", "end_date", "text"})
            self.date(era["start_date"])
            self.date(era["end_date"])
        self.assertEqual(len(slides) + len(timeline["eras"]), len(self.records))
        for record in self.records:
            slide = slides.get(f"{record['record']}:{record['id']}")
            if slide and record.get("precision") == "month":
                year, month, _ = record["earliest"].split("-")
                self.assertEqual(slide["start_date"], {"year": int(year), "month": int(month)})
                self.assertEqual(slide["display_date"], record["date"])

    def test_vis_takes_each_item(self):
        body, _ = self.service.get("timeline", format="vis")
        timeline = json.loads(body)
        groups = {group["id"] for group in timeline["groups"]}
        items = {}
        for item in timeline["items"]:
            self.assertNotIn(item["id"], items)
            items[item["id"]] = item
            self.assertIn(item["type"], ("box", "point", "range", "background"))
            self.assertIn(item["group"], groups)
            if item["type"] in ("range", "background"):
                self.assertLess(item["start"], item["end"])
            for text in (item["content"], item.get("title", "")):
                self.assertNotIn("<", text)
        self.assertEqual(len(items), len(self.records))
        for record in self.records:
            item = items[f"{record['record']}:{record['id']}"]
            if "earliest" in record:
                self.assertEqual(item["start"], record["earliest"])
            else:
                self.assertLessEqual(item["start"], record["latest"])

    def test_a_map_is_valid_geojson_with_every_record(self):
        body, headers = self.service.get("timeline", format="geojson")
        self.assertEqual(headers["Content-Type"], "application/geo+json")
        found = geojson.loads(body)
        self.assertIsInstance(found, geojson.FeatureCollection)
        self.assertEqual(found.errors(), [])
        every = self.service.items("timeline")
        self.assertEqual([f["id"] for f in found["features"]], [f"{r['record']}:{r['id']}" for r in every])
        for feature, record in zip(found["features"], every):
            place = record.get("place", {}).get("coordinates")
            point = feature["geometry"] and feature["geometry"]["coordinates"]
            self.assertEqual(point, place and place[::-1])
