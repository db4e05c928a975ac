//! Published nights as they stand in the database: which pack, which lists, every rule's outcome for every person.
//!
//! Owns the tables `night`, `night_people` and `night_outcome`. Outcomes are kept as two bitmaps a rule over the
//! night's person ids, so that a night of a prefecture takes under a megabyte.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, PersonId, RunId};
use policy::column::Bits;
use store::{Row, Session, StoreError, Value};

use crate::CycleFault;

/// One published night.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Night {
    pub id: RunId,
    pub as_of: Date,
    pub pack: String,
    pub pack_version: String,
    /// Digest of every file of the pack and of what it builds on.
    pub pack_digest: String,
    /// The last list whose statements it saw.
    pub last_list: i64,
    /// Digest of everything the night found; equal digests mean equal results.
    pub result_digest: String,
    /// [`crate::Summary`] as JSON.
    pub summary: String,
    pub published_at: String,
}

/// Every rule's outcome for every person of a night.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Ascending.
    pub people: Vec<PersonId>,
    /// Where each of them lived: residence, else registration.
    pub villages: Vec<Option<DivisionCode>>,
    /// Rule id, or `served:` and a benefit's id, to (met, known), by place in `people`.
    pub rules: BTreeMap<String, (Bits, Bits)>,
}

impl Outcomes {
    /// Whether the rule was met, not met or unknown for a person that night; none: the person or rule was not there.
    #[must_use]
    pub fn of(&self, rule: &str, person: PersonId) -> Option<policy::Outcome> {
        let row = self.people.binary_search(&person).ok()?;
        let (met, known) = self.rules.get(rule)?;
        Some(match (known.get(row), met.get(row)) {
            (false, _) => policy::Outcome::Unknown,
            (true, true) => policy::Outcome::Met,
            (true, false) => policy::Outcome::NotMet,
        })
    }
}

/// The latest published night of a pack.
pub fn latest(session: &mut Session, pack: &str) -> Result<Option<Night>, CycleFault> {
    read_opt(session, pack, include_str!("../sql/night_latest.sql"), &[pack.into()])
}

/// The night of one date.
pub fn on(session: &mut Session, pack: &str, as_of: Date) -> Result<Option<Night>, CycleFault> {
    read_opt(session, pack, include_str!("../sql/night_on.sql"), &[pack.into(), as_of.into()])
}

/// The last night before a date.
pub fn before(session: &mut Session, pack: &str, as_of: Date) -> Result<Option<Night>, CycleFault> {
    read_opt(session, pack, include_str!("../sql/night_before.sql"), &[pack.into(), as_of.into()])
}

/// Every night, oldest first.
pub fn all(session: &mut Session, pack: &str) -> Result<Vec<Night>, CycleFault> {
    let rows = session.query(include_str!("../sql/night_list.sql"), &[pack.into()])?;
    Ok(rows.iter().map(|row| read(row, pack)).collect::<Result<_, _>>()?)
}

/// The packs of which there are nights.
pub fn packs(session: &mut Session) -> Result<Vec<String>, CycleFault> {
    let rows = session.query(include_str!("../sql/night_packs.sql"), &[])?;
    Ok(rows.iter().map(|row| row.text(0).map(str::to_owned)).collect::<Result<_, StoreError>>()?)
}

/// What a night found for everybody.
pub fn outcomes(session: &mut Session, night: RunId) -> Result<Outcomes, CycleFault> {
    let row = session.query_one(include_str!("../sql/night_people.sql"), &[night.into()])?;
    let people = unpack_ids(row.blob(0)?).ok_or(CycleFault::Damaged { what: "the people of a night" })?;
    let villages = unpack_villages(row.text(1)?, row.blob(2)?, people.len());
    let villages = villages.ok_or(CycleFault::Damaged { what: "the villages of a night" })?;
    let mut rules = BTreeMap::new();
    let rows = people.len();
    session.query_each(include_str!("../sql/night_outcomes.sql"), &[night.into()], |row| {
        rules.insert(row.text(0)?.to_owned(), (unpack_bits(row.blob(1)?, rows), unpack_bits(row.blob(2)?, rows)));
        Ok::<_, StoreError>(())
    })?;
    Ok(Outcomes { people, villages, rules })
}

/// Writes a night, replacing one of the same pack and date, inside the caller's transaction.
pub fn write(session: &mut Session, night: &Night, found: &Outcomes) -> Result<(), CycleFault> {
    if let Some(old) = on(session, &night.pack, night.as_of)? {
        for sql in [
            include_str!("../sql/night_outcome_delete.sql"),
            include_str!("../sql/night_people_delete.sql"),
            include_str!("../sql/night_delete.sql"),
        ] {
            session.exec(sql, &[old.id.into()])?;
        }
    }
    let head: [Value; 9] = [
        night.id.into(),
        night.as_of.into(),
        night.pack.as_str().into(),
        night.pack_version.as_str().into(),
        night.pack_digest.as_str().into(),
        night.last_list.into(),
        night.result_digest.as_str().into(),
        night.summary.as_str().into(),
        night.published_at.as_str().into(),
    ];
    session.exec(include_str!("../sql/night_insert.sql"), &head)?;
    let (codes, places) = pack_villages(&found.villages);
    let people: [Value; 4] = [night.id.into(), pack_ids(&found.people).into(), codes.into(), places.into()];
    session.exec(include_str!("../sql/night_people_insert.sql"), &people)?;
    for (rule, (met, known)) in &found.rules {
        let row: [Value; 4] = [night.id.into(), rule.as_str().into(), pack_bits(met).into(), pack_bits(known).into()];
        session.exec(include_str!("../sql/night_outcome_insert.sql"), &row)?;
    }
    Ok(())
}

