//! One night, from the lists in the inbox to the published result.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread::ScopedJoinHandle;

use kernel::{Date, DivisionCode, ListId, PersonId, RunId};
use performance::Measured;
use policy::column::{Bits, Population};
use policy::model::Indicator;
use policy::{Determinations, Pack, Program, Truth};
use registry::ingest::Ingester;
use registry::quality;
use registry::snapshot::{self, Moment, Snapshot, Visits};
use registry::sources::Catalogue;
use store::events::Event;
use store::{Database, Keys, Session};
use worklist::{Change, Compared, Findings, Kind, Tonight, WorklistError};

use crate::digest::Running;
use crate::night_store::{self, Night, Outcomes};
use crate::progress::{Progress, Step};
use crate::summary::{InDatabase, Lists, Summary};
use crate::{CycleFault, Engine, Options, digest, exports, inbox, measuring, pushdown, world};

/// How often a night starts over when the database goes away; each time it is waited for as long as the store's options say.
const ATTEMPTS: u32 = 20;

/// As `nice` counts.
const GIVES_WAY: i32 = 15;

/// Runs the night of `options.as_of`.
///
/// The same date again changes nothing. Killed at any moment, the next run ends in the same state as an undisturbed
/// one: each list is one transaction, the results are one transaction, files appear by renaming. A server that goes away
/// and comes back is survived in the same way.
///
/// # Errors
/// Every [`CycleFault`]; what was taken before it stays taken.
pub fn run(
    database: &Database,
    keys: &Keys,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Summary, CycleFault> {
    let (mut lists, mut again) = (Lists::default(), 0);
    loop {
        match attempt(database, keys, options, progress, &mut lists) {
            Err(fault) if again < ATTEMPTS && fault.is_lost(again > 0) => {
                again += 1;
                tracing::warn!(again, "the database went away; the night starts over when it is back");
            }
            done => return done,
        }
    }
}

/// One run through the night. What `lists` counts stays taken, whatever happens afterwards.
fn attempt(
    database: &Database,
    keys: &Keys,
    options: &Options,
    progress: &mut dyn Progress,
    lists: &mut Lists,
) -> Result<Summary, CycleFault> {
    std::thread::scope(|scope| {
        let arrivals = inbox::Arrivals::of(scope, &options.inbox)?;
        let beside = || database.session().map(|mut session| write_log_back(&mut session));
        let taken = || drop(scope.spawn(beside));
        through(database, keys, options, progress, (arrivals, lists, &taken))
    })
}

/// What was brought is written back beside other work, and not by whoever leaves the database.
fn write_log_back(session: &mut Session) {
    if let Err(fault) = session.write_log_back() {
        tracing::debug!(%fault, "the log is written back later");
    }
}

/// From the first list to the published night.
fn through(
    database: &Database,
    keys: &Keys,
    options: &Options,
    progress: &mut dyn Progress,
    (arrivals, lists, taken): (inbox::Arrivals, &mut Lists, &dyn Fn()),
) -> Result<Summary, CycleFault> {
    let pack = world::load_pack(&options.packs, &options.pack)?;
    let program = Program::compile(&pack).map_err(|faults| CycleFault::pack(&pack.id, &faults))?;
    let catalogue = world::catalogue(&options.packs, &pack)?;
    let divisions = world::divisions(&options.packs)?;
    let rules = world::linking(&options.packs, &catalogue)?;
    let mut session = database.session()?;
    if let Some(latest) = night_store::latest(&mut session, &pack.id)?.filter(|night| night.as_of > options.as_of) {
        return Err(CycleFault::Earlier { latest: latest.as_of });
    }
    let mut ingester = Ingester::new(database, keys, &catalogue, &divisions, &pack.roots);
    inbox::take(&mut ingester, arrivals, options, keys, progress, lists)?;
    taken();
    progress.begin(Step::Link, None);
    let money = paid(&mut session, &pack, options.as_of)?;
    let linked = ingester.link(&rules, &inbox::how(options), &money)?;
    progress.end(Step::Link);
    drop(ingester);
    // From here on what is entered elsewhere belongs to the next night.
    let last_list = registry::acts::seal(&mut session)?;
    let parts = Parts { pack: &pack, program: &program, catalogue: &catalogue, keys, options, last_list };
    let (population, mut told) = look(&mut session, &parts, progress)?;
    let visits = told.visits.take();
    let (determinations, outcomes) = determine(&mut session, &parts, &population, progress)?;
    // Measuring needs the populations of other days and none of tonight's outcomes, the lake none of what is to be done:
    // both run beside. Files get their names once the database has kept the night.
    std::thread::scope(|scope| {
        let lake = scope.spawn(|| {
            give_way();
            stage_lake(&parts, &population, &determinations)
        });
        let measuring = scope.spawn(|| measure(&mut database.session()?, &parts, (&population, visits)));
        let results = act(&mut session, &parts, (&population, &determinations), (told, outcomes), progress);
        progress.begin(Step::Measure, None);
        let measured = joined(measuring)?;
        let (mut results, held) = results?;
        let days: Vec<Date> = days(&pack, options.as_of).into_keys().chain([options.as_of]).collect();
        snapshot::keep_only(&mut session, keys, &catalogue, &pack, &days)?;
        results.summary.measure(&pack, &measured, options.as_of);
        results.measured = measured;
        progress.end(Step::Measure);
        (results.summary.lists, results.summary.links) = (lists.clone(), linked);
        publish(&mut session, &parts, (results, held), || joined(lake), progress)
    })
}

/// To whom the night before found cash due or paid; nobody while everyone has a number, because then nothing is merged
/// by the night itself.
fn paid(session: &mut Session, pack: &Pack, as_of: Date) -> Result<BTreeSet<PersonId>, CycleFault> {
    if !registry::linking::are_unnumbered(session)? {
        return Ok(BTreeSet::new());
    }
    let Some(night) = night_store::before(session, &pack.id, as_of)? else { return Ok(BTreeSet::new()) };
    let outcomes = night_store::outcomes(session, night.id)?;
    let found = |id: &str| outcomes.rules.get(id).into_iter().flat_map(|(met, _)| met.ones());
    let places = world::cash(pack).flat_map(|rule| found(rule).chain(found(&format!("served:{rule}"))));
    Ok(places.filter_map(|at| outcomes.people.get(at).copied()).collect())
}

struct Parts<'a> {
    pack: &'a Pack,
    program: &'a Program,
    catalogue: &'a Catalogue,
    keys: &'a Keys,
    options: &'a Options,
    /// The last list that counts.
    last_list: Option<ListId>,
}

