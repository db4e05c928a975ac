//! One process and a cluster find what the counties found, and tell when they do not.

use std::fs;

use crate::counties::{COUNTIES, DAY, PACK, copy, counties, repository};
use crate::machines::{Cluster, files, question, question_of, same, text};

#[test]
fn one_process_and_a_cluster_find_what_the_counties_published() {
    let Some(counties) = counties() else { return };
    let (province, alone, together) = (counties.province(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = province.path().to_str().unwrap();
    let output = question("determine", DAY, lake, alone.path()).arg("--verify").output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("the same as the counties published"), "{}", text(&output));

    let cluster = Cluster::start(2, &[]);
    let asked = question("determine", DAY, lake, together.path()).args(["--scheduler", &cluster.address]).output();
    let output = asked.unwrap();
    assert!(output.status.success(), "{}\n{}", text(&output), cluster.logs());
    let one = files(alone.path());
    assert!(one.keys().any(|name| name.to_string_lossy().contains("county=653022/determination.parquet")));
    same(alone.path(), together.path());
    for worker in 0..2 {
        assert!(cluster.ended(worker) > 0, "worker {worker} had no part in it\n{}", cluster.logs());
    }
}

/// Every number of a person and of a household stands twice.
#[test]
fn households_of_two_lakes_do_not_mix() {
    let Some(counties) = counties() else { return };
    let (province, out) = (counties.province(), tempfile::tempdir().unwrap());
    fs::remove_dir_all(province.path().join(COUNTIES[1])).unwrap();
    copy(&province.path().join(COUNTIES[0]), &province.path().join("twin"));
    let output =
        question("determine", DAY, province.path().to_str().unwrap(), out.path()).arg("--verify").output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    same(&out.path().join(COUNTIES[0]), &out.path().join("twin"));
}

#[test]
fn a_rule_that_says_otherwise_is_told() {
    let Some(counties) = counties() else { return };
    let (province, packs, out) = (counties.province(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    copy(&repository().join("packs"), packs.path());
    // Of the same name and version, with two alternatives gone from one condition.
    let rules = packs.path().join(PACK).join("groups.toml");
    let text_of = fs::read_to_string(&rules).unwrap();
    let cut = text_of.replacen("group(living_alone) OR group(empty_nest) OR ", "", 1);
    assert_ne!(text_of, cut, "the pack has no such condition any more");
    fs::write(&rules, cut).unwrap();
    let mut asked = question_of(packs.path(), "determine", DAY, province.path().to_str().unwrap(), out.path());
    let output = asked.arg("--verify").output().unwrap();
    assert!(!output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("differences"), "{}", text(&output));
}

#[test]
fn a_day_that_a_lake_lacks_is_refused_unless_meant() {
    let Some(counties) = counties() else { return };
    let (province, out) = (counties.province(), tempfile::tempdir().unwrap());
    let lake = province.path().to_str().unwrap();
    let output = question("determine", "2026-10-30", lake, out.path()).output().unwrap();
    assert!(!output.status.success() && text(&output).contains("no lake has the day"), "{}", text(&output));
    let output = question("determine", "2026-10-30", lake, out.path()).env("YILIAN_LANG", "zh").output().unwrap();
    assert!(text(&output).contains("哪个湖都没有 2026-10-30 这一天"), "{}", text(&output));
    fs::remove_dir_all(province.path().join(COUNTIES[1]).join(format!("as_of={DAY}"))).unwrap();
    let output = question("determine", DAY, lake, out.path()).output().unwrap();
    assert!(!output.status.success() && text(&output).contains(COUNTIES[1]), "{}", text(&output));
    let output = question("determine", DAY, lake, out.path()).args(["--allow-missing", "--verify"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
}

/// As long as it was, and still a table that can be read.
#[test]
fn a_file_that_is_not_the_one_that_was_pushed_is_refused() {
    let Some(counties) = counties() else { return };
    let (pushed, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for county in COUNTIES {
        let store = pushed.path().join(county);
        counties.run(county, &["lake", "--store", store.to_str().unwrap(), "push", "--as-of", DAY]);
    }
    let ask = || question("determine", DAY, pushed.path().to_str().unwrap(), out.path()).output().unwrap();
    let output = ask();
    assert!(output.status.success(), "{}", text(&output));
    let name = files(pushed.path()).into_keys().find(|name| name.ends_with("county=653001/person.parquet")).unwrap();
    let path = pushed.path().join(&name);
    let mut bytes = fs::read(&path).unwrap();
    // A column's data; the footer that says what lies where stands at the end.
    let middle = bytes.len() / 3;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let output = ask();
    assert!(!output.status.success() && text(&output).contains("not as its manifest says"), "{}", text(&output));
}
