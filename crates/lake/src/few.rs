//! Columns of eight-byte values of which only a few differ: a dictionary found in one pass, or none.

use crate::hybrid;

/// More different values than this are written one by one.
const MOST: usize = 1 << 11;
const SLOTS: usize = MOST * 4;
const FREE: u32 = u32::MAX;

/// Different values in order of first appearance, and each value's place among them.
pub(crate) struct Few {
    pub values: Vec<u64>,
    indexes: Vec<u32>,
}

impl Few {
    /// None when too many differ, so that a dictionary would save little.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let (values, _) = bytes.as_chunks::<8>();
        let most = MOST.min(values.len() / 4);
        let mut few = Self { values: Vec::new(), indexes: Vec::with_capacity(values.len()) };
        let mut slots = vec![(0, FREE); SLOTS];
        for value in values {
            let value = u64::from_le_bytes(*value);
            let mut slot = slot_of(value);
            let index = loop {
                match slots[slot] {
                    (_, FREE) if few.values.len() >= most => return None,
                    (_, FREE) => {
                        let index = u32::try_from(few.values.len()).ok()?;
                        few.values.push(value);
                        slots[slot] = (value, index);
                        break index;
                    }
                    (found, index) if found == value => break index,
                    _ => slot = (slot + 1) % SLOTS,
                }
            };
            few.indexes.push(index);
        }
        Some(few)
    }

    /// The values' places.
    pub fn indexes(&self) -> &[u32] {
        &self.indexes
    }
}

/// Places among so many different values, as a page holds them.
pub(crate) fn put_indexes(indexes: &[u32], values: usize, out: &mut Vec<u8>) {
    let width = usize::try_from((values.max(2) - 1).ilog2() + 1).unwrap_or(1);
    out.push(width as u8);
    hybrid::put_indexes(indexes, width, out);
}

fn slot_of(value: u64) -> usize {
    (value.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_found_and_many_given_up() {
        let bytes = |values: &[u64]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        let few = Few::of(&bytes(&[7, 9, 7, 7, 9, 0, 7, 7, 9, 0, 0, 7])).unwrap();
        assert_eq!((few.values, few.indexes), (vec![7, 9, 0], vec![0, 1, 0, 0, 1, 2, 0, 0, 1, 2, 2, 0]));
        assert!(Few::of(&bytes(&(0..100_000).collect::<Vec<_>>())).is_none());
        assert!(Few::of(&[]).is_some());
    }
}
