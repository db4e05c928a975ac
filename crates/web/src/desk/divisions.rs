//! Places of the region by name, and the part of it a page is narrowed to.

use kernel::{DivisionCode, DivisionLevel};

use super::Desk;
use crate::frame::ScopeOption;
use crate::parts::address;

/// The part of the region a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The plan's own division; none when a plan speaks for several.
    pub root: Option<DivisionCode>,
    /// The narrower choice.
    pub chosen: Option<DivisionCode>,
}

impl Region {
    /// The division everything is counted in.
    #[must_use]
    pub fn division(self) -> Option<DivisionCode> {
        self.chosen.or(self.root)
    }

    /// As the work list understands it.
    #[must_use]
    pub fn scope(self) -> worklist::Scope {
        worklist::Scope(self.chosen)
    }

    /// The choice as a query value, empty for the whole.
    #[must_use]
    pub fn query(self) -> String {
        self.chosen.map(|code| code.to_string()).unwrap_or_default()
    }

    #[must_use]
    pub fn contains(self, code: DivisionCode) -> bool {
        self.division().is_none_or(|own| own.contains(code))
    }
}

impl Desk<'_> {
    /// Reads the `scope` of an address; what is no division of the plan is the whole.
    #[must_use]
    pub fn region(&self, scope: &str) -> Region {
        let root = match self.pack.roots.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        let asked = scope.parse::<DivisionCode>().ok().filter(|code| self.is_ours(*code));
        let asked = asked.or(root).filter(|code| self.within.holds(*code));
        // Who may not see the whole sees the first of their own divisions.
        let own = || {
            let own = self.within.divisions()?;
            own.iter().find(|code| self.is_ours(**code)).or_else(|| own.first()).copied()
        };
        let chosen = asked.or_else(own).filter(|code| Some(*code) != root);
        Region { root, chosen }
    }

    /// The divisions to which the page's permission cuts the region; none: it reaches all of it.
    #[must_use]
    pub fn cut(&self) -> Option<Vec<DivisionCode>> {
        let own = self.within.divisions()?;
        let holds = |root: &DivisionCode| own.iter().any(|own| own.contains(*root));
        (!self.pack.roots.iter().all(holds)).then_some(own)
    }

    /// Says that numbers are those of the reader's own divisions, where the permission does not reach the whole region.
    #[must_use]
    pub fn cut_said(&self) -> Option<String> {
        let places: Vec<String> = self.cut()?.into_iter().map(|code| self.where_is(code)).collect();
        Some(self.voice.say("lists-cut", &[("place", self.voice.join(&places).into())]))
    }

    /// Name of a division; those the division table of the plan does not hold are said to be elsewhere.
    #[must_use]
    pub fn place(&self, code: DivisionCode) -> String {
        match self.pack.divisions.get(code) {
            Some(division) => division.name.clone(),
            None => self.voice.say("elsewhere", &[("code", code.to_string().into())]),
        }
    }

    /// Whether a division has pages of its own: the plan speaks for it and the table holds it.
    #[must_use]
    pub fn is_ours(&self, code: DivisionCode) -> bool {
        self.pack.covers(code) && self.pack.divisions.get(code).is_some()
    }

    /// A village with its township, a township with its county: enough to find it.
    #[must_use]
    pub fn where_is(&self, code: DivisionCode) -> String {
        match code.parent().filter(|up| up.level() >= DivisionLevel::County) {
            Some(up) if code.level() > DivisionLevel::County && self.pack.divisions.get(code).is_some() => {
                format!("{} {}", self.place(up), self.place(code))
            }
            _ => self.place(code),
        }
    }

    /// What the region is called.
    #[must_use]
    pub fn region_name(&self, region: Region) -> String {
        region.division().map_or_else(|| self.voice.of(&self.pack.title).to_owned(), |code| self.place(code))
    }

    /// The divisions one level below the region, or the plan's own.
    #[must_use]
    pub fn below(&self, region: Region) -> Vec<DivisionCode> {
        match region.division() {
            Some(code) => self.pack.divisions.children(code).map(|d| d.code).collect(),
            None => self.pack.roots.clone(),
        }
    }

    /// The choices of the top bar: the whole, what lies one level below, and where the reader is. `query` is kept.
    #[must_use]
    pub fn scopes(&self, region: Region, path: &str, query: &[(&str, &str)]) -> Vec<ScopeOption> {
        let link = |scope: &str| {
            let mut all = vec![("scope", scope)];
            all.extend(query);
            address(path, &all)
        };
        let whole = self.region_name(Region { chosen: None, ..region });
        let mut options = Vec::new();
        if self.pack.roots.iter().all(|root| self.within.holds(*root)) {
            options.push(ScopeOption {
                label: self.voice.say("scope-all", &[("place", whole.into())]),
                href: link(""),
                current: region.chosen.is_none(),
            });
        }
        let below = self.pack.roots.iter().flat_map(|root| self.pack.divisions.children(*root));
        let mut codes: Vec<DivisionCode> = below.map(|d| d.code).filter(|code| self.within.holds(*code)).collect();
        codes.extend(self.within.divisions().into_iter().flatten().filter(|code| self.is_ours(*code)));
        codes.retain(|code| Some(*code) != region.root);
        codes.sort_unstable();
        codes.dedup();
        if let Some(chosen) = region.chosen.filter(|code| !codes.contains(code)) {
            let at = codes.iter().position(|county| county.contains(chosen)).map_or(codes.len(), |at| at + 1);
            codes.insert(at, chosen);
        }
        options.extend(codes.into_iter().map(|code| ScopeOption {
            label: self.where_is(code),
            href: link(&code.to_string()),
            current: region.chosen == Some(code),
        }));
        options
    }
}
