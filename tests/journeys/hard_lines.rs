//! Lines that go wrong in most programs, painted in a label, a button and as an article paragraph.

use crate::canvas::Canvas;
use crate::picture::assert_picture;
use barchasb::domain::article::Direction;
use barchasb::text::engine::{Align, TextStyle};
use barchasb::ui::galley::{Bridge, GalleyStyle};
use egui::{Color32, Rangef, Theme, vec2};
use egui_kittest::Harness;

/// The embedded font lacks Hebrew and emoji: their boxes must not bring anything down.
const LINES: [&str; 9] = [
    "شرکت Apple در سال ۱۳۹۷ (تهران) گفت: ۱۲٫۵ درصد",
    "تاریخ ۱۳۹۷/۱۰/۲۹ ساعت ۱۴:۳۰ و 2018-12-31",
    "نشانی https://www.isna.ir/news/97(10).html است.",
    "«نقل «درونی» بیرونی» [۱] {الف} <ب>",
    "مُحَمَّد رَضا ــ لا إله إلّا الله",
    "اردو: ٹوٹے ہوئے ڈبّے کی گاڑی",
    "می‌خواهم خانه‌های ی‌ک‌پارچه",
    "C++ و (C#) و 50% و -۵°",
    "שלום עולם 😀 پایان",
];

fn check(size: [f32; 2], theme: Theme, pixels_per_point: f32, name: &str, show: fn(&mut egui::Ui, &Bridge)) {
    let canvas = Canvas::default();
    let mut bridge = None;
    let harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(pixels_per_point)
        .with_theme(theme)
        .renderer(canvas.clone())
        .build_ui(move |ui| {
            let ctx = ui.ctx().clone();
            let bridge = bridge.get_or_insert_with(|| Bridge::new(&ctx, false));
            egui::CentralPanel::default().show(ui, |ui| show(ui, bridge));
        });
    assert_picture(name, &canvas.picture(&harness));
}

fn lines(ui: &mut egui::Ui, bridge: &Bridge) {
    let ctx = ui.ctx().clone();
    let style = GalleyStyle { direction: Direction::RightToLeft, ..GalleyStyle::new(15.0) };
    for line in LINES {
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), 30.0),
            egui::Layout::right_to_left(egui::Align::Center),
            |ui| {
                ui.label(bridge.galley(&ctx, line, &style));
                let _ = ui.button(bridge.galley(&ctx, line, &GalleyStyle { size: 12.0, weight: 700.0, ..style }));
            },
        );
    }
}

#[test]
fn labels_and_buttons_light() {
    check([780.0, 330.0], Theme::Light, 1.0, "hard_lines_widgets_light", lines);
}

#[test]
fn labels_and_buttons_dark_at_one_and_a_half() {
    check([780.0, 330.0], Theme::Dark, 1.5, "hard_lines_widgets_dark_150", lines);
}

fn paragraph(ui: &mut egui::Ui, bridge: &Bridge) {
    let rect = ui.max_rect();
    let scale = ui.ctx().pixels_per_point();
    let style = TextStyle { size_px: 18.0 * scale, weight: 400.0, line_height: 2.2, direction: Direction::RightToLeft };
    let text = LINES.join(" ");
    let paragraph =
        bridge.with_engine(|engine| engine.paragraph(&text, style, Some(rect.width() * scale), Align::Start));
    let colour: Color32 = ui.visuals().text_color();
    bridge.paint_paragraph(ui.ctx(), ui.painter(), &paragraph, rect.min, Rangef::EVERYTHING, |_| colour);
}

#[test]
fn a_paragraph_light_at_one_and_a_half() {
    check([480.0, 400.0], Theme::Light, 1.5, "hard_lines_article_light_150", paragraph);
}

#[test]
fn a_paragraph_dark() {
    check([480.0, 400.0], Theme::Dark, 1.0, "hard_lines_article_dark", paragraph);
}
