//! Counts of people too small to be told, and the others that must go with them so that totals don't give them away.

/// The counts of one line: they add up to its people.
pub(crate) type Cells = [i64; 3];

/// Which lines below a total may be told, and whether the total may; `rest` are people counted in the total and in no
/// line.
///
/// A line with a count between 1 and `least - 1` is hidden. So long as the hidden lines taken together still give a
/// small count, or there is only one of them, the smallest other line is hidden too.
pub(crate) fn told(total: &Cells, lines: &[Cells], least: i64) -> (bool, Vec<bool>) {
    let small = |cells: &Cells| cells.iter().any(|n| (1..least).contains(n));
    if small(total) {
        return (false, vec![false; lines.len()]);
    }
    let rest: Cells = std::array::from_fn(|at| total[at] - lines.iter().map(|cells| cells[at]).sum::<i64>());
    let mut told: Vec<bool> = lines.iter().map(|cells| !small(cells)).collect();
    loop {
        let hidden = || lines.iter().zip(&told).filter(|(_, told)| !**told).map(|(cells, _)| cells).chain([&rest]);
        let several = hidden().filter(|cells| cells.iter().any(|n| *n > 0)).count();
        let together: Cells = std::array::from_fn(|at| hidden().map(|cells| cells[at]).sum());
        if several == 0 || several > 1 && !small(&together) {
            return (true, told);
        }
        let open = lines.iter().enumerate().filter(|(at, cells)| told[*at] && cells.iter().any(|n| *n > 0));
        match open.min_by_key(|(at, cells)| (cells.iter().sum::<i64>(), *at)).map(|(at, _)| at) {
            Some(next) => told[next] = false,
            // Only the total is left, and it is not small.
            None => return (true, vec![false; lines.len()]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(total: Cells, lines: &[Cells], total_told: bool, expected: &[bool]) {
        assert_eq!(told(&total, lines, 10), (total_told, expected.to_vec()), "{lines:?}");
    }

    #[test]
    fn small_counts_and_what_would_give_them_away_are_hidden() {
        check([100, 200, 0], &[[50, 100, 0], [50, 100, 0]], true, &[true, true]);
        // One hidden line could be had from the total, so the smallest other goes too.
        check([103, 220, 0], &[[3, 20, 0], [40, 80, 0], [60, 120, 0]], true, &[false, false, true]);
        // Two hidden lines that together are small need a third.
        check([65, 340, 0], &[[2, 20, 0], [3, 20, 0], [60, 300, 0]], true, &[false, false, false]);
        check([4, 300, 0], &[[4, 150, 0], [0, 150, 0]], false, &[false, false]);
    }

    #[test]
    fn people_in_no_line_count_as_hidden() {
        check([60, 100, 0], &[[30, 40, 0], [28, 58, 0]], true, &[false, true]);
        check([60, 100, 0], &[[30, 40, 0], [30, 60, 0]], true, &[true, true]);
    }

    /// Whatever is told, no small count can be had from it by subtracting from the total.
    #[test]
    fn nothing_told_gives_a_small_count_away() {
        let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |below: u64| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            i64::try_from(dice % below).unwrap()
        };
        for _ in 0..5000 {
            let lines: Vec<Cells> =
                (0..1 + next(8)).map(|_| [next(30) * next(2), next(60), next(12) * next(2)]).collect();
            let mut total: Cells = std::array::from_fn(|at| lines.iter().map(|cells| cells[at]).sum());
            total[1] += next(3) * next(20);
            let (total_told, told) = told(&total, &lines, 10);
            for (cells, _) in lines.iter().zip(&told).filter(|(_, told)| **told) {
                assert!(cells.iter().all(|n| *n == 0 || *n >= 10), "{cells:?} is told");
            }
            if total_told && told.iter().any(|told| *told) {
                for at in 0..3 {
                    let shown: i64 = lines.iter().zip(&told).filter(|(_, told)| **told).map(|(c, _)| c[at]).sum();
                    let left = total[at] - shown;
                    assert!(left == 0 || left >= 10, "{left} of {total:?} can be worked out from {lines:?} {told:?}");
                }
            }
        }
    }
}
