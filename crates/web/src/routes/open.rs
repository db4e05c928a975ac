//! The routes that ask for no permission.

use axum::Router;
use axum::routing::{get, post};

use crate::field;
use crate::pages::{api, display, sign_in};
use crate::state::AppState;

/// What everyone may ask for: the way in, and the field app's own files, which say nothing of anyone.
pub fn open() -> Router<AppState> {
    Router::new()
        .merge(super::portal::open())
        .route("/api", get(api::show))
        .route("/display", post(display::save))
        .route("/sign-in", get(sign_in::name::show).post(sign_in::name::send))
        .route("/sign-in/code", get(sign_in::code::show).post(sign_in::code::send))
        .route("/sign-in/set-up", get(sign_in::set_up::show).post(sign_in::set_up::send))
        .route("/invite/{token}", get(sign_in::link::show).post(sign_in::link::send))
        .route("/sign-in/government", get(sign_in::provider::begin))
        .route("/sign-in/back", get(sign_in::provider::returned))
        .route("/register", get(sign_in::register::show).post(sign_in::register::send))
        .route("/sign-out", post(sign_in::out::send))
        .route("/f/shell", get(field::shell))
        .route("/f/app/{file}", get(field::file))
        .route("/f/worker.js", get(field::worker))
        .route("/f/manifest.webmanifest", get(field::manifest))
        .route("/f/lost/{device}", get(field::lost))
}
