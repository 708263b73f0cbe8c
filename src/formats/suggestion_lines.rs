//! The protocol of external engines: an article to the program as a line of JSON, its spans back as another.
//!
//! Owns both directions and the limits on an answer. It must not run anything, and takes no span that does not stand in its text.
//!
//! The program is started once and asked about one article after another. It reads a line from its standard input:
//!
//! ```json
//! {"id": "4516776", "text": "…", "offset_unit": "codepoint", "labels": [{"name": "PER", "title": "شخص"}], "protocol": 1}
//! ```
//!
//! and answers it with one line on its standard output, before it reads the next:
//!
//! ```json
//! {"id": "4516776", "spans": [{"start": 0, "end": 16, "label": "PER", "confidence": 0.9, "reason": "…", "text": "…"}]}
//! ```
//!
//! `id` is that of the article. `start`, `end` (half-open) and `label` must be there, the others may be left out: `confidence`
//! (0 to 1) is then 1, `text` is the surface and is checked, `reason` is shown. An `offset_unit` beside `spans` says what the
//! answer counts, when not code points. Keys that are not known are passed over. Spans that overlap give way to the surest.

use crate::domain::article::Article;
use crate::domain::label::LabelSet;
use crate::domain::offset::Span;
use crate::domain::suggestion::{Confidence, Engine, Reason, Suggestion};
use crate::formats::decoding::as_u64;
use crate::formats::finding::{Finding, JsonFault, Misfit, SpanFault, cut};
use crate::formats::json_frame::{Frame, Frames, Layout, Limits};
use crate::formats::offset_unit::{OffsetUnit, surface_fits};
use crate::formats::problem::{FormatError, Place, Problem};
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;
/// The most bytes that an answer may have.
pub const MAX_ANSWER_BYTES: u64 = 16 << 20;
/// The most spans that are taken of an answer.
pub const MAX_SPANS: usize = 100_000;
/// How deep an answer may be nested; it needs three.
const MAX_DEPTH: u64 = 16;

#[derive(Serialize)]
struct Request<'a> {
    id: &'a str,
    text: &'a str,
    offset_unit: &'static str,
    labels: Vec<RequestLabel<'a>>,
    protocol: u32,
}

#[derive(Serialize)]
struct RequestLabel<'a> {
    name: &'a str,
    title: &'a str,
}

/// The line that asks about an article, its line feed included.
///
/// ```
/// use barchasb::domain::article::{Article, ArticleId, Direction};
/// use barchasb::domain::label::LabelSet;
/// use barchasb::formats::suggestion_lines::request_line;
/// let article = Article::new(ArticleId(uuid::Uuid::nil()), "a".into(), "علی\nآمد", String::new(), Direction::Auto)?;
/// let line = String::from_utf8(request_line(&article, &LabelSet::default())).unwrap();
/// assert_eq!(line, "{\"id\":\"a\",\"text\":\"علی\\nآمد\",\"offset_unit\":\"codepoint\",\"labels\":[],\"protocol\":1}\n");
/// # Ok::<(), barchasb::domain::article::ArticleError>(())
/// ```
#[must_use]
pub fn request_line(article: &Article, labels: &LabelSet) -> Vec<u8> {
    let request = Request {
        id: article.name(),
        text: article.text(),
        offset_unit: OffsetUnit::CodePoint.name(),
        labels: labels.active().map(|label| RequestLabel { name: &label.name, title: &label.title }).collect(),
        protocol: PROTOCOL,
    };
    // Strings and a number into memory: there is nothing that could fail.
    let mut line = serde_json::to_vec(&request).unwrap_or_default();
    line.push(b'\n');
    line
}

#[derive(Deserialize)]
#[serde(expecting = "an object with id and spans")]
struct RawAnswer {
    id: String,
    spans: RawSpans,
    #[serde(default)]
    offset_unit: Option<String>,
}

