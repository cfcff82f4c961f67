//! UTF-16 as UTF-8: some spreadsheets save text so, with a byte order mark or without.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

/// Bytes of UTF-8 that are made at once.
const PIECE_BYTES: usize = 64 << 10;
/// Bytes at the start in which zeros are looked for.
const LOOKED_AT_BYTES: usize = 512;

/// The encoding of a text that starts with `head`, when it is UTF-16: by its mark, or by the zeros that every
/// letter of ASCII has in it.
pub(super) fn recognize(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let start = head.get(..LOOKED_AT_BYTES).unwrap_or(head);
    let pairs = start.as_chunks::<2>().0;
    let zeros = |at: usize| {
        let zeros = pairs.iter().filter(|pair| pair.get(at) == Some(&0)).count();
        // Most of a table is ASCII, whatever its names are.
        !pairs.is_empty() && zeros * 2 > pairs.len()
    };
    match (zeros(0), zeros(1)) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

/// Reads UTF-16 as UTF-8. What is no UTF-16 becomes U+FFFD.
pub(super) struct Utf16Reader<R> {
    inner: R,
    decoder: Decoder,
    piece: Vec<u8>,
    taken: usize,
    is_over: bool,
}

impl<R: BufRead> Utf16Reader<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            piece: Vec::new(),
            taken: 0,
            is_over: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.piece.resize(PIECE_BYTES, 0);
        self.taken = 0;
        let mut written = 0;
        while written == 0 && !self.is_over {
            let bytes = self.inner.fill_buf()?;
            let is_last = bytes.is_empty();
            let (result, read, made, _) =
                self.decoder.decode_to_utf8(bytes, &mut self.piece, is_last);
            self.inner.consume(read);
            written = made;
            self.is_over = is_last && result == CoderResult::InputEmpty;
        }
        self.piece.truncate(written);
        Ok(())
    }
}

impl<R: BufRead> Read for Utf16Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken >= self.piece.len() && !self.is_over {
            self.fill()?;
        }
        let mut rest = self.piece.get(self.taken..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.taken += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    #[test]
    fn text_comes_through_piece_by_piece() {
        let text = "a\tä\t東京\t😀\n".repeat(20_000);
        for encoding in [UTF_16LE, UTF_16BE] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| {
                    let mut bytes = unit.to_be_bytes();
                    if encoding == UTF_16LE {
                        bytes.reverse();
                    }
                    bytes
                })
                .collect();
            let mut read = String::new();
            let inner = BufReader::with_capacity(7, bytes.as_slice());
            Utf16Reader::new(inner, encoding)
                .read_to_string(&mut read)
                .unwrap();
            assert!(read == text);
        }
    }

    #[test]
    fn utf_16_is_told_from_other_bytes() {
        assert_eq!(recognize(b"\xFF\xFEa\0"), Some(UTF_16LE));
        assert_eq!(recognize(b"a\0b\0"), Some(UTF_16LE));
        assert_eq!(recognize(b"\0a\0b"), Some(UTF_16BE));
        for other in [&b""[..], b"a", b"ab\0\0", b"abcd", b"\0\0\0\0"] {
            assert_eq!(recognize(other), None);
        }
    }
}
