//! A rehearsal of an export: the very export, into nothing, to count what would go out and what would not be held.
//!
//! Owns the counts by kind. It must not write a byte anywhere; what the format cannot hold is said by its own writer, not guessed here.

use crate::exchange::delivery::DeliveryError;
use crate::exchange::export::{ExportError, ExportOptions, written_labels};
use crate::exchange::plan::Plan;
use crate::formats::files::{Outputs, Sink};
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, RecordWriter, open_writer};
use crate::formats::problem::{FormatError, Problem};
use crate::store::contract::Store;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::ControlFlow;

/// What an export would come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsal {
    /// Articles that would be written.
    pub articles: u64,
    /// Mentions that would be written, those of all layers together.
    pub mentions: u64,
    /// Mentions by the name of their label, as they would be written.
    pub labels: BTreeMap<String, u64>,
    /// What would not be held as it stands, with how many of each, in the order in which it was met.
    pub losses: Vec<(Loss, u64)>,
    /// Whether the caller stopped it: what is counted is then a part.
    pub stopped: bool,
}

/// A kind of thing that an export loses or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// Things of an article or a layer that are left out.
    LeftOut(Held),
    /// Mentions: the format has none at all.
    Mentions,
    /// Mentions that are left out, because the format cannot hold this.
    Mention(Held),
    /// Mentions whose edges are moved to those of tokens.
    Moved,
    /// What was kept aside for the format and speaks of mentions that are gone.
    CarriedLost(Held),
    /// Mentions whose edges have no number in the unit.
    Uncountable,
    /// Anything else that the writer says.
    Other,
}

impl Loss {
    /// What a problem that a writer tells is counted as, and how many it stands for.
    #[must_use]
    pub fn of(problem: &Problem) -> (Self, u64) {
        match &problem.finding {
            Finding::Uncountable { .. } => (Self::Uncountable, 1),
            Finding::Foreign(foreign) => match foreign {
                Foreign::NotHeld { what, count } => (Self::LeftOut(*what), *count),
                Foreign::MentionsNotHeld { count } => (Self::Mentions, *count),
                Foreign::MentionNotHeld { what, .. } => (Self::Mention(*what), 1),
                Foreign::MentionMoved { .. } => (Self::Moved, 1),
                Foreign::CarriedLost { what, count } => (Self::CarriedLost(*what), *count),
                _ => (Self::Other, 1),
            },
            _ => (Self::Other, 1),
        }
    }

    /// Whether mentions are left out by it.
    #[must_use]
    pub fn takes_mentions(self) -> bool {
        matches!(self, Self::Mentions | Self::Mention(_) | Self::Uncountable)
    }
}

impl Rehearsal {
    /// Mentions that would be left out.
    #[must_use]
    pub fn mentions_lost(&self) -> u64 {
        self.losses.iter().filter(|(loss, _)| loss.takes_mentions()).map(|(_, count)| count).sum()
    }

    fn lose(&mut self, problem: &Problem) {
        let (loss, count) = Loss::of(problem);
        match self.losses.iter_mut().find(|(known, _)| *known == loss) {
            Some((_, known)) => *known += count,
            None => self.losses.push((loss, count)),
        }
    }
}

