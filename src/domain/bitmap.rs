//! A bitmap that counts: how many bits are set before a place (rank), and where the k-th set bit stands (select).
//!
//! Owns the counting only. It must not know what the bits mean.

/// Words between two checkpoints: 512 bits, so the checkpoints add one sixteenth to the bitmap.
const WORDS_PER_CHECKPOINT: usize = 8;
const BITS: usize = u64::BITS as usize;
/// The lowest bit of each of eight bytes.
const LOW: u64 = 0x0101_0101_0101_0101;

/// A fixed row of bits with checkpoints of the running count.
///
/// ```
/// use barchasb::domain::bitmap::Bitmap;
/// let mut bits = Bitmap::builder(5);
/// bits.set(1);
/// bits.set(4);
/// let bits = bits.build();
/// assert_eq!((bits.count(), bits.rank(4), bits.select(1)), (2, 1, Some(4)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Bitmap {
    words: Vec<u64>,
    /// The number of set bits before every eighth word.
    checkpoints: Vec<u32>,
    count: usize,
    len: usize,
}

/// A bitmap whose bits are still being set; the counts come with [`BitmapBuilder::build`].
#[derive(Clone, Debug)]
pub struct BitmapBuilder {
    words: Vec<u64>,
    len: usize,
}

impl BitmapBuilder {
    /// Sets the bit at `at`; beyond the length nothing happens.
    pub fn set(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / BITS) {
            *word |= 1 << (at % BITS);
        }
    }

    /// Clears the bit at `at`; beyond the length nothing happens.
    pub fn clear(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / BITS) {
            *word &= !(1 << (at % BITS));
        }
    }

    /// The bitmap, its length cut to `len` bits, those beyond dropped, and its memory to what that needs.
    #[must_use]
    pub fn build_with_len(mut self, len: usize) -> Bitmap {
        self.len = self.len.min(len);
        self.words.truncate(self.len.div_ceil(BITS));
        if let Some(last) = self.words.last_mut().filter(|_| !self.len.is_multiple_of(BITS)) {
            *last &= (1 << (self.len % BITS)) - 1;
        }
        self.words.shrink_to_fit();
        self.build()
    }

    /// The bitmap with its checkpoints.
    #[must_use]
    pub fn build(self) -> Bitmap {
        let mut count = 0;
        let mut checkpoints = Vec::with_capacity(self.words.len().div_ceil(WORDS_PER_CHECKPOINT));
        for block in self.words.chunks(WORDS_PER_CHECKPOINT) {
            checkpoints.push(count);
            count += block.iter().map(|word| word.count_ones()).sum::<u32>();
        }
        Bitmap { words: self.words, checkpoints, count: count as usize, len: self.len }
    }
}

impl Bitmap {
    /// A builder of `len` bits, none of them set.
    #[must_use]
    pub fn builder(len: usize) -> BitmapBuilder {
        BitmapBuilder { words: vec![0; len.div_ceil(BITS)], len }
    }

    /// A builder of `len` bits, all of them set, to be cut by [`BitmapBuilder::build_with_len`].
    #[must_use]
    pub fn filled(len: usize) -> BitmapBuilder {
        BitmapBuilder { words: vec![u64::MAX; len.div_ceil(BITS)], len }
    }

    /// A bit for every byte of a text: whether a code point begins there.
    ///
    /// ```
    /// use barchasb::domain::bitmap::Bitmap;
    /// let bits = Bitmap::of_code_points("aب");
    /// assert_eq!((bits.len(), bits.count(), bits.select(1)), (3, 2, Some(1)));
    /// ```
    #[must_use]
    pub fn of_code_points(text: &str) -> Bitmap {
        let word = |stretch: &[u8]| {
            let eights = stretch.chunks(8).enumerate();
            eights.fold(0, |word, (at, eight)| word | u64::from(begins_of_eight(eight)) << (8 * at))
        };
        let words = text.as_bytes().chunks(BITS).map(word).collect();
        BitmapBuilder { words, len: text.len() }.build()
    }

    /// How many bits there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no bit at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many bits are set.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether the bit at `at` is set; `false` beyond the end.
    #[must_use]
    pub fn contains(&self, at: usize) -> bool {
        self.words.get(at / BITS).is_some_and(|word| word >> (at % BITS) & 1 == 1)
    }

    /// How many bits are set before `at`, in constant time; all of them for a place beyond the end.
    #[must_use]
    pub fn rank(&self, at: usize) -> usize {
        if at >= self.len {
            return self.count;
        }
        let word = at / BITS;
        let block = word / WORDS_PER_CHECKPOINT;
        let whole = self.words.get(block * WORDS_PER_CHECKPOINT..word).unwrap_or_default();
        let part = self.words.get(word).map_or(0, |w| (w & ((1 << (at % BITS)) - 1)).count_ones());
        let before = self.checkpoints.get(block).copied().unwrap_or(0);
        (before + whole.iter().map(|w| w.count_ones()).sum::<u32>() + part) as usize
    }

