//! The training data of GLiNER: rows of tokens with spans of token indices.
//!
//! Owns its row and reader. A row is `{"tokenized_text": [...], "ner": [[start, end, "label"]]}`, `end` being the index of the last token;
//! rows stand in an array or one a line. Files in the wild have indices as texts and labels in quotes. Further keys of our own
//! ([`writer`](super::writer)) put the article together again.

use crate::domain::offset::TokenSpan;
use crate::domain::record::ArticleRecord;
use crate::formats::files::Source;
use crate::formats::finding::{Finding, cut};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::gliner::writer::GlinerWriter;
use crate::formats::json_frame::{Frames, Layout};
use crate::formats::json_meta::merge;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{HEAD_BYTES, Likeness, Sniff};
use crate::formats::tokens::rows::{RowArticles, TokenRow};
use crate::formats::training_record::{Name, once};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;
use std::io::{Read, Seek, SeekFrom};

/// The row of GLiNER.
pub static FACTS: FormatFacts = FormatFacts {
    name: "gliner",
    title: "GLiNER training data",
    endings: &["json", "jsonl"],
    container: Container::File,
    unit: Unit::Tokens,
    holds: &[
        Held::Overlap,
        Held::Nesting,
        Held::Status,
        Held::Annotator,
        Held::SecondLayer,
        Held::Meta,
        Held::Name,
        Held::WhiteSpace,
        Held::Character,
        Held::EmptyArticle,
    ],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(GlinerReader::new(source.one("gliner")?, options)?))),
    writer: Some(|sink, options| Ok(Box::new(GlinerWriter::new(sink.one("gliner")?, options)))),
    detect,
    companions: None,
};

fn detect(sniff: &Sniff) -> Likeness {
    match &sniff.json {
        Some(json) if json.has(&["tokenized_text"]) => Likeness::Sure,
        _ => Likeness::No,
    }
}

/// How many unknown keys are named.
const MAX_KEYS_SAID: usize = 1_000;

/// A row before it is checked.
#[derive(Debug, Default)]
struct RawRow {
    tokens: Option<Vec<String>>,
    spans: Vec<Box<RawValue>>,
    text: Option<String>,
    id: Option<String>,
    sentence: Option<u64>,
    annotator: Option<String>,
    status: Option<String>,
    meta: Option<Box<RawValue>>,
    extra: Vec<(String, Box<RawValue>)>,
}

impl<'de> Deserialize<'de> for RawRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RowVisitor;
        impl<'de> Visitor<'de> for RowVisitor {
            type Value = RawRow;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with tokenized_text and ner")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawRow, A::Error> {
                let mut row = RawRow::default();
                let (mut id, mut spans) = (None::<Name>, None);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "tokenized_text" => once(&mut row.tokens, &mut map, "tokenized_text")?,
                        "ner" => once(&mut spans, &mut map, "ner")?,
                        "text" => once(&mut row.text, &mut map, "text")?,
                        "id" => once(&mut id, &mut map, "id")?,
                        "sentence" => once(&mut row.sentence, &mut map, "sentence")?,
                        "annotator" => once(&mut row.annotator, &mut map, "annotator")?,
                        "status" => once(&mut row.status, &mut map, "status")?,
                        "meta" => once(&mut row.meta, &mut map, "meta")?,
                        _ => row.extra.push((key, map.next_value()?)),
                    }
                }
                row.id = id.map(|id| id.0);
                row.spans = spans.unwrap_or_default();
                Ok(row)
            }
        }
        deserializer.deserialize_map(RowVisitor)
    }
}

/// The index of a token: a whole number, or its digits as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Index {
    Number(usize),
    Digits(String),
}

impl Index {
    fn get(&self) -> Option<usize> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Digits(digits) => digits.trim().parse().ok(),
        }
    }
}

/// The reader of GLiNER's training data.
///
/// ```
/// use barchasb::formats::format::{ReadOptions, RecordReader};
/// use barchasb::formats::gliner::reader::GlinerReader;
/// use std::io::Cursor;
/// let file = r#"[{"tokenized_text": ["علی", "آمد"], "ner": [["0", "0", "\"person\""]]}]"#;
/// let mut reader = GlinerReader::new(Cursor::new(file), &ReadOptions::default()).unwrap();
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!((article.text.as_str(), article.layers[0].mentions[0].label.as_str()), ("علی آمد", "person"));
/// ```
#[derive(Debug)]
pub struct GlinerReader<R> {
    frames: Frames<R>,
    articles: RowArticles,
    keys_said: HashSet<String>,
    at_end: bool,
}

impl<R: Read + Seek> GlinerReader<R> {
    /// A reader of `input`.
    ///
    /// # Errors
    /// [`FormatError`] when the input cannot be read.
    pub fn new(mut input: R, options: &ReadOptions) -> Result<Self, FormatError> {
        let mut head = Vec::new();
        input.by_ref().take(u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX)).read_to_end(&mut head)?;
        input.seek(SeekFrom::Start(0))?;
        let is_lines = Sniff::of_file("", &head).json.is_some_and(|json| json.is_lines);
        let layout = if is_lines { Layout::Lines } else { Layout::Values };
        Ok(Self {
            frames: Frames::new(input, layout, options.limits),
            articles: RowArticles::new(options.sentences),
            keys_said: HashSet::new(),
            at_end: false,
        })
    }
}

