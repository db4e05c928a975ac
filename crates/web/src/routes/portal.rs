//! The public pages, which ask for no permission, and the desk's side of them.

use axum::Router;
use axum::routing::{get, post};

use super::{About, Surface};
use crate::pages::portal::me::{apply, facts, family, index, looks, matter, person, record};
use crate::pages::portal::{callback, check, consult, home, open as registers, places, result, services, words};
use crate::pages::{consultations, messages};
use crate::state::AppState;

/// What everyone may see.
pub fn open() -> Router<AppState> {
    Router::new()
        .route("/", get(home::show))
        .route("/benefits", get(words::benefits))
        .route("/benefits/check", get(check::show).post(check::send))
        .route("/benefits/result", get(result::show))
        .route("/services", get(services::show))
        .route("/services/compare", get(services::compare))
        .route("/services/document", get(services::document))
        .route("/services/{rule}/form", get(services::form))
        .route("/places", get(places::index))
        .route("/places/{place}", get(places::show))
        .route("/childcare", get(places::childcare))
        .route("/open", get(registers::show))
        .route("/consult", get(consult::index))
        .route("/consult/{consultation}", get(consult::show))
        .route("/consult/{consultation}/comments", post(consult::send))
        .route("/orders", get(matter::follow).post(matter::find))
        .route("/callback", get(callback::show).post(callback::send))
        .route("/help", get(words::help))
        .route("/accessibility", get(words::accessibility))
        .route("/privacy", get(words::privacy))
}

/// What the staff do about it.
pub fn community() -> Surface {
    Surface::new()
        .get("/d/consultations", "consultation.run", About::Whole, consultations::list)
        .post("/d/consultations", "consultation.run", About::Whole, consultations::open)
        .get("/d/consultations/{consultation}", "consultation.run", About::Whole, consultations::show)
        .post("/d/consultations/{consultation}/themes", "consultation.run", About::Whole, consultations::theme)
        .post("/d/consultations/{consultation}/answer", "consultation.run", About::Whole, consultations::answer)
        .post(
            "/d/consultations/{consultation}/comments/{comment}",
            "consultation.run",
            About::Whole,
            consultations::comment,
        )
        .get("/d/messages", "message.answer", About::Divisions, messages::show)
        .post("/d/messages/{message}", "message.answer", About::Divisions, messages::done)
}

/// One's own matters, and those of the elder one acts for.
pub fn me() -> Surface {
    Surface::new()
        .get("/me", "account.own", About::Nothing, index::show)
        .get("/me/{person}", "person.see", About::People, person::show)
        .get("/me/{person}/record", "visit.list", About::People, record::show)
        .get("/me/{person}/facts", "fact.see", About::People, facts::show)
        .post("/me/{person}/facts", "fact.answer", About::People, facts::send)
        .get("/me/{person}/family", "bond.see", About::People, family::show)
        .post("/me/{person}/family/{bond}/end", "bond.end", About::People, family::end)
        .get("/me/{person}/apply/{rule}", "application.file", About::People, apply::show)
        .post("/me/{person}/apply/{rule}", "application.file", About::People, apply::send)
        .get("/me/{person}/matters/{number}", "application.see", About::People, matter::show)
        .post("/me/{person}/matters/{number}/withdraw", "application.file", About::People, matter::withdraw)
        .get("/me/{person}/looks", "person.looked", About::People, looks::show)
}
