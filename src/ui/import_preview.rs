//! The preview of an import: the first articles as they will stand, their mentions in the colours of their labels.
//!
//! Owns their layout. It must not decide what becomes of a label: it is told.

use crate::domain::article::{Article, ArticleId, Direction};
use crate::domain::offset::Span;
use crate::domain::record::ArticleRecord;
use crate::text::document::{Document, DocumentStyle};
use crate::ui::article_paint::{Canvas, Mark, paint_marks};
use crate::ui::form;
use crate::ui::kit::Kit;
use crate::ui::theme::size;
use egui::{Color32, Role, Sense, Ui, WidgetInfo, vec2};
use uuid::Uuid;

/// How many articles are shown.
const SHOWN: usize = 3;
/// How much of an article is shown, in code points.
const SHOWN_CHARS: usize = 1_200;
/// The line height: room for lanes and names, less than in the article itself.
const LINE_HEIGHT: f32 = 2.05;
/// The size of the text beside the article's own.
const ZOOM: f32 = 0.84;
/// From the edge of the preview to its texts, in points.
const MARGIN: f32 = 14.0;

/// What becomes of a label: its name on the screen and its colour; `None` when it is skipped.
pub type Shade<'a> = Option<(&'a str, Color32)>;

/// The first articles, laid out.
#[derive(Default)]
pub struct ImportPreview {
    /// The number of the survey they are of.
    number: u64,
    pieces: Vec<Piece>,
}

impl std::fmt::Debug for ImportPreview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportPreview").field("number", &self.number).finish_non_exhaustive()
    }
}

/// The beginning of an article.
struct Piece {
    /// Its name, and whether the text goes on.
    name: String,
    is_cut: bool,
    article: Article,
    document: Document,
    mentions: Vec<Said>,
}

/// A mention of the file.
struct Said {
    span: Span,
    label: String,
    is_suggestion: bool,
}

impl ImportPreview {
    /// Takes the first articles of a survey, unless it has them.
    pub fn take(&mut self, number: u64, records: &[ArticleRecord]) {
        if self.number != number {
            self.number = number;
            self.pieces = records.iter().filter_map(Piece::new).take(SHOWN).collect();
        }
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Shows the articles one below the other. `shade_of`: what becomes of a label; `all_suggested`: the mentions become suggestions.
    pub fn show<'a>(&mut self, ui: &mut Ui, kit: &Kit<'_>, shade_of: &dyn Fn(&str) -> Shade<'a>, all_suggested: bool) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let count = self.pieces.len();
        for (place, piece) in self.pieces.iter_mut().enumerate() {
            ui.add_space(8.0);
            kit.row(ui, |ui| {
                ui.add_space(MARGIN);
                kit.line(ui, &piece.name, kit.small(), ui.available_width() - MARGIN);
            });
            piece.show(ui, kit, shade_of, all_suggested);
            if place + 1 < count {
                // The names under the last line hang below it.
                ui.add_space(10.0);
                form::line(ui, kit);
            }
        }
        ui.add_space(8.0);
    }
}

impl Piece {
    fn new(record: &ArticleRecord) -> Option<Self> {
        let text = beginning(&record.text);
        let is_cut = text.len() < record.text.len();
        let name = record.name.clone().unwrap_or_default();
        let id = ArticleId(Uuid::nil());
        let article = Article::new(id, name.clone(), text, String::new(), record.direction).ok()?;
        let fits = |span: Span| article.bytes_from_span(span).is_some();
        let said = |span, label: &str, is_suggestion| Said { span, label: label.to_owned(), is_suggestion };
        let layers = record.layers.iter().flat_map(|layer| &layer.mentions);
        let predicted = record.predictions.iter().flat_map(|said| &said.mentions);
        let mut mentions: Vec<Said> = layers
            .map(|mention| said(mention.span, &mention.label, false))
            .chain(predicted.map(|mention| said(mention.span, &mention.label, true)))
            .filter(|said| fits(said.span))
            .collect();
        mentions.sort_by(|a, b| (a.span, &a.label, a.is_suggestion).cmp(&(b.span, &b.label, b.is_suggestion)));
        mentions.dedup_by(|a, b| a.span == b.span && a.label == b.label);
        let document = Document::new(article.text().clone(), style(1.0, 100.0, article.direction));
        Some(Self { name, is_cut, article, document, mentions })
    }

    fn show<'a>(&mut self, ui: &mut Ui, kit: &Kit<'_>, shade_of: &dyn Fn(&str) -> Shade<'a>, all_suggested: bool) {
        let width = (ui.available_width() - MARGIN * 2.0).max(40.0);
        let scale = ui.ctx().pixels_per_point();
        let style = style(scale, width * scale, self.article.direction);
        let height_px = kit.bridge.with_engine(|engine| {
            self.document.set_style(engine, style);
            // The whole of it: a beginning is short.
            drop(self.document.visible(engine, f32::MAX / 4.0));
            self.document.total_height_px() as f32
        });
        let wanted = vec2(ui.available_width(), height_px / scale);
        let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
        let shown =
            || if self.is_cut { format!("{}…", self.article.text()) } else { self.article.text().to_string() };
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, shown()));
        if ui.is_rect_visible(rect) {
            let mark = |said: &Said| {
                let (title, colour) = shade_of(&said.label)?;
                Some(Mark { span: said.span, colour, title, dotted: said.is_suggestion || all_suggested })
            };
            let marks: Vec<Mark<'_>> = self.mentions.iter().filter_map(mark).collect();
            let painter = ui.painter().clone();
            let canvas = Canvas { ui, kit, painter: &painter, origin: rect.min + vec2(MARGIN, 0.0), width, zoom: ZOOM };
            paint_marks(&canvas, &self.document, &self.article, &marks);
        }
        if self.is_cut {
            kit.row(ui, |ui| {
                ui.add_space(MARGIN);
                kit.line(ui, &kit.words("import-goes-on"), kit.small(), width);
            });
        }
    }
}

/// How a text is set at a scale, in a column of this width in pixels.
fn style(scale: f32, width_px: f32, direction: Direction) -> DocumentStyle {
    let scale = scale * ZOOM;
    DocumentStyle {
        size_px: size::ARTICLE * scale,
        lead_size_px: size::LEAD * scale,
        weight: 400.0,
        line_height: LINE_HEIGHT,
        direction,
        width_px,
        paragraph_gap_px: 2.0 * scale,
        blank_gap_px: 7.0 * scale,
    }
}

/// The first code points of a text, up to the end of a word where there is one.
fn beginning(text: &str) -> &str {
    let Some((end, _)) = text.char_indices().nth(SHOWN_CHARS) else { return text };
    let head = text.get(..end).unwrap_or(text);
    let word_end = head.rfind(char::is_whitespace).filter(|at| *at > end / 2);
    word_end.and_then(|at| head.get(..at)).unwrap_or(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_after_a_word() {
        assert_eq!(beginning("سلام دنیا"), "سلام دنیا");
        let long = "واژه ".repeat(1000);
        let cut = beginning(&long);
        assert!(cut.ends_with("واژه") && cut.chars().count() < SHOWN_CHARS);
        assert_eq!(beginning(&"آ".repeat(3000)).chars().count(), SHOWN_CHARS);
    }
}
