//! Numbers, money and dates as the pages write them.

use kernel::{Date, Lang};

/// `1,236`, `96.4`, `-1,236.5`; at most four decimals, none that are zero.
#[must_use]
pub fn grouped(value: f64) -> String {
    if !value.is_finite() {
        return "—".into();
    }
    let text = format!("{:.4}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0.0 && (whole != "0" || !fraction.is_empty()) { "-" } else { "" };
    let whole = group(whole);
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

fn group(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share or measure with at most two decimals, as tables show it: `96.4`, `4.62`, `100`.
///
/// Rounds towards zero, so that 99.96 of 100 never reads as reached.
#[must_use]
pub fn measure(value: f64) -> String {
    let places = if value.abs() >= 20.0 { 10.0 } else { 100.0 };
    grouped(trim((value * places + 1e-9 * value.signum()).trunc() / places))
}

fn trim(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value }
}

/// Fen as yuan: `200`, `1,236.50`.
#[must_use]
pub fn yuan(fen: i64) -> String {
    let (whole, cents) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let sign = if fen < 0 { "-" } else { "" };
    let whole = group(&whole.to_string());
    if cents == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{cents:02}") }
}

/// `11-24` within the year of `today`, else `2025-11-24`.
#[must_use]
pub fn short_date(date: Date, today: Date) -> String {
    use chrono::Datelike;
    if date.year() == today.year() { date.format("%m-%d").to_string() } else { date.to_string() }
}

/// `11 月 24 日 周二`, `Tue 24 Nov`.
#[must_use]
pub fn spoken_date(date: Date, lang: Lang) -> String {
    use chrono::Datelike;
    match lang {
        Lang::Zh => {
            let day = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
                [date.weekday().num_days_from_monday() as usize];
            format!("{} 月 {} 日 {day}", date.month(), date.day())
        }
        Lang::En => {
            let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
                [date.month0() as usize];
            format!("{} {} {month}", date.weekday(), date.day())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (value, said) in
            [(0.0, "0"), (-0.0, "0"), (999.0, "999"), (1236.0, "1,236"), (-1_236_000.5, "-1,236,000.5"), (96.4, "96.4")]
        {
            assert_eq!(grouped(value), said);
        }
        assert_eq!(grouped(f64::NAN), "—");
    }

    #[test]
    fn a_share_never_rounds_up_to_its_target() {
        assert_eq!(measure(99.99), "99.9");
        assert_eq!(measure(4.619), "4.61");
        assert_eq!(measure(64.3), "64.3");
        assert_eq!(measure(100.0), "100");
    }

    #[test]
    fn money_is_yuan_with_cents_when_there_are_any() {
        assert_eq!(yuan(20_000), "200");
        assert_eq!(yuan(-123_650), "-1,236.50");
    }

    #[test]
    fn dates_drop_the_year_they_share() {
        let d = |t: &str| kernel::parse_date(t).unwrap();
        assert_eq!(short_date(d("2026-11-24"), d("2026-11-20")), "11-24");
        assert_eq!(short_date(d("2025-11-24"), d("2026-11-20")), "2025-11-24");
        assert_eq!(spoken_date(d("2026-11-20"), Lang::Zh), "11 月 20 日 周五");
        assert_eq!(spoken_date(d("2026-11-20"), Lang::En), "Fri 20 Nov");
    }
}
