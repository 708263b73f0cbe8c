//! A sentence of CoNLL-U as its lines say it.
//!
//! Owns the grammar of rows (words, ranges as `1-2`, empty nodes as `8.1`), of the last column (MISC) and of the marks of white space in
//! it. It must not make articles. Sources: universaldependencies.org/format.html; `SpacesAfter` and `SpacesBefore` with their escapes
//! are those of UDPipe.

use crate::domain::token::{ZWNJ, is_format};

/// How many columns a row has.
pub const COLUMNS: usize = 10;

/// The keys under which a tag stands in MISC: those of Stanza (`ner`), NorNE (`name`) and others; the first is written.
pub const TAG_KEYS: [&str; 6] = ["NER", "ner", "Ner", "NE", "name", "Entity"];

/// What a row stands for, by its first column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// A word.
    Word(u64),
    /// A token of several words, from one to another.
    Range(u64, u64),
    /// A node without a token.
    EmptyNode,
}

impl RowKind {
    /// The kind of a row with this first column; `None` when it is none.
    ///
    /// ```
    /// use barchasb::formats::conll::conllu_sentence::RowKind;
    /// assert_eq!(RowKind::from_id("3-4"), Some(RowKind::Range(3, 4)));
    /// assert_eq!(RowKind::from_id("8.1"), Some(RowKind::EmptyNode));
    /// assert_eq!(RowKind::from_id("x"), None);
    /// ```
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        if let Some((from, to)) = id.split_once('-') {
            let (from, to) = (from.parse().ok()?, to.parse().ok()?);
            return (from <= to).then_some(Self::Range(from, to));
        }
        if let Some((word, node)) = id.split_once('.') {
            let (_, _): (u64, u64) = (word.parse().ok()?, node.parse().ok()?);
            return Some(Self::EmptyNode);
        }
        id.parse().ok().map(Self::Word)
    }
}

/// A row by its columns.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// What it stands for.
    pub kind: RowKind,
    /// The first column.
    pub id: &'a str,
    /// The token or word.
    pub form: &'a str,
    /// The columns from the third to the ninth, with their tabs.
    pub middle: &'a str,
    /// The last column.
    pub misc: &'a str,
}

impl<'a> Row<'a> {
    /// The row of a line.
    ///
    /// # Errors
    /// How many columns there are, when they are not ten; ten when the first is no id.
    pub fn from_line(line: &'a str) -> Result<Self, usize> {
        let count = line.split('\t').count();
        let parts = || {
            let (id, rest) = line.split_once('\t')?;
            let (form, rest) = rest.split_once('\t')?;
            let (middle, misc) = rest.rsplit_once('\t')?;
            Some(Self { kind: RowKind::from_id(id)?, id, form, middle, misc })
        };
        if count == COLUMNS { parts().ok_or(count) } else { Err(count) }
    }
}

/// The parts of MISC by their keys.
fn parts(misc: &str) -> impl Iterator<Item = (&str, &str)> {
    misc.split('|').filter_map(|part| part.split_once('='))
}

/// The tag in MISC: a value of one of [`TAG_KEYS`] that is one.
///
/// ```
/// use barchasb::formats::conll::conllu_sentence::tag_in_misc;
/// assert_eq!(tag_in_misc("SpaceAfter=No|NER=B-PER"), Some("B-PER"));
/// assert_eq!(tag_in_misc("Entity=(e1-person)"), None);
/// ```
#[must_use]
pub fn tag_in_misc(misc: &str) -> Option<&str> {
    let is_tag = |value: &str| value == "O" || value.get(1..2) == Some("-") && value.len() > 2;
    parts(misc).find(|(key, value)| TAG_KEYS.contains(key) && is_tag(value)).map(|(_, value)| value)
}