/// The spans as they are written, at most [`MAX_SPANS`]: a flood of them is passed over as it is parsed.
struct RawSpans {
    first: Vec<Box<RawValue>>,
    has_more: bool,
}

impl<'de> Deserialize<'de> for RawSpans {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SpansVisitor;
        impl<'de> Visitor<'de> for SpansVisitor {
            type Value = RawSpans;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of spans")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut spans: A) -> Result<RawSpans, A::Error> {
                let mut first = Vec::new();
                while first.len() < MAX_SPANS {
                    let Some(span) = spans.next_element()? else { return Ok(RawSpans { first, has_more: false }) };
                    first.push(span);
                }
                let mut has_more = false;
                while spans.next_element::<IgnoredAny>()?.is_some() {
                    has_more = true;
                }
                Ok(RawSpans { first, has_more })
            }
        }
        deserializer.deserialize_seq(SpansVisitor)
    }
}

#[derive(Deserialize)]
#[serde(expecting = "an object with start, end and label")]
struct RawSpan {
    start: u64,
    end: u64,
    label: String,
    #[serde(default)]
    confidence: Option<Box<RawValue>>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    text: Option<String>,
}

/// What an answer holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The suggestions, in order of place; none overlaps another.
    pub suggestions: Vec<Suggestion>,
    /// What was not taken as it stood.
    pub problems: Vec<Problem>,
}

/// Reads the answer about an article; `by` names the program.
///
/// ```
/// use barchasb::domain::article::{Article, ArticleId, Direction};
/// use barchasb::domain::label::LabelSet;
/// use barchasb::formats::suggestion_lines::answer_from_line;
/// let article = Article::new(ArticleId(uuid::Uuid::nil()), "a".into(), "علی آمد", String::new(), Direction::Auto)?;
/// let line = br#"{"id": "a", "spans": [{"start": 0, "end": 3, "label": "PER"}]}"#;
/// let answer = answer_from_line(line, &article, &LabelSet::default(), "names.py").unwrap();
/// let said = "span 1 was left out: PER at 0..3 (codepoint) names no label in use";
/// assert_eq!(answer.problems[0].to_string(), said);
/// # Ok::<(), barchasb::domain::article::ArticleError>(())
/// ```
///
/// # Errors
/// The [`Problem`] when it is no answer at all, or none about this article.
pub fn answer_from_line(line: &[u8], article: &Article, labels: &LabelSet, by: &str) -> Result<Answer, Box<Problem>> {
    let raw = parse(line)?;
    if raw.id != article.name() {
        let finding = Finding::OtherArticle { named: cut(&raw.id), asked: cut(article.name()) };
        return Err(Box::new(Problem::new(Place::default(), finding)));
    }
    let mut problems = Vec::new();
    let mut say = |finding| problems.push(Problem::new(Place::default(), finding));
    let unit = raw.offset_unit.as_deref().unwrap_or(OffsetUnit::CodePoint.name());
    let unit = OffsetUnit::from_name(unit).unwrap_or_else(|| {
        say(Finding::UnknownUnit { name: cut(unit) });
        OffsetUnit::CodePoint
    });
    if raw.spans.has_more {
        say(Finding::TooManySpans { limit: as_u64(MAX_SPANS) });
    }
    let reading = Reading { article, labels, by, unit };
    let mut taken = Vec::new();
    for (number, json) in (1..).zip(&raw.spans.first) {
        match reading.span(number, json.get()) {
            Ok(span) => taken.push(span),
            Err(fault) => say(Finding::SpanLeftOut { number, fault }),
        }
    }
    let (suggestions, under) = surest(taken);
    for (span, surer) in under {
        let fault = span.misfit(unit, Misfit::UnderSurer(surer));
        say(Finding::SpanLeftOut { number: span.number, fault });
    }
    Ok(Answer { suggestions, problems })
}

