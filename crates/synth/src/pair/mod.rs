//! Two files to be linked: a registry and a list of some of its people, with the truth.
//!
//! The same invented people as in the lists of departments, but in one table each: what `yilian link` and its peers
//! read in `benches/linkage`. People the registry does not have are relatives of some it has, or whole households.

mod clerk;
mod hand;
mod town;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use kernel::{Date, DivisionCode};

pub use clerk::PairRates;

use crate::dice::Dice;
use crate::person::Person;
use crate::{Options, SynthFault, region};
use clerk::Clerk;
pub(crate) use hand::Hand;
use town::Town;

/// How many rows, and who of the list is known.
#[derive(Clone, Copy, Debug)]
pub struct PairSize {
    pub registry: usize,
    pub listed: usize,
    /// Share of list rows whose person stands in the registry.
    pub known: f64,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairWritten {
    pub registry: usize,
    pub listed: usize,
    /// List rows whose person stands in the registry.
    pub known: usize,
}

/// People for each older person invented, with something to spare.
const PEOPLE_PER_OLDER: f64 = 2.5;
/// Share of people left out of the registry with their whole household.
const STRANGERS: f64 = 0.4;
/// Police registers are kept with care, but not without slips.
const REGISTRY_HASTE: f64 = 0.05;

/// A row of either file.
#[derive(Clone, Debug)]
struct Row {
    key: u32,
    household: u32,
    name: String,
    id_number: String,
    born: Date,
    date: String,
    sex: &'static str,
    division: DivisionCode,
    /// The division as written.
    place: String,
    phone: String,
    address: String,
}

/// Those who live together.
struct Household<'a>(&'a [Row]);

impl Household<'_> {
    /// Someone else of the household.
    fn other(&self, dice: &mut Dice, than: u32) -> Option<&Row> {
        let others: Vec<&Row> = self.0.iter().filter(|row| row.key != than).collect();
        others.get(dice.below(others.len())).copied()
    }
}

/// Invents people and writes `a.csv` (registry), `b.csv` (list) and `truth.csv` (list id, registry id) into a folder.
///
/// # Errors
/// When the division table has no villages of the region or a file can't be written.
pub fn write_pair(
    options: &Options,
    size: PairSize,
    rates: PairRates,
    folder: &Path,
) -> Result<PairWritten, SynthFault> {
    let mut options = options.clone();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of rows")]
    let (needed, known) = {
        let strangers = size.listed as f64 * (1.0 - size.known);
        (
            ((size.registry as f64 + strangers) / PEOPLE_PER_OLDER) as usize + 100,
            (size.listed as f64 * size.known).round() as usize,
        )
    };
    options.older_people = needed;
    let mut dice = Dice::new(options.seed, "pair");
    let region = region(&options)?;
    let hand = Hand::new(&region.names);
    let town = Town::new(&options.divisions, options.region);
    let mut people = invented(&region, &mut dice)?;
    people.sort_by_key(|row| (row.household, row.key));

    let (mut registry, new) = parted(&mut dice, &people, size, known);
    let known = known.min(registry.len());
    let on_list: Vec<u32> = elders_first(&mut dice, &people, &registry, known);
    let clerk = Clerk { rates, hand: &hand, town: &town };
    let mut listed: Vec<(Row, Option<u32>)> = Vec::with_capacity(known + new.len());
    for (at, is_known) in on_list.iter().map(|at| (*at, true)).chain(new.iter().map(|at| (*at, false))) {
        let mut row = people[at as usize].clone();
        let haste = [0.3, 1.0, 2.6][dice.weighted(&[0.45, 0.33, 0.22])];
        clerk.copy(&mut dice, &mut row, &household(&people, at), haste);
        listed.push((row, is_known.then_some(at)));
    }
    shuffle(&mut dice, &mut registry);
    shuffle(&mut dice, &mut listed);

    let careful = PairRates { id_missing: 0.0, marks: 0.1, phone_missing: 0.0, ..rates };
    let clerk = Clerk { rates: careful, ..clerk };
    let mut number_of = vec![u32::MAX; people.len()];
    let mut file = Sheet::create(folder, "a.csv", HEADER)?;
    for (number, at) in registry.iter().enumerate() {
        number_of[*at as usize] = u32::try_from(number).unwrap_or(u32::MAX);
        let mut row = people[*at as usize].clone();
        // sound numbers are what makes it the registry
        let own = row.id_number.clone();
        clerk.copy(&mut dice, &mut row, &household(&people, *at), REGISTRY_HASTE);
        row.id_number = own;
        file.row('a', number, &row)?;
    }
    file.finish()?;
    let mut file = Sheet::create(folder, "b.csv", HEADER)?;
    let mut truth = Sheet::create(folder, "truth.csv", "b_id,a_id")?;
    for (number, (row, at)) in listed.iter().enumerate() {
        file.row('b', number, row)?;
        if let Some(at) = at {
            truth.line(&format!("b{number},a{}", number_of[*at as usize]))?;
        }
    }
    file.finish()?;
    truth.finish()?;
    Ok(PairWritten { registry: registry.len(), listed: listed.len(), known })
}

