//! Linkage: which rows are about one person.
//!
//! Fellegi–Sunter scoring with parameters learned without labels, graded comparisons made for Chinese,
//! transliterated and Latin names, ID numbers, dates and addresses, several blocking passes of bounded work, and
//! decisions that carry their reasons. Knows no database and no list of a department; `files` reads CSV for the
//! command.

pub mod assign;
pub mod block;
pub mod command;
pub mod compare;
pub mod data;
pub mod engine;
pub mod files;
pub mod hash;
pub mod intern;
pub mod keys;
pub mod model;
pub mod score;
pub mod sources;
pub mod spec;
pub mod standing;
pub mod text;
pub mod train;