/// What a snapshot says beside the population.
struct Told {
    /// Where departments disagree.
    disagreements: quality::Account,
    /// On how many people, by fact.
    conflicts: BTreeMap<String, u64>,
    /// For the days that indicators look back to.
    visits: Option<Arc<Visits>>,
}

/// What of a night the database keeps.
struct Results {
    outcomes: Outcomes,
    measured: Vec<Measured>,
    disagreements: quality::Account,
    summary: Summary,
    /// By which the same night is known again: without what is measured and where departments disagree.
    digest: Running,
}

/// What is to be done, held against what is open while others measure.
struct Held {
    tonight: Tonight,
    compared: Compared,
}

fn look(
    session: &mut Session,
    parts: &Parts<'_>,
    progress: &mut dyn Progress,
) -> Result<(Population, Told), CycleFault> {
    let Parts { pack, catalogue, keys, options, last_list, .. } = *parts;
    let as_of = options.as_of;
    progress.begin(Step::Snapshot, None);
    let moment = Moment { visits_from: Some(worklist::visits_from(pack, as_of)), last_list, ..Moment::on(as_of) };
    let taken = snapshot::load_and_keep(session, keys, catalogue, pack, &moment)?;
    let disagreements = quality::Account::of(&taken);
    let mut conflicts: BTreeMap<String, u64> = BTreeMap::new();
    for conflict in &taken.conflicts {
        match conflicts.get_mut(&conflict.key) {
            Some(count) => *count += 1,
            None => drop(conflicts.insert(conflict.key.clone(), 1)),
        }
    }
    // The rest of what was read goes before memory is asked for again.
    let Snapshot { population, visits, .. } = taken;
    if population.table("person").is_none_or(|people| people.rows() == 0) {
        return Err(CycleFault::Nobody { inbox: options.inbox.clone() });
    }
    progress.end(Step::Snapshot);
    Ok((population, Told { disagreements, conflicts, visits }))
}

