//! Dataset folders of Hugging Face: Parquet files whose rows are lists of tokens with lists of tags.
//!
//! Owns the format's row and the reader. Rows of our own (`writer`) are put together to
//! the articles they were; of other files a row is an article, or so many rows as the caller says. Rows of a text with spans are read too.

use crate::domain::record::ArticleRecord;
use crate::formats::decoding::as_u64;
use crate::formats::files::Files;
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::hugging_face::features::{KEY, OWN_TOKENS, label_names, label_names_of_card};
use crate::formats::hugging_face::parquet_file::{Cell, LeafColumn, ParquetFile, ParquetRow};
use crate::formats::hugging_face::row::{Roles, TagReading, uneven};
use crate::formats::hugging_face::writer::HuggingFaceWriter;
use crate::formats::json_meta::merge;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::tokens::rows::{RowArticles, TokenRow, is_found};
use crate::formats::training_article::ArticleShaper;
use crate::formats::training_record::{RawArticle, SpanJson};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use std::collections::{HashSet, VecDeque};
use std::io::Read;

/// The row of Hugging Face.
pub static FACTS: FormatFacts = FormatFacts {
    name: "hugging-face",
    title: "Hugging Face dataset folder (Parquet)",
    endings: &["parquet"],
    container: Container::Dataset,
    unit: Unit::Tokens,
    holds: &[
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
    columns: true,
    reader: Some(|source, options| Ok(Box::new(HuggingFaceReader::new(source.many("hugging-face")?, options)?))),
    writer: Some(|sink, options| Ok(Box::new(HuggingFaceWriter::new(sink.many("hugging-face")?, options)?))),
    detect,
    companions: None,
};

fn detect(sniff: &Sniff) -> Likeness {
    let is_one = !sniff.is_folder() && sniff.head.starts_with(b"PAR1");
    if is_one || sniff.names.iter().any(|name| is_parquet(name)) { Likeness::Sure } else { Likeness::No }
}

fn is_parquet(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".parquet")
}

/// The name of the card, which says the names of labels where a file does not.
const CARD: &str = "README.md";
/// How much of a card is read.
const MAX_CARD_BYTES: u64 = 1 << 20;
/// Files that belong to a dataset and hold no rows.
const NO_ROWS: &[&str] =
    &[CARD, "dataset.json", "dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"];

/// One file that is being read.
#[derive(Debug)]
struct Shard {
    name: String,
    file: ParquetFile,
    columns: Vec<LeafColumn>,
    roles: Roles,
    tags: TagReading,
    row: u64,
}

/// The reader of a dataset folder. Memory holds a page of every column and an article.
#[derive(Debug)]
pub struct HuggingFaceReader<F> {
    files: F,
    names: VecDeque<String>,
    is_alone: bool,
    options: ReadOptions,
    card: String,
    open: Option<Shard>,
    articles: RowArticles,
    shaper: ArticleShaper,
    /// The names of columns and files that were told.
    told: HashSet<String>,
    said: Vec<Problem>,
}

impl HuggingFaceReader<Box<dyn Files>> {
    /// A reader of a folder's files.
    ///
    /// # Errors
    /// [`FormatError`] when there is no Parquet file, or the card cannot be read.
    pub fn new(files: Box<dyn Files>, options: &ReadOptions) -> Result<Self, FormatError> {
        let all = files.names();
        // One file alone is meant, whatever its name.
        let is_meant = |name: &&String| all.len() == 1 || is_parquet(name);
        let names: VecDeque<String> = all.iter().filter(is_meant).cloned().collect();
        if names.is_empty() {
            let words = "there is no file whose name ends in .parquet".to_owned();
            return Err(FormatError::Malformed { format: FACTS.name, words, line: None });
        }
        let is_hidden =
            |name: &str| name.rsplit('/').next().is_some_and(|name| name.starts_with('.') || NO_ROWS.contains(&name));
        let said = all.iter().filter(|name| !is_meant(name) && !is_hidden(name)).map(|name| {
            let lost = Foreign::FileLeftOut { name: name.clone(), words: "it is no Parquet file".to_owned() };
            Problem::foreign(Place::default(), lost)
        });
        let said = said.collect();
        let mut card = Vec::new();
        if all.iter().any(|name| name == CARD) {
            files.open(CARD)?.take(MAX_CARD_BYTES).read_to_end(&mut card)?;
        }
        Ok(Self {
            is_alone: names.len() == 1,
            files,
            names,
            card: String::from_utf8_lossy(&card).into_owned(),
            open: None,
            articles: RowArticles::new(options.sentences),
            shaper: ArticleShaper::new(options.unit),
            options: options.clone(),
            told: HashSet::new(),
            said,
        })
    }

