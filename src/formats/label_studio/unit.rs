//! In what the regions of a file of Label Studio are counted, proven by their surfaces.
//!
//! Owns the two looks at the whole file, and the watch that says whether they are needed. It must not know how regions stand in a record:
//! the caller shows them.

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
    let declared = declared_counting(options);
    let unit = declared.unit;
    let mut fits = true;
    for_each_frame(input, options, |frame| {
        show(frame, &mut with_map(|text, map, region| fits &= fits_as_declared(unit, text, map, region)));
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
                add_evidence(&mut usual, &mut inclusive, text, map, region);
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

/// Watches the articles of a file as they are given out in the counting that is declared.
///
/// A file proves another counting only when every region fits in it. So an article may be given out at once as long as each counting
/// either is ruled out by a region before, or reads every region so far as it is declared: whatever the rest of the file proves, what was
/// given out is right.
#[derive(Debug)]
pub(crate) struct CountingWatch {
    unit: OffsetUnit,
    fits: bool,
    usual: UnitEvidence,
    inclusive: UnitEvidence,
}

impl CountingWatch {
    /// A watch of a file that is read as the format counts, or as the caller says.
    pub(crate) fn new(options: &ReadOptions) -> Self {
        let unit = declared_counting(options).unit;
        Self { unit, fits: true, usual: UnitEvidence::default(), inclusive: UnitEvidence::default() }
    }

    /// Whether nothing but what is declared can be proven by an article of this text: UTF-16 units and code points differ only where
    /// there are characters beyond U+FFFF, and everything else is ruled out.
    pub(crate) fn needs_no_look_at(&self, text: &str) -> bool {
        let is_alike = |unit: OffsetUnit| {
            let counts_chars = |unit| matches!(unit, OffsetUnit::Utf16 | OffsetUnit::CodePoint);
            let is_astral = |byte: &u8| *byte >= 0xF0;
            counts_chars(unit) && counts_chars(self.unit) && !text.as_bytes().iter().any(is_astral)
        };
        let is_out = |unit: OffsetUnit| unit == self.unit || !self.usual.fits(unit) || is_alike(unit);
        self.inclusive.is_hopeless() && OffsetUnit::ALL.into_iter().all(is_out)
    }

    /// Takes the regions of an article in; whether the whole file must be looked at before it is given out.
    pub(crate) fn doubts(&mut self, show: impl FnOnce(&mut dyn FnMut(&str, &Region))) -> bool {
        let Self { unit, fits, usual, inclusive } = self;
        show(&mut with_map(|text, map, region| {
            *fits &= fits_as_declared(*unit, text, map, region);
            add_evidence(usual, inclusive, text, map, region);
        }));
        let has_regions = self.usual.has_mentions();
        !self.fits || (has_regions && (self.usual.may_differ(self.unit) || !self.inclusive.is_hopeless()))
    }
}

/// What is believed unless another counting is proven.
pub(crate) fn declared_counting(options: &ReadOptions) -> Counting {
    Counting { unit: options.unit.unwrap_or(OffsetUnit::Utf16), ends_inclusive: false }
}

fn fits_as_declared(unit: OffsetUnit, text: &str, map: &OffsetMap, region: &Region) -> bool {
    let (start, end, surface) = (region.start, region.end, region.surface.as_deref());
    FileSpan { start, end, label: "x", surface, unit }.loosely_placed(text, map).is_ok()
}

/// Takes a region in as it stands, and as if its end were its last character.
fn add_evidence(usual: &mut UnitEvidence, inclusive: &mut UnitEvidence, text: &str, map: &OffsetMap, region: &Region) {
    let start = region.start;
    let slices = |end: u64| {
        let slice =
            move |unit: OffsetUnit| unit.span_from_units(map, start, end).and_then(|span| surface_of(text, map, span));
        OffsetUnit::ALL.into_iter().filter_map(slice)
    };
    let add = |evidence: &mut UnitEvidence, end: u64, may_be_loose: bool| {
        // A surface with other white space counts as that of the text.
        let loose = |surface: &str| slices(end).find(|slice| may_be_loose && differs_in_space(slice, surface));
        let surface = region.surface.as_deref().map(|surface| loose(surface).unwrap_or(surface));
        evidence.add(map, text, start, end, surface);
    };
    add(usual, region.end, true);
    // What stands there to the letter does not stand with one character more, white space or not.
    let is_exact = slices(region.end).any(|slice| region.surface.as_deref() == Some(slice));
    add(inclusive, region.end.saturating_add(1), !is_exact);
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
