//! Routes that each name the permission they ask for, so that none can stand without one.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodRouter, get, post};

use crate::state::AppState;

/// What a page is about, and so how the permission is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Nobody and nowhere.
    Nothing,
    /// A part of the region: the page cuts itself to what the permission reaches.
    Divisions,
    /// People, one by one: the page asks for each.
    People,
    /// Accounts, one by one: the page asks for each, and no night need be published.
    Accounts,
    /// The region as a whole.
    Whole,
}

/// Method, path without language, permission, what it is about.
pub type Right = (Method, &'static str, &'static str, About);

/// A part of the service: its routes and what each asks for.
pub struct Surface {
    pub router: Router<AppState>,
    pub rights: Vec<Right>,
}

impl Surface {
    pub fn new() -> Self {
        Self { router: Router::new(), rights: Vec::new() }
    }

    pub fn get<H, T>(self, path: &'static str, permission: &'static str, about: About, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Method::GET, path, permission, about, get(handler))
    }

    pub fn post<H, T>(self, path: &'static str, permission: &'static str, about: About, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Method::POST, path, permission, about, post(handler))
    }

    fn on(
        mut self,
        method: Method,
        path: &'static str,
        permission: &'static str,
        about: About,
        handler: MethodRouter<AppState>,
    ) -> Self {
        self.rights.push((method, path, permission, about));
        self.router = self.router.route(path, handler);
        self
    }
}
