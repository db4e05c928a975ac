//! Typed ids: a person's id can't be passed where a list's is wanted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// The letter that opens the printed form.
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{:08}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = String;

            /// Reads `P00000012` or the bare number `12`.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let digits = text.strip_prefix($prefix).unwrap_or(text);
                digits
                    .parse()
                    .map(Self)
                    .map_err(|_| format!("not an id of the form {}00000001", $prefix))
            }
        }
    };
}

typed_id!(
    /// A person in the registry, in the order in which lists and rows first named them.
    PersonId, "P");
typed_id!(
    /// A place, housing project, training course or any other non-person thing a list names.
    PlaceId, "F");
typed_id!(
    /// One received file of a departmental list.
    ListId, "L");
typed_id!(
    /// What one row of a list says about one subject.
    StatementId, "S");
typed_id!(
    /// One run of the nightly cycle.
    RunId, "R");
typed_id!(
    /// One thing to do that the cycle found.
    WorkItemId, "W");
typed_id!(
    /// Evidence that a duty of a plan was done.
    DutyReportId, "D");
typed_id!(
    /// Someone who signs in.
    UserId, "U");

typed_id!(
    /// What is asked for, decided and given of one benefit for one person, from the first contact to the end.
    MatterId, "M");

#[cfg(test)]
mod tests {
    use super::PersonId;

    #[test]
    fn printed_id_reads_back() {
        assert_eq!(PersonId(12).to_string(), "P00000012");
        assert_eq!("P00000012".parse(), Ok(PersonId(12)));
        assert_eq!("12".parse(), Ok(PersonId(12)));
        assert!("X1".parse::<PersonId>().is_err());
    }
}
