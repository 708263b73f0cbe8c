//! The menu of the list of articles: in which order it stands, and which articles it shows beside their status.
//!
//! Owns which page of the menu is open, and the chips of what is chosen. It must not filter or order anything.

use crate::session::command::{Command, WalkCommand};
use crate::session::state::{List, OpenProject};
use crate::store::contract::Order;
use crate::ui::form::{self, Picture};
use crate::ui::galley::Wrap;
use crate::ui::icons::{BUTTON_SIDE, Icon};
use crate::ui::kit::{Kit, Look};
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{mixed, size};
use crate::words::message::Message;
use egui::{
    CornerRadius, Popup, PopupCloseBehavior, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2,
};

/// The width of the menu, in points.
const WIDTH: f32 = 232.0;
/// A chip is no wider, in points.
const CHIP_WIDTH: f32 = 220.0;

/// A page of the menu.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    First,
    Labels,
    Annotators,
}

/// The menu.
#[derive(Debug, Default)]
pub struct ListMenu {
    page: Page,
}

/// The width of the button that opens the menu, in points.
pub const BUTTON_WIDTH: f32 = BUTTON_SIDE;

impl ListMenu {
    /// Shows the button, and the menu while it is open.
    pub fn show(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, commands: &mut Vec<Command>) {
        let button = kit.icon_button(ui, Icon::Sift, &kit.words("list-menu"), None, true);
        if button.clicked() {
            self.page = Page::First;
        }
        let behaviour = PopupCloseBehavior::CloseOnClickOutside;
        Popup::menu(&button).width(WIDTH).close_behavior(behaviour).show(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            let most = ui.ctx().content_rect().height() * 0.7;
            ScrollArea::vertical().max_height(most).min_scrolled_height(most).show(ui, |ui| match self.page {
                Page::First => self.first(ui, kit, project, commands),
                Page::Labels => {
                    let label = |label: &crate::domain::label::Label| (label.id, label_title(label).to_owned());
                    let all = project.labels.active().map(label);
                    self.choices(ui, kit, all, project.list.label, WalkCommand::SetLabel, commands);
                }
                Page::Annotators => {
                    let all = project.annotators.iter().map(|annotator| (annotator.id, annotator.name.clone()));
                    self.choices(ui, kit, all, project.list.begun_by, WalkCommand::SetBegunBy, commands);
                }
            });
        });
    }

    fn first(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, commands: &mut Vec<Command>) {
        let list = &project.list;
        let mut ask = |command| commands.push(Command::Walk(command));
        kit.menu_heading(ui, &kit.words("list-order"));
        for order in orders(list) {
            let on = order == list.order;
            if kit.menu_switch(ui, &kit.words(order_words(order)), on).clicked() && !on {
                ask(if matches!(order, Order::Random(_)) {
                    WalkCommand::Shuffle
                } else {
                    WalkCommand::SetOrder(order)
                });
            }
        }
        if matches!(list.order, Order::Random(_))
            && kit.menu_line(ui, &kit.words("order-reshuffle"), None, true).clicked()
        {
            ask(WalkCommand::Shuffle);
        }
        kit.menu_rule(ui);
        kit.menu_heading(ui, &kit.words("list-only"));
        if kit.menu_switch(ui, &kit.words("list-suggested"), list.suggested).clicked() {
            ask(WalkCommand::SetSuggested(!list.suggested));
        }
        let pages = [
            (Page::Labels, "list-label", list.label.is_some()),
            (Page::Annotators, "list-begun-by", list.begun_by.is_some()),
        ];
        for (page, words, on) in pages {
            if kit.menu_switch(ui, &kit.words(words), on).clicked() {
                self.page = page;
            }
        }
    }

    /// A page on which one of several is chosen, or none.
    fn choices<T: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        all: impl Iterator<Item = (T, String)>,
        chosen: Option<T>,
        command: impl Fn(Option<T>) -> WalkCommand,
        commands: &mut Vec<Command>,
    ) {
        if kit.menu_line(ui, &kit.words("list-back"), None, true).clicked() {
            self.page = Page::First;
        }
        kit.menu_rule(ui);
        let any = std::iter::once((None, kit.words("list-any")));
        for (choice, words) in any.chain(all.map(|(choice, words)| (Some(choice), words))) {
            if kit.menu_switch(ui, &words, choice == chosen).clicked() {
                commands.push(Command::Walk(command(choice)));
                ui.close();
            }
        }
    }
}

