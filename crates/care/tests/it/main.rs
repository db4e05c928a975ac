//! The care room on both databases: what comes from the field takes effect once, and nothing is lost.

mod assessments;
mod attachments;
mod devices;
mod edits;
mod hostile;
mod replay;
mod room;

/// Every statement of this room prepares on both databases.
#[test]
fn statements_prepare_on_both_databases() {
    assert!(testkit::check_room_statements("care", care::MIGRATIONS) > 30);
}
