//! What the level above reads: only what counties published.

pub mod index;
