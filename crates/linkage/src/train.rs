//! Learning without labels: levels among strangers from random pairs, levels among matches and relatives by
//! expectation–maximisation over pairs that meet in blocks.

use std::ops::Range;
use std::thread;

use crate::block::Index;
use crate::compare::{MISSING, SAME, closest, swapped_levels};
use crate::data::Data;
use crate::hash::fold;
use crate::intern::ABSENT;
use crate::keys::{Transform, codes};
use crate::model::{CLASSES, Model, ONE_PERSON, Origin, PerClass, RELATIVES, STRANGERS};
use crate::score::{Agreement, Comparer, Tables, ratio};
use crate::spec::Spec;

/// Random pairs with the same right row, one after the other.
const AT_ONCE: u64 = 32;

/// How much is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Random pairs from which strangers are learned.
    pub random_pairs: usize,
    /// Right rows whose pairs are learned from.
    pub right_rows: usize,
    /// Rounds after which learning is given up.
    pub rounds: u32,
    pub seed: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { random_pairs: 120_000, right_rows: 4_000, rounds: 120, seed: 1 }
    }
}

/// Probability of each level among random pairs, for each field; of a field within another also among pairs that
/// agree on that one.
#[must_use]
pub fn strangers(spec: &Spec, data: &Data, effort: Effort) -> Vec<Vec<f64>> {
    let of_field = |field: &crate::spec::Field| {
        let around = field.within.map_or(0, |outer| usize::from(closest(spec.fields[outer].kind)));
        vec![0.0; field.kind.levels().len() * (1 + around)]
    };
    let mut counts: Vec<Vec<f64>> = spec.fields.iter().map(of_field).collect();
    let (lefts, rights) = (data.left.len() as u64, data.right().len() as u64);
    if lefts > 0 && rights > 0 {
        // Counts are whole numbers: halves add up to the same whatever is counted where.
        let count = |pairs: Range<u64>, counts: &mut [Vec<f64>]| {
            let mut comparer = Comparer::new(spec, data);
            let mut levels = vec![0; spec.fields.len()];
            for n in pairs {
                if n % AT_ONCE == 0 {
                    comparer.take(data.right().row((fold(effort.seed ^ n << 32) % rights) as u32));
                }
                let left = data.left.row((fold(effort.seed.wrapping_add(n)) % lefts) as u32);
                comparer.levels(left, &mut levels);
                counts.iter_mut().zip(&levels).for_each(|(counts, level)| counts[*level as usize] += 1.0);
            }
        };
        let pairs = effort.random_pairs as u64;
        let half = pairs / AT_ONCE / 2 * AT_ONCE;
        let mut others = counts.clone();
        thread::scope(|scope| {
            scope.spawn(|| count(half..pairs, &mut others));
            count(0..half, &mut counts);
        });
        let all = counts.iter_mut().flatten().zip(others.iter().flatten());
        all.for_each(|(count, more)| *count += more);
        let mut comparer = Comparer::new(spec, data);
        for (at, field) in spec.fields.iter().enumerate() {
            if let Some(outer) = field.within {
                let from = field.kind.levels().len();
                counts[at][from..].fill(0.0);
                let places = [Transform::Whole, Transform::First(9)];
                for transform in places.into_iter().take(closest(spec.fields[outer].kind).min(2).into()) {
                    of_neighbours((data, outer), transform, effort, &mut comparer, |levels_of| {
                        let level = usize::from(levels_of[at]);
                        // those who agree on the whole were counted before
                        if level >= from && (transform == Transform::Whole || level >= 2 * from) {
                            counts[at][level] += 1.0;
                        }
                    });
                }
            }
        }
    }
    for (field, counts) in counts.iter_mut().enumerate() {
        let of_field = &spec.fields[field];
        let kinds = of_field.kind.levels().len();
        let same = agreement(data, field);
        let (plain, inner) = counts.split_at_mut(kinds);
        smoothed(plain, same);
        if let Some((_, counted)) = swapped_levels(of_field.kind) {
            plain[counted as usize] = 1.0;
        }
        for (place, inner) in inner.chunks_exact_mut(kinds).enumerate() {
            let outer = of_field.within.filter(|_| place == 0);
            smoothed(inner, outer.map_or(same, |outer| (same / agreement(data, outer)).clamp(1e-9, 0.999)));
        }
    }
    counts
}

