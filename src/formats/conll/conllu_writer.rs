//! Writing CoNLL-U, with mentions as tags in MISC.
//!
//! Owns [`ConlluWriter`]: the lines that an article carries with its tags put in, or lines of tokens alone. White space that is no
//! single space between tokens, nor a line break between sentences, is marked as UDPipe does, so that the text comes back as it was.

use crate::domain::offset::{Span, TokenSpan};
use crate::domain::projection::{Align, Nesting};
use crate::domain::record::ArticleRecord;
use crate::domain::segmentation::{PlacedToken, Segmentation};
use crate::domain::tag_scheme::{TagScheme, letters_from_spans};
use crate::formats::conll::conllu_reader::{FACTS, TEXT_COMMENT};
use crate::formats::conll::conllu_sentence::{
    Row, RowKind, escaped, misc_with_spaces, misc_with_tag, spaces_after, spaces_before, tag_in_misc,
};
use crate::formats::conll::writer::is_inside;
use crate::formats::decoding::as_u64;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{RecordWriter, WriteOptions};
use crate::formats::losses::Holding;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::tokens::kept::segmentation_of;
use crate::formats::tokens::mentions::token_columns;
use std::io::Write;

/// The writer of CoNLL-U. It has no header and no end: files written by it can be joined.
pub struct ConlluWriter {
    output: Box<dyn Write + Send>,
    align: Align,
    nesting: Nesting,
    scheme: TagScheme,
}

/// What a sentence is written from.
struct Sentence<'a> {
    text: &'a str,
    tokens: &'a [PlacedToken],
    /// What stands before the first token of the article; `None` in any other sentence.
    before: Option<&'a str>,
    /// Where the text goes on after the sentence.
    next: usize,
    is_last: bool,
    tags: Vec<Option<String>>,
}

impl ConlluWriter {
    /// A writer into `output`.
    #[must_use]
    pub fn new(output: Box<dyn Write + Send>, options: &WriteOptions) -> Self {
        // A row has one tag.
        let nesting = if options.nesting == Nesting::Innermost { Nesting::Innermost } else { Nesting::Outermost };
        Self { output, align: options.align, nesting, scheme: options.scheme }
    }
}

impl RecordWriter for ConlluWriter {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        let cut = segmentation_of(record);
        let mentions = record.layers.first().map(|layer| layer.mentions.as_slice()).unwrap_or_default();
        let mut columns = token_columns(&cut, mentions, self.align, self.nesting, Place::default(), problems);
        problems.extend(Holding::of(&FACTS).losses(record, Place::default()));
        if cut.tokens().is_empty() {
            let finding = Foreign::NotHeld { what: Held::EmptyArticle, count: 1 };
            problems.push(Problem::foreign(Place::default(), finding));
            return Ok(());
        }
        let kept = kept_of(record, &cut, problems);
        if kept.is_some() {
            leave_out_crossing(&mut columns, &cut, problems);
        }
        let sentences = joined_sentences(&cut, &columns);
        let spans = columns.first().map(Vec::as_slice).unwrap_or_default();
        let tags = letters_from_spans(cut.tokens().len(), spans, self.scheme);
        let mut lines = String::new();
        for (index, tokens) in sentences.iter().enumerate() {
            let here = cut.slice(*tokens);
            let next = sentences.get(index + 1).and_then(|next| cut.slice(*next).first());
            let tag = |tag: &Option<(char, &str)>| tag.map(|(letter, label)| format!("{letter}-{}", unbroken(label)));
            let sentence = Sentence {
                text: &record.text,
                tokens: here,
                before: record
                    .text
                    .get(..here.first().map_or(0, |first| first.bytes.start.get()))
                    .filter(|_| index == 0),
                next: next.map_or(record.text.len(), |next| next.bytes.start.get()),
                is_last: next.is_none(),
                tags: tags.get(tokens.range()).unwrap_or_default().iter().map(tag).collect(),
            };
            if index == 0 {
                sentence.push_newdoc(record, kept.as_ref().and_then(|kept| kept.first()), &mut lines);
            }
            match kept.as_ref().and_then(|kept| kept.get(index)) {
                Some(kept) => sentence.push_kept(kept, &mut lines),
                None => sentence.push_plain(&mut lines),
            }
            lines.push('\n');
        }
        Ok(self.output.write_all(lines.as_bytes())?)
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        Ok(self.output.flush()?)
    }
}

