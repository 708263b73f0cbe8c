//! CoNLL-U, the format of Universal Dependencies, with mentions as tags in its last column (`NER=B-PER`).
//!
//! Owns its row and reader, and how the whole annotation is carried: a text for every sentence, its lines as they stand, but for forms
//! and `# text`, which the article has. It must not read the syntax.

use crate::domain::record::{ArticleRecord, Carried};
use crate::domain::tag_scheme::{Tag, TagScheme, spans_from_tags};
use crate::formats::conll::article::TokenArticle;
use crate::formats::conll::conllu_sentence::{COLUMNS, Row, RowKind, gaps, spaces_after, spaces_before, tag_in_misc};
use crate::formats::conll::conllu_writer::ConlluWriter;
use crate::formats::conll::lines::TextLines;
use crate::formats::decoding::{as_u64, check_article_text};
use crate::formats::files::{Sink, Source};
use crate::formats::finding::{Finding, cut};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use std::io::Read;
use std::num::NonZeroUsize;

/// The row of CoNLL-U.
pub static FACTS: FormatFacts = FormatFacts {
    name: "conllu",
    title: "CoNLL-U of Universal Dependencies",
    endings: &["conllu"],
    container: Container::File,
    unit: Unit::Tokens,
    holds: &[Held::TokenColumn, Held::WhiteSpace, Held::Name, Held::OtherAnnotation, Held::Line],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(ConlluReader::new(source.one("conllu")?, options)))),
    writer: Some(|sink: Sink, options| Ok(Box::new(ConlluWriter::new(sink.one("conllu")?, options)))),
    detect,
    companions: None,
};

fn detect(sniff: &Sniff) -> Likeness {
    let mut rows = sniff.text().lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).peekable();
    let has_rows = rows.peek().is_some();
    match has_rows && rows.take(50).all(|line| Row::from_line(line).is_ok()) {
        true => Likeness::Sure,
        false if FACTS.endings.contains(&sniff.ending().as_str()) => Likeness::Likely,
        false => Likeness::No,
    }
}

/// How many sentences make an article, when neither file nor caller says.
const SENTENCES: NonZeroUsize = NonZeroUsize::new(20).unwrap();

/// The comment that holds a sentence's text.
pub(crate) const TEXT_COMMENT: &str = "# text = ";

/// The reader of CoNLL-U; memory holds two articles.
///
/// ```
/// use barchasb::formats::conll::conllu_reader::ConlluReader;
/// use barchasb::formats::format::{ReadOptions, RecordReader};
/// let file = "# newdoc id = n1\n# text = علی، رفت\n1\tعلی\t_\t_\t_\t_\t_\t_\t_\tNER=B-PER|SpaceAfter=No\n\
///     2\t،\t_\t_\t_\t_\t_\t_\t_\t_\n3\tرفت\t_\t_\t_\t_\t_\t_\t_\t_\n\n";
/// let mut reader = ConlluReader::new(file.as_bytes(), &ReadOptions::default());
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!((article.name.as_deref(), article.text.as_str()), (Some("n1"), "علی، رفت"));
/// assert_eq!(article.layers[0].mentions[0].label, "PER");
/// ```
#[derive(Debug)]
pub struct ConlluReader<R> {
    lines: TextLines<R>,
    name: Option<String>,
    sentences: NonZeroUsize,
    is_strict: bool,
    limit: u64,
    /// The lines of the sentence in the making, with their numbers.
    rows: Vec<(u64, String)>,
    article: Opened,
    /// Whether the file says where articles begin.
    has_newdoc: bool,
    is_too_long: bool,
    bytes: u64,
    record: u64,
    unnamed: u64,
    ahead: Option<(ArticleRecord, Vec<Problem>)>,
    notes: Vec<Problem>,
    is_rebuilt_said: bool,
    is_grouped_said: bool,
}

/// An article in the making.
#[derive(Debug, Default)]
struct Opened {
    tokens: TokenArticle,
    name: Option<String>,
    /// The lines of every sentence, to be carried.
    kept: Vec<String>,
    /// What stands after the last token.
    tail: Option<String>,
}

