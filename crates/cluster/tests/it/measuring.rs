//! Indicators: each lake's lines are those its county's own night measured.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::counties::{COUNTIES, DAY_AFTER, counties};
use crate::machines::{Cluster, question, text};

/// Of people, counted on the last day of the month before.
const VISITED: &str = "I-KZ1";

#[test]
fn each_lake_measures_what_its_county_measured() {
    let Some(counties) = counties() else { return };
    let (province, out) = (counties.province(), tempfile::tempdir().unwrap());
    let cluster = Cluster::start(2, &[]);
    let lake = province.path().to_str().unwrap();
    let mut asked = question("measure", DAY_AFTER, lake, out.path());
    let output = asked.args(["--scheduler", &cluster.address]).output().unwrap();
    assert!(output.status.success(), "{}\n{}", text(&output), cluster.logs());
    let lines = lines(&out.path().join("indicators.csv"), 0);
    for county in COUNTIES {
        let own = self::lines(&counties.home(county).join(format!("out/{DAY_AFTER}/indicators.csv")), 1);
        let (own, found) =
            (&own[&(String::new(), VISITED.to_owned())], &lines[&(county.to_owned(), VISITED.to_owned())]);
        let of = |text: &str| text.split(',').take(6).map(str::to_owned).collect::<Vec<_>>();
        assert!(own.iter().any(|line| !line.contains(",0,0,0")), "{county} measured nothing");
        let (own, found): (Vec<_>, Vec<_>) =
            (own.iter().map(|l| of(l)).collect(), found.iter().map(|l| of(l)).collect());
        assert_eq!(own, found, "{county}");
        // Of the whole, a county's line is its own lake's: the others' people there are not counted twice.
        let whole = &lines[&("*".to_owned(), VISITED.to_owned())];
        assert!(
            whole
                .iter()
                .any(|line| line.starts_with(&format!("{county},")) && of(line) == found[place(&found, county)])
        );
    }
    let left_out = fs::read_to_string(out.path().join("left_out.csv")).unwrap();
    assert!(left_out.contains("I-KZ4,not of people"), "{left_out}");
    assert!(left_out.contains("no lake has the day 2025-12-31"), "{left_out}");
}

fn place(found: &[Vec<String>], county: &str) -> usize {
    found.iter().position(|line| line[0] == county).unwrap()
}

/// Lines by lake and indicator, without these two columns; `skipped` when there is no column of lakes.
fn lines(path: &Path, without_lake: usize) -> BTreeMap<(String, String), Vec<String>> {
    let mut lines: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for line in fs::read_to_string(path).unwrap().lines().skip(1) {
        let mut cells = line.splitn(3 - without_lake, ',');
        let lake = if without_lake == 1 { String::new() } else { cells.next().unwrap().to_owned() };
        let indicator = cells.next().unwrap().to_owned();
        lines.entry((lake, indicator)).or_default().push(cells.next().unwrap().to_owned());
    }
    lines
}
