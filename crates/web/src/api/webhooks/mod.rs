//! Webhooks: a system is told what happened instead of asking for it.

pub mod all;
pub mod deliveries;
pub mod end;
pub mod events;
pub mod make;

use exchange::subscriptions::Subscription;
use kernel::UserId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shapes::{Code, Moment};
use crate::edge::Problem;
use crate::opened::Opened;

/// What can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EventName")]
pub enum Name {
    #[serde(rename = "night.published")]
    NightPublished,
    #[serde(rename = "list.accepted")]
    ListAccepted,
    #[serde(rename = "list.held")]
    ListHeld,
    #[serde(rename = "list.refused")]
    ListRefused,
    #[serde(rename = "application.filed")]
    ApplicationFiled,
    #[serde(rename = "application.decided")]
    ApplicationDecided,
}

impl Name {
    pub const ALL: [Self; 6] = [
        Self::NightPublished,
        Self::ListAccepted,
        Self::ListHeld,
        Self::ListRefused,
        Self::ApplicationFiled,
        Self::ApplicationDecided,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::NightPublished => "night.published",
            Self::ListAccepted => "list.accepted",
            Self::ListHeld => "list.held",
            Self::ListRefused => "list.refused",
            Self::ApplicationFiled => "application.filed",
            Self::ApplicationDecided => "application.decided",
        }
    }
}

/// One subscription.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Webhook {
    id: i64,
    address: String,
    events: Vec<String>,
    #[schemars(with = "Option<Code>")]
    division: Option<String>,
    #[schemars(with = "Moment")]
    made_at: String,
}

impl Webhook {
    pub fn of(one: &Subscription) -> Self {
        Self {
            id: one.id.0,
            address: one.address.clone(),
            events: one.events.iter().cloned().collect(),
            division: one.division.map(|code| code.to_string()),
            made_at: store::stamp(one.made_at),
        }
    }
}

/// Whose subscriptions these are: nobody's while nobody has an account.
fn owner(opened: &Opened<'_>) -> Result<UserId, Problem> {
    opened.viewer.signed().map(|signed| signed.user).ok_or(Problem::NotFound)
}
