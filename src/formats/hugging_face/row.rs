//! What the columns of a dataset hold, and the tags of a row read as mentions.
//!
//! Owns [`Roles`], which finds columns by their usual names, and [`TagReading`]. It must not know files.

use crate::domain::offset::TokenSpan;
use crate::domain::tag_scheme::{Tag, TagScheme, spans_from_tags};
use crate::formats::decoding::as_u64;
use crate::formats::foreign::Foreign;
use crate::formats::format::{Columns, ReadOptions};
use crate::formats::hugging_face::parquet_file::{Cell, CellKind, LeafColumn};
use crate::formats::problem::FormatError;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The usual names of the columns, the most telling first.
const TOKENS: &[&str] = &["tokens", "words", "token", "tokenized_text"];
const TAGS: &[&str] = &["ner_tags", "tags", "ner", "labels", "ner_labels", "ner_tag", "label", "fine_ner_tags"];
const TEXTS: &[&str] = &["text", "content", "sentence", "body", "document"];
const SPANS: &[&str] = &["entities", "spans", "mentions", "labels", "label"];

/// Which columns hold what, by their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// A list of words.
    pub tokens: Option<usize>,
    /// A list of tags.
    pub tags: Option<usize>,
    /// A text.
    pub text: Option<usize>,
    /// The id of the row.
    pub id: Option<usize>,
    /// The columns of our own: article, sentence, annotator, status, meta. `None` unless they are there.
    pub own: Option<[usize; 5]>,
    /// Lists of where mentions start and end, their labels, and their surfaces.
    pub spans: Option<(usize, usize, usize, Option<usize>)>,
    /// All others.
    pub others: Vec<usize>,
}

impl Roles {
    /// Finds the columns: those asked for, or else the usual names.
    ///
    /// # Errors
    /// [`FormatError::NoColumn`] when one that was asked for is not there, or neither words nor a text.
    pub fn of_columns(all: &[LeafColumn], asked: &Columns) -> Result<Self, FormatError> {
        let find = |name: &str, fits: &dyn Fn(&LeafColumn) -> bool| {
            all.iter().position(|column| column.name == name && fits(column))
        };
        let no_column = |name: &str| FormatError::NoColumn {
            name: name.to_owned(),
            there: all.iter().map(|c| c.name.clone()).collect(),
        };
        let words = |column: &LeafColumn| column.is_list && column.kind == CellKind::Text;
        let text = |column: &LeafColumn| !column.is_list && column.kind == CellKind::Text;
        let number = |column: &LeafColumn| !column.is_list && column.kind == CellKind::Integer;
        let list = |column: &LeafColumn| column.is_list && matches!(column.kind, CellKind::Text | CellKind::Integer);
        let single = |column: &LeafColumn| text(column) || number(column);
        let usual = |names: &[&str], fits: &dyn Fn(&LeafColumn) -> bool| names.iter().find_map(|name| find(name, fits));

        let mut roles = Self { tokens: usual(TOKENS, &words), ..Self::default() };
        if let Some(name) = asked.text.as_deref() {
            roles.tokens = find(name, &words);
            roles.text = find(name, &text);
            if roles.tokens.is_none() && roles.text.is_none() {
                return Err(no_column(name));
            }
        }
        let own = [
            find("article", &text),
            find("sentence", &number),
            find("annotator", &text),
            find("status", &text),
            find("meta", &text),
        ];
        if let [Some(a), Some(b), Some(c), Some(d), Some(e)] = own {
            roles.own = Some([a, b, c, d, e]);
        }
        roles.text =
            roles.text.or_else(|| if roles.tokens.is_some() { find("text", &text) } else { usual(TEXTS, &text) });
        if roles.tokens.is_none() && roles.text.is_none() {
            return Err(no_column("tokens"));
        }
        let spans = |name: &str| {
            let part = |names: &[&str], fits: &dyn Fn(&LeafColumn) -> bool| {
                names.iter().find_map(|part| find(&format!("{name}.{part}"), fits))
            };
            let numbers = |column: &LeafColumn| column.is_list && column.kind == CellKind::Integer;
            let start = part(&["start", "start_offset", "begin"], &numbers)?;
            let end = part(&["end", "end_offset"], &numbers)?;
            Some((
                start,
                end,
                part(&["label", "type", "entity", "tag"], &list)?,
                part(&["text", "word", "surface"], &words),
            ))
        };
        let mentions = asked.mentions.as_deref();
        if roles.tokens.is_some() {
            roles.tags = mentions.map_or_else(|| usual(TAGS, &list), |name| find(name, &list));
        } else {
            roles.spans = mentions.map_or_else(|| SPANS.iter().find_map(|name| spans(name)), spans);
        }
        if let Some(name) = mentions.filter(|_| roles.tags.is_none() && roles.spans.is_none()) {
            return Err(no_column(name));
        }
        roles.id = asked.id.as_deref().map_or_else(|| usual(&["id", "guid"], &single), |name| find(name, &single));
        if let Some(name) = asked.id.as_deref().filter(|_| roles.id.is_none()) {
            return Err(no_column(name));
        }
        let own = roles.own.into_iter().flatten();
        let (start, end, label, surface) =
            roles.spans.map_or((None, None, None, None), |(a, b, c, d)| (Some(a), Some(b), Some(c), d));
        let used = [roles.tokens, roles.tags, roles.text, roles.id, start, end, label, surface];
        let used: Vec<usize> = used.into_iter().flatten().chain(own).collect();
        roles.others = (0..all.len()).filter(|at| !used.contains(at)).collect();
        Ok(roles)
    }
}

