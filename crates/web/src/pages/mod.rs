//! The pages. One folder a context, one file a page: parameters, handler, view and tests together.

pub mod account;
pub mod admin;
pub mod api;
pub mod consultations;
pub mod display;
pub mod files;
pub mod indicators;
pub mod linkage;
pub mod lists;
pub mod matters;
pub mod messages;
pub mod people;
pub mod plan;
pub mod policy;
pub mod portal;
pub mod province;
pub mod quality;
#[cfg(test)]
mod real_pack;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod samples_door;
pub mod sign_in;
pub mod today;
pub mod visits;
pub mod work;
