//! The cells of a WebAnno TSV that is written: mentions stacked and numbered, and the cells of other layers that were kept.
//!
//! Owns what numbers mentions get and what becomes of cells that refer to units and mentions. It must not write lines.

use crate::domain::record::{LayerRecord, MentionRecord};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::problem::{Place, Problem};
use crate::formats::webanno::escape::{escape_value, parted, without_number};
use crate::formats::webanno::kept::{Kept, KeptMention, KeptPlace};
use crate::formats::webanno::layer::{NOTHING, NULL};
use crate::formats::webanno::schema::{Column, Kind, Layer, NAMED_ENTITY_LINE, Schema};
use crate::formats::webanno::units::{Unit, Units};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// A mention that is written.
struct Written<'a> {
    mention: &'a MentionRecord,
    units: Vec<Unit>,
    number: Option<u64>,
    kept: Option<&'a KeptMention>,
}

/// The cells of every unit: for each column the values that are stacked there.
pub struct Cells<'a> {
    kept: &'a Kept,
    schema: Schema,
    mentions_at: Option<usize>,
    written: Vec<Written<'a>>,
    /// The layers as they stood in the file that was read; the layer of mentions may be new.
    old: Schema,
    /// The mentions by the numbers they had.
    by_number: HashMap<u64, usize>,
    /// The first mention that began at a place.
    by_place: HashMap<KeptPlace, usize>,
    /// The numbers that mentions had, written or gone.
    had: HashSet<u64>,
    ids: BTreeMap<Unit, String>,
    cells: BTreeMap<Unit, Vec<Vec<String>>>,
}

impl<'a> Cells<'a> {
    /// The cells of a layer. What cannot be held is said.
    pub fn of_layer(
        layer: &'a LayerRecord,
        kept: &'a Kept,
        units: &mut Units,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut lines: Vec<&str> = kept.head.iter().map(String::as_str).collect();
        let needs_layer = !layer.mentions.is_empty() || lines.is_empty();
        if needs_layer && Schema::from_lines(lines.iter().copied()).mention_layer().is_none() {
            // Layers of spans stand before the others.
            let at = lines.iter().take_while(|line| line.starts_with("#T_SP=")).count();
            lines.insert(at, NAMED_ENTITY_LINE);
        }
        let schema = Schema::from_lines(lines.iter().copied());
        let mentions_at = schema.mention_layer();
        let mut cells = Self {
            kept,
            schema,
            mentions_at,
            written: Vec::new(),
            old: Schema::from_lines(kept.head.iter().map(String::as_str)),
            by_number: HashMap::new(),
            by_place: HashMap::new(),
            had: kept.mentions.iter().filter_map(|kept| kept.number).collect(),
            ids: BTreeMap::new(),
            cells: BTreeMap::new(),
        };
        cells.place_mentions(layer, units, place, problems);
        let others: Vec<Option<Unit>> = kept.units.iter().map(|(at, _)| units.of_place(*at)).collect();
        let places: Vec<Option<Unit>> = kept.places.values().map(|at| units.of_place(*at)).collect();
        cells.ids = units.ids();
        let referred = kept.places.iter().zip(places).filter_map(|((id, at), unit)| Some((id.as_str(), (*at, unit?))));
        let referred: HashMap<&str, (KeptPlace, Unit)> = referred.collect();
        let mut lost = Lost::default();
        cells.fill_mentions(&referred, &mut lost);
        for ((at, values), unit) in kept.units.iter().zip(others) {
            cells.fill_other(*at, values, unit, &referred, &mut lost);
        }
        problems.extend(lost.problems(place));
        cells
    }

    /// The declarations of the layers.
    pub fn head(&self) -> &[String] {
        &self.schema.lines
    }

    /// The cells of a row.
    pub fn row(&self, unit: Unit) -> Vec<String> {
        let nothing = || NOTHING.to_owned();
        match self.cells.get(&unit) {
            Some(stacks) => {
                stacks.iter().map(|stack| if stack.is_empty() { nothing() } else { stack.join("|") }).collect()
            }
            None => (0..self.schema.len_columns()).map(|_| nothing()).collect(),
        }
    }

    fn place_mentions(&mut self, layer: &'a LayerRecord, units: &mut Units, place: Place, problems: &mut Vec<Problem>) {
        let mut known: HashMap<(usize, usize, &str), VecDeque<&KeptMention>> = HashMap::new();
        for kept in &self.kept.mentions {
            known.entry((kept.start, kept.end, kept.label.as_str())).or_default().push_back(kept);
        }
        for mention in &layer.mentions {
            let (label, from) = (mention.label.clone(), mention.span);
            let Some((to, covered)) = units.of_mention(from) else {
                let what = Held::WhiteSpace;
                problems.push(Problem::foreign(place, Foreign::MentionNotHeld { label, span: from, what }));
                continue;
            };
            if from != to {
                problems.push(Problem::foreign(place, Foreign::MentionMoved { label, from, to }));
            }
            let key = (from.start.get(), from.end.get(), mention.label.as_str());
            let kept = known.get_mut(&key).and_then(VecDeque::pop_front);
            self.written.push(Written { mention, units: covered, number: kept.and_then(|kept| kept.number), kept });
        }
        self.number_mentions();
    }

