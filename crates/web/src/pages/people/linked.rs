//! What a person is made of: records merged into theirs, rows linked by likeness.

use kernel::PersonId;
use registry::linking::{self, Aliases, merge};
use serde::Serialize;

use crate::edge::Problem;
use crate::opened::Opened;
use crate::pages::linkage;

/// One part.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    pub what: String,
    pub why: Option<String>,
    pub href: String,
}

/// The person as whom a number is read today.
///
/// # Errors
/// Those of the database.
pub fn survivor(opened: &Opened<'_>, person: PersonId) -> Result<PersonId, Problem> {
    Ok(opened.ask(Aliases::of_persons)?.person(person))
}

/// Merged records first, then rows.
///
/// # Errors
/// Those of the database.
pub fn parts(opened: &Opened<'_>, person: PersonId) -> Result<Vec<Part>, Problem> {
    let desk = opened.desk;
    let aliases = opened.ask(Aliases::of_persons)?;
    let entries = aliases.members(person.0);
    let mut parts = Vec::new();
    for merge in opened.ask(merge::all)?.iter().filter(|merge| merge.is_standing() && entries.contains(&merge.gone.0)) {
        let args = [
            ("number", merge.gone.to_string().into()),
            ("reason", linkage::journal::reason(&desk, merge).into()),
            ("who", linkage::who(&desk, merge.confirmed_by.as_deref().unwrap_or(&merge.proposed_by)).into()),
            ("day", merge.merged_on.map(|on| desk.day(on)).unwrap_or_default().into()),
        ];
        let href = merge.pair.map_or_else(|| format!("/d/linkage/merges#m{}", merge.id), linkage::href);
        parts.push(Part { what: desk.voice.say("linked-merged", &args), why: None, href });
    }
    for entry in entries {
        for pair in opened.ask(|session| linking::linked_to(session, PersonId(entry)))? {
            let Some((source, row)) = opened.ask(|session| linking::row_place(session, &pair))? else { continue };
            let said = opened.ask(|session| linking::said(session, pair.id))?;
            let why = said.last().map(|said| {
                let line = linkage::line(&desk, said);
                let args = [("what", line.reason.into()), ("who", line.by.into()), ("day", line.on.into())];
                desk.voice.say("linked-row-why", &args)
            });
            let list = linkage::queue::source_label(opened, &source);
            let args = [("list", list.into()), ("row", i64::try_from(row).unwrap_or(0).into())];
            parts.push(Part { what: desk.voice.say("linked-row", &args), why, href: linkage::href(pair.id) });
        }
    }
    Ok(parts)
}

/// Says that a merged number led here.
///
/// # Errors
/// Those of the database.
pub fn led_from(opened: &Opened<'_>, from: Option<PersonId>, person: PersonId) -> Result<Option<String>, Problem> {
    let Some(from) = from.filter(|from| *from != person) else { return Ok(None) };
    if survivor(opened, from)? != person {
        return Ok(None);
    }
    let args = [("number", from.to_string().into()), ("kept", person.to_string().into())];
    Ok(Some(opened.desk.voice.say("linked-from", &args)))
}
