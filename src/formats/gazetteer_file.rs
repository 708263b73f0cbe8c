//! Lists of names: plain text, tables of name and label, and patterns of Prodigy.
//!
//! Owns reading one, line by line. It must not know the project's labels: a label is the name that stands in the file.

use crate::domain::name::Name;
use crate::formats::decoding::{Mark, as_u64, not_utf8};
use crate::formats::finding::{Finding, JsonFault};
use crate::formats::problem::{FormatError, Place, Problem};
use serde::Deserialize;
use std::collections::HashMap;
use std::io::{BufRead, Read as _};

/// What a list of names can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameListFormat {
    /// One name a line (`.txt`).
    #[default]
    Lines,
    /// A name, a tab or a comma, and a label (`.tsv`, `.csv`). A field with a comma in it stands in double quotes.
    Table,
    /// One JSON object a line with `label` and `pattern` (`.jsonl`).
    Patterns,
}

impl NameListFormat {
    /// The format that goes with the ending of a file's name.
    ///
    /// ```
    /// use barchasb::formats::gazetteer_file::NameListFormat;
    /// assert_eq!(NameListFormat::from_ending("TSV"), Some(NameListFormat::Table));
    /// assert_eq!(NameListFormat::from_ending("docx"), None);
    /// ```
    #[must_use]
    pub fn from_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Lines),
            "csv" | "tsv" | "tab" => Some(Self::Table),
            "jsonl" => Some(Self::Patterns),
            _ => None,
        }
    }
}

/// One name of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedName {
    /// The name as it is written.
    pub surface: String,
    /// The label that the file gives it.
    pub label: Option<String>,
}

/// The names of a list in their order, each name with one label once, and what was not as it should be: the first thousand problems,
/// and how many more there were. Empty lines are nothing.
///
/// ```
/// use barchasb::formats::gazetteer_file::{NameListFormat, read_names};
/// let file = "ناجا\tORG\n\n،\tORG\nناجا\tLOC\n";
/// let (names, problems) = read_names(file.as_bytes(), NameListFormat::Table).unwrap();
/// assert_eq!((names.len(), names[0].label.as_deref()), (2, Some("ORG")));
/// assert_eq!(problems[0].to_string(), "line 3: \"،\" is no name: there is no letter or digit in it; it was left out");
/// ```
///
/// # Errors
/// [`FormatError::NotUtf8`] with the first bad byte, [`FormatError::OtherEncoding`] for UTF-16 and UTF-32, [`FormatError::Io`].
pub fn read_names(
    mut file: impl BufRead,
    format: NameListFormat,
) -> Result<(Vec<ListedName>, Vec<Problem>), FormatError> {
    let mut list = NameList { format, ..NameList::default() };
    let (mut bytes, mut line, mut file_byte) = (Vec::new(), 0, 0);
    while file.by_ref().take(MAX_LINE_BYTES + 1).read_until(b'\n', &mut bytes)? > 0 {
        line += 1;
        if line == 1 {
            list.take_mark(&bytes)?;
        }
        file_byte += as_u64(bytes.len());
        if as_u64(bytes.len()) > MAX_LINE_BYTES && !bytes.ends_with(b"\n") {
            file_byte += as_u64(file.skip_until(b'\n')?);
            list.say(line, Finding::RecordTooLong { limit: MAX_LINE_BYTES });
        } else {
            let start = file_byte - as_u64(bytes.len());
            let text = std::str::from_utf8(&bytes);
            let text = text.map_err(|error| not_utf8(&bytes, error.valid_up_to(), line, start))?;
            list.take_line(text.trim_start_matches('\u{FEFF}').trim_end_matches(['\n', '\r']), line);
        }
        bytes.clear();
    }
    Ok(list.into_parts())
}

/// How long a line may be, in bytes without its end.
const MAX_LINE_BYTES: u64 = 64 << 10;

/// How many problems are told one by one.
const MAX_PROBLEMS: usize = 1_000;

/// A list in the making.
#[derive(Default)]
struct NameList {
    format: NameListFormat,
    names: Vec<ListedName>,
    problems: Vec<Problem>,
    /// How many problems there were besides.
    untold: u64,
    /// By folded spelling: which of the names.
    known: HashMap<String, Vec<usize>>,
}

