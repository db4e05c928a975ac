//! The desk: server-rendered pages over what the nightly cycle published.
//!
//! Handlers parse, ask one context, build a view and render it. No SQL here, no rule, no figure of a plan. Names and
//! numbers of people are masked on every page; who may shows them for a purpose, and that is written down.

#![cfg_attr(test, recursion_limit = "256")]

mod api;
mod desk;
mod door;
mod edge;
mod field;
mod frame;
mod office;
mod opened;
mod pages;
mod parts;
mod provider;
mod public;
mod published;
mod routes;
mod sheet;
mod state;
mod watch;

pub use door::Door;
pub use edge::{Rate, Rates};
pub use frame::RendererFault;
pub use routes::{About, Right, metrics_router, rights, router};
pub use state::{AppState, Places};
pub use watch::Watch;

use store::Migration;

/// The tables of everything that pages read and write, in the order in which they may refer to each other.
pub fn migrations() -> impl Iterator<Item = &'static Migration> {
    cycle::migrations()
        .chain(accounts::MIGRATIONS)
        .chain(benefits::MIGRATIONS)
        .chain(care::MIGRATIONS)
        .chain(community::MIGRATIONS)
        .chain(exchange::MIGRATIONS)
        .chain(returns::MIGRATIONS)
}
