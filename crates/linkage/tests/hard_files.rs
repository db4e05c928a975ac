//! Files as bad as they come: a clear fault or bounded work, never a hang.

use std::fmt::Write as _;
use std::path::PathBuf;
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

/// A spec, one or two files, and where the pairs go.
struct Case {
    options: Options,
    folder: tempfile::TempDir,
}

impl Case {
    fn new(spec: &str, left: impl AsRef<[u8]>, right: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { out: Some(folder.path().join("pairs.csv")), ..Options::default() };
        let mut case = Self { options, folder };
        case.options.spec = case.write("spec.toml", spec);
        case.options.left = case.write("left.csv", left);
        case.options.right = right.map(|text| case.write("right.csv", text));
        case
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// What came of it, and what was said meanwhile.
    fn run(&self) -> Result<(Outcome, Vec<String>), LinkFault> {
        let mut said = Vec::new();
        let outcome = run(&self.options, &mut |line: &str| said.push(line.to_owned()))?;
        Ok((outcome, said))
    }

    fn pairs(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("pairs.csv")).unwrap()
    }
}

fn link(spec: &str, left: &str, right: Option<&str>) -> Result<(Outcome, String), LinkFault> {
    let case = Case::new(spec, left, right);
    let (outcome, _) = case.run()?;
    Ok((outcome, case.pairs()))
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
    let mut case = Case::new(SPEC, people(2000, "a"), Some(&people(1500, "b")));
    let mut pairs = |threads: usize| {
        case.options.threads = threads;
        case.run().unwrap();
        case.pairs()
    };
    assert_eq!(pairs(1), pairs(1));
    assert_eq!(pairs(1), pairs(3));
}

#[test]
fn parameters_that_were_printed_can_be_given_back() {
    let mut case = Case::new(SPEC, people(2000, "a"), Some(&people(1500, "b")));
    case.options.train = true;
    let (first, _) = case.run().unwrap();
    let pairs = case.pairs();
    case.options.parameters = Some(case.write("kept.toml", &first.printed));
    case.options.explain = Some(("a7".to_owned(), "b7".to_owned()));
    let (second, _) = case.run().unwrap();
    assert_eq!(case.pairs(), pairs);
    assert!(second.printed.contains("before comparing") && second.printed.contains("same"), "{}", second.printed);
}

#[test]
fn parameters_are_learned_for_each_source_and_kept() {
    // the pension office misspells, the clinic knows few of these people, the school sends eight rows
    let list = |n: usize| ["pension", "clinic", "school"][if n.is_multiple_of(300) { 2 } else { n % 2 }];
    let right: String = people(2400, "b")
        .lines()
        .enumerate()
        .map(|(n, line)| match n {
            0 => format!("{line},list\n"),
            _ if list(n - 1) == "clinic" && n % 3 == 0 => format!("b{},zz{n},1911-01-01,v{},clinic\n", n - 1, n % 9),
            _ if list(n - 1) == "pension" && n % 4 == 0 => format!("{},pension\n", line.replace("ka", "ki")),
            _ => format!("{line},{}\n", list(n - 1)),
        })
        .collect();
    let spec = format!("source = \"list\"\n{SPEC}");
    let mut case = Case::new(&spec, people(3000, "a"), Some(&right));
    case.options.train = true;
    let (first, said) = case.run().unwrap();
    let told = |part: &str| said.iter().any(|line| line.contains(part));
    assert!(told("pension: learned") && told("clinic: learned"), "{said:#?}");
    assert!(told("school: too few rows"), "{said:#?}");
    let kept: linkage::sources::Kept = toml::from_str(&first.printed).unwrap();
    assert!(kept.source["clinic"].matching < 0.8 && kept.source["pension"].matching > 0.9, "{:?}", kept.source.keys());
    assert_eq!(kept.source["school"].origin, linkage::model::Origin::AllSources);
    let pairs = case.pairs();
    case.options.parameters = Some(case.write("kept.toml", &first.printed));
    case.run().unwrap();
    assert_eq!(case.pairs(), pairs);
}

#[test]
fn when_learning_does_not_settle_the_run_says_so_and_states_its_defaults() {
    let two = people(2, "a");
    let mut case = Case::new(SPEC, &two, Some(&two));
    case.options.train = true;
    let (outcome, said) = case.run().unwrap();
    assert!(said.iter().any(|line| line.contains("did not settle: stated default parameters")), "{said:#?}");
    assert!(outcome.printed.contains("origin = \"defaults\""), "{}", outcome.printed);
}

/// The fault that a file of these bytes is refused with, or how many rows were read.
fn read(bytes: &[u8]) -> Result<usize, String> {
    let done = Case::new(SPEC, bytes, None).run();
    done.map(|(outcome, _)| outcome.left_rows).map_err(|fault| fault.to_string())
}

