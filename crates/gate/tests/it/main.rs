//! The listener as the network sees it. The certificates in `tests/data` were made for these tests alone.

mod client;
mod hostile;
mod stop;
mod tls;
