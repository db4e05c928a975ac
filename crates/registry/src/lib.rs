//! People, places and what departmental lists say about them: facts with value, validity, source, list and row.
//!
//! Reads lists, checks rows, links them to people, keeps statements, and hands the population of a date to the
//! rules as columns. It decides nothing: what anyone is due is the packs' business. It must not know a page, a
//! worklist or Parquet. Identity is sealed here and leaves only through `people`.

pub mod acts;
pub mod archive;
mod error;
pub mod ingest;
pub mod linking;
pub mod part;
pub mod people;
pub mod quality;
pub mod quarantine;
pub mod reading;
pub mod rows;
pub mod snapshot;
pub mod sources;

use store::Migration;
use store::keys::Resealer;

pub use error::RegistryError;

/// The registry's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        context: "registry",
        id: 1,
        name: "lists, people, statements",
        sql: include_str!("../sql/migrations/0001_registry.sql"),
    },
    Migration { context: "registry", id: 2, name: "linking", sql: include_str!("../sql/migrations/0002_linking.sql") },
    Migration {
        context: "registry",
        id: 3,
        name: "entries of linked rows",
        sql: include_str!("../sql/migrations/0003_link_entries.sql"),
    },
    Migration { context: "registry", id: 4, name: "quality", sql: include_str!("../sql/migrations/0004_quality.sql") },
    Migration {
        context: "registry",
        id: 5,
        name: "index of linking",
        sql: include_str!("../sql/migrations/0005_link_index.sql"),
    },
    Migration { context: "registry", id: 6, name: "kept open", sql: include_str!("../sql/migrations/0006_kept.sql") },
    Migration {
        context: "registry",
        id: 7,
        name: "parts of lists",
        sql: include_str!("../sql/migrations/0007_parts.sql"),
    },
    Migration { context: "registry", id: 8, name: "acts", sql: include_str!("../sql/migrations/0008_acts.sql") },
    Migration {
        context: "registry",
        id: 9,
        name: "people without a number",
        sql: include_str!("../sql/migrations/0009_unnumbered.sql"),
    },
    Migration { context: "registry", id: 10, name: "learned", sql: include_str!("../sql/migrations/0010_learned.sql") },
    Migration {
        context: "registry",
        id: 11,
        name: "held_subject",
        sql: include_str!("../sql/migrations/0011_held_subject.sql"),
    },
    Migration {
        context: "registry",
        id: 12,
        name: "imprints",
        sql: include_str!("../sql/migrations/0012_imprints.sql"),
    },
    Migration {
        context: "registry",
        id: 13,
        name: "what sources said, kept",
        sql: include_str!("../sql/migrations/0013_snapshot_kept.sql"),
    },
    Migration {
        context: "registry",
        id: 14,
        name: "statements by their end",
        sql: include_str!("../sql/migrations/0014_statement_by_end.sql"),
    },
];

/// Where the registry keeps sealed blobs, for key rotation.
pub const RESEALERS: &[Resealer] = &[
    people::RESEALERS[0],
    people::RESEALERS[1],
    Resealer {
        table: "statement",
        key: &["id"],
        blob: "sealed",
        context: ingest::pending::statement_of,
        indexes: &[store::keys::IndexColumn {
            column: "sealed_digest",
            kind: "statement",
            text: |blob| String::from_utf8(blob.to_vec()).ok(),
        }],
    },
    Resealer {
        table: "held_row",
        key: &["id"],
        blob: "sealed",
        context: ingest::held::context_of,
        indexes: &[store::keys::IndexColumn { column: "link_blind", kind: "id_number", text: ingest::held::id_of }],
    },
    Resealer {
        table: "link_candidate",
        key: &["id"],
        blob: "sealed",
        context: |key| linking::store::context(ingest::held::first_int(key)),
        indexes: &[store::keys::IndexColumn {
            column: "row_key",
            kind: "link_row",
            text: |blob| String::from_utf8(blob.to_vec()).ok(),
        }],
    },
    Resealer {
        table: "link_index",
        key: &["part"],
        blob: "sealed",
        context: linking::everyone::context_of,
        indexes: &[],
    },
    Resealer {
        table: "imprint",
        key: &["source", "part"],
        blob: "sealed",
        context: ingest::imprint_context,
        indexes: &[],
    },
    Resealer {
        table: "snapshot_kept",
        key: &["made", "source", "part"],
        blob: "sealed",
        context: snapshot::kept_context,
        indexes: &[],
    },
];
