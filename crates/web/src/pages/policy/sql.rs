//! The whole pack as one SELECT, in a chosen dialect.

use serde::Serialize;

use crate::parts::Chip;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub tabs: Vec<Chip>,
    pub dialect: String,
    pub chips: Vec<Chip>,
    pub lines: i64,
    pub text: String,
}
