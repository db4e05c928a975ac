//! Draft packs: a folder below `drafts`, or changed files laid over the pack in force for one try.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use axum::extract::Multipart;
use policy::{Pack, PackFault};

use crate::edge::Problem;
use crate::state::Places;

/// Files of one upload, and bytes of each: a pack has a few dozen small files.
const FILES: usize = 60;
const BYTES: usize = 400_000;

/// A changed file: its bare name or its path within the pack, and its text.
pub type Received = (String, String);

/// A pack, or what is wrong with it.
pub type Loaded = Result<Pack, Vec<PackFault>>;

/// Names of the drafts on this machine, sorted.
#[must_use]
pub fn list(places: &Places) -> Vec<String> {
    let entries = fs::read_dir(places.drafts()).into_iter().flatten().filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Loads a draft of that name: whole when it has a `pack.toml`, else laid over the pack in force.
///
/// # Errors
/// `NotFound` when there is no such draft.
pub fn on_disk(places: &Places, name: &str) -> Result<Loaded, Problem> {
    if !list(places).iter().any(|draft| draft == name) {
        return Err(Problem::NotFound);
    }
    let folder = places.drafts().join(name);
    if folder.join("pack.toml").is_file() {
        return Ok(load(places, &folder));
    }
    let mut changed = Vec::new();
    read_all(&folder, &folder, &mut changed).map_err(Problem::internal)?;
    over(places, &changed)
}

/// Loads uploaded files laid over the pack in force.
///
/// # Errors
/// Faults of this machine's disk.
pub fn uploaded(places: &Places, files: &[Received]) -> Result<Loaded, Problem> {
    over(places, files)
}

/// Goes on when every file is one of a pack and none is too long.
///
/// # Errors
/// `TooLarge`, `Unreadable`.
pub fn check(files: &[Received]) -> Result<(), Problem> {
    if files.len() > FILES || files.iter().any(|(_, text)| text.len() > BYTES) {
        return Err(Problem::TooLarge);
    }
    if files.is_empty() || files.iter().any(|(name, _)| !is_pack_file(name)) {
        Err(Problem::Unreadable)
    } else {
        Ok(())
    }
}

/// Reads an upload; only `.toml` files with a bare name are taken.
///
/// # Errors
/// `TooLarge`, `Unreadable`.
pub async fn received(mut form: Multipart) -> Result<Vec<Received>, Problem> {
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| Problem::Unreadable)? {
        let name =
            field.file_name().map(Path::new).and_then(Path::file_name).and_then(OsStr::to_str).map(str::to_owned);
        let Some(name) = name.filter(|name| is_pack_file(name)) else { continue };
        let bytes = field.bytes().await.map_err(|_| Problem::TooLarge)?;
        if bytes.len() > BYTES || files.len() >= FILES {
            return Err(Problem::TooLarge);
        }
        files.push((name, String::from_utf8(bytes.to_vec()).map_err(|_| Problem::Unreadable)?));
    }
    if files.is_empty() { Err(Problem::Unreadable) } else { Ok(files) }
}

fn is_pack_file(name: &str) -> bool {
    name.strip_suffix(".toml")
        .is_some_and(|stem| !stem.is_empty() && stem.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)))
}

fn over(places: &Places, changed: &[Received]) -> Result<Loaded, Problem> {
    let copy = tempfile::tempdir().map_err(Problem::internal)?;
    let folder = copy.path().join(&places.pack);
    let mut copied = Vec::new();
    copy_all(&places.packs.join(&places.pack), &folder, &mut copied).map_err(Problem::internal)?;
    let mut faults = Vec::new();
    for (name, text) in changed {
        match place_of(&copied, name, text) {
            Some(path) => fs::write(path, text).map_err(Problem::internal)?,
            None => {
                let message = format!("the pack in force has no file {name}");
                faults.push(PackFault::of_file(name, "no_such_file", message, "name the file as in the pack"));
            }
        }
    }
    Ok(if faults.is_empty() { load(places, &folder) } else { Err(faults) })
}

/// Loads the pack in a folder; its faults name files from that folder on.
fn load(places: &Places, folder: &Path) -> Loaded {
    let around = folder.parent().map(|parent| format!("{}/", parent.display())).unwrap_or_default();
    policy::load(&places.packs, &folder.to_string_lossy()).map_err(|faults| {
        let bare = |fault: PackFault| PackFault {
            file: fault.file.replace(&around, ""),
            message: fault.message.replace(&around, ""),
            ..fault
        };
        faults.into_iter().map(bare).collect()
    })
}

/// Which file of the pack a changed one stands for: the one at its path, else its namesake; of several namesakes the
/// one that begins with the same kind of table.
fn place_of<'c>(copied: &'c [PathBuf], name: &str, text: &str) -> Option<&'c PathBuf> {
    let namesakes: Vec<&PathBuf> = copied.iter().filter(|path| path.ends_with(name)).collect();
    let same_kind = |path: &&&PathBuf| fs::read_to_string(path).is_ok_and(|own| first_table(&own) == first_table(text));
    namesakes.iter().find(same_kind).or(namesakes.first()).copied()
}

/// `parameter` of a text whose first table is `[[parameter]]`.
fn first_table(text: &str) -> Option<&str> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("[["))?;
    line.split(']').next()
}

fn copy_all(from: &Path, to: &Path, copied: &mut Vec<PathBuf>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target, copied)?;
        } else {
            fs::copy(entry.path(), &target)?;
            copied.push(target);
        }
    }
    Ok(())
}

fn read_all(root: &Path, folder: &Path, files: &mut Vec<Received>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            read_all(root, &entry.path(), files)?;
        } else if entry.file_name().to_str().is_some_and(is_pack_file) {
            let path = entry.path();
            let within = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            files.push((within, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        let packs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs")).to_owned();
        Places { packs, pack: "kizilsu-2024".into(), documents: "documents".into() }
    }

    #[test]
    fn a_changed_file_takes_the_place_of_its_namesake() {
        let groups = fs::read_to_string(places().packs.join("kizilsu-2024/groups.toml")).unwrap();
        let changed = groups.replace("zh = \"独居\"", "zh = \"一人住\"");
        let pack = uploaded(&places(), &[("groups.toml".into(), changed)]).unwrap().unwrap();
        assert_eq!(pack.rule("living_alone").unwrap().label.zh, "一人住");
    }

    #[test]
    fn of_two_namesakes_the_one_of_the_same_kind_is_replaced() {
        let path = places().packs.join("kizilsu-2024/parameters/classes.toml");
        let changed = fs::read_to_string(path).unwrap().replacen("value = 80", "value = 70", 1);
        let pack = uploaded(&places(), &[("classes.toml".into(), changed)]).unwrap().unwrap();
        let value = &pack.parameter("oldest_old_age").unwrap().values[0].value;
        assert_eq!(value.as_units(), Some(70));
        let faults = uploaded(&places(), &[("classes.toml".into(), "[[parameter]\n".into())]).unwrap().unwrap_err();
        assert_eq!(faults[0].file, "kizilsu-2024/parameters/classes.toml");
    }

    #[test]
    fn a_file_the_pack_does_not_have_is_a_fault() {
        let faults = uploaded(&places(), &[("grups.toml".into(), String::new())]).unwrap().unwrap_err();
        assert_eq!(faults[0].code, "no_such_file");
    }

    #[test]
    fn only_bare_pack_files_are_taken() {
        for (name, taken) in
            [("groups.toml", true), ("a-b_1.toml", true), (".toml", false), ("../x.toml", false), ("x.toml.exe", false)]
        {
            assert_eq!(is_pack_file(name), taken, "{name}");
        }
    }
}
