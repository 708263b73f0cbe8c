//! The body of WebAnno TSV: sentences with their texts and rows, and the text of the document rebuilt from them.
//!
//! Owns the order of lines, and what stands between two sentences, as INCEpTION rebuilds it: a line feed, then spaces, as many as the
//! offsets say. It must not know what cells mean.

use crate::domain::offset::{CharOffset, Span};
use crate::domain::offset_map::OffsetMap;
use crate::formats::decoding::as_u64;
use crate::formats::foreign::Foreign;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{Place, Problem};
use crate::formats::webanno::escape::unescape_text;

/// How much white space the offsets may ask for: more is no text.
const MAX_GAPS: u64 = 1 << 20;

/// A row: a token, or a part of the token before it.
#[derive(Debug)]
pub struct Row<'a> {
    /// Its line, from 1.
    pub line: u64,
    /// Its id: `1-2`, or `1-2.1` for a part.
    pub id: &'a str,
    /// Where it begins and ends, in the file's unit.
    pub at: (u64, u64),
    /// The word that stands there.
    pub word: &'a str,
    /// The cells of the layers.
    pub cells: Vec<&'a str>,
}

impl Row<'_> {
    /// Whether it is a part of a token.
    pub fn is_part(&self) -> bool {
        self.id.contains('.')
    }

    /// Its place for a problem.
    pub fn place(&self) -> Place {
        Place { line: Some(self.line), ..Place::default() }
    }
}

/// A sentence.
#[derive(Debug, Default)]
pub struct Sentence<'a> {
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its lines, joined.
    pub text: String,
    /// Its rows.
    pub rows: Vec<Row<'a>>,
}

/// The sentences that lines say, each line given with its number. Rows that are none are said and left out.
pub fn sentences_from_lines<'a>(
    lines: impl Iterator<Item = (u64, &'a str)>,
    is_java: bool,
    columns: usize,
    problems: &mut Vec<Problem>,
) -> Vec<Sentence<'a>> {
    let mut sentences: Vec<Sentence<'a>> = Vec::new();
    // How many lines of text the last sentence has, as long as its head goes on.
    let mut texts = None;
    for (number, line) in lines {
        if line.is_empty() {
            texts = None;
        } else if line.starts_with(|c: char| c.is_ascii_digit()) {
            texts = None;
            match (sentences.last_mut(), row_from_line(number, line, columns)) {
                (None, _) => problems.push(unreadable(number, "a row without a sentence")),
                (Some(_), Err(problem)) => problems.push(*problem),
                (Some(sentence), Ok(row)) => sentence.rows.push(row),
            }
        } else if line.starts_with('#') {
            if texts.is_none() {
                sentences.push(Sentence::default());
            }
            let count = texts.get_or_insert(0);
            let Some(sentence) = sentences.last_mut() else { continue };
            if let Some(text) = line.strip_prefix("#Text=") {
                if *count > 0 {
                    sentence.text.push('\n');
                }
                *count += 1;
                sentence.text.push_str(&unescape_text(text, is_java));
            } else if let Some(id) = line.strip_prefix("#Sentence.id=") {
                sentence.id = Some(unescape_text(id, is_java));
            }
        } else {
            problems.push(unreadable(number, "no row and no head of a sentence"));
        }
    }
    sentences.retain(|sentence| !sentence.rows.is_empty() || !sentence.text.is_empty());
    sentences
}

fn unreadable(line: u64, words: &str) -> Problem {
    let place = Place { line: Some(line), ..Place::default() };
    Problem::foreign(place, Foreign::Unreadable { words: words.to_owned() })
}

fn row_from_line(number: u64, line: &str, columns: usize) -> Result<Row<'_>, Box<Problem>> {
    let mut fields = line.split('\t');
    let head = (fields.next(), fields.next(), fields.next());
    let (Some(id), Some(at), Some(word)) = head else {
        return Err(Box::new(unreadable(number, "no id, place and word")));
    };
    let at = at.split_once('-').and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
    let Some(at) = at else { return Err(Box::new(unreadable(number, "the place is no start and end"))) };
    let cells: Vec<&str> = fields.collect();
    if cells.len() < columns {
        let (found, expected) = (as_u64(cells.len() + 3), as_u64(columns + 3));
        let place = Place { line: Some(number), ..Place::default() };
        return Err(Box::new(Problem::foreign(place, Foreign::Columns { found, expected })));
    }
    Ok(Row { line: number, id, at, word, cells })
}

/// A document rebuilt from its sentences.
#[derive(Debug)]
pub struct Rebuilt {
    /// The text.
    pub text: String,
    /// Whether white space between sentences had to be guessed.
    pub is_guessed: bool,
    /// The unit in which the offsets were read.
    pub unit: OffsetUnit,
    /// Where every row stands, sentence by sentence; `None` where its word does not.
    pub spans: Vec<Option<Span>>,
}

