//! `POST /f/sync/pull`: what a device should hold now, as changes since its cursor. Whoever's name, phone or address goes
//! along is written down as looked at, before it goes.

use std::collections::BTreeSet;

use accounts::authz::Target;
use accounts::reveals::Look;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use care::devices::{self, Wanted};
use chrono::{DateTime, Utc};
use kernel::{DivisionCode, PersonId};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::carry::{Card, Carrier};
use super::push::{Caller, label};
use super::wire::{self, Refused};
use super::{files, map};
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::state::AppState;

#[derive(Deserialize)]
struct Sent {
    device: String,
    sent_at: DateTime<Utc>,
    #[serde(default)]
    cursor: i64,
    /// The version of forms and map the device has.
    #[serde(default)]
    forms: String,
    #[serde(default)]
    map: String,
}

/// The purpose under which the looks are written down.
const PURPOSE: &str = "take_along";
const FIELDS: [&str; 3] = ["name", "phone", "address"];

pub async fn pull(State(app): State<AppState>, ask: Ask, request: Request) -> Result<Response, Problem> {
    let label = label(&request);
    let sent: Sent = match wire::read(request).await {
        Ok(sent) => sent,
        Err(refused) => return Ok(refused.into_response()),
    };
    let caller = match Caller::read(&sent.device, sent.sent_at, label) {
        Ok(caller) => caller,
        Err(refused) => return Ok(refused.into_response()),
    };
    let asked = ask.clone();
    let done = app.open_night(&ask, move |opened| give(opened, &asked, &caller, &sent)).await?;
    Ok(match done {
        Ok(given) => wire::answer(&given),
        Err(refused) => refused.into_response(),
    })
}

fn give(opened: &Opened<'_>, ask: &Ask, caller: &Caller, sent: &Sent) -> Result<Result<Json, Refused>, Problem> {
    let (Some(signed), Some(door)) = (ask.viewer.signed(), opened.app.door()) else { return Err(Problem::NotFound) };
    let sender = match caller.meet(opened.app, ask)? {
        Ok(sender) => sender,
        Err(refused) => return Ok(Err(refused)),
    };
    let (desk, who) = (opened.desk, &signed.principal);
    let carrier = Carrier { opened, accounts: &door.accounts, who, night_at: night_at(opened) };
    let cards = in_care(opened, &carrier)?;
    let held = |card: &Card| Wanted::of(card.person, card.card.to_string().as_bytes(), card.who.as_bytes());
    let wanted: Vec<Wanted> = cards.iter().map(held).collect();
    let delta = opened.ask(|session| devices::hold(session, &caller.device, &wanted, sent.cursor))?;
    let shown: BTreeSet<PersonId> = delta.shown.iter().copied().collect();
    let looks: Vec<Look<'_>> = cards
        .iter()
        .filter(|card| card.reveals && shown.contains(&card.person))
        .map(|card| Look {
            person: card.person,
            division: desk.home(card.person),
            purpose: PURPOSE,
            fields: &FIELDS,
            note: None,
        })
        .collect();
    opened.ask(|session| door.accounts.reveal_all(session, who, &looks))?;
    let homes: BTreeSet<DivisionCode> = cards.iter().filter_map(|card| desk.home(card.person)).collect();
    let send: BTreeSet<PersonId> = delta.send.iter().copied().collect();
    let (forms, map) = (forms(opened), map::drawn(&desk, &homes));
    let version = |value: &Json| files::version(&value.to_string());
    let (forms_version, map_version) = (version(&forms), version(&map));
    Ok(Ok(json!({
        "now": sender.now, "clock_off_ms": sender.clock_off_ms, "cursor": delta.cursor, "night": desk.as_of,
        "today": opened.app.clock().today(),
        "user": { "id": signed.user.to_string(), "name": signed.display_name, "until": signed.ends_at },
        "forget_after_days": door.accounts.authz().rules.field_device.forget_after_days,
        "people": cards.into_iter().filter(|card| send.contains(&card.person)).map(|card| card.card).collect::<Vec<_>>(),
        "forget": delta.forget.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "forms_version": forms_version, "map_version": map_version,
        "forms": if sent.forms == forms_version { Json::Null } else { forms },
        "map": if sent.map == map_version { Json::Null } else { map },
    })))
}

/// When the night was published; what came in later it could not know.
fn night_at(opened: &Opened<'_>) -> DateTime<Utc> {
    let night = &opened.published.world.night;
    DateTime::parse_from_rfc3339(&night.published_at)
        .map_or_else(|_| night.as_of.and_time(chrono::NaiveTime::MIN).and_utc(), |at| at.with_timezone(&Utc))
}

/// Cards of everyone in the account's care whom today's permission reaches.
fn in_care(opened: &Opened<'_>, carrier: &Carrier<'_>) -> Result<Vec<Card>, Problem> {
    let mut cards = Vec::new();
    for person in &carrier.who.assigned {
        let target = Target::person(*person, opened.desk.home(*person));
        if carrier.accounts.authz().decide(carrier.who, "today.see", &target).allowed {
            cards.extend(carrier.card(*person)?);
        }
    }
    Ok(cards)
}

/// The forms with the benefits of the plan in force that answer a need.
fn forms(opened: &Opened<'_>) -> Json {
    let forms = &opened.published.forms;
    let pack = opened.desk.pack;
    let benefits: serde_json::Map<String, Json> = forms
        .visit
        .needs
        .iter()
        .filter_map(|need| {
            let rule = pack.rule(need.benefit.as_ref()?)?;
            rule.benefit()?;
            Some((need.id.clone(), json!({ "label": rule.label, "summary": rule.summary })))
        })
        .collect();
    let scale = &forms.scale;
    let items: Vec<Json> = scale
        .items
        .iter()
        .map(|item| {
            json!({
                "code": item.code, "group": item.group, "label": item.label, "max": item.max, "options": options(item),
                "note": item.note,
            })
        })
        .collect();
    let groups: Vec<Json> = scale
        .groups
        .iter()
        .map(|group| json!({ "code": group.code, "label": group.label, "max": group.max }))
        .collect();
    let levels: Vec<Json> = scale
        .levels
        .iter()
        .map(|band| json!({ "level": band.level, "label": band.label, "from": band.from, "to": band.to }))
        .collect();
    let adjustments: Vec<Json> =
        scale.adjustments.iter().map(|a| json!({ "code": a.code, "label": a.label })).collect();
    json!({
        "visit": forms.visit, "benefits": benefits, "assessment": forms.assessment,
        "scale": {
            "id": scale.id, "title": scale.title, "standard": scale.standard, "groups": groups, "items": items,
            "levels": levels, "adjustments": adjustments,
        },
    })
}

fn options(item: &assess::Item) -> Vec<Json> {
    item.options.iter().map(|o| json!({ "score": o.score, "label": { "zh": o.zh, "en": o.en } })).collect()
}
