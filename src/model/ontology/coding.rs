//! How one event is coded.

use std::hash::{Hash, Hasher};

use super::cameo::Cameo;
use super::code_error::CodeError;
use super::event_type::EventType;
use super::quad::{QuadClass, Scheme};
use super::score::Score;

/// The coding of an event: a PLOVER type, a CAMEO code, or both.
///
/// Where both are given they may disagree, since coders do and the two ontologies do: the stated
/// type stays the type, and the code, being finer, decides class and score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coding(CodingSource);

/// As one number: whoever imports looks the class of every record up by it.
impl Hash for Coding {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let stated = self.stated_type().map_or(0, |kind| kind as u64 + 1);
        let digits = self.cameo().map_or(0, Cameo::bits);
        state.write_u64(stated << u32::BITS | u64::from(digits));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CodingSource {
    Type(EventType),
    Cameo(Cameo),
    Both(EventType, Cameo),
}

impl Coding {
    /// The coding with the given type and code.
    ///
    /// # Errors
    ///
    /// When neither is given.
    pub fn new(event_type: Option<EventType>, cameo: Option<Cameo>) -> Result<Self, CodeError> {
        match (event_type, cameo) {
            (Some(kind), Some(code)) => Ok(Self(CodingSource::Both(kind, code))),
            (Some(kind), None) => Ok(Self(CodingSource::Type(kind))),
            (None, Some(code)) => Ok(Self(CodingSource::Cameo(code))),
            (None, None) => Err(CodeError {
                problem: "an event needs a PLOVER type, a CAMEO code, or both".to_owned(),
                suggestion: None,
            }),
        }
    }

    /// The PLOVER type that was given, for writing the record back as it came.
    pub const fn stated_type(self) -> Option<EventType> {
        match self.0 {
            CodingSource::Type(kind) | CodingSource::Both(kind, _) => Some(kind),
            CodingSource::Cameo(_) => None,
        }
    }

    /// The CAMEO code that was given.
    pub const fn cameo(self) -> Option<Cameo> {
        match self.0 {
            CodingSource::Cameo(code) | CodingSource::Both(_, code) => Some(code),
            CodingSource::Type(_) => None,
        }
    }

    /// The PLOVER type: the one given, else the one that the code maps to. `None` for a bare code
    /// of roots 01 and 02, which PLOVER dropped.
    pub fn event_type(self) -> Option<EventType> {
        match self.0 {
            CodingSource::Type(kind) | CodingSource::Both(kind, _) => Some(kind),
            CodingSource::Cameo(code) => code.event_type(),
        }
    }

    /// The quad class: the code's under `scheme`, else the type's.
    pub const fn quad_class(self, scheme: Scheme) -> QuadClass {
        match self.0 {
            CodingSource::Cameo(code) | CodingSource::Both(_, code) => code.quad_class(scheme),
            CodingSource::Type(kind) => kind.quad_class(),
        }
    }

    /// The score: the code's under `scheme`, else the type's, which is on another scale.
    pub fn goldstein(self, scheme: Scheme) -> Score {
        match self.0 {
            CodingSource::Cameo(code) | CodingSource::Both(_, code) => code.goldstein(scheme),
            CodingSource::Type(kind) => kind.goldstein(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::score::Basis;
    use super::*;

    fn coding(kind: Option<EventType>, code: Option<&str>) -> Coding {
        Coding::new(kind, code.map(|text| Cameo::parse(text).unwrap())).unwrap()
    }

    #[test]
    fn a_coding_needs_a_type_or_a_code() {
        let error = Coding::new(None, None).unwrap_err();
        assert_eq!(
            error.problem,
            "an event needs a PLOVER type, a CAMEO code, or both"
        );
    }

    #[test]
    fn a_type_alone_has_plovers_class_and_score_in_both_schemes() {
        let call = coding(Some(EventType::Consult), None);
        assert_eq!(
            (call.stated_type(), call.cameo()),
            (Some(EventType::Consult), None)
        );
        for scheme in Scheme::ALL {
            assert_eq!(call.quad_class(scheme), QuadClass::VerbalCooperation);
            assert_eq!(call.goldstein(scheme), EventType::Consult.goldstein());
            assert_eq!(call.goldstein(scheme).scale().to_string(), "plover");
        }
    }

    #[test]
    fn a_code_alone_brings_its_type() {
        let call = coding(None, Some("041"));
        assert_eq!(call.stated_type(), None);
        assert_eq!(call.event_type(), Some(EventType::Consult));
        assert_eq!(
            call.goldstein(Scheme::Icews).scale().to_string(),
            "goldstein-cameo"
        );
        assert_eq!(coding(None, Some("010")).event_type(), None);
    }

    #[test]
    fn where_type_and_code_disagree_the_type_is_kept_and_the_code_decides_class_and_score() {
        let code = Cameo::parse("163").unwrap();
        assert_eq!(code.event_type(), Some(EventType::Coerce));
        let embargo = coding(Some(EventType::Agree), Some("163"));
        assert_eq!(embargo.event_type(), Some(EventType::Agree));
        assert_eq!(
            embargo.quad_class(Scheme::Icews),
            QuadClass::MaterialConflict
        );
        let score = embargo.goldstein(Scheme::Icews);
        assert_eq!(
            score,
            Score {
                value: -8.0,
                basis: Basis::Cameo(code)
            }
        );
    }

    #[test]
    fn a_type_can_stand_beside_a_code_that_plover_dropped() {
        let remark = coding(Some(EventType::Support), Some("019"));
        assert_eq!(remark.event_type(), Some(EventType::Support));
        assert_eq!(remark.cameo().unwrap().event_type(), None);
    }
}
