//! Writing a dataset folder of Hugging Face.
//!
//! Owns the writer: one Parquet file, `train-00000-of-00001.parquet` or that of another part of the dataset, and the card. A row is a sentence
//! ([`sentences`](crate::formats::tokens::sentences)); a row group is some megabytes, which is all that is held. Tags are numbers, whose
//! names stand in the file's metadata: O, then those of each label in the order of the labels.

use crate::domain::offset::TokenSpan;
use crate::domain::projection::{Align, Nesting};
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::domain::segmentation::Segmentation;
use crate::domain::tag_scheme::{TagScheme, letters_from_spans};
use crate::formats::files::Outputs;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{RecordWriter, WriteOptions};
use crate::formats::hugging_face::features::{KEY, OWN_TOKENS, card, metadata};
use crate::formats::hugging_face::reader::FACTS;
use crate::formats::json_meta::written;
use crate::formats::losses::Holding;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::tokens::kept::{TOKENS, segmentation_of};
use crate::formats::tokens::mentions::flat_token_mentions;
use crate::formats::tokens::sentences::{SentenceRow, sentence_rows};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

/// The columns of a file.
const SCHEMA: &str = "message schema {
    optional binary id (STRING);
    optional group tokens (LIST) { repeated group list { optional binary element (STRING); } }
    optional group ner_tags (LIST) { repeated group list { optional int64 element; } }
    optional int64 sentence;
    optional binary article (STRING);
    optional binary text (STRING);
    optional binary annotator (STRING);
    optional binary status (STRING);
    optional binary meta (STRING);
}";

/// How many bytes of text make a row group.
const GROUP_BYTES: usize = 8 << 20;
/// How many rows make a row group at most.
const GROUP_ROWS: usize = 20_000;

/// The values of a column, with the levels that say where one is missing and where a row begins.
struct Buffer<T> {
    values: Vec<T>,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

impl<T> Default for Buffer<T> {
    fn default() -> Self {
        Self { values: Vec::new(), definitions: Vec::new(), repetitions: Vec::new() }
    }
}

impl<T> Buffer<T> {
    fn push(&mut self, value: Option<T>) {
        self.definitions.push(i16::from(value.is_some()));
        self.values.extend(value);
    }

    fn push_list(&mut self, list: impl Iterator<Item = T>) {
        let before = self.values.len();
        for value in list {
            self.repetitions.push(i16::from(self.values.len() > before));
            self.definitions.push(3);
            self.values.push(value);
        }
        if self.values.len() == before {
            self.repetitions.push(0);
            self.definitions.push(1);
        }
    }

    fn write<D: DataType<T = T>, W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        if let Some(mut column) = group.next_column()? {
            let repetitions = Some(self.repetitions.as_slice()).filter(|levels| !levels.is_empty());
            column.typed::<D>().write_batch(&self.values, Some(&self.definitions), repetitions)?;
            column.close()?;
        }
        self.values.clear();
        self.definitions.clear();
        self.repetitions.clear();
        Ok(())
    }
}

/// The rows of a group.
#[derive(Default)]
struct Group {
    id: Buffer<ByteArray>,
    tokens: Buffer<ByteArray>,
    tags: Buffer<i64>,
    sentence: Buffer<i64>,
    article: Buffer<ByteArray>,
    text: Buffer<ByteArray>,
    annotator: Buffer<ByteArray>,
    status: Buffer<ByteArray>,
    meta: Buffer<ByteArray>,
    rows: usize,
    bytes: usize,
}

/// The tags with their numbers, in the order of the file.
#[derive(Debug)]
struct TagNames {
    scheme: TagScheme,
    names: Vec<String>,
    numbers: HashMap<String, HashMap<char, i64>>,
}

impl TagNames {
    fn new(scheme: TagScheme) -> Self {
        Self { scheme, names: vec!["O".to_owned()], numbers: HashMap::new() }
    }

    /// Gives the tags of a label their numbers, once.
    fn add(&mut self, label: &str) {
        if self.numbers.contains_key(label) {
            return;
        }
        let letters: &[char] = match self.scheme {
            TagScheme::Bio | TagScheme::Iob1 => &['B', 'I'],
            TagScheme::Bioes => &['B', 'I', 'E', 'S'],
            TagScheme::Bilou => &['B', 'I', 'L', 'U'],
        };
        let mut numbers = HashMap::new();
        for letter in letters {
            numbers.insert(*letter, i64::try_from(self.names.len()).unwrap_or(i64::MAX));
            self.names.push(format!("{letter}-{label}"));
        }
        self.numbers.insert(label.to_owned(), numbers);
    }

