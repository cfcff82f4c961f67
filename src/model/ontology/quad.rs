//! The four quad classes, and the two ways in which CAMEO's roots are split into them.

use std::fmt;

use super::code_error::CodeError;

/// Verbal or material, cooperation or conflict.
///
/// Numbered as in GDELT's `QuadClass` and PLOVER's `quad_code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuadClass {
    /// 1: words of cooperation.
    VerbalCooperation,
    /// 2: deeds of cooperation.
    MaterialCooperation,
    /// 3: words of conflict.
    VerbalConflict,
    /// 4: deeds of conflict.
    MaterialConflict,
}

impl QuadClass {
    /// All four, by number.
    pub const ALL: [Self; 4] = [
        Self::VerbalCooperation,
        Self::MaterialCooperation,
        Self::VerbalConflict,
        Self::MaterialConflict,
    ];

    /// The number in the field's files, 1 to 4.
    pub const fn number(self) -> u8 {
        match self {
            Self::VerbalCooperation => 1,
            Self::MaterialCooperation => 2,
            Self::VerbalConflict => 3,
            Self::MaterialConflict => 4,
        }
    }

    /// The name in answers and filters: `verbal_cooperation`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerbalCooperation => "verbal_cooperation",
            Self::MaterialCooperation => "material_cooperation",
            Self::VerbalConflict => "verbal_conflict",
            Self::MaterialConflict => "material_conflict",
        }
    }

    /// Reads a number (`3`) or a name, in either case, with `_`, `-` or a space between its words.
    ///
    /// # Errors
    ///
    /// When `text` is neither; the error lists the names.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let name = text.replace(['-', ' '], "_");
        Self::ALL
            .into_iter()
            .find(|class| {
                class.as_str().eq_ignore_ascii_case(&name) || class.number().to_string() == text
            })
            .ok_or_else(|| {
                let known = Self::ALL.map(Self::as_str);
                CodeError::unknown_name("quad class (1 to 4, or a name)", text, &known)
            })
    }
}

impl fmt::Display for QuadClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whose reading of CAMEO: how its 20 roots are split into quad classes, and whose Goldstein scores
/// are used.
///
/// | scheme | 1 verbal coop. | 2 material coop. | 3 verbal conflict | 4 material conflict | as in |
/// |---|---|---|---|---|---|
/// | ICEWS | 01–05 | 06–08 | 09–13 | 14–20 | `data-raw/clean-data.R` of the R package `icews` (<https://github.com/andybega/icews>) |
/// | GDELT | 01–05 | 06–09 | 10–14 | 15–20 | the `QuadClass` column of GDELT's event files |
///
/// So they differ on investigations (09) and on protests (14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// As the users of ICEWS split the roots.
    Icews,
    /// As GDELT splits the roots.
    Gdelt,
}

impl Scheme {
    /// Both schemes.
    pub const ALL: [Self; 2] = [Self::Icews, Self::Gdelt];

    /// The name in answers and parameters: `icews`, `gdelt`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Icews => "icews",
            Self::Gdelt => "gdelt",
        }
    }

    /// Reads a name, in either case.
    ///
    /// # Errors
    ///
    /// When `text` names no scheme; the error lists them.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        Self::ALL
            .into_iter()
            .find(|scheme| scheme.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| {
                CodeError::unknown_name("coding scheme", text, &Self::ALL.map(Self::as_str))
            })
    }

    /// The quad class of a CAMEO root, 1 to 20.
    pub(super) const fn class_of_root(self, root: u8) -> QuadClass {
        match (self, root) {
            (_, 0..=5) => QuadClass::VerbalCooperation,
            (Self::Icews, 6..=8) | (Self::Gdelt, 6..=9) => QuadClass::MaterialCooperation,
            (Self::Icews, 9..=13) | (Self::Gdelt, 10..=14) => QuadClass::VerbalConflict,
            (Self::Icews, 14..) | (Self::Gdelt, 15..) => QuadClass::MaterialConflict,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_reads_its_number_and_its_name() {
        for (class, number) in QuadClass::ALL.into_iter().zip(1..) {
            assert_eq!(class.number(), number);
            assert_eq!(QuadClass::parse(&number.to_string()), Ok(class));
            assert_eq!(QuadClass::parse(class.as_str()), Ok(class));
        }
        assert_eq!(
            QuadClass::parse("Verbal conflict"),
            Ok(QuadClass::VerbalConflict)
        );
        assert_eq!(
            QuadClass::parse("material-conflict"),
            Ok(QuadClass::MaterialConflict)
        );
    }

    #[test]
    fn what_is_no_class_is_refused() {
        for text in ["", "0", "5", "01", "verbal", "3 "] {
            let error = QuadClass::parse(text).unwrap_err();
            assert!(error.problem.contains("verbal_cooperation"), "{error}");
        }
        let error = QuadClass::parse("verbal_confl").unwrap_err();
        assert_eq!(error.suggestion.as_deref(), Some("verbal_conflict"));
    }

    #[test]
    fn a_scheme_reads_its_name() {
        assert_eq!(
            Scheme::ALL.map(|s| Scheme::parse(s.as_str())),
            Scheme::ALL.map(Ok)
        );
        assert_eq!(Scheme::parse("GDELT"), Ok(Scheme::Gdelt));
        let error = Scheme::parse("cameo").unwrap_err();
        assert_eq!(
            error.problem,
            "`cameo` is not a coding scheme: expected one of icews, gdelt"
        );
    }

    #[test]
    fn each_scheme_splits_the_twenty_roots_its_own_way() {
        let split = |scheme: Scheme| -> String {
            (1..=20)
                .map(|root| scheme.class_of_root(root).number().to_string())
                .collect()
        };
        assert_eq!(split(Scheme::Icews), "11111222333334444444");
        assert_eq!(split(Scheme::Gdelt), "11111222233333444444");
    }
}
