//! Telling: what was found in files of other programs, turned into messages.
//!
//! Owns the ids for what formats cannot hold and for what was rebuilt or kept aside. It must not contain a sentence; every enum is matched whole.

use crate::formats::foreign::{Foreign, Held};
use crate::words::message::Message;

impl From<Held> for Message {
    fn from(held: Held) -> Self {
        Self::new(match held {
            Held::Overlap => "held-overlap",
            Held::Nesting => "held-nesting",
            Held::Discontinuous => "held-discontinuous",
            Held::Relation => "held-relation",
            Held::Attribute => "held-attribute",
            Held::Event => "held-event",
            Held::OtherAnnotation => "held-other-annotation",
            Held::Category => "held-category",
            Held::Note => "held-note",
            Held::Status => "held-status",
            Held::Annotator => "held-annotator",
            Held::SecondLayer => "held-second-layer",
            Held::Decision => "held-decision",
            Held::Suggestion => "held-suggestion",
            Held::Meta => "held-meta",
            Held::Name => "held-name",
            Held::TokenColumn => "held-token-column",
            Held::WhiteSpace => "held-white-space",
            Held::Character => "held-character",
            Held::TokenEdge => "held-token-edge",
            Held::Line => "held-line",
            Held::EmptyArticle => "held-empty-article",
        })
    }
}

impl From<&Foreign> for Message {
    fn from(foreign: &Foreign) -> Self {
        let counted = |id, what: Held, count| Self::new(id).part("what", what).number("count", count);
        match foreign {
            Foreign::Carried { what, count } => counted("foreign-carried", *what, *count),
            Foreign::NotTaken { what, count } => counted("foreign-not-taken", *what, *count),
            Foreign::NotHeld { what, count } => counted("foreign-not-held", *what, *count),
            Foreign::CarriedLost { what, count } => counted("foreign-carried-lost", *what, *count),
            Foreign::MentionsNotHeld { count } => Self::new("foreign-no-mentions").number("count", *count),
            Foreign::MentionNotHeld { label, span, what } => {
                Self::new("foreign-mention-not-held").text("label", label).span(*span).part("what", *what)
            }
            Foreign::MentionMoved { label, from, to } => Self::new("foreign-mention-moved")
                .text("label", label)
                .span(*from)
                .number("to-start", to.start.get() as u64)
                .number("to-end", to.end.get() as u64),
            Foreign::Rebuilt => Self::new("foreign-rebuilt"),
            Foreign::Grouped { sentences } => Self::new("foreign-grouped").number("sentences", *sentences),
            Foreign::OrphanTaken { tag } => Self::new("foreign-orphan-taken").text("tag", tag),
            Foreign::OrphanLeftOut { tag } => Self::new("foreign-orphan-left-out").text("tag", tag),
            Foreign::BadTag { tag } => Self::new("foreign-bad-tag").text("tag", tag),
            Foreign::Columns { found, expected } => {
                Self::new("foreign-columns").number("found", *found).number("expected", *expected)
            }
            Foreign::Unreadable { words } => Self::new("foreign-unreadable").text("words", words),
            Foreign::LineKept { line } => Self::new("foreign-line-kept").text("line", line),
            Foreign::LabelNumber { number } => Self::new("foreign-label-number").text("number", number),
            Foreign::LabelRenamed { label, written } => {
                Self::new("foreign-label-renamed").text("label", label).text("written", written)
            }
            Foreign::UnitAssumed { unit, count } => {
                Self::new("foreign-unit-assumed").part("unit", *unit).number("count", *count)
            }
            Foreign::EndsInclusive => Self::new("foreign-ends-inclusive"),
            Foreign::SameAnnotator { annotator: Some(annotator), read_as } => {
                Self::new("foreign-same-annotator").text("annotator", annotator).text("name", read_as)
            }
            Foreign::SameAnnotator { annotator: None, read_as } => {
                Self::new("foreign-same-nobody").text("name", read_as)
            }
            Foreign::NoLabelNames => Self::new("foreign-no-label-names"),
            Foreign::NotAccepted { answer } => Self::new("foreign-not-accepted").text("answer", answer),
            Foreign::LooseSurface { label, span } => {
                Self::new("foreign-loose-surface").text("label", label).span(*span)
            }
            Foreign::DoubleKey { key } => Self::new("foreign-double-key").text("key", key),
            Foreign::DoubleId { id } => Self::new("foreign-double-id").text("id", id),
            Foreign::NoSuchId { id } => Self::new("foreign-no-such-id").text("id", id),
            Foreign::NoPartner { name } => Self::new("foreign-no-partner").text("name", name),
            Foreign::FileLeftOut { name, words } => {
                Self::new("foreign-file-left-out").text("name", name).text("words", words)
            }
            Foreign::Stale { name } => Self::new("foreign-stale").text("name", name),
            Foreign::UnknownTags { count } => Self::new("foreign-unknown-tags").number("count", *count),
            Foreign::CutOff => Self::new("foreign-cut-off"),
            Foreign::LabelSkipped { label, count } => {
                Self::new("foreign-label-skipped").text("label", label).number("count", *count)
            }
        }
    }
}
