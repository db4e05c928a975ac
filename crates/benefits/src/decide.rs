//! The decision, by a second person: neither who filed nor who recommended.

use kernel::{Date, MatterId};
use policy::Pack;
use policy::model::Rule;
use policy::value::Value;
use registry::acts::{Act, Says};
use store::{Session, counter};

use crate::grounds::Grounds;
use crate::model::{Deed, Matter};
use crate::write::{Step, Written};
use crate::{BenefitsError, By, Fault, Office, steps};

/// The register of awards.
pub(crate) const AWARDS: &str = "own_awards";

/// What is granted.
#[derive(Clone, Debug)]
pub struct Granting<'a> {
    /// First day.
    pub from: Date,
    pub words: &'a str,
    /// What the rules say now; the amount is theirs, never typed.
    pub grounds: Grounds,
}

impl Office<'_> {
    /// Grants it: the award stands from the day given and enters the registers.
    ///
    /// # Errors
    /// `SecondPerson`; `Misfit`; `Faults`: when the facts say it is not due, or the first day is out of range.
    pub fn grant(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        granting: Granting<'_>,
    ) -> Result<Matter, BenefitsError> {
        let mut matter = self.fitting(tx, matter, Deed::Grant)?;
        let (_, benefit) = self.benefit(&matter.rule)?;
        if !matter.may_decide(by.actor) {
            return Err(BenefitsError::SecondPerson);
        }
        let is_sure = granting.grounds.outcome == policy::Outcome::Met.name();
        let written = Written { grounds: Some(granting.grounds.clone()), ..Written::words(granting.words) };
        // What is not known may be granted by someone who says why.
        let mut faults = written.faults(!is_sure);
        if granting.grounds.outcome == policy::Outcome::NotMet.name() {
            faults.push(Fault::NotDue);
        }
        let year = chrono::Months::new(12);
        let latest = by.on.checked_add_months(year).unwrap_or(by.on);
        if matter.filed_on.is_some_and(|filed| granting.from < filed) || granting.from > latest {
            faults.push(Fault::FromOutside);
        }
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        (matter.pack, matter.pack_version) = (self.pack.id.clone(), self.pack.version.clone());
        matter.decided_on = Some(by.on);
        matter.decided_by = Some(by.actor.to_owned());
        let award = counter::next_ids(tx, "award", 1)?.start;
        let records = benefit.process.as_ref().and_then(|process| process.records.as_deref());
        let running = records.filter(|_| !steps::is_once(self.pack, benefit));
        let key = running.map(|_| format!("{}/award/{award}", matter.id));
        if let (Some(fact), Some(key)) = (running, &key) {
            let facts = [(fact, Value::Bool(true))];
            let says = Says::Facts { facts: &facts, from: granting.from, until: None };
            self.enter(tx, &matter, by, key, says, None)?;
        }
        let values: Vec<store::Value> = vec![
            award.into(),
            matter.id.0.into(),
            matter.rule.as_str().into(),
            matter.benefit_kind.as_str().into(),
            matter.person.0.into(),
            matter.village.to_string().into(),
            matter.pack.as_str().into(),
            matter.pack_version.as_str().into(),
            granting.from.into(),
            granting.grounds.amount_fen.into(),
            benefit.per.as_deref().unwrap_or("").into(),
            key.as_deref().into(),
        ];
        tx.exec(include_str!("../sql/award_insert.sql"), &values)?;
        self.write(tx, matter, by, Step::of(Deed::Grant).day(Some(granting.from)).written(written))
    }

    /// Refuses it, with the reason and the clause or the part of the condition that is not met.
    ///
    /// # Errors
    /// `SecondPerson`; `Misfit`; `Faults`.
    pub fn refuse(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        written: Written,
    ) -> Result<Matter, BenefitsError> {
        let mut matter = self.fitting(tx, matter, Deed::Refuse)?;
        let (rule, _) = self.benefit(&matter.rule)?;
        if !matter.may_decide(by.actor) {
            return Err(BenefitsError::SecondPerson);
        }
        let mut faults = written.faults(true);
        faults.extend(because(self.pack, rule, &written));
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        (matter.pack, matter.pack_version) = (self.pack.id.clone(), self.pack.version.clone());
        matter.decided_on = Some(by.on);
        matter.decided_by = Some(by.actor.to_owned());
        self.write(tx, matter, by, Step::of(Deed::Refuse).written(written))
    }

    /// Sends it back to be recommended anew, saying what is missing.
    ///
    /// # Errors
    /// `SecondPerson`; `Misfit`; `Faults`.
    pub fn give_back(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        words: &str,
    ) -> Result<Matter, BenefitsError> {
        let mut matter = self.fitting(tx, matter, Deed::GiveBack)?;
        if !matter.may_decide(by.actor) {
            return Err(BenefitsError::SecondPerson);
        }
        let written = Written::words(words);
        let faults = written.faults(true);
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        (matter.recommended_by, matter.recommends) = (None, None);
        self.write(tx, matter, by, Step::of(Deed::GiveBack).written(written))
    }

    /// Enters something into the register of awards.
    pub(crate) fn enter(
        &self,
        tx: &mut Session,
        matter: &Matter,
        by: &By<'_>,
        key: &str,
        says: Says<'_>,
        corrects: Option<&str>,
    ) -> Result<(), BenefitsError> {
        let act =
            Act { source: AWARDS, person: matter.person, key, actor: by.actor, on: by.on, at: by.at, says, corrects };
        self.registers().record(tx, &act)?;
        Ok(())
    }
}

/// On what a refusal rests: a clause of the plan or a part of the condition must be named.
pub(crate) fn because(pack: &Pack, rule: &Rule, written: &Written) -> Option<Fault> {
    let population = pack.population.iter();
    let part = written.part.as_ref().map(|id| rule.parts.iter().chain(population).any(|part| part.id == *id));
    let clause = written.clause.as_ref().map(|id| pack.clause(id).is_some());
    match (part, clause) {
        (None, None) => Some(Fault::Clause),
        (Some(false), _) | (_, Some(false)) => Some(Fault::UnknownClause),
        _ => None,
    }
}
