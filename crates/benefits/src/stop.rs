//! Ending an award: a proposal, and where money is paid a second person.

use kernel::{Date, MatterId};
use registry::acts::Says;
use store::Session;

use crate::model::{Deed, Matter, StopCause};
use crate::write::{Step, Written};
use crate::{BenefitsError, By, Fault, Office, queries};

impl Office<'_> {
    /// Proposes to end the award from a day, saying why; no cause is a fault.
    ///
    /// # Errors
    /// `Misfit`; `Faults`.
    pub fn propose_stop(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        from: Date,
        (cause, written): (Option<StopCause>, Written),
    ) -> Result<Matter, BenefitsError> {
        let mut matter = self.fitting(tx, matter, Deed::ProposeStop)?;
        let award = queries::award_of(tx, matter.id)?.ok_or(BenefitsError::Stored("award"))?;
        let mut faults = written.faults(cause.is_none_or(|cause| cause == StopCause::Other));
        if cause.is_none() && !faults.contains(&Fault::Reason) {
            faults.push(Fault::Reason);
        }
        if from < award.from_on {
            faults.push(Fault::StopFrom);
        }
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        matter.stop_by = Some(by.actor.to_owned());
        matter.stop_from = Some(from);
        self.write(
            tx,
            matter,
            by,
            Step::of(Deed::ProposeStop).code(cause.map_or("", StopCause::name)).day(Some(from)).written(written),
        )
    }

    /// Ends it as proposed.
    ///
    /// # Errors
    /// `SecondPerson` where money is paid; `Misfit`.
    pub fn confirm_stop(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        words: &str,
    ) -> Result<Matter, BenefitsError> {
        let matter = self.fitting(tx, matter, Deed::ConfirmStop)?;
        if !matter.may_confirm_stop(by.actor) {
            return Err(BenefitsError::SecondPerson);
        }
        let written = Written::words(words);
        let faults = written.faults(false);
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        let from = matter.stop_from.ok_or(BenefitsError::Stored("stop"))?;
        let award = queries::award_of(tx, matter.id)?.ok_or(BenefitsError::Stored("award"))?;
        if let Some(act) = award.act_key.as_deref() {
            let key = format!("{act}/end/{}", matter.events);
            self.enter(tx, &matter, by, &key, Says::Ends { act, from }, None)?;
        }
        tx.exec(include_str!("../sql/award_end.sql"), &[award.id.into(), from.into()])?;
        self.write(tx, matter, by, Step::of(Deed::ConfirmStop).day(Some(from)).written(written))
    }

    /// Turns the proposal down; the award goes on.
    ///
    /// # Errors
    /// `SecondPerson` where money is paid; `Misfit`; `Faults`.
    pub fn keep_on(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        words: &str,
    ) -> Result<Matter, BenefitsError> {
        let mut matter = self.fitting(tx, matter, Deed::KeepOn)?;
        if !matter.may_confirm_stop(by.actor) {
            return Err(BenefitsError::SecondPerson);
        }
        let written = Written::words(words);
        let faults = written.faults(true);
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        (matter.stop_by, matter.stop_from) = (None, None);
        self.write(tx, matter, by, Step::of(Deed::KeepOn).written(written))
    }
}