/// Counts of levels as probabilities, "same" being known.
fn smoothed(counts: &mut [f64], same: f64) {
    let known: f64 = counts[SAME as usize + 1..].iter().sum();
    let total = known + 0.25 * counts.len() as f64;
    for count in &mut counts[SAME as usize + 1..] {
        *count = (*count + 0.25) / total * (1.0 - same);
    }
    counts[MISSING as usize] = 1.0;
    counts[SAME as usize] = same;
}

/// Levels of random pairs that agree on a field, or on what a key takes from it.
fn of_neighbours(
    (data, outer): (&Data, usize),
    transform: Transform,
    effort: Effort,
    comparer: &mut Comparer<'_>,
    mut count: impl FnMut(&[u8]),
) {
    let codes = codes(data.values(outer), transform);
    let mut starts = vec![0_u32; codes.iter().max().map_or(0, |code| *code as usize) + 2];
    let code = |row: &[u32]| codes[row[outer] as usize] as usize;
    data.left.values.chunks_exact(data.left.fields).for_each(|row| starts[code(row) + 1] += 1);
    (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
    let mut rows = vec![0_u32; data.left.len()];
    let mut filled = starts.clone();
    for (row, values) in (0..).zip(data.left.values.chunks_exact(data.left.fields)) {
        let place = &mut filled[code(values)];
        rows[*place as usize] = row;
        *place += 1;
    }
    let mut levels = vec![0; data.left.fields];
    for n in 0..effort.random_pairs as u64 / 128 {
        let right = (fold(effort.seed ^ n << 24) % data.right().len() as u64) as u32;
        let value = data.right().row(right)[outer];
        let (from, to) =
            (starts[code(data.right().row(right))] as usize, starts[code(data.right().row(right)) + 1] as usize);
        if value == ABSENT || from == to {
            continue;
        }
        comparer.take(data.right().row(right));
        for turn in 0..32 {
            let at = from + (fold(effort.seed ^ n << 8 ^ turn) % (to - from) as u64) as usize;
            comparer.levels(data.left.row(rows[at]), &mut levels);
            count(&levels);
        }
    }
}

/// Probability that two random rows have the same value, both present.
fn agreement(data: &Data, field: usize) -> f64 {
    let left = &data.counts[field];
    let single = f64::from(data.is_single());
    let right = data.right();
    let values = right.values.chunks_exact(right.fields).map(|row| row[field]).filter(|value| *value != ABSENT);
    let (mut both, mut known) = (0.0, 0.0);
    for value in values {
        both += (f64::from(left[value as usize]) - single).max(0.0);
        known += 1.0;
    }
    let pairs = (data.left.len() as f64 - f64::from(left[ABSENT as usize])) * (known - single).max(1.0);
    (both / pairs.max(1.0)).clamp(1e-9, 0.999)
}

/// A step so small ends learning.
const SETTLED: f64 = 4e-3;

/// Learns models from the pairs that rows meet in blocks.
pub struct Learner<'a> {
    spec: &'a Spec,
    data: &'a Data,
    index: &'a Index,
    agreements: &'a [Vec<Agreement>],
    effort: Effort,
    defaults: Model,
}

impl<'a> Learner<'a> {
    /// Counts how often strangers agree.
    #[must_use]
    pub fn new(
        spec: &'a Spec,
        data: &'a Data,
        index: &'a Index,
        agreements: &'a [Vec<Agreement>],
        effort: Effort,
    ) -> Self {
        let defaults = Model::defaults(spec, data, &strangers(spec, data, effort));
        Self { spec, data, index, agreements, effort, defaults }
    }

