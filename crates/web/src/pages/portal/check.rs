//! What am I due, from a few answers: one question a page, nothing kept.
//!
//! What was answered travels with the reader as a sealed text that is good for a while: it can't be read in logs or by
//! a proxy, and no page, database or cookie of ours holds it.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as URL_SAFE;
use chrono::{DateTime, Duration, Utc};
use policy::inquiry::{Answers, DONT_KNOW, ELSEWHERE, Inquiry};
use policy::model::{Answering, Question};
use serde::{Deserialize, Serialize};
use store::Keys;

use crate::desk::Desk;
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Section;
use crate::parts::address;
use crate::public::{Made, Page, Public};
use crate::state::AppState;

const CONTEXT: &str = "answers of a check";
/// How long what was answered can be gone on with.
const GOOD_FOR: Duration = Duration::hours(2);
/// Longer texts were not made here.
const LONGEST: usize = 2_000;

/// One question.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    /// Which question this is, from 1, and how many there may be.
    pub n: i64,
    pub most: i64,
    pub id: String,
    pub ask: String,
    pub hint: String,
    /// `choices` or `age`.
    pub kind: &'static str,
    /// Value and words.
    pub options: Vec<(String, String)>,
    pub state: String,
    pub back: String,
    pub told: Vec<Told>,
    pub faults: Vec<FieldFault>,
    /// What was answered is too old to go on with.
    pub lapsed: bool,
    /// Where what follows from the answers so far is shown.
    pub so_far: Option<String>,
}

/// An answer given before.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    pub label: String,
    pub answer: String,
    /// Where to change it.
    pub href: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    pub s: String,
}

#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    s: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    a: String,
}

/// The rules of the night as a stranger asks them.
#[must_use]
pub fn inquiry<'p>(public: &'p Public<'_>) -> Inquiry<'p> {
    Inquiry { pack: public.desk.pack, program: public.desk.program, as_of: public.desk.as_of }
}

/// Seals answers for the way through the reader's browser.
#[must_use]
pub fn seal(keys: &Keys, answers: &Answers, now: DateTime<Utc>) -> String {
    let text = format!("{}|{}", (now + GOOD_FOR).timestamp(), answers.to_text());
    URL_SAFE.encode(keys.seal(CONTEXT, text.as_bytes()))
}

/// The answers of a sealed text; none when it was changed or is too old.
#[must_use]
pub fn open(keys: &Keys, inquiry: Inquiry<'_>, sealed: &str, now: DateTime<Utc>) -> Option<Answers> {
    if sealed.len() > LONGEST {
        return None;
    }
    let plain = keys.open(CONTEXT, &URL_SAFE.decode(sealed).ok()?).ok()?;
    let text = String::from_utf8(plain).ok()?;
    let (until, answers) = text.split_once('|')?;
    (until.parse().is_ok_and(|until: i64| now.timestamp() <= until)).then(|| Answers::read(inquiry, answers))
}

/// Answers so far, and whether those of the address had lapsed.
pub fn answers(public: &Public<'_>, sealed: &str) -> (Answers, bool) {
    if sealed.is_empty() {
        return (Answers::default(), false);
    }
    let found = open(public.app.keys(), inquiry(public), sealed, public.app.clock().now());
    let lapsed = found.is_none();
    (found.unwrap_or_default(), lapsed)
}

/// The address of a page of the check with these answers.
#[must_use]
pub fn with(public: &Public<'_>, path: &str, answers: &Answers) -> String {
    if answers.is_empty() {
        return path.to_owned();
    }
    address(path, &[("s", &seal(public.app.keys(), answers, public.app.clock().now()))])
}

/// `GET /benefits/check`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    let asked = ask.clone();
    let sealed = params.s.clone();
    let done = app
        .open_public(&ask, move |public| {
            let (answers, _) = answers(public, &sealed);
            if inquiry(public).pack.portal.questions.is_empty() {
                return Err(Problem::NotFound);
            }
            let done = inquiry(public).stand(&answers).next.is_none();
            Ok(done.then(|| asked.href(&with(public, "/benefits/result", &answers))))
        })
        .await?;
    match done {
        Some(result) => Ok(Redirect::to(&result).into_response()),
        None => page(app, ask, params.s, Vec::new()).await,
    }
}

async fn page(app: AppState, ask: Ask, sealed: String, faults: Vec<FieldFault>) -> Result<Response, Problem> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::new(Section::Benefits, "portal/check.html").unkept();
    let response = app
        .public_page(ask, page, move |_, public| {
            let faulty = !faults.is_empty();
            let view = view(public, &sealed, faults)?;
            Ok(Made::new(view.ask.clone(), view).faulty(faulty))
        })
        .await?;
    Ok((status, response).into_response())
}

