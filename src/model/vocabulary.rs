//! The closed lists of words that records use, apart from the ontology of events.

use super::problem::RecordProblem;

/// An enum whose values have a stable word (API, JSON) and a stable number (storage: the order of
/// declaration; new values go to the end).
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// All values, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that stands for the value everywhere outside this program.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The number that stands for the value in storage.
            pub const fn number(self) -> u8 {
                self as u8
            }

            /// The value with this number.
            pub fn from_number(number: u8) -> Option<Self> {
                Self::ALL.get(usize::from(number)).copied()
            }

            /// The value with this word.
            ///
            /// # Errors
            ///
            /// The problem lists the words and suggests the nearest.
            pub fn parse(word: &str) -> Result<Self, super::problem::RecordProblem> {
                Self::ALL.iter().copied().find(|v| v.as_str() == word).ok_or_else(|| {
                    super::vocabulary::unknown_word(word, &[$($word,)+])
                })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

/// The problem of a word outside its list.
pub(crate) fn unknown_word(word: &str, known: &[&str]) -> RecordProblem {
    let wanted = word.trim().to_lowercase().replace([' ', '-'], "_");
    let nearest = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(&k.to_lowercase(), &wanted), *k))
        .min()
        .filter(|(distance, k)| *distance <= k.len() / 2)
        .map(|(_, k)| k.to_owned());
    RecordProblem::new("", format!("is not one of {}", known.join(", ")))
        .value(word)
        .suggest(nearest)
}

words! {
    /// What an actor is.
    ActorKind {
        /// A human being.
        Person = "person",
        /// A state or a territory that acts like one.
        State = "state",
        /// A ministry, a parliament, an agency, a court, an army of a state.
        GovernmentBody = "government_body",
        /// An organization whose members are states.
        InternationalOrganization = "international_organization",
        /// A company, a party, a non-governmental organization, a news agency.
        Organization = "organization",
        /// An armed group that is not a state's.
        ArmedGroup = "armed_group",
        /// A named population: citizens, protesters, refugees.
        Population = "population",
        /// The source does not say.
        Unknown = "unknown",
    }
}

words! {
    /// What a source is.
    SourceKind {
        /// A news article.
        Article = "article",
        /// A communiqué or a joint statement as published.
        Communique = "communique",
        /// A statement or a press release of one side.
        Statement = "statement",
        /// A data set of coded events.
        Dataset = "dataset",
        /// Radio or television.
        Broadcast = "broadcast",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What ties subject and object of a relation.
    RelationKind {
        /// The subject (a person) holds an office of the object (a state or a body).
        HoldsOffice = "holds_office",
        /// The subject speaks for the object without an office named.
        Represents = "represents",
        /// The subject is a member of the object.
        MemberOf = "member_of",
        /// The subject is a part of the object: a ministry of a state.
        PartOf = "part_of",
        /// The two are allies.
        AlliedWith = "allied_with",
        /// The subject is the capital of the object.
        CapitalOf = "capital_of",
    }
}

words! {
    /// Whether an event came about.
    Status {
        /// It happened.
        Occurred = "occurred",
        /// It is planned for its date.
        Scheduled = "scheduled",
        /// It was planned and called off.
        Cancelled = "cancelled",
        /// It was planned and put off.
        Postponed = "postponed",
        /// It is said to have happened or to be planned.
        Rumoured = "rumoured",
    }
}

words! {
    /// The part that an actor has in a record.
    Role {
        /// Acts on the targets of an event.
        Source = "source",
        /// Is acted on in an event.
        Target = "target",
        /// Takes part in an event as an equal, as in a meeting.
        Participant = "participant",
        /// Mediates an event.
        Mediator = "mediator",
        /// Hosts an event.
        Host = "host",
        /// Subject of a relation.
        Subject = "subject",
        /// Object of a relation.
        Object = "object",
        /// Speaks in a statement.
        Speaker = "speaker",
        /// Is spoken to in a statement.
        Audience = "audience",
        /// Is whom a stance is taken toward.
        StanceTarget = "stance_target",
        /// Is whom the speaker speaks for.
        OnBehalfOf = "on_behalf_of",
        /// Passed the statement on.
        RelayedBy = "relayed_by",
    }
}

impl Role {
    /// The roles that an event's participants may have.
    pub const OF_EVENTS: &'static [Self] = &[
        Self::Source,
        Self::Target,
        Self::Participant,
        Self::Mediator,
        Self::Host,
    ];
}

words! {
    /// How one event stands to another.
    LinkKind {
        /// Came after it, as its continuation.
        Follows = "follows",
        /// Answers it.
        RespondsTo = "responds_to",
        /// Takes the place of it at another date.
        Reschedules = "reschedules",
        /// Is a part of it.
        PartOf = "part_of",
        /// Supports its account.
        Corroborates = "corroborates",
        /// Disagrees with its account.
        Contradicts = "contradicts",
    }
}

impl LinkKind {
    /// Whether links of this kind must not lead back to where they started.
    pub const fn is_acyclic(self) -> bool {
        match self {
            Self::Follows | Self::RespondsTo | Self::Reschedules | Self::PartOf => true,
            Self::Corroborates | Self::Contradicts => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_come_back() {
        for &role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Ok(role));
            assert_eq!(Role::from_number(role.number()), Some(role));
        }
        assert_eq!(Role::from_number(200), None);
    }

    #[test]
    fn an_unknown_word_is_met_with_the_nearest() {
        let problem = ActorKind::parse("Government body").unwrap_err();
        assert_eq!(problem.suggestion.as_deref(), Some("government_body"));
        assert!(ActorKind::parse("zzzzzz").unwrap_err().suggestion.is_none());
    }
}
