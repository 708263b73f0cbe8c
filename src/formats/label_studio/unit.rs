//! In what the regions of a file of Label Studio are counted, proven by their surfaces.
//!
//! Owns the two looks at the file before it is read. It must not know how regions stand in a record: the caller shows them.

use crate::domain::offset_map::OffsetMap;
use crate::formats::file_span::{FileSpan, differs_in_space, surface_of};
use crate::formats::finding::Finding;
use crate::formats::foreign::Foreign;
use crate::formats::format::ReadOptions;
use crate::formats::json_frame::{Frame, Frames, Layout};
use crate::formats::label_studio::task::Region;
use crate::formats::offset_unit::{OffsetUnit, UnitEvidence};
use crate::formats::problem::{FormatError, Place, Problem};
use std::io::{Read, Seek, SeekFrom};

/// How the offsets of a file are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counting {
    pub(crate) unit: OffsetUnit,
    /// Whether an end is the last character of a region and not the one after it, as in the first versions of Label Studio.
    pub(crate) ends_inclusive: bool,
}

/// How the regions of the file count, and what is to be said of it. The unit of the format, or the one asked for, is believed unless
/// the surfaces of all regions prove another. `show` shows each region of a record with its text.
///
/// # Errors
/// [`FormatError`] when the input cannot be read, is empty or is no JSON.
pub(crate) fn prove_counting(
    input: &mut (impl Read + Seek),
    options: &ReadOptions,
    show: impl Fn(&Frame, &mut dyn FnMut(&str, &Region)),
) -> Result<(Counting, Vec<Problem>), FormatError> {
    let unit = options.unit.unwrap_or(OffsetUnit::Utf16);
    let declared = Counting { unit, ends_inclusive: false };
    let mut fits = true;
    for_each_frame(input, options, |frame| {
        show(
            frame,
            &mut with_map(|text, map, region| {
                let (start, end, surface) = (region.start, region.end, region.surface.as_deref());
                fits &= FileSpan { start, end, label: "x", surface, unit }.loosely_placed(text, map).is_ok();
            }),
        );
        fits
    })?;
    if fits {
        return Ok((declared, Vec::new()));
    }
    let (mut usual, mut inclusive) = (UnitEvidence::default(), UnitEvidence::default());
    for_each_frame(input, options, |frame| {
        show(
            frame,
            &mut with_map(|text, map, region| {
                add_evidence(&mut usual, text, map, region, region.end);
                add_evidence(&mut inclusive, text, map, region, region.end.saturating_add(1));
            }),
        );
        !usual.is_hopeless() || !inclusive.is_hopeless()
    })?;
    let problem = |finding| Problem::new(Place::default(), finding);
    if let Some(unit) = usual.only_unit().filter(|proven| *proven != unit) {
        return Ok((Counting { unit, ends_inclusive: false }, vec![problem(Finding::UnitProven(unit))]));
    }
    // A unit that reads the file as the declared one does is no other unit.
    match inclusive.only_unit() {
        Some(proven) if usual.is_hopeless() => {
            let ends = problem(Finding::Foreign(Foreign::EndsInclusive));
            Ok((Counting { unit: proven, ends_inclusive: true }, vec![ends]))
        }
        _ => Ok((declared, Vec::new())),
    }
}

fn add_evidence(evidence: &mut UnitEvidence, text: &str, map: &OffsetMap, region: &Region, end: u64) {
    let slice =
        |unit: &OffsetUnit| unit.span_from_units(map, region.start, end).and_then(|span| surface_of(text, map, span));
    // A surface with other white space counts as that of the text.
    let loose = |surface: &str| OffsetUnit::ALL.iter().filter_map(slice).find(|slice| differs_in_space(slice, surface));
    let surface = region.surface.as_deref().map(|surface| loose(surface).unwrap_or(surface));
    evidence.add(map, text, region.start, end, surface);
}

/// Makes one map for the regions of one text.
fn with_map(mut see: impl FnMut(&str, &OffsetMap, &Region)) -> impl FnMut(&str, &Region) {
    let mut last: Option<OffsetMap> = None;
    move |text, region| see(text, last.get_or_insert_with(|| OffsetMap::new(text)), region)
}

/// Goes over the file from its beginning until `see` says that it has seen enough.
fn for_each_frame(
    input: &mut (impl Read + Seek),
    options: &ReadOptions,
    mut see: impl FnMut(&Frame) -> bool,
) -> Result<(), FormatError> {
    input.seek(SeekFrom::Start(0))?;
    let mut frames = Frames::new(input, Layout::Values, options.limits);
    // What is wrong is said when the records are given out.
    let mut unsaid = Vec::new();
    while let Some(frame) = frames.next_frame(&mut unsaid)? {
        unsaid.clear();
        if !see(&frame) {
            break;
        }
    }
    Ok(())
}
