//! What goes wrong, said so that the reader knows what to do next.
//!
//! A handler returns a [`Problem`]; it travels in the response until [`dress`] makes the page in the request's
//! language. The log gets the cause, the page a number to find it by; neither holds personal data.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use accounts::authz::Decision;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use kernel::Lang;
use serde::Serialize;
use store::StoreError;

use super::Ask;
use super::problem_json::json;
use crate::frame::{PortalFrame, Rail, Section};
use crate::state::AppState;

/// When to ask again after [`Problem::Busy`].
const BUSY_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// One field of a form that has to be changed, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldFault {
    /// Id of the field, to jump to.
    pub field: String,
    pub cause: String,
}

/// Everything a page may answer beside itself.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Problem {
    #[error("no such page or record")]
    NotFound,
    #[error("the request cannot be read")]
    Unreadable,
    /// Of a query, with the fields that can't be read.
    #[error("the query cannot be read")]
    Misasked(Vec<FieldFault>),
    #[error("no such cursor")]
    Cursor,
    #[error("the method is not for this address")]
    Method,
    #[error("the body is of a type that is not read here")]
    Unsupported,
    #[error("the key was used for another request")]
    KeyReused,
    #[error("a request with this key is under way")]
    KeyBusy,
    #[error("the state is no longer the one named")]
    Changed,
    #[error("too much at once")]
    TooMany,
    #[error("the form has {} faults", .0.len())]
    Invalid(Vec<FieldFault>),
    #[error("the file is too large")]
    TooLarge,
    #[error("the record changed meanwhile")]
    Conflict,
    #[error("the request names another host")]
    WrongHost,
    #[error("the change comes from another site")]
    CrossSite,
    #[error("the form carries no token of this session")]
    StaleForm,
    #[error("not signed in")]
    NotSignedIn,
    #[error("not allowed")]
    NotAllowed(Arc<Decision>),
    #[error("no night has been published yet")]
    NothingPublished,
    #[error("the database is in use or away")]
    Busy,
    #[error("internal error {0}")]
    Internal(u64),
}

impl Problem {
    /// Writes the cause to the log and keeps a number to find it by. The cause must hold no personal data.
    ///
    /// A database that is held by someone else or has gone away is told as what passes: [`Problem::Busy`].
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let cause = cause.into();
        if passes(&*cause) {
            tracing::warn!(%cause, "page put off");
            return Self::Busy;
        }
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        tracing::error!(number, %cause, "page failed");
        Self::Internal(number)
    }

    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unreadable | Self::Misasked(_) | Self::Cursor => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) | Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Changed => StatusCode::PRECONDITION_FAILED,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Conflict | Self::KeyBusy => StatusCode::CONFLICT,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::CrossSite | Self::StaleForm | Self::NotAllowed(_) => StatusCode::FORBIDDEN,
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::NothingPublished | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable code, and the family of messages `problem-<code>-title|cause|next`.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Unreadable | Self::Misasked(_) => "unreadable",
            Self::Cursor => "cursor",
            Self::Method => "method",
            Self::Unsupported => "unsupported",
            Self::KeyReused => "key-reused",
            Self::KeyBusy => "key-busy",
            Self::Changed => "changed",
            Self::TooMany => "too-many",
            Self::Invalid(_) => "invalid",
            Self::TooLarge => "too-large",
            Self::Conflict => "conflict",
            Self::WrongHost => "wrong-host",
            Self::CrossSite => "cross-site",
            Self::StaleForm => "stale-form",
            Self::NotSignedIn => "not-signed-in",
            Self::NotAllowed(_) => "not-allowed",
            Self::NothingPublished => "nothing-published",
            Self::Busy => "busy",
            Self::Internal(_) => "internal",
        }
    }
}

