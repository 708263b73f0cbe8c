//! spaCy's JSON of version 2: reading paragraphs of tagged tokens as articles.
//!
//! Owns the row, the reader and the shape of a record: `[{"id", "paragraphs": [{"raw", "sentences": [{"tokens": [{"orth", "space",
//! "ner", …}]}], "cats", "entities"}]}]`. It must not move a tag to another token. The source of the format is
//! `spacy/training/gold_io.pyx` of explosion/spaCy 3.8.
//!
//! A paragraph is an article. `ner` holds BILUO tags; `-` says that a token's tag is not known. `entities` counts code points and says
//! the same once more: what it has besides is taken too.

use crate::domain::article::check_text;
use crate::domain::mention::Origin;
use crate::domain::offset::Span;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, Carried, LayerRecord, MentionRecord};
use crate::domain::tag_scheme::{Tag, TagScheme, spans_from_tags};
use crate::formats::decoding::{as_u64, oddities};
use crate::formats::files::{Input, Sink, Source};
use crate::formats::finding::{Finding, Misfit, SpanFault, cut};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::json_frame::{Frames, Layout};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::spacy::json_writer::SpacyJsonWriter;
use crate::formats::tokens::kept::kept_tokens;
use crate::formats::unsaid_status::unsaid_status;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::VecDeque;

/// The row of spaCy's JSON of version 2.
pub static FACTS: FormatFacts = FormatFacts {
    name: "spacy-json",
    title: "spaCy 2 JSON, paragraphs of tagged tokens",
    endings: &["json"],
    container: Container::File,
    unit: Unit::Tokens,
    holds: &[Held::Name, Held::Category, Held::TokenColumn, Held::WhiteSpace, Held::Character],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(SpacyJsonReader::new(source, options)?))),
    writer: Some(|sink: Sink, options| Ok(Box::new(SpacyJsonWriter::new(sink.one("spacy-json")?, options)))),
    detect,
    companions: None,
};

fn detect(sniff: &Sniff) -> Likeness {
    match &sniff.json {
        Some(json)
            if json.has(&["paragraphs"]) && json.inner_keys.iter().any(|key| key == "sentences" || key == "raw") =>
        {
            Likeness::Sure
        }
        _ => Likeness::No,
    }
}

/// What of a paragraph is kept aside with the article.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptParagraph {
    /// `cats`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cats: Vec<Value>,
    /// For every token, the keys besides those that say its word and tag; empty when no token has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<Map<String, Value>>,
}

#[derive(Deserialize)]
struct RawDoc {
    id: Option<Value>,
    paragraphs: Vec<RawParagraph>,
}

#[derive(Deserialize)]
struct RawParagraph {
    raw: Option<String>,
    #[serde(default)]
    sentences: Vec<RawSentence>,
    #[serde(default)]
    cats: Vec<Value>,
    #[serde(default)]
    entities: Vec<(u64, u64, String)>,
}

#[derive(Deserialize)]
struct RawSentence {
    tokens: Vec<RawToken>,
}

#[derive(Deserialize)]
struct RawToken {
    orth: String,
    space: Option<String>,
    ner: Option<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// The reader. Memory holds one document of the file, which may have many paragraphs.
///
/// ```
/// use barchasb::formats::files::Source;
/// use barchasb::formats::format::{Format, ReadOptions, open_reader};
/// let file = r#"[{"id":7,"paragraphs":[{"raw":"علی آمد","sentences":[{"tokens":[{"orth":"علی","ner":"U-PER"},{"orth":"آمد","ner":"O"}]}]}]}]"#;
/// let mut reader = open_reader(Format::SPACY_JSON, Source::from_bytes(file), &ReadOptions::default()).unwrap();
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!((article.name.as_deref(), article.layers[0].mentions[0].span.to_string()), (Some("7"), "0..3".into()));
/// ```
pub struct SpacyJsonReader {
    frames: Frames<Box<dyn Input>>,
    waiting: VecDeque<(Place, Option<String>, RawParagraph)>,
    strict_tags: bool,
    is_rebuilt_said: bool,
}

impl SpacyJsonReader {
    /// A reader of the file in `source`.
    ///
    /// # Errors
    /// [`FormatError::Container`] when there are several files.
    pub fn new(source: Source, options: &ReadOptions) -> Result<Self, FormatError> {
        let frames = Frames::new(source.one("spacy-json")?, Layout::Values, options.limits);
        Ok(Self { frames, waiting: VecDeque::new(), strict_tags: options.strict_tags, is_rebuilt_said: false })
    }

