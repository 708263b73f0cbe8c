//! The model: what was learned, and the bytes in which it is kept.
//!
//! Owns the weights of features and of steps from tag to tag, and the layout of a model's bytes. It must not know how the
//! weights were found.

use crate::domain::label::LabelId;
use crate::suggest::calibration::Calibration;
use crate::suggest::chain::{Grid, Transitions};
use crate::suggest::tagger_features::{Form, each_word};
use crate::suggest::tags::{MAX_LABELS, TagSet};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use uuid::Uuid;

/// Hashes what is a hash already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, key: u32) {
        self.0 = (self.0 ^ u64::from(key)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// From a feature to the row of its weights.
pub(crate) type Index = HashMap<u32, u32, BuildHasherDefault<KeyHasher>>;

/// What a tagger knows.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) tags: TagSet,
    pub(crate) index: Index,
    /// A row per feature, a column per tag.
    pub(crate) weights: Grid,
    /// A row for the beginning and one per tag before, a column per tag that follows.
    pub(crate) steps: Grid,
    pub(crate) calibration: Calibration,
}

impl Model {
    /// The scores of every tag at every word of a sentence, into `out`.
    pub(crate) fn score(&self, forms: &[Form], out: &mut Grid) {
        out.reset(forms.len().saturating_sub(4), self.tags.stride());
        let mut words = out.rows_mut();
        each_word(forms, |features| {
            let Some(word) = words.next() else { return };
            for row in features.iter().filter_map(|feature| self.index.get(feature)) {
                word.iter_mut().zip(self.weights.row(*row as usize)).for_each(|(score, weight)| *score += weight);
            }
        });
    }

    /// The weights of the steps, made ready.
    pub(crate) fn transitions(&self) -> Transitions {
        Transitions::new(&self.steps, self.tags.len(), self.tags.stride())
    }
}

/// Why bytes are not a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// They do not begin as a model does.
    #[error("this is not a tagger's model")]
    Foreign,
    /// They were written by a newer version of the program.
    #[error("the model was saved by a newer version (layout {found}; this version reads up to {VERSION})")]
    Newer {
        /// The layout.
        found: u16,
    },
    /// They are cut off, or were changed.
    #[error("the model is damaged")]
    Damaged,
}

const MAGIC: &[u8; 6] = b"BCHTAG";
/// The layout this version writes, and the newest it reads.
const VERSION: u16 = 1;
const CHECKSUM_BYTES: usize = 8;
/// Weights are kept in steps of one in so many; greater ones are held at the end of the range.
const WEIGHT_UNITS: f32 = 1024.0;

/// FNV-1a over words of eight bytes.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(0xcbf2_9ce4_8422_2325, |hash, chunk| {
        let word = chunk.iter().rev().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
        (hash ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
    })
}

fn quantised(weight: f32) -> i16 {
    // The cast holds what is beyond the range at its ends.
    (weight * WEIGHT_UNITS).round() as i16
}

impl Model {
    /// The model with weights that bytes can hold exactly, so that a model read back says the same.
    pub(crate) fn rounded(mut self) -> Self {
        for grid in [&mut self.weights, &mut self.steps] {
            grid.numbers_mut().iter_mut().for_each(|weight| *weight = f32::from(quantised(*weight)) / WEIGHT_UNITS);
        }
        self
    }

    /// The bytes: magic, layout, labels, calibration, steps, features with their weights, checksum. All numbers little-endian.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let tags = self.tags.len();
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((self.tags.labels().len() as u32).to_le_bytes());
        self.tags.labels().iter().for_each(|label| bytes.extend(label.0.as_bytes()));
        bytes.extend(self.calibration.slope.to_le_bytes());
        bytes.extend(self.calibration.shift.to_le_bytes());
        let put = |bytes: &mut Vec<u8>, row: &[f32]| {
            row.iter().take(tags).for_each(|weight| bytes.extend(quantised(*weight).to_le_bytes()));
        };
        self.steps.rows().for_each(|row| put(&mut bytes, row));
        let mut features: Vec<(u32, u32)> = self.index.iter().map(|(feature, row)| (*feature, *row)).collect();
        features.sort_unstable();
        bytes.extend((features.len() as u32).to_le_bytes());
        for (feature, row) in features {
            bytes.extend(feature.to_le_bytes());
            put(&mut bytes, self.weights.row(row as usize));
        }
        let sum = checksum(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    /// The model in these bytes.
    ///
    /// # Errors
    /// [`ModelError`] when they are something else, newer, cut off or changed.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut reader = Reader { bytes };
        if reader.take(MAGIC.len()).map_err(|_| ModelError::Foreign)? != MAGIC {
            return Err(ModelError::Foreign);
        }
        let found = u16::from_le_bytes(reader.array()?);
        if found > VERSION {
            return Err(ModelError::Newer { found });
        }
        if found == 0 {
            return Err(ModelError::Damaged);
        }
        let body = bytes.len().checked_sub(CHECKSUM_BYTES).and_then(|end| bytes.split_at_checked(end));
        let (body, sum) = body.ok_or(ModelError::Damaged)?;
        if checksum(body).to_le_bytes() != sum {
            return Err(ModelError::Damaged);
        }
        reader.bytes = reader.bytes.get(..reader.bytes.len() - CHECKSUM_BYTES).unwrap_or_default();
        reader.model()
    }
}

