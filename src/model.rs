//! The vocabulary: ids, dates, the ontology and the kinds of record.
//!
//! A value that exists is valid: ids, dates, codes and texts are checked where they are made, and
//! a record is checked as a whole by [`ValidRecord::new`]. Nothing here does I/O or knows JSON.
//!
//! Event, statement and relation are generic over how they name actors: a [`Draft`] still carries
//! the [`Name`]s that its author wrote, a [`Record`] carries ids.

pub mod date;
mod id;
mod judgement;
mod limits;
mod name;
pub mod ontology;
mod period;
mod plain;
mod problem;
mod record;
mod stance;
mod text;
mod vocabulary;

pub use date::{Bin, Date, DateError, Day, Instant, Precision, Timing, Window};
pub use id::{Id, IdError};
pub use judgement::{Judgement, JudgementParts, Verdict};
pub use limits::*;
pub use name::{Name, composed, fold, fold_spelling, romanized, spelling, turned};
pub use ontology::{Cameo, Coding, EventType, QuadClass, Scheme};
pub use period::{DayRange, Period, Tenure};
pub use plain::{Shape, is_plain};
pub use problem::RecordProblem;
pub use record::{
    Actor, ActorParts, Alias, Check, Citation, Confidence, Draft, Event, EventParts, Kind, Label,
    Link, Participant, Place, Prose, Record, Relation, RelationParts, Source, SourceParts, Stance,
    StanceTarget, Statement, StatementParts, Title, ValidRecord,
};
pub use stance::{Sides, StanceKind};
pub use text::{Text, TextError};
pub(crate) use vocabulary::unknown_word;
pub use vocabulary::{ActorKind, LinkKind, RelationKind, Role, SourceKind, Status};
