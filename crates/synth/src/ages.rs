//! Ages, sexes and marriages of older people: the shares the families are drawn from.
//!
//! Age bands follow a county of southern Xinjiang in the census of 2020; the rest are plausible round figures.

use chrono::Days;
use kernel::Date;

use crate::dice::Dice;

/// From 60 in bands of five years, the last open.
const BANDS: [f64; 6] = [32.5, 26.1, 20.8, 11.1, 6.1, 3.4];
const WOMEN: [f64; 6] = [0.50, 0.505, 0.515, 0.53, 0.55, 0.60];
/// Widowed, divorced, never married, by band.
const WOMEN_WITHOUT: [[f64; 3]; 6] = [
    [0.15, 0.045, 0.008],
    [0.23, 0.035, 0.008],
    [0.34, 0.028, 0.007],
    [0.46, 0.020, 0.006],
    [0.60, 0.012, 0.005],
    [0.77, 0.008, 0.005],
];
const MEN_WITHOUT: [[f64; 3]; 6] = [
    [0.05, 0.035, 0.022],
    [0.08, 0.028, 0.020],
    [0.12, 0.022, 0.018],
    [0.19, 0.018, 0.016],
    [0.29, 0.012, 0.012],
    [0.44, 0.008, 0.010],
];

/// GB/T 2261.2.
pub(crate) mod marital {
    pub(crate) const NEVER: &str = "10";
    pub(crate) const MARRIED: &str = "20";
    pub(crate) const FIRST: &str = "21";
    pub(crate) const AGAIN: &str = "22";
    pub(crate) const WIDOWED: &str = "30";
    pub(crate) const DIVORCED: &str = "40";
}

/// An older person before a name is found.
pub(crate) struct Elder {
    pub male: bool,
    pub age: i64,
    pub marital: &'static str,
}

impl Elder {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let band = dice.weighted(&BANDS);
        let within = match band {
            // a long thin tail beyond 85
            5 => (-(1.0 - dice.unit()).ln() * 3.2).min(22.0).floor(),
            // slightly more of the younger years in each band
            _ => (dice.unit().powf(1.12) * 5.0).floor(),
        };
        #[expect(clippy::cast_possible_truncation, reason = "below 30")]
        let age = 60 + 5 * i64::try_from(band).unwrap_or(0) + within as i64;
        let male = !dice.chance(WOMEN[band]);
        let [widowed, divorced, never] = if male { MEN_WITHOUT[band] } else { WOMEN_WITHOUT[band] };
        let marital = match dice.weighted(&[widowed, divorced, never, 1.0 - widowed - divorced - never]) {
            0 => marital::WIDOWED,
            1 => marital::DIVORCED,
            2 => marital::NEVER,
            _ => [marital::MARRIED, marital::FIRST, marital::AGAIN][dice.weighted(&[0.35, 0.6, 0.05])],
        };
        Self { male, age, marital }
    }

    pub(crate) fn married(&self) -> bool {
        matches!(self.marital, marital::MARRIED | marital::FIRST | marital::AGAIN)
    }

    /// The partner's age: husbands are three years older, give or take three.
    pub(crate) fn partner_age(&self, dice: &mut Dice) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "a few years")]
        let older = (3.0 + 2.6 * dice.normal()).round() as i64;
        (if self.male { self.age - older } else { self.age + older }).clamp(38, 108)
    }
}

/// A birth date for someone who is `age` on `on`; one in twenty-five of the old has the 1st of January.
pub(crate) fn born(dice: &mut Dice, age: i64, on: Date) -> Date {
    let years = u32::try_from(age.max(0) * 12).unwrap_or(0);
    let latest = on.checked_sub_months(chrono::Months::new(years)).unwrap_or(on);
    let back = u64::try_from(dice.below(365)).unwrap_or(0);
    let day = latest.checked_sub_days(Days::new(back)).unwrap_or(latest);
    let new_year = Date::from_ymd_opt(chrono::Datelike::year(&day), 1, 1).unwrap_or(day);
    let same_age = kernel::full_years_between(new_year, on) == kernel::full_years_between(day, on);
    if age >= 65 && same_age && dice.chance(0.06) { new_year } else { day }
}

/// The first day of a day's month, on which allowances begin.
pub(crate) fn month_first(day: Date) -> Date {
    chrono::Datelike::with_day(&day, 1).unwrap_or(day)
}

/// A day so many days before another.
pub(crate) fn before(day: Date, days: i64) -> Date {
    day.checked_sub_signed(chrono::Duration::days(days)).unwrap_or(day)
}

/// The same day so many years earlier.
pub(crate) fn years_before(day: Date, years: u32) -> Option<Date> {
    day.checked_sub_months(chrono::Months::new(years * 12))
}
