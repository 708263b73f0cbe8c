//! Mentions, rejections and operations as JSON in the project file.
//!
//! Owns the wording `{"s":start,"e":end,"l":"label id","t":"surface","o":"origin","n":"note"}`: offsets in code points, half-open;
//! `o` is left out for a mention made by hand, `n` when there is no note. The surface is kept so that it can be checked.
//! A rejection has the same wording, with its engine as the origin.

use crate::domain::article::Article;
use crate::domain::decision::Decision;
use crate::domain::edit::Operation;
use crate::domain::label::LabelId;
use crate::domain::mention::{Mention, Origin};
use crate::domain::offset::Span;
use crate::domain::suggestion::{Engine, Rejection};
use crate::store::decisions::StoredDecision;
use crate::store::reason::MentionFlaw;
use serde::Deserialize;
use std::borrow::Cow;
use std::fmt::Write as _;
use uuid::Uuid;

/// A stored mention before it is checked against its text.
#[derive(Deserialize)]
pub(super) struct SpanRow<'a> {
    #[serde(rename = "s")]
    start: u32,
    #[serde(rename = "e")]
    end: u32,
    #[serde(rename = "l", borrow)]
    label: Cow<'a, str>,
    #[serde(rename = "t", borrow)]
    surface: Cow<'a, str>,
    #[serde(rename = "o", default, borrow)]
    origin: Option<&'a str>,
    #[serde(rename = "n", default)]
    note: Option<Box<str>>,
}

/// The stored mentions of a layer.
pub(super) fn rows_from_json(json: &str) -> Result<Vec<SpanRow<'_>>, MentionFlaw> {
    serde_json::from_str(json).map_err(|error| MentionFlaw::Unreadable { words: error.to_string() })
}

impl SpanRow<'_> {
    fn place(&self, article: &Article) -> Result<(Span, LabelId), MentionFlaw> {
        checked_place(article, (self.start, self.end), &self.label, &self.surface)
    }

    /// The mention, when it fits the text; else what is wrong.
    pub(super) fn into_mention(self, article: &Article) -> Result<Mention, MentionFlaw> {
        let (span, label) = self.place(article)?;
        let origin = match self.origin {
            None => Origin::Hand,
            Some(name) => {
                Origin::from_name(name).ok_or_else(|| MentionFlaw::Origin { span, origin: name.to_owned() })?
            }
        };
        let note = self.note.filter(|note| !note.is_empty());
        Ok(Mention { span, label, origin, note })
    }

    /// The rejection, when it fits the text; else what is wrong.
    pub(super) fn into_rejection(self, article: &Article) -> Result<Rejection, MentionFlaw> {
        let (span, label) = self.place(article)?;
        let name = self.origin.unwrap_or_default();
        let engine = Engine::from_name(name).ok_or_else(|| MentionFlaw::Origin { span, origin: name.to_owned() })?;
        Ok(Rejection { span, label, engine })
    }
}

/// The span and label of a stored row, when they fit the text; else what is wrong.
pub(super) fn checked_place(
    article: &Article,
    (start, end): (u32, u32),
    label: &str,
    surface: &str,
) -> Result<(Span, LabelId), MentionFlaw> {
    let (span, text_end) = (Span::from_chars(start as usize, end as usize), article.span().end);
    if start >= end || span.end > text_end {
        return Err(MentionFlaw::OutOfText { start, end, text_end });
    }
    if article.surface(span) != Some(surface) {
        return Err(MentionFlaw::Surface { span, surface: surface.to_owned() });
    }
    let label = Uuid::try_parse(label).map_err(|_| MentionFlaw::LabelIdentity { span, label: label.to_owned() })?;
    Ok((span, LabelId(label)))
}

/// The JSON of mentions, in the order given.
pub(super) fn json_from_mentions<'a>(mentions: impl Iterator<Item = &'a Mention>, article: &Article) -> String {
    json_list(mentions, 4_096, |out, mention| push_mention(out, mention, article))
}

/// The JSON of rejections, in the order given.
pub(super) fn json_from_rejections(rejections: impl Iterator<Item = Rejection>, article: &Article) -> String {
    json_list(rejections, 2, |out, rejection| push_rejection(out, rejection, article))
}

/// A JSON array of what `push` writes, one element a line.
pub(super) fn json_list<T>(all: impl Iterator<Item = T>, bytes: usize, mut push: impl FnMut(&mut String, T)) -> String {
    let mut out = String::with_capacity(bytes);
    out.push('[');
    for one in all {
        if out.len() > 1 {
            out.push_str(",\n");
        }
        push(&mut out, one);
    }
    out.push(']');
    out
}

