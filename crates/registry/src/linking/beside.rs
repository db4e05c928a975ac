//! A question with both sides next to each other, for whoever answers it. Names and numbers leave masked, except for
//! the characters in which the sides differ.

use std::sync::Arc;

use kernel::{Date, Divisions, ListId, PersonId};
use store::{Keys, Session};

use super::compare::{self, Record};
use super::differ::{Mask, Piece, beside as side_by_side};
use super::pair::{Other, Pair, Said, pair, said};
use super::{Aliases, FIELDS, waiting};
use crate::RegistryError;
use crate::ingest::layout;
use crate::rows::DivisionNames;
use crate::sources::{Catalogue, Entity};

/// One question, or what was one.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    pub pair: Pair,
    /// Where the row stands, when the question is about one.
    pub row: Option<RowPlace>,
    /// As whom the two are read today: a person may have been merged since it was asked.
    pub people: (PersonId, Option<PersonId>),
    /// In the order of [`FIELDS`].
    pub fields: Vec<FieldBeside>,
    /// Oldest first.
    pub said: Vec<Said>,
    /// Open questions about the same row.
    pub others: Vec<Pair>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPlace {
    pub source: String,
    pub list: ListId,
    pub list_date: Date,
    /// As the office counts.
    pub row: u64,
}

/// One field on both sides.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldBeside {
    /// One of [`FIELDS`].
    pub field: &'static str,
    /// How it compares, in the engine's words; empty when it isn't compared.
    pub level: String,
    pub bits: f64,
    pub person: Vec<Piece>,
    pub other: Vec<Piece>,
}

/// A question side by side; none when there is no such pair.
///
/// # Errors
/// Those of the database and of the keys.
pub fn beside(
    session: &mut Session,
    keys: &Keys,
    (catalogue, divisions): (&Catalogue, &Divisions),
    id: i64,
) -> Result<Option<Beside>, RegistryError> {
    let Some(pair) = pair(session, id)? else { return Ok(None) };
    let person = record_of(session, keys, catalogue, pair.person)?;
    let aliases = Aliases::of_persons(session)?;
    let (other, row, other_person) = match pair.other {
        Other::Person(other) => (record_of(session, keys, catalogue, other)?, None, Some(aliases.person(other))),
        Other::Row(held) => match waiting::one(session, keys, (catalogue, &places(divisions)), held)? {
            Some(row) => {
                let report = crate::ingest::get(session, row.list)?;
                let place =
                    RowPlace { source: row.source.clone(), list: row.list, list_date: report.list_date, row: row.row };
                (row.fields, Some(place), None)
            }
            None => (Record::default(), None, None),
        },
    };
    let fields = FIELDS.iter().enumerate().map(|(at, field)| {
        let evidence = pair.evidence.fields.iter().find(|evidence| evidence.field == *field);
        let [person, other] = side_by_side(&person[at], &other[at], MASKS[at]);
        FieldBeside {
            field,
            level: evidence.map(|evidence| evidence.level.clone()).unwrap_or_default(),
            bits: evidence.map_or(0.0, |evidence| evidence.bits),
            person,
            other,
        }
    });
    let fields = fields.collect();
    let others = match pair.other {
        Other::Row(held) => super::pair::open_of_row(session, held)?.into_iter().filter(|p| p.id != id).collect(),
        Other::Person(_) => Vec::new(),
    };
    let people = (aliases.person(pair.person), other_person);
    Ok(Some(Beside { said: said(session, id)?, pair, row, people, fields, others }))
}

/// The names on both sides only, for a list of questions.
///
/// # Errors
/// Those of the database and of the keys.
pub fn names(
    session: &mut Session,
    keys: &Keys,
    (catalogue, divisions): (&Catalogue, &Divisions),
    pairs: &[&Pair],
) -> Result<Vec<[Vec<Piece>; 2]>, RegistryError> {
    let places = places(divisions);
    let mut names = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let other = match pair.other {
            Other::Person(other) => name_of(session, keys, other)?,
            Other::Row(held) => {
                let row = waiting::one(session, keys, (catalogue, &places), held)?;
                row.map(|row| row.fields[1].clone()).unwrap_or_default()
            }
        };
        names.push(side_by_side(&name_of(session, keys, pair.person)?, &other, Mask::Name));
    }
    Ok(names)
}

fn places(divisions: &Divisions) -> Arc<DivisionNames> {
    Arc::new(DivisionNames::new(divisions))
}

fn name_of(session: &mut Session, keys: &Keys, person: PersonId) -> Result<String, RegistryError> {
    Ok(crate::people::identity(session, keys, person)?.map(|known| known.name).unwrap_or_default())
}

/// In the order of [`FIELDS`].
const MASKS: [Mask; FIELDS.len()] =
    [Mask::Tail(4), Mask::Name, Mask::None, Mask::None, Mask::Tail(2), Mask::All, Mask::None];

fn record_of(
    session: &mut Session,
    keys: &Keys,
    catalogue: &Catalogue,
    person: PersonId,
) -> Result<Record, RegistryError> {
    let home = home_of(session, catalogue, person)?;
    let row = session.query_opt(include_str!("../../sql/person_identity.sql"), &[person.into()])?;
    let Some(row) = row else { return Ok(Record::default()) };
    let identity = crate::people::open_identity(keys, person.0, row.blob(0)?)?;
    Ok(compare::record(&identity, home))
}

/// Where the list that knows everyone says that they live.
fn home_of(session: &mut Session, catalogue: &Catalogue, person: PersonId) -> Result<String, RegistryError> {
    for layout in layout::all(session)? {
        let creates = |id: &str| catalogue.get(id).is_some_and(|s| s.creates && s.entity == Entity::Person);
        let at = layout.plain.iter().position(|key| key == "residence_division");
        let Some(at) = at.filter(|_| creates(&layout.source)) else { continue };
        let params = [layout.id.into(), person.into()];
        for row in session.query(include_str!("../../sql/statement_of_subject.sql"), &params)?.iter().rev() {
            if row.opt_int(7)?.is_none() {
                return Ok(layout::values(row.text(1)?).nth(at).unwrap_or_default().to_owned());
            }
        }
    }
    Ok(String::new())
}
