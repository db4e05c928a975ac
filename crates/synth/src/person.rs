//! The truth about one invented person: what is so, whatever the lists later say.

use kernel::{Date, DivisionCode};

/// Number of a synthetic person, counting from 1 in the order of villages.
pub type Number = u32;

/// One invented person.
#[derive(Clone, Debug)]
pub struct Person {
    pub number: Number,
    pub male: bool,
    pub born: Date,
    /// GB/T 3304, two digits.
    pub ethnicity: &'static str,
    pub name: String,
    pub id_number: String,
    /// GB/T 2261.2.
    pub marital: &'static str,
    pub hukou: DivisionCode,
    pub residence: DivisionCode,
    pub residence_since: Date,
    pub household: String,
    pub phone: Option<String>,
    pub address: String,
    pub died: Option<Date>,
    pub kin: Vec<Kin>,
    pub disability: Option<Disability>,
    /// Only for those of 60 and over.
    pub older: Option<Box<Older>>,
}

/// A relation to another person, as the family register has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kin {
    pub number: Number,
    pub relation: Relation,
}

/// What the other is to this person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Spouse,
    Child,
    Parent,
    Grandchild,
}

/// A disability certificate.
#[derive(Clone, Copy, Debug)]
pub struct Disability {
    /// GB/T 26341: 1–7.
    pub category: u8,
    /// 1 (most severe) – 4.
    pub grade: u8,
    pub issued_on: Date,
}

/// What is known only of older people.
#[derive(Clone, Debug)]
pub struct Older {
    /// Latent frailty: around -2 for a sturdy 60-year-old, above 2 for the bedridden.
    pub frailty: f64,
    pub dementia: bool,
    pub survey: Survey,
    pub income: Income,
    /// Since when on the allowance, at its margin or destitute.
    pub income_since: Date,
    pub special_family: SpecialFamily,
    pub great_contribution: bool,
    pub ltci_insured: bool,
    pub ltci_level: Option<u8>,
    /// Oldest first.
    pub assessments: Vec<Assessment>,
    pub stay: Option<Stay>,
    /// The township's word on meals; none when it has not looked.
    pub needs_meals: Option<bool>,
    /// This year's yearly health service, and last year's.
    pub health_managed_on: Option<Date>,
    pub health_managed_before: Option<Date>,
    pub family_doctor: bool,
    pub visits: Vec<Visit>,
    pub receives_institution_aid: bool,
    pub receives_meals: bool,
    pub home_adapted_on: Option<Date>,
}

/// What the village surveyors are told.
#[derive(Clone, Debug)]
pub struct Survey {
    pub on: Date,
    pub arrangement: Arrangement,
    pub children: u32,
    pub children_in_village: u32,
    /// The day from which the last of them was away; none when one has not gone or there are none.
    pub all_away_since: Option<Date>,
    pub supporter_nearby: bool,
    pub wants_institution: bool,
    pub wants_home_adaptation: bool,
}

/// Whom an older person lives with; the words are those of the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    Alone,
    WithSpouse,
    WithChildren,
    WithOthers,
    Institution,
}

impl Arrangement {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::WithSpouse => "with_spouse",
            Self::WithChildren => "with_children",
            Self::WithOthers => "with_others",
            Self::Institution => "institution",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Income {
    Ordinary,
    Margin,
    Allowance,
    Destitute,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecialFamily {
    No,
    OnlyChildDied,
    OnlyChildDisabled,
}

/// One ability assessment: the ticked scores and what follows from them.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub on: Date,
    pub valid_until: Date,
    /// Points in the order of the scale's items.
    pub scores: Vec<u8>,
    /// Points by group, in the scale's order.
    pub subtotals: Vec<u16>,
    pub total: u16,
    pub level: u8,
}

/// A stay in a care institution.
#[derive(Clone, Debug)]
pub struct Stay {
    /// Index into the region's places.
    pub place: usize,
    pub since: Date,
    pub contract: bool,
    pub paid: bool,
}

/// One contact with an older person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    pub on: Date,
    /// `home`, `phone`, `village_help`.
    pub kind: &'static str,
    /// Who went: a word of the dictionary.
    pub by: &'static str,
}

impl Person {
    /// Full years on a day.
    #[must_use]
    pub fn age(&self, on: Date) -> i32 {
        kernel::full_years_between(self.born, on)
    }

    /// Whether the person lives on a day.
    #[must_use]
    pub fn alive(&self, on: Date) -> bool {
        self.died.is_none_or(|died| died > on)
    }

    /// GB/T 2261.1.
    #[must_use]
    pub const fn sex(&self) -> &'static str {
        if self.male { "1" } else { "2" }
    }
}
