//! Signing in and staying signed in: password, second factor, waits after wrong attempts, sessions.

pub mod attempts;
mod enrol;
mod guess;
mod recovery;
mod sessions;
mod sign_in;
pub mod totp;

pub use enrol::{Enrolled, SecondFactorSetup};
pub use guess::Guess;
pub use sessions::{NewSession, SessionId, SessionLine, Signed, Stage};
pub use sign_in::{Attempt, SignedIn};
