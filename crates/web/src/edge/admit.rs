//! Lets a request to the desk through when someone has signed in who may; everyone else is led to the door or told why.

use std::sync::Arc;

use accounts::authz::Target;
use accounts::signing::{Signed, Stage};
use accounts::tokens;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{AUTHORIZATION, SET_COOKIE};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::{Ask, Problem, Viewer, Within, token};
use crate::parts::address;
use crate::routes::{About, right_of};
use crate::state::AppState;

/// For every route of the desk; without a door it lets everything through.
pub async fn admit(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if app.door().is_none() {
        return next.run(request).await;
    }
    let ask = request.extensions().get::<Ask>().cloned();
    let Some(mut ask) = ask else { return Problem::internal("a request was not read").into_response() };
    let bearer = ask.machine && request.headers().contains_key(AUTHORIZATION);
    let found = if bearer { by_token(&app, request.headers()).await } else { signed(&app, request.headers()).await };
    let signed = match found {
        Ok(signed) => signed,
        Err(problem) => return problem.into_response(),
    };
    let Some(signed) = signed else { return to_the_door(&ask, request.method()) };
    if let Some(step) = unfinished(&ask, &signed) {
        return step;
    }
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let (signed, method) = (Arc::new(signed), request.method().clone());
    // No handler stands without a line of rights, so the router itself says which methods there are.
    if right_of(&method, &route).is_none() {
        return next.run(request).await;
    }
    let who = Arc::clone(&signed);
    let within = match app.work(move |app| allowed(app, &who, &method, &route)).await {
        Ok(within) => within,
        Err(problem) => {
            if let Problem::NotAllowed(_) = problem {
                tracing::warn!(account = %signed.user, "refused");
            }
            return problem.into_response();
        }
    };
    let session = signed.session;
    let fits = |given: &str| app.door().is_some_and(|door| door.accounts.csrf_fits(session, given));
    // What carries a token of a program is sent on purpose and by no form.
    let checked = if signed.by_token.is_some() { Ok(request) } else { token::checked(request, fits).await };
    let mut request = match checked {
        Ok(request) => request,
        Err(problem) => return problem.into_response(),
    };
    let renewed = app.door().zip(signed.renewed.as_ref()).map(|(door, token)| door.cookie(token));
    let pad = app.keys().blind("csrf pad", &app.next_pad());
    ask.token = Some(token::masked(&signed.csrf, pad));
    ask.viewer = Viewer::Signed(signed);
    ask.within = within;
    request.extensions_mut().insert(ask);
    let mut response = next.run(request).await;
    if let Some(cookie) = renewed {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Whoever the request's cookie stands for.
///
/// # Errors
/// Those of the database.
pub async fn signed(app: &AppState, headers: &HeaderMap) -> Result<Option<Signed>, Problem> {
    let Some(token) = app.door().and_then(|door| door.token(headers)) else { return Ok(None) };
    app.work(move |app| {
        let Some(door) = app.door() else { return Ok(None) };
        door.accounts.authenticate(&mut app.session()?, &token).map_err(Problem::internal)
    })
    .await
}

/// Whom the request's token speaks for. A header that holds none of ours is nobody's: the cookie is not looked at.
async fn by_token(app: &AppState, headers: &HeaderMap) -> Result<Option<Signed>, Problem> {
    let said = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, word) = said.split_once(' ').unwrap_or_default();
    let token = Some(word.trim()).filter(|_| scheme.eq_ignore_ascii_case("bearer")).and_then(tokens::read);
    let Some(token) = token else { return Ok(None) };
    app.work(move |app| {
        let Some(door) = app.door() else { return Ok(None) };
        door.accounts.authenticate_token(&mut app.session()?, &token).map_err(Problem::internal)
    })
    .await
}

fn to_the_door(ask: &Ask, method: &Method) -> Response {
    if !ask.machine && (*method == Method::GET || *method == Method::HEAD) {
        Redirect::to(&ask.href(&address("/sign-in", &[("back", &ask.here)]))).into_response()
    } else {
        Problem::NotSignedIn.into_response()
    }
}

fn unfinished(ask: &Ask, signed: &Signed) -> Option<Response> {
    let step = match signed.stage {
        Stage::Whole => return None,
        _ if ask.machine => return Some(Problem::NotSignedIn.into_response()),
        Stage::SecondFactor => "/sign-in/code",
        Stage::Enrol => "/sign-in/set-up",
    };
    Some(Redirect::to(&ask.href(step)).into_response())
}

/// Asks the published night where the region lies, so it belongs beside the server's threads.
fn allowed(app: &AppState, signed: &Signed, method: &Method, route: &str) -> Result<Within, Problem> {
    let authz = app.door().ok_or(Problem::NotFound)?.accounts.authz();
    let (permission, about) = right_of(method, route).ok_or(Problem::NotFound)?;
    let refused = |target: &Target| {
        let decision = authz.decide(&signed.principal, permission, target);
        Problem::NotAllowed(Arc::new(decision))
    };
    let scope = authz.scope(&signed.principal, permission);
    let fits = match about {
        About::Nothing => scope.everything,
        About::People | About::Accounts => !scope.is_nothing(),
        About::Divisions => {
            let published = app.published()?;
            scope.everything || scope.divisions.iter().any(|own| published.world.pack.covers(*own))
        }
        About::Whole => {
            let published = app.published()?;
            let roots = &published.world.pack.roots;
            if let Some(outside) = roots.iter().find(|root| !scope.everything && !scope.holds_division(**root)) {
                return Err(refused(&Target::division(*outside)));
            }
            true
        }
    };
    if fits { Ok(Within(Some(Arc::new(scope)))) } else { Err(refused(&Target::NOTHING)) }
}