    /// Opens the next file; `None` after the last.
    fn open_next(&mut self, problems: &mut Vec<Problem>) -> Result<Option<Shard>, FormatError> {
        while let Some(name) = self.names.pop_front() {
            match self.shard(&name, problems) {
                Ok(shard) => return Ok(Some(shard)),
                Err(error) => self.leave_out(&name, error, problems)?,
            }
        }
        Ok(None)
    }

    /// A file that cannot be read does not touch the others; alone it is the reader's error.
    fn leave_out(&self, name: &str, error: FormatError, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        if self.is_alone || matches!(error, FormatError::Io(_)) {
            return Err(error);
        }
        let lost = Foreign::FileLeftOut { name: name.to_owned(), words: error.to_string() };
        problems.push(Problem::foreign(Place::default(), lost));
        Ok(())
    }

    fn shard(&mut self, name: &str, problems: &mut Vec<Problem>) -> Result<Shard, FormatError> {
        let file = ParquetFile::new(self.files.open(name)?)?;
        let columns = file.columns().to_vec();
        let roles = Roles::of_columns(&columns, &self.options.columns)?;
        let labels = roles.tags.or(roles.spans.map(|spans| spans.2)).and_then(|at| columns.get(at));
        let names = labels.and_then(|column| {
            let of_file = file.metadata(KEY).and_then(|json| label_names(json, &column.name));
            of_file.or_else(|| label_names_of_card(&self.card, &column.name))
        });
        let tags = TagReading::new(names, &self.options);
        let is_numbered =
            labels.is_some_and(|column| column.kind == crate::formats::hugging_face::parquet_file::CellKind::Integer);
        let mut say = |finding| problems.push(Problem::new(Place::default(), finding).in_file(name));
        if is_numbered && !tags.has_names() {
            say(Finding::Foreign(Foreign::NoLabelNames));
        }
        if !file.unread().is_empty() {
            let count = as_u64(file.unread().len());
            say(Finding::Foreign(Foreign::NotTaken { what: Held::TokenColumn, count }));
        }
        for column in roles.others.iter().filter_map(|at| columns.get(*at)) {
            if self.told.insert(column.name.clone()) {
                say(Finding::UnknownKey { key: column.name.clone() });
            }
        }
        self.articles.set_own_tokens(roles.own.is_some() && file.metadata(OWN_TOKENS).is_some());
        Ok(Shard { name: name.to_owned(), file, columns, roles, tags, row: 0 })
    }

    /// Takes the next row of the open file in: the article that it ends, or is; `false` at the end of the file.
    fn next_row(
        &mut self,
        shard: &mut Shard,
        problems: &mut Vec<Problem>,
    ) -> Result<(bool, Option<ArticleRecord>), FormatError> {
        let Some(row) = shard.file.next_row()? else { return Ok((false, None)) };
        shard.row += 1;
        let place = Place { record: Some(shard.row), ..Place::default() };
        let before = problems.len();
        let rest = Rest { columns: &shard.columns, roles: &shard.roles, row };
        let taken = match shard.roles.tokens {
            Some(tokens) => {
                let found = token_row(&rest, tokens, &mut shard.tags, place, problems);
                for problem in problems.iter_mut().skip(before) {
                    problem.file = Some(shard.name.as_str().into());
                }
                found.and_then(|found| self.articles.add(&TokenRow { file: Some(&shard.name), ..found }, problems))
            }
            None => {
                let taken = self.shaper.record_from_raw(place, rest.article(&shard.tags), problems);
                let taken = taken.map_err(|problem| problems.push(*problem)).ok();
                for problem in problems.iter_mut().skip(before) {
                    problem.file = Some(shard.name.as_str().into());
                }
                taken
            }
        };
        Ok((true, taken))
    }
}

