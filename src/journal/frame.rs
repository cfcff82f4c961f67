//! How bytes become a stored value and back: version, compression, lengths, checksum.

use super::error::JournalError;
use super::key::Slot;
use super::{MAX_BLOCK_BYTES, MAX_HEADER_BYTES};

const VERSION: u8 = 1;
const RAW: u8 = 0;
const LZ4: u8 = 1;

/// Version, compression, length of the content, length of the payload.
const HEAD_BYTES: usize = 1 + 1 + 4 + 4;
const CHECKSUM_BYTES: usize = 4;

/// What an END entry adds to its header: shape, block count, checksum, header length.
pub(super) const END_HEAD_BYTES: usize = 1 + 4 + 4 + 4;

/// The largest content that any frame may claim, checked before memory is set aside for it.
const MAX_CONTENT_BYTES: usize = MAX_BLOCK_BYTES + MAX_HEADER_BYTES + END_HEAD_BYTES;

/// Under this size lz4 cannot win.
const MIN_COMPRESSED_BYTES: usize = 64;

/// The value that stands for `content` at `slot`.
pub(super) fn encode(slot: Slot, content: &[u8]) -> Result<Vec<u8>, JournalError> {
    let packed = if content.len() < MIN_COMPRESSED_BYTES {
        Vec::new()
    } else {
        lz4_flex::block::compress(content)
    };
    // One part in sixteen must be saved, or reading would pay for nothing.
    let pays = !packed.is_empty() && packed.len() < content.len() - content.len() / 16;
    let (compression, payload) = if pays {
        (LZ4, packed.as_slice())
    } else {
        (RAW, content)
    };

    let mut frame = Vec::with_capacity(HEAD_BYTES + payload.len() + CHECKSUM_BYTES);
    frame.extend([VERSION, compression]);
    frame.extend(length(content)?);
    frame.extend(length(payload)?);
    frame.extend(payload);
    let checksum = checksum_of(slot, &frame);
    frame.extend(checksum);
    Ok(frame)
}

/// A length as stored.
pub(super) fn length(bytes: &[u8]) -> Result<[u8; 4], JournalError> {
    u32::try_from(bytes.len())
        .map(u32::to_be_bytes)
        .map_err(|_too_long| JournalError::TooLarge {
            what: "a value",
            bytes: bytes.len(),
            limit_bytes: MAX_CONTENT_BYTES,
        })
}

/// The checksum that a frame ends with: crc32 of the slot's key and of all bytes before it. With
/// the key in it, a whole value under the wrong key is found too.
fn checksum_of(slot: Slot, before: &[u8]) -> [u8; 4] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&slot.prefix());
    hasher.update(before);
    hasher.finalize().to_be_bytes()
}

/// The last four bytes of a frame, its checksum.
pub(super) fn checksum(frame: &[u8]) -> [u8; 4] {
    // Only of frames that were encoded or decoded, which have one.
    debug_assert!(frame.len() >= CHECKSUM_BYTES, "the frame is cut short");
    frame.last_chunk().copied().unwrap_or_default()
}

/// How many bytes the frame that starts like this has in all its parts.
pub(super) fn total_bytes(start: &[u8]) -> Result<usize, String> {
    let head = FrameHeader::read(start)?;
    Ok(HEAD_BYTES + head.payload_bytes + CHECKSUM_BYTES)
}

/// The content of a frame, if every byte is as written.
pub(super) fn decode(slot: Slot, frame: &[u8]) -> Result<Vec<u8>, String> {
    let head = FrameHeader::read(frame)?;
    let Some((before, stored)) = frame.split_last_chunk::<CHECKSUM_BYTES>() else {
        return Err("it is cut short".to_owned());
    };
    if checksum_of(slot, before) != *stored {
        return Err("its checksum does not match its bytes".to_owned());
    }
    let payload = before.get(HEAD_BYTES..);
    let payload = payload.ok_or_else(|| "it is cut short".to_owned())?;
    if payload.len() != head.payload_bytes {
        return Err("its length is not the one it states".to_owned());
    }
    let content = if head.compressed {
        lz4_flex::block::decompress(payload, head.content_bytes)
            .map_err(|error| format!("it does not decompress ({error})"))?
    } else {
        payload.to_vec()
    };
    if content.len() != head.content_bytes {
        return Err("its content does not have the length it states".to_owned());
    }
    Ok(content)
}

struct FrameHeader {
    compressed: bool,
    content_bytes: usize,
    payload_bytes: usize,
}

impl FrameHeader {
    fn read(frame: &[u8]) -> Result<Self, String> {
        let cut = || "it is cut short".to_owned();
        let (&[version, compression], rest) = frame.split_first_chunk().ok_or_else(cut)?;
        let (content_bytes, rest) = take_u32(rest).ok_or_else(cut)?;
        let (payload_bytes, _) = take_u32(rest).ok_or_else(cut)?;
        if version != VERSION {
            return Err(format!(
                "its version is {version}, this program understands {VERSION}"
            ));
        }
        let compressed = match compression {
            RAW => false,
            LZ4 => true,
            other => return Err(format!("it names an unknown compression, {other}")),
        };
        let content_bytes = bounded(content_bytes)?;
        let payload_bytes = bounded(payload_bytes)?;
        Ok(Self {
            compressed,
            content_bytes,
            payload_bytes,
        })
    }
}

/// The number that some bytes start with, and the rest of them.
pub(super) fn take_u32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*number), rest))
}

fn bounded(stated: u32) -> Result<usize, String> {
    usize::try_from(stated)
        .ok()
        .filter(|bytes| *bytes <= MAX_CONTENT_BYTES)
        .ok_or_else(|| {
            format!("it states a length of {stated} bytes, over the limit of {MAX_CONTENT_BYTES}")
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SLOT: Slot = Slot {
        commit: 7,
        block: 3,
    };

    #[test]
    fn compresses_only_when_it_pays() {
        let zeros = encode(SLOT, &[0; 4096]).unwrap();
        assert_eq!(zeros[1], LZ4);
        assert!(zeros.len() < 100);
        let short = encode(SLOT, b"short").unwrap();
        assert_eq!(
            (short[1], short.len()),
            (RAW, HEAD_BYTES + 5 + CHECKSUM_BYTES)
        );
    }

    #[test]
    fn the_bytes_are_the_documented_ones() {
        let crc = crc32fast::hash(b"\0\0\0\0\0\0\0\x07\0\0\0\x03\x01\0\0\0\0\x02\0\0\0\x02hi");
        let expected = [
            b"\x01\0\0\0\0\x02\0\0\0\x02hi".as_slice(),
            &crc.to_be_bytes(),
        ]
        .concat();
        assert_eq!(encode(SLOT, b"hi").unwrap(), expected);
    }

    #[test]
    fn a_value_under_another_key_is_found() {
        let frame = encode(SLOT, b"content").unwrap();
        assert_eq!(decode(SLOT, &frame).unwrap(), b"content");
        decode(Slot { commit: 8, ..SLOT }, &frame).unwrap_err();
        decode(Slot { block: 4, ..SLOT }, &frame).unwrap_err();
    }

    proptest! {
        #[test]
        fn a_frame_reads_back(content in prop::collection::vec(0..4u8, 0..3000)) {
            let frame = encode(SLOT, &content).unwrap();
            prop_assert_eq!(total_bytes(&frame).unwrap(), frame.len());
            prop_assert_eq!(decode(SLOT, &frame).unwrap(), content);
        }

        #[test]
        fn any_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(decode(SLOT, &bytes).is_err());
        }
    }
}
