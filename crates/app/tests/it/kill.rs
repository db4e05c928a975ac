//! `kill -9` at any moment of the night, then run again: the same final state as an undisturbed run.

use std::time::{Duration, Instant};

use crate::home::{Home, lists};

const KILLS: u32 = 8;

#[test]
fn a_killed_night_ends_like_an_undisturbed_one() {
    let (first, second) = lists();
    let nights = [(first, "2026-11-20"), (second, "2026-11-27")];
    let calm = Home::new();
    let mut took = Duration::ZERO;
    for (lists, day) in nights {
        calm.receive(lists);
        let began = Instant::now();
        calm.night(day);
        took = took.max(began.elapsed());
    }

    let hurt = Home::new();
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    for (lists, day) in nights {
        hurt.receive(lists);
        let (mut killed, mut longest) = (0, took);
        for _ in 0..20 * KILLS {
            if killed == KILLS {
                break;
            }
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            let moment = longest * u32::try_from(dice % 1000).unwrap() / 1000;
            let began = Instant::now();
            let mut night = hurt.command(&["cycle", "--allow-future", "--as-of", day]).spawn().unwrap();
            while began.elapsed() < moment && night.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(1));
            }
            if night.try_wait().unwrap().is_some() {
                // It ended first: what is left of the night is shorter than that.
                longest = longest.min(began.elapsed());
            } else {
                killed += 1;
            }
            let _ = night.kill();
            night.wait().unwrap();
        }
        assert_eq!(killed, KILLS, "the night of {day} always ended before it was killed");
        hurt.night(day);
    }
    let (calm_state, mut hurt_state) = (calm.state(), hurt.state());
    for (name, rows) in &calm_state {
        assert_eq!(hurt_state.remove(name).as_ref(), Some(rows), "{name}");
    }
    assert!(hurt_state.is_empty(), "only after a kill: {hurt_state:?}");
    assert!(hurt.succeed(&["audit", "verify"]).contains("Nothing was changed"));
}
