//! A layer from the lines of brat's files: mentions are taken, everything else is kept.
//!
//! Owns how a place is believed and what becomes of each line. It must not open files.

use crate::domain::mention::Origin;
use crate::domain::offset::Span;
use crate::domain::record::{LayerRecord, MentionRecord};
use crate::formats::brat::kept::{KeptLines, KeptMention};
use crate::formats::brat::line::{BratLine, NOTE_TYPE, TextBound, id_of, label_from_type, line_from_text, orphans};
use crate::formats::brat::text::{BratText, Newlines};
use crate::formats::decoding::as_u64;
use crate::formats::finding::{Finding, Misfit, SpanFault, cut};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::offset_unit::{OffsetUnit, UnitEvidence};
use crate::formats::problem::{Place, Problem};
use crate::formats::unsaid_status::unsaid_status;
use std::collections::{HashMap, HashSet};

/// A file of annotations.
#[derive(Debug)]
pub struct AnnotationFile {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// A line and where it stands.
struct Line<'a> {
    file: &'a str,
    number: u64,
    text: &'a str,
    says: BratLine<'a>,
}

impl Line<'_> {
    fn problem(&self, finding: Finding) -> Problem {
        let place = Place { line: Some(self.number), ..Place::default() };
        Problem::new(place, finding).in_file(self.file)
    }
}

/// The layer that the files say of an article; `marked` when its file began with a byte order mark. `unit` is what the caller says
/// they count in.
pub fn layer_from_files(
    article: &str,
    marked: bool,
    files: &[AnnotationFile],
    unit: Option<OffsetUnit>,
    problems: &mut Vec<Problem>,
) -> LayerRecord {
    let lines: Vec<Line<'_>> = files.iter().flat_map(lines_of).collect();
    let reading = Reading::of_lines(article, marked, &lines, unit);
    if let (Some(unit), Some(file)) = (reading.proven, files.first()) {
        problems.push(Problem::new(Place::default(), Finding::UnitProven(unit)).in_file(&file.name));
    }
    let mut taken = Taken::default();
    let mut bounds = 0;
    for line in &lines {
        if let BratLine::TextBound(bound) = &line.says {
            bounds += 1;
            taken.take_bound(&reading, line, bound, bounds, problems);
        }
    }
    for line in &lines {
        if !matches!(line.says, BratLine::TextBound(_)) {
            taken.take_other(line, problems);
        }
    }
    taken.finish(problems)
}

fn lines_of(file: &AnnotationFile) -> impl Iterator<Item = Line<'_>> {
    let lines = file.text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).enumerate();
    lines.filter(|(_, text)| !text.trim().is_empty()).map(|(at, text)| Line {
        file: &file.name,
        number: as_u64(at + 1),
        text,
        says: line_from_text(text),
    })
}

/// How the places of a file are read.
struct Reading {
    text: BratText,
    unit: OffsetUnit,
    /// The unit, when it is not what brat counts but the surfaces prove it.
    proven: Option<OffsetUnit>,
}

