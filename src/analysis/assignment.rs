//! Assignment: which rows to pair with which columns so that the pairs weigh as much as possible.
//!
//! Owns [`assignment`], the greatest sum of whole weights where not all pairs are allowed, by way of the
//! [cheapest](crate::analysis::cheapest) one. It must not know what is paired.

use crate::analysis::cheapest::cheapest_assignment;

/// The pairs (row, column) of greatest total weight, each row and column in one pair at most, by row. `weight` is above 0, or
/// `None` where a pair is not allowed; a weight that outdoes all lesser ones together makes the pairs as many as possible.
///
/// It takes the square of the shorter side times the longer. The weights of all pairs together must stay below 2⁵³.
pub(crate) fn assignment(
    rows: usize,
    columns: usize,
    weight: impl Fn(usize, usize) -> Option<i64>,
) -> Vec<(usize, usize)> {
    if rows <= columns {
        return wide(rows, columns, &weight);
    }
    let turned = wide(columns, rows, &|row, column| weight(column, row));
    let mut pairs: Vec<(usize, usize)> = turned.into_iter().map(|(row, column)| (column, row)).collect();
    pairs.sort_unstable();
    pairs
}

/// [`assignment`] for no more rows than columns.
fn wide(rows: usize, columns: usize, weight: &impl Fn(usize, usize) -> Option<i64>) -> Vec<(usize, usize)> {
    // Whole numbers up to 2⁵³ are exact here: the sums of as many weights as are ever weighed together stay below.
    let cost = |row| (0..columns).map(move |column| -weight(row, column).unwrap_or(0) as f64).collect();
    let costs: Vec<Vec<f64>> = (0..rows).map(cost).collect();
    let of = |row: usize, column: usize| costs.get(row).and_then(|costs| costs.get(column)).copied().unwrap_or(0.0);
    let holders = cheapest_assignment(rows, columns, of);
    let held = holders.into_iter().enumerate().filter_map(|(column, row)| Some((row?, column)));
    let mut pairs: Vec<(usize, usize)> = held.filter(|(row, column)| weight(*row, *column).is_some()).collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(weights: &[Vec<i64>], pairs: &[(usize, usize)]) -> i64 {
        pairs.iter().map(|(row, column)| weights[*row][*column]).sum()
    }

    fn best(weights: &[Vec<i64>], row: usize, taken: &mut Vec<usize>) -> i64 {
        let Some(cells) = weights.get(row) else { return 0 };
        let mut most = best(weights, row + 1, taken);
        for (column, weight) in cells.iter().enumerate() {
            if *weight > 0 && !taken.contains(&column) {
                taken.push(column);
                most = most.max(weight + best(weights, row + 1, taken));
                taken.pop();
            }
        }
        most
    }

    /// The pairs for `weights` (0: not allowed).
    fn pairs(weights: &[Vec<i64>]) -> Vec<(usize, usize)> {
        let columns = weights.first().map_or(0, Vec::len);
        assignment(weights.len(), columns, |row, column| Some(weights[row][column]).filter(|weight| *weight > 0))
    }

    fn check(weights: &[Vec<i64>], expected: &[(usize, usize)]) {
        assert_eq!(pairs(weights), expected, "{weights:?}");
    }

    #[test]
    fn the_heaviest_pairs_win() {
        check(&[], &[]);
        check(&[vec![0, 0]], &[]);
        check(&[vec![5, 4], vec![4, 0]], &[(0, 1), (1, 0)]);
        check(&[vec![9, 4], vec![4, 0]], &[(0, 0)]);
        check(&[vec![1], vec![3], vec![2]], &[(1, 0)]);
    }

    proptest! {
        #[test]
        fn no_other_pairs_weigh_more(rows in 0usize..5, columns in 1usize..5, cells in proptest::collection::vec(0i64..9, 25)) {
            let weights: Vec<Vec<i64>> = (0..rows).map(|row| cells[row * 5..row * 5 + columns].to_vec()).collect();
            let pairs = pairs(&weights);
            prop_assert!(pairs.iter().all(|(row, column)| weights[*row][*column] > 0));
            prop_assert!(pairs.is_sorted_by(|a, b| a.0 < b.0));
            prop_assert_eq!(total(&weights, &pairs), best(&weights, 0, &mut Vec::new()));
        }
    }
}
