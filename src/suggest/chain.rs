//! The chain: how tags in a row are scored together, the best row, and how likely every tag and every mention is.
//!
//! Owns Viterbi and forward-backward over a linear chain whose tags obey BIO. It must not know where the scores come from.
//!
//! Forward-backward is the scaled form (Rabiner 1989): every step is divided by its sum, so that long sentences cannot
//! leave the range of a number.

use crate::suggest::tags::{Chunk, may_follow};

/// Rows of equal length in one piece of memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Grid {
    stride: usize,
    data: Vec<f32>,
}

impl Grid {
    /// `rows` rows of `stride` zeros.
    pub(crate) fn new(rows: usize, stride: usize) -> Self {
        Self { stride, data: vec![0.0; rows * stride] }
    }

    /// The row's numbers; none for a row beyond the end.
    pub(crate) fn row(&self, row: usize) -> &[f32] {
        let start = row * self.stride;
        self.data.get(start..start + self.stride).unwrap_or(&[])
    }

    /// The row's numbers, to be changed.
    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [f32] {
        let start = row * self.stride;
        self.data.get_mut(start..start + self.stride).unwrap_or(&mut [])
    }

    /// All rows in order.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &[f32]> + ExactSizeIterator {
        self.data.chunks_exact(self.stride.max(1))
    }

    /// All rows in order, to be changed.
    pub(crate) fn rows_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut [f32]> + ExactSizeIterator {
        self.data.chunks_exact_mut(self.stride.max(1))
    }

    /// All numbers, to be changed.
    pub(crate) fn numbers_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// Makes room for `rows` rows of zeros, keeping the memory.
    pub(crate) fn reset(&mut self, rows: usize, stride: usize) {
        self.stride = stride;
        self.data.clear();
        self.data.resize(rows * stride, 0.0);
    }

    /// Adds rows of zeros until there are `rows`.
    pub(crate) fn grow(&mut self, rows: usize) {
        self.data.resize((rows * self.stride).max(self.data.len()), 0.0);
    }

    /// The same rows with `stride` numbers each: cut, or filled with zeros.
    pub(crate) fn restride(&mut self, stride: usize) {
        if stride == self.stride {
            return;
        }
        let mut wider = Self::new(self.rows().len(), stride);
        for (to, from) in wider.rows_mut().zip(self.rows()) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        }
        *self = wider;
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: impl Iterator<Item = f32>) {
        self.data.extend(row.take(self.stride));
    }

    /// The number at a place; 0 beyond the end.
    pub(crate) fn at(&self, row: usize, column: usize) -> f32 {
        self.row(row).get(column).copied().unwrap_or(0.0)
    }
}

/// The weights of tag after tag, made ready: a row for the beginning of a sentence, then one per tag before; a column per
/// tag that follows.
#[derive(Clone, Debug)]
pub(crate) struct Transitions {
    tags: usize,
    stride: usize,
    /// The weights; minus infinity where BIO forbids the step.
    scores: Grid,
    /// Their exponentials.
    factors: Grid,
    /// The exponentials by the tag that follows.
    factors_back: Grid,
}

impl Transitions {
    /// Of `weights`: one row for the beginning and one per tag.
    pub(crate) fn new(weights: &Grid, tags: usize, stride: usize) -> Self {
        let mut made = Self {
            tags,
            stride,
            scores: Grid::new(tags + 1, stride),
            factors: Grid::new(tags + 1, stride),
            factors_back: Grid::new(tags, stride),
        };
        made.set(weights);
        made
    }

    /// Takes other weights of the same size.
    pub(crate) fn set(&mut self, weights: &Grid) {
        self.scores.numbers_mut().fill(f32::NEG_INFINITY);
        self.factors.numbers_mut().fill(0.0);
        for (row, (scores, factors)) in self.scores.rows_mut().zip(self.factors.rows_mut()).enumerate() {
            // The beginning of a sentence is followed by what may follow outside.
            let before = row.saturating_sub(1);
            let columns = scores.iter_mut().zip(factors).zip(weights.row(row)).enumerate().take(self.tags);
            for (next, ((score, factor), weight)) in columns {
                if may_follow(before as u16, next as u16) {
                    *score = *weight;
                    *factor = weight.exp();
                    if row > 0
                        && let Some(back) = self.factors_back.row_mut(next).get_mut(before)
                    {
                        *back = *factor;
                    }
                }
            }
        }
    }

