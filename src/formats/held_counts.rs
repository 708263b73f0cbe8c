//! Counting what one side of an exchange does not hold, so that it is said once with its number.
//!
//! Owns [`HeldCounts`]. It must not know any format.

use crate::formats::foreign::{Foreign, Held};
use crate::formats::problem::{Place, Problem};

/// How often each kind of thing was met, in the order in which they came.
///
/// ```
/// use barchasb::formats::foreign::Held;
/// use barchasb::formats::held_counts::HeldCounts;
/// use barchasb::formats::problem::Place;
/// let mut counts = HeldCounts::default();
/// counts.add(Held::Relation, 2);
/// counts.add(Held::Relation, 1);
/// let mut problems = Vec::new();
/// counts.say_not_taken(Place::default(), &mut problems);
/// assert_eq!(problems[0].to_string(), "relations (3) were not taken");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldCounts {
    counts: Vec<(Held, u64)>,
}

impl HeldCounts {
    /// Counts `count` more of a kind.
    pub fn add(&mut self, what: Held, count: u64) {
        match self.counts.iter_mut().find(|(other, _)| *other == what) {
            Some((_, sum)) => *sum += count,
            None if count > 0 => self.counts.push((what, count)),
            None => {}
        }
    }

    /// Says that they were neither taken nor kept.
    pub fn say_not_taken(&self, place: Place, problems: &mut Vec<Problem>) {
        self.say(place, problems, |what, count| Foreign::NotTaken { what, count });
    }

    /// Says that they are kept aside.
    pub fn say_carried(&self, place: Place, problems: &mut Vec<Problem>) {
        self.say(place, problems, |what, count| Foreign::Carried { what, count });
    }

    /// Says that what was kept aside speaks of mentions that are gone.
    pub fn say_lost(&self, place: Place, problems: &mut Vec<Problem>) {
        self.say(place, problems, |what, count| Foreign::CarriedLost { what, count });
    }

    /// Says that a written file cannot hold them.
    pub fn say_not_held(&self, place: Place, problems: &mut Vec<Problem>) {
        self.say(place, problems, |what, count| Foreign::NotHeld { what, count });
    }

    fn say(&self, place: Place, problems: &mut Vec<Problem>, finding: fn(Held, u64) -> Foreign) {
        problems.extend(self.counts.iter().map(|(what, count)| Problem::foreign(place, finding(*what, *count))));
    }
}