impl Reading {
    /// The first way in which everything fits: as brat counts, with every character counted, without the mark; then in other units.
    fn of_lines(article: &str, marked: bool, lines: &[Line<'_>], unit: Option<OffsetUnit>) -> Self {
        let unit = unit.unwrap_or_default();
        let bounds =
            || lines.iter().filter_map(|line| if let BratLine::TextBound(b) = &line.says { Some(b) } else { None });
        let text = BratText::new(article, Newlines::Universal, marked);
        let first = Self { text, unit, proven: None };
        if bounds().all(|bound| matches!(first.placed(bound), Ok((_, true)))) {
            return first;
        }
        let mut ways = vec![(Newlines::Universal, marked)];
        ways.extend(marked.then_some((Newlines::Universal, false)));
        ways.extend(article.contains('\r').then_some((Newlines::Kept, false)));
        for (newlines, marked) in ways {
            let text = BratText::new(article, newlines, marked);
            let flat = text.flat();
            let mut evidence = UnitEvidence::default();
            for bound in bounds() {
                let surface = bound.surface.filter(|_| bound.pieces.len() == 1);
                for (start, end) in bound.pieces.iter().filter(|(start, end)| start < end) {
                    evidence.add(text.map(), &flat, *start, *end, surface);
                }
                if evidence.is_hopeless() {
                    break;
                }
            }
            if let Some(unit) = evidence.only_unit() {
                return Self { text, unit, proven: Some(unit) };
            }
        }
        first
    }

    /// Where an annotation stands in the article, `None` when it is in several pieces, and whether its surface is there to the letter.
    fn placed(&self, bound: &TextBound<'_>) -> Result<(Option<Span>, bool), Misfit> {
        let mut pieces = Vec::with_capacity(bound.pieces.len());
        for (start, end) in &bound.pieces {
            let counted = self.text.counted_from_units(self.unit, *start, *end);
            pieces.push(counted.ok_or(if start > end { Misfit::Nothing } else { Misfit::OutOfText })?);
        }
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return Err(Misfit::Nothing) };
        let all = Span::new(first.start, last.end);
        let stands: Vec<&str> = pieces.iter().map(|piece| self.text.slice(*piece)).collect();
        let is_exact = match bound.surface {
            None => true,
            Some(surface) => surface_stands(surface, &stands)?,
        };
        // brat cannot write a newline, so it cuts an annotation there.
        let is_cut_at_newlines = pieces.iter().zip(pieces.iter().skip(1)).all(|(before, after)| {
            before.end < after.start && self.text.slice(Span::new(before.end, after.start)).bytes().all(|b| b == b'\n')
        });
        if !is_cut_at_newlines {
            return Ok((None, is_exact));
        }
        let real = self.text.real_from_counted(all).ok_or(Misfit::OutOfText)?;
        if real.is_empty() { Err(Misfit::Nothing) } else { Ok((Some(real), is_exact)) }
    }
}

/// Whether a surface is the text of the pieces to the letter, or differs in white space alone.
fn surface_stands(surface: &str, pieces: &[&str]) -> Result<bool, Misfit> {
    let joined = pieces.join(" ").replace('\n', " ");
    // Before its version 1.3 brat joined pieces without a space; after the text there may be more.
    for text in [joined.as_str(), &pieces.concat()] {
        if surface.strip_prefix(text).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) {
            return Ok(true);
        }
    }
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let (named, stands) = (squeezed(surface), squeezed(&joined));
    if named == stands && !named.is_empty() {
        return Ok(false);
    }
    Err(Misfit::OtherSurface { named: cut(surface), stands: cut(&joined) })
}

/// What was taken so far.
#[derive(Default)]
struct Taken<'a> {
    mentions: Vec<MentionRecord>,
    kept: KeptLines,
    lines: Vec<&'a Line<'a>>,
    by_id: HashMap<&'a str, usize>,
    ids: HashSet<&'a str>,
}

impl<'a> Taken<'a> {
    fn take_bound(
        &mut self,
        reading: &Reading,
        line: &'a Line<'a>,
        bound: &TextBound<'a>,
        number: u64,
        problems: &mut Vec<Problem>,
    ) {
        if self.ids.contains(bound.id) {
            problems.push(line.problem(Finding::Foreign(Foreign::DoubleId { id: bound.id.to_owned() })));
            return;
        }
        let label = label_from_type(bound.kind);
        let (span, is_exact) = match reading.placed(bound) {
            Ok(placed) => placed,
            Err(misfit) => {
                let (start, end) = (bound.pieces.first(), bound.pieces.last());
                let (start, end) = (start.map_or(0, |(start, _)| *start), end.map_or(0, |(_, end)| *end));
                let fault = SpanFault::Misfit { label, start, end, unit: reading.unit, misfit };
                problems.push(line.problem(Finding::SpanLeftOut { number, fault }));
                return;
            }
        };
        self.ids.insert(bound.id);
        let Some(span) = span else {
            self.lines.push(line);
            return;
        };
        if !is_exact {
            problems.push(line.problem(Finding::Foreign(Foreign::LooseSurface { label: label.clone(), span })));
        }
        self.by_id.insert(bound.id, self.mentions.len());
        let (start, end) = (span.start.get(), span.end.get());
        self.kept.mentions.push(KeptMention { start, end, label: label.clone(), id: bound.id.to_owned(), note: None });
        self.mentions.push(MentionRecord { span, label, note: None, origin: Origin::Import });
    }

