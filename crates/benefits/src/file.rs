//! Asking for a benefit, and the papers that are brought.

use policy::model::Benefit;
use policy::value::Value;
use registry::acts::{Act, Says};
use store::Session;

use kernel::MatterId;

use crate::grounds::Grounds;
use crate::model::{Deed, Matter, State};
use crate::write::{Step, Written};
use crate::{About, BenefitsError, By, Fault, Office};

/// The register that holds what papers show.
const ANSWERS: &str = "own_answers";

/// What comes with an application.
#[derive(Clone, Debug, Default)]
pub struct Filing<'a> {
    /// Papers seen, by their place in the pack's list.
    pub papers: &'a [usize],
    pub words: &'a str,
    /// What the rules say of the person; families and portals may leave it out.
    pub grounds: Option<Grounds>,
}

impl Office<'_> {
    /// Files an application, on the matter under way where there is one.
    ///
    /// # Errors
    /// `NotDecidedHere`; `Running` with the number when it is filed already; `Faults`.
    pub fn file(
        &self,
        tx: &mut Session,
        about: &About<'_>,
        by: &By<'_>,
        filing: &Filing<'_>,
    ) -> Result<Matter, BenefitsError> {
        let (_, benefit) = self.benefit(about.rule)?;
        if benefit.process.is_none() {
            return Err(BenefitsError::NotDecidedHere(about.rule.to_owned()));
        }
        let written = Written { grounds: filing.grounds.clone(), ..Written::words(filing.words) };
        let mut faults = written.faults(false);
        faults.extend(unknown(benefit, filing.papers));
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        let mut matter = self.matter(tx, about, by)?;
        if matter.events > 0 && !matches!(matter.state, State::Contacting | State::Accepted) {
            return Err(BenefitsError::Running(matter.number));
        }
        matter.village = about.village;
        (matter.pack, matter.pack_version) = (self.pack.id.clone(), self.pack.version.clone());
        matter.filed_on = Some(by.on);
        matter.filed_by = Some(by.actor.to_owned());
        matter.filed_as = Some(by.how);
        self.see(tx, &mut matter, by, benefit, filing.papers)?;
        self.write(tx, matter, by, Step::of(Deed::File).written(written))
    }

    /// Notes which papers have been seen; those left out are still to come.
    ///
    /// # Errors
    /// `Misfit` when it is no longer with its papers; `Faults`.
    pub fn papers(
        &self,
        tx: &mut Session,
        matter: MatterId,
        by: &By<'_>,
        papers: &[usize],
    ) -> Result<Matter, BenefitsError> {
        let mut matter = self.fitting(tx, matter, Deed::Papers)?;
        let (_, benefit) = self.benefit(&matter.rule)?;
        let faults = unknown(benefit, papers);
        if !faults.is_empty() {
            return Err(BenefitsError::Faults(faults));
        }
        self.see(tx, &mut matter, by, benefit, papers)?;
        let seen: Vec<String> = matter.papers.iter().map(|at| (at + 1).to_string()).collect();
        self.write(tx, matter, by, Step::of(Deed::Papers).code(&seen.join(",")))
    }

    /// Notes papers on the matter, and what they show among the facts.
    fn see(
        &self,
        tx: &mut Session,
        matter: &mut Matter,
        by: &By<'_>,
        benefit: &Benefit,
        papers: &[usize],
    ) -> Result<(), BenefitsError> {
        let mut seen: Vec<usize> = papers.to_vec();
        seen.sort_unstable();
        seen.dedup();
        for at in 0..benefit.opens.len() {
            let (was, is) = (matter.papers.contains(&at), seen.contains(&at));
            let Some(fact) = benefit.opens[at].fact.as_deref().filter(|_| was != is) else { continue };
            let facts = [(fact, Value::Bool(true))];
            // A paper ticked by mistake: what it showed is taken back.
            let first = format!("{}/paper/{at}", matter.id);
            let (key, corrects) = match (is, matter.events) {
                (true, events) => (format!("{first}/{events}"), None),
                (false, events) => (format!("{first}/{events}/back"), last_key(tx, &first, events)?),
            };
            if !is && corrects.is_none() {
                continue;
            }
            let says = if is { Says::Facts { facts: &facts, from: by.on, until: None } } else { Says::Nothing };
            let act = Act {
                source: ANSWERS,
                person: matter.person,
                key: &key,
                actor: by.actor,
                on: by.on,
                at: by.at,
                says,
                corrects: corrects.as_deref(),
            };
            self.registers().record(tx, &act)?;
        }
        matter.papers = seen;
        Ok(())
    }
}

fn unknown(benefit: &Benefit, papers: &[usize]) -> Vec<Fault> {
    let strange = papers.iter().any(|at| *at >= benefit.opens.len());
    if strange { vec![Fault::UnknownPaper] } else { Vec::new() }
}

/// The entry of a paper that was ticked before the event `events`.
fn last_key(tx: &mut Session, first: &str, events: i64) -> Result<Option<String>, BenefitsError> {
    for at in (0..events).rev() {
        let key = format!("{first}/{at}");
        if registry::acts::is_standing(tx, &key)? {
            return Ok(Some(key));
        }
    }
    Ok(None)
}
