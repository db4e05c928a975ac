//! One matter: how far it is, what the rules say now, what can be done, what was done.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use benefits::{Deed, Event, Matter, State as Stands, StopCause};
use policy::Outcome;
use policy::model::{Benefit, Rule};
use serde::{Deserialize, Serialize};

use super::said::{self, Told};
use crate::desk::Desk;
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{ClauseLink, Condition, Mood, PersonRef, Sla};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub number: String,
    /// Where its forms are sent: a path to which the deed is added.
    pub action: String,
    pub person: PersonRef,
    pub place: String,
    pub what: String,
    pub state: Mood,
    pub next: Option<String>,
    pub sla: Option<Sla>,
    /// The pack names no deadline for the step.
    pub to_confirm: bool,
    pub line: Vec<Mark>,
    pub saved: Option<String>,
    pub faults: Vec<FieldFault>,
    pub answer: Mood,
    pub as_of: String,
    pub conditions: Vec<Condition>,
    /// Facts that are another than last night.
    pub changed: Option<String>,
    pub papers: Vec<Paper>,
    pub decided_by: Option<String>,
    pub apply_to: Option<String>,
    pub award: Option<AwardShown>,
    pub notices: Vec<NoticeLink>,
    pub told: Vec<Told>,
    pub can: Can,
    pub because: Vec<Choice>,
    pub stop_causes: Vec<Choice>,
    /// The cause that the night found; empty: none.
    pub stop_cause: String,
    pub today: String,
    /// Suggested first day, and first day of a stop.
    pub from: String,
    pub stop_from: String,
    pub clauses: Vec<ClauseLink>,
    /// What was typed, when it was refused.
    pub typed: Typed,
}

/// One station of the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    pub label: String,
    /// `done`, `now`, `todo`, `no`.
    pub kind: &'static str,
    pub date: Option<String>,
    pub who: Option<String>,
}

/// A paper to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paper {
    pub at: usize,
    pub label: String,
    pub seen: bool,
}

/// What was granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AwardShown {
    pub from: String,
    pub until: Option<String>,
    pub amount: String,
    pub delivered: Option<String>,
    pub pack: String,
}

/// A notice to print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeLink {
    pub label: String,
    pub href: String,
}

/// An option of a select.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// Which forms the viewer gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Can {
    pub file: bool,
    pub papers: bool,
    pub recommend: bool,
    pub decide: bool,
    /// It waits for a decision that the viewer may not take: they filed, recommended or decided before.
    pub second: bool,
    pub notify: bool,
    pub deliver: bool,
    pub stop: bool,
    pub end: bool,
    pub second_end: bool,
    pub withdraw: bool,
    pub reopen: bool,
    pub void: bool,
}

/// What was typed into the form that is shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    #[serde(default)]
    pub words: String,
    #[serde(default)]
    pub because: String,
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub verdict: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    done: String,
}

/// `GET /d/applications/{number}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(number): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    page(app, ask, number, params.done, Vec::new(), Typed::default()).await
}

