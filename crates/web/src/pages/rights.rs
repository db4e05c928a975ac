//! Which permission each page and each change asks for. What stands in no line is refused.

use axum::http::Method;

/// What a page is about, and so how the permission is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Nobody and nowhere.
    Nothing,
    /// A part of the region: the page cuts itself to what the permission reaches.
    Divisions,
    /// People, one by one: the page asks for each.
    People,
    /// The region as a whole.
    Whole,
}

/// Method, path without language, permission, what it is about.
pub type Right = (Method, &'static str, &'static str, About);

const RIGHTS: &[Right] = &[
    (Method::GET, "/d/today", "today.see", About::Divisions),
    (Method::GET, "/d/people", "person.list", About::People),
    (Method::GET, "/d/people/{person}", "person.see", About::People),
    (Method::GET, "/d/people/{person}/looks", "person.looked", About::People),
    (Method::POST, "/d/people/{person}/reveal", "person.reveal", About::People),
    (Method::GET, "/d/work/{kind}", "work_item.list", About::Divisions),
    (Method::GET, "/d/work/{kind}/export.xlsx", "work_item.export", About::Divisions),
    (Method::GET, "/d/villages/{code}", "visit.list", About::Divisions),
    (Method::GET, "/d/linkage", "link.review", About::Whole),
    (Method::GET, "/d/linkage/merges", "link.review", About::Whole),
    (Method::POST, "/d/linkage/merges/{merge}", "link.merge", About::Whole),
    (Method::GET, "/d/linkage/{pair}", "link.review", About::Whole),
    (Method::POST, "/d/linkage/{pair}", "link.review", About::Whole),
    (Method::POST, "/d/linkage/{pair}/undo", "link.review", About::Whole),
    (Method::GET, "/d/lists", "list.see", About::Whole),
    (Method::GET, "/d/lists/{list}", "list.see", About::Whole),
    (Method::GET, "/d/lists/{list}/faults.xlsx", "row.correct", About::Whole),
    (Method::POST, "/d/lists/{list}/rows/{id}", "row.correct", About::Whole),
    (Method::GET, "/d/quality", "list.see", About::Whole),
    (Method::GET, "/d/quality/export.xlsx", "list.see", About::Whole),
    (Method::GET, "/d/quality/{source}", "list.see", About::Whole),
    (Method::GET, "/d/quality/{source}/export.xlsx", "list.see", About::Whole),
    (Method::GET, "/d/plan", "plan.see", About::Nothing),
    (Method::GET, "/d/plan/export.xlsx", "plan.see", About::Nothing),
    (Method::GET, "/d/plan/document", "plan.see", About::Nothing),
    (Method::GET, "/d/plan/document/file", "plan.see", About::Nothing),
    (Method::POST, "/d/plan/duties/{clause}", "duty.report", About::Whole),
    (Method::POST, "/d/plan/duties/{clause}/{report}/withdraw", "duty.report", About::Whole),
    (Method::GET, "/d/indicators", "indicator.see", About::Divisions),
    (Method::GET, "/d/indicators/export.xlsx", "indicator.export", About::Divisions),
    (Method::GET, "/d/indicators/{id}", "indicator.see", About::Divisions),
    (Method::GET, "/d/indicators/{id}/export.xlsx", "indicator.export", About::Divisions),
    (Method::GET, "/d/policy/rules", "pack.see", About::Nothing),
    (Method::GET, "/d/policy/parameters", "pack.see", About::Nothing),
    (Method::GET, "/d/policy/sql", "pack.see", About::Nothing),
    (Method::GET, "/d/policy/what-if", "pack.try", About::Whole),
    (Method::POST, "/d/policy/what-if", "pack.try", About::Whole),
    (Method::GET, "/account", "account.own", About::Nothing),
    (Method::POST, "/account/password", "account.own", About::Nothing),
    (Method::POST, "/account/sessions/{session}/end", "account.own", About::Nothing),
];

/// The permission for a route as the router names it, with or without the language's prefix.
pub fn of(method: &Method, route: &str) -> Option<(&'static str, About)> {
    let route = route.strip_prefix("/en").unwrap_or(route);
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    RIGHTS
        .iter()
        .find(|(m, path, ..)| m == method && *path == route)
        .map(|(_, _, permission, about)| (*permission, *about))
}

/// Every line of the table.
#[must_use]
pub fn all() -> &'static [Right] {
    RIGHTS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// `method path` of every route of the desk, read from the router's own text.
    fn routed() -> BTreeSet<String> {
        let text = include_str!("mod.rs");
        let desk = &text[text.find("fn desk(").expect("the desk's routes")..];
        let mut found = BTreeSet::new();
        for route in desk.split(".route(\"").skip(1) {
            let (path, handlers) = route.split_once('"').expect("a path");
            for (mark, method) in [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("delete(", "DELETE")] {
                if handlers.split("\n        .").next().is_some_and(|own| own.contains(mark)) {
                    found.insert(format!("{method} {path}"));
                }
            }
        }
        found
    }

    #[test]
    fn every_route_of_the_desk_asks_for_a_permission_and_none_else() {
        let listed: BTreeSet<String> = RIGHTS.iter().map(|(method, path, ..)| format!("{method} {path}")).collect();
        assert_eq!(listed.len(), RIGHTS.len(), "no route stands twice");
        assert_eq!(listed, routed());
    }

    #[test]
    fn every_permission_is_one_of_the_file() {
        let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../authz"));
        let authz = accounts::authz::Authz::load(folder).expect("authz/ is sound");
        for (_, path, permission, about) in RIGHTS {
            let known = authz.permission(permission).unwrap_or_else(|| panic!("{path}: {permission}"));
            assert_eq!(*about == About::Nothing && known.personal, false, "{path} shows people to everyone");
        }
    }
}
