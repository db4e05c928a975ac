//! Today.

pub mod show;
