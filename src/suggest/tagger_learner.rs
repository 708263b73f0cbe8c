//! The learner: a linear-chain conditional random field whose weights move a little with every sentence.
//!
//! Owns one step of learning: the gradient of the log-likelihood by forward-backward, scaled for every weight by what it
//! has moved before (AdaGrad, Duchi et al. 2011), with a pull to zero. It must not know sentences as text, or when to stop.

use crate::domain::seeded::Seeded;
use crate::suggest::calibration::{Calibration, Outcome};
use crate::suggest::chain::{Grid, Lattice, Transitions};
use crate::suggest::tagger_model::{Index, Model};
use crate::suggest::tagger_reading::{Scored, read};
use crate::suggest::tags::{Chunk, TagSet, chunks};

/// A sentence as the learner sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// Which article it stands in.
    pub(crate) article: usize,
    /// What tells a word from others, for every word.
    pub(crate) words: Vec<u64>,
    /// The numbers of the features of all words.
    pub(crate) features: Vec<u32>,
    /// Where each word's features end.
    pub(crate) ends: Vec<u32>,
    /// The right tag of each word.
    pub(crate) tags: Vec<u16>,
}

impl Known {
    /// The features of every word.
    fn each_word(&self) -> impl Iterator<Item = &[u32]> {
        let mut from = 0;
        self.ends.iter().map(move |end| {
            let word = self.features.get(from..*end as usize).unwrap_or_default();
            from = *end as usize;
            word
        })
    }

    /// Becomes `sentence` without a random share of its features.
    fn thin(&mut self, sentence: &Self, random: &mut Seeded) {
        self.features.clear();
        self.ends.clear();
        self.tags.clone_from(&sentence.tags);
        for word in sentence.each_word() {
            self.features.extend(word.iter().filter(|_| !random.happens(DROPPED)));
            self.ends.push(self.features.len() as u32);
        }
    }
}

/// The length of the first step; each weight's steps get shorter the more it has moved.
const RATE: f32 = 0.2;
/// What keeps the first steps from being all of one length.
const START: f32 = 0.1;
/// How hard weights are pulled to zero.
const PULL: f32 = 0.2;
/// In how many words a feature must stand to have weights.
const LEAST_WORDS: u32 = 2;
/// A word of which every tag is known as well as this teaches nothing.
const LEAST_ERROR: f32 = 0.01;
/// The share of features that a word loses each time it is learned, so that names are known by more than one sign.
const DROPPED: f64 = 0.3;
/// What the weights count when nothing is lost: somewhat less, as there are more of them.
const SCALE: f32 = 0.9;
/// A feature whose weights are all smaller is left out of a model.
const LEAST_WEIGHT: f32 = 0.005;

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
    random: Seeded,
    /// The sentence that is learned, without the features that were lost.
    thinned: Known,
}

impl Learner {
    /// One that knows nothing. `random` decides what is lost.
    pub(crate) fn new(tags: &TagSet, random: Seeded) -> Self {
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
            random,
            thinned: Known::default(),
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
        for (row, _) in self.rows.iter_mut().zip(counts).filter(|(row, count)| **row == 0 && **count >= LEAST_WORDS) {
            *row = next;
            next += 1;
        }
        self.weights.grow(next as usize);
        self.squares.grow(next as usize);
    }

    /// The scores of a sentence, into `out`.
    fn score(&self, sentence: &Known, out: &mut Grid) {
        out.reset(sentence.ends.len(), self.error.len());
        for (word, features) in out.rows_mut().zip(sentence.each_word()) {
            for row in features.iter().filter_map(|feature| self.rows.get(*feature as usize)).filter(|row| **row > 0) {
                word.iter_mut().zip(self.weights.row(*row as usize)).for_each(|(score, weight)| *score += weight);
            }
        }
    }

