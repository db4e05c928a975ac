//! The published night that pages are made from, exchanged when a newer one is published.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use community::Consultation;
use cycle::{CycleFault, Drill, World};
use kernel::{Date, DivisionCode, Lang, PersonId};
use policy::{CheckReport, Pack};
use registry::people::NameIndex;
use store::{Database, Keys, Session};
use worklist::{Filter, Hand, Kind, Scope, VillageCount, WorkItem, WorklistError};

use crate::desk::{Desk, MeasuredBy, Names};
use crate::edge::{Problem, Within};
use crate::frame::Renderer;
use crate::pages::portal::open::Counted;
use crate::state::Places;

/// What a page reaches before it is cut to what its reader may.
pub static EVERYTHING: Within = Within(None);

/// How long a page may be behind a newly published night.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// How long pages may be behind a newly attached document or a newly opened draft.
const READ_AGAIN: Duration = Duration::from_secs(20);

/// One night with what pages look up in it.
pub struct Published {
    pub world: World,
    /// What is asked at people's doors.
    pub forms: Arc<care::forms::Forms>,
    measured: MeasuredBy,
    check: CheckReport,
    /// Rows behind indicators, each made when first asked for.
    drills: Mutex<BTreeMap<String, Arc<Drill>>>,
    /// Answers about the work list, which changes with the night only.
    counts: Memo<worklist::Count>,
    villages: Memo<worklist::VillageCount>,
    items: Memo<WorkItem>,
    /// The first few people of a village of whom something is missing.
    lacking: Memo<(PersonId, Vec<String>)>,
    hands: Memo<worklist::HandCount>,
    /// People the rules speak of, by village.
    residents: OnceLock<BTreeMap<DivisionCode, i64>>,
    /// Counts of the public registers.
    registers: OnceLock<Vec<Counted>>,
    /// People the rules speak of.
    people: OnceLock<i64>,
    /// Every plan of the same region, the newest first.
    versions: OnceLock<Vec<Arc<Pack>>>,
    /// The text of the plan's document.
    document: Aged<Option<Arc<str>>>,
    /// Drafts open for comments.
    consultations: Aged<Arc<Vec<Consultation>>>,
}

/// Something that may change any day, read again now and then.
struct Aged<T>(Mutex<Option<(Instant, T)>>);

impl<T> Default for Aged<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Aged<T> {
    fn get<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut known = lock(&self.0);
        if let Some((when, value)) = &*known
            && when.elapsed() < READ_AGAIN
        {
            return Ok(value.clone());
        }
        let value = make()?;
        *known = Some((Instant::now(), value.clone()));
        Ok(value)
    }
}

/// Answers kept until there are too many.
struct Memo<T>(Mutex<BTreeMap<String, Arc<Vec<T>>>>);

const ANSWERS: usize = 4000;

/// Items of a page that is kept.
const SHORT: i64 = 50;

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Memo<T> {
    fn forget(&self) {
        lock(&self.0).clear();
    }

    fn get<E>(&self, key: String, ask: impl FnOnce() -> Result<Vec<T>, E>) -> Result<Arc<Vec<T>>, E> {
        if let Some(known) = lock(&self.0).get(&key) {
            return Ok(Arc::clone(known));
        }
        let answer = Arc::new(ask()?);
        let mut kept = lock(&self.0);
        if kept.len() >= ANSWERS {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&answer));
        Ok(answer)
    }
}

impl Names for NameIndex {
    fn name(&self, person: PersonId) -> Option<&str> {
        Self::name(self, person)
    }
}

impl Published {
    fn load(database: &Database, keys: &Keys, places: &Places) -> Result<Self, CycleFault> {
        let world = World::load(database, keys, &places.packs, &places.pack)?;
        let mut measured = MeasuredBy::new();
        for line in &world.measured {
            measured.entry(line.indicator.clone()).or_default().insert(line.division, line.clone());
        }
        let forms = care::forms::Forms::load(&places.packs, &places.pack)
            .map_err(|fault| CycleFault::Catalogue { faults: fault.to_string() })?;
        let check = policy::check(&places.packs, &places.pack);
        Ok(Self {
            world,
            forms: Arc::new(forms),
            measured,
            check,
            drills: Mutex::default(),
            counts: Memo::default(),
            villages: Memo::default(),
            items: Memo::default(),
            lacking: Memo::default(),
            hands: Memo::default(),
            residents: OnceLock::new(),
            registers: OnceLock::new(),
            versions: OnceLock::new(),
            document: Aged::default(),
            consultations: Aged::default(),
            people: OnceLock::new(),
        })
    }

