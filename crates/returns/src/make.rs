//! Making a county's return of a day: four tables and a signed manifest, in a folder that appears as a whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kernel::{Date, DivisionCode};
use performance::Measured;
use policy::column::Table;
use policy::{Pack, Program};
use store::Keys;

use crate::manifest::{FORMAT, FileLine, MANIFEST, Manifest, SIGNATURE, digest};
use crate::tables::{County, INDICATORS, PEOPLE, PLACES, RULES};
use crate::{Agreement, ReturnError, Signer};

/// What a return is made from.
pub struct Making<'m> {
    pub lake: &'m Path,
    pub county: DivisionCode,
    pub as_of: Date,
    pub pack: &'m Pack,
    pub program: &'m Program,
    pub agreement: &'m Agreement,
    /// Every indicator of the night.
    pub measured: &'m [Measured],
    /// People are named by the installation's own key.
    pub keys: &'m Keys,
    pub signer: &'m Signer,
    /// Said in the manifest.
    pub made_at: String,
}

/// A return that lies ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub folder: PathBuf,
    pub manifest: Manifest,
    /// The same had been made before: nothing new was written.
    pub unchanged: bool,
}

/// Writes the return below `out` as `return_<county>_<date>_r<revision>`. What the last revision holds already is not made
/// again.
///
/// # Errors
/// `NoDay` when the night was not run; `File` and `Lake` when something can't be read or written.
pub fn make(making: &Making<'_>, out: &Path) -> Result<Made, ReturnError> {
    let Making { agreement, county, as_of, pack, .. } = *making;
    let part = County::read(making.lake, (county, as_of), pack, making.program)?;
    let people = part.people(agreement, making.keys);
    let places = part.places(agreement);
    let tables = [
        (INDICATORS, part.indicators(making.measured, agreement.small_cell)),
        (RULES, part.rules(agreement.small_cell)),
        (PEOPLE, people),
        (PLACES, places),
    ];
    fs::create_dir_all(out).map_err(file("create", out))?;
    let staging = out.join(format!(".staging-{county}-{as_of}"));
    clear(&staging)?;
    fs::create_dir(&staging).map_err(file("create", &staging))?;
    let mut files = Vec::new();
    for (name, table) in &tables {
        files.push(write(&staging, name, table)?);
    }
    let last = last_revision(out, county, as_of)?;
    if let Some((revision, folder)) = &last
        && let Some(stands) = read(folder).filter(|m| m.files == files && m.public_key == making.signer.public_key())
    {
        clear(&staging)?;
        debug_assert_eq!(stands.revision, *revision);
        return Ok(Made { folder: folder.clone(), manifest: stands, unchanged: true });
    }
    let rows = |name: &str| tables.iter().find(|(n, _)| *n == name).map_or(0, |(_, table)| table.rows() as u64);
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: agreement.version,
        county,
        as_of,
        revision: last.map_or(1, |(revision, _)| revision + 1),
        pack: pack.id.clone(),
        pack_version: pack.version.clone(),
        made_at: making.made_at.clone(),
        public_key: making.signer.public_key(),
        small_cell: agreement.small_cell,
        people: rows(PEOPLE),
        places: rows(PLACES),
        files,
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(|_| ReturnError::Damaged { what: "a manifest" })?;
    for (name, content) in [(MANIFEST, text.clone()), (SIGNATURE, making.signer.sign(text.as_bytes()))] {
        let path = staging.join(name);
        let written = fs::write(&path, content).and_then(|()| fs::File::open(&path)?.sync_all());
        written.map_err(file("write", &path))?;
    }
    let folder = out.join(folder_name(county, as_of, manifest.revision));
    fs::rename(&staging, &folder).map_err(file("publish", &folder))?;
    Ok(Made { folder, manifest, unchanged: false })
}

fn write(folder: &Path, name: &str, table: &Table) -> Result<FileLine, ReturnError> {
    let name = format!("{name}.parquet");
    let path = folder.join(&name);
    lake::write_table(table, &path)?;
    let (bytes, sha256) = digest(&path).map_err(file("read", &path))?;
    let columns: BTreeMap<String, String> =
        table.columns().iter().map(|(key, column)| (key.clone(), column.ty().to_string())).collect();
    Ok(FileLine { name, rows: table.rows() as u64, bytes, sha256, columns })
}

fn folder_name(county: DivisionCode, as_of: Date, revision: u32) -> String {
    format!("return_{county}_{as_of}_r{revision}")
}

fn last_revision(out: &Path, county: DivisionCode, as_of: Date) -> Result<Option<(u32, PathBuf)>, ReturnError> {
    let opening = format!("return_{county}_{as_of}_r");
    let mut last: Option<(u32, PathBuf)> = None;
    for entry in fs::read_dir(out).map_err(file("list", out))? {
        let entry = entry.map_err(file("list", out))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let revision = name.strip_prefix(&opening).and_then(|number| number.parse::<u32>().ok());
        if let Some(revision) = revision.filter(|n| last.as_ref().is_none_or(|(last, _)| n > last)) {
            last = Some((revision, entry.path()));
        }
    }
    Ok(last)
}

fn read(folder: &Path) -> Option<Manifest> {
    serde_json::from_slice(&fs::read(folder.join(MANIFEST)).ok()?).ok()
}

pub(crate) fn clear(folder: &Path) -> Result<(), ReturnError> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(file("remove", folder)(e)),
        _ => Ok(()),
    }
}

pub(crate) fn file(action: &'static str, path: &Path) -> impl Fn(std::io::Error) -> ReturnError {
    move |cause| ReturnError::File { action, path: path.to_owned(), cause }
}
