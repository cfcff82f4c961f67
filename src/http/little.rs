//! Which questions are answered on the thread that their connection is on.
//!
//! Handing a question to another thread takes longer than a little one takes to answer; a large one
//! would hold up the other connections of the thread. So each is asked first how much it may have
//! to look at. Names that are no ids go to the other threads, too: one that nobody has is compared
//! with all that there are.

use super::asked::Query;
use super::problem::Problem;
use super::questions::paths_question;
use crate::engine::Engine;
use crate::graph::View;
use crate::model::Kind;
use crate::query::{Match, Selection, TimelineQuestion, paths_effort, timeline_effort};

/// Records that a timeline shows at the most.
const SHOWN_MAX: usize = 200;
/// Records that a timeline looks at beside those: half a millisecond's worth.
const LOOKED_AT_MAX: usize = 5000;
/// Records in the window of a path, times the paths wanted. A search from both ends meets few of
/// them.
const WALKED_MAX: usize = 50_000;

/// Whether the timeline asked for, of the actor that the path names or of those of the query, is
/// little work. What can't be read is not: it is told where it is answered.
pub(super) fn timeline(engine: &Engine, asked: &Query, actor: Option<&str>) -> bool {
    let little = || -> Result<bool, Problem> {
        let (paging, scope) = (asked.paging(engine)?, asked.scope()?);
        let view = &paging.view;
        let by_id = ["actor", "between"]
            .iter()
            .all(|name| are_ids(asked, name, view));
        if paging.page.limit > SHOWN_MAX || asked.one("max_marks").is_some() || !by_id {
            return Ok(false);
        }
        let selection = match actor {
            Some(id) if is_id(id, view) => {
                let actor = Query::actor_in_path("id", id, view, scope.window)?;
                Selection::Actors(vec![actor], Match::Any)
            }
            Some(_) => return Ok(false),
            None => asked.selection(view, scope.window)?,
        };
        let question = TimelineQuestion {
            selection,
            scope,
            order: asked.order()?,
            page: paging.page,
        };
        Ok(timeline_effort(view, &question) <= LOOKED_AT_MAX)
    };
    little().unwrap_or(false)
}

/// Whether the question for paths is little work.
pub(super) fn paths(engine: &Engine, asked: &Query) -> bool {
    let little = || -> Result<bool, Problem> {
        let view = asked.view(engine)?;
        let names = ["source", "target", "via", "avoid"];
        if !names.iter().all(|name| are_ids(asked, name, &view)) {
            return Ok(false);
        }
        let question = paths_question(asked, &view)?;
        Ok(paths_effort(&view, &question) <= WALKED_MAX)
    };
    little().unwrap_or(false)
}

/// Whether the values of a parameter are ids of actors.
fn are_ids(asked: &Query, parameter: &str, view: &View) -> bool {
    asked.all(parameter).all(|value| is_id(value, view))
}

fn is_id(text: &str, view: &View) -> bool {
    view.find(Kind::Actor, text).is_some()
}
