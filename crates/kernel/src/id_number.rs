//! Citizen ID numbers (GB 11643-1999): place of first registration, birth date, sequence, check character.
//!
//! The six leading digits say where a number was first issued. They are checked for shape only and never
//! read as a residence.

use std::fmt;

use crate::Date;

/// An 18-character number whose check character holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdNumber {
    text: String,
    upgraded: bool,
}

/// Why a text is not an ID number. None of the messages repeats the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberFault {
    #[error("an ID number has 18 characters (or 15 in the old form)")]
    Length,
    #[error("an ID number has digits only, with X allowed in the last place")]
    Character,
    #[error("the birth date inside the ID number does not exist")]
    BirthDate,
    #[error("the check character of the ID number does not fit")]
    Checksum,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

impl IdNumber {
    /// Reads the 18-character form, or the 15-digit form issued before October 1999, which is upgraded by
    /// inserting the century 19 and computing the check character (ISO 7064 MOD 11-2).
    ///
    /// Full-width digits, blanks and a lower-case x are accepted.
    ///
    /// # Errors
    /// One [`IdNumberFault`]; the first in the order length, character, birth date, checksum.
    pub fn parse(raw: &str) -> Result<Self, IdNumberFault> {
        let mut text = String::with_capacity(18);
        for c in raw.chars() {
            match c {
                '０'..='９' => text.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
                'x' | 'ｘ' | 'Ｘ' => text.push('X'),
                c if c.is_whitespace() || c == '\u{feff}' => {}
                c => text.push(c),
            }
        }
        if !text.is_ascii() {
            return Err(if matches!(text.chars().count(), 15 | 18) {
                IdNumberFault::Character
            } else {
                IdNumberFault::Length
            });
        }
        let upgraded = match text.len() {
            18 => false,
            15 => true,
            _ => return Err(IdNumberFault::Length),
        };
        let body_len = if upgraded { 15 } else { 17 };
        if !text.as_bytes()[..body_len].iter().all(u8::is_ascii_digit) {
            return Err(IdNumberFault::Character);
        }
        if upgraded {
            text.insert_str(6, "19");
            let check = check_character(&text);
            text.push(char::from(check));
        }
        let last = text.as_bytes()[17];
        if !(last.is_ascii_digit() || last == b'X') {
            return Err(IdNumberFault::Character);
        }
        let number = Self { text, upgraded };
        number.read_birth_date().ok_or(IdNumberFault::BirthDate)?;
        if check_character(&number.text[..17]) != last {
            return Err(IdNumberFault::Checksum);
        }
        Ok(number)
    }

    /// Composes a number from its parts; `sequence` 0..=999, odd for a man. For synthetic people and tests.
    ///
    /// # Errors
    /// `Character` when `region` is not six digits or `sequence` exceeds 999.
    pub fn compose(region: &str, birth_date: Date, sequence: u16) -> Result<Self, IdNumberFault> {
        if region.len() != 6 || !region.bytes().all(|b| b.is_ascii_digit()) || sequence > 999 {
            return Err(IdNumberFault::Character);
        }
        let mut text = format!("{region}{}{sequence:03}", birth_date.format("%Y%m%d"));
        text.push(char::from(check_character(&text)));
        Ok(Self { text, upgraded: false })
    }

    /// The 18 characters. Handle as `identity`: never into a log, an error or Parquet.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// The birth date inside the number.
    ///
    /// # Panics
    /// Never: parsing and composing both saw the date.
    #[must_use]
    pub fn birth_date(&self) -> Date {
        self.read_birth_date().expect("checked when made")
    }

    /// GB/T 2261.1: 1 male, 2 female.
    #[must_use]
    pub fn sex(&self) -> u8 {
        if (self.text.as_bytes()[16] - b'0') % 2 == 1 { 1 } else { 2 }
    }

    /// Whether the source held the 15-digit form.
    #[must_use]
    pub fn was_upgraded(&self) -> bool {
        self.upgraded
    }

    /// The last four characters, for a person to recognise it by.
    #[must_use]
    pub fn last_four(&self) -> &str {
        &self.text[14..]
    }

    /// First two and last two characters with stars between.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}**************{}", &self.text[..2], &self.text[16..])
    }

    fn read_birth_date(&self) -> Option<Date> {
        let number = |digits: &str| digits.parse::<u32>().ok();
        let year = i32::try_from(number(&self.text[6..10])?).ok()?;
        Date::from_ymd_opt(year, number(&self.text[10..12])?, number(&self.text[12..14])?)
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNumber({})", self.masked())
    }
}

fn check_character(body: &str) -> u8 {
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    CHECKS[(sum % 11) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_date;

    fn number() -> IdNumber {
        IdNumber::compose("653001", parse_date("1944-03-12").unwrap(), 28).unwrap()
    }

    #[test]
    fn composed_number_reads_back() {
        let n = number();
        let read = IdNumber::parse(n.reveal()).unwrap();
        assert_eq!(read, n);
        assert_eq!((read.sex(), read.birth_date().to_string()), (2, "1944-03-12".into()));
    }

    #[test]
    fn fifteen_digits_are_upgraded() {
        let n = number();
        let old = format!("{}{}", &n.reveal()[..6], &n.reveal()[8..17]);
        let read = IdNumber::parse(&old).unwrap();
        assert_eq!(read.reveal(), n.reveal());
        assert!(read.was_upgraded());
    }

    #[test]
    fn every_single_wrong_digit_is_found() {
        let n = number();
        for place in 0..17 {
            for digit in '0'..='9' {
                let mut text: Vec<char> = n.reveal().chars().collect();
                if text[place] == digit {
                    continue;
                }
                text[place] = digit;
                assert!(IdNumber::parse(&text.iter().collect::<String>()).is_err(), "place {place} digit {digit}");
            }
        }
    }

    #[test]
    fn faults_are_told_apart() {
        let n = number();
        let t = n.reveal();
        assert_eq!(IdNumber::parse(""), Err(IdNumberFault::Length));
        assert_eq!(IdNumber::parse(&t[..17]), Err(IdNumberFault::Length));
        assert_eq!(IdNumber::parse(&t.replace("1944", "194A")), Err(IdNumberFault::Character));
        assert_eq!(IdNumber::parse(&t.replace("19440312", "19440230")), Err(IdNumberFault::BirthDate));
        let wrong = if t.ends_with('0') { "1" } else { "0" };
        assert_eq!(IdNumber::parse(&format!("{}{wrong}", &t[..17])), Err(IdNumberFault::Checksum));
        assert_eq!(IdNumber::parse("身份证号码不详，请核对后再填报一"), Err(IdNumberFault::Length));
    }

    #[test]
    fn full_width_and_lower_case_are_accepted() {
        let t = number().reveal().replace('1', "１").to_lowercase();
        assert_eq!(IdNumber::parse(&format!(" {t} ")).unwrap(), number());
    }

    #[test]
    fn debug_never_shows_the_number() {
        assert!(!format!("{:?}", number()).contains("19440312"));
    }
}
