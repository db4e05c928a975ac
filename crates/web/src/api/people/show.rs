//! One person as the night knows them.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use kernel::PersonId;
use schemars::JsonSchema;
use serde::Serialize;

use super::reached;
use crate::api::doc::Doc;
use crate::api::shapes::{Day, Division, PersonNumber};
use crate::api::tagged;
use crate::edge::{Ask, Problem};
use crate::frame::mask;
use crate::pages::people::search::is_dead;
use crate::state::AppState;

/// A person.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Person {
    #[schemars(with = "PersonNumber")]
    id: String,
    /// The number asked for, when it was merged into this one.
    #[schemars(with = "Option<PersonNumber>")]
    merged_from: Option<String>,
    /// Masked.
    name: String,
    /// Masked.
    id_number: Option<String>,
    /// Masked.
    phone: Option<String>,
    sex: Option<String>,
    #[schemars(with = "Option<Day>")]
    birth_date: Option<String>,
    /// Full years on the night.
    age: Option<i64>,
    #[schemars(with = "Option<Day>")]
    dead_on: Option<String>,
    /// Where they live, else where they are registered.
    division: Option<Division>,
    /// Newest valid ability level, 0 to 4.
    ability_level: Option<i64>,
    classes: Vec<Class>,
}

/// A class the person is in.
#[derive(Debug, Serialize, JsonSchema)]
struct Class {
    id: String,
    label: String,
    /// One of those the plan calls at risk.
    risk: bool,
}

/// `GET /api/v1/people/{person}`
pub async fn one(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    app.open_night(&ask, move |opened| {
        let person = reached(opened, "person.see", &asked)?;
        let desk = opened.desk;
        let row = desk.row(person).ok_or(Problem::NotFound)?;
        let identity = opened.ask(|session| registry::people::identity(session, opened.keys(), person))?;
        let value = |key: &str| desk.people().map(|table| table.get(row, key));
        let day = |key: &str| value(key).and_then(|v| v.as_date()).map(|day| day.to_string());
        let said = |text: &str, mask: fn(&str) -> String| Some(text).filter(|text| !text.is_empty()).map(mask);
        let whole = Person {
            id: person.to_string(),
            merged_from: Some(asked).filter(|asked| asked.parse::<PersonId>().ok() != Some(person)),
            name: desk.masked_name(person),
            id_number: identity.as_ref().and_then(|who| said(&who.id_number, mask::id_number)),
            phone: identity.as_ref().and_then(|who| said(&who.phone, mask::phone)),
            sex: value("sex").and_then(|v| v.as_text().map(str::to_owned)),
            birth_date: day("birth_date"),
            age: desk.age(person),
            dead_on: day("death_date").filter(|_| is_dead(&desk, row)),
            division: desk.home(person).map(|code| Division::of(&desk, code)),
            ability_level: value("ability_level").and_then(|v| v.as_units()),
            classes: desk
                .classes(row)
                .into_iter()
                .map(|class| Class { id: class.id, label: class.label, risk: class.risk })
                .collect(),
        };
        tagged(&headers, &whole)
    })
    .await
}

pub fn doc() -> Doc {
    Doc::of::<Person>("people-show").tagged()
}
