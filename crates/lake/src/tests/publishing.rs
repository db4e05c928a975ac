use std::collections::BTreeSet;
use std::fs;

use super::{population, publish, relative, stage};
use crate::{read, recover};

#[test]
fn a_day_is_replaced_as_a_whole() {
    let lake = tempfile::tempdir().unwrap();
    publish(&population(300), &[], lake.path()).unwrap();
    let stray = lake.path().join("as_of=2026-11-20/county=653001/stray.parquet");
    fs::write(&stray, b"from an earlier version").unwrap();
    let written = publish(&population(40), &[], lake.path()).unwrap();
    assert!(!stray.exists());
    assert_eq!(read(&written.folder).unwrap().table("person").unwrap().rows(), 40);
    let names: Vec<_> = fs::read_dir(lake.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["as_of=2026-11-20"]);
}

#[test]
fn what_is_staged_and_not_published_goes_away() {
    let lake = tempfile::tempdir().unwrap();
    let earlier = publish(&population(40), &[], lake.path()).unwrap().folder;
    let published = relative(&earlier);
    let names = || fs::read_dir(lake.path()).unwrap().map(|e| e.unwrap().file_name()).collect::<BTreeSet<_>>();
    let staged = stage(&population(300), lake.path()).unwrap();
    assert_eq!(names(), [".staging-as_of=2026-11-20", "as_of=2026-11-20"].map(Into::into).into());
    assert_eq!(relative(&earlier), published, "what is published stays meanwhile");
    drop(staged);
    assert_eq!(names(), ["as_of=2026-11-20".into()].into());
    assert_eq!(relative(&earlier), published);
    stage(&population(300), lake.path()).unwrap().publish().unwrap();
    assert_eq!(read(&earlier).unwrap().table("person").unwrap().rows(), 300);
    assert_eq!(names(), ["as_of=2026-11-20".into()].into());
}

/// A killed run leaves one of these states; `d` is the day's folder, `new` a complete later one.
#[test]
fn leftovers_of_a_killed_run_are_cleared_and_no_complete_day_is_lost() {
    let lake = tempfile::tempdir().unwrap();
    let at = |name: &str| lake.path().join(name);
    let earlier = publish(&population(40), &[], lake.path()).unwrap().folder;
    let published = relative(&earlier);

    fs::create_dir_all(at(".staging-as_of=2026-11-20/county=653001")).unwrap();
    fs::write(at(".staging-as_of=2026-11-20/county=653001/person.parquet"), b"PAR1 half").unwrap();
    recover(lake.path()).unwrap();
    assert_eq!(relative(&earlier), published, "an unfinished folder is dropped");

    fs::rename(&earlier, at(".ready-as_of=2026-11-20")).unwrap();
    recover(lake.path()).unwrap();
    assert_eq!(relative(&earlier), published, "a complete folder gets its name");

    fs::create_dir_all(at(".ready-as_of=2026-11-20/county=653001")).unwrap();
    fs::rename(&earlier, at(".old-as_of=2026-11-20")).unwrap();
    recover(lake.path()).unwrap();
    assert!(relative(&earlier).is_empty(), "the newer complete folder wins");

    fs::rename(&earlier, at(".old-as_of=2026-11-20")).unwrap();
    recover(lake.path()).unwrap();
    assert!(earlier.exists(), "a folder that made way comes back when nothing took its place");

    let names: Vec<_> = fs::read_dir(lake.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["as_of=2026-11-20"]);
    recover(&at("no such lake")).unwrap();
}

#[cfg(unix)]
#[test]
fn only_the_service_may_enter_a_day() {
    use std::os::unix::fs::PermissionsExt;
    let lake = tempfile::tempdir().unwrap();
    let written = publish(&population(10), &[], lake.path()).unwrap();
    assert_eq!(fs::metadata(written.folder).unwrap().permissions().mode() & 0o777, 0o700);
}
