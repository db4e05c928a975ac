//! The listener: TLS, what a proxy says of a request, how many may knock and how slowly, stopping without cutting off.
//!
//! It hands requests to a router with their true source as `ConnectInfo`. It knows no page, no account and no database.

mod crowd;
mod options;
mod patience;
mod redirect;
mod serve;
mod source;
mod tls;

pub use options::{Limits, Options};
pub use serve::{Fault, Listening, bind};
pub use source::{Cidr, CidrFault, Proxies};
pub use tls::{Certificate, TlsFault};
