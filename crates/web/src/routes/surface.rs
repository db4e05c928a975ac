//! Routes that each name the permission they ask for, so that none can stand without one.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodRouter, delete, get, post};

use crate::api::doc::Doc;
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

/// An address of the interface for other systems, with what the document says of it.
pub struct Endpoint {
    pub method: Method,
    pub path: &'static str,
    /// None: everyone may ask.
    pub permission: Option<&'static str>,
    pub doc: fn() -> Doc,
}

/// A part of the service: its routes and what each asks for.
pub struct Surface {
    pub router: Router<AppState>,
    pub rights: Vec<Right>,
    /// Those that the OpenAPI document speaks of.
    pub endpoints: Vec<Endpoint>,
}

impl Surface {
    pub fn new() -> Self {
        Self { router: Router::new(), rights: Vec::new(), endpoints: Vec::new() }
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

    /// Something another system reads.
    pub fn read<H, T>(self, path: &'static str, asks: (&'static str, About), handler: H, doc: fn() -> Doc) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.documented(Method::GET, path, Some(asks), get(handler), doc)
    }

    /// Something another system changes.
    pub fn change<H, T>(self, path: &'static str, asks: (&'static str, About), handler: H, doc: fn() -> Doc) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.documented(Method::POST, path, Some(asks), post(handler), doc)
    }

    /// Something another system ends.
    pub fn end<H, T>(self, path: &'static str, asks: (&'static str, About), handler: H, doc: fn() -> Doc) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.documented(Method::DELETE, path, Some(asks), delete(handler), doc)
    }

    /// Something everyone may read.
    pub fn public<H, T>(self, path: &'static str, handler: H, doc: fn() -> Doc) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.documented(Method::GET, path, None, get(handler), doc)
    }

    /// Something everyone may ask with a body; nothing is changed by it.
    pub fn asked<H, T>(self, path: &'static str, handler: H, doc: fn() -> Doc) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.documented(Method::POST, path, None, post(handler), doc)
    }

    fn documented(
        mut self,
        method: Method,
        path: &'static str,
        asks: Option<(&'static str, About)>,
        handler: MethodRouter<AppState>,
        doc: fn() -> Doc,
    ) -> Self {
        let permission = asks.map(|(permission, _)| permission);
        self.endpoints.push(Endpoint { method: method.clone(), path, permission, doc });
        match asks {
            Some((permission, about)) => self.on(method, path, permission, about, handler),
            None => Self { router: self.router.route(path, handler), ..self },
        }
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
