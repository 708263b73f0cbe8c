//! From files into files of another format, without a project between.
//!
//! Owns how reading and writing share the machine: lines in pieces where both formats allow it, else a reader and a writer side by side.
//! Memory holds some pieces at a time. It must not print, nor know a window.

use crate::domain::label::Colour;
use crate::domain::record::ArticleRecord;
use crate::exchange::convert_lines::{Lines, Pace, can_be_joined};
use crate::exchange::counted::Delivered;
use crate::exchange::delivery::{Delivery, DeliveryError, Target};
use crate::exchange::export::part_of;
use crate::exchange::given::Given;
use crate::exchange::import::{ImportError, ImportOptions, Reading};
use crate::exchange::plan::Plan;
use crate::exchange::split::{Parts, Splitter};
use crate::formats::format::{Format, WrittenLabel};
use crate::formats::problem::Problem;
use crate::formats::problem_fold::ProblemFold;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// How many articles, and bytes of their texts, go from the reader to the writer at once.
const BATCH_ARTICLES: usize = 256;
const BATCH_BYTES: usize = 1 << 20;
/// How many batches wait at most.
const WAITING_BATCHES: usize = 4;

/// How files are converted.
#[derive(Clone, Debug)]
pub struct ConvertOptions {
    /// How they are read. Labels are renamed by the plan.
    pub read: ImportOptions,
    /// What is written.
    pub plan: Plan,
    /// How the work is shared.
    pub pace: Pace,
}

/// Why nothing was converted; what stood at the target stands.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The input cannot be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The output cannot be written.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// The caller stopped it.
    #[error("the conversion was stopped; nothing was written")]
    Stopped,
    /// A thread ended without a word.
    #[error("the reader ended without a word; nothing was written")]
    ReaderGone,
}

/// What was converted.
#[derive(Debug, Default)]
pub struct Converted {
    /// What was written.
    pub delivered: Delivered,
    /// The formats of the files that were read, each once, in the order of the files.
    pub formats: Vec<Format>,
    /// Files that could not be read, or not to their end; the others are written.
    pub failures: Vec<ImportError>,
}

/// Converts what a person named. `said` hears what is wrong in reading and writing, in the order of the articles; `progress` gets the number
/// of articles so far and can stop.
///
/// # Errors
/// [`ConvertError`] when nothing can be read, or the target cannot be written.
pub fn convert(
    input: &Path,
    target: Target<'_>,
    options: &ConvertOptions,
    said: &mut dyn FnMut(&Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Converted, ConvertError> {
    ProblemFold::over(said, |said| convert_said(input, target, options, said, progress))
}

fn convert_said(
    input: &Path,
    target: Target<'_>,
    options: &ConvertOptions,
    said: &mut dyn FnMut(&Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Converted, ConvertError> {
    let given = Given::open(input, options.read.format)?;
    let mut plan = options.plan.clone();
    if let (Target::Path(path), Some((file, from))) = (&target, given.one_file())
        && may_be_cut(from, &plan)
        && from.reader.is_some()
    {
        let lines = Lines { from, plan: &plan, read: &options.read.read, pace: options.pace };
        if let Some(delivered) = lines.convert(file, path, said, progress)? {
            return Ok(Converted { delivered, formats: vec![from], failures: Vec::new() });
        }
    }
    let parts = first_pass(&given, options, &mut plan, progress)?;
    let reading = Reading::of(given, &options.read)?;
    let mut delivery = Delivery::begin(target, plan)?;
    let (formats, failures) = side_by_side(reading, &mut delivery, parts.as_ref(), said, progress)?;
    if delivery.count().articles == 0 && !failures.is_empty() {
        let first = failures.into_iter().next();
        return Err(first.map_or(ConvertError::ReaderGone, ConvertError::Import));
    }
    Ok(Converted { delivered: delivery.finish(said)?, formats, failures })
}

/// Whether what is read is lines, and what is written is one file whose pieces can be joined.
fn may_be_cut(from: Format, plan: &Plan) -> bool {
    from.lines && can_be_joined(from, plan.format) && !plan.is_folder()
}

/// Reads everything once for what has to be known before the first article is written: parts, and labels that are numbered in each of them
/// alike.
fn first_pass(
    given: &Given,
    options: &ConvertOptions,
    plan: &mut Plan,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Option<Parts>, ConvertError> {
    let Some(split) = plan.split.clone() else { return Ok(None) };
    let mut reading = Reading::of(given.again()?, &options.read)?;
    let mut splitter = Splitter::new(split);
    let mut labels = BTreeSet::new();
    // What is wrong is said when the articles are written.
    while let Some(mut record) = reading.next(&mut |_| ()) {
        if progress(0).is_break() {
            return Err(ConvertError::Stopped);
        }
        if plan.admits(&mut record, &mut BTreeMap::new()) {
            splitter.add(&record);
            for mention in record.layers.iter().flat_map(|layer| &layer.mentions) {
                if !labels.contains(&mention.label) {
                    labels.insert(mention.label.clone());
                }
            }
        }
    }
    if plan.write.labels.is_empty() {
        plan.write.labels = labels.into_iter().map(|name| WrittenLabel::named(name, Colour(0))).collect();
    }
    Ok(Some(splitter.draw()))
}

/// What the reader hands over, in the order in which it came.
enum Event {
    Article(ArticleRecord),
    Problem(Problem),
}

/// Reads in a thread of its own while this one writes.
fn side_by_side(
    reading: Reading,
    delivery: &mut Delivery,
    parts: Option<&Parts>,
    said: &mut dyn FnMut(&Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<(Vec<Format>, Vec<ImportError>), ConvertError> {
    thread::scope(|scope| {
        let (send, receive) = sync_channel(WAITING_BATCHES);
        let reader = scope.spawn(move || read_batches(reading, &send));
        // The receiver goes with this call, and with it the reader's wish to send, when writing failed.
        let written = write_batches(receive, delivery, parts, said, progress);
        let read = reader.join().map_err(|_| ConvertError::ReaderGone)?;
        written.map(|()| read)
    })
}

fn read_batches(mut reading: Reading, send: &SyncSender<Vec<Event>>) -> (Vec<Format>, Vec<ImportError>) {
    loop {
        let (mut batch, mut problems, mut bytes) = (Vec::new(), Vec::new(), 0);
        let mut is_over = false;
        while batch.len() < BATCH_ARTICLES && bytes < BATCH_BYTES && !is_over {
            let next = reading.next(&mut |problem| problems.push(problem.clone()));
            batch.extend(problems.drain(..).map(Event::Problem));
            match next {
                Some(record) => {
                    bytes += record.text.len() + record.meta.len();
                    batch.push(Event::Article(record));
                }
                None => is_over = true,
            }
        }
        if send.send(batch).is_err() || is_over {
            let mut formats = Vec::new();
            for format in reading.formats() {
                if !formats.contains(format) {
                    formats.push(*format);
                }
            }
            return (formats, reading.into_failures());
        }
    }
}

fn write_batches(
    batches: Receiver<Vec<Event>>,
    delivery: &mut Delivery,
    parts: Option<&Parts>,
    said: &mut dyn FnMut(&Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<(), ConvertError> {
    for batch in batches {
        for event in batch {
            match event {
                Event::Problem(problem) => said(&problem),
                Event::Article(record) => {
                    if progress(delivery.count().articles).is_break() {
                        return Err(ConvertError::Stopped);
                    }
                    let part = part_of(parts, &record);
                    delivery.write(record, part, said)?;
                }
            }
        }
    }
    Ok(())
}
