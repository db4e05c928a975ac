//! Notices to print on A4: an offer, a grant, a refusal with its reasons, a stop. Number, date, office.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use benefits::{Deed, Event, Matter, State as Stands, StopCause};
use serde::{Deserialize, Serialize};

use super::said;
use super::show::NoticeLink;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::{Rail, mask};
use crate::opened::Opened;
use crate::parts::{Condition, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub title: String,
    pub number: String,
    pub date: String,
    /// Who it is from.
    pub office: String,
    /// To whom: masked, until the purpose is given and the name shown.
    pub to: String,
    pub id_tail: String,
    pub place: String,
    /// What it says, sentence by sentence.
    pub says: Vec<String>,
    /// Parts of the condition behind a decision.
    pub reasons: Vec<Condition>,
    pub law: Vec<Law>,
    pub bring: Vec<String>,
    /// What the person may do.
    pub appeal: Option<String>,
    /// Where to go or call.
    pub apply_to: Option<String>,
    pub back: String,
}

/// A clause it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Law {
    pub id: String,
    pub title: String,
    pub summary: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    kind: String,
}

/// The notices a matter can give: an offer until it is decided, then the decision, then the stop.
#[must_use]
pub fn links(desk: &Desk<'_>, matter: &Matter) -> Vec<NoticeLink> {
    let kinds: &[&str] = match matter.state {
        Stands::Contacting | Stands::Accepted | Stands::Declined | Stands::Withdrawn => &["offer"],
        Stands::Filed | Stands::Recommended => &["receipt"],
        Stands::Granted | Stands::Delivered | Stands::Stopping => &["grant"],
        Stands::Refused => &["refusal"],
        Stands::Ended => &["stop", "grant"],
    };
    kinds
        .iter()
        .map(|kind| NoticeLink {
            label: desk.voice.word(&format!("notice-{kind}")),
            href: address(&format!("{}/notice", super::href(&matter.number)), &[("kind", kind)]),
        })
        .collect()
}

/// `GET /d/applications/{number}/notice`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(number): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    app.night_page(ask, "matters/notice.html", move |ask, opened| {
        let matter = super::find(opened, &number, "application.see")?;
        let view = view(opened, &matter, &params.kind)?;
        let shell = ask
            .shell(Rail::Matters, format!("{} {}", view.title, matter.number))
            .via(opened.desk.voice.word("matters-title"), "/d/applications")
            .via(matter.number.clone(), super::href(&matter.number));
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, matter: &Matter, kind: &str) -> Result<View, Problem> {
    let desk = opened.desk;
    let voice = desk.voice;
    let offered = links(&desk, matter);
    let known = |kind: &str| offered.iter().any(|link| link.href.ends_with(&format!("kind={kind}")));
    let kind = match kind {
        "offer" | "receipt" | "grant" | "refusal" | "stop" if known(kind) => kind,
        _ => offered.first().and_then(|link| link.href.rsplit('=').next()).unwrap_or("offer"),
    };
    let rule = desk.pack.rule(&matter.rule).ok_or(Problem::NotFound)?;
    let benefit = rule.benefit().ok_or(Problem::NotFound)?;
    let process = benefit.process.as_ref();
    let history = opened.ask(|session| benefits::history(session, opened.keys(), matter.id))?;
    let last = |deed: Deed| history.iter().rev().find(|event| event.deed == deed);
    let event = match kind {
        "grant" => last(Deed::Grant),
        "refusal" => last(Deed::Refuse),
        "stop" => last(Deed::ConfirmStop),
        "receipt" => last(Deed::File),
        _ => None,
    };
    let today = opened.app.clock().today();
    let award = opened.ask(|session| benefits::award_of(session, matter.id))?;
    let identity = opened.ask(|session| registry::people::identity(session, opened.keys(), matter.person))?;
    let label = voice.of(&rule.label).to_owned();
    // A letter is kept for years: its dates have one.
    let spoken = |day: kernel::Date| {
        let part = |format: &str| day.format(format).to_string().into();
        voice.say("notice-day", &[("year", part("%Y")), ("month", part("%-m")), ("day", part("%-d"))])
    };
    let day = event.and_then(|event| event.day).map(spoken).unwrap_or_default();
    let args = [
        ("what", label.into()),
        ("from", day.into()),
        ("amount", award.as_ref().map(|award| super::awards::amount(&desk, award)).unwrap_or_default().into()),
        ("filed", matter.filed_on.map(spoken).unwrap_or_default().into()),
    ];
    let mut says = vec![voice.say(&format!("notice-{kind}-says"), &args)];
    match kind {
        "offer" => says.push(voice.of(&rule.summary).to_owned()),
        "grant" => says.push(voice.say("notice-grant-amount", &args)),
        "refusal" => says.extend(event.and_then(|event| said::because(&desk, rule, event))),
        "stop" => says.extend(stop_cause(&desk, &history)),
        _ => says.push(voice.say("notice-receipt-next", &args)),
    }
    if matches!(kind, "refusal" | "stop") {
        let written = if kind == "stop" { last(Deed::ProposeStop) } else { event };
        says.extend(written.map(|event| event.written.words.clone()).filter(|words| !words.is_empty()));
    }
    let grounds = event.and_then(|event| event.written.grounds.as_ref());
    Ok(View {
        title: voice.word(&format!("notice-{kind}")),
        number: matter.number.clone(),
        date: spoken(event.map_or(today, |event| event.on)),
        office: process.map_or_else(String::new, |process| voice.of(&process.decided_by).to_owned()),
        to: identity.as_ref().map_or_else(|| desk.masked_name(matter.person), |who| mask::name(&who.name)),
        id_tail: identity.as_ref().map(|who| mask::id_number(&who.id_number)).unwrap_or_default(),
        place: desk.where_is(desk.home(matter.person).unwrap_or(matter.village)),
        says,
        reasons: grounds
            .filter(|_| matches!(kind, "grant" | "refusal"))
            .map(|grounds| said::conditions(&desk, grounds))
            .unwrap_or_default(),
        law: rule
            .clauses
            .iter()
            .filter_map(|id| desk.pack.clause(id))
            .map(|clause| Law {
                id: clause.id.clone(),
                title: voice.of(&clause.title).to_owned(),
                summary: voice.of(&clause.summary).to_owned(),
            })
            .collect(),
        bring: match kind {
            "offer" | "receipt" => {
                let open = benefit.opens.iter().enumerate().filter(|(at, _)| !matter.papers.contains(at));
                open.map(|(_, paper)| voice.of(&paper.label).to_owned()).collect()
            }
            _ => Vec::new(),
        },
        appeal: process
            .and_then(|process| process.appeal.as_ref())
            .filter(|_| matches!(kind, "grant" | "refusal" | "stop"))
            .map(|appeal| voice.of(appeal).to_owned()),
        apply_to: benefit.apply_to.as_ref().map(|place| voice.of(place).to_owned()),
        back: super::href(&matter.number),
    })
}

/// Why it stops, as proposed.
fn stop_cause(desk: &Desk<'_>, history: &[Event]) -> Option<String> {
    let proposed = history.iter().rev().find(|event| event.deed == Deed::ProposeStop)?;
    (proposed.code != StopCause::Other.name()).then(|| desk.voice.word(&format!("matter-stop-{}", proposed.code)))
}
