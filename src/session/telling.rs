//! Telling: what an import, an export, an opening or a check found, turned into messages.
//!
//! Owns the ids for findings and their places. It must not contain a sentence. Every enum is matched whole, so that a finding
//! without words does not compile.

use crate::domain::layer::Status;
use crate::exchange::delivery::DeliveryError;
use crate::exchange::export::ExportError;
use crate::exchange::import::ImportError;
use crate::exchange::merge::MergeError;
use crate::exchange::mirror::MirrorError;
use crate::exchange::mirror_changes::Refusal;
use crate::formats::finding::{Finding, JsonFault, Misfit, SpanFault};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::store::fault::{Fault, Flaw, ImportProblem, Untaken};
use crate::store::reason::Damage;
use crate::words::message::Message;
use std::path::Path;

/// Something that was found in a file.
pub trait FoundInFile {
    /// Where in the file, from the outside in.
    fn places(&self) -> Vec<Message>;
    /// What it is.
    fn what(&self) -> Message;
}

/// What was found in the file at `path`: its name, the place, what is wrong.
#[must_use]
pub fn in_file(path: &Path, found: &dyn FoundInFile) -> Message {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let mut places = vec![Message::new("place-file").text("file", name)];
    places.extend(found.places());
    located(places, found.what())
}

/// What was found where no file is to be named.
#[must_use]
pub fn in_project(found: &dyn FoundInFile) -> Message {
    located(found.places(), found.what())
}

/// What was found, behind its places.
fn located(places: Vec<Message>, what: Message) -> Message {
    match places.into_iter().reduce(|first, second| Message::new("places").part("first", first).part("second", second))
    {
        Some(place) => Message::new("found-at").part("place", place).part("what", what),
        None => Message::new("found").part("what", what),
    }
}