impl NameList {
    fn take_mark(&mut self, bytes: &[u8]) -> Result<(), FormatError> {
        match Mark::at_start(bytes) {
            Some(Mark::Utf8) => {
                let place = Place { file_byte: Some(0), ..Place::default() };
                self.tell(Problem::new(place, Finding::MarkTakenOff));
                Ok(())
            }
            Some(other) => Err(FormatError::OtherEncoding { found: other.name() }),
            None => Ok(()),
        }
    }

    fn take_line(&mut self, text: &str, line: u64) {
        if text.trim().is_empty() && text.is_ascii() {
            // A name of nothing but spaces is written by accident, an empty line on purpose.
            if !text.is_empty() {
                self.say(line, Finding::BlankName { surface: text.to_owned() });
            }
            return;
        }
        let found = match self.format {
            NameListFormat::Lines => Ok(ListedName { surface: text.trim().to_owned(), label: None }),
            NameListFormat::Table => Ok(from_row(text)),
            NameListFormat::Patterns => from_pattern(text),
        };
        match found {
            // The names of the columns.
            Ok(name) if line == 1 && is_heading(&name) => {}
            Ok(name) => self.take(name, line),
            Err(finding) => self.say(line, finding),
        }
    }

    fn take(&mut self, name: ListedName, line: u64) {
        let Some(spelling) = Name::from_surface(&name.surface).map(|name| name.spelling()) else {
            return self.say(line, Finding::BlankName { surface: name.surface });
        };
        let same = self.known.entry(spelling).or_default();
        let others = || same.iter().filter_map(|number| self.names.get(*number));
        if others().any(|other| other.label == name.label) {
            return self.say(line, Finding::DoubleName { surface: name.surface });
        }
        let other = others().next().map(|other| other.label.clone().unwrap_or_default());
        same.push(self.names.len());
        if let Some(other) = other {
            let (surface, label) = (name.surface.clone(), name.label.clone().unwrap_or_default());
            self.say(line, Finding::OtherLabel { surface, label, other });
        }
        self.names.push(name);
    }

    fn say(&mut self, line: u64, finding: Finding) {
        self.tell(Problem::new(Place { line: Some(line), ..Place::default() }, finding));
    }

    fn tell(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.untold += 1;
        }
    }

    fn into_parts(mut self) -> (Vec<ListedName>, Vec<Problem>) {
        if self.untold > 0 {
            self.problems.push(Problem::new(Place::default(), Finding::MoreProblems { count: self.untold }));
        }
        (self.names, self.problems)
    }
}

fn is_heading(name: &ListedName) -> bool {
    name.surface.eq_ignore_ascii_case("name")
        && name.label.as_deref().is_some_and(|label| label.eq_ignore_ascii_case("label"))
}

/// A row of a table: fields apart by tabs, or by commas when there is no tab.
fn from_row(text: &str) -> ListedName {
    let comma = if text.contains('\t') { '\t' } else { ',' };
    let (surface, rest) = field(text, comma);
    let label = rest.map(|rest| field(rest, comma).0).filter(|label| !label.is_empty());
    ListedName { surface, label }
}

/// The first field of a row, out of its quotes, and what follows it.
fn field(row: &str, comma: char) -> (String, Option<&str>) {
    let Some(mut rest) = row.trim_start_matches(' ').strip_prefix('"') else {
        return match row.split_once(comma) {
            Some((field, rest)) => (field.trim().to_owned(), Some(rest)),
            None => (row.trim().to_owned(), None),
        };
    };
    let mut field = String::new();
    while let Some((part, after)) = rest.split_once('"') {
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(after) => {
                field.push('"');
                rest = after;
            }
            None => return (field.trim().to_owned(), after.split_once(comma).map(|(_, rest)| rest)),
        }
    }
    field.push_str(rest);
    (field.trim().to_owned(), None)
}