    /// Gives numbers to mentions over several units and to those that share one.
    fn number_mentions(&mut self) {
        let mut heights: HashMap<Unit, u32> = HashMap::new();
        for unit in self.written.iter().flat_map(|written| &written.units) {
            *heights.entry(*unit).or_default() += 1;
        }
        let in_cells = self.kept.units.iter().flat_map(|(_, cells)| cells).flat_map(|cell| numbers_in(cell));
        let of_mentions = self.kept.mentions.iter().filter_map(|kept| kept.number);
        // The tool's numbers are integers of 32 bits; after what is no such number there is always a free one.
        let mut last = in_cells.chain(of_mentions).filter(|number| *number < 1 << 30).max().unwrap_or(0);
        for (at, written) in self.written.iter_mut().enumerate() {
            if let Some(kept) = written.kept {
                self.by_place.entry(kept.first).or_insert(at);
            }
            let is_shared = written.units.iter().any(|unit| heights.get(unit).is_some_and(|height| *height > 1));
            if let Some(number) = written.number {
                self.by_number.insert(number, at);
            } else if is_shared || written.units.len() > 1 {
                last += 1;
                written.number = Some(last);
            }
        }
    }

    fn layer(&self) -> Option<&Layer> {
        self.mentions_at.and_then(|at| self.schema.layers.get(at))
    }

    fn fill_mentions(&mut self, referred: &HashMap<&str, (KeptPlace, Unit)>, lost: &mut Lost) {
        let Some(layer) = self.layer().cloned() else { return };
        let label_column = layer.label_column();
        for at in 0..self.written.len() {
            let Some(written) = self.written.get(at) else { continue };
            let mut values = Vec::with_capacity(layer.columns.len());
            for (column, shape) in layer.columns.iter().enumerate() {
                let kept = written.kept.and_then(|kept| kept.values.get(column)).map(String::as_str);
                values.push(match (shape, kept) {
                    // A label that was the layer's name for want of a value stays without one.
                    (Column::Feature(_), Some(kept)) => kept.to_owned(),
                    (Column::Feature(_), None) if Some(column) == label_column => escape_value(&written.mention.label),
                    (Column::Role, None) => NOTHING.to_owned(),
                    (Column::Target(_), Some(kept)) => self.target(shape, kept, referred).unwrap_or_else(|| {
                        lost.others += 1;
                        NULL.to_owned()
                    }),
                    (Column::Role, Some(kept)) => kept.to_owned(),
                    _ => NULL.to_owned(),
                });
            }
            // Links whose targets are gone lose their roles too.
            for column in 1..values.len() {
                if matches!(layer.columns.get(column), Some(Column::Target(_)))
                    && values.get(column).is_some_and(|value| value == NULL)
                    && let Some(role) = values.get_mut(column - 1)
                {
                    NOTHING.clone_into(role);
                }
            }
            let suffix = written.number.map(|number| format!("[{number}]")).unwrap_or_default();
            for unit in written.units.clone() {
                for (column, value) in values.iter().enumerate() {
                    let has_number = !matches!(layer.columns.get(column), Some(Column::Target(_)));
                    let cell = if has_number { format!("{value}{suffix}") } else { value.clone() };
                    self.push(unit, layer.first + column, cell);
                }
            }
        }
    }

    fn push(&mut self, unit: Unit, column: usize, value: String) {
        let len = self.schema.len_columns();
        let stacks = self.cells.entry(unit).or_insert_with(|| vec![Vec::new(); len]);
        if let Some(stack) = stacks.get_mut(column) {
            stack.push(value);
        }
    }

