//! One step of a matter written down: the event, the matter as it stands now, the work item, the audit entry.

use chrono::{DateTime, Utc};
use kernel::{Date, MatterId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::events::Event;
use store::{Session, Value, counter};
use worklist::Kind;

use crate::error::LONGEST;
use crate::grounds::Grounds;
use crate::model::{Deed, Matter, State};
use crate::{About, BenefitsError, By, Fault, Office, number, queries, steps};

/// What is kept of an event beside its bare facts; sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Why, in the words of whoever did it.
    #[serde(default)]
    pub words: String,
    /// The clause it rests on.
    #[serde(default)]
    pub clause: Option<String>,
    /// The part of the condition that is not met.
    #[serde(default)]
    pub part: Option<String>,
    /// What the rules said at that moment.
    #[serde(default)]
    pub grounds: Option<Grounds>,
}

/// A deed about to be written.
pub(crate) struct Step<'a> {
    pub deed: Deed,
    /// A short word of the deed: why a person declined, what is recommended.
    pub code: &'a str,
    /// A day that belongs to it: to try again, from which it is given.
    pub day: Option<Date>,
    pub written: Written,
}

impl Written {
    /// Words alone.
    #[must_use]
    pub fn words(words: &str) -> Self {
        Self { words: words.trim().to_owned(), ..Self::default() }
    }

