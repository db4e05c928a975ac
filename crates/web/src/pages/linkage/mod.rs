//! Who is whom: pairs for a person to decide, decided ones to take back, the journal of merges.

pub mod decide;
pub mod index;
pub mod journal;
pub mod queue;
pub mod show;
pub mod sides;

use kernel::Date;
use registry::linking::{DecisionFault, Piece, Said, State};
use serde::Serialize;

use crate::desk::Desk;
use crate::edge::{FieldFault, Problem};
use crate::parts::Mood;

/// The page of a pair.
#[must_use]
pub fn href(pair: i64) -> String {
    format!("/d/linkage/{pair}")
}

/// A piece of a value; `m`: the other side has something else here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bit {
    pub t: String,
    pub m: bool,
}

/// A value in pieces.
#[must_use]
pub fn bits(pieces: &[Piece]) -> Vec<Bit> {
    pieces.iter().map(|piece| Bit { t: piece.text.clone(), m: piece.differs }).collect()
}

/// One thing that was said about a pair.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub verdict: Mood,
    pub by: String,
    pub on: String,
    pub reason: String,
}

/// A decision in words.
#[must_use]
pub fn line(desk: &Desk<'_>, said: &Said) -> Line {
    let engine = said.by_engine();
    let reason = match (engine, said.reason.as_str()) {
        (true, "likely") => desk.voice.word("linkage-by-likeness"),
        (true, "new") => desk.voice.word("linkage-new-person"),
        (true, _) => desk.voice.word("linkage-as-before"),
        (false, reason) => reason.to_owned(),
    };
    Line {
        verdict: state(desk, said.verdict),
        by: if engine { desk.voice.word("linkage-engine") } else { said.by.clone() },
        on: day(desk, said.on),
        reason,
    }
}

/// Who decided, as a reader knows them.
#[must_use]
pub fn who(desk: &Desk<'_>, by: &str) -> String {
    if is_engine(by) { desk.voice.word("linkage-engine") } else { by.to_owned() }
}

/// Whether a decision is the engine's own.
#[must_use]
pub fn is_engine(by: &str) -> bool {
    by.starts_with("linkage/")
}

fn day(desk: &Desk<'_>, on: Date) -> String {
    desk.day(on)
}

/// Where a pair stands.
#[must_use]
pub fn state(desk: &Desk<'_>, state: State) -> Mood {
    let kind = match state {
        State::Open => "warn",
        State::Same => "ok",
        State::Different => "no",
        State::Unsure => "q",
        State::Settled | State::Undone => "mute",
    };
    Mood::new(kind, desk.voice.word(&format!("linkage-state-{}", state.name())))
}

/// A refused decision as faults of its form; what the decider can't help goes to the log.
pub fn refusal(desk: &Desk<'_>, fault: DecisionFault) -> Result<FieldFault, Problem> {
    let Some(code) = fault.code() else { return Err(Problem::internal(fault)) };
    let field = match fault {
        DecisionFault::NoName | DecisionFault::SecondPerson => "by",
        DecisionFault::NoReason | DecisionFault::ReasonNames => "reason",
        _ => "verdict",
    };
    Ok(FieldFault { field: field.to_owned(), cause: desk.voice.word(&format!("linkage-fault-{code}")) })
}
