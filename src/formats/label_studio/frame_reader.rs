//! The reader of both JSON formats of Label Studio: an article a value, and the proof of how the file counts where that is in doubt.
//!
//! Owns when the whole file is looked at. It must not know what a value means: the row of each format says it with two functions.

use crate::domain::record::ArticleRecord;
use crate::formats::files::Input;
use crate::formats::format::{ReadOptions, RecordReader};
use crate::formats::json_frame::{Frame, Frames, Layout};
use crate::formats::label_studio::task::Region;
use crate::formats::label_studio::unit::{Counting, CountingWatch, declared_counting, prove_counting};
use crate::formats::problem::{FormatError, Problem};
use std::io::{Seek, SeekFrom};

/// Makes an article of a value, given the key of the text that was asked for and how the file counts.
pub(crate) type RecordFromFrame =
    fn(&Frame, Option<&str>, Counting, &mut Vec<Problem>) -> Result<ArticleRecord, Box<Problem>>;

/// Shows each region of a value with its text, which may stand under the key given.
pub(crate) type ShowRegions = fn(&Frame, Option<&str>, &mut dyn FnMut(&str, &Region));

/// The reader; memory holds one value at a time.
pub(crate) struct FrameReader {
    frames: Frames<Box<dyn Input>>,
    options: ReadOptions,
    counting: Counting,
    /// Until the counting is settled.
    watch: Option<CountingWatch>,
    show: ShowRegions,
    record_from_frame: RecordFromFrame,
}

impl FrameReader {
    /// A reader of `input`, which is read from its beginning.
    ///
    /// # Errors
    /// [`FormatError`] when the input cannot be read, is empty or is no JSON.
    pub(crate) fn new(
        mut input: Box<dyn Input>,
        options: &ReadOptions,
        show: ShowRegions,
        record_from_frame: RecordFromFrame,
    ) -> Result<Self, FormatError> {
        input.seek(SeekFrom::Start(0))?;
        Frames::new(&mut input, Layout::Values, options.limits).next_frame(&mut Vec::new())?;
        input.seek(SeekFrom::Start(0))?;
        Ok(Self {
            frames: Frames::new(input, Layout::Values, options.limits),
            options: options.clone(),
            counting: declared_counting(options),
            watch: Some(CountingWatch::new(options)),
            show,
            record_from_frame,
        })
    }

    /// The record of a value; the counting is settled before where the article is in doubt.
    fn record(
        &mut self,
        frame: &Frame,
        problems: &mut Vec<Problem>,
    ) -> Result<Result<ArticleRecord, Box<Problem>>, FormatError> {
        let text_key = self.options.columns.text.as_deref();
        let said = problems.len();
        let record = (self.record_from_frame)(frame, text_key, self.counting, problems);
        let (Some(watch), Ok(article)) = (&mut self.watch, &record) else { return Ok(record) };
        let show = self.show;
        if watch.needs_no_look_at(&article.text) || !watch.doubts(|see| show(frame, text_key, see)) {
            return Ok(record);
        }
        self.watch = None;
        let input = self.frames.input_mut();
        let stood = input.stream_position()?;
        let (counting, notes) = prove_counting(input, &self.options, |frame, see| show(frame, text_key, see))?;
        input.seek(SeekFrom::Start(stood))?;
        self.counting = counting;
        problems.truncate(said);
        problems.extend(notes);
        Ok((self.record_from_frame)(frame, text_key, counting, problems))
    }
}

impl RecordReader for FrameReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        while let Some(frame) = self.frames.next_frame(problems)? {
            match self.record(&frame, problems)? {
                Ok(record) => return Ok(Some(record)),
                Err(problem) => problems.push(*problem),
            }
        }
        Ok(None)
    }
}