    /// What is wrong with the words, when some must stand there.
    pub(crate) fn faults(&self, needed: bool) -> Vec<Fault> {
        let mut faults = Vec::new();
        if needed && self.words.trim().is_empty() {
            faults.push(Fault::Reason);
        }
        if self.words.chars().count() > LONGEST {
            faults.push(Fault::TooLong);
        }
        faults
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl<'a> Step<'a> {
    pub fn of(deed: Deed) -> Self {
        Self { deed, code: "", day: None, written: Written::default() }
    }

    pub fn code(self, code: &'a str) -> Self {
        Self { code, ..self }
    }

    pub fn day(self, day: Option<Date>) -> Self {
        Self { day, ..self }
    }

    pub fn written(self, written: Written) -> Self {
        Self { written, ..self }
    }
}

impl Office<'_> {
    /// The matter under way about this, or a new one that is written with its first event.
    pub(crate) fn matter(&self, tx: &mut Session, about: &About<'_>, by: &By<'_>) -> Result<Matter, BenefitsError> {
        let (rule, benefit) = self.benefit(about.rule)?;
        if let Some(running) = queries::under_way(tx, about.person, about.rule)? {
            return Ok(running);
        }
        let id = MatterId(counter::next_ids(tx, "matter", 1)?.start);
        Ok(Matter {
            id,
            number: number::of(self.keys, id, by.on),
            rule: rule.id.clone(),
            benefit_kind: benefit.kind.clone(),
            pack: self.pack.id.clone(),
            pack_version: self.pack.version.clone(),
            person: about.person,
            village: about.village,
            state: State::Contacting,
            step: None,
            step_since: by.on,
            due_on: None,
            opened_on: by.on,
            filed_on: None,
            filed_by: None,
            filed_as: None,
            recommended_by: None,
            recommends: None,
            decided_on: None,
            decided_by: None,
            stop_by: None,
            stop_from: None,
            closed_on: None,
            papers: Vec::new(),
            events: 0,
        })
    }

    /// A matter as it stands, when the deed fits it.
    pub(crate) fn fitting(&self, tx: &mut Session, id: MatterId, deed: Deed) -> Result<Matter, BenefitsError> {
        let matter = queries::get(tx, id)?.ok_or(BenefitsError::NoMatter)?;
        fits(&matter, deed)?;
        Ok(matter)
    }

    /// Writes the deed and the matter after it.
    pub(crate) fn write(
        &self,
        tx: &mut Session,
        mut matter: Matter,
        by: &By<'_>,
        step: Step<'_>,
    ) -> Result<Matter, BenefitsError> {
        let next = fits(&matter, step.deed)?;
        let (_, benefit) = self.benefit(&matter.rule)?;
        let is_new = matter.events == 0;
        matter.state = next;
        matter.events += 1;
        matter.closed_on = if next.is_closed() { matter.closed_on.or(Some(by.on)) } else { None };
        let notified = step.deed == Deed::Notify || self.is_notified(tx, &matter, step.deed)?;
        let coming = steps::next(self.pack, benefit, &matter, notified);
        if matter.step.as_deref() != coming || step.deed != Deed::Papers {
            matter.step_since = by.on;
            let again = step.day.filter(|_| coming == Some("again"));
            let due = |step: &str| steps::due(self.pack, benefit.process.as_ref(), step, by.on);
            matter.due_on = again.or_else(|| coming.and_then(due));
        }
        matter.step = coming.map(str::to_owned);
        self.save(tx, &matter, is_new)?;
        self.add_event(tx, &matter, by, &step)?;
        let hand = hand(&matter);
        let again = matter.due_on.filter(|_| matter.step.as_deref() == Some("again"));
        worklist::note_hand(tx, Kind::Unserved, &matter.rule, matter.person, hand.0, again)?;
        worklist::note_hand(tx, Kind::Stop, &matter.rule, matter.person, hand.1, None)?;
        self.note(tx, &matter, by, &step)?;
        Ok(matter)
    }

    /// Whether the notice of the present decision was handed over before.
    fn is_notified(&self, tx: &mut Session, matter: &Matter, deed: Deed) -> Result<bool, BenefitsError> {
        if !matches!(deed, Deed::Deliver | Deed::KeepOn) {
            return Ok(false);
        }
        queries::was_notified(tx, matter.id)
    }

    fn save(&self, tx: &mut Session, matter: &Matter, is_new: bool) -> Result<(), BenefitsError> {
        let papers: Vec<String> = matter.papers.iter().map(ToString::to_string).collect();
        let text = |text: &Option<String>| Value::from(text.as_deref());
        let changing: Vec<Value> = vec![
            matter.pack.as_str().into(),
            matter.pack_version.as_str().into(),
            matter.village.to_string().into(),
            matter.state.name().into(),
            matter.step.as_deref().unwrap_or("").into(),
            matter.step_since.into(),
            matter.due_on.into(),
            matter.filed_on.into(),
            text(&matter.filed_by),
            matter.filed_as.map(crate::How::name).into(),
            text(&matter.recommended_by),
            matter.recommends.map(crate::Verdict::name).into(),
            matter.decided_on.into(),
            text(&matter.decided_by),
            text(&matter.stop_by),
            matter.stop_from.into(),
            matter.closed_on.into(),
            papers.join(",").into(),
            matter.events.into(),
        ];
        if is_new {
            let [pack, version, village, state, step, since, due, rest @ ..] = &changing[..] else {
                return Err(BenefitsError::Stored("matter"));
            };
            let mut values: Vec<Value> = vec![
                matter.id.0.into(),
                matter.number.as_str().into(),
                matter.rule.as_str().into(),
                matter.benefit_kind.as_str().into(),
                pack.clone(),
                version.clone(),
                matter.person.0.into(),
                village.clone(),
                state.clone(),
                step.clone(),
                since.clone(),
                due.clone(),
                matter.opened_on.into(),
            ];
            values.extend(rest.iter().cloned());
            tx.exec(include_str!("../sql/matter_insert.sql"), &values)?;
            return Ok(());
        }
        let mut values: Vec<Value> = vec![matter.id.0.into()];
        values.extend(changing);
        if tx.exec(include_str!("../sql/matter_update.sql"), &values)? == 0 {
            return Err(BenefitsError::Stale);
        }
        Ok(())
    }

    fn add_event(&self, tx: &mut Session, matter: &Matter, by: &By<'_>, step: &Step<'_>) -> Result<(), BenefitsError> {
        let sealed = (!step.written.is_empty()).then(|| {
            let text = serde_json::to_vec(&step.written).expect("plain data becomes JSON");
            self.keys.seal(&context(matter.id, matter.events), &text)
        });
        let values: Vec<Value> = vec![
            matter.id.0.into(),
            matter.events.into(),
            step.deed.name().into(),
            by.on.into(),
            store::stamp(by.at).into(),
            by.actor.into(),
            by.how.name().into(),
            step.code.into(),
            step.day.into(),
            matter.state.name().into(),
            sealed.into(),
        ];
        tx.exec(include_str!("../sql/event_insert.sql"), &values)?;
        Ok(())
    }

    fn note(&self, tx: &mut Session, matter: &Matter, by: &By<'_>, step: &Step<'_>) -> Result<(), BenefitsError> {
        let detail = json!({
            "number": matter.number, "rule": matter.rule, "person": matter.person.to_string(),
            "state": matter.state.name(), "code": step.code, "day": step.day, "pack": matter.pack,
            "version": matter.pack_version, "event": matter.events,
        });
        audit(tx, self.keys, (by.at, by.actor), &format!("benefit.{}", step.deed), matter.id, &detail)?;
        let name = match step.deed {
            Deed::File => "application.filed",
            Deed::Grant | Deed::Refuse => "application.decided",
            _ => return Ok(()),
        };
        let detail = json!({ "application": matter.number, "rule": matter.rule, "state": matter.state.name() });
        let event = Event { name: name.to_owned(), at: by.at, division: Some(matter.village), detail };
        Ok(store::events::tell(tx, &event)?)
    }
}

fn fits(matter: &Matter, deed: Deed) -> Result<State, BenefitsError> {
    let state = (matter.events > 0).then_some(matter.state);
    State::after(state, deed).ok_or(BenefitsError::Misfit { state, deed })
}

/// What the work items `unserved` and `stop` say of the matter.
fn hand(matter: &Matter) -> (&'static str, &'static str) {
    match matter.state {
        State::Contacting => ("again", ""),
        State::Accepted => ("accepted", ""),
        State::Filed => ("filed", ""),
        State::Recommended => ("recommended", ""),
        State::Granted => ("granted", ""),
        State::Stopping => ("granted", "stopping"),
        State::Declined => ("declined", ""),
        State::Refused => ("refused", ""),
        State::Withdrawn => ("withdrawn", ""),
        State::Delivered => ("delivered", ""),
        State::Ended => ("", "ended"),
    }
}

fn audit(
    tx: &mut Session,
    keys: &store::Keys,
    (at, actor): (DateTime<Utc>, &str),
    action: &str,
    subject: MatterId,
    detail: &serde_json::Value,
) -> Result<(), BenefitsError> {
    let subject = subject.to_string();
    store::audit::append(tx, keys, &store::audit::Entry { at, actor, action, subject: &subject, detail })?;
    Ok(())
}

/// The sealing context of an event.
pub(crate) fn context(matter: MatterId, sequence: i64) -> String {
    format!("matter_event {}/{sequence}", matter.0)
}

/// The same, for key rotation.
pub(crate) fn context_of(key: &[Value]) -> String {
    let int = |at: usize| if let Some(Value::Int(number)) = key.get(at) { *number } else { 0 };
    context(MatterId(int(0)), int(1))
}
