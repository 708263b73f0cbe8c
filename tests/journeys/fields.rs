//! Text fields as people use them: found by name, typed in, selected, undone; and pictures of them.

use crate::canvas::Canvas;
use crate::picture::assert_picture;
use barchasb::domain::article::Direction;
use barchasb::domain::offset::ByteSpan;
use barchasb::text::engine::Engine;
use barchasb::text::field::Field;
use barchasb::text::field_edit::{FieldEdit, FieldStyle};
use barchasb::ui::field::TextFieldWidget;
use barchasb::ui::galley::Bridge;
use egui::{Event, ImeEvent, Key, Modifiers, OutputCommand, Role, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const NAME: &str = "نام برچسب";
/// As a window system sends it: egui calls Ctrl the command key everywhere but on a Mac.
const CTRL: Modifiers = Modifiers { command: true, ..Modifiers::CTRL };
const NOTE: &str = "یادداشت";

struct Form {
    bridge: Option<Bridge>,
    name: Field,
    note: Field,
    changes: usize,
    submitted: bool,
}

fn field(single_line: bool, text: &str) -> Field {
    let style = FieldStyle {
        size_px: 14.0,
        weight: 400.0,
        line_height: 1.5,
        direction: Direction::RightToLeft,
        width_px: 200.0,
    };
    let mut field = Field::new(single_line, style);
    field.set_text(text);
    field
}

impl Form {
    fn new(name: &str, note: &str) -> Self {
        Self { bridge: None, name: field(true, name), note: field(false, note), changes: 0, submitted: false }
    }
}

fn show(ui: &mut egui::Ui, form: &mut Form) {
    let ctx = ui.ctx().clone();
    let bridge = form.bridge.get_or_insert_with(|| Bridge::new(&ctx, false)).clone();
    egui::CentralPanel::default().show(ui, |ui| {
        ui.with_layout(egui::Layout::top_down(egui::Align::Max), |ui| {
            let name = TextFieldWidget::new(&bridge, &mut form.name, NAME).placeholder("نام را بنویسید (Ctrl+F)");
            let response = ui.add(name.width(220.0));
            form.changes += usize::from(response.changed());
            form.submitted |= response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.add(TextFieldWidget::new(&bridge, &mut form.note, NOTE).width(220.0).rows(3));
        });
    });
}

struct Window {
    harness: Harness<'static, Form>,
    canvas: Canvas,
}

fn window(name: &str, note: &str) -> Window {
    window_at(name, note, Theme::Light, 1.0)
}

fn window_at(name: &str, note: &str, theme: Theme, pixels_per_point: f32) -> Window {
    let canvas = Canvas::default();
    let harness = Harness::builder()
        .with_size([300.0, 180.0])
        .with_theme(theme)
        .with_pixels_per_point(pixels_per_point)
        .renderer(canvas.clone())
        .build_ui_state(show, Form::new(name, note));
    Window { harness, canvas }
}

impl Window {
    fn focus(&mut self, label: &str) {
        self.harness.get_by_label(label).focus();
        self.harness.run();
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run();
    }

    fn send(&mut self, event: Event) {
        self.harness.event(event);
        self.harness.run();
    }

    fn type_text(&mut self, text: &str) {
        self.send(Event::Text(text.to_owned()));
    }

    fn name(&self) -> String {
        self.harness.state().name.text().into_owned()
    }

    fn copied(&self) -> Option<String> {
        self.harness.output().platform_output.commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    }
}

#[test]
fn a_field_is_found_by_its_name_and_types_selects_and_undoes() {
    let mut window = window("", "");
    window.focus(NAME);
    assert!(window.harness.get_by_label(NAME).is_focused());
    window.type_text("سلام");
    window.type_text(" ");
    window.type_text("دنیا");
    assert_eq!(window.name(), "سلام دنیا");
    assert_eq!(window.harness.get_by_label(NAME).value().as_deref(), Some("سلام دنیا"));
    assert_eq!(window.harness.state().changes, 3);

    window.press(CTRL | Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(window.harness.state().name.selected_text(), Some("دنیا"));
    window.type_text("ایران");
    assert_eq!(window.name(), "سلام ایران");
    window.press(CTRL, Key::Z);
    assert_eq!(window.name(), "سلام دنیا");
    window.press(CTRL | Modifiers::SHIFT, Key::Z);
    assert_eq!(window.name(), "سلام ایران");
    window.press(CTRL, Key::A);
    window.press(Modifiers::NONE, Key::Backspace);
    assert_eq!(window.name(), "");
}

#[test]
fn enter_submits_a_single_line_and_breaks_the_note() {
    let mut window = window("", "");
    window.focus(NAME);
    window.press(Modifiers::NONE, Key::Enter);
    assert!(window.harness.state().submitted);
    assert!(!window.harness.get_by_label(NAME).is_focused());
    window.focus(NOTE);
    window.type_text("یک");
    window.press(Modifiers::NONE, Key::Enter);
    window.type_text("دو");
    assert_eq!(window.harness.state().note.text(), "یک\nدو");
    assert_eq!(window.harness.get_by_label(NOTE).accesskit_node().role(), Role::MultilineTextInput);
}

#[test]
fn tab_goes_from_field_to_field() {
    let mut window = window("", "");
    window.focus(NAME);
    window.press(Modifiers::NONE, Key::Tab);
    assert!(window.harness.get_by_label(NOTE).is_focused());
    window.type_text("متن");
    assert_eq!(window.harness.state().note.text(), "متن");
    window.press(Modifiers::SHIFT, Key::Tab);
    assert!(window.harness.get_by_label(NAME).is_focused());
}

#[test]
fn the_clipboard_is_copied_cut_and_pasted() {
    let mut window = window("سلام دنیا", "");
    window.focus(NAME);
    window.press(CTRL, Key::A);
    window.harness.event(Event::Cut);
    window.harness.step();
    assert_eq!(window.copied().as_deref(), Some("سلام دنیا"));
    assert_eq!(window.name(), "");
    window.send(Event::Paste("یک\nدو".to_owned()));
    assert_eq!(window.name(), "یک دو");
    window.harness.event(Event::Copy);
    window.harness.step();
    assert_eq!(window.copied(), None);
}

#[test]
fn the_mouse_places_selects_words_and_drags() {
    let mut window = window("سلام دنیا", "");
    let rect = window.harness.get_by_label(NAME).rect();
    let start = rect.right_center() - vec2(12.0, 0.0);
    let click = |window: &mut Window| {
        window.harness.drag_at(start);
        window.harness.drop_at(start);
        window.harness.step();
    };
    click(&mut window);
    assert!(window.harness.get_by_label(NAME).is_focused());
    assert_eq!(window.harness.state().name.selection().span(), ByteSpan::from_bytes(0, 0));
    click(&mut window);
    window.harness.run();
    window.harness.drag_at(start);
    window.harness.run();
    window.harness.hover_at(rect.left_center());
    window.harness.run();
    window.harness.drop_at(rect.left_center());
    window.harness.run();
    assert_eq!(window.harness.state().name.selected_text(), Some("سلام دنیا"));
}

#[test]
fn a_composition_is_shown_and_then_written() {
    let mut window = window("", "");
    window.focus(NAME);
    let preedit = |text: &str| {
        Event::Ime(ImeEvent::Preedit { text: text.to_owned(), active_range_chars: Some(0..text.chars().count()) })
    };
    window.send(preedit("salaam"));
    assert_eq!((window.name().as_str(), window.harness.state().name.shown_text()), ("", "salaam"));
    assert!(window.harness.output().platform_output.ime.is_some());
    window.send(Event::Ime(ImeEvent::Commit("سلام".to_owned())));
    assert_eq!(window.name(), "سلام");
    window.press(CTRL, Key::A);
    window.send(preedit(""));
    window.send(Event::Ime(ImeEvent::Commit(String::new())));
    assert_eq!(window.harness.state().name.selected_text(), Some("سلام"));
}

#[test]
fn an_input_method_corrects_what_was_written() {
    let mut window = window("سلام دنیا", "");
    window.focus(NAME);
    window.send(Event::Ime(ImeEvent::DeleteSurrounding { before_chars: 4, after_chars: 3 }));
    assert_eq!(window.name(), "سلام ");
}

#[test]
fn a_screen_reader_writes_without_the_focus() {
    let mut window = window("پیشین", "");
    window.harness.get_by_label(NAME).set_text_value_accesskit("نو");
    window.harness.run();
    assert_eq!(window.name(), "نو");
    assert_eq!(window.harness.state().changes, 1);
}

#[test]
fn a_window_at_rest_sleeps() {
    let mut window = window("سلام", "");
    window.focus(NAME);
    let delay = window.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert!(delay > std::time::Duration::from_secs(1), "{delay:?}");
}

fn check_picture(name: &str, theme: Theme, pixels_per_point: f32, text: &str, selected: ByteSpan) {
    let note = "شرکت Apple در ۱۳۹۷/۱۰/۲۹\n«نقل (درونی)» مُحَمَّد";
    let mut window = window_at(text, note, theme, pixels_per_point);
    window.focus(NAME);
    let form = window.harness.state_mut();
    form.name.apply(&mut Engine::new(false), FieldEdit::Select(selected));
    window.harness.run();
    assert_picture(name, &window.canvas.picture(&window.harness));
}

#[test]
fn a_selection_over_both_directions_light() {
    let text = "سلام Apple ۱۳۹۷ دنیا";
    check_picture("field_selection_light", Theme::Light, 1.0, text, ByteSpan::from_bytes(4, 12));
}

#[test]
fn a_long_line_scrolls_to_its_caret_dark_at_one_and_a_half() {
    let text = "یک نام بسیار دراز که در این خانه جا نمی‌گیرد (https://example.ir)";
    check_picture("field_long_dark_150", Theme::Dark, 1.5, text, ByteSpan::from_bytes(text.len(), text.len()));
}

#[test]
fn a_placeholder_shows_with_the_caret_at_the_right() {
    check_picture("field_empty_light_150", Theme::Light, 1.5, "", ByteSpan::from_bytes(0, 0));
}
