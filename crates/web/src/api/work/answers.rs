//! Facts that a village was asked for: entered for many people at once, all or none.

use axum::Json;
use axum::extract::{Path, State};
use kernel::{Date, DivisionCode, PersonId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::Given;
use crate::api::doc::Doc;
use crate::api::shapes::{Day, PersonNumber};
use crate::edge::{Ask, FieldFault, Problem};
use crate::opened::Opened;
use crate::pages::work::answer::{self, Typed, enter, field, new_sheet};
use crate::state::AppState;

/// What was found out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "VillageAnswers")]
pub struct Answers {
    /// The day on which people were asked; today unless told.
    #[schemars(with = "Option<Day>")]
    asked_on: Option<Date>,
    #[schemars(length(min = 1, max = 400))]
    answers: Vec<Answer>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "VillageAnswer")]
struct Answer {
    #[schemars(with = "PersonNumber")]
    person: String,
    /// As the dictionary names it; one of those the register of answers takes.
    #[schemars(length(max = 80))]
    fact: String,
    value: Told,
}

/// Yes or no, a whole number, a day or a code.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "AnsweredValue")]
enum Told {
    YesNo(bool),
    Number(i64),
    Text(#[schemars(length(max = 200))] String),
}

/// What came of it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AnswersEntered")]
pub struct Entered {
    /// Answers that count now.
    entered: usize,
    /// Answers on which a list says something else; both are kept.
    contradictions: Vec<Contradiction>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AnswerContradicted")]
struct Contradiction {
    /// The person, masked.
    name: String,
    fact: String,
    answered: String,
    /// What the list says.
    said: String,
    /// Which of both is used.
    used: String,
}

/// `POST /api/v1/villages/{code}/answers`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(code): Path<String>,
    Given(given): Given<Answers>,
) -> Result<Json<Entered>, Problem> {
    let code: DivisionCode = code.parse().map_err(|_| Problem::NotFound)?;
    app.open_night(&ask, move |opened| note(opened, code, &given)).await.map(Json)
}

fn note(opened: &Opened<'_>, code: DivisionCode, given: &Answers) -> Result<Entered, Problem> {
    let code = answer::village(opened, code)?;
    let mut typed = Typed::from([("sheet".to_owned(), new_sheet())]);
    if let Some(on) = given.asked_on {
        typed.insert("asked_on".to_owned(), on.to_string());
    }
    let mut faults = Vec::new();
    for (at, answer) in given.answers.iter().enumerate() {
        let mut fault =
            |part: &str| faults.push(FieldFault { field: format!("answers[{at}].{part}"), cause: String::new() });
        let Ok(person) = answer.person.parse::<PersonId>() else {
            fault("person");
            continue;
        };
        if opened.desk.fact(&answer.fact).is_none() {
            fault("fact");
            continue;
        }
        let value = match &answer.value {
            Told::YesNo(yes) => u8::from(*yes).to_string(),
            Told::Number(number) => number.to_string(),
            Told::Text(text) => text.clone(),
        };
        typed.insert(field(person, &answer.fact), value);
    }
    if !faults.is_empty() {
        return Err(Problem::Invalid(faults));
    }
    let sent = enter(opened, code, typed)?;
    if !sent.faults.is_empty() {
        return Err(Problem::Invalid(sent.faults.into_iter().map(|(_, fault)| fault).collect()));
    }
    let contradiction = |one: answer::Contradiction| Contradiction {
        name: one.person.name,
        fact: one.label,
        answered: one.answered,
        said: one.said,
        used: one.used,
    };
    Ok(Entered { entered: sent.saved, contradictions: sent.contradictions.into_iter().map(contradiction).collect() })
}

pub fn doc() -> Doc {
    Doc::of::<Entered>("work-answers").takes::<Answers>().once()
}