impl Sentence<'_> {
    fn push_newdoc(&self, record: &ArticleRecord, kept: Option<&String>, lines: &mut String) {
        if kept.is_some_and(|kept| kept.lines().any(|line| line.starts_with("# newdoc"))) {
            return;
        }
        // A carried file without it had none; there, articles were so many sentences.
        match record.name.as_deref().filter(|name| kept.is_none() && !name.contains(['\n', '\r'])) {
            Some(name) => {
                lines.push_str("# newdoc id = ");
                lines.push_str(name);
                lines.push('\n');
            }
            None if kept.is_none() => lines.push_str("# newdoc\n"),
            None => {}
        }
    }

    fn push_text(&self, lines: &mut String) {
        let start = self.tokens.first().map_or(0, |token| token.bytes.start.get());
        let end = self.tokens.last().map_or(0, |token| token.bytes.end.get());
        lines.push_str(TEXT_COMMENT);
        lines.push_str(&self.text.get(start..end).unwrap_or_default().replace(['\n', '\r', '\t'], " "));
        lines.push('\n');
    }

    fn push_plain(&self, lines: &mut String) {
        self.push_text(lines);
        for (at, _) in self.tokens.iter().enumerate() {
            let id = (at + 1).to_string();
            let misc = misc_with_tag("_", self.tag(at));
            self.push_row(at, &id, "_\t_\t_\t_\t_\t_\t_", &misc, lines);
        }
    }

    /// The lines that were carried, with forms, text and tags put in.
    fn push_kept(&self, kept: &str, lines: &mut String) {
        let (mut at, mut covered, mut word) = (0_usize, 0_u64, 0_u64);
        for line in kept.lines() {
            let Ok(row) = Row::from_line(line) else {
                if line == "# text" {
                    self.push_text(lines);
                } else {
                    lines.push_str(line);
                    lines.push('\n');
                }
                continue;
            };
            match row.kind {
                RowKind::Range(from, to) => {
                    (covered, word) = (to, from);
                    // Tags stand with its words.
                    let misc = if tag_in_misc(row.misc).is_some() {
                        misc_with_tag(row.misc, None)
                    } else {
                        row.misc.to_owned()
                    };
                    self.push_row(at, row.id, row.middle, &misc, lines);
                    at += 1;
                }
                RowKind::Word(id) if id <= covered => {
                    let tag = at.checked_sub(1).and_then(|at| self.tag(at));
                    let tag = if id == word { tag.map(str::to_owned) } else { tag.map(inside) };
                    let misc = misc_with_tag(row.misc, tag.as_deref());
                    push_line(row.id, row.form, row.middle, &misc, lines);
                }
                RowKind::Word(_) => {
                    let misc = misc_with_tag(row.misc, self.tag(at));
                    self.push_row(at, row.id, row.middle, &misc, lines);
                    at += 1;
                }
                RowKind::EmptyNode => push_line(row.id, row.form, row.middle, row.misc, lines),
            }
        }
    }

    fn tag(&self, at: usize) -> Option<&str> {
        self.tags.get(at).and_then(Option::as_deref)
    }

    /// Adds the row of a token, with a mark of the white space around it where MISC says another.
    fn push_row(&self, at: usize, id: &str, middle: &str, misc: &str, lines: &mut String) {
        let Some(token) = self.tokens.get(at) else { return };
        let is_end = at + 1 == self.tokens.len();
        let next = self.tokens.get(at + 1).map_or(self.next, |next| next.bytes.start.get());
        let after = self.text.get(token.bytes.end.get()..next).unwrap_or_default();
        let usual = match (is_end, self.is_last) {
            (true, true) => "",
            (true, false) => "\n",
            (false, _) => " ",
        };
        let said = spaces_after(misc);
        let mut misc =
            if said.as_deref().unwrap_or(usual) == after { misc.to_owned() } else { misc_with_spaces(misc, after) };
        if let Some(before) =
            self.before.filter(|before| at == 0 && !before.is_empty() && spaces_before(&misc).is_none())
        {
            let all = if misc == "_" { String::new() } else { format!("{misc}|") };
            misc = format!("{all}SpacesBefore={}", escaped(before));
        }
        push_line(id, token.bytes.slice(self.text).unwrap_or_default(), middle, &misc, lines);
    }
}

