//! How days and instants are written in answers: digit by digit, since a page has hundreds of them.

use std::fmt::Display;

use serde::Serializer;

use crate::clock;
use crate::model::Day;

/// Bytes of the longest day: `-9999-12-31`.
const DAY_BYTES: usize = 11;
/// Bytes of an instant: `2023-06-16T14:00:00.000Z`.
const INSTANT_BYTES: usize = 24;
/// Milliseconds of a day.
const MILLIS_OF_DAY: i64 = 86_400_000;

/// Writes a day as `YYYY-MM-DD`.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
pub(super) fn as_day<S: Serializer>(day: &Day, out: S) -> Result<S::Ok, S::Error> {
    AsciiBuffer::<DAY_BYTES>::of_day(*day).serialize(out)
}

/// Writes a day as `YYYY-MM-DD`; nothing as `null`, which answers leave out.
#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
pub(super) fn as_day_if_any<S: Serializer>(day: &Option<Day>, out: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => as_day(day, out),
        None => out.serialize_none(),
    }
}

/// Writes what can be written as text; nothing as `null`, which answers leave out.
#[expect(clippy::ref_option, reason = "serde hands over a reference")]
pub(super) fn as_text_if_any<T: Display, S: Serializer>(
    value: &Option<T>,
    out: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => out.collect_str(value),
        None => out.serialize_none(),
    }
}

/// Writes milliseconds since 1970 as RFC 3339, UTC.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
pub(super) fn as_instant<S: Serializer>(millis: &i64, out: S) -> Result<S::Ok, S::Error> {
    match AsciiBuffer::<INSTANT_BYTES>::of_instant(*millis) {
        Some(digits) => digits.serialize(out),
        None => out.serialize_str(&clock::rfc3339(*millis)),
    }
}

/// A day as text.
pub(super) fn day_text(day: Day) -> String {
    AsciiBuffer::<DAY_BYTES>::of_day(day).text().to_owned()
}

/// Writes a day as `YYYY-MM-DD`, without quotes.
pub(super) fn write_day(day: Day, out: &mut Vec<u8>) {
    out.extend_from_slice(AsciiBuffer::<DAY_BYTES>::of_day(day).text().as_bytes());
}

/// ASCII that is put together byte by byte.
struct AsciiBuffer<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> AsciiBuffer<N> {
    const fn new() -> Self {
        Self {
            bytes: [0; N],
            len: 0,
        }
    }

    fn of_day(day: Day) -> Self {
        let mut digits = Self::new();
        digits.day(day);
        digits
    }

    /// `None` beyond the years of four digits.
    fn of_instant(millis: i64) -> Option<Self> {
        let day = i32::try_from(millis.div_euclid(MILLIS_OF_DAY)).ok()?;
        let day = Day::from_number(day).filter(|day| day.ymd().0 >= 0)?;
        let mut of_day = u32::try_from(millis.rem_euclid(MILLIS_OF_DAY)).ok()?;
        let mut digits = Self::new();
        digits.day(day);
        for (unit, before) in [(3_600_000, b'T'), (60_000, b':'), (1000, b':')] {
            digits.push(before);
            digits.number(of_day / unit, 10);
            of_day %= unit;
        }
        digits.push(b'.');
        digits.number(of_day, 100);
        digits.push(b'Z');
        Some(digits)
    }

    fn day(&mut self, day: Day) {
        let (year, month, day) = day.ymd();
        if year < 0 {
            self.push(b'-');
        }
        self.number(year.unsigned_abs(), 1000);
        self.push(b'-');
        self.number(month, 10);
        self.push(b'-');
        self.number(day, 10);
    }

    /// Writes as many digits as `place`, the value of the first of them, has.
    fn number(&mut self, number: u32, mut place: u32) {
        while place > 0 {
            let digit = number / place % 10;
            // A digit is less than 10.
            self.push(b'0' + u8::try_from(digit).unwrap_or_default());
            place /= 10;
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(free) = self.bytes.get_mut(self.len) {
            *free = byte;
            self.len += 1;
        }
    }

    fn text(&self) -> &str {
        // Only so much was pushed, and all of it ASCII.
        let bytes = self.bytes.get(..self.len).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_the_model_writes_them() {
        let every = (Day::MIN.number()..=Day::MAX.number()).step_by(97);
        for number in every.chain([-1, 0, 1, Day::MAX.number()]) {
            let day = Day::from_number(number).unwrap();
            assert_eq!(day_text(day), day.to_string());
        }
    }

    #[test]
    fn instants_are_written_as_the_clock_writes_them() {
        let last = i64::from(Day::MAX.number()) * MILLIS_OF_DAY;
        for millis in [
            0,
            -1,
            1,
            86_399_999,
            1_686_924_000_123,
            last,
            i64::MAX,
            i64::MIN,
        ] {
            let mut json = Vec::new();
            let mut out = serde_json::Serializer::new(&mut json);
            as_instant(&millis, &mut out).unwrap();
            let expected = format!("\"{}\"", clock::rfc3339(millis));
            assert_eq!(String::from_utf8(json).unwrap(), expected, "{millis}");
        }
    }
}
