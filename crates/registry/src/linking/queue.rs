//! Questions for people: which of these persons is a row about, if any.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Date, Divisions, ListId, PersonId};
use store::{Keys, Session};

use super::compare;
use super::evidence::{Evidence, Moved};
use super::{FIELDS, waiting};
use crate::RegistryError;
use crate::ingest::link::LinkIndex;
use crate::rows::{DivisionNames, mask};
use crate::sources::{Catalogue, Gives};

/// A row that waits for someone's word.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionLine {
    /// Names the row in quarantine.
    pub held: i64,
    pub list: ListId,
    pub list_date: Date,
    pub source: String,
    pub row: u64,
    /// The likeliest first.
    pub choices: Vec<Choice>,
}

/// One person it may be about.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Names the pair.
    pub candidate: i64,
    pub person: PersonId,
    pub probability: f64,
    pub evidence: Evidence,
    /// What is different since it was decided before; empty when it never was.
    pub moved: Vec<Moved>,
}

/// A question with what both sides say, masked, in the order of [`FIELDS`].
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub line: QuestionLine,
    pub row: [String; FIELDS.len()],
    pub people: BTreeMap<PersonId, [String; FIELDS.len()]>,
}

/// Every open question, the surest first.
///
/// # Errors
/// Those of the database.
pub fn open(session: &mut Session) -> Result<Vec<QuestionLine>, RegistryError> {
    let mut lines: Vec<QuestionLine> = Vec::new();
    for row in session.query(include_str!("../../sql/link_questions.sql"), &[])? {
        let evidence = Evidence::from_json(row.text(4)?)?;
        let before = row.opt_text(5)?.map(Evidence::from_json).transpose()?;
        let moved = before.map(|before| evidence.moved_since(&before)).unwrap_or_default();
        let person = PersonId(row.int(1)?);
        let choice = Choice { candidate: row.int(0)?, person, probability: row.real(3)?, evidence, moved };
        let held = row.int(2)?;
        match lines.last_mut().filter(|line| line.held == held) {
            Some(line) => line.choices.push(choice),
            None => lines.push(QuestionLine {
                held,
                list: ListId(row.int(6)?),
                list_date: row.date(9)?,
                source: row.text(8)?.to_owned(),
                row: u64::try_from(row.int(7)?).unwrap_or(0),
                choices: vec![choice],
            }),
        }
    }
    let best = |line: &QuestionLine| line.choices.first().map_or(0.0, |choice| choice.probability);
    lines.sort_by(|a, b| best(b).total_cmp(&best(a)).then(a.held.cmp(&b.held)));
    Ok(lines)
}

/// One question side by side, values masked.
///
/// # Errors
/// `NoRow` when there is no open question about it; those of the database and of the keys.
pub fn show(
    session: &mut Session,
    keys: &Keys,
    (catalogue, divisions): (&Catalogue, &Divisions),
    held: i64,
) -> Result<Question, RegistryError> {
    let line = open(session)?.into_iter().find(|line| line.held == held).ok_or(RegistryError::NoRow(held))?;
    let names = Arc::new(DivisionNames::new(divisions));
    let rows = waiting::load(session, keys, (catalogue, &names), None)?;
    let row = rows.into_iter().find(|row| row.held == held).ok_or(RegistryError::NoRow(held))?;
    let index = LinkIndex::load(session, catalogue)?;
    let wanted: Vec<i64> = line.choices.iter().map(|choice| choice.person.0).collect();
    let people = compare::people(session, keys, &index, |id| wanted.contains(&id))?;
    let people = people.into_iter().map(|(id, record)| (PersonId(id), masked(&record))).collect();
    Ok(Question { line, row: masked(&row.fields), people })
}

fn masked(record: &compare::Record) -> [String; FIELDS.len()] {
    let gives = [Some(Gives::IdNumber), Some(Gives::Name), None, None, Some(Gives::Phone), Some(Gives::Address), None];
    let mut shown = record.clone();
    for (value, gives) in shown.iter_mut().zip(gives) {
        if let Some(gives) = gives.filter(|_| !value.is_empty()) {
            *value = mask(&[gives], value);
        }
    }
    shown
}
