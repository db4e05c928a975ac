//! Who is whose child, spouse or parent, as the kin list says.

use kernel::PersonId;
use store::{Keys, Session};

use crate::RegistryError;
use crate::ingest::layout::{self, Layout};
use crate::ingest::pending::statement;
use crate::linking::Aliases;
use crate::rows::SEPARATOR;

/// One relation of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// `spouse`, `child`, `grandchild`, `parent`, `sibling`, `other`: what the other one is to this person.
    pub relation: String,
    /// None: the relative is not in the population list.
    pub person: Option<PersonId>,
    /// The name the kin list writes, for relatives who are not in the registry.
    pub name: String,
    /// Whether it is the relative's own row that says so; the relation is then the inverse one.
    pub inverse: bool,
}

/// Someone's relatives on record today, from their own rows and from those that name them.
///
/// # Errors
/// Those of the database and the keys.
pub fn kin_of(session: &mut Session, keys: &Keys, person: PersonId) -> Result<Vec<Relation>, RegistryError> {
    let mut relations: Vec<Relation> = Vec::new();
    let aliases = Aliases::around(session, person, None)?;
    let entries = aliases.members(person.0);
    for layout in layout::all(session)?.iter().filter(|l| l.entity == "kin") {
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for entry in &entries {
            let (id, key) = (layout.id.into(), format!("P{entry}"));
            own.extend(session.query(include_str!("../../sql/kin_of.sql"), &[id, (*entry).into()])?);
            let naming = [layout.id.into(), key.into()];
            others.extend(session.query(include_str!("../../sql/kin_naming.sql"), &naming)?);
        }
        for row in &own {
            let opened = row
                .opt_blob(2)?
                .map(|sealed| keys.open(&statement(row.int(0).unwrap_or(0)), sealed))
                .transpose()
                .map_err(|cause| RegistryError::Seal { table: "statement", cause })?;
            let text = opened.and_then(|t| String::from_utf8(t).ok()).unwrap_or_default();
            let (relation, kin) = relation_of(layout, row.text(1)?);
            let name = text.split(SEPARATOR).next().unwrap_or("").to_owned();
            let kin = kin.map(|kin| aliases.person(kin));
            // Two entries of one person may name the same relative.
            if kin.is_none() || !relations.iter().any(|r| r.person == kin && r.relation == relation) {
                relations.push(Relation { relation, person: kin, name, inverse: false });
            }
        }
        for row in &others {
            let (relation, _) = relation_of(layout, row.text(1)?);
            let Some(other) = aliases.reader(session, row.int(2)?)? else { continue };
            if !relations.iter().any(|r| r.person == Some(other)) {
                let relation = inverse(&relation).to_owned();
                relations.push(Relation { relation, person: Some(other), name: String::new(), inverse: true });
            }
        }
    }
    Ok(relations)
}

fn relation_of(layout: &Layout, payload: &str) -> (String, Option<PersonId>) {
    let (mut relation, mut kin) = (String::new(), None);
    for (key, value) in layout.plain.iter().zip(layout::values(payload)) {
        match key.as_str() {
            "kin_relation" => value.clone_into(&mut relation),
            "kin_person" => kin = value.parse().ok().map(PersonId),
            _ => {}
        }
    }
    (relation, kin)
}

fn inverse(relation: &str) -> &str {
    match relation {
        "child" => "parent",
        "parent" => "child",
        "grandchild" => "grandparent",
        "grandparent" => "grandchild",
        other => other,
    }
}