fn determine(
    session: &mut Session,
    parts: &Parts<'_>,
    population: &Population,
    progress: &mut dyn Progress,
) -> Result<(Determinations, (Outcomes, Option<InDatabase>)), CycleFault> {
    let Parts { program, options, .. } = *parts;
    progress.begin(Step::Determine, None);
    let mut determinations = program.run(population, options.as_of);
    let in_database = match options.engine {
        Engine::Memory => None,
        Engine::Database => Some(pushdown::answer(session, program, population, &mut determinations, options.as_of)?),
    };
    let outcomes = outcomes_of(population, &determinations);
    progress.end(Step::Determine);
    Ok((determinations, (outcomes, in_database)))
}

/// What there is to do, beside what is open, and the night in figures; nothing is measured yet.
fn act(
    session: &mut Session,
    parts: &Parts<'_>,
    (population, found): (&Population, &Determinations),
    (told, (outcomes, in_database)): (Told, (Outcomes, Option<InDatabase>)),
    progress: &mut dyn Progress,
) -> Result<(Results, Held), CycleFault> {
    let Parts { pack, program, options, .. } = *parts;
    let as_of = options.as_of;
    progress.begin(Step::Act, None);
    let yesterday = night_store::before(session, &pack.id, as_of)?;
    let yesterday = yesterday.map(|night| night_store::outcomes(session, night.id)).transpose()?;
    let left = yesterday.as_ref().map(|before| left(before, &outcomes)).unwrap_or_default();
    let wanted = worklist::find(&Findings { pack, program, population, found, as_of, left });
    let mut summary = Summary::of(pack, population, found, &outcomes, yesterday.as_ref(), as_of);
    let Told { disagreements, conflicts, .. } = told;
    (summary.in_database, summary.conflicts) = (in_database, conflicts);
    let tonight = Tonight::from(wanted);
    let (compared, digest) = std::thread::scope(|scope| {
        let digest = scope.spawn(|| {
            let rules = outcomes.rules.iter().map(|(id, (met, known))| (id, met.words(), known.words()));
            let rules: Vec<_> = rules.collect();
            Running::default().feed(&[&outcomes.people, &rules, &tonight.items()])
        });
        let compared = session.reading(|session| compare(session, &tonight, as_of, &outcomes))?;
        Ok::<_, CycleFault>((compared, joined(digest)))
    })?;
    progress.end(Step::Act);
    let results = Results { outcomes, measured: Vec::new(), disagreements, summary, digest };
    Ok((results, Held { tonight, compared }))
}

/// Of whom nothing is known tonight, what is to stop stays open.
fn compare(
    session: &mut Session,
    tonight: &Tonight,
    as_of: Date,
    outcomes: &Outcomes,
) -> Result<Compared, WorklistError> {
    let gone = |kind: Kind, person: PersonId| kind == Kind::Stop && outcomes.people.binary_search(&person).is_err();
    worklist::compare(session, tonight, as_of, gone)
}

/// Outcomes by person, ids ascending; for benefits that run on also who was being served.
fn outcomes_of(population: &Population, found: &Determinations) -> Outcomes {
    let Some(people) = population.table("person") else { return Outcomes::default() };
    let mut rows: Vec<usize> = (0..people.rows()).collect();
    rows.sort_by_key(|row| people.ids()[*row]);
    let sorted = rows.iter().enumerate().all(|(at, row)| at == *row);
    let order = |bits: &Bits| {
        if sorted { bits.clone() } else { Bits::from_bools(rows.iter().map(|row| bits.get(*row))) }
    };
    let keep = |truth: &Truth| (order(&truth.yes), order(&truth.known));
    let mut rules = BTreeMap::new();
    for rule in found.rules.iter().filter(|rule| rule.entity == "person") {
        rules.insert(rule.id.to_string(), keep(&rule.outcome));
        if let Some(served) = rule.served.as_ref().filter(|_| rule.stop_from.is_some()) {
            rules.insert(format!("served:{}", rule.id), keep(served));
        }
    }
    let homes = ["residence_division", "hukou_division"].into_iter().filter_map(|key| people.column(key));
    let homes: Vec<_> = homes.map(|column| column.meanings(|text| text.parse().ok())).collect();
    let village = |row: usize| homes.iter().find_map(|home| home.get(row).copied().flatten());
    Outcomes {
        people: rows.iter().map(|row| PersonId(people.ids()[*row])).collect(),
        villages: rows.iter().map(|row| village(*row)).collect(),
        rules,
    }
}

