//! What is done on a matter's page. Each leads back to the page, or shows it again with what is wrong.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use benefits::{BenefitsError, By, Filing, Granting, Matter, Office, Verdict, Written};
use kernel::{Date, parse_date};
use serde::Deserialize;
use store::Session;

use super::show::{self, Typed};
use crate::edge::{Ask, FieldFault, Problem};
use crate::opened::Opened;
use crate::parts::address;
use crate::state::AppState;

/// Every field of the page's forms; each form has some of them.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Given {
    #[serde(default)]
    words: String,
    /// `part:<id>` or `clause:<id>`.
    #[serde(default)]
    because: String,
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    stop_from: String,
    #[serde(default)]
    cause: String,
    /// Papers seen, as `0,2`; a form sends `paper0=on`.
    #[serde(default)]
    paper0: String,
    #[serde(default)]
    paper1: String,
    #[serde(default)]
    paper2: String,
    #[serde(default)]
    paper3: String,
    #[serde(default)]
    paper4: String,
    #[serde(default)]
    paper5: String,
    #[serde(default)]
    paper6: String,
    #[serde(default)]
    paper7: String,
}

impl Given {
    /// The papers that were ticked.
    #[must_use]
    pub fn papers(&self) -> Vec<usize> {
        let all = [
            &self.paper0,
            &self.paper1,
            &self.paper2,
            &self.paper3,
            &self.paper4,
            &self.paper5,
            &self.paper6,
            &self.paper7,
        ];
        all.into_iter().enumerate().filter(|(_, ticked)| !ticked.is_empty()).map(|(at, _)| at).collect()
    }

    /// What was written by hand.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    fn written(&self) -> Written {
        let named = |kind: &str| self.because.strip_prefix(kind).map(str::to_owned);
        Written { part: named("part:"), clause: named("clause:"), ..Written::words(&self.words) }
    }

    fn typed(&self) -> Typed {
        Typed {
            words: self.words.clone(),
            because: self.because.clone(),
            from: self.from.clone(),
            verdict: self.verdict.clone(),
        }
    }
}

/// A use case on the matter.
type Deed = fn(&Doing<'_>) -> Result<Matter, BenefitsError>;

/// What a use case is given.
struct Doing<'d> {
    office: &'d Office<'d>,
    tx: std::cell::RefCell<&'d mut Session>,
    by: &'d By<'d>,
    matter: &'d Matter,
    given: &'d Given,
    grounds: Option<benefits::Grounds>,
}

impl Doing<'_> {
    fn with<T>(&self, act: impl FnOnce(&Office<'_>, &mut Session) -> T) -> T {
        act(self.office, &mut self.tx.borrow_mut())
    }
}

/// A date field; what is no date is answered with the fault of a missing one.
fn date(text: &str, missing: benefits::Fault) -> Result<Date, BenefitsError> {
    parse_date(text.trim()).map_err(|_| BenefitsError::Faults(vec![missing]))
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident, $permission:literal, $deed:expr;)+) => {
        $($(#[$doc])*
        pub async fn $name(
            State(app): State<AppState>,
            ask: Ask,
            Path(number): Path<String>,
            Form(given): Form<Given>,
        ) -> Result<Response, Problem> {
            answer(app, ask, number, given, $permission, $deed).await
        })+
    };
}

