//! A matter and the machine it follows. Pure.

use std::fmt;
use std::str::FromStr;

use kernel::{Date, DivisionCode, MatterId, PersonId};
use serde::Serialize;

use crate::BenefitsError;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$note])* $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in tables and addresses.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $name {
            type Err = BenefitsError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|one| one.name() == text).ok_or(BenefitsError::Stored(stringify!($name)))
            }
        }
    };
}

words! {
    /// How far a matter is.
    State {
        /// Tried to reach, no answer yet.
        Contacting = "contacting",
        /// Said yes; nothing is filed yet.
        Accepted = "accepted",
        /// Asked for; papers come together.
        Filed = "filed",
        /// Someone recommends; a second person decides.
        Recommended = "recommended",
        Granted = "granted",
        /// It is proposed to end the award.
        Stopping = "stopping",
        /// Said no.
        Declined = "declined",
        Refused = "refused",
        Withdrawn = "withdrawn",
        /// What is given once was given.
        Delivered = "delivered",
        /// The award came to its end.
        Ended = "ended",
    }
}

words! {
    /// What is done to a matter.
    Deed {
        ContactAccepted = "contact_accepted",
        ContactDeclined = "contact_declined",
        ContactUnreached = "contact_unreached",
        File = "file",
        Papers = "papers",
        Recommend = "recommend",
        /// Sent back by whoever was to decide.
        GiveBack = "give_back",
        Grant = "grant",
        Refuse = "refuse",
        Withdraw = "withdraw",
        /// The notice reached the person.
        Notify = "notify",
        /// What is given once was given.
        Deliver = "deliver",
        ProposeStop = "propose_stop",
        ConfirmStop = "confirm_stop",
        /// The proposal to stop was turned down.
        KeepOn = "keep_on",
        /// Taken up again: a mistake, a change of mind, a review.
        Reopen = "reopen",
        /// A grant or delivery is taken back as mistaken; it is decided anew.
        Void = "void",
    }
}

words! {
    /// As what someone acts.
    How {
        Staff = "staff",
        Visitor = "visitor",
        Family = "family",
        Elder = "elder",
        /// From the public pages, without an account.
        Portal = "portal",
    }
}

words! {
    /// What is recommended.
    Verdict { Grant = "grant", Refuse = "refuse" }
}

words! {
    /// Why an award is to end.
    StopCause {
        Died = "died",
        MovedAway = "moved_away",
        NoLongerMet = "no_longer_met",
        /// Said in words.
        Other = "other",
    }
}

impl State {
    /// Nothing is to be done any more.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Declined | Self::Refused | Self::Withdrawn | Self::Delivered | Self::Ended)
    }

    /// The state after a deed; none when it can't be done. `None` is a matter that does not exist yet.
    #[must_use]
    pub const fn after(state: Option<Self>, deed: Deed) -> Option<Self> {
        use State as S;
        Some(match (state, deed) {
            (None | Some(S::Contacting | S::Accepted), Deed::ContactAccepted) => S::Accepted,
            (None | Some(S::Contacting | S::Accepted), Deed::ContactDeclined) => S::Declined,
            (None | Some(S::Contacting | S::Accepted), Deed::ContactUnreached) => S::Contacting,
            (None | Some(S::Contacting | S::Accepted), Deed::File) => S::Filed,
            (Some(S::Filed), Deed::Papers) => S::Filed,
            (Some(S::Filed), Deed::Recommend) => S::Recommended,
            (Some(S::Recommended), Deed::GiveBack) => S::Filed,
            (Some(S::Recommended), Deed::Grant) => S::Granted,
            (Some(S::Recommended), Deed::Refuse) => S::Refused,
            (Some(S::Contacting | S::Accepted | S::Filed | S::Recommended), Deed::Withdraw) => S::Withdrawn,
            (Some(S::Granted), Deed::Notify) => S::Granted,
            (Some(S::Refused), Deed::Notify) => S::Refused,
            (Some(S::Ended), Deed::Notify) => S::Ended,
            (Some(S::Granted), Deed::Deliver) => S::Delivered,
            (Some(S::Granted), Deed::ProposeStop) => S::Stopping,
            (Some(S::Stopping), Deed::ConfirmStop) => S::Ended,
            (Some(S::Stopping), Deed::KeepOn) => S::Granted,
            (Some(S::Declined), Deed::Reopen) => S::Contacting,
            (Some(S::Withdrawn), Deed::Reopen) => S::Accepted,
            (Some(S::Refused), Deed::Reopen) => S::Filed,
            (Some(S::Granted | S::Delivered), Deed::Void) => S::Filed,
            _ => return None,
        })
    }
}

