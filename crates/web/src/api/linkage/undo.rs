//! Takes a decision on a pair back; it waits again.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;

use super::{Grounds, Settled, number, show, word};
use crate::api::doc::Doc;
use crate::api::{Given, unchanged};
use crate::edge::{Ask, Problem};
use crate::pages::linkage::decide::{Done, take_back};
use crate::state::AppState;

/// `POST /api/v1/linkage/pairs/{pair}/undo`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(pair): Path<String>,
    headers: HeaderMap,
    Given(grounds): Given<Grounds>,
) -> Result<Json<Settled>, Problem> {
    let pair = number(&pair)?;
    let word = word(&ask, "", grounds);
    let next = app.open_night(&ask, move |opened| {
        unchanged(&headers, &show::read(opened, pair)?)?;
        match take_back(opened, pair, &word)? {
            Done::Next(next) => Ok(next),
            Done::Refused(fault) => Err(Problem::Invalid(vec![fault])),
        }
    });
    Ok(Json(Settled { next: next.await? }))
}

pub fn doc() -> Doc {
    Doc::of::<Settled>("linkage-undo").takes::<Grounds>().once().matches()
}
