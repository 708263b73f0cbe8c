//! Corpora with a token and its tag a line, a blank line after each sentence: `تهران|B_LOC`, `تهران<TAB>B-LOC`, `تهران B-LOC`.
//!
//! Owns what a simulation or an evaluation takes of such a corpus: the articles and the faults. It is the reader of
//! [`conll`](crate::formats::conll::reader) that reads them, for a corpus in memory.

use crate::domain::record::ArticleRecord;
use crate::formats::conll::reader::ConllReader;
use crate::formats::finding::{Finding, cut};
use crate::formats::format::{ReadOptions, RecordReader};
use crate::formats::problem::{Place, Problem, Severity};
use std::io::Cursor;
use std::num::NonZeroUsize;

/// The articles of a corpus, each of so many sentences in a row; they have one layer, of nobody. Lines that are no token with a tag are
/// left out, and told; a tag that is none is read as `O`, and told.
///
/// ```
/// use barchasb::formats::tagged_lines::articles_from_tagged_lines;
/// let corpus = "علی|B_PER\nبه|O\nتهران|B_LOC\nرفت|O\n\nباران|O\nآمد|O\n";
/// let (articles, problems) = articles_from_tagged_lines(corpus, 20.try_into().unwrap());
/// assert_eq!(articles[0].text, "علی به تهران رفت\nباران آمد");
/// assert_eq!(articles[0].layers[0].mentions[1].label, "LOC");
/// assert!(problems.is_empty());
/// ```
#[must_use]
pub fn articles_from_tagged_lines(corpus: &str, sentences: NonZeroUsize) -> (Vec<ArticleRecord>, Vec<Problem>) {
    let options = ReadOptions { sentences: Some(sentences), ..ReadOptions::default() };
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    let read = ConllReader::new(Cursor::new(corpus), &options).and_then(|mut reader| {
        while let Some(record) = reader.next_record(&mut problems)? {
            records.push(record);
        }
        Ok(())
    });
    problems.retain(|problem| problem.finding.severity() == Severity::Fault);
    if read.is_err()
        && let Some((number, line)) = (1_u64..).zip(corpus.lines()).find(|(_, line)| !line.trim().is_empty())
    {
        let place = Place { line: Some(number), ..Place::default() };
        problems.push(Problem::new(place, Finding::NoTag { line: cut(line) }));
    }
    (records, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::MentionRecord;

    /// The articles as text with their mentions, two sentences an article, and the lines of the problems.
    fn check(corpus: &str, expected: &[(&str, &[(&str, &str)])], lines: &[u64]) {
        let (articles, problems) = articles_from_tagged_lines(corpus, NonZeroUsize::new(2).unwrap());
        let found: Vec<(String, Vec<(String, String)>)> = articles
            .iter()
            .map(|article| {
                let surface = |m: &MentionRecord| {
                    let chars = article.text.chars().skip(m.span.start.get()).take(m.span.len_chars());
                    (chars.collect(), m.label.clone())
                };
                (article.text.clone(), article.layers[0].mentions.iter().map(surface).collect())
            })
            .collect();
        let expected: Vec<(String, Vec<(String, String)>)> = expected
            .iter()
            .map(|(text, mentions)| {
                let own = mentions.iter().map(|(s, l)| ((*s).to_owned(), (*l).to_owned()));
                ((*text).to_owned(), own.collect())
            })
            .collect();
        assert_eq!(found, expected);
        assert_eq!(problems.iter().filter_map(|p| p.place.line).collect::<Vec<_>>(), lines);
    }

    #[test]
    fn the_separators_and_prefixes_of_real_corpora_are_read() {
        check("علی|B_PER\nرضایی|I_PER\n\nرفت|O\n", &[("علی رضایی\nرفت", &[("علی رضایی", "PER")])], &[]);
        check("بی‌بی‌سی\tB-ORG\nتهران\tB-LOC\r\n", &[("بی‌بی‌سی تهران", &[("بی‌بی‌سی", "ORG"), ("تهران", "LOC")])], &[]);
        check("a B-X\nb I-Y\nc I-Y\n", &[("a b c", &[("a", "X"), ("b c", "Y")])], &[]);
        check("a|O\n\n\n\nb|O\n\nc|O", &[("a\nb", &[]), ("c", &[])], &[]);
    }

    #[test]
    fn what_is_no_tagged_token_is_left_out_and_told() {
        check("علی|B_PER\nبی‌برچسب\n|O\nرفت|Q-X\nآمد|O\n", &[("علی رفت آمد", &[("علی", "PER")])], &[2, 3, 4]);
        check("", &[], &[]);
    }
}
