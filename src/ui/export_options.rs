//! What can be decided about an export beside its format: whose layers, which labels, how it is written, how it is laid into files.
//!
//! Owns what is being typed. It must not count or write anything.

use crate::domain::decision::GOLD;
use crate::domain::label::Label;
use crate::domain::projection::{Align, Nesting};
use crate::domain::tag_scheme::TagScheme;
use crate::exchange::plan::{Filing, Split};
use crate::formats::format::{Container, Unit};
use crate::formats::offset_unit::OffsetUnit;
use crate::session::exporting::ExportChoice;
use crate::session::state::OpenProject;
use crate::ui::choices::{self, Chosen};
use crate::ui::form::{self, Ask, Entry};
use crate::ui::format_words::{align_words, nesting_words, scheme_words};
use crate::ui::kit::Kit;
use crate::ui::suggestion_words::label_title;
use crate::words::message::Message;
use egui::{Id, Sense, Ui, vec2};
use std::collections::BTreeSet;
use std::num::NonZeroU64;

/// The parts that are offered; others are typed.
const SPLITS: [&str; 2] = ["80/20", "80/10/10"];
/// What stands there at first where others are typed.
const OTHER_SPLIT: &str = "70/15/15";
/// How many articles a shard has at first.
const SHARD: u64 = 1_000;
/// The width of a drop-down, in points.
const MENU: f32 = 300.0;
/// The width of a short field, in points.
const SHORT: f32 = 96.0;

/// The options, with what is being typed in them.
#[derive(Debug, Default)]
pub struct ExportOptionsPane {
    weights: Entry,
    seed: Entry,
    shard: Entry,
    /// Whether other parts than the offered ones are typed.
    types_weights: bool,
}

impl ExportOptionsPane {
    /// Takes over what is chosen when the dialog opens.
    pub fn open(&mut self, kit: &Kit<'_>, choice: &ExportChoice) {
        let weights = choice.split.clone().unwrap_or_default();
        let shard = match choice.files {
            Filing::Shards(count) => count.get(),
            Filing::One | Filing::Articles => SHARD,
        };
        *self = Self {
            types_weights: !weights.is_empty() && !SPLITS.contains(&weights.as_str()),
            weights: Entry::line(&weights),
            seed: Entry::line(&kit.locale.number(choice.seed)),
            shard: Entry::line(&kit.locale.number(shard)),
        };
    }

    /// Whether what is typed can be meant.
    #[must_use]
    pub fn is_sound(&self, choice: &ExportChoice) -> bool {
        let weights = !self.types_weights || weights_typed(&self.weights.text()).is_some();
        let seed = choice.split.is_none() || form::number(&self.seed.text()).is_some();
        let shard = !matches!(choice.files, Filing::Shards(_)) || self.shard_size().is_some();
        weights && seed && shard
    }

    fn shard_size(&self) -> Option<NonZeroU64> {
        form::number(&self.shard.text()).and_then(NonZeroU64::new)
    }

    /// Shows them and changes the choice.
    pub fn show(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, choice: &mut ExportChoice) {
        ui.spacing_mut().item_spacing.y = 4.0;
        let both = |no: &str, yes: &str| [(false, kit.words(no)), (true, kit.words(yes))];
        choices::row(ui, kit, &kit.words("export-whose"), |ui| whose(ui, kit, project, choice));
        choices::row(ui, kit, &kit.words("export-status"), |ui| {
            choices::chips(ui, kit, &both("export-status-any", "export-status-done"), &mut choice.only_done);
        });
        labels(ui, kit, project, choice);
        if choice.format.unit == Unit::Chosen {
            choices::row(ui, kit, &kit.words("export-unit"), |ui| {
                let units = OffsetUnit::ALL.map(|unit| (unit, kit.locale.message(&Message::from(unit))));
                choices::chips(ui, kit, &units, &mut choice.unit);
            });
        }
        if choice.format.unit == Unit::Tokens {
            tokens(ui, kit, choice);
        }
        ui.add_space(2.0);
        form::line(ui, kit);
        self.split(ui, kit, choice);
        self.files(ui, kit, choice);
        ui.add_space(2.0);
        choice.bare ^= choices::tick(ui, kit, &kit.words("export-bare"), choice.bare);
        choice.card ^= choices::tick(ui, kit, &kit.words("export-card"), choice.card);
    }

