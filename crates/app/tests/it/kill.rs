//! `kill -9` at any moment of the night, then run again: the same final state as an undisturbed run.

use std::time::{Duration, Instant};

use crate::home::{Home, lists};

const KILLS: u32 = 16;

#[test]
fn a_killed_night_ends_like_an_undisturbed_one() {
    let (first, second) = lists();
    let calm = Home::new();
    let mut took = Vec::new();
    for (lists, day) in [(first, "2026-11-20"), (second, "2026-11-27")] {
        calm.receive(lists);
        let began = Instant::now();
        calm.night(day);
        took.push(began.elapsed());
    }

    let hurt = Home::new();
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    let mut killed = 0;
    for ((lists, day), took) in [(first, "2026-11-20"), (second, "2026-11-27")].into_iter().zip(took) {
        hurt.receive(lists);
        for _ in 0..KILLS / 2 {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            let share = u32::try_from(dice % 1000).unwrap();
            let mut night = hurt.command(&["cycle", "--allow-future", "--as-of", day]).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(1) + took * share / 1000);
            killed += u32::from(night.try_wait().unwrap().is_none());
            let _ = night.kill();
            night.wait().unwrap();
        }
        hurt.night(day);
    }
    assert!(killed >= KILLS / 4, "only {killed} of {KILLS} nights were still running when killed");
    let (calm_state, mut hurt_state) = (calm.state(), hurt.state());
    for (name, rows) in &calm_state {
        assert_eq!(hurt_state.remove(name).as_ref(), Some(rows), "{name}");
    }
    assert!(hurt_state.is_empty(), "only after a kill: {hurt_state:?}");
    assert!(hurt.succeed(&["audit", "verify"]).contains("Nothing was changed"));
}
