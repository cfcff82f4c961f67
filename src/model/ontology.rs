//! The ontologies that events are coded with, as tables: PLOVER event types, CAMEO codes, the four
//! quad classes and the conflict–cooperation scores.
//!
//! Three things here depend on who coded the event, so no answer should give them alone:
//!
//! - the **quad class** of a CAMEO code depends on the [`Scheme`];
//! - so does the **score** of a few codes (four of them, see [`Cameo::goldstein`]);
//! - a score is on one of two [`Scale`]s, by CAMEO code or by PLOVER type.
//!
//! Everything is a constant of the program: nothing is read at run time.

mod cameo;
mod cameo_table;
mod code_error;
mod coding;
mod event_type;
mod quad;
mod score;

pub use self::cameo::Cameo;
pub use self::code_error::CodeError;
pub use self::coding::Coding;
pub use self::event_type::EventType;
pub use self::quad::{QuadClass, Scheme};
pub use self::score::{Basis, Scale, Score};
