//! Applications and awards: filed, followed, recommended, decided by a second person.

pub mod awards;
pub mod deeds;
pub mod deliver;
pub mod file;
pub mod grant;
pub mod list;
pub mod of_person;
pub mod papers;
pub mod recommend;
pub mod refuse;
pub mod show;
pub mod stop;

use benefits::{BenefitsError, By, Matter, Office};
use kernel::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Session;

use super::shapes::{Day, Division, Named, PersonRef};
use crate::edge::Problem;
use crate::opened::Opened;
use crate::pages::matters;

/// A matter as it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Application {
    /// What it is followed by.
    number: String,
    person: PersonRef,
    division: Division,
    benefit: Named,
    /// `contacting`, `accepted`, `filed`, `recommended`, `granted`, `stopping`, `declined`, `refused`, `withdrawn`,
    /// `delivered`, `ended`.
    state: &'static str,
    /// What comes next, as the pack names it.
    step: Option<String>,
    /// Last day of that.
    #[schemars(with = "Option<Day>")]
    due_on: Option<String>,
    overdue: bool,
    #[schemars(with = "Day")]
    opened_on: String,
    #[schemars(with = "Option<Day>")]
    filed_on: Option<String>,
    /// `grant` or `refuse`.
    recommends: Option<&'static str>,
    #[schemars(with = "Option<Day>")]
    decided_on: Option<String>,
    #[schemars(with = "Option<Day>")]
    closed_on: Option<String>,
}

/// Why, in one's own words.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ApplicationWords")]
pub struct Words {
    #[serde(default)]
    #[schemars(length(max = 1000))]
    words: String,
}

impl Application {
    pub fn of(opened: &Opened<'_>, matter: &Matter) -> Self {
        let desk = opened.desk;
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        Self {
            number: matter.number.clone(),
            person: PersonRef::of(&desk, matter.person),
            division: Division::of(&desk, matter.village),
            benefit: Named { id: matter.rule.clone(), label: desk.rule_label(&matter.rule) },
            state: matter.state.name(),
            step: matter.step.clone(),
            due_on: day(matter.due_on),
            overdue: matter.is_overdue(opened.app.clock().today()),
            opened_on: matter.opened_on.to_string(),
            filed_on: day(matter.filed_on),
            recommends: matter.recommends.map(benefits::Verdict::name),
            decided_on: day(matter.decided_on),
            closed_on: day(matter.closed_on),
        }
    }
}

/// Does something to a matter as its page does; what has to be changed is refused.
fn act(
    opened: &Opened<'_>,
    work: impl FnOnce(&Office<'_>, &mut Session, &By<'_>) -> Result<Matter, BenefitsError>,
) -> Result<Application, Problem> {
    match matters::act(opened, work)? {
        Ok(matter) => Ok(Application::of(opened, &matter)),
        Err(faults) => Err(Problem::Invalid(faults)),
    }
}
