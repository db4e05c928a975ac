//! What someone is due and why, in plain words: what an officer reads out at the counter.

use axum::Json;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Serialize;

use super::reached;
use crate::api::doc::Doc;
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::pages::people::entries::{Entry, entries};
use crate::pages::people::known::Known;
use crate::pages::people::show::answer;
use crate::state::AppState;

/// The answer in words.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explanation {
    /// In one sentence.
    answer: String,
    /// Title and version of the plan.
    pack: String,
    benefits: Vec<Line>,
    visits: Vec<Line>,
    groups: Vec<Line>,
}

/// One rule in words.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RuleInWords")]
struct Line {
    rule: String,
    label: String,
    summary: String,
    /// Amount or rhythm; empty: it has neither.
    what: String,
    state: String,
    /// Something is to be done.
    open: bool,
    because: Vec<Because>,
    /// What to do next, or what would change the answer.
    next: Option<String>,
    clauses: Vec<String>,
}

/// One part of the condition in words.
#[derive(Debug, Serialize, JsonSchema)]
struct Because {
    label: String,
    /// `met`, `not_met`, `unknown`.
    outcome: &'static str,
    /// What was read, each with its source.
    facts: Vec<String>,
    missing: Option<String>,
}

/// `GET /api/v1/people/{person}/explanation`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
) -> Result<Json<Explanation>, Problem> {
    let told = app.open_night(&ask, move |opened| {
        let person = reached(opened, "person.see", &asked)?;
        let answers = opened.published.world.explain(person).ok_or(Problem::NotFound)?;
        let known = Known::read(opened, person)?;
        let of = |kind: &str| entries(&known, &answers, kind).into_iter().map(|entry| line(opened, entry)).collect();
        Ok(Explanation {
            answer: answer(&opened.desk, &answers),
            pack: opened.desk.plan_name(),
            benefits: of("benefit"),
            visits: of("visit"),
            groups: of("group"),
        })
    });
    told.await.map(Json)
}

fn line(opened: &Opened<'_>, entry: Entry) -> Line {
    let comma = opened.desk.voice.word("list-comma");
    Line {
        rule: entry.id,
        label: entry.label,
        summary: entry.summary,
        what: entry.what,
        state: entry.state.text,
        open: entry.open,
        because: entry
            .parts
            .into_iter()
            .map(|part| Because {
                label: part.label,
                outcome: part.outcome,
                facts: part
                    .facts
                    .into_iter()
                    .map(|fact| {
                        let source = fact.stamp.map(|stamp| format!("{comma}{}", stamp.spoken)).unwrap_or_default();
                        format!("{} {}{source}", fact.label, fact.value)
                    })
                    .collect(),
                missing: part.missing,
            })
            .collect(),
        next: entry.next,
        clauses: entry.clauses.into_iter().map(|clause| clause.id).collect(),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Explanation>("people-explain")
}
