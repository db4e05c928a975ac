//! What follows from the answers of a check: due, not decided, not due, each with its reasons.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use policy::RuleAnswer;
use policy::model::Rule;
use serde::Serialize;

use super::answered::{self, Group};
use super::check::{self, Params, Told};
use crate::edge::{Ask, Problem};
use crate::frame::{Section, figures};
use crate::parts::address;
use crate::public::{Made, Page, Public};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub title: String,
    pub lead: String,
    pub told: Vec<Told>,
    pub groups: Vec<Group>,
    /// How it was worked out.
    pub how: String,
    /// Where to go on answering; none: nothing left would change anything.
    pub on: Option<String>,
    pub again: String,
    pub print: String,
}

/// `GET /benefits/result`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    let sealed = params.s.clone();
    let lapsed = app.open_public(&ask, move |public| {
        let (answers, lapsed) = check::answers(public, &sealed);
        // Where nothing can be asked, there is nowhere to go back to.
        Ok(lapsed || (answers.is_empty() && check::inquiry(public).stand(&answers).next.is_some()))
    });
    if lapsed.await? {
        return Ok(Redirect::to(&ask.href(&address("/benefits/check", &[("s", &params.s)]))).into_response());
    }
    let page = Page::new(Section::Benefits, "portal/result.html").unkept();
    app.public_page(ask, page, move |_, public| {
        let view = view(public, &params.s);
        Ok(Made::new(view.title.clone(), view))
    })
    .await
}

fn view(public: &Public<'_>, sealed: &str) -> View {
    let (desk, inquiry) = (&public.desk, check::inquiry(public));
    let (answers, _) = check::answers(public, sealed);
    let found = inquiry.results(&answers);
    let (title, lead) = answered::headline(desk, &found, None);
    let form = |rule: &Rule, answer: &RuleAnswer| acts(public, rule, answer);
    View {
        title,
        lead,
        told: check::told(public, &answers),
        groups: answered::groups(public, &found, None, &form),
        how: how(public),
        on: inquiry.stand(&answers).next.map(|_| check::with(public, "/benefits/check", &answers)),
        again: "/benefits/check".to_owned(),
        print: printed(check::with(public, "/benefits/result", &answers)),
    }
}

/// The address of the page for paper.
fn printed(address: String) -> String {
    let join = if address.contains('?') { '&' } else { '?' };
    format!("{address}{join}print=1")
}

/// For somebody who has not signed in: ask to be called, or take the form along.
fn acts(public: &Public<'_>, rule: &Rule, answer: &RuleAnswer) -> Vec<(String, String)> {
    let voice = public.desk.voice;
    if answer.outcome == policy::Outcome::NotMet {
        return Vec::new();
    }
    let mut acts = vec![(voice.word("result-call-me"), address("/callback", &[("about", &rule.id)]))];
    if rule.benefit().is_some() {
        acts.push((voice.word("result-form"), format!("/services/{}/form?print=1", rule.id)));
    }
    acts
}

/// By which rules of which day.
#[must_use]
pub fn how(public: &Public<'_>) -> String {
    let desk = &public.desk;
    let args = [("plan", desk.plan_name().into()), ("day", figures::spoken_date(desk.as_of, desk.voice.lang).into())];
    desk.voice.say("result-how", &args)
}
