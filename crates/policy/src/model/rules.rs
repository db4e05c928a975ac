//! Groups, benefits, visits, reminders and standards: conditions in labelled parts, with what follows from them.

use kernel::Bilingual;

use super::{Position, SqlText};

/// A condition with an id: who belongs, who is due, what meets the standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub id: String,
    /// `person` unless a standard says otherwise.
    pub entity: String,
    pub label: Bilingual,
    pub summary: Bilingual,
    /// Clause ids.
    pub clauses: Vec<String>,
    /// The condition is the Kleene AND of these, after the pack's population parts for persons.
    pub parts: Vec<Part>,
    pub detail: Detail,
    pub at: Position,
}

/// One labelled part of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub id: String,
    pub when: SqlText,
    pub label: Bilingual,
    /// Why an unknown may count as false here.
    pub hides_unknown: Option<Bilingual>,
    pub at: Position,
}

/// What kind of rule it is and what belongs to that kind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a pack has some dozens of rules")]
pub enum Detail {
    Group,
    Benefit(Benefit),
    Visit(Visit),
    Reminder(Reminder),
    Standard(Standard),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// `cash`, `service`, `in_kind`.
    pub kind: String,
    /// In fen.
    pub amount: Option<SqlText>,
    /// `month`, `year`, `once`.
    pub per: Option<String>,
    /// Boolean: receives it already.
    pub served: Option<SqlText>,
    /// Date from which it ends once no longer met.
    pub stop_from: Option<SqlText>,
    /// Documents to bring.
    pub opens: Vec<Paper>,
    pub apply_to: Option<Bilingual>,
    pub due_days: Option<Count>,
    /// How it is asked for, decided and given; none: nobody decides it here.
    pub process: Option<Process>,
}

/// A document to bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub label: Bilingual,
    /// The yes-or-no fact that is true once it was seen.
    pub fact: Option<String>,
    pub at: Position,
}

/// How a benefit is asked for, decided and given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// The fact an award gives: true while it runs, or the day on which it was delivered.
    pub records: Option<String>,
    pub decided_by: Bilingual,
    /// What someone may do who disagrees.
    pub appeal: Option<Bilingual>,
    pub steps: Vec<Step>,
    pub at: Position,
}

/// By when a step is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// One of [`Process::STEPS`].
    pub id: String,
    /// None: the sources name no deadline; pages say so.
    pub working_days: Option<Count>,
    pub clauses: Vec<String>,
    pub note: Option<Bilingual>,
    pub at: Position,
}

impl Process {
    /// First contact, asking again, filing after a yes, completing the papers, recommending, deciding, handing over
    /// the notice, delivering.
    pub const STEPS: [&str; 8] = ["contact", "again", "file", "papers", "recommend", "decide", "notify", "deliver"];

    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Kinds of contact that satisfy it.
    pub kinds: Vec<String>,
    /// `month`, `quarter`, `year`.
    pub every: String,
    pub times: Count,
    /// The fact with the date of the last one.
    pub last_fact: Option<String>,
}

/// Something to be done for a person by a day: a reassessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Date expression: the last day on which it is in time.
    pub due: SqlText,
}

/// What a standard is about beside its requirements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// To which rows it applies; null counts as not known whether.
    pub applies: Option<SqlText>,
}

/// A number, or the id of the parameter that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    Number(i64),
    Parameter(String, Position),
}

/// In which order people are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    pub id: String,
    pub label: Bilingual,
    pub clauses: Vec<String>,
    /// `benefit:home_adaptation`, `group:at_risk`.
    pub of: Option<String>,
    /// First match wins.
    pub order: Vec<Rank>,
    pub at: Position,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rank {
    pub rank: i64,
    pub when: SqlText,
    pub label: Bilingual,
    pub at: Position,
}

/// An entry of the service catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    pub id: String,
    pub label: Bilingual,
    pub group: Option<String>,
    pub unit: Option<Bilingual>,
    pub deliverers: Vec<String>,
    pub note: Option<Bilingual>,
    pub at: Position,
}

impl Rule {
    /// `group`, `benefit`, `visit`, `reminder`, `standard`: the word before the colon where clauses refer to it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.detail {
            Detail::Group => "group",
            Detail::Benefit(_) => "benefit",
            Detail::Visit(_) => "visit",
            Detail::Reminder(_) => "reminder",
            Detail::Standard(_) => "standard",
        }
    }

    #[must_use]
    pub fn benefit(&self) -> Option<&Benefit> {
        if let Detail::Benefit(benefit) = &self.detail { Some(benefit) } else { None }
    }

    #[must_use]
    pub fn visit(&self) -> Option<&Visit> {
        if let Detail::Visit(visit) = &self.detail { Some(visit) } else { None }
    }

    #[must_use]
    pub fn reminder(&self) -> Option<&Reminder> {
        if let Detail::Reminder(reminder) = &self.detail { Some(reminder) } else { None }
    }

    #[must_use]
    pub fn standard(&self) -> Option<&Standard> {
        if let Detail::Standard(standard) = &self.detail { Some(standard) } else { None }
    }
}
