use std::fs::File;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use policy::model::Sensitivity;

use super::{as_outcomes, d, files, paid, population, publish, some_outcomes};
use crate::{Snapshot, describe, write};

pub(super) fn open(path: &Path) -> SerializedFileReader<File> {
    SerializedFileReader::new(File::open(path).unwrap()).unwrap()
}

#[test]
fn every_county_has_its_folder_and_every_table_its_file() {
    let lake = tempfile::tempdir().unwrap();
    let population = population(100);
    let (met, known) = some_outcomes(100);
    publish(&population, &as_outcomes(&met, &known, &paid(&population, &met)), lake.path()).unwrap();
    let names: Vec<String> = files(lake.path())
        .iter()
        .map(|(path, _)| {
            path.strip_prefix(lake.path().join("as_of=2026-11-20")).unwrap().to_string_lossy().into_owned()
        })
        .collect();
    assert_eq!(
        names,
        [
            "county=653001/determination.parquet",
            "county=653001/person.parquet",
            "county=653001/place.parquet",
            "county=653001/visit.parquet",
            "county=653022/determination.parquet",
            "county=653022/person.parquet",
            "county=653022/place.parquet",
            "county=653022/visit.parquet",
            "county=__HIVE_DEFAULT_PARTITION__/determination.parquet",
            "county=__HIVE_DEFAULT_PARTITION__/person.parquet",
            "county=__HIVE_DEFAULT_PARTITION__/place.parquet",
        ]
    );
}

#[test]
fn files_say_what_they_are_and_nothing_that_varies() {
    let lake = tempfile::tempdir().unwrap();
    let written = publish(&population(100), &[], lake.path()).unwrap();
    let reader = open(&written.folder.join("county=653001/person.parquet"));
    let metadata = reader.metadata().file_metadata();
    let notes: Vec<(&str, &str)> = metadata
        .key_value_metadata()
        .unwrap()
        .iter()
        .map(|kv| (kv.key.as_str(), kv.value.as_deref().unwrap()))
        .filter(|(key, _)| *key != "yilian.columns")
        .collect();
    assert_eq!(
        notes,
        [
            ("yilian.schema_version", "1"),
            ("yilian.entity", "person"),
            ("yilian.as_of", "2026-11-20"),
            ("yilian.pack", "test"),
            ("yilian.pack_version", "1"),
        ]
    );
    assert_eq!(metadata.created_by(), Some("yilian lake"));
}

#[test]
fn a_township_is_found_by_the_statistics_of_few_row_groups() {
    let lake = tempfile::tempdir().unwrap();
    let written = publish(&population(200_000), &[], lake.path()).unwrap();
    let reader = open(&written.folder.join("county=653022/person.parquet"));
    let metadata = reader.metadata();
    let schema = metadata.file_metadata().schema_descr();
    let at = (0..schema.num_columns()).find(|at| schema.column(*at).name() == "residence_division").unwrap();
    let holds = |township: &str| {
        let ranges = metadata.row_groups().iter().map(|group| group.column(at).statistics().unwrap());
        ranges
            .filter(|range| {
                let text = |bytes: Option<&[u8]>| String::from_utf8(bytes.unwrap().to_vec()).unwrap();
                let (low, high) = (text(range.min_bytes_opt()), text(range.max_bytes_opt()));
                &low[..9] <= township && township <= &high[..9]
            })
            .count()
    };
    assert_eq!(metadata.num_row_groups(), 5);
    for township in ["653022000", "653022002", "653022004"] {
        assert_eq!(holds(township), 1, "{township}");
    }
}

#[test]
fn the_guide_lists_every_column_and_no_secret_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pack = policy::load(&root.join("packs"), "kizilsu-2024").unwrap_or_else(|faults| panic!("{faults:#?}"));
    let table = describe(&pack.dictionary);
    for section in table.split("### ").skip(1) {
        let entity = section.split('.').next().unwrap();
        for fact in pack.dictionary.of(entity) {
            let open = matches!(fact.sensitivity, Sensitivity::Class | Sensitivity::Open);
            assert!(open || !section.contains(&format!("| `{}` |", fact.key)), "{entity}.{}", fact.key);
        }
    }
    let path = root.join("docs/lake.md");
    let guide = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = guide.split_once("<!-- columns -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /columns -->").unwrap();
    let wanted = format!("{before}<!-- columns -->\n{table}<!-- /columns -->{after}");
    if guide != wanted && std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    assert!(guide == wanted, "docs/lake.md is behind the dictionary; run this test with UPDATE_DOCS=1");
}

#[test]
fn outcomes_of_other_rows_are_refused() {
    let lake = tempfile::tempdir().unwrap();
    let population = population(10);
    let (met, known) = some_outcomes(9);
    let paid = paid(&population, &met);
    let outcomes = as_outcomes(&met, &known, &paid);
    assert!(publish(&population, &outcomes, lake.path()).unwrap_err().to_string().contains("9 rows"));
    let dictionary = super::dictionary();
    let as_of = d("2026-11-20");
    let snapshot = Snapshot {
        as_of,
        pack_id: "test",
        pack_version: "1",
        dictionary: &dictionary,
        population: &population,
        outcomes: &[],
    };
    write(&snapshot, lake.path()).expect("the next run clears up and writes");
}