    /// Parts to train and test on.
    fn split(&mut self, ui: &mut Ui, kit: &Kit<'_>, choice: &mut ExportChoice) {
        #[derive(Clone, Copy, PartialEq)]
        enum Parts {
            Whole,
            Offered(&'static str),
            Typed,
        }
        let mut parts = match &choice.split {
            _ if self.types_weights => Parts::Typed,
            None => Parts::Whole,
            Some(split) => SPLITS.into_iter().find(|offered| offered == split).map_or(Parts::Typed, Parts::Offered),
        };
        choices::row(ui, kit, &kit.words("export-split"), |ui| {
            let offered = SPLITS.map(|split| (Parts::Offered(split), split_words(kit, split)));
            let mut ways = vec![(Parts::Whole, kit.words("export-split-none"))];
            ways.extend(offered);
            ways.push((Parts::Typed, kit.words("export-split-other")));
            if choices::chips(ui, kit, &ways, &mut parts) {
                self.types_weights = parts == Parts::Typed;
                choice.split = match parts {
                    Parts::Whole => None,
                    Parts::Offered(split) => Some(split.to_owned()),
                    Parts::Typed => {
                        let weights = choice.split.clone().unwrap_or_else(|| OTHER_SPLIT.to_owned());
                        self.weights.set(&weights);
                        Some(weights)
                    }
                };
            }
        });
        if parts == Parts::Whole {
            return;
        }
        if parts == Parts::Typed {
            let name = kit.words("export-weights");
            choices::row(ui, kit, &name, |ui| {
                let weights = weights_typed(&self.weights.text());
                let ask = Ask { fault: weights.is_none(), hint: OTHER_SPLIT, ..Ask::new(&name) };
                if field(ui, kit, SHORT, &mut self.weights, ask) && weights.is_some() {
                    choice.split = weights;
                }
                kit.line(ui, &kit.words("export-weights-what"), kit.small(), ui.available_width());
            });
        }
        let name = kit.words("export-seed");
        choices::row(ui, kit, &name, |ui| {
            let seed = form::number(&self.seed.text());
            let filled = field(ui, kit, SHORT, &mut self.seed, Ask { fault: seed.is_none(), ..Ask::new(&name) });
            if let Some(seed) = seed.filter(|_| filled) {
                choice.seed = seed;
            }
            kit.line(ui, &kit.words("export-seed-what"), kit.small(), ui.available_width());
        });
    }

    /// How articles are laid into files, where the format does not say.
    fn files(&mut self, ui: &mut Ui, kit: &Kit<'_>, choice: &mut ExportChoice) {
        if choice.format.container != Container::File {
            return;
        }
        let shard = self.shard_size().or(NonZeroU64::new(SHARD));
        let mut ways = vec![(Filing::One, kit.words("export-files-one"))];
        let shards = match choice.files {
            Filing::Shards(_) => Some(choice.files),
            Filing::One | Filing::Articles => shard.map(Filing::Shards),
        };
        ways.extend(shards.map(|shards| (shards, kit.words("export-files-shards"))));
        ways.push((Filing::Articles, kit.words("export-files-articles")));
        choices::row(ui, kit, &kit.words("export-files"), |ui| {
            choices::chips(ui, kit, &ways, &mut choice.files);
        });
        if matches!(choice.files, Filing::Shards(_)) {
            let name = kit.words("export-shard");
            choices::row(ui, kit, &name, |ui| {
                let size = self.shard_size();
                let ask = Ask { fault: size.is_none(), ..Ask::new(&name) };
                let changed = field(ui, kit, SHORT, &mut self.shard, ask);
                if let Some(size) = size.filter(|_| changed) {
                    choice.files = Filing::Shards(size);
                }
            });
        }
    }
}

/// A field of this width; whether it holds what was just typed.
fn field(ui: &mut Ui, kit: &Kit<'_>, width: f32, entry: &mut Entry, ask: Ask<'_>) -> bool {
    let (rect, _) = ui.allocate_exact_size(vec2(width, choices::ROW), Sense::hover());
    let id = Id::unique(("export", ask.name));
    let filled = form::in_cell(ui, kit, rect, |ui| entry.show(ui, kit, id, &ask));
    // What was typed is known in the pass after.
    filled.focused || filled.left
}

/// The weights that were typed, in the digits of any language; `None` when they part nothing.
fn weights_typed(typed: &str) -> Option<String> {
    let numbers: Option<Vec<String>> =
        typed.split('/').map(|weight| form::number(weight).map(|weight| weight.to_string())).collect();
    numbers.map(|numbers| numbers.join("/")).filter(|weights| Split::from_weights(weights, 0).is_ok())
}

/// Weights in the digits of the language: ۸۰ · ۲۰.
fn split_words(kit: &Kit<'_>, split: &str) -> String {
    let weights = split.split('/').filter_map(|weight| weight.parse::<i64>().ok());
    weights.map(|weight| kit.locale.number(weight)).collect::<Vec<_>>().join(" · ")
}

fn whose(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, choice: &mut ExportChoice) {
    let name = kit.words("export-whose");
    let all = kit.words("export-whose-all");
    let words = choice.annotator.clone().unwrap_or_else(|| all.clone());
    let width = MENU.min(ui.available_width());
    let chosen = Chosen { name: &name, words: &words, colour: None, width };
    let pressed = choices::drop_down(ui, kit, &chosen, |ui| {
        let mut pressed = choices::line(ui, kit, &all, None, choice.annotator.is_none()).then_some(None);
        let (gold, others): (Vec<_>, Vec<_>) = project.annotators.iter().partition(|annotator| annotator.name == GOLD);
        for annotator in gold.into_iter().chain(others) {
            let is_on = choice.annotator.as_deref() == Some(annotator.name.as_str());
            if choices::line(ui, kit, &annotator.name, None, is_on) {
                pressed = Some(Some(annotator.name.clone()));
            }
        }
        pressed
    });
    if let Some(annotator) = pressed {
        choice.annotator = annotator;
    }
}

/// The labels that go out, as chips: those in use, and those out of use that still have mentions.
fn labels(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, choice: &mut ExportChoice) {
    const HEIGHT: f32 = 100.0;
    let has_mentions = |label: &Label| project.label_counts.get(&label.id).is_some_and(|count| *count > 0);
    let all: Vec<&Label> = project
        .labels
        .all()
        .iter()
        .filter(|label| label.merged_into.is_none() && (!label.deleted || has_mentions(label)))
        .collect();
    let is_in =
        |choice: &ExportChoice, label: &Label| choice.labels.as_ref().is_none_or(|names| names.contains(&label.name));
    let count = all.iter().filter(|label| is_in(choice, label)).count();
    choices::row(ui, kit, &kit.words("export-labels"), |ui| {
        let told = Message::new("export-labels-count").number("count", count as u64).number("all", all.len() as u64);
        kit.line(ui, &kit.locale.message(&told), kit.soft(), 140.0);
        if kit.bare_button(ui, &kit.words("export-labels-all"), choice.labels.is_some()).clicked() {
            choice.labels = None;
        }
        if kit.bare_button(ui, &kit.words("export-labels-none"), count > 0).clicked() {
            choice.labels = Some(BTreeSet::new());
        }
    });
    let mut pressed = None;
    egui::ScrollArea::vertical().id_salt("export-labels").max_height(HEIGHT).show(ui, |ui| {
        kit.wrapped_row(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
            for label in &all {
                let (colour, tint) = (kit.palette.label_ink(label.colour), kit.palette.label_tint(label.colour, 0.14));
                let is_on = is_in(choice, label);
                if choices::label_chip(ui, kit, label_title(label), colour, tint, is_on).clicked() {
                    pressed = Some((label.name.clone(), !is_on));
                }
            }
        });
    });
    if let Some((name, goes_in)) = pressed {
        let everything = || all.iter().map(|label| label.name.clone()).collect();
        let mut names: BTreeSet<String> = choice.labels.take().unwrap_or_else(everything);
        if goes_in {
            names.insert(name);
        } else {
            names.remove(&name);
        }
        choice.labels = (!all.iter().all(|label| names.contains(&label.name))).then_some(names);
    }
}

