//! Who looked at what is masked of an elder, when and what for.

use axum::extract::{Path, State};
use axum::response::Response;
use kernel::PersonId;
use serde::Serialize;

use super::{admitted, tabs};
use crate::edge::{Ask, Problem};
use crate::frame::Section;
use crate::pages::people::reveal::{self, LookShown};
use crate::parts::Chip;
use crate::public::{Made, Page};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub title: String,
    pub tabs: Vec<Chip>,
    pub lines: Vec<LookShown>,
}

/// `GET /me/{person}/looks`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(person): Path<String>) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    app.own_page(ask, Page::new(Section::Me, "portal/me-looks.html"), move |_, opened| {
        admitted(opened, "person.looked", person)?;
        let lines = reveal::looked(opened, person)?;
        let args =
            [("name", opened.desk.masked_name(person).into()), ("n", i64::try_from(lines.len()).unwrap_or(0).into())];
        let title = opened.desk.voice.say("looks-headline", &args);
        let view = View { title: title.clone(), tabs: tabs(opened, person, "/looks"), lines };
        Ok(Made::new(title, view))
    })
    .await
}
