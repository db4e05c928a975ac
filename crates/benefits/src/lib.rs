//! What is asked for, decided and given: one *matter* for one benefit of one person, from the first contact to the end.
//!
//! Owns the tables `matter`, `matter_event` and `award`. A matter follows a fixed machine ([`State::after`]); who may
//! do a step the caller asks of the permissions, that a second person decides is seen to here. How long a step may
//! take, which papers are brought and which fact an award gives stand in the pack. Each event keeps what was written
//! and the grounds of that moment, sealed. An award enters the registers (`registry::acts`), so that the next night
//! finds it served. It must not know pages, files or how someone signs in.
//!
//! # Calling it
//!
//! Everything that changes is a method of [`Office`] within a transaction of the caller; it writes the audit entry
//! and notes on the work item how far the matter is.
//!
//! ```text
//! let office = Office { keys, catalogue: &world.catalogue, pack: &world.pack };
//! let about  = About { person, rule: "meal_delivery", village };        // the village of the person's home
//! let by     = By { actor: "U00000007", how: How::Family, on: today, at: now };
//! session.transaction(|tx| office.file(tx, &about, &by, &Filing { papers: &[], words: "" , grounds: None }))?;
//! benefits::of_person(session, person)?;             // newest first, closed ones too
//! benefits::by_number(session, "2026-000012-7K3QF")?; // to follow; the caller checks who asks
//! benefits::history(session, keys, matter.id)?;      // opened; see `Event::is_public` for families
//! benefits::page(session, &Filter { scope, ..Filter::default() })?;
//! ```
//!
//! Asking twice is safe: a second filing for a matter under way is answered with [`BenefitsError::Running`] and its
//! number. Every fault says itself in both languages ([`BenefitsError::said`]).

mod contact;
mod correct;
mod decide;
mod deliver;
mod error;
mod file;
mod grounds;
mod model;
mod number;
mod queries;
mod recommend;
mod steps;
mod stop;
mod withdraw;
mod write;

use kernel::{Date, DivisionCode, PersonId};
use policy::Pack;
use policy::model::{Benefit, Rule};
use registry::acts::Registers;
use registry::sources::Catalogue;
use store::keys::Resealer;
use store::{Keys, Migration};

pub use contact::{Contact, REASONS};
pub use decide::Granting;
pub use error::{BenefitsError, Fault};
pub use file::Filing;
pub use grounds::{GroundFact, GroundPart, Grounds};
pub use model::{Deed, How, Matter, State, StopCause, Verdict};
pub use queries::{
    Award, AwardFilter, Count, Event, Filter, award_of, awards, by_number, counts, declined, get, history, of_person,
    page, under_way,
};
pub use steps::working_days_after;
pub use write::Written;

/// The tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { context: "benefits", id: 1, name: "matter", sql: include_str!("../sql/migrations/0001_matter.sql") }];

/// Where this room keeps sealed blobs, for key rotation.
pub const RESEALERS: &[Resealer] = &[Resealer {
    table: "matter_event",
    key: &["matter", "sequence"],
    blob: "sealed",
    context: write::context_of,
    indexes: &[],
}];

/// With what matters are handled: the keys, the registers and the plan in force.
#[derive(Clone, Copy)]
pub struct Office<'o> {
    pub keys: &'o Keys,
    pub catalogue: &'o Catalogue,
    pub pack: &'o Pack,
}

/// Whom and what a new matter is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub person: PersonId,
    /// The benefit's id in the pack.
    pub rule: &'a str,
    /// Where the person lives; a higher division when the village is not known.
    pub village: DivisionCode,
}

/// Who does something, how they came in, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// A user's id.
    pub actor: &'a str,
    pub how: How,
    /// The local day.
    pub on: Date,
    pub at: chrono::DateTime<chrono::Utc>,
}

impl<'o> Office<'o> {
    /// The benefit of a rule.
    ///
    /// # Errors
    /// `NoBenefit`.
    pub fn benefit(&self, rule: &str) -> Result<(&'o Rule, &'o Benefit), BenefitsError> {
        let rule = self.pack.rule(rule).ok_or_else(|| BenefitsError::NoBenefit(rule.to_owned()))?;
        let benefit = rule.benefit().ok_or_else(|| BenefitsError::NoBenefit(rule.id.clone()))?;
        Ok((rule, benefit))
    }

    fn registers(&self) -> Registers<'o> {
        Registers { keys: self.keys, catalogue: self.catalogue, dictionary: &self.pack.dictionary }
    }
}
