//! What every page shares: words, figures, charts, masks, the frame around the content.
//!
//! It knows nothing of what a page shows.

pub mod assets;
pub mod charts;
pub mod display;
pub mod figures;
pub mod forms;
pub mod mask;
mod portal;
pub mod qr;
mod render;
mod shell;
mod words;

pub use charts::Bullet;
pub use display::Display;
pub use portal::{PortalFrame, Section};
pub use render::{Renderer, RendererFault};
pub use shell::{Rail, ScopeOption, Shell};
pub use words::{Voice, Words, WordsFault};
