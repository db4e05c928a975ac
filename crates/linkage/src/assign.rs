//! From odds of pairs to decisions: probabilities that know of one another, one-to-one links, clusters.

use std::collections::{BTreeMap, BTreeSet};

/// A pair that has a chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    pub left: u32,
    pub right: u32,
    /// Odds that both are one person, seen alone; replaced by the probability when decided.
    pub odds: f64,
    pub probability: f64,
}

/// Turns odds into probabilities.
///
/// When a row is linked at most once, a rival of either row lowers the pair's probability: the odds of all pairs of
/// the two rows and of "none of them" share one whole.
pub fn probabilities(pairs: &mut [Scored], one_to_one: bool, lefts: usize, rights: usize) {
    if !one_to_one {
        pairs.iter_mut().for_each(|pair| pair.probability = pair.odds / (1.0 + pair.odds));
        return;
    }
    let (mut of_left, mut of_right) = (vec![0.0_f64; lefts], vec![0.0_f64; rights]);
    for pair in pairs.iter() {
        of_left[pair.left as usize] += pair.odds;
        of_right[pair.right as usize] += pair.odds;
    }
    for pair in pairs.iter_mut() {
        let rivals = (of_left[pair.left as usize] - pair.odds) + (of_right[pair.right as usize] - pair.odds);
        pair.probability = pair.odds / (1.0 + pair.odds + rivals.max(0.0));
    }
}

/// Keeps, best first, the pairs whose rows are both still free; in the order of right rows.
#[must_use]
pub fn one_to_one(mut pairs: Vec<Scored>, lefts: usize, rights: usize) -> Vec<Scored> {
    pairs.sort_unstable_by(|a, b| {
        b.probability
            .total_cmp(&a.probability)
            .then(b.odds.total_cmp(&a.odds))
            .then((a.right, a.left).cmp(&(b.right, b.left)))
    });
    let (mut left_taken, mut right_taken) = (vec![false; lefts], vec![false; rights]);
    pairs.retain(|pair| {
        let free = !left_taken[pair.left as usize] && !right_taken[pair.right as usize];
        left_taken[pair.left as usize] |= free;
        right_taken[pair.right as usize] |= free;
        free
    });
    pairs.sort_unstable_by_key(|pair| (pair.right, pair.left));
    pairs
}

/// Groups rows that are one person: links best first, never joining rows known to be different persons.
///
/// Gives, for every row, the lowest row of its group.
#[must_use]
pub fn clusters(rows: usize, links: &[Scored], different: &[(u32, u32)]) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..rows as u32).collect();
    let mut enemies: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (a, b) in different {
        enemies.entry(*a).or_default().insert(*b);
        enemies.entry(*b).or_default().insert(*a);
    }
    let mut sorted: Vec<&Scored> = links.iter().collect();
    sorted.sort_unstable_by(|a, b| {
        b.probability.total_cmp(&a.probability).then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    for link in sorted {
        let (a, b) = (root(&mut parent, link.left), root(&mut parent, link.right));
        let (low, high) = (a.min(b), a.max(b));
        if low == high || enemies.get(&low).is_some_and(|of| of.contains(&high)) {
            continue;
        }
        parent[high as usize] = low;
        for enemy in enemies.remove(&high).unwrap_or_default() {
            if let Some(of) = enemies.get_mut(&enemy) {
                of.remove(&high);
                of.insert(low);
            }
            enemies.entry(low).or_default().insert(enemy);
        }
    }
    (0..rows as u32).map(|row| root(&mut parent, row)).collect()
}

fn root(parent: &mut [u32], mut row: u32) -> u32 {
    while parent[row as usize] != row {
        parent[row as usize] = parent[parent[row as usize] as usize];
        row = parent[row as usize];
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pair(left: u32, right: u32, odds: f64) -> Scored {
        Scored { left, right, odds, probability: odds / (1.0 + odds) }
    }

    #[test]
    fn a_rival_lowers_the_probability_of_both() {
        let mut pairs = [pair(0, 0, 9.0), pair(1, 0, 9.0), pair(2, 1, 9.0)];
        probabilities(&mut pairs, true, 3, 2);
        assert!((pairs[0].probability - 9.0 / 19.0).abs() < 1e-12);
        assert!((pairs[2].probability - 0.9).abs() < 1e-12);
        probabilities(&mut pairs, false, 3, 2);
        assert!((pairs[0].probability - 0.9).abs() < 1e-12);
    }

    #[test]
    fn the_loser_of_a_row_takes_its_next_best() {
        let kept = one_to_one(vec![pair(0, 0, 9.0), pair(0, 1, 8.0), pair(1, 1, 2.0)], 2, 2);
        assert_eq!(kept.iter().map(|p| (p.left, p.right)).collect::<Vec<_>>(), [(0, 0), (1, 1)]);
    }

    #[test]
    fn known_different_persons_never_end_in_one_cluster() {
        let links = [pair(0, 1, 9.0), pair(1, 2, 8.0), pair(2, 3, 7.0)];
        assert_eq!(clusters(4, &links, &[]), [0, 0, 0, 0]);
        assert_eq!(clusters(4, &links, &[(0, 2)]), [0, 0, 2, 2]);
        assert_eq!(clusters(4, &links, &[(0, 3)]), [0, 0, 0, 3]);
    }

    proptest! {
        #[test]
        fn no_row_is_linked_twice(links in prop::collection::vec((0_u32..8, 0_u32..8, 0.01_f64..50.0), 0..40)) {
            let kept = one_to_one(links.into_iter().map(|(l, r, o)| pair(l, r, o)).collect(), 8, 8);
            let lefts: BTreeSet<u32> = kept.iter().map(|p| p.left).collect();
            let rights: BTreeSet<u32> = kept.iter().map(|p| p.right).collect();
            prop_assert_eq!((lefts.len(), rights.len()), (kept.len(), kept.len()));
        }

        #[test]
        fn clusters_respect_every_known_difference(
            links in prop::collection::vec((0_u32..10, 0_u32..10, 0.01_f64..50.0), 0..40),
            different in prop::collection::vec((0_u32..10, 0_u32..10), 0..10),
        ) {
            let different: Vec<(u32, u32)> = different.into_iter().filter(|(a, b)| a != b).collect();
            let links: Vec<Scored> = links.into_iter().map(|(l, r, o)| pair(l, r, o)).collect();
            let of = clusters(10, &links, &different);
            for (a, b) in different {
                prop_assert_ne!(of[a as usize], of[b as usize]);
            }
        }
    }
}
