//! Galleys in egui's widgets: found by their text, pressed, never laid out by egui itself.

use crate::canvas::Canvas;
use barchasb::domain::article::Direction;
use barchasb::ui::galley::{Bridge, GalleyStyle, Wrap, is_truncated};
use egui::{Color32, Galley, TextWrapMode};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

/// egui has no glyph for Hebrew here, and the harness stops when egui looks for one: a widget that lays the text out
/// anew, rather than painting the galley it was given, cannot pass.
fn hebrew(word: &str) -> String {
    format!("{word} שלום")
}

struct Window {
    bridge: Option<Bridge>,
    clicks: usize,
    ticked: bool,
    choice: usize,
}

impl Window {
    fn new() -> Self {
        Self { bridge: None, clicks: 0, ticked: false, choice: 0 }
    }

    fn bridge(&mut self, ctx: &egui::Context) -> Bridge {
        self.bridge.get_or_insert_with(|| Bridge::new(ctx, false)).clone()
    }
}

fn widgets(ui: &mut egui::Ui, window: &mut Window) {
    let ctx = ui.ctx().clone();
    let bridge = window.bridge(&ctx);
    let set = |word: &str| bridge.galley(&ctx, &hebrew(word), &GalleyStyle::new(14.0));
    ui.label(set("برچسب"));
    if ui.button(set("دکمه")).on_hover_text(set("راهنما")).clicked() {
        window.clicks += 1;
    }
    ui.checkbox(&mut window.ticked, set("خانه"));
    ui.radio_value(&mut window.choice, 1, set("گزینه"));
    let _ = ui.selectable_label(true, set("برگزیده"));
    egui::ComboBox::from_label(set("فهرست")).selected_text(set("نخست")).show_ui(ui, |ui| {
        ui.selectable_value(&mut window.choice, 2, set("دوم"));
    });
    egui::CollapsingHeader::new(set("سرفصل")).default_open(true).show(ui, |ui| ui.label(set("درون")));
    ui.menu_button(set("منو"), |ui| {
        if ui.button(set("فرمان")).clicked() {
            window.clicks += 10;
        }
    });
    egui::Window::new(set("پنجره"))
        .anchor(egui::Align2::RIGHT_BOTTOM, egui::Vec2::ZERO)
        .show(&ctx, |ui| ui.label(set("متن")));
}

fn harness() -> Harness<'static, Window> {
    Harness::builder().with_size([500.0, 400.0]).renderer(Canvas::default()).build_ui_state(widgets, Window::new())
}

#[test]
fn every_widget_takes_a_galley_and_is_found_by_its_text() {
    let mut harness = harness();
    for word in ["برچسب", "دکمه", "خانه", "گزینه", "برگزیده", "سرفصل", "درون", "منو", "پنجره", "متن"]
    {
        assert!(harness.query_all_by_label(&hebrew(word)).next().is_some(), "{word}");
    }
    for word in ["دکمه", "خانه", "گزینه"] {
        harness.get_by_label(&hebrew(word)).click();
        harness.run();
    }
    let window = harness.state();
    assert_eq!((window.clicks, window.ticked, window.choice), (1, true, 1));
}

#[test]
fn menus_and_lists_open() {
    let mut harness = harness();
    harness.get_by_label(&hebrew("منو")).click();
    harness.run();
    harness.get_by_label(&hebrew("فرمان")).click();
    harness.run();
    assert_eq!(harness.state().clicks, 10);
    harness.get_by_role(egui::accesskit::Role::ComboBox).click();
    harness.run();
    harness.get_by_label(&hebrew("دوم")).click();
    harness.run();
    assert_eq!(harness.state().choice, 2);
}

#[test]
fn a_tooltip_opens() {
    let mut harness = harness();
    harness.get_by_label(&hebrew("دکمه")).hover();
    harness.run_steps(8);
    assert!(harness.query_by_label(&hebrew("راهنما")).is_some());
}