/// The answer as it is written. The place within the one line is all that is told of where a fault stands.
fn parse(line: &[u8]) -> Result<RawAnswer, Box<Problem>> {
    let frame = frame(line)?;
    let parsed = frame.parse().or_else(|fault| {
        // Python writes a number that is none as NaN, which no JSON knows: one such span must not cost the others.
        let quoted = Frame { bytes: with_quoted_nan(&frame.bytes), ..frame.clone() };
        quoted.parse().map_err(|_| fault)
    });
    parsed.map_err(|mut problem| {
        problem.place = Place { column: problem.place.column, ..Place::default() };
        problem
    })
}

fn frame(line: &[u8]) -> Result<Frame, Box<Problem>> {
    let limits = Limits { record_bytes: MAX_ANSWER_BYTES, depth: MAX_DEPTH };
    let mut problems = Vec::new();
    let found = Frames::new(line, Layout::Lines, limits).next_frame(&mut problems);
    let refused = |finding| Box::new(Problem::new(Place::default(), finding));
    match found {
        Ok(Some(frame)) => Ok(frame),
        // What passes a limit was said.
        Ok(None) => Err(problems.pop().map_or_else(|| refused(no_answer()), |p| refused(p.finding))),
        Err(FormatError::Empty) => Err(refused(no_answer())),
        // A mark of another encoding: reading from memory cannot fail otherwise.
        Err(_) => Err(refused(Finding::RecordNotUtf8)),
    }
}

/// There is nothing in the line.
fn no_answer() -> Finding {
    Finding::RecordJson(JsonFault::Unfinished { words: "there is nothing".to_owned() })
}

/// `json` with quotes around every `NaN`, `Infinity` and `-Infinity` that stands outside a string.
fn with_quoted_nan(json: &[u8]) -> Vec<u8> {
    const NUMBERS: [&[u8]; 3] = [b"NaN", b"-Infinity", b"Infinity"];
    let mut out = Vec::with_capacity(json.len() + 16);
    let (mut rest, mut in_string) = (json, false);
    while let Some((byte, after)) = rest.split_first() {
        let number = NUMBERS.into_iter().find(|number| !in_string && rest.starts_with(number));
        if let Some(number) = number {
            out.push(b'"');
            out.extend_from_slice(number);
            out.push(b'"');
            rest = rest.get(number.len()..).unwrap_or_default();
            continue;
        }
        out.push(*byte);
        rest = after;
        match (byte, in_string) {
            (b'"', _) => in_string = !in_string,
            (b'\\', true) => {
                // What is escaped ends nothing.
                if let Some((escaped, after)) = rest.split_first() {
                    out.push(*escaped);
                    rest = after;
                }
            }
            _ => {}
        }
    }
    out
}

/// What the spans of one answer are read with.
struct Reading<'a> {
    article: &'a Article,
    labels: &'a LabelSet,
    by: &'a str,
    unit: OffsetUnit,
}

/// A span that stands in its text.
struct Taken {
    /// Which of the answer, from 1.
    number: u64,
    /// As the answer counts.
    start: u64,
    end: u64,
    label: String,
    suggestion: Suggestion,
}

impl Taken {
    fn misfit(&self, unit: OffsetUnit, misfit: Misfit) -> SpanFault {
        SpanFault::Misfit { label: self.label.clone(), start: self.start, end: self.end, unit, misfit }
    }
}

