//! What a policy pack says, as read from its files, each thing with the place where it stands.
//!
//! Plain data. It does not know how files are read (`load`) nor how conditions are evaluated (`program`).

mod clauses;
mod facts;
mod indicators;
mod portal;
mod position;
mod rules;

use kernel::{Bilingual, Date, DivisionCode, Divisions, Told};

pub use clauses::{
    Awaits, Case, CaseFact, Clause, ClauseState, Deadline, ElementRef, Expected, Measured, OtherRow, Outcome,
};
pub use facts::{
    Code, Department, Dictionary, Fact, FromDivision, FromEvents, FromStatements, Parameter, ParameterValue,
    Sensitivity, Source,
};
pub use indicators::{Denominator, Indicator, Measure, Period, Target, TargetOp, TargetValue};
pub use portal::{Answering, Choice, ConsultationRule, Phone, Portal, Publishing, Question, Setting, Tile};
pub(crate) use position::Anchor;
pub use position::{Position, SqlText};
pub use rules::{
    Benefit, Count, Detail, Paper, Part, Process, Queue, Rank, Reminder, Rule, Service, Standard, Step, Visit,
};

/// One jurisdiction's plan as data, with everything it builds on merged in.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    pub id: String,
    pub version: String,
    pub title: Bilingual,
    pub builds_on: Vec<String>,
    /// Every pack merged into this one, those that others build on included.
    pub made_of: Vec<String>,
    /// The divisions the plan speaks for.
    pub roots: Vec<DivisionCode>,
    /// The text does not name its place: why these divisions stand in for it.
    pub stand_in: Option<Bilingual>,
    /// The rows of the division table within these, and the divisions above.
    pub divisions: Divisions,
    pub in_force_from: Date,
    pub in_force_until: Option<Date>,
    pub document: Option<Document>,
    /// Put before every person rule.
    pub population: Vec<Part>,
    pub dictionary: Dictionary,
    pub sources: Vec<Source>,
    /// Ids of the assessment scales found in the packs built on.
    pub scales: Vec<String>,
    pub services: Vec<Service>,
    pub parameters: Vec<Parameter>,
    /// Groups, benefits, visits, reminders and standards in file order.
    pub rules: Vec<Rule>,
    pub queues: Vec<Queue>,
    pub indicators: Vec<Indicator>,
    pub clauses: Vec<Clause>,
    pub cases: Vec<Case>,
    /// What the public pages need beside the rules.
    pub portal: Portal,
    pub at: Position,
}

/// The official document behind the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub publisher: Bilingual,
    pub index: String,
    /// May be empty: not every plan has a number.
    pub number: String,
    /// None: the text does not say.
    pub published: Option<Date>,
    pub url: Option<String>,
    /// Published for comments, not yet adopted.
    pub draft: bool,
    pub consultation: Option<Consultation>,
    pub at: Position,
}

/// The time in which everyone could comment on a draft, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consultation {
    pub from: Date,
    pub until: Date,
    pub channels: Vec<Bilingual>,
    pub note: Option<Bilingual>,
}

impl Pack {
    /// Whether the pack speaks of a day.
    ///
    /// # Errors
    /// From when to when it does, in words.
    pub fn in_force_on(&self, day: Date) -> Result<(), Told> {
        let (id, from) = (&self.id, self.in_force_from);
        if day >= from && self.in_force_until.is_none_or(|until| day <= until) {
            return Ok(());
        }
        let (zh, en) = match self.in_force_until {
            Some(until) => (format!("到 {until}"), format!(" until {until}")),
            None => (String::new(), String::new()),
        };
        Err(Told::new(
            format!("政策包 {id} 从 {from} 起{zh}有效，{day} 没有它的数"),
            format!("pack {id} is in force from {from}{en}; it has no figures for {day}"),
        ))
    }

    #[must_use]
    pub fn parameter(&self, id: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.id == id)
    }

    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }

    #[must_use]
    pub fn queue(&self, id: &str) -> Option<&Queue> {
        self.queues.iter().find(|q| q.id == id)
    }

    #[must_use]
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|i| i.id == id)
    }

    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|c| c.id == id)
    }

    /// Whether something was written in this pack and not in one it builds on.
    #[must_use]
    pub fn is_own(&self, at: &Position) -> bool {
        let folder = |at: &Position| at.file.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        folder(&self.at).is_none_or(|own| folder(at).is_some_and(|f| f == own || f.starts_with(&format!("{own}/"))))
    }

    /// Rules of one kind: `group`, `benefit`, `visit`, `reminder`, `standard`.
    pub fn rules_of(&self, kind: &'static str) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |r| r.kind() == kind)
    }

    /// Whether a division lies inside those the plan speaks for.
    #[must_use]
    pub fn covers(&self, code: DivisionCode) -> bool {
        self.roots.iter().any(|root| root.contains(code))
    }
}