    /// Learns a model from some right rows (all when none are given), or gives back the stated defaults when learning
    /// does not settle.
    #[must_use]
    pub fn learn(&self, rights: Option<&[u32]>) -> Model {
        let pairs = Pairs::sample(self.spec, &self.tables(&self.defaults), self.index, self.effort, rights);
        let mut model = self.defaults.clone();
        for round in 1..=self.effort.rounds {
            let sums = expect(&self.tables(&model), &pairs);
            if sums.matches() < FEWEST {
                break;
            }
            let next = maximise(self.spec, self.data, &self.defaults, &model, &sums, &pairs);
            let change = change(&model, &next);
            model = next;
            model.rounds = round;
            if change < SETTLED {
                model.origin = Origin::Learned;
                return model;
            }
        }
        Model { rounds: model.rounds, ..self.defaults.clone() }
    }

    fn tables<'m>(&'m self, model: &'m Model) -> Tables<'m> {
        Tables::new(self.spec, self.data, model).with(self.agreements)
    }
}

/// From fewer matches nothing is learned.
const FEWEST: f64 = 3.0;

/// Pairs to learn from, one right row after the other.
struct Pairs {
    /// Where each right row's pairs end.
    ends: Vec<usize>,
    left: Vec<u32>,
    levels: Vec<u8>,
}

impl Pairs {
    /// Pairs that are plainly strangers' teach nothing, since strangers are learned from random pairs.
    fn sample(spec: &Spec, tables: &Tables<'_>, index: &Index, effort: Effort, among: Option<&[u32]>) -> Self {
        let data = tables.data;
        let prior = tables.model.prior_odds();
        let rights = among.map_or(data.right().len(), <[u32]>::len);
        let mut comparer = Comparer::new(spec, data);
        let mut pairs = Self { ends: Vec::new(), left: Vec::new(), levels: Vec::new() };
        let mut candidates = Vec::new();
        let mut levels = vec![0; spec.fields.len()];
        let take = effort.right_rows.min(rights);
        for n in 0..take {
            let at = if take == rights { n as u32 } else { (fold(effort.seed ^ n as u64) % rights as u64) as u32 };
            let right = among.map_or(at, |among| among[at as usize]);
            comparer.take(data.right().row(right));
            index.candidates(right, &mut candidates);
            for left in &candidates {
                let row = data.left.row(*left);
                comparer.levels(row, &mut levels);
                let classes = tables.classes(row, &levels);
                let relatives: f64 = classes[RELATIVES].iter().sum();
                if prior * ratio(&classes) > 1e-5 || relatives > 0.01 * classes[STRANGERS] {
                    pairs.left.push(*left);
                    pairs.levels.extend_from_slice(&levels);
                }
            }
            pairs.ends.push(pairs.left.len());
        }
        pairs
    }
}

/// Expected counts.
struct Sums {
    classes: PerClass,
    levels: Vec<Vec<PerClass>>,
}

impl Sums {
    fn matches(&self) -> f64 {
        self.classes[ONE_PERSON].iter().sum()
    }
}

