//! Plain text: one article a file.
//!
//! Owns its row, reader and writer. It must not trim or join lines: the article is the file's text to the letter.

use crate::domain::article::{ArticleError, check_text};
use crate::domain::offset::MAX_TEXT_BYTES;
use crate::domain::record::ArticleRecord;
use crate::formats::decoding::{as_u64, decode};
use crate::formats::files::{Sink, Source};
use crate::formats::foreign::Foreign;
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, RecordWriter, Unit};
use crate::formats::losses::Holding;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use std::io::{Read, Write};

/// The row of plain text.
pub static FACTS: FormatFacts = FormatFacts {
    name: "text",
    title: "plain text, one article a file",
    endings: &["txt", "text", "md"],
    container: Container::Article,
    unit: Unit::None,
    holds: &[],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(PlainTextReader::new(source.one("text")?, options)))),
    writer: Some(|sink: Sink, _| Ok(Box::new(PlainTextWriter { output: sink.one("text")? }))),
    detect,
    companions: None,
};

fn detect(sniff: &Sniff) -> Likeness {
    match sniff.is_folder() || sniff.head.contains(&0) {
        false if FACTS.endings.contains(&sniff.ending().as_str()) => Likeness::Likely,
        false => Likeness::No,
        true => Likeness::No,
    }
}

/// The writer of a text, to the letter.
struct PlainTextWriter {
    output: Box<dyn Write + Send>,
}

impl RecordWriter for PlainTextWriter {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        let mentions = record.layers.iter().map(|layer| layer.mentions.len()).sum();
        if mentions > 0 {
            let lost = Foreign::MentionsNotHeld { count: as_u64(mentions) };
            problems.push(Problem::foreign(Place::default(), lost));
        }
        problems.extend(Holding::of(&FACTS).losses(record, Place::default()));
        Ok(self.output.write_all(record.text.as_bytes())?)
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        Ok(self.output.flush()?)
    }
}

/// The reader of a plain text file. It reads the whole file at once: an article is one record.
///
/// ```
/// use barchasb::formats::format::{ReadOptions, RecordReader};
/// use barchasb::formats::plain_text::PlainTextReader;
/// let mut reader = PlainTextReader::new("سلام\r\n".as_bytes(), &ReadOptions::default());
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!(article.text, "سلام\r\n");
/// assert!(reader.next_record(&mut Vec::new()).unwrap().is_none());
/// ```
#[derive(Debug)]
pub struct PlainTextReader<R> {
    input: Option<R>,
    name: Option<String>,
}

impl<R: Read> PlainTextReader<R> {
    /// A reader of `input`, whose article gets the name in `options`.
    pub fn new(input: R, options: &ReadOptions) -> Self {
        Self { input: Some(input), name: options.name.clone() }
    }
}

impl<R: Read + Send> RecordReader for PlainTextReader<R> {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        let Some(input) = self.input.take() else { return Ok(None) };
        let mut bytes = Vec::new();
        // Four bytes more than the limit: a mark may be taken off.
        input.take(as_u64(MAX_TEXT_BYTES).saturating_add(4)).read_to_end(&mut bytes)?;
        let (text, found) = decode(bytes)?;
        check_text(&text).map_err(|error| match error {
            ArticleError::Empty => FormatError::Empty,
            ArticleError::TooLong { .. } => FormatError::TooLong { limit: as_u64(MAX_TEXT_BYTES) },
        })?;
        problems.extend(found);
        Ok(Some(ArticleRecord { name: self.name.take(), text, ..ArticleRecord::default() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<&str, &str>) {
        let options = ReadOptions { name: Some("news".into()), ..ReadOptions::default() };
        let mut reader = PlainTextReader::new(bytes, &options);
        let record = reader.next_record(&mut Vec::new()).map_err(|e| e.to_string());
        let expected = expected
            .map(|text| {
                Some(ArticleRecord { name: Some("news".into()), text: text.into(), ..ArticleRecord::default() })
            })
            .map_err(str::to_owned);
        assert_eq!(record, expected);
        assert_eq!(reader.next_record(&mut Vec::new()).unwrap(), None);
    }

    #[test]
    fn a_file_is_one_article_to_the_letter() {
        check(" سلام\r\n\r\n".as_bytes(), Ok(" سلام\r\n\r\n"));
        check(b"", Err("the file is empty"));
        check("\u{feff} \n\u{a0}".as_bytes(), Err("the file is empty"));
    }
}
