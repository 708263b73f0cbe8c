//! The strings of a spaCy file: every word and label is a number there, and the file lists the strings once.
//!
//! Owns [`id_from_string`], the hash behind it, [`StringIds`] for writing and [`StringTable`] for reading. It must not know documents.

use crate::formats::spacy::symbols::{id_from_symbol, symbol_from_id};
use rustc_hash::FxHashMap;

/// The seed of spaCy's hashes.
const SEED: u64 = 1;

/// The number by which spaCy knows a string: 0 for none, a symbol's number, or else a hash of its UTF-8 bytes.
///
/// ```
/// use barchasb::formats::spacy::strings::id_from_string;
/// assert_eq!(id_from_string("سلام"), 5471333348735565130);
/// assert_eq!(id_from_string("PERSON"), 380);
/// assert_eq!(id_from_string(""), 0);
/// ```
#[must_use]
pub fn id_from_string(string: &str) -> u64 {
    if string.is_empty() {
        return 0;
    }
    id_from_symbol(string).unwrap_or_else(|| murmur_hash_64a(string.as_bytes(), SEED))
}

/// MurmurHash64A by Austin Appleby (public domain), with the bytes taken as little-endian numbers.
fn murmur_hash_64a(bytes: &[u8], seed: u64) -> u64 {
    const M: u64 = 0xC6A4_A793_5BD1_E995;
    const R: u32 = 47;
    let (blocks, rest) = bytes.as_chunks::<8>();
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut hash = seed ^ length.wrapping_mul(M);
    for block in blocks {
        let mut word = u64::from_le_bytes(*block).wrapping_mul(M);
        word ^= word >> R;
        hash = (hash ^ word.wrapping_mul(M)).wrapping_mul(M);
    }
    if !rest.is_empty() {
        let tail = rest.iter().rev().fold(0, |word: u64, byte| word << 8 | u64::from(*byte));
        hash = (hash ^ tail).wrapping_mul(M);
    }
    hash = (hash ^ hash >> R).wrapping_mul(M);
    hash ^ hash >> R
}

/// The strings of a file that is written, each hashed once.
#[derive(Debug, Default)]
pub struct StringIds {
    ids: FxHashMap<Box<str>, u64>,
}

impl StringIds {
    /// The number of a string, which is listed from now on.
    pub fn id(&mut self, string: &str) -> u64 {
        if let Some(id) = self.ids.get(string) {
            return *id;
        }
        let id = id_from_string(string);
        self.ids.insert(string.into(), id);
        id
    }

    /// All strings, sorted by their bytes, as spaCy sorts them.
    #[must_use]
    pub fn sorted(&self) -> Vec<&str> {
        let mut strings: Vec<&str> = self.ids.keys().map(AsRef::as_ref).collect();
        strings.sort_unstable();
        strings
    }
}

/// The strings of a file that is read.
#[derive(Debug, Default)]
pub struct StringTable {
    strings: FxHashMap<u64, Box<str>>,
}

impl StringTable {
    /// Takes a string of the file's list in.
    pub fn add(&mut self, string: &str) {
        self.strings.insert(id_from_string(string), string.into());
    }

    /// The string of a number; `None` when the file does not list it.
    ///
    /// ```
    /// use barchasb::formats::spacy::strings::StringTable;
    /// let mut table = StringTable::default();
    /// table.add("سلام");
    /// assert_eq!(table.string(5471333348735565130), Some("سلام"));
    /// assert_eq!((table.string(383), table.string(0), table.string(7_000)), (Some("ORG"), Some(""), None));
    /// ```
    #[must_use]
    pub fn string(&self, id: u64) -> Option<&str> {
        if id == 0 {
            return Some("");
        }
        self.strings.get(&id).map(AsRef::as_ref).or_else(|| symbol_from_id(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_spacy() {
        // The numbers are what `spacy.strings.hash_string` and `StringStore` of spaCy 3.8.18 give.
        let check = |string: &str, expected: u64| assert_eq!(id_from_string(string), expected, "{string}");
        check("سلام", 5_471_333_348_735_565_130);
        check("😀", 13_900_606_239_988_879_105);
        check("PER", 4_317_129_024_397_789_502);
        check("LOC", 385);
        check("ORTH", 65);
        check("", 0);
    }

    #[test]
    fn strings_are_listed_once_and_sorted() {
        let mut ids = StringIds::default();
        assert_eq!(ids.id("علی"), ids.id("علی"));
        ids.id("LOC");
        assert_eq!(ids.sorted(), ["LOC", "علی"]);
    }
}