    fn record_from_raw(
        &mut self,
        (place, name, raw): (Place, Option<String>, RawParagraph),
        problems: &mut Vec<Problem>,
    ) -> Result<ArticleRecord, Finding> {
        let lengths: Vec<usize> = raw.sentences.iter().map(|sentence| sentence.tokens.len()).collect();
        let mut tokens: Vec<RawToken> = raw.sentences.into_iter().flat_map(|sentence| sentence.tokens).collect();
        let is_rebuilt = raw.raw.is_none();
        let (text, spans) = match raw.raw {
            Some(text) => {
                let spans = places(&text, &tokens)?;
                (text, spans)
            }
            None => joined(&tokens),
        };
        check_text(&text).map_err(Finding::BadText)?;
        if is_rebuilt && !self.is_rebuilt_said && tokens.iter().any(|token| token.space.is_none()) {
            self.is_rebuilt_said = true;
            problems.push(Problem::foreign(place, Foreign::Rebuilt));
        }
        problems.extend(oddities(&text, place));
        let (mut mentions, is_tagged) = self.mentions(&tokens, &spans, place, problems);
        let map = OffsetMap::new(&text);
        for (index, (start, end, label)) in raw.entities.iter().enumerate() {
            let unit = OffsetUnit::CodePoint;
            let Some(span) = unit.span_from_units(&map, *start, *end) else {
                let (label, misfit) = (label.clone(), Misfit::OutOfText);
                let fault = SpanFault::Misfit { label, start: *start, end: *end, unit, misfit };
                problems.push(Problem::new(place, Finding::SpanLeftOut { number: as_u64(index + 1), fault }));
                continue;
            };
            if !label.trim().is_empty() && !mentions.iter().any(|m| m.span == span && m.label == *label) {
                mentions.push(mention(span, label));
            }
        }
        let status = unsaid_status(&mentions);
        let is_bare = !is_tagged && mentions.is_empty();
        let layer = LayerRecord { status, mentions, ..LayerRecord::default() };
        let mut record = ArticleRecord {
            name,
            text,
            layers: if is_bare { Vec::new() } else { vec![layer] },
            ..ArticleRecord::default()
        };
        let mut rest = spans.iter().copied();
        let words = |span: &Span| map.bytes_from_span(*span).and_then(|bytes| bytes.slice(&record.text));
        let sentences: Vec<Vec<Span>> = lengths
            .iter()
            .map(|count| {
                rest.by_ref().take(*count).filter(|span| words(span).is_some_and(|w| !w.trim().is_empty())).collect()
            })
            .collect();
        record.carried.push(kept_tokens(&sentences));
        record.carried.extend(kept(&mut tokens, raw.cats, place, problems));
        Ok(record)
    }

    /// The mentions that the tags say, and whether any tag is known.
    fn mentions(
        &self,
        tokens: &[RawToken],
        spans: &[Span],
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> (Vec<MentionRecord>, bool) {
        let unknown = tokens.iter().filter(|token| is_unknown(token)).count();
        if unknown == tokens.len() {
            return (Vec::new(), false);
        }
        if unknown > 0 {
            problems.push(Problem::foreign(place, Foreign::UnknownTags { count: as_u64(unknown) }));
        }
        let tag = |token: &'_ RawToken| -> Option<()> {
            Tag::from_text(token.ner.as_deref().unwrap_or_default()).map(|_| ())
        };
        for token in tokens.iter().filter(|token| !is_unknown(token) && tag(token).is_none()) {
            let tag = cut(token.ner.as_deref().unwrap_or_default());
            problems.push(Problem::foreign(place, Foreign::BadTag { tag }));
        }
        let tags: Vec<Tag<'_>> = tokens
            .iter()
            .map(|token| match token.ner.as_deref() {
                Some(tag) if !is_unknown(token) => Tag::from_text(tag).unwrap_or(Tag::Outside),
                _ => Tag::Outside,
            })
            .collect();
        let mut mentions = Vec::new();
        for found in spans_from_tags(&tags, TagScheme::Bilou) {
            if found.is_orphan {
                let tag = format!("I-{}", found.label);
                let strict = self.strict_tags;
                let finding = if strict { Foreign::OrphanLeftOut { tag } } else { Foreign::OrphanTaken { tag } };
                problems.push(Problem::foreign(place, finding));
                if strict {
                    continue;
                }
            }
            let covered = spans.get(found.tokens.range()).unwrap_or_default();
            if let (Some(first), Some(last)) = (covered.first(), covered.last()) {
                mentions.push(mention(Span::new(first.start, last.end), found.label));
            }
        }
        (mentions, true)
    }
}

impl RecordReader for SpacyJsonReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        loop {
            while let Some(raw) = self.waiting.pop_front() {
                let place = raw.0;
                match self.record_from_raw(raw, problems) {
                    Ok(record) => return Ok(Some(record)),
                    Err(finding) => problems.push(Problem::new(place, finding)),
                }
            }
            let Some(frame) = self.frames.next_frame(problems)? else { return Ok(None) };
            match frame.parse::<RawDoc>() {
                Ok(doc) => {
                    let id = doc.id.as_ref().and_then(name_from_value);
                    let many = doc.paragraphs.len() > 1;
                    for (number, paragraph) in doc.paragraphs.into_iter().enumerate() {
                        // Paragraphs of one document share its id.
                        let name = id.as_ref().map(|id| if many { format!("{id}-{}", number + 1) } else { id.clone() });
                        self.waiting.push_back((frame.place(), name, paragraph));
                    }
                }
                Err(problem) => problems.push(*problem),
            }
        }
    }
}

