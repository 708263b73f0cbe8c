//! The reader of both JSON formats of Label Studio: it proves how the file counts, and then gives an article a value.
//!
//! Owns the two passes over the file. It must not know what a value means: the row of each format says it with two functions.

use crate::domain::record::ArticleRecord;
use crate::formats::files::Input;
use crate::formats::format::{ReadOptions, RecordReader};
use crate::formats::json_frame::{Frame, Frames, Layout};
use crate::formats::label_studio::task::Region;
use crate::formats::label_studio::unit::{Counting, prove_counting};
use crate::formats::problem::{FormatError, Problem};
use std::io::{Seek, SeekFrom};

/// Makes an article of a value, given the key of the text that was asked for and how the file counts.
pub(crate) type RecordFromFrame =
    fn(&Frame, Option<&str>, Counting, &mut Vec<Problem>) -> Result<ArticleRecord, Box<Problem>>;

/// The reader; memory holds one value at a time.
pub(crate) struct FrameReader {
    frames: Frames<Box<dyn Input>>,
    counting: Counting,
    /// What is to be said of the unit before the first record.
    unit_notes: Vec<Problem>,
    text_key: Option<String>,
    record_from_frame: RecordFromFrame,
}

impl FrameReader {
    /// A reader of `input`, whose counting is proven now: `show` shows each region of a value with its text, which may stand under the
    /// key given.
    ///
    /// # Errors
    /// [`FormatError`] when the input cannot be read, is empty or is no JSON.
    pub(crate) fn new(
        mut input: Box<dyn Input>,
        options: &ReadOptions,
        show: impl Fn(&Frame, Option<&str>, &mut dyn FnMut(&str, &Region)),
        record_from_frame: RecordFromFrame,
    ) -> Result<Self, FormatError> {
        let text_key = options.columns.text.clone();
        let (counting, unit_notes) =
            prove_counting(&mut input, options, |frame, see| show(frame, text_key.as_deref(), see))?;
        input.seek(SeekFrom::Start(0))?;
        let frames = Frames::new(input, Layout::Values, options.limits);
        Ok(Self { frames, counting, unit_notes, text_key, record_from_frame })
    }
}

impl RecordReader for FrameReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        problems.append(&mut self.unit_notes);
        while let Some(frame) = self.frames.next_frame(problems)? {
            match (self.record_from_frame)(&frame, self.text_key.as_deref(), self.counting, problems) {
                Ok(record) => return Ok(Some(record)),
                Err(problem) => problems.push(*problem),
            }
        }
        Ok(None)
    }
}
