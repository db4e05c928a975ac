//! Administrative divisions (GB/T 2260 and the statistical township and village codes below it).
//!
//! A code has 2, 4, 6, 9 or 12 digits; each level's code opens with its parent's.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A division's code, 2 to 12 digits, held without padding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode {
    digits: u64,
    level: DivisionLevel,
}

/// The five levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivisionLevel {
    Province,
    Prefecture,
    County,
    Township,
    Community,
}

/// Whether a village or community counts as town or country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    Urban,
    Rural,
}

/// Why a text is not a division code, or a table not a table of divisions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DivisionFault {
    #[error("a division code has 2, 4, 6, 9 or 12 digits")]
    Shape,
    #[error("line {line}: {cause}")]
    Table { line: usize, cause: String },
}

impl DivisionLevel {
    /// Number of digits of a code of this level.
    #[must_use]
    pub const fn digits(self) -> usize {
        match self {
            Self::Province => 2,
            Self::Prefecture => 4,
            Self::County => 6,
            Self::Township => 9,
            Self::Community => 12,
        }
    }

    /// The level above, none for a province.
    #[must_use]
    pub const fn above(self) -> Option<Self> {
        match self {
            Self::Province => None,
            Self::Prefecture => Some(Self::Province),
            Self::County => Some(Self::Prefecture),
            Self::Township => Some(Self::County),
            Self::Community => Some(Self::Township),
        }
    }

    /// The name used in packs and tables: `county`, `township`, …
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Township => "township",
            Self::Community => "community",
        }
    }
}

impl DivisionCode {
    #[must_use]
    pub const fn level(self) -> DivisionLevel {
        self.level
    }

    /// Its digits as a number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.digits
    }

    /// The ancestor at `level`, itself when it is of that level, none when it lies above.
    #[must_use]
    pub fn at(self, level: DivisionLevel) -> Option<Self> {
        let (own, wanted) = (self.level.digits(), level.digits());
        (wanted <= own)
            .then(|| Self { digits: self.digits / 10_u64.pow(u32::try_from(own - wanted).unwrap_or(0)), level })
    }

    /// The next level up.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.level.above().and_then(|level| self.at(level))
    }

    /// Whether `other` is this division or lies inside it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        other.at(self.level) == Some(self)
    }

    /// Town or country by the last three digits of a 12-digit code: 001–199 residents' committee (town),
    /// 200–399 villagers' committee (country); none for other numbers and levels, which need the table.
    #[must_use]
    pub fn settlement_by_number(self) -> Option<Settlement> {
        if self.level != DivisionLevel::Community {
            return None;
        }
        match self.digits % 1000 {
            1..=199 => Some(Settlement::Urban),
            200..=399 => Some(Settlement::Rural),
            _ => None,
        }
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.digits, width = self.level.digits())
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DivisionCode {
    type Err = DivisionFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let level = match text.len() {
            2 => DivisionLevel::Province,
            4 => DivisionLevel::Prefecture,
            6 => DivisionLevel::County,
            9 => DivisionLevel::Township,
            12 => DivisionLevel::Community,
            _ => return Err(DivisionFault::Shape),
        };
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(DivisionFault::Shape);
        }
        Ok(Self { digits: text.parse().map_err(|_| DivisionFault::Shape)?, level })
    }
}

impl Serialize for DivisionCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DivisionCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One row of the division table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    pub code: DivisionCode,
    pub name: String,
    /// `subdistrict`, `town`, `township`, `farm`, `residents_committee`, `villagers_committee`, …
    pub kind: String,
    /// Town or country; only at community level.
    pub settlement: Option<Settlement>,
}

/// The divisions a region works with, by code.
#[derive(Clone, Debug, Default)]
pub struct Divisions {
    by_code: BTreeMap<DivisionCode, Division>,
}

impl Divisions {
    /// Reads the project's table: CSV with the header `code,name,kind,settlement`, ordered or not.
    /// Names hold no comma, so the columns are split at commas.
    ///
    /// # Errors
    /// Every faulty line, with its number: a wrong code, a missing column, a code given twice, an unknown settlement.
    pub fn from_csv(text: &str) -> Result<Self, Vec<DivisionFault>> {
        let mut faults = Vec::new();
        let mut by_code = BTreeMap::new();
        for (index, line) in text.lines().enumerate().skip(1).filter(|(_, l)| !l.trim().is_empty()) {
            match read_row(line) {
                Ok(division) => {
                    if let Some(first) = by_code.insert(division.code, division) {
                        faults.push(DivisionFault::Table {
                            line: index + 1,
                            cause: format!("code {} stands twice", first.code),
                        });
                    }
                }
                Err(cause) => faults.push(DivisionFault::Table { line: index + 1, cause }),
            }
        }
        if faults.is_empty() { Ok(Self { by_code }) } else { Err(faults) }
    }

