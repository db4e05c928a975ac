//! Applications and awards: offering, filing, recommending, deciding, telling, stopping.

pub mod awards;
pub mod deeds;
pub mod index;
pub mod new;
pub mod notice;
pub mod offers;
pub mod said;
pub mod show;

use benefits::{BenefitsError, By, Fault, Grounds, How, Matter, Office};
use kernel::PersonId;
use store::Session;

use crate::desk::Desk;
use crate::edge::{FieldFault, Problem};
use crate::opened::Opened;

/// The page of a matter.
#[must_use]
pub fn href(number: &str) -> String {
    format!("/d/applications/{number}")
}

/// Where an application is begun.
#[must_use]
pub fn new_href(person: PersonId, rule: &str) -> String {
    crate::parts::address("/d/applications/new", &[("person", &person.to_string()), ("rule", rule)])
}

/// Does something to matters, in one transaction; what the viewer has to change comes back as faults.
///
/// # Errors
/// Those that are no fault of the viewer.
pub fn act<T>(
    opened: &Opened<'_>,
    work: impl FnOnce(&Office<'_>, &mut Session, &By<'_>) -> Result<T, BenefitsError>,
) -> Result<Result<T, Vec<FieldFault>>, Problem> {
    let world = &opened.published.world;
    let office = Office { keys: opened.keys(), catalogue: &world.catalogue, pack: &world.pack };
    let (actor, clock) = (opened.viewer.actor(), opened.app.clock());
    let by = By { actor: &actor, how: How::Staff, on: clock.today(), at: clock.now() };
    let done = opened.try_ask(|session| Ok(session.transaction(|tx| work(&office, tx, &by))))?;
    opened.published.work_changed();
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(fault) => refusal(&opened.desk, fault).map(Err),
    }
}

/// What the viewer can change, each fault at its field.
///
/// # Errors
/// The fault as a problem when the viewer can change nothing.
pub fn refusal(desk: &Desk<'_>, fault: BenefitsError) -> Result<Vec<FieldFault>, Problem> {
    let at = |field: &str, cause: &kernel::Bilingual| FieldFault {
        field: field.to_owned(),
        cause: desk.voice.of(cause).to_owned(),
    };
    match fault {
        BenefitsError::NoMatter => Err(Problem::NotFound),
        BenefitsError::Stale => Err(Problem::Conflict),
        BenefitsError::Faults(faults) => Ok(faults.iter().map(|fault| at(field(*fault), &fault.said())).collect()),
        other => match other.said() {
            Some(cause) => Ok(vec![at("matter", &cause)]),
            None => Err(Problem::internal(other)),
        },
    }
}

/// The field of a form that a fault is about.
const fn field(fault: Fault) -> &'static str {
    match fault {
        Fault::Reason | Fault::TooLong => "words",
        Fault::Clause | Fault::UnknownClause => "because",
        Fault::Again => "again",
        Fault::From | Fault::FromOutside => "from",
        Fault::DeliveredOn | Fault::NotOnce => "on",
        Fault::StopFrom => "stop_from",
        Fault::Papers | Fault::UnknownPaper => "papers",
        Fault::NotDue => "matter",
    }
}

/// The matter of a number, for whoever may do this about its person.
///
/// # Errors
/// `NotFound`; `NotAllowed` with the reasons.
pub fn find(opened: &Opened<'_>, number: &str, permission: &str) -> Result<Matter, Problem> {
    // No number holds a zero byte, and no database looks for one.
    let number = Some(number).filter(|number| !number.contains('\0')).ok_or(Problem::NotFound)?;
    let matter = opened.ask(|session| benefits::by_number(session, number))?.ok_or(Problem::NotFound)?;
    opened.demand_at(permission, matter.person, Some(opened.desk.home(matter.person).unwrap_or(matter.village)))?;
    Ok(matter)
}

/// What the rules say of someone about one benefit, as known now.
///
/// # Errors
/// Those of the database and the keys.
pub fn grounds(opened: &Opened<'_>, person: PersonId, rule: &str) -> Result<Option<Grounds>, Problem> {
    let (world, today) = (&opened.published.world, opened.app.clock().today());
    let now = opened.ask(|session| world.now(session, opened.keys(), person, today))?;
    Ok(now.and_then(|now| Some(Grounds::of(&world.pack, now.as_of, now.answer(rule)?, &now.lines))))
}
