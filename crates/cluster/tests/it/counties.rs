//! Two counties of one prefecture, each with a home, a night and a lake of its own, as the binary `yilian` makes them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub const PACK: &str = "kizilsu-2024";
pub const COUNTIES: [&str; 2] = ["653001", "653022"];
/// The last day of a month, so that the indicators of the month are measured the day after.
pub const DAY: &str = "2026-10-31";
pub const DAY_AFTER: &str = "2026-11-01";

/// The counties' homes, and a folder with their lakes.
pub struct Counties {
    homes: tempfile::TempDir,
    pub yilian: PathBuf,
}

/// Made once; none where there is no `yilian`.
pub fn counties() -> Option<&'static Counties> {
    static MADE: OnceLock<Option<Counties>> = OnceLock::new();
    MADE.get_or_init(Counties::make).as_ref()
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Counties {
    fn make() -> Option<Self> {
        let home = std::env::var("HOME").unwrap_or_default();
        let usual = || Path::new(&home).join(".cache/yilian/release/yilian");
        let yilian = std::env::var("YILIAN_BIN").map_or_else(|_| usual(), PathBuf::from);
        if !yilian.exists() {
            assert!(std::env::var("YILIAN_REQUIRE_CLUSTER").is_err(), "yilian is required but is not at {yilian:?}");
            eprintln!("SKIPPED: no yilian at {yilian:?} (make build makes it, YILIAN_BIN names another)");
            return None;
        }
        let made = Self { homes: tempfile::tempdir().unwrap(), yilian };
        for county in COUNTIES {
            let inbox = made.home(county).join("inbox");
            let inbox = inbox.to_str().unwrap();
            let older = ["--older-people", "3000", "--as-of", DAY, "--seed", &county[4..]];
            made.run(county, &[&["synth", "--region", county, "--no-truth", "--out", inbox], &older[..]].concat());
            made.run(county, &["keys", "create"]);
            for day in [DAY, DAY_AFTER] {
                made.run(county, &["cycle", "--pack", PACK, "--as-of", day, "--allow-future"]);
            }
        }
        Some(made)
    }

    pub fn home(&self, county: &str) -> PathBuf {
        self.homes.path().join("homes").join(county)
    }

    /// Runs `yilian` for a county.
    pub fn run(&self, county: &str, args: &[&str]) {
        self.run_with(county, args, &[]);
    }

    pub fn run_with(&self, county: &str, args: &[&str], environment: &[(String, String)]) {
        let root = repository();
        let mut command = Command::new(&self.yilian);
        command.arg("--home").arg(self.home(county)).arg("--packs").arg(root.join("packs"));
        command.arg("--authz").arg(root.join("authz")).args(args).envs(environment.iter().cloned());
        let output = command.output().unwrap();
        assert!(output.status.success(), "yilian {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// The lakes below one folder, as `yilian lake pull --into` lays them; the caller may spoil it.
    pub fn province(&self) -> tempfile::TempDir {
        let province = tempfile::tempdir().unwrap();
        for county in COUNTIES {
            copy(&self.home(county).join("lake"), &province.path().join(county));
        }
        province
    }
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}
