//! What came of offering: noted for one person or for many at once, from a worklist.

use axum::extract::{Query, RawForm, State};
use axum::response::{IntoResponse, Redirect, Response};
use benefits::{About, Contact};
use kernel::{PersonId, parse_date};
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
    /// `accepted`, `declined`, `unreached`, `told`.
    pub outcome: String,
    pub reason: String,
    /// The day on which to try again.
    pub again: String,
    pub words: String,
}

impl Given {
    fn read(bytes: &[u8]) -> Self {
        let mut given = Self::default();
        for (name, value) in form_urlencoded(bytes) {
            match name.as_str() {
                "who" => {
                    let pair = value.split_once(':');
                    given.who.extend(pair.and_then(|(person, rule)| Some((person.parse().ok()?, rule.to_owned()))));
                }
                "outcome" => given.outcome = value,
                "reason" => given.reason = value,
                "again" => given.again = value,
                "words" => given.words = value,
                _ => {}
            }
        }
        given.who.dedup();
        given
    }
}

/// Name and value of each field, decoded.
#[must_use]
pub fn form_urlencoded(bytes: &[u8]) -> Vec<(String, String)> {
    let decode = |part: &[u8]| {
        let mut out = Vec::with_capacity(part.len());
        let mut at = 0;
        while at < part.len() {
            let hex = part.get(at + 1..at + 3).and_then(|h| u8::from_str_radix(std::str::from_utf8(h).ok()?, 16).ok());
            match (part[at], hex) {
                (b'%', Some(byte)) => {
                    out.push(byte);
                    at += 2;
                }
                (b'+', _) => out.push(b' '),
                (other, _) => out.push(other),
            }
            at += 1;
        }
        String::from_utf8_lossy(&out).into_owned()
    };
    bytes
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let middle = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            (decode(&pair[..middle]), decode(pair.get(middle + 1..).unwrap_or_default()))
        })
        .collect()
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
    let again = parse_date(given.again.trim()).ok();
    let contact = match given.outcome.as_str() {
        "accepted" => Contact::Accepted { words: &given.words },
        "declined" => Contact::Declined { reason: &given.reason, words: &given.words },
        "told" => return told(opened, given),
        "unreached" => Contact::Unreached { again, words: &given.words },
        _ => return fault("outcome", "offers-no-outcome"),
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
        session.transaction(|tx| -> Result<(), store::audit::AuditError> {
            for (person, rule) in &given.who {
                worklist::note_hand(tx, Kind::Stop, rule, *person, "told", None).map_err(|fault| match fault {
                    worklist::WorklistError::Store(fault) => store::audit::AuditError::Store(fault),
                    worklist::WorklistError::Stored { .. } => store::audit::AuditError::NotBegun,
                })?;
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
        assert_eq!((given.words.as_str(), given.outcome.as_str()), ("在 家", "declined"));
    }
}
