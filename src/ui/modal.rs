//! The frame of every dialog: a veil over the window and a paper card in its middle, with a title and a row of buttons.
//!
//! Owns how dialogs open, close and keep the keyboard inside. It must not know what a dialog is about.

use crate::session::command::{Command, ViewCommand};
use crate::ui::kit::Kit;
use crate::ui::theme::space;
use egui::{
    Context, CornerRadius, Frame, Id, Key, Margin, Modal, Modifiers, Popup, ScrollArea, Shadow, Stroke, Ui,
    style::ScrollStyle, vec2,
};

/// How a dialog can be left without doing what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dismiss {
    /// Not at all: it needs an answer.
    Never,
    /// By Esc and the close button: it may hold something typed.
    Escape,
    /// Also by a press on the veil.
    Anywhere,
}

/// What a dialog's frame is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Card<'a> {
    /// Its name among the dialogs; one of them is shown at a time.
    pub name: &'static str,
    /// The title, as shown.
    pub title: &'a str,
    /// The width of the card's inside, in points; less where the window is narrower.
    pub width: f32,
    /// How it can be left.
    pub dismiss: Dismiss,
}

/// What a dialog's body is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// Passes since the dialog opened: 0 in the first.
    pub passes: u64,
    /// The height that the body may take, buttons included, in points.
    pub room: f32,
}

impl Shown {
    /// Whether the dialog opens with this pass: what it held before is stale.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.passes == 0
    }

    /// Whether the first field should ask for the keyboard. For two passes: the first one only measures.
    #[must_use]
    pub fn gives_focus(&self) -> bool {
        self.passes < 2
    }
}

/// The margin of the card.
const MARGIN: f32 = 24.0;
/// From the card to the window's edge, at least.
const CLEARANCE: f32 = 24.0;
/// The title with the gap below it.
const TITLE_HEIGHT: f32 = 44.0;

/// Shows a dialog and pushes [`ViewCommand::Dismiss`] when it is left.
pub fn show<R>(
    ctx: &Context,
    kit: &Kit<'_>,
    card: &Card<'_>,
    commands: &mut Vec<Command>,
    body: impl FnOnce(&mut Ui, Shown, &mut Vec<Command>) -> R,
) -> R {
    let id = Id::unique(("dialog", card.name));
    let window = ctx.content_rect();
    let shown = Shown {
        passes: passes_shown(ctx, id),
        room: (window.height() - 2.0 * (MARGIN + CLEARANCE) - TITLE_HEIGHT).max(120.0),
    };
    let palette = &kit.palette;
    let frame = Frame::new()
        .fill(palette.paper)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(CornerRadius::same(space::PAPER_RADIUS))
        .inner_margin(Margin::same(MARGIN as i8))
        .shadow(Shadow { offset: [0, 8], blur: 40, spread: 0, color: palette.shadow });
    // Esc closes what is open in the dialog, and not the dialog with it.
    let has_popup = Popup::is_any_open(ctx);
    let modal = Modal::new(id).backdrop_color(palette.veil).frame(frame).show(ctx, |ui| {
        ui.set_width(card.width.min(window.width() - 2.0 * (MARGIN + CLEARANCE)));
        let spacing = ui.spacing_mut();
        spacing.item_spacing = vec2(8.0, 8.0);
        spacing.interact_size.y = 28.0;
        spacing.scroll = ScrollStyle { bar_width: 8.0, ..ScrollStyle::thin() };
        kit.column(ui, |ui| {
            let closed = head(ui, kit, card);
            ui.add_space(8.0);
            (closed, body(ui, shown, commands))
        })
    });
    let (closed, result) = modal.inner;
    let escaped = || !has_popup && modal.is_top_modal && ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
    let left = match card.dismiss {
        Dismiss::Never => false,
        Dismiss::Escape => closed || escaped(),
        Dismiss::Anywhere => closed || escaped() || modal.backdrop_response.clicked(),
    };
    if left {
        commands.push(Command::View(ViewCommand::Dismiss));
    }
    result
}

/// The title, and where it may be closed the button for that; whether it was pressed.
fn head(ui: &mut Ui, kit: &Kit<'_>, card: &Card<'_>) -> bool {
    kit.row(ui, |ui| {
        kit.line(ui, card.title, kit.title(), (ui.available_width() - 120.0).max(80.0));
        card.dismiss != Dismiss::Never
            && kit.row_end(ui, |ui| kit.key_button(ui, &kit.words("close"), "Esc", true)).clicked()
    })
}

/// A list in a dialog: as high as what it holds, and at most `height` points, beyond which it scrolls.
pub fn scroll(height: f32) -> ScrollArea {
    // The least height too: the card would otherwise hold the list at the height of its first, empty pass.
    let height = height.max(64.0);
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true])
}

/// A row of buttons at the end of a dialog; the first one added stands where reading ends.
pub fn buttons<R>(ui: &mut Ui, kit: &Kit<'_>, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space(8.0);
    kit.row(ui, |ui| kit.row_end(ui, add))
}

/// Whether Enter was pressed while nothing has the keyboard: it then means the dialog's main button.
#[must_use]
pub fn entered(ui: &Ui) -> bool {
    let is_idle = ui.memory(|m| m.focused().is_none()) && !Popup::is_any_open(ui.ctx());
    is_idle && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter))
}

/// How many passes without a gap this dialog has been shown for.
fn passes_shown(ctx: &Context, id: Id) -> u64 {
    let pass = ctx.cumulative_pass_nr();
    ctx.data_mut(|data| {
        let (last, first): &mut (u64, u64) = data.get_temp_mut_or(id, (pass, pass));
        if pass > *last + 1 {
            *first = pass;
        }
        *last = pass;
        pass - *first
    })
}
