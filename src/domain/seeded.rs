//! Numbers that look random and are the same for the same seed.
//!
//! Owns the generator (SplitMix64, Steele, Lea and Flood 2014). It must not be used for secrets.

/// A generator.
#[derive(Clone, Debug)]
pub(crate) struct Seeded(u64);

impl Seeded {
    /// The generator of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // The bias of the remainder is beyond notice for counts of sentences.
        (self.next() % (end.max(1) as u64)) as usize
    }

    /// Whether something happens that does with this probability.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        ((self.next() >> 32) as f64) < probability * 4_294_967_296.0
    }

    /// A number from 0 up to, but not, 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number of the normal distribution with mean 0 and deviation 1 (Box and Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        // The logarithm of 0 is no number: its place is taken by 1.
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }

    /// Puts `items` into a random order (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seed: u64, expected: u64) {
        assert_eq!(Seeded::new(seed).next(), expected, "seed {seed}");
    }

    #[test]
    fn a_seed_has_its_order() {
        check(0, 0xe220_a839_7b1d_cdaf);
        check(1_234_567, 6_457_827_717_110_365_317);
        let mut a = [0; 50];
        let mut b = [0; 50];
        for items in [&mut a, &mut b] {
            items.iter_mut().enumerate().for_each(|(n, item)| *item = n);
            Seeded::new(7).shuffle(items);
        }
        assert_eq!(a, b);
        assert!(!a.is_sorted());
        let mut sorted = a;
        sorted.sort_unstable();
        assert!(sorted.iter().enumerate().all(|(n, item)| n == *item));
        assert_eq!(Seeded::new(1).below(0), 0);
    }

    #[test]
    fn normal_numbers_have_their_mean_and_deviation() {
        let mut random = Seeded::new(3);
        let numbers: Vec<f64> = (0..20_000).map(|_| random.normal()).collect();
        let mean = numbers.iter().sum::<f64>() / 20_000.0;
        let variance = numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
        let inside = numbers.iter().filter(|number| number.abs() < 1.0).count();
        assert!((inside as f64 / 20_000.0 - 0.6827).abs() < 0.01, "{inside}");
        assert!((0..1_000).map(|_| random.share()).all(|share| (0.0..1.0).contains(&share)));
    }
}
