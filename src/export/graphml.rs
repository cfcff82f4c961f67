//! `GraphML`, with typed keys.

use super::event_node::{event_id, event_name, parts};
use super::markup::xml;
use crate::query::answer::{EventNode, GraphAnswer, LinkBetween, NodeAnswer};

/// The keys: of what, name, type.
const KEYS: [(&str, &str, &str); 21] = [
    ("node", "name", "string"),
    ("node", "kind", "string"),
    ("node", "records", "long"),
    ("node", "degree", "long"),
    ("node", "since", "string"),
    ("node", "until", "string"),
    ("node", "records_url", "string"),
    ("node", "date", "string"),
    ("node", "quad_class", "string"),
    ("edge", "weight", "long"),
    ("edge", "verbal_cooperation", "long"),
    ("edge", "material_cooperation", "long"),
    ("edge", "verbal_conflict", "long"),
    ("edge", "material_conflict", "long"),
    ("edge", "a_to_b", "long"),
    ("edge", "b_to_a", "long"),
    ("edge", "together", "long"),
    ("edge", "first", "string"),
    ("edge", "last", "string"),
    ("edge", "records_url", "string"),
    ("edge", "role", "string"),
];

/// A network as `GraphML`.
pub(super) fn graphml(graph: &GraphAnswer<'_>) -> String {
    let head = concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    let keys: String = KEYS.iter().map(key).collect();
    let nodes: String = graph.nodes.iter().map(node).collect();
    let edges: String = graph.links.iter().map(edge).collect();
    let events = || graph.events.iter().flatten();
    let event_nodes: String = events().map(event_node).collect();
    let event_edges: String = events().map(|event| event_edges(graph, event)).collect();
    let all = [
        head,
        &keys,
        "<graph edgedefault=\"undirected\">\n",
        &nodes,
        &event_nodes,
        &edges,
        &event_edges,
        "</graph>\n</graphml>\n",
    ];
    all.concat()
}

fn key((of, name, kind): &(&str, &str, &str)) -> String {
    format!("<key id=\"{of}.{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>\n")
}

fn node(node: &NodeAnswer<'_>) -> String {
    let values = [
        data("node.name", Some(&node.actor.name)),
        data("node.kind", Some(node.actor.kind)),
        data("node.records", Some(node.records)),
        data("node.degree", Some(node.degree)),
        data("node.since", node.since),
        data("node.until", node.until),
        data("node.records_url", Some(&node.records_url)),
    ];
    let id = xml(&node.actor.id);
    format!("<node id=\"{id}\">{}</node>\n", values.concat())
}

fn edge(link: &LinkBetween<'_>) -> String {
    let quad = &link.quad;
    let values = [
        data("edge.weight", Some(link.records)),
        data("edge.verbal_cooperation", Some(quad.verbal_cooperation)),
        data("edge.material_cooperation", Some(quad.material_cooperation)),
        data("edge.verbal_conflict", Some(quad.verbal_conflict)),
        data("edge.material_conflict", Some(quad.material_conflict)),
        data("edge.a_to_b", Some(link.a_to_b)),
        data("edge.b_to_a", Some(link.b_to_a)),
        data("edge.together", Some(link.together)),
        data("edge.first", link.first),
        data("edge.last", link.last),
        data("edge.records_url", Some(&link.records_url)),
    ];
    let (source, target) = (xml(&link.source), xml(&link.target));
    format!(
        "<edge source=\"{source}\" target=\"{target}\">{}</edge>\n",
        values.concat()
    )
}

fn event_node(event: &EventNode<'_>) -> String {
    let values = [
        data("node.name", Some(event_name(event))),
        data("node.kind", Some("event")),
        data("node.date", event.date.as_deref()),
        data("node.quad_class", Some(event.quad_class)),
    ];
    let id = xml(&event_id(event));
    format!("<node id=\"{id}\">{}</node>\n", values.concat())
}

fn event_edges(graph: &GraphAnswer<'_>, event: &EventNode<'_>) -> String {
    let id = xml(&event_id(event));
    let edges = parts(graph, event).into_iter().map(|(actor, roles)| {
        let (actor, role) = (xml(actor), data("edge.role", Some(roles)));
        format!("<edge source=\"{actor}\" target=\"{id}\">{role}</edge>\n")
    });
    edges.collect()
}

fn data<T: ToString>(key: &str, value: Option<T>) -> String {
    let Some(value) = value else {
        return String::new();
    };
    let value = xml(&value.to_string());
    format!("<data key=\"{key}\">{value}</data>")
}