/// A token as it stands in the text, with the tag of the first of its words that has one.
struct Surface<'a> {
    form: &'a str,
    misc: &'a str,
    tag: Option<&'a str>,
    line: u64,
}

impl<R: Read> ConlluReader<R> {
    /// A reader of `input`.
    pub fn new(input: R, options: &ReadOptions) -> Self {
        Self {
            lines: TextLines::new(input, options.limits.record_bytes),
            name: options.name.clone(),
            sentences: options.sentences.unwrap_or(SENTENCES),
            is_strict: options.strict_tags,
            limit: options.limits.record_bytes,
            rows: Vec::new(),
            article: Opened::default(),
            has_newdoc: false,
            is_too_long: false,
            bytes: 0,
            record: 0,
            unnamed: 0,
            ahead: None,
            notes: Vec::new(),
            is_rebuilt_said: false,
            is_grouped_said: false,
        }
    }

    fn read_article(&mut self) -> Result<Option<(ArticleRecord, Vec<Problem>)>, FormatError> {
        let mut problems = std::mem::take(&mut self.notes);
        while self.lines.next_line(&mut problems)? {
            let line = self.lines.line();
            if line.trim().is_empty() {
                let is_full = self.end_sentence(&mut problems);
                if is_full && let Some(record) = self.end_article(&mut problems) {
                    return Ok(Some((record, problems)));
                }
                continue;
            }
            let is_newdoc =
                line.strip_prefix("# newdoc").is_some_and(|rest| matches!(rest.chars().next(), None | Some(' ' | '=')));
            if is_newdoc {
                let id = line.split_once("id = ").map(|(_, id)| id.trim().to_owned()).filter(|id| !id.is_empty());
                self.end_sentence(&mut problems);
                let record = self.end_article(&mut problems);
                self.has_newdoc = true;
                self.article.name = id;
                self.keep_line();
                if let Some(record) = record {
                    return Ok(Some((record, problems)));
                }
            } else if !self.is_too_long {
                self.keep_line();
            }
            if self.bytes > self.limit && !self.is_too_long {
                problems.push(Problem::new(self.lines.place(), Finding::RecordTooLong { limit: self.limit }));
                (self.is_too_long, self.article) = (true, Opened::default());
                self.rows.clear();
            }
        }
        self.end_sentence(&mut problems);
        let record = self.end_article(&mut problems);
        if record.is_none() {
            self.notes = std::mem::take(&mut problems);
        }
        Ok(record.map(|record| (record, problems)))
    }

    fn keep_line(&mut self) {
        self.bytes += as_u64(self.lines.line().len());
        self.rows.push((self.lines.number(), self.lines.line().to_owned()));
    }

    /// Ends the sentence; true when the article has all its sentences.
    fn end_sentence(&mut self, problems: &mut Vec<Problem>) -> bool {
        if self.is_too_long {
            return !self.has_newdoc;
        }
        let lines = std::mem::take(&mut self.rows);
        let (rows, kept) = rows_of(&lines, problems);
        let surfaces = surfaces_of(&rows);
        if surfaces.is_empty() {
            if !lines.is_empty() {
                let finding = Foreign::NotTaken { what: Held::Line, count: as_u64(lines.len()) };
                let line = lines.first().map(|(number, _)| *number);
                problems.push(Problem::foreign(Place { line, ..Place::default() }, finding));
            }
            return false;
        }
        let forms: Vec<&str> = surfaces.iter().map(|surface| surface.form).collect();
        let text = lines.iter().find_map(|(number, line)| Some((*number, line.strip_prefix(TEXT_COMMENT)?)));
        let between = text.and_then(|(_, text)| gaps(text, &forms));
        if between.is_none() {
            self.say_no_text(text.map(|(number, _)| number), problems);
        }
        let tokens = &mut self.article.tokens;
        tokens.begin_sentence();
        if let Some(tail) = self.article.tail.take() {
            tokens.push_between(&tail);
        }
        for (at, surface) in surfaces.iter().enumerate() {
            if at == 0
                && let Some(before) = spaces_before(surface.misc).filter(|_| tokens.is_empty())
            {
                tokens.push_between(&before);
            }
            tokens.push_token(surface.form);
            let by_text = between.as_ref().and_then(|gaps| gaps.get(at + 1)).filter(|_| at + 1 < surfaces.len());
            match spaces_after(surface.misc).or_else(|| by_text.map(|gap| (*gap).to_owned())) {
                Some(gap) if at + 1 == surfaces.len() => self.article.tail = Some(gap),
                Some(gap) => tokens.push_between(&gap),
                None => {}
            }
        }
        take_tags(tokens, &surfaces, self.is_strict, problems);
        self.article.kept.push(kept);
        !self.has_newdoc && self.article.tokens.sentence_count() >= self.sentences.get()
    }

