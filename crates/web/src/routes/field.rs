//! The routes of the field. What is pulled and pushed is cut to each permission person by person; the route itself asks
//! for the least that everyone in the field holds.

use super::{About, Surface};
use crate::field;
use crate::pages::visits::{assign, conflicts, files, index, needs, phones};

/// The field's pages and the endpoints of its app, and what the desk sees of visits.
pub fn field() -> Surface {
    Surface::new()
        .get("/f/today", "today.see", About::People, field::today)
        .get("/f/visits/{person}", "visit.record", About::People, field::of_person)
        .get("/f/assess/{person}", "assessment.record", About::People, field::of_person)
        .get("/f/sync/who", "account.own", About::Nothing, field::who)
        .post("/f/sync/pull", "today.see", About::People, field::pull)
        .post("/f/sync/push", "today.see", About::People, field::push)
        .get("/f/sync/attachments/{attachment}", "today.see", About::People, field::state)
        .post("/f/sync/attachments/{attachment}", "today.see", About::People, field::part)
        .get("/d/visits", "visit.list", About::Divisions, index::show)
        .get("/d/visits/assign", "visit.assign", About::Divisions, assign::show)
        .post("/d/visits/assign", "visit.assign", About::Divisions, assign::save)
        .get("/d/visits/conflicts", "visit.assign", About::Divisions, conflicts::show)
        .post("/d/visits/conflicts", "visit.assign", About::Divisions, conflicts::save)
        .get("/d/visits/needs", "visit.list", About::Divisions, needs::show)
        .post("/d/visits/needs/{need}", "work_item.act", About::Divisions, needs::settle)
        .get("/d/visits/phones", "visit.assign", About::Divisions, phones::show)
        .post("/d/visits/phones/{device}", "visit.assign", About::Divisions, phones::report)
        .get("/d/visits/{visit}/files/{attachment}", "visit.list", About::People, files::show)
}
