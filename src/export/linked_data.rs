//! Records as statements of RDF: what N-Quads and JSON-LD have in common.
//!
//! Events are schema.org events, statements its quotations and claims, actors its persons, countries
//! and organizations; sources are entities of PROV-O from which records are derived, with the words
//! quoted as Web Annotation quotes them. Dates as written are EDTF literals with the datatype of the
//! Library of Congress; the days that they may mean stand beside them as `xsd:date`. What none of these
//! vocabularies has (roles, stances, codings) is in our own. There are no blank nodes: every part of a
//! record has a name made of the record's, so two exports of one record are equal line by line.

use crate::clock;
use crate::model::{
    Actor, ActorKind, Citation, Confidence, Date, Day, Event, Id, Judgement, Kind, Record,
    Relation, Scheme, Source, StanceTarget, Statement,
};

use super::format::ExportedRecord;
use super::timeline_entry;

/// The vocabularies by prefix.
pub(super) const PREFIXES: [(&str, &str); 9] = [
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("schema", "https://schema.org/"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("oa", "http://www.w3.org/ns/oa#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("edtf", "http://id.loc.gov/datatypes/edtf/"),
    ("chancery", "urn:chancery:vocabulary:"),
];

/// A name as `prefix:name`, of one of [`PREFIXES`].
pub(super) type PrefixedName = &'static str;

/// What a statement says of its subject.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RdfObject {
    /// A thing, by its full name.
    Thing(String),
    /// A thing of a vocabulary.
    Term(String),
    /// A text, in a language when it is known.
    Text(String, Option<String>),
    /// A value of a datatype.
    Typed(String, PrefixedName),
}

/// A thing and what is said of it.
pub(super) struct RdfNode {
    pub(super) name: String,
    pub(super) says: Vec<(PrefixedName, RdfObject)>,
}

impl RdfNode {
    fn new(name: String, types: &[PrefixedName]) -> Self {
        let says = types
            .iter()
            .map(|of| ("rdf:type", RdfObject::Term((*of).to_owned())));
        Self {
            name,
            says: says.collect(),
        }
    }

    fn thing(&mut self, property: PrefixedName, name: String) {
        self.says.push((property, RdfObject::Thing(name)));
    }

    fn text<T: ToString>(&mut self, property: PrefixedName, text: Option<T>) {
        let text = text.map(|text| RdfObject::Text(text.to_string(), None));
        self.says.extend(text.map(|text| (property, text)));
    }

    fn typed<T: ToString>(&mut self, property: PrefixedName, value: Option<T>, of: PrefixedName) {
        let value = value.map(|value| RdfObject::Typed(value.to_string(), of));
        self.says.extend(value.map(|value| (property, value)));
    }

    fn term(&mut self, property: PrefixedName, word: &str) {
        let term = RdfObject::Term(format!("chancery:{word}"));
        self.says.push((property, term));
    }

    /// A date as written, and the days that it may mean.
    fn date(&mut self, property: PrefixedName, date: Option<&Date>) {
        self.typed(property, date.map(Date::as_written), "edtf:EDTF");
    }

    /// The days of a record.
    fn days(&mut self, record: &Record) {
        let Some(when) = timeline_entry::when(record) else {
            return;
        };
        let day = |day: Day| (day.ymd().0 >= 0).then_some(day);
        self.typed("schema:startDate", when.days.0.and_then(day), "xsd:date");
        self.typed("schema:endDate", when.days.1.and_then(day), "xsd:date");
    }
}

/// The name of the graph of a data set.
pub(super) fn graph(dataset: &Id) -> String {
    format!("urn:chancery:dataset:{dataset}")
}

/// The name of a record.
fn name(kind: Kind, id: &Id) -> String {
    format!("urn:chancery:{kind}:{id}")
}

fn actor_name(id: &Id) -> String {
    name(Kind::Actor, id)
}

/// A record as a node and the nodes of its parts.
pub(super) fn nodes(exported: &ExportedRecord<'_>) -> Vec<RdfNode> {
    let record = &exported.record;
    let mut parts = Vec::new();
    let mut node = match record {
        Record::Source(r) => source(r),
        Record::Actor(r) => actor(r),
        Record::Relation(r) => relation(r, record),
        Record::Event(r) => event(r, record, &mut parts),
        Record::Statement(r) => statement(r, record, &mut parts),
        Record::Judgement(r) => judgement(r),
    };
    cite(&mut node, record.sources(), &mut parts);
    let at = exported.mark.map(|mark| clock::rfc3339(mark.recorded_at));
    node.typed("prov:generatedAtTime", at, "xsd:dateTime");
    let mut all = vec![node];
    all.extend(parts);
    all
}

/// Says what a record is derived from, and with which words.
fn cite(node: &mut RdfNode, citations: &[Citation], parts: &mut Vec<RdfNode>) {
    for (at, citation) in citations.iter().enumerate() {
        let source = name(Kind::Source, &citation.source);
        if !node
            .says
            .contains(&("prov:wasDerivedFrom", RdfObject::Thing(source.clone())))
        {
            node.thing("prov:wasDerivedFrom", source.clone());
        }
        let mut part = RdfNode::new(format!("{}#citation-{at}", node.name), &["prov:Derivation"]);
        part.thing("prov:entity", source);
        part.text("oa:exact", citation.quote.as_ref());
        part.text("chancery:locator", citation.locator.as_ref());
        let confidence = citation.confidence.map(Confidence::get);
        part.typed("chancery:confidence", confidence, "xsd:decimal");
        node.thing("prov:qualifiedDerivation", part.name.clone());
        parts.push(part);
    }
}

fn source(r: &Source) -> RdfNode {
    let mut node = RdfNode::new(
        name(Kind::Source, &r.id),
        &["schema:CreativeWork", "prov:Entity"],
    );
    node.term("dcterms:type", r.kind.as_str());
    node.text("schema:name", r.title.as_ref());
    node.text("schema:publisher", r.publisher.as_ref());
    for author in &r.authors {
        node.text("schema:author", Some(author));
    }
    node.text("schema:sourceOrganization", r.agency.as_ref());
    if let Some(original) = &r.original {
        node.thing("prov:wasQuotedFrom", name(Kind::Source, original));
    }
    // As text: nobody has checked that it is an address.
    node.text("schema:url", r.url.as_ref());
    node.date("schema:datePublished", r.published.as_ref());
    node.text("schema:inLanguage", r.language.as_ref());
    node
}

fn actor(r: &Actor) -> RdfNode {
    let of: PrefixedName = match r.kind {
        ActorKind::Person => "schema:Person",
        ActorKind::State => "schema:Country",
        ActorKind::GovernmentBody => "schema:GovernmentOrganization",
        ActorKind::InternationalOrganization | ActorKind::Organization | ActorKind::ArmedGroup => {
            "schema:Organization"
        }
        ActorKind::Population | ActorKind::Unknown => "schema:Thing",
    };
    let mut node = RdfNode::new(actor_name(&r.id), &[of, "prov:Agent"]);
    node.term("dcterms:type", r.kind.as_str());
    node.text("schema:name", Some(&r.name));
    for alias in &r.aliases {
        let language = alias.language.as_ref().map(ToString::to_string);
        let language = language.filter(|tag| is_language(tag));
        let text = RdfObject::Text(alias.text.to_string(), language);
        node.says.push(("skos:altLabel", text));
    }
    for (scheme, code) in &r.codes {
        node.text("schema:identifier", Some(format!("{scheme}:{code}")));
    }
    node.text("schema:description", r.description.as_ref());
    node
}

/// Whether RDF takes a tag for one of a language (BCP 47 by its shape).
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    // There is always a first part.
    let first = parts.next().unwrap_or_default();
    let short = |part: &str| (1..=8).contains(&part.len());
    short(first)
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| short(part) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn relation(r: &Relation, record: &Record) -> RdfNode {
    let mut node = RdfNode::new(name(Kind::Relation, &r.id), &["schema:Role", "prov:Entity"]);
    node.term("dcterms:type", r.kind.as_str());
    node.thing("chancery:subject", actor_name(&r.subject));
    node.thing("chancery:object", actor_name(&r.object));
    node.text("schema:roleName", r.title.as_ref());
    node.date("chancery:since", r.since.as_ref());
    node.date("chancery:until", r.until.as_ref());
    node.days(record);
    node
}

fn judgement(r: &Judgement) -> RdfNode {
    let mut node = RdfNode::new(name(Kind::Judgement, &r.id), &["prov:Entity"]);
    node.term("dcterms:type", r.verdict.as_str());
    node.thing("chancery:actor", actor_name(&r.actor));
    node.thing("chancery:other", actor_name(&r.other));
    node.text("schema:description", r.reason.as_ref());
    node.text("prov:wasAttributedTo", r.decided_by.as_ref());
    node
}

fn event(r: &Event, record: &Record, parts: &mut Vec<RdfNode>) -> RdfNode {
    let mut node = RdfNode::new(name(Kind::Event, &r.id), &["schema:Event", "prov:Entity"]);
    node.text("schema:name", r.title.as_ref());
    node.date("dcterms:date", r.date.as_ref());
    node.days(record);
    node.text("chancery:plover", r.coding.event_type());
    node.text("chancery:cameo", r.coding.cameo());
    let quad = r.coding.quad_class(Scheme::Icews);
    node.term("chancery:quadClass", quad.as_str());
    node.term("chancery:status", r.status.as_str());
    for (at, participant) in r.participants.iter().enumerate() {
        let who = actor_name(&participant.actor);
        let host = participant.role.as_str() == "host";
        let property = if host {
            "schema:organizer"
        } else {
            "schema:actor"
        };
        node.thing(property, who.clone());
        let mut part = RdfNode::new(format!("{}#participant-{at}", node.name), &["schema:Role"]);
        part.thing("chancery:actor", who);
        part.term("chancery:role", participant.role.as_str());
        node.thing("chancery:participation", part.name.clone());
        parts.push(part);
    }
    if let Some(place) = &r.place {
        let mut part = RdfNode::new(format!("{}#place", node.name), &["schema:Place"]);
        part.text("schema:name", place.name.as_ref());
        part.text("schema:addressCountry", place.country.as_ref());
        let (lat, lon) = place.coordinates.unzip();
        part.typed("schema:latitude", lat, "xsd:decimal");
        part.typed("schema:longitude", lon, "xsd:decimal");
        node.thing("schema:location", part.name.clone());
        parts.push(part);
    }
    for topic in &r.topics {
        node.text("schema:about", Some(topic));
    }
    for link in &r.links {
        let property: PrefixedName = match link.kind.as_str() {
            "follows" => "chancery:follows",
            "responds_to" => "chancery:responds_to",
            "reschedules" => "chancery:reschedules",
            "part_of" => "schema:superEvent",
            "corroborates" => "chancery:corroborates",
            _ => "chancery:contradicts",
        };
        node.thing(property, name(Kind::Event, &link.event));
    }
    node.text("chancery:attributes", r.attributes.as_ref());
    node
}

fn statement(r: &Statement, record: &Record, parts: &mut Vec<RdfNode>) -> RdfNode {
    let of = if r.quote {
        "schema:Quotation"
    } else {
        "schema:Claim"
    };
    let mut node = RdfNode::new(name(Kind::Statement, &r.id), &[of, "prov:Entity"]);
    node.text("schema:text", r.text.as_ref());
    node.date("dcterms:date", r.date.as_ref());
    node.days(record);
    for (property, actors) in [
        ("prov:wasAttributedTo", &r.speakers),
        ("chancery:on_behalf_of", &r.on_behalf_of),
        ("schema:audience", &r.audience),
        ("chancery:relayed_by", &r.relayed_by),
    ] {
        for actor in actors {
            node.thing(property, actor_name(actor));
        }
    }
    if let Some(event) = &r.event {
        node.thing("schema:isPartOf", name(Kind::Event, event));
    }
    for topic in &r.topics {
        node.text("schema:about", Some(topic));
    }
    for (at, stance) in r.stances.iter().enumerate() {
        let mut part = RdfNode::new(format!("{}#stance-{at}", node.name), &["chancery:Stance"]);
        part.term("dcterms:type", stance.stance.as_str());
        match &stance.toward {
            StanceTarget::Actor(actor) => part.thing("chancery:toward", actor_name(actor)),
            StanceTarget::Event(event) => part.thing("chancery:toward", name(Kind::Event, event)),
            StanceTarget::Topic(topic) => part.text("chancery:toward", Some(topic)),
        }
        part.text("schema:about", stance.about.as_ref());
        node.thing("chancery:stance", part.name.clone());
        parts.push(part);
    }
    node
}
