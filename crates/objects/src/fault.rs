//! What can go wrong with an object store, told apart by what the caller can do.

/// Names objects, never what is in them, and never a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectFault {
    #[error("{address} is no place for objects: give a folder or s3://bucket/prefix")]
    Address { address: String },
    #[error(
        "{name} is not set; S3 is reached with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if not Amazon's own, AWS_ENDPOINT_URL"
    )]
    Access { name: &'static str },
    /// Nobody answers, or the disk fails. Try again.
    #[error("could not {doing} {name}: {cause}")]
    Unreachable { doing: &'static str, name: String, cause: String },
    /// The store said no.
    #[error("could not {doing} {name}: the store answered {status} {code}")]
    Refused { doing: &'static str, name: String, status: u16, code: String },
    #[error("the day {day} is not there")]
    NoDay { day: String },
    /// Not what the manifest tells of.
    #[error("{name} is not as its manifest says: pull it again, or push the day anew")]
    Damaged { name: String },
}
