//! After the decision: the notice reaches the person, and what is given once is given.

use kernel::{Date, MatterId};
use policy::value::Value;
use registry::acts::Says;
use store::Session;

use crate::model::{Deed, Matter};
use crate::write::{Step, Written};
use crate::{BenefitsError, By, Fault, Office, queries, steps};

impl Office<'_> {
    /// The notice of the decision was handed over, read out or sent.
    ///
    /// # Errors
    /// `Misfit` when nothing is decided; `Faults`.
    pub fn notify(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        words: &str,
    ) -> Result<Matter, BenefitsError> {
        let matter = self.fitting(tx, matter, Deed::Notify)?;
        let written = Written::words(words);
        let faults = written.faults(false);
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        self.write(tx, matter, by, Step::of(Deed::Notify).written(written))
    }

    /// What is given once was given on a day: the home is adapted.
    ///
    /// # Errors
    /// `Misfit`; `Faults`: it runs on, or the day is before the decision or after today.
    pub fn deliver(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        on: Date,
        words: &str,
    ) -> Result<Matter, BenefitsError> {
        let matter = self.fitting(tx, matter, Deed::Deliver)?;
        let (_, benefit) = self.benefit(&matter.rule)?;
        let written = Written::words(words);
        let mut faults = written.faults(false);
        if !steps::is_once(self.pack, benefit) {
            faults.push(Fault::NotOnce);
        }
        if on > by.on || matter.decided_on.is_some_and(|decided| on < decided) {
            faults.push(Fault::DeliveredOn);
        }
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        let award = queries::award_of(tx, matter.id)?.ok_or(BenefitsError::Stored("award"))?;
        let records = benefit.process.as_ref().and_then(|process| process.records.as_deref());
        let key = format!("{}/delivered/{}", matter.id, award.id);
        if let Some(fact) = records {
            let facts = [(fact, Value::Date(on))];
            self.enter(tx, &matter, by, &key, Says::Facts { facts: &facts, from: on, until: None }, None)?;
        }
        let entered = records.map(|_| key.as_str());
        tx.exec(include_str!("../sql/award_deliver.sql"), &[award.id.into(), on.into(), entered.into()])?;
        self.write(tx, matter, by, Step::of(Deed::Deliver).day(Some(on)).written(written))
    }
}
