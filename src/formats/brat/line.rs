//! The lines of brat's standoff files, one annotation each.
//!
//! Owns their grammar, what refers to what, and how label names stand as types. It must not know texts or files.
//!
//! <https://brat.nlplab.org/standoff.html>: an id, a tab, a type with its arguments, and perhaps a tab and a text.

use crate::formats::foreign::Held;
use std::collections::{HashMap, HashSet};

/// The type of the notes that people write in brat.
pub const NOTE_TYPE: &str = "AnnotatorNotes";

/// A line by what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BratLine<'a> {
    /// `T1\tType 0 4\ttext`: text with a type.
    TextBound(TextBound<'a>),
    /// `#1\tAnnotatorNotes T1\ttext`.
    Note {
        /// Its type.
        kind: &'a str,
        /// What it is about.
        target: &'a str,
        /// What it says.
        text: &'a str,
    },
    /// Anything else that is understood: it has an id, and speaks of others.
    Other {
        /// What it is.
        what: Held,
        /// Its type.
        kind: &'a str,
        /// The roles and ids of what it speaks of; a role is empty where there is none.
        arguments: Vec<(&'a str, &'a str)>,
    },
    /// Not understood.
    Unknown,
}

/// Text with a type, in one or more pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextBound<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its type.
    pub kind: &'a str,
    /// Its pieces as start and end, in the file's unit. One at least.
    pub pieces: Vec<(u64, u64)>,
    /// The text that stands there, pieces joined by a space; older files lack it.
    pub surface: Option<&'a str>,
}

/// What a line says.
pub fn line_from_text(line: &str) -> BratLine<'_> {
    let mut columns = line.splitn(3, '\t');
    let (Some(id), Some(data)) = (columns.next(), columns.next()) else { return BratLine::Unknown };
    let tail = columns.next();
    let mut words = data.split(' ').filter(|word| !word.is_empty());
    let (prefix, number) = id.split_at_checked(1).unwrap_or_default();
    let Some(kind) = words.next() else { return BratLine::Unknown };
    let is_numbered = number.starts_with(|c: char| c.is_ascii_digit());
    if prefix != "*" && !is_numbered {
        return BratLine::Unknown;
    }
    let (what, arguments) = match prefix {
        "T" => return text_bound(id, data, tail).map_or(BratLine::Unknown, BratLine::TextBound),
        "#" => {
            let text = tail.unwrap_or_default();
            return words.next().map_or(BratLine::Unknown, |target| BratLine::Note { kind, target, text });
        }
        "R" => (Held::Relation, words.map(|word| word.split_once(':')).collect()),
        "E" => {
            let (kind, trigger) = kind.split_once(':').map_or((kind, None), |(kind, trigger)| (kind, Some(trigger)));
            let trigger = trigger.map(|id| Some(("", id)));
            let arguments = trigger.into_iter().chain(words.map(|word| word.split_once(':'))).collect();
            return other(Held::Event, kind, arguments);
        }
        "A" | "M" => (Held::Attribute, words.take(1).map(|word| Some(("", word))).collect()),
        "N" => (Held::OtherAnnotation, words.take(1).map(|word| Some(("", word))).collect()),
        "*" => (Held::Relation, words.map(|word| Some(("", word))).collect()),
        _ => return BratLine::Unknown,
    };
    other(what, kind, arguments)
}

/// A line that speaks of others; unknown when it speaks of none, or not as it should.
fn other<'a>(what: Held, kind: &'a str, arguments: Option<Vec<(&'a str, &'a str)>>) -> BratLine<'a> {
    match arguments.filter(|arguments| !arguments.is_empty()) {
        Some(arguments) => BratLine::Other { what, kind, arguments },
        None => BratLine::Unknown,
    }
}

fn text_bound<'a>(id: &'a str, data: &'a str, tail: Option<&'a str>) -> Option<TextBound<'a>> {
    let (kind, places) = data.split_once(' ')?;
    let piece = |piece: &str| {
        let (start, end) = piece.trim().split_once(' ')?;
        Some((start.parse().ok()?, end.trim().parse().ok()?))
    };
    let pieces = places.split(';').map(piece).collect::<Option<Vec<_>>>()?;
    Some(TextBound { id, kind, pieces, surface: tail.filter(|tail| !tail.is_empty()) })
}

/// The id of a line; empty for `*` and lines without one.
pub fn id_of(line: &str) -> &str {
    let id = line.split('\t').next().unwrap_or_default();
    if id == "*" { "" } else { id }
}

/// Which lines speak of something that is not `there`, directly or through one another, and of what.
///
/// Gives the index of every such line with the id that is missing, in order.
pub fn orphans<'a>(lines: &[&'a str], there: &HashSet<&str>) -> Vec<(usize, &'a str)> {
    let spoken_of: Vec<Vec<&'a str>> = lines
        .iter()
        .map(|line| match line_from_text(line) {
            BratLine::Other { arguments, .. } => arguments.into_iter().map(|(_, id)| id).collect(),
            BratLine::Note { target, .. } => vec![target],
            BratLine::TextBound(_) | BratLine::Unknown => Vec::new(),
        })
        .collect();
    let own: HashSet<&str> = lines.iter().map(|line| id_of(line)).filter(|id| !id.is_empty()).collect();
    let mut speakers: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut missing: Vec<Option<&'a str>> = vec![None; lines.len()];
    let mut gone: Vec<usize> = Vec::new();
    for (at, ids) in spoken_of.iter().enumerate() {
        for id in ids {
            speakers.entry(id).or_default().push(at);
        }
        if let Some(id) = ids.iter().find(|id| !there.contains(**id) && !own.contains(**id)) {
            if let Some(slot) = missing.get_mut(at) {
                *slot = Some(id);
            }
            gone.push(at);
        }
    }
    while let Some(at) = gone.pop() {
        let id = lines.get(at).map_or("", |line| id_of(line));
        for speaker in speakers.get(id).into_iter().flatten() {
            if let Some(slot @ None) = missing.get_mut(*speaker) {
                *slot = Some(id);
                gone.push(*speaker);
            }
        }
    }
    missing.into_iter().enumerate().filter_map(|(at, id)| Some((at, id?))).collect()
}

