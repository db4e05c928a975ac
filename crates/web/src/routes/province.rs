//! The routes of the level above: what counties published.

use super::{About, Surface};
use crate::pages::province;

/// Pages that read returns only.
pub fn province() -> Surface {
    Surface::new().get("/d/province", "indicator.see", About::Whole, province::index::show)
}