    /// The best row of tags for these scores of every word (Viterbi).
    pub(crate) fn best(&self, words: &Grid) -> Vec<u16> {
        let mut score = vec![f32::NEG_INFINITY; self.stride];
        let mut next = score.clone();
        let mut pointers: Vec<u16> = Vec::with_capacity(words.rows().len() * self.stride);
        for (at, word) in words.rows().enumerate() {
            let from = pointers.len();
            pointers.resize(from + self.stride, 0);
            let pointers = pointers.get_mut(from..).unwrap_or(&mut []);
            next.fill(f32::NEG_INFINITY);
            if at == 0 {
                next.copy_from_slice(self.scores.row(0));
            } else {
                for (before, (score, row)) in score.iter().zip(self.scores.rows().skip(1)).enumerate().take(self.tags) {
                    for ((best, pointer), step) in next.iter_mut().zip(pointers.iter_mut()).zip(row) {
                        let through = score + step;
                        *pointer = if through > *best { before as u16 } else { *pointer };
                        *best = best.max(through);
                    }
                }
            }
            next.iter_mut().zip(word).for_each(|(best, word)| *best += word);
            std::mem::swap(&mut score, &mut next);
        }
        let last = score
            .iter()
            .enumerate()
            .take(self.tags)
            .fold((0, f32::NEG_INFINITY), |best, (tag, score)| if *score > best.1 { (tag, *score) } else { best });
        let mut tag = last.0 as u16;
        let mut path: Vec<u16> = Vec::with_capacity(words.rows().len());
        for pointers in pointers.chunks_exact(self.stride.max(1)).rev() {
            path.push(tag);
            tag = pointers.get(usize::from(tag)).copied().unwrap_or(0);
        }
        path.reverse();
        path
    }
}

/// Forward-backward over one sentence. Kept between sentences for its memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lattice {
    /// The exponentials of the scores, each word's greatest taken off.
    words: Grid,
    forward: Grid,
    backward: Grid,
    scales: Vec<f32>,
    product: Vec<f32>,
}

impl Lattice {
    /// Reads the scores of a sentence.
    pub(crate) fn run(&mut self, chain: &Transitions, words: &Grid) {
        let (len, stride) = (words.rows().len(), chain.stride);
        for grid in [&mut self.words, &mut self.forward, &mut self.backward] {
            grid.reset(len, stride);
        }
        for (out, scores) in self.words.rows_mut().zip(words.rows()) {
            let greatest = scores.iter().take(chain.tags).copied().fold(f32::NEG_INFINITY, f32::max);
            out.iter_mut().zip(scores).take(chain.tags).for_each(|(out, score)| *out = (score - greatest).exp());
        }
        self.run_forward(chain);
        self.run_backward(chain);
    }

    fn run_forward(&mut self, chain: &Transitions) {
        self.scales.clear();
        let mut before: Option<&[f32]> = None;
        for (out, word) in self.forward.rows_mut().zip(self.words.rows()) {
            match before {
                None => out.copy_from_slice(chain.factors.row(0)),
                Some(before) => {
                    for (mass, row) in before.iter().zip(chain.factors.rows().skip(1)).take(chain.tags) {
                        out.iter_mut().zip(row).for_each(|(out, factor)| *out += mass * factor);
                    }
                }
            }
            out.iter_mut().zip(word).for_each(|(out, word)| *out *= word);
            let scale = out.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            out.iter_mut().for_each(|out| *out /= scale);
            self.scales.push(scale);
            before = Some(out);
        }
    }