impl Reading<'_> {
    fn span(&self, number: u64, json: &str) -> Result<Taken, SpanFault> {
        let raw: RawSpan = serde_json::from_str(json).map_err(|error| {
            let (JsonFault::Unfinished { words } | JsonFault::Syntax { words } | JsonFault::Shape { words }) =
                JsonFault::from(&error);
            SpanFault::Unreadable { words, json: cut(json) }
        })?;
        let (start, end, unit) = (raw.start, raw.end, self.unit);
        if raw.label.trim().is_empty() {
            return Err(SpanFault::NoLabel { start, end, unit });
        }
        let label = cut(&raw.label);
        let known = self.labels.by_name(raw.label.trim());
        let known = known.ok_or_else(|| SpanFault::UnknownLabel { label: label.clone(), start, end, unit })?;
        let span = self.place(&raw).map_err(|misfit| {
            let label = label.clone();
            SpanFault::Misfit { label, start, end, unit, misfit }
        })?;
        let confidence = confidence(raw.confidence.as_deref()).map_err(|value| {
            let label = label.clone();
            SpanFault::BadConfidence { label, start, end, unit, value }
        })?;
        let reason = self.reason(raw.reason.as_deref());
        let suggestion = Suggestion { span, label: known.id, engine: Engine::External, confidence, reason };
        Ok(Taken { number, start, end, label, suggestion })
    }

    fn place(&self, raw: &RawSpan) -> Result<Span, Misfit> {
        let map = self.article.offsets();
        if raw.start >= raw.end {
            return Err(Misfit::Nothing);
        }
        let span = self.unit.span_from_units(map, raw.start, raw.end).ok_or(Misfit::OutOfText)?;
        if !surface_fits(map, self.article.text(), span, raw.text.as_deref()) {
            let stands = cut(self.article.surface(span).unwrap_or_default());
            return Err(Misfit::OtherSurface { named: cut(raw.text.as_deref().unwrap_or_default()), stands });
        }
        if self.article.cuts_grapheme(span) { Err(Misfit::CutsLetter) } else { Ok(span) }
    }

    /// The program, and what it says for itself in one line.
    fn reason(&self, said: Option<&str>) -> Reason {
        let said: Vec<&str> = said.unwrap_or_default().split_whitespace().collect();
        let by = if said.is_empty() { self.by.to_owned() } else { format!("{}: {}", self.by, cut(&said.join(" "))) };
        Reason::Said { by: by.into() }
    }
}

/// A number from 0 to 1, 1 where none stands; else what stands there.
fn confidence(json: Option<&RawValue>) -> Result<Confidence, String> {
    let Some(json) = json.map(RawValue::get).filter(|json| *json != "null") else { return Ok(Confidence::ONE) };
    let value = json.parse().ok().filter(|value| (0.0..=1.0).contains(value));
    value.map(Confidence::new).ok_or_else(|| cut(json.trim_matches('"')))
}

