//! The side panel of a review: how far annotators agree here, the disputes with a filter, who takes part, reasons.
//!
//! Owns where the list stands and what is being typed. It must not decide anything: it says what was pressed.

use crate::analysis::align::Kind;
use crate::domain::layer::Status;
use crate::session::command::{Command, Dialog, ViewCommand};
use crate::session::review::{DisputeFilter, Prompt, Reader, Review};
use crate::session::review_command::ReviewCommand;
use crate::session::state::{OpenArticle, OpenProject, State};
use crate::ui::choices;
use crate::ui::form::{Ask, Entry};
use crate::ui::icons::{BUTTON_SIDE, Icon};
use crate::ui::kit::{Kit, Look, Shortcuts, keys_of};
use crate::ui::long_list::LongList;
use crate::ui::review_figures::ReviewFigures;
use crate::ui::review_row::{self, Pressed};
use crate::ui::review_words::{kind_words, letter_words, listed, name_words, reason_words};
use crate::ui::suggestion_words::label_title;
use crate::words::message::Message;
use egui::{Id, Key, Modifiers, Popup, PopupCloseBehavior, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

/// The margin of the panel, in points.
const MARGIN: f32 = 16.0;
/// The width of the filter's menu, in points.
const MENU_WIDTH: f32 = 232.0;

/// The panel.
#[derive(Debug, Default)]
pub struct ReviewPanel {
    figures: ReviewFigures,
    rows: LongList,
    /// The dispute that was current when the panel was drawn last.
    current: Option<usize>,
    question: Entry,
    /// What was asked when the panel was drawn last.
    prompt: Option<Prompt>,
    /// The height of what stands below the list, as it was drawn last, in points.
    foot: f32,
}

impl ReviewPanel {
    /// Draws the panel in all the room there is.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        state: &State,
        shortcuts: Shortcuts<'_>,
        commands: &mut Vec<Command>,
    ) {
        let Some(project) = &state.project else { return };
        let room = ui.available_rect_before_wrap();
        ui.allocate_rect(room, Sense::hover());
        let Some(open) = &project.open else { return };
        let Some(review) = open.review.as_deref() else { return };
        let inner = room.shrink2(vec2(MARGIN, 0.0)).with_min_y(room.top() + 12.0);
        let mut top = ui.new_child(UiBuilder::new().max_rect(inner).id_salt("review-top"));
        top.spacing_mut().item_spacing = vec2(6.0, 6.0);
        kit.column(&mut top, |ui| {
            head(ui, kit, project, review, commands);
            self.figures.show(ui, kit, open, review);
            readers(ui, kit, review, commands);
            filter_chips(ui, kit, &project.disputes, review, commands);
        });
        let list_top = top.min_rect().bottom() + 6.0;
        let foot_rect =
            Rect::from_min_max(pos2(inner.left(), room.bottom() - self.foot), pos2(inner.right(), room.bottom()));
        let mut foot = ui.new_child(UiBuilder::new().max_rect(foot_rect).id_salt("review-foot"));
        foot.spacing_mut().item_spacing = vec2(6.0, 6.0);
        kit.column(&mut foot, |ui| self.foot(ui, kit, project, review, shortcuts, commands));
        let height = (foot.min_rect().height() + 10.0).ceil();
        if (height - self.foot).abs() > 0.5 {
            self.foot = height;
            ui.ctx().request_discard("the foot of the review has another height");
        }
        let list = Rect::from_min_max(pos2(room.left(), list_top), pos2(room.right(), foot_rect.top().max(list_top)));
        let mut inner = ui.new_child(UiBuilder::new().max_rect(list).id_salt("disputes"));
        self.list(&mut inner, kit, (project, open, review), commands);
    }

    fn list(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        (project, open, review): (&OpenProject, &OpenArticle, &Review),
        commands: &mut Vec<Command>,
    ) {
        let shown = review.shown(&project.disputes, &open.layer);
        if shown.is_empty() {
            let rect = ui.available_rect_before_wrap().shrink2(vec2(MARGIN, 10.0));
            let mut inner = ui.new_child(UiBuilder::new().max_rect(rect));
            kit.column(&mut inner, |ui| kit.text(ui, &kit.words(nothing_words(project, review)), kit.soft()));
            return;
        }
        let numbers = review.disputes();
        let mut tops = Vec::with_capacity(shown.len());
        let mut total = 0.0;
        for at in &shown {
            let has_word = review.cases.get(*at).and_then(review_row::noted).is_some();
            let height = review_row::height(review.versions(*at), has_word);
            tops.push((*at, total, height));
            total += height + 4.0;
        }
        if self.current != review.current {
            self.current = review.current;
            let found = tops.iter().find(|(at, ..)| Some(*at) == review.current);
            if let Some((_, top, height)) = found {
                self.rows.reveal(*top, top + height);
            }
        }
        self.rows.show(ui, kit, total, |ui, view| {
            let heights = view.heights();
            let first = tops.partition_point(|(_, top, height)| top + height < heights.start);
            for (at, top, height) in tops.iter().skip(first).take_while(|(_, top, _)| *top < heights.end) {
                let rect = Rect::from_min_max(
                    pos2(view.rect.left() + 6.0, view.y(*top)),
                    pos2(view.rect.right() - 6.0, view.y(top + height)),
                );
                let number = numbers.binary_search(at).unwrap_or_default() as u64 + 1;
                let pressed = review_row::show(ui, kit, (project, open, review), (number, *at), rect);
                match pressed {
                    Some(Pressed::Version(version)) => {
                        commands.push(Command::Review(ReviewCommand::Choose(*at)));
                        commands.push(Command::Review(ReviewCommand::Take(version)));
                    }
                    Some(Pressed::Row) => commands.push(Command::Review(ReviewCommand::Choose(*at))),
                    None => {}
                }
            }
        });
    }

    /// Below the list: the question being asked, or the reasons.
    fn foot(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        review: &Review,
        shortcuts: Shortcuts<'_>,
        commands: &mut Vec<Command>,
    ) {
        let is_new = self.prompt != review.prompt;
        self.prompt = review.prompt;
        if review.prompt == Some(Prompt::Question) {
            if is_new {
                self.question = Entry::line("");
            }
            self.question(ui, kit, is_new, commands);
            return;
        }
        if review.disputes().is_empty() {
            accept(ui, kit, review, shortcuts, commands);
            return;
        }
        let is_asked = review.prompt == Some(Prompt::Reason);
        kit.row(ui, |ui| {
            let title = if is_asked { "review-reason-asked" } else { "review-reason-title" };
            let look =
                if is_asked { Look { weight: 600.0, colour: kit.palette.accent, ..kit.soft() } } else { kit.soft() };
            kit.line(ui, &kit.words(title), look, ui.available_width() - BUTTON_SIDE - 8.0);
            kit.row_end(ui, |ui| {
                if kit.icon_button(ui, Icon::Pencil, &kit.words("reasons-edit"), None, true).clicked() {
                    commands.push(Command::View(ViewCommand::Show(Dialog::Reasons)));
                }
            });
        });
        let given =
            review.current_case().and_then(|case| case.decision()).and_then(|decision| decision.reason.as_deref());
        let chosen = given.or(review.reason.as_deref());
        kit.wrapped_row(ui, |ui| {
            for (number, reason) in (1_u64..).zip(project.reasons_offered()) {
                let on = chosen == Some(reason);
                let words = reason_words(kit, reason);
                // While the reason is asked for, the digits are those of the chips.
                let numbered = Message::new("reason-numbered").number("number", number).text("reason", &words);
                let words = if is_asked { kit.locale.message(&numbered) } else { words };
                if kit.chip(ui, &words, on).clicked() {
                    let reason = (!on).then(|| reason.to_owned());
                    commands.push(Command::Review(ReviewCommand::Reason(reason)));
                }
            }
        });
        accept(ui, kit, review, shortcuts, commands);
    }

    fn question(&mut self, ui: &mut Ui, kit: &Kit<'_>, is_new: bool, commands: &mut Vec<Command>) {
        let name = kit.words("review-question");
        kit.line(ui, &name, kit.soft(), ui.available_width());
        let hint = kit.words("review-question-hint");
        let ask = Ask { hint: &hint, takes_focus: is_new, ..Ask::new(&name) };
        let id = Id::unique("review-question");
        let entered = ui.memory(|memory| memory.has_focus(id)) && ui.input(|input| input.key_pressed(Key::Enter));
        self.question.show(ui, kit, id, &ask);
        let escaped = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
        kit.row(ui, |ui| {
            kit.row_end(ui, |ui| {
                if kit.main_button(ui, &kit.words("strip-aside"), true).clicked() || entered {
                    let question = self.question.text();
                    commands.push(Command::Review(ReviewCommand::Aside { question }));
                    ui.memory_mut(|memory| memory.surrender_focus(id));
                }
                if kit.button(ui, &kit.words("cancel")).clicked() || escaped {
                    commands.push(Command::Review(ReviewCommand::DropPrompt));
                    ui.memory_mut(|memory| memory.surrender_focus(id));
                }
            });
        });
    }
}

