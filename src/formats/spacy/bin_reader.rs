//! spaCy's DocBin (`.spacy`): reading documents as articles.
//!
//! Owns the row and the reader. It must not unpack columns, and repairs nothing.
//!
//! - The text is the tokens joined with their spaces, to the letter.
//! - Entities become mentions, and so do the spans of the group `sc` that are no entities. Other groups are kept aside.
//! - ENT_IOB 0 says that a token's tag is not known. A document in which no tag is known was labelled by no one: it gets no layer.
//! - The program's own `id`, `annotator`, `status` and `meta` stand in a document's `user_data`.

use crate::domain::article::check_text;
use crate::domain::layer::Status;
use crate::domain::mention::Origin;
use crate::domain::offset::{MAX_TEXT_BYTES, Span, TokenSpan};
use crate::domain::record::{ArticleRecord, Carried, LayerRecord, MentionRecord};
use crate::domain::tag_scheme::{Tag, TagScheme, spans_from_tags};
use crate::formats::decoding::{as_u64, oddities};
use crate::formats::files::{Sink, Source};
use crate::formats::finding::{Finding, Misfit, SpanFault};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::spacy::bin_file::{BinFile, ENT_IOB, ENT_TYPE, NORM, ORTH, RawDoc, SENT_START};
use crate::formats::spacy::bin_writer::SpacyBinWriter;
use crate::formats::spacy::carried::{
    KeptDoc, KeptGroup, KeptSpan, RawGroup, SPANS_KEY, hex, unpacked_groups, unpacked_user_data,
};
use crate::formats::spacy::message_pack::{Head, Unpacker};
use crate::formats::tokens::kept::kept_tokens;
use crate::formats::unsaid_status::unsaid_status;
use std::collections::{BTreeSet, HashSet};

/// The row of spaCy's DocBin.
pub static FACTS: FormatFacts = FormatFacts {
    name: "spacy",
    title: "spaCy DocBin, training data of spaCy 3",
    endings: &["spacy"],
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
        Held::Category,
        Held::OtherAnnotation,
        Held::WhiteSpace,
        Held::Character,
    ],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(SpacyBinReader::new(source, options)?))),
    writer: Some(|sink: Sink, options| Ok(Box::new(SpacyBinWriter::new(sink.one("spacy")?, options)))),
    detect,
    companions: None,
};

/// The content says it: a zlib stream that begins with a map and a key of a DocBin.
fn detect(sniff: &Sniff) -> Likeness {
    let is_bin = || {
        let mut bin = Unpacker::new(flate2::read::ZlibDecoder::new(sniff.head.as_slice()));
        bin.map().ok()?;
        let key = bin.text(64).ok()?;
        matches!(key.as_str(), "version" | "attrs" | "tokens" | "lengths" | "strings").then_some(())
    };
    match (sniff.head.starts_with(&[0x78]) && is_bin().is_some(), sniff.ending() == "spacy" && !sniff.is_folder()) {
        (true, _) => Likeness::Sure,
        (false, true) => Likeness::Likely,
        (false, false) => Likeness::No,
    }
}

/// The reader of a DocBin.
///
/// ```
/// use barchasb::formats::files::Source;
/// use barchasb::formats::format::{Format, ReadOptions, open_reader};
/// let refused = open_reader(Format::SPACY, Source::from_bytes("no zlib"), &ReadOptions::default()).err().unwrap();
/// assert!(refused.to_string().starts_with("this cannot be read as spaCy DocBin"));
/// ```
pub struct SpacyBinReader {
    bin: BinFile,
    columns: Columns,
    strict_tags: bool,
    record: u64,
    /// Documents without a token that were not said yet.
    empty: u64,
    /// The attributes of which it was said that they are not taken.
    said: BTreeSet<usize>,
}

/// Where an attribute stands in a row.
struct Columns {
    orth: usize,
    iob: Option<usize>,
    label: Option<usize>,
    sentence: Option<usize>,
}

/// The words of a document put together.
#[derive(Default)]
struct Words {
    text: String,
    spans: Vec<Span>,
    /// The words that are no white space, sentence by sentence.
    sentences: Vec<Vec<Span>>,
}

