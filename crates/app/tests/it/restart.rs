//! The database server goes down and comes back: in the middle of a night, and while pages are asked for.

use std::process::Stdio;
use std::time::Duration;

use crate::home::{Home, lists};

/// The night waits, starts over with what was taken, and ends as an undisturbed one.
#[test]
fn a_night_survives_restarts_of_its_server() {
    let Some(mut server) = testkit::postgres::own_postgres() else { return };
    let calm = Home::new();
    calm.receive(&lists().0);
    calm.night("2026-11-20");
    let url = server.fresh_database();
    let store::DatabaseUrl::Postgres(database) = &url else { panic!("a server's address") };
    let hurt = Home::new();
    hurt.receive(&lists().0);
    let night = ["cycle", "--allow-future", "--as-of", "2026-11-20", "--database", database];
    let waiting = || std::fs::read_dir(hurt.path().join("inbox")).unwrap().count();
    let all = waiting();
    let mut command = hurt.command(&night);
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while waiting() == all && running.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let (mut restarts, mut dice) = (0, 0x2545_f491_4f6c_dd1d_u64);
    while running.try_wait().unwrap().is_none() && restarts < 4 {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        std::thread::sleep(Duration::from_millis(dice % 300));
        server.restart(Duration::from_millis(dice % 400));
        restarts += 1;
    }
    let done = running.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(restarts > 0, "the night ended before its server went away");
    assert_eq!(calm.files(), hurt.files());
    assert!(hurt.succeed(&["audit", "verify", "--database", database]).contains("Nothing was changed"));
}