    /// Says that a sentence has no text of its own, or another than its tokens.
    fn say_no_text(&mut self, line: Option<u64>, problems: &mut Vec<Problem>) {
        if line.is_some() {
            let words = "the text of this sentence is not that of its tokens".to_owned();
            problems.push(Problem::foreign(Place { line, ..Place::default() }, Foreign::Unreadable { words }));
        } else if !std::mem::replace(&mut self.is_rebuilt_said, true) {
            problems.push(Problem::foreign(Place::default(), Foreign::Rebuilt));
        }
    }

    fn end_article(&mut self, problems: &mut Vec<Problem>) -> Option<ArticleRecord> {
        (self.is_too_long, self.bytes) = (false, 0);
        let mut article = std::mem::take(&mut self.article);
        if article.tokens.is_empty() {
            return None;
        }
        if let Some(tail) = article.tail {
            article.tokens.push_between(&tail);
        }
        self.record += 1;
        let place = Place { record: Some(self.record), ..Place::default() };
        let mut record = article.tokens.finish(article.name);
        if let Err(problem) = check_article_text(&record.text, place, problems) {
            problems.push(*problem);
            return None;
        }
        if !self.has_newdoc && !std::mem::replace(&mut self.is_grouped_said, true) {
            let sentences = as_u64(self.sentences.get());
            problems.push(Problem::foreign(Place::default(), Foreign::Grouped { sentences }));
        }
        if let Some(data) = kept_data(&article.kept) {
            let count = as_u64(article.kept.len());
            problems.push(Problem::foreign(place, Foreign::Carried { what: Held::TokenColumn, count }));
            record.carried.push(Carried { format: FACTS.name.to_owned(), data });
        }
        Some(record)
    }
}

/// The rows of a sentence, and its lines as they are carried: the form of a word is left out where the article has it.
fn rows_of<'a>(lines: &'a [(u64, String)], problems: &mut Vec<Problem>) -> (Vec<(u64, Row<'a>)>, String) {
    let mut rows = Vec::with_capacity(lines.len());
    let mut kept = String::new();
    let mut covered = 0;
    for (number, line) in lines {
        if line.starts_with(TEXT_COMMENT) {
            kept.push_str("# text\n");
            continue;
        }
        if line.starts_with('#') {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        let place = Place { line: Some(*number), ..Place::default() };
        match Row::from_line(line) {
            Ok(row) if row.form.is_empty() => {
                let words = "the row has no form".to_owned();
                problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
            }
            Ok(row) => {
                let is_surface = match row.kind {
                    RowKind::Range(_, to) => {
                        covered = to;
                        true
                    }
                    RowKind::Word(id) => id > covered,
                    RowKind::EmptyNode => false,
                };
                let form = if is_surface { "" } else { row.form };
                for part in [row.id, "\t", form, "\t", row.middle, "\t", row.misc, "\n"] {
                    kept.push_str(part);
                }
                rows.push((*number, row));
            }
            Err(COLUMNS) => {
                let words = format!("the id {:?} is none", cut(line.split('\t').next().unwrap_or_default()));
                problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
            }
            Err(found) => {
                let finding = Foreign::Columns { found: as_u64(found), expected: as_u64(COLUMNS) };
                problems.push(Problem::foreign(place, finding));
            }
        }
    }
    (rows, kept)
}

fn surfaces_of<'a>(rows: &[(u64, Row<'a>)]) -> Vec<Surface<'a>> {
    let mut surfaces: Vec<Surface<'a>> = Vec::with_capacity(rows.len());
    let mut covered = 0;
    for (line, row) in rows {
        let tag = tag_in_misc(row.misc);
        match row.kind {
            RowKind::Word(id) if id <= covered => {
                if let Some(last) = surfaces.last_mut().filter(|last| matches!(last.tag, None | Some("O"))) {
                    last.tag = tag.or(last.tag);
                }
            }
            RowKind::Range(..) | RowKind::Word(_) => {
                if let RowKind::Range(_, to) = row.kind {
                    covered = to;
                }
                surfaces.push(Surface { form: row.form, misc: row.misc, tag, line: *line });
            }
            RowKind::EmptyNode => {}
        }
    }
    surfaces
}