/// The way on where nothing waits.
fn accept(ui: &mut Ui, kit: &Kit<'_>, review: &Review, shortcuts: Shortcuts<'_>, commands: &mut Vec<Command>) {
    if review.waiting() > 0 || review.taking_part() == 0 {
        return;
    }
    let words = kit.words("hint-accept");
    let keys = keys_of(shortcuts, "review-accept-agreed").unwrap_or_default();
    if kit.key_button(ui, &words, keys, true).clicked() {
        commands.push(Command::Review(ReviewCommand::AcceptAgreed));
    }
}

/// Why the list shows nothing.
fn nothing_words(project: &OpenProject, review: &Review) -> &'static str {
    match review.taking_part() {
        0 if review.readers.is_empty() => "review-nobody-yet",
        0 => "review-nobody-done",
        _ if !review.disputes().is_empty() && project.disputes != DisputeFilter::default() => "review-filtered",
        1 => "review-one",
        _ => "review-all-agree",
    }
}

/// The title, how many there are, and the menu of what the list shows.
fn head(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, review: &Review, commands: &mut Vec<Command>) {
    kit.row(ui, |ui| {
        kit.line(ui, &kit.words("review-disputes"), kit.soft(), ui.available_width() - BUTTON_SIDE - 8.0);
        kit.row_end(ui, |ui| menu(ui, kit, project, review, commands));
    });
}

