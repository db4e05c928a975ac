//! What came of offering: noted for one person or for many at once, from a worklist.

use std::error::Error;

use axum::extract::{Query, RawForm, State};
use axum::response::{IntoResponse, Redirect, Response};
use benefits::{About, Contact};
use kernel::{Date, PersonId, parse_date};
use serde::Deserialize;
use serde_json::json;
use worklist::Kind;

use crate::edge::{Ask, FieldFault, Problem};
use crate::opened::Opened;
use crate::parts::address;
use crate::state::AppState;

/// The most people at once.
const MOST: usize = 200;

/// Where the form came from, to lead back there.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    back: String,
}

/// What is noted, for whom and about which rule; in a form people are repeated fields `who=P00000012:meal_delivery`.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub who: Vec<(PersonId, String)>,
    /// None: nothing was chosen.
    pub outcome: Option<Outcome>,
    pub reason: String,
    /// The first day on which to try again.
    pub again: Option<Date>,
    pub words: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Accepted,
    Declined,
    Unreached,
    /// The department that pays was told to stop.
    Told,
}

impl Outcome {
    fn read(word: &str) -> Option<Self> {
        match word {
            "accepted" => Some(Self::Accepted),
            "declined" => Some(Self::Declined),
            "unreached" => Some(Self::Unreached),
            "told" => Some(Self::Told),
            _ => None,
        }
    }
}

impl Given {
    fn read(bytes: &[u8]) -> Self {
        let mut given = Self::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            let value = value.into_owned();
            match &*name {
                "who" => {
                    let pair = value.split_once(':');
                    given.who.extend(pair.and_then(|(person, rule)| Some((person.parse().ok()?, rule.to_owned()))));
                }
                "outcome" => given.outcome = Outcome::read(&value),
                "reason" => given.reason = value,
                "again" => given.again = parse_date(value.trim()).ok(),
                "words" => given.words = value,
                _ => {}
            }
        }
        given.who.dedup();
        given
    }
}

/// `POST /d/offers`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Query(from): Query<From>,
    RawForm(bytes): RawForm,
) -> Result<Response, Problem> {
    let given = Given::read(&bytes);
    let n = given.who.len();
    let done = app.open_night(&ask, move |opened| note(opened, &given)).await?;
    match done {
        Ok(()) => {
            // Only back into the desk, never elsewhere.
            let back = if from.back.starts_with("/d/") { from.back } else { "/d/work/unserved".to_owned() };
            let joint = if back.contains('?') { '&' } else { '?' };
            Ok(Redirect::to(&ask.href(&format!("{back}{joint}noted={n}"))).into_response())
        }
        Err(faults) => Err(Problem::Invalid(faults)),
    }
}

/// Notes it for all of them or for nobody; the faults of what was given otherwise.
///
/// # Errors
/// `NotAllowed` for anyone out of reach; those of the database.
pub fn note(opened: &Opened<'_>, given: &Given) -> Result<Result<(), Vec<FieldFault>>, Problem> {
    let desk = opened.desk;
    let fault =
        |field: &str, key: &str| Ok(Err(vec![FieldFault { field: field.to_owned(), cause: desk.voice.word(key) }]));
    if given.who.is_empty() {
        return fault("who", "offers-nobody");
    }
    if given.who.len() > MOST {
        return fault("who", "offers-too-many");
    }
    let contact = match given.outcome {
        Some(Outcome::Accepted) => Contact::Accepted { words: &given.words },
        Some(Outcome::Declined) => Contact::Declined { reason: &given.reason, words: &given.words },
        Some(Outcome::Unreached) => Contact::Unreached { again: given.again, words: &given.words },
        Some(Outcome::Told) => return told(opened, given),
        None => return fault("outcome", "offers-no-outcome"),
    };
    for (person, _) in &given.who {
        opened.demand("work_item.act", *person)?;
    }
    super::act(opened, |office, tx, by| {
        for (person, rule) in &given.who {
            let Some(village) = super::new::village(&desk, *person) else { continue };
            office.contact(tx, &About { person: *person, rule, village }, by, contact)?;
        }
        Ok(())
    })
}

/// The department that pays was told to stop: its list is what says so next.
fn told(opened: &Opened<'_>, given: &Given) -> Result<Result<(), Vec<FieldFault>>, Problem> {
    for (person, _) in &given.who {
        opened.demand("work_item.act", *person)?;
    }
    let (actor, clock) = (opened.viewer.actor(), opened.app.clock());
    let keys = opened.keys();
    opened.ask(|session| {
        session.transaction(|tx| -> Result<(), Box<dyn Error + Send + Sync>> {
            for (person, rule) in &given.who {
                worklist::note_hand(tx, Kind::Stop, rule, *person, "told", None)?;
                let detail = json!({ "rule": rule });
                let entry = store::audit::Entry {
                    at: clock.now(),
                    actor: &actor,
                    action: "work.told",
                    subject: &person.to_string(),
                    detail: &detail,
                };
                store::audit::append(tx, keys, &entry)?;
            }
            Ok(())
        })
    })?;
    opened.published.work_changed();
    Ok(Ok(()))
}

/// The address that a form is sent to, to come back to a page.
#[must_use]
pub fn action(back: &str) -> String {
    address("/d/offers", &[("back", back)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_fields_and_chinese_are_read() {
        let given = Given::read(
            "who=P00000012%3Ameal_delivery&who=P00000013:x&who=bad&words=%E5%9C%A8+%E5%AE%B6&outcome=declined"
                .as_bytes(),
        );
        assert_eq!(given.who, [(PersonId(12), "meal_delivery".to_owned()), (PersonId(13), "x".to_owned())]);
        assert_eq!((given.words.as_str(), given.outcome), ("在 家", Some(Outcome::Declined)));
    }
}
