//! Agreement of two annotators who each have a file, straight from the files.
//!
//! Owns how the articles of two files meet: by their text, or, where articles are cut or named in other ways, as one stream of the same
//! tokens. It must not count. Articles that come in the same order in both are not kept; one is kept until its like comes.

use crate::domain::article::TextHash;
use crate::domain::label::LabelId;
use crate::domain::offset::TokenSpan;
use crate::domain::record::{ArticleRecord, MentionRecord};
use crate::domain::segmentation::Segmentation;
use crate::exchange::agree::{AgreeError, Agreement, Measuring, TokensOf, token_spans};
use crate::exchange::import::{ImportError, ImportOptions, Reading};
use crate::formats::problem::Problem;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

/// What came of comparing two files.
#[derive(Debug)]
pub struct FilesAgreement {
    /// What was counted.
    pub agreement: Agreement,
    /// What of them could not be compared, in sentences.
    pub partings: Vec<String>,
    /// What could not be read, or not to its end.
    pub failures: Vec<ImportError>,
}

/// One of the files, being read.
struct Side<'a> {
    path: &'a Path,
    name: String,
    reading: Option<Reading>,
    /// The one annotator that it names.
    annotator: Option<String>,
    /// How many articles were read.
    read: usize,
    /// Articles whose like in the other file has not come yet, by their text.
    waiting: BTreeMap<[u8; 32], VecDeque<(usize, ArticleRecord)>>,
}

impl<'a> Side<'a> {
    fn open(path: &'a Path, name: String, options: &ImportOptions) -> Result<Self, AgreeError> {
        let reading = Some(Reading::open(path, options)?);
        Ok(Self { path, name, reading, annotator: None, read: 0, waiting: BTreeMap::new() })
    }

    /// The next article; `None` at the end.
    fn next(
        &mut self,
        options: &ImportOptions,
        said: &mut dyn FnMut(&Path, &Problem),
        failures: &mut Vec<ImportError>,
    ) -> Result<Option<(usize, ArticleRecord)>, AgreeError> {
        let Some(reading) = &mut self.reading else { return Ok(None) };
        let Some(mut record) = reading.next(&mut |problem| said(self.path, problem)) else {
            failures.extend(self.reading.take().map(Reading::into_failures).unwrap_or_default());
            return Ok(None);
        };
        options.labels.apply(&mut record, &mut BTreeMap::new());
        for name in record.layers.iter().filter_map(|layer| layer.annotator.as_ref()) {
            let first = self.annotator.get_or_insert_with(|| name.clone());
            if first != name {
                return Err(AgreeError::Several { file: self.name.clone(), names: vec![first.clone(), name.clone()] });
            }
        }
        self.read += 1;
        Ok(Some((self.read, record)))
    }

    /// What has met nothing, in the order of the file.
    fn left(&mut self) -> Vec<ArticleRecord> {
        let mut left: Vec<_> = std::mem::take(&mut self.waiting).into_values().flatten().collect();
        left.sort_by_key(|(place, _)| *place);
        left.into_iter().map(|(_, record)| record).collect()
    }
}

/// Compares two files of any format that can be read. Labels are taken as they are called, after the map of `options`.
///
/// # Errors
/// [`AgreeError`] when nothing can be compared.
pub fn agree_files(
    paths: [&Path; 2],
    options: &ImportOptions,
    measuring: Measuring,
    said: &mut dyn FnMut(&Path, &Problem),
) -> Result<FilesAgreement, AgreeError> {
    let [first, second] = paths;
    let names = names_of(paths);
    if first == second {
        return Err(AgreeError::Twice { name: first.display().to_string() });
    }
    let mut agreement = Agreement::new(names.to_vec(), measuring);
    let [first_name, second_name] = names;
    let mut sides = [Side::open(first, first_name, options)?, Side::open(second, second_name, options)?];
    let (mut partings, mut failures) = (Vec::new(), Vec::new());
    while sides.iter().any(|side| side.reading.is_some()) {
        for turn in [false, true] {
            let [one, other] = &mut sides;
            let (own, other) = if turn { (other, one) } else { (one, other) };
            let Some((place, record)) = own.next(options, said, &mut failures)? else { continue };
            let hash = TextHash::from_text(&record.text).0;
            match other.waiting.get_mut(&hash).and_then(VecDeque::pop_front) {
                Some((_, like)) => {
                    let pair = if turn { [&like, &record] } else { [&record, &like] };
                    partings.extend(add_same_text(&mut agreement, pair)?);
                }
                None => own.waiting.entry(hash).or_default().push_back((place, record)),
            }
        }
    }
    let [one, other] = &mut sides;
    let left = [one.left(), other.left()];
    if left.iter().any(|left| !left.is_empty()) {
        partings.extend(add_stream(&mut agreement, &left, [&one.name, &other.name])?);
    }
    match partings.into_iter().collect::<Vec<_>>() {
        partings if agreement.article_count() == 0 => {
            let words = partings.first().cloned().unwrap_or_else(|| "there is no article in them".to_owned());
            Err(AgreeError::Apart { first: one.name.clone(), second: other.name.clone(), words })
        }
        partings => Ok(FilesAgreement { agreement, partings, failures }),
    }
}