impl RecordReader for HuggingFaceReader<Box<dyn Files>> {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        problems.append(&mut self.said);
        loop {
            let shard = match self.open.take() {
                Some(shard) => Some(shard),
                None => self.open_next(problems)?,
            };
            let Some(mut shard) = shard else { return Ok(self.articles.finish(problems)) };
            match self.next_row(&mut shard, problems) {
                Ok((goes_on, found)) => {
                    self.open = goes_on.then_some(shard);
                    // Rows of two files are never one article.
                    let last = if goes_on { None } else { self.articles.finish(problems) };
                    if let Some(article) = found.or(last) {
                        return Ok(Some(article));
                    }
                }
                Err(error) => self.leave_out(&shard.name, error, problems)?,
            }
        }
    }
}

/// A row with what its columns are.
struct Rest<'a> {
    columns: &'a [LeafColumn],
    roles: &'a Roles,
    row: ParquetRow<'a>,
}

impl<'a> Rest<'a> {
    fn own_text(&self, which: usize) -> Option<&'a str> {
        let column = self.roles.own.and_then(|own| own.get(which).copied())?;
        self.row.text(column).filter(|text| !text.trim().is_empty())
    }

    /// The row's id as text.
    fn id(&self) -> Option<String> {
        match self.row.cells(self.roles.id?).next()? {
            Cell::Text(Some(text)) => Some(text.to_owned()).filter(|id| !id.trim().is_empty()),
            Cell::Integer(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The columns that go to the meta.
    fn extra(&self) -> Vec<(String, Box<RawValue>)> {
        let others = self.roles.others.iter().filter_map(|at| Some((*at, self.columns.get(*at)?)));
        others
            .filter_map(|(at, column)| {
                let mut values = self.row.cells(at).map(value_of);
                let value = if column.is_list { Value::Array(values.collect()) } else { values.next()? };
                if value.is_null() { None } else { Some((column.name.clone(), to_raw_value(&value).ok()?)) }
            })
            .collect()
    }

    /// A row with a text and spans, before it is checked.
    fn article(&self, names: &TagReading) -> RawArticle {
        let text = self.roles.text.and_then(|at| self.row.text(at)).map(str::to_owned);
        let mut article = RawArticle { id: self.id(), text, extra: self.extra(), ..RawArticle::default() };
        if let Some((start, end, label, surface)) = self.roles.spans {
            let mut surfaces = surface.map(|at| self.row.cells(at));
            let spans = self.row.cells(start).zip(self.row.cells(end)).zip(self.row.cells(label));
            for ((start, end), label) in spans {
                let label = match label {
                    Cell::Integer(number) => Value::from(names.label(number)),
                    other => value_of(other),
                };
                let surface = surfaces.as_mut().and_then(Iterator::next).map_or(Value::Null, value_of);
                let span = json!({"start": value_of(start), "end": value_of(end), "label": label, "text": surface});
                article.spans.extend(to_raw_value(&span).map(SpanJson::Text));
            }
        }
        article
    }
}

fn value_of(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Null | Cell::Text(None) => Value::Null,
        Cell::Text(Some(text)) => Value::from(text),
        Cell::Integer(number) => Value::from(number),
        Cell::Number(number) => Value::from(number),
        Cell::Boolean(value) => Value::from(value),
    }
}

/// A row with tokens; `None`, with a word on it, when it cannot be read.
fn token_row<'a>(
    rest: &Rest<'a>,
    tokens: usize,
    reading: &mut TagReading,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Option<TokenRow<'a>> {
    let words: Option<Vec<&'a str>> = rest
        .row
        .cells(tokens)
        .map(|cell| match cell {
            Cell::Text(text) => text,
            _ => None,
        })
        .collect();
    let Some(words) = words else {
        let words = "a token is missing or no UTF-8".to_owned();
        problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
        return None;
    };
    let mut mentions = Vec::new();
    if let Some(tags) = rest.roles.tags {
        let cells: Vec<Cell<'_>> = rest.row.cells(tags).collect();
        if cells.len() != words.len() {
            problems.push(Problem::foreign(place, uneven(words.len(), cells.len())));
            return None;
        }
        let (found, said) = reading.mentions(&cells);
        mentions = found;
        problems.extend(said.into_iter().map(|foreign| Problem::foreign(place, foreign)));
    }
    let own = rest.roles.own;
    let text = rest.roles.text.and_then(|at| rest.row.text(at));
    let mut extra = rest.extra();
    // A text of another program may not be the one that was cut into tokens: then it is kept beside.
    let fits = text.filter(|text| own.is_some() || is_found(&words, text));
    if let Some(text) = text.filter(|_| fits.is_none()) {
        extra.extend(to_raw_value(text).ok().map(|text| ("text".to_owned(), text)));
    }
    let meta = rest.own_text(4).and_then(|meta| RawValue::from_string(meta.to_owned()).ok());
    let sentence = own.and_then(|[_, sentence, ..]| match rest.row.cells(sentence).next()? {
        Cell::Integer(number) => u64::try_from(number).ok(),
        _ => None,
    });
    let name = if own.is_some() { rest.own_text(0).map(str::to_owned) } else { rest.id() };
    Some(TokenRow {
        tokens: words,
        text: fits,
        name: name.map(Into::into),
        sentence,
        annotator: rest.own_text(2),
        status: rest.own_text(3),
        meta: merge(meta.as_deref(), &extra),
        mentions,
        place,
        file: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::{Columns, Format};
    use crate::formats::hugging_face::parquet_file::tests::{Column, parquet};
    use crate::formats::trial::{read_files, said};
    use std::collections::BTreeMap;

    const SCHEMA: &str = "message m { optional binary id (STRING);
        optional group words (LIST) { repeated group list { optional binary element (STRING); } }
        optional group tags (LIST) { repeated group list { optional int64 element; } }
        optional binary source (STRING); }";
    const NAMES: &str =
        r#"{"info":{"features":{"tags":{"feature":{"names":["O","B-A","I-A"],"_type":"ClassLabel"},"_type":"List"}}}}"#;

    /// Two rows, `x y` and `z`, with these tags.
    fn file(tags: &[i64], repetitions: &[i16], metadata: Option<(&str, &str)>) -> Vec<u8> {
        let columns = [
            Column::Texts(&["1", "2"], &[1, 1], &[]),
            Column::Texts(&["x", "y", "z"], &[3, 3, 3], &[0, 1, 0]),
            Column::Integers(tags, &[3, 3, 3][..tags.len()], repetitions),
            Column::Texts(&["s"], &[1, 0], &[]),
        ];
        parquet(SCHEMA, &columns, metadata)
    }

    fn check(files: &[(&str, Vec<u8>)], options: &ReadOptions, expected: &[(&str, &str, &[&str])], problems: &[&str]) {
        let files: BTreeMap<String, Vec<u8>> =
            files.iter().map(|(name, bytes)| ((*name).into(), bytes.clone())).collect();
        let (records, found) = read_files(Format::HUGGING_FACE, files, options).unwrap();
        let records: Vec<_> =
            records.iter().map(|r| (r.name.clone().unwrap_or_default(), r.text.clone(), said(r))).collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(n, t, m)| ((*n).into(), (*t).into(), m.iter().map(|m| (*m).into()).collect()))
            .collect();
        assert_eq!(records, expected);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems);
    }

    const KEPT: &str = "a.parquet: the key \"source\" is not known; it is kept in the articles' meta";
    const REBUILT: &str = "a.parquet: record 1: the file has tokens and no whole text: the text was rebuilt from them, with spaces and line breaks where it says nothing";

    #[test]
    fn names_come_from_the_file_the_card_or_the_caller() {
        let tags = |metadata| ("a.parquet", file(&[1, 2, 0], &[0, 1, 0], metadata));
        let rows: &[(&str, &str, &[&str])] = &[("1", "x y", &["A 0..3"]), ("2", "z", &[])];
        let default = ReadOptions::default();
        check(&[tags(Some((KEY, NAMES)))], &default, rows, &[KEPT, REBUILT]);
        let card = "---\nfeatures:\n- name: tags\n  sequence:\n    class_label:\n      names:\n        '0': O\n        '1': B-A\n        '2': I-A\n";
        check(&[tags(None), ("README.md", card.as_bytes().to_vec())], &default, rows, &[KEPT, REBUILT]);
        let label_names = BTreeMap::from([(0, "O".into()), (1, "B-A".into()), (2, "I-A".into())]);
        check(&[tags(None)], &ReadOptions { label_names, ..ReadOptions::default() }, rows, &[KEPT, REBUILT]);
        let bare = "a.parquet: the file numbers its labels and does not name them; the numbers were taken as names";
        let rows: &[(&str, &str, &[&str])] = &[("1", "x y", &["1 0..1", "2 2..3"]), ("2", "z", &[])];
        check(&[tags(None)], &default, rows, &[bare, KEPT, REBUILT]);
    }

    #[test]
    fn rows_are_grouped_when_asked_and_bad_ones_are_said() {
        let options = ReadOptions { sentences: std::num::NonZeroUsize::new(2), ..ReadOptions::default() };
        let good = ("a.parquet", file(&[1, 2, 1], &[0, 1, 0], Some((KEY, NAMES))));
        let grouped = "the file does not say where an article begins: every 2 sentences were made one";
        check(
            std::slice::from_ref(&good),
            &options,
            &[("1", "x y\nz", &["A 0..3", "A 4..5"])],
            &[KEPT, REBUILT, grouped],
        );
        let uneven = ("a.parquet", file(&[1, 0, 0], &[0, 0, 1], Some((KEY, NAMES))));
        let lost =
            |row: u64, words: &str| format!("a.parquet: record {row}: this cannot be read ({words}); it was left out");
        let lost = [lost(1, "2 tokens with 1 tags"), lost(2, "1 tokens with 2 tags")];
        check(&[uneven], &ReadOptions::default(), &[], &[KEPT, &lost[0], &lost[1]]);
    }

    #[test]
    fn a_bad_file_does_not_touch_the_others() {
        let files = [
            ("a.parquet", file(&[0, 0, 0], &[0, 1, 0], Some((KEY, NAMES)))),
            ("b.parquet", b"no".to_vec()),
            ("c.arrow", vec![1]),
        ];
        let rows: &[(&str, &str, &[&str])] = &[("1", "x y", &[]), ("2", "z", &[])];
        let options = ReadOptions::default();
        let (_, found) =
            read_files(Format::HUGGING_FACE, files.iter().map(|(n, b)| ((*n).into(), b.clone())).collect(), &options)
                .unwrap();
        let bad = found.last().unwrap().to_string();
        assert!(bad.starts_with("the file \"b.parquet\" was left out: this cannot be read as Parquet"), "{bad}");
        let arrow = "the file \"c.arrow\" was left out: it is no Parquet file";
        check(&files, &options, rows, &[arrow, KEPT, REBUILT, &bad]);
        let asked = ReadOptions { columns: Columns { text: Some("t".into()), ..Columns::default() }, ..options };
        let error =
            read_files(Format::HUGGING_FACE, BTreeMap::from([("f".into(), files[0].1.clone())]), &asked).unwrap_err();
        assert_eq!(error.to_string(), "there is no column \"t\"; there are id, words, tags, source");
    }

    #[test]
    fn texts_with_spans_are_read_too() {
        let schema = "message m { optional binary text (STRING); optional group entities (LIST) { repeated group list {
            optional group element { optional int64 start; optional int64 end; optional binary label (STRING); } } } }";
        let columns = [
            Column::Texts(&["😀 علی", "b"], &[1, 1], &[]),
            Column::Integers(&[2, 0], &[4, 4, 1], &[0, 1, 0]),
            Column::Integers(&[5, 9], &[4, 4, 1], &[0, 1, 0]),
            Column::Texts(&["PER", "X"], &[4, 4, 1], &[0, 1, 0]),
        ];
        let files = [("d/a.parquet", parquet(schema, &columns, None))];
        let lost = "d/a.parquet: record 1: span 2 was left out: X at 0..9 (codepoint) passes the end of the text or cuts a character";
        check(&files, &ReadOptions::default(), &[("", "😀 علی", &["PER 2..5"]), ("", "b", &[])], &[lost]);
    }

    #[test]
    fn a_folder_is_told_by_its_files() {
        let folder = Sniff::of_folder("d", &["README.md".into(), "data/train-00000-of-00001.PARQUET".into()]);
        assert_eq!(Format::detect(&folder), Some(Format::HUGGING_FACE));
        assert_eq!(Format::detect(&Sniff::of_file("x", b"PAR1\x15")), Some(Format::HUGGING_FACE));
        assert_eq!(Format::detect(&Sniff::of_folder("d", &["a.txt".into()])), None);
    }
}
