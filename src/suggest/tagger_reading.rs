//! Reading: how the scores of an article's words become mentions.
//!
//! Owns the two readings of an article. The first takes every sentence by itself. The second takes in what the first made of
//! the same word elsewhere in the article: a name is mostly the same thing all through an article, and one sentence tells
//! more of it than another. It must not know features or weights.

use crate::suggest::chain::{Grid, Lattice, Transitions};
use crate::suggest::tags::{Chunk, chunks};
use std::collections::HashMap;

/// How far the scores of a word follow its other places, for each of them.
const ECHO: f32 = 1.0;
/// How many other places count at most.
const ECHOES: f32 = 3.0;

/// One sentence to be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scored {
    /// What tells a word from others, for every word.
    pub(crate) words: Vec<u64>,
    /// The score of every tag at every word.
    pub(crate) scores: Grid,
}

/// What is known of one word all through the article.
#[derive(Clone, Debug, Default)]
struct Places {
    count: f32,
    /// The probabilities of the tags, summed over all places.
    sums: Vec<f32>,
}

/// The mentions in the sentences of one article, each with its probability.
pub(crate) fn read(chain: &Transitions, mut sentences: Vec<Scored>) -> Vec<Vec<(Chunk, f64)>> {
    let mut lattice = Lattice::default();
    let first: Vec<Grid> = sentences.iter().map(|sentence| first_reading(chain, sentence, &mut lattice)).collect();
    let mut places: HashMap<u64, Places> = HashMap::new();
    for (word, tags) in words_of(&sentences).zip(first.iter().flat_map(Grid::rows)) {
        let place = places.entry(word).or_default();
        place.count += 1.0;
        place.sums.resize(tags.len(), 0.0);
        place.sums.iter_mut().zip(tags).for_each(|(sum, tag)| *sum += tag);
    }
    for (sentence, first) in sentences.iter_mut().zip(&first) {
        for ((word, own), scores) in sentence.words.iter().zip(first.rows()).zip(sentence.scores.rows_mut()) {
            if let Some(place) = places.get(word).filter(|place| place.count > 1.0) {
                place.echo(own, scores);
            }
        }
    }
    sentences.iter().map(|sentence| mentions(chain, sentence, &mut lattice)).collect()
}

fn words_of(sentences: &[Scored]) -> impl Iterator<Item = u64> {
    sentences.iter().flat_map(|sentence| sentence.words.iter().copied())
}

/// The probability of every label at every word, at its beginning as at its inside.
fn first_reading(chain: &Transitions, sentence: &Scored, lattice: &mut Lattice) -> Grid {
    lattice.run(chain, &sentence.scores);
    let mut tags = sentence.scores.clone();
    for (word, row) in tags.rows_mut().enumerate() {
        lattice.tags_at(word, row);
        let (pairs, _) = row.get_mut(1..).unwrap_or_default().as_chunks_mut::<2>();
        pairs.iter_mut().for_each(|[begin, inside]| (*begin, *inside) = (*begin + *inside, *begin + *inside));
    }
    tags
}

impl Places {
    /// Adds what the other places say to the scores of the place that says `own`.
    fn echo(&self, own: &[f32], scores: &mut [f32]) {
        let others = self.count - 1.0;
        let weight = ECHO * others.min(ECHOES) / others;
        let rows = scores.iter_mut().zip(&self.sums).zip(own);
        rows.for_each(|((score, sum), own)| *score += weight * (sum - own));
    }
}

fn mentions(chain: &Transitions, sentence: &Scored, lattice: &mut Lattice) -> Vec<(Chunk, f64)> {
    let found = chunks(&chain.best(&sentence.scores));
    if !found.is_empty() {
        lattice.run(chain, &sentence.scores);
    }
    found
        .into_iter()
        .map(|chunk| {
            let probability = lattice.mention(chain, &chunk);
            (chunk, probability)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sentence of words whose beginning of a mention scores so much over being outside.
    fn sentence(words: &[(u64, f32)]) -> Scored {
        let mut scores = Grid::new(words.len(), 8);
        for (row, (_, score)) in scores.rows_mut().zip(words) {
            row[1] = *score;
        }
        Scored { words: words.iter().map(|(word, _)| *word).collect(), scores }
    }

    fn check(article: &[&[(u64, f32)]], expected: &[usize]) {
        let chain = Transitions::new(&Grid::new(4, 8), 3, 8);
        let found = read(&chain, article.iter().map(|words| sentence(words)).collect());
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), expected);
        assert!(found.iter().flatten().all(|(_, probability)| (0.0..=1.0).contains(probability)));
    }

    #[test]
    fn a_word_follows_its_other_places() {
        check(&[&[(1, -0.5)]], &[0]);
        check(&[&[(1, -0.5)], &[(1, 6.0)]], &[1, 1]);
        check(&[&[(1, -0.5)], &[(2, 6.0)]], &[0, 1]);
        check(&[&[(1, 0.2), (2, 0.2)], &[(1, -6.0)], &[(1, -6.0)]], &[1, 0, 0]);
        check(&[&[], &[]], &[0, 0]);
        check(&[], &[]);
    }
}
