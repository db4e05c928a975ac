//! A home put away while it serves, brought back elsewhere, and asked the same questions; and how the service stops.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::home::{Home, lists, yilian};

/// A running service; goes with the test.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn of(home: &Path) -> Self {
        let mut command = yilian(home);
        command.args(["serve", "--port", "0", "--open-desk"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.map_while(Result::ok).find(|line| line.contains("http://")).expect("it serves");
        let address = said.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        Self { child, address }
    }

    /// Status and page.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const QUESTIONS: [&str; 8] = [
    "/d/today",
    "/d/people/P00000007",
    "/en/d/people/P00000012",
    "/d/work/unserved",
    "/d/work/visit",
    "/d/lists",
    "/d/indicators",
    "/d/plan",
];

#[test]
fn a_restored_home_answers_the_same() {
    let home = Home::new();
    home.receive(&lists().0);
    home.night("2026-11-20");
    fs::create_dir_all(home.path().join("documents")).unwrap();
    fs::write(home.path().join("documents/plan.txt"), "实施方案").unwrap();
    let serving = Serving::of(home.path());
    let before: Vec<_> = QUESTIONS.iter().map(|path| serving.get(path)).collect();
    assert!(before.iter().all(|(status, _)| *status == 200));
    assert_eq!(serving.get("/health/ready").0, 200);

    let shelf = tempfile::tempdir().unwrap();
    let to = shelf.path().to_str().unwrap();
    let said = home.succeed(&["backup", "--to", to, "--with", "documents,archive"]);
    assert!(said.contains("The keys are NOT in it"), "{said}");
    let made = fs::read_dir(shelf.path()).unwrap().next().unwrap().unwrap().path();
    let from = made.to_str().unwrap();
    assert!(home.succeed(&["restore", "--from", from, "--check"]).contains("whole"));
    let key = fs::read_to_string(home.path().join("keys")).unwrap();
    let secret = key.lines().last().unwrap();
    for (path, text) in contents(&made) {
        assert!(!String::from_utf8_lossy(&text).contains(secret), "{path} holds the key");
    }
    let refused = home.run(&["restore", "--from", from]);
    assert!(!refused.status.success(), "a home that stands is not written over");

    let other = tempfile::tempdir().unwrap();
    let restore = |home: &Path| yilian(home).args(["restore", "--from", from]).output().unwrap();
    let keyless = restore(other.path());
    let told = String::from_utf8_lossy(&keyless.stderr).into_owned();
    assert!(!keyless.status.success() && told.contains("key file"), "{told}");
    fs::copy(home.path().join("keys"), other.path().join("keys")).unwrap();
    let done = restore(other.path());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(fs::read_to_string(other.path().join("documents/plan.txt")).unwrap(), "实施方案");
    let restored = Serving::of(other.path());
    for (path, answer) in QUESTIONS.iter().zip(&before) {
        assert!(restored.get(path) == *answer, "{path} differs");
    }

    // A file that was touched on the shelf is found before anything is written.
    fs::write(made.join("documents/plan.txt"), "别的方案").unwrap();
    let third = tempfile::tempdir().unwrap();
    fs::copy(home.path().join("keys"), third.path().join("keys")).unwrap();
    let refused = restore(third.path());
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("documents/plan.txt was changed"), "{told}");
    assert!(!third.path().join("yilian.db").exists());
}

fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(contents(&path)),
            false => found.push((path.display().to_string(), fs::read(&path).unwrap())),
        }
    }
    found
}

#[test]
fn told_to_stop_it_ends_by_itself() {
    let home = Home::new();
    home.receive(&lists().0);
    home.night("2026-11-20");
    let mut serving = Serving::of(home.path());
    assert_eq!(serving.get("/d/today").0, 200);
    let mut other = yilian(home.path());
    other.args(["serve", "--port", "0", "--open-desk", "--pack", "rizhao-2018"]).stderr(Stdio::piped());
    let mut other = other.stdout(Stdio::null()).spawn().unwrap();
    let first = BufReader::new(other.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    assert!(first.contains("rizhao-2018") && first.contains("kizilsu-2024"), "{first}");
    other.kill().and_then(|()| other.wait()).unwrap();
    let told = std::process::Command::new("kill").args(["-TERM", &serving.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    for _ in 0..100 {
        if let Some(status) = serving.child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            assert!(TcpStream::connect(&serving.address).is_err());
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("it did not stop");
}