/// The surest of those that overlap, in order of place, and each other one with the span that it gave way to. Of equally sure ones
/// the earlier, then the longer, then the first of the answer stays.
fn surest(mut all: Vec<Taken>) -> (Vec<Suggestion>, Vec<(Taken, Span)>) {
    all.sort_by_key(|taken| {
        let Suggestion { span, confidence, .. } = &taken.suggestion;
        (Reverse(*confidence), span.start, Reverse(span.end), taken.number)
    });
    // By the start: none of those that stay overlaps another, so only the last that starts before the end can.
    let mut kept: BTreeMap<_, Suggestion> = BTreeMap::new();
    let mut under = Vec::new();
    for taken in all {
        let span = taken.suggestion.span;
        match kept.range(..span.end).next_back().map(|(_, other)| other.span).filter(|other| other.overlaps(span)) {
            Some(other) => under.push((taken, other)),
            None => drop(kept.insert(span.start, taken.suggestion)),
        }
    }
    under.sort_by_key(|(taken, _)| taken.number);
    (kept.into_values().collect(), under)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::{ArticleId, Direction};
    use crate::domain::label::{Colour, Label, LabelId};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn article() -> Article {
        let text = "👍 علی به تهران رَفت";
        Article::new(ArticleId(Uuid::nil()), "a".into(), text, String::new(), Direction::Auto).unwrap()
    }

    fn labels() -> LabelSet {
        let label = |(n, name): (u128, &str)| Label {
            id: LabelId(Uuid::from_u128(n)),
            name: name.into(),
            title: name.into(),
            colour: Colour(0),
            keys: String::new(),
            guideline: String::new(),
            order: 0,
            deleted: name == "OLD",
            merged_into: None,
        };
        LabelSet::new((1..).zip(["PER", "LOC", "OLD"]).map(label).collect())
    }

    fn show(suggestion: &Suggestion) -> String {
        let labels = labels();
        let Reason::Said { by } = &suggestion.reason else { return String::new() };
        let name = &labels.get(suggestion.label).unwrap().name;
        format!("{name} {} {} {by}", suggestion.span, suggestion.confidence.get())
    }

    /// What a line gives: its suggestions, and what is said; a refused line gives none.
    fn check(line: &str, suggestions: &[&str], problems: &[&str]) {
        let (found, said) = match answer_from_line(line.as_bytes(), &article(), &labels(), "p") {
            Ok(answer) => (answer.suggestions, answer.problems),
            Err(problem) => (Vec::new(), vec![*problem]),
        };
        assert_eq!(found.iter().map(show).collect::<Vec<_>>(), suggestions, "{line}");
        assert_eq!(said.iter().map(ToString::to_string).collect::<Vec<_>>(), problems, "{line}");
    }

    /// What an answer with one good span and this one gives beside the good one.
    fn check_span(span: &str, fault: &str) {
        let line = format!(r#"{{"id":"a","spans":[{span},{{"start":9,"end":14,"label":"LOC"}}]}}"#);
        check(&line, &["LOC 9..14 1 p"], &[&format!("span 1 was left out: {fault}")]);
    }

    #[test]
    fn spans_become_suggestions() {
        check(r#"{"id":"a","spans":[]}"#, &[], &[]);
        check(
            r#"{"more":1,"id":"a","spans":[
                {"start":9,"end":14,"label":"loc","confidence":0.5,"reason":" a\n b","text":"تهران"},
                {"start":2,"end":5,"label":"PER","confidence":null,"note":[]}]}"#
                .replace('\n', "")
                .as_str(),
            &["PER 2..5 1 p", "LOC 9..14 0.5 p: a b"],
            &[],
        );
        check(
            r#"{"id":"a","offset_unit":"utf16","spans":[{"start":3,"end":6,"label":"PER","text":"علی"}]}"#,
            &["PER 2..5 1 p"],
            &[],
        );
        check(
            r#"{"id":"a","offset_unit":"chars","spans":[{"start":2,"end":5,"label":"PER"}]}"#,
            &["PER 2..5 1 p"],
            &["the offset unit \"chars\" is not known; the spans were read as codepoint"],
        );
    }

    #[test]
    fn a_bad_span_does_not_touch_the_others() {
        check_span(r#"{"start":2,"end":5,"label":"X"}"#, "X at 2..5 (codepoint) names no label in use");
        check_span(r#"{"start":2,"end":5,"label":"OLD"}"#, "OLD at 2..5 (codepoint) names no label in use");
        check_span(r#"{"start":2,"end":5,"label":" "}"#, "the span at 2..5 (codepoint) has no label");
        check_span(r#"{"start":5,"end":2,"label":"PER"}"#, "PER at 5..2 (codepoint) covers nothing");
        check_span(r#"{"start":2,"end":2,"label":"PER"}"#, "PER at 2..2 (codepoint) covers nothing");
        let past = "PER at 2..99 (codepoint) passes the end of the text or cuts a character";
        check_span(r#"{"start":2,"end":99,"label":"PER"}"#, past);
        check_span(r#"{"start":15,"end":16,"label":"PER"}"#, "PER at 15..16 (codepoint) cuts a letter from its marks");
        let other = "PER at 2..5 (codepoint) should be \"علي\" but the text there is \"علی\"";
        check_span(r#"{"start":2,"end":5,"label":"PER","text":"علي"}"#, other);
        check_span(r#"{"start":2,"label":"PER"}"#, r#"missing field `end` in "{\"start\":2,\"label\":\"PER\"}""#);
        check_span("7", r#"invalid type: integer `7`, expected an object with start, end and label in "7""#);
        for (written, value) in [("-0.1", "-0.1"), ("1.5", "1.5"), ("NaN", "NaN"), ("-Infinity", "-Infinity")] {
            check_span(
                &format!(r#"{{"start":2,"end":5,"label":"PER","confidence":{written},"reason":"\"NaN"}}"#),
                &format!("PER at 2..5 (codepoint) has the confidence {value}, which is no number from 0 to 1"),
            );
        }
    }

    #[test]
    fn of_spans_that_overlap_the_surest_stays() {
        check(
            r#"{"id":"a","spans":[{"start":2,"end":5,"label":"PER","confidence":0.4},
                {"start":2,"end":14,"label":"LOC","confidence":0.6},{"start":9,"end":14,"label":"LOC","confidence":0.6}]}"#
                .replace('\n', "")
                .as_str(),
            &["LOC 2..14 0.6000000238418579 p"],
            &[
                "span 1 was left out: PER at 2..5 (codepoint) overlaps a surer span at 2..14 (codepoint)",
                "span 3 was left out: LOC at 9..14 (codepoint) overlaps a surer span at 2..14 (codepoint)",
            ],
        );
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        check("", &[], &["this is not valid JSON (there is nothing); the record was left out"]);
        check("y", &[], &["column 1: this is not valid JSON (expected value); the record was left out"]);
        check(
            "[]",
            &[],
            &["column 2: invalid length 0, expected an object with id and spans; the record was left out"],
        );
        check(r#"{"id":"a"}"#, &[], &["column 10: missing field `spans`; the record was left out"]);
        let no_spans = "column 19: invalid type: integer `7`, expected an array of spans; the record was left out";
        check(r#"{"id":"a","spans":7}"#, &[], &[no_spans]);
        check(r#"{"spans":[]}"#, &[], &["column 12: missing field `id`; the record was left out"]);
        check(r#"{"id":"b","spans":[]}"#, &[], &["this is for the article \"b\", not for \"a\""]);
        check(&"[".repeat(20), &[], &["the record is nested deeper than 16 and was left out"]);
        let refused = answer_from_line(b"{\"id\":\"\xFF\"}", &article(), &labels(), "p").unwrap_err();
        assert_eq!(refused.finding, Finding::RecordNotUtf8);
    }

    #[test]
    fn spans_beyond_the_limit_are_left_out() {
        let spans = vec![r#"{"start":2,"end":5,"label":"X"}"#; MAX_SPANS + 1].join(",");
        let answer =
            answer_from_line(format!(r#"{{"id":"a","spans":[{spans}]}}"#).as_bytes(), &article(), &labels(), "p");
        let problems = answer.unwrap().problems;
        assert_eq!(problems.len(), MAX_SPANS + 1);
        assert_eq!(problems[0].to_string(), "there are more than 100000 spans; the rest was left out");
    }

    proptest! {
        #[test]
        fn whatever_comes_suggestions_stand_in_the_text_in_order(
            spans in proptest::collection::vec((0u64..20, 0u64..20, "PER|LOC|X", 0u8..4), 0..8)
        ) {
            let spans: Vec<String> = spans
                .iter()
                .map(|(s, e, l, c)| format!(r#"{{"start":{s},"end":{e},"label":"{l}","confidence":0.{c}}}"#))
                .collect();
            let line = format!(r#"{{"id":"a","spans":[{}]}}"#, spans.join(","));
            let answer = answer_from_line(line.as_bytes(), &article(), &labels(), "p").unwrap();
            prop_assert!(answer.suggestions.windows(2).all(|two| two[0].span.end <= two[1].span.start));
            prop_assert!(answer.suggestions.iter().all(|s| article().surface(s.span).is_some()));
            prop_assert_eq!(answer.suggestions.len() + answer.problems.len(), spans.len());
        }

        #[test]
        fn no_line_makes_it_panic(line in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _refused = answer_from_line(&line, &article(), &labels(), "p");
        }
    }
}
