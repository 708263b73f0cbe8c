//! Dataset folders of Hugging Face: Parquet files whose rows are lists of tokens with lists of tags.
//!
//! Owns the format's row and the reader. Rows of our own ([`hugging_face_writer`](crate::formats::hugging_face_writer)) are put together to
//! the articles they were; of other files a row is an article, or so many rows as the caller says. Rows of a text with spans are read too.

use crate::domain::record::ArticleRecord;
use crate::formats::decoding::as_u64;
use crate::formats::files::Files;
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::hugging_face_features::{KEY, label_names, label_names_of_card};
use crate::formats::hugging_face_row::{Roles, TagReading, uneven};
use crate::formats::hugging_face_writer::HuggingFaceWriter;
use crate::formats::json_meta::merge;
use crate::formats::parquet_file::{Cell, LeafColumn, ParquetFile, ParquetRow};
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::token_rows::{RowArticles, TokenRow, is_found};
use crate::formats::training_article::ArticleShaper;
use crate::formats::training_record::RawArticle;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use std::collections::{HashSet, VecDeque};
use std::io::Read;

/// The row of Hugging Face.
pub static FACTS: FormatFacts = FormatFacts {
    name: "hugging-face",
    title: "Hugging Face dataset folder (Parquet)",
    endings: &["parquet"],
    container: Container::Folder,
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
        let is_numbered = labels.is_some_and(|column| column.kind == crate::formats::parquet_file::CellKind::Integer);
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
                article.spans.extend(to_raw_value(&span));
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