/// Whether the same request may succeed in a moment: somewhere below, the database was held or lost.
fn passes(cause: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(cause), |fault: &&(dyn Error + 'static)| (*fault).source())
        .any(|fault| fault.downcast_ref::<StoreError>().is_some_and(StoreError::is_transient))
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if matches!(self, Self::Busy) {
            response.headers_mut().insert(header::RETRY_AFTER, BUSY_SECONDS);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A problem in the reader's language: what the page and the JSON are made from.
#[derive(Serialize)]
pub(super) struct View {
    pub code: &'static str,
    pub status: u16,
    pub number: Option<u64>,
    pub faults: Vec<FieldFault>,
    /// Why it is not allowed.
    pub reasons: Vec<String>,
}

/// Notes what is asked before routing, and gives every problem, ours or the router's, its page.
pub async fn dress(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let ask = Ask::read(&parts);
    parts.extensions.insert(ask.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    let problem = response.extensions().get::<Problem>().cloned().or_else(|| from_status(&response));
    let Some(problem) = problem else { return response };
    let view = view(&app, &ask, &problem).await;
    let mut dressed = if ask.machine { json(&app, &ask, &view) } else { page(&app, &ask, &problem, &view).await };
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            dressed.headers_mut().insert(name, value.clone());
        }
    }
    dressed
}

/// Refusals of the router and its extractors, which know no pages of ours.
fn from_status(response: &Response) -> Option<Problem> {
    let kind = response.headers().get(header::CONTENT_TYPE).map(|t| t.as_bytes()).unwrap_or_default();
    if kind.starts_with(b"text/html") || kind.starts_with(b"application/") {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Problem::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::Method),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Problem::TooLarge),
        StatusCode::CONFLICT => Some(Problem::Conflict),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Some(Problem::Unreadable)
        }
        status if status.is_server_error() => Some(Problem::internal(status.to_string())),
        _ => None,
    }
}

/// Why something is not allowed, in words.
fn reasons(app: &AppState, lang: Lang, decision: &Decision) -> Vec<String> {
    let (Some(door), Ok(divisions)) = (app.door(), app.divisions()) else { return Vec::new() };
    let authz = door.accounts.authz();
    decision.reasons.iter().map(|reason| authz.say(reason, lang, divisions)).collect()
}

/// Whether a path belongs to a surface that only staff use.
fn is_of_staff(path: &str) -> bool {
    const STAFF: [&str; 10] = ["d", "account", "sign-in", "sign-out", "invite", "register", "go", "admin", "f", "api"];
    path.split('/').nth(1).is_some_and(|first| STAFF.contains(&first))
}

async fn view(app: &AppState, ask: &Ask, problem: &Problem) -> View {
    let reasons = match problem {
        Problem::NotAllowed(decision) => {
            let (lang, decision) = (ask.lang, Arc::clone(decision));
            app.work(move |app| Ok(reasons(app, lang, &decision))).await.unwrap_or_default()
        }
        _ => Vec::new(),
    };
    let mut faults = match problem {
        Problem::Invalid(faults) | Problem::Misasked(faults) => faults.clone(),
        _ => Vec::new(),
    };
    for fault in faults.iter_mut().filter(|fault| fault.cause.is_empty()) {
        fault.cause = app.renderer().voice(ask.lang).word("problem-field");
    }
    View {
        code: problem.code(),
        status: problem.status().as_u16(),
        number: if let Problem::Internal(number) = problem { Some(*number) } else { None },
        faults,
        reasons,
    }
}

async fn page(app: &AppState, ask: &Ask, problem: &Problem, view: &View) -> Response {
    let voice = app.renderer().voice(ask.lang);
    let title = voice.word(&format!("problem-{}-title", view.code));
    let title = voice.say("problem-title", &[("title", title.into())]);
    let mut shell = ask.shell(Rail::Nowhere, title);
    let mut template = "problem.html";
    if !is_of_staff(ask.path()) {
        let lang = ask.lang;
        // Before the first night there is no number to call.
        let frame = app.work(move |app| {
            let (voice, published) = (app.renderer().voice(lang), app.published().ok());
            let portal = published.as_ref().map(|published| &published.world.pack.portal);
            Ok(PortalFrame::new(voice, portal, Section::Nowhere))
        });
        if let Ok(frame) = frame.await {
            shell = shell.in_portal(frame);
            template = "portal/problem.html";
        }
    }
    match app.renderer().page(ask.lang, template, &shell, view) {
        Ok(html) => (problem.status(), Html(html)).into_response(),
        Err(fault) => {
            tracing::error!(%fault, "problem page failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "500").into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_held_is_told_as_what_passes_however_deep_it_lies() {
        let busy = || StoreError::Busy { statement: "INSERT INTO care_visit".into() };
        let lost = || StoreError::Lost { statement: "SELECT 1".into() };
        assert!(matches!(Problem::internal(busy()), Problem::Busy));
        assert!(matches!(Problem::internal(registry::RegistryError::from(lost())), Problem::Busy));
        let deep = cycle::CycleFault::from(registry::RegistryError::from(busy()));
        assert!(matches!(Problem::internal(deep), Problem::Busy));
        assert!(matches!(Problem::internal(StoreError::Nested), Problem::Internal(_)));
        let response = Problem::Busy.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key(header::RETRY_AFTER));
    }
}