/// How the tags of a file are read.
#[derive(Clone, Debug, Default)]
pub struct TagReading {
    /// The names of the numbers.
    names: Option<Vec<String>>,
    /// Names that the caller gives.
    given: BTreeMap<i64, String>,
    /// Whether a tag is a label alone; `None` until a row shows it.
    is_bare: Option<bool>,
    scheme: TagScheme,
    strict: bool,
}

impl TagReading {
    /// A reading by the names of the file, if it has some, or those the caller gives.
    #[must_use]
    pub fn new(names: Option<Vec<String>>, options: &ReadOptions) -> Self {
        let mut reading =
            Self { names, given: options.label_names.clone(), strict: options.strict_tags, ..Self::default() };
        let named: Vec<String> = match &reading.names {
            Some(names) => names.clone(),
            None => reading.given.values().cloned().collect(),
        };
        reading.look_at(named.iter().map(String::as_str));
        reading
    }

    /// Whether the numbers of the file have names.
    #[must_use]
    pub fn has_names(&self) -> bool {
        self.names.is_some() || !self.given.is_empty()
    }

    /// The name of a number.
    fn name(&self, number: i64) -> Option<&str> {
        match &self.names {
            Some(names) => usize::try_from(number).ok().and_then(|at| names.get(at)).map(String::as_str),
            None => self.given.get(&number).map(String::as_str),
        }
    }

