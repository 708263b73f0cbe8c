//! The learner: a linear-chain conditional random field whose weights move a little with every sentence.
//!
//! Owns one step of learning: the gradient of the log-likelihood by forward-backward, scaled for every weight by what it
//! has moved before (AdaGrad, Duchi et al. 2011), with a pull to zero. It must not know sentences as text, or when to stop.

use crate::suggest::calibration::{Calibration, Outcome};
use crate::suggest::chain::{Grid, Lattice, Transitions};
use crate::suggest::tagger_model::{Index, Model};
use crate::suggest::tags::{TagSet, chunks};

/// A sentence as the learner sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The rows of the features of all words.
    pub(crate) features: Vec<u32>,
    /// Where each word's features end.
    pub(crate) ends: Vec<u32>,
    /// The right tag of each word.
    pub(crate) tags: Vec<u16>,
}

impl Known {
    /// The features of every word.
    pub(crate) fn words(&self) -> impl Iterator<Item = &[u32]> {
        let mut from = 0;
        self.ends.iter().map(move |end| {
            let word = self.features.get(from..*end as usize).unwrap_or_default();
            from = *end as usize;
            word
        })
    }
}

/// How fast and how far it learns.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The first step's length.
    pub rate: f32,
    /// How hard weights are pulled to zero.
    pub pull: f32,
    /// Passes
    pub passes: usize,
    /// Cutoff
    pub cutoff: u32,
    /// Smallest gradient
    pub least: f32,
    /// offset
    pub start: f32,
    /// rehearsed
    pub rehearsed: usize,
    /// up
    pub update_passes: usize,
    /// prune
    pub prune: f32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            rate: 0.2,
            pull: 0.5,
            passes: 10,
            cutoff: 2,
            least: 0.01,
            start: 0.1,
            prune: 0.005,
            rehearsed: 1000,
            update_passes: 3,
        }
    }
}

/// The weights in the making.
#[derive(Clone, Debug)]
pub(crate) struct Learner {
    /// The row of every feature's weights; 0 for one that is too rare to have weights.
    rows: Vec<u32>,
    /// In how many words a feature stands.
    counts: Vec<u32>,
    weights: Grid,
    squares: Grid,
    steps: Grid,
    step_squares: Grid,
    step_sums: Grid,
    chain: Transitions,
    lattice: Lattice,
    scores: Grid,
    error: Vec<f32>,
    /// How many sentences there are to learn from.
    sentences: usize,
    pub(crate) pace: Pace,
}

impl Learner {
    /// One that knows nothing.
    pub(crate) fn new(tags: &TagSet, pace: Pace) -> Self {
        let (rows, stride) = (tags.len() + 1, tags.stride());
        let steps = Grid::new(rows, stride);
        Self {
            rows: Vec::new(),
            counts: Vec::new(),
            weights: Grid::new(1, stride),
            squares: Grid::new(1, stride),
            step_squares: steps.clone(),
            step_sums: steps.clone(),
            chain: Transitions::new(&steps, tags.len(), stride),
            steps,
            lattice: Lattice::default(),
            scores: Grid::default(),
            error: vec![0.0; stride],
            sentences: 0,
            pace,
        }
    }

    /// Makes room for tags and features that are new since the last time. `counts` tells in how many words each feature
    /// stands, in how many sentences.
    pub(crate) fn widen(&mut self, tags: &TagSet, counts: &[u32], sentences: usize) {
        let stride = tags.stride();
        for grid in [&mut self.weights, &mut self.squares, &mut self.steps, &mut self.step_squares, &mut self.step_sums]
        {
            grid.restride(stride);
        }
        for grid in [&mut self.steps, &mut self.step_squares, &mut self.step_sums] {
            grid.grow(tags.len() + 1);
        }
        self.error.resize(stride, 0.0);
        self.chain = Transitions::new(&self.steps, tags.len(), stride);
        self.sentences = sentences;
        self.rows.resize(counts.len(), 0);
        self.counts.clear();
        self.counts.extend_from_slice(counts);
        let mut next = self.weights.rows().len() as u32;
        for (row, _) in
            self.rows.iter_mut().zip(counts).filter(|(row, count)| **row == 0 && **count >= self.pace.cutoff)
        {
            *row = next;
            next += 1;
        }
        self.weights.grow(next as usize);
        self.squares.grow(next as usize);
    }