impl<R: Read + Send> RecordReader for GlinerReader<R> {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        while !self.at_end {
            let Some(frame) = self.frames.next_frame(problems)? else {
                self.at_end = true;
                return Ok(self.articles.finish(problems));
            };
            match frame.parse::<RawRow>() {
                Ok(raw) => {
                    if let Some(article) = self.add(&raw, frame.place(), problems) {
                        return Ok(Some(article));
                    }
                }
                Err(problem) => problems.push(*problem),
            }
        }
        Ok(None)
    }
}

impl<R: Read> GlinerReader<R> {
    fn add(&mut self, raw: &RawRow, place: Place, problems: &mut Vec<Problem>) -> Option<ArticleRecord> {
        let Some(tokens) = &raw.tokens else {
            problems.push(Problem::new(place, Finding::NoText));
            return None;
        };
        for (key, _) in &raw.extra {
            if self.keys_said.len() < MAX_KEYS_SAID && self.keys_said.insert(key.clone()) {
                problems.push(Problem::new(place, Finding::UnknownKey { key: key.clone() }));
            }
        }
        let mut mentions = Vec::with_capacity(raw.spans.len());
        for span in &raw.spans {
            match mention_from_json(span.get(), tokens.len()) {
                Ok(mention) => mentions.push(mention),
                Err(words) => problems.push(Problem::foreign(place, Foreign::Unreadable { words })),
            }
        }
        let row = TokenRow {
            tokens: tokens.iter().map(String::as_str).collect(),
            text: raw.text.as_deref(),
            name: raw.id.as_deref().filter(|name| !name.trim().is_empty()).map(Into::into),
            sentence: raw.sentence,
            annotator: raw.annotator.as_deref().filter(|name| !name.trim().is_empty()),
            status: raw.status.as_deref(),
            meta: merge(raw.meta.as_deref(), &raw.extra),
            mentions,
            place,
            file: None,
        };
        self.articles.add(&row, problems)
    }
}

/// The tokens and the label of a span; what is wrong with it otherwise.
fn mention_from_json(json: &str, tokens: usize) -> Result<(TokenSpan, String), String> {
    let bad = |why: &str| format!("the span {} {why}", cut(json));
    let (start, end, label): (Index, Index, String) =
        serde_json::from_str(json).map_err(|_| bad("is not [first token, last token, label]"))?;
    let (Some(start), Some(last)) = (start.get(), end.get()) else { return Err(bad("has an index that is no number")) };
    if start > last || last >= tokens {
        return Err(bad(&format!("does not fit {tokens} tokens")));
    }
    let bare = label.strip_prefix('"').and_then(|label| label.strip_suffix('"')).unwrap_or(&label);
    if bare.trim().is_empty() {
        return Err(bad("has no label"));
    }
    Ok((TokenSpan::from_tokens(start, last + 1), bare.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::formats::trial::{read, said};

    fn check(file: &str, expected: &[(&str, &[&str])], problems: &[&str]) {
        let (records, found) = read(Format::GLINER, file, &ReadOptions::default()).unwrap();
        let records: Vec<(&str, Vec<String>)> = records.iter().map(|r| (r.text.as_str(), said(r))).collect();
        let expected: Vec<_> = expected.iter().map(|(t, m)| (*t, m.iter().map(|m| (*m).into()).collect())).collect();
        assert_eq!(records, expected, "{file}");
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems, "{file}");
    }

    const REBUILT: &str = "record 1, line 1: the file has tokens and no whole text: the text was rebuilt from them, with spaces and line breaks where it says nothing";

    #[test]
    fn ends_are_the_last_token() {
        let row = r#"{"tokenized_text":["a","bc","d"],"ner":[[1,2,"x y"],["0","1","\"z\""],[1,1,"w"]]}"#;
        let spans: &[&str] = &["x y 2..6", "z 0..4", "w 2..4"];
        check(&format!("[{row}]"), &[("a bc d", spans)], &[REBUILT]);
        check(&format!("{row}\n{row}\n"), &[("a bc d", spans), ("a bc d", spans)], &[REBUILT]);
    }

    #[test]
    fn a_span_that_does_not_fit_is_said_and_the_others_stay() {
        let file = r#"[{"tokenized_text":["a","b"],"ner":[[0,2,"x"],[1,0,"x"],[-1,0,"x"],["b",0,"x"],[0,0,"\" \""],{},[1,1,"y"]]},
            {"ner":[]},{"tokenized_text":"a b"}]"#;
        let at = |what: &str| format!("record 1, line 1: this cannot be read (the span {what}); it was left out");
        check(
            file,
            &[("a b", &["y 2..3"])],
            &[
                &at("[0,2,\"x\"] does not fit 2 tokens"),
                &at("[1,0,\"x\"] does not fit 2 tokens"),
                &at("[-1,0,\"x\"] is not [first token, last token, label]"),
                &at("[\"b\",0,\"x\"] has an index that is no number"),
                &at("[0,0,\"\\\" \\\"\"] has no label"),
                &at("{} is not [first token, last token, label]"),
                REBUILT,
                "record 2, line 2: the record has no text and was left out",
                "record 3, line 2, column 46: invalid type: string \"a b\", expected a sequence; the record was left out",
            ],
        );
    }

    #[test]
    fn other_keys_are_kept_in_meta_and_the_format_is_told_by_its_key() {
        let file = r#"[{"tokenized_text":["a"],"ner":[],"negatives":["x"]}]"#;
        let (records, _) = read(Format::GLINER, file, &ReadOptions::default()).unwrap();
        assert_eq!(records[0].meta, r#"{"negatives":["x"]}"#);
        assert!(records[0].layers.is_empty());
        assert_eq!(Format::detect(&Sniff::of_file("x.json", file.as_bytes())), Some(Format::GLINER));
    }
}