    #[must_use]
    pub fn get(&self, code: DivisionCode) -> Option<&Division> {
        self.by_code.get(&code)
    }

    /// The name, or the code itself where the table lacks it.
    #[must_use]
    pub fn name(&self, code: DivisionCode) -> String {
        self.get(code).map_or_else(|| code.to_string(), |d| d.name.clone())
    }

    /// County, township and village by name, as far as the table has them: `阿图什市 上阿图什镇 依克萨克村`.
    #[must_use]
    pub fn path(&self, code: DivisionCode) -> String {
        let levels = [DivisionLevel::County, DivisionLevel::Township, DivisionLevel::Community];
        let above = levels.into_iter().filter_map(|level| code.at(level)).filter_map(|code| self.get(code));
        let names: Vec<&str> = above.map(|division| division.name.as_str()).collect();
        if names.is_empty() { code.to_string() } else { names.join(" ") }
    }

    /// In code order within each level, levels from province down.
    pub fn iter(&self) -> impl Iterator<Item = &Division> {
        let mut all: Vec<_> = self.by_code.values().collect();
        all.sort_by_key(|d| (d.code.level(), d.code));
        all.into_iter()
    }

    /// Those of one level, in code order.
    pub fn of_level(&self, level: DivisionLevel) -> impl Iterator<Item = &Division> {
        self.by_code.values().filter(move |d| d.code.level() == level)
    }

    /// Direct children, in code order.
    pub fn children(&self, parent: DivisionCode) -> impl Iterator<Item = &Division> {
        self.by_code.values().filter(move |d| d.code.parent() == Some(parent))
    }

    /// Those inside the given divisions and the ancestors of these; used to cut a region out of the whole table.
    #[must_use]
    pub fn within(&self, roots: &[DivisionCode]) -> Self {
        let keep = |code: DivisionCode| roots.iter().any(|root| root.contains(code) || code.contains(*root));
        Self { by_code: self.by_code.iter().filter(|(c, _)| keep(**c)).map(|(c, d)| (*c, d.clone())).collect() }
    }

    /// Town or country: the table's word, else the number's.
    #[must_use]
    pub fn settlement(&self, code: DivisionCode) -> Option<Settlement> {
        self.get(code).and_then(|d| d.settlement).or_else(|| code.settlement_by_number())
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.by_code.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_code.is_empty()
    }
}

fn read_row(line: &str) -> Result<Division, String> {
    let mut columns = line.trim_end().split(',');
    let (Some(code), Some(name), Some(kind), Some(settlement), None) =
        (columns.next(), columns.next(), columns.next(), columns.next(), columns.next())
    else {
        return Err("expected the four columns code,name,kind,settlement".into());
    };
    let settlement = match settlement {
        "" => None,
        "urban" => Some(Settlement::Urban),
        "rural" => Some(Settlement::Rural),
        other => return Err(format!("settlement is urban, rural or empty, not {other}")),
    };
    Ok(Division {
        code: code.parse().map_err(|fault: DivisionFault| fault.to_string())?,
        name: name.to_owned(),
        kind: kind.to_owned(),
        settlement,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DivisionCode {
        text.parse().unwrap()
    }

    #[test]
    fn ancestors_are_prefixes() {
        let village = code("653001100205");
        assert_eq!(village.at(DivisionLevel::Township), Some(code("653001100")));
        assert_eq!(village.at(DivisionLevel::County), Some(code("653001")));
        assert!(code("6530").contains(village));
        assert!(!code("653022").contains(village));
        assert_eq!(code("65").parent(), None);
    }

    #[test]
    fn number_tells_town_from_country() {
        assert_eq!(code("653001001001").settlement_by_number(), Some(Settlement::Urban));
        assert_eq!(code("653001100205").settlement_by_number(), Some(Settlement::Rural));
        assert_eq!(code("653001500498").settlement_by_number(), None);
    }

    #[test]
    fn table_reports_every_fault() {
        let faults =
            Divisions::from_csv("code,name,kind,settlement\n65,新疆,region,\n6x,a,b,\n65,again,region,\n653001,b\n")
                .unwrap_err();
        assert_eq!(faults.len(), 3);
        assert!(faults[0].to_string().starts_with("line 3"));
    }
}