deeds! {
    /// `POST /d/applications/{number}/file`
    file, "application.file", |d| {
        let about = benefits::About { person: d.matter.person, rule: &d.matter.rule, village: d.matter.village };
        let papers = d.given.papers();
        let filing = Filing { papers: &papers, words: &d.given.words, grounds: d.grounds.clone() };
        d.with(|office, tx| office.file(tx, &about, d.by, &filing))
    };
    /// `POST /d/applications/{number}/papers`
    papers, "work_item.act", |d| d.with(|office, tx| office.papers(tx, d.matter.id, d.by, &d.given.papers()));
    /// `POST /d/applications/{number}/recommend`
    recommend, "work_item.act", |d| {
        let Ok(verdict) = d.given.verdict.parse::<Verdict>() else {
            return Err(BenefitsError::Faults(vec![benefits::Fault::Reason]));
        };
        let written = Written { grounds: d.grounds.clone(), ..d.given.written() };
        d.with(|office, tx| office.recommend(tx, d.matter.id, d.by, verdict, written))
    };
    /// `POST /d/applications/{number}/grant`
    grant, "application.decide", |d| {
        let from = date(&d.given.from, benefits::Fault::From)?;
        let Some(grounds) = d.grounds.clone() else {
            return Err(BenefitsError::Faults(vec![benefits::Fault::NotDue]));
        };
        let granting = Granting { from, words: &d.given.words, grounds };
        d.with(|office, tx| office.grant(tx, d.matter.id, d.by, granting))
    };
    /// `POST /d/applications/{number}/refuse`
    refuse, "application.decide", |d| {
        let written = Written { grounds: d.grounds.clone(), ..d.given.written() };
        d.with(|office, tx| office.refuse(tx, d.matter.id, d.by, written))
    };
    /// `POST /d/applications/{number}/give-back`
    give_back, "application.decide", |d| d.with(|office, tx| office.give_back(tx, d.matter.id, d.by, &d.given.words));
    /// `POST /d/applications/{number}/withdraw`
    withdraw, "application.file", |d| d.with(|office, tx| office.withdraw(tx, d.matter.id, d.by, &d.given.words));
    /// `POST /d/applications/{number}/notify`
    notify, "work_item.act", |d| d.with(|office, tx| office.notify(tx, d.matter.id, d.by, &d.given.words));
    /// `POST /d/applications/{number}/deliver`
    deliver, "work_item.act", |d| {
        let on = date(&d.given.on, benefits::Fault::DeliveredOn)?;
        d.with(|office, tx| office.deliver(tx, d.matter.id, d.by, on, &d.given.words))
    };
    /// `POST /d/applications/{number}/stop`
    stop, "work_item.act", |d| {
        let from = date(&d.given.stop_from, benefits::Fault::StopFrom)?;
        let written = Written { grounds: d.grounds.clone(), ..Written::words(&d.given.words) };
        d.with(|office, tx| office.propose_stop(tx, d.matter.id, d.by, from, (d.given.cause.parse().ok(), written)))
    };
    /// `POST /d/applications/{number}/stop/confirm`
    end, "application.decide", |d| d.with(|office, tx| office.confirm_stop(tx, d.matter.id, d.by, &d.given.words));
    /// `POST /d/applications/{number}/stop/keep`
    keep_on, "application.decide", |d| d.with(|office, tx| office.keep_on(tx, d.matter.id, d.by, &d.given.words));
    /// `POST /d/applications/{number}/reopen`
    reopen, "application.file", |d| d.with(|office, tx| office.reopen(tx, d.matter.id, d.by, &d.given.words));
    /// `POST /d/applications/{number}/void`
    void, "application.decide", |d| d.with(|office, tx| office.void(tx, d.matter.id, d.by, &d.given.words));
}

async fn answer(
    app: AppState,
    ask: Ask,
    number: String,
    given: Given,
    permission: &'static str,
    deed: Deed,
) -> Result<Response, Problem> {
    let (asked, typed) = (number.clone(), given.typed());
    let done = app.open_night(&ask, move |opened| run(opened, &asked, &given, permission, deed)).await?;
    match done {
        Ok(last) => {
            let target = address(&super::href(&number), &[("done", last)]);
            Ok(Redirect::to(&ask.href(&target)).into_response())
        }
        Err(faults) => show::page(app, ask, number, String::new(), faults, typed).await,
    }
}

/// The word of what was done last, or what is wrong.
fn run(
    opened: &Opened<'_>,
    number: &str,
    given: &Given,
    permission: &str,
    deed: Deed,
) -> Result<Result<&'static str, Vec<FieldFault>>, Problem> {
    let matter = super::find(opened, number, permission)?;
    let grounds = super::grounds(opened, matter.person, &matter.rule)?;
    let done = super::act(opened, |office, tx, by| {
        deed(&Doing { office, tx: std::cell::RefCell::new(tx), by, matter: &matter, given, grounds })
    })?;
    match done {
        Ok(after) => {
            let history = opened.ask(|session| benefits::history(session, opened.keys(), after.id))?;
            Ok(Ok(history.last().map_or("", |event| event.deed.name())))
        }
        Err(faults) => Ok(Err(faults)),
    }
}
