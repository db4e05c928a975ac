//! The store's own SQL files.

#[test]
fn every_statement_prepares_on_both() {
    assert!(testkit::check_room_statements("store", &[]) > 10);
}
