//! Conflict–cooperation scores, which never travel without the scale that they are on.

use std::fmt;

use super::cameo::Cameo;
use super::event_type::EventType;

/// Where an event stands between conflict (−10) and cooperation (+10).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The score, −10 to +10.
    pub value: f32,
    /// What the score was given to.
    pub basis: Basis,
}

impl Score {
    /// The scale that [`value`](Self::value) is on. Scores on two scales don't add up.
    pub const fn scale(self) -> Scale {
        match self.basis {
            Basis::Cameo(_) => Scale::GoldsteinCameo,
            Basis::EventType(_) => Scale::Plover,
        }
    }
}

/// What a [`Score`] was given to: the row of the table that it was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// A CAMEO code of the official table: the event's own, or its nearest listed ancestor.
    Cameo(Cameo),
    /// A PLOVER event type.
    EventType(EventType),
}

/// The name of a table of scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scale {
    /// Goldstein's scale of WEIS events (1992), as extended to CAMEO codes.
    GoldsteinCameo,
    /// The scores of PLOVER's manual, by event type.
    Plover,
}

impl Scale {
    /// Both scales.
    pub const ALL: [Self; 2] = [Self::GoldsteinCameo, Self::Plover];

    /// The name in answers: `goldstein-cameo`, `plover`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GoldsteinCameo => "goldstein-cameo",
            Self::Plover => "plover",
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
