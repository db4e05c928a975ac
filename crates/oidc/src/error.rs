//! Why nobody was signed in. No variant holds a token, a code or what a provider says of a person.

/// By what the caller can do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The file with the provider's settings can't stand.
    #[error("{file}: {cause}")]
    Settings { file: String, cause: String },
    /// The provider can't be reached or answered with a fault: try again, or sign in with a password.
    #[error("identity provider {issuer}: {cause}")]
    Provider { issuer: String, cause: String },
    /// The provider says that the person did not sign in.
    #[error("the identity provider answered {0}")]
    Declined(String),
    /// The browser came back with something that was not begun here, or was changed on the way.
    #[error("the answer does not belong to a sign-in begun here")]
    NotOurs,
    /// The token is not what it has to be; the reason names the check.
    #[error("the identity token fails its check: {0}")]
    Token(&'static str),
}
