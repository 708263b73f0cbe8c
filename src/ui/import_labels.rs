//! The labels of files that may be imported: how often each is there, and what becomes of it.
//!
//! Owns what each will be called and how it will look. It must not rename anything: that is the importer's work.

use crate::domain::article::Direction;
use crate::domain::label::{Colour, Label, LabelId, LabelSet};
use crate::domain::record::ArticleRecord;
use crate::exchange::survey::Survey;
use crate::session::importing::{Fate, ImportChoice};
use crate::ui::choices::{self, Chosen};
use crate::ui::form::{Cells, in_cell};
use crate::ui::galley::Wrap;
use crate::ui::kit::Kit;
use crate::ui::modal;
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::Palette;
use crate::words::message::Message;
use egui::{Color32, Role, Sense, Ui, WidgetInfo, vec2};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The height of a row, in points.
const ROW: f32 = 34.0;
/// The width of what a label becomes, in points.
const FATE: f32 = 172.0;
/// Room for the bar that scrolls, which is on the right in both directions, in points.
const BAR: f32 = 8.0;
/// The width of how often it is there, in points.
const COUNT: f32 = 64.0;

/// What a label of the files will be.
#[derive(Clone, Debug, PartialEq)]
pub enum Becomes {
    /// A label that the project has: its title and colour.
    Known(String, Colour),
    /// A new label of this name, in this colour.
    New(String, Colour),
    /// Nothing: its mentions are skipped.
    Nothing,
}

impl Becomes {
    /// Its name and its colour as it can be read on the paper.
    #[must_use]
    pub fn shade(&self, palette: &Palette) -> Option<(&str, Color32)> {
        match self {
            Self::Known(title, colour) | Self::New(title, colour) => Some((title, palette.label_ink(*colour))),
            Self::Nothing => None,
        }
    }
}

/// The labels of a survey.
#[derive(Debug, Default)]
pub struct ImportLabels {
    /// What they were worked out from: the number of the survey, what was decided, and the project's labels.
    known: Option<(u64, BTreeMap<String, Fate>, LabelSet)>,
    /// Name and count, the most frequent first.
    rows: Vec<(String, u64)>,
    becomes: BTreeMap<String, Becomes>,
}

impl ImportLabels {
    /// Works out what becomes of the labels, unless it is known.
    pub fn take(&mut self, number: u64, survey: &Survey, choice: &ImportChoice, labels: &LabelSet) {
        let is_known = self
            .known
            .as_ref()
            .is_some_and(|(known, fates, set)| *known == number && *fates == choice.fates && set == labels);
        if is_known {
            return;
        }
        self.rows = survey.labels.iter().map(|(name, count)| (name.clone(), *count)).collect();
        self.rows.sort_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
        self.becomes = becomes(survey, choice, labels);
        self.known = Some((number, choice.fates.clone(), labels.clone()));
    }

    /// What becomes of a label.
    #[must_use]
    pub fn becomes(&self, label: &str) -> Option<&Becomes> {
        self.becomes.get(label)
    }

    /// Whether the files have none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Shows a row for each label, in at most `height` points; whether something was decided.
    pub fn show(&self, ui: &mut Ui, kit: &Kit<'_>, labels: &LabelSet, choice: &mut ImportChoice, height: f32) -> bool {
        let mut decided = None;
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            modal::scroll(height).show_rows(ui, ROW, self.rows.len(), |ui, shown| {
                for (name, count) in self.rows.iter().skip(shown.start).take(shown.len()) {
                    if let Some(fate) = self.row(ui, kit, labels, choice.fate(name), name, *count) {
                        decided = Some((name.clone(), fate));
                    }
                }
            });
        });
        let Some((name, fate)) = decided else { return false };
        choice.fates.insert(name, fate);
        true
    }

    fn row(&self, ui: &mut Ui, kit: &Kit<'_>, labels: &LabelSet, fate: &Fate, name: &str, count: u64) -> Option<Fate> {
        let becomes = self.becomes(name)?;
        ui.push_id(name, |ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
            // Beside the bar that scrolls.
            let mut cells = Cells::of(rect.with_max_x(rect.right() - BAR), kit);
            let (end, middle) = (cells.last(FATE), cells.last(COUNT));
            let start = cells.rest();
            in_cell(ui, kit, start, |ui| {
                let is_skipped = *becomes == Becomes::Nothing;
                let look = if is_skipped { kit.soft() } else { kit.plain() };
                let galley = kit.galley(ui, name, look, Direction::Auto, Wrap::Truncate(start.width()));
                let response = ui.label(galley);
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
            });
            let digits = kit.locale.number(count);
            in_cell(ui, kit, middle, |ui| kit.row_end(ui, |ui| kit.line(ui, &digits, kit.small(), COUNT)));
            in_cell(ui, kit, end, |ui| fate_menu(ui, kit, labels, fate, name, becomes))
        })
        .inner
    }
}

