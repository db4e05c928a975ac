//! Offering: someone was spoken to, or could not be reached.

use kernel::Date;
use store::Session;

use crate::model::{Deed, Matter};
use crate::write::{Step, Written};
use crate::{About, BenefitsError, By, Fault, Office};

/// How an attempt to reach someone ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact<'a> {
    /// They want it.
    Accepted { words: &'a str },
    /// They don't, and why: `not_needed`, `family_helps`, `unwilling`, `elsewhere`, `other`.
    Declined { reason: &'a str, words: &'a str },
    /// Nobody answered; to be tried again on a day.
    Unreached { again: Option<Date>, words: &'a str },
}

/// Why someone may decline, as codes.
pub const REASONS: [&str; 5] = ["not_needed", "family_helps", "unwilling", "elsewhere", "other"];

impl Office<'_> {
    /// Notes an attempt to offer the benefit.
    ///
    /// # Errors
    /// `Faults`; `Misfit` when it is filed already.
    pub fn contact(
        &self,
        tx: &mut Session,
        about: &About<'_>,
        by: &By<'_>,
        contact: Contact<'_>,
    ) -> Result<Matter, BenefitsError> {
        let (deed, code, day, words) = match contact {
            Contact::Accepted { words } => (Deed::ContactAccepted, "", None, words),
            Contact::Declined { reason, words } => (Deed::ContactDeclined, reason, None, words),
            Contact::Unreached { again, words } => (Deed::ContactUnreached, "", again, words),
        };
        let written = Written::words(words);
        let mut faults = written.faults(code == "other");
        if deed == Deed::ContactDeclined && !REASONS.contains(&code) {
            faults.push(Fault::Reason);
        }
        if deed == Deed::ContactUnreached && day.is_none_or(|day| day <= by.on) {
            faults.push(Fault::Again);
        }
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        let matter = self.matter(tx, about, by)?;
        self.write(tx, matter, by, Step::of(deed).code(code).day(day).written(written))
    }
}
