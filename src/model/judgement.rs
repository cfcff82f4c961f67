//! A judgement: whether two actors are one.
//!
//! Judgements are records like any other, so they have versions, come in imports, are exported, and are undone.
//! Nothing else is ever rewritten because of one: see `graph/merges.rs` for what answers make of them.

use super::id::Id;
use super::limits::LIST_MAX;
use super::problem::RecordProblem;
use super::record::{
    Check, Citation, EventParts, Participant, Prose, Record, RelationParts, StanceTarget,
    StatementParts, Title, ValidRecord, at_most,
};
use super::vocabulary::words;

words! {
    /// What somebody decided about two actors.
    Verdict {
        /// They are one: the actor is merged into the other, which survives.
        Same = "same",
        /// They are two, however alike: no suggestion, and no merge without a word.
        Different = "different",
    }
}

/// Whether two actors are one, who decided that, and why.
pub type Judgement<A = Id> = ValidRecord<JudgementParts<A>>;

/// The parts of a [`Judgement`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgementParts<A = Id> {
    /// Its id.
    pub id: Id,
    /// The data set that it belongs to.
    pub dataset: Id,
    /// What was decided.
    pub verdict: Verdict,
    /// The actor that is merged, or one of two different ones.
    pub actor: A,
    /// The actor that survives, or the other of the two.
    pub other: A,
    /// Why.
    pub reason: Option<Prose>,
    /// Who decided it: a person, a rule, a program.
    pub decided_by: Option<Title>,
    /// What it rests on.
    pub sources: Vec<Citation>,
}

impl<A: Eq> Check for JudgementParts<A> {
    fn check(&self, problems: &mut Vec<RecordProblem>) {
        if self.actor == self.other {
            problems.push(RecordProblem::new(
                "other",
                "a judgement is about two different actors",
            ));
        }
        at_most(problems, "sources", self.sources.len(), LIST_MAX);
    }
}

impl Record {
    /// The same record with each actor replaced by who counts in its place, and each once in each role. What ties two
    /// actors that are one then ties one with itself.
    #[must_use]
    pub fn with_survivors(&self, survivor: &impl Fn(&Id) -> Id) -> Self {
        let list = |actors: &[Id]| {
            let mut all: Vec<Id> = Vec::with_capacity(actors.len());
            for actor in actors.iter().map(survivor) {
                if !all.contains(&actor) {
                    all.push(actor);
                }
            }
            all
        };
        match self {
            Self::Source(_) | Self::Actor(_) | Self::Judgement(_) => self.clone(),
            Self::Relation(r) => Self::Relation(ValidRecord::unchecked(RelationParts {
                subject: survivor(&r.subject),
                object: survivor(&r.object),
                ..RelationParts::clone(r)
            })),
            Self::Event(r) => {
                let mut participants: Vec<Participant> = Vec::with_capacity(r.participants.len());
                for one in &r.participants {
                    let one = Participant {
                        actor: survivor(&one.actor),
                        role: one.role,
                    };
                    if !participants.contains(&one) {
                        participants.push(one);
                    }
                }
                Self::Event(ValidRecord::unchecked(EventParts {
                    participants,
                    ..EventParts::clone(r)
                }))
            }
            Self::Statement(r) => {
                let mut stances = r.stances.clone();
                for stance in &mut stances {
                    if let StanceTarget::Actor(actor) = &mut stance.toward {
                        *actor = survivor(actor);
                    }
                }
                Self::Statement(ValidRecord::unchecked(StatementParts {
                    speakers: list(&r.speakers),
                    on_behalf_of: list(&r.on_behalf_of),
                    audience: list(&r.audience),
                    relayed_by: list(&r.relayed_by),
                    stances,
                    ..StatementParts::clone(r)
                }))
            }
        }
    }
}
