//! Two invented townships, one night, and the desk that shows it; made once for all tests.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use cycle::Unwatched;
use kernel::{Clock, Date, FixedClock, parse_date};
use store::{Database, DatabaseUrl, Keys};

pub const PACK: &str = "kizilsu-2024";

pub struct Desk {
    pub address: SocketAddr,
    pub database: Database,
    pub keys: Keys,
    _folder: tempfile::TempDir,
}

pub fn packs() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs")).to_owned()
}

pub fn as_of() -> Date {
    parse_date("2026-11-20").unwrap()
}

/// The desk after a night.
pub fn desk() -> &'static Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    DESK.get_or_init(|| {
        let (folder, database, keys) = open();
        invent(&folder.path().join("inbox"), 900);
        run(folder.path(), &database, &keys, as_of());
        let documents = folder.path().join("documents");
        let address = serve(database.clone(), keys.clone(), documents);
        Desk { address, database, keys, _folder: folder }
    })
}

/// Lists of two townships.
pub fn invent(inbox: &Path, older_people: usize) {
    let mut options = synth::Options::load(&packs()).unwrap();
    options.townships = Some(2);
    options.older_people = older_people;
    options.as_of = as_of();
    options.invented_on = as_of();
    synth::region(&options).unwrap().write_lists(inbox).unwrap();
}

/// A night of a day, with the folder's inbox.
pub fn run(folder: &Path, database: &Database, keys: &Keys, as_of: Date) {
    let options = cycle::Options {
        inbox: folder.join("inbox"),
        archive: None,
        lake: folder.join("lake"),
        out: folder.join("out"),
        packs: packs(),
        pack: PACK.into(),
        as_of,
        allow_future: false,
        engine: cycle::Engine::Memory,
        at: as_of.and_hms_opt(2, 10, 0).unwrap().and_utc(),
        actor: "cycle".into(),
    };
    cycle::run(database, keys, &options, &mut Unwatched).unwrap();
}

/// A database without a night.
pub fn open() -> (tempfile::TempDir, Database, Keys) {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("keys");
    store::keys::create_key_file(&key).unwrap();
    let url = DatabaseUrl::file(folder.path().join("yilian.db"));
    let database = Database::open(&url).unwrap();
    database.migrate(web::migrations()).unwrap();
    let keys = Keys::from_file(&key).unwrap().attach(&mut database.session().unwrap()).unwrap();
    (folder, database, keys)
}

/// Serves on a free port of the loopback address until the tests end.
pub fn serve(database: Database, keys: Keys, documents: PathBuf) -> SocketAddr {
    listen(web::router(state(database, keys, documents)))
}

/// The same behind a door.
pub fn serve_behind(database: Database, keys: Keys, clock: Arc<dyn Clock>, door: web::Door) -> SocketAddr {
    listen(web::router(state_at(database, keys, PathBuf::from("no documents"), clock).behind(door)))
}

pub fn state(database: Database, keys: Keys, documents: PathBuf) -> web::AppState {
    state_at(database, keys, documents, Arc::new(FixedClock::on(as_of())))
}

pub fn state_at(database: Database, keys: Keys, documents: PathBuf, clock: Arc<dyn Clock>) -> web::AppState {
    let places = web::Places { packs: packs(), pack: PACK.into(), documents };
    web::AppState::open(database, keys, places, clock).unwrap()
}

/// Answers on a free port of the loopback address until the tests end.
pub fn listen(router: axum::Router) -> SocketAddr {
    listen_on(std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(), router)
}

/// The same on a socket whose address somebody knows already.
pub fn listen_on(socket: std::net::TcpListener, router: axum::Router) -> SocketAddr {
    let address = socket.local_addr().unwrap();
    socket.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(socket).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    address
}
