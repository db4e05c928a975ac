//! Why can I not see this: what a page asks for, what the viewer holds, and whom to ask.

use std::collections::BTreeSet;

use accounts::Actor;
use accounts::authz::{Kind, Reason, Target};
use accounts::users::State as Stand;
use axum::extract::{Query, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use kernel::{DivisionCode, PersonId};
use serde::{Deserialize, Serialize};

use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::office::Office;
use crate::routes::{About, rights};
use crate::state::AppState;

/// People to ask, at most.
const MOST: usize = 5;

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub at: String,
    pub answer: Option<Answer>,
    pub roles: Vec<RoleShown>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// open, nowhere, yes or no.
    pub kind: &'static str,
    pub permission: String,
    pub why: String,
    pub reasons: Vec<String>,
    /// Name and post.
    pub whom: Vec<(String, String)>,
}

/// What a role of the viewer may do.
#[derive(Clone, Debug, Serialize)]
pub struct RoleShown {
    pub label: String,
    pub place: String,
    pub may: Vec<MayShown>,
}

#[derive(Clone, Debug, Serialize)]
pub struct MayShown {
    pub what: String,
    pub far: String,
    pub why: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Params {
    at: String,
}

/// `GET /why`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.office_page(ask, "account/why.html", move |ask, office| {
        let at = path_of(&params.at);
        let answer = match at.is_empty() {
            true => None,
            false => Some(answer(office, &at)?),
        };
        let view = View { answer, at, roles: roles(office) };
        Ok((StatusCode::OK, ask.shell(Rail::Nowhere, office.voice.word("why-title")), view))
    })
    .await
}

/// The path of what was pasted: a whole address, or the path alone; without language, query and place on the page.
fn path_of(text: &str) -> String {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let path = match path.strip_prefix("/en") {
        Some("") => "/",
        Some(inner) if inner.starts_with('/') => inner,
        _ => path,
    };
    path.chars().filter(|c| !c.is_control()).take(200).collect()
}

fn answer(office: &mut Office<'_>, path: &str) -> Result<Answer, Problem> {
    let blank =
        |kind| Answer { kind, permission: String::new(), why: String::new(), reasons: Vec::new(), whom: Vec::new() };
    let known = rights().iter().find(|(method, route, ..)| *method == Method::GET && fits(route, path));
    let Some((_, route, permission, about)) = known else {
        let open = ["/", "/sign-in", "/register"].contains(&path);
        return Ok(blank(if open { "open" } else { "nowhere" }));
    };
    let target = target(office, route, path, *about);
    let authz = office.accounts.authz();
    let decision = authz.decide(&office.signed.principal, permission, &target);
    let lang = office.lang();
    let said = authz.permission(permission);
    let holders: BTreeSet<String> = decision
        .reasons
        .iter()
        .filter_map(|reason| if let Reason::HeldBy { roles } = reason { Some(roles.clone()) } else { None })
        .flatten()
        .collect();
    let reasons = decision.reasons.iter().map(|reason| authz.say(reason, lang, office.divisions)).collect();
    let whom = if decision.allowed { Vec::new() } else { whom(office, &holders, target.division)? };
    Ok(Answer {
        kind: if decision.allowed { "yes" } else { "no" },
        permission: said.map(|p| p.label.get(lang).to_owned()).unwrap_or_default(),
        why: said.map(|p| p.why.get(lang).to_owned()).unwrap_or_default(),
        reasons,
        whom,
    })
}

