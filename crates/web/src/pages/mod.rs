//! The router. One folder a context, one file a page: parameters, handler, view and tests together.

mod account;
mod display;
mod files;
mod indicators;
mod linkage;
mod lists;
mod people;
mod plan;
mod policy;
mod quality;
#[cfg(test)]
mod real_pack;
mod rights;
#[cfg(test)]
mod samples;
mod sign_in;
mod today;
mod work;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::edge::{Problem, admit, dress, headers, same_site};
use crate::state::AppState;

pub use rights::{About, all as rights, of as right_of};

/// The whole web surface. Without a door the listener in front of it must be bound to the loopback address.
#[must_use]
pub fn router(app: AppState) -> Router {
    Router::new()
        .merge(open().merge(desk(&app)))
        .nest("/en", open().merge(desk(&app)))
        .route("/static/{file}", get(files::file))
        .route("/favicon.ico", get(files::icon))
        .fallback(|| async { Problem::NotFound })
        .layer(from_fn_with_state(app.clone(), same_site))
        .layer(from_fn_with_state(app.clone(), dress))
        .layer(from_fn(headers))
        .with_state(app)
}

/// What everyone may ask for: the way in.
fn open() -> Router<AppState> {
    Router::new()
        .route("/", get(display::home))
        .route("/display", post(display::save))
        .route("/sign-in", get(sign_in::name::show).post(sign_in::name::send))
        .route("/sign-in/code", get(sign_in::code::show).post(sign_in::code::send))
        .route("/sign-in/set-up", get(sign_in::set_up::show).post(sign_in::set_up::send))
        .route("/invite/{token}", get(sign_in::link::show).post(sign_in::link::send))
        .route("/sign-out", post(sign_in::out::send))
}

/// The desk's pages, the same in both languages; each route stands in [`rights`].
fn desk(app: &AppState) -> Router<AppState> {
    Router::new()
        .route("/account", get(account::show))
        .route("/account/password", post(account::password))
        .route("/account/sessions/{session}/end", post(account::end))
        .route("/d/today", get(today::show::show))
        .route("/d/people", get(people::search::show))
        .route("/d/people/{person}", get(people::show::show))
        .route("/d/people/{person}/reveal", post(people::reveal::show))
        .route("/d/people/{person}/looks", get(people::reveal::looks))
        .route("/d/work/{kind}", get(work::list::show))
        .route("/d/work/{kind}/export.xlsx", get(work::export::download))
        .route("/d/villages/{code}", get(work::village::show))
        .route("/d/linkage", get(linkage::index::show))
        .route("/d/linkage/merges", get(linkage::journal::show))
        .route("/d/linkage/merges/{merge}", post(linkage::journal::act))
        .route("/d/linkage/{pair}", get(linkage::show::show).post(linkage::decide::save))
        .route("/d/linkage/{pair}/undo", post(linkage::decide::undo))
        .route("/d/lists", get(lists::index::show))
        .route("/d/lists/{list}", get(lists::show::show))
        .route("/d/lists/{list}/faults.xlsx", get(lists::faults::download))
        .route("/d/lists/{list}/rows/{id}", post(lists::correct::save))
        .route("/d/quality", get(quality::index::show))
        .route("/d/quality/export.xlsx", get(quality::export::all))
        .route("/d/quality/{source}", get(quality::show::show))
        .route("/d/quality/{source}/export.xlsx", get(quality::export::one))
        .route("/d/plan", get(plan::show::show))
        .route("/d/plan/export.xlsx", get(plan::export::download))
        .route("/d/plan/document", get(plan::document::show))
        .route("/d/plan/document/file", get(plan::document::file))
        .route("/d/plan/duties/{clause}", post(plan::evidence::report))
        .route("/d/plan/duties/{clause}/{report}/withdraw", post(plan::evidence::withdraw))
        .route("/d/indicators", get(indicators::index::show))
        .route("/d/indicators/export.xlsx", get(indicators::export::all))
        .route("/d/indicators/{id}", get(indicators::show::show))
        .route("/d/indicators/{id}/export.xlsx", get(indicators::export::one))
        .route("/d/policy/rules", get(policy::rules::show))
        .route("/d/policy/parameters", get(policy::parameters::show))
        .route("/d/policy/sql", get(policy::sql::show))
        .route("/d/policy/what-if", get(policy::whatif::show).post(policy::whatif::upload))
        .route_layer(from_fn_with_state(app.clone(), admit))
}