    /// Learns from one sentence.
    pub(crate) fn learn(&mut self, sentence: &Known) {
        let (mut thinned, mut scores) = (std::mem::take(&mut self.thinned), std::mem::take(&mut self.scores));
        thinned.thin(sentence, &mut self.random);
        self.score(&thinned, &mut scores);
        self.lattice.run(&self.chain, &scores);
        for (at, (features, tag)) in thinned.each_word().zip(&thinned.tags).enumerate() {
            self.lattice.tags_at(at, &mut self.error);
            if let Some(right) = self.error.get_mut(usize::from(*tag)) {
                *right -= 1.0;
            }
            if self.error.iter().any(|error| error.abs() >= LEAST_ERROR) {
                self.learn_word(features);
            }
        }
        self.learn_steps(&thinned.tags);
        (self.thinned, self.scores) = (thinned, scores);
    }

    /// Moves the weights of a word's features against its error.
    fn learn_word(&mut self, features: &[u32]) {
        for feature in features {
            let feature = *feature as usize;
            let (Some(row), Some(count)) = (self.rows.get(feature), self.counts.get(feature)) else { continue };
            if *row > 0 {
                let row = *row as usize;
                move_row(self.weights.row_mut(row), self.squares.row_mut(row), &self.error, *count);
            }
        }
    }

    fn learn_steps(&mut self, tags: &[u16]) {
        self.step_sums.numbers_mut().fill(0.0);
        self.lattice.add_steps(&self.chain, &mut self.step_sums);
        let mut before = 0;
        for tag in tags {
            if let Some(right) = self.step_sums.row_mut(before).get_mut(usize::from(*tag)) {
                *right -= 1.0;
            }
            before = usize::from(*tag) + 1;
        }
        let rows = self.steps.rows_mut().zip(self.step_squares.rows_mut()).zip(self.step_sums.rows());
        for ((weights, squares), error) in rows {
            move_row(weights, squares, error, self.sentences as u32);
        }
        self.chain.set(&self.steps);
    }

    /// The mentions it finds in sentences of one article, with their probability and whether they are right.
    pub(crate) fn outcomes(&self, article: &[Known]) -> Vec<Outcome> {
        let scored = |sentence: &Known| {
            let mut scored = Scored { words: sentence.words.clone(), ..Scored::default() };
            self.score(sentence, &mut scored.scores);
            scored.scores.numbers_mut().iter_mut().for_each(|score| *score *= SCALE);
            scored
        };
        let found = read(&self.chain, article.iter().map(scored).collect());
        let outcomes = |(sentence, found): (&Known, Vec<(Chunk, f64)>)| {
            let gold = chunks(&sentence.tags);
            found.into_iter().map(move |(chunk, probability)| Outcome { probability, right: gold.contains(&chunk) })
        };
        article.iter().zip(found).flat_map(outcomes).collect()
    }

    /// What was learned; `index` tells the number of every feature. Features whose weights round to nothing are left out.
    pub(crate) fn model(&self, tags: &TagSet, index: &Index, calibration: Calibration) -> Model {
        let mut kept = Index::default();
        let mut weights = Grid::new(0, tags.stride());
        for (key, feature) in index {
            let row = self.rows.get(*feature as usize).map_or(&[][..], |row| self.weights.row(*row as usize));
            if row.iter().any(|weight| weight.abs() > LEAST_WEIGHT) {
                kept.insert(*key, weights.rows().len() as u32);
                weights.push(row.iter().map(|weight| weight * SCALE));
            }
        }
        Model { tags: tags.clone(), index: kept, weights, steps: self.steps.clone(), calibration }
    }
}

/// Moves weights against their error. What pulls them to zero is shared among the words in which their feature stands.
fn move_row(weights: &mut [f32], squares: &mut [f32], error: &[f32], count: u32) {
    let pull = PULL / count.max(1) as f32;
    for ((weight, square), error) in weights.iter_mut().zip(squares).zip(error) {
        let slope = error + pull * *weight;
        *square += slope * slope;
        *weight -= RATE * slope / (*square + START).sqrt();
    }
}
