//! Signing in by a government's identity provider: OpenID Connect, authorization code with PKCE.
//!
//! The relying party's side and no more: where to send the browser, what to make of its return, whether a token is
//! what it says. It knows no account and keeps nothing: what a sign-in has to remember travels with the browser,
//! sealed by the caller. Blocking, like everything below `web`.

mod address;
mod claims;
mod discovery;
mod error;
mod http;
mod jws;
mod settings;
mod sign_in;

pub use discovery::Provider;
pub use error::OidcError;
pub use settings::Settings;
pub use sign_in::{Begun, Identity, Returned};
