//! spaCy's JSON of version 2: writing articles as documents of one paragraph.
//!
//! Owns the writer. Every layer is a document of its own; an article without one has `-` for every tag. It must not hold more than one
//! record.

use crate::domain::offset::TokenSpan;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::domain::segmentation::Segmentation;
use crate::domain::tag_scheme::{TagScheme, tags_from_spans};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{RecordWriter, WriteOptions};
use crate::formats::json::array_output::ArrayOutput;
use crate::formats::losses::{Holding, WrittenLayers};
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::spacy::json_reader::{FACTS, KeptParagraph};
use crate::formats::tokens::kept::segmentation_of;
use crate::formats::tokens::mentions::{TokenMention, flat_token_mentions};
use crate::formats::tokens::spaced::SpacedWords;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::Write;

#[derive(Serialize)]
struct WrittenDoc<'a> {
    id: Option<&'a str>,
    paragraphs: [WrittenParagraph<'a>; 1],
}

#[derive(Serialize)]
struct WrittenParagraph<'a> {
    raw: &'a str,
    sentences: Vec<WrittenSentence<'a>>,
    cats: &'a [Value],
    entities: Vec<(usize, usize, &'a str)>,
}

#[derive(Serialize)]
struct WrittenSentence<'a> {
    tokens: Vec<WrittenToken<'a>>,
    brackets: [(); 0],
}

#[derive(Serialize)]
struct WrittenToken<'a> {
    id: usize,
    orth: &'a str,
    space: &'static str,
    ner: String,
    #[serde(flatten)]
    others: Option<&'a Map<String, Value>>,
}

/// The writer: an array with a document a line.
pub struct SpacyJsonWriter {
    output: ArrayOutput<Box<dyn Write + Send>>,
    options: WriteOptions,
    records: u64,
}

impl SpacyJsonWriter {
    /// A writer into `output`.
    #[must_use]
    pub fn new(output: Box<dyn Write + Send>, options: &WriteOptions) -> Self {
        Self { output: ArrayOutput::new(output), options: options.clone(), records: 0 }
    }

    fn write_doc(
        &mut self,
        record: &ArticleRecord,
        layer: Option<&LayerRecord>,
        (cut, words): (&Segmentation, &SpacedWords),
        kept: &KeptParagraph,
        problems: &mut Vec<Problem>,
    ) -> Result<(), FormatError> {
        let place = Place { record: Some(self.records), ..Place::default() };
        let marks = marks(layer, cut, words, &self.options, place, problems);
        let all = words.all();
        let mut tags = match layer {
            Some(_) => tags_from_spans(all.len(), &marks, TagScheme::Bilou),
            None => vec!["-".to_owned(); all.len()],
        };
        let tokens: Vec<WrittenToken<'_>> = (all.iter().zip(&mut tags).enumerate())
            .map(|(id, (word, tag))| WrittenToken {
                id,
                orth: word.token.bytes.slice(&record.text).unwrap_or_default(),
                space: if word.has_space { " " } else { "" },
                ner: std::mem::take(tag),
                others: kept.tokens.get(id),
            })
            .collect();
        let entities = marks
            .iter()
            .filter_map(|(tokens, label)| {
                let covered = all.get(tokens.range())?;
                Some((covered.first()?.token.span.start.get(), covered.last()?.token.span.end.get(), *label))
            })
            .collect();
        let sentences = sentences(tokens, cut, words);
        let paragraph = WrittenParagraph { raw: &record.text, sentences, cats: &kept.cats, entities };
        let doc = WrittenDoc { id: record.name.as_deref(), paragraphs: [paragraph] };
        self.output.write(&doc)
    }
}

/// The mentions of a layer by their words, none of which share one.
fn marks<'a>(
    layer: Option<&'a LayerRecord>,
    cut: &Segmentation,
    words: &SpacedWords,
    options: &WriteOptions,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<(TokenSpan, &'a str)> {
    let mentions = layer.map_or(&[][..], |layer| &layer.mentions);
    let flat = flat_token_mentions(cut, mentions, options.align, options.nesting, place, problems);
    let on_words =
        |(tokens, mention): TokenMention<'a>| Some((words.words_from_tokens(tokens)?, mention.label.as_str()));
    flat.into_iter().filter_map(on_words).collect()
}

/// The words as sentences; white space belongs to the sentence before it.
fn sentences<'a>(tokens: Vec<WrittenToken<'a>>, cut: &Segmentation, words: &SpacedWords) -> Vec<WrittenSentence<'a>> {
    let starts = cut.sentences().iter().skip(1).filter_map(|sentence| {
        let first = TokenSpan { start: sentence.start, end: sentence.start.plus(1) };
        words.words_from_tokens(first).map(|words| words.start.get())
    });
    let mut starts = starts.peekable();
    let mut all = vec![WrittenSentence { tokens: Vec::new(), brackets: [] }];
    for token in tokens {
        if starts.next_if(|start| *start == token.id).is_some() {
            all.push(WrittenSentence { tokens: Vec::new(), brackets: [] });
        }
        if let Some(last) = all.last_mut() {
            last.tokens.push(token);
        }
    }
    all
}