/// MISC with another tag in the place of its own, or at its end; `None` for none.
///
/// ```
/// use barchasb::formats::conll::conllu_sentence::misc_with_tag;
/// assert_eq!(misc_with_tag("ner=O|X=1", Some("B-PER")), "ner=B-PER|X=1");
/// assert_eq!(misc_with_tag("X=1", Some("B-PER")), "X=1|NER=B-PER");
/// assert_eq!(misc_with_tag("NER=B-PER", None), "NER=O");
/// assert_eq!(misc_with_tag("_", None), "_");
/// ```
#[must_use]
pub fn misc_with_tag(misc: &str, tag: Option<&str>) -> String {
    let has_own = tag_in_misc(misc);
    let own = |part: &str| {
        part.split_once('=')
            .filter(|(key, value)| TAG_KEYS.contains(key) && Some(*value) == has_own)
            .map(|(key, _)| key.to_owned())
    };
    let mut is_written = false;
    let mut all: Vec<String> = Vec::new();
    for part in misc.split('|').filter(|part| !matches!(*part, "_" | "")) {
        match own(part).filter(|_| !is_written) {
            Some(key) => {
                all.push(format!("{key}={}", tag.unwrap_or("O")));
                is_written = true;
            }
            None => all.push(part.to_owned()),
        }
    }
    if let Some(tag) = tag.filter(|_| !is_written) {
        all.push(format!("NER={tag}"));
    }
    if all.is_empty() { "_".to_owned() } else { all.join("|") }
}

/// The white space after a token that MISC names: `SpacesAfter=\s\s`, `SpaceAfter=No`; `None` when it names none.
///
/// ```
/// use barchasb::formats::conll::conllu_sentence::spaces_after;
/// assert_eq!(spaces_after("SpaceAfter=No").as_deref(), Some(""));
/// assert_eq!(spaces_after("X=1|SpacesAfter=\\s\\n").as_deref(), Some(" \n"));
/// assert_eq!(spaces_after("_"), None);
/// ```
#[must_use]
pub fn spaces_after(misc: &str) -> Option<String> {
    let named = parts(misc).find(|(key, _)| *key == "SpacesAfter").map(|(_, value)| unescaped(value));
    named.or_else(|| parts(misc).any(|part| part == ("SpaceAfter", "No")).then(String::new))
}

/// The white space before the first token that MISC names.
#[must_use]
pub fn spaces_before(misc: &str) -> Option<String> {
    parts(misc).find(|(key, _)| *key == "SpacesBefore").map(|(_, value)| unescaped(value))
}

/// MISC with a mark of the white space after its token, in the place of any there.
#[must_use]
pub fn misc_with_spaces(misc: &str, spaces: &str) -> String {
    let is_other =
        |part: &&str| !matches!(part.split_once('='), Some(("SpaceAfter" | "SpacesAfter", _))) && *part != "_";
    let mut all: Vec<&str> = misc.split('|').filter(is_other).collect();
    let mark = if spaces.is_empty() { "SpaceAfter=No".to_owned() } else { format!("SpacesAfter={}", escaped(spaces)) };
    all.push(&mark);
    all.join("|")
}

/// White space in the letters of UDPipe.
#[must_use]
pub fn escaped(spaces: &str) -> String {
    let mut text = String::with_capacity(2 * spaces.len());
    for c in spaces.chars() {
        match c {
            ' ' => text.push_str("\\s"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            '\n' => text.push_str("\\n"),
            '|' => text.push_str("\\p"),
            '\\' => text.push_str("\\\\"),
            c => text.push(c),
        }
    }
    text
}

fn unescaped(text: &str) -> String {
    let mut spaces = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let c = match (c, c == '\\') {
            (c, false) => c,
            (_, true) => match chars.next() {
                Some('s') => ' ',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('n') => '\n',
                Some('p') => '|',
                Some(other) => other,
                None => '\\',
            },
        };
        spaces.push(c);
    }
    spaces
}

/// What stands between the tokens of a text, token by token and after the last; `None` when they are not its tokens.
///
/// ```
/// use barchasb::formats::conll::conllu_sentence::gaps;
/// assert_eq!(gaps("علی، رفت", &["علی", "،", "رفت"]).unwrap(), ["", "", " ", ""]);
/// assert!(gaps("علی رفت", &["علی"]).is_none());
/// ```
#[must_use]
pub fn gaps<'a>(text: &'a str, tokens: &[&str]) -> Option<Vec<&'a str>> {
    let is_between = |c: char| c.is_whitespace() || c.is_control() || is_format(c) || c == ZWNJ;
    let mut all = Vec::with_capacity(tokens.len() + 1);
    let mut from = 0;
    for token in tokens {
        let mut at = from;
        while !text.get(at..)?.starts_with(token) {
            at += text.get(at..)?.chars().next().filter(|c| is_between(*c))?.len_utf8();
        }
        all.push(text.get(from..at)?);
        from = at + token.len();
    }
    let last = text.get(from..)?;
    last.chars().all(is_between).then(|| {
        all.push(last);
        all
    })
}
