//! The features of a word in its sentence: what the tagger sees.
//!
//! Owns how words become numbers. A feature is the hash of its template and of what stands there: no text is kept, and
//! none is built for a feature. It must not know labels or weights.

use crate::domain::fold::{Zwnj, folded_with};
use crate::suggest::tagger_cues::classes;

/// What is known of words from outside: lists of names, a dictionary.
///
/// It must not be made from the same mentions that the tagger learns from: the tagger would learn to rely on it alone.
pub trait Gazette: Send + Sync {
    /// Sixteen flags for every word of a sentence, in order; a flag means what the gazette wants it to mean, as long as it
    /// means the same each time. Words beyond the end of the list have none.
    fn flags(&self, words: &[&str]) -> Vec<u16>;
}

/// A gazette that knows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoGazette;

impl Gazette for NoGazette {
    fn flags(&self, _words: &[&str]) -> Vec<u16> {
        Vec::new()
    }
}

/// The longest prefix and suffix that is a feature, in characters.
const AFFIX: usize = 4;

/// What one word is, for the features of all words near it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// The folded word without ZWNJ and spaces.
    word: u64,
    /// The word up to its first ZWNJ or without a common ending.
    stem: u64,
    prefixes: [u64; AFFIX],
    suffixes: [u64; AFFIX],
    shape: u64,
    cues: u32,
    flags: u16,
}

/// The hash of a folded word; its spaces (which were ZWNJ) do not count.
pub(crate) fn hash_of_word(word: &str) -> u64 {
    word.chars().filter(|c| *c != ' ').fold(0, step)
}

/// One step of the hash: the multiplier of `FxHash`.
fn step(hash: u64, c: char) -> u64 {
    mix(hash, u64::from(u32::from(c)))
}

fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95)
}

impl Form {
    /// A word as it stands in the text.
    fn new(word: &str, flags: u16) -> Self {
        let folded = folded_with(word, Zwnj::Space);
        let mut form = Self { word: hash_of_word(&folded), flags, ..Self::default() };
        form.cues = classes(form.word);
        form.stem = stem(&folded);
        form.shape = shape(&folded);
        let mut hash = 0;
        for (prefix, c) in form.prefixes.iter_mut().zip(folded.chars()) {
            hash = step(hash, c);
            *prefix = hash;
        }
        hash = 0;
        for (suffix, c) in form.suffixes.iter_mut().zip(folded.chars().rev()) {
            hash = step(hash, c);
            *suffix = hash;
        }
        form
    }

    /// What stands before the first word and after the last.
    fn edge(place: u64) -> Self {
        Self { word: mix(u64::MAX, place), shape: mix(u64::MAX, place), ..Self::default() }
    }
}

/// Endings that a name takes and loses: the plural and the ی of an adjective or of one among many.
const ENDINGS: [&str; 4] = ["هایی", "های", "ها", "ی"];

/// The hash of the word without what a ZWNJ or a common ending adds to it.
fn stem(folded: &str) -> u64 {
    let first = folded.split(' ').find(|part| !part.is_empty()).unwrap_or(folded);
    let cut = |ending: &str| first.strip_suffix(ending).filter(|rest| rest.chars().nth(2).is_some());
    hash_of_word(ENDINGS.iter().find_map(|ending| cut(ending)).unwrap_or(first))
}

/// The hash of the kinds of its characters, runs of letters as one, digits counted up to four.
fn shape(folded: &str) -> u64 {
    let (mut hash, mut last, mut run) = (0, '\0', 0);
    for c in folded.chars() {
        let kind = match c {
            '0'..='9' => '0',
            'a'..='z' => 'a',
            ' ' => ' ',
            c if c.is_alphabetic() => 'ا',
            c => c,
        };
        run = if kind == last { run + 1 } else { 1 };
        if run == 1 || (kind == '0' && run <= 4) {
            hash = step(hash, kind);
        }
        last = kind;
    }
    hash
}

/// The forms of a sentence's words, with two edges on either side.
pub(crate) fn forms(words: &[&str], gazette: &dyn Gazette) -> Vec<Form> {
    let mut flags = gazette.flags(words).into_iter();
    let mut forms = Vec::with_capacity(words.len() + 4);
    forms.extend([Form::edge(1), Form::edge(0)]);
    forms.extend(words.iter().map(|word| Form::new(word, flags.next().unwrap_or(0))));
    forms.extend([Form::edge(2), Form::edge(3)]);
    forms
}

/// What tells one word from others, for every word but the edges.
pub(crate) fn words_of(forms: &[Form]) -> impl Iterator<Item = u64> {
    forms.windows(5).filter_map(|window| window.get(2)).map(|form| form.word)
}

