//! The END entry: what makes a commit exist.

use super::error::JournalError;
use super::frame::{END_HEAD_BYTES, length, take_u32};

const BLOCKS_APART: u8 = 0;
const BLOCK_INSIDE: u8 = 1;

/// The content of an END entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EndEntry {
    pub(super) header: Vec<u8>,
    pub(super) blocks: BlockRange,
}

/// Where a commit's blocks are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BlockRange {
    /// Under their own keys: how many, and the crc32 over their checksums in order.
    Apart { count: u32, checksum: u32 },
    /// One block, in the END entry itself.
    Inside(Vec<u8>),
}

impl EndEntry {
    pub(super) fn apart(header: &[u8], count: u32, checksum: u32) -> Result<Vec<u8>, JournalError> {
        encode(BLOCKS_APART, count, checksum, header, &[])
    }

    pub(super) fn inside(header: &[u8], block: &[u8]) -> Result<Vec<u8>, JournalError> {
        encode(BLOCK_INSIDE, 1, 0, header, block)
    }

    pub(super) fn decode(content: &[u8]) -> Result<Self, String> {
        let cut = || "its END entry is cut short".to_owned();
        let (shape, rest) = content.split_first().ok_or_else(cut)?;
        let (count, rest) = take_u32(rest).ok_or_else(cut)?;
        let (checksum, rest) = take_u32(rest).ok_or_else(cut)?;
        let (header_bytes, rest) = take_u32(rest).ok_or_else(cut)?;
        let header_bytes = usize::try_from(header_bytes).map_err(|_wide| cut())?;
        let (header, block) = rest.split_at_checked(header_bytes).ok_or_else(cut)?;
        let blocks = match (*shape, count) {
            (BLOCKS_APART, _) if block.is_empty() => BlockRange::Apart { count, checksum },
            (BLOCK_INSIDE, 1) => BlockRange::Inside(block.to_vec()),
            _ => return Err("its END entry contradicts itself".to_owned()),
        };
        Ok(Self {
            header: header.to_vec(),
            blocks,
        })
    }
}

fn encode(
    shape: u8,
    count: u32,
    checksum: u32,
    header: &[u8],
    block: &[u8],
) -> Result<Vec<u8>, JournalError> {
    let mut content = Vec::with_capacity(END_HEAD_BYTES + header.len() + block.len());
    content.push(shape);
    content.extend(count.to_be_bytes());
    content.extend(checksum.to_be_bytes());
    content.extend(length(header)?);
    content.extend(header);
    content.extend(block);
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_read_back() {
        let apart = EndEntry::decode(&EndEntry::apart(b"h", 3, 9).unwrap()).unwrap();
        let blocks = BlockRange::Apart {
            count: 3,
            checksum: 9,
        };
        assert_eq!(
            apart,
            EndEntry {
                header: b"h".to_vec(),
                blocks
            }
        );
        let inside = EndEntry::decode(&EndEntry::inside(b"", b"").unwrap()).unwrap();
        assert_eq!(
            inside,
            EndEntry {
                header: Vec::new(),
                blocks: BlockRange::Inside(Vec::new())
            }
        );
    }

    #[test]
    fn contradictions_are_refused() {
        let mut trailing = EndEntry::apart(b"h", 3, 9).unwrap();
        trailing.push(0);
        EndEntry::decode(&trailing).unwrap_err();
        EndEntry::decode(&encode(BLOCK_INSIDE, 2, 0, b"", b"x").unwrap()).unwrap_err();
        EndEntry::decode(&encode(2, 0, 0, b"", b"").unwrap()).unwrap_err();
        EndEntry::decode(&EndEntry::apart(b"header", 0, 0).unwrap()[..15]).unwrap_err();
    }
}
