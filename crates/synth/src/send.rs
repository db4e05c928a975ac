//! Writing a night's lists: every village's people pass once, each open list takes the rows it wants.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::{Date, DivisionCode, DivisionLevel};

use crate::ages::before;

use crate::calendar::{self, ByCounty, Sending};
use crate::catalogue::Source;
use crate::cell::{Cell, Row, code};
use crate::dice::Dice;
use crate::faults::{Clerk, Planted};
use crate::files::{Finished, ListFile};
use crate::land::Village;
use crate::lists::{self, Asked};
use crate::person::Person;
use crate::region::{Region, things};
use crate::style::Style;
use crate::truth::Truth;
use crate::twice::Twice;
use crate::{SynthFault, places};

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// In the order of sending.
    pub files: Vec<Finished>,
    /// Everyone invented, the dead included.
    pub people: u32,
    /// Living people of 60 and over.
    pub older_people: u32,
    /// Planted faults by kind.
    pub faults: BTreeMap<&'static str, u32>,
}

/// What is told of what was sent.
struct Told<'t> {
    truth: &'t mut Truth,
    written: &'t mut Written,
}

/// One list with its file, or its files by county.
struct Open<'a> {
    sending: Sending,
    files: BTreeMap<Option<DivisionCode>, ListFile<'a>>,
    clerk: Clerk<'a>,
}

/// Sources about places and projects, which need no people.
const THINGS: [&str; 5] = ["places", "hospitals", "housing_projects", "training", "division_residents"];
/// Registers of holders, where a row can be stale.
const REGISTERS: [&str; 6] =
    ["low_income", "destitute", "low_income_margin", "great_contribution", "benefit_recipients", "family_doctors"];
/// What happened stays in these lists though the person has died.
const HISTORIES: [&str; 5] =
    ["deaths", "institution_stays", "ability_assessments", "visit_returns", "health_management"];

impl Region {
    /// Writes the lists into `dir`, which is made when it does not exist, and `truth/` inside it.
    ///
    /// # Errors
    /// `NoSource` when the packs don't describe a list, `Write` or `Sheet` when a file can't be written.
    pub fn write_lists(&self, dir: &Path) -> Result<Written, SynthFault> {
        self.write_lists_watched(dir, &mut |_, _| ())
    }

    /// The same; `watch` is told after each village how many of all are done.
    ///
    /// # Errors
    /// As [`Region::write_lists`].
    pub fn write_lists_watched(&self, dir: &Path, watch: &mut dyn FnMut(usize, usize)) -> Result<Written, SynthFault> {
        std::fs::create_dir_all(dir).map_err(|cause| SynthFault::Write { path: dir.to_owned(), cause })?;
        let options = &self.options;
        let sendings = match options.since {
            Some(since) => calendar::following_night(since, options.as_of),
            None => calendar::first_night(options.as_of, options.is_large()),
        };
        let (about_things, about_people): (Vec<_>, Vec<_>) =
            sendings.into_iter().partition(|s| THINGS.contains(&s.source));
        let mut open = about_people.into_iter().map(|s| self.open(dir, s)).collect::<Result<Vec<_>, _>>()?;
        let mut truth = Truth::create(dir, options.truth)?;
        let twice = Twice::new(options.registered_twice, options.seed, &self.names, &options.divisions, options.region);
        let mut written = Written::default();
        let mut done = 0;
        let taken = self.each(|village, people| {
            for person in people {
                truth.person(person, &self.places, options.as_of)?;
                written.people += 1;
                written.older_people += u32::from(person.older.is_some() && person.alive(options.as_of));
            }
            let mut told = Told { truth: &mut truth, written: &mut written };
            open.iter_mut().try_for_each(|list| self.send(list, village, people, twice.as_ref(), &mut told))?;
            done += 1;
            watch(done, self.villages.len());
            Ok(())
        })?;
        for list in open {
            for file in list.files.into_values() {
                written.files.push(file.close()?);
            }
        }
        for sending in about_things {
            let rows = match sending.source {
                "places" | "hospitals" => self.place_rows(&sending, &taken),
                source => things(self, source),
            };
            let mut list = self.open(dir, sending)?;
            for file in list.files.values_mut() {
                rows.iter().try_for_each(|row| file.append(row).map(|_| ()))?;
            }
            for file in list.files.into_values() {
                written.files.push(file.close()?);
            }
        }
        truth.close()?;
        Ok(written)
    }