    /// Puts kept cells back; values that refer to what is gone are left out of all columns of their layer.
    fn fill_other(
        &mut self,
        at: KeptPlace,
        cells: &[String],
        unit: Option<Unit>,
        referred: &HashMap<&str, (KeptPlace, Unit)>,
        lost: &mut Lost,
    ) {
        for layer in self.old.layers.clone() {
            let Some(now) = self.schema.layers.iter().find(|now| now.kind == layer.kind && now.name == layer.name)
            else {
                continue;
            };
            let first = now.first;
            let stacks: Vec<Vec<&str>> = (layer.first..)
                .zip(&layer.columns)
                .map(|(column, _)| cells.get(column).map_or(NOTHING, String::as_str))
                .map(|cell| if cell == NOTHING { Vec::new() } else { parted(cell, '|') })
                .collect();
            for height in 0..stacks.iter().map(Vec::len).max().unwrap_or(0) {
                let values = stacks.iter().zip(&layer.columns).map(|(stack, column)| {
                    let value = stack.get(height).copied().unwrap_or(NULL);
                    match column {
                        Column::Base(base) => self.source(base, value, at, referred),
                        Column::Target(_) => self.target(column, value, referred),
                        Column::Feature(_) | Column::Role => Some(value.to_owned()),
                    }
                });
                match (unit, values.collect::<Option<Vec<String>>>()) {
                    (Some(unit), Some(values)) => {
                        for (column, value) in values.into_iter().enumerate() {
                            self.push(unit, first + column, value);
                        }
                    }
                    _ if layer.kind == Kind::Relation => lost.relations += 1,
                    _ => lost.others += 1,
                }
            }
        }
    }

    /// The mention with an old number, or else the one that began at a place.
    fn mention_at(&self, number: Option<u64>, at: KeptPlace) -> Option<&Written<'a>> {
        match number.filter(|number| *number > 0) {
            Some(number) => self.by_number.get(&number).and_then(|at| self.written.get(*at)),
            None => self.by_place.get(&at).and_then(|at| self.written.get(*at)),
        }
    }

    /// Where a relation comes from, as it is now; `None` when one of its ends is gone.
    fn source(
        &self,
        base: &str,
        value: &str,
        at: KeptPlace,
        referred: &HashMap<&str, (KeptPlace, Unit)>,
    ) -> Option<String> {
        let (id, numbers) = without_number(value);
        let (place, unit) = referred.get(id)?;
        if self.layer().is_none_or(|layer| layer.name != base) {
            let suffix = numbers.map(|numbers| format!("[{numbers}]")).unwrap_or_default();
            return Some(format!("{}{suffix}", self.ids.get(unit)?));
        }
        let (source, target) = numbers.and_then(|numbers| numbers.split_once('_')).unwrap_or(("0", "0"));
        let source = self.mention_at(source.parse().ok(), *place)?;
        let target = self.mention_at(target.parse().ok(), at)?;
        let id = self.ids.get(source.units.first()?)?;
        Some(match (source.number, target.number) {
            (None, None) => id.clone(),
            (source, target) => format!("{id}[{}_{}]", source.unwrap_or(0), target.unwrap_or(0)),
        })
    }

    /// Linked annotations, as they are now; `None` when one is gone.
    fn target(&self, column: &Column, value: &str, referred: &HashMap<&str, (KeptPlace, Unit)>) -> Option<String> {
        let Column::Target(name) = column else { return Some(value.to_owned()) };
        let is_mention = self.layer().is_some_and(|layer| layer.name == *name);
        let links = parted(value, ';').into_iter().map(|link| {
            if matches!(link, NULL | NOTHING) {
                return Some(link.to_owned());
            }
            let (id, number) = without_number(link);
            let (place, unit) = referred.get(id)?;
            let old: Option<u64> = number.and_then(|number| number.parse().ok());
            if is_mention || old.is_some_and(|old| self.had.contains(&old)) {
                let mention = self.mention_at(old, *place)?;
                let suffix = mention.number.map(|number| format!("[{number}]")).unwrap_or_default();
                return Some(format!("{}{suffix}", self.ids.get(mention.units.first()?)?));
            }
            let suffix = number.map(|number| format!("[{number}]")).unwrap_or_default();
            Some(format!("{}{suffix}", self.ids.get(unit)?))
        });
        links.collect::<Option<Vec<String>>>().map(|links| links.join(";"))
    }
}

/// What is left out because it refers to what is gone.
#[derive(Default)]
struct Lost {
    relations: u64,
    others: u64,
}

impl Lost {
    fn problems(self, place: Place) -> impl Iterator<Item = Problem> {
        let counts = [(Held::Relation, self.relations), (Held::OtherAnnotation, self.others)];
        let lost = counts.into_iter().filter(|(_, count)| *count > 0);
        lost.map(move |(what, count)| Problem::foreign(place, Foreign::CarriedLost { what, count }))
    }
}

/// The numbers in brackets in a cell.
fn numbers_in(cell: &str) -> Vec<u64> {
    let values = parted(cell, '|').into_iter().flat_map(|value| parted(value, ';'));
    let inner = values.filter_map(|value| without_number(value).1);
    inner.flat_map(|inner| inner.split('_').filter_map(|number| number.parse().ok())).collect()
}
