//! What is found for every article of a run, said once with its sum instead of once for each.
//!
//! Owns [`ProblemFold`]: which findings are the same but for their count and place. It must not judge what matters, and leaves out nothing
//! of which there are few or which differ in what they say.

use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::problem::{Place, Problem};

/// A finding without its count: what has to be the same for two to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Carried(Held),
    NotTaken(Held),
    NotHeld(Held),
    CarriedLost(Held),
    MentionsNotHeld,
    UnknownTags,
    /// That the text was rebuilt, which has no count: how many articles it was said of is not told.
    Rebuilt,
}

impl Kind {
    /// The kind and count of a finding; `None` when it stands for itself.
    fn of(finding: &Finding) -> Option<(Self, u64)> {
        let Finding::Foreign(foreign) = finding else { return None };
        Some(match foreign {
            Foreign::Carried { what, count } => (Self::Carried(*what), *count),
            Foreign::NotTaken { what, count } => (Self::NotTaken(*what), *count),
            Foreign::NotHeld { what, count } => (Self::NotHeld(*what), *count),
            Foreign::CarriedLost { what, count } => (Self::CarriedLost(*what), *count),
            Foreign::MentionsNotHeld { count } => (Self::MentionsNotHeld, *count),
            Foreign::UnknownTags { count } => (Self::UnknownTags, *count),
            Foreign::Rebuilt => (Self::Rebuilt, 1),
            _ => return None,
        })
    }

    fn finding(&self, count: u64) -> Finding {
        Finding::Foreign(match self {
            Self::Carried(what) => Foreign::Carried { what: *what, count },
            Self::NotTaken(what) => Foreign::NotTaken { what: *what, count },
            Self::NotHeld(what) => Foreign::NotHeld { what: *what, count },
            Self::CarriedLost(what) => Foreign::CarriedLost { what: *what, count },
            Self::MentionsNotHeld => Foreign::MentionsNotHeld { count },
            Self::UnknownTags => Foreign::UnknownTags { count },
            Self::Rebuilt => Foreign::Rebuilt,
        })
    }
}

/// A sum over the run.
#[derive(Clone, Debug)]
struct Sum {
    kind: Kind,
    count: u64,
    /// Where it was said first, and whether it was said again.
    first: Problem,
    is_again: bool,
}

/// Gathers the findings of a whole run that are counted, and lets all others through. Memory does not grow with the number of articles.
///
/// ```
/// use barchasb::formats::foreign::{Foreign, Held};
/// use barchasb::formats::problem::{Place, Problem};
/// use barchasb::formats::problem_fold::ProblemFold;
/// let lost = |record| {
///     let place = Place { record: Some(record), ..Place::default() };
///     Problem::foreign(place, Foreign::NotHeld { what: Held::Annotator, count: 1 })
/// };
/// let mut fold = ProblemFold::default();
/// let mut problems = vec![lost(1), lost(2), lost(3)];
/// fold.take_in(&mut problems, 0);
/// assert!(problems.is_empty());
/// let said: Vec<String> = fold.finish().iter().map(ToString::to_string).collect();
/// assert_eq!(said, ["names of annotators (3) cannot be held in this format and were left out"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ProblemFold {
    sums: Vec<Sum>,
}

impl ProblemFold {
    /// Takes the counted findings out of `problems` from the one at `from` on; the others stay in their order.
    pub fn take_in(&mut self, problems: &mut Vec<Problem>, from: usize) {
        let new = problems.split_off(from.min(problems.len()));
        problems.extend(new.into_iter().filter_map(|problem| self.add(problem)));
    }

    /// Adds a finding; gives it back when it is none that is counted.
    #[must_use]
    pub fn add(&mut self, problem: Problem) -> Option<Problem> {
        let Some((kind, count)) = Kind::of(&problem.finding) else { return Some(problem) };
        match self.sums.iter_mut().find(|sum| sum.kind == kind) {
            Some(sum) => {
                sum.count = sum.count.saturating_add(count);
                sum.is_again = true;
            }
            None => self.sums.push(Sum { kind, count, first: problem, is_again: false }),
        }
        None
    }

    /// Does `work` with a listener that gathers: `said` hears at once what stands for itself, and the sums at the end.
    ///
    /// ```
    /// use barchasb::formats::foreign::Foreign;
    /// use barchasb::formats::problem::{Place, Problem};
    /// use barchasb::formats::problem_fold::ProblemFold;
    /// let mut heard = 0;
    /// let rebuilt = Problem::foreign(Place::default(), Foreign::Rebuilt);
    /// ProblemFold::over(&mut |_| heard += 1, |said| (0..9).for_each(|_| said(&rebuilt)));
    /// assert_eq!(heard, 1);
    /// ```
    pub fn over<T>(said: &mut dyn FnMut(&Problem), work: impl FnOnce(&mut dyn FnMut(&Problem)) -> T) -> T {
        let mut fold = Self::default();
        let outcome = work(&mut |problem| {
            if let Some(problem) = fold.add(problem.clone()) {
                said(&problem);
            }
        });
        fold.finish().iter().for_each(said);
        outcome
    }

    /// The sums in the order in which they were first met; what was said once keeps its place and file. The fold is empty afterwards.
    #[must_use]
    pub fn finish(&mut self) -> Vec<Problem> {
        let said = |sum: Sum| {
            if sum.is_again { Problem::new(Place::default(), sum.kind.finding(sum.count)) } else { sum.first }
        };
        std::mem::take(&mut self.sums).into_iter().map(said).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(problems: &[(u64, Foreign)], stay: &[&str], sums: &[&str]) {
        let at = |(record, finding): &(u64, Foreign)| {
            let place = Place { record: Some(*record), ..Place::default() };
            Problem::foreign(place, finding.clone()).in_file("a")
        };
        let (mut fold, mut all) = (ProblemFold::default(), vec![at(&(9, Foreign::NoLabelNames))]);
        for problem in problems {
            let from = all.len();
            all.push(at(problem));
            fold.take_in(&mut all, from);
        }
        let said = |problems: &[Problem]| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(said(&all[1..]), stay);
        assert_eq!(said(&fold.finish()), sums);
        assert!(fold.finish().is_empty());
    }

    #[test]
    fn what_is_counted_becomes_a_sum_and_all_else_stays() {
        let lost = |what, count| Foreign::NotHeld { what, count };
        let kept = |what, count| Foreign::Carried { what, count };
        check(&[], &[], &[]);
        check(
            &[
                (1, lost(Held::Meta, 1)),
                (1, Foreign::CutOff),
                (2, kept(Held::Meta, 2)),
                (2, lost(Held::Meta, 3)),
                (3, Foreign::CutOff),
            ],
            &[
                "a: record 1: the file ends before it should; it may have been cut off",
                "a: record 3: the file ends before it should; it may have been cut off",
            ],
            &[
                "metadata of articles (4) cannot be held in this format and were left out",
                "a: record 2: metadata of articles (2) are kept aside with the article and written back to this format alone",
            ],
        );
        check(&[(1, Foreign::Rebuilt), (2, Foreign::Rebuilt)], &[], &[&Foreign::Rebuilt.to_string()]);
        check(
            &[(1, lost(Held::Name, u64::MAX)), (2, lost(Held::Name, 1))],
            &[],
            &[&lost(Held::Name, u64::MAX).to_string()],
        );
    }
}
