//! The router. One folder a context, one file a page: parameters, handler, view and tests together.

mod display;
mod indicators;
mod lists;
mod people;
mod plan;
mod policy;
mod today;
mod work;
mod files;
#[cfg(test)]
mod real_pack;
#[cfg(test)]
mod samples;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::edge::{Problem, dress, headers, same_site};
use crate::state::AppState;

/// The whole web surface. The listener in front of it must be bound to the loopback address.
#[must_use]
pub fn router(app: AppState) -> Router {
    Router::new()
        .merge(desk())
        .nest("/en", desk())
        .route("/static/{file}", get(files::file))
        .route("/favicon.ico", get(files::icon))
        .fallback(|| async { Problem::NotFound })
        .layer(from_fn(same_site))
        .layer(from_fn_with_state(app.clone(), dress))
        .layer(from_fn(headers))
        .with_state(app)
}

/// The desk's pages, the same in both languages.
fn desk() -> Router<AppState> {
    Router::new().route("/", get(display::home)).route("/display", post(display::save))
}