    fn open(&self, dir: &Path, sending: Sending) -> Result<Open<'_>, SynthFault> {
        let options = &self.options;
        let source = options.catalogue.source(sending.source)?;
        let counties: Vec<Option<DivisionCode>> = match sending.by_county {
            None => vec![None],
            Some(_) => {
                let counties = options.divisions.of_level(DivisionLevel::County).map(|d| d.code);
                counties.filter(|c| options.region.contains(*c) || c.contains(options.region)).map(Some).collect()
            }
        };
        let mut files = BTreeMap::new();
        for county in counties {
            files.insert(county, self.file(dir, &sending, county, source)?);
        }
        let careful = matches!(sending.source, "population" | "kin" | "deaths");
        let asks = sending.source == "village_survey";
        let clerk = Clerk { rates: options.fault_rates, names: &self.names, careful, asks };
        Ok(Open { sending, files, clerk })
    }

    fn file<'a>(
        &'a self,
        dir: &Path,
        sending: &Sending,
        county: Option<DivisionCode>,
        source: &'a Source,
    ) -> Result<ListFile<'a>, SynthFault> {
        let scope = county.map(|c| format!("_{c}")).unwrap_or_default();
        let name = format!("{}_{}{scope}", sending.source, sending.on);
        let whose = self.options.divisions.name(county.unwrap_or(self.options.region));
        let title = format!("{whose}{}({})", source.label, sending.on);
        let mut style = Style::of(self.options.seed, sending.source, &scope, source);
        style.home = Some(self.options.region);
        ListFile::create(dir, &name, &title, sending.xlsx, style, source, &self.options.divisions)
    }

    /// The rows of one village's people in one list.
    fn send(
        &self,
        list: &mut Open,
        village: &Village,
        people: &[Person],
        twice: Option<&Twice<'_>>,
        told: &mut Told<'_>,
    ) -> Result<(), SynthFault> {
        let Told { truth, written } = told;
        let options = &self.options;
        let sending = &list.sending;
        let asked = Asked {
            source: sending.source,
            on: sending.on,
            invented_on: options.invented_on,
            after: sending.after,
            older_only: sending.older_only,
            places: &self.places,
            seed: options.seed,
        };
        let by_hukou = sending.by_county == Some(ByCounty::Hukou);
        for person in people {
            let Some(county) = lists::county(options.region, person, by_hukou) else { continue };
            let mut whole = Vec::new();
            if !self.listed(person, sending, &mut whole) {
                continue;
            }
            let mut rows = lists::rows(&asked, person, people);
            if rows.is_empty() && self.stale(person, sending.source) {
                rows.push(stale_row(person, sending.source, options.invented_on));
                whole.push(Planted { gives: "", kind: "stale" });
            }
            let second = twice.filter(|_| sending.source == "population").zip(rows.first());
            let second = second.and_then(|(twice, first)| twice.row(person, first));
            let file = list.files.get_mut(&sending.by_county.map(|_| county));
            let Some(file) = file else { continue };
            if let Some(row) = second {
                let id = row.get("id_number").map(Cell::plain).unwrap_or_default();
                let at = file.append(&row)?;
                truth.link(&file.name, at, person.number)?;
                truth.twice(&file.name, at, person.number, &id)?;
            }
            for (nth, mut row) in rows.into_iter().enumerate() {
                let mut dice = Dice::keyed(options.seed, sending.source, row_key(person, &row, nth));
                if dice.chance(list.clerk.rates.blank_row) {
                    file.blank()?;
                    *written.faults.entry("blank_row").or_default() += 1;
                }
                let mut planted = whole.clone();
                if list.clerk.asks && dice.chance(list.clerk.rates.residence_differs) {
                    row.insert("residence_division", self.neighbour(village).into());
                    planted.push(Planted { gives: "residence_division", kind: "residence_differs" });
                }
                planted.extend(list.clerk.spoil(&mut dice, &mut row));
                let mut times = vec![planted];
                if dice.chance(list.clerk.rates.duplicate) {
                    times.push(vec![Planted { gives: "", kind: "duplicate" }]);
                }
                for planted in times {
                    let at = file.append(&row)?;
                    truth.link(&file.name, at, person.number)?;
                    for fault in planted {
                        truth.fault(&file.name, at, fault, person.number)?;
                        *written.faults.entry(fault.kind).or_default() += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether a list still has someone: the living, the lately dead, some others of the dead.
    fn listed(&self, person: &Person, sending: &Sending, whole: &mut Vec<Planted>) -> bool {
        let Some(died) = person.died.filter(|died| *died <= sending.on) else { return true };
        if HISTORIES.contains(&sending.source) || sending.older_only {
            return HISTORIES.contains(&sending.source);
        }
        let mut dice = Dice::keyed(self.options.seed, "still listed", u64::from(person.number));
        let lately = (sending.on - died).num_days() <= 30 && dice.chance(0.5);
        let still = lately || dice.chance(self.options.fault_rates.dead_still_listed);
        if still {
            whole.push(Planted { gives: "", kind: "dead_still_listed" });
        }
        still
    }

    fn stale(&self, person: &Person, source: &str) -> bool {
        let mut dice = Dice::keyed(self.options.seed, "stale", u64::from(person.number));
        REGISTERS.contains(&source) && person.older.is_some() && dice.chance(self.options.fault_rates.stale)
    }

    fn neighbour(&self, village: &Village) -> DivisionCode {
        let index = self.villages.iter().position(|v| v.code == village.code).unwrap_or(0);
        self.villages[(index + 1) % self.villages.len()].code
    }

    /// Places with the residents counted while their people passed; earlier lists had a few fewer.
    fn place_rows(&self, sending: &Sending, taken: &[i64]) -> Vec<Row> {
        let hospitals = sending.source == "hospitals";
        let months = (self.options.as_of - sending.on).num_days() / 28;
        let row = |(index, place): (usize, &places::Place)| {
            let mut row = place.facts.clone();
            row.insert("place_id", place.id.as_str().into());
            row.insert("name", place.name.as_str().into());
            row.insert("kind", code(place.kind));
            row.insert("division", place.division.into());
            if place.beds > 0 {
                row.insert("beds", place.beds.into());
            }
            if place.takes_residents() {
                row.insert("occupied", (taken[index] - months * (1 + taken[index] / 60)).max(0).into());
            }
            if matches!(row.get("closed_on"), Some(Cell::Date(day)) if *day > sending.on) {
                row.remove("closed_on");
            }
            row
        };
        let medical = |kind: &str| matches!(kind, "hospital_2_plus" | "hospital" | "clinic");
        self.places.iter().enumerate().filter(|(_, p)| medical(p.kind) == hospitals).map(row).collect()
    }
}

fn stale_row(person: &Person, source: &str, on: Date) -> Row {
    let mut row = Row::from([
        ("id_number", Cell::from(person.id_number.as_str())),
        ("name", person.name.as_str().into()),
        ("valid_from", before(on, 800).into()),
    ]);
    if source == "benefit_recipients" {
        row.remove("valid_from");
        row.insert("receives_meal_delivery", true.into());
    }
    row
}

/// What makes a row the same row in another night's file.
fn row_key(person: &Person, row: &Row, nth: usize) -> u64 {
    let day = ["on", "ability_assessed_on"].iter().find_map(|key| row.get(key));
    let day = if let Some(Cell::Date(day)) = day {
        u64::from(chrono::Datelike::num_days_from_ce(day).unsigned_abs())
    } else {
        nth as u64
    };
    u64::from(person.number) << 24 | day
}
