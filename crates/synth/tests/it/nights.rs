//! The same night again, and the night after.

use crate::{bytes, sample, truth, written};

#[test]
fn same_seed_same_bytes_and_another_seed_other_bytes() {
    let options = sample();
    let (one, _) = written(&synth::region(&options).unwrap());
    let (again, _) = written(&synth::region(&options).unwrap());
    let (first, second) = (bytes(one.path()), bytes(again.path()));
    assert!(first.len() > 40, "{:?}", first.keys());
    for (name, content) in &first {
        assert!(second.get(name) == Some(content), "{name} differs");
    }
    let (other, _) = written(&synth::region(&synth::Options { seed: 2, ..options }).unwrap());
    assert_ne!(first.get("truth/people.csv"), bytes(other.path()).get("truth/people.csv"));
}

#[test]
fn the_next_night_changes_one_or_two_in_a_hundred() {
    let options = synth::Options { older_people: 4000, townships: Some(6), ..sample() };
    let region = synth::region(&options).unwrap();
    let (today, _) = written(&region);
    let (tomorrow, lists) = written(&region.next_night(1));
    let names: Vec<&str> = lists.files.iter().map(|f| f.name.as_str()).collect();
    assert!(
        names.contains(&"deaths_2026-11-21.csv") && names.contains(&"population_2026-11-21_653001.csv"),
        "{names:?}"
    );
    for delta in ["ability_assessments_2026-11-21.csv", "visit_returns_2026-11-21.csv"] {
        assert!(lists.files.iter().any(|f| f.name == delta && f.subjects > 0), "{delta} is empty");
    }
    let (before, after) = (truth(today.path(), "people.csv"), truth(tomorrow.path(), "people.csv"));
    assert_eq!(before.len(), after.len());
    let older = before.iter().filter(|row| row["older"] == "true").count();
    let changed = before.iter().zip(&after).filter(|(a, b)| a != b).count();
    let share = changed as f64 / older as f64;
    assert!((0.008..0.025).contains(&share), "{changed} of {older} changed");
    let (again, _) = written(&region.next_night(1));
    assert!(bytes(again.path()) == bytes(tomorrow.path()));
}

#[test]
fn a_later_as_of_is_the_night_that_next_night_reaches() {
    let region = synth::region(&sample()).unwrap();
    let (stepped, _) = written(&region.next_night(3));
    let later = synth::Options { as_of: kernel::parse_date("2026-11-23").unwrap(), ..sample() };
    let (at_once, _) = written(&synth::region(&later).unwrap());
    assert_eq!(bytes(stepped.path()).get("truth/people.csv"), bytes(at_once.path()).get("truth/people.csv"));
}