    /// The night in one language.
    #[must_use]
    pub fn desk<'p>(&'p self, renderer: &'p Renderer, lang: Lang) -> Desk<'p> {
        Desk {
            voice: renderer.voice(lang),
            as_of: self.world.as_of(),
            pack: &self.world.pack,
            program: &self.world.program,
            population: &self.world.population,
            found: &self.world.determinations,
            measured: &self.measured,
            check: &self.check,
            names: &self.world.names,
            within: &EVERYTHING,
        }
    }

    /// Open items of the work list by kind and rule inside a scope.
    ///
    /// # Errors
    /// Those of the work list.
    pub fn counts(&self, session: &mut Session, scope: Scope) -> Result<Arc<Vec<worklist::Count>>, WorklistError> {
        self.counts.get(format!("{scope:?}"), || worklist::counts(session, scope, self.world.as_of()))
    }

    /// Open items of what a filter asks for by village.
    ///
    /// # Errors
    /// Those of the work list.
    pub fn villages(&self, session: &mut Session, filter: &Filter) -> Result<Arc<Vec<VillageCount>>, WorklistError> {
        let key = format!("{:?} {:?} {:?} {:?}", filter.kind, filter.scope, filter.rule, filter.fact);
        self.villages.get(key, || worklist::villages(session, filter, self.world.as_of()))
    }

    /// The same of items that nobody has begun with, or that someone has.
    ///
    /// # Errors
    /// Those of the work list.
    pub fn villages_in_hand(
        &self,
        session: &mut Session,
        filter: &Filter,
        (hand, today): (Hand, Date),
    ) -> Result<Arc<Vec<VillageCount>>, WorklistError> {
        let key = format!("{:?} {:?} {:?} {:?} {hand:?} {today}", filter.kind, filter.scope, filter.rule, filter.fact);
        self.villages.get(key, || worklist::villages_in_hand(session, filter, (hand, today)))
    }

    /// Open items of a kind by rule and by how far someone is with them.
    ///
    /// # Errors
    /// Those of the work list.
    pub fn hands(
        &self,
        session: &mut Session,
        kind: Kind,
        (scope, today): (Scope, Date),
    ) -> Result<Arc<Vec<worklist::HandCount>>, WorklistError> {
        self.hands.get(format!("{kind:?} {scope:?} {today}"), || worklist::hands(session, kind, scope, today))
    }

    /// The first few items of a filter; long pages are not kept.
    ///
    /// # Errors
    /// Those of the work list.
    pub fn first_items(
        &self,
        session: &mut Session,
        filter: &Filter,
        hand: (Hand, Date),
    ) -> Result<Arc<Vec<WorkItem>>, WorklistError> {
        self.items.get(format!("{filter:?} {hand:?}"), || worklist::page_in_hand(session, filter, hand))
    }

    /// A page of items: the first, which everybody opens, is kept.
    ///
    /// # Errors
    /// Those of the work list.
    pub fn page(&self, session: &mut Session, filter: &Filter) -> Result<Arc<Vec<WorkItem>>, WorklistError> {
        if filter.offset == 0 && filter.limit <= SHORT {
            return self.first_items(session, filter, (Hand::Any, Date::default()));
        }
        worklist::page(session, filter).map(Arc::new)
    }

    /// The first few people of a village and what is missing of them, as `ask` finds them.
    ///
    /// # Errors
    /// Those of the work list.
    pub fn lacking(
        &self,
        (village, columns): (DivisionCode, &[String]),
        ask: impl FnOnce() -> Result<Vec<(PersonId, Vec<String>)>, WorklistError>,
    ) -> Result<Arc<Vec<(PersonId, Vec<String>)>>, WorklistError> {
        self.lacking.get(format!("{village} {columns:?}"), ask)
    }

    /// Somebody acted on the work list: answers about it are asked for anew.
    pub fn work_changed(&self) {
        self.counts.forget();
        self.villages.forget();
        self.items.forget();
        self.lacking.forget();
        self.hands.forget();
    }

    /// How many people the rules speak of.
    #[must_use]
    pub fn people(&self, desk: &Desk<'_>) -> i64 {
        *self.people.get_or_init(|| i64::try_from(desk.in_scope().count()).unwrap_or(i64::MAX))
    }

    /// People the rules speak of, by the village where they live.
    #[must_use]
    pub fn residents(&self, desk: &Desk<'_>) -> &BTreeMap<DivisionCode, i64> {
        self.residents.get_or_init(|| {
            let mut by_village = BTreeMap::new();
            for person in desk.in_scope() {
                if let Some(home) = desk.home(person) {
                    *by_village.entry(home).or_default() += 1;
                }
            }
            by_village
        })
    }

    /// Missing facts by village and fact.
    ///
    /// # Errors
    /// Those of the work list.
    pub fn missing(&self, session: &mut Session, scope: Scope) -> Result<Arc<Vec<VillageCount>>, WorklistError> {
        self.villages
            .get(format!("by fact {scope:?}"), || worklist::by_village(session, Kind::Ask, scope, self.world.as_of()))
    }

