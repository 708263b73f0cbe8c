//! Which disputes of the open article are in view, and how each looks: its colours, its letters, how far it is.
//!
//! Owns the way from a case to a look. It must not paint, nor decide anything.

use crate::analysis::adjudicate::{Case, Standing};
use crate::analysis::difference::differing;
use crate::domain::label::LabelId;
use crate::domain::layer::Layer;
use crate::domain::mention::MentionKey;
use crate::domain::offset::{CharOffset, Span};
use crate::session::review::{Review, Version, waits};
use crate::session::state::OpenProject;
use crate::text::geometry::LineRect;
use crate::ui::article_paint::{Canvas, Drawn};
use crate::ui::kit::Kit;
use crate::ui::review_paint::{DisputeLook, Mark};
use crate::ui::review_words::letter_words;
use crate::ui::suggestion_words::label_title;
use std::borrow::Cow;
use std::collections::HashSet;

/// The mentions of the gold layer that belong to disputes: these show with their dispute.
pub(super) fn gold_in_disputes(review: &Review, gold: &Layer) -> HashSet<MentionKey> {
    review.disputes().into_iter().filter_map(|at| review.cases.get(at)).flat_map(|case| case.gold(gold)).collect()
}

/// Where the disputes start that wait for a decision, in order.
pub(super) fn open_starts(review: &Review) -> Vec<CharOffset> {
    review.cases.iter().filter(|case| waits(case)).map(|case| case.cluster.span.start).collect()
}

/// The disputes in view, drawn.
pub(super) fn disputes_in_view<'a>(
    canvas: &Canvas<'_>,
    project: &'a OpenProject,
    (review, gold): (&Review, &Layer),
    visible: Span,
    rects_of: &dyn Fn(Span) -> Vec<LineRect>,
) -> Vec<Drawn<'a>> {
    let mut drawn = Vec::new();
    for (number, at) in (1_u64..).zip(review.disputes()) {
        let Some(case) = review.cases.get(at).filter(|case| case.cluster.span.overlaps(visible)) else { continue };
        let mark = mark_of(case);
        let chosen = review.current == Some(at);
        let stands = if mark == Mark::Decided { case.gold(gold) } else { Vec::new() };
        let look = |labels: &[LabelId], differing: &[Span]| DisputeLook {
            number: canvas.kit.locale.number(number),
            colours: colours(canvas.kit, project, labels),
            differing: differing.iter().flat_map(|span| rects_of(*span)).collect(),
            letters: letters(canvas.kit, &review.versions(at)),
            mark,
            chosen,
        };
        if stands.is_empty() {
            let labels = labels_of(project, case.cluster.readings.iter().flatten());
            let look = look(&labels, &differing(&case.cluster.readings));
            let title = if mark == Mark::Decided {
                canvas.kit.words("review-nothing").into()
            } else {
                titles(project, &labels)
            };
            drawn.push(one(case.cluster.span, title, Some(look), canvas, rects_of));
            continue;
        }
        for (place, key) in stands.iter().enumerate() {
            let labels = labels_of(project, [key].into_iter());
            let title = titles(project, &labels);
            let look = look(&labels, &[]);
            let mut mention = one(key.span, title, (place == 0).then(|| look.clone()), canvas, rects_of);
            mention.colour = look.colours.first().copied().unwrap_or(mention.colour);
            drawn.push(mention);
        }
    }
    drawn
}

fn one<'a>(
    span: Span,
    title: Cow<'a, str>,
    dispute: Option<DisputeLook>,
    canvas: &Canvas<'_>,
    rects_of: &dyn Fn(Span) -> Vec<LineRect>,
) -> Drawn<'a> {
    let soft = canvas.kit.palette.soft_ink;
    let colour = dispute.as_ref().and_then(|look| look.colours.first().copied()).unwrap_or(soft);
    Drawn { span, rects: rects_of(span), lane: 0, colour, title, emphasis: 0, dotted: false, has_note: false, dispute }
}

/// How far a case is, as it is shown.
pub(super) fn mark_of(case: &Case) -> Mark {
    match &case.standing {
        Standing::Open => Mark::Open,
        Standing::Reopened(_) => Mark::Reopened,
        Standing::Aside(_) => Mark::Aside,
        Standing::Agreed | Standing::Decided(_) => Mark::Decided,
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
