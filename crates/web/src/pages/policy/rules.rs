//! One rule with its parts, figures, facts and cases; the pack's rules beside it.

use serde::Serialize;

use crate::pages::parts::{Chip, Stamp};
use crate::pages::work::list::ClauseLink;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub pack: String,
    pub tabs: Vec<Chip>,
    pub count: i64,
    pub menu: Vec<MenuGroup>,
    pub rule: Rule,
}

/// Rules of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct MenuGroup {
    pub title: String,
    pub rules: Vec<MenuRule>,
}

/// A rule to go to.
#[derive(Clone, Debug, Serialize)]
pub struct MenuRule {
    pub glyph: &'static str,
    pub label: String,
    pub href: String,
    pub current: bool,
    pub to_confirm: bool,
}

/// The chosen rule.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    pub id: String,
    pub kind: String,
    pub label: String,
    pub summary: String,
    pub clauses: Vec<ClauseLink>,
    pub details: Vec<(String, String)>,
    pub parts: Vec<Part>,
    pub numbers: Vec<Number>,
    pub parameters: Vec<Figure>,
    pub facts: Vec<FactRead>,
    pub cases: Vec<CaseLine>,
}

/// One part of the condition.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    pub label: String,
    pub sql: String,
    /// Stands before every rule of the pack.
    pub shared: bool,
}

/// How many people or places an answer holds for.
#[derive(Clone, Debug, Serialize)]
pub struct Number {
    pub label: String,
    pub n: i64,
}

/// A parameter the rule uses.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    pub label: String,
    pub href: String,
    pub value: String,
    pub to_confirm: bool,
}

/// A fact the rule reads.
#[derive(Clone, Debug, Serialize)]
pub struct FactRead {
    pub label: String,
    pub stamp: Option<Stamp>,
}

/// A case and what came out.
#[derive(Clone, Debug, Serialize)]
pub struct CaseLine {
    pub name: String,
    pub facts: String,
    pub expected: String,
    pub got: String,
    pub passes: bool,
}
