//! A room to test in: databases, the project's own forms, and a neighbour that writes down what it is told.

use std::collections::BTreeSet;

use care::forms::Forms;
use care::journal::{self, Outcome, Receipt, Sender};
use care::{Assessed, Beside, CareError, OperationId, Told, VisitMade};
use chrono::{DateTime, Duration, Utc};
use kernel::{Date, DivisionCode, PersonId, UserId};
use serde_json::{Value as Json, json};
use store::{Database, Keys, Session};

pub const GULNAR: UserId = UserId(1);
pub const TURSUN: UserId = UserId(2);

/// What the rooms beside would have done.
#[derive(Default)]
pub struct Neighbour {
    pub visits: Vec<(PersonId, String, Date)>,
    pub levels: Vec<(PersonId, i64, Date, Option<Date>)>,
    pub told: Vec<(PersonId, String, Json)>,
    /// Whoever is in somebody's care; others are refused.
    pub assigned: BTreeSet<(UserId, PersonId)>,
    pub who: Option<UserId>,
    /// Says no to the next visit.
    pub refuses: bool,
}

impl Beside for Neighbour {
    fn may(&self, _: &mut Session, _: &str, person: PersonId, _: DateTime<Utc>) -> Result<bool, CareError> {
        Ok(self.who.is_some_and(|who| self.assigned.contains(&(who, person))))
    }

    fn home(&self, person: PersonId) -> Option<DivisionCode> {
        (person.0 <= 100).then(|| "653001100201".parse().unwrap())
    }

    fn fits(&self, fact: &str, value: &Json) -> Option<bool> {
        (fact == "children_count").then(|| value.is_i64())
    }

    fn validity_months(&self, _: &assess::Scale, _: Date) -> Option<u32> {
        Some(36)
    }

    fn visit_made(&mut self, _: &mut Session, visit: &VisitMade<'_>) -> Result<(), CareError> {
        if std::mem::take(&mut self.refuses) {
            return Err(CareError::Beside("the register is shut".into()));
        }
        self.visits.push((visit.person, visit.kind.to_owned(), visit.on));
        Ok(())
    }

    fn assessed(&mut self, _: &mut Session, a: &Assessed<'_>) -> Result<(), CareError> {
        self.levels.push((a.person, a.result.final_level, a.on, a.valid_until));
        Ok(())
    }

    fn told(&mut self, _: &mut Session, told: &Told<'_>) -> Result<(), CareError> {
        self.told.push((told.person, told.field.to_owned(), told.value.clone()));
        Ok(())
    }
}

pub struct Room {
    pub db: Session,
    pub database: Database,
    pub keys: Keys,
    pub forms: Forms,
    pub beside: Neighbour,
    pub now: DateTime<Utc>,
    /// How far the phones' clocks are ahead.
    pub off: Duration,
}

pub fn each(body: impl Fn(&mut Room)) {
    testkit::each_database(care::MIGRATIONS, |database| body(&mut on(database, Keys::generate())));
}

pub fn on(database: &Database, keys: Keys) -> Room {
    {
        let keys = keys.attach(&mut database.session().unwrap()).unwrap();
        let assigned = (1..=60).flat_map(|n| [(GULNAR, PersonId(n)), (TURSUN, PersonId(n))]).collect();
        Room {
            db: database.session().unwrap(),
            database: database.clone(),
            keys,
            forms: Forms::load(&testkit::repository().join("packs"), "kizilsu-2024").unwrap(),
            beside: Neighbour { assigned, ..Neighbour::default() },
            now: "2026-11-20T10:00:00Z".parse().unwrap(),
            off: Duration::zero(),
        }
    }
}

/// The same id for the same number, and no other.
pub fn id(n: u64) -> String {
    format!("0190b2c4-7a5e-7c3d-8f21-{n:012x}")
}

pub fn device(user: UserId) -> OperationId {
    id(0xd00 + u64::try_from(user.0).unwrap()).parse().unwrap()
}

impl Room {
    pub fn send(&mut self, user: UserId, operations: &[Json]) -> Vec<Receipt> {
        self.beside.who = Some(user);
        let off = self.off.num_milliseconds();
        let sender = Sender { user, device: device(user), now: self.now, clock_off_ms: off };
        journal::receive(&mut self.db, &self.keys, &self.forms, &sender, &mut self.beside, operations).unwrap()
    }

    pub fn one(&mut self, user: UserId, operation: Json) -> Receipt {
        self.send(user, &[operation]).remove(0)
    }

    /// Visits in the database.
    pub fn visits(&mut self, person: i64) -> usize {
        care::visits::of_person(&mut self.db, &self.keys, PersonId(person), 1000).unwrap().len()
    }
}

pub fn operation(n: u64, kind: &str, body: Json) -> Json {
    json!({ "id": id(n), "seq": n, "at": "2026-11-20T09:00:00Z", "kind": kind, "body": body })
}

pub fn visit(n: u64, person: i64) -> Json {
    let ok = json!({ "state": "ok" });
    operation(
        n,
        "visit",
        json!({
            "person": PersonId(person).to_string(), "visit_kind": "home", "began_at": "2026-11-20T09:00:00Z", "met": true,
            "checks": { "food": ok, "clothes": ok, "housing": { "state": "mind", "signs": ["no_handrail"], "note": "浴室" }, "health": ok },
            "helps": ["errands"], "needs": [{ "need": "adaptation", "wants": true }], "note": "血压药快完", "confirm": "signature"
        }),
    )
}

pub fn edit(n: u64, person: i64, value: &str, base: Option<u64>) -> Json {
    operation(
        n,
        "edit",
        json!({ "person": PersonId(person).to_string(), "field": "door", "value": value, "base": base.map(id) }),
    )
}

pub fn outcomes(receipts: &[Receipt]) -> Vec<(Outcome, bool)> {
    receipts.iter().map(|r| (r.outcome, r.already)).collect()
}
