//! What came of telling people what they are due: noted for one or for many at once.

use axum::Json;
use axum::extract::State;
use kernel::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::Given;
use crate::api::doc::Doc;
use crate::api::shapes::{Day, PersonNumber};
use crate::edge::{Ask, FieldFault, Problem};
use crate::pages::matters::offers;
use crate::state::AppState;

/// What is noted, and for whom.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Noting {
    #[schemars(length(min = 1, max = 200))]
    who: Vec<Whom>,
    outcome: Outcome,
    /// Why they decline: a code of the work list's form; asked for where the outcome is `declined`.
    #[serde(default)]
    #[schemars(length(max = 40))]
    reason: String,
    #[serde(default)]
    #[schemars(length(max = 500))]
    words: String,
    /// The first day on which to try again, where nobody was reached.
    #[schemars(with = "Option<Day>")]
    again: Option<Date>,
}

/// One person and the rule it is about.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Whom {
    #[schemars(with = "PersonNumber")]
    person: String,
    rule: String,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "OfferOutcome")]
enum Outcome {
    Accepted,
    Declined,
    Unreached,
    /// The department that pays was told to stop.
    Told,
}

/// How many were noted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Noted {
    noted: usize,
}

/// `POST /api/v1/work-items/outcomes`
pub async fn save(State(app): State<AppState>, ask: Ask, Given(given): Given<Noting>) -> Result<Json<Noted>, Problem> {
    let outcome = match given.outcome {
        Outcome::Accepted => offers::Outcome::Accepted,
        Outcome::Declined => offers::Outcome::Declined,
        Outcome::Unreached => offers::Outcome::Unreached,
        Outcome::Told => offers::Outcome::Told,
    };
    let mut who = Vec::with_capacity(given.who.len());
    for (at, whom) in given.who.into_iter().enumerate() {
        let Ok(person) = whom.person.parse() else {
            let cause = app.renderer().voice(ask.lang).word("problem-field");
            return Err(Problem::Invalid(vec![FieldFault { field: format!("who[{at}].person"), cause }]));
        };
        who.push((person, whom.rule));
    }
    who.dedup();
    let noted =
        offers::Given { who, outcome: Some(outcome), reason: given.reason, again: given.again, words: given.words };
    let n = noted.who.len();
    match app.open_night(&ask, move |opened| offers::note(opened, &noted)).await? {
        Ok(()) => Ok(Json(Noted { noted: n })),
        Err(faults) => Err(Problem::Invalid(faults)),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Noted>("work-act").takes::<Noting>().once().refuses(&["conflict"])
}
