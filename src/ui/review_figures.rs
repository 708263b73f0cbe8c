//! The figures of the article under review: how far those who labelled it agree.
//!
//! Owns when they are counted anew, and how they show. What they mean is `analysis`' business.

use crate::analysis::agreement::{Meeting, PairCounts};
use crate::analysis::coded_layer::CodedLayer;
use crate::analysis::label_table::LabelTable;
use crate::analysis::undefined::{Undefined, Value};
use crate::domain::article::ArticleId;
use crate::domain::mention::MentionKey;
use crate::domain::offset::Span;
use crate::domain::segmentation::Segmentation;
use crate::session::review::Review;
use crate::session::state::OpenArticle;
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::theme::{size, space};
use crate::words::message::Message;
use egui::{CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The height of the tiles, in points.
const TILE_HEIGHT: f32 = 62.0;
/// Between two tiles, in points.
const GAP: f32 = 8.0;

/// What the figures were counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CountedFor {
    article: ArticleId,
    revision: u64,
    taking_part: usize,
}

/// The figures.
#[derive(Clone, Copy, Debug)]
struct Figures {
    exact: Value,
    kappa: Value,
    boundary: Value,
}

/// The tiles, with what they have counted.
#[derive(Debug, Default)]
pub struct ReviewFigures {
    counted: Option<(CountedFor, Figures)>,
}

impl ReviewFigures {
    /// Draws the tiles in the width there is.
    pub fn show(&mut self, ui: &mut Ui, kit: &Kit<'_>, open: &OpenArticle, review: &Review) {
        let figures = self.count(open, review);
        let tiles = [
            ("review-figure-exact", figures.exact),
            ("review-figure-kappa", figures.kappa),
            ("review-figure-boundary", figures.boundary),
        ];
        let (room, _) = ui.allocate_exact_size(vec2(ui.available_width(), TILE_HEIGHT), Sense::hover());
        let width = (room.width() - GAP * 2.0) / 3.0;
        for (place, (id, value)) in tiles.into_iter().enumerate() {
            let x = place as f32 * (width + GAP);
            let left = if kit.rtl() { room.right() - x - width } else { room.left() + x };
            tile(ui, kit, Rect::from_min_size(pos2(left, room.top()), vec2(width, TILE_HEIGHT)), id, value);
        }
    }

    fn count(&mut self, open: &OpenArticle, review: &Review) -> Figures {
        let (article, revision, taking_part) = (open.article.id(), open.revision, review.taking_part());
        let wanted = CountedFor { article, revision, taking_part };
        if let Some((_, figures)) = self.counted.as_ref().filter(|(counted, _)| *counted == wanted) {
            return *figures;
        }
        let cut = Segmentation::of_text(open.article.text());
        let tokens: Vec<Span> = cut.tokens().iter().map(|token| token.span).collect();
        let mut labels = LabelTable::default();
        let layers = layers_of(review);
        let coded: Vec<CodedLayer> =
            layers.into_iter().map(|layer| CodedLayer::from_mentions(layer, &tokens, &mut labels)).collect();
        let mut pairs = Vec::new();
        for (place, first) in coded.iter().enumerate() {
            // The layers stand on the same tokens.
            pairs.extend(coded.iter().skip(place + 1).filter_map(|second| PairCounts::of_article(first, second).ok()));
        }
        let figures = Figures {
            exact: mean(&pairs, |pair| pair.matched(Meeting::Exact).f1()),
            kappa: mean(&pairs, PairCounts::kappa_of_labels),
            boundary: mean(&pairs, |pair| pair.boundary().f1()),
        };
        self.counted = Some((wanted, figures));
        figures
    }
}

/// What each of those who take part says of the whole article.
fn layers_of(review: &Review) -> Vec<Vec<MentionKey>> {
    let mut layers: Vec<Vec<MentionKey>> = vec![Vec::new(); review.taking_part()];
    for case in &review.cases {
        for (layer, reading) in layers.iter_mut().zip(&case.readings) {
            layer.extend(&reading.mentions);
        }
    }
    layers
}

/// The mean over all pairs; undefined when that of any pair is.
fn mean(pairs: &[PairCounts], value: impl Fn(&PairCounts) -> Value) -> Value {
    if pairs.is_empty() {
        return Err(Undefined::OneAnnotator);
    }
    let sum: f64 = pairs.iter().map(value).sum::<Result<f64, Undefined>>()?;
    Ok(sum / pairs.len() as f64)
}

/// Why a measure has no value: an id of the locale files.
#[must_use]
pub fn undefined_words(reason: Undefined) -> &'static str {
    match reason {
        Undefined::NoCommonArticle => "undefined-no-article",
        Undefined::OneAnnotator => "undefined-one-annotator",
        Undefined::NoTokens => "undefined-no-tokens",
        Undefined::NoMentions => "undefined-no-mentions",
        Undefined::OneCategory => "undefined-one-category",
        Undefined::NothingLabelled => "undefined-nothing-labelled",
        Undefined::NothingAligned => "undefined-nothing-aligned",
        Undefined::TooDense => "undefined-too-dense",
        Undefined::NoChance => "undefined-no-chance",
        Undefined::OneArticle => "undefined-one-article",
        Undefined::TooFewDraws => "undefined-few-draws",
    }
}

fn tile(ui: &Ui, kit: &Kit<'_>, rect: Rect, id: &str, value: Value) {
    let palette = &kit.palette;
    let name = kit.words(id);
    let shown = match value {
        Ok(value) => fraction(kit, value),
        Err(_) => "—".to_owned(),
    };
    let radius = CornerRadius::same(space::ROW_RADIUS);
    ui.painter().rect(rect, radius, palette.paper, Stroke::new(1.0, palette.line), StrokeKind::Inside);
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::hover());
    let aloud = format!("{name}: {shown}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &aloud));
    let look = Look { size: size::TITLE, weight: 700.0, colour: palette.ink };
    let number = kit.galley(ui, &shown, look, kit.locale.direction(), Wrap::Extend);
    let caption = kit.galley(ui, &name, kit.small(), kit.locale.direction(), Wrap::Truncate(rect.width() - 8.0));
    let at = |size: egui::Vec2, y: f32| pos2(rect.center().x - size.x / 2.0, rect.top() + y - size.y / 2.0);
    ui.painter().galley(at(number.size(), 24.0), number.clone(), palette.ink);
    ui.painter().galley(at(caption.size(), 47.0), caption.clone(), palette.soft_ink);
    let told = match value {
        Ok(_) => kit.words(&format!("{id}-what")),
        Err(reason) => kit.words(undefined_words(reason)),
    };
    let _told = kit.hint(response, &told);
}

/// A number between -1 and 1 with two places: «۰٫۹۵».
#[must_use]
pub fn fraction(kit: &Kit<'_>, value: f64) -> String {
    let hundredths = (value * 100.0).round() as i64;
    let (sign, hundredths) = if hundredths < 0 { ("\u{2212}", -hundredths) } else { ("", hundredths) };
    let message = Message::new("fraction")
        .number("whole", hundredths / 100)
        .number("tenths", hundredths / 10 % 10)
        .number("hundredths", hundredths % 10);
    format!("{sign}{}", kit.locale.message(&message))
}
