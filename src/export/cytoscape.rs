//! The JSON of Cytoscape.

use serde_json::{Value, json};

use super::event_node::{event_id, event_name, parts};
use crate::query::answer::GraphAnswer;

/// A network as Cytoscape JSON. What there was no room for, and what holds for the whole, is in `data`.
pub(super) fn cytoscape(graph: &GraphAnswer<'_>) -> Value {
    let nodes = graph.nodes.iter().map(|node| {
        let id = &node.actor.id;
        json!({"data": {
            "id": id,
            "value": id,
            "name": node.actor.name,
            "label": node.actor.name,
            "kind": node.actor.kind,
            "records": node.records,
            "degree": node.degree,
            "since": node.since.map(|day| day.to_string()),
            "until": node.until.map(|day| day.to_string()),
            "depth": node.depth,
            "records_url": node.records_url,
        }})
    });
    let edges = graph.links.iter().map(|link| {
        json!({"data": {
            "id": format!("{} {}", link.source, link.target),
            "source": link.source,
            "target": link.target,
            "weight": link.records,
            "quad": link.quad,
            "first": link.first.map(|day| day.to_string()),
            "last": link.last.map(|day| day.to_string()),
            "a_to_b": link.a_to_b,
            "b_to_a": link.b_to_a,
            "together": link.together,
            "records_url": link.records_url,
        }})
    });
    let events = || graph.events.iter().flatten();
    let event_nodes = events().map(|event| {
        json!({"data": {
            "id": event_id(event),
            "value": event_id(event),
            "name": event_name(event),
            "label": event_name(event),
            "kind": "event",
            "date": event.date,
            "quad_class": event.quad_class,
        }})
    });
    let event_edges = events().flat_map(|event| {
        let id = event_id(event);
        let edges = parts(graph, event).into_iter().map(move |(actor, roles)| {
            json!({"data": {
                "id": format!("{actor} {id}"),
                "source": actor,
                "target": id,
                "role": roles,
            }})
        });
        edges.collect::<Vec<Value>>()
    });
    let nodes: Vec<Value> = nodes.chain(event_nodes).collect();
    let edges: Vec<Value> = edges.chain(event_edges).collect();
    json!({
        "data": {"more": graph.more, "meta": graph.meta},
        "directed": false,
        "multigraph": false,
        "elements": {"nodes": nodes, "edges": edges},
    })
}
