//! What the app's map is drawn from: villages by name, places where they stand. Villages have no position of their own;
//! none is invented.

use std::collections::BTreeSet;

use kernel::{DivisionCode, DivisionLevel};
use serde_json::{Value as Json, json};

use crate::desk::Desk;

/// Townships of these homes with all their villages, and the places in them.
pub fn drawn(desk: &Desk<'_>, homes: &BTreeSet<DivisionCode>) -> Json {
    let townships: BTreeSet<DivisionCode> = homes.iter().filter_map(|home| home.at(DivisionLevel::Township)).collect();
    let name = |code: DivisionCode| json!({ "code": code.to_string(), "name": desk.place(code) });
    let drawn = townships.iter().filter(|code| desk.pack.divisions.get(**code).is_some());
    let drawn: Vec<Json> = drawn
        .map(|code| {
            let villages = desk.pack.divisions.children(*code).map(|village| name(village.code));
            json!({ "code": code.to_string(), "name": desk.place(*code), "villages": villages.collect::<Vec<_>>() })
        })
        .collect();
    json!({ "townships": drawn, "places": places(desk, &townships) })
}

fn places(desk: &Desk<'_>, townships: &BTreeSet<DivisionCode>) -> Json {
    let Some(table) = desk.population.table("place") else { return json!([]) };
    let found = (0..table.rows()).filter_map(|row| {
        let text = |key: &str| table.get(row, key).as_text().map(str::to_owned);
        let number = |key: &str| table.get(row, key).as_float();
        let division: DivisionCode = text("division")?.parse().ok()?;
        townships.iter().any(|township| township.contains(division)).then(|| {
            json!({
                "name": text("name"), "kind": text("kind"), "division": division.to_string(), "lon": number("lon"),
                "lat": number("lat"),
                "label": text("kind").and_then(|kind| {
                    let fact = desk.pack.dictionary.get("place", "kind")?;
                    fact.codes.iter().find(|code| code.value == kind).map(|code| code.label.clone())
                }),
            })
        })
    });
    found.collect()
}