/// Runs `check` in a frame of a window at this scale.
fn in_frame(pixels_per_point: f32, mut check: impl FnMut(&egui::Context, &Bridge)) {
    let mut bridge = None;
    let _ = Harness::builder().with_pixels_per_point(pixels_per_point).renderer(Canvas::default()).build_ui(|ui| {
        let ctx = ui.ctx().clone();
        check(&ctx, bridge.get_or_insert_with(|| Bridge::new(&ctx, false)));
    });
}

fn shown(galley: &Galley) -> String {
    galley.rows.iter().map(|row| row.text()).collect()
}

#[test]
fn truncation_keeps_to_the_width_and_cuts_the_logical_end() {
    let check = |text: &str, width: f32, expected: &str| {
        in_frame(1.0, |ctx, bridge| {
            let style = GalleyStyle { wrap: Wrap::Truncate(width), ..GalleyStyle::new(14.0) };
            let galley = bridge.galley(ctx, text, &style);
            assert_eq!(shown(&galley), expected);
            // The ellipsis stays, however narrow the place.
            assert!(galley.size().x <= width.max(10.0), "{} > {width}", galley.size().x);
            assert_eq!(galley.rows.len(), 1);
            assert_eq!(galley.text(), text);
            assert_eq!(is_truncated(&galley), expected != text);
            assert!(!galley.elided);
        });
    };
    check("سلام", 100.0, "سلام");
    check("خبرگزاری دانشجویان ایران", 100.0, "خبرگزاری دانشج…");
    check("Islamic Republic News", 80.0, "Islamic Re…");
    check("خبرگزاری Associated Press", 100.0, "خبرگزاری Assoc…");
    check("مُحَمَّد", 32.0, "مُحَ…");
    check("سلام", 0.0, "…");
    check("", 50.0, "");
}

#[test]
fn the_ellipsis_stands_where_reading_stops() {
    let check = |text: &str, direction: Direction, at_left: bool| {
        in_frame(1.0, |ctx, bridge| {
            let style = GalleyStyle { wrap: Wrap::Truncate(90.0), direction, ..GalleyStyle::new(14.0) };
            let galley = bridge.galley(ctx, text, &style);
            let ellipsis = galley.rows[0].glyphs.last().unwrap();
            assert_eq!((ellipsis.chr, ellipsis.pos.x < 1.0), ('…', at_left), "{text}");
        });
    };
    check("خبرگزاری دانشجویان ایران", Direction::Auto, true);
    check("خبر Associated Press", Direction::Auto, true);
    check("Associated Press and others", Direction::Auto, false);
    check("Associated Press and others", Direction::RightToLeft, true);
    check("AP خبرگزاری دانشجویان", Direction::Auto, false);
}

#[test]
fn rows_hold_every_character_and_newlines() {
    in_frame(1.5, |ctx, bridge| {
        let text = "یک خط\nخط دوم که درازتر است و می‌شکند\n";
        let style = GalleyStyle { wrap: Wrap::Wrap(90.0), ..GalleyStyle::new(14.0) };
        let galley = bridge.galley(ctx, text, &style);
        let characters: usize = galley.rows.iter().map(|row| row.char_count_including_newline().0).sum();
        assert_eq!(characters, text.chars().count());
        assert!(galley.rows.len() > 3);
        assert!(galley.size().x <= 90.0);
        assert!(galley.rows.iter().all(|row| row.glyphs.iter().all(|glyph| glyph.pos.y.is_finite())));
        // The first letter of a Persian line is its rightmost.
        let first = galley.rows[0].glyphs.first().unwrap();
        assert!((first.pos.x + first.advance_width - galley.size().x).abs() < 1.0);
    });
}

