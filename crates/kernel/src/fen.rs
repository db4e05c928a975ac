//! Money in whole fen (1/100 yuan). No binary fraction ever touches it.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// An amount in fen; negative for corrections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FenFault {
    #[error("not an amount such as 200 or 200.50")]
    Shape,
    #[error("an amount has at most two decimals")]
    TooFine,
}

impl Fen {
    /// Reads yuan with at most two decimals: `200`, `200.5`, `-3.05`, `1,236.00`.
    ///
    /// # Errors
    /// `Shape` for anything else, `TooFine` for a third decimal that is not zero.
    pub fn from_yuan(text: &str) -> Result<Self, FenFault> {
        let text = text.trim();
        let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let body = body.replace(',', "");
        let (whole, fraction) = body.split_once('.').unwrap_or((&body, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || (body.contains('.') && fraction.is_empty()) {
            return Err(FenFault::Shape);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 2 {
            return Err(FenFault::TooFine);
        }
        let cents: i64 = format!("{fraction:0<2}").parse().map_err(|_| FenFault::Shape)?;
        let yuan: i64 = whole.parse().map_err(|_| FenFault::Shape)?;
        let fen = yuan.checked_mul(100).and_then(|f| f.checked_add(cents)).ok_or(FenFault::Shape)?;
        Ok(Self(if negative { -fen } else { fen }))
    }
}

impl fmt::Display for Fen {
    /// Yuan: `200`, `200.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (yuan, fen) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        if fen == 0 { write!(f, "{sign}{yuan}") } else { write!(f, "{sign}{yuan}.{fen:02}") }
    }
}

impl Add for Fen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Fen {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_become_fen_exactly() {
        assert_eq!(Fen::from_yuan("0.29"), Ok(Fen(29)));
        assert_eq!(Fen::from_yuan("1,236.5"), Ok(Fen(123_650)));
        assert_eq!(Fen::from_yuan("-3.05"), Ok(Fen(-305)));
        assert_eq!(Fen::from_yuan("1.005"), Err(FenFault::TooFine));
        assert_eq!(Fen::from_yuan("12元"), Err(FenFault::Shape));
        assert_eq!(Fen(123_650).to_string(), "1236.50");
        assert_eq!(Fen(-20_000).to_string(), "-200");
    }
}
