//! Bounded human text.

use std::fmt;
use std::ops::Deref;

use thiserror::Error;

/// Text of at most `MAX` bytes as written, not blank, without control characters other than tab and line
/// breaks, and without white space at its ends.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(Box<str>);

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("can't be blank; leave the field out if there is no value")]
    Blank,
    /// More bytes than the field may have.
    #[error("has {bytes} bytes; the maximum is {max}")]
    TooLong {
        /// Bytes of the text.
        bytes: usize,
        /// Bytes that the field may have.
        max: usize,
    },
    /// A control character.
    #[error("has the control character U+{:04X}", *.0 as u32)]
    Control(char),
}

impl<const MAX: usize> Text<MAX> {
    /// Trims `text` (no-break spaces too) and checks it.
    ///
    /// # Errors
    ///
    /// When the text is blank, too long, or has a control character.
    pub fn new(text: &str) -> Result<Self, TextError> {
        // As written, so that a schema can say it too.
        if text.len() > MAX {
            return Err(TextError::TooLong {
                bytes: text.len(),
                max: MAX,
            });
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Blank);
        }
        match text
            .chars()
            .find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        {
            Some(c) => Err(TextError::Control(c)),
            None => Ok(Self(text.into())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_bounded_and_free_of_controls() {
        assert_eq!(
            Text::<5>::new(" ab\u{a0}").map(|t| t.to_string()),
            Ok("ab".into())
        );
        assert_eq!(Text::<5>::new("\u{a0} "), Err(TextError::Blank));
        assert_eq!(
            Text::<5>::new("12345").map(|t| t.to_string()),
            Ok("12345".into())
        );
        assert_eq!(
            Text::<5>::new("1    ").map(|t| t.to_string()),
            Ok("1".into())
        );
        assert_eq!(
            Text::<5>::new("1     "),
            Err(TextError::TooLong { bytes: 6, max: 5 })
        );
        assert_eq!(
            Text::<5>::new("123456"),
            Err(TextError::TooLong { bytes: 6, max: 5 })
        );
        assert_eq!(Text::<5>::new("a\0b"), Err(TextError::Control('\0')));
        assert_eq!(
            Text::<5>::new("a\nb").map(|t| t.to_string()),
            Ok("a\nb".into())
        );
    }
}
