//! Tag schemes: how the tags of tokens say where mentions begin, go on and end.
//!
//! Owns [`TagScheme`], [`Tag`], and both ways between tags and token spans. It must not know columns, files or texts.
//!
//! IOB1 writes `B` only where a mention follows another of its label at once (Ramshaw and Marcus 1995); BIO (IOB2) begins every mention
//! with `B`; BIOES and BILOU also mark the end and single tokens (BMES and BMEOW are BIOES with other letters).

use crate::domain::offset::{TokenOffset, TokenSpan};

/// A way of tagging tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TagScheme {
    /// `B` at the beginning of every mention, `I` inside (IOB2).
    #[default]
    Bio,
    /// `B` only between two mentions of one label that touch, else `I`.
    Iob1,
    /// `B`, `I`, `E` at the end, `S` for a single token.
    Bioes,
    /// `B`, `I`, `L` at the end, `U` for a single token.
    Bilou,
}

impl TagScheme {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Bio, Self::Iob1, Self::Bioes, Self::Bilou];

    /// The name on the command line: `bio`, `iob1`, `bioes` or `bilou`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bio => "bio",
            Self::Iob1 => "iob1",
            Self::Bioes => "bioes",
            Self::Bilou => "bilou",
        }
    }

    /// The scheme with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }
}

/// What the tag of a token says, whatever letters wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag<'a> {
    /// In no mention.
    Outside,
    /// A mention with this label begins.
    Begin(&'a str),
    /// It goes on.
    Inside(&'a str),
    /// It ends with this token.
    End(&'a str),
    /// It is this token.
    Single(&'a str),
}

impl<'a> Tag<'a> {
    /// The tag that stands in a file: a letter, `-` or `_`, and a label; `O`, `_` and blank are outside. A letter is read in every scheme:
    /// `B`, `I` and `M`, `E` and `L`, `S`, `U` and `W`.
    ///
    /// ```
    /// use barchasb::domain::tag_scheme::Tag;
    /// assert_eq!(Tag::from_text("B_LOC"), Some(Tag::Begin("LOC")));
    /// assert_eq!(Tag::from_text("U-per-son"), Some(Tag::Single("per-son")));
    /// assert_eq!(Tag::from_text("O"), Some(Tag::Outside));
    /// assert_eq!(Tag::from_text("LOC"), None);
    /// ```
    #[must_use]
    pub fn from_text(text: &'a str) -> Option<Self> {
        if matches!(text, "O" | "o" | "_" | "") {
            return Some(Self::Outside);
        }
        let (letter, rest) = text.split_at_checked(1)?;
        let label = rest.strip_prefix(['-', '_']).filter(|label| !label.trim().is_empty())?;
        match letter {
            "B" | "b" => Some(Self::Begin(label)),
            "I" | "i" | "M" | "m" => Some(Self::Inside(label)),
            "E" | "e" | "L" | "l" => Some(Self::End(label)),
            "S" | "s" | "U" | "u" | "W" | "w" => Some(Self::Single(label)),
            _ => None,
        }
    }

    /// The label; `None` outside.
    #[must_use]
    pub fn label(self) -> Option<&'a str> {
        match self {
            Self::Outside => None,
            Self::Begin(label) | Self::Inside(label) | Self::End(label) | Self::Single(label) => Some(label),
        }
    }
}

/// A run of tokens with its label.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TaggedSpan<'a> {
    /// The tokens.
    pub tokens: TokenSpan,
    /// The label's name.
    pub label: &'a str,
    /// Whether its first tag goes on with a mention that did not begin (an orphan).
    pub is_orphan: bool,
}

/// The mentions that a sentence's tags say, in order.
///
/// A tag that goes on where nothing with its label is open begins a mention (as conlleval does) and is marked as an orphan, but for
/// [`TagScheme::Iob1`], in which that is the rule. Another label ends what is open.
///
/// ```
/// use barchasb::domain::tag_scheme::{Tag, TagScheme, spans_from_tags};
/// let tags = [Tag::Begin("PER"), Tag::Inside("PER"), Tag::Outside, Tag::Inside("LOC")];
/// let spans = spans_from_tags(&tags, TagScheme::Bio);
/// assert_eq!(spans[0].tokens.to_string(), "0..2");
/// assert_eq!((spans[1].label, spans[1].is_orphan), ("LOC", true));
/// ```
#[must_use]
pub fn spans_from_tags<'a>(tags: &[Tag<'a>], scheme: TagScheme) -> Vec<TaggedSpan<'a>> {
    let mut spans: Vec<TaggedSpan<'a>> = Vec::new();
    // Whether the last span can go on.
    let mut open = false;
    for (at, tag) in tags.iter().enumerate() {
        let token = TokenSpan::from_tokens(at, at + 1);
        let goes_on = |spans: &[TaggedSpan<'a>], label| open && spans.last().is_some_and(|span| span.label == label);
        match *tag {
            Tag::Outside => open = false,
            Tag::Begin(label) | Tag::Single(label) => {
                spans.push(TaggedSpan { tokens: token, label, is_orphan: false });
                open = matches!(tag, Tag::Begin(_));
            }
            Tag::Inside(label) | Tag::End(label) => {
                if goes_on(&spans, label) {
                    if let Some(last) = spans.last_mut() {
                        last.tokens.end = TokenOffset::new(at + 1);
                    }
                } else {
                    let is_orphan = scheme != TagScheme::Iob1;
                    spans.push(TaggedSpan { tokens: token, label, is_orphan });
                }
                open = matches!(tag, Tag::Inside(_));
            }
        }
    }
    spans
}