    fn run_backward(&mut self, chain: &Transitions) {
        self.product.resize(chain.stride, 0.0);
        let mut after: Option<(&[f32], &[f32], f32)> = None;
        let rows = self.backward.rows_mut().zip(self.words.rows()).zip(&self.scales).rev();
        for ((out, word), scale) in rows {
            match after {
                None => out.iter_mut().take(chain.tags).for_each(|out| *out = 1.0),
                Some((mass, word, scale)) => {
                    let both = mass.iter().zip(word).map(|(mass, word)| mass * word / scale);
                    self.product.iter_mut().zip(both).for_each(|(product, both)| *product = both);
                    for (mass, row) in self.product.iter().zip(chain.factors_back.rows()) {
                        out.iter_mut().zip(row).for_each(|(out, factor)| *out += mass * factor);
                    }
                }
            }
            after = Some((out, word, *scale));
        }
    }

    /// The probability of every tag at a word, into `out`.
    pub(crate) fn tags_at(&self, word: usize, out: &mut [f32]) {
        let both = self.forward.row(word).iter().zip(self.backward.row(word));
        out.iter_mut().zip(both).for_each(|(out, (forward, backward))| *out = forward * backward);
        let sum = out.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        out.iter_mut().for_each(|out| *out /= sum);
    }

    /// Adds the probability of every step from tag to tag in the sentence to `out`, which is shaped as the weights are.
    pub(crate) fn add_steps(&mut self, chain: &Transitions, out: &mut Grid) {
        let begin = self.forward.row(0).iter().zip(self.backward.row(0));
        out.row_mut(0).iter_mut().zip(begin).for_each(|(out, (forward, backward))| *out += forward * backward);
        self.product.resize(chain.stride, 0.0);
        let after = self.backward.rows().zip(self.words.rows()).zip(&self.scales).skip(1);
        for (before, ((backward, word), scale)) in self.forward.rows().zip(after) {
            let both = backward.iter().zip(word).map(|(mass, word)| mass * word / scale);
            self.product.iter_mut().zip(both).for_each(|(product, both)| *product = both);
            for ((mass, factors), out) in before.iter().zip(chain.factors.rows().skip(1)).zip(out.rows_mut().skip(1)) {
                if *mass > 1e-6 {
                    let steps = factors.iter().zip(&self.product);
                    out.iter_mut().zip(steps).for_each(|(out, (factor, after))| *out += mass * factor * after);
                }
            }
        }
    }