/// What a list of disputes can be narrowed to, and the strategies.
fn menu(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, review: &Review, commands: &mut Vec<Command>) {
    let button = kit.icon_button(ui, Icon::Sift, &kit.words("review-menu"), None, true);
    let filter = &project.disputes;
    let mut ask = |filter| commands.push(Command::Review(ReviewCommand::Filter(filter)));
    let mut more = Vec::new();
    Popup::menu(&button).width(MENU_WIDTH).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        let most = ui.ctx().content_rect().height() * 0.7;
        ScrollArea::vertical().max_height(most).min_scrolled_height(most).show(ui, |ui| {
            if kit.menu_line(ui, &kit.words("review-strategy"), None, true).clicked() {
                more.push(Command::View(ViewCommand::Show(Dialog::Strategy)));
                ui.close();
            }
            kit.menu_rule(ui);
            kit.menu_heading(ui, &kit.words("review-only-kind"));
            for kind in [Kind::Boundary, Kind::Label, Kind::Both, Kind::Missed, Kind::Split] {
                let on = filter.kind == Some(kind);
                if kit.menu_switch(ui, &kit.words(kind_words(kind)), on).clicked() {
                    ask(DisputeFilter { kind: (!on).then_some(kind), ..filter.clone() });
                }
            }
            kit.menu_heading(ui, &kit.words("review-only-label"));
            for label in project.labels.active() {
                let on = filter.label == Some(label.id);
                if kit.menu_switch(ui, label_title(label), on).clicked() {
                    ask(DisputeFilter { label: (!on).then_some(label.id), ..filter.clone() });
                }
            }
            if !review.is_blind() {
                kit.menu_heading(ui, &kit.words("review-only-annotator"));
                for reader in review.readers.iter().filter(|reader| reader.takes_part) {
                    let on = filter.annotator == Some(reader.annotator.id);
                    if kit.menu_switch(ui, &reader.annotator.name, on).clicked() {
                        ask(DisputeFilter { annotator: (!on).then_some(reader.annotator.id), ..filter.clone() });
                    }
                }
            }
        });
    });
    commands.extend(more);
}

/// Who takes part, and whether names show and unfinished work is compared.
fn readers(ui: &mut Ui, kit: &Kit<'_>, review: &Review, commands: &mut Vec<Command>) {
    let unfinished = review.readers.iter().filter(|reader| reader.status != Status::Done).count();
    let taking = if review.is_blind() {
        let count = review.taking_part();
        (count > 0).then(|| Message::new("review-taking-blind").number("count", count))
    } else {
        // Their letters are the same in every dispute then: the names say whose they are.
        let names = review.readers.iter().filter(|reader| reader.takes_part).enumerate().map(|(letter, reader)| {
            let letter = name_words(&letter_words(kit.locale, letter));
            Message::new("review-who-says").part("who", letter).part("what", name_words(&reader.annotator.name))
        });
        listed(names).map(|names| Message::new("review-taking").part("names", names))
    };
    if let Some(taking) = taking {
        kit.text(ui, &kit.locale.message(&taking), kit.small());
    }
    if choices::tick(ui, kit, &kit.words("review-show-names"), !review.is_blind()) {
        commands.push(Command::Review(ReviewCommand::Unblind(review.is_blind())));
    }
    if unfinished > 0 {
        let compared = review.readers.iter().any(|reader: &Reader| reader.takes_part && reader.status != Status::Done);
        let words = kit.locale.message(&Message::new("review-unfinished").number("count", unfinished as u64));
        if choices::tick(ui, kit, &words, compared) {
            commands.push(Command::Review(ReviewCommand::CompareUnfinished(!compared)));
        }
    }
}

/// All, open, decided; and what else narrows the list, to be taken off.
fn filter_chips(ui: &mut Ui, kit: &Kit<'_>, filter: &DisputeFilter, review: &Review, commands: &mut Vec<Command>) {
    if review.disputes().is_empty() {
        return;
    }
    kit.wrapped_row(ui, |ui| {
        let mut open = filter.open;
        let all = [
            (None, kit.words("review-show-all")),
            (Some(true), kit.words("review-show-open")),
            (Some(false), kit.words("review-show-decided")),
        ];
        if choices::chips(ui, kit, &all, &mut open) {
            commands.push(Command::Review(ReviewCommand::Filter(DisputeFilter { open, ..filter.clone() })));
        }
        let narrowed = DisputeFilter { open: filter.open, ..DisputeFilter::default() };
        if *filter != narrowed && kit.bare_button(ui, &kit.words("review-show-more"), true).clicked() {
            commands.push(Command::Review(ReviewCommand::Filter(narrowed)));
        }
    });
}