    /// The name of a label's number, or the number itself where there are no names.
    #[must_use]
    pub fn label(&self, number: i64) -> Cow<'_, str> {
        self.name(number).map_or_else(|| Cow::Owned(number.to_string()), Cow::Borrowed)
    }

    /// Decides by the first tags of a mention that are seen whether tags are labels alone, and whether there is no B.
    fn look_at<'a>(&mut self, tags: impl Iterator<Item = &'a str>) {
        let tags: Vec<(Option<Tag<'_>>, &str)> = tags.map(|tag| (Tag::from_text(tag), tag)).collect();
        let mut seen = tags.iter().filter(|(tag, _)| *tag != Some(Tag::Outside)).peekable();
        if self.is_bare.is_none() && seen.peek().is_some() {
            self.is_bare = Some(seen.all(|(tag, _)| tag.is_none()));
            let begins = |tag: &Option<Tag<'_>>| matches!(tag, Some(Tag::Begin(_) | Tag::Single(_)));
            // Where the names are known and none begins a mention, going on is the rule.
            let no_begin = self.has_names() && !tags.iter().any(|(tag, _)| begins(tag));
            self.scheme = if self.is_bare == Some(true) || no_begin { TagScheme::Iob1 } else { TagScheme::Bio };
        }
    }

    /// The mentions that a row's tags say, by its tokens, and what there is to say of them.
    #[must_use]
    pub fn mentions(&mut self, cells: &[Cell<'_>]) -> (Vec<(TokenSpan, String)>, Vec<Foreign>) {
        let (mut found, mut unknown) = (Vec::new(), 0_u64);
        let numbered = !self.has_names();
        let texts: Vec<Cow<'_, str>> = cells
            .iter()
            .map(|cell| match cell {
                Cell::Text(Some(text)) => Cow::Borrowed(*text),
                Cell::Integer(0) if numbered => Cow::Borrowed("O"),
                Cell::Integer(-1) | Cell::Null => {
                    unknown += 1;
                    Cow::Borrowed("O")
                }
                Cell::Integer(number) => {
                    // The reading changes below, so the name is taken along.
                    Cow::Owned(self.name(*number).map_or_else(|| number.to_string(), str::to_owned))
                }
                other => Cow::Owned(format!("{other:?}")),
            })
            .collect();
        if numbered && cells.iter().any(|cell| matches!(cell, Cell::Integer(number) if *number > 0)) {
            (self.is_bare, self.scheme) = (Some(true), TagScheme::Iob1);
        }
        self.look_at(texts.iter().map(AsRef::as_ref));
        let tags: Vec<Tag<'_>> = texts
            .iter()
            .map(|text| match Tag::from_text(text) {
                Some(Tag::Outside) => Tag::Outside,
                _ if self.is_bare == Some(true) => Tag::Inside(text),
                Some(tag) => tag,
                None => {
                    found.push(Foreign::BadTag { tag: text.to_string() });
                    Tag::Outside
                }
            })
            .collect();
        if unknown > 0 {
            found.push(Foreign::UnknownTags { count: unknown });
        }
        let mut mentions = Vec::new();
        for span in spans_from_tags(&tags, self.scheme) {
            if span.is_orphan {
                let tag = texts.get(span.tokens.start.get()).map(ToString::to_string).unwrap_or_default();
                found.push(if self.strict { Foreign::OrphanLeftOut { tag } } else { Foreign::OrphanTaken { tag } });
            }
            if !(span.is_orphan && self.strict) {
                mentions.push((span.tokens, span.label.to_owned()));
            }
        }
        (mentions, found)
    }
}

/// What is wrong with a row whose tags are not as many as its tokens.
#[must_use]
pub fn uneven(tokens: usize, tags: usize) -> Foreign {
    Foreign::Unreadable { words: format!("{} tokens with {} tags", as_u64(tokens), as_u64(tags)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: Option<&[&str]>, cells: &[Cell<'_>], expected: &[&str], said: &[&str]) {
        let names = names.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let (mentions, found) = TagReading::new(names, &ReadOptions::default()).mentions(cells);
        let mentions: Vec<String> = mentions.iter().map(|(tokens, label)| format!("{label} {tokens}")).collect();
        assert_eq!(mentions, expected);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), said);
    }

    fn numbers(numbers: &[i64]) -> Vec<Cell<'static>> {
        numbers.iter().map(|number| Cell::Integer(*number)).collect()
    }

    #[test]
    fn tags_are_read_by_their_names() {
        let bio: Option<&[&str]> = Some(&["O", "B-A", "I-A"]);
        check(bio, &numbers(&[1, 2, 0, 1, 1]), &["A 0..2", "A 3..4", "A 4..5"], &[]);
        let orphan = Foreign::OrphanTaken { tag: "I-A".into() }.to_string();
        check(bio, &numbers(&[0, 2]), &["A 1..2"], &[&orphan]);
        let unknown = Foreign::UnknownTags { count: 2 }.to_string();
        let cells = [Cell::Integer(1), Cell::Integer(-1), Cell::Null, Cell::Integer(2)];
        check(bio, &cells, &["A 0..1", "A 3..4"], &[&unknown, &orphan]);
        let bad = Foreign::BadTag { tag: "7".into() }.to_string();
        check(bio, &numbers(&[7, 1]), &["A 1..2"], &[&bad]);
        check(Some(&["O", "I-A"]), &numbers(&[1, 1, 0]), &["A 0..2"], &[]);
        check(Some(&["X", "O", "Y"]), &numbers(&[0, 0, 2, 1, 2]), &["X 0..2", "Y 2..3", "Y 4..5"], &[]);
    }

    #[test]
    fn tags_without_names_are_read_as_they_stand() {
        check(
            None,
            &numbers(&[0, 3, 3, 4, 0, -1]),
            &["3 1..3", "4 3..4"],
            &[&Foreign::UnknownTags { count: 1 }.to_string()],
        );
        let texts = |texts: &[&'static str]| texts.iter().map(|text| Cell::Text(Some(text))).collect::<Vec<_>>();
        check(None, &texts(&["B-A", "I-A", "O"]), &["A 0..2"], &[]);
        check(None, &texts(&["PER", "PER", "O", "LOC"]), &["PER 0..2", "LOC 3..4"], &[]);
        let options =
            ReadOptions { label_names: BTreeMap::from([(5, "B-A".into()), (2, "O".into())]), ..ReadOptions::default() };
        let (mentions, _) = TagReading::new(None, &options).mentions(&numbers(&[2, 5]));
        assert_eq!(mentions, [(TokenSpan::from_tokens(1, 2), "A".to_owned())]);
    }
}
