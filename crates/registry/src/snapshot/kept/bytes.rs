//! Numbers as bytes: small ones short, and rows of them in as many bytes each as their span needs.

/// Adds a number: seven bits a byte, lowest first.
pub(super) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Adds a number of either sign.
pub(super) fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put(bytes, (number << 1 ^ number >> 63).cast_unsigned());
}

/// Adds how many numbers follow, and each as the difference to the one before.
pub(super) fn put_ascending(bytes: &mut Vec<u8>, numbers: impl ExactSizeIterator<Item = i64>) {
    put(bytes, numbers.len() as u64);
    let mut before = 0;
    for number in numbers {
        put_signed(bytes, number.wrapping_sub(before));
        before = number;
    }
}

/// Adds numbers, all in the same width, over the lowest of them.
pub(super) fn put_level(bytes: &mut Vec<u8>, numbers: impl Iterator<Item = i64> + Clone) {
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    numbers.clone().for_each(|number| (low, high) = (low.min(number), high.max(number)));
    let low = low.min(high);
    let width = (u64::BITS - (high.wrapping_sub(low).cast_unsigned()).leading_zeros()).div_ceil(8);
    put_signed(bytes, low);
    bytes.push(width as u8);
    for number in numbers {
        bytes.extend_from_slice(&number.wrapping_sub(low).to_le_bytes()[..width as usize]);
    }
}

/// Takes off from the front; none where there is less than was said.
pub(super) struct Taking<'b>(pub &'b [u8]);

impl<'b> Taking<'b> {
    pub fn some(&mut self, count: usize) -> Option<&'b [u8]> {
        let (some, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(some)
    }

    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// How many things of at least a byte each follow.
    pub fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    pub fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    pub fn ascending(&mut self) -> Option<Vec<i64>> {
        let mut before = 0_i64;
        let count = self.count()?;
        let mut numbers = Vec::with_capacity(count);
        for _ in 0..count {
            before = before.wrapping_add(self.signed()?);
            numbers.push(before);
        }
        Some(numbers)
    }

    /// Gives so many numbers of one width to `each`.
    pub fn level(&mut self, count: usize, each: impl FnMut(i64)) -> Option<()> {
        let low = self.signed()?;
        let width = usize::from(*self.some(1)?.first()?);
        let bytes = self.some(count.checked_mul(width)?)?;
        match width {
            0 => (0..count).map(|_| low).for_each(each),
            1 => of_width::<1>(bytes, low, each),
            2 => of_width::<2>(bytes, low, each),
            3 => of_width::<3>(bytes, low, each),
            4 => of_width::<4>(bytes, low, each),
            5 => of_width::<5>(bytes, low, each),
            6 => of_width::<6>(bytes, low, each),
            7 => of_width::<7>(bytes, low, each),
            8 => of_width::<8>(bytes, low, each),
            _ => return None,
        }
        Some(())
    }
}

fn of_width<const WIDTH: usize>(bytes: &[u8], low: i64, mut each: impl FnMut(i64)) {
    for some in bytes.as_chunks::<WIDTH>().0 {
        let mut word = [0; 8];
        word[..WIDTH].copy_from_slice(some);
        each(low.wrapping_add(i64::from_le_bytes(word)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_comes_back() {
        let rows: [&[i64]; 7] =
            [&[], &[7, 7, 7], &[-1, 254], &[0, 256], &[i64::MIN, 0, i64::MAX], &[-5, 1 << 40], &[3, 1 << 20, 9]];
        let mut bytes = Vec::new();
        for row in rows {
            put_ascending(&mut bytes, row.iter().copied());
            put_level(&mut bytes, row.iter().copied());
            row.iter().for_each(|number| put_signed(&mut bytes, *number));
        }
        let mut taking = Taking(&bytes);
        for row in rows {
            assert_eq!(taking.ascending().unwrap(), row);
            let mut level = Vec::new();
            taking.level(row.len(), |number| level.push(number)).unwrap();
            assert_eq!(level, row);
            assert!(row.iter().all(|number| taking.signed() == Some(*number)));
        }
        assert!(taking.0.is_empty() && taking.number().is_none());
    }
}
