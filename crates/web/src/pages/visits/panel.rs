//! The panel of a person's page: visits as they were recorded, what visitors keep of them, needs, assessments made here.

use care::assessments::State;
use care::visits::VisitLine;
use kernel::PersonId;
use serde::Serialize;
use serde_json::Value as Json;

use super::{account_name, moment};
use crate::edge::Problem;
use crate::opened::Opened;

/// What the panel shows.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Panel {
    pub visits: Vec<Visit>,
    /// Label and value.
    pub fields: Vec<(String, String)>,
    /// Fields of which two people said different things.
    pub disputed: i64,
    pub disputes_href: String,
    pub needs: Vec<String>,
    pub assessments: Vec<String>,
}

/// A visit.
#[derive(Clone, Debug, Serialize)]
pub struct Visit {
    pub when: String,
    pub title: String,
    pub by: String,
    pub met: bool,
    /// Checks that were not in order, in words.
    pub attention: Vec<String>,
    pub helps: String,
    pub note: String,
    /// The phone's clock was wrong: what was made of it.
    pub clock: Option<String>,
    pub files: Vec<File>,
}

/// A photo, a voice note or a signature.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    pub kind: String,
    /// None: it has not come yet.
    pub href: Option<String>,
    pub label: String,
}

const VISITS: i64 = 12;

/// The panel; nothing of it where the reader may not see visits.
///
/// # Errors
/// Those of the database and of seals.
pub fn panel(opened: &Opened<'_>, person: PersonId) -> Result<Panel, Problem> {
    if opened.demand("visit.list", person).is_err() {
        return Ok(Panel::default());
    }
    let (desk, forms) = (opened.desk, &opened.published.forms.visit);
    let visits = opened.ask(|session| care::visits::of_person(session, opened.keys(), person, VISITS))?;
    let visits = visits.iter().map(|visit| shown(opened, visit)).collect::<Result<_, _>>()?;
    let edits = opened.ask(|session| care::edits::standing_of(session, opened.keys(), person))?;
    let label = |id: &str| forms.field(id).map(|field| desk.voice.of(&field.label).to_owned());
    let standing = edits.iter().filter(|edit| !edit.is_disputed());
    let mut disputed: Vec<&str> = edits.iter().filter(|e| e.is_disputed()).map(|e| e.field.as_str()).collect();
    disputed.sort_unstable();
    disputed.dedup();
    let needs = opened.ask(|session| care::visits::needs_of(session, opened.keys(), person))?;
    let need = |line: &care::visits::NeedLine| {
        let label = forms.need(&line.need).map_or(line.need.as_str(), |need| desk.voice.of(&need.label));
        let state = desk.voice.word(&format!("need-state-{}", line.state));
        format!("{} {label}　{state}", desk.day(line.found_on))
    };
    Ok(Panel {
        visits,
        fields: standing.filter_map(|edit| Some((label(&edit.field)?, text(&edit.value)))).collect(),
        disputed: i64::try_from(disputed.len()).unwrap_or(0),
        disputes_href: "/d/visits/conflicts".to_owned(),
        needs: needs.iter().take(6).map(need).collect(),
        assessments: assessments(opened, person)?,
    })
}

/// A value as it was given.
pub(super) fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn shown(opened: &Opened<'_>, visit: &VisitLine) -> Result<Visit, Problem> {
    let (desk, forms) = (opened.desk, &opened.published.forms.visit);
    let given = &visit.answers;
    let attention = given.checks.iter().filter(|(_, check)| check.state != care::CheckState::Ok).map(|(id, check)| {
        let known = forms.check(id);
        let label = known.map_or(id.as_str(), |known| desk.voice.of(&known.label));
        let sign = |sign: &String| {
            let found = known.and_then(|known| known.signs.iter().find(|s| s.id == *sign));
            found.map_or_else(|| sign.clone(), |s| if desk.voice.is_english() { s.en.clone() } else { s.zh.clone() })
        };
        let mut said: Vec<String> = check.signs.iter().map(sign).collect();
        said.extend((!check.note.is_empty()).then(|| check.note.clone()));
        let state = if check.state == care::CheckState::Bad { "visit-bad" } else { "visit-mind" };
        format!("{label} {} {}", desk.voice.word(state), desk.voice.join(&said))
    });
    let helps: Vec<&str> = forms
        .helps
        .iter()
        .filter(|help| given.helps.contains(&help.id))
        .map(|help| desk.voice.of(&help.label))
        .collect();
    let kind = forms.kind(&visit.kind).map_or(visit.kind.as_str(), |kind| desk.voice.of(&kind.label));
    let why = given.not_met.as_ref().and_then(|why| forms.not_met.iter().find(|known| known.id == *why));
    let title = match why {
        Some(why) => desk.voice.say(
            "visit-not-met",
            &[("kind", kind.to_owned().into()), ("why", desk.voice.of(&why.label).to_owned().into())],
        ),
        None => desk.voice.say("visit-met", &[("kind", kind.to_owned().into())]),
    };
    let clock = visit.clock_was_wrong().then(|| {
        let args = [("device", super::moment(visit.device_at).into())];
        desk.voice.say("visit-clock", &args)
    });
    let attached = opened.ask(|session| care::attachments::of_operation(session, &visit.operation))?;
    let files = attached.into_iter().map(|file| File {
        label: desk.voice.word(&format!("visit-file-{}", if file.kind.is_empty() { "coming" } else { &file.kind })),
        href: (file.state == "whole").then(|| format!("/d/visits/{}/files/{}", visit.id, file.id)),
        kind: file.kind,
    });
    Ok(Visit {
        when: moment(visit.at),
        title,
        by: account_name(opened, visit.by),
        met: visit.met,
        attention: attention.collect(),
        helps: desk.voice.join(&helps),
        note: given.note.clone(),
        clock,
        files: files.collect(),
    })
}

fn assessments(opened: &Opened<'_>, person: PersonId) -> Result<Vec<String>, Problem> {
    if opened.demand("assessment.see", person).is_err() {
        return Ok(Vec::new());
    }
    let desk = opened.desk;
    let all = opened.ask(|session| care::assessments::of_person(session, opened.keys(), person))?;
    let line = |one: &care::assessments::AssessmentLine| {
        let state = match one.state {
            State::Open => "assessment-open",
            State::Differs | State::Proposed => "assessment-differs",
            State::Done => "assessment-done",
        };
        let level = one.sealed.outcome.as_ref().map(|outcome| outcome.final_level);
        let args = [
            ("day", desk.day(one.assessed_on.unwrap_or(one.opened_on)).into()),
            ("level", level.unwrap_or(0).into()),
            ("until", one.valid_until.map(|until| until.to_string()).unwrap_or_default().into()),
        ];
        desk.voice.say(state, &args)
    };
    Ok(all.iter().map(line).collect())
}
