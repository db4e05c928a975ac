//! The pages. One folder a context, one file a page: parameters, handler, view and tests together.

pub mod account;
pub mod display;
pub mod files;
pub mod indicators;
pub mod linkage;
pub mod lists;
pub mod people;
pub mod plan;
pub mod policy;
pub mod quality;
#[cfg(test)]
mod real_pack;
#[cfg(test)]
mod samples;
pub mod sign_in;
pub mod today;
pub mod work;
