//! A PostgreSQL of our own, from Debian's package, that goes when the test process goes.
//!
//! The server runs beside a small shell that starts it anew when told to and waits for the end of its input. The test process holds the other end:
//! however it ends, even killed, the shell then stops the server and removes its files.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use store::{Database, DatabaseUrl, StoreError};

/// How long a server may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

const SUPERVISOR: &str = r#"
trap : INT TERM HUP
start() {
    "$1/postgres" -D "$2/data" >>"$2/log" 2>&1 &
    server=$!
}
start "$1" "$2"
while read -r pause; do
    kill -QUIT "$server"
    wait "$server"
    sleep "$pause"
    start "$1" "$2"
done
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
"#;

/// A running server; dropping it stops it and removes its files.
pub struct Server {
    supervisor: Child,
    folder: PathBuf,
    databases: AtomicU32,
}

/// The process's own server, started when first asked for. `None` where PostgreSQL is not installed: the test says
/// so and passes, unless `YILIAN_REQUIRE_POSTGRES=1`.
///
/// # Panics
/// When it is required and absent, or present and does not start.
pub fn require_postgres() -> Option<&'static Server> {
    static SHARED: OnceLock<Option<Server>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| {
        let Some(programs) = installed() else {
            let required = std::env::var("YILIAN_REQUIRE_POSTGRES").is_ok_and(|v| v == "1");
            assert!(!required, "PostgreSQL is required (YILIAN_REQUIRE_POSTGRES=1) but initdb was not found");
            eprintln!("SKIPPED on PostgreSQL: it is not installed (Debian: apt-get install postgresql)");
            return None;
        };
        Some(Server::start(&programs).unwrap_or_else(|cause| panic!("PostgreSQL did not start: {cause}")))
    });
    shared.as_ref()
}

/// A server that no other test shares, to be brought down. `None` as for [`require_postgres`].
///
/// # Panics
/// As [`require_postgres`].
#[must_use]
pub fn own_postgres() -> Option<Server> {
    require_postgres()?;
    let programs = installed()?;
    Some(Server::start(&programs).unwrap_or_else(|cause| panic!("PostgreSQL did not start: {cause}")))
}

impl Server {
    /// Ends the server at once, as a power cut would, and starts it again after a pause; who is connected loses the
    /// connection. Returns when it answers again.
    ///
    /// # Panics
    /// When it does not come back.
    pub fn restart(&mut self, pause: Duration) {
        let supervisor = self.supervisor.stdin.as_mut().expect("open until the server is dropped");
        writeln!(supervisor, "{}", pause.as_secs_f32()).expect("the supervisor listens");
        std::thread::sleep(pause + Duration::from_millis(200));
        self.wait_until_ready().expect("the server comes back");
    }

    /// Makes a cluster in a temporary folder and starts it on a Unix socket there.
    ///
    /// # Errors
    /// The cause in words, with the end of the server's log.
    pub fn start(programs: &Path) -> Result<Self, String> {
        let user = unprivileged_user()?;
        let folder =
            tempfile::Builder::new().prefix("yilian-pg-").tempdir_in("/tmp").map_err(|e| e.to_string())?.keep();
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).map_err(|e| e.to_string())?;
        }
        make_cluster(programs, &folder, user).inspect_err(|_| remove(&folder))?;
        let mut shell = as_user(Command::new("sh"), user);
        shell.args(["-c", SUPERVISOR, "sh"]).arg(programs).arg(&folder).current_dir(&folder);
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let supervisor = shell.spawn().map_err(|e| e.to_string()).inspect_err(|_| remove(&folder))?;
        let server = Self { supervisor, folder, databases: AtomicU32::new(0) };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// Where the server keeps its files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of a fresh, empty database.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn fresh_database(&self) -> DatabaseUrl {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.admin(&format!("CREATE DATABASE {name}")).expect("an administrator may make a database");
        self.address(&name)
    }

    /// Removes a database made by [`Server::fresh_database`], whoever is still connected. Only says so when it
    /// can't: the server's files go at the end anyway.
    pub fn drop_database(&self, url: &DatabaseUrl) {
        let shown = url.to_string();
        let name = shown.rsplit('/').next().unwrap_or_default();
        if let Err(e) = self.admin(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")) {
            eprintln!("could not remove {name}: {e}");
        }
    }

    fn admin(&self, sql: &str) -> Result<(), StoreError> {
        Database::open(&self.address("postgres"))?.session()?.exec_batch(sql)
    }

    fn address(&self, name: &str) -> DatabaseUrl {
        let host = self.folder.display().to_string().replace('/', "%2F");
        DatabaseUrl::Postgres(format!("postgres://yilian@{host}/{name}"))
    }

    fn wait_until_ready(&self) -> Result<(), String> {
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            if self.folder.join("data/postmaster.pid").exists() && Database::open(&self.address("postgres")).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(40));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("no answer in {PATIENCE:?}; its log ends:\n{}", log.lines().rev().take(5).collect::<String>()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of its input tells the supervisor to clean up.
        drop(self.supervisor.stdin.take());
        if let Err(e) = self.supervisor.wait() {
            eprintln!("could not wait for PostgreSQL to stop: {e}");
        }
    }
}

/// The folder of the newest installed `initdb`, Debian's place first.
#[must_use]
pub fn installed() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").exists())
        .collect();
    debian.sort();
    let newest = debian.pop().map(|(_, folder)| folder);
    newest.or_else(|| std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| folder.join("initdb").exists()))
}

/// PostgreSQL refuses to run as root: then as `postgres` or `nobody`. `None` when we are no root ourselves.
fn unprivileged_user() -> Result<Option<(u32, u32)>, String> {
    if fs::metadata("/proc/self").map_err(|e| e.to_string())?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").map_err(|e| e.to_string())?;
    let find = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2).map(str::parse);
        Some((fields.next()?.ok()?, fields.next()?.ok()?))
    };
    find("postgres").or_else(|| find("nobody")).map(Some).ok_or_else(|| "no user postgres or nobody".to_owned())
}

fn as_user(mut command: Command, user: Option<(u32, u32)>) -> Command {
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

fn make_cluster(programs: &Path, folder: &Path, user: Option<(u32, u32)>) -> Result<(), String> {
    let mut initdb = as_user(Command::new(programs.join("initdb")), user);
    initdb.args(["--username=yilian", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync"]);
    initdb.arg("-D").arg(folder.join("data")).current_dir(folder).stdin(Stdio::null());
    let made = initdb.output().map_err(|e| e.to_string())?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).into_owned());
    }
    let path = folder.join("data/postgresql.conf");
    let mut settings = fs::read_to_string(&path).map_err(|e| e.to_string())?;
    let sockets = folder.display();
    write!(
        settings,
        "\nlisten_addresses = ''\nunix_socket_directories = '{sockets}'\nport = 5432\nmax_connections = 200\n\
         fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 64MB\nmax_wal_size = 2GB\n"
    )
    .map_err(|e| e.to_string())?;
    fs::write(&path, settings).map_err(|e| e.to_string())
}

fn remove(folder: &Path) {
    if let Err(e) = fs::remove_dir_all(folder) {
        eprintln!("could not remove {}: {e}", folder.display());
    }
}
