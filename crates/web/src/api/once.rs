//! Does a request with an `Idempotency-Key` once and answers it alike when it comes again.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use exchange::once::{self, Answer, Asked, Begun};
use sha2::{Digest, Sha256};

use super::lists::import;
use crate::edge::{Ask, FieldFault, Problem};
use crate::routes::endpoints;
use crate::state::AppState;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const LONGEST: usize = 100;

/// What a request without a file may hold, as everywhere else.
const REQUEST: usize = 2 * 1024 * 1024;

/// Answers longer than this are not kept: nothing that takes a key gives as much.
const MOST: usize = 512 * 1024;

/// For every route of the interface; only those that take a key look at one.
pub async fn once(State(app): State<AppState>, request: Request, next: Next) -> Response {
    match asked(&app, request).await {
        Ok(Turn::Pass(request)) => next.run(request).await,
        Ok(Turn::Do(asked, request)) => carry_out(&app, asked, request, next).await,
        Ok(Turn::Answer(answer)) => answer,
        Err(problem) => problem.into_response(),
    }
}

enum Turn {
    /// Without a key.
    Pass(Request),
    Do(Arc<Asked>, Request),
    Answer(Response),
}

async fn asked(app: &AppState, request: Request) -> Result<Turn, Problem> {
    let Some(key) = request.headers().get(&HEADER).filter(|_| takes_a_key(&request)).cloned() else {
        return Ok(Turn::Pass(request));
    };
    let key = key.to_str().ok().map(str::trim).filter(|key| !key.is_empty() && key.len() <= LONGEST);
    let key = key.filter(|key| key.bytes().all(|b| b.is_ascii_graphic())).ok_or_else(wrong_key)?.to_owned();
    let account = request.extensions().get::<Ask>().and_then(|ask| ask.viewer.signed().map(|signed| signed.user.0));
    let (parts, body) = request.into_parts();
    let most = if parts.uri.path() == import::PATH { import::BYTES } else { REQUEST };
    let body = to_bytes(body, most).await.map_err(|_| Problem::TooLarge)?;
    let mut digest = Sha256::new();
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    for part in [parts.method.as_str().as_bytes(), address.as_bytes(), &body] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let asked = Arc::new(Asked { account: account.unwrap_or(0), key, digest: digest.finalize().into() });
    let begun = {
        let asked = Arc::clone(&asked);
        app.work(move |app| {
            let (mut session, now) = (app.session()?, app.clock().now());
            once::tidy(&mut session, now).map_err(Problem::internal)?;
            once::begin(&mut session, app.keys(), &asked, now).map_err(Problem::internal)
        })
        .await?
    };
    match begun {
        Begun::New => Ok(Turn::Do(asked, Request::from_parts(parts, Body::from(body)))),
        Begun::Again(answer) => {
            let mut again = shown(&answer)?;
            again.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            Ok(Turn::Answer(again))
        }
        Begun::Reused => Err(Problem::KeyReused),
        Begun::Busy => {
            let mut busy = Problem::KeyBusy.into_response();
            busy.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
            Ok(Turn::Answer(busy))
        }
    }
}

fn wrong_key() -> Problem {
    Problem::Misasked(vec![FieldFault { field: HEADER.to_string(), cause: String::new() }])
}

fn takes_a_key(request: &Request) -> bool {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    endpoints().iter().any(|one| one.method == *request.method() && one.path == path && (one.doc)().once)
}

async fn carry_out(app: &AppState, asked: Arc<Asked>, request: Request, next: Next) -> Response {
    // Without this a client that hangs up would leave the key taken: the request is carried to its end.
    let (app, done) = (app.clone(), tokio::spawn(next.run(request)).await);
    let Ok(response) = done else { return Problem::internal("a request's work panicked").into_response() };
    // A refusal that another try could turn is not kept; a problem has no body yet.
    let keep = response.status().is_success();
    let (parts, body) = response.into_parts();
    let read = if keep { Some(to_bytes(body, MOST).await.map_err(Problem::internal)) } else { None };
    let Some(body) = read else {
        let asked = Arc::clone(&asked);
        let dropped = app.work(move |app| once::give_up(&mut app.session()?, &asked).map_err(Problem::internal)).await;
        return dropped.err().map_or_else(|| Response::from_parts(parts, Body::empty()), IntoResponse::into_response);
    };
    let body = match body {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let answer = Answer { status: parts.status.as_u16(), kind, body: body.to_vec() };
    let kept =
        app.work(move |app| once::finish(&mut app.session()?, app.keys(), &asked, &answer).map_err(Problem::internal));
    match kept.await {
        Ok(()) => Response::from_parts(parts, Body::from(body)),
        Err(problem) => problem.into_response(),
    }
}

fn shown(answer: &Answer) -> Result<Response, Problem> {
    let status = StatusCode::from_u16(answer.status).map_err(Problem::internal)?;
    let mut response = (status, Bytes::from(answer.body.clone())).into_response();
    let kind = HeaderValue::from_str(&answer.kind).map_err(Problem::internal)?;
    response.headers_mut().remove(CONTENT_TYPE);
    if !answer.kind.is_empty() {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    Ok(response)
}