/// What becomes of a label, and all that could.
fn fate_menu(
    ui: &mut Ui,
    kit: &Kit<'_>,
    labels: &LabelSet,
    fate: &Fate,
    name: &str,
    becomes: &Becomes,
) -> Option<Fate> {
    let told = |id, name: &str| kit.locale.message(&Message::new(id).text("name", name));
    let words = match becomes {
        Becomes::Known(title, _) => title.clone(),
        Becomes::New(..) => kit.words("import-label-new"),
        Becomes::Nothing => kit.words("import-label-skip"),
    };
    let caption = told("import-label-becomes", name);
    let colour = becomes.shade(&kit.palette).map(|(_, colour)| colour);
    let chosen = Chosen { name: &caption, words: &words, colour, width: FATE };
    let same = same_of(labels, name);
    choices::drop_down(ui, kit, &chosen, |ui| {
        let mut pressed = None;
        let first = match same {
            Some(label) => (label_title(label).to_owned(), Some(kit.palette.label_ink(label.colour))),
            None => (told("import-label-new-named", name), None),
        };
        if choices::line(ui, kit, &first.0, first.1, *fate == Fate::Same) {
            pressed = Some(Fate::Same);
        }
        if choices::line(ui, kit, &kit.words("import-label-skip"), None, *fate == Fate::Skip) {
            pressed = Some(Fate::Skip);
        }
        kit.menu_rule(ui);
        for label in labels.active().filter(|label| same.is_none_or(|same| same.id != label.id)) {
            let is_on = matches!(fate, Fate::Into(into) if into.eq_ignore_ascii_case(&label.name));
            let colour = Some(kit.palette.label_ink(label.colour));
            if choices::line(ui, kit, label_title(label), colour, is_on) {
                pressed = Some(Fate::Into(label.name.clone()));
            }
        }
        pressed
    })
}

/// The label of the project that a name in a file means: one in use, or what one that is not was merged into, or one that comes back.
fn same_of<'a>(labels: &'a LabelSet, name: &str) -> Option<&'a Label> {
    let name = name.trim();
    let named = |label: &&Label| label.name.eq_ignore_ascii_case(name);
    let merged = || labels.all().iter().filter(named).find_map(|label| labels.resolve(label.id));
    labels.by_name(name).or_else(merged)
}

/// What becomes of every label: new ones get the colours that they will have.
fn becomes(survey: &Survey, choice: &ImportChoice, labels: &LabelSet) -> BTreeMap<String, Becomes> {
    let mut set = labels.clone();
    let mut becomes = BTreeMap::new();
    for name in in_order(survey) {
        let wanted = match choice.fate(name) {
            Fate::Skip => {
                becomes.insert(name.to_owned(), Becomes::Nothing);
                continue;
            }
            Fate::Same => name,
            Fate::Into(into) => into,
        };
        let known = same_of(labels, wanted);
        let found = known.map(|label| Becomes::Known(label_title(label).to_owned(), label.colour));
        let new = || match same_of(&set, wanted).map(|label| label.colour) {
            Some(colour) => Becomes::New(wanted.to_owned(), colour),
            None => {
                let colour = set.next_colour();
                set.put(new_label(wanted, colour, set.all().len()));
                Becomes::New(wanted.to_owned(), colour)
            }
        };
        becomes.insert(name.to_owned(), found.unwrap_or_else(new));
    }
    becomes
}

/// The labels of a survey in the order in which the importer meets them, as far as it is known, and the others by name.
fn in_order(survey: &Survey) -> Vec<&str> {
    let of_record = |record: &ArticleRecord| -> Vec<String> {
        let layers = record.layers.iter().flat_map(|layer| &layer.mentions).map(|mention| mention.label.clone());
        let said = record.predictions.iter().flat_map(|said| &said.mentions).map(|mention| mention.label.clone());
        layers.chain(said).collect()
    };
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for label in survey.first.iter().flat_map(of_record) {
        let place = first.len();
        first.entry(label).or_insert(place);
    }
    let mut names: Vec<&str> = survey.labels.keys().map(String::as_str).collect();
    names.sort_by_key(|name| first.get(*name).copied().unwrap_or(usize::MAX));
    names
}

fn new_label(name: &str, colour: Colour, order: usize) -> Label {
    let number = u128::try_from(order).unwrap_or(u128::MAX);
    Label {
        id: LabelId(Uuid::from_u128(u128::MAX - number)),
        name: name.to_owned(),
        title: name.to_owned(),
        colour,
        keys: String::new(),
        guideline: String::new(),
        order: i64::MAX,
        deleted: false,
        merged_into: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::NEW_LABEL_COLOURS;

    #[test]
    fn labels_keep_their_names_are_renamed_made_or_skipped() {
        let labels = LabelSet::new(vec![new_label("PER", Colour(0x4C78A8), 0)]);
        let counts = ["per", "Person", "X", "Y", "Z"].map(|name| (name.to_owned(), 1));
        let survey = Survey { labels: BTreeMap::from(counts), ..Survey::default() };
        let mut choice = ImportChoice::default();
        choice.fates.insert("Person".into(), Fate::Into("PER".into()));
        choice.fates.insert("Z".into(), Fate::Skip);
        let found = becomes(&survey, &choice, &labels);
        let known = Becomes::Known("PER".into(), Colour(0x4C78A8));
        assert_eq!((&found["per"], &found["Person"]), (&known, &known));
        let free: Vec<Colour> = NEW_LABEL_COLOURS.into_iter().filter(|c| *c != Colour(0x4C78A8)).collect();
        assert_eq!(found["X"], Becomes::New("X".into(), free[0]));
        assert_eq!(found["Y"], Becomes::New("Y".into(), free[1]));
        assert_eq!(found["Z"], Becomes::Nothing);
    }
}
