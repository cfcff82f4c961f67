//! Where a value lies: the keys of the `journal` tree.

/// Block number of a commit's END entry: after every block of its commit, before the next commit.
pub(super) const END: u32 = u32::MAX;

/// Bytes of a key: commit (8), block (4), part (2), each big-endian so that byte order is log order.
pub(super) const KEY_BYTES: usize = 14;

/// The place of one block, or of the END entry, of one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) commit: u64,
    pub(super) block: u32,
}

impl Slot {
    pub(super) fn end(commit: u64) -> Self {
        Self { commit, block: END }
    }

    /// The bytes that every key of this slot starts with; part of what the checksum covers.
    pub(super) fn prefix(self) -> [u8; 12] {
        let mut prefix = [0; 12];
        let (commit, block) = prefix.split_at_mut(8);
        commit.copy_from_slice(&self.commit.to_be_bytes());
        block.copy_from_slice(&self.block.to_be_bytes());
        prefix
    }

    pub(super) fn key(self, part: u16) -> [u8; KEY_BYTES] {
        let mut key = [0; KEY_BYTES];
        let (prefix, tail) = key.split_at_mut(12);
        prefix.copy_from_slice(&self.prefix());
        tail.copy_from_slice(&part.to_be_bytes());
        key
    }

    /// The slot and part that a key names, or `None` if it is not 14 bytes long.
    pub(super) fn parse(key: &[u8]) -> Option<(Self, u16)> {
        let (commit, rest) = key.split_first_chunk()?;
        let (block, rest) = rest.split_first_chunk()?;
        let part = rest.try_into().ok()?;
        let slot = Self {
            commit: u64::from_be_bytes(*commit),
            block: u32::from_be_bytes(*block),
        };
        Some((slot, u16::from_be_bytes(part)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back() {
        let slot = Slot {
            commit: 0x0102_0304_0506_0708,
            block: 9,
        };
        assert_eq!(Slot::parse(&slot.key(513)), Some((slot, 513)));
        assert_eq!(Slot::parse(&slot.key(513)[..13]), None);
        assert_eq!(
            Slot::parse(&[slot.key(513).as_slice(), &[0]].concat()),
            None
        );
    }

    #[test]
    fn byte_order_is_log_order() {
        let keys = [
            Slot {
                commit: 255,
                block: 0,
            }
            .key(0),
            Slot {
                commit: 255,
                block: 0,
            }
            .key(256),
            Slot {
                commit: 255,
                block: 256,
            }
            .key(1),
            Slot::end(255).key(0),
            Slot {
                commit: 256,
                block: 0,
            }
            .key(0),
        ];
        assert!(keys.is_sorted());
    }
}
