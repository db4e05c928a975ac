//! People: finding one, and everything known and decided about one.

mod entries;
mod facts;
mod history;
mod known;
pub mod search;
pub mod show;