    fn take_other(&mut self, line: &'a Line<'a>, problems: &mut Vec<Problem>) {
        match &line.says {
            BratLine::Note { kind: NOTE_TYPE, target, text } if !text.is_empty() => {
                let at = self.by_id.get(target).copied();
                let slot = at.and_then(|at| Some((self.mentions.get_mut(at)?, self.kept.mentions.get_mut(at)?)));
                if let Some((mention @ MentionRecord { note: None, .. }, kept)) = slot {
                    mention.note = Some((*text).to_owned());
                    kept.note = Some(id_of(line.text).to_owned());
                    return;
                }
            }
            BratLine::Unknown => {
                problems.push(line.problem(Finding::Foreign(Foreign::LineKept { line: cut(line.text) })));
            }
            BratLine::Other { .. } => {
                let id = id_of(line.text);
                if !id.is_empty() && !self.ids.insert(id) {
                    problems.push(line.problem(Finding::Foreign(Foreign::DoubleId { id: id.to_owned() })));
                    return;
                }
            }
            _ => {}
        }
        self.lines.push(line);
    }

    /// The layer; lines that speak of what is not there are left out and said.
    fn finish(mut self, problems: &mut Vec<Problem>) -> LayerRecord {
        // The ids of the lines themselves count only as long as the lines stay.
        let there: HashSet<&str> = self.by_id.keys().copied().collect();
        let texts: Vec<&str> = self.lines.iter().map(|line| line.text).collect();
        let mut lost: HashMap<usize, &str> = orphans(&texts, &there).into_iter().collect();
        let mut counts: Vec<(Held, u64)> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            if let Some(id) = lost.remove(&at) {
                problems.push(line.problem(Finding::Foreign(Foreign::NoSuchId { id: id.to_owned() })));
                continue;
            }
            self.kept.lines.push(line.text.to_owned());
            let Some(what) = held(&line.says) else { continue };
            match counts.iter_mut().find(|(held, _)| *held == what) {
                Some((_, count)) => *count += 1,
                None => counts.push((what, 1)),
            }
        }
        if let Some(line) = self.lines.first() {
            let carried = |(what, count)| Problem::foreign(Place::default(), Foreign::Carried { what, count });
            problems.extend(counts.into_iter().map(carried).map(|problem| problem.in_file(line.file)));
        }
        let status = unsaid_status(&self.mentions);
        let carried = self.kept.carried().into_iter().collect();
        LayerRecord { annotator: None, status, mentions: self.mentions, decisions: Vec::new(), carried }
    }
}