#[test]
fn files_in_any_encoding_are_read_or_refused_with_their_line() {
    let text = "id,name,born,village\n1,王小明,1950-01-01,v1\n2,José,1950-01-02,v2\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let (latin, _, _) =
        encoding_rs::WINDOWS_1252.encode("id,name,born,village\n1,José,1950-01-01,v1\n2,Zoë,1950-01-02,v\n");
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(text.as_bytes()), Ok(2));
    assert_eq!(read(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), Ok(2));
    assert_eq!(read(text.replace('\n', "\r\n").as_bytes()), Ok(2));
    assert_eq!(read(&gb), Ok(2));
    for bytes in [&latin[..], &utf16, &text.as_bytes()[..30], b"id,name,born,village\n1,a\xffb,,\n"] {
        let fault = read(bytes).unwrap_err();
        assert!(fault.contains("neither UTF-8 nor GB18030") && fault.contains("save it as UTF-8"), "{fault}");
    }
}

#[test]
fn tables_of_a_wrong_shape_are_refused_with_what_to_do() {
    let check = |text: &str, part: &str| {
        let fault = read(text.as_bytes()).unwrap_err();
        assert!(fault.contains(part), "{fault}");
    };
    check("", "no header line");
    check("\n\n", "no header line");
    check("id,name,born,village\n1,a,,\n2,b,\n", "line 3 has 3 cells where the header has 4");
    check("id,name,born,village\n1,\"a,,\n2,b,,\n", "quote");
    check("id,name,name,born\n1,a,b,\n", "lacks village");
    check("id,name,name,born,village\n1,a,b,,\n", "name more than once");
    check("id,name,born,village\n7,a,,\n7,b,,\n7,c,,\n", "2 rows have no id or one that another row has");
    assert_eq!(read(b"id,name,born,village\n"), Ok(0));
}

#[test]
fn a_huge_cell_is_one_cell() {
    let huge = "x".repeat(3 << 20);
    assert_eq!(read(format!("id,name,born,village\n1,{huge},1950-01-01,{huge}\n2,a,,b\n").as_bytes()), Ok(2));
    assert_eq!(read(format!("id,name,born,village\n1,\"{huge}\n\",1950-01-01,b\n2,a,,b\n").as_bytes()), Ok(2));
}

#[test]
fn every_fault_of_a_spec_is_told_at_once_with_a_remedy() {
    let fault =
        link("colour = 1\nreport = 2.0\n[[compare]]\nname = \"a\"\nkind = \"b\"\n", "id\n1\n", None).unwrap_err();
    let told = fault.to_string();
    for part in ["colour", "2 is no probability; give a number", "unknown kind b; kinds are", "no block is given; add"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_row_that_lacks_what_a_large_block_is_split_by_still_meets_someone() {
    let spec = format!("largest_block = 4\nsplit = [\"born\"]\nreport = 0.0\n{SPEC}");
    let left = rows(40, |n| format!("a{n},ann,19{:02}-01-01,v{n}", 10 + n));
    let right = "id,name,born,village\nb1,ann,1920-01-01,v10\nb2,ann,,v11\n";
    let (_, pairs) = link(&spec, &left, Some(right)).unwrap();
    assert!(pairs.lines().any(|line| line.starts_with("a10,b1,")), "{pairs}");
    assert!(pairs.lines().any(|line| line.contains(",b2,")), "{pairs}");
}

#[test]
fn names_in_the_wrong_columns_are_seen_and_explained() {
    let spec = r#"
        one_to_one = true
        [[compare]]
        name = "given"
        kind = "name_latin"
        swaps_with = "surname"
        [[compare]]
        name = "surname"
        kind = "name_latin"
        [[compare]]
        name = "born"
        kind = "date"
        [[block]]
        on = ["born"]
    "#;
    let people = |turn: bool| {
        let mut text = "id,given,surname,born\n".to_owned();
        for n in 0..500 {
            let (given, surname) = (format!("anna{}", (b'a' + (n % 20) as u8) as char), format!("osmonov{}", n % 31));
            let (given, surname) = if turn && n == 7 { (surname, given) } else { (given, surname) };
            writeln!(text, "{n},{given},{surname},19{:02}-{:02}-{:02}", n % 60 + 20, n % 12 + 1, n % 28 + 1).unwrap();
        }
        text
    };
    let mut case = Case::new(spec, people(false), Some(&people(true)));
    case.options.explain = Some(("7".to_owned(), "7".to_owned()));
    let told = case.run().unwrap().0.printed;
    assert!(told.contains("swapped") && told.contains("counted with the swapped column"), "{told}");
}
