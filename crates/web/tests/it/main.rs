//! The desk over a small invented region, asked through a real socket.

mod client;
mod night;

mod changes;
mod crawl;
mod door;
mod linkage;
mod refusals;
