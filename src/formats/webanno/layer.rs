//! A layer from the rows of WebAnno TSV: mentions are taken from one layer of the file, the cells of the others are kept.
//!
//! Owns how stacked and numbered values become mentions, as INCEpTION reads them. It must not know the text's lines.

use crate::domain::mention::Origin;
use crate::domain::offset::Span;
use crate::domain::record::{LayerRecord, MentionRecord};
use crate::formats::decoding::as_u64;
use crate::formats::finding::{Finding, Misfit, SpanFault};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{Place, Problem};
use crate::formats::unsaid_status::unsaid_status;
use crate::formats::webanno::body::Row;
use crate::formats::webanno::escape::{parted, unescape_value, without_number};
use crate::formats::webanno::kept::{Kept, KeptMention, KeptPlace};
use crate::formats::webanno::schema::{Column, Kind, Layer, NAMED_ENTITY_LINE, Schema};
use std::collections::{BTreeMap, HashMap};

/// A cell of a column without an annotation.
pub const NOTHING: &str = "_";

/// A feature without a value.
pub const NULL: &str = "*";

/// The layer that rows say; each row comes with where it stands.
pub fn layer_from_rows(
    schema: &Schema,
    rows: &[(&Row<'_>, Span)],
    sentences: BTreeMap<usize, String>,
    unit: OffsetUnit,
    problems: &mut Vec<Problem>,
) -> LayerRecord {
    let mentions_at = schema.mention_layer();
    let layer = mentions_at.and_then(|at| schema.layers.get(at));
    let found = layer.map(|layer| found_in_rows(layer, rows)).unwrap_or_default();
    let mut kept = Kept { head: schema.lines.clone(), sentences, ..Kept::default() };
    let mut mentions = Vec::with_capacity(found.len());
    let label_column = layer.and_then(Layer::label_column);
    let mut attributes = 0;
    for (number, found) in found.into_iter().enumerate() {
        let value = label_column.and_then(|at| found.values.get(at)).filter(|value| *value != NULL);
        let label = value.map(|value| unescape_value(value)).filter(|label| !label.trim().is_empty());
        let label = label.unwrap_or_else(|| layer.map_or("", Layer::short_name).to_owned());
        if found.span.is_empty() {
            let (start, end) = found.row.at;
            let fault = SpanFault::Misfit { label, start, end, unit, misfit: Misfit::Nothing };
            problems.push(Problem::new(found.row.place(), Finding::SpanLeftOut { number: as_u64(number + 1), fault }));
            continue;
        }
        let of_others = found.values.iter().enumerate().filter(|(at, _)| Some(*at) != label_column);
        attributes += as_u64(of_others.filter(|(_, value)| !matches!(value.as_str(), NULL | NOTHING)).count());
        kept.mentions.push(KeptMention {
            start: found.span.start.get(),
            end: found.span.end.get(),
            label: label.clone(),
            number: found.number,
            first: place_of(found.row, found.first),
            values: found.values,
        });
        mentions.push(MentionRecord { span: found.span, label, note: None, origin: Origin::Import });
    }
    let mut counts = keep_others(schema, mentions_at, rows, &mut kept);
    counts.extend((attributes > 0).then_some((Held::Attribute, attributes)));
    counts.extend((!kept.sentences.is_empty()).then_some((Held::OtherAnnotation, as_u64(kept.sentences.len()))));
    let is_plain = counts.is_empty() && kept.head == [NAMED_ENTITY_LINE];
    let carried = |(what, count)| Problem::foreign(Place::default(), Foreign::Carried { what, count });
    problems.extend(counts.into_iter().map(carried));
    let status = unsaid_status(&mentions);
    let carried = if is_plain { None } else { kept.carried() };
    LayerRecord { annotator: None, status, mentions, decisions: Vec::new(), carried: carried.into_iter().collect() }
}

/// A mention as it is found in rows.
struct Found<'a> {
    row: &'a Row<'a>,
    /// Where its first unit stands.
    first: Span,
    span: Span,
    number: Option<u64>,
    values: Vec<String>,
}

fn found_in_rows<'a>(layer: &Layer, rows: &[(&'a Row<'a>, Span)]) -> Vec<Found<'a>> {
    let mut found: Vec<Found<'a>> = Vec::new();
    let mut by_number: HashMap<u64, usize> = HashMap::new();
    for (row, span) in rows {
        let stacks = stacks_of(layer, row);
        let height = stacks.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let mut number = None;
            let mut values = Vec::with_capacity(layer.columns.len());
            for (column, stack) in layer.columns.iter().zip(&stacks) {
                let cell = stack.get(at).copied().unwrap_or(if *column == Column::Role { NOTHING } else { NULL });
                if matches!(column, Column::Target(_)) {
                    values.push(cell.to_owned());
                    continue;
                }
                let (value, suffix) = without_number(cell);
                number = number.or(suffix.and_then(|suffix| suffix.parse().ok()));
                values.push(value.to_owned());
            }
            match number.and_then(|number| by_number.get(&number)).and_then(|at| found.get_mut(*at)) {
                // The tool sets the end to that of the last unit, which may be a part of the unit before.
                Some(known) if known.span.start <= span.end => known.span.end = span.end,
                Some(_) => {}
                None => {
                    by_number.extend(number.map(|number| (number, found.len())));
                    found.push(Found { row, first: *span, span: *span, number, values });
                }
            }
        }
    }
    found
}

