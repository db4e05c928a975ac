//! Matters on both databases, with the real pack.

mod awards;
mod life;
mod room;

/// Every statement of this room prepares on both databases.
#[test]
fn statements_prepare_on_both_databases() {
    assert!(testkit::check_room_statements("benefits", &room::migrations()) > 15);
}
