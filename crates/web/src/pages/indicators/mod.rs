//! Indicators: all at once, and one down to the person or place.

pub mod export;
pub mod index;
pub mod rows;
pub mod said;
pub mod show;
mod tree;