/// Who was served yesterday under a rule they met, and has no row tonight.
fn left(before: &Outcomes, now: &Outcomes) -> Vec<(PersonId, String, DivisionCode)> {
    let mut left = Vec::new();
    for (id, (served, _)) in &before.rules {
        let Some(rule) = id.strip_prefix("served:") else { continue };
        for at in served.ones() {
            let person = before.people[at];
            if now.people.binary_search(&person).is_err()
                && let Some(village) = before.villages[at]
            {
                left.push((person, rule.to_owned(), village));
            }
        }
    }
    left
}

/// The days whose population is measured, each with its indicators.
fn days(pack: &Pack, as_of: Date) -> BTreeMap<Date, Vec<&Indicator>> {
    let mut days: BTreeMap<Date, Vec<&Indicator>> = BTreeMap::new();
    for indicator in &pack.indicators {
        days.entry(indicator.population_day(as_of)).or_default().push(indicator);
    }
    days
}

/// Every indicator, on the population of the day it speaks of; each such population is made once.
fn measure(
    session: &mut Session,
    parts: &Parts<'_>,
    (tonight, visits): (&Population, Option<Arc<Visits>>),
) -> Result<Vec<Measured>, CycleFault> {
    let Parts { pack, program, catalogue, keys, options, last_list } = *parts;
    let mut measured = Vec::new();
    for (day, indicators) in days(pack, options.as_of) {
        let moment = Moment { last_list, ..Moment::on(day) };
        let read = || program.facts_measured(pack, indicators.iter().map(|indicator| indicator.id.as_str()));
        let mut load =
            || snapshot::load_some_and_keep(session, keys, catalogue, pack, (&moment, &read()), visits.as_ref());
        let earlier = if day == options.as_of { None } else { Some(load()?) };
        let population = earlier.as_ref().unwrap_or(tonight);
        for indicator in indicators {
            let Some(table) = measuring::table(program, indicator, population, options.as_of) else { continue };
            measured.extend(measuring::judged(session, pack, indicator, &table, options.as_of)?);
        }
    }
    measured.sort_by(|a, b| (&a.indicator, a.division).cmp(&(&b.indicator, b.division)));
    Ok(measured)
}

/// Files follow the database and can be made again from it at any time: they are written beside it, and get their names
/// once it has kept the night.
fn publish(
    session: &mut Session,
    parts: &Parts<'_>,
    found: (Results, Held),
    lake: impl FnOnce() -> Result<lake::Staged, CycleFault>,
    progress: &mut dyn Progress,
) -> Result<Summary, CycleFault> {
    let Parts { pack, options, .. } = *parts;
    progress.begin(Step::Publish, None);
    let pack_digest = digest::of_pack(&options.packs, pack)?;
    let (summary, work) = keep(session, parts, found, &pack_digest)?;
    lake()?.publish()?;
    lake::retain(&options.lake, &world::retention(&options.packs)?)?;
    let measured = performance::measured_on(session, &pack.id, options.as_of)?;
    work?.publish(&measured)?;
    progress.end(Step::Publish);
    Ok(summary)
}

/// What became of the work list's file, told once the night is kept.
type Exported<'o> = Result<exports::Staged<'o>, CycleFault>;

