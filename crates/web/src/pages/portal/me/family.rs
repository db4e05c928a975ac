//! Who acts for an elder, what they may do, and taking it back.

use accounts::authz::Relation;
use accounts::family::Spoke;
use accounts::{AccountsError, Actor};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::PersonId;
use serde::Serialize;

use super::{admitted, tabs};
use crate::edge::{Ask, Problem};
use crate::frame::Section;
use crate::opened::Opened;
use crate::parts::Chip;
use crate::public::{Made, Page};
use crate::state::AppState;
use kernel::china_minute;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub name: String,
    pub tabs: Vec<Chip>,
    pub bonds: Vec<Bond>,
    /// The words that were agreed to.
    pub text: String,
}

/// A bond as families see it.
#[derive(Clone, Debug, Serialize)]
pub struct Bond {
    pub who: String,
    pub own: bool,
    pub scopes: String,
    pub since: String,
    pub ended: Option<String>,
    /// Where it is taken back; none for whoever may not, and for one's own name.
    pub action: Option<String>,
}

/// How a bond is taken back here.
const MEANS: &str = "online";

/// `GET /me/{person}/family`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(person): Path<String>) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    app.own_page(ask, Page::new(Section::Me, "portal/me-family.html"), move |_, opened| {
        admitted(opened, "bond.see", person)?;
        let view = view(opened, person)?;
        let title = opened.desk.voice.say("me-family-title", &[("name", view.name.clone().into())]);
        Ok(Made::new(title, view))
    })
    .await
}

fn view(opened: &Opened<'_>, person: PersonId) -> Result<View, Problem> {
    let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else {
        return Err(Problem::NotFound);
    };
    let (desk, authz) = (&opened.desk, door.accounts.authz());
    let home = desk.home(person);
    let bonds =
        opened.ask(|session| door.accounts.bonds_of_person(session, Actor::User(&signed.principal), (person, home)))?;
    let elder = signed.principal.ties.iter().any(|tie| tie.relation == Relation::Own && tie.person == person);
    let mut shown = Vec::new();
    for bond in bonds {
        let who = opened.ask(|session| door.accounts.user(session, bond.account))?;
        let scopes: Vec<&str> = authz
            .consent_scopes
            .iter()
            .filter(|scope| bond.scopes.contains(&scope.id))
            .map(|scope| desk.voice.of(&scope.label))
            .collect();
        let own = bond.relation == Relation::Own;
        let may = !own && bond.ended_at.is_none() && (elder || bond.account == signed.user);
        shown.push(Bond {
            who: who.display_name,
            own,
            scopes: desk.voice.join(&scopes),
            since: china_minute(bond.made_at).chars().take(10).collect(),
            ended: bond.ended_at.map(|at| china_minute(at).chars().take(10).collect()),
            action: may.then(|| format!("/me/{person}/family/{}/end", bond.id)),
        });
    }
    // Before the first text is in use nobody has agreed to anything.
    let text = door.accounts.consent_text(opened.app.clock().today()).ok();
    Ok(View {
        name: desk.masked_name(person),
        tabs: tabs(opened, person, "/family"),
        bonds: shown,
        text: text.map(|text| desk.voice.of(&text.words).to_owned()).unwrap_or_default(),
    })
}

/// `POST /me/{person}/family/{bond}/end`
pub async fn end(
    State(app): State<AppState>,
    ask: Ask,
    Path((person, bond)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let own = app
        .open_night(&ask, move |opened| {
            admitted(opened, "bond.end", person)?;
            let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else {
                return Err(Problem::NotFound);
            };
            let (actor, home) = (Actor::User(&signed.principal), opened.desk.home(person));
            let elder = signed.principal.ties.iter().any(|tie| tie.relation == Relation::Own && tie.person == person);
            let spoke = if elder { Spoke::Elder } else { Spoke::Family };
            opened.try_ask(|session| {
                let all = door.accounts.bonds_of_person(session, actor, (person, home)).map_err(Problem::internal)?;
                if !all.iter().any(|known| known.id == bond) {
                    return Err(Problem::NotFound);
                }
                match door.accounts.end_bond(session, actor, (bond, home), MEANS, spoke) {
                    Ok(()) => Ok(elder),
                    Err(AccountsError::NoBond(_)) => Err(Problem::NotFound),
                    Err(AccountsError::NotAllowed(why)) => Err(Problem::NotAllowed(std::sync::Arc::new(why))),
                    Err(other) => Err(Problem::internal(other)),
                }
            })
        })
        .await?;
    let back = if own { format!("/me/{person}/family") } else { "/me".to_owned() };
    Ok(Redirect::to(&ask.href(&back)).into_response())
}