    /// The rows behind an indicator.
    ///
    /// # Errors
    /// `NotFound` for an unknown indicator; faults of the database.
    pub fn drill(&self, session: &mut Session, keys: &Keys, indicator: &str) -> Result<Arc<Drill>, Problem> {
        if let Some(drill) = lock(&self.drills).get(indicator) {
            return Ok(Arc::clone(drill));
        }
        let made = self.world.drill(session, keys, indicator).map_err(Problem::internal)?.ok_or(Problem::NotFound)?;
        let made = Arc::new(made);
        lock(&self.drills).insert(indicator.to_owned(), Arc::clone(&made));
        Ok(made)
    }
}

impl Published {
    /// The counts of the public registers, made once.
    pub fn registers(&self, make: impl FnOnce() -> Vec<Counted>) -> &[Counted] {
        self.registers.get_or_init(make)
    }

    /// Every pack for the same divisions that can be read, the one in force among them, the newest first.
    pub fn versions(&self, packs: &Path) -> &[Arc<Pack>] {
        self.versions.get_or_init(|| {
            let others = policy::pack_ids(packs).into_iter().filter(|id| *id != self.world.pack.id);
            let read = others.filter_map(|id| policy::load(packs, &id).ok()).map(Arc::new);
            let mut all: Vec<Arc<Pack>> = read.filter(|pack| pack.roots == self.world.pack.roots).collect();
            all.push(Arc::clone(&self.world.pack));
            all.sort_by_key(|pack| std::cmp::Reverse(pack.in_force_from));
            all
        })
    }

    /// The text of the plan's document, which may be attached any day.
    pub fn document(&self, read: impl FnOnce() -> Option<Arc<str>>) -> Option<Arc<str>> {
        self.document.get(|| Ok::<_, std::convert::Infallible>(read())).unwrap_or_default()
    }

    /// Drafts that were ever open for comments, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn consultations(
        &self,
        read: impl FnOnce() -> Result<Vec<Consultation>, Problem>,
    ) -> Result<Arc<Vec<Consultation>>, Problem> {
        self.consultations.get(|| read().map(Arc::new))
    }
}

/// Which night is current, and when that was last looked up. Cheap to clone.
#[derive(Clone, Default)]
pub struct Current(Arc<Mutex<Slot>>);

#[derive(Default)]
struct Slot {
    published: Option<Arc<Published>>,
    looked: Option<Instant>,
    /// A newer night is being read; until it is there, pages show the one before.
    loading: bool,
}

impl Current {
    /// The latest night. Waits for the first one while it is being loaded, never for a newer one.
    ///
    /// # Errors
    /// `NothingPublished`; faults of pack, database or keys.
    pub fn latest(&self, database: &Database, keys: &Keys, places: &Places) -> Result<Arc<Published>, Problem> {
        let mut slot = lock(&self.0);
        if let Some(published) = &slot.published
            && (slot.loading || slot.looked.is_some_and(|looked| looked.elapsed() < LOOK_AGAIN))
        {
            return Ok(Arc::clone(published));
        }
        let mut session = database.session().map_err(Problem::internal)?;
        let latest = cycle::latest_night(&mut session, &places.pack).map_err(Problem::internal)?;
        drop(session);
        let latest = latest.ok_or(Problem::NothingPublished)?;
        slot.looked = Some(Instant::now());
        let Some(published) = slot.published.clone() else {
            let loaded = Arc::new(load(database, keys, places)?);
            slot.published = Some(Arc::clone(&loaded));
            return Ok(loaded);
        };
        let known = &published.world.night;
        if known.id != latest.id || known.published_at != latest.published_at {
            slot.loading = true;
            let (current, database, keys, places) = (self.clone(), database.clone(), keys.clone(), places.clone());
            std::thread::spawn(move || current.exchange(&database, &keys, &places));
        }
        Ok(published)
    }

    /// Puts the newest night in place of the one before.
    fn exchange(&self, database: &Database, keys: &Keys, places: &Places) {
        let loaded = load(database, keys, places);
        let mut slot = lock(&self.0);
        slot.loading = false;
        slot.looked = Some(Instant::now());
        match loaded {
            Ok(loaded) => slot.published = Some(Arc::new(loaded)),
            Err(fault) => tracing::error!(?fault, "the newest night could not be read; pages show the one before"),
        }
    }
}

fn load(database: &Database, keys: &Keys, places: &Places) -> Result<Published, Problem> {
    Published::load(database, keys, places).map_err(|fault| match fault {
        CycleFault::NotPublished => Problem::NothingPublished,
        fault => Problem::internal(fault),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