fn expect(tables: &Tables<'_>, pairs: &Pairs) -> Sums {
    let (model, data) = (tables.model, tables.data);
    let fields = model.levels.len();
    let mut sums = Sums {
        classes: [0.0; CLASSES],
        levels: model.levels.iter().map(|levels| vec![[0.0; CLASSES]; levels.len()]).collect(),
    };
    let prior = model.prior_odds();
    let mut of_row: Vec<(PerClass, f64)> = Vec::new();
    let mut start = 0;
    for end in &pairs.ends {
        of_row.clear();
        for pair in start..*end {
            let classes =
                tables.classes(data.left.row(pairs.left[pair]), &pairs.levels[pair * fields..(pair + 1) * fields]);
            of_row.push((classes, prior * ratio(&classes)));
        }
        let all: f64 = of_row.iter().map(|(_, odds)| odds).sum();
        for (at, (classes, odds)) in of_row.iter().enumerate() {
            let matching = if model.one_to_one { odds / (1.0 + all) } else { odds / (1.0 + odds) };
            let one: f64 = classes[ONE_PERSON].iter().sum();
            let not: f64 = classes[STRANGERS] + classes[RELATIVES].iter().sum::<f64>();
            let mut shares = *classes;
            shares[ONE_PERSON].iter_mut().for_each(|class| *class *= matching / one);
            shares[..ONE_PERSON.start].iter_mut().for_each(|class| *class *= (1.0 - matching) / not);
            if shares[STRANGERS] > 0.9999 {
                continue;
            }
            let levels = &pairs.levels[(start + at) * fields..][..fields];
            for (sums, level) in sums.levels.iter_mut().zip(levels) {
                sums[*level as usize].iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
            }
            sums.classes.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
        }
        start = *end;
    }
    sums
}

fn maximise(spec: &Spec, data: &Data, defaults: &Model, model: &Model, sums: &Sums, pairs: &Pairs) -> Model {
    let mut next = model.clone();
    for (at, field) in spec.fields.iter().enumerate() {
        let kinds = field.kind.levels().len();
        let counted = swapped_levels(field.kind).map(|(_, counted)| counted as usize);
        let counts = |level: usize| level % kinds != MISSING as usize && Some(level) != counted;
        let places = (0..sums.levels[at].len()).step_by(kinds);
        for (class, first) in (STRANGERS + 1..CLASSES).flat_map(|class| places.clone().map(move |first| (class, first)))
        {
            let is_relative = RELATIVES.contains(&class);
            // relatives agree on what is a person's own no more often than strangers
            let fixed = is_relative && !field.shared;
            let same = first + SAME as usize;
            let levels: Vec<usize> = (first..first + kinds).filter(|level| counts(*level)).collect();
            let free = levels.iter().filter(|level| !(fixed && **level == same));
            let total: f64 = free.clone().map(|level| sums.levels[at][*level][class]).sum();
            let room = if fixed { 1.0 - model.levels[at][same][STRANGERS] } else { 1.0 };
            // one made-up pair, spread as by default, keeps every level possible
            for level in free {
                let made_up = defaults.levels[at][*level][class].max(1e-6);
                next.levels[at][*level][class] = room * (sums.levels[at][*level][class] + made_up) / (total + 1.0);
            }
        }
    }
    let rows = pairs.ends.len() as f64;
    let all_pairs = rows * data.left.len() as f64 / if data.is_single() { 2.0 } else { 1.0 };
    let matches = sums.matches();
    next.matching = if model.one_to_one { matches / rows } else { matches / all_pairs };
    for class in ONE_PERSON {
        next.shares[class] = (sums.classes[class] + 1.0) / (matches + ONE_PERSON.len() as f64);
    }
    if defaults.shares[RELATIVES.start] > 0.0 {
        for class in RELATIVES {
            next.shares[class] = ((sums.classes[class] + 0.5) / all_pairs).min(0.3);
        }
        next.shares[STRANGERS] = 1.0 - next.shares[RELATIVES].iter().sum::<f64>();
    }
    next
}

/// The largest step of the share of matches or of any level's probability among records of one person.
///
/// Classes may go on trading a few pairs among one another for long; what they say together settles.
fn change(before: &Model, after: &Model) -> f64 {
    let matching = (before.matching - after.matching).abs() / after.matching.max(1e-12);
    let together = |model: &Model, of_level: &PerClass| -> f64 {
        ONE_PERSON.map(|class| model.shares[class] * of_level[class]).sum()
    };
    let levels = before.levels.iter().zip(&after.levels).flat_map(|(a, b)| a.iter().zip(b));
    let steps = levels.map(|(a, b)| (together(before, a) - together(after, b)).abs());
    steps.fold(matching.min(1.0), f64::max)
}
