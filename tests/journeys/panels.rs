//! The panels around the article: found by name, pressed, typed in, and their commands carried out.

use crate::canvas::Canvas;
use crate::picture::{assert_picture, write_picture};
use crate::project;
use barchasb::domain::layer::Status;
use barchasb::domain::mention::MentionKey;
use barchasb::session::command::{Command, MarkCommand, ProjectCommand, SelectCommand, ViewCommand, WalkCommand};
use barchasb::session::message::Message;
use barchasb::session::settings::{Language, Theme};
use barchasb::session::state::{Attention, Job, State};
use barchasb::session::update;
use barchasb::ui::article_list::ArticleList;
use barchasb::ui::galley::Bridge;
use barchasb::ui::kit::Kit;
use barchasb::ui::locale::Locale;
use barchasb::ui::mention_panel::MentionPanel;
use barchasb::ui::palette_bar::PaletteBar;
use barchasb::ui::status_bar::{self, StatusBar};
use barchasb::ui::theme::{Palette, space};
use barchasb::ui::toasts::Toasts;
use barchasb::ui::top_bar::{self, TopBar};
use egui::{CornerRadius, Rect, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

const SHORTCUTS: [(&str, &str); 4] =
    [("done-next", "Ctrl Enter"), ("undo", "Ctrl Z"), ("redo", "Ctrl Shift Z"), ("next", "Ctrl PgDn")];

/// The panels around an empty paper.
struct Window {
    bridge: Option<Bridge>,
    state: State,
    top: TopBar,
    articles: ArticleList,
    mentions: MentionPanel,
    palette: PaletteBar,
    status: StatusBar,
    toasts: Toasts,
    pane_hover: Option<MentionKey>,
    commands: Vec<Command>,
    /// Whether commands change the state at once.
    lives: bool,
}

impl Window {
    fn new(state: State) -> Self {
        Self {
            bridge: None,
            state,
            top: TopBar::default(),
            articles: ArticleList::default(),
            mentions: MentionPanel::default(),
            palette: PaletteBar::default(),
            status: StatusBar::default(),
            toasts: Toasts::default(),
            pane_hover: None,
            commands: Vec::new(),
            lives: false,
        }
    }

    fn show(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let bridge = self.bridge.get_or_insert_with(|| Bridge::new(&ctx, false)).clone();
        let locale = Locale::new(self.state.settings.language);
        let palette = Palette::of(self.state.settings.theme);
        ctx.set_visuals(palette.visuals());
        ctx.all_styles_mut(|style| style.interaction.selectable_labels = false);
        let kit = Kit { bridge: &bridge, palette, locale: &locale };
        let all = ui.max_rect();
        let commands = &mut Vec::new();
        let (state, line) = (&self.state, Stroke::new(1.0, palette.line));

        let top = all.with_max_y(all.top() + top_bar::HEIGHT);
        let bottom = all.with_min_y(all.bottom() - status_bar::HEIGHT);
        let middle = Rect::from_x_y_ranges(all.x_range(), top.bottom()..=bottom.top());
        let wide = all.width() >= space::FOLD_WIDTH;
        let (first, last) =
            if wide { (space::ARTICLES_WIDTH, space::MENTIONS_WIDTH) } else { (0.0, 0.0) };
        let (left, right) = if kit.rtl() { (last, first) } else { (first, last) };
        let left = middle.with_max_x(middle.left() + left);
        let right = middle.with_min_x(middle.right() - right);
        let centre = Rect::from_min_max(pos2(left.right(), middle.top()), pos2(right.left(), middle.bottom()));
        let (articles, mentions) = if kit.rtl() { (right, left) } else { (left, right) };

        ui.painter().rect_filled(all, CornerRadius::ZERO, palette.window);
        for rect in [top, bottom] {
            ui.painter().rect(rect, CornerRadius::ZERO, palette.paper, line, StrokeKind::Inside);
        }
        let child = |ui: &mut Ui, rect: Rect| ui.new_child(UiBuilder::new().max_rect(rect).id_salt((rect.left() as i32, rect.top() as i32)));
        self.top.show(&mut child(ui, top), &kit, state, &SHORTCUTS, commands);
        self.status.show(&mut child(ui, bottom), &kit, state, &SHORTCUTS, commands);
        if wide {
            for x in [left.right(), right.left()] {
                ui.painter().vline(x, middle.y_range(), line);
            }
            self.articles.show(&mut child(ui, articles), &kit, state, commands);
            self.mentions.show(&mut child(ui, mentions), &kit, state, self.pane_hover, commands);
        }
        let paper = centre.shrink2(vec2((centre.width() - space::PAPER_WIDTH).max(40.0) / 2.0, 14.0));
        let mut above = child(ui, paper);
        self.palette.show(&mut above, &kit, state, commands);
        let paper = paper.with_min_y(above.min_rect().bottom() + 10.0).with_max_y(middle.bottom() + 20.0);
        ui.painter_at(middle).rect(paper, CornerRadius::same(14), palette.paper, line, StrokeKind::Inside);
        self.toasts.show(&child(ui, centre), &kit, state, None, commands);

        self.state.attention = None;
        if self.lives {
            for command in commands.iter().cloned() {
                let _effects = update::command(&mut self.state, command);
            }
        }
        self.commands.append(commands);
    }
}

fn harness(size: [f32; 2], scale: f32, state: State) -> (Harness<'static, Window>, Canvas) {
    let canvas = Canvas::default();
    let harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .renderer(canvas.clone())
        .build_ui_state(|ui, window: &mut Window| window.show(ui), Window::new(state));
    (harness, canvas)
}

#[test]
fn look() {
    let Some(folder) = std::env::var_os("LOOK") else { return };
    let folder = std::path::PathBuf::from(folder);
    for (language, theme, scale, name) in [
        (Language::Persian, Theme::Light, 1.0, "fa-light"),
        (Language::Persian, Theme::Dark, 1.0, "fa-dark"),
        (Language::English, Theme::Light, 1.0, "en-light"),
        (Language::Persian, Theme::Light, 2.0, "fa-light-2"),
    ] {
        let mut state = project::state(language, theme);
        project::select(&mut state, "ناجا");
        state.project.as_mut().unwrap().armed = Some(project::label_id("ORG"));
        state.say(Message::new("all-done"));
        state.toast(Message::new("mention-removed"), false, Some((Message::new("undo"), Command::Undo)));
        state.complain(Message::new("error-no-name"));
        state.job = Some(Job { what: "job-import", done: 30, total: 100 });
        let (mut harness, canvas) = harness([1400.0, 880.0], scale, state);
        harness.run_steps(20);
        write_picture(&folder.join(format!("{name}.png")), &canvas.picture(&harness));
    }
    let mut state = project::state(Language::English, Theme::Dark);
    state.project.as_mut().unwrap().list = project::list(1_000_000);
    let open = state.project.as_mut().unwrap().open.as_mut().unwrap();
    open.layer.mentions = Default::default();
    open.list = Default::default();
    let (mut narrow, canvas) = harness([560.0, 500.0], 1.0, state);
    narrow.run_steps(8);
    narrow.get_by_label("Menu").click();
    narrow.run_steps(8);
    write_picture(&folder.join("narrow.png"), &canvas.picture(&narrow));
}