impl FoundInFile for Problem {
    fn places(&self) -> Vec<Message> {
        let Place { record, line, column, file_byte, text_char } = self.place;
        let file = self.file.as_deref().map(|file| Message::new("place-file").text("file", file));
        [
            file,
            record.map(|n| Message::new("place-record").number("number", n)),
            line.map(|n| Message::new("place-line").number("number", n)),
            column.map(|n| Message::new("place-column").number("number", n)),
            file_byte.map(|n| Message::new("place-byte").number("number", n)),
            text_char.map(|n| Message::new("place-char").number("number", n)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn what(&self) -> Message {
        Message::from(&self.finding)
    }
}

impl FoundInFile for ImportProblem {
    fn places(&self) -> Vec<Message> {
        let article = self.article.as_deref();
        vec![article.map_or_else(
            || Message::new("place-article-unnamed"),
            |name| Message::new("place-article").text("name", name),
        )]
    }

    fn what(&self) -> Message {
        Message::from(&self.untaken)
    }
}

impl From<&Fault> for Message {
    fn from(fault: &Fault) -> Self {
        let article = fault.article.as_deref().map(|name| Self::new("place-article").text("name", name));
        let layer = fault.annotator.as_deref().map(|name| Self::new("place-layer").text("annotator", name));
        located(article.into_iter().chain(layer).collect(), Self::from(&fault.flaw))
    }
}

impl From<&Finding> for Message {
    fn from(finding: &Finding) -> Self {
        match finding {
            Finding::Foreign(foreign) => Self::from(foreign),
            Finding::MarkTakenOff => Self::new("found-mark"),
            Finding::ReadAs { encoding } => Self::new("found-encoding").text("encoding", *encoding),
            Finding::Nul { count } => Self::new("found-nul").number("count", *count),
            Finding::Control { count } => Self::new("found-control").number("count", *count),
            Finding::NoTag { line } => Self::new("found-no-tag").text("line", line),
            Finding::LoneBidi { count } => Self::new("found-bidi").number("count", *count),
            Finding::UnitProven(unit) => Self::new("found-unit").part("unit", *unit),
            Finding::UnknownKey { key } => Self::new("found-key").text("key", key),
            Finding::UnknownSpanKey { key } => Self::new("found-span-key").text("key", key),
            Finding::RecordNotUtf8 => Self::new("found-record-bytes"),
            Finding::RecordJson(JsonFault::Unfinished { .. }) => Self::new("found-record-unfinished"),
            Finding::RecordJson(JsonFault::Syntax { words }) => Self::new("found-record-syntax").text("words", words),
            Finding::RecordJson(JsonFault::Shape { words }) => Self::new("found-record-shape").text("words", words),
            Finding::NoText => Self::new("found-no-text"),
            Finding::BadText(error) => Self::new("found-left-out").part("why", error),
            Finding::UnknownUnit { name } => Self::new("found-unknown-unit").text("name", name),
            Finding::UnknownStatus { name, read_as } => {
                Self::new("found-unknown-status").text("name", name).part("status", status(*read_as))
            }
            Finding::DecisionLeftOut { number } => Self::new("found-decision-left-out").number("number", *number),
            Finding::SpanLeftOut { number, fault } => {
                Self::new("found-span-left-out").number("number", *number).part("why", fault)
            }
            Finding::RecordTooLong { limit } => Self::new("found-record-long").number("limit", *limit),
            Finding::RecordTooDeep { limit } => Self::new("found-record-deep").number("limit", *limit),
            Finding::ArrayCutOff => Self::new("found-array-cut"),
            Finding::CommaAfterLast => Self::new("found-comma-last"),
            Finding::AfterArray => Self::new("found-after-array"),
            Finding::LoneComma => Self::new("found-comma-lone"),
            Finding::NoComma => Self::new("found-comma-missing"),
            Finding::OtherArticle { named, asked } => {
                Self::new("found-other-article").text("named", named).text("asked", asked)
            }
            Finding::TooManySpans { limit } => Self::new("found-many-spans").number("limit", *limit),
            Finding::MoreProblems { count } => Self::new("found-more-problems").number("count", *count),
            Finding::MetaNotObject => Self::new("found-meta"),
            Finding::BlankName { surface } => Self::new("found-blank-name").text("surface", surface),
            Finding::NamesWithoutLabel { label: Some(label), count } => {
                Self::new("found-unlabelled-names").text("label", label).number("count", *count)
            }
            Finding::NamesWithoutLabel { label: None, count } => {
                Self::new("found-names-no-label").number("count", *count)
            }
            Finding::DoubleName { surface } => Self::new("found-double-name").text("surface", surface),
            Finding::OtherLabel { surface, label, other } => {
                Self::new("found-other-label").text("surface", surface).text("label", label).text("other", other)
            }
            Finding::PatternKey { key } => Self::new("found-pattern-key").text("key", key),
            Finding::Uncountable { label, span, unit } => {
                Self::new("found-uncountable").text("label", label).span(*span).part("unit", *unit)
            }
        }
    }
}

impl From<&SpanFault> for Message {
    fn from(fault: &SpanFault) -> Self {
        match fault {
            SpanFault::Unreadable { words, json } => {
                Self::new("span-unreadable").text("words", words).text("json", json)
            }
            SpanFault::NoLabel { start, end, unit } => {
                Self::new("span-no-label").number("start", *start).number("end", *end).part("unit", *unit)
            }
            SpanFault::UnknownLabel { label, start, end, unit } => {
                in_label(Self::new("span-unknown-label"), label, *start, *end, *unit)
            }
            SpanFault::BadConfidence { label, start, end, unit, value } => {
                in_label(Self::new("span-confidence").text("value", value), label, *start, *end, *unit)
            }
            SpanFault::Misfit { label, start, end, unit, misfit } => {
                in_label(Self::from(misfit), label, *start, *end, *unit)
            }
        }
    }
}

/// A message about a span of this label that stands here.
fn in_label(message: Message, label: &str, start: u64, end: u64, unit: OffsetUnit) -> Message {
    message.text("label", label).number("start", start).number("end", end).part("unit", unit)
}

impl From<&Misfit> for Message {
    fn from(misfit: &Misfit) -> Self {
        match misfit {
            Misfit::Nothing => Self::new("span-nothing"),
            Misfit::OutOfText => Self::new("span-out-of-text"),
            Misfit::CutsLetter => Self::new("span-cuts"),
            Misfit::UnderSurer(surer) => Self::new("span-under-surer")
                .number("surer-start", surer.start.get() as u64)
                .number("surer-end", surer.end.get() as u64),
            Misfit::OtherSurface { named, stands } => {
                Self::new("span-other-surface").text("named", named).text("stands", stands)
            }
        }
    }
}

impl From<OffsetUnit> for Message {
    fn from(unit: OffsetUnit) -> Self {
        match unit {
            OffsetUnit::CodePoint => Self::new("unit-code-point"),
            OffsetUnit::Utf16 => Self::new("unit-utf16"),
            OffsetUnit::Byte => Self::new("unit-byte"),
            OffsetUnit::Grapheme => Self::new("unit-grapheme"),
        }
    }
}

fn status(status: Status) -> Message {
    match status {
        Status::New => Message::new("status-new"),
        Status::InProgress => Message::new("status-in-progress"),
        Status::Done => Message::new("status-done"),
        Status::Flagged => Message::new("status-flagged"),
    }
}

impl From<&Untaken> for Message {
    fn from(untaken: &Untaken) -> Self {
        match untaken {
            Untaken::BadText(error) => Self::new("found-left-out").part("why", error),
            Untaken::TooLarge { limit } => Self::new("untaken-large").number("limit", *limit),
            Untaken::Renamed { name } => Self::new("untaken-renamed").text("name", name),
            Untaken::OtherLayer { annotator } => Self::new("untaken-layer").text("annotator", annotator),
            Untaken::OtherText { mentions } => Self::new("untaken-other-text").number("mentions", *mentions),
            Untaken::WentApart { annotator, taken } => {
                let which = if *taken { "untaken-apart-taken" } else { "untaken-apart-kept" };
                Self::new(which).text("annotator", annotator)
            }
            Untaken::Twice { annotator } => Self::new("untaken-twice").text("annotator", annotator),
            Untaken::OutOfText { label, span, text_end } => Self::new("untaken-out-of-text")
                .text("label", label)
                .span(*span)
                .number("text-end", text_end.get() as u64),
            Untaken::CutsLetter { label, span } => Self::new("untaken-cuts").text("label", label).span(*span),
            Untaken::NoLabel { span } => Self::new("untaken-no-label").span(*span),
            Untaken::Decision { span } => Self::new("untaken-decision").span(*span),
            Untaken::Overlap { span, earlier } => Self::new("untaken-overlap")
                .span(*span)
                .number("earlier-start", earlier.start.get() as u64)
                .number("earlier-end", earlier.end.get() as u64),
        }
    }
}

impl From<&Flaw> for Message {
    fn from(flaw: &Flaw) -> Self {
        match flaw {
            Flaw::Database(words) => Self::new("database-words").text("words", words),
            Flaw::LooseReference { table, to } => Self::new("flaw-reference").text("table", table).text("to", to),
            Flaw::File(damage) => Self::from(damage),
            // The article is named before it already.
            Flaw::Text(Damage::BadText { error, .. }) => Self::from(error),
            Flaw::Text(Damage::OtherText { .. }) => Self::new("damage-other-text"),
            Flaw::Text(damage) => Self::from(damage),
            Flaw::TextLength { found, counted } => {
                Self::new("flaw-length").number("found", *found).number("counted", *counted)
            }
            Flaw::Status(found) => Self::new("damage-status").text("found", found),
            Flaw::Mention(flaw) => Self::from(flaw),
            Flaw::MentionCount { found, counted } => {
                Self::new("flaw-mentions").number("found", *found).number("counted", *counted)
            }
            Flaw::Double => Self::new("flaw-double"),
            Flaw::Overlap { span, earlier } => Self::new("flaw-overlap")
                .span(*span)
                .number("earlier-start", earlier.start.get() as u64)
                .number("earlier-end", earlier.end.get() as u64),
            Flaw::CutsLetter { span } => Self::new("flaw-cuts").span(*span),
            Flaw::UnknownLabel { span, .. } => Self::new("flaw-unknown-label").span(*span),
            Flaw::Decision(flaw) => Self::from(flaw),
            Flaw::DecisionLabel { span, .. } => Self::new("flaw-decision-label").span(*span),
            Flaw::DecisionAnnotator { span, .. } => Self::new("flaw-decision-annotator").span(*span),
            Flaw::LayerLabelCount { label } => Self::new("flaw-layer-label-count").text("label", label),
            Flaw::LabelCount { label } => Self::new("flaw-label-count").text("label", label),
        }
    }
}

impl From<&FormatError> for Message {
    fn from(error: &FormatError) -> Self {
        match error {
            FormatError::Io(error) => Self::from(error),
            FormatError::NotUtf8 { byte, file_byte, line } => Self::new("fault-not-utf8")
                .text("byte", format!("0x{byte:02X}"))
                .number("at", *file_byte)
                .number("line", *line),
            FormatError::NotUtf16 { file_byte, line } => {
                Self::new("fault-not-utf16").number("at", *file_byte).number("line", *line)
            }
            FormatError::OtherEncoding { found } => Self::new("fault-encoding").text("found", *found),
            FormatError::Empty => Self::new("fault-empty-file"),
            FormatError::TooLong { limit } => Self::new("fault-long-text").number("limit", *limit),
            // Only the reader of JSON expects a certain beginning.
            FormatError::OtherFormat { expected: _, found, line, column } => {
                Self::new("fault-not-json").text("found", *found).number("line", *line).number("column", *column)
            }
            FormatError::ReadOnlyFormat { .. } => Self::new("fault-read-only-format"),
            FormatError::WriteOnlyFormat { .. } => Self::new("fault-write-only-format"),
            FormatError::Malformed { format, words, line: Some(line) } => {
                Self::new("fault-malformed-line").text("format", *format).text("words", words).number("line", *line)
            }
            FormatError::Malformed { format, words, line: None } => {
                Self::new("fault-malformed").text("format", *format).text("words", words)
            }
            FormatError::Doctype => Self::new("fault-doctype"),
            FormatError::Container { folder: true, .. } => Self::new("fault-wants-folder"),
            FormatError::Container { folder: false, .. } => Self::new("fault-wants-file"),
            FormatError::NoColumn { name, there } => {
                Self::new("fault-no-column").text("name", name).text("there", there.join("، "))
            }
        }
    }
}

impl From<&ImportError> for Message {
    fn from(error: &ImportError) -> Self {
        let at = |message: Self, path: &Path| message.text("path", path.display().to_string());
        match error {
            ImportError::NothingInside { path } => at(Self::new("error-nothing-inside"), path),
            ImportError::Missing { path } => at(Self::new("error-missing"), path),
            ImportError::Project { path } => at(Self::new("error-import-project"), path),
            ImportError::Format { path, source } => at(Self::new("error-file"), path).part("reason", source),
            ImportError::Store(error) => Self::from(error),
        }
    }
}

impl From<&MergeError> for Message {
    fn from(error: &MergeError) -> Self {
        let at = |message: Self, path: &Path| message.text("path", path.display().to_string());
        match error {
            MergeError::Itself { path } => at(Self::new("merge-itself"), path),
            MergeError::File(error) => Self::from(error),
            MergeError::Store(error) => Self::from(error),
            MergeError::Copy { path, source } => at(Self::new("error-file"), path).part("reason", source),
        }
    }
}

impl From<&MirrorError> for Message {
    fn from(error: &MirrorError) -> Self {
        let at = |message: Self, path: &Path| message.text("path", path.display().to_string());
        match error {
            MirrorError::NoRule => Self::new("mirror-off"),
            MirrorError::Gone { path } => at(Self::new("mirror-gone"), path),
            MirrorError::Write { path, source } => at(Self::new("error-read-only"), path).part("reason", source),
            MirrorError::Read { path, source } => at(Self::new("error-file"), path).part("reason", source),
            MirrorError::Format(error) => Self::new("found").part("what", error),
            MirrorError::Store(error) => Self::from(error),
        }
    }
}

impl From<&Refusal> for Message {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Format(error) => Self::from(error),
            Refusal::Problem(problem) => Self::from(&problem.finding),
            Refusal::Untaken(problem) => Self::from(&problem.untaken),
            Refusal::OtherLayer => Self::new("mirror-other-layer"),
            Refusal::OtherText => Self::new("mirror-other-text"),
        }
    }
}

impl From<&ExportError> for Message {
    fn from(error: &ExportError) -> Self {
        let at = |message: Self, path: &Path| message.text("path", path.display().to_string());
        match error {
            ExportError::Delivery(DeliveryError::OntoProject { path }) => {
                at(Self::new("error-export-onto-project"), path)
            }
            ExportError::Delivery(DeliveryError::Write { path, source }) => {
                at(Self::new("error-read-only"), path).part("reason", source)
            }
            ExportError::Delivery(DeliveryError::Format(error)) => Self::new("found").part("what", error),
            ExportError::Store(error) => Self::from(error),
            ExportError::Stopped => Self::new("error-export-stopped"),
        }
    }
}