impl SpacyBinReader {
    /// A reader of the DocBin in `source`.
    ///
    /// # Errors
    /// [`FormatError`] when it is none.
    pub fn new(source: Source, options: &ReadOptions) -> Result<Self, FormatError> {
        let bin = BinFile::open(source.one("spacy")?, options.limits)?;
        let at = |attr: u64| bin.attrs().iter().position(|other| *other == attr);
        let columns = Columns {
            orth: at(ORTH).unwrap_or_default(),
            iob: at(ENT_IOB),
            label: at(ENT_TYPE),
            sentence: at(SENT_START),
        };
        let strict_tags = options.strict_tags;
        Ok(Self { bin, columns, strict_tags, record: 0, empty: 0, said: BTreeSet::new() })
    }

    fn say_empty(&mut self, problems: &mut Vec<Problem>) {
        let count = std::mem::take(&mut self.empty);
        if count > 0 {
            problems.push(Problem::foreign(Place::default(), Foreign::NotTaken { what: Held::EmptyArticle, count }));
        }
    }

    fn record_from_doc(&mut self, doc: &RawDoc, problems: &mut Vec<Problem>) -> Result<ArticleRecord, Finding> {
        let place = Place { record: Some(self.record), ..Place::default() };
        let unreadable = |error: std::io::Error| Finding::Foreign(Foreign::Unreadable { words: error.to_string() });
        let limit = self.bin.limits().record_bytes;
        let rows = doc.rows.as_deref().ok_or(Finding::RecordTooLong { limit })?;
        let rows: Vec<&[u64]> = rows.chunks(self.bin.attrs().len()).collect();
        let spaces_unknown = has_unknown_spaces(&doc.flags);
        let words = self.words(&rows, &doc.spaces, spaces_unknown)?;
        check_text(&words.text).map_err(Finding::BadText)?;
        let groups = unpacked_groups(&doc.span_groups, self.bin.strings());
        let groups = if doc.span_groups.is_empty() { Vec::new() } else { groups.map_err(unreadable)? };
        let user_data =
            if doc.user_data.is_empty() { Ok(Default::default()) } else { unpacked_user_data(&doc.user_data) };
        let (own, others) = user_data.map_err(unreadable)?;
        if spaces_unknown {
            problems.push(Problem::foreign(place, Foreign::Rebuilt));
        }
        problems.extend(oddities(&words.text, place));
        self.say_columns(&rows, place, problems);

        let mut layer = LayerRecord { annotator: own.annotator, ..LayerRecord::default() };
        let is_tagged = self.entities(&rows, &words, &mut layer.mentions, place, problems);
        let is_bare = !is_tagged && groups.is_empty() && layer.annotator.is_none() && own.status.is_none();
        let kept = mentions_from_groups(groups, &words, &mut layer.mentions, place, problems);
        let open = unsaid_status(&layer.mentions);
        layer.status = own.status.as_deref().map_or(open, |name| {
            Status::from_name(name).unwrap_or_else(|| {
                problems.push(Problem::new(place, Finding::UnknownStatus { name: name.to_owned(), read_as: open }));
                open
            })
        });
        layer.carried.extend(carried(&kept, kept.is_empty()));

        let cats = if matches!(doc.cats.as_slice(), [] | [0x80]) { String::new() } else { hex(&doc.cats) };
        let kept_doc = KeptDoc { cats, user_data: others };
        let mut say_kept = |what, count| {
            if count > 0 {
                problems.push(Problem::foreign(place, Foreign::Carried { what, count }));
            }
        };
        say_kept(Held::Category, count_of_map(&doc.cats));
        say_kept(Held::Meta, as_u64(kept_doc.user_data.len()));
        let others = kept.iter().filter(|group| !group.keys.iter().any(|key| key == SPANS_KEY));
        say_kept(Held::OtherAnnotation, as_u64(others.map(|group| group.spans.len()).sum()));
        let mut record = ArticleRecord {
            name: own.id,
            text: words.text,
            meta: own.meta.unwrap_or_default(),
            layers: if is_bare { Vec::new() } else { vec![layer] },
            ..ArticleRecord::default()
        };
        record.carried.push(kept_tokens(&words.sentences));
        record.carried.extend(carried(&kept_doc, kept_doc == KeptDoc::default()));
        Ok(record)
    }

