//! Divisions as offices write them: by code, or by the names of township and village.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState as Fold;
use kernel::{DivisionCode, DivisionLevel, Divisions};

/// Names of the region's divisions, as far as they point to one place only.
#[derive(Clone, Debug, Default)]
pub struct DivisionNames {
    /// None: several places are called so.
    by_name: HashMap<String, Option<DivisionCode>, Fold>,
    known: Divisions,
    /// Prefectures the table covers: a code inside them must be in the table.
    covered: BTreeSet<DivisionCode>,
}

const ENDINGS: [&str; 6] = ["社区居民委员会", "居民委员会", "村民委员会", "居委会", "村委会", "委员会"];

impl DivisionNames {
    #[must_use]
    pub fn new(divisions: &Divisions) -> Self {
        let mut names = Self { known: divisions.clone(), ..Self::default() };
        for division in divisions.iter() {
            let code = division.code;
            if code.level() == DivisionLevel::County {
                names.covered.insert(code);
            }
            let chain: Vec<String> = [DivisionLevel::County, DivisionLevel::Township]
                .iter()
                .filter(|level| **level < code.level())
                .filter_map(|level| code.at(*level).and_then(|c| divisions.get(c)))
                .map(|d| plain(&d.name))
                .collect();
            for own in forms(&division.name) {
                let own = plain(&own);
                for start in 0..=chain.len() {
                    let mut name = String::with_capacity(chain.iter().map(String::len).sum::<usize>() + own.len());
                    chain[start..].iter().chain([&own]).for_each(|part| name.push_str(part));
                    names.add(name, code);
                }
            }
        }
        names
    }

    fn add(&mut self, name: String, code: DivisionCode) {
        let entry = self.by_name.entry(name).or_insert(Some(code));
        if *entry != Some(code) {
            *entry = None;
        }
    }

    /// The table.
    #[must_use]
    pub const fn divisions(&self) -> &Divisions {
        &self.known
    }

    /// Whether the table has a division of this code.
    #[must_use]
    pub fn knows(&self, code: DivisionCode) -> bool {
        self.known.get(code).is_some()
    }

    /// The division a cell names. A code outside the region is taken as it is: it can't be looked up here.
    #[must_use]
    pub fn find(&self, cell: &str) -> Option<DivisionCode> {
        if cell.bytes().all(|b| b.is_ascii_digit()) {
            let code: DivisionCode = cell.parse().ok()?;
            let inside = code.at(DivisionLevel::County).is_some_and(|county| self.covered.contains(&county));
            return (!inside || self.known.get(code).is_some()).then_some(code);
        }
        self.by_name.get(&plain(cell)).copied().flatten()
    }
}

/// A name without blanks and separators.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '/' | '·' | '，' | ',')).collect()
}

/// `上湾村村民委员会` is also 上湾村, `安和社区居民委员会` also 安和社区.
fn forms(name: &str) -> Vec<String> {
    let mut forms = vec![name.to_owned()];
    if let Some(stem) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).filter(|s| !s.is_empty()) {
        forms.push(stem.to_owned());
        for kind in ["村", "社区"] {
            if !stem.ends_with(kind) {
                forms.push(format!("{stem}{kind}"));
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> DivisionNames {
        let table = "code,name,kind,settlement\n65,新疆,region,\n6530,克州,prefecture,\n653001,阿图什市,city,\n\
            653001100,上阿图什镇,town,\n653001100201,依克沙克村委会,villagers_committee,\n\
            653001101,松他克镇,town,\n653001101201,依克沙克村委会,villagers_committee,\n653001101202,买谢提村委会,villagers_committee,\n";
        DivisionNames::new(&Divisions::from_csv(table).unwrap())
    }

    #[test]
    fn villages_are_found_by_code_and_by_name() {
        let names = names();
        let found = |text: &str| names.find(text).map(|c| c.to_string());
        assert_eq!(found("653001101202").as_deref(), Some("653001101202"));
        assert_eq!(found("买谢提村").as_deref(), Some("653001101202"));
        assert_eq!(found("松他克镇 依克沙克村").as_deref(), Some("653001101201"));
        assert_eq!(found("依克沙克村"), None, "two villages are called so");
        assert_eq!(found("653001101299"), None, "no such village in the region");
        assert_eq!(found("110105001001").as_deref(), Some("110105001001"), "elsewhere can't be looked up");
    }
}
