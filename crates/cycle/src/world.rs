//! The published night in memory: what a page, an explanation or a what-if reads.
//!
//! Loaded once for each published night and shared; it never changes afterwards.

use std::path::Path;
use std::sync::Arc;

use kernel::{Date, Divisions, ListId, PersonId};
use performance::Measured;
use policy::column::Population;
use policy::{Determinations, IndicatorTable, Pack, Program, RuleAnswer};
use registry::linking::Rules;
use registry::people::NameIndex;
use registry::snapshot::{self, Conflict, Moment};
use registry::sources::Catalogue;
use store::{Database, Keys, Session};

use crate::night_store::{self, Night};
use crate::summary::Summary;
use crate::{CycleFault, digest, measuring};

/// Everything about one published night.
pub struct World {
    pub night: Night,
    pub summary: Summary,
    pub pack: Arc<Pack>,
    pub program: Arc<Program>,
    pub catalogue: Arc<Catalogue>,
    /// The whole table: people of the region may live in others.
    pub divisions: Divisions,
    pub population: Population,
    pub determinations: Determinations,
    /// By indicator, then division.
    pub measured: Vec<Measured>,
    pub names: NameIndex,
    /// By person, then fact.
    pub conflicts: Vec<Conflict>,
    /// Lists came in after the night was run: what they say is shown after the next one.
    pub lists_since: bool,
    /// The pack's files changed since the night was run: what is shown follows the files, the numbers the night.
    pub pack_changed: bool,
}

impl World {
    /// The latest published night of a pack.
    ///
    /// # Errors
    /// `NotPublished` when there is none; faults of the pack, the database and the keys.
    pub fn load(database: &Database, keys: &Keys, packs: &Path, pack: &str) -> Result<Self, CycleFault> {
        let mut session = database.session()?;
        let night = night_store::latest(&mut session, pack)?.ok_or(CycleFault::NotPublished)?;
        let pack = load_pack(packs, pack)?;
        let program = Program::compile(&pack).map_err(|faults| CycleFault::pack(&pack.id, &faults))?;
        let catalogue = catalogue(packs, &pack)?;
        let moment =
            Moment { visits_from: Some(worklist::visits_from(&pack, night.as_of)), ..moment_of(&night, night.as_of) };
        let taken = snapshot::load(&mut session, keys, &catalogue, &pack, &moment)?;
        let determinations = program.run(&taken.population, night.as_of);
        let measured = performance::measured_on(&mut session, &pack.id, night.as_of)?;
        let names = NameIndex::build(&mut session, keys, taken.population.table("person"))?;
        Ok(Self {
            summary: serde_json::from_str(&night.summary).map_err(|_| CycleFault::Damaged { what: "a summary" })?,
            pack_changed: digest::of_pack(packs, &pack)? != night.pack_digest,
            pack: Arc::new(pack),
            program: Arc::new(program),
            catalogue: Arc::new(catalogue),
            divisions: divisions(packs)?,
            population: taken.population,
            determinations,
            measured,
            names,
            conflicts: taken.conflicts,
            lists_since: registry::acts::sent_since(&mut session, Some(ListId(night.last_list)))?,
            night,
        })
    }

    #[must_use]
    pub fn as_of(&self) -> Date {
        self.night.as_of
    }

    /// What the night knew: its day, and the lists that had come by then.
    #[must_use]
    pub fn moment(&self) -> Moment {
        moment_of(&self.night, self.night.as_of)
    }

    /// The person's row in the person table.
    #[must_use]
    pub fn row_of(&self, person: PersonId) -> Option<usize> {
        self.population.table("person")?.row_of(person.0)
    }

    /// Whether cash is due or paid to someone: two people decide then who they are.
    #[must_use]
    pub fn money_hangs_on(&self, person: PersonId) -> bool {
        let Some(row) = self.row_of(person) else { return false };
        cash(&self.pack).filter_map(|rule| self.determinations.rule(rule)).any(|found| {
            found.outcome(row) == policy::Outcome::Met
                || found.served.as_ref().is_some_and(|served| served.outcome(row) == policy::Outcome::Met)
        })
    }

