//! Articles of any size with mentions at even distances, and the window without a screen that shows them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement that cannot be made stops")]
#![allow(dead_code, reason = "each bench uses what it needs")]

use barchasb::domain::layer::Status;
use barchasb::domain::mention::Origin;
use barchasb::domain::offset::Span;
use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use barchasb::session::command::{Command, ProjectCommand};
use barchasb::session::driver::Session;
use barchasb::session::settings::Settings;
use barchasb::session::state::State;
use barchasb::store::contract::Store as _;
use barchasb::store::sqlite::{SqliteStore, default_labels};
use barchasb::ui::app::App;
use std::path::Path;
use std::time::Duration;

/// Who labels in all benches.
pub const ANNOTATOR: &str = "سارا";

/// How many bytes of text a mention comes on: 5,000 in 1 MB.
pub const BYTES_PER_MENTION: usize = 200;

/// One paragraph of news, about a kilobyte.
const PARAGRAPH: &str = "به گزارش خبرنگار مهر، سردار احمد نمونه، صبح شنبه ۲۹ دی ۱۳۹۷ در بیست‌ویکمین گردهمایی تخصصی معاونین \
    اجتماعی استان‌ها با اشاره به عملکرد ۱۰ ماه اخیر گفت: «پلیس یکی از نهادهایی است که می‌تواند نقش مؤثر و اثربخشی را داشته باشد»؛ \
    او افزود جرائم در ۹ ماه ابتدایی سال ۲۰ درصد (از ۱٬۲۵۰ به ۱٬۰۰۰ پرونده) کاهش یافته و شبکه Mehr News نیز ساعت ۸:۴۷ آن را \
    اعلام کرد. قائم‌مقام وزیر هم در فضای مجازی، نه لزوماً حضوری، به پرسش‌های خبرنگاران پاسخ داد. هرچقدر این معاونت وظیفه خودش را \
    دقیق‌تر انجام دهد اثرات آن را بر امنیت مردم بیشتر حس می‌کنیم.";

const LABELS: [&str; 5] = ["PER", "ORG", "LOC", "DAT", "EVE"];

/// An article of about `bytes`, whose paragraphs are numbered, with `mentions` mentions at even distances.
///
/// A mention is one to three words long; about half of the surfaces differ.
pub fn record(name: &str, bytes: usize, mentions: usize) -> ArticleRecord {
    let mut text = String::with_capacity(bytes + PARAGRAPH.len());
    for number in 0.. {
        text.push_str(&format!("{number}. {PARAGRAPH}\n\n"));
        if text.len() >= bytes {
            break;
        }
    }
    let chars = text.chars().count();
    let starts: Vec<usize> = {
        let mut starts = Vec::new();
        let mut before = ' ';
        for (at, c) in text.chars().enumerate() {
            if c.is_alphanumeric() && before.is_whitespace() {
                starts.push(at);
            }
            before = c;
        }
        starts
    };
    let mention = |number: usize| {
        let first = number * (starts.len() - 4) / mentions.max(1);
        let (start, end) = (starts[first], starts[first + 1 + number % 3]);
        let label = LABELS[number % LABELS.len()].to_owned();
        MentionRecord { span: Span::from_chars(start, (end - 1).min(chars)), label, note: None, origin: Origin::Import }
    };
    let mentions = (0..mentions).map(mention).collect();
    let layer = LayerRecord { annotator: None, status: Status::InProgress, mentions, ..LayerRecord::default() };
    ArticleRecord { name: Some(name.to_owned()), text, layers: vec![layer], ..ArticleRecord::default() }
}

/// A project of these articles.
pub fn project(path: &Path, records: impl IntoIterator<Item = ArticleRecord>) {
    let mut store = SqliteStore::create(path, Default::default(), default_labels()).unwrap();
    store.import(&mut records.into_iter(), ANNOTATOR).unwrap();
}

/// A session with the project's first article open.
pub fn opened(path: &Path) -> Session {
    let mut session = Session::quiet(Settings { annotator: ANNOTATOR.to_owned(), ..Settings::default() });
    session.command(Command::Project(ProjectCommand::Open(path.to_owned())));
    assert!(session.wait_until(Duration::from_secs(60), |state| state.article().is_some()));
    session
}

/// The window on a session, without a screen: all that a frame costs before triangles and pixels.
pub struct Window {
    pub ctx: egui::Context,
    pub app: App,
    time: f64,
}

impl Window {
    /// The window as big as it is by default.
    pub fn new(session: Session) -> Self {
        let ctx = egui::Context::default();
        let app = App::new(&ctx, session, false);
        Self { ctx, app, time: 0.0 }
    }

    /// A frame; gives its shapes.
    pub fn frame(&mut self, events: Vec<egui::Event>) -> Vec<egui::epaint::ClippedShape> {
        self.time += 1.0 / 60.0;
        let rect = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1400.0, 880.0));
        let input = egui::RawInput { screen_rect: Some(rect), time: Some(self.time), events, ..Default::default() };
        let mut output = self.ctx.run_ui(input, |ui| self.app.frame(ui));
        output.textures_delta.clear();
        std::mem::take(&mut output.shapes)
    }

    /// Frames until all that was asked for has come and stands, and the work in the background has ended.
    pub fn settle(&mut self) {
        let checked = |state: &State| state.project.as_ref().is_some_and(|project| project.faults.is_some());
        assert!(self.app.session().wait_until(Duration::from_secs(120), checked));
        (0..30).for_each(|_| drop(self.frame(Vec::new())));
    }

    /// The wheel turned over the article by so many points.
    pub fn wheel(points: f32) -> Vec<egui::Event> {
        vec![
            egui::Event::PointerMoved(egui::pos2(700.0, 450.0)),
            egui::Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: egui::vec2(0.0, -points),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: egui::Modifiers::NONE,
            },
        ]
    }
}