/// Whether a route's template is the path's.
fn fits(route: &str, path: &str) -> bool {
    let (mut ours, mut theirs) = (route.split('/'), path.split('/'));
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return true,
            (Some(own), Some(given)) if own == given || (own.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}

/// What the page is about, as the door would ask.
fn target(office: &Office<'_>, route: &str, path: &str, about: About) -> Target {
    let published = office.app.published().ok();
    let hole = |name: &str| {
        let at = route.split('/').position(|part| part == name)?;
        path.split('/').nth(at)
    };
    if let Some(person) = hole("{person}").and_then(|text| text.parse::<PersonId>().ok()) {
        let home =
            published.as_ref().and_then(|published| published.desk(office.app.renderer(), office.lang()).home(person));
        return Target::person(person, home);
    }
    if let Some(code) = hole("{code}").and_then(|text| text.parse().ok()) {
        return Target::division(code);
    }
    match about {
        About::Whole => {
            let root = published.and_then(|published| published.world.pack.roots.first().copied());
            root.map_or(Target::NOTHING, Target::division)
        }
        About::Divisions | About::Accounts | About::People => {
            // A list shows the own part of it: any division of the viewer's will do.
            let own = office.signed.principal.grants.iter().find_map(|grant| grant.division);
            Target { division: own, person: office.signed.principal.assigned.first().copied(), place: None }
        }
        About::Nothing => Target::NOTHING,
    }
}

/// Staff who hold one of the roles around the place; families and volunteers are told the roles alone.
fn whom(
    office: &mut Office<'_>,
    roles: &BTreeSet<String>,
    there: Option<DivisionCode>,
) -> Result<Vec<(String, String)>, Problem> {
    if office.signed.kind != Kind::Staff {
        return Ok(Vec::new());
    }
    let own: Vec<DivisionCode> = office.signed.principal.grants.iter().filter_map(|grant| grant.division).collect();
    let wanted: Vec<DivisionCode> = there.map_or(own, |there| vec![there]);
    let all = office.read(|accounts, db, _| accounts.users(db, Actor::Command))?;
    let mut found = Vec::new();
    for user in all.iter().filter(|user| user.state == Stand::Active && user.id != office.signed.user) {
        let held = user.grants.iter().find(|grant| {
            roles.contains(&grant.role)
                && grant.division.is_some_and(|own| wanted.iter().any(|there| own.contains(*there)))
        });
        if let Some(grant) = held {
            let place = grant.division.map(|code| office.place(code)).unwrap_or_default();
            let narrow = grant.division.map_or(0, |code| code.to_string().len());
            found.push((narrow, user.display_name.clone(), format!("{} {place}", office.role(&grant.role))));
        }
    }
    // The nearest first.
    found.sort_by_key(|(narrow, ..)| std::cmp::Reverse(*narrow));
    Ok(found.into_iter().take(MOST).map(|(_, name, post)| (name, post)).collect())
}

fn roles(office: &Office<'_>) -> Vec<RoleShown> {
    let (authz, lang) = (office.accounts.authz(), office.lang());
    let held = office.signed.principal.grants.iter().map(|grant| (grant.role.as_str(), grant.division));
    let tied = office.signed.principal.ties.iter().map(|tie| (tie.relation.role(), None));
    let shown = held.chain(tied).filter_map(|(id, division)| {
        let role = authz.role(id)?;
        let may = role.may.iter().filter_map(|(id, reaches)| {
            let known = authz.permission(id)?;
            let far: Vec<&str> = reaches.iter().map(|reach| reach.say(lang)).collect();
            let what = known.label.get(lang).to_owned();
            Some(MayShown { what, far: office.voice.join(&far), why: known.why.get(lang).to_owned() })
        });
        Some(RoleShown {
            label: role.label.get(lang).to_owned(),
            place: division.map(|code| office.place(code)).unwrap_or_default(),
            may: may.collect(),
        })
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_way_of_writing_an_address_names_the_page() {
        for text in [
            "/d/people/P00000012",
            " https://yilian.example:8443/en/d/people/P00000012?a=1#x ",
            "/en/d/people/P00000012",
        ] {
            assert_eq!(path_of(text), "/d/people/P00000012", "{text}");
        }
        assert_eq!(path_of("https://yilian.example"), "/");
        assert!(fits("/d/people/{person}", "/d/people/P1") && !fits("/d/people/{person}", "/d/people/"));
        assert!(!fits("/d/people/{person}", "/d/people/P1/looks"));
    }
}
