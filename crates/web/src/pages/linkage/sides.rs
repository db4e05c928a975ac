//! Field by field: both values, how they compare, how much that weighs.

use policy::value::Value;
use registry::linking::{Beside, FieldBeside};
use serde::Serialize;

use super::{Bit, bits};
use crate::desk::Desk;
use crate::parts::Mood;

/// One field.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    pub label: String,
    pub person: Vec<Bit>,
    pub other: Vec<Bit>,
    pub mood: Mood,
    pub bits: f64,
    pub weight: String,
    /// It speaks strongly against one person.
    pub against: bool,
}

/// Weights beyond this fill the bar, in bits.
pub const MOST_BITS: f64 = 24.0;

/// All fields in the order in which they are compared; those that neither side has come out.
#[must_use]
pub fn fields(desk: &Desk<'_>, seen: &Beside) -> Vec<Field> {
    let said = |field: &&FieldBeside| !field.person.is_empty() || !field.other.is_empty();
    seen.fields.iter().filter(said).map(|field| of(desk, field)).collect()
}

fn of(desk: &Desk<'_>, field: &FieldBeside) -> Field {
    let told = |pieces: &[registry::linking::Piece]| {
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        if text.is_empty() {
            return Vec::new();
        }
        match desk.value("person", field.field, &Value::text(&text)).filter(|_| is_coded(field.field)) {
            Some(value) => vec![Bit { t: value, m: pieces.iter().any(|piece| piece.differs) }],
            None => bits(pieces),
        }
    };
    let missing = field.person.is_empty() || field.other.is_empty();
    let differs = field.person.iter().chain(&field.other).any(|piece| piece.differs);
    let kind = match field.level.as_str() {
        _ if missing => "mute",
        _ if !differs => "eq",
        "different" | "different, a check character fails" => "ne",
        _ => "near",
    };
    let bits = if missing { 0.0 } else { field.bits };
    Field {
        label: desk.label("person", field.field),
        person: told(&field.person),
        other: told(&field.other),
        mood: Mood::new(kind, level(desk, if missing { "missing" } else { &field.level })),
        bits,
        weight: weight(bits),
        against: bits <= -3.0,
    }
}

fn is_coded(field: &str) -> bool {
    matches!(field, "sex" | "residence_division")
}

/// `+4.2`, `−1.5`, `0.0`.
#[must_use]
pub fn weight(bits: f64) -> String {
    let shown = format!("{:+.1}", bits).replace('-', "−");
    if shown == "+0.0" || shown == "−0.0" { "0.0".to_owned() } else { shown }
}

/// A level in words; the engine's own where we have none.
#[must_use]
pub fn level(desk: &Desk<'_>, level: &str) -> String {
    let Some(key) = LEVELS.iter().find(|(words, _)| *words == level).map(|(_, key)| *key) else {
        return level.to_owned();
    };
    desk.voice.word(&format!("compare-{key}"))
}

/// The engine's levels and the keys of their words.
const LEVELS: &[(&str, &str)] = &[
    ("missing", "missing"),
    ("same", "same"),
    ("different", "different"),
    ("same, marks differ", "marks"),
    ("variant or look-alike characters", "look-alike"),
    ("sounds the same", "sound"),
    ("same spelling family", "spelling"),
    ("parts in another order", "order"),
    ("given name only", "given-only"),
    ("one character differs", "one-character"),
    ("one part nearly the same", "part-nearly"),
    ("sounds nearly the same", "sounds-nearly"),
    ("given name only, nearly", "given-only-nearly"),
    ("given name agrees", "given"),
    ("surname or father's name agrees", "surname"),
    ("one digit wrong", "one-digit"),
    ("two digits swapped", "digits-swapped"),
    ("two digits wrong", "two-digits"),
    ("a digit too many or few", "digit-more"),
    ("same without the prefix", "no-prefix"),
    ("one digit wrong, check character fails", "one-digit-check"),
    ("two digits swapped, check character fails", "digits-swapped-check"),
    ("two digits wrong, check character fails", "two-digits-check"),
    ("same birth date and sequence, other region", "other-region"),
    ("one digit differs, both check characters hold", "both-sound"),
    ("different, a check character fails", "different-check"),
    ("day and month swapped", "day-month"),
    ("one digit off", "one-digit"),
    ("year agrees, one day is 1 January", "new-year"),
    ("year off by one, day agrees", "year-off"),
    ("year off by two or ten, day agrees", "years-off"),
    ("lunar and solar date", "lunar"),
    ("year and month agree", "year-month"),
    ("year agrees", "year"),
    ("day agrees", "day"),
    ("within a year", "within-year"),
    ("within four years", "within-four"),
    ("within ten years", "within-ten"),
    ("spelt a little differently", "spelt"),
    ("number agrees, words nearly", "house-number"),
    ("number agrees", "number"),
    ("most words agree", "most-words"),
    ("some words agree", "some-words"),
    ("same township", "township"),
    ("same township, village not given", "township-only"),
    ("same county", "county"),
    ("same prefecture", "prefecture"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_told_with_their_sign() {
        assert_eq!([4.24, -1.5, 0.01, -0.01].map(weight), ["+4.2", "−1.5", "0.0", "0.0"]);
    }

    #[test]
    fn every_level_of_the_rules_has_its_words() {
        let packs = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs"));
        let pack = policy::load(packs, "kizilsu-2024").unwrap();
        let catalogue = cycle::catalogue(packs, &pack).unwrap();
        let rules = cycle::linking(packs, &catalogue).unwrap();
        for field in &rules.spec.fields {
            for level in field.kind.levels() {
                assert!(LEVELS.iter().any(|(words, _)| words == level), "{}: {level}", field.name);
            }
        }
    }
}
