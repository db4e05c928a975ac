//! Who can come in: accounts of the viewer's divisions.

use accounts::users::State as Stand;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{Held, held};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::office::Office;
use crate::parts::{Chip, Mood, Pager, address};
use crate::state::AppState;

const SIZE: usize = 50;

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub q: String,
    pub chips: Vec<Chip>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub may_invite: bool,
    /// Roles that wait for the viewer.
    pub waiting: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub name: String,
    pub username: String,
    pub place: String,
    pub roles: Vec<Held>,
    pub state: Mood,
    pub second_factor: bool,
}

#[derive(Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: String,
}

/// `GET /d/admin/users`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.office_page(ask, "admin/users.html", move |ask, office| {
        let view = view(office, &params)?;
        Ok((StatusCode::OK, ask.shell(Rail::Admin, office.voice.word("users-title")), view))
    })
    .await
}

fn view(office: &mut Office<'_>, params: &Params) -> Result<View, Problem> {
    let all = office.read(|accounts, db, actor| accounts.users(db, actor))?;
    let waiting = office.read(|accounts, db, actor| accounts.waiting(db, actor))?.len();
    let q = params.q.trim().to_lowercase();
    let fits = |user: &&accounts::users::User| {
        q.is_empty() || user.username.contains(&q) || user.display_name.to_lowercase().contains(&q)
    };
    let found: Vec<_> = all.iter().filter(fits).collect();
    let chips = chips(office, &found, params);
    let of_state = Stand::read(&params.state);
    // A closed account is asked for by name.
    let shown =
        |user: &&&accounts::users::User| of_state.map_or(user.state != Stand::Closed, |state| user.state == state);
    let rows: Vec<_> = found.iter().filter(shown).collect();
    let total = i64::try_from(rows.len()).unwrap_or(0);
    let size = i64::try_from(SIZE).unwrap_or(50);
    let here = |page: i64| {
        address("/d/admin/users", &[("q", &params.q), ("state", &params.state), ("page", &page.to_string())])
    };
    let pager = Pager::of(params.page.parse().unwrap_or(1), size, total, here);
    let from = usize::try_from(pager.from.max(1) - 1).unwrap_or(0);
    let rows = rows.into_iter().skip(from).take(SIZE);
    let rows: Vec<Row> = rows
        .map(|user| Row {
            href: format!("/d/admin/users/{}", user.id),
            name: user.display_name.clone(),
            username: user.username.clone(),
            place: office.place(user.division),
            roles: roles(office, user),
            state: mood(office, user),
            second_factor: user.second_factor,
        })
        .collect();
    let authz = office.accounts.authz();
    Ok(View {
        headline: office.voice.say("users-headline", &[("n", total.into())]),
        q: params.q.clone(),
        chips,
        rows,
        pager,
        may_invite: authz.holds(&office.signed.principal, "user.invite"),
        waiting,
    })
}

/// Held and waiting, in that order.
pub fn roles(office: &Office<'_>, user: &accounts::users::User) -> Vec<Held> {
    let now = user.grants.iter().map(|grant| held(office, grant, false));
    now.chain(user.waiting.iter().map(|grant| held(office, grant, true))).collect()
}

pub fn mood(office: &Office<'_>, user: &accounts::users::User) -> Mood {
    let kind = match user.state {
        Stand::Active => "ok",
        Stand::Invited => "info",
        Stand::Locked => "danger",
        Stand::Closed => "mute",
    };
    Mood::new(kind, office.state(user))
}

fn chips(office: &Office<'_>, found: &[&accounts::users::User], params: &Params) -> Vec<Chip> {
    let count = |state: Option<Stand>| {
        let n = found.iter().filter(|user| state.map_or(user.state != Stand::Closed, |s| user.state == s)).count();
        i64::try_from(n).ok()
    };
    let chip = |word: &str, state: Option<Stand>| {
        let name = state.map_or("", Stand::name);
        Chip {
            label: office.voice.word(word),
            n: count(state),
            href: address("/d/admin/users", &[("q", &params.q), ("state", name)]),
            current: params.state == name,
        }
    };
    vec![
        chip("users-all", None),
        chip("user-state-active", Some(Stand::Active)),
        chip("user-state-invited", Some(Stand::Invited)),
        chip("user-state-locked", Some(Stand::Locked)),
        chip("user-state-closed", Some(Stand::Closed)),
    ]
}
