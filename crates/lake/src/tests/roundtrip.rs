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
