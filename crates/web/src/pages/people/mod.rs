//! People: finding one, and everything known and decided about one.

pub mod history;
pub mod search;
pub mod show;
