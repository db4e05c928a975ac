//! People: finding one, and everything known and decided about one.

pub mod bonds;
mod entries;

pub mod facts;
mod history;
pub mod known;
mod linked;
mod matters;
pub mod reveal;
pub mod search;
pub mod show;