/// Everyone living; a third of those without a telephone give that of someone they live with.
fn invented(region: &crate::Region, dice: &mut Dice) -> Result<Vec<Row>, SynthFault> {
    let as_of = region.options.as_of;
    let mut people: Vec<Row> = Vec::new();
    let mut households = std::collections::HashMap::new();
    region.each_village(|of_village: &[Person]| {
        for person in of_village.iter().filter(|person| person.alive(as_of)) {
            let next = u32::try_from(households.len()).unwrap_or(u32::MAX);
            people.push(Row {
                key: person.number,
                household: *households.entry(person.household.clone()).or_insert(next),
                name: person.name.clone(),
                id_number: person.id_number.clone(),
                born: person.born,
                date: person.born.to_string(),
                sex: person.sex(),
                division: person.residence,
                place: person.residence.to_string(),
                phone: person.phone.clone().unwrap_or_default(),
                address: person.address.clone(),
            });
        }
        Ok::<_, SynthFault>(())
    })?;
    people.sort_by_key(|row| (row.household, row.key));
    for at in 0..people.len() {
        if people[at].phone.is_empty() && dice.chance(0.5) {
            let home = household(&people, u32::try_from(at).unwrap_or(0));
            let phone = home.other(dice, people[at].key).map(|row| row.phone.clone());
            people[at].phone = phone.unwrap_or_default();
        }
    }
    Ok(people)
}

/// Who lives with the person at a place of the people sorted by household.
fn household(people: &[Row], at: u32) -> Household<'_> {
    let at = at as usize;
    let own = people[at].household;
    let before = people[..at].iter().rev().take_while(|row| row.household == own).count();
    let after = people[at..].iter().take_while(|row| row.household == own).count();
    Household(&people[at - before..at + after])
}

/// Who stands in the registry, and who stands only on the list.
fn parted(dice: &mut Dice, people: &[Row], size: PairSize, known: usize) -> (Vec<u32>, Vec<u32>) {
    let wanted = size.listed - known.min(size.listed);
    let mut left_out = vec![false; people.len()];
    let mut new = Vec::with_capacity(wanted);
    while new.len() < wanted && new.len() * 2 < people.len() {
        let at = dice.below(people.len());
        let own = people[at].household;
        let whole = dice.chance(STRANGERS);
        if left_out[at] {
            continue;
        }
        if whole {
            let first = people[..at].iter().rev().take_while(|row| row.household == own).count();
            let last = people[at..].iter().take_while(|row| row.household == own).count();
            left_out[at - first..at + last].fill(true);
        }
        left_out[at] = true;
        new.push(u32::try_from(at).unwrap_or(0));
    }
    let mut registry: Vec<u32> = (0..).take(people.len()).filter(|at: &u32| !left_out[*at as usize]).collect();
    shuffle(dice, &mut registry);
    registry.truncate(size.registry);
    (registry, new)
}

/// So many of the registry; those born before 1966 three times as likely.
fn elders_first(dice: &mut Dice, people: &[Row], registry: &[u32], count: usize) -> Vec<u32> {
    let mut order = registry.to_vec();
    shuffle(dice, &mut order);
    let is_old = |at: &u32| chrono::Datelike::year(&people[*at as usize].born) < 1966;
    let (first, second): (Vec<u32>, Vec<u32>) = order.into_iter().partition(|at| is_old(at) || dice.chance(1.0 / 3.0));
    first.into_iter().chain(second).take(count).collect()
}

fn shuffle<T>(dice: &mut Dice, rows: &mut [T]) {
    for at in (1..rows.len()).rev() {
        rows.swap(at, dice.below(at + 1));
    }
}

const HEADER: &str = "rec_id,id_number,name,birth_date,sex,division,phone,address";

/// A file being written.
struct Sheet {
    out: BufWriter<File>,
    path: std::path::PathBuf,
}

impl Sheet {
    fn create(folder: &Path, name: &str, header: &str) -> Result<Self, SynthFault> {
        let path = folder.join(name);
        let made = std::fs::create_dir_all(folder).and_then(|()| File::create(&path));
        let file = made.map_err(|cause| SynthFault::Write { path: path.clone(), cause })?;
        let mut sheet = Self { out: BufWriter::with_capacity(1 << 18, file), path };
        sheet.line(header)?;
        Ok(sheet)
    }

    fn row(&mut self, side: char, number: usize, row: &Row) -> Result<(), SynthFault> {
        let Row { id_number, name, date, sex, place, phone, address, .. } = row;
        self.line(&format!("{side}{number},{id_number},{name},{date},{sex},{place},{phone},{address}"))
    }

    fn line(&mut self, text: &str) -> Result<(), SynthFault> {
        writeln!(self.out, "{text}").map_err(|cause| SynthFault::Write { path: self.path.clone(), cause })
    }

    fn finish(mut self) -> Result<(), SynthFault> {
        self.out.flush().map_err(|cause| SynthFault::Write { path: self.path, cause })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_the_rows_asked_for_and_repeats_its_bytes() {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let options = Options::load(&packs).unwrap().sample();
        let size = PairSize { registry: 2000, listed: 400, known: 0.8 };
        let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
        for folder in &folders {
            let written = write_pair(&options, size, PairRates::default(), folder.path()).unwrap();
            assert_eq!(written, PairWritten { registry: 2000, listed: 400, known: 320 });
        }
        for name in ["a.csv", "b.csv", "truth.csv"] {
            let [one, other] = [0, 1].map(|at: usize| std::fs::read_to_string(folders[at].path().join(name)).unwrap());
            assert!(one == other, "{name} differs between two runs");
            let cells = one.lines().next().unwrap().matches(',').count();
            assert!(one.lines().all(|line| line.matches(',').count() == cells), "{name} is ragged");
        }
        let truth = std::fs::read_to_string(folders[0].path().join("truth.csv")).unwrap();
        assert_eq!(truth.lines().count(), 321);
        assert!(!truth.contains("4294967295"), "a listed person stands in the registry");
    }
}
