//! Verifying a return: signature, files, columns, rows, places and small counts; every fault at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kernel::DivisionCode;
use policy::column::Table;
use policy::model::Dictionary;
use policy::value::{Value, ValueType};

use crate::manifest::{FORMAT, FileLine, MANIFEST, Manifest, SIGNATURE, digest};
use crate::sign::is_signed;
use crate::tables::{INDICATOR_COLUMNS, INDICATORS, PEOPLE, PLACES, PSEUDONYM, RULE_COLUMNS, RULES};
use crate::{Agreement, ReturnFault, Trust};

/// A return that holds what it promises.
#[derive(Clone, Debug)]
pub struct Verified {
    pub folder: PathBuf,
    pub manifest: Manifest,
    /// Of the manifest's bytes.
    pub digest: String,
    pub(crate) rules: Table,
    pub(crate) indicators: Table,
}

/// Reads a return and holds it against the agreement and the keys that are believed.
///
/// # Errors
/// Every fault of it.
pub fn verify(
    folder: &Path,
    agreement: &Agreement,
    dictionary: &Dictionary,
    trusted: &[Trust],
) -> Result<Verified, Vec<ReturnFault>> {
    let mut faults = Vec::new();
    let manifest = manifest(folder, &mut faults);
    let Some((manifest, digest)) = manifest else { return Err(faults) };
    believe(&manifest, trusted, &mut faults);
    if manifest.version != agreement.version || manifest.format != FORMAT {
        faults.push(ReturnFault::Version { found: manifest.version, known: agreement.version });
        return Err(faults);
    }
    let mut tables = files(folder, &manifest, &mut faults);
    for (name, columns) in expected(agreement, dictionary) {
        match tables.get(name) {
            Some(table) => check_columns(name, table, &columns, &mut faults),
            None if !faults.iter().any(|fault| speaks_of(fault, name)) => {
                faults.push(ReturnFault::Missing { file: format!("{name}.parquet") });
            }
            None => {}
        }
    }
    for name in [RULES, INDICATORS] {
        if let Some(table) = tables.get(name) {
            check_places(name, table, manifest.county, &mut faults);
        }
    }
    if let Some(rules) = tables.get(RULES) {
        check_small(rules, agreement.small_cell, &mut faults);
    }
    match (tables.remove(RULES), tables.remove(INDICATORS)) {
        (Some(rules), Some(indicators)) if faults.is_empty() => {
            Ok(Verified { folder: folder.to_owned(), manifest, digest, rules, indicators })
        }
        _ => Err(faults),
    }
}

/// The manifest with the digest of its bytes, when it can be read at all.
fn manifest(folder: &Path, faults: &mut Vec<ReturnFault>) -> Option<(Manifest, String)> {
    let Ok(bytes) = fs::read(folder.join(MANIFEST)) else {
        faults.push(ReturnFault::Missing { file: MANIFEST.to_owned() });
        return None;
    };
    let parsed: Result<Manifest, _> = serde_json::from_slice(&bytes);
    let manifest = match parsed {
        Ok(manifest) => manifest,
        Err(e) => {
            faults.push(ReturnFault::Manifest { cause: format!("{}:{}", e.line(), e.column()) });
            return None;
        }
    };
    match fs::read_to_string(folder.join(SIGNATURE)) {
        Ok(signature) if is_signed(&manifest.public_key, &bytes, &signature) => {}
        Ok(_) => faults.push(ReturnFault::Signature),
        Err(_) => faults.push(ReturnFault::Missing { file: SIGNATURE.to_owned() }),
    }
    let (_, digest) = digest(&folder.join(MANIFEST)).ok()?;
    Some((manifest, digest))
}

fn believe(manifest: &Manifest, trusted: &[Trust], faults: &mut Vec<ReturnFault>) {
    let (county, key) = (manifest.county, manifest.public_key.clone());
    let mut mine = trusted.iter().filter(|t| t.county == county && t.public_key == key).peekable();
    if mine.peek().is_none() {
        faults.push(ReturnFault::Untrusted { county, key });
    } else if mine.all(|t| t.withdrawn_on.is_some()) {
        faults.push(ReturnFault::Withdrawn { county, key });
    }
}

