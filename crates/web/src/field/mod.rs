//! The field: an app that visitors and assessors take along, and the endpoints through which it hands in and takes in.
//!
//! The app's files hold no personal data and are open. What goes to a device is cut to what its owner may see of the
//! people in their care, and written down as a look. What comes from a device is untrusted whatever it says of itself.

mod answers;
mod attach;
pub(crate) mod beside;
mod carry;
mod files;
mod lost;
mod map;
mod page;
mod pull;
mod push;
mod who;
mod wire;

pub use attach::{part, state};
pub use files::{file, manifest, worker};
pub use lost::lost;
pub use page::{of_person, shell, today};
pub use pull::pull;
pub use push::push;
pub use who::who;