/// Takes the features of one word.
struct Sink<'a> {
    out: &'a mut Vec<u32>,
    template: u64,
}

impl Sink<'_> {
    /// The next template, of one value. 0 stands for absence and gives no feature.
    fn one(&mut self, value: u64) {
        self.template += 1;
        if value != 0 {
            self.put(value, self.template);
        }
    }

    /// The next template, of two values together.
    fn two(&mut self, a: u64, b: u64) {
        self.template += 1;
        if a != 0 && b != 0 {
            self.put(mix(a, b), self.template);
        }
    }

    /// The next templates, one feature for each bit that is set.
    fn bits(&mut self, mut bits: u32) {
        self.template += 1;
        while bits != 0 {
            self.put(u64::from(bits.trailing_zeros()) + 1, self.template);
            bits &= bits - 1;
        }
    }

    fn put(&mut self, value: u64, template: u64) {
        // The best bits of a product are the upper ones.
        self.out.push((mix(value, template) >> 32) as u32);
    }
}

/// Puts the features of the word in the middle of `window` into `out`.
fn features(window: &[Form; 5], out: &mut Vec<u32>) {
    let [far_before, before, here, after, far_after] = window;
    let mut sink = Sink { out, template: 0 };
    sink.put(0, 0);
    sink.one(here.word);
    sink.one(before.word);
    sink.one(after.word);
    sink.one(far_before.word);
    sink.one(far_after.word);
    sink.two(before.word, here.word);
    sink.two(here.word, after.word);
    sink.two(before.word, after.word);
    sink.two(far_before.word, before.word);
    sink.two(after.word, far_after.word);
    sink.one(here.stem);
    here.prefixes.iter().for_each(|prefix| sink.one(*prefix));
    here.suffixes.iter().for_each(|suffix| sink.one(*suffix));
    for near in [before, after] {
        sink.one(near.stem);
        near.suffixes.iter().skip(1).take(2).for_each(|suffix| sink.one(*suffix));
        near.prefixes.iter().skip(2).take(1).for_each(|prefix| sink.one(*prefix));
    }
    sink.one(here.shape);
    sink.one(before.shape);
    sink.one(after.shape);
    sink.two(before.shape, here.shape);
    sink.two(here.shape, after.shape);
    window.iter().for_each(|form| sink.bits(form.cues));
    window.iter().skip(1).take(3).for_each(|form| sink.bits(u32::from(form.flags)));
    sink.two(u64::from(before.cues), u64::from(here.cues));
    sink.two(u64::from(here.cues), u64::from(after.cues));
    sink.two(u64::from(before.cues), u64::from(after.cues));
}

/// The features of every word of a sentence, told to `each` in order.
pub(crate) fn each_word(forms: &[Form], mut each: impl FnMut(&[u32])) {
    let mut out = Vec::with_capacity(64);
    for window in forms.windows(5) {
        if let Ok(window) = window.try_into() {
            out.clear();
            features(window, &mut out);
            each(&out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many features two words share when they stand alone.
    fn check(a: &str, b: &str, same: bool) {
        let of = |word: &str| {
            let mut all = Vec::new();
            each_word(&forms(&[word], &NoGazette), |features| all.extend_from_slice(features));
            all
        };
        assert!(!of(a).is_empty());
        assert_eq!(of(a) == of(b), same, "{a} {b}");
    }

    #[test]
    fn spellings_of_one_word_look_alike() {
        check("علي", "علی", true);
        check("۱۳۹۷", "1397", true);
        check("تهران", "تهرانی", false);
        check("قم", "رم", false);
    }

    #[test]
    fn a_flag_is_seen_at_its_word_and_beside_it() {
        struct Second;
        impl Gazette for Second {
            fn flags(&self, _words: &[&str]) -> Vec<u16> {
                vec![0, 4]
            }
        }
        let words = ["در", "قم", "بود", "که"];
        let of = |gazette: &dyn Gazette| {
            let mut all = Vec::new();
            each_word(&forms(&words, gazette), |features| all.push(features.to_vec()));
            all
        };
        let (with, without) = (of(&Second), of(&NoGazette));
        let more: Vec<usize> = with.iter().zip(&without).map(|(a, b)| a.len() - b.len()).collect();
        assert_eq!(more, [1, 1, 1, 0]);
    }

    #[test]
    fn a_stem_loses_what_endings_add() {
        let stem_of = |word: &str| stem(&folded_with(word, Zwnj::Space));
        assert_eq!(stem_of("گروهک\u{200C}های"), stem_of("گروهک"));
        assert_eq!(stem_of("ایرانی"), stem_of("ایران"));
        assert_ne!(stem_of("علی"), stem_of("عل"));
    }
}
