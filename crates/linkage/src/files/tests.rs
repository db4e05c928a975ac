//! Tables however they are written; faulty ones refused with their place.

use std::fmt::Write as _;

use crate::data::Data;
use crate::files::loader::BATCH;
use crate::files::{FileFault, Loader};
use crate::spec::Spec;

const SPEC: &str = "id = \"id\"\n[[compare]]\nname = \"name\"\nkind = \"name_latin\"\n[[block]]\non = [\"name\"]\n";

fn load(bytes: &[u8]) -> Result<Data, FileFault> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, bytes).unwrap();
    let spec = Spec::parse(SPEC).unwrap();
    let mut loader = Loader::new(&spec);
    loader.files(&path, None)?;
    Ok(loader.finish())
}

fn names(data: &Data) -> Vec<String> {
    let text = |row: u32| data.values(0).texts.text(data.left.row(row)[0]).to_owned();
    (0..data.left.len() as u32).map(text).collect()
}

#[test]
fn one_table_reads_the_same_however_it_is_written() {
    let plain = "id,x,name\n1,a,Ann\n2,b,Bob\n3,c,\n";
    let variants = [
        plain.as_bytes().to_vec(),
        plain.replace('\n', "\r\n").into_bytes(),
        plain.trim_end().as_bytes().to_vec(),
        plain.replace(',', ";").into_bytes(),
        plain.replace(',', "\t").into_bytes(),
        plain.replace("Ann", "\"Ann\"").into_bytes(),
        [b"\xef\xbb\xbf", plain.as_bytes()].concat(),
        format!("{plain}\n\n").into_bytes(),
    ];
    for bytes in variants {
        assert_eq!(names(&load(&bytes).unwrap()), ["ann", "bob", ""], "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn gb18030_is_read_and_other_bytes_are_refused_with_their_line() {
    let (bytes, _, _) = encoding_rs::GB18030.encode("id,name\n1,王小明\n");
    assert_eq!(names(&load(&bytes).unwrap()), ["王小明"]);
    let fault = load(b"id,name\n1,ann\n2,\xff\xff\n").unwrap_err();
    assert!(matches!(fault, FileFault::Encoding { line: 3, .. }), "{fault}");
    let fault = load(b"id,name\n1,a\0b\n").unwrap_err();
    assert!(matches!(fault, FileFault::Encoding { line: 2, .. }), "{fault}");
}

#[test]
fn a_faulty_table_is_refused_with_its_place() {
    let check = |text: &str, part: &str| {
        let fault = load(text.as_bytes()).unwrap_err().to_string();
        assert!(fault.contains(part), "{fault}");
    };
    check("id,nom\n1,ann\n", "lacks name; its columns are: id, nom");
    check("id,name\n1,ann,x\n", "line 2 has 3 cells where the header has 2");
    check("id,name\n1,ann\n1,bob\n,eve\n", "2 rows have no id or one that another row has, the first in line 3");
    check("", "no header line");
}

#[test]
fn a_table_longer_than_a_batch_keeps_its_order() {
    let mut text = "id,name\n".to_owned();
    (0..3 * BATCH).for_each(|n| writeln!(text, "{n},n{n}").unwrap());
    let data = load(text.as_bytes()).unwrap();
    assert_eq!(data.left.len(), 3 * BATCH);
    assert_eq!(names(&data)[2 * BATCH + 7], format!("n{}", 2 * BATCH + 7));
    assert_eq!(data.left.id(5), "5");
}

#[test]
fn an_id_that_stands_twice_is_told_among_many_that_stand_once() {
    let mut text = "id,name\n".to_owned();
    (0..50_000).for_each(|n| writeln!(text, "{n},n").unwrap());
    assert_eq!(load(text.as_bytes()).unwrap().left.len(), 50_000);
    text += "49999,n\n7,n\n50000,n\n7,n\n";
    let fault = load(text.as_bytes()).unwrap_err();
    assert!(matches!(fault, FileFault::Ids { rows: 3, line: 50_002, .. }), "{fault}");
}
