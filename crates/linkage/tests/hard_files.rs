//! Files as bad as they come: a clear fault or bounded work, never a hang.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use linkage::command::{LinkFault, Options, Outcome, run};

const SPEC: &str = r#"
    one_to_one = true
    [[compare]]
    name = "name"
    kind = "name_latin"
    [[compare]]
    name = "born"
    kind = "date"
    [[compare]]
    name = "village"
    kind = "exact"
    shared = true
    [[block]]
    on = ["name"]
    [[block]]
    on = ["born", "village"]
"#;

fn link(spec: &str, left: &str, right: Option<&str>) -> Result<(Outcome, String), LinkFault> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let out = folder.path().join("pairs.csv");
    let options = Options {
        spec: write("spec.toml", spec),
        left: write("left.csv", left),
        right: right.map(|text| write("right.csv", text)),
        out: Some(out.clone()),
        ..Options::default()
    };
    let outcome = run(&options, &mut |_: &str| {})?;
    Ok((outcome, std::fs::read_to_string(Path::new(&out)).unwrap()))
}

fn rows(count: usize, mut line: impl FnMut(usize) -> String) -> String {
    let mut text = "id,name,born,village\n".to_owned();
    (0..count).for_each(|n| writeln!(text, "{}", line(n)).unwrap());
    text
}

fn people(count: usize, prefix: &str) -> String {
    let syllables = ["ka", "mi", "so", "tu", "re", "la", "no", "be", "gu", "di"];
    let name = |n: usize| [n / 100 % 10, n / 10 % 10, n % 10, n / 7 % 10].map(|at| syllables[at]).concat();
    rows(count, |n| {
        format!("{prefix}{n},{},19{:02}-{:02}-{:02},v{}", name(n), n % 90 + 10, n % 12 + 1, n % 28 + 1, n % 9)
    })
}

#[test]
fn equal_files_link_row_by_row() {
    let (outcome, pairs) = link(SPEC, &people(3000, "a"), Some(&people(3000, "b"))).unwrap();
    assert!(outcome.linked > 2900, "{outcome:?}");
    let own = pairs.lines().skip(1).filter(|line| {
        let mut cells = line.split(',');
        cells.next().unwrap()[1..] == cells.next().unwrap()[1..]
    });
    assert!(own.count() > 2900);
    assert!(pairs.starts_with("left_id,right_id,probability,name_weight,"), "{pairs}");
}

#[test]
fn half_a_million_equal_keys_are_bounded_work() {
    let start = Instant::now();
    let same = rows(500_000, |n| format!("{n},ann,1950-01-01,v1"));
    let few = rows(1000, |n| format!("{n},ann,1950-01-01,v1"));
    let spec = format!("largest_block = 5\n{SPEC}");
    link(&spec, &same, Some(&few)).unwrap();
    link(&spec, &same, None).unwrap();
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn absent_columns_and_empty_files_give_no_pairs() {
    let empty = rows(500, |n| format!("{n},,,"));
    assert_eq!(link(SPEC, &empty, Some(&empty)).unwrap().0.reported, 0);
    assert_eq!(link(SPEC, &empty, None).unwrap().0.reported, 0);
    let none = rows(0, |_| String::new());
    assert_eq!(link(SPEC, &none, Some(&none)).unwrap().0.reported, 0);
    assert_eq!(link(SPEC, &none, Some(&people(100, "b"))).unwrap().0.reported, 0);
    assert_eq!(link(SPEC, &people(100, "a"), Some(&none)).unwrap().0.reported, 0);
}

#[test]
fn one_absent_column_leaves_the_others_to_decide() {
    let without = |text: String| {
        let cut = |line: &str| {
            line.split(',').enumerate().map(|(at, cell)| if at == 3 { "" } else { cell }).collect::<Vec<_>>().join(",")
        };
        let mut lines = text.lines();
        std::iter::once(lines.next().unwrap().to_owned()).chain(lines.map(cut)).collect::<Vec<_>>().join("\n")
    };
    let (outcome, _) = link(SPEC, &without(people(2000, "a")), Some(&without(people(2000, "b")))).unwrap();
    assert!(outcome.linked > 1500, "{outcome:?}");
}

#[test]
fn a_column_the_file_lacks_is_named() {
    let fault = link(SPEC, "id,name,village\n1,ann,v1\n", None).unwrap_err().to_string();
    assert!(fault.contains("lacks born") && fault.contains("its columns are: id, name, village"), "{fault}");
}

#[test]
fn two_runs_write_the_same_bytes_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("spec.toml"), SPEC).unwrap();
    std::fs::write(path("a.csv"), people(2000, "a")).unwrap();
    std::fs::write(path("b.csv"), people(1500, "b")).unwrap();
    let pairs = |threads: usize| {
        let options = Options {
            spec: path("spec.toml"),
            left: path("a.csv"),
            right: Some(path("b.csv")),
            out: Some(path("out.csv")),
            threads,
            ..Options::default()
        };
        run(&options, &mut |_: &str| {}).unwrap();
        std::fs::read(path("out.csv")).unwrap()
    };
    assert_eq!(pairs(1), pairs(1));
    assert_eq!(pairs(1), pairs(3));
}

#[test]
fn parameters_that_were_printed_can_be_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("spec.toml"), SPEC).unwrap();
    std::fs::write(path("a.csv"), people(2000, "a")).unwrap();
    std::fs::write(path("b.csv"), people(1500, "b")).unwrap();
    let mut options = Options {
        spec: path("spec.toml"),
        left: path("a.csv"),
        right: Some(path("b.csv")),
        out: Some(path("out.csv")),
        train: true,
        ..Options::default()
    };
    let first = run(&options, &mut |_: &str| {}).unwrap();
    let pairs = std::fs::read(path("out.csv")).unwrap();
    std::fs::write(path("kept.toml"), &first.printed).unwrap();
    options.parameters = Some(path("kept.toml"));
    options.explain = Some(("a7".to_owned(), "b7".to_owned()));
    let second = run(&options, &mut |_: &str| {}).unwrap();
    assert_eq!(std::fs::read(path("out.csv")).unwrap(), pairs);
    assert!(second.printed.contains("before comparing") && second.printed.contains("same"), "{}", second.printed);
}
