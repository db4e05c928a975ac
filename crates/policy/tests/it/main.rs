//! Generated people through generated rules: our engine against its row-by-row reading, SQLite and PostgreSQL.

mod compare;
mod datafusion;
mod dice;
mod expressions;
mod packs;
mod people;

mod differential;
mod faults;
mod indicators;
mod installations;
mod kizilsu;
mod meaning;