/// Rehearses an export. `progress` gets the number of records so far and can stop.
///
/// # Errors
/// [`ExportError`] when the project cannot be read or the writer refuses.
pub fn rehearse(
    store: &dyn Store,
    options: &ExportOptions,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Rehearsal, ExportError> {
    let mut plan = options.plan.clone();
    plan.write.labels = written_labels(store, &plan.labels)?.into();
    let mut found = Rehearsal::default();
    let (mut records, mut failure) = (0, None);
    let mut skipped = BTreeMap::new();
    let mut problems = Vec::new();
    let mut writer: Option<Box<dyn RecordWriter>> = None;
    store.export(&options.selection, &mut |mut record| {
        if progress(records).is_break() {
            found.stopped = true;
            return ControlFlow::Break(());
        }
        records += 1;
        if !plan.admits(&mut record, &mut skipped) {
            return ControlFlow::Continue(());
        }
        for mention in record.layers.iter().flat_map(|layer| &layer.mentions) {
            *found.labels.entry(mention.label.clone()).or_default() += 1;
            found.mentions += 1;
        }
        found.articles += 1;
        // A file of a format of single articles takes one record.
        if plan.format.container == Container::Article
            && let Some(mut full) = writer.take()
            && let Err(error) = full.finish()
        {
            failure = Some(error);
            return ControlFlow::Break(());
        }
        let written = opened(&mut writer, &plan).and_then(|writer| writer.write(&record, &mut problems));
        problems.drain(..).for_each(|problem| found.lose(&problem));
        match written {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if failure.is_none()
        && !found.stopped
        && let Some(mut writer) = writer
    {
        failure = writer.finish().err();
    }
    if let Some(error) = failure {
        return Err(DeliveryError::from(error).into());
    }
    found.mentions = found.mentions.saturating_sub(found.mentions_lost());
    Ok(found)
}

/// The writer that is open, or a new one into nothing.
fn opened<'a>(
    writer: &'a mut Option<Box<dyn RecordWriter>>,
    plan: &Plan,
) -> Result<&'a mut Box<dyn RecordWriter>, FormatError> {
    let new = match writer.take() {
        Some(writer) => writer,
        None => {
            let sink = match plan.format.container {
                Container::Folder | Container::Dataset => Sink::Many(Box::new(Nowhere)),
                Container::File | Container::Article => Sink::One(Box::new(io::sink())),
            };
            open_writer(plan.format, sink, &plan.write)?
        }
    };
    Ok(writer.insert(new))
}

/// A folder of which nothing is kept.
struct Nowhere;

impl Outputs for Nowhere {
    fn create(&mut self, _name: &str) -> io::Result<Box<dyn Write + Send>> {
        Ok(Box::new(io::sink()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::{Rules, Status};
    use crate::domain::mention::Origin;
    use crate::domain::offset::Span;
    use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
    use crate::exchange::label_map::LabelMap;
    use crate::formats::format::Format;
    use crate::store::contract::Selection;
    use crate::store::sqlite::SqliteStore;

    fn project(folder: &std::path::Path) -> SqliteStore {
        let mut store = SqliteStore::create(&folder.join("a.barchasb"), Rules::default(), Vec::new()).unwrap();
        let mention = |start, end, label: &str| MentionRecord {
            span: Span::from_chars(start, end),
            label: label.into(),
            note: None,
            origin: Origin::Import,
        };
        let layer = |annotator: &str, mentions| LayerRecord {
            annotator: Some(annotator.into()),
            status: Status::Done,
            mentions,
            ..LayerRecord::default()
        };
        let first = ArticleRecord {
            name: Some("1".into()),
            text: "علی به تهران رفت".into(),
            layers: vec![
                layer("زهرا", vec![mention(0, 3, "PER"), mention(7, 12, "LOC")]),
                layer("مریم", vec![mention(0, 3, "PER")]),
            ],
            ..ArticleRecord::default()
        };
        let bare =
            ArticleRecord { name: Some("2".into()), text: "خبری کوتاه".into(), ..ArticleRecord::default() };
        store.import(&mut [first, bare].into_iter(), "سارا").unwrap();
        store
    }

    fn check(change: impl Fn(&mut Plan), articles: u64, mentions: u64, losses: &[(Loss, u64)]) {
        let folder = tempfile::tempdir().unwrap();
        let store = project(folder.path());
        let mut plan = Plan::of(Format::JSONL);
        change(&mut plan);
        let options = ExportOptions { selection: Selection::default(), plan };
        let found = rehearse(&store, &options, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((found.articles, found.mentions), (articles, mentions));
        assert_eq!(found.losses, losses);
        assert_eq!(found.labels.values().sum::<u64>(), mentions + found.mentions_lost());
    }

    #[test]
    fn what_would_go_out_is_counted_as_the_writer_says() {
        check(|_| {}, 2, 3, &[]);
        check(|plan| plan.bare = false, 1, 3, &[]);
        check(|plan| plan.labels = LabelMap::only(["LOC".to_owned()]), 2, 1, &[]);
    }

    #[test]
    fn a_stopped_rehearsal_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let options = ExportOptions { selection: Selection::default(), plan: Plan::of(Format::JSONL) };
        let found = rehearse(&project(folder.path()), &options, &mut |_| ControlFlow::Break(())).unwrap();
        assert_eq!(found, Rehearsal { stopped: true, ..Rehearsal::default() });
    }

    #[test]
    fn problems_of_writers_are_told_by_kind() {
        let check = |foreign, expected| {
            assert_eq!(Loss::of(&Problem::foreign(Default::default(), foreign)), expected);
        };
        check(Foreign::NotHeld { what: Held::Note, count: 3 }, (Loss::LeftOut(Held::Note), 3));
        check(Foreign::MentionsNotHeld { count: 7 }, (Loss::Mentions, 7));
        let left_out =
            Foreign::MentionNotHeld { label: "PER".into(), span: Span::from_chars(0, 1), what: Held::Nesting };
        check(left_out, (Loss::Mention(Held::Nesting), 1));
        check(Foreign::CutOff, (Loss::Other, 1));
    }
}