/// `POST /benefits/check`
pub async fn send(State(app): State<AppState>, ask: Ask, Form(given): Form<Given>) -> Result<Response, Problem> {
    let (asked, sealed) = (ask.clone(), given.s.clone());
    let next = app
        .open_public(&ask, move |public| {
            let (mut answers, lapsed) = answers(public, &given.s);
            let inquiry = inquiry(public);
            let question = inquiry.pack.portal.question(&given.q).filter(|_| !lapsed).ok_or(Problem::Unreadable)?;
            let answer = given.a.trim();
            if !inquiry.accepts(question, answer) {
                return Ok(None);
            }
            answers.put(&question.id, answer);
            Ok(Some(asked.href(&with(public, "/benefits/check", &answers))))
        })
        .await;
    match next {
        Ok(Some(address)) => Ok(Redirect::to(&address).into_response()),
        Ok(None) => {
            let cause = app.renderer().voice(ask.lang).word("check-choose");
            page(app, ask, sealed, vec![FieldFault { field: "answer".into(), cause }]).await
        }
        // What was answered has lapsed: from the beginning, and that is said.
        Err(Problem::Unreadable) => page(app, ask, sealed, Vec::new()).await,
        Err(problem) => Err(problem),
    }
}

fn view(public: &Public<'_>, sealed: &str, faults: Vec<FieldFault>) -> Result<View, Problem> {
    let (desk, inquiry) = (&public.desk, inquiry(public));
    let (answers, lapsed) = answers(public, sealed);
    let stand = inquiry.stand(&answers);
    let question = stand.next.ok_or(Problem::NotFound)?;
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    let last = answers.iter().last().map(|(id, _)| id.to_owned());
    Ok(View {
        n: count(answers.len() + 1),
        most: count(answers.len() + stand.left),
        id: question.id.clone(),
        ask: desk.voice.of(&question.ask).to_owned(),
        hint: question.hint.as_ref().map(|hint| desk.voice.of(hint).to_owned()).unwrap_or_default(),
        kind: if matches!(question.answering, Answering::Age { .. }) { "age" } else { "choices" },
        options: options(desk, inquiry, question),
        back: last
            .map_or_else(|| "/benefits".to_owned(), |last| with(public, "/benefits/check", &answers.back_to(&last))),
        told: told(public, &answers),
        so_far: (!answers.is_empty()).then(|| with(public, "/benefits/result", &answers)),
        state: if answers.is_empty() {
            String::new()
        } else {
            seal(public.app.keys(), &answers, public.app.clock().now())
        },
        faults,
        lapsed,
    })
}

/// What a question may be answered with: value and words; none where an age is asked for.
#[must_use]
pub fn options(desk: &Desk<'_>, inquiry: Inquiry<'_>, question: &Question) -> Vec<(String, String)> {
    match &question.answering {
        Answering::Age { .. } => Vec::new(),
        Answering::Division { .. } => {
            let places = inquiry.divisions().into_iter().map(|code| (code.to_string(), desk.place(code)));
            places.chain([(ELSEWHERE.to_owned(), desk.voice.word("check-elsewhere"))]).collect()
        }
        Answering::Choices(choices) => {
            choices.iter().map(|choice| (choice.id.clone(), filled(desk, desk.voice.of(&choice.label)))).collect()
        }
    }
}

/// Answers in words, each with the way to change it.
#[must_use]
pub fn told(public: &Public<'_>, answers: &Answers) -> Vec<Told> {
    let (desk, inquiry) = (&public.desk, inquiry(public));
    let line = |(id, answer): (&str, &str)| {
        let question = desk.pack.portal.question(id)?;
        let said = match &question.answering {
            _ if answer == DONT_KNOW => desk.voice.word("check-dont-know"),
            Answering::Age { .. } => desk.voice.say("years-old", &[("n", answer.parse::<i64>().unwrap_or(0).into())]),
            _ => options(desk, inquiry, question).into_iter().find(|(value, _)| value == answer)?.1,
        };
        Some(Told {
            label: desk.voice.of(&question.label).to_owned(),
            answer: said,
            href: with(public, "/benefits/check", &answers.back_to(id)),
        })
    };
    answers.iter().filter_map(line).collect()
}

/// `{parameter}` as its value on the night.
fn filled(desk: &Desk<'_>, label: &str) -> String {
    let mut said = String::new();
    let mut rest = label;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((id, after)) = after.split_once('}') else { break };
        said += before;
        match desk.pack.parameter(id) {
            Some(parameter) => said += &desk.parameter_said(parameter),
            None => said += id,
        }
        rest = after;
    }
    said + rest
}

#[cfg(test)]
mod tests {
    use policy::Program;

    use super::*;

    #[test]
    fn answers_travel_sealed_and_lapse() {
        let packs = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs"));
        let pack = policy::load(packs, "kizilsu-2024").unwrap();
        let program = Program::compile(&pack).unwrap();
        let inquiry = Inquiry { pack: &pack, program: &program, as_of: kernel::parse_date("2026-11-20").unwrap() };
        let answers = Answers::read(inquiry, "place=653001;age=82;income=allowance");
        let (keys, now) = (Keys::generate(), DateTime::from_timestamp(1_790_000_000, 0).unwrap());
        let sealed = seal(&keys, &answers, now);
        assert!(sealed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{sealed}");
        assert!(!sealed.contains("allowance"));
        assert_eq!(open(&keys, inquiry, &sealed, now), Some(answers));
        assert_eq!(open(&keys, inquiry, &sealed, now + Duration::hours(3)), None);
        let mut changed = sealed.clone().into_bytes();
        changed[60] ^= 1;
        assert_eq!(open(&keys, inquiry, std::str::from_utf8(&changed).unwrap(), now), None);
        for text in ["", "x", "%00", &"A".repeat(100_000)] {
            assert_eq!(open(&keys, inquiry, text, now), None);
        }
    }
}
