//! The person changes their mind before anything is decided.

use kernel::MatterId;
use store::Session;

use crate::model::{Deed, Matter};
use crate::write::{Step, Written};
use crate::{BenefitsError, By, Office};

impl Office<'_> {
    /// Withdraws it; nothing has to be said, but may.
    ///
    /// # Errors
    /// `Misfit` once it is decided; `Faults`.
    pub fn withdraw(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        words: &str,
    ) -> Result<Matter, BenefitsError> {
        let matter = self.fitting(tx, matter, Deed::Withdraw)?;
        let written = Written::words(words);
        let faults = written.faults(false);
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        self.write(tx, matter, by, Step::of(Deed::Withdraw).written(written))
    }
}
