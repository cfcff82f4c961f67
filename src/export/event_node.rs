//! The nodes of events in files of networks.

use crate::query::answer::{EventNode, GraphAnswer};

/// The id of the node of an event: no id of an actor has a slash.
pub(super) fn event_id(event: &EventNode<'_>) -> String {
    format!("event/{}", event.id)
}

/// What the node of an event is called.
pub(super) fn event_name<'e>(event: &'e EventNode<'_>) -> &'e str {
    event.title.as_deref().unwrap_or(&event.id)
}

/// Those nodes that took part in an event, by id, each with all of its roles.
pub(super) fn parts<'e>(
    graph: &GraphAnswer<'_>,
    event: &'e EventNode<'_>,
) -> Vec<(&'e str, String)> {
    let mut parts: Vec<(&str, String)> = Vec::new();
    let is_shown = |id: &str| graph.nodes.iter().any(|node| node.actor.id == id);
    for part in &event.participants {
        let id = &*part.actor.id;
        match parts.iter_mut().find(|(known, _)| *known == id) {
            Some((_, roles)) if roles.split(' ').any(|role| role == part.role) => {}
            Some((_, roles)) => {
                roles.push(' ');
                roles.push_str(part.role);
            }
            None if is_shown(id) => parts.push((id, part.role.to_owned())),
            None => {}
        }
    }
    parts
}
