//! What would be due to somebody of whom only a few answers are known. Needs no token and keeps nothing: the answers
//! come in the body, so that no log and no address holds them.

use axum::Json;
use axum::extract::State;
use policy::inquiry::{Answers, DONT_KNOW, Inquiry};
use policy::model::{Answering, Question};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Given;
use super::doc::Doc;
use super::people::determinations::{Determination, determination};
use super::shapes::Day;
use crate::edge::{Ask, FieldFault, Problem};
use crate::pages::portal::check;
use crate::public::Public;
use crate::state::AppState;

/// Answers given so far, in the order in which they were given; none at first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CheckAnswers")]
pub struct Told {
    #[schemars(length(max = 40))]
    answers: Vec<Answer>,
}

/// One answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CheckAnswer")]
struct Answer {
    /// The question's id.
    #[schemars(length(max = 60))]
    question: String,
    /// The id of one of its options, whole years of age, or `?` for not known.
    #[schemars(length(max = 60))]
    answer: String,
}

/// Where it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Check {
    /// The day whose rules these are.
    #[schemars(with = "Day")]
    as_of: String,
    /// What to ask next; null: nothing that could be asked would change an answer.
    next: Option<Asking>,
    /// How many questions may still come.
    left: usize,
    /// Every benefit and visit, as for a person of whom only the answers are known.
    determinations: Vec<Determination>,
}

/// A question.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CheckQuestion")]
struct Asking {
    id: String,
    ask: String,
    hint: Option<String>,
    /// Years are asked for: beside them only that it is not known.
    age: bool,
    options: Vec<Choice>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CheckOption")]
struct Choice {
    id: String,
    label: String,
}

/// `POST /api/v1/check`
pub async fn answer(State(app): State<AppState>, ask: Ask, Given(told): Given<Told>) -> Result<Json<Check>, Problem> {
    app.open_public(&ask, move |public| stand(public, &told)).await.map(Json)
}

fn stand(public: &Public<'_>, told: &Told) -> Result<Check, Problem> {
    let inquiry = check::inquiry(public);
    let answers = read(public, inquiry, told)?;
    let stand = inquiry.stand(&answers);
    let results = inquiry.results(&answers);
    Ok(Check {
        as_of: public.desk.as_of.to_string(),
        next: stand.next.map(|question| asking(public, inquiry, question)),
        left: stand.left,
        determinations: results.iter().map(|answer| determination(&public.desk, answer)).collect(),
    })
}

/// Every answer that is none is told, not only the first.
fn read(public: &Public<'_>, inquiry: Inquiry<'_>, told: &Told) -> Result<Answers, Problem> {
    let mut answers = Answers::default();
    let mut faults = Vec::new();
    for (at, given) in told.answers.iter().enumerate() {
        match inquiry.pack.portal.question(&given.question) {
            None => faults.push((at, "question", "api-fault-question")),
            Some(question) if inquiry.accepts(question, &given.answer) => answers.put(&question.id, &given.answer),
            Some(_) => faults.push((at, "answer", "check-choose")),
        }
    }
    if faults.is_empty() {
        return Ok(answers);
    }
    let fault = |(at, field, cause): (usize, &str, &str)| FieldFault {
        field: format!("answers[{at}].{field}"),
        cause: public.desk.voice.word(cause),
    };
    Err(Problem::Invalid(faults.into_iter().map(fault).collect()))
}

fn asking(public: &Public<'_>, inquiry: Inquiry<'_>, question: &Question) -> Asking {
    let desk = &public.desk;
    let mut options = check::options(desk, inquiry, question);
    let age = matches!(question.answering, Answering::Age { .. });
    options.push((DONT_KNOW.to_owned(), desk.voice.word("check-dont-know")));
    Asking {
        id: question.id.clone(),
        ask: desk.voice.of(&question.ask).to_owned(),
        hint: question.hint.as_ref().map(|hint| desk.voice.of(hint).to_owned()),
        age,
        options: options.into_iter().map(|(id, label)| Choice { id, label }).collect(),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Check>("check-answer").takes::<Told>()
}
