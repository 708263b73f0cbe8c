//! Which disputes of the open article are in view, and how each looks: its colours, its letters, how far it is.
//!
//! Owns the way from a case to a look. It must not paint, nor decide anything.

use crate::analysis::adjudicate::{self, Case};
use crate::analysis::difference::differing;
use crate::domain::label::LabelId;
use crate::domain::mention::MentionKey;
use crate::domain::offset::Span;
use crate::session::review::{Review, Version};
use crate::session::state::{OpenArticle, OpenProject};
use crate::text::geometry::LineRect;
use crate::ui::article_paint::{Canvas, Drawn, Held, Standing};
use crate::ui::kit::Kit;
use crate::ui::review_paint::{DisputeLook, Mark};
use crate::ui::review_words::letter_words;
use crate::ui::suggestion_words::label_title;
use std::borrow::Cow;

/// What is drawn of disputes: where it is looked up, and what is being dragged.
pub(super) struct Scene<'a, 's> {
    pub(super) project: &'a OpenProject,
    pub(super) open: &'a OpenArticle,
    pub(super) review: &'a Review,
    pub(super) standing: &'s Standing<'s>,
    /// The rectangles of a span, as far as it is in view.
    pub(super) rects_of: &'s dyn Fn(Span) -> Vec<LineRect>,
}

impl<'a> Scene<'a, '_> {
    /// The disputes in view, drawn.
    pub(super) fn disputes(&self, canvas: &Canvas<'_>, visible: Span) -> Vec<Drawn<'a>> {
        let (review, mut drawn) = (self.review, Vec::new());
        let gold = review.gold(&self.open.layer);
        for (number, at) in (1_u64..).zip(review.disputes().iter().copied()) {
            let Some(case) = review.cases.get(at).filter(|case| case.cluster.span.overlaps(visible)) else { continue };
            let mark = mark_of(case);
            let stands = if mark == Mark::Decided { case.gold(gold) } else { Vec::new() };
            let look = |labels: &[LabelId], differing: &[Span]| DisputeLook {
                number: canvas.kit.locale.number(number),
                colours: colours(canvas.kit, self.project, labels),
                differing: differing.iter().flat_map(|span| (self.rects_of)(*span)).collect(),
                letters: letters(canvas.kit, review.versions(at)),
                mark,
                chosen: review.current == Some(at),
            };
            if mark == Mark::Decided && stands.is_empty() {
                // Nothing is to look labelled there: a dotted line tells that the place was thought of.
                let title = canvas.kit.words("review-says-nothing").into();
                let nothing = self.one(canvas, case.cluster.span, title, Some(look(&[], &[])));
                drawn.push(Drawn { dotted: true, ..nothing });
            } else if stands.is_empty() {
                let mentions = case.cluster.readings.iter().flatten();
                let labels = match case.cluster.readings.iter().all(Vec::is_empty) {
                    // Nobody says any more what gold still holds.
                    true => labels_of(self.project, case.gold(gold).iter()),
                    false => labels_of(self.project, mentions),
                };
                let differing = match case.cluster.readings.iter().all(Vec::is_empty) {
                    true => vec![case.cluster.span],
                    false => differing(&case.cluster.readings),
                };
                let title = titles(self.project, &labels);
                drawn.push(self.one(canvas, case.cluster.span, title, Some(look(&labels, &differing))));
            }
            for (place, key) in stands.iter().enumerate() {
                let labels = labels_of(self.project, [key].into_iter());
                let look = look(&labels, &[]);
                let colour = look.colours.first().copied();
                let held = Held::Mention(*key);
                let span = self.standing.resized.filter(|(of, _)| *of == held).map_or(key.span, |(_, span)| span);
                let mention = self.one(canvas, span, titles(self.project, &labels), (place == 0).then_some(look));
                let emphasis = if self.open.selected == Some(*key) { 2 } else { 0 };
                let has_note = self.open.mention(*key).is_some_and(|mention| mention.note.is_some());
                drawn.push(Drawn { colour: colour.unwrap_or(mention.colour), emphasis, has_note, ..mention });
            }
        }
        drawn
    }

    fn one(&self, canvas: &Canvas<'_>, span: Span, title: Cow<'a, str>, dispute: Option<DisputeLook>) -> Drawn<'a> {
        let soft = canvas.kit.palette.soft_ink;
        let colour = dispute.as_ref().and_then(|look| look.colours.first().copied()).unwrap_or(soft);
        let rects = (self.rects_of)(span);
        Drawn { span, rects, lane: 0, colour, title, emphasis: 0, dotted: false, has_note: false, dispute }
    }
}

/// How far a case is, as it is shown.
pub(super) fn mark_of(case: &Case) -> Mark {
    match &case.standing {
        adjudicate::Standing::Open => Mark::Open,
        adjudicate::Standing::Reopened(_) => Mark::Reopened,
        adjudicate::Standing::Aside(_) => Mark::Aside,
        adjudicate::Standing::Agreed | adjudicate::Standing::Decided(_) => Mark::Decided,
    }
}

/// The labels of mentions as they show, each once, in order.
fn labels_of<'m>(project: &OpenProject, mentions: impl Iterator<Item = &'m MentionKey>) -> Vec<LabelId> {
    let mut labels = Vec::new();
    for mention in mentions {
        let label = project.labels.shown(mention.label);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

fn colours(kit: &Kit<'_>, project: &OpenProject, labels: &[LabelId]) -> Vec<egui::Color32> {
    let found = labels.iter().filter_map(|label| project.label(*label));
    found.map(|label| kit.palette.label_ink(label.colour)).collect()
}

/// «شخص / سازمان».
fn titles<'a>(project: &'a OpenProject, labels: &[LabelId]) -> Cow<'a, str> {
    let titles: Vec<&str> = labels.iter().map(|label| project.label(*label).map_or("?", label_title)).collect();
    match titles.as_slice() {
        [one] => Cow::Borrowed(*one),
        several => Cow::Owned(several.join(" / ")),
    }
}

/// The letters of each version: «الف», or «الف ب» where two read it alike.
pub(super) fn letters(kit: &Kit<'_>, versions: &[Version]) -> Vec<String> {
    let of_version = |version: &Version| {
        let letters: Vec<String> = version.letters.iter().map(|letter| letter_words(kit.locale, *letter)).collect();
        letters.join(" ")
    };
    versions.iter().map(of_version).collect()
}
