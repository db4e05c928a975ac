use super::{PERSON, population, publish, relative};
use crate::{dates, read, read_table, write_table};

#[test]
fn facts_that_may_leave_come_back_as_they_were() {
    let lake = tempfile::tempdir().unwrap();
    let population = population(3000);
    let written = publish(&population, &[], lake.path()).unwrap();
    assert_eq!((written.rows, written.files), (3005, 8));
    assert_eq!(dates(lake.path()).unwrap(), [super::d("2026-11-20")]);
    let back = read(&written.folder).unwrap();
    let (before, after) = (population.table("person").unwrap(), back.table("person").unwrap());
    assert_eq!(after.rows(), 3000);
    for (key, ty, _) in PERSON {
        if ["name", "ability_total", "person_id"].contains(&key) {
            assert!(after.column(key).is_none(), "{key} must not leave");
            continue;
        }
        assert_eq!(after.column(key).unwrap().ty(), ty, "{key}");
        for (row, id) in after.ids().iter().enumerate() {
            assert_eq!(after.get(row, key), before.get(before.row_of(*id).unwrap(), key), "{key} of {id}");
        }
    }
    assert!(after.column("shoe_size").is_none(), "the dictionary does not know it");
    let visits = back.table("visit").unwrap();
    assert_eq!(visits.get(visits.row_of(2).unwrap(), "person_id"), policy::value::Value::text("P00000003"));
    let places = back.table("place").unwrap();
    assert_eq!(places.get(places.row_of(4).unwrap(), "lon"), policy::value::Value::Float(75.9));
}

#[test]
fn a_table_of_any_columns_comes_back_in_its_own_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.parquet");
    let population = population(70_000);
    let before = population.table("person").unwrap();
    write_table(before, &path).unwrap();
    let after = read_table("person", &[path]).unwrap();
    assert_eq!(after.ids(), before.ids());
    for (key, column) in before.columns().iter().filter(|(key, _)| *key != "person_id") {
        for row in 0..column.len() {
            assert_eq!(after.get(row, key), column.get(row), "{key} of row {row}");
        }
    }
}

#[test]
fn the_same_snapshot_gives_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    publish(&population(500), &[], one.path()).unwrap();
    publish(&population(500), &[], two.path()).unwrap();
    assert_eq!(relative(one.path()), relative(two.path()));
    publish(&population(500), &[], two.path()).unwrap();
    assert_eq!(relative(one.path()), relative(two.path()));
}

/// Few different texts and numbers, many, long ones and none, in two row groups, with and without gaps.
#[test]
fn texts_and_numbers_come_back_however_many_differ() {
    use policy::column::TableBuilder;
    use policy::value::{Value, ValueType};
    const ROWS: i64 = 70_000;
    let cases: [(&str, ValueType, fn(i64) -> Value); 8] = [
        ("few", ValueType::Text, |id| Value::text(["", "住家", "电话"][(id % 3) as usize])),
        ("gaps", ValueType::Text, |id| if id % 7 == 0 { Value::Null } else { Value::text(&format!("v{}", id % 40)) }),
        ("differ", ValueType::Text, |id| if id % 5 == 0 { Value::Null } else { Value::text(&format!("P{id:08}")) }),
        ("long", ValueType::Text, |id| Value::text(&"长".repeat(20 + (id % 4) as usize))),
        ("nothing", ValueType::Text, |_| Value::Null),
        ("count", ValueType::Int, |id| Value::Int(id % 9 - 4)),
        ("amount", ValueType::Fen, |id| if id % 3 == 0 { Value::Null } else { Value::Fen(id * 7_919) }),
        ("second_group", ValueType::Text, |id| if id < 66_000 { Value::Null } else { Value::text("late") }),
    ];
    let mut builder = TableBuilder::new("person", cases.map(|(key, ty, _)| (key, ty)));
    for id in 1..=ROWS {
        builder.push_row(id, &cases.map(|(key, _, value)| (key, value(id)))).unwrap();
    }
    let before = builder.finish();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.parquet");
    write_table(&before, &path).unwrap();
    let after = read_table("person", std::slice::from_ref(&path)).unwrap();
    for (key, ..) in cases {
        for row in 0..before.rows() {
            assert_eq!(after.get(row, key), before.get(row, key), "{key} of row {row}");
        }
    }
    let file = super::format::open(&path);
    let group = parquet::file::reader::FileReader::metadata(&file).row_group(1);
    let bounds = |key: &str| {
        let column = group.columns().iter().find(|column| column.column_path().string() == key).unwrap();
        let statistics = column.statistics().unwrap();
        let text = |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
        (text(statistics.min_bytes_opt()), text(statistics.max_bytes_opt()), statistics.null_count_opt())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(bounds("differ"), (some("P00065537"), some("P00069999"), Some(893)));
    assert_eq!(bounds("nothing"), (None, None, Some(4_464)));
    assert_eq!(bounds("second_group"), (some("late"), some("late"), Some(463)));
}