/// What the files are called: by their names, or by their paths where these are the same.
fn names_of(paths: [&Path; 2]) -> [String; 2] {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let names = paths.map(name);
    let [first, second] = &names;
    if first == second { paths.map(|path| path.display().to_string()) } else { names }
}

fn mentions_of(record: &ArticleRecord) -> Vec<MentionRecord> {
    record.layers.iter().flat_map(|layer| layer.mentions.iter().cloned()).collect()
}

fn name_of(record: &ArticleRecord) -> &str {
    record.name.as_deref().unwrap_or("without a name")
}

/// Counts an article that both files have; where their tokens part, when they do.
fn add_same_text(agreement: &mut Agreement, pair: [&ArticleRecord; 2]) -> Result<Option<String>, AgreeError> {
    let kind = agreement.measuring().tokens;
    let [first, second] = pair;
    let tokens = token_spans(&kind.of(first));
    if kind == TokensOf::File {
        let others = token_spans(&kind.of(second));
        if tokens != others {
            let place = tokens.iter().zip(&others).take_while(|(one, other)| one == other).count();
            let surface = |record: &ArticleRecord| Stream::of(std::slice::from_ref(record), kind).surface(place);
            return Ok(Some(format!(
                "article {}: the text is the same, but the tokens part at token {}: {} and {}; --tokens ours compares it on ours",
                name_of(first),
                place + 1,
                surface(first),
                surface(second)
            )));
        }
    }
    let coded = pair.map(|record| Some(agreement.coded(&mentions_of(record), &tokens)));
    agreement.add(name_of(first), &coded)?;
    Ok(None)
}

/// Articles one after the other, as one run of tokens.
struct Stream<'a> {
    articles: Vec<(&'a ArticleRecord, Segmentation)>,
    /// How many tokens there are at the end of each article.
    ends: Vec<usize>,
}

impl<'a> Stream<'a> {
    fn of(records: &'a [ArticleRecord], tokens: TokensOf) -> Self {
        let articles: Vec<_> = records.iter().map(|record| (record, tokens.of(record))).collect();
        let mut end = 0;
        let ends = articles.iter().map(|(_, segmentation)| {
            end += segmentation.tokens().len();
            end
        });
        let ends = ends.collect();
        Self { articles, ends }
    }

    fn surfaces(&self) -> impl Iterator<Item = &'a str> {
        self.articles.iter().flat_map(|(record, segmentation)| {
            let text: &'a str = &record.text;
            segmentation
                .tokens()
                .iter()
                .map(move |token| text.get(token.bytes.start.get()..token.bytes.end.get()).unwrap_or_default())
        })
    }

    /// The token at a place, in quotation marks.
    fn surface(&self, place: usize) -> String {
        self.surfaces().nth(place).map_or_else(|| "the end".to_owned(), |surface| format!("«{surface}»"))
    }

    /// Where a token stands, in words.
    fn whereabouts(&self, place: usize) -> String {
        let article = self.ends.partition_point(|end| *end <= place);
        let before = article.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        match self.articles.get(article) {
            Some((record, _)) => {
                format!("{} at token {} of article {}", self.surface(place), place - before + 1, name_of(record))
            }
            None => "the end".to_owned(),
        }
    }

    /// The mentions by their tokens, in order.
    fn mentions(&self, agreement: &mut Agreement) -> Vec<(TokenSpan, LabelId)> {
        let mut mentions = Vec::new();
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        for ((record, segmentation), start) in self.articles.iter().zip(starts) {
            let tokens = segmentation.tokens();
            for mention in mentions_of(record) {
                let first = tokens.partition_point(|token| token.span.end <= mention.span.start);
                let end = tokens.partition_point(|token| token.span.start < mention.span.end);
                if first < end {
                    let span = TokenSpan::from_tokens(start + first, start + end);
                    mentions.push((span, agreement.label(&mention.label)));
                }
            }
        }
        mentions.sort_by_key(|(span, label)| (span.start, span.end, *label));
        mentions
    }
}