    fn words(&self, rows: &[&[u64]], spaces: &[bool], spaces_unknown: bool) -> Result<Words, Finding> {
        let mut words = Words::default();
        let (mut at, mut sentence) = (0, Vec::new());
        for (row, space) in rows.iter().zip(spaces) {
            let id = row.get(self.columns.orth).copied().unwrap_or_default();
            let word = self.bin.strings().string(id).ok_or_else(|| {
                Finding::Foreign(Foreign::Unreadable {
                    words: format!("the file does not list the word with the number {id}"),
                })
            })?;
            let span = Span::from_chars(at, at + word.chars().count());
            let is_start = self.columns.sentence.and_then(|column| row.get(column)) == Some(&1);
            if is_start && !sentence.is_empty() {
                words.sentences.push(std::mem::take(&mut sentence));
            }
            if !word.trim().is_empty() {
                sentence.push(span);
            }
            words.spans.push(span);
            words.text.push_str(word);
            at = span.end.get();
            // spaCy joins words with unknown spaces by one each, after the last too.
            if *space || spaces_unknown {
                words.text.push(' ');
                at += 1;
            }
            // A long word that stands often makes a long text of a short file.
            if words.text.len() > MAX_TEXT_BYTES {
                break;
            }
        }
        words.sentences.push(sentence);
        Ok(words)
    }

    /// Takes the entities; whether the tag of any token is known.
    fn entities(
        &self,
        rows: &[&[u64]],
        words: &Words,
        mentions: &mut Vec<MentionRecord>,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> bool {
        let Some(iob) = self.columns.iob else { return false };
        let value = |row: &[u64], column: usize| row.get(column).copied().unwrap_or_default();
        let unknown = rows.iter().filter(|row| value(row, iob) == 0).count();
        if unknown == rows.len() {
            return false;
        }
        if unknown > 0 {
            problems.push(Problem::foreign(place, Foreign::UnknownTags { count: as_u64(unknown) }));
        }
        let tags: Vec<Tag<'_>> = rows
            .iter()
            .map(|row| {
                let id = self.columns.label.map_or(0, |column| value(row, column));
                let label = self.bin.strings().string(id).filter(|label| !label.trim().is_empty());
                match (value(row, iob), label) {
                    (0 | 2, _) => Tag::Outside,
                    // An entity without a label says that none may stand there.
                    (1 | 3, None) if id == 0 => Tag::Outside,
                    (1, Some(label)) => Tag::Inside(label),
                    (3, Some(label)) => Tag::Begin(label),
                    (other, _) => {
                        let words = format!("ENT_IOB {other} with the label {id}");
                        problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
                        Tag::Outside
                    }
                }
            })
            .collect();
        for entity in spans_from_tags(&tags, TagScheme::Bio) {
            if entity.is_orphan {
                let tag = format!("I-{}", entity.label);
                let strict = self.strict_tags;
                let finding = if strict { Foreign::OrphanLeftOut { tag } } else { Foreign::OrphanTaken { tag } };
                problems.push(Problem::foreign(place, finding));
                if strict {
                    continue;
                }
            }
            mentions.extend(words.span(entity.tokens).map(|span| mention(span, entity.label)));
        }
        true
    }

    /// Says of every attribute that is not taken once that it is not, where its first value stands.
    fn say_columns(&mut self, rows: &[&[u64]], place: Place, problems: &mut Vec<Problem>) {
        let taken = [ORTH, NORM, ENT_IOB, ENT_TYPE, SENT_START];
        let filled: Vec<usize> = (self.bin.attrs().iter().enumerate())
            .filter(|(column, attr)| !taken.contains(attr) && !self.said.contains(column))
            .filter(|(column, _)| rows.iter().any(|row| row.get(*column).is_some_and(|value| *value != 0)))
            .map(|(column, _)| column)
            .collect();
        if !filled.is_empty() {
            let count = as_u64(filled.len());
            problems.push(Problem::foreign(place, Foreign::NotTaken { what: Held::TokenColumn, count }));
            self.said.extend(filled);
        }
    }
}

impl RecordReader for SpacyBinReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        while let Some(doc) = self.bin.next_doc()? {
            self.record += 1;
            if doc.tokens == 0 {
                self.empty += 1;
                continue;
            }
            self.say_empty(problems);
            match self.record_from_doc(&doc, problems) {
                Ok(record) => return Ok(Some(record)),
                Err(finding) => {
                    let place = Place { record: Some(self.record), ..Place::default() };
                    problems.push(Problem::new(place, finding));
                }
            }
        }
        self.say_empty(problems);
        Ok(None)
    }
}

impl Words {
    fn span(&self, tokens: TokenSpan) -> Option<Span> {
        let spans = self.spans.get(tokens.range())?;
        let span = Span::new(spans.first()?.start, spans.last()?.end);
        (!span.is_empty()).then_some(span)
    }
}