/// How mentions are put onto tokens.
fn tokens(ui: &mut Ui, kit: &Kit<'_>, choice: &mut ExportChoice) {
    one_of(ui, kit, "export-align", &Align::ALL, align_words, &mut choice.align);
    one_of(ui, kit, "export-nesting", &Nesting::ALL, nesting_words, &mut choice.nesting);
    choices::row(ui, kit, &kit.words("export-scheme"), |ui| {
        let schemes = TagScheme::ALL.map(|scheme| (scheme, kit.words(scheme_words(scheme))));
        choices::chips(ui, kit, &schemes, &mut choice.scheme);
    });
}

fn one_of<T: Copy + PartialEq>(
    ui: &mut Ui,
    kit: &Kit<'_>,
    name: &str,
    all: &[T],
    words_of: impl Fn(T) -> &'static str,
    chosen: &mut T,
) {
    let name = kit.words(name);
    choices::row(ui, kit, &name, |ui| {
        let words = kit.words(words_of(*chosen));
        let width = MENU.min(ui.available_width());
        let shown = Chosen { name: &name, words: &words, colour: None, width };
        let pressed = choices::drop_down(ui, kit, &shown, |ui| {
            let mut pressed = None;
            for choice in all {
                if choices::line(ui, kit, &kit.words(words_of(*choice)), None, *choice == *chosen) {
                    pressed = Some(*choice);
                }
            }
            pressed
        });
        *chosen = pressed.unwrap_or(*chosen);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_in_any_digits() {
        assert_eq!(weights_typed(" ۷۰/15 /۱۵").as_deref(), Some("70/15/15"));
        assert_eq!((weights_typed("70"), weights_typed("70/0"), weights_typed("")), (None, None, None));
    }
}
