//! People, places and what departmental lists say about them: facts with value, validity, source, list and row.
//!
//! Reads lists, checks rows, links them to people, keeps statements, and hands the population of a date to the
//! rules as columns. It decides nothing: what anyone is due is the packs' business. It must not know a page, a
//! worklist or Parquet. Identity is sealed here and leaves only through `people`.

pub mod reading;
pub mod rows;
pub mod sources;
