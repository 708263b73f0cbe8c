//! The heights of a long row of paragraphs: where one starts, and which one stands at a given y.
//!
//! Owns a Fenwick tree over blocks of paragraphs (P. M. Fenwick, "A new data structure for cumulative frequency tables",
//! 1994). It must not know why a height changes. A block is 64 heights: the tree stays small beside them, and both
//! questions cost O(log n + 64).

/// How many heights share one node of the tree.
const BLOCK: usize = 64;

/// Heights are kept in 64ths of a pixel, so that sums are exact however often they change.
const STEPS_PER_PX: f32 = 64.0;

/// A row of heights that answers prefix sums and their inverse.
#[derive(Clone, Debug, Default)]
pub struct Heights {
    steps: Vec<u32>,
    tree: Vec<u64>,
}

impl Heights {
    /// A row of heights in pixels; what is negative or not a number counts as 0.
    #[must_use]
    pub fn from_heights_px(heights_px: impl IntoIterator<Item = f32>) -> Self {
        let mut steps: Vec<u32> = heights_px.into_iter().map(steps_from_px).collect();
        steps.shrink_to_fit();
        let mut tree: Vec<u64> = steps.chunks(BLOCK).map(|block| block.iter().copied().map(u64::from).sum()).collect();
        for node in 1..=tree.len() {
            let parent = node + (node & node.wrapping_neg());
            let own = tree.get(node - 1).copied().unwrap_or(0);
            if let Some(above) = tree.get_mut(parent - 1) {
                *above += own;
            }
        }
        Self { steps, tree }
    }

    /// How many heights there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The height of one paragraph in pixels; 0 past the end.
    #[must_use]
    pub fn height_px(&self, index: usize) -> f32 {
        self.steps.get(index).map_or(0.0, |&steps| steps as f32 / STEPS_PER_PX)
    }

    /// Changes one height; past the end nothing happens.
    pub fn set_px(&mut self, index: usize, height_px: f32) {
        let Some(slot) = self.steps.get_mut(index) else { return };
        let (old, new) = (u64::from(*slot), steps_from_px(height_px));
        *slot = new;
        let mut node = index / BLOCK + 1;
        while let Some(sum) = self.tree.get_mut(node - 1) {
            // The node's sum holds the old height, so this cannot go below zero.
            *sum = (*sum + u64::from(new)).saturating_sub(old);
            node += node & node.wrapping_neg();
        }
    }

    /// Where paragraph `index` starts, in pixels from the first: the sum of all heights before it.
    #[must_use]
    pub fn y_from_index(&self, index: usize) -> f64 {
        let index = index.min(self.steps.len());
        let mut node = index / BLOCK;
        let inside = self.steps.get(node * BLOCK..index).unwrap_or_default();
        let mut sum: u64 = inside.iter().copied().map(u64::from).sum();
        while node > 0 {
            sum += self.tree.get(node - 1).copied().unwrap_or(0);
            node &= node - 1;
        }
        px_from_steps(sum)
    }

    /// The sum of all heights in pixels.
    #[must_use]
    pub fn total_px(&self) -> f64 {
        self.y_from_index(self.steps.len())
    }

    /// The paragraph at `y_px`: the first above all, the last below all, 0 when there are none.
    #[must_use]
    pub fn index_from_y(&self, y_px: f64) -> usize {
        // A negative y becomes 0 by the saturating cast.
        let mut left = (y_px * f64::from(STEPS_PER_PX)) as u64;
        let mut block = 0;
        let mut stride = self.tree.len().checked_ilog2().map_or(0, |bits| 1_usize << bits);
        while stride > 0 {
            if let Some(&sum) = self.tree.get(block + stride - 1)
                && sum <= left
            {
                left -= sum;
                block += stride;
            }
            stride >>= 1;
        }
        for (index, &steps) in self.steps.iter().enumerate().skip(block * BLOCK) {
            if left < u64::from(steps) {
                return index;
            }
            left -= u64::from(steps);
        }
        self.steps.len().saturating_sub(1)
    }
}

fn steps_from_px(px: f32) -> u32 {
    // The cast holds at both ends and turns NaN into 0.
    (px * STEPS_PER_PX).round() as u32
}

fn px_from_steps(steps: u64) -> f64 {
    steps as f64 / f64::from(STEPS_PER_PX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(heights: &[f32], changes: &[(usize, f32)]) {
        let mut naive = heights.to_vec();
        let mut rows = Heights::from_heights_px(heights.iter().copied());
        for &(at, height) in changes {
            let at = at % naive.len();
            naive[at] = height;
            rows.set_px(at, height);
        }
        let mut y = 0.0;
        for (index, &height) in naive.iter().enumerate() {
            assert_eq!(rows.y_from_index(index), y);
            if height > 0.0 {
                assert_eq!(rows.index_from_y(y), index);
                assert_eq!(rows.index_from_y(y + f64::from(height) - 0.02), index);
            }
            y += f64::from(height);
        }
        assert_eq!(rows.total_px(), y);
        assert_eq!(rows.index_from_y(y + 10.0), naive.len() - 1);
        assert_eq!(rows.index_from_y(-3.0), rows.index_from_y(0.0));
    }

    #[test]
    fn an_empty_row_and_bad_numbers() {
        let none = Heights::from_heights_px([]);
        assert_eq!((none.total_px(), none.index_from_y(5.0), none.len()), (0.0, 0, 0));
        let bad = Heights::from_heights_px([f32::NAN, -4.0, 2.0]);
        assert_eq!((bad.total_px(), bad.index_from_y(0.0)), (2.0, 2));
    }

    proptest! {
        #[test]
        fn agrees_with_plain_sums(
            heights in prop::collection::vec((0_u16..400).prop_map(|quarters| f32::from(quarters) / 4.0), 1..400),
            changes in prop::collection::vec((0_usize..1000, (0_u16..400).prop_map(f32::from)), 0..40),
        ) {
            check(&heights, &changes);
        }
    }
}
