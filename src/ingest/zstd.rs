//! Zstandard (RFC 8878): frames one behind the other, unpacked as they are read.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// The first bytes of a frame.
pub(super) const MAGIC: &[u8] = b"\x28\xB5\x2F\xFD";
/// Bytes that are unpacked at once, at the least.
const PIECE_BYTES: usize = 256 << 10;

/// Unpacks what it reads.
pub(super) struct ZstdReader<R> {
    source: R,
    decoder: FrameDecoder,
}

impl<R: BufRead> ZstdReader<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            decoder: FrameDecoder::new(),
        }
    }

    /// Begins the next frame; `false` at the end of the input.
    fn next_frame(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = self.source.by_ref().take(u64::from(length));
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error.to_string())),
            }
        }
        Ok(false)
    }

    /// Compares the sum of a frame that was read to its end with the one that stands behind it.
    fn check_sum(&self) -> io::Result<()> {
        let (written, own) = (
            self.decoder.get_checksum_from_data(),
            self.decoder.get_calculated_checksum(),
        );
        match (written, own) {
            (Some(written), Some(own)) if written != own => {
                Err(io::Error::other("the checksum of a frame does not match"))
            }
            _ => Ok(()),
        }
    }
}

impl<R: BufRead> Read for ZstdReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.decoder.can_collect() == 0 {
            if self.decoder.is_finished() {
                self.check_sum()?;
                if !self.next_frame()? {
                    return Ok(0);
                }
                continue;
            }
            let piece = BlockDecodingStrategy::UptoBytes(PIECE_BYTES);
            let decoded = self.decoder.decode_blocks(&mut self.source, piece);
            decoded.map_err(|error| io::Error::other(error.to_string()))?;
        }
        self.decoder.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    #[test]
    fn all_frames_are_read_and_what_is_between_is_skipped() {
        let text = "Japan\tMake a visit\tThailand\n".repeat(30_000);
        let frame = compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        let skipped = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let both = [frame.as_slice(), &skipped, &frame].concat();
        let mut read = String::new();
        ZstdReader::new(both.as_slice())
            .read_to_string(&mut read)
            .unwrap();
        assert!(read == text.repeat(2));
        let cut = both.get(..both.len() - 5).unwrap();
        ZstdReader::new(cut).read_to_string(&mut read).unwrap_err();
        let mut empty = Vec::new();
        assert_eq!(
            ZstdReader::new(&b""[..]).read_to_end(&mut empty).unwrap(),
            0
        );
    }
}
