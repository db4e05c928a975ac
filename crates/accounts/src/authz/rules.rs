//! How people sign in and for how long, as `authz/sign-in.toml` states it.

use std::collections::BTreeMap;

use chrono::Duration;
use serde::Deserialize;

use super::Kind;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub password: PasswordRule,
    pub second_factor: SecondFactorRule,
    pub attempts: Attempts,
    pub links: Links,
    pub elder_code: ElderCodeRule,
    pub field_device: FieldDeviceRule,
    pub tokens: TokenRule,
    /// By the name that roles give.
    pub session: BTreeMap<String, SessionRule>,
}

/// How long a phone may keep people without its owner signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldDeviceRule {
    pub forget_after_days: u32,
}

/// Cost of a hash and length of a password.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRule {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
    /// Characters at most.
    pub longest: usize,
    /// Characters at least, by kind of account.
    pub shortest: BTreeMap<String, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorRule {
    /// Kinds of account that must have one.
    pub required: Vec<String>,
    pub issuer: String,
    /// Steps of 30 seconds that a code may be early or late.
    pub steps_around: u32,
    pub recovery_codes: usize,
    pub minutes_to_answer: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempts {
    pub account: AttemptRule,
    pub source: AttemptRule,
    /// On a number that opens something together with a few digits.
    pub number: AttemptRule,
}

/// How wrong attempts slow down the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptRule {
    /// Wrong attempts without a wait.
    pub free: u32,
    pub first_wait_seconds: u32,
    pub longest_wait_seconds: u32,
    pub forgotten_after_hours: u32,
    /// Locks the account for good.
    pub lock_after: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    pub invitation_hours: u32,
    pub reset_hours: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElderCodeRule {
    pub hours: u32,
    pub tries: u32,
}

/// Tokens with which programs speak for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRule {
    pub longest_days: u32,
    pub most_of_account: usize,
}

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRule {
    pub idle_minutes: u32,
    pub whole_hours: u32,
}

impl SessionRule {
    #[must_use]
    pub fn idle(&self) -> Duration {
        Duration::minutes(i64::from(self.idle_minutes))
    }

    #[must_use]
    pub fn whole(&self) -> Duration {
        Duration::hours(i64::from(self.whole_hours))
    }

    /// The shorter of each.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        Self {
            idle_minutes: self.idle_minutes.min(other.idle_minutes),
            whole_hours: self.whole_hours.min(other.whole_hours),
        }
    }
}

impl Rules {
    /// Characters that a password of this kind of account has at least.
    #[must_use]
    pub fn shortest_password(&self, kind: Kind) -> usize {
        self.password.shortest.get(kind.name()).copied().unwrap_or(usize::MAX)
    }

    /// Whether a password alone is not enough.
    #[must_use]
    pub fn needs_second_factor(&self, kind: Kind) -> bool {
        self.second_factor.required.iter().any(|required| required == kind.name())
    }
}
