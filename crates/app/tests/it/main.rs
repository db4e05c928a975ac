//! The binary as its users run it, on a small invented region.

mod accounts;
mod backup;
mod bad_days;
mod fixed_face;
mod home;
mod kill;
mod nights;
mod plan;
mod plans;
mod restart;
mod statements;
mod words;