    fn number(&mut self, tag: Option<(char, &str)>) -> i64 {
        let Some((letter, label)) = tag else { return 0 };
        self.add(label);
        self.numbers.get(label).and_then(|numbers| numbers.get(&letter)).copied().unwrap_or(0)
    }
}

/// The writer of a dataset folder.
pub struct HuggingFaceWriter {
    outputs: Box<dyn Outputs>,
    file: SerializedFileWriter<Box<dyn Write + Send>>,
    group: Group,
    tags: TagNames,
    align: Align,
    nesting: Nesting,
    has_card: bool,
    /// Whether no article came with other tokens than those of our own rule.
    has_own_tokens: bool,
    articles: u64,
}

impl std::fmt::Debug for HuggingFaceWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HuggingFaceWriter").field("tags", &self.tags).finish_non_exhaustive()
    }
}

fn fault(error: ParquetError) -> FormatError {
    FormatError::Io(std::io::Error::other(error))
}

impl HuggingFaceWriter {
    /// A writer into a folder. The card is written with the part `train` alone, so that writers of several parts do not meet.
    ///
    /// # Errors
    /// [`FormatError`] when a file cannot be made.
    pub fn new(mut outputs: Box<dyn Outputs>, options: &WriteOptions) -> Result<Self, FormatError> {
        let split = options.split.as_deref().unwrap_or("train");
        let output = outputs.create(&format!("{split}-00000-of-00001.parquet"))?;
        let schema = Arc::new(parse_message_type(SCHEMA).map_err(fault)?);
        let properties = WriterProperties::builder()
            .set_created_by("barchasb".to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_column_dictionary_enabled("text".into(), false)
            .set_column_dictionary_enabled("id".into(), false)
            .build();
        let file = SerializedFileWriter::new(output, schema, Arc::new(properties)).map_err(fault)?;
        let mut tags = TagNames::new(options.scheme);
        options.labels.iter().for_each(|label| tags.add(&label.name));
        let (align, nesting, has_card) = (options.align, options.nesting, split == "train");
        Ok(Self {
            outputs,
            file,
            group: Group::default(),
            tags,
            align,
            nesting,
            has_card,
            has_own_tokens: true,
            articles: 0,
        })
    }

    fn write_layer(
        &mut self,
        record: &ArticleRecord,
        layer: Option<&LayerRecord>,
        cut: &Segmentation,
        problems: &mut Vec<Problem>,
    ) -> Result<(), FormatError> {
        let place = Place { record: Some(self.articles), ..Place::default() };
        let mentions = layer.map_or(&[][..], |layer| &layer.mentions);
        let mentions = flat_token_mentions(cut, mentions, self.align, self.nesting, place, problems);
        let meta = written(&record.meta, place, problems);
        let text = ByteArray::from(record.text.as_str());
        let name = record.name.as_deref().map(ByteArray::from);
        let annotator = layer.and_then(|layer| layer.annotator.as_deref()).map(ByteArray::from);
        let status = layer.map(|layer| ByteArray::from(layer.status.name()));
        let mut meta = Some(&*meta).map(|meta| meta.get()).filter(|meta| *meta != "{}").map(ByteArray::from);
        for (number, row) in sentence_rows(record, cut, &mentions).iter().enumerate() {
            if row.text.is_none() {
                problems.push(Problem::foreign(place, Foreign::NotHeld { what: Held::WhiteSpace, count: 1 }));
            }
            let id = format!("{}-{}", record.name.as_deref().unwrap_or(&self.articles.to_string()), number + 1);
            self.add_tokens(row, &text);
            let group = &mut self.group;
            group.id.push(Some(ByteArray::from(id.into_bytes())));
            group.sentence.push(i64::try_from(number).ok());
            group.article.push(name.clone());
            group.text.push(row.text.map(|_| text.slice(row.bytes.start.get(), row.bytes.len_bytes())));
            group.annotator.push(annotator.clone());
            group.status.push(status.clone());
            group.meta.push(meta.take());
            group.rows += 1;
            if group.rows >= GROUP_ROWS {
                self.write_group()?;
            }
        }
        self.group.bytes += record.text.len();
        if self.group.bytes >= GROUP_BYTES { self.write_group() } else { Ok(()) }
    }

    /// Adds the tokens of a row, which are slices of the article's text, and their tags.
    fn add_tokens(&mut self, row: &SentenceRow<'_>, text: &ByteArray) {
        let Self { group, tags, .. } = self;
        let words = row.tokens.iter().map(|token| text.slice(token.bytes.start.get(), token.bytes.len_bytes()));
        group.tokens.push_list(words);
        let mentions: &[(TokenSpan, &str)] = &row.mentions;
        let letters = letters_from_spans(row.tokens.len(), mentions, tags.scheme);
        group.tags.push_list(letters.into_iter().map(|tag| tags.number(tag)));
    }

    fn write_group(&mut self) -> Result<(), FormatError> {
        if self.group.rows == 0 {
            return Ok(());
        }
        let group = &mut self.group;
        let mut write = || {
            let mut file = self.file.next_row_group()?;
            group.id.write::<ByteArrayType, _>(&mut file)?;
            group.tokens.write::<ByteArrayType, _>(&mut file)?;
            group.tags.write::<Int64Type, _>(&mut file)?;
            group.sentence.write::<Int64Type, _>(&mut file)?;
            group.article.write::<ByteArrayType, _>(&mut file)?;
            group.text.write::<ByteArrayType, _>(&mut file)?;
            group.annotator.write::<ByteArrayType, _>(&mut file)?;
            group.status.write::<ByteArrayType, _>(&mut file)?;
            group.meta.write::<ByteArrayType, _>(&mut file)?;
            file.close()
        };
        write().map_err(fault)?;
        (self.group.rows, self.group.bytes) = (0, 0);
        Ok(())
    }
}

impl RecordWriter for HuggingFaceWriter {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.articles += 1;
        let place = Place { record: Some(self.articles), ..Place::default() };
        problems.extend(Holding::of(&FACTS).losses(record, place));
        self.has_own_tokens &= record.carried_for(TOKENS).is_none();
        let cut = segmentation_of(record);
        if record.layers.is_empty() {
            return self.write_layer(record, None, &cut, problems);
        }
        record.layers.iter().try_for_each(|layer| self.write_layer(record, Some(layer), &cut, problems))
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        self.write_group()?;
        // Labels may have come with the records: only now are all names known.
        self.file.append_key_value_metadata(KeyValue::new(KEY.to_owned(), metadata(&self.tags.names)));
        if self.has_own_tokens {
            self.file.append_key_value_metadata(KeyValue::new(OWN_TOKENS.to_owned(), "true".to_owned()));
        }
        self.file.finish().map_err(fault)?;
        if self.has_card {
            let mut output = self.outputs.create("README.md")?;
            output.write_all(card(&self.tags.names).as_bytes())?;
            output.flush()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::domain::tag_scheme::TagScheme;
    use crate::formats::format::{Format, ReadOptions, WrittenLabel};
    use crate::formats::hugging_face::parquet_file::{Cell, ParquetFile};
    use crate::formats::trial::{article, articles, read_files, round_trip, said, written as written_files};
    use proptest::prelude::*;
    use std::io::Cursor;

    /// The tokens with their tags' names of every row of a file.
    fn rows(bytes: &[u8]) -> Vec<String> {
        use crate::formats::hugging_face::features::label_names;
        let mut file = ParquetFile::new(Box::new(Cursor::new(bytes.to_vec()))).unwrap();
        let names = label_names(file.metadata(KEY).unwrap(), "ner_tags").unwrap();
        let mut rows = Vec::new();
        while let Some(row) = file.next_row().unwrap() {
            let tokens = row.cells(1).zip(row.cells(2)).map(|pair| match pair {
                (Cell::Text(Some(word)), Cell::Integer(tag)) => {
                    format!("{word}/{}", names[usize::try_from(tag).unwrap()])
                }
                other => format!("{other:?}"),
            });
            rows.push(format!("{}: {}", row.text(0).unwrap(), tokens.collect::<Vec<_>>().join(" ")));
        }
        rows
    }

    fn label(name: &str) -> WrittenLabel {
        let colour = crate::domain::label::Colour(0);
        WrittenLabel { name: name.into(), title: String::new(), colour, keys: String::new(), guideline: String::new() }
    }

    #[test]
    fn tags_have_names_in_the_order_of_the_labels_and_every_scheme() {
        let record = article("خ", "علی رضا آمد.\nرفت.", &[(0, 7, "PER"), (13, 16, "NEW")]);
        let labels: std::sync::Arc<[WrittenLabel]> = [label("LOC"), label("PER")].into();
        let check = |scheme, expected: [&str; 2], names: &str| {
            let options = WriteOptions { scheme, labels: labels.clone(), ..WriteOptions::default() };
            let (files, problems) = written_files(Format::HUGGING_FACE, std::slice::from_ref(&record), &options);
            assert_eq!(problems, []);
            assert_eq!(files.keys().collect::<Vec<_>>(), ["README.md", "train-00000-of-00001.parquet"]);
            assert_eq!(rows(&files["train-00000-of-00001.parquet"]), expected);
            let card = String::from_utf8(files["README.md"].clone()).unwrap();
            let found: Vec<&str> =
                card.lines().filter_map(|line| line.trim().split_once("': \"")).map(|(_, n)| n).collect();
            assert_eq!(found.join(" ").replace('"', ""), names);
        };
        check(
            TagScheme::Bio,
            ["خ-1: علی/B-PER رضا/I-PER آمد/O ./O", "خ-2: رفت/B-NEW ./O"],
            "O B-LOC I-LOC B-PER I-PER B-NEW I-NEW",
        );
        check(
            TagScheme::Bilou,
            ["خ-1: علی/B-PER رضا/L-PER آمد/O ./O", "خ-2: رفت/U-NEW ./O"],
            "O B-LOC I-LOC L-LOC U-LOC B-PER I-PER L-PER U-PER B-NEW I-NEW L-NEW U-NEW",
        );
    }

    #[test]
    fn a_part_has_its_name_and_the_card_stands_with_train() {
        let options = WriteOptions { split: Some("test".into()), ..WriteOptions::default() };
        let (files, _) = written_files(Format::HUGGING_FACE, &[article("a", "b", &[])], &options);
        assert_eq!(files.keys().collect::<Vec<_>>(), ["test-00000-of-00001.parquet"]);
        let (records, problems) = read_files(Format::HUGGING_FACE, files, &ReadOptions::default()).unwrap();
        assert_eq!((records, problems), (vec![article("a", "b", &[])], vec![]));
    }

    #[test]
    fn layers_and_meta_come_back_and_what_is_lost_is_said() {
        let mut record = article("a", "ab cd. ef\r\n", &[(0, 2, "A"), (0, 5, "B"), (4, 5, "A")]);
        record.meta = "{\"x\":[1]}".into();
        record.layers[0].annotator = Some("زهرا".into());
        record.layers[0].mentions[0].note = Some("n".into());
        record.layers.push(LayerRecord { annotator: None, status: Status::Done, ..LayerRecord::default() });
        let bare = ArticleRecord { text: "\u{200f}".into(), ..ArticleRecord::default() };
        let (records, problems) = round_trip(Format::HUGGING_FACE, &[record.clone(), bare.clone()]);
        let mentions: Vec<_> = records.iter().map(said).collect();
        assert_eq!(mentions, [vec!["B 0..5".to_owned()], vec![], vec![]]);
        assert_eq!(records[1].layers, record.layers[1..]);
        assert_eq!((&records[0].layers[0].annotator, &records[0].meta), (&record.layers[0].annotator, &record.meta));
        assert_eq!(records[2], bare);
        assert_eq!(
            problems,
            [
                "record 1: notes (1) cannot be held in this format and were left out",
                "record 1: A at 0..2 was left out: this format cannot hold nested mentions",
                "record 1: A at 4..5 was left out: this format cannot hold nested mentions",
            ]
        );
    }

    #[test]
    fn groups_are_bounded_and_the_same_records_make_the_same_bytes() {
        let records: Vec<_> =
            (0..300).map(|n| article(&format!("a{n}"), &"علی آمد. ".repeat(100), &[(0, 3, "PER")])).collect();
        let (files, _) = written_files(Format::HUGGING_FACE, &records, &WriteOptions::default());
        let (again, _) = written_files(Format::HUGGING_FACE, &records, &WriteOptions::default());
        assert_eq!(files, again);
        let (read, _) = read_files(Format::HUGGING_FACE, files, &ReadOptions::default()).unwrap();
        assert_eq!(read, records);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_is_written_is_read_as_it_was(articles in articles()) {
            let (read, _) = round_trip(Format::HUGGING_FACE, &articles);
            prop_assert_eq!(read.len(), articles.len());
            for (read, article) in read.iter().zip(&articles) {
                prop_assert_eq!((&read.text, &read.name), (&article.text, &article.name));
                let cut = segmentation_of(article);
                let (place, mut unsaid) = (Place::default(), Vec::new());
                let mentions = &article.layers[0].mentions;
                let (align, nesting) = (Align::Expand, Nesting::Outermost);
                let kept: Vec<String> = flat_token_mentions(&cut, mentions, align, nesting, place, &mut unsaid)
                    .iter()
                    .map(|(tokens, mention)| format!("{} {}", mention.label, cut.span_from_tokens(*tokens).unwrap()))
                    .collect();
                prop_assert_eq!(said(read), kept);
                let again = segmentation_of(read);
                prop_assert_eq!(again.tokens(), cut.tokens());
            }
        }
    }
}