/// The page, with what was wrong with a form.
///
/// # Errors
/// `NotFound`, `NotAllowed`; those of the database.
pub async fn page(
    app: AppState,
    ask: Ask,
    number: String,
    done: String,
    faults: Vec<FieldFault>,
    typed: Typed,
) -> Result<Response, Problem> {
    let refused = !faults.is_empty();
    let mut response = app
        .night_page(ask, "matters/show.html", move |ask, opened| {
            let desk = opened.desk;
            let matter = super::find(opened, &number, "application.see")?;
            let mut view = view(opened, &matter)?;
            view.faults = faults;
            view.typed = typed;
            let known = Deed::ALL.iter().any(|deed| deed.name() == done);
            view.saved = known.then(|| desk.voice.word(&format!("matter-done-{done}")));
            let shell = ask
                .shell(Rail::Matters, format!("{} {}", view.what, matter.number))
                .via(desk.voice.word("matters-title"), "/d/applications");
            Ok((shell, view))
        })
        .await?;
    if refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn view(opened: &Opened<'_>, matter: &Matter) -> Result<View, Problem> {
    let (desk, world) = (opened.desk, &opened.published.world);
    let today = opened.app.clock().today();
    let rule = desk.pack.rule(&matter.rule).ok_or(Problem::NotFound)?;
    let benefit = rule.benefit().ok_or(Problem::NotFound)?;
    let now = opened.ask(|session| world.now(session, opened.keys(), matter.person, today))?;
    let answer = now.as_ref().and_then(|now| now.answer(&matter.rule));
    let outcome = answer.map(|answer| answer.outcome);
    let history = opened.ask(|session| benefits::history(session, opened.keys(), matter.id))?;
    let award = opened.ask(|session| benefits::award_of(session, matter.id))?;
    let work = opened.ask(|session| worklist::of_person(session, matter.person))?;
    let to_stop = work.iter().map(|item| (item, &item.wanted)).find(|(item, wanted)| {
        item.state == worklist::State::Open && wanted.kind == worklist::Kind::Stop && *wanted.rule == *matter.rule
    });
    let found_from = to_stop.and_then(|(_, wanted)| wanted.from_on);
    let conditions = match (&now, answer) {
        (Some(now), Some(answer)) => {
            let grounds = benefits::Grounds::of(desk.pack, now.as_of, answer, &now.lines);
            said::conditions(&desk, &grounds)
        }
        _ => Vec::new(),
    };
    let changed: Vec<String> = now.iter().flat_map(|now| &now.changed).map(|key| desk.label("person", key)).collect();
    let args =
        [("what", desk.voice.of(&rule.label).to_owned().into()), ("name", desk.masked_name(matter.person).into())];
    let first = award.as_ref().map(|award| award.from_on);
    Ok(View {
        headline: desk.voice.say(&format!("matter-headline-{}", matter.state), &args),
        number: matter.number.clone(),
        action: super::href(&matter.number),
        person: desk.person(matter.person),
        place: desk.where_is(desk.home(matter.person).unwrap_or(matter.village)),
        what: desk.voice.of(&rule.label).to_owned(),
        state: said::state(&desk, matter),
        next: said::step(&desk, matter),
        sla: said::sla(&desk, matter, today),
        to_confirm: matter.step.is_some() && matter.due_on.is_none(),
        line: line(opened, matter, benefit),
        saved: None,
        faults: Vec::new(),
        answer: answer_said(&desk, outcome),
        as_of: now.as_ref().map_or_else(|| desk.as_of.to_string(), |now| now.as_of.to_string()),
        conditions,
        changed: (!changed.is_empty()).then(|| desk.voice.join(&changed)),
        papers: benefit
            .opens
            .iter()
            .enumerate()
            .map(|(at, paper)| Paper {
                at,
                label: desk.voice.of(&paper.label).to_owned(),
                seen: matter.papers.contains(&at),
            })
            .collect(),
        decided_by: benefit.process.as_ref().map(|process| desk.voice.of(&process.decided_by).to_owned()),
        apply_to: benefit.apply_to.as_ref().map(|place| desk.voice.of(place).to_owned()),
        award: award.as_ref().map(|award| AwardShown {
            from: award.from_on.to_string(),
            until: award.until_on.map(|day| day.to_string()),
            amount: super::awards::amount(&desk, award),
            delivered: award.delivered_on.map(|day| day.to_string()),
            pack: format!("{} {}", award.pack, award.pack_version),
        }),
        notices: super::notice::links(&desk, matter),
        can: can(opened, matter, benefit, &history),
        told: history.iter().rev().map(|event| said::told(opened, rule, event)).collect(),
        because: because(&desk, rule, answer.map(|a| a.reasons.as_slice()).unwrap_or_default()),
        stop_causes: StopCause::ALL
            .iter()
            .map(|cause| Choice {
                value: cause.name().to_owned(),
                label: desk.voice.word(&format!("matter-stop-{cause}")),
            })
            .collect(),
        today: today.to_string(),
        from: matter.filed_on.map_or(today, |filed| filed.max(today)).to_string(),
        stop_cause: to_stop.map(|(_, wanted)| stop_cause(&wanted.cause).name().to_owned()).unwrap_or_default(),
        stop_from: found_from
            .or_else(|| answer.and_then(|a| a.stop_from))
            .into_iter()
            .chain(first)
            .max()
            .unwrap_or(today)
            .to_string(),
        clauses: desk.clause_links(&rule.clauses),
        typed: Typed::default(),
    })
}

/// The cause that the night found, as a reason to stop.
fn stop_cause(found: &str) -> StopCause {
    match found {
        "died" => StopCause::Died,
        // Who is in no list any more lives nowhere that is known.
        "moved_away" | "left_the_list" => StopCause::MovedAway,
        _ => StopCause::NoLongerMet,
    }
}

/// What the rules say now.
fn answer_said(desk: &Desk<'_>, outcome: Option<Outcome>) -> Mood {
    match outcome {
        Some(Outcome::Met) => Mood::new("ok", desk.voice.word("matter-answer-met")),
        Some(Outcome::NotMet) => Mood::new("no", desk.voice.word("matter-answer-not_met")),
        Some(Outcome::Unknown) => Mood::new("q", desk.voice.word("matter-answer-unknown")),
        None => Mood::new("q", desk.voice.word("matter-answer-none")),
    }
}

/// The stations of the way to an award.
fn line(opened: &Opened<'_>, matter: &Matter, benefit: &Benefit) -> Vec<Mark> {
    let desk = opened.desk;
    let order = |state: Stands| match state {
        Stands::Contacting | Stands::Declined => 0,
        Stands::Accepted => 1,
        Stands::Filed | Stands::Withdrawn if matter.papers.len() < benefit.opens.len() => 2,
        Stands::Filed | Stands::Withdrawn => 3,
        Stands::Recommended => 4,
        Stands::Granted | Stands::Refused | Stands::Stopping => 5,
        Stands::Delivered | Stands::Ended => 6,
    };
    let at = order(matter.state);
    let over = matches!(matter.state, Stands::Declined | Stands::Withdrawn | Stands::Refused);
    let actor = |actor: &Option<String>| actor.as_deref().map(|actor| said::actor(opened, actor));
    let filed = matter.filed_on.map(|day| desk.day(day));
    let decided = matter.decided_on.map(|day| desk.day(day));
    let steps: [(usize, &str, Option<String>, Option<String>); 5] = [
        (1, "offer", Some(desk.day(matter.opened_on)), None),
        (2, "file", filed, actor(&matter.filed_by)),
        (4, "recommend", None, actor(&matter.recommended_by)),
        (5, "decide", decided.clone(), decided.and(actor(&matter.decided_by))),
        (6, "give", None, None),
    ];
    let mut found_now = false;
    steps
        .into_iter()
        .map(|(done_from, key, date, who)| {
            let done = at >= done_from || (key == "give" && matter.state == Stands::Granted && matter.step.is_none());
            let kind = if done {
                "done"
            } else if found_now {
                "todo"
            } else {
                found_now = true;
                if over { "no" } else { "now" }
            };
            Mark {
                label: desk.voice.word(&format!("matter-mark-{key}")),
                kind,
                date: date.filter(|_| done),
                who: who.filter(|_| done),
            }
        })
        .collect()
}

fn can(opened: &Opened<'_>, matter: &Matter, benefit: &Benefit, history: &[Event]) -> Can {
    let home = opened.desk.home(matter.person).unwrap_or(matter.village);
    let may = |permission| opened.demand_at(permission, matter.person, Some(home)).is_ok();
    let (act, file, decide) = (may("work_item.act"), may("application.file"), may("application.decide"));
    let actor = opened.viewer.actor();
    let fits = |deed| Stands::after(Some(matter.state), deed).is_some();
    let once = matter.step.as_deref() == Some("deliver")
        || history.iter().any(|event| event.deed == Deed::Notify) && benefit.kind == "in_kind";
    let recommended = fits(Deed::Grant) && decide;
    let stopping = fits(Deed::ConfirmStop) && decide;
    Can {
        file: fits(Deed::File) && file && benefit.process.is_some(),
        papers: fits(Deed::Papers) && act && !benefit.opens.is_empty(),
        recommend: fits(Deed::Recommend) && act,
        decide: recommended && matter.may_decide(&actor),
        second: fits(Deed::Grant) && !(recommended && matter.may_decide(&actor)),
        notify: matter.step.as_deref() == Some("notify") && act,
        deliver: fits(Deed::Deliver) && act && once,
        stop: fits(Deed::ProposeStop) && act,
        end: stopping && matter.may_confirm_stop(&actor),
        second_end: fits(Deed::ConfirmStop) && !(stopping && matter.may_confirm_stop(&actor)),
        withdraw: fits(Deed::Withdraw) && file,
        reopen: fits(Deed::Reopen) && file,
        void: fits(Deed::Void) && decide && matter.decided_by.as_deref() != Some(actor.as_str()),
    }
}

/// What a refusal may rest on: parts that are not met first, then the other parts, then the clauses.
fn because(desk: &Desk<'_>, rule: &Rule, reasons: &[policy::explain::Reason]) -> Vec<Choice> {
    let mut parts: Vec<(u8, Choice)> = desk
        .pack
        .population
        .iter()
        .chain(&rule.parts)
        .map(|part| {
            let outcome = reasons.iter().find(|reason| *reason.id == *part.id).map(|reason| reason.outcome);
            let (order, key) = match outcome {
                Some(Outcome::NotMet) => (0, "matter-part-not_met"),
                Some(Outcome::Unknown) | None => (1, "matter-part-unknown"),
                Some(Outcome::Met) => (2, "matter-part-met"),
            };
            let label = desk.voice.say(key, &[("part", desk.voice.of(&part.label).to_owned().into())]);
            (order, Choice { value: format!("part:{}", part.id), label })
        })
        .collect();
    parts.sort_by_key(|(order, _)| *order);
    let clauses = rule.clauses.iter().filter_map(|id| desk.pack.clause(id)).map(|clause| Choice {
        value: format!("clause:{}", clause.id),
        label: format!("{} {}", clause.id, desk.voice.of(&clause.title)),
    });
    parts.into_iter().map(|(_, choice)| choice).chain(clauses).collect()
}