fn read_opt(session: &mut Session, pack: &str, sql: &str, keys: &[Value]) -> Result<Option<Night>, CycleFault> {
    let row = session.query_opt(sql, keys)?;
    Ok(row.map(|row| read(&row, pack)).transpose()?)
}

fn read(row: &Row<'_>, pack: &str) -> Result<Night, StoreError> {
    Ok(Night {
        id: RunId(row.int(0)?),
        as_of: row.date(1)?,
        pack: pack.to_owned(),
        pack_version: row.text(2)?.to_owned(),
        pack_digest: row.text(3)?.to_owned(),
        last_list: row.int(4)?,
        result_digest: row.text(5)?.to_owned(),
        summary: row.text(6)?.to_owned(),
        published_at: row.text(7)?.to_owned(),
    })
}

/// Ascending ids as differences, seven bits a byte.
fn pack_ids(people: &[PersonId]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(people.len() + 8);
    let mut last = 0;
    for person in people {
        let mut step = u64::try_from(person.0 - last).unwrap_or(0);
        last = person.0;
        loop {
            let low = u8::try_from(step & 0x7f).unwrap_or(0);
            step >>= 7;
            bytes.push(if step == 0 { low } else { low | 0x80 });
            if step == 0 {
                break;
            }
        }
    }
    bytes
}

fn unpack_ids(bytes: &[u8]) -> Option<Vec<PersonId>> {
    let (mut people, mut last, mut step, mut shift) = (Vec::with_capacity(bytes.len()), 0_i64, 0_u64, 0_u32);
    for byte in bytes {
        step |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            last = last.checked_add(i64::try_from(step).ok()?)?;
            people.push(PersonId(last));
            (step, shift) = (0, 0);
        } else {
            shift += 7;
        }
    }
    (shift == 0).then_some(people)
}

/// The codes that occur, comma-separated in order, and for each person the place of theirs in that list counted from 1
/// (two bytes), 0 for none.
fn pack_villages(villages: &[Option<DivisionCode>]) -> (String, Vec<u8>) {
    let mut codes: Vec<DivisionCode> = villages.iter().flatten().copied().collect();
    codes.dedup();
    codes.sort_unstable();
    codes.dedup();
    let place = |code| codes.binary_search(&code).ok().and_then(|at| u16::try_from(at + 1).ok()).unwrap_or(0);
    let mut bytes = Vec::with_capacity(2 * villages.len());
    // Neighbours mostly live in one village.
    let mut last = (None, 0);
    for village in villages {
        if last.0 != *village {
            last = (*village, village.map_or(0, place));
        }
        bytes.extend_from_slice(&last.1.to_le_bytes());
    }
    (codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(","), bytes)
}

fn unpack_villages(codes: &str, places: &[u8], len: usize) -> Option<Vec<Option<DivisionCode>>> {
    let codes: Vec<DivisionCode> =
        codes.split(',').filter(|c| !c.is_empty()).map(|c| c.parse().ok()).collect::<Option<_>>()?;
    let of = |pair: &[u8]| {
        let place = usize::from(u16::from_le_bytes([pair[0], pair[1]]));
        place.checked_sub(1).and_then(|i| codes.get(i).copied())
    };
    (places.len() == 2 * len).then(|| places.chunks_exact(2).map(of).collect())
}

fn pack_bits(bits: &Bits) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(8 * bits.words().len());
    bits.words().iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
    bytes
}

fn unpack_bits(bytes: &[u8], len: usize) -> Bits {
    let words = bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    Bits::from_words(words.collect(), len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_bits_come_back() {
        let people: Vec<PersonId> = [1, 2, 200, 70_000, 70_001, 9_000_000_000].map(PersonId).to_vec();
        assert_eq!(unpack_ids(&pack_ids(&people)), Some(people));
        assert_eq!(unpack_ids(&[0x80]), None);
        let villages =
            vec!["653001100205".parse().ok(), None, "653001100201".parse().ok(), "653001100205".parse().ok()];
        let (codes, places) = pack_villages(&villages);
        assert_eq!(unpack_villages(&codes, &places, 4), Some(villages));
        let bits = Bits::from_bools((0..131).map(|i| i % 3 == 0));
        assert_eq!(unpack_bits(&pack_bits(&bits), 131), bits);
    }
}
