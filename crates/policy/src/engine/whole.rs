//! Rounding and arithmetic shared by the row evaluator and the columns, so that both agree to the last bit.

use crate::expr::{Arith, Rounding};
use crate::value::pow10;

/// Null beyond 64 bits.
pub fn arith(op: Arith, a: i64, b: i64) -> Option<i64> {
    match op {
        Arith::Add => a.checked_add(b),
        Arith::Subtract => a.checked_sub(b),
        Arith::Multiply => a.checked_mul(b),
        Arith::Divide => None,
    }
}

/// Null for a division by zero.
pub fn arith_float(op: Arith, a: f64, b: f64) -> Option<f64> {
    match op {
        Arith::Add => Some(a + b),
        Arith::Subtract => Some(a - b),
        Arith::Multiply => Some(a * b),
        Arith::Divide => (b != 0.0).then(|| a / b),
    }
}

/// Rounds whole units, dropping places.
pub fn round_whole(rounding: Rounding, units: i64) -> Option<i64> {
    let (Rounding::WholeHalfUp(drop) | Rounding::WholeDown(drop)) = rounding else { return None };
    let unit = pow10(drop);
    let half = if matches!(rounding, Rounding::WholeHalfUp(_)) { unit / 2 } else { 0 };
    let away = units.unsigned_abs().checked_add(half.unsigned_abs())? / unit.unsigned_abs();
    let away = i64::try_from(away).ok()?;
    Some(if units < 0 { -away } else { away })
}

/// Rounds a float to whole units of 10^-digits; null beyond 2^53, where floats have no places left.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "the range is checked first")]
pub fn round_float(rounding: Rounding, x: f64) -> Option<i64> {
    let (Rounding::FloatHalfUp(digits) | Rounding::FloatDown(digits)) = rounding else { return None };
    let half = if matches!(rounding, Rounding::FloatHalfUp(_)) { 0.5 } else { 0.0 };
    let scaled = if digits == 0 { x.abs() } else { x.abs() * pow10(digits) as f64 };
    if scaled.is_nan() || scaled >= 9_007_199_254_740_992.0 {
        return None;
    }
    let away = (scaled + half) as i64;
    Some(if x < 0.0 { -away } else { away })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        let whole = |units| round_whole(Rounding::WholeHalfUp(2), units);
        assert_eq!([149, 150, -149, -150].map(whole), [Some(1), Some(2), Some(-1), Some(-2)]);
        assert_eq!(round_whole(Rounding::WholeDown(2), -199), Some(-1));
        let float = |x| round_float(Rounding::FloatHalfUp(0), x);
        assert_eq!([2.5, -2.5, 2.4, f64::NAN].map(float), [Some(3), Some(-3), Some(2), None]);
        assert_eq!(round_float(Rounding::FloatDown(1), 2.59), Some(25));
        assert_eq!(round_float(Rounding::FloatDown(0), 1e16), None);
    }
}
