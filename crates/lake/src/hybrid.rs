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
        padded.clear();
        padded.extend_from_slice(packed);
        padded.extend_from_slice(&[0; 8]);
        out.extend((0..values).map(|n| {
            let (byte, shift) = (n * width / 8, n * width % 8);
            let window = padded[byte..byte + 8].try_into().map_or(0, u64::from_le_bytes);
            #[expect(clippy::cast_possible_truncation, reason = "the mask leaves 32 bits or fewer")]
            let value = (window >> shift) as u32 & mask;
            value
        }));
        at = end;
        left -= values;
    }
    Ok(())
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
    fn broken_runs_are_refused() {
        for bytes in [&[][..], &[0x10], &[0x03], &[0x03, 0xff], &[0x00, 0x01], &[0xff; 12]] {
            assert!(decode(bytes, 7, 20, &mut Vec::new()).is_err(), "{bytes:?}");
        }
    }
}
