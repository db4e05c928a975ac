//! What handlers share: the published night, the database, the words.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use axum::response::{Html, IntoResponse, Response};
use exchange::guard::Guard;
use kernel::{Clock, Divisions};
use serde::Serialize;
use store::{Database, Keys, Session};

use crate::api::stream::Streams;
use crate::door::Door;
use crate::edge::{Ask, Flood, Problem, Rates};
use crate::frame::{Renderer, RendererFault, Shell};
use crate::provider::Agreed;
use crate::published::{Current, Published};
use crate::watch::Watch;

/// Where the service finds its packs.
#[derive(Clone, Debug)]
pub struct Places {
    /// The folder of packs; drafts lie in `drafts` below it.
    pub packs: PathBuf,
    /// The pack in force.
    pub pack: String,
    /// The folder of attached official documents.
    pub documents: PathBuf,
}

impl Places {
    /// The file that imports and nights lock, in the home beside the documents.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.documents.with_file_name("lock")
    }

    /// Where drafts for a what-if are looked for.
    #[must_use]
    pub fn drafts(&self) -> PathBuf {
        self.packs.join("drafts")
    }
}

/// Cheap to clone; one for the whole service.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    renderer: Renderer,
    clock: Arc<dyn Clock>,
    database: Database,
    keys: Keys,
    places: Places,
    current: Current,
    door: Option<Door>,
    provider: Option<Agreed>,
    divisions: OnceLock<Divisions>,
    rates: Rates,
    flood: Flood,
    watch: Watch,
    /// Distinguishes this start of the service in the numbers of its requests.
    start: String,
    requests: AtomicU64,
    pads: AtomicU64,
    guard: Guard,
    streams: Streams,
}

impl AppState {
    /// Reads templates and words; the night is loaded when the first page asks for it. `keys` must be attached to
    /// the database.
    ///
    /// # Errors
    /// Templates or words of the binary that cannot be read.
    pub fn open(database: Database, keys: Keys, places: Places, clock: Arc<dyn Clock>) -> Result<Self, RendererFault> {
        let renderer = Renderer::new()?;
        let start = format!("{:x}", clock.now().timestamp_millis());
        Ok(Self(Arc::new(Inner {
            renderer,
            clock,
            database,
            keys,
            places,
            current: Current::default(),
            door: None,
            provider: None,
            divisions: OnceLock::new(),
            rates: Rates::default(),
            flood: Flood::default(),
            watch: Watch::default(),
            start,
            requests: AtomicU64::new(0),
            pads: AtomicU64::new(0),
            guard: Guard::default(),
            streams: Streams::default(),
        })))
    }

    /// From here on everyone signs in.
    #[must_use]
    pub fn behind(self, door: Door) -> Self {
        self.with(|inner| inner.door = Some(door))
    }

    /// Lets people sign in by a government's identity provider, too.
    #[must_use]
    pub fn with_provider(self, settings: oidc::Settings) -> Self {
        self.with(|inner| inner.provider = Some(Agreed::new(settings)))
    }

    /// The identity provider, where one is agreed with.
    #[must_use]
    pub(crate) fn provider(&self) -> Option<&Agreed> {
        self.0.provider.as_ref()
    }

    /// Other limits against floods of requests.
    #[must_use]
    pub fn limited(self, rates: Rates) -> Self {
        self.with(|inner| inner.rates = rates)
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::get_mut(&mut self.0).expect("nothing is served yet"));
        self
    }

    #[must_use]
    pub fn rates(&self) -> Rates {
        self.0.rates
    }

    #[must_use]
    pub fn flood(&self) -> &Flood {
        &self.0.flood
    }

    /// What the service knows of itself.
    #[must_use]
    pub fn watch(&self) -> &Watch {
        &self.0.watch
    }

    /// A text that no other request has.
    pub(crate) fn next_pad(&self) -> String {
        format!("{}-{:x}", self.0.start, self.0.pads.fetch_add(1, Ordering::Relaxed))
    }

    /// A number for a request, to find it in the log.
    pub(crate) fn next_request(&self) -> String {
        format!("{}-{:x}", self.0.start, self.0.requests.fetch_add(1, Ordering::Relaxed))
    }

    /// Lets subscribers name these hosts, whatever they resolve to.
    #[must_use]
    pub fn telling(self, guard: Guard) -> Self {
        self.with(|inner| inner.guard = guard)
    }

    /// Where subscribers may be told.
    #[must_use]
    pub fn guard(&self) -> &Guard {
        &self.0.guard
    }

    /// Ends what would keep the service from stopping.
    pub fn stopping(&self) {
        self.0.streams.close();
    }

    /// Streams that are open now.
    #[must_use]
    pub fn streams(&self) -> &Streams {
        &self.0.streams
    }

    /// What lets people in; none while the desk answers this machine alone.
    #[must_use]
    pub fn door(&self) -> Option<&Door> {
        self.0.door.as_ref()
    }

    #[must_use]
    pub fn renderer(&self) -> &Renderer {
        &self.0.renderer
    }

    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    #[must_use]
    pub fn places(&self) -> &Places {
        &self.0.places
    }

    #[must_use]
    pub fn packs(&self) -> &Path {
        &self.0.places.packs
    }

    /// The latest published night, loaded again when a newer one is published.
    ///
    /// # Errors
    /// `NothingPublished` before the first night; else a fault of the pack or the database.
    pub fn published(&self) -> Result<Arc<Published>, Problem> {
        self.0.current.latest(&self.0.database, &self.0.keys, &self.0.places)
    }

    /// Runs work that waits for the database or computes for long, beside the server's threads.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.clone();
        // What the work logs belongs to the request.
        let span = tracing::Span::current();
        tokio::task::spawn_blocking(move || span.in_scope(|| work(&app)))
            .await
            .map_err(|_| Problem::internal("a page's work panicked"))?
    }

    /// The table of divisions; read once.
    ///
    /// # Errors
    /// A table that can't be read.
    pub fn divisions(&self) -> Result<&Divisions, Problem> {
        if let Some(known) = self.0.divisions.get() {
            return Ok(known);
        }
        let read = cycle::divisions(self.packs()).map_err(Problem::internal)?;
        Ok(self.0.divisions.get_or_init(|| read))
    }

    /// A connection.
    ///
    /// # Errors
    /// When the database gives none.
    pub fn session(&self) -> Result<Session, Problem> {
        self.0.database.session().map_err(Problem::internal)
    }

    /// The answer to a request: the page `template` with its view.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn page<V: Serialize>(&self, ask: &Ask, template: &str, shell: &Shell, view: &V) -> Result<Response, Problem> {
        match self.0.renderer.page(ask.lang, template, shell, view) {
            Ok(html) => Ok(Html(html).into_response()),
            Err(fault) => Err(Problem::internal(fault)),
        }
    }
}
