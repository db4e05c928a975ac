//! People: finding one, and everything known and decided about one.

pub mod bonds;
pub mod entries;
pub mod facts;
mod history;
pub mod known;
pub mod linked;
mod matters;
pub mod reveal;
pub mod search;
pub mod show;
