//! Planted faults: at their rates, where the truth says, and nowhere else.

use std::collections::BTreeMap;

use kernel::IdNumber;
use synth::{Encoding, FaultRates, Options};

use crate::{sample, truth, written};

fn middling() -> Options {
    Options { older_people: 5000, townships: Some(8), ..sample() }
}

#[test]
fn faults_come_near_their_rates() {
    let options = middling();
    let (dir, lists) = written(&synth::region(&options).unwrap());
    let rates = options.fault_rates;
    let rows = |careful: bool| -> f64 {
        let police = |name: &str| ["population", "kin", "deaths"].iter().any(|s| name.starts_with(s));
        let things = ["places", "hospitals", "housing", "training", "division"];
        let about_people = lists.files.iter().filter(|f| !things.iter().any(|s| f.name.starts_with(s)));
        about_people.filter(|f| police(&f.name) == careful).map(|f| f64::from(f.subjects)).sum()
    };
    let weighted = rows(false) + rows(true) * 0.1;
    let near = |kind: &str, expected: f64| {
        let seen = f64::from(lists.faults.get(kind).copied().unwrap_or(0));
        assert!((seen - expected).abs() < 4.0 * expected.sqrt() + expected * 0.12, "{kind}: {seen} for {expected:.0}");
    };
    near("id_digit", rates.id_digit * weighted);
    near("id_swapped", rates.id_swapped * weighted);
    near("id_missing", rates.id_missing * weighted);
    near("duplicate", rates.duplicate * (rows(false) + rows(true)));
    near("blank_row", rates.blank_row * (rows(false) + rows(true)));
    let faults = truth(dir.path(), "faults.csv");
    let told: u32 = lists.faults.iter().filter(|(kind, _)| **kind != "blank_row").map(|(_, n)| n).sum();
    assert_eq!(faults.len(), told as usize);
    for kind in
        ["name_variant", "marital_differs", "residence_differs", "date_impossible", "date_wrong", "dead_still_listed"]
    {
        assert!(lists.faults.get(kind).is_some_and(|n| *n > 0), "{kind}: {:?}", lists.faults);
    }
}

#[test]
fn every_id_number_without_a_planted_fault_is_its_persons() {
    let (dir, lists) = written(&synth::region(&sample()).unwrap());
    let people: BTreeMap<String, String> = truth(dir.path(), "people.csv")
        .into_iter()
        .map(|mut r| (r.remove("number").unwrap(), r.remove("id_number").unwrap()))
        .collect();
    let mut wrong: BTreeMap<(String, String), String> = BTreeMap::new();
    for fault in truth(dir.path(), "faults.csv").into_iter().filter(|f| f["gives"] == "id_number") {
        wrong.insert((fault["file"].clone(), fault["row"].clone()), fault["kind"].clone());
    }
    let links = truth(dir.path(), "links.csv");
    let mut checked = 0;
    for file in lists.files.iter().filter(|f| matches!(f.encoding, Some(Encoding::Utf8 | Encoding::Utf8WithMark))) {
        let text = std::fs::read_to_string(dir.path().join(&file.name)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), file.rows as usize, "{}", file.name);
        for link in links.iter().filter(|l| l["file"] == file.name) {
            let line = lines[link["row"].parse::<usize>().unwrap() - 1];
            let key = (file.name.clone(), link["row"].clone());
            let own = &people[&link["number"]];
            let has = line.split(',').any(|cell| IdNumber::parse(cell).is_ok_and(|n| n.reveal() == own));
            match wrong.get(&key).map(String::as_str) {
                None | Some("id_fifteen") => assert!(has, "{key:?}"),
                Some(_) => assert!(!has, "{key:?}"),
            }
            checked += 1;
        }
    }
    assert!(checked > 1000, "{checked}");
}

#[test]
fn lists_come_in_both_encodings_and_as_sheets_with_other_header_names() {
    let (dir, lists) = written(&synth::region(&sample()).unwrap());
    let count = |encoding| lists.files.iter().filter(|f| f.encoding == encoding).count();
    assert!(
        count(Some(Encoding::Gb18030)) > 3 && count(Some(Encoding::Utf8)) > 3 && count(None) > 5,
        "{:?}",
        lists.files
    );
    let gb = lists.files.iter().find(|f| f.encoding == Some(Encoding::Gb18030)).unwrap();
    assert!(std::str::from_utf8(&std::fs::read(dir.path().join(&gb.name)).unwrap()).is_err());
}

#[test]
fn without_rates_there_are_no_faults() {
    let (dir, lists) = written(&synth::region(&Options { fault_rates: FaultRates::NONE, ..sample() }).unwrap());
    let only_late_deaths = lists.faults.keys().all(|kind| *kind == "dead_still_listed");
    assert!(only_late_deaths, "{:?}", lists.faults);
    assert!(truth(dir.path(), "faults.csv").iter().all(|f| f["kind"] == "dead_still_listed"));
}