/// The orders that can be chosen: the best match only where something is looked for.
fn orders(list: &List) -> Vec<Order> {
    let random = match list.order {
        Order::Random(seed) => Order::Random(seed),
        _ => Order::Random(0),
    };
    let mut orders =
        vec![Order::Imported, Order::MostSuggested, Order::LeastCertain, Order::MostDisputed, random, Order::BestMatch];
    if list.search.trim().is_empty() && list.order != Order::BestMatch {
        orders.pop();
    }
    orders
}

/// What an order is called: an id of the locale files.
fn order_words(order: Order) -> &'static str {
    match order {
        Order::Imported => "order-imported",
        Order::MostSuggested => "order-most-suggested",
        Order::LeastCertain => "order-least-certain",
        Order::MostDisputed => "order-most-disputed",
        Order::Random(_) => "order-random",
        Order::BestMatch => "order-best-match",
    }
}

/// What is chosen in the menu, each with the command that takes it back.
fn chosen(kit: &Kit<'_>, project: &OpenProject) -> Vec<(String, WalkCommand)> {
    let list = &project.list;
    let told = |message| kit.locale.message(&message);
    let mut chosen = Vec::new();
    if list.order != Order::Imported {
        let order = Message::new("chip-order").part("order", Message::new(order_words(list.order)));
        chosen.push((told(order), WalkCommand::SetOrder(Order::Imported)));
    }
    if let Some(id) = list.label {
        let label = project.label(id).map_or("?", label_title);
        chosen.push((told(Message::new("chip-label").text("label", label)), WalkCommand::SetLabel(None)));
    }
    if let Some(id) = list.begun_by {
        let name = project.annotators.iter().find(|annotator| annotator.id == id).map_or("?", |found| &found.name);
        chosen.push((told(Message::new("chip-begun-by").text("name", name)), WalkCommand::SetBegunBy(None)));
    }
    if list.suggested {
        chosen.push((kit.words("list-suggested"), WalkCommand::SetSuggested(false)));
    }
    chosen
}

/// Whether the menu leaves articles out of a list.
#[must_use]
pub fn leaves_out(list: &List) -> bool {
    list.label.is_some() || list.begun_by.is_some() || list.suggested
}

/// Shows what is chosen in the menu as chips that take it back; takes no room when there is none.
pub fn chips(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, commands: &mut Vec<Command>) {
    let chosen = chosen(kit, project);
    if chosen.is_empty() {
        return;
    }
    kit.wrapped_row(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for (words, command) in chosen {
            if chip(ui, kit, &words) {
                commands.push(Command::Walk(command));
            }
        }
    });
}

/// A chip with a cross; whether it was pressed.
fn chip(ui: &mut Ui, kit: &Kit<'_>, words: &str) -> bool {
    const PAD: f32 = 9.0;
    const CROSS: f32 = 14.0;
    let palette = &kit.palette;
    let look = Look { size: size::SMALL, weight: 500.0, colour: palette.accent };
    let room = (ui.available_width().min(CHIP_WIDTH) - PAD * 2.0 - CROSS).max(40.0);
    let galley = kit.galley(ui, words, look, kit.locale.direction(), Wrap::Truncate(room));
    let wanted = vec2(galley.size().x + PAD * 2.0 + CROSS, 24.0);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let name = kit.locale.message(&Message::new("chip-drop").text("what", words));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let share = if response.hovered() { 0.18 } else { 0.10 };
    let radius = CornerRadius::same(12);
    let fill = mixed(palette.window, palette.accent, share);
    ui.painter().rect(rect, radius, fill, Stroke::NONE, StrokeKind::Inside);
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    let inner = rect.shrink2(vec2(PAD, 0.0));
    ui.painter().galley(kit.start_aligned(inner, galley.size()).min, galley, palette.accent);
    let cross = kit.end_aligned(inner, vec2(8.0, 8.0)).center();
    form::paint_picture(ui.painter(), cross, Picture::Cross, mixed(fill, palette.accent, 0.8));
    response.clicked()
}