/// What a kept line is; `None` for one that is not understood.
pub fn held(line: &BratLine<'_>) -> Option<Held> {
    match line {
        BratLine::TextBound(_) => Some(Held::Discontinuous),
        BratLine::Note { .. } => Some(Held::Note),
        BratLine::Other { what, .. } => Some(*what),
        BratLine::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::trial::texts;
    use proptest::prelude::*;

    /// An article, its annotations, and the mentions, kept lines and problems they give.
    fn check(article: &str, annotations: &str, mentions: &[&str], lines: &[&str], said: &[&str]) {
        let file = AnnotationFile { name: "a.ann".into(), text: annotations.into() };
        let mut problems = Vec::new();
        let layer = layer_from_files(article, false, &[file], None, &mut problems);
        let found: Vec<String> = layer.mentions.iter().map(|m| format!("{} {}", m.label, m.span)).collect();
        assert_eq!(found, mentions, "{annotations}");
        assert_eq!(KeptLines::of_layer(&layer).lines, lines, "{annotations}");
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, said.iter().map(|s| format!("a.ann: {s}")).collect::<Vec<_>>(), "{annotations}");
    }

    #[test]
    fn surfaces_must_stand_where_they_are_said() {
        check("This is\na test.", "T1\tX 0 4\tThis\nT2\tX 5 7;8 9\tis a\n", &["X 0..4", "X 5..9"], &[], &[]);
        check("a\r\n\r\nb c", "T1\tX 0 1;3 4\ta b\r\nT2\tX 5 6\tc\n", &["X 0..6", "X 7..8"], &[], &[]);
        check("a b", "T1\tX 0 1\n", &["X 0..1"], &[], &[]);
        check(
            "a  b",
            "T1\tX 0 4\ta b\n",
            &["X 0..4"],
            &[],
            &[
                "line 1: X at 0..4: the surface in the file differs from the text in white space; the offsets were believed",
            ],
        );
        check(
            "abc",
            "T1\tX 0 1\tb\nT2\tX 2 9\tc\nT3\tX 1 1\t\n",
            &[],
            &[],
            &[
                "line 1: span 1 was left out: X at 0..1 (codepoint) should be \"b\" but the text there is \"a\"",
                "line 2: span 2 was left out: X at 2..9 (codepoint) passes the end of the text or cuts a character",
                "line 3: span 3 was left out: X at 1..1 (codepoint) covers nothing",
            ],
        );
    }

    #[test]
    fn other_units_are_proven() {
        let proven = "the mentions fit their text only when offsets are counted as ";
        check(
            "😀 علی",
            "T1\tX 3 6\tعلی\n",
            &["X 2..5"],
            &[],
            &[&format!("{proven}utf16, so the file was read that way")],
        );
        let kept = format!("{proven}codepoint, so the file was read that way");
        check("a\r\nb c", "T1\tX 3 4\tb\nT2\tX 5 6\tc\n", &["X 3..4", "X 5..6"], &[], &[&kept]);
    }

    #[test]
    fn what_is_no_mention_is_kept() {
        check(
            "no PPI of a b",
            "T1\tX 3 6\tPPI\nT2\tX 0 2;7 9\tno of\nE1\tY:T1 Arg:T2\nA1\tNeg E1\n*\tEquiv T1 T2\n#1\tAnnotatorNotes T2\tn\n?\n",
            &["X 3..6"],
            &[
                "T2\tX 0 2;7 9\tno of",
                "E1\tY:T1 Arg:T2",
                "A1\tNeg E1",
                "*\tEquiv T1 T2",
                "#1\tAnnotatorNotes T2\tn",
                "?",
            ],
            &[
                "line 7: this line is not understood; it is kept and written back: ?",
                "mentions in several pieces (1) are kept aside with the article and written back to this format alone",
                "events (1) are kept aside with the article and written back to this format alone",
                "attributes (1) are kept aside with the article and written back to this format alone",
                "relations (1) are kept aside with the article and written back to this format alone",
                "notes (1) are kept aside with the article and written back to this format alone",
            ],
        );
        check(
            "ab",
            "T1\tX 0 1\ta\nT1\tX 1 2\tb\nR1\tY A:T1 B:T9\nA1\tZ R1\n",
            &["X 0..1"],
            &[],
            &[
                "line 2: the id \"T1\" stands twice; the second was left out",
                "line 3: \"T9\" is referred to and not there; what refers to it was left out",
                "line 4: \"R1\" is referred to and not there; what refers to it was left out",
            ],
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_lines_make_the_reader_fail_to_end(
            article in texts(),
            lines in "([TREAMN#*][0-9]{0,2}|\t|\n| |;|:|[0-9]{1,2}|0 1|X|T1|E1|18446744073709551615){0,60}",
        ) {
            let rows = lines.matches('\n').count() + 1;
            let file = AnnotationFile { name: "a.ann".into(), text: lines };
            let layer = layer_from_files(&article, true, &[file], None, &mut Vec::new());
            prop_assert!(layer.mentions.len() + KeptLines::of_layer(&layer).lines.len() <= rows);
        }
    }

    #[test]
    fn the_first_note_of_a_mention_is_its_note() {
        let text = "#2\tAnnotatorNotes T7\tone\tand more\nT7\tX 0 1\ta\n#3\tAnnotatorNotes T7\ttwo\n".to_owned();
        let file = AnnotationFile { name: "a.ann".into(), text };
        let layer = layer_from_files("ab", false, &[file], None, &mut Vec::new());
        assert_eq!(layer.mentions[0].note.as_deref(), Some("one\tand more"));
        let kept = KeptLines::of_layer(&layer);
        assert_eq!((kept.mentions[0].id.as_str(), kept.mentions[0].note.as_deref()), ("T7", Some("#2")));
        assert_eq!(kept.lines, ["#3\tAnnotatorNotes T7\ttwo"]);
    }
}
