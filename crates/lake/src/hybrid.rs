//! Parquet's mix of runs and bit-packed groups, for levels, indexes and bits (RLE/bit-packing hybrid encoding).

use parquet::errors::{ParquetError, Result};
use policy::column::Bits;

/// Definition levels of a flat column: 1 where a row is known.
pub(crate) fn encode_levels(known: Option<&Bits>, rows: usize, out: &mut Vec<u8>) {
    let uniform = match known {
        None => Some(1),
        Some(bits) if bits.count_ones() == 0 => Some(0),
        Some(bits) if bits.all() => Some(1),
        Some(_) => None,
    };
    match (uniform, known) {
        (None, Some(bits)) => {
            varint((rows.div_ceil(8) << 1 | 1) as u64, out);
            put_bits(bits, out);
        }
        (level, _) => {
            varint((rows << 1) as u64, out);
            out.push(level.unwrap_or(1));
        }
    }
}

/// `count` zeros of one bit as one run.
pub(crate) fn put_run(count: usize, out: &mut Vec<u8>) {
    varint((count << 1) as u64, out);
    out.push(0);
}

/// Bits, first row lowest, in whole bytes.
pub(crate) fn put_bits(bits: &Bits, out: &mut Vec<u8>) {
    let end = out.len() + bits.len().div_ceil(8);
    out.extend(bits.words().iter().flat_map(|word| word.to_le_bytes()));
    out.truncate(end);
}

/// Reads `count` values of `width` bits onto `out`.
pub(crate) fn decode(bytes: &[u8], width: usize, count: usize, out: &mut Vec<u32>) -> Result<()> {
    let wrong = || ParquetError::General("runs end before their values do".to_owned());
    if width > 32 {
        return Err(ParquetError::General("values wider than 32 bits".to_owned()));
    }
    let mask = u32::try_from((1_u64 << width) - 1).unwrap_or(u32::MAX);
    let (mut at, mut left) = (0, count);
    let mut padded = Vec::new();
    out.reserve(count);
    while left > 0 {
        let (header, used) = read_varint(bytes.get(at..).unwrap_or_default()).ok_or_else(wrong)?;
        at += used;
        let length = usize::try_from(header >> 1).map_err(|_| wrong())?;
        if header & 1 == 0 {
            let value = bytes.get(at..at + width.div_ceil(8)).ok_or_else(wrong)?;
            at += value.len();
            let value = value.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte));
            let run = length.min(left);
            out.resize(out.len() + run, value & mask);
            left -= run;
            if run == 0 {
                return Err(wrong());
            }
            continue;
        }
        let values = length.saturating_mul(8).min(left);
        let end = at.saturating_add(length.saturating_mul(width)).min(bytes.len());
        let packed = bytes.get(at..end).ok_or_else(wrong)?;
        if values == 0 || packed.len() * 8 < values * width {
            return Err(wrong());
        }
        unpack(packed, width, values, mask, &mut padded, out);
        at = end;
        left -= values;
    }
    Ok(())
}

/// Eight values lie in `width` bytes, the first lowest.
fn unpack(packed: &[u8], width: usize, values: usize, mask: u32, padded: &mut Vec<u8>, out: &mut Vec<u32>) {
    padded.clear();
    padded.extend_from_slice(packed);
    padded.resize(packed.len() + 8 + width, 0);
    let window = |byte: usize| padded.get(byte..byte + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes);
    let start = out.len();
    if width <= 8 {
        let mask = u64::from(mask);
        for group in 0..values.div_ceil(8) {
            let word = window(group * width);
            #[expect(clippy::cast_possible_truncation, reason = "the mask leaves 8 bits or fewer")]
            out.extend_from_slice(&[0, 1, 2, 3, 4, 5, 6, 7].map(|place| (word >> (place * width) & mask) as u32));
        }
        out.truncate(start + values);
        return;
    }
    out.extend((0..values).map(|n| {
        #[expect(clippy::cast_possible_truncation, reason = "the mask leaves 32 bits or fewer")]
        let value = (window(n * width / 8) >> (n * width % 8)) as u32 & mask;
        value
    }));
}

/// Indexes of `width` bits each as one bit-packed run.
pub(crate) fn put_indexes(indexes: &[u32], width: usize, out: &mut Vec<u8>) {
    varint((indexes.len().div_ceil(8) << 1 | 1) as u64, out);
    let end = out.len() + indexes.len().div_ceil(8) * width;
    let (mut word, mut used) = (0_u64, 0);
    for index in indexes {
        word |= u64::from(*index) << used;
        used += width;
        while used >= 32 {
            out.extend_from_slice(&(word & u64::from(u32::MAX)).to_le_bytes()[..4]);
            word >>= 32;
            used -= 32;
        }
    }
    out.extend_from_slice(&word.to_le_bytes());
    out.resize(end, 0);
}

/// Whether all of `count` one-bit values are 1, when one run says so.
pub(crate) fn all_ones(bytes: &[u8], count: usize) -> bool {
    let Some((header, used)) = read_varint(bytes) else { return false };
    header & 1 == 0 && (header >> 1) as usize >= count && bytes.get(used) == Some(&1)
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn read_varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_come_back() {
        for rows in [1, 7, 8, 63, 64, 65, 1000] {
            for every in [1, 2, 3, 5000] {
                let known = Bits::from_bools((0..rows).map(|row| row % every == 0));
                let (mut bytes, mut levels) = (Vec::new(), Vec::new());
                encode_levels(Some(&known), rows, &mut bytes);
                decode(&bytes, 1, rows, &mut levels).unwrap();
                assert_eq!(levels, known.iter().map(u32::from).collect::<Vec<_>>(), "{rows} {every}");
                assert_eq!(all_ones(&bytes, rows), known.all());
            }
        }
    }

    #[test]
    fn runs_and_groups_mix() {
        // 8 x 3 by run, then 8 packed values 0..8 of 3 bits (the format's own example)
        let bytes = [0x10, 0x03, 0x03, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        let mut values = Vec::new();
        decode(&bytes, 3, 16, &mut values).unwrap();
        assert_eq!(values, [3, 3, 3, 3, 3, 3, 3, 3, 0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn indexes_come_back_at_every_width() {
        for width in 1..=16 {
            for count in [1, 8, 9, 500] {
                let indexes: Vec<u32> = (0..count).map(|n| n * 40_503 % (1 << width)).collect();
                let (mut bytes, mut back) = (Vec::new(), Vec::new());
                put_indexes(&indexes, width, &mut bytes);
                decode(&bytes, width, indexes.len(), &mut back).unwrap();
                assert_eq!(back, indexes, "{width} {count}");
            }
        }
    }

    #[test]
    fn broken_runs_are_refused() {
        for bytes in [&[][..], &[0x10], &[0x03], &[0x03, 0xff], &[0x00, 0x01], &[0xff; 12]] {
            assert!(decode(bytes, 7, 20, &mut Vec::new()).is_err(), "{bytes:?}");
        }
    }
}
