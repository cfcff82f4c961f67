//! GEXF 1.3 with time intervals.
//!
//! A link has a spell for each stretch of days that its records cover, so that a reader can play the
//! network through time; bounds are inclusive days, a single day is a spell from that day to that day.
//! A node has one from its first record to its last. Links and actors without a date have no spell.
//! Events that are asked for are nodes, each linked with those who took part.

use super::event_node::{event_id, event_name, parts};
use super::markup::xml;
use crate::model::Day;
use crate::query::answer::{EventNode, GraphAnswer, LinkBetween, NodeAnswer};

/// A network as GEXF.
pub(super) fn gexf(graph: &GraphAnswer<'_>) -> String {
    let head = concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n",
        "<graph mode=\"dynamic\" defaultedgetype=\"undirected\" timeformat=\"date\" ",
        "timerepresentation=\"interval\">\n",
        "<attributes class=\"node\" mode=\"static\">\n",
        "<attribute id=\"kind\" title=\"kind\" type=\"string\"/>\n",
        "<attribute id=\"records\" title=\"records\" type=\"integer\"/>\n",
        "<attribute id=\"degree\" title=\"degree\" type=\"integer\"/>\n",
        "<attribute id=\"quad_class\" title=\"quad_class\" type=\"string\"/>\n",
        "<attribute id=\"records_url\" title=\"records_url\" type=\"string\"/>\n",
        "</attributes>\n",
        "<attributes class=\"edge\" mode=\"static\">\n",
        "<attribute id=\"records\" title=\"records\" type=\"integer\"/>\n",
        "<attribute id=\"verbal_cooperation\" title=\"verbal_cooperation\" type=\"integer\"/>\n",
        "<attribute id=\"material_cooperation\" title=\"material_cooperation\" type=\"integer\"/>\n",
        "<attribute id=\"verbal_conflict\" title=\"verbal_conflict\" type=\"integer\"/>\n",
        "<attribute id=\"material_conflict\" title=\"material_conflict\" type=\"integer\"/>\n",
        "<attribute id=\"records_url\" title=\"records_url\" type=\"string\"/>\n",
        "<attribute id=\"role\" title=\"role\" type=\"string\"/>\n",
        "</attributes>\n<nodes>\n",
    );
    let nodes: String = graph.nodes.iter().map(node).collect();
    let edges: String = graph.links.iter().map(edge).collect();
    let events = || graph.events.iter().flatten();
    let event_nodes: String = events().map(event_node).collect();
    let event_edges: String = events().map(|event| event_edges(graph, event)).collect();
    let all = [
        head,
        &nodes,
        &event_nodes,
        "</nodes>\n<edges>\n",
        &edges,
        &event_edges,
        "</edges>\n</graph>\n</gexf>\n",
    ];
    all.concat()
}

fn node(node: &NodeAnswer<'_>) -> String {
    let (id, label) = (xml(&node.actor.id), xml(&node.actor.name));
    let bounds = [("start", node.since), ("end", node.until)];
    let bounds = bounds.map(|(name, day)| day.map_or_else(String::new, |d| bound(name, d)));
    let values = [
        ("kind", node.actor.kind.to_owned()),
        ("records", node.records.to_string()),
        ("degree", node.degree.to_string()),
        ("records_url", node.records_url.to_string()),
    ];
    format!(
        "<node id=\"{id}\" label=\"{label}\"{}>\n{}</node>\n",
        bounds.concat(),
        attributes(&values)
    )
}

fn edge(link: &LinkBetween<'_>) -> String {
    let (source, target) = (xml(&link.source), xml(&link.target));
    let weight = link.records;
    let values = [
        ("records", link.records.to_string()),
        (
            "verbal_cooperation",
            link.quad.verbal_cooperation.to_string(),
        ),
        (
            "material_cooperation",
            link.quad.material_cooperation.to_string(),
        ),
        ("verbal_conflict", link.quad.verbal_conflict.to_string()),
        ("material_conflict", link.quad.material_conflict.to_string()),
        ("records_url", link.records_url.to_string()),
    ];
    let spells: String = link.spells.iter().map(spell).collect();
    let spells = if spells.is_empty() {
        spells
    } else {
        format!("<spells>\n{spells}</spells>\n")
    };
    format!(
        "<edge id=\"{source} {target}\" source=\"{source}\" target=\"{target}\" \
         weight=\"{weight}\">\n{}{spells}</edge>\n",
        attributes(&values)
    )
}

fn event_node(event: &EventNode<'_>) -> String {
    let (id, label) = (xml(&event_id(event)), xml(event_name(event)));
    let values = [
        ("kind", "event".to_owned()),
        ("quad_class", event.quad_class.to_owned()),
    ];
    format!(
        "<node id=\"{id}\" label=\"{label}\"{}>\n{}</node>\n",
        event_bounds(event),
        attributes(&values)
    )
}

fn event_edges(graph: &GraphAnswer<'_>, event: &EventNode<'_>) -> String {
    let id = xml(&event_id(event));
    let edges = parts(graph, event).into_iter().map(|(actor, roles)| {
        let actor = xml(actor);
        format!(
            "<edge id=\"{actor} {id}\" source=\"{actor}\" target=\"{id}\"{}>\n{}</edge>\n",
            event_bounds(event),
            attributes(&[("role", roles)])
        )
    });
    edges.collect()
}

fn event_bounds(event: &EventNode<'_>) -> String {
    let days = event
        .days
        .map(|(first, last)| bound("start", first) + &bound("end", last));
    days.unwrap_or_default()
}

fn spell((first, last): &(Day, Option<Day>)) -> String {
    let end = last.map_or_else(String::new, |day| bound("end", day));
    format!("<spell{}{end}/>\n", bound("start", *first))
}

fn bound(name: &str, day: Day) -> String {
    format!(" {name}=\"{day}\"")
}

fn attributes(values: &[(&str, String)]) -> String {
    let each: String = values.iter().map(attribute).collect();
    format!("<attvalues>\n{each}</attvalues>\n")
}

fn attribute((name, value): &(&str, String)) -> String {
    format!("<attvalue for=\"{name}\" value=\"{}\"/>\n", xml(value))
}
