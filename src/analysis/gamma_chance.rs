//! Continua drawn at random: what annotators who know nothing of the text would mark.
//!
//! Owns [`Chance`], the statistical sampler of pygamma-agreement 0.5.9: as many mentions, as long and as far apart as the annotators'
//! own, by normal distributions of their means and deviations, with labels in their proportions. (Mathet 2015 shifts the annotators' own
//! continua instead; with the few mentions of an article these meet each other too often.) It must not know how alignments are found.

use crate::analysis::gamma_alignment::Unit;
use crate::analysis::label_table::LabelNumber;
use crate::domain::seeded::Seeded;

/// A normal distribution.
#[derive(Clone, Copy, Debug, Default)]
struct Normal {
    mean: f64,
    deviation: f64,
}

impl Normal {
    /// The distribution with the mean and the deviation of these numbers.
    fn of(numbers: &[f64]) -> Self {
        let count = numbers.len().max(1) as f64;
        let mean = numbers.iter().sum::<f64>() / count;
        let variance = numbers.iter().map(|number| (number - mean) * (number - mean)).sum::<f64>() / count;
        Self { mean, deviation: variance.sqrt() }
    }

    fn draw(self, random: &mut Seeded) -> f64 {
        self.mean + self.deviation * random.normal()
    }
}

/// What is drawn from.
#[derive(Clone, Debug)]
pub(crate) struct Chance {
    annotators: usize,
    counts: Normal,
    gaps: Normal,
    lengths: Normal,
    /// The labels of all mentions: one drawn from here comes in its proportion.
    labels: Vec<LabelNumber>,
}

impl Chance {
    /// The chance that the annotators' own mentions make, each list in order of place and without empty ones.
    pub(crate) fn of(annotators: &[Vec<Unit>]) -> Self {
        // The sampler that is followed begins with a gap of 0, for continua with a single mention.
        let mut gaps = vec![0.0];
        for units in annotators {
            gaps.extend(units.first().map(|first| first.start).filter(|start| *start > 0.0));
            gaps.extend(units.iter().zip(units.iter().skip(1)).map(|(unit, next)| next.start - unit.end));
        }
        let counts: Vec<f64> = annotators.iter().map(|units| units.len() as f64).collect();
        let lengths: Vec<f64> = annotators.iter().flatten().map(|unit| unit.end - unit.start).collect();
        Self {
            annotators: annotators.len(),
            counts: Normal::of(&counts),
            gaps: Normal::of(&gaps),
            lengths: Normal::of(&lengths),
            labels: annotators.iter().flatten().map(|unit| unit.label).collect(),
        }
    }

    /// A continuum: the mentions of as many annotators, at least one mention in all.
    pub(crate) fn draw(&self, random: &mut Seeded) -> Vec<Unit> {
        let mut units = Vec::new();
        for annotator in 0..self.annotators {
            let least = usize::from(units.is_empty());
            let count = (self.counts.draw(random).abs().trunc() as usize).max(least);
            let mut at = 0.0;
            for _ in 0..count {
                let start = at + self.gaps.draw(random);
                let end = start + self.length(random);
                let Some(label) = self.labels.get(random.below(self.labels.len())).copied() else { return units };
                units.push(Unit { annotator, start, end, label });
                at = end;
            }
        }
        units
    }

    /// A length that is not nothing; the mean when none comes in a few attempts.
    fn length(&self, random: &mut Seeded) -> f64 {
        const SHORTEST: f64 = 1e-6;
        let drawn = (0..8).map(|_| self.lengths.draw(random).abs()).find(|length| *length > SHORTEST);
        drawn.unwrap_or(self.lengths.mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(annotator: usize, start: f64, end: f64, label: usize) -> Unit {
        Unit { annotator, start, end, label: LabelNumber::new(label) }
    }

    fn check(numbers: &[f64], mean: f64, deviation: f64) {
        let normal = Normal::of(numbers);
        assert_eq!((normal.mean, normal.deviation), (mean, deviation));
    }

    #[test]
    fn means_and_deviations_by_hand() {
        check(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0], 5.0, 2.0);
        check(&[3.0], 3.0, 0.0);
        check(&[], 0.0, 0.0);
    }

    #[test]
    fn what_is_drawn_is_like_what_it_was_drawn_from() {
        let own = [
            vec![unit(0, 2.0, 4.0, 0), unit(0, 9.0, 12.0, 1), unit(0, 20.0, 22.0, 0)],
            vec![unit(1, 2.0, 5.0, 0), unit(1, 20.0, 22.0, 0)],
        ];
        let chance = Chance::of(&own);
        let mut random = Seeded::new(4);
        let (mut count, mut length, mut first_label) = (0usize, 0.0, 0usize);
        for _ in 0..2_000 {
            let drawn = chance.draw(&mut random);
            assert!(!drawn.is_empty() && drawn.iter().all(|unit| unit.end > unit.start));
            count += drawn.len();
            length += drawn.iter().map(|unit| unit.end - unit.start).sum::<f64>();
            first_label += drawn.iter().filter(|unit| unit.label.index() == 0).count();
        }
        // Numbers of mentions are cut to whole ones: 2.5 ± 0.5 gives 2 on the whole.
        assert!((count as f64 / 4_000.0 - 2.0).abs() < 0.1, "{count}");
        assert!((length / count as f64 - 2.4).abs() < 0.05, "{length}");
        assert!((first_label as f64 / count as f64 - 0.8).abs() < 0.03, "{first_label}");
        assert_eq!(chance.draw(&mut Seeded::new(9)), chance.draw(&mut Seeded::new(9)));
    }
}