impl Rebuilt {
    /// The document, read in the first of `units` in which every word stands where it should, or else in the first in which offsets go
    /// up; `None` when they do in none.
    pub fn of_sentences(sentences: &[Sentence<'_>], is_java: bool, units: &[OffsetUnit]) -> Option<Self> {
        let mut fallback = None;
        for unit in units {
            let Some((text, is_guessed)) = text_of(sentences, *unit) else { continue };
            let map = OffsetMap::new(&text);
            let rows = sentences.iter().flat_map(|sentence| &sentence.rows);
            let spans: Vec<Option<Span>> = rows.map(|row| span_of(row, &map, &text, *unit, is_java)).collect();
            let is_sound = spans.iter().all(Option::is_some);
            let rebuilt = Self { text, is_guessed, unit: *unit, spans };
            if is_sound {
                return Some(rebuilt);
            }
            fallback = fallback.or(Some(rebuilt));
        }
        fallback
    }
}

/// The text, and whether a part was guessed.
fn text_of(sentences: &[Sentence<'_>], unit: OffsetUnit) -> Option<(String, bool)> {
    let mut text = String::new();
    let (mut at, mut gaps) = (0, 0);
    for (number, sentence) in sentences.iter().enumerate() {
        let begin = sentence.rows.first().map_or(at + u64::from(number > 0), |row| row.at.0);
        let gap = begin.checked_sub(at)?;
        gaps += gap;
        if gaps > MAX_GAPS {
            return None;
        }
        for place in 0..gap {
            text.push(if place == 0 && number > 0 { '\n' } else { ' ' });
        }
        text.push_str(&sentence.text);
        at = begin + len_in(&sentence.text, unit);
    }
    Some((text, gaps > 0))
}

fn len_in(text: &str, unit: OffsetUnit) -> u64 {
    as_u64(match unit {
        OffsetUnit::CodePoint => text.chars().count(),
        OffsetUnit::Utf16 => text.encode_utf16().count(),
        OffsetUnit::Byte => text.len(),
        OffsetUnit::Grapheme => OffsetMap::new(text).len_graphemes().get(),
    })
}

/// Where a row stands; it may be empty. `None` when its word does not stand there.
fn span_of(row: &Row<'_>, map: &OffsetMap, text: &str, unit: OffsetUnit, is_java: bool) -> Option<Span> {
    let (start, end) = row.at;
    let span = if start == end {
        let at = if start == 0 { CharOffset::ZERO } else { unit.span_from_units(map, 0, start)?.end };
        Span::empty_at(at)
    } else {
        unit.span_from_units(map, start, end)?
    };
    let stands = map.bytes_from_span(span)?.slice(text)?;
    // The tool writes words as they are; others escape them.
    (stands == row.word || stands == unescape_text(row.word, is_java)).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, text: Option<(&str, bool, OffsetUnit)>, said: &[&str]) {
        let mut problems = Vec::new();
        let lines = body.split('\n').enumerate().map(|(at, line)| (as_u64(at + 1), line));
        let sentences = sentences_from_lines(lines, false, 1, &mut problems);
        let units = [OffsetUnit::Utf16, OffsetUnit::CodePoint];
        let rebuilt = Rebuilt::of_sentences(&sentences, false, &units);
        let found = rebuilt.as_ref().map(|r| (r.text.as_str(), r.is_guessed, r.unit));
        assert_eq!(found, text, "{body}");
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), said, "{body}");
    }

    #[test]
    fn the_text_is_rebuilt_from_sentences_and_offsets() {
        let utf16 = OffsetUnit::Utf16;
        check("#Text=a 😀\n1-1\t0-1\ta\t_\t\n1-2\t2-4\t😀\t_\t\n", Some(("a 😀", false, utf16)), &[]);
        check("#Text=a\n1-1\t0-1\ta\t_\n\n#Text=b\n2-1\t2-3\tb\t_\n", Some(("a\nb", true, utf16)), &[]);
        check("#Text=a \n1-1\t0-1\ta\t_\n\n#Text=b\n2-1\t2-3\tb\t_\n", Some(("a b", false, utf16)), &[]);
        check("#Text=a\n1-1\t2-3\ta\t_\n\n#Text=b\n2-1\t6-7\tb\t_\n", Some(("  a\n  b", true, utf16)), &[]);
        check("#Text=a\\r\n#Text=\n#Text=b\n1-1\t0-1\ta\t_\n1-2\t4-5\tb\t_", Some(("a\r\n\nb", false, utf16)), &[]);
        check("#Sentence.id=s\n#Text=a\n1-1\t0-1\ta\t_\n", Some(("a", false, utf16)), &[]);
        check("#Text=😀a\n1-1\t1-2\ta\t_\n", Some((" 😀a", true, utf16)), &[]);
    }

    #[test]
    fn the_unit_is_that_in_which_the_words_stand() {
        let body = "#Text=😀 a\n1-1\t0-1\t😀\t_\n1-2\t2-3\ta\t_\n\n#Text=b\n2-1\t4-5\tb\t_\n";
        check(body, Some(("😀 a\nb", true, OffsetUnit::CodePoint)), &[]);
    }

    #[test]
    fn what_is_no_row_is_said() {
        check(
            "#Text=a\n1-1\t0-x\ta\t_\nx\n1-1\t0-1\ta\n",
            Some(("a", false, OffsetUnit::Utf16)),
            &[
                "line 2: this cannot be read (the place is no start and end); it was left out",
                "line 3: this cannot be read (no row and no head of a sentence); it was left out",
                "line 4: this row has 3 columns instead of 4; it was left out",
            ],
        );
        check("#Text=a\n1-1\t4000000000-4000000001\ta\t_\n", None, &[]);
        check(
            "1-1\t0-1\ta\t_",
            Some(("", false, OffsetUnit::Utf16)),
            &["line 1: this cannot be read (a row without a sentence); it was left out"],
        );
    }
}
