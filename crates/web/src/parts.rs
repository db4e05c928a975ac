//! Pieces that several views are made of. Plain data; the words are already in the page's language.

use kernel::Date;
use serde::Serialize;

/// Where a value comes from: the character of its department, and source and date in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stamp {
    pub seal: String,
    /// `a`–`e`: the stamp's colour.
    pub tone: &'static str,
    pub spoken: String,
    /// Older than its source should be.
    pub stale: bool,
}

impl Stamp {
    /// For a source whose department the dictionary does not name.
    #[must_use]
    pub fn blank() -> Self {
        Self { seal: "?".into(), tone: "e", spoken: String::new(), stale: false }
    }
}

/// A link that narrows a list, with the number it would show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chip {
    pub label: String,
    pub n: Option<i64>,
    pub href: String,
    pub current: bool,
}

/// Glyph and words of a state. `kind`: ok, warn, danger, info, mute, no, q.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mood {
    pub kind: &'static str,
    pub text: String,
}

impl Mood {
    pub fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// A class a person belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Class {
    pub id: String,
    pub label: String,
    /// One of those the plan calls at risk.
    pub risk: bool,
}

/// A clause and where the plan page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClauseLink {
    pub id: String,
    pub title: String,
    pub href: String,
}

/// A person in a list, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonRef {
    /// None: known by name only, without a row in the night.
    pub href: Option<String>,
    pub name: String,
    pub age: Option<i64>,
}

/// A fact as an answer names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactShown {
    pub label: String,
    pub value: String,
    pub stamp: Option<Stamp>,
}

/// One part of a condition. `outcome`: met, not_met, unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    pub label: String,
    pub outcome: &'static str,
    pub facts: Vec<FactShown>,
    /// Labels of the missing facts, joined.
    pub missing: Option<String>,
}

/// A list of people to take out, which asks what for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Export {
    /// Tells several on one page apart.
    pub id: &'static str,
    pub action: String,
    pub fields: Vec<(&'static str, String)>,
}

impl Export {
    /// `fields` without those that are empty.
    #[must_use]
    pub fn new(id: &'static str, action: impl Into<String>, fields: &[(&'static str, &str)]) -> Self {
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        Self { id, action: action.into(), fields: given.map(|(name, value)| (*name, (*value).to_owned())).collect() }
    }
}

/// Days before the last one from which it is near whatever has passed.
const SOON: i64 = 2;

/// How much of a period is used up. `kind`: fine, near, over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sla {
    pub kind: &'static str,
    pub used: f64,
    pub total: f64,
    pub text: String,
}

impl Sla {
    /// For something found or due to start on `from`, due on `due`; the words are the caller's.
    #[must_use]
    pub fn until(from: Date, due: Date, today: Date, text: String) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "days of a period")]
        let days = |a: Date, b: Date| (b - a).num_days() as f64;
        let (used, total) = (days(from, today).max(0.0), days(from, due).max(1.0));
        let kind = if today > due {
            "over"
        } else if used / total >= 0.8 || (due - today).num_days() <= SOON {
            "near"
        } else {
            "fine"
        };
        let least = if kind == "near" { total * 0.8 } else { 0.0 };
        Self { kind, used: if today > due { total } else { used.max(least) }, total, text }
    }
}

/// Which slice of a long list a page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pager {
    pub from: i64,
    pub to: i64,
    pub total: i64,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Pager {
    /// Page `page` (from 1) of `size` rows out of `total`; `address` gives the address of a page.
    #[must_use]
    pub fn of(page: i64, size: i64, total: i64, address: impl Fn(i64) -> String) -> Self {
        let last = (total + size - 1).div_euclid(size).max(1);
        let page = page.clamp(1, last);
        Self {
            from: if total == 0 { 0 } else { (page - 1) * size + 1 },
            to: (page * size).min(total),
            total,
            previous: (page > 1).then(|| address(page - 1)),
            next: (page < last).then(|| address(page + 1)),
        }
    }
}

/// Builds addresses with query strings; empty values are left out.
#[must_use]
pub fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    for (index, (name, value)) in query.iter().filter(|(_, value)| !value.is_empty()).enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.~:".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_is_short_and_leads_back_only() {
        let pager = Pager::of(3, 50, 120, |page| format!("?page={page}"));
        assert_eq!((pager.from, pager.to, pager.total), (101, 120, 120));
        assert_eq!((pager.previous.as_deref(), pager.next), (Some("?page=2"), None));
    }

    #[test]
    fn pages_beyond_the_end_show_the_last_one() {
        assert_eq!(Pager::of(99, 50, 60, |_| String::new()).from, 51);
        assert_eq!(Pager::of(1, 50, 0, |_| String::new()).from, 0);
    }

    #[test]
    fn addresses_escape_what_people_type() {
        assert_eq!(address("/d/people", &[("q", "王 &"), ("scope", "")]), "/d/people?q=%E7%8E%8B%20%26");
        assert_eq!(address("/d/x", &[("a", "1"), ("b", "2")]), "/d/x?a=1&b=2");
    }

    #[test]
    fn a_period_is_near_its_end_from_four_fifths_on() {
        let d = |t: &str| kernel::parse_date(t).unwrap();
        let kind = |today| Sla::until(d("2026-11-01"), d("2026-11-30"), d(today), String::new()).kind;
        assert_eq!((kind("2026-11-20"), kind("2026-11-29"), kind("2026-12-01")), ("fine", "near", "over"));
    }
}