    fn score(&mut self, sentence: &Known) {
        self.scores.reset(sentence.ends.len(), self.error.len());
        for (word, features) in self.scores.rows_mut().zip(sentence.words()) {
            for row in features.iter().filter_map(|feature| self.rows.get(*feature as usize)).filter(|row| **row > 0) {
                word.iter_mut().zip(self.weights.row(*row as usize)).for_each(|(score, weight)| *score += weight);
            }
        }
    }

    /// Learns from one sentence.
    pub(crate) fn learn(&mut self, sentence: &Known) {
        self.score(sentence);
        self.lattice.run(&self.chain, &self.scores);
        for (at, (features, tag)) in sentence.words().zip(&sentence.tags).enumerate() {
            self.lattice.tags_at(at, &mut self.error);
            if let Some(right) = self.error.get_mut(usize::from(*tag)) {
                *right -= 1.0;
            }
            if self.error.iter().all(|error| error.abs() < self.pace.least) {
                continue;
            }
            for feature in features {
                let feature = *feature as usize;
                let (Some(row), Some(count)) = (self.rows.get(feature), self.counts.get(feature)) else { continue };
                if *row > 0 {
                    let (weights, squares) = (self.weights.row_mut(*row as usize), self.squares.row_mut(*row as usize));
                    move_row(weights, squares, &self.error, self.pace, *count);
                }
            }
        }
        self.learn_steps(sentence);
    }

    fn learn_steps(&mut self, sentence: &Known) {
        self.step_sums.numbers_mut().fill(0.0);
        self.lattice.add_steps(&self.chain, &mut self.step_sums);
        let mut before = 0;
        for tag in &sentence.tags {
            if let Some(right) = self.step_sums.row_mut(before).get_mut(usize::from(*tag)) {
                *right -= 1.0;
            }
            before = usize::from(*tag) + 1;
        }
        let rows = self.steps.rows_mut().zip(self.step_squares.rows_mut()).zip(self.step_sums.rows());
        for ((weights, squares), error) in rows {
            move_row(weights, squares, error, self.pace, self.sentences as u32);
        }
        self.chain.set(&self.steps);
    }

    /// The mentions it finds in a sentence, with their probability and whether they are right.
    pub(crate) fn outcomes(&mut self, sentence: &Known) -> Vec<Outcome> {
        self.score(sentence);
        self.lattice.run(&self.chain, &self.scores);
        let gold = chunks(&sentence.tags);
        let found = chunks(&self.chain.best(&self.scores));
        let outcome =
            |chunk| Outcome { probability: self.lattice.mention(&self.chain, &chunk), right: gold.contains(&chunk) };
        found.into_iter().map(outcome).collect()
    }

    /// What was learned; `index` tells the number of every feature. Features whose weights round to nothing are left out.
    pub(crate) fn model(&self, tags: &TagSet, index: &Index, calibration: Calibration) -> Model {
        let mut kept = Index::default();
        let mut weights = Grid::new(0, tags.stride());
        for (key, feature) in index {
            let row = self.rows.get(*feature as usize).map_or(&[][..], |row| self.weights.row(*row as usize));
            if row.iter().any(|weight| weight.abs() > self.pace.prune) {
                kept.insert(*key, weights.rows().len() as u32);
                weights.push(row);
            }
        }
        Model { tags: tags.clone(), index: kept, weights, steps: self.steps.clone(), calibration }
    }
}

/// Moves weights against their error. What pulls them to zero is shared among the words in which their feature stands.
fn move_row(weights: &mut [f32], squares: &mut [f32], error: &[f32], pace: Pace, count: u32) {
    let pull = pace.pull / count.max(1) as f32;
    for ((weight, square), error) in weights.iter_mut().zip(squares).zip(error) {
        let slope = error + pull * *weight;
        *square += slope * slope;
        *weight -= pace.rate * slope / (*square + pace.start).sqrt();
    }
}