fn push_line(id: &str, form: &str, middle: &str, misc: &str, lines: &mut String) {
    for part in [id, "\t", form, "\t", middle, "\t", misc, "\n"] {
        lines.push_str(part);
    }
}

/// The tag of a further word of a token: what began goes on.
fn inside(tag: &str) -> String {
    match tag.split_once('-') {
        Some(("B", label)) => format!("I-{label}"),
        _ => tag.to_owned(),
    }
}

/// A label that does not break MISC.
fn unbroken(label: &str) -> String {
    label.replace(|c: char| c.is_whitespace() || c == '|', "_")
}

/// The carried lines, sentence by sentence; `None` when there are none, or they are not those of the tokens.
fn kept_of(record: &ArticleRecord, cut: &Segmentation, problems: &mut Vec<Problem>) -> Option<Vec<String>> {
    let kept: Vec<String> = serde_json::from_str(record.carried_for(FACTS.name)?).unwrap_or_default();
    let fits = kept.len() == cut.sentences().len()
        && kept.iter().zip(cut.sentences()).all(|(kept, sentence)| surface_count(kept) == sentence.len_tokens());
    if !fits {
        let finding = Foreign::CarriedLost { what: Held::TokenColumn, count: as_u64(kept.len().max(1)) };
        problems.push(Problem::foreign(Place::default(), finding));
    }
    fits.then_some(kept)
}

fn surface_count(kept: &str) -> usize {
    let (mut count, mut covered) = (0, 0);
    for row in kept.lines().filter_map(|line| Row::from_line(line).ok()) {
        match row.kind {
            RowKind::Range(_, to) => (count, covered) = (count + 1, to),
            RowKind::Word(id) if id > covered => count += 1,
            RowKind::Word(_) | RowKind::EmptyNode => {}
        }
    }
    count
}

/// Leaves out mentions that reach over the end of a carried sentence, which cannot be joined with the next.
fn leave_out_crossing(columns: &mut [Vec<(TokenSpan, &str)>], cut: &Segmentation, problems: &mut Vec<Problem>) {
    for column in columns {
        column.retain(|(tokens, label)| {
            let is_inside = cut.sentences().iter().any(|sentence| sentence.contains_span(*tokens));
            if !is_inside {
                let span = cut.span_from_tokens(*tokens).unwrap_or(Span::from_chars(0, 0));
                let finding = Foreign::MentionNotHeld { label: (*label).to_owned(), span, what: Held::TokenEdge };
                problems.push(Problem::foreign(Place::default(), finding));
            }
            is_inside
        });
    }
}

