//! Regions written to disk: same bytes again, counts, planted faults at their stated rates.

mod faults;
mod nights;
mod prefecture;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use synth::{Options, Written};

pub fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

pub fn sample() -> Options {
    Options::load(&packs()).unwrap().sample()
}

/// Writes a region's lists to a new directory.
pub fn written(region: &synth::Region) -> (tempfile::TempDir, Written) {
    let dir = tempfile::tempdir().unwrap();
    let written = region.write_lists(dir.path()).unwrap();
    (dir, written)
}

/// Every file below a directory with its bytes.
pub fn bytes(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            all.extend(bytes(&path).into_iter().map(|(inner, content)| (format!("{name}/{inner}"), content)));
        } else {
            all.insert(name, std::fs::read(path).unwrap());
        }
    }
    all
}

/// Rows of a truth file as maps.
pub fn truth(dir: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(dir.join("truth").join(name)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}