    /// Where the set bit number `k` (from 0) stands, by binary search over the checkpoints; `None` when fewer are set.
    #[must_use]
    pub fn select(&self, k: usize) -> Option<usize> {
        if k >= self.count {
            return None;
        }
        let block = self.checkpoints.partition_point(|before| *before as usize <= k).checked_sub(1)?;
        let mut left = k - *self.checkpoints.get(block)? as usize;
        let first = block * WORDS_PER_CHECKPOINT;
        for (number, word) in self.words.iter().enumerate().skip(first).take(WORDS_PER_CHECKPOINT) {
            let ones = word.count_ones() as usize;
            if left < ones {
                return Some(number * BITS + select_in_word(*word, left));
            }
            left -= ones;
        }
        None
    }

    /// The memory it takes, in bytes.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.words.capacity() * size_of::<u64>() + self.checkpoints.capacity() * size_of::<u32>()
    }
}

/// Where the set bit number `k` (from 0) of a word stands, which has more than `k`.
fn select_in_word(word: u64, k: usize) -> usize {
    // The bits of every byte are counted side by side, in pairs, fours and eights.
    let pairs = word - (word >> 1 & 0x5555_5555_5555_5555);
    let fours = (pairs & 0x3333_3333_3333_3333) + (pairs >> 2 & 0x3333_3333_3333_3333);
    let (byte, left) = find_counted((fours + (fours >> 4)) & 0x0F0F_0F0F_0F0F_0F0F, k as u64);
    // Then the bits of one byte are looked at as eight bytes of one bit: bit `i` of a byte goes into byte `i`, and from there to its end.
    let spread = (word >> (8 * byte) & 0xFF).wrapping_mul(LOW) & 0x8040_2010_0804_0201;
    let (bit, _) = find_counted(((spread + 0x7F * LOW) >> 7) & LOW, left);
    8 * byte + bit
}

/// The first of eight bytes with which more than `k` are counted, and what of `k` is left for it.
fn find_counted(counts: u64, k: u64) -> (usize, u64) {
    let up_to = counts.wrapping_mul(LOW);
    // The highest bit of a byte stays where it has more than `k`.
    let more = ((up_to | (0x80 * LOW)) - (k + 1) * LOW) & (0x80 * LOW);
    let byte = more.trailing_zeros() / 8;
    let before = (up_to << 8) >> (8 * byte) & 0xFF;
    (byte as usize, k - before)
}

/// A bit for each of up to eight bytes of UTF-8: whether it begins a code point, which a byte does that is not `10……`.
fn begins_of_eight(bytes: &[u8]) -> u8 {
    // Brings the lowest bits of eight bytes together in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let Ok(eight) = <[u8; 8]>::try_from(bytes) else {
        return bytes.iter().enumerate().fold(0, |bits, (at, byte)| bits | u8::from(byte & 0xC0 != 0x80) << at);
    };
    let eight = u64::from_le_bytes(eight);
    let begins = !(eight >> 7) | eight >> 6;
    ((begins & LOW).wrapping_mul(GATHER) >> 56) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bits: &[bool]) {
        let mut builder = Bitmap::builder(bits.len());
        for (at, _) in bits.iter().enumerate().filter(|(_, set)| **set) {
            builder.set(at);
        }
        let map = builder.build();
        let places: Vec<usize> = (0..bits.len()).filter(|at| bits[*at]).collect();
        assert_eq!(map.count(), places.len());
        for at in 0..bits.len() + 2 {
            assert_eq!(map.rank(at), places.iter().filter(|p| **p < at).count(), "rank {at}");
            assert_eq!(map.contains(at), places.contains(&at), "contains {at}");
        }
        for k in 0..=places.len() {
            assert_eq!(map.select(k), places.get(k).copied(), "select {k}");
        }
    }

    #[test]
    fn edges_of_words_and_checkpoints() {
        check(&[]);
        for len in [1, 63, 64, 65, 511, 512, 513, 1025] {
            check(&vec![true; len]);
            check(&vec![false; len]);
            check(&(0..len).map(|at| at % 64 == 63 || at % 512 == 0).collect::<Vec<_>>());
        }
    }

    proptest! {
        #[test]
        fn counts_like_a_plain_list(bits in proptest::collection::vec(any::<bool>(), 0..1500)) {
            check(&bits);
        }
    }
}