/// The sentences, joined where one ends inside a mention.
fn joined_sentences(cut: &Segmentation, columns: &[Vec<(TokenSpan, &str)>]) -> Vec<TokenSpan> {
    let mut all: Vec<TokenSpan> = Vec::with_capacity(cut.sentences().len());
    for sentence in cut.sentences() {
        match all.last_mut().filter(|_| is_inside(columns, sentence.start.get())) {
            Some(last) => last.end = sentence.end,
            None => all.push(*sentence),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::{Format, ReadOptions};
    use crate::formats::trial::{ONE, article, articles, read, said, written};
    use proptest::prelude::*;

    fn text_written(records: &[ArticleRecord]) -> (String, Vec<String>) {
        let (files, problems) = written(Format::CONLLU, records, &WriteOptions::default());
        (String::from_utf8(files[ONE].clone()).unwrap(), problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn tokens_alone() {
        let (found, problems) = text_written(&[article("خبر ۱", " علی، رفت.\n\nاو ", &[(1, 4, "PER")])]);
        let row = "\t_\t_\t_\t_\t_\t_\t_\t";
        let expected = format!(
            "# newdoc id = خبر ۱\n# text = علی، رفت.\n1\tعلی{row}NER=B-PER|SpaceAfter=No|SpacesBefore=\\s\n2\t،{row}_\n\
             3\tرفت{row}SpaceAfter=No\n4\t.{row}SpacesAfter=\\n\\n\n\n# text = او\n1\tاو{row}SpacesAfter=\\s\n\n"
        );
        assert_eq!((found, problems), (expected, vec![]));
    }

    const TREE: &str = "# newdoc id = d\n# sent_id = 1\n# text = vámonos al mar\n1-2\tvámonos\t_\t_\t_\t_\t_\t_\t_\t_\n\
        1\tvamos\tir\tVERB\t_\t_\t0\troot\t_\tNER=O\n2\tnos\tnosotros\tPRON\t_\t_\t1\tobj\t_\t_\n\
        3-4\tal\t_\t_\t_\t_\t_\t_\t_\t_\n3\ta\ta\tADP\t_\t_\t5\tcase\t_\t_\n4\tel\tel\tDET\t_\t_\t5\tdet\t_\t_\n\
        5\tmar\tmar\tNOUN\t_\t_\t1\tobl\t_\tX=1|NER=B-LOC\n5.1\tse\t_\t_\t_\t_\t_\t_\t_\t_\n\n";

    #[test]
    fn the_whole_annotation_comes_back() {
        let (mut records, _) = read(Format::CONLLU, TREE, &ReadOptions::default()).unwrap();
        assert_eq!(records[0].text, "vámonos al mar");
        assert_eq!(said(&records[0]), ["LOC 11..14"]);
        assert_eq!(text_written(&records), (TREE.to_owned(), vec![]));
        // An edited mention goes over the words of a range.
        records[0].layers[0].mentions[0].span = Span::from_chars(8, 14);
        let edited = TREE.replace("case\t_\t_", "case\t_\tNER=B-LOC").replace("det\t_\t_", "det\t_\tNER=I-LOC");
        assert_eq!(text_written(&records).0, edited.replace("X=1|NER=B-LOC", "X=1|NER=I-LOC"));
        let (again, _) = read(Format::CONLLU, text_written(&records).0, &ReadOptions::default()).unwrap();
        assert_eq!(said(&again[0]), ["LOC 8..14"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Texts come back to the letter, mentions at the same tokens.
        #[test]
        fn what_is_written_is_read_as_it_was(records in articles()) {
            let (files, problems) = written(Format::CONLLU, &records, &WriteOptions::default());
            let left_out = problems.iter().filter(|p| p.to_string().contains(" was left out")).count();
            let (back, _) = match read(Format::CONLLU, files[ONE].clone(), &ReadOptions::default()) {
                Ok(read) => read,
                Err(_) => {
                    prop_assert!(files[ONE].is_empty());
                    return Ok(());
                }
            };
            let held: Vec<&ArticleRecord> = records.iter().filter(|r| !Segmentation::of_text(&r.text).tokens().is_empty()).collect();
            prop_assert_eq!(
                back.iter().map(|r| (r.name.clone(), r.text.clone())).collect::<Vec<_>>(),
                held.iter().map(|r| (r.name.clone(), r.text.clone())).collect::<Vec<_>>()
            );
            let all: usize = records.iter().map(|r| r.layers[0].mentions.len()).sum();
            prop_assert_eq!(back.iter().map(|r| said(r).len()).sum::<usize>() + left_out, all);
            let (again, _) = written(Format::CONLLU, &back, &WriteOptions::default());
            prop_assert_eq!(&again[ONE], &files[ONE]);
        }
    }
}
