//! A project for tests of the window: forty articles, the first one open and labelled in part.

use barchasb::domain::article::{Article, ArticleId, Direction};
use barchasb::domain::label::{DEFAULT_LABELS, Label, LabelId, LabelSet};
use barchasb::domain::layer::{Annotator, AnnotatorId, Layer, Rules, Status, Version};
use barchasb::domain::mention::{Mention, MentionSet};
use barchasb::domain::offset::Span;
use barchasb::session::mention_list::MentionList;
use barchasb::session::settings::Theme;
use barchasb::session::state::{List, OpenArticle, OpenProject, PAGE_ROWS, State};
use barchasb::store::contract::{ArticleRow, Project};
use barchasb::words::language::Language;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Who labels.
pub const ANNOTATOR: AnnotatorId = AnnotatorId(Uuid::from_u128(7));

/// The open article.
pub const TEXT: &str = "۲۹ دی ۱۳۹۷، ۸:۴۷\nسردار اشتری مطرح کرد؛\nگروهکهای معاند سال ۹۷ را برای آشوب های خود انتخاب کرده‌اند\n\
    فرمانده نیروی انتظامی، گفت: پلیس یکی از نهادهایی است که می‌تواند نقش موثر و اثربخشی را داشته باشد چراکه اعتماد مردم به پلیس \
    افزایش پیدا کرده است.\nبه گزارش خبرنگار مهر، سردار حسین اشتری، صبح شنبه در بیست‌ویکمین گردهمایی تخصصی معاونین اجتماعی استان‌ها و \
    پلیس‌های تخصصی با اشاره به عملکرد ۱۰ ماه اخیر ناجا، اظهار کرد: معاونت اجتماعی یکی از معاونت‌های مهم نیروی انتظامی است. \
    این معاونت پل ارتباطی بین مردم و نیروی انتظامی است و ناجا از آن پشتیبانی می‌کند. سردار اشتری خاطرنشان کرد: پلیس و ناجا";

/// What is labelled in it, by the name of the label.
const MENTIONS: [(&str, &str); 14] = [
    ("PER", "سردار اشتری"),
    ("PER", "سردار حسین اشتری"),
    ("ORG", "نیروی انتظامی"),
    ("ORG", "پلیس"),
    ("ORG", "معاونت اجتماعی"),
    ("ORG", "ناجا"),
    ("ORG", "مهر"),
    ("EVE", "بیست‌ویکمین گردهمایی تخصصی معاونین اجتماعی استان‌ها و پلیس‌های تخصصی"),
    ("DAT", "۲۹ دی ۱۳۹۷"),
    ("DAT", "سال ۹۷"),
    ("DAT", "۱۰ ماه اخیر"),
    ("TIM", "۸:۴۷"),
    ("TIM", "صبح شنبه"),
    ("FAC", "نیست"),
];

const HEADLINES: [(&str, &str, Status, u64); 8] = [
    ("گروهکهای معاند سال ۹۷ را برای آشوب های خود انتخاب کرده‌اند", "۲۹ دی ۱۳۹۷", Status::InProgress, 50),
    ("مراکز مشاوره در کلانتری‌ها گسترش می‌یابد و سال آینده به همهٔ استان‌ها می‌رسد", "۲۸ دی ۱۳۹۷", Status::Done, 31),
    ("افتتاح خط ۶ متروی تهران با حضور رئیس‌جمهور", "۲۸ دی ۱۳۹۷", Status::Done, 44),
    ("نشست وزیران اوپک در وین", "۲۷ دی ۱۳۹۷", Status::Flagged, 27),
    ("تیم ملی والیبال به لهستان رفت", "۲۷ دی ۱۳۹۷", Status::New, 0),
    ("بودجهٔ ۹۸ به مجلس تقدیم شد", "۲۶ دی ۱۳۹۷", Status::New, 0),
    ("زلزلهٔ ۴٫۲ ریشتری در کرمانشاه", "irna-83144820.txt", Status::New, 0),
    ("نمایشگاه کتاب از ۴ اردیبهشت", "۲۵ دی ۱۳۹۷", Status::New, 0),
];

pub fn article_id(place: u64) -> ArticleId {
    ArticleId(Uuid::from_u128(1000 + u128::from(place)))
}

