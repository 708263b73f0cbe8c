//! Calibration: from what an engine thinks of itself to how often it is right.
//!
//! Owns the curve and its fit to decisions whose outcome is known. It must not know what was decided.

/// A line on the log-odds (Platt 1999): `p' = 1 / (1 + exp(-(slope · ln(p / (1 - p)) + shift)))`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Calibration {
    /// Below 1 where the engine is too sure of itself.
    pub(crate) slope: f64,
    /// Above 0 where it is right more often than it thinks.
    pub(crate) shift: f64,
}

impl Default for Calibration {
    /// The probabilities as they are.
    fn default() -> Self {
        Self { slope: 1.0, shift: 0.0 }
    }
}

/// How probable an engine thought a decision, and whether it was right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// From 0 to 1.
    pub(crate) probability: f64,
    /// Whether it was right.
    pub(crate) right: bool,
}

/// How many decisions the prior (the probabilities as they are) weighs in a fit.
const PRIOR_DECISIONS: f64 = 10.0;

impl Calibration {
    /// The curve that fits these outcomes best; with few of them it stays near the probabilities as they are.
    pub(crate) fn fit(outcomes: &[Outcome]) -> Self {
        let mut curve = Self::default();
        // Newton's method on a convex loss: it stands still after a few steps.
        for _ in 0..20 {
            let (step_slope, step_shift) = curve.newton_step(outcomes);
            curve.slope = (curve.slope - step_slope).clamp(0.05, 5.0);
            curve.shift = (curve.shift - step_shift).clamp(-5.0, 5.0);
        }
        curve
    }

    fn newton_step(self, outcomes: &[Outcome]) -> (f64, f64) {
        let (mut slope, mut shift) = (PRIOR_DECISIONS * (self.slope - 1.0), PRIOR_DECISIONS * self.shift);
        let (mut slopes, mut mixed, mut shifts) = (PRIOR_DECISIONS, 0.0, PRIOR_DECISIONS);
        for outcome in outcomes {
            let odds = log_odds(outcome.probability);
            let p = self.apply(outcome.probability);
            let error = p - f64::from(u8::from(outcome.right));
            let weight = p * (1.0 - p);
            slope += error * odds;
            shift += error;
            slopes += weight * odds * odds;
            mixed += weight * odds;
            shifts += weight;
        }
        let determinant = slopes * shifts - mixed * mixed;
        if determinant <= f64::EPSILON {
            return (0.0, 0.0);
        }
        ((slope * shifts - shift * mixed) / determinant, (shift * slopes - slope * mixed) / determinant)
    }

    /// The calibrated probability.
    pub(crate) fn apply(self, probability: f64) -> f64 {
        1.0 / (1.0 + (-(self.slope * log_odds(probability) + self.shift)).exp())
    }
}

/// `ln(p / (1 - p))`, held finite.
fn log_odds(p: f64) -> f64 {
    let p = p.clamp(1e-4, 1.0 - 1e-4);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of ten decisions thought `probability`, `right` are right: what the curve makes of it.
    fn check(probability: f64, right: usize, expected: f64) {
        let decisions: Vec<Outcome> = (0..1_000).map(|n| Outcome { probability, right: n % 10 < right }).collect();
        let found = Calibration::fit(&decisions).apply(probability);
        assert!((found - expected).abs() < 0.02, "{probability} with {right} of 10 right: {found}");
    }

    #[test]
    fn decisions_get_the_share_that_is_right() {
        check(0.9, 6, 0.6);
        check(0.3, 5, 0.5);
        check(0.8, 8, 0.8);
        check(0.95, 10, 0.99);
        check(0.5, 0, 0.04);
    }

    #[test]
    fn without_decisions_it_stays_as_it_is() {
        assert_eq!(Calibration::fit(&[]), Calibration::default());
        let one = Calibration::fit(&[Outcome { probability: 0.9, right: false }]);
        assert!(one.apply(0.9) > 0.7, "one decision moves little");
    }

    #[test]
    fn the_order_stays() {
        let decisions: Vec<Outcome> =
            (0..400).map(|n| Outcome { probability: f64::from(n) / 400.0, right: n % 3 == 0 }).collect();
        let curve = Calibration::fit(&decisions);
        let applied: Vec<f64> = (0..=100).map(|n| curve.apply(f64::from(n) / 100.0)).collect();
        assert!(applied.is_sorted());
    }
}