/// The tags of `len` tokens with these mentions, which must not overlap (the later of two that do is not written) and stand in order.
///
/// ```
/// use barchasb::domain::offset::TokenSpan;
/// use barchasb::domain::tag_scheme::{TagScheme, tags_from_spans};
/// let spans = [(TokenSpan::from_tokens(0, 2), "PER"), (TokenSpan::from_tokens(2, 3), "PER")];
/// assert_eq!(tags_from_spans(4, &spans, TagScheme::Iob1), ["I-PER", "I-PER", "B-PER", "O"]);
/// assert_eq!(tags_from_spans(4, &spans, TagScheme::Bilou), ["B-PER", "L-PER", "U-PER", "O"]);
/// ```
#[must_use]
pub fn tags_from_spans(len: usize, spans: &[(TokenSpan, &str)], scheme: TagScheme) -> Vec<String> {
    let letters = letters_from_spans(len, spans, scheme);
    letters
        .into_iter()
        .map(|tag| tag.map_or_else(|| "O".to_owned(), |(letter, label)| format!("{letter}-{label}")))
        .collect()
}

/// The letter and label of each of `len` tokens; `None` outside. The same rule as [`tags_from_spans`], without making texts.
#[must_use]
pub fn letters_from_spans<'a>(
    len: usize,
    spans: &[(TokenSpan, &'a str)],
    scheme: TagScheme,
) -> Vec<Option<(char, &'a str)>> {
    let mut tags: Vec<Option<(char, &'a str)>> = vec![None; len];
    let mut before: Option<(usize, &str)> = None;
    for (span, label) in spans {
        let (start, end) = (span.start.get(), span.end.get());
        let Some(slots) = tags.get_mut(start..end).filter(|slots| slots.iter().all(Option::is_none)) else { continue };
        let count = slots.len();
        let touches = before == Some((start, label));
        for (at, slot) in slots.iter_mut().enumerate() {
            let (first, last) = (at == 0, at + 1 == count);
            let letter = match scheme {
                TagScheme::Bio if first => 'B',
                TagScheme::Iob1 if first && touches => 'B',
                TagScheme::Bio | TagScheme::Iob1 => 'I',
                TagScheme::Bioes if first && last => 'S',
                TagScheme::Bilou if first && last => 'U',
                TagScheme::Bioes if last => 'E',
                TagScheme::Bilou if last => 'L',
                TagScheme::Bioes | TagScheme::Bilou if first => 'B',
                TagScheme::Bioes | TagScheme::Bilou => 'I',
            };
            *slot = Some((letter, label));
        }
        before = Some((end, label));
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tags as they stand in a file, and the mentions they say; `!` marks an orphan.
    fn check(tags: &str, scheme: TagScheme, expected: &[&str]) {
        let tags: Vec<Tag<'_>> = tags.split(' ').map(|tag| Tag::from_text(tag).unwrap()).collect();
        let found: Vec<String> = spans_from_tags(&tags, scheme)
            .iter()
            .map(|span| format!("{}{} {}", if span.is_orphan { "!" } else { "" }, span.label, span.tokens))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_scheme_is_read() {
        check("B-A I-A O B-A B-A", TagScheme::Bio, &["A 0..2", "A 3..4", "A 4..5"]);
        check("I-A I-A B-A I-B O", TagScheme::Iob1, &["A 0..2", "A 2..3", "B 3..4"]);
        check("B-A I-A E-A S-A S-A", TagScheme::Bioes, &["A 0..3", "A 3..4", "A 4..5"]);
        check("B-A M-A L-A U-A W-B", TagScheme::Bilou, &["A 0..3", "A 3..4", "B 4..5"]);
        check("O I_A I_A E-B B-A I-B", TagScheme::Bio, &["!A 1..3", "!B 3..4", "A 4..5", "!B 5..6"]);
        check("E-A I-A", TagScheme::Bioes, &["!A 0..1", "!A 1..2"]);
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let spans = [
            (TokenSpan::from_tokens(0, 1), "A"),
            (TokenSpan::from_tokens(1, 4), "A"),
            (TokenSpan::from_tokens(5, 7), "B"),
        ];
        for scheme in TagScheme::ALL {
            let written = tags_from_spans(8, &spans, scheme);
            let tags: Vec<Tag<'_>> = written.iter().map(|tag| Tag::from_text(tag).unwrap()).collect();
            let read: Vec<_> = spans_from_tags(&tags, scheme).iter().map(|s| (s.tokens, s.label)).collect();
            assert_eq!(read, spans, "{scheme:?}");
            assert_eq!(TagScheme::from_name(scheme.name()), Some(scheme));
        }
    }

    #[test]
    fn the_later_of_two_that_overlap_is_not_written() {
        let spans = [(TokenSpan::from_tokens(0, 2), "A"), (TokenSpan::from_tokens(1, 3), "B")];
        assert_eq!(tags_from_spans(3, &spans, TagScheme::Bio), ["B-A", "I-A", "O"]);
    }
}