/// The values of a row in each column of a layer; none where there is no annotation.
pub fn stacks_of<'a>(layer: &Layer, row: &Row<'a>) -> Vec<Vec<&'a str>> {
    let cells = (layer.first..).zip(&layer.columns).map(|(at, _)| row.cells.get(at).copied().unwrap_or(NOTHING));
    cells.map(|cell| if cell == NOTHING { Vec::new() } else { parted(cell, '|') }).collect()
}

fn place_of(row: &Row<'_>, span: Span) -> KeptPlace {
    KeptPlace { start: span.start.get(), end: span.end.get(), is_part: row.is_part() }
}

/// Keeps the cells of the layers that hold no mentions, and where what they refer to is; gives how much of what was kept.
fn keep_others(
    schema: &Schema,
    mentions_at: Option<usize>,
    rows: &[(&Row<'_>, Span)],
    kept: &mut Kept,
) -> Vec<(Held, u64)> {
    let (mut relations, mut others) = (0, 0);
    let mut referred: Vec<String> = Vec::new();
    for (row, span) in rows {
        let mut cells = vec![NOTHING.to_owned(); schema.len_columns()];
        let mut is_empty = true;
        for (at, layer) in schema.layers.iter().enumerate() {
            let stacks = stacks_of(layer, row);
            for (column, stack) in layer.columns.iter().zip(&stacks) {
                if matches!(column, Column::Base(_) | Column::Target(_)) {
                    let parts = stack.iter().flat_map(|value| parted(value, ';'));
                    referred.extend(parts.map(|part| without_number(part).0.to_owned()));
                }
            }
            if Some(at) == mentions_at {
                continue;
            }
            let height = as_u64(stacks.iter().map(Vec::len).max().unwrap_or(0));
            if layer.kind == Kind::Relation {
                relations += height
            } else {
                others += height
            }
            is_empty &= height == 0;
            for (slot, cell) in cells.iter_mut().zip(&row.cells).skip(layer.first).take(layer.columns.len()) {
                (*cell).clone_into(slot);
            }
        }
        if !is_empty {
            kept.units.push((place_of(row, *span), cells));
        }
    }
    referred.sort_unstable();
    for (row, span) in rows {
        if referred.binary_search_by(|id| id.as_str().cmp(row.id)).is_ok() {
            kept.places.insert(row.id.to_owned(), place_of(row, *span));
        }
    }
    let counts = [(Held::Relation, relations), (Held::OtherAnnotation, others)];
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a layer with a feature `value`, each as id, start, end and cell; and the mentions they say.
    fn check(rows: &[(&'static str, usize, usize, &'static str)], mentions: &[&str], said: &[&str]) {
        let schema = Schema::from_lines(["#T_SP=webanno.custom.Name|value"]);
        let rows: Vec<(Row<'_>, Span)> = rows
            .iter()
            .zip(1..)
            .map(|((id, start, end, cell), line)| {
                let at = (as_u64(*start), as_u64(*end));
                (Row { line, id, at, word: "", cells: vec![*cell] }, Span::from_chars(*start, *end))
            })
            .collect();
        let rows: Vec<(&Row<'_>, Span)> = rows.iter().map(|(row, span)| (row, *span)).collect();
        let mut problems = Vec::new();
        let layer = layer_from_rows(&schema, &rows, BTreeMap::new(), OffsetUnit::Utf16, &mut problems);
        let found: Vec<String> = layer.mentions.iter().map(|m| format!("{} {}", m.label, m.span)).collect();
        assert_eq!(found, mentions);
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), said);
    }

    #[test]
    fn a_number_joins_rows() {
        check(
            &[("1-1", 0, 3, "A[1]|B[2]"), ("1-2", 4, 6, "A[1]|C\\_[3]"), ("1-3", 6, 7, "_"), ("1-4", 8, 9, "A|A")],
            &["A 0..6", "B 0..3", "C_ 4..6", "A 8..9", "A 8..9"],
            &[],
        );
    }

    #[test]
    fn a_mention_ends_with_its_last_unit() {
        check(
            &[("1-1", 0, 6, "_"), ("1-1.1", 3, 6, "A[1]"), ("1-2", 7, 13, "A[1]|B[2]"), ("1-2.1", 7, 10, "B[2]")],
            &["A 3..13", "B 7..10"],
            &[],
        );
        check(
            &[("1-1", 0, 6, "*"), ("1-1.1", 3, 3, "A")],
            &["Name 0..6"],
            &["line 2: span 2 was left out: A at 3..3 (utf16) covers nothing"],
        );
    }
}
