//! A scheduler and workers as processes of their own, and questions asked as processes.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::counties::{PACK, repository};

const PATIENCE: Duration = Duration::from_secs(600);

/// A process that ends with the test.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub struct Cluster {
    folder: tempfile::TempDir,
    pub address: String,
    _scheduler: Process,
    pub workers: Vec<Process>,
    environment: Vec<(String, String)>,
}

impl Cluster {
    pub fn start(workers: usize, environment: &[(String, String)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = free();
        let args = ["scheduler", "--listen", &address, "--worker-timeout", "15"];
        let scheduler = started(&args, &folder.path().join("scheduler.log"), environment);
        let mut cluster =
            Self { folder, address, _scheduler: scheduler, workers: Vec::new(), environment: environment.to_vec() };
        until("the scheduler listens", || TcpStream::connect(&cluster.address).is_ok());
        for _ in 0..workers {
            cluster.add_worker();
        }
        cluster
    }

    pub fn add_worker(&mut self) {
        let (number, listen) = (self.workers.len(), free());
        let (work, log) = (self.work(number), self.folder.path().join(format!("worker-{number}.log")));
        let work = work.to_str().unwrap();
        let args = ["worker", "--scheduler", &self.address, "--listen", &listen, "--cores", "1", "--work-dir", work];
        self.workers.push(started(&args, &log, &self.environment));
        until("the worker listens", || TcpStream::connect(&listen).is_ok());
    }

    /// The folder in which a worker keeps what others will fetch.
    pub fn work(&self, worker: usize) -> PathBuf {
        self.folder.path().join(format!("work-{worker}"))
    }

    /// How many tasks a worker has ended.
    pub fn ended(&self, worker: usize) -> usize {
        let log = std::fs::read_to_string(self.folder.path().join(format!("worker-{worker}.log"))).unwrap();
        log.matches("Finished task").count()
    }

    /// What the processes logged, for a failure's message.
    pub fn logs(&self) -> String {
        let mut all = String::new();
        for entry in std::fs::read_dir(self.folder.path()).unwrap().map(Result::unwrap) {
            if entry.path().extension().is_some_and(|extension| extension == "log") {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                let tail: Vec<_> = text.lines().rev().take(40).collect();
                all += &format!("== {}\n", entry.file_name().to_string_lossy());
                tail.iter().rev().for_each(|line| all += &format!("{line}\n"));
            }
        }
        all
    }
}

fn started(args: &[&str], log: &Path, environment: &[(String, String)]) -> Process {
    let log = File::create(log).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_yilian-cluster"));
    command.args(args).envs(environment.iter().cloned()).env("RUST_LOG", "info");
    command.stdout(log.try_clone().unwrap()).stderr(log);
    Process(command.spawn().unwrap())
}

/// A question, not yet asked.
pub fn question(command: &str, day: &str, lake: &str, out: &Path) -> Command {
    question_of(&repository().join("packs"), command, day, lake, out)
}

/// The same of packs elsewhere.
pub fn question_of(packs: &Path, command: &str, day: &str, lake: &str, out: &Path) -> Command {
    let mut asked = Command::new(env!("CARGO_BIN_EXE_yilian-cluster"));
    asked.args([command, "--pack", PACK, "--as-of", day, "--lake", lake, "--out"]).arg(out);
    asked.arg("--packs").arg(packs).env("YILIAN_LANG", "en");
    asked.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    asked
}

pub fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// An address nobody listens at.
fn free() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

pub fn until(what: &str, mut reached: impl FnMut() -> bool) {
    let since = Instant::now();
    while !reached() {
        assert!(since.elapsed() < PATIENCE, "{what}: not in {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Files below a folder with their bytes.
pub fn files(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(folder).unwrap().to_owned();
                found.insert(name, std::fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

/// Fails where two folders do not hold the same files with the same bytes, and names those.
pub fn same(one: &Path, other: &Path) {
    let (one, other) = (files(one), files(other));
    assert!(!one.is_empty(), "there is nothing to compare");
    let names: std::collections::BTreeSet<_> = one.keys().chain(other.keys()).collect();
    let differ: Vec<_> = names.into_iter().filter(|name| one.get(*name) != other.get(*name)).collect();
    assert!(differ.is_empty(), "{} of {} files differ: {differ:?}", differ.len(), one.len());
}
