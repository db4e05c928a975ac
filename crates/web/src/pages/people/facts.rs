//! What is known of someone: facts under headings, family, and where sources disagree.

use kernel::PersonId;
use policy::model::Sensitivity;
use registry::snapshot::FactLine;
use serde::Serialize;

use super::known::Known;
use crate::edge::Problem;
use crate::frame::mask;
use crate::opened::Opened;
use crate::parts::{PersonRef, Stamp};

/// Facts under one heading.
#[derive(Clone, Debug, Serialize)]
pub struct FactGroup {
    pub title: String,
    pub facts: Vec<Line>,
    /// Labels of what is not known, joined.
    pub unknown: Option<String>,
}

/// One fact; none: not known.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub label: String,
    pub value: Option<String>,
    pub stamp: Option<Stamp>,
    pub conflict: bool,
}

/// A relative or member of the household.
#[derive(Clone, Debug, Serialize)]
pub struct Kin {
    pub relation: String,
    pub person: PersonRef,
    pub place: String,
}

/// A fact on which sources differ.
#[derive(Clone, Debug, Serialize)]
pub struct Conflict {
    pub label: String,
    pub says: Vec<Says>,
    pub used: String,
    pub why: String,
}

/// What one source says.
#[derive(Clone, Debug, Serialize)]
pub struct Says {
    pub value: String,
    pub stamp: Option<Stamp>,
}

/// Under which heading a fact stands, by its supplier.
fn heading(supplier: &str) -> &'static str {
    match supplier {
        "public_security" => "identity",
        "survey" | "visits" | "township" => "living",
        "health" | "assessment" | "disability_federation" | "medical_insurance" => "care",
        "civil_affairs" | "institutions" | "human_resources" | "housing" => "support",
        _ => "other",
    }
}

/// Facts by the kind of department that supplies them; what is not known is named at the end.
pub fn facts(
    known: &Known<'_>,
    value: &impl Fn(&str) -> policy::value::Value,
    identity: Option<&registry::people::Identity>,
) -> Vec<FactGroup> {
    let desk = known.desk;
    let mut groups = Vec::new();
    for group in ["identity", "living", "care", "support", "other"] {
        let of_group = desk.pack.dictionary.of("person").filter(|fact| {
            heading(&fact.supplier) == group
                && fact.derive.is_none()
                && fact.key != "person_id"
                && fact.key != "birth_date"
                && fact.sensitivity != Sensitivity::Identity
        });
        let mut facts: Vec<Line> = of_group.map(|fact| known.line(&fact.key, &value(&fact.key))).collect();
        if group == "identity"
            && let Some(who) = identity.filter(|who| !who.phone.is_empty())
        {
            facts.push(Line {
                label: desk.label("person", "phone"),
                value: Some(mask::phone(&who.phone)),
                stamp: known.stamp("phone"),
                conflict: false,
            });
        }
        let (known, unknown): (Vec<Line>, Vec<Line>) = facts.into_iter().partition(|line| line.value.is_some());
        let unknown: Vec<String> = unknown.into_iter().map(|line| line.label).collect();
        if !known.is_empty() || !unknown.is_empty() {
            groups.push(FactGroup {
                title: desk.voice.word(&format!("person-group-{group}")),
                facts: known,
                unknown: (!unknown.is_empty()).then(|| desk.voice.join(&unknown)),
            });
        }
    }
    groups
}

/// Relatives on record, then those of the same household.
///
/// # Errors
/// Those of the database and the keys.
pub fn family(opened: &Opened<'_>, person: PersonId, row: usize) -> Result<Vec<Kin>, Problem> {
    let desk = opened.desk;
    let relations = opened.ask(|session| registry::people::kin_of(session, opened.keys(), person))?;
    let mut family: Vec<Kin> = relations
        .iter()
        .map(|kin| {
            let opens = kin.person.filter(|other| desk.row(*other).is_some() && opens(opened, *other));
            Kin {
                relation: desk.voice.word(&format!("relation-{}", relation(&kin.relation))),
                person: match opens {
                    Some(other) => desk.person(other),
                    None => PersonRef { href: None, name: mask::name(&kin.name), age: None },
                },
                place: opens.map(|other| desk.home_said(other)).unwrap_or_default(),
            }
        })
        .collect();
    let named: Vec<PersonId> = relations.iter().filter_map(|kin| kin.person).collect();
    if let Some(table) = desk.people()
        && !table.get(row, "household_id").is_null()
    {
        let others = table.households().with(row).iter().map(|other| PersonId(table.ids()[*other as usize]));
        family.extend(others.filter(|other| *other != person && !named.contains(other)).take(12).map(|other| Kin {
            relation: desk.voice.word("relation-household"),
            person: match opens(opened, other) {
                true => desk.person(other),
                false => PersonRef { href: None, name: desk.masked_name(other), age: None },
            },
            place: String::new(),
        }));
    }
    Ok(family)
}

/// Whether the reader may open somebody's page: of others the family tells the name alone.
fn opens(opened: &Opened<'_>, other: PersonId) -> bool {
    opened.demand("person.see", other).is_ok()
}

fn relation(word: &str) -> &str {
    match word {
        "spouse" | "child" | "grandchild" | "parent" | "grandparent" | "sibling" => word,
        _ => "other",
    }
}

/// Facts on which sources in force differ; other spellings of the name are said without showing them.
pub fn conflicts(known: &Known<'_>) -> Vec<Conflict> {
    let desk = known.desk;
    let mut keys: Vec<&str> = known.lines.iter().filter(|l| l.disputed).map(|l| l.key.as_str()).collect();
    keys.dedup();
    keys.into_iter()
        .map(|key| {
            let said: Vec<&FactLine> = known.lines.iter().filter(|l| l.key == key && l.disputed).collect();
            let value = |line: &FactLine| match line.sensitivity {
                Sensitivity::Identity => line.value.as_text().map(mask::name),
                _ => desk.value("person", key, &line.value),
            };
            let nothing = if key == "death_date" { "person-still-listed" } else { "not-known" };
            let value = |line: &FactLine| value(line).unwrap_or_else(|| desk.voice.word(nothing));
            Conflict {
                label: desk.label("person", key),
                used: said.iter().find(|line| line.current).map(|line| value(line)).unwrap_or_default(),
                says: said.iter().map(|line| Says { value: value(line), stamp: known.stamp_of(line) }).collect(),
                why: desk.voice.word("person-used-precedence"),
            }
        })
        .collect()
}
