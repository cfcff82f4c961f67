//! An input line by line, so that memory does not grow with it.

use std::io::{self, BufRead};

use super::limits::RECORD_MAX_BYTES;

/// Reads the next line into `line`, without its line break, and gives its length; `None` at the
/// end. Of a line beyond [`RECORD_MAX_BYTES`] the rest is passed over and not kept.
pub(super) fn next_line(reader: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Option<usize>> {
    line.clear();
    let mut length = 0;
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok((length > 0).then_some(length));
        }
        let end = memchr::memchr(b'\n', buffer);
        let part = end.and_then(|end| buffer.get(..end)).unwrap_or(buffer);
        // One byte more than a record may have, since it may be the carriage return.
        let room = (RECORD_MAX_BYTES + 1)
            .saturating_sub(line.len())
            .min(part.len());
        // There is room for no more than comes.
        line.extend_from_slice(part.get(..room).unwrap_or_default());
        length += part.len();
        let passed = part.len() + usize::from(end.is_some());
        reader.consume(passed);
        if end.is_some() {
            if length == line.len() && line.last() == Some(&b'\r') {
                line.pop();
                length -= 1;
            }
            return Ok(Some(length));
        }
    }
}

/// Whether nothing stands in a line.
pub(super) fn blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}