fn is_unknown(token: &RawToken) -> bool {
    matches!(token.ner.as_deref(), None | Some("-" | ""))
}

fn mention(span: Span, label: &str) -> MentionRecord {
    MentionRecord { span, label: label.to_owned(), note: None, origin: Origin::Import }
}

fn name_from_value(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.clone()).filter(|name| !name.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Where the words of the tokens stand in the text: in order, with nothing but white space between.
fn places(text: &str, tokens: &[RawToken]) -> Result<Vec<Span>, Finding> {
    let mut spans = Vec::with_capacity(tokens.len());
    let (mut rest, mut at) = (text, 0);
    for token in tokens {
        let orth = token.orth.as_str();
        let (after, chars) = loop {
            let stands = [Some(orth), unescaped(orth)].into_iter().flatten().find(|word| rest.starts_with(word));
            if let Some(word) = stands {
                break (rest.get(word.len()..).unwrap_or_default(), word.chars().count());
            }
            let mut chars = rest.chars();
            match chars.next() {
                Some(c) if c.is_whitespace() => (rest, at) = (chars.as_str(), at + 1),
                _ => {
                    let words = format!("the token {:?} does not stand in the text where it must", cut(orth));
                    return Err(Finding::Foreign(Foreign::Unreadable { words }));
                }
            }
        };
        spans.push(Span::from_chars(at, at + chars));
        (rest, at) = (after, at + chars);
    }
    Ok(spans)
}

/// What stands in the text for a token that the Penn Treebank writes in another way, as spaCy's own example does.
fn unescaped(orth: &str) -> Option<&'static str> {
    match orth {
        "``" | "''" => Some("\""),
        "-LRB-" => Some("("),
        "-RRB-" => Some(")"),
        "-LSB-" => Some("["),
        "-RSB-" => Some("]"),
        "-LCB-" => Some("{"),
        "-RCB-" => Some("}"),
        _ => None,
    }
}

/// The text of tokens, each with the space that it says, or else one between two.
fn joined(tokens: &[RawToken]) -> (String, Vec<Span>) {
    let (mut text, mut spans, mut at) = (String::new(), Vec::with_capacity(tokens.len()), 0);
    for (index, token) in tokens.iter().enumerate() {
        let end = at + token.orth.chars().count();
        spans.push(Span::from_chars(at, end));
        let between = if index + 1 < tokens.len() { " " } else { "" };
        let space = token.space.as_deref().unwrap_or(between);
        text.push_str(&token.orth);
        text.push_str(space);
        at = end + space.chars().count();
    }
    (text, spans)
}

/// What is kept aside, and that it is.
fn kept(tokens: &mut [RawToken], cats: Vec<Value>, place: Place, problems: &mut Vec<Problem>) -> Option<Carried> {
    // Numbers of tokens say nothing that their order does not.
    tokens.iter_mut().for_each(|token| drop(token.others.shift_remove("id")));
    let columns = tokens.iter().map(|token| token.others.len()).max().unwrap_or_default();
    for (what, count) in [(Held::Category, cats.len()), (Held::TokenColumn, columns)] {
        if count > 0 {
            problems.push(Problem::foreign(place, Foreign::Carried { what, count: as_u64(count) }));
        }
    }
    let tokens = tokens.iter_mut().filter(|_| columns > 0).map(|token| std::mem::take(&mut token.others)).collect();
    let kept = KeptParagraph { cats, tokens };
    let data = serde_json::to_string(&kept).ok().filter(|_| kept != KeptParagraph::default())?;
    Some(Carried { format: FACTS.name.to_owned(), data })
}
