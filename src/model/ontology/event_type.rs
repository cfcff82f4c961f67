//! PLOVER event types.

use std::fmt;

use super::code_error::CodeError;
use super::quad::QuadClass;
use super::score::{Basis, Score};

/// The 16 event types of PLOVER, the ontology that succeeds CAMEO
/// (<https://github.com/openeventdata/PLOVER>), as its manual names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// Promising to do something: agreeing, offering, intending.
    Agree,
    /// Meeting, visiting, calling, negotiating, mediating.
    Consult,
    /// Backing an actor or a cause, praising, apologizing, signing agreements.
    Support,
    /// Giving way in words or policy.
    Concede,
    /// Working together in deeds: trade, exercises, shared intelligence.
    Cooperate,
    /// Giving material help.
    Aid,
    /// Giving way in deeds: withdrawing, releasing, easing sanctions, ceasing fire.
    Retreat,
    /// Asking for or demanding something.
    Request,
    /// Criticizing, accusing, investigating.
    Accuse,
    /// Refusing, vetoing, defying.
    Reject,
    /// Announcing harm, conditional or not.
    Threaten,
    /// Demonstrating, striking, rioting.
    Protest,
    /// Reducing relations: cutting aid, expelling, breaking off talks.
    Sanction,
    /// Showing or raising military or police strength.
    Mobilize,
    /// Forcing short of assault: arrests, embargoes, seizures, curfews.
    Coerce,
    /// Violence against people or what is theirs.
    Assault,
}

/// Names of the older draft with 18 types, beside the manual's types that took them over.
///
/// Its `CRIME` was dropped without a successor.
const OLDER_NAMES: [(&str, EventType); 3] = [
    ("DEMAND", EventType::Request),
    ("DISAPPROVE", EventType::Accuse),
    ("INVESTIGATE", EventType::Accuse),
];

impl EventType {
    /// All types, by quad class.
    pub const ALL: [Self; 16] = [
        Self::Agree,
        Self::Consult,
        Self::Support,
        Self::Concede,
        Self::Cooperate,
        Self::Aid,
        Self::Retreat,
        Self::Request,
        Self::Accuse,
        Self::Reject,
        Self::Threaten,
        Self::Protest,
        Self::Sanction,
        Self::Mobilize,
        Self::Coerce,
        Self::Assault,
    ];

    /// The name as PLOVER writes it: `AGREE`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agree => "AGREE",
            Self::Consult => "CONSULT",
            Self::Support => "SUPPORT",
            Self::Concede => "CONCEDE",
            Self::Cooperate => "COOPERATE",
            Self::Aid => "AID",
            Self::Retreat => "RETREAT",
            Self::Request => "REQUEST",
            Self::Accuse => "ACCUSE",
            Self::Reject => "REJECT",
            Self::Threaten => "THREATEN",
            Self::Protest => "PROTEST",
            Self::Sanction => "SANCTION",
            Self::Mobilize => "MOBILIZE",
            Self::Coerce => "COERCE",
            Self::Assault => "ASSAULT",
        }
    }

    /// Reads a name, in either case. The older `DEMAND` is read as `REQUEST`, `DISAPPROVE` and
    /// `INVESTIGATE` as `ACCUSE`.
    ///
    /// # Errors
    ///
    /// When `text` names no type. The older `CRIME` is refused too: no type of the manual stands
    /// for it, and the error says what to write.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let current = Self::ALL.into_iter().map(|kind| (kind.as_str(), kind));
        current
            .chain(OLDER_NAMES)
            .find(|(name, _)| name.eq_ignore_ascii_case(text))
            .map(|(_, kind)| kind)
            .ok_or_else(|| unknown(text))
    }

    /// The older names that are read as types of the manual.
    pub fn older_names() -> impl Iterator<Item = &'static str> {
        OLDER_NAMES.into_iter().map(|(name, _)| name)
    }

    /// The quad class that PLOVER gives the type.
    ///
    /// Its manual lists `SANCTION` both as verbal and as material conflict; here it is material, as
    /// in the section that defines it. PLOVER's classes are its own: no [`Scheme`](super::Scheme)
    /// changes them.
    pub const fn quad_class(self) -> QuadClass {
        match self {
            Self::Agree | Self::Consult | Self::Support | Self::Concede => {
                QuadClass::VerbalCooperation
            }
            Self::Cooperate | Self::Aid | Self::Retreat => QuadClass::MaterialCooperation,
            Self::Request | Self::Accuse | Self::Reject | Self::Threaten => {
                QuadClass::VerbalConflict
            }
            Self::Protest | Self::Sanction | Self::Mobilize | Self::Coerce | Self::Assault => {
                QuadClass::MaterialConflict
            }
        }
    }

    /// PLOVER's own score of the type, −10 to +10, on the scale [`Plover`](super::Scale::Plover).
    ///
    /// From the table of scores in PLOVER's manual (draft 2.0). It prints `ACCUSE` as +3 while all
    /// its modes are negative (−2, −3.5, −3.5): taken as a lost minus sign, −3, which is also the
    /// mean of the modes.
    pub const fn goldstein(self) -> Score {
        let value = match self {
            Self::Agree | Self::Consult => 2.5,
            Self::Support => 5.0,
            Self::Concede => 4.5,
            Self::Cooperate => 9.5,
            Self::Aid => 10.0,
            Self::Retreat => 6.5,
            Self::Request => 0.0,
            Self::Accuse => -3.0,
            Self::Reject => -2.0,
            Self::Threaten => -3.5,
            Self::Protest => -5.0,
            Self::Sanction => -6.0,
            Self::Mobilize => -5.5,
            Self::Coerce => -7.0,
            Self::Assault => -9.0,
        };
        Score {
            value,
            basis: Basis::EventType(self),
        }
    }
}