/// Every file of the manifest that is as it says, by table; nothing else may lie there.
fn files(folder: &Path, manifest: &Manifest, faults: &mut Vec<ReturnFault>) -> BTreeMap<String, Table> {
    let mut tables = BTreeMap::new();
    for line in &manifest.files {
        if let Some((name, table)) = file(folder, line, faults) {
            tables.insert(name, table);
        }
    }
    let told: BTreeSet<&str> = manifest.files.iter().map(|f| f.name.as_str()).chain([MANIFEST, SIGNATURE]).collect();
    let listing = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut extra: Vec<String> = listing.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    extra.sort();
    let extra = extra.into_iter().filter(|name| !told.contains(name.as_str()));
    faults.extend(extra.map(|file| ReturnFault::Extra { file }));
    tables
}

fn file(folder: &Path, line: &FileLine, faults: &mut Vec<ReturnFault>) -> Option<(String, Table)> {
    let file = line.name.clone();
    // A name that leads elsewhere is none of ours.
    let name = file.strip_suffix(".parquet").filter(|name| [RULES, INDICATORS, PEOPLE, PLACES].contains(name));
    let Some(name) = name.map(str::to_owned) else {
        faults.push(ReturnFault::Extra { file });
        return None;
    };
    let path = folder.join(&file);
    match digest(&path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => faults.push(ReturnFault::Missing { file }),
        Err(e) => faults.push(ReturnFault::Unreadable { file, cause: e.kind().to_string() }),
        Ok((bytes, sha256)) if bytes != line.bytes || sha256 != line.sha256 => {
            faults.push(ReturnFault::Changed { file });
        }
        Ok(_) => match lake::read_table(&name, &[path]) {
            Err(e) => faults.push(ReturnFault::Unreadable { file, cause: e.to_string() }),
            Ok(table) if table.rows() as u64 != line.rows => {
                faults.push(ReturnFault::Rows { file, found: table.rows() as u64, told: line.rows });
            }
            Ok(table) => return Some((name, table)),
        },
    }
    None
}

type Columns = Vec<(String, ValueType)>;

fn expected(agreement: &Agreement, dictionary: &Dictionary) -> Vec<(&'static str, Columns)> {
    let fixed = |columns: &[(&str, ValueType)]| columns.iter().map(|(key, ty)| ((*key).to_owned(), *ty)).collect();
    let facts = |entity: &str, keys: &[String]| -> Columns {
        let ty = |key: &String| Some((key.clone(), dictionary.get(entity, key)?.value_type));
        keys.iter().filter_map(ty).collect()
    };
    let mut people = facts("person", &agreement.person_facts);
    people.push((PSEUDONYM.to_owned(), ValueType::Text));
    vec![
        (RULES, fixed(&RULE_COLUMNS)),
        (INDICATORS, fixed(&INDICATOR_COLUMNS)),
        (PEOPLE, people),
        (PLACES, facts("place", &agreement.place_facts)),
    ]
}

fn speaks_of(fault: &ReturnFault, name: &str) -> bool {
    matches!(fault, ReturnFault::Missing { file } | ReturnFault::Changed { file } | ReturnFault::Unreadable { file, .. }
        | ReturnFault::Rows { file, .. } if file.strip_suffix(".parquet") == Some(name))
}

fn check_columns(name: &str, table: &Table, columns: &Columns, faults: &mut Vec<ReturnFault>) {
    let file = format!("{name}.parquet");
    let known = |key: &str| columns.iter().find(|(column, _)| column == key).map(|(_, ty)| *ty);
    let wrong = table.columns().iter().filter(|(key, column)| known(key) != Some(column.ty())).map(|(key, _)| key);
    let absent = columns.iter().map(|(key, _)| key).filter(|key| table.column(key).is_none());
    faults.extend(wrong.chain(absent).map(|key| ReturnFault::Column { file: file.clone(), column: key.clone() }));
}

fn check_places(name: &str, table: &Table, county: DivisionCode, faults: &mut Vec<ReturnFault>) {
    let mut seen = BTreeSet::new();
    for row in 0..table.rows() {
        let told = table.get(row, "division");
        let text = told.as_text().unwrap_or_default();
        let inside = text.parse().is_ok_and(|code| county.contains(code));
        if !inside && seen.insert(text.to_owned()) {
            faults.push(ReturnFault::Elsewhere { file: format!("{name}.parquet"), division: text.to_owned() });
        }
    }
}

/// The county keeps small counts back; a return that does not is not loaded.
fn check_small(rules: &Table, least: i64, faults: &mut Vec<ReturnFault>) {
    for row in 0..rules.rows() {
        let small = |key| matches!(rules.get(row, key), Value::Int(n) if n > 0 && n < least);
        if ["met", "not_met", "unknown"].into_iter().any(small) {
            let division = rules.get(row, "division").to_string();
            faults.push(ReturnFault::Small { file: format!("{RULES}.parquet"), division });
        }
    }
}
