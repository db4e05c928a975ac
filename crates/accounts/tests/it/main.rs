//! The accounts room on both databases: who comes in, what they may do, who looked.

mod at_once;
mod demo;
mod external;
mod families;
mod permissions;
mod reveals;
mod room;
mod sessions;
mod sign_in;
mod tokens;
mod two_people;
mod users;

/// Every statement of this room prepares on both databases.
#[test]
fn statements_prepare_on_both_databases() {
    assert!(testkit::check_room_statements("accounts", accounts::MIGRATIONS) > 60);
}
