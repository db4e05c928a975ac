//! The public pages: what am I due, services, places, registers, and the words about the pages themselves.

pub mod answered;
pub mod callback;
pub mod check;
pub mod consult;
pub mod home;
pub mod law;
pub mod me;
pub mod open;
pub mod places;
pub mod result;
#[cfg(test)]
pub mod samples;
pub mod services;
pub mod small;
pub mod words;
