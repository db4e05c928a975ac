//! The service as whoever runs it sees it: health, figures for Prometheus, a line in the log for each request.
//!
//! Nothing here holds an address with an id in it, a name or a source: requests are told apart by their route alone.

mod figures;
mod health;
mod journal;
mod metrics;

use std::sync::atomic::{AtomicBool, Ordering};

pub use figures::Requests;
pub use health::{live, ready};
pub use journal::journal;
pub use metrics::metrics;

/// What the service knows of itself.
#[derive(Default)]
pub struct Watch {
    pub requests: Requests,
    stopping: AtomicBool,
}

impl Watch {
    /// From now on the service is not ready for more, though it ends what it has begun.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
