//! Asks to be told. The secret for checking signatures is shown this once.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use exchange::ExchangeError;
use exchange::subscriptions::{self, NewSubscription};
use kernel::DivisionCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Name, owner};
use crate::api::Given;
use crate::api::doc::Doc;
use crate::api::shapes::Code;
use crate::edge::{Ask, FieldFault, Problem};
use crate::state::AppState;

/// What to tell, and where.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// `https://…`; never this machine or a private network, unless the installation's settings name the host.
    #[schemars(length(min = 9, max = 400))]
    address: String,
    #[schemars(length(min = 1, max = 6))]
    events: Vec<Name>,
    /// Only what happens here.
    #[schemars(with = "Option<Code>")]
    division: Option<DivisionCode>,
}

/// The webhook with its secret.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WebhookMade")]
pub struct Made {
    id: i64,
    /// For checking `Yilian-Signature`; shown this once.
    secret: String,
}

/// `POST /api/v1/webhooks`
pub async fn make(
    State(app): State<AppState>,
    ask: Ask,
    Given(new): Given<NewWebhook>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let made = app.open_night(&ask, move |opened| {
        let voice = opened.desk.voice;
        let wrong = |field: &str, cause: String| Problem::Invalid(vec![FieldFault { field: field.into(), cause }]);
        if new.events.is_empty() {
            return Err(wrong("events", voice.word("problem-field")));
        }
        let wanted = NewSubscription {
            account: owner(opened)?,
            address: new.address,
            events: new.events.iter().map(|event| event.name().to_owned()).collect(),
            division: new.division,
        };
        let (guard, now) = (opened.app.guard(), opened.app.clock().now());
        let done =
            opened.try_ask(|session| Ok(subscriptions::subscribe(session, opened.keys(), guard, &wanted, now)))?;
        match done {
            Ok((id, secret)) => Ok(Made { id: id.0, secret }),
            Err(ExchangeError::Address(fault)) => {
                Err(wrong("address", voice.word(&format!("api-address-{}", fault.code()))))
            }
            Err(ExchangeError::Full(most)) => {
                Err(wrong("", voice.say("api-webhooks-full", &[("n", most.to_string().into())])))
            }
            Err(other) => Err(Problem::internal(other)),
        }
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

pub fn doc() -> Doc {
    Doc::of::<Made>("webhooks-make").takes::<NewWebhook>().makes().refuses(&["not-found"])
}
