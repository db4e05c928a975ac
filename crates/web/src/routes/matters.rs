//! The routes of matters and of answers: offering, applications, decisions, awards, villages' sheets.

use super::{About, Surface};
use crate::pages::matters::{awards, deeds, index, new, notice, offers, show};
use crate::pages::work::answer;

/// What officers and coordinators do about what the night found.
pub fn matters() -> Surface {
    Surface::new()
        .post("/d/offers", "work_item.act", About::People, offers::save)
        .get("/d/applications", "application.see", About::Divisions, index::show)
        .post("/d/applications", "application.file", About::People, new::save)
        .get("/d/applications/new", "application.file", About::People, new::show)
        .get("/d/applications/{number}", "application.see", About::People, show::show)
        .get("/d/applications/{number}/notice", "application.see", About::People, notice::show)
        .post("/d/applications/{number}/file", "application.file", About::People, deeds::file)
        .post("/d/applications/{number}/papers", "work_item.act", About::People, deeds::papers)
        .post("/d/applications/{number}/recommend", "work_item.act", About::People, deeds::recommend)
        .post("/d/applications/{number}/grant", "application.decide", About::People, deeds::grant)
        .post("/d/applications/{number}/refuse", "application.decide", About::People, deeds::refuse)
        .post("/d/applications/{number}/give-back", "application.decide", About::People, deeds::give_back)
        .post("/d/applications/{number}/withdraw", "application.file", About::People, deeds::withdraw)
        .post("/d/applications/{number}/notify", "work_item.act", About::People, deeds::notify)
        .post("/d/applications/{number}/deliver", "work_item.act", About::People, deeds::deliver)
        .post("/d/applications/{number}/stop", "work_item.act", About::People, deeds::stop)
        .post("/d/applications/{number}/stop/confirm", "application.decide", About::People, deeds::end)
        .post("/d/applications/{number}/stop/keep", "application.decide", About::People, deeds::keep_on)
        .post("/d/applications/{number}/reopen", "application.file", About::People, deeds::reopen)
        .post("/d/applications/{number}/void", "application.decide", About::People, deeds::void)
        .get("/d/awards", "application.see", About::Divisions, awards::show)
        .get("/d/awards/export.xlsx", "work_item.export", About::Divisions, awards::export)
        .get("/d/awards/payments.xlsx", "work_item.export", About::Divisions, awards::payments)
        .get("/d/villages/{code}/answers", "fact.answer", About::People, answer::show)
        .post("/d/villages/{code}/answers", "fact.answer", About::People, answer::save)
}
