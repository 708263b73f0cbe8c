//! γ: agreement on where mentions stand and what they are called, at once, against chance (Mathet, Widlöcher and Métivier 2015).
//!
//! Owns [`GammaSetting`], [`ArticleGamma`] and [`GammaSums`]. It must not know how the best alignment is found, nor how chance is drawn.

use crate::analysis::undefined::Value;

/// How chance is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaSetting {
    /// Where the random numbers begin.
    pub seed: u64,
    /// How many random continua are drawn at least.
    pub samples: usize,
    /// The relative error of the expected disorder that is wanted, 19 times of 20; as many continua more are drawn as that needs.
    pub precision: Option<f64>,
}

/// Between what the smallest disorder of any alignment lies; both are the same when the best alignment was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disorder {
    /// No alignment has less.
    pub at_least: f64,
    /// Some alignment has this.
    pub at_most: f64,
}

/// γ of one article, or of several taken together.
#[derive(Clone, Debug, PartialEq)]
pub struct Gamma {
    /// 1 − observed / expected disorder.
    pub gamma: Value,
    /// γ-cat (Mathet 2017): labels alone, over the pairs of mentions that the best alignment puts together.
    pub gamma_cat: Value,
    /// The same, a mention without partner counting as a wrong label, as pygamma-agreement does since 0.5.
    pub gamma_cat_with_unaligned: Value,
    /// The disorder of the best alignment.
    pub observed: Result<Disorder, crate::analysis::undefined::Undefined>,
    /// The mean disorder of the random continua.
    pub expected: Value,
    /// How many random continua were drawn.
    pub samples: usize,
}