    /// The probability that these words are one whole mention with this label, no longer and no shorter.
    pub(crate) fn mention(&self, chain: &Transitions, chunk: &Chunk) -> f64 {
        let begin = usize::from(chunk.begin);
        let inside = begin + 1;
        let mut mass = f64::from(self.forward.at(chunk.words.start, begin));
        let mut tag = begin;
        for at in chunk.words.clone().skip(1) {
            let scale = self.scales.get(at).copied().unwrap_or(1.0);
            mass *= f64::from(chain.factors.at(tag + 1, inside) * self.words.at(at, inside) / scale);
            tag = inside;
        }
        let after = chunk.words.end;
        let Some(scale) = self.scales.get(after) else { return mass.clamp(0.0, 1.0) };
        let steps = chain.factors.row(tag + 1).iter().zip(self.words.row(after)).zip(self.backward.row(after));
        let other = steps.enumerate().filter(|(tag, _)| *tag != inside);
        let rest: f32 = other.map(|(_, ((factor, word), backward))| factor * word * backward / scale).sum();
        (mass * f64::from(rest)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TAGS: usize = 5;
    const STRIDE: usize = 8;

    fn grid(rows: usize, values: &[f32]) -> Grid {
        let mut grid = Grid::new(rows, STRIDE);
        let mut values = values.iter().cycle();
        for row in grid.rows_mut() {
            row.iter_mut().take(TAGS).for_each(|place| *place = *values.next().unwrap());
        }
        grid
    }

    /// Every row of tags that BIO allows, with its score.
    fn all_paths(weights: &Grid, words: &Grid) -> Vec<(Vec<u16>, f64)> {
        let mut paths = vec![(Vec::new(), 0.0)];
        for word in words.rows() {
            paths = paths
                .into_iter()
                .flat_map(|(path, score)| {
                    (0..TAGS as u16).filter_map(move |tag| {
                        let before = path.last().copied();
                        may_follow(before.unwrap_or(0), tag).then(|| {
                            let step = weights.at(before.map_or(0, |before| usize::from(before) + 1), usize::from(tag));
                            let longer: Vec<u16> = path.iter().copied().chain([tag]).collect();
                            (longer, score + f64::from(step + word[usize::from(tag)]))
                        })
                    })
                })
                .collect();
        }
        paths
    }

    /// The share of all rows of tags that `holds`, weighed by the exponential of their scores.
    fn share(paths: &[(Vec<u16>, f64)], holds: impl Fn(&[u16]) -> bool) -> f64 {
        let mass = |path: &(Vec<u16>, f64)| path.1.exp();
        paths.iter().filter(|path| holds(&path.0)).map(mass).sum::<f64>() / paths.iter().map(mass).sum::<f64>()
    }

    proptest! {
        #[test]
        fn it_agrees_with_counting_every_row_of_tags(
            steps in proptest::collection::vec(-2.0f32..2.0, 30),
            scores in proptest::collection::vec(-3.0f32..3.0, 20),
            len in 1usize..5,
        ) {
            let (weights, words) = (grid(TAGS + 1, &steps), grid(len, &scores));
            let chain = Transitions::new(&weights, TAGS, STRIDE);
            let paths = all_paths(&weights, &words);
            let best = paths.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
            let found = chain.best(&words);
            let score = paths.iter().find(|path| path.0 == found).unwrap().1;
            prop_assert!((score - best.1).abs() < 1e-4, "{found:?} scores {score}, {best:?}");
            let mut lattice = Lattice::default();
            lattice.run(&chain, &words);
            let mut at = vec![0.0; STRIDE];
            for word in 0..len {
                lattice.tags_at(word, &mut at);
                for tag in 0..TAGS as u16 {
                    let expected = share(&paths, |path| path[word] == tag);
                    prop_assert!((f64::from(at[usize::from(tag)]) - expected).abs() < 1e-4);
                }
                for end in word + 1..=len {
                    for begin in [1, 3] {
                        let chunk = Chunk { words: word..end, begin };
                        let expected = share(&paths, |path| crate::suggest::tags::chunks(path).contains(&chunk));
                        prop_assert!((lattice.mention(&chain, &chunk) - expected).abs() < 1e-4, "{chunk:?}");
                    }
                }
            }
            let mut sums = Grid::new(TAGS + 1, STRIDE);
            lattice.add_steps(&chain, &mut sums);
            for (before, next) in (0..TAGS as u16).flat_map(|a| (0..TAGS as u16).map(move |b| (a, b))) {
                let count = |path: &[u16]| path.windows(2).filter(|pair| **pair == [before, next]).count();
                let expected: f64 = (1..len).map(|n| n as f64 * share(&paths, |path| count(path) == n)).sum();
                prop_assert!((f64::from(sums.at(usize::from(before) + 1, usize::from(next))) - expected).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn a_sentence_of_no_words_has_no_tags() {
        let chain = Transitions::new(&grid(TAGS + 1, &[0.0]), TAGS, STRIDE);
        assert!(chain.best(&Grid::new(0, STRIDE)).is_empty());
        Lattice::default().run(&chain, &Grid::new(0, STRIDE));
    }

    #[test]
    fn rows_get_wider_and_keep_their_numbers() {
        let mut rows = grid(2, &[1.0, 2.0, 3.0, 4.0, 5.0]);
        rows.restride(16);
        rows.grow(3);
        assert_eq!((rows.at(1, 4), rows.at(1, 9), rows.at(2, 0), rows.at(9, 9)), (5.0, 0.0, 0.0, 0.0));
    }
}