/// The JSON of operations, for the event.
pub(super) fn json_from_operations<'a>(operations: impl Iterator<Item = &'a Operation>, article: &Article) -> String {
    json_list(operations, 256, |out, operation| match operation {
        Operation::Add(mention) => push_named(out, "add", &[("mention", mention)], article),
        Operation::Remove(mention) => push_named(out, "remove", &[("mention", mention)], article),
        Operation::Replace { from, to } => push_named(out, "replace", &[("from", from), ("to", to)], article),
        Operation::SetStatus { from, to } => {
            out.push_str(&format!(r#"{{"op":"status","from":"{}","to":"{}"}}"#, from.name(), to.name()));
        }
        Operation::Reject(rejection) => push_judged(out, "reject", *rejection, article),
        Operation::Unreject(rejection) => push_judged(out, "unreject", *rejection, article),
        Operation::Decide(decision) => push_ruling(out, "decide", decision),
        Operation::Undecide(decision) => push_ruling(out, "undecide", decision),
    })
}

fn push_judged(out: &mut String, name: &str, rejection: Rejection, article: &Article) {
    out.push_str(&format!(r#"{{"op":"{name}","suggestion":"#));
    push_rejection(out, rejection, article);
    out.push('}');
}

fn push_ruling(out: &mut String, name: &str, decision: &Decision) {
    // Numbers and strings always have a JSON form.
    let decision = serde_json::to_string(&StoredDecision::from(decision)).unwrap_or_default();
    out.push_str(&format!(r#"{{"op":"{name}","decision":{decision}}}"#));
}

fn push_named(out: &mut String, name: &str, parts: &[(&str, &Mention)], article: &Article) {
    out.push_str(&format!(r#"{{"op":"{name}""#));
    for (key, mention) in parts {
        out.push_str(&format!(r#","{key}":"#));
        push_mention(out, mention, article);
    }
    out.push('}');
}

fn push_mention(out: &mut String, mention: &Mention, article: &Article) {
    push_place(out, mention.span, mention.label, article);
    if mention.origin != Origin::Hand {
        push_origin(out, &mention.origin.name());
    }
    if let Some(note) = &mention.note {
        out.push_str(r#","n":"#);
        push_string(out, note);
    }
    out.push('}');
}

fn push_rejection(out: &mut String, rejection: Rejection, article: &Article) {
    push_place(out, rejection.span, rejection.label, article);
    push_origin(out, rejection.engine.name());
    out.push('}');
}

fn push_origin(out: &mut String, name: &str) {
    out.push_str(r#","o":""#);
    out.push_str(name);
    out.push('"');
}

/// The object as far as the surface; its end is left open.
pub(super) fn push_place(out: &mut String, span: Span, label: LabelId, article: &Article) {
    let Span { start, end } = span;
    // Writing to a String cannot fail.
    let _ = write!(out, r#"{{"s":{},"e":{},"l":""#, start.get(), end.get());
    out.push_str(label.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    out.push_str(r#"","t":"#);
    push_string(out, article.surface(span).unwrap_or_default());
}

fn push_string(out: &mut String, text: &str) {
    if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        // A string always has a JSON form.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::{ArticleId, Direction};
    use proptest::prelude::*;

    fn article(text: &str) -> Article {
        Article::new(ArticleId(Uuid::nil()), "a".into(), text, String::new(), Direction::Auto).unwrap()
    }

    fn check(json: &str, expected: Result<(usize, usize), &str>) {
        let article = article("😀علی \"به\" تهران");
        let found = rows_from_json(json)
            .map_err(|_| "json")
            .and_then(|rows| rows.into_iter().next().ok_or("none"))
            .and_then(|row| row.into_mention(&article).map_err(|flaw| flaw.kind()));
        assert_eq!(found.map(|m| (m.span.start.get(), m.span.end.get())), expected, "{json}");
    }

    #[test]
    fn what_does_not_fit_the_text_is_named() {
        let id = Uuid::nil();
        check(&format!(r#"[{{"s":1,"e":4,"l":"{id}","t":"علی"}}]"#), Ok((1, 4)));
        check(&format!(r#"[{{"s":1,"e":4,"l":"{id}","t":"علي"}}]"#), Err("surface"));
        check(&format!(r#"[{{"s":1,"e":1,"l":"{id}","t":""}}]"#), Err("span"));
        check(&format!(r#"[{{"s":4,"e":1,"l":"{id}","t":"علی"}}]"#), Err("span"));
        check(&format!(r#"[{{"s":1,"e":400,"l":"{id}","t":"علی"}}]"#), Err("span"));
        check(&format!(r#"[{{"s":1,"e":4,"l":"{id}","t":"علی","o":"magic"}}]"#), Err("span"));
        check(r#"[{"s":1,"e":4,"l":"PER","t":"علی"}]"#, Err("label"));
        check(r#"[{"s":-1}]"#, Err("json"));
        check("", Err("json"));
    }

    proptest! {
        #[test]
        fn mentions_come_back_as_they_went(
            text in "[a-z\"\\\\\u{200c}علی😀\u{a0}\n]{8,40}x",
            places in proptest::collection::vec((0usize..6, 1usize..4, any::<u128>(), any::<bool>(), "[^a]{0,5}"), 0..9),
        ) {
            let article = article(&text);
            let mentions: Vec<Mention> = places.into_iter().map(|(start, len, label, by_hand, note)| Mention {
                span: Span::from_chars(start, (start + len).min(9)),
                label: LabelId(Uuid::from_u128(label)),
                origin: if by_hand { Origin::Hand } else { Origin::Import },
                note: (!note.is_empty()).then(|| note.into()),
            }).collect();
            let json = json_from_mentions(mentions.iter(), &article);
            let back: Vec<Mention> =
                rows_from_json(&json).unwrap().into_iter().map(|r| r.into_mention(&article).unwrap()).collect();
            prop_assert_eq!(&back, &mentions);
            let rejections: Vec<Rejection> = mentions
                .iter()
                .map(|m| Rejection { span: m.span, label: m.label, engine: Engine::Tagger })
                .collect();
            let json = json_from_rejections(rejections.iter().copied(), &article);
            let back: Vec<Rejection> =
                rows_from_json(&json).unwrap().into_iter().map(|r| r.into_rejection(&article).unwrap()).collect();
            prop_assert_eq!(&back, &rejections);
            let decided = rejections.into_iter().map(Operation::Reject);
            let operations: Vec<Operation> = mentions.into_iter().map(Operation::Add).chain(decided).collect();
            let json = json_from_operations(operations.iter(), &article);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        }
    }
}
