//! Who was shown what of whom: every look of accounts in the viewer's divisions.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{UserId, china_minute};
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::office::Office;
use crate::parts::address;
use crate::state::AppState;

const SIZE: i64 = 100;

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub rows: Vec<Row>,
    pub older: Option<String>,
    /// Whose looks alone are shown.
    pub of: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub at: String,
    pub who: String,
    pub who_href: String,
    pub role: String,
    pub person: String,
    pub person_href: String,
    pub purpose: String,
    pub fields: String,
    pub note: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Params {
    user: String,
    before: String,
}

/// `GET /d/audit/looks`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.office_page(ask, "admin/looks.html", move |ask, office| {
        let view = view(office, &params)?;
        Ok((StatusCode::OK, ask.shell(Rail::Admin, office.voice.word("all-looks-title")), view))
    })
    .await
}

fn view(office: &mut Office<'_>, params: &Params) -> Result<View, Problem> {
    let of: Option<UserId> = params.user.parse().ok();
    let before = params.before.parse().ok();
    let lines = office.read(|accounts, db, actor| accounts.looks(db, actor, (of, before), SIZE))?;
    let full = i64::try_from(lines.len()).is_ok_and(|n| n == SIZE);
    let older = lines
        .last()
        .filter(|_| full)
        .map(|line| address("/d/audit/looks", &[("user", &params.user), ("before", &line.id.to_string())]));
    let mut rows = Vec::new();
    for line in lines {
        let (authz, lang) = (office.accounts.authz(), office.lang());
        let purpose = authz.purpose(&line.purpose).map_or(line.purpose.as_str(), |p| p.label.get(lang)).to_owned();
        let fields: Vec<String> =
            line.fields.iter().map(|field| office.voice.word(&format!("looks-field-{field}"))).collect();
        rows.push(Row {
            at: china_minute(line.at),
            who: office.who(&line.account.to_string()),
            who_href: address("/d/audit/looks", &[("user", &line.account.to_string())]),
            role: office.role(&line.role),
            person: line.person.to_string(),
            person_href: format!("{}/looks", Desk::person_href(line.person)),
            purpose,
            fields: office.voice.join(&fields),
            note: line.note.unwrap_or_default(),
        });
    }
    let of = of.map(|user| office.who(&user.to_string()));
    Ok(View { rows, older, of })
}