fn unknown(text: &str) -> CodeError {
    if text.eq_ignore_ascii_case("CRIME") {
        return CodeError {
            problem: "PLOVER dropped the event type CRIME: give the type of what was done \
                      (ASSAULT, COERCE, …) and name `crime` among the topics"
                .to_owned(),
            suggestion: None,
        };
    }
    CodeError::unknown_name(
        "PLOVER event type",
        text,
        &EventType::ALL.map(EventType::as_str),
    )
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_in_either_case() {
        for kind in EventType::ALL {
            assert_eq!(EventType::parse(kind.as_str()), Ok(kind));
            assert_eq!(EventType::parse(&kind.to_string().to_lowercase()), Ok(kind));
        }
    }

    #[test]
    fn all_eighteen_older_names_are_read_but_crime() {
        let older = "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT INVESTIGATE DEMAND \
                     DISAPPROVE REJECT THREATEN SANCTION PROTEST CRIME MOBILIZE COERCE ASSAULT";
        let refused: Vec<_> = older
            .split_whitespace()
            .filter(|name| EventType::parse(name).is_err())
            .collect();
        assert_eq!(refused, ["CRIME"]);
        assert_eq!(EventType::parse("demand"), Ok(EventType::Request));
        assert_eq!(EventType::parse("Disapprove"), Ok(EventType::Accuse));
        assert_eq!(EventType::parse("INVESTIGATE"), Ok(EventType::Accuse));
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest() {
        let suggestion = |text| EventType::parse(text).unwrap_err().suggestion;
        assert_eq!(suggestion("consultation").as_deref(), Some("CONSULT"));
        assert_eq!(suggestion("SANCTIONS").as_deref(), Some("SANCTION"));
        assert_eq!(suggestion(" aid").as_deref(), Some("AID"));
        assert_eq!(suggestion("talk"), None);
        assert_eq!(suggestion(""), None);
        let crime = EventType::parse("crime").unwrap_err();
        assert!(crime.problem.contains("topics"), "{crime}");
    }

    #[test]
    fn the_types_fall_into_four_classes() {
        let numbers: String = EventType::ALL
            .iter()
            .map(|kind| kind.quad_class().number().to_string())
            .collect();
        assert_eq!(numbers, "1111222333344444");
    }

    #[test]
    fn scores_agree_in_sign_with_cooperation_and_conflict() {
        for kind in EventType::ALL {
            let value = kind.goldstein().value;
            match kind.quad_class() {
                QuadClass::VerbalCooperation | QuadClass::MaterialCooperation => {
                    assert!((0.5..=10.0).contains(&value), "{kind} {value}");
                }
                QuadClass::VerbalConflict | QuadClass::MaterialConflict => {
                    assert!((-10.0..=0.0).contains(&value), "{kind} {value}");
                }
            }
        }
    }

    #[test]
    fn scores_are_those_of_the_manual_with_the_sign_of_accuse_restored() {
        let printed = [
            2.5, 2.5, 5.0, 4.5, 9.5, 10.0, 6.5, 0.0, -3.0, -2.0, -3.5, -5.0, -6.0, -5.5, -7.0, -9.0,
        ];
        for (kind, value) in EventType::ALL.into_iter().zip(printed) {
            assert_eq!(
                kind.goldstein(),
                Score {
                    value,
                    basis: Basis::EventType(kind)
                }
            );
        }
    }
}
