//! How duplicates are asked for: the part that routes and commands share.

use crate::model::ActorKind;
use crate::parameter::{ActorName, parameters};

parameters! {
    /// Which actors that may be one.
    pub struct ActorDuplicatesParams {
        /// Only pairs with this actor. The actor is given by an id, a code, a name, an alias or an office.
        #[example("north-korea")]
        actor: Option<ActorName>,
        /// Only pairs in which an actor is of this kind.
        kind: Vec<ActorKind>,
        /// Only pairs with at least this score, from 0 to 1.
        min_score: f32 = "0.65",
    }
}

parameters! {
    /// Which events that may be one.
    pub struct EventDuplicatesParams {
        /// Only events in which this actor takes part. The actor is given by an id, a code, a name, an alias or an office
        /// as of the window.
        #[example("antony-blinken")]
        actor: Option<ActorName>,
        /// The least score, from 0 to 1. With 1, only events are listed that are equal except for their ids. With less,
        /// pairs of events follow that are near in time, have parties in common and are of one class.
        min_score: f32 = "1",
    }
}

/// The score of a parameter, as it was written.
fn exact(score: f32) -> f64 {
    (f64::from(score) * 1e6).round() / 1e6
}

impl ActorDuplicatesParams {
    /// The least score.
    pub fn least(&self) -> f64 {
        exact(self.min_score)
    }
}

impl EventDuplicatesParams {
    /// The least score.
    pub fn least(&self) -> f64 {
        exact(self.min_score)
    }
}
