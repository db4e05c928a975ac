//! The frame around a desk page: rail, top bar, scope, display menu.

use serde::Serialize;

use super::display::lang_code;
use super::{Display, PortalFrame, assets};

/// The desk's columns; only those that have a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rail {
    Today,
    People,
    Work,
    Matters,
    Visits,
    Linkage,
    Lists,
    Indicators,
    Policy,
    Admin,
    /// Problem pages and the like.
    Nowhere,
}

/// One column as the rail shows it.
#[derive(Clone, Copy, Debug, Serialize)]
struct RailEntry {
    id: Rail,
    /// Its character, cut out like a ledger tab.
    glyph: &'static str,
    href: &'static str,
    /// Pressed after `g`.
    key: &'static str,
    /// Key of its caption in the words.
    caption: &'static str,
    /// What leads there.
    #[serde(skip)]
    permission: &'static str,
}

const RAIL: [RailEntry; 10] = [
    RailEntry {
        id: Rail::Today,
        glyph: "今",
        href: "/d/today",
        key: "t",
        caption: "rail-today",
        permission: "today.see",
    },
    RailEntry {
        id: Rail::People,
        glyph: "人",
        href: "/d/people",
        key: "p",
        caption: "rail-people",
        permission: "person.list",
    },
    RailEntry {
        id: Rail::Work,
        glyph: "办",
        href: "/d/work/unserved",
        key: "w",
        caption: "rail-work",
        permission: "work_item.list",
    },
    RailEntry {
        id: Rail::Matters,
        glyph: "审",
        href: "/d/applications",
        key: "d",
        caption: "rail-matters",
        permission: "application.see",
    },
    RailEntry {
        id: Rail::Visits,
        glyph: "访",
        href: "/d/visits",
        key: "v",
        caption: "rail-visits",
        permission: "visit.assign",
    },
    RailEntry {
        id: Rail::Linkage,
        glyph: "联",
        href: "/d/linkage",
        key: "k",
        caption: "rail-linkage",
        permission: "link.review",
    },
    RailEntry {
        id: Rail::Lists,
        glyph: "册",
        href: "/d/lists",
        key: "l",
        caption: "rail-lists",
        permission: "list.see",
    },
    RailEntry {
        id: Rail::Indicators,
        glyph: "数",
        href: "/d/indicators",
        key: "i",
        caption: "rail-indicators",
        permission: "indicator.see",
    },
    RailEntry {
        id: Rail::Policy,
        glyph: "策",
        href: "/d/plan",
        key: "y",
        caption: "rail-policy",
        permission: "plan.see",
    },
    RailEntry {
        id: Rail::Admin,
        glyph: "账",
        href: "/d/admin/users",
        key: "a",
        caption: "rail-admin",
        permission: "user.list",
    },
];

/// A step of the trail in the top bar.
#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    pub label: String,
    /// Without language prefix; none for the page itself.
    pub href: Option<String>,
}

/// A part of the region the page can be narrowed to.
#[derive(Clone, Debug, Serialize)]
pub struct ScopeOption {
    pub label: String,
    pub href: String,
    pub current: bool,
}

/// What the base template needs beside the page's own view.
#[derive(Clone, Debug, Serialize)]
pub struct Shell {
    pub title: String,
    pub rail: Rail,
    pub crumbs: Vec<Crumb>,
    pub scope: Vec<ScopeOption>,
    /// The day the figures speak of.
    pub as_of: Option<String>,
    pub as_of_spoken: Option<String>,
    /// What stands in the search box.
    pub search: String,
    lang: &'static str,
    /// The other language's address of this page.
    other: String,
    display: Display,
    /// Path and query without language prefix, to come back to.
    here: String,
    entries: Vec<RailEntry>,
    /// Who is signed in.
    pub viewer: Option<String>,
    /// What the frame of the public pages needs; none on the desk.
    pub portal: Option<PortalFrame>,
    style: &'static str,
    script: &'static str,
    /// Goes into every form of the page that posts.
    #[serde(skip)]
    pub(super) token: Option<String>,
}

impl Shell {
    /// A frame for the page at `here` (path and query without language prefix).
    #[must_use]
    pub fn new(display: Display, here: &str, rail: Rail, title: impl Into<String>) -> Self {
        let other = match display.lang {
            kernel::Lang::Zh => format!("/en{here}"),
            kernel::Lang::En => here.to_owned(),
        };
        Self {
            title: title.into(),
            rail,
            crumbs: Vec::new(),
            scope: Vec::new(),
            as_of: None,
            as_of_spoken: None,
            search: String::new(),
            lang: lang_code(display.lang),
            other,
            display,
            here: here.to_owned(),
            entries: RAIL.iter().copied().filter(|entry| entry.id != Rail::Admin).collect(),
            viewer: None,
            portal: None,
            style: &assets::style().address,
            script: &assets::script().address,
            token: None,
        }
    }

    /// For a page of someone who is signed in: what their forms must carry.
    #[must_use]
    pub fn with_token(self, token: Option<String>) -> Self {
        Self { token, ..self }
    }

    /// In the frame of the public pages.
    #[must_use]
    pub fn in_portal(mut self, frame: PortalFrame) -> Self {
        self.portal = Some(frame);
        self.style = &assets::portal_style().address;
        self.script = &assets::portal_script().address;
        self
    }

    /// For someone who is signed in: only the columns they may open. Accounts are run by nobody else.
    #[must_use]
    pub fn seen_by(mut self, name: &str, may: impl Fn(&str) -> bool) -> Self {
        self.entries = RAIL.iter().copied().filter(|entry| may(entry.permission)).collect();
        self.viewer = Some(name.to_owned());
        self
    }

    /// Adds a step that leads somewhere.
    #[must_use]
    pub fn via(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { label: label.into(), href: Some(href.into()) });
        self
    }
}