fn take_tags(tokens: &mut TokenArticle, surfaces: &[Surface<'_>], is_strict: bool, problems: &mut Vec<Problem>) {
    let tag = |surface: &Surface<'_>| surface.tag.map(cut).unwrap_or_default();
    let place = |surface: &Surface<'_>| Place { line: Some(surface.line), ..Place::default() };
    let mut tags = Vec::with_capacity(surfaces.len());
    for surface in surfaces {
        tags.push(Tag::from_text(surface.tag.unwrap_or_default()).unwrap_or_else(|| {
            problems.push(Problem::foreign(place(surface), Foreign::BadTag { tag: tag(surface) }));
            Tag::Outside
        }));
    }
    for span in spans_from_tags(&tags, TagScheme::Bio) {
        if let Some(surface) = surfaces.get(span.tokens.start.get()).filter(|_| span.is_orphan) {
            let tag = tag(surface);
            let finding = if is_strict { Foreign::OrphanLeftOut { tag } } else { Foreign::OrphanTaken { tag } };
            problems.push(Problem::foreign(place(surface), finding));
        }
        if !(span.is_orphan && is_strict) {
            tokens.push_mention(span.tokens, span.label);
        }
    }
}

/// The lines of sentences to be carried; `None` when they say nothing besides tokens and tags.
fn kept_data(sentences: &[String]) -> Option<String> {
    let says_nothing = |line: &str| match Row::from_line(line) {
        Ok(row) => {
            matches!(row.kind, RowKind::Word(_))
                && row.middle.split('\t').all(|value| value == "_")
                && is_plain(row.misc)
        }
        Err(_) => line == "# text" || line.starts_with("# newdoc"),
    };
    if sentences.iter().flat_map(|sentence| sentence.lines()).all(says_nothing) {
        return None;
    }
    serde_json::to_string(sentences).ok()
}

/// Whether MISC says nothing but a tag and white space.
fn is_plain(misc: &str) -> bool {
    misc.split('|').all(|part| {
        matches!(
            part.split_once('=').map_or(part, |(key, _)| key),
            "_" | "NER" | "SpaceAfter" | "SpacesAfter" | "SpacesBefore"
        )
    })
}

impl<R: Read + Send> RecordReader for ConlluReader<R> {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        let is_first = self.record == 0;
        let this = match self.ahead.take() {
            Some(article) => Some(article),
            None => self.read_article()?,
        };
        let Some((mut record, said)) = this else {
            problems.append(&mut self.notes);
            return if is_first && self.lines.number() == 0 { Err(FormatError::Empty) } else { Ok(None) };
        };
        problems.extend(said);
        self.ahead = self.read_article()?;
        if record.name.is_none() {
            self.unnamed += 1;
            let is_only = self.unnamed == 1 && self.ahead.is_none();
            record.name =
                self.name.as_ref().map(|name| if is_only { name.clone() } else { format!("{name}-{}", self.unnamed) });
        }
        Ok(Some(record))
    }
}