pub fn label_id(name: &str) -> LabelId {
    let place = DEFAULT_LABELS.iter().position(|label| label.name == name).unwrap();
    LabelId(Uuid::from_u128(place as u128 + 1))
}

/// The labels that a new project has.
pub fn labels() -> LabelSet {
    let label = |(place, label): (usize, &barchasb::domain::label::DefaultLabel)| Label {
        id: label_id(label.name),
        name: label.name.to_owned(),
        title: label.title_fa.to_owned(),
        colour: label.colour,
        keys: label.keys.to_owned(),
        guideline: label.guideline_fa.to_owned(),
        order: place as i64,
        deleted: !label.active,
        merged_into: None,
    };
    LabelSet::new(DEFAULT_LABELS.iter().enumerate().map(label).collect())
}

/// The row at a place of the list.
pub fn row(place: u64) -> ArticleRow {
    let (title, name, status, mentions) = HEADLINES[(place % HEADLINES.len() as u64) as usize];
    let title = if place < 8 { title.to_owned() } else { format!("{title} ({place})") };
    ArticleRow { id: article_id(place), name: name.to_owned(), title, status, mentions }
}

/// The first page of a list of `total` articles.
pub fn list(total: u64) -> List {
    let rows = (0..total.min(PAGE_ROWS)).map(row).collect();
    List { total: Some(total), pages: BTreeMap::from([(0, rows)]), asked: vec![0], ..List::default() }
}

/// Every occurrence of `surface` in `text` that overlaps none in `taken`.
fn places(text: &str, surface: &str, taken: &[Mention]) -> Vec<Span> {
    let chars = |bytes: usize| text[..bytes].chars().count();
    let spans = text.match_indices(surface).map(|(at, found)| Span::from_chars(chars(at), chars(at + found.len())));
    spans.filter(|span| taken.iter().all(|mention| !mention.span.overlaps(*span))).collect()
}

/// The article at a place of the list.
pub fn article(place: u64) -> Article {
    Article::new(article_id(place), "۲۹ دی ۱۳۹۷".into(), TEXT, String::new(), Direction::Auto).unwrap()
}

/// The open article with its mentions.
pub fn open_article() -> OpenArticle {
    let article = article(0);
    let mut by_length = MENTIONS;
    by_length.sort_by_key(|(_, surface)| std::cmp::Reverse(surface.len()));
    let mut mentions: Vec<Mention> = Vec::new();
    for (label, surface) in by_length {
        for span in places(TEXT, surface, &mentions) {
            mentions.push(Mention::new(span, label_id(label)));
        }
    }
    let layer = Layer {
        version: Version(3),
        status: Status::InProgress,
        mentions: MentionSet::from_mentions(mentions),
        ..Layer::default()
    };
    let list = MentionList::new(&article, &layer.mentions, &labels());
    let caret = Span::from_chars(0, 2);
    OpenArticle {
        article,
        layer,
        list,
        place: Some(0),
        anchor: caret,
        focus: caret,
        selecting: false,
        selected: None,
        advice: Default::default(),
        review: None,
        feedback: Vec::new(),
        revision: 1,
    }
}

/// A window's state with the project open.
pub fn state(language: Language, theme: Theme) -> State {
    let mut state = State::default();
    state.settings.language = language;
    state.settings.theme = theme;
    let project = Project {
        title: "اخبار انتظامی ۱۳۹۷".to_owned(),
        path: "اخبار.barchasb".into(),
        rules: Rules::default(),
        articles: 40,
    };
    state.project = Some(OpenProject {
        label_counts: BTreeMap::from([(label_id("ORG"), 1212)]),
        annotator: Some(Annotator { id: ANNOTATOR, name: "مریم".to_owned() }),
        list: list(40),
        open: Some(open_article()),
        ..OpenProject::new(project, labels())
    });
    state
}

/// Selects the first mention with this surface.
pub fn select(state: &mut State, surface: &str) {
    let open = state.project.as_mut().unwrap().open.as_mut().unwrap();
    let key = open.layer.mentions.iter().find(|m| open.article.surface(m.span) == Some(surface)).unwrap().key();
    open.select_mention(key);
}
