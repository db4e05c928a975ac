//! Ids made on a phone: a UUID or a ULID, kept as it came.

use std::fmt;
use std::str::FromStr;

/// The id of an operation, a device or an attachment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(String);

/// Why a text is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID or ULID")]
pub struct IdFault;

impl FromStr for OperationId {
    type Err = IdFault;

    fn from_str(text: &str) -> Result<Self, IdFault> {
        let uuid = text.len() == 36
            && text.bytes().enumerate().all(|(at, b)| match at {
                8 | 13 | 18 | 23 => b == b'-',
                _ => matches!(b, b'0'..=b'9' | b'a'..=b'f'),
            });
        // Crockford's letters: no I, L, O, U.
        let ulid = text.len() == 26
            && text.starts_with(|c| ('0'..='7').contains(&c))
            && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() && !b"ILOU".contains(&b));
        if uuid || ulid { Ok(Self(text.to_owned())) } else { Err(IdFault) }
    }
}

impl OperationId {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&OperationId> for store::Value {
    fn from(id: &OperationId) -> Self {
        Self::Text(id.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::OperationId;

    #[test]
    fn only_uuids_and_ulids_are_ids() {
        for good in ["0190b2c4-7a5e-7c3d-8f21-0123456789ab", "01J2XYZABCDEFGHJKMNPQRSTV0"] {
            assert!(good.parse::<OperationId>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "1",
            "0190B2C4-7A5E-7C3D-8F21-0123456789AB",
            "01J2XYZABCDEFGHJKMNPQRSTU0",
            "' OR 1=1 --",
            "../../etc/passwd",
        ] {
            assert!(bad.parse::<OperationId>().is_err(), "{bad}");
        }
    }
}
