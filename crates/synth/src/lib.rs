//! Synthetic regions: the lists departments would send about invented people, with the truth beside them.
//!
//! Real divisions, invented everything else. The same options give the same bytes: chance comes from a seed, time
//! from the options. People are invented village by village and written as they come, so that memory does not
//! grow with the region. It knows the packs' list descriptions and the ability scale; it must not know a
//! database, a rule or the registry that will read the lists.

mod ability;
mod ages;
mod calendar;
mod catalogue;
mod cell;
mod days;
mod dice;
mod family;
mod faults;
mod files;
mod land;
mod lists;
mod names;
mod pair;
mod papers;
mod person;
mod places;
mod projects;
mod region;
mod send;
mod status;
mod stays;
mod style;
mod truth;
mod twice;
mod visits;
mod younger;

use std::path::{Path, PathBuf};

use kernel::{Date, DivisionCode, Divisions};

pub use catalogue::Catalogue;
pub use cell::{Cell, Row};
pub use days::DailyRates;
pub use faults::{FaultRates, Planted};
pub use files::Finished;
pub use pair::{PairRates, PairSize, PairWritten, write_pair};
pub use person::{
    Arrangement, Assessment, Disability, Income, Kin, Number, Older, Person, Relation, SpecialFamily, Stay, Survey,
    Visit,
};
pub use places::Place;
pub use region::Region;
pub use send::Written;
pub use style::Encoding;

/// What to invent.
#[derive(Clone, Debug)]
pub struct Options {
    pub divisions: Divisions,
    pub catalogue: Catalogue,
    pub scale: assess::Scale,
    /// A prefecture, county or township of the divisions.
    pub region: DivisionCode,
    pub seed: u64,
    /// Living people of 60 and over on `invented_on`.
    pub older_people: usize,
    /// Everyone who lives in the region, of any age; none: only older people and their families. See
    /// [`Options::with_residents`].
    pub residents: Option<usize>,
    /// Only so many townships, evenly picked; none for all.
    pub townships: Option<usize>,
    /// The day for which the people are invented.
    pub invented_on: Date,
    /// The day up to which life goes on and lists are sent; not before `invented_on`.
    pub as_of: Date,
    /// The day of the lists sent before: only what a following night brings is written. None for the first time.
    pub since: Option<Date>,
    pub fault_rates: FaultRates,
    pub daily_rates: DailyRates,
    /// Share of people who stand in the population list twice, under two numbers.
    pub registered_twice: f64,
    /// Whether to write `truth/` beside the lists.
    pub truth: bool,
}

/// Why a region could not be invented or written.
#[derive(Debug, thiserror::Error)]
pub enum SynthFault {
    #[error("could not read {path}: {cause}")]
    Pack { path: PathBuf, cause: String },
    #[error("sources.toml describes no list {id}")]
    NoSource { id: String },
    #[error("the division table has no villages in {region}")]
    NoVillages { region: DivisionCode },
    #[error("could not write {path}: {cause}")]
    Write { path: PathBuf, cause: std::io::Error },
    #[error("could not write the sheet {path}: {cause}")]
    Sheet { path: PathBuf, cause: String },
}

impl Options {
    /// The whole prefecture Kizilsu with 55,000 older people on 2026-11-20; reads `national/` under `packs`.
    ///
    /// # Errors
    /// `Pack` when the division table, the lists' description or the scale can't be read.
    pub fn load(packs: &Path) -> Result<Self, SynthFault> {
        let table = packs.join("national/divisions.csv");
        let fault = |path: &Path, cause: String| SynthFault::Pack { path: path.to_owned(), cause };
        let text = std::fs::read_to_string(&table).map_err(|e| fault(&table, e.to_string()))?;
        let divisions = Divisions::from_csv(&text).map_err(|faults| fault(&table, first(&faults)))?;
        let scale = packs.join("national/scales/gbt-42195-2022.toml");
        let scale = assess::Scale::load(&scale).map_err(|faults| fault(&scale, first(&faults)))?;
        let day = Date::from_ymd_opt(2026, 11, 20).expect("a day of the calendar");
        Ok(Self {
            divisions,
            catalogue: Catalogue::load(packs)?,
            scale,
            region: "6530".parse().expect("a division code"),
            seed: 1,
            older_people: 55_000,
            residents: None,
            townships: None,
            invented_on: day,
            as_of: day,
            since: None,
            fault_rates: FaultRates::default(),
            daily_rates: DailyRates::default(),
            registered_twice: 0.0,
            truth: true,
        })
    }

    /// A region of so many residents of any age; how many of them are old, and how many people are registered there, follows
    /// from the region's shares in `data/region.toml`.
    #[must_use]
    pub fn with_residents(mut self, residents: usize) -> Self {
        self.residents = Some(residents);
        self.older_people = land::Land::load().bases(self.region, residents).older;
        self
    }

    /// Whether lists of people are too long to be sent as sheets.
    pub(crate) fn is_large(&self) -> bool {
        self.residents.is_some_and(|residents| residents > 300_000)
    }

    /// 600 older people in two townships, for tests.
    #[must_use]
    pub fn sample(mut self) -> Self {
        self.older_people = 600;
        self.townships = Some(2);
        self
    }
}

/// Invents a region: its villages and places at once, its people when they are asked for.
///
/// # Errors
/// `NoVillages` when the division table has none inside `options.region`.
pub fn region(options: &Options) -> Result<Region, SynthFault> {
    Region::new(options.clone())
}

fn first<T: std::fmt::Display>(faults: &[T]) -> String {
    faults.first().map(ToString::to_string).unwrap_or_default()
}
