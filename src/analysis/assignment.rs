//! Assignment: which rows to pair with which columns so that the pairs weigh as much as possible.
//!
//! Owns the Hungarian method and knows nothing of what is paired.

/// A column while rows are being placed.
#[derive(Clone)]
struct Column {
    /// The row that holds it.
    row: Option<usize>,
    /// Its dual price.
    price: i64,
    /// The least reduced cost at which the search has reached it.
    least: i64,
    /// The column from which it was reached so; `None` from the row that is being placed.
    from: Option<usize>,
    /// Whether the search has passed it.
    passed: bool,
}

/// The pairs (row, column) of greatest total weight, each row and column in one pair at most, by row. `weight` is above 0, or
/// `None` where a pair is not allowed; a weight that outdoes all lesser ones together makes the pairs as many as possible.
///
/// The Hungarian method with potentials (Kuhn 1955, Munkres 1957; as told at <https://cp-algorithms.com/graph/hungarian-algorithm.html>):
/// the square of the shorter side times the longer.
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
    let cost = |row| (0..columns).map(move |column| -weight(row, column).unwrap_or(0)).collect();
    let costs: Vec<Vec<i64>> = (0..rows).map(cost).collect();
    let mut row_prices = vec![0; rows];
    let fresh = Column { row: None, price: 0, least: i64::MAX, from: None, passed: false };
    let mut places = vec![fresh; columns];
    for row in 0..rows {
        place(row, &costs, &mut row_prices, &mut places);
    }
    let held = places.iter().enumerate().filter_map(|(column, place)| Some((place.row?, column)));
    let mut pairs: Vec<(usize, usize)> = held.filter(|(row, column)| weight(*row, *column).is_some()).collect();
    pairs.sort_unstable();
    pairs
}

/// Places one more row: the cheapest path of moves to a free column, and those moves.
fn place(row: usize, costs: &[Vec<i64>], row_prices: &mut [i64], places: &mut [Column]) {
    for place in places.iter_mut() {
        (place.least, place.from, place.passed) = (i64::MAX, None, false);
    }
    let (mut here, mut at_row) = (None, row);
    let free = loop {
        let (Some(costs), Some(&row_price)) = (costs.get(at_row), row_prices.get(at_row)) else { return };
        let (mut step, mut nearest) = (i64::MAX, None);
        for (column, (place, cost)) in places.iter_mut().zip(costs).enumerate() {
            if place.passed {
                continue;
            }
            let reduced = cost - row_price - place.price;
            if reduced < place.least {
                (place.least, place.from) = (reduced, here);
            }
            if place.least < step {
                (step, nearest) = (place.least, Some((column, place.row)));
            }
        }
        let Some((column, holder)) = nearest else { return };
        shift(step, row, row_prices, places);
        if let Some(place) = places.get_mut(column) {
            place.passed = true;
        }
        match holder {
            Some(holder) => (here, at_row) = (Some(column), holder),
            None => break column,
        }
    };
    let mut column = Some(free);
    while let Some(from) = column.and_then(|column| places.get(column)).map(|place| place.from) {
        let mover = match from {
            Some(from) => places.get(from).and_then(|place| place.row),
            None => Some(row),
        };
        if let Some(place) = column.and_then(|column| places.get_mut(column)) {
            place.row = mover;
        }
        column = from;
    }
}

/// Moves the prices of what the search has passed by `step`, so that the nearest column costs nothing more.
fn shift(step: i64, row: usize, row_prices: &mut [i64], places: &mut [Column]) {
    let mut raise = |row: usize| {
        if let Some(price) = row_prices.get_mut(row) {
            *price += step;
        }
    };
    raise(row);
    for place in places {
        match place.row {
            Some(holder) if place.passed => {
                raise(holder);
                place.price -= step;
            }
            _ => place.least -= step,
        }
    }
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