fn mention(span: Span, label: &str) -> MentionRecord {
    MentionRecord { span, label: label.to_owned(), note: None, origin: Origin::Import }
}

/// Takes the spans of the group `sc` as mentions. The groups that are to be kept: all others, and `sc` as far as its spans are entities
/// too, or could be and are not.
fn mentions_from_groups(
    groups: Vec<RawGroup>,
    words: &Words,
    mentions: &mut Vec<MentionRecord>,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<KeptGroup> {
    let entities = mentions.clone();
    let mut there: HashSet<(Span, String)> = mentions.iter().map(|m| (m.span, m.label.clone())).collect();
    let mut kept = Vec::new();
    let mut number = 0;
    for RawGroup { mut group, spans } in groups {
        let is_sc = group.keys.iter().any(|key| key == SPANS_KEY);
        for raw in spans {
            number += 1;
            let Some((tokens, raw)) = raw else {
                let words = "a span of a group has a label that the file does not list".to_owned();
                problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
                continue;
            };
            let Some(span) = words.span(tokens) else {
                let (start, end) = (as_u64(tokens.start.get()), as_u64(tokens.end.get()));
                let (label, unit) = (raw.label, OffsetUnit::CodePoint);
                let fault = SpanFault::Misfit { label, start, end, unit, misfit: Misfit::OutOfText };
                problems.push(Problem::new(place, Finding::SpanLeftOut { number, fault }));
                continue;
            };
            let is_entity = entities.iter().any(|m| m.span == span && m.label == raw.label);
            let could_be = is_entity || !entities.iter().any(|m| m.span.overlaps(span));
            let is_mention = is_sc && !raw.label.trim().is_empty();
            if is_mention && there.insert((span, raw.label.clone())) {
                mentions.push(mention(span, &raw.label));
            }
            if could_be || !is_mention {
                let (start, end) = (span.start.get(), span.end.get());
                group.spans.push(KeptSpan { start, end, is_entity, ..raw });
            }
        }
        if !is_sc || !group.spans.is_empty() {
            kept.push(group);
        }
    }
    kept
}

fn carried(what: &impl serde::Serialize, is_nothing: bool) -> Option<Carried> {
    let data = serde_json::to_string(what).ok().filter(|_| !is_nothing)?;
    Some(Carried { format: FACTS.name.to_owned(), data })
}

fn has_unknown_spaces(flags: &[u8]) -> bool {
    let limit = as_u64(flags.len());
    let mut flags = Unpacker::new(flags);
    let pairs = flags.map().unwrap_or_default();
    (0..pairs).any(|_| {
        let is_it = flags.text(limit).is_ok_and(|key| key == "has_unknown_spaces");
        flags.head().is_ok_and(|value| value == Head::Bool(true)) && is_it
    })
}

fn count_of_map(packed: &[u8]) -> u64 {
    Unpacker::new(packed).map().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::{Format, WriteOptions};
    use crate::formats::spacy::message_pack::{push_array, push_bin, push_str};
    use crate::formats::spacy::strings::StringIds;
    use crate::formats::spacy::zlib_parts::{ZlibPart, join};
    use crate::formats::trial::{ONE, article, read, said, written};

    #[test]
    fn a_file_that_is_cut_off_or_changed_is_refused_or_read_and_never_a_panic() {
        let (files, _) =
            written(Format::SPACY, &[article("a", "a b  c", &[(0, 3, "X"), (2, 6, "Y")])], &WriteOptions::default());
        let file = &files[ONE];
        for length in 0..file.len() {
            assert!(read(Format::SPACY, &file[..length], &ReadOptions::default()).is_err());
        }
        let unpack = |bytes: &[u8]| {
            let mut all = Vec::new();
            std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(bytes), &mut all).map(|_| all).unwrap()
        };
        let plain = unpack(file);
        for at in 0..plain.len() {
            for change in [0xFF, 0x01] {
                let mut changed = plain.clone();
                changed[at] ^= change;
                let mut packed = Vec::new();
                join([ZlibPart::of_bytes(&changed).unwrap()], &mut packed).unwrap();
                if let Ok((records, _)) = read(Format::SPACY, packed, &ReadOptions::default()) {
                    assert!(records.len() <= 1);
                }
            }
        }
    }

    #[test]
    fn a_file_that_unpacks_to_too_much_is_refused_by_document() {
        let limits = crate::formats::json_frame::Limits { record_bytes: 2_000, depth: 9 };
        let options = ReadOptions { limits, ..ReadOptions::default() };
        let records = [article("a", &"b ".repeat(5_000), &[]), article("c", "d", &[(0, 1, "X")])];
        let (files, _) = written(Format::SPACY, &records, &WriteOptions::default());
        let (records, problems) = read(Format::SPACY, files[ONE].clone(), &options).unwrap();
        assert_eq!(records.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), ["d"]);
        assert_eq!(problems[0].to_string(), "record 1: the record is longer than 2000 bytes and was left out");
    }

    #[test]
    fn a_wrong_tag_is_said() {
        let row = |word: &str, iob: u64, label: u64| [crate::formats::spacy::strings::id_from_string(word), iob, label];
        let rows =
            [row("a", 1, 383), row("b", 0, 0), row("c", 3, 0), row("d", 3, 385), row("e", 1, 383), row("f", 7, 1)];
        let mut writer_strings = StringIds::default();
        let _ = ["a", "b", "c", "d", "e", "f"].map(|word| writer_strings.id(word));
        let mut plain = vec![0x85];
        let bytes: Vec<u8> = rows.iter().flatten().flat_map(|number| number.to_le_bytes()).collect();
        let strings = writer_strings.sorted();
        let pair = |plain: &mut Vec<u8>, key: &str, value: &[u8]| {
            push_str(plain, key);
            push_bin(plain, value);
        };
        // Keys may stand in any order.
        push_str(&mut plain, "strings");
        push_array(&mut plain, strings.len());
        strings.iter().for_each(|string| push_str(&mut plain, string));
        pair(&mut plain, "lengths", &[6, 0, 0, 0, 0, 0, 0, 0]);
        pair(&mut plain, "spaces", &[0, 1, 0, 0, 0, 0]);
        pair(&mut plain, "tokens", &bytes);
        push_str(&mut plain, "attrs");
        plain.extend([0x93, 65, 77, 78]);
        let mut file = Vec::new();
        join([ZlibPart::of_bytes(&plain).unwrap()], &mut file).unwrap();
        let (records, problems) = read(Format::SPACY, file, &ReadOptions::default()).unwrap();
        assert_eq!(
            (records[0].text.as_str(), said(&records[0])),
            ("ab cdef", vec!["ORG 0..1".into(), "LOC 4..5".into(), "ORG 5..6".into()])
        );
        assert_eq!(
            problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "record 1: the file does not know the tags of 1 tokens; they were read as O",
                "record 1: this cannot be read (ENT_IOB 7 with the label 1); it was left out",
                "record 1: the tag \"I-ORG\" goes on with a mention that did not begin; it was taken as its beginning",
                "record 1: the tag \"I-ORG\" goes on with a mention that did not begin; it was taken as its beginning",
                "articles without tokens (1) were not taken",
            ]
        );
    }

    #[test]
    fn columns_that_claim_too_much_are_refused() {
        let limits = crate::formats::json_frame::Limits { record_bytes: 2_000, depth: 9 };
        let options = ReadOptions { limits, ..ReadOptions::default() };
        // Columns of a file without documents but for `lengths`, and its strings.
        let file = |lengths: &[u8], strings: usize| {
            let mut plain = vec![0x85];
            for (key, value) in [("tokens", &[][..]), ("spaces", &[]), ("lengths", lengths)] {
                push_str(&mut plain, key);
                push_bin(&mut plain, value);
            }
            push_str(&mut plain, "attrs");
            plain.extend([0x91, 65]);
            push_str(&mut plain, "strings");
            push_array(&mut plain, strings);
            (0..strings).for_each(|number| push_str(&mut plain, &number.to_string()));
            let mut packed = Vec::new();
            join([ZlibPart::of_bytes(&plain).unwrap()], &mut packed).unwrap();
            read(Format::SPACY, packed, &options).map_err(|error| error.to_string())
        };
        let (records, problems) = file(&[0; 400_000], 3).unwrap();
        assert_eq!((records.len(), problems.len()), (0, 1));
        assert_eq!(problems[0].to_string(), "articles without tokens (100000) were not taken");
        let refused = |words: &str| format!("this cannot be read as spaCy DocBin: {words}");
        assert_eq!(file(&[], 100).unwrap_err(), refused("its strings are longer than 2000 bytes"));
        assert_eq!(file(&[0xFF; 4], 1).unwrap_err(), refused("tokens, spaces and lengths do not fit one another"));
    }
}