impl RecordWriter for SpacyJsonWriter {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.records += 1;
        let place = Place { record: Some(self.records), ..Place::default() };
        // A second layer is a document of its own.
        let holding = Holding { layers: WrittenLayers::All, ..Holding::of(&FACTS) };
        problems.extend(holding.losses(record, place));
        let cut = segmentation_of(record);
        let words = SpacedWords::of_text(&record.text, &cut);
        let kept = record.carried_for(FACTS.name).and_then(|data| serde_json::from_str::<KeptParagraph>(data).ok());
        let mut kept = kept.unwrap_or_default();
        if !kept.tokens.is_empty() && kept.tokens.len() != words.all().len() {
            kept.tokens.clear();
            problems.push(Problem::foreign(place, Foreign::NotHeld { what: Held::TokenColumn, count: 1 }));
        }
        if record.layers.is_empty() {
            return self.write_doc(record, None, (&cut, &words), &kept, problems);
        }
        (record.layers.iter())
            .try_for_each(|layer| self.write_doc(record, Some(layer), (&cut, &words), &kept, problems))
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        self.output.finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::formats::format::{Format, ReadOptions};
    use crate::formats::problem::Severity;
    use crate::formats::trial::{article, articles, read, round_trip, said};
    use proptest::prelude::*;

    fn check(file: &str, text: &str, mentions: &[&str], problems: &[&str]) {
        let (records, found) = read(Format::SPACY_JSON, file, &ReadOptions::default()).unwrap();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, problems, "{file}");
        let texts: Vec<&str> = records.iter().map(|record| record.text.as_str()).collect();
        assert_eq!(texts.join("|"), text, "{file}");
        assert_eq!(records.iter().flat_map(said).collect::<Vec<_>>(), mentions, "{file}");
    }

    fn doc(raw: &str, tokens: &str) -> String {
        format!(r#"[{{"id":1,"paragraphs":[{{{raw}"sentences":[{{"tokens":[{tokens}]}}]}}]}}]"#)
    }

    #[test]
    fn tags_stand_on_tokens() {
        let tokens = r#"{"orth":"علی","ner":"B-PER"},{"orth":"رضا","ner":"L-PER"},{"orth":".","ner":"-"}"#;
        let unknown = "record 1, line 1: the file does not know the tags of 1 tokens; they were read as O";
        check(&doc(r#""raw":"علی\n رضا.","#, tokens), "علی\n رضا.", &["PER 0..8"], &[unknown]);
        let rebuilt = "record 1, line 1: the file has tokens and no whole text: the text was rebuilt from them, with spaces and line breaks where it says nothing";
        check(&doc("", tokens), "علی رضا .", &["PER 0..7"], &[rebuilt, unknown]);
        let wrong = "record 1, line 1: this cannot be read (the token \"علی\" does not stand in the text where it must); it was left out";
        check(&doc(r#""raw":"a","#, tokens), "", &[], &[wrong]);
        check(
            &doc("", r#"{"orth":"a","ner":"nope","space":""},{"orth":"b","ner":"I-X","space":""}"#),
            "ab",
            &["X 1..2"],
            &[
                "record 1, line 1: \"nope\" is no tag; it was read as O",
                "record 1, line 1: the tag \"I-X\" goes on with a mention that did not begin; it was taken as its beginning",
            ],
        );
        check(&doc("", r#"{"orth":"a","ner":"-","space":""}"#), "a", &[], &[]);
        let quoted =
            r#"{"orth":"``","ner":"O"},{"orth":"a","ner":"U-X"},{"orth":"''","ner":"O"},{"orth":"-LRB-","ner":"O"}"#;
        check(&doc(r#""raw":"\"a\" (","#, quoted), "\"a\" (", &["X 1..2"], &[]);
    }

    #[test]
    fn the_content_says_the_format() {
        use crate::formats::sniff::Sniff;
        let detect = |head: &str| Format::detect(&Sniff::of_file("train.json", head.as_bytes()));
        assert_eq!(detect(&doc("", r#"{"orth":"a"}"#)), Some(Format::SPACY_JSON));
        assert_eq!(detect(r#"[{"text":"a","paragraphs":1}]"#), Some(Format::JSON));
    }

    #[test]
    fn columns_and_categories_come_back() {
        let file = r#"[{"id":"x","paragraphs":[{"raw":"a b","sentences":[{"tokens":[{"orth":"a","tag":"N","head":1},{"orth":"b"}]}],"cats":[{"label":"c","value":1.0}]}]}]"#;
        let (records, found) = read(Format::SPACY_JSON, file, &ReadOptions::default()).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        let (again, _) = round_trip(Format::SPACY_JSON, &records);
        assert_eq!(again, records);
    }

    #[test]
    fn what_overlaps_is_said() {
        let (records, found) =
            round_trip(Format::SPACY_JSON, &[article("a", "a b c", &[(0, 3, "X"), (0, 1, "Y"), (2, 5, "Z")])]);
        assert_eq!(said(&records[0]), ["X 0..3"]);
        assert_eq!(
            found,
            [
                "record 1: Y at 0..1 was left out: this format cannot hold nested mentions",
                "record 1: Z at 2..5 was left out: this format cannot hold overlapping mentions",
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_was_written_is_read_back(records in articles()) {
            let (first, _) = round_trip(Format::SPACY_JSON, &records);
            for (read, record) in first.iter().zip(&records) {
                prop_assert_eq!((&read.text, &read.name), (&record.text, &record.name));
            }
            // Mentions stand on tokens and do not overlap now.
            let (second, found) = round_trip(Format::SPACY_JSON, &first);
            prop_assert!(found.is_empty(), "{:?}", found);
            prop_assert_eq!(second, first);
        }

        #[test]
        fn no_bytes_make_the_reader_fail_to_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut file = br#"[{"paragraphs":[{"raw":"a b","entities":["#.to_vec();
            file.extend(bytes);
            if let Ok((records, problems)) = read(Format::SPACY_JSON, file, &ReadOptions::default()) {
                prop_assert!(!records.is_empty() || problems.iter().any(|p| p.finding.severity() == Severity::Fault));
            }
        }
    }
}
