//! The desk over a small invented region, asked through a real socket.

mod client;
mod matters;
mod night;

mod api;
mod changes;
mod crawl;
mod door;
mod edge;
mod field;
mod linkage;
mod office;
mod portal;
mod provider;
mod refusals;
mod served;
