//! A day goes to the store and comes back, whatever store it is.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::{Date, SystemClock};
use objects::{Access, ObjectFault, S3, Store};

fn day() -> Date {
    kernel::parse_date("2026-11-20").unwrap()
}

/// A lake with a day of two counties; `content` changes one of its files.
fn lake(content: &str) -> tempfile::TempDir {
    let lake = tempfile::tempdir().unwrap();
    for county in ["653001", "__HIVE_DEFAULT_PARTITION__"] {
        let folder = lake.path().join(format!("as_of={}/county={county}", day()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("person.parquet"), format!("{content} {county}").repeat(3000)).unwrap();
        fs::write(folder.join("place.parquet"), "PAR1").unwrap();
    }
    lake
}

fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            all.extend(bytes(&path).into_iter().map(|(inner, content)| (format!("{name}/{inner}"), content)));
        } else {
            all.insert(name, fs::read(path).unwrap());
        }
    }
    all
}

fn contract(store: &Store) {
    let (first, second, taken) = (lake("first"), lake("second"), tempfile::tempdir().unwrap());
    assert_eq!(objects::days(store).unwrap(), []);
    assert!(matches!(objects::pull(store, taken.path(), day()), Err(ObjectFault::NoDay { .. })));
    let pushed = objects::push(store, first.path(), day()).unwrap();
    assert_eq!((pushed.files, pushed.unchanged), (4, false));
    assert!(objects::push(store, first.path(), day()).unwrap().unchanged, "the same day is not sent twice");
    objects::pull(store, taken.path(), day()).unwrap();
    assert_eq!(bytes(taken.path()), bytes(first.path()));
    assert!(!objects::push(store, second.path(), day()).unwrap().unchanged);
    objects::pull(store, taken.path(), day()).unwrap();
    assert_eq!(bytes(taken.path()), bytes(second.path()), "a later revision takes the earlier one's place");
    assert_eq!(objects::days(store).unwrap(), [day()]);
    objects::drop_day(store, day()).unwrap();
    assert_eq!(objects::days(store).unwrap(), []);
    assert!(matches!(
        objects::push(store, taken.path(), "2026-11-21".parse().unwrap()),
        Err(ObjectFault::NoDay { .. })
    ));
}

#[test]
fn a_folder_keeps_days() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().to_str().unwrap(), Arc::new(SystemClock)).unwrap();
    contract(&store);
    assert_eq!(bytes(folder.path()), BTreeMap::new(), "nothing is left of a day that was dropped");
    let lake = lake("first");
    objects::push(&store, lake.path(), day()).unwrap();
    let file = bytes(folder.path()).into_keys().find(|name| name.ends_with("person.parquet")).unwrap();
    fs::write(folder.path().join(&file), "torn").unwrap();
    let taken = tempfile::tempdir().unwrap();
    assert_eq!(objects::pull(&store, taken.path(), day()), Err(ObjectFault::Damaged { name: file }));
    assert!(!taken.path().join(format!("as_of={}", day())).exists());
}

/// An S3 server of our own: `moto_server` from PyPI, as `make test-s3` installs it.
struct Moto {
    server: Child,
    endpoint: String,
}

impl Moto {
    fn start() -> Option<Self> {
        let home = std::env::var("HOME").unwrap_or_default();
        let named = std::env::var("YILIAN_MOTO").map(PathBuf::from);
        let program = named.unwrap_or_else(|_| Path::new(&home).join(".cache/yilian/venv/bin/moto_server"));
        if !program.exists() {
            assert!(std::env::var("YILIAN_REQUIRE_S3").is_err(), "moto_server is required but is not at {program:?}");
            eprintln!("SKIPPED on S3: moto_server is not installed (make test-s3 installs it)");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let moto = Self { server, endpoint: format!("http://127.0.0.1:{port}") };
        let since = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(since.elapsed() < Duration::from_secs(60), "moto_server does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(moto)
    }

    fn bucket(&self, place: &str) -> S3 {
        let access = Access {
            endpoint: self.endpoint.clone(),
            region: "us-east-1".to_owned(),
            id: "testing".to_owned(),
            secret: "testing".to_owned(),
        };
        S3::new(place, access, Arc::new(SystemClock)).unwrap()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn s3_keeps_days() {
    let Some(moto) = Moto::start() else { return };
    let missing = Store::S3(moto.bucket("nowhere/lake"));
    assert!(matches!(objects::days(&missing), Err(ObjectFault::Refused { status: 404, .. })));
    let bucket = moto.bucket("district/lake of 110105");
    bucket.create_bucket().unwrap();
    contract(&Store::S3(bucket));
    // More objects than one answer lists.
    let many = tempfile::tempdir().unwrap();
    let folder = many.path().join(format!("as_of={}/county=110105", day()));
    fs::create_dir_all(&folder).unwrap();
    for number in 0..1100 {
        fs::write(folder.join(format!("part-{number:04}.parquet")), number.to_string()).unwrap();
    }
    let (store, taken) = (Store::S3(moto.bucket("district/many")), tempfile::tempdir().unwrap());
    objects::push(&store, many.path(), day()).unwrap();
    objects::drop_day(&store, day()).unwrap();
    assert_eq!(objects::days(&store).unwrap(), [], "every page of a listing is read");
    assert!(objects::pull(&store, taken.path(), day()).is_err());
}

#[test]
fn addresses_and_access_are_told_apart() {
    let open = |address: &str| Store::open(address, Arc::new(SystemClock)).err();
    assert!(matches!(open("ftp://x/y"), Some(ObjectFault::Address { .. })));
    assert!(matches!(open(""), Some(ObjectFault::Address { .. })));
    assert!(open("/some/folder").is_none());
}