/// The bytes that are not read yet.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ModelError> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(ModelError::Damaged)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        self.take(N)?.try_into().map_err(|_| ModelError::Damaged)
    }

    fn number(&mut self) -> Result<u32, ModelError> {
        self.array().map(u32::from_le_bytes)
    }

    /// A number of the calibration.
    fn real(&mut self) -> Result<f64, ModelError> {
        let real = f64::from_le_bytes(self.array()?);
        if real.is_finite() { Ok(real) } else { Err(ModelError::Damaged) }
    }

    fn weights(&mut self, tags: usize, row: &mut [f32]) -> Result<(), ModelError> {
        let (pairs, _) = self.take(2 * tags)?.as_chunks::<2>();
        row.iter_mut().zip(pairs).for_each(|(weight, pair)| {
            *weight = f32::from(i16::from_le_bytes(*pair)) / WEIGHT_UNITS;
        });
        Ok(())
    }

    fn model(mut self) -> Result<Model, ModelError> {
        let labels = self.number()? as usize;
        if labels > MAX_LABELS {
            return Err(ModelError::Damaged);
        }
        let labels: Result<Vec<LabelId>, ModelError> =
            (0..labels).map(|_| self.array().map(|id| LabelId(Uuid::from_bytes(id)))).collect();
        let tags = TagSet::new(labels?);
        let calibration = Calibration { slope: self.real()?, shift: self.real()? };
        let mut steps = Grid::new(tags.len() + 1, tags.stride());
        for row in steps.rows_mut() {
            self.weights(tags.len(), row)?;
        }
        let features = self.number()? as usize;
        // Room is made only for what the bytes can hold.
        if features.checked_mul(4 + 2 * tags.len()) != Some(self.bytes.len()) {
            return Err(ModelError::Damaged);
        }
        let mut index = Index::with_capacity_and_hasher(features, BuildHasherDefault::default());
        let mut weights = Grid::new(features, tags.stride());
        for (number, row) in (0..).zip(weights.rows_mut()) {
            index.insert(self.number()?, number);
            self.weights(tags.len(), row)?;
        }
        Ok(Model { tags, index, weights, steps, calibration })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn model() -> Model {
        let tags = TagSet::new(vec![LabelId(Uuid::from_u128(5)), LabelId(Uuid::from_u128(3))]);
        let mut weights = Grid::new(2, tags.stride());
        weights.row_mut(1).iter_mut().take(tags.len()).zip([0.5, -1.25, 40.0, 0.1, 0.0]).for_each(|(w, n)| *w = n);
        let mut steps = Grid::new(tags.len() + 1, tags.stride());
        steps.row_mut(3).iter_mut().take(tags.len()).for_each(|weight| *weight = -0.3);
        let index = [(77, 1), (u32::MAX, 0)].into_iter().collect();
        Model { tags, index, weights, steps, calibration: Calibration { slope: 0.5, shift: -0.1 } }.rounded()
    }

    fn check(bytes: &[u8], expected: ModelError) {
        assert_eq!(Model::from_bytes(bytes).map(|_| ()), Err(expected));
    }

    /// The bytes with the checksum that goes with them.
    fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
        let end = bytes.len() - CHECKSUM_BYTES;
        let sum = checksum(&bytes[..end]).to_le_bytes();
        bytes[end..].copy_from_slice(&sum);
        bytes
    }

    #[test]
    fn a_model_comes_back_as_it_was() {
        let (model, bytes) = (model(), model().to_bytes());
        let back = Model::from_bytes(&bytes).unwrap();
        assert_eq!((&back.tags, &back.steps, back.calibration), (&model.tags, &model.steps, model.calibration));
        for (feature, row) in &model.index {
            assert_eq!(back.weights.row(back.index[feature] as usize), model.weights.row(*row as usize));
        }
        assert_eq!(back.index.len(), model.index.len());
        assert_eq!(back.to_bytes(), bytes, "the same model has the same bytes");
    }

    #[test]
    fn what_is_no_model_says_so() {
        let bytes = model().to_bytes();
        check(b"", ModelError::Foreign);
        check(b"SQLite format 3", ModelError::Foreign);
        let mut newer = bytes.clone();
        newer[6] = 9;
        check(&newer, ModelError::Newer { found: 9 });
        let mut none = bytes.clone();
        none[6] = 0;
        check(&sealed(none), ModelError::Damaged);
        for end in [6, 7, 8, 20, bytes.len() - 1] {
            check(&bytes[..end], ModelError::Damaged);
        }
    }

    #[test]
    fn counts_that_the_bytes_cannot_hold_take_no_memory() {
        for at in [8, 8 + 4 + 32 + 16 + 60] {
            let mut bytes = model().to_bytes();
            bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
            check(&sealed(bytes), ModelError::Damaged);
        }
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_noticed(at in 0usize..200, change in 1u8..) {
            let mut bytes = model().to_bytes();
            let at = at % bytes.len();
            bytes[at] ^= change;
            prop_assert!(Model::from_bytes(&bytes).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(tail in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut bytes = MAGIC.to_vec();
            bytes.extend(VERSION.to_le_bytes());
            bytes.extend(&tail);
            let sum = checksum(&bytes);
            bytes.extend(sum.to_le_bytes());
            let _ = Model::from_bytes(&tail);
            let _ = Model::from_bytes(&bytes);
        }
    }
}