/// A label's name as a type, which holds no white space and no sign that brat's files use: such a character is written `_xHH_`.
pub fn type_from_label(label: &str) -> String {
    let mut kind = String::with_capacity(label.len());
    for (at, c) in label.char_indices() {
        let looks_escaped = c == '_' && label.get(at + 1..).is_some_and(|rest| rest.starts_with('x'));
        let is_plain = c.is_ascii_alphanumeric() || matches!(c, '_' | '.') || (c == '-' && at > 0);
        if (!c.is_ascii() && !c.is_whitespace() && !c.is_control()) || (is_plain && !looks_escaped) {
            kind.push(c);
        } else {
            kind.push_str(&format!("_x{:X}_", u32::from(c)));
        }
    }
    kind
}

/// The label's name that a type stands for: what was escaped, or the type itself. It is never blank.
pub fn label_from_type(kind: &str) -> String {
    let mut label = String::with_capacity(kind.len());
    let mut rest = kind;
    while let Some((before, after)) = rest.split_once("_x") {
        label.push_str(before);
        let code =
            after.split_once('_').and_then(|(digits, after)| Some((u32::from_str_radix(digits, 16).ok()?, after)));
        let Some((c, after)) = code.and_then(|(code, after)| Some((char::from_u32(code)?, after))) else {
            return kind.to_owned();
        };
        label.push(c);
        rest = after;
    }
    label.push_str(rest);
    if type_from_label(&label) == kind && !label.trim().is_empty() { label } else { kind.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_kind_of_line_is_told() {
        let check = |line: &str, expected: &str| {
            let found = match line_from_text(line) {
                BratLine::TextBound(bound) => format!("{} {:?} {:?}", bound.kind, bound.pieces, bound.surface),
                BratLine::Note { kind, target, text } => format!("{kind} {target} {text:?}"),
                BratLine::Other { what, kind, arguments } => format!("{what:?} {kind} {arguments:?}"),
                BratLine::Unknown => String::new(),
            };
            assert_eq!(found, expected, "{line}");
        };
        check("T1\tPER 0 4\tThis", "PER [(0, 4)] Some(\"This\")");
        check("T1\tPER 0 4;6 7\ta\tb", "PER [(0, 4), (6, 7)] Some(\"a\\tb\")");
        check("T1\tPER 0 4", "PER [(0, 4)] None");
        check("T1 PER 0 4", "");
        check("T1\tPER 0", "");
        check("T1\tPER 0 x\ta", "");
        check("R1\tOrigin Arg1:T3 Arg2:T4", "Relation Origin [(\"Arg1\", \"T3\"), (\"Arg2\", \"T4\")]");
        check("E1\tMERGE:T2 Org:T1", "Event MERGE [(\"\", \"T2\"), (\"Org\", \"T1\")]");
        check("E1\tMERGE:T2 ", "Event MERGE [(\"\", \"T2\")]");
        check("A1\tNegation E1", "Attribute Negation [(\"\", \"E1\")]");
        check("M1\tSure E1 L1", "Attribute Sure [(\"\", \"E1\")]");
        check("N1\tReference T1 DB:5\tx", "OtherAnnotation Reference [(\"\", \"T1\")]");
        check("*\tEquiv T1 T2", "Relation Equiv [(\"\", \"T1\"), (\"\", \"T2\")]");
        check("#1\tAnnotatorNotes T1\tsay\tmore", "AnnotatorNotes T1 \"say\\tmore\"");
        check("# a comment", "");
        check("X1\tPER 0 4", "");
        check("", "");
    }

    #[test]
    fn what_speaks_of_the_missing_is_found_through_others() {
        let lines = ["E1\tX:T1", "A1\tNeg E1", "#1\tAnnotatorNotes A1\tx", "R1\tY Arg1:T2 Arg2:T2", "T5\tZ 0 1;2 3"];
        let there = HashSet::from(["T2"]);
        assert_eq!(orphans(&lines, &there), [(0, "T1"), (1, "E1"), (2, "A1")]);
        assert_eq!(orphans(&["E1\tX:T2 A:E1"], &there), []);
    }

    #[test]
    fn a_type_holds_no_space() {
        let check = |label: &str, kind: &str| {
            assert_eq!(type_from_label(label), kind);
            assert_eq!(label_from_type(kind), label);
        };
        check("PER", "PER");
        check("شخص", "شخص");
        check("geo loc", "geo_x20_loc");
        check("a_x20_b", "a_x5F_x20_b");
        check("-", "_x2D_");
        check("A:B|C", "A_x3A_B_x7C_C");
        check("x_xy", "x_x5F_xy");
        assert_eq!(label_from_type("a_x41_"), "a_x41_");
        assert_eq!(label_from_type("a_xyz"), "a_xyz");
    }

    proptest! {
        #[test]
        fn a_label_comes_back(label in "\\PC{1,12}|[ _x0-9A-F\\t:]{1,12}") {
            let kind = type_from_label(&label);
            prop_assert!(!kind.contains(char::is_whitespace), "{}", kind);
            if !label.trim().is_empty() {
                prop_assert_eq!(label_from_type(&kind), label);
            }
        }
    }
}
