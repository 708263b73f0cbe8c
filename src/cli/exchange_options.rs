//! From the command line's words on reading and writing to what the exchange is told, and back to words on what was written.
//!
//! Owns the files that options name (maps of labels, names of numbered labels). It must not read an article.

use crate::cli::args_exchange::{LabelArguments, ReadingArguments, WritingArguments};
use crate::cli::report::counted;
use crate::exchange::counted::Delivered;
use crate::exchange::given::STANDARD_INPUT;
use crate::exchange::label_map::LabelMap;
use crate::exchange::plan::{Filing, Plan, Split};
use crate::formats::format::{Format, ReadOptions, Unit, WriteOptions};
use crate::formats::label_numbers::label_names_from_json;
use crate::formats::offset_unit::OffsetUnit;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Whether a path stands for the standard input or output.
#[must_use]
pub fn is_standard(path: &Path) -> bool {
    path == Path::new(STANDARD_INPUT)
}

/// What readers are told.
///
/// # Errors
/// When the names of labels cannot be read, or a column is for nothing that is known.
pub fn read_options(arguments: &ReadingArguments, unit: Option<OffsetUnit>) -> Result<ReadOptions> {
    let mut options = ReadOptions {
        unit,
        sentences: arguments.sentences,
        strict_tags: arguments.strict_tags,
        ..ReadOptions::default()
    };
    for column in &arguments.columns {
        let named = column.split_once('=').map(|(what, name)| (what.trim(), Some(name.trim().to_owned())));
        match named {
            Some(("text", name)) => options.columns.text = name,
            Some(("id", name)) => options.columns.id = name,
            Some(("mentions", name)) => options.columns.mentions = name,
            _ => bail!("{column:?} names no column; write text=NAME, id=NAME or mentions=NAME"),
        }
    }
    options.columns.text = arguments.text_field.clone().or(options.columns.text);
    options.columns.id = arguments.id_field.clone().or(options.columns.id);
    if let Some(path) = &arguments.label_names {
        let json = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        options.label_names = label_names_from_json(&json).with_context(|| path.display().to_string())?;
    }
    Ok(options)
}

/// What becomes of labels.
///
/// # Errors
/// When the map, or the file it is in, cannot be read.
pub fn label_map(arguments: &LabelArguments) -> Result<LabelMap> {
    let map = match arguments.labels_map.as_deref() {
        None => LabelMap::default(),
        Some(inline) if inline.contains('=') => inline.parse()?,
        Some(path) => {
            let json = fs::read_to_string(path).with_context(|| path.to_owned())?;
            LabelMap::from_json(&json).with_context(|| path.to_owned())?
        }
    };
    Ok(match &arguments.labels {
        None => map,
        Some(kept) => map.keeping(kept.iter().map(|name| name.trim().to_owned())),
    })
}

/// What is written.
///
/// # Errors
/// When the split or the map of labels cannot be read, or several files would go to the standard output.
pub fn plan(
    format: Format,
    unit: OffsetUnit,
    arguments: &WritingArguments,
    labels: &LabelArguments,
    to_standard_output: bool,
) -> Result<Plan> {
    let split = arguments.split.as_deref().map(|weights| Split::from_weights(weights, arguments.seed)).transpose()?;
    let files = match arguments.shards {
        Some(articles) => Filing::Shards(articles),
        None if arguments.per_article => Filing::Articles,
        None => Filing::One,
    };
    let write = WriteOptions {
        unit,
        align: arguments.align.unwrap_or_default(),
        nesting: arguments.nested.unwrap_or_default(),
        scheme: arguments.scheme.unwrap_or_default(),
        ..WriteOptions::default()
    };
    let plan = Plan {
        write,
        labels: label_map(labels)?,
        bare: !arguments.no_bare,
        split,
        files,
        card: arguments.card,
        ..Plan::of(format)
    };
    if to_standard_output && plan.is_several() {
        bail!("the standard output takes one file; name a folder");
    }
    Ok(plan)
}

/// The format of a file that is to be written, by its ending alone.
#[must_use]
pub fn format_from_ending(path: &Path) -> Option<Format> {
    Format::for_writing(path.file_name()?.to_str()?)
}

/// What was written, for a person and for a program.
#[must_use]
pub fn written_lines(target: &Path, plan: &Plan, written: &Delivered) -> (Vec<String>, Value) {
    let unit = match plan.format.unit {
        Unit::Chosen => Some(plan.write.unit),
        Unit::Fixed(unit) => Some(unit),
        Unit::Tokens | Unit::None => None,
    };
    let mut counts = vec![counted(written.records, "record"), counted(written.mentions, "mention")];
    counts.extend(unit.map(|unit| format!("offsets in {}", unit.name())));
    counts.extend((written.files != 1).then(|| counted(written.files, "file")));
    let place = if is_standard(target) { "standard output".to_owned() } else { target.display().to_string() };
    let value = json!({
        "output": target.to_string_lossy(), "format": plan.format.name, "offset_unit": unit.map(OffsetUnit::name),
        "articles": written.articles, "records": written.records, "mentions": written.mentions, "files": written.files,
    });
    (vec![format!("{place}: {}", counts.join(", "))], value)
}