#[derive(Deserialize)]
struct RawPattern {
    label: Option<String>,
    pattern: RawTokens,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawTokens {
    Text(String),
    Tokens(Vec<serde_json::Map<String, serde_json::Value>>),
}

/// A pattern of Prodigy: a text, or tokens that each say their text.
fn from_pattern(text: &str) -> Result<ListedName, Finding> {
    let raw: RawPattern = serde_json::from_str(text).map_err(|error| Finding::RecordJson(JsonFault::from(&error)))?;
    let surface = match raw.pattern {
        RawTokens::Text(text) => text,
        RawTokens::Tokens(tokens) => {
            let words: Result<Vec<String>, Finding> = tokens.into_iter().map(word_from_token).collect();
            words?.join(" ")
        }
    };
    Ok(ListedName { surface, label: raw.label.filter(|label| !label.trim().is_empty()) })
}

/// The word of a token that says `lower`, `text` or `orth` and nothing else.
fn word_from_token(token: serde_json::Map<String, serde_json::Value>) -> Result<String, Finding> {
    let mut word = None;
    for (key, value) in token {
        match value {
            serde_json::Value::String(text)
                if ["lower", "text", "orth"].iter().any(|known| key.eq_ignore_ascii_case(known)) =>
            {
                word = Some(text);
            }
            _ => return Err(Finding::PatternKey { key }),
        }
    }
    word.ok_or_else(|| Finding::PatternKey { key: "{}".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: NameListFormat, file: &[u8], names: &[(&str, Option<&str>)], problems: &[&str]) {
        let (found, said) = read_names(file, format).unwrap();
        let found: Vec<_> = found.iter().map(|name| (name.surface.as_str(), name.label.as_deref())).collect();
        assert_eq!(found, names);
        assert_eq!(said.iter().map(ToString::to_string).collect::<Vec<_>>(), problems);
    }

    #[test]
    fn lines() {
        let twice = "line 5: the name \"ناجا \\u{200f}\" stands in the list twice; it was taken once";
        let file = "\u{FEFF}ناجا\r\n\r\n   \r\n«»\r\nناجا \u{200F}";
        check(
            NameListFormat::Lines,
            file.as_bytes(),
            &[("ناجا", None)],
            &[
                "byte 0: a UTF-8 byte order mark was taken off",
                "line 3: \"   \" is no name: there is no letter or digit in it; it was left out",
                "line 4: \"«»\" is no name: there is no letter or digit in it; it was left out",
                twice,
            ],
        );
    }

    #[test]
    fn a_long_line_is_left_out_and_many_problems_are_counted() {
        let limit = usize::try_from(MAX_LINE_BYTES).unwrap();
        let (fits, long) = ("a".repeat(limit), "ا".repeat(limit));
        let file = format!("ناجا\n{long}\n{fits}\nمهر");
        let problem = "line 2: the record is longer than 65536 bytes and was left out";
        check(NameListFormat::Lines, file.as_bytes(), &[("ناجا", None), (&fits, None), ("مهر", None)], &[problem]);
        let (names, problems) = read_names("a\n".repeat(MAX_PROBLEMS + 8).as_bytes(), NameListFormat::Lines).unwrap();
        assert_eq!((names.len(), problems.len()), (1, MAX_PROBLEMS + 1));
        assert_eq!(problems[MAX_PROBLEMS].to_string(), "there were 7 more problems");
    }

    #[test]
    fn tables() {
        let file = "name,label\n\"علی، \"\"پسر\"\"\",PER\nناجا , ORG ,x\nناجا,LOC\nمهر\n\"باز,PER";
        let conflict = "line 4: the name \"ناجا\" has the label \"LOC\" here and \"ORG\" before; both were taken";
        let names = [
            ("علی، \"پسر\"", Some("PER")),
            ("ناجا", Some("ORG")),
            ("ناجا", Some("LOC")),
            ("مهر", None),
            ("باز,PER", None),
        ];
        check(NameListFormat::Table, file.as_bytes(), &names, &[conflict]);
        check(NameListFormat::Table, "الف, ب\tORG\n".as_bytes(), &[("الف, ب", Some("ORG"))], &[]);
    }

    #[test]
    fn patterns() {
        let file = r#"{"label":"ORG","pattern":"ناجا"}
{"label":"ORG","pattern":[{"lower":"mehr"},{"TEXT":"News"}]}
{"label":"ORG","pattern":[{"lower":"a","OP":"+"}]}
{"label":"ORG"}
{"label":"#;
        check(
            NameListFormat::Patterns,
            file.as_bytes(),
            &[("ناجا", Some("ORG")), ("mehr News", Some("ORG"))],
            &[
                "line 3: the pattern says \"OP\", which is no text of a word; it was left out",
                "line 4: missing field `pattern`; the record was left out",
                "line 5: this is not valid JSON (EOF while parsing a value); the record was left out",
            ],
        );
    }

    #[test]
    fn other_encodings_are_said() {
        let fault = |bytes: &[u8]| read_names(bytes, NameListFormat::Lines).unwrap_err().to_string();
        assert_eq!(fault(b"ab\ncd\xFF"), "this is not UTF-8 text: the byte 0xFF at byte 5 (line 2) cannot be read");
        assert_eq!(fault(b"\xFF\xFEa\0"), "this file is in UTF-16 (little-endian); save it as UTF-8");
    }
}
