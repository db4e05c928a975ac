//! An installation in a throw-away folder, and the region whose lists it is given.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

pub struct Home {
    folder: tempfile::TempDir,
}

/// The repository's root, where `packs` lies.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Lists of two townships, written once for all tests: the first night, and what follows a week later.
pub fn lists() -> &'static (PathBuf, PathBuf) {
    static LISTS: OnceLock<(tempfile::TempDir, (PathBuf, PathBuf))> = OnceLock::new();
    let (_, paths) = LISTS.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        synth(&first, &["--as-of", "2026-11-20"]);
        synth(&second, &["--as-of", "2026-11-27", "--since", "2026-11-20"]);
        (folder, (first, second))
    });
    paths
}

fn synth(out: &Path, days: &[&str]) {
    let mut command = yilian(Path::new("unused"));
    command.args(["synth", "--townships", "2", "--older-people", "600", "--seed", "7", "--out"]).arg(out).args(days);
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The command with a home folder, in the repository's root.
pub fn yilian(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yilian"));
    command.current_dir(root()).arg("--home").arg(home).args(["--lang", "en"]);
    command.env_remove("YILIAN_KEY").env_remove("YILIAN_DATABASE").env_remove("YILIAN_LOG").env_remove("YILIAN_PACK");
    command
}

impl Home {
    /// Empty but for its keys.
    pub fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        home.succeed(&["keys", "create"]);
        home
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = yilian(self.path());
        command.args(args);
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Standard output of a run that must succeed.
    pub fn succeed(&self, args: &[&str]) -> String {
        let done = self.run(args);
        assert!(done.status.success(), "yilian {args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Puts copies of a folder's lists into the inbox.
    pub fn receive(&self, lists: &Path) {
        let inbox = self.path().join("inbox");
        fs::create_dir_all(&inbox).unwrap();
        for entry in fs::read_dir(lists).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, inbox.join(path.file_name().unwrap())).unwrap();
            }
        }
    }

    pub fn night(&self, as_of: &str) -> String {
        self.succeed(&["cycle", "--allow-future", "--as-of", as_of])
    }

    /// Every published byte: exports and Parquet.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut state = BTreeMap::new();
        for folder in ["out", "lake"] {
            read_all(self.path(), &self.path().join(folder), &mut state);
        }
        state
    }

    /// Every published byte, and how many rows each table of the SQLite file has.
    pub fn state(&self) -> BTreeMap<String, String> {
        let mut state = self.files();
        let database = rusqlite::Connection::open(self.path().join("yilian.db")).unwrap();
        let mut names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
        let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        for name in names.iter().filter(|name| !name.starts_with("sqlite_")) {
            let rows: i64 = database.query_row(&format!("SELECT COUNT(*) FROM {name}"), [], |row| row.get(0)).unwrap();
            state.insert(format!("table {name}"), rows.to_string());
        }
        state
    }
}

fn read_all(root: &Path, folder: &Path, state: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(root, &path, state);
        } else {
            let bytes = fs::read(&path).unwrap();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            state.insert(name, format!("{} bytes, {:016x}", bytes.len(), fnv(&bytes)));
        }
    }
}

/// FNV-1a: enough to tell two files apart in a test.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
