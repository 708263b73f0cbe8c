//! Evidence: what speaks for a name being a mention here, and how sure that makes it.
//!
//! Owns the formula. It must not know where the counts come from.

use crate::domain::suggestion::Confidence;

/// For and against one label at one place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Evidence {
    /// How often the name has the label.
    pub(crate) times: u32,
    /// Whether it has it in this very article, which is not finished.
    pub(crate) is_here: bool,
    /// How often it has another label.
    pub(crate) otherwise: u32,
    /// How often it stands unlabelled in finished articles.
    pub(crate) open: u32,
    /// How often it stands there inside or across a mention that is not it.
    pub(crate) inside: u32,
    /// How often the label was rejected for it.
    pub(crate) rejected: u32,
    /// How often it was rejected between the very words around it here.
    pub(crate) rejected_here: u32,
    /// Its words.
    pub(crate) words: usize,
    /// The letters of its longest word.
    pub(crate) letters: usize,
    /// How often the word before it stood before it as a mention, and as none.
    pub(crate) before: [u32; 2],
    /// The same for the word after it.
    pub(crate) after: [u32; 2],
    /// Whether it stands here with a suffix.
    pub(crate) is_suffixed: bool,
}

impl Evidence {
    /// How likely it is a mention with this label here: a logistic model over the logarithms of the counts.
    ///
    /// The log odds are a sum: `0.69 ln(1 + 2 times) − 0.55 ln(1 + 2 open) − 0.25 ln(1 + 2 inside)`, so that odds grow with about the root of the counts, as the same
    /// name comes in bursts; half the logarithm of this label's share among the name's labels; what the words beside it say
    /// ([`beside`]); and constants for names of several words, short ones, suffixes, and a name labelled in this article. All were
    /// fitted by logistic regression on a corpus of news replayed in order, but for the rejections: these weigh more than found
    /// there, since a person who rejects means it.
    pub(crate) fn confidence(&self) -> Confidence {
        let grown = |count: u32| (1.0 + 2.0 * f64::from(count)).ln();
        let times = f64::from(self.times);
        let share = (times + 0.5) / (times + f64::from(self.otherwise) + 0.5);
        let rate = (times + 1.0) / (times + f64::from(self.otherwise + self.open + self.inside) + 2.0);
        let constants = [
            (true, -0.5),
            (self.is_here, 1.0),
            (self.words >= 2, 0.5),
            (self.words >= 3, -0.3),
            (self.letters <= 3, -0.2),
            (self.letters <= 1, -2.0),
            (self.is_suffixed, -3.9),
        ];
        let constants: f64 = constants.iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum();
        let log_odds = constants + 0.69 * grown(self.times) + 0.5 * share.ln()
            - 0.55 * grown(self.open)
            - 0.25 * grown(self.inside)
            - 0.25 * grown(self.rejected)
            - 0.8 * grown(self.rejected_here)
            + 1.28 * beside(self.before, rate)
            + 0.53 * beside(self.after, rate);
        Confidence::new(1.0 / (1.0 + (-log_odds).exp()))
    }
}

/// How much likelier a mention is beside a word than the name is by itself, as log odds: the counts with two more, shared out by the
/// name's rate, so that a word not met says nothing.
fn beside([mention, none]: [u32; 2], rate: f64) -> f64 {
    let odds = (f64::from(mention) + 2.0 * rate) / (f64::from(none) + 2.0 * (1.0 - rate));
    odds.ln() - (rate / (1.0 - rate)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of two kinds of evidence the first is surer.
    fn check(surer: impl FnOnce(&mut Evidence), less: impl FnOnce(&mut Evidence)) {
        let base = Evidence { times: 4, open: 1, words: 1, letters: 5, ..Evidence::default() };
        let (mut a, mut b) = (base, base);
        surer(&mut a);
        less(&mut b);
        assert!(a.confidence() > b.confidence(), "{a:?} {b:?}");
    }

    #[test]
    fn what_speaks_for_and_against() {
        let same = |_: &mut Evidence| {};
        check(|e| e.times = 9, same);
        check(|e| e.is_here = true, same);
        check(same, |e| e.otherwise = 1);
        check(same, |e| e.open = 2);
        check(same, |e| e.inside = 1);
        check(same, |e| e.rejected = 1);
        check(|e| e.rejected = 1, |e| (e.rejected, e.rejected_here) = (1, 1));
        check(same, |e| e.letters = 1);
        check(same, |e| e.is_suffixed = true);
        check(|e| e.before = [3, 0], same);
        check(same, |e| e.after = [0, 3]);
    }

    #[test]
    fn a_word_not_met_says_nothing() {
        assert!(beside([0, 0], 0.3).abs() < 1e-12);
    }
}
