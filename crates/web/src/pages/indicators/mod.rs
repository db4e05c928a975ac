//! Indicators: all at once, and one down to the person or place.

pub mod export;
pub mod index;
pub mod said;
pub mod show;