/// The results in the database, unless they stand there already.
fn keep<'o>(
    session: &mut Session,
    parts: &Parts<'o>,
    (mut results, held): (Results, Held),
    pack_digest: &str,
) -> Result<(Summary, Exported<'o>), CycleFault> {
    let Parts { pack, options, .. } = *parts;
    let result_digest = results.digest.clone().feed(&[&results.measured, &results.disagreements]).end();
    let digests = (pack_digest, result_digest.as_str());
    let same = |night: &Night| (night.pack_digest.as_str(), night.result_digest.as_str()) == digests;
    match night_store::on(session, &pack.id, options.as_of)?.filter(same) {
        Some(night) => {
            let before = serde_json::from_str(&night.summary).map_err(|_| CycleFault::Damaged { what: "a summary" })?;
            let Summary { lists, links, in_database, .. } = results.summary;
            let work = worklist::open_items(session)?;
            let exported = exports::stage(&options.out, options.as_of, &work);
            Ok((Summary { lists, links, in_database, ..before }, exported))
        }
        None => {
            let exported = std::thread::scope(|scope| {
                let export = |change: &Arc<Change>| {
                    let change = Arc::clone(change);
                    scope.spawn(move || exports::stage(&options.out, options.as_of, change.open()))
                };
                let written = session.transaction(|tx| write(tx, parts, &mut results, (held, export), digests));
                write_log_back(session);
                written.map(joined)
            })?;
            Ok((results.summary, exported))
        }
    }
}

/// Writes everything; `export` is told what is open as soon as that is known, and what it gives is given back.
fn write<T>(
    tx: &mut Session,
    parts: &Parts<'_>,
    results: &mut Results,
    (held, export): (Held, impl FnOnce(&Arc<Change>) -> T),
    digests: (&str, &str),
) -> Result<T, CycleFault> {
    let options = parts.options;
    let Held { tonight, mut compared } = held;
    if !compared.holds(tx)? {
        compared = compare(tx, &tonight, options.as_of, &results.outcomes)?;
    }
    let change = Arc::new(compared.onto(tonight));
    let exporting = export(&change);
    let settled = change.write(tx)?;
    results.summary.count_work(change.open(), options.as_of, &settled);
    record(tx, parts, results, digests)?;
    Ok(exporting)
}

fn record(
    tx: &mut Session,
    parts: &Parts<'_>,
    results: &Results,
    (pack_digest, result_digest): (&str, &str),
) -> Result<(), CycleFault> {
    let Parts { pack, keys, options, .. } = *parts;
    performance::record(tx, &pack.id, options.as_of, &results.measured)?;
    quality::record(tx, options.as_of, &results.disagreements)?;
    let night = Night {
        id: RunId(store::next_ids(tx, "night", 1)?.start),
        as_of: options.as_of,
        pack: pack.id.clone(),
        pack_version: pack.version.clone(),
        pack_digest: pack_digest.to_owned(),
        last_list: parts.last_list.map_or(0, |list| list.0),
        result_digest: result_digest.to_owned(),
        summary: serde_json::to_string(&results.summary).map_err(|_| CycleFault::Damaged { what: "a summary" })?,
        published_at: store::stamp(options.at),
    };
    night_store::write(tx, &night, &results.outcomes)?;
    let detail = serde_json::json!({ "as_of": options.as_of, "pack": pack.id, "version": pack.version, "result": result_digest });
    let subject = night.id.to_string();
    let entry = store::audit::Entry {
        at: options.at,
        actor: &options.actor,
        action: "night.publish",
        subject: &subject,
        detail: &detail,
    };
    store::audit::append(tx, keys, &entry)?;
    let detail = serde_json::json!({ "night": subject, "as_of": options.as_of, "pack": pack.id });
    let event = Event { name: "night.published".to_owned(), at: options.at, division: None, detail };
    store::events::tell(tx, &event)?;
    Ok(())
}

fn stage_lake(
    parts: &Parts<'_>,
    population: &Population,
    determinations: &Determinations,
) -> Result<lake::Staged, CycleFault> {
    let Parts { pack, options, .. } = *parts;
    let outcomes = lake::outcomes(determinations);
    let snapshot = lake::Snapshot {
        as_of: options.as_of,
        pack_id: &pack.id,
        pack_version: &pack.version,
        dictionary: &pack.dictionary,
        population,
        outcomes: &outcomes,
    };
    Ok(lake::stage(&snapshot, &options.lake)?)
}

/// The calling thread, and those it starts, go on when no other wants the processor: nothing waits for them for long.
fn give_way() {
    // That the system does not let it makes the night longer and nothing else.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, GIVES_WAY);
}

fn joined<T>(handle: ScopedJoinHandle<'_, T>) -> T {
    handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