    /// Every rule of the pack for one person, part by part; none when the person has no row that night.
    #[must_use]
    pub fn explain(&self, person: PersonId) -> Option<Vec<RuleAnswer>> {
        let row = self.row_of(person)?;
        Some(self.program.explain(&self.population, Some(&self.determinations), "person", row, self.as_of()))
    }

    /// An indicator with the rows behind its numbers. Indicators of a past period need that period's population,
    /// which is made for the purpose and given back with the table.
    ///
    /// # Errors
    /// Those of the database; `Ok(None)` when the pack has no such indicator.
    pub fn drill(&self, session: &mut Session, keys: &Keys, indicator: &str) -> Result<Option<Drill>, CycleFault> {
        let Some(indicator) = self.pack.indicator(indicator) else { return Ok(None) };
        let day = indicator.population_day(self.as_of());
        let earlier = if day == self.as_of() {
            None
        } else {
            let moment = moment_of(&self.night, day);
            Some(snapshot::load(session, keys, &self.catalogue, &self.pack, &moment)?.population)
        };
        let population = earlier.as_ref().unwrap_or(&self.population);
        let table = measuring::table(&self.program, indicator, population, self.as_of());
        Ok(table.map(|table| Drill { table, earlier }))
    }
}

/// The benefits of a pack that are cash.
pub fn cash(pack: &Pack) -> impl Iterator<Item = &str> {
    let is_cash = |rule: &&policy::model::Rule| rule.benefit().is_some_and(|benefit| benefit.kind == "cash");
    pack.rules_of("benefit").filter(is_cash).map(|rule| rule.id.as_str())
}

/// A day as a night knew it.
fn moment_of(night: &Night, day: Date) -> Moment {
    Moment { last_list: Some(ListId(night.last_list)).filter(|list| list.0 > 0), ..Moment::on(day) }
}

/// The rows behind an indicator.
pub struct Drill {
    pub table: IndicatorTable,
    /// The population the rows belong to; none: the world's own.
    pub earlier: Option<Population>,
}

/// Loads a pack; its faults become one error.
///
/// # Errors
/// `Pack`.
pub fn load_pack(packs: &Path, id: &str) -> Result<Pack, CycleFault> {
    policy::load(packs, id).map_err(|faults| CycleFault::pack(id, &faults))
}

/// Loads the catalogue of departmental lists.
///
/// # Errors
/// `Catalogue` with every fault.
pub fn catalogue(packs: &Path, pack: &Pack) -> Result<Catalogue, CycleFault> {
    Catalogue::load(&packs.join("national").join("sources.toml"), &pack.dictionary).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        CycleFault::Catalogue { faults: lines.join("\n") }
    })
}

/// Loads the rules of linking.
///
/// # Errors
/// `Catalogue` with every fault.
pub fn linking(packs: &Path, catalogue: &Catalogue) -> Result<Rules, CycleFault> {
    Rules::load(&packs.join("national").join("linkage.toml"), catalogue)
        .map_err(|fault| CycleFault::Catalogue { faults: fault.to_string() })
}

/// Which days of the lake are kept.
///
/// # Errors
/// `File` when `national/lake.toml` can't be read, `Catalogue` when it says something else.
pub fn retention(packs: &Path) -> Result<lake::Retention, CycleFault> {
    let path = packs.join("national").join("lake.toml");
    let text = std::fs::read_to_string(&path).map_err(|e| CycleFault::file("read", &path, e))?;
    toml::from_str(&text).map_err(|e| CycleFault::Catalogue { faults: format!("lake.toml: {}", e.message()) })
}

/// The whole division table: people registered in a plan's region live in others too.
///
/// # Errors
/// `File` when it can't be read, `Catalogue` with every faulty line.
pub fn divisions(packs: &Path) -> Result<Divisions, CycleFault> {
    let path = packs.join("national").join("divisions.csv");
    let text = std::fs::read_to_string(&path).map_err(|e| CycleFault::file("read", &path, e))?;
    Divisions::from_csv(&text).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        CycleFault::Catalogue { faults: lines.join("\n") }
    })
}
