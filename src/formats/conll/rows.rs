//! The rows of the CoNLL family in the table of formats.
//!
//! Owns what is known of the two of them and how their files are told. It must not read or write.

use crate::domain::tag_scheme::Tag;
use crate::formats::conll::layout::{Fields, Layout, Separator};
use crate::formats::conll::reader::ConllReader;
use crate::formats::conll::writer::{ConllWriter, Style};
use crate::formats::files::{Sink, Source};
use crate::formats::foreign::Held;
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, RecordWriter, Unit, WriteOptions};
use crate::formats::problem::FormatError;
use crate::formats::sniff::{Likeness, Sniff};

const HOLDS: &[Held] = &[Held::Overlap, Held::Nesting, Held::TokenColumn];

/// The row of a token and a tag a line.
pub static CONLL: FormatFacts = FormatFacts {
    name: "conll",
    title: "a token and its tag a line",
    endings: &["conll", "bio", "iob", "iob2", "bioes", "bmes"],
    container: Container::File,
    unit: Unit::Tokens,
    holds: HOLDS,
    lines: false,
    columns: false,
    reader: Some(read),
    writer: Some(|sink, options| write(sink, Style::Tokens, options)),
    detect: |sniff| detect(sniff, false),
    companions: None,
};

/// The row of four columns as in CoNLL-2003.
pub static CONLL_2003: FormatFacts = FormatFacts {
    name: "conll2003",
    title: "CoNLL-2003, four columns",
    endings: &["conll2003", "conll03"],
    container: Container::File,
    unit: Unit::Tokens,
    holds: HOLDS,
    lines: false,
    columns: false,
    reader: Some(read),
    writer: Some(|sink, options| write(sink, Style::Conll2003, options)),
    detect: |sniff| detect(sniff, true),
    companions: None,
};

fn read(source: Source, options: &ReadOptions) -> Result<Box<dyn RecordReader>, FormatError> {
    Ok(Box::new(ConllReader::new(source.one(CONLL.name)?, options)?))
}

fn write(sink: Sink, style: Style, options: &WriteOptions) -> Result<Box<dyn RecordWriter>, FormatError> {
    Ok(Box::new(ConllWriter::new(sink.one(CONLL.name)?, style, options)))
}

/// Nine of ten lines must be rows of the layout, and one of them begin a mention.
fn detect(sniff: &Sniff, is_2003: bool) -> Likeness {
    let facts = if is_2003 { &CONLL_2003 } else { &CONLL };
    let by_name = if facts.endings.contains(&sniff.ending().as_str()) { Likeness::Likely } else { Likeness::No };
    let lines: Vec<&str> = sniff.text().lines().collect();
    let Some((layout, fit)) = Layout::from_head(&lines).filter(|_| sniff.json.is_none()) else { return by_name };
    let has_four = layout.columns == 4 && layout.separator == Separator::Space && layout.has_docstart;
    let mut fields = Fields::new();
    let begins = |line: &&str| {
        layout.sentence_a_line
            || layout.fields(line, &mut fields).is_ok()
                && layout.tags.clone().any(|column| {
                    let tag = fields.get(column).and_then(|range| Tag::from_text(line.get(range.clone())?.trim()));
                    tag.is_some_and(|tag| tag != Tag::Outside)
                })
    };
    match has_four == is_2003 && fit > 90 && lines.iter().any(begins) {
        true => Likeness::Sure,
        false => by_name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;

    #[test]
    fn its_own_content_is_known() {
        let detect = |name: &str, head: &str| Format::detect(&Sniff::of_file(name, head.as_bytes()));
        assert_eq!(detect("train.txt", "علی|B_PER\nرفت|O\n"), Some(Format::CONLL));
        assert_eq!(detect("x", "-DOCSTART- -X- O O\n\na N B-NP B-X\nb N O O\n"), Some(Format::CONLL_2003));
        assert_eq!(detect("a.txt", "Vitamin O\nA text.\n"), Some(Format::TEXT));
        assert_eq!(detect("a.iob", ""), Some(Format::CONLL));
    }
}