#[test]
fn glyphs_lie_on_whole_pixels_at_any_scale() {
    for scale in [1.0, 1.25, 1.5, 2.0] {
        in_frame(scale, |ctx, bridge| {
            let galley = bridge.galley(ctx, "سلام Apple ۱۳۹۷", &GalleyStyle::new(13.5));
            let row = &galley.rows[0];
            assert!(!row.visuals.mesh.is_empty());
            for vertex in &row.visuals.mesh.vertices {
                let pixels = (row.pos + vertex.pos.to_vec2()).to_vec2() * scale;
                assert!((pixels - pixels.round()).length() < 0.01, "{scale}: {pixels:?}");
            }
        });
    }
}

#[test]
fn a_galley_is_kept_and_renewed_when_the_atlas_goes() {
    let mut bridge: Option<Bridge> = None;
    let mut seen: Vec<Arc<Galley>> = Vec::new();
    let text = hebrew("برچسب");
    let mut harness = Harness::builder().renderer(Canvas::default()).build_ui_state(
        |ui, seen: &mut Vec<Arc<Galley>>| {
            let ctx = ui.ctx().clone();
            let bridge = bridge.get_or_insert_with(|| Bridge::new(&ctx, false));
            let galley = bridge.galley(&ctx, &text, &GalleyStyle::new(14.0));
            ui.label(Arc::clone(&galley));
            seen.push(galley);
        },
        std::mem::take(&mut seen),
    );
    let last_two_are_one = |harness: &Harness<'_, Vec<Arc<Galley>>>| {
        let [.., before, last] = harness.state().as_slice() else { panic!("two frames") };
        Arc::ptr_eq(before, last)
    };
    harness.run_steps(3);
    assert!(last_two_are_one(&harness));
    // A dark theme has another gamma: egui starts a new atlas.
    harness.ctx.set_theme(egui::Theme::Light);
    harness.run_steps(2);
    let renewed = harness.state().len();
    harness.run_steps(2);
    assert!(last_two_are_one(&harness));
    assert!(!Arc::ptr_eq(&harness.state()[0], &harness.state()[renewed]));
    harness.set_pixels_per_point(2.0);
    harness.run_steps(3);
    assert!(last_two_are_one(&harness));
    assert_eq!(harness.state().last().unwrap().pixels_per_point, 2.0);
}

#[test]
fn a_label_takes_the_colour_of_its_widget_and_a_set_colour_stays() {
    let canvas = Canvas::default();
    let mut window = Window::new();
    let harness = Harness::builder().with_size([120.0, 60.0]).renderer(canvas.clone()).build_ui(move |ui| {
        let ctx = ui.ctx().clone();
        let bridge = window.bridge(&ctx);
        ui.visuals_mut().override_text_color = Some(Color32::from_rgb(0, 0, 255));
        ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
        ui.label(bridge.galley(&ctx, "آبی", &GalleyStyle { weight: 900.0, ..GalleyStyle::new(20.0) }));
        let red = GalleyStyle { weight: 900.0, colour: Color32::from_rgb(255, 0, 0), ..GalleyStyle::new(20.0) };
        ui.label(bridge.galley(&ctx, "سرخ", &red));
    });
    let picture = canvas.picture(&harness);
    let has = |r, g, b| picture.pixels.contains(&Color32::from_rgb(r, g, b));
    assert!(has(0, 0, 255));
    assert!(has(255, 0, 0));
}

#[test]
fn selecting_text_in_a_label_brings_nothing_down() {
    let mut window = Window::new();
    let mut harness = Harness::builder().with_size([200.0, 100.0]).renderer(Canvas::default()).build_ui(move |ui| {
        let ctx = ui.ctx().clone();
        let style = GalleyStyle { wrap: Wrap::Wrap(120.0), ..GalleyStyle::new(14.0) };
        let galley = window.bridge(&ctx).galley(&ctx, "سلام Apple שלום\nدنیای بزرگ و پهناور", &style);
        ui.add(egui::Label::new(galley).selectable(true));
    });
    for pos in [egui::pos2(20.0, 20.0), egui::pos2(60.0, 30.0), egui::pos2(110.0, 60.0)] {
        harness.drag_at(pos);
        harness.run_steps(2);
    }
    harness.event(egui::Event::Copy);
    harness.run_steps(2);
}
