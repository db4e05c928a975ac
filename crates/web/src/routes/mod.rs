//! The router, one file a surface. A route outside [`open`] names its permission; what names none is refused.

mod admin;
mod api;
mod desk;
mod field;
mod matters;
mod open;
mod portal;
mod province;
mod surface;

use std::sync::OnceLock;

use axum::Router;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;

use crate::api::once::once;
use crate::edge::{Problem, admit, dress, flood, headers, no_zero, same_site, squeeze};
use crate::pages::files;
use crate::state::AppState;
use crate::watch;

pub use surface::{About, Endpoint, Right, Surface};

/// The whole web surface. Without a door the listener in front of it must be bound to the loopback address.
pub fn router(app: AppState) -> Router {
    let pages = || {
        let admitted = surfaces().into_iter().fold(Router::new(), |router, surface| router.merge(surface.router));
        let open = open::open().route_layer(from_fn_with_state(app.clone(), flood::open));
        open.merge(admitted.route_layer(from_fn_with_state(app.clone(), admit)))
    };
    Router::new()
        .merge(pages())
        .nest("/en", pages())
        // A link to the front door with the language's prefix.
        .route("/en/", get(crate::pages::portal::home::show))
        .merge(machines(&app))
        .route("/static/{file}", get(files::file))
        .route("/favicon.ico", get(files::icon))
        .fallback(|| async { Problem::NotFound })
        .layer(from_fn(no_zero))
        .layer(from_fn_with_state(app.clone(), same_site))
        .layer(from_fn_with_state(app.clone(), flood::pages))
        .layer(from_fn_with_state(app.clone(), dress))
        .route("/health/live", get(watch::live))
        .route("/health/ready", get(watch::ready))
        .layer(from_fn(squeeze))
        .layer(from_fn_with_state(app.clone(), headers))
        .layer(from_fn_with_state(app.clone(), watch::journal))
        .with_state(app)
}

/// Figures for Prometheus; for a listener on the loopback address.
pub fn metrics_router(app: AppState) -> Router {
    Router::new().route("/metrics", get(watch::metrics)).with_state(app)
}

/// Routes for other systems. Their addresses are the same in every language.
fn machines(app: &AppState) -> Router<AppState> {
    let Surface { router, .. } = api::api();
    let once = from_fn_with_state(app.clone(), once);
    let admitted = router.route_layer(once).route_layer(from_fn_with_state(app.clone(), admit));
    api::open().router.merge(admitted)
}

/// The surfaces that have pages.
fn surfaces() -> Vec<Surface> {
    vec![
        desk::desk(),
        admin::admin(),
        matters::matters(),
        field::field(),
        portal::community(),
        portal::me(),
        province::province(),
    ]
}

/// Every address of the interface for other systems.
#[must_use]
pub fn endpoints() -> &'static [Endpoint] {
    static ENDPOINTS: OnceLock<Vec<Endpoint>> = OnceLock::new();
    ENDPOINTS.get_or_init(|| api::open().endpoints.into_iter().chain(api::api().endpoints).collect())
}

/// Whether a program asks this with a body, without a sign-in, and nothing is changed by it.
#[must_use]
pub fn only_asks(method: &Method, path: &str) -> bool {
    let mut open = endpoints().iter().filter(|endpoint| endpoint.permission.is_none());
    *method == Method::POST && open.any(|endpoint| endpoint.method == Method::POST && endpoint.path == path)
}

/// What every route outside [`open`] asks for.
#[must_use]
pub fn rights() -> &'static [Right] {
    static RIGHTS: OnceLock<Vec<Right>> = OnceLock::new();
    RIGHTS.get_or_init(|| surfaces().into_iter().chain([api::api()]).flat_map(|surface| surface.rights).collect())
}

/// The permission for a route as the router names it, with or without the language's prefix.
pub fn right_of(method: &Method, route: &str) -> Option<(&'static str, About)> {
    let route = route.strip_prefix("/en").unwrap_or(route);
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    rights()
        .iter()
        .find(|(m, path, ..)| m == method && *path == route)
        .map(|(_, _, permission, about)| (*permission, *about))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_is_one_of_the_file() {
        let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../authz"));
        let authz = accounts::authz::Authz::load(folder).expect("authz/ is sound");
        for (_, path, permission, about) in rights() {
            let known = authz.permission(permission).unwrap_or_else(|| panic!("{path}: {permission}"));
            assert!(!(*about == About::Nothing && known.personal), "{path} shows people to everyone");
        }
    }
}
