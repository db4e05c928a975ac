//! An indicator place by place: the whole, its parts, and the way down to where the reader is.

use kernel::{DivisionCode, DivisionLevel};
use policy::IndicatorTable;
use policy::model::Indicator;
use serde::Serialize;

use super::said;
use crate::desk::Desk;
use crate::frame::{Bullet, figures};
use crate::parts::address;

/// A division in the tree.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    pub depth: usize,
    pub name: String,
    pub href: String,
    pub toggle: String,
    pub toggle_label: String,
    pub children: bool,
    pub open: bool,
    pub current: bool,
    pub value: String,
    pub bullet: Bullet,
    pub gap: String,
    pub counts: String,
}

/// The whole, its parts, and below them the way to `at` with the parts of each step.
pub fn tree(
    desk: &Desk<'_>,
    indicator: &Indicator,
    table: &IndicatorTable,
    whole: DivisionCode,
    at: DivisionCode,
) -> Vec<Node> {
    let mut nodes = Vec::new();
    branch(desk, indicator, table, whole, (whole, at), &mut nodes);
    nodes
}

fn branch(
    desk: &Desk<'_>,
    indicator: &Indicator,
    table: &IndicatorTable,
    code: DivisionCode,
    (whole, at): (DivisionCode, DivisionCode),
    nodes: &mut Vec<Node>,
) {
    let children: Vec<DivisionCode> = desk
        .pack
        .divisions
        .children(code)
        .map(|d| d.code)
        .filter(|child| table.line(*child).is_some() && desk.judged(&indicator.id, *child).is_some())
        .collect();
    let open = code.contains(at);
    if let Some(node) = node(desk, indicator, code, (whole, at), !children.is_empty(), open) {
        nodes.push(node);
    }
    if open {
        children.into_iter().for_each(|child| branch(desk, indicator, table, child, (whole, at), nodes));
    }
}

fn node(
    desk: &Desk<'_>,
    indicator: &Indicator,
    code: DivisionCode,
    (whole, at): (DivisionCode, DivisionCode),
    children: bool,
    open: bool,
) -> Option<Node> {
    let line = said::line(desk, &indicator.id, code)?;
    let measured = desk.judged(&indicator.id, code)?;
    let path = format!("/d/indicators/{}", indicator.id);
    let to = |code: DivisionCode| {
        let at = if code == whole { String::new() } else { code.to_string() };
        address(&path, &[("at", &at)])
    };
    let name = desk.place(code);
    let args = [("place", name.as_str().into())];
    let depth = match code.level() {
        DivisionLevel::Province | DivisionLevel::Prefecture => 0,
        DivisionLevel::County => 1,
        DivisionLevel::Township => 2,
        DivisionLevel::Community => 3,
    };
    Some(Node {
        depth,
        href: to(code),
        toggle: if open { to(code.parent().filter(|_| code != whole).unwrap_or(whole)) } else { to(code) },
        toggle_label: if open { desk.voice.say("ind-close", &args) } else { desk.voice.say("ind-open", &args) },
        children,
        open,
        current: code == at,
        value: line.value,
        bullet: Bullet { label: format!("{name} {}", line.label), previous: None, ..line.bullet },
        gap: said::short(desk, indicator, measured)
            .filter(|_| said::has_target(desk, indicator, code))
            .map_or_else(|| "—".to_owned(), figures::grouped),
        counts: line.counts,
        name,
    })
}
