//! Counts of people made safe to publish: small ones are left out, and so is what would give them away.

/// Parts of a total as they may be published beside it; none: left out. What is zero stays.
///
/// `least`: a count below it is small. When one part alone is left out, the total minus the others would tell it, so
/// the smallest of the others goes as well.
#[must_use]
pub fn protect(parts: &[u64], least: u64) -> Vec<Option<u64>> {
    let mut shown: Vec<Option<u64>> = parts.iter().map(|n| (*n == 0 || *n >= least).then_some(*n)).collect();
    if shown.iter().filter(|n| n.is_none()).count() == 1 {
        let others = shown.iter().enumerate().filter_map(|(at, n)| n.filter(|n| *n > 0).map(|n| (n, at)));
        if let Some((_, at)) = others.min() {
            shown[at] = None;
        }
    }
    shown
}

/// How many of each whole have something, as it may be published: neither those who have nor those who have not may be
/// few.
#[must_use]
pub fn protect_shares(wholes: &[u64], parts: &[u64], least: u64) -> Vec<Option<u64>> {
    let small = |n: u64| n > 0 && n < least;
    let hidden = |at: usize, part: u64| small(part) || small(wholes[at].saturating_sub(part));
    let masked: Vec<u64> =
        parts.iter().enumerate().map(|(at, part)| if hidden(at, *part) { 1 } else { *part }).collect();
    let kept = protect(&masked, least.max(2));
    kept.into_iter().zip(parts).map(|(kept, part)| kept.map(|_| *part)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_counts_are_left_out() {
        assert_eq!(protect(&[0, 12, 3, 2], 5), [Some(0), Some(12), None, None]);
        assert_eq!(protect(&[40, 12, 90], 5), [Some(40), Some(12), Some(90)]);
    }

    #[test]
    fn a_single_gap_takes_a_second_one_with_it() {
        assert_eq!(protect(&[40, 12, 3], 5), [Some(40), None, None]);
        assert_eq!(protect(&[0, 3], 5), [Some(0), None]);
    }

    #[test]
    fn few_who_lack_it_are_as_telling_as_few_who_have_it() {
        assert_eq!(protect_shares(&[100, 50, 60], &[98, 20, 30], 5), [None, None, Some(30)]);
        assert_eq!(protect_shares(&[10, 10], &[10, 0], 5), [Some(10), Some(0)]);
    }

    proptest! {
        #[test]
        fn nothing_small_is_shown_and_no_gap_stands_alone(parts in prop::collection::vec(0_u64..40, 1..9), least in 2_u64..12) {
            let shown = protect(&parts, least);
            for (at, n) in shown.iter().enumerate() {
                prop_assert!(n.is_none_or(|n| n == parts[at] && (n == 0 || n >= least)));
            }
            let gaps = shown.iter().filter(|n| n.is_none()).count();
            prop_assert!(gaps != 1 || parts.iter().filter(|n| **n > 0).count() == 1);
        }
    }
}