/// A matter as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matter {
    pub id: MatterId,
    /// What a person follows it by.
    pub number: String,
    pub rule: String,
    /// `cash`, `service`, `in_kind`.
    pub benefit_kind: String,
    pub pack: String,
    pub pack_version: String,
    pub person: PersonId,
    pub village: DivisionCode,
    pub state: State,
    /// The pack's step that comes next, or `stop`; none: nothing.
    pub step: Option<String>,
    pub step_since: Date,
    /// Last day of the step; none: the pack names no deadline.
    pub due_on: Option<Date>,
    pub opened_on: Date,
    pub filed_on: Option<Date>,
    pub filed_by: Option<String>,
    pub filed_as: Option<How>,
    pub recommended_by: Option<String>,
    pub recommends: Option<Verdict>,
    pub decided_on: Option<Date>,
    pub decided_by: Option<String>,
    /// Who proposed to stop, and from which day.
    pub stop_by: Option<String>,
    pub stop_from: Option<Date>,
    pub closed_on: Option<Date>,
    /// Papers seen, by their place in the pack's list, from 0.
    pub papers: Vec<usize>,
    /// How many events it has; the next one's number less one.
    pub events: i64,
}

impl Matter {
    /// Whether someone may decide on it: not whoever filed, recommended, or decided it before a review.
    #[must_use]
    pub fn may_decide(&self, actor: &str) -> bool {
        ![&self.filed_by, &self.recommended_by, &self.decided_by].into_iter().any(|by| by.as_deref() == Some(actor))
    }

    /// Whether ending it takes a second person: where money is paid.
    #[must_use]
    pub fn may_confirm_stop(&self, actor: &str) -> bool {
        self.benefit_kind != "cash" || self.stop_by.as_deref() != Some(actor)
    }

    /// Whether it is late on a day.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due_on.is_some_and(|due| due < today)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_decided_that_was_not_filed_and_recommended() {
        for deed in [Deed::Grant, Deed::Refuse] {
            let from: Vec<_> = State::ALL.iter().filter(|s| State::after(Some(**s), deed).is_some()).collect();
            assert_eq!(from, [&State::Recommended]);
        }
        assert!(State::after(None, Deed::Grant).is_none());
    }

    #[test]
    fn a_closed_matter_opens_again_by_reopening_or_voiding_only() {
        for state in State::ALL.iter().copied().filter(|s| s.is_closed()) {
            for deed in Deed::ALL.iter().copied() {
                let open = State::after(Some(state), deed).is_some_and(|next| !next.is_closed());
                assert!(!open || matches!(deed, Deed::Reopen | Deed::Void), "{state} {deed}");
            }
        }
    }

    proptest! {
        /// Whatever is tried in whatever order: an award runs only after a filing, a recommendation and a grant, in
        /// that order and none of them undone in between.
        #[test]
        fn every_path_to_an_award_was_filed_recommended_and_granted(
            deeds in proptest::collection::vec(proptest::sample::select(Deed::ALL), 0..40)
        ) {
            let (mut state, mut path) = (None, Vec::new());
            for deed in deeds {
                if let Some(next) = State::after(state, deed) {
                    state = Some(next);
                    match deed {
                        Deed::File | Deed::Reopen | Deed::Void | Deed::GiveBack => path = vec![Deed::File],
                        Deed::Recommend | Deed::Grant => path.push(deed),
                        _ => {}
                    }
                }
            }
            if matches!(state, Some(State::Granted | State::Stopping | State::Delivered | State::Ended)) {
                prop_assert_eq!(path, vec![Deed::File, Deed::Recommend, Deed::Grant]);
            }
        }
    }
}
