//! Signing in by a government's identity provider, and linking an identity to one's account.

use accounts::AccountsError;
use accounts::Actor;
use accounts::external::ExternalIdentity;
use accounts::signing::{SessionId, SignedIn, Stage};
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use kernel::Lang;
use oidc::{Begun, OidcError, Returned};
use serde::{Deserialize, Serialize};

use super::name::offer;
use super::{back, device, door, go};
use crate::edge::{Ask, Problem, signed};
use crate::parts::address;
use crate::state::AppState;

const COOKIE: &str = "yilian-provider";
const CONTEXT: &str = "provider sign-in";
/// For finding one's papers and the phone.
const PATIENCE: Duration = Duration::minutes(10);

/// What has to be known when the browser comes back; it travels sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    begun: Begun,
    back: String,
    english: bool,
    at: DateTime<Utc>,
    /// Not a sign-in: the identity is to be linked to the account of this session.
    link_to: Option<i64>,
}

#[derive(Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    back: String,
}

/// `GET /sign-in/government`: out to the provider.
pub async fn begin(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    out(app, ask, back(&params.back).to_owned(), None).await
}

/// `POST /account/identity`: the same, to link.
pub async fn link(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    let session = ask.viewer.signed().ok_or(Problem::NotSignedIn)?.session;
    out(app, ask, "/account".to_owned(), Some(session.0)).await
}

async fn out(app: AppState, ask: Ask, back: String, link_to: Option<i64>) -> Result<Response, Problem> {
    let door = door(&app)?;
    app.provider().ok_or(Problem::NotFound)?;
    let begun = app.work(move |app| Ok(app.provider().map(|agreed| agreed.provider().map(|known| known.begin()))));
    let (to, begun) = match begun.await? {
        Some(Ok(begun)) => begun,
        Some(Err(fault)) => return told(app, ask, back, &fault).await,
        None => return Err(Problem::NotFound),
    };
    let kept = Kept { begun, back, english: ask.lang == Lang::En, at: app.clock().now(), link_to };
    let text = serde_json::to_vec(&kept).map_err(Problem::internal)?;
    let sealed = URL_SAFE_NO_PAD.encode(app.keys().seal(CONTEXT, &text));
    Ok(([(SET_COOKIE, door.step(COOKIE, &sealed))], Redirect::to(&to)).into_response())
}

fn kept(app: &AppState, headers: &HeaderMap) -> Option<Kept> {
    let sealed = URL_SAFE_NO_PAD.decode(app.door()?.step_of(headers, COOKIE)?).ok()?;
    let kept: Kept = serde_json::from_slice(&app.keys().open(CONTEXT, &sealed).ok()?).ok()?;
    let age = app.clock().now() - kept.at;
    (age >= Duration::zero() && age < PATIENCE).then_some(kept)
}

/// `GET /sign-in/back`: the provider sends the browser here.
pub async fn returned(
    State(app): State<AppState>,
    mut ask: Ask,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Result<Response, Problem> {
    let door = door(&app)?;
    app.provider().ok_or(Problem::NotFound)?;
    let Some(kept) = kept(&app, &headers) else {
        let fault = app.renderer().voice(ask.lang).word("sign-in-provider-stale");
        return offer(&app, &ask, StatusCode::UNPROCESSABLE_ENTITY, String::new(), Some(fault)).await;
    };
    // The provider knows one address of ours, without a language.
    if kept.english {
        ask = ask.in_english();
    }
    let mut answer = finish(app, ask, &headers, kept, returned).await?;
    // A code is good once, and so is what was kept for it.
    answer.headers_mut().append(SET_COOKIE, door.step(COOKIE, ""));
    Ok(answer)
}

async fn finish(
    app: AppState,
    ask: Ask,
    headers: &HeaderMap,
    kept: Kept,
    returned: Returned,
) -> Result<Response, Problem> {
    let door = door(&app)?;
    let Kept { begun, back, link_to, .. } = kept;
    let found = app.work(move |app| {
        let agreed = app.provider().ok_or(Problem::NotFound)?;
        Ok(agreed.provider().and_then(|known| known.finish(&begun, &returned, app.clock().now())))
    });
    let identity = match found.await? {
        Ok(identity) => identity,
        Err(fault) => return told(app, ask, back, &fault).await,
    };
    let accounts = door.accounts.clone();
    if let Some(session) = link_to {
        let who = signed(&app, headers).await?;
        let who = who.filter(|who| who.stage == Stage::Whole && who.session == SessionId(session));
        let who = who.ok_or(Problem::NotSignedIn)?;
        let done = app.work(move |app| {
            let identity =
                ExternalIdentity { issuer: &identity.issuer, subject: &identity.subject, second_factor: false };
            let actor = Actor::User(&who.principal);
            Ok(accounts.link_identity(&mut app.session()?, actor, who.user, &identity))
        });
        return match done.await? {
            Ok(()) => Ok(Redirect::to(&ask.href("/account#identity")).into_response()),
            Err(AccountsError::IdentityTaken) => {
                let fault = app.renderer().voice(ask.lang).word("sign-in-taken");
                offer(&app, &ask, StatusCode::CONFLICT, back, Some(fault)).await
            }
            Err(other) => Err(Problem::internal(other)),
        };
    }
    let on = device(headers);
    let done = app.work(move |app| {
        let identity = ExternalIdentity {
            issuer: &identity.issuer,
            subject: &identity.subject,
            second_factor: identity.second_factor,
        };
        Ok(accounts.sign_in_by_provider(&mut app.session()?, &identity, &on))
    });
    let after = |step: &str| ask.href(&address(step, &[("back", &back)]));
    match done.await? {
        Ok(SignedIn::Whole(session)) => Ok(go(&door, &session, &ask.href(&back))),
        Ok(SignedIn::SecondFactor(session)) => Ok(go(&door, &session, &after("/sign-in/code"))),
        Ok(SignedIn::Enrol(session)) => Ok(go(&door, &session, &after("/sign-in/set-up"))),
        Err(fault) => {
            let fault = match fault {
                AccountsError::Refused => app.renderer().voice(ask.lang).word("sign-in-provider-unknown"),
                other => super::told(&app, &ask, other)?,
            };
            offer(&app, &ask, StatusCode::UNPROCESSABLE_ENTITY, back, Some(fault)).await
        }
    }
}

/// Why the provider let nobody in, on the sign-in page, where the password still works.
async fn told(app: AppState, ask: Ask, back: String, fault: &OidcError) -> Result<Response, Problem> {
    tracing::warn!(%fault, "no sign-in by the identity provider");
    let word = match fault {
        OidcError::Declined(_) => "sign-in-provider-declined",
        OidcError::NotOurs => "sign-in-provider-stale",
        OidcError::Settings { .. } | OidcError::Provider { .. } | OidcError::Token(_) => "sign-in-provider-down",
    };
    let word = app.renderer().voice(ask.lang).word(word);
    offer(&app, &ask, StatusCode::UNPROCESSABLE_ENTITY, back, Some(word)).await
}
