//! The departmental lists as `sources.toml` describes them: columns, keys, scope, precedence.
//!
//! Says what a list may hold. It opens no file and knows no database.

mod parse;

use std::collections::BTreeMap;

use kernel::Bilingual;
use policy::value::{Value, ValueType};

pub use parse::CatalogueFault;

/// Every source, in reading order.
#[derive(Clone, Debug)]
pub struct Catalogue {
    sources: Vec<Source>,
}

/// One department's list.
#[derive(Clone, Debug)]
pub struct Source {
    pub id: String,
    pub label: Bilingual,
    /// Department id of the dictionary.
    pub department: String,
    pub entity: Entity,
    pub mode: Mode,
    /// Lists are read by this, then by file name.
    pub order: i64,
    /// What, after the subject's own key, tells several rows of one subject apart.
    pub sub_key: Vec<Gives>,
    /// The keys that name a place or thing; empty for people.
    pub thing_key: Vec<Gives>,
    pub scope_by: ScopeBy,
    /// A full list that would close more than this share of its facts in its scope asks first.
    pub max_close_percent: f64,
    pub precedence: i64,
    /// Whether a sound key that is unknown so far makes a new person or thing.
    pub creates: bool,
    /// Days after which the list counts as out of date.
    pub stale_after_days: i64,
    /// Facts that being in the list gives, in file order.
    pub presence: Vec<FactColumn>,
    pub columns: Vec<Column>,
    /// A register of the platform itself: it is kept act by act and comes in no file.
    pub own: Option<Own>,
}

/// What is particular to a register of the platform itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// A statement speaks of one fact; else it holds all facts of one act.
    pub by_fact: bool,
    /// The departmental list with whose statements its own are weighed, newest valid one first.
    pub beside: Option<String>,
}

/// What rows are about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    Person,
    /// A relation between two people.
    Kin,
    /// An event in a person's life: a visit.
    Visit,
    /// A table of things: `place`, `housing_project`, `training`, `division`.
    Thing(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Whoever is in scope and not in the list is no longer in the register.
    Full,
    /// Adds; nobody leaves by absence.
    Delta,
}

/// Which division says whether a subject is in a list's scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeBy {
    /// Residence, else hukou.
    Residence,
    /// Hukou, else residence.
    Hukou,
    /// The place's own.
    Division,
    /// Everyone is.
    None,
}

/// A column of a list.
#[derive(Clone, Debug)]
pub struct Column {
    /// The header a department writes.
    pub name: String,
    pub aliases: Vec<String>,
    pub gives: Vec<Gives>,
    pub format: Format,
    pub required: bool,
    /// Written form → canonical form; `values` of the file, then codes and labels of the fact.
    pub written: BTreeMap<String, String>,
    /// The labels a person may write, for the remedy of a wrong code.
    pub choices: Vec<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// A date may not be later than the list's own.
    pub not_after_list: bool,
}

/// What a column's cell tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Gives {
    Fact(FactColumn),
    IdNumber,
    Name,
    Phone,
    Address,
    /// First day on which the row holds.
    ValidFrom,
    /// Last day on which it holds.
    ValidUntil,
    /// First day on which it holds no more.
    EndedOn,
    KinIdNumber,
    KinName,
    KinRelation,
    /// Known, and left out.
    Ignore,
}

/// A fact of the dictionary as a list gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct FactColumn {
    pub key: String,
    pub value_type: ValueType,
    /// Sealed at rest: an assessment's answers, a diagnosis.
    pub sealed: bool,
    pub precedence: i64,
    /// The value, where being in the list gives it.
    pub always: Option<Value>,
    /// Canonical forms that mean "not stated".
    pub nulls: Vec<String>,
}

/// How a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    Int,
    Decimal(u8),
    FenYuan,
    Date,
    Month,
    Bool,
    Code,
    Division,
    IdNumber,
}

impl Catalogue {
    /// In reading order.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|s| s.id == id)
    }

    /// Lists that departments send, in reading order.
    pub fn departmental(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|s| s.own.is_none())
    }

    /// The platform's own register of this id.
    #[must_use]
    pub fn own(&self, id: &str) -> Option<&Source> {
        self.get(id).filter(|s| s.own.is_some())
    }

    /// Sources of a table, in reading order.
    pub fn of<'c>(&'c self, entity: &'c Entity) -> impl Iterator<Item = &'c Source> {
        self.sources.iter().filter(move |s| s.entity == *entity)
    }
}

impl Source {
    /// The facts a row gives, columns first, then presence; each once.
    pub fn facts(&self) -> impl Iterator<Item = &FactColumn> {
        let of_columns = self.columns.iter().flat_map(|c| &c.gives).filter_map(|g| match g {
            Gives::Fact(fact) => Some(fact),
            _ => None,
        });
        of_columns.chain(&self.presence)
    }

    /// The column that gives a fact.
    #[must_use]
    pub fn column_of(&self, fact: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.gives.iter().any(|g| g.name() == fact))
    }

    /// Whether its statements are weighed with those of a departmental list.
    #[must_use]
    pub fn speaks_with(&self, list: &str) -> bool {
        self.id == list || self.own.as_ref().is_some_and(|own| own.beside.as_deref() == Some(list))
    }

    /// Whether the list speaks of people: their ID number is its key.
    #[must_use]
    pub fn is_about_people(&self) -> bool {
        !matches!(self.entity, Entity::Thing(_))
    }

    /// The columns without which the list can't be read.
    pub fn required(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| c.required)
    }
}

impl Entity {
    /// The snapshot table: `person`, `kin`, `visit`, `place`, …
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person => "person",
            Self::Kin => "kin",
            Self::Visit => "visit",
            Self::Thing(name) => name,
        }
    }
}

impl Gives {
    /// The name used in `sources.toml`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Fact(fact) => &fact.key,
            Self::IdNumber => "id_number",
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::ValidFrom => "valid_from",
            Self::ValidUntil => "valid_until",
            Self::EndedOn => "ended_on",
            Self::KinIdNumber => "kin_id_number",
            Self::KinName => "kin_name",
            Self::KinRelation => "kin_relation",
            Self::Ignore => "ignore",
        }
    }
}