/// Counts what met nothing by its text, where the tokens of all of it are the same; where they part, when they do. It is cut where an
/// article ends in both.
fn add_stream(
    agreement: &mut Agreement,
    left: &[Vec<ArticleRecord>; 2],
    names: [&String; 2],
) -> Result<Option<String>, AgreeError> {
    let tokens = agreement.measuring().tokens;
    let streams = left.each_ref().map(|records| Stream::of(records, tokens));
    let [first, second] = &streams;
    let same = first.surfaces().zip(second.surfaces()).take_while(|(one, other)| one == other).count();
    let counts = [first, second].map(|stream| stream.ends.last().copied().unwrap_or(0));
    if counts != [same, same] {
        let [one, other] = names;
        let [ours, theirs] = left.each_ref().map(Vec::len);
        return Ok(Some(format!(
            "{ours} of the articles of {one} and {theirs} of {other} have no like in the other: {one} has {}, {other} {}",
            first.whereabouts(same),
            second.whereabouts(same)
        )));
    }
    let mut said = [first, second].map(|stream| stream.mentions(agreement).into_iter().peekable());
    let ends: BTreeSet<usize> = second.ends.iter().copied().collect();
    let mut start = 0;
    for (end, (record, _)) in first.ends.iter().zip(&first.articles).filter(|(end, _)| ends.contains(end)) {
        let mut layers = Vec::new();
        for said in &mut said {
            let mut here = Vec::new();
            while let Some((span, label)) = said.next_if(|(span, _)| span.end.get() <= *end) {
                here.push((TokenSpan::from_tokens(span.start.get() - start, span.end.get() - start), label));
            }
            layers.push(Some(agreement.coded_on_tokens(here, end - start)?));
        }
        if start < *end {
            agreement.add(name_of(record), &layers)?;
        }
        start = *end;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::agreement::Meeting;

    /// What two files come to: articles, tokens, exact F1 in thousandths and what is said, or the error.
    fn check(name: &str, files: [&str; 2], tokens: TokensOf, expected: Result<(u64, u64, u64, &[&str]), &str>) {
        let folder = tempfile::tempdir().unwrap();
        let paths = [folder.path().join(format!("a.{name}")), folder.path().join(format!("b.{name}"))];
        paths.iter().zip(files).for_each(|(path, file)| std::fs::write(path, file).unwrap());
        let measuring = Measuring { tokens, bootstrap: None, gamma: None, by_article: true };
        let paths = paths.each_ref().map(|path| path.as_path());
        let found = agree_files(paths, &ImportOptions::default(), measuring, &mut |path, problem| {
            assert!(problem.finding.severity() != crate::formats::problem::Severity::Fault, "{path:?} {problem}");
        });
        let found = found.map(|found| {
            let agreement = found.agreement;
            let f1 = agreement.pooled().matched(Meeting::Exact).f1().unwrap_or(-1.0);
            assert_eq!(agreement.articles().len() as u64, agreement.article_count());
            (agreement.article_count(), agreement.token_count(), (f1 * 1000.0) as u64, found.partings)
        });
        match (&found, expected) {
            (Ok((articles, tokens, f1, said)), Ok(expected)) => {
                let said: Vec<&str> = said.iter().map(String::as_str).collect();
                assert_eq!((*articles, *tokens, *f1, said.as_slice()), expected);
            }
            (Err(error), Err(expected)) => assert_eq!(error.to_string(), expected),
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    const ONE: &str = "علی|B_PER\nرفت|O\n\nتهران|B_LOC\nبود|O\n";

    #[test]
    fn articles_meet_by_text_and_tokens() {
        check("conll", [ONE, ONE], TokensOf::File, Ok((1, 4, 1000, &[])));
        let less = "علی|B_PER\nرفت|O\n\nتهران|O\nبود|O\n";
        check("conll", [ONE, less], TokensOf::File, Ok((1, 4, 666, &[])));
        // The same tokens in other sentences.
        let broken = "علی|B_PER\nرفت|O\nتهران|B_LOC\nبود|O\n";
        check("conll", [ONE, broken], TokensOf::File, Ok((1, 4, 1000, &[])));
    }

    #[test]
    fn where_files_part_is_said() {
        let other = "علی|B_PER\nآمد|O\n";
        let said = "a.conll and b.conll have nothing to compare: 1 of the articles of a.conll and 1 of b.conll have no like in the \
                    other: a.conll has «رفت» at token 2 of article a, b.conll «آمد» at token 2 of article b";
        check("conll", [ONE, other], TokensOf::File, Err(said));
        let line = |id: &str, text: &str| {
            format!("{{\"id\":\"{id}\",\"text\":\"{text}\",\"spans\":[{{\"start\":0,\"end\":3,\"label\":\"PER\"}}]}}\n")
        };
        let both = line("x", "علی رفت") + &line("y", "رضا آمد");
        let turned = line("y", "رضا آمد") + &line("x", "علی رفت");
        check("jsonl", [&both, &turned], TokensOf::Ours, Ok((2, 4, 1000, &[])));
        let fewer = line("x", "علی رفت");
        let said = "1 of the articles of a.jsonl and 0 of b.jsonl have no like in the other: a.jsonl has «رضا» at token 1 of article y, \
                    b.jsonl the end";
        check("jsonl", [&both, &fewer], TokensOf::Ours, Ok((1, 2, 1000, &[said])));
    }

    #[test]
    fn a_file_of_several_annotators_is_refused() {
        let line = |by: &str| format!("{{\"id\":\"x\",\"text\":\"علی\",\"spans\":[],\"annotator\":\"{by}\"}}\n");
        let said = "a.jsonl: it holds the layers of r, s; import it into a project and compare them there";
        check("jsonl", [&(line("r") + &line("s")), &line("r")], TokensOf::Ours, Err(said));
    }
}
