//! What is wrong with one field of one record.

use std::fmt;

/// One thing wrong with a record: where, what, and what would mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordProblem {
    /// Path of the field inside the record, such as `participants[1].role`; empty for the record.
    pub field: String,
    /// The value at fault as it was written, if there is one.
    pub value: Option<String>,
    /// What is wrong with it.
    pub problem: String,
    /// What to write instead, if something is near.
    pub suggestion: Option<String>,
}

impl RecordProblem {
    /// A problem of `field` without a value or a suggestion.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            value: None,
            problem: problem.into(),
            suggestion: None,
        }
    }

    /// The same problem with the value at fault.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// The same problem with what to write instead.
    #[must_use]
    pub fn suggest(mut self, suggestion: impl Into<Option<String>>) -> Self {
        self.suggestion = suggestion.into();
        self
    }

    /// The same problem inside an outer field: `actor` under `participants[1]` becomes
    /// `participants[1].actor`.
    #[must_use]
    pub fn under(mut self, outer: &str) -> Self {
        self.field = match (outer.is_empty(), self.field.is_empty()) {
            (true, _) => self.field,
            (false, true) => outer.to_owned(),
            (false, false) => format!("{outer}.{}", self.field),
        };
        self
    }
}

impl fmt::Display for RecordProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.problem)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, " (try: {suggestion})")?;
        }
        Ok(())
    }
}
