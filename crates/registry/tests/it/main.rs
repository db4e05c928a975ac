//! The registry on both databases: lists in, facts and people out.

mod acts;
mod broken_files;
mod desk;
mod everyone;
mod facts;
mod identity;
mod imprints;
mod kept;
mod learned;
mod linking;
mod lists;
mod merging;
mod newcomers;
mod quality;
mod quarantine;
mod reuse;
mod snapshots;

/// Every statement of this room prepares on both databases.
#[test]
fn statements_prepare_on_both_databases() {
    assert!(testkit::check_room_statements("registry", registry::MIGRATIONS) > 30);
}
