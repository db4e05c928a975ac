//! Whole numbers kept in the narrowest lanes that have held them so far.

use policy::column::ColumnData;

pub(crate) enum Narrow {
    I8(Vec<i8>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    I64(Vec<i64>),
}

impl Narrow {
    pub fn new(rows: usize) -> Self {
        Self::I8(Vec::with_capacity(rows))
    }

    /// Adds values, moving to wider lanes first where they ask for it.
    pub fn extend<T: Copy + Default + Ord + Into<i64>>(&mut self, values: &[T]) {
        let zero = T::default();
        let (low, high) = values.iter().fold((zero, zero), |(low, high), v| (low.min(*v), high.max(*v)));
        self.widen(low.into(), high.into());
        let values = values.iter().map(|value| Into::<i64>::into(*value));
        #[expect(clippy::cast_possible_truncation, reason = "the lanes were widened to hold the range")]
        match self {
            Self::I8(lanes) => lanes.extend(values.map(|v| v as i8)),
            Self::I16(lanes) => lanes.extend(values.map(|v| v as i16)),
            Self::I32(lanes) => lanes.extend(values.map(|v| v as i32)),
            Self::I64(lanes) => lanes.extend(values),
        }
    }

    pub fn into_data(self) -> ColumnData {
        match self {
            Self::I8(lanes) => ColumnData::I8(lanes),
            Self::I16(lanes) => ColumnData::I16(lanes),
            Self::I32(lanes) => ColumnData::I32(lanes),
            Self::I64(lanes) => ColumnData::I64(lanes),
        }
    }

    fn widen(&mut self, low: i64, high: i64) {
        let fits = |min: i64, max: i64| low >= min && high <= max;
        let wanted = if fits(i8::MIN.into(), i8::MAX.into()) {
            1
        } else if fits(i16::MIN.into(), i16::MAX.into()) {
            2
        } else if fits(i32::MIN.into(), i32::MAX.into()) {
            4
        } else {
            8
        };
        if wanted <= self.bytes() {
            return;
        }
        let room = self.room();
        let lanes = std::mem::replace(self, Self::I8(Vec::new()));
        *self = match wanted {
            2 => Self::I16(lanes.wider(room)),
            4 => Self::I32(lanes.wider(room)),
            _ => Self::I64(lanes.wider(room)),
        };
    }

    fn wider<T: From<i8> + TryFrom<i16> + TryFrom<i32> + TryFrom<i64> + Default>(self, room: usize) -> Vec<T> {
        let mut wide = Vec::with_capacity(room);
        match self {
            Self::I8(lanes) => wide.extend(lanes.into_iter().map(T::from)),
            Self::I16(lanes) => wide.extend(lanes.into_iter().map(|v| T::try_from(v).unwrap_or_default())),
            Self::I32(lanes) => wide.extend(lanes.into_iter().map(|v| T::try_from(v).unwrap_or_default())),
            Self::I64(lanes) => wide.extend(lanes.into_iter().map(|v| T::try_from(v).unwrap_or_default())),
        }
        wide
    }

    const fn bytes(&self) -> usize {
        match self {
            Self::I8(_) => 1,
            Self::I16(_) => 2,
            Self::I32(_) => 4,
            Self::I64(_) => 8,
        }
    }

    fn room(&self) -> usize {
        match self {
            Self::I8(lanes) => lanes.capacity(),
            Self::I16(lanes) => lanes.capacity(),
            Self::I32(lanes) => lanes.capacity(),
            Self::I64(lanes) => lanes.capacity(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_widen_as_values_ask() {
        let mut lanes = Narrow::new(0);
        lanes.extend(&[1, -128]);
        assert!(matches!(lanes, Narrow::I8(_)));
        lanes.extend(&[128]);
        lanes.extend(&[5_i64]);
        assert!(matches!(&lanes, Narrow::I16(v) if *v == [1, -128, 128, 5]));
        lanes.extend(&[i64::from(i32::MIN)]);
        lanes.extend(&[i64::MAX]);
        assert_eq!(lanes.into_data(), ColumnData::I64(vec![1, -128, 128, 5, i64::from(i32::MIN), i64::MAX]));
    }
}
