//! The cheapest assignment of rows to columns.
//!
//! Owns the Hungarian method in its form with potentials and shortest augmenting paths (Kuhn 1955, Jonker and Volgenant 1987). It must not
//! know what rows and columns are.

struct Column {
    potential: f64,
    /// The row that has this column.
    holder: Option<usize>,
    /// The shortest way found to it in this round, and the column before it on that way.
    least: f64,
    before: Option<usize>,
    reached: bool,
}

/// The row of each column, so that every row has a column of its own and the sum of `cost(row, column)` is the least. Needs as many columns
/// as rows at least; costs must be finite.
pub(crate) fn cheapest_assignment(
    rows: usize,
    columns: usize,
    cost: impl Fn(usize, usize) -> f64,
) -> Vec<Option<usize>> {
    let new = || Column { potential: 0.0, holder: None, least: 0.0, before: None, reached: false };
    let mut all: Vec<Column> = std::iter::repeat_with(new).take(columns).collect();
    let mut row_potentials = vec![0.0; rows];
    for row in 0..rows {
        let last = shortest_way(row, &mut all, &mut row_potentials, &cost);
        give_along(row, last, &mut all);
    }
    all.into_iter().map(|column| column.holder).collect()
}

/// Searches the shortest way from a row without a column to a column without a row, and returns that column.
fn shortest_way(
    row: usize,
    columns: &mut [Column],
    row_potentials: &mut [f64],
    cost: &impl Fn(usize, usize) -> f64,
) -> Option<usize> {
    for column in columns.iter_mut() {
        (column.least, column.before, column.reached) = (f64::INFINITY, None, false);
    }
    let (mut at_row, mut at_column) = (row, None);
    loop {
        let base = row_potentials.get(at_row).copied().unwrap_or(0.0);
        let mut nearest: Option<(f64, usize)> = None;
        for (index, column) in columns.iter_mut().enumerate().filter(|(_, column)| !column.reached) {
            let way = cost(at_row, index) - base - column.potential;
            if way < column.least {
                (column.least, column.before) = (way, at_column);
            }
            if nearest.is_none_or(|(least, _)| column.least < least) {
                nearest = Some((column.least, index));
            }
        }
        let (step, next) = nearest?;
        raise(row_potentials, row, step);
        for column in columns.iter_mut() {
            if column.reached {
                column.potential -= step;
                if let Some(holder) = column.holder {
                    raise(row_potentials, holder, step);
                }
            } else {
                column.least -= step;
            }
        }
        let column = columns.get_mut(next)?;
        column.reached = true;
        at_column = Some(next);
        match column.holder {
            Some(holder) => at_row = holder,
            None => return at_column,
        }
    }
}

fn raise(potentials: &mut [f64], row: usize, step: f64) {
    if let Some(potential) = potentials.get_mut(row) {
        *potential += step;
    }
}

/// Every column on the way goes to the holder of the one before it, the first to the row that began.
fn give_along(row: usize, last: Option<usize>, columns: &mut [Column]) {
    let mut at = last;
    while let Some(index) = at {
        let before = columns.get(index).and_then(|column| column.before);
        let holder = match before {
            Some(before) => columns.get(before).and_then(|column| column.holder),
            None => Some(row),
        };
        if let Some(column) = columns.get_mut(index) {
            column.holder = holder;
        }
        at = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(costs: &[Vec<f64>], holders: &[Option<usize>]) -> f64 {
        holders.iter().enumerate().filter_map(|(column, row)| row.map(|row| costs[row][column])).sum()
    }

    fn check(costs: &[Vec<f64>], expected: &[Option<usize>]) {
        let columns = costs.first().map_or(0, Vec::len);
        assert_eq!(cheapest_assignment(costs.len(), columns, |row, column| costs[row][column]), expected);
    }

    #[test]
    fn small_ones_by_hand() {
        check(&[vec![1.0, 2.0], vec![1.0, 9.0]], &[Some(1), Some(0)]);
        check(&[vec![3.0, 1.0, 2.0]], &[None, Some(0), None]);
        check(&[vec![4.0, 1.0, 3.0], vec![2.0, 0.0, 5.0], vec![3.0, 2.0, 2.0]], &[Some(1), Some(0), Some(2)]);
        check(&[], &[]);
    }

    /// The least sum by trying every column for every row.
    fn least(costs: &[Vec<f64>], taken: u32) -> f64 {
        let Some((head, rest)) = costs.split_first() else { return 0.0 };
        let free = head.iter().enumerate().filter(|(column, _)| taken & (1 << column) == 0);
        free.map(|(column, cost)| cost + least(rest, taken | 1 << column)).fold(f64::INFINITY, f64::min)
    }

    proptest! {
        #[test]
        fn none_is_cheaper(
            rows in 0usize..6,
            more in 0usize..3,
            costs in proptest::collection::vec(proptest::collection::vec(-3.0f64..9.0, 8), 6),
        ) {
            let costs: Vec<Vec<f64>> = costs.into_iter().take(rows).map(|row| row[..rows + more].to_vec()).collect();
            let holders = cheapest_assignment(rows, rows + more, |row, column| costs[row][column]);
            let mut held: Vec<usize> = holders.iter().copied().flatten().collect();
            held.sort_unstable();
            prop_assert_eq!(held, (0..rows).collect::<Vec<_>>());
            prop_assert!((total(&costs, &holders) - least(&costs, 0)).abs() < 1e-9);
        }
    }
}
