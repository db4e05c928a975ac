//! TOML values as values of a declared type: the same `1` is a whole number, a date never.

use kernel::Fen;
use toml::de::DeValue;

use super::reader::Item;
use crate::value::{Value, ValueType};

impl Item<'_> {
    /// The value as `value_type`; a fault and none when it is something else.
    pub fn value(&self, value_type: ValueType) -> Option<Value> {
        match value_type {
            ValueType::Bool => self.boolean().map(Value::Bool),
            ValueType::Int => self.integer().map(Value::Int),
            ValueType::Fen => self.fen(),
            ValueType::Float => self.number().map(Value::Float),
            ValueType::Decimal(scale) => self.decimal(scale),
            ValueType::Date => self.date().map(Value::Date),
            ValueType::Text => self.text().map(|text| Value::Text(text.into())),
        }
    }

    /// Whole fen as a number, or yuan as a text: `20000`, `"200 yuan"`.
    fn fen(&self) -> Option<Value> {
        if let DeValue::String(text) = self.value.get_ref() {
            let yuan = text.strip_suffix("yuan").or_else(|| text.strip_suffix('元'));
            if let Some(Ok(Fen(fen))) = yuan.map(Fen::from_yuan) {
                return Some(Value::Fen(fen));
            }
            self.wrong_type("an amount in whole fen such as 20000, or \"200.00 yuan\"");
            return None;
        }
        self.integer().map(Value::Fen)
    }

    /// An exact number: never read through a binary fraction.
    fn decimal(&self, scale: u8) -> Option<Value> {
        let text = match self.value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let units = decimal_units(&text, scale);
        if units.is_none() {
            self.wrong_type(&format!("a number with at most {scale} decimals"));
        }
        units.map(|units| Value::Decimal { units, scale })
    }
}

/// `"0.25"` with scale 3 is 250; none for other texts and for digits finer than the scale.
pub fn decimal_units(text: &str, scale: u8) -> Option<i64> {
    let text = text.trim().replace('_', "");
    let (negative, body) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let width = usize::from(scale);
    if fraction.len() > width {
        return None;
    }
    let units: i64 = format!("{whole}{fraction:0<width$}").parse().ok()?;
    Some(if negative { -units } else { units })
}

#[cfg(test)]
mod tests {
    use super::decimal_units;

    #[test]
    fn decimals_are_exact() {
        assert_eq!(decimal_units("0.29", 2), Some(29));
        assert_eq!(decimal_units("-1.5", 3), Some(-1500));
        assert_eq!(decimal_units("7", 0), Some(7));
        assert_eq!(decimal_units("0.125", 2), None);
        assert_eq!(decimal_units("1e3", 2), None);
        assert_eq!(decimal_units("", 2), None);
    }
}
