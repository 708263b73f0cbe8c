//! A picture as SVG.
//!
//! Owns the elements. It must not write a colour: colours are classes, whose values stand in `picture.css` and, for labels, in the set.
//! Text comes out of a project and is escaped.

use crate::analysis::picture::{Anchor, Area, Mark, Picture, Tint, Weight, Words, estimated_width_px};
use crate::domain::label::LabelSet;
use crate::formats::html::page::escaped;
use std::fmt::Write as _;

/// What the classes look like, in light and in dark.
pub const STYLE: &str = include_str!("picture.css");

/// How many steps a heat has.
const HEAT_STEPS: f32 = 10.0;

/// The picture as an element of an HTML page that has [`STYLE`] and [`label_styles`].
#[must_use]
pub fn svg_element(picture: &Picture, labels: &LabelSet) -> String {
    element(picture, labels, "")
}

/// The picture as a file of its own.
///
/// ```
/// use barchasb::analysis::picture::Picture;
/// use barchasb::domain::label::LabelSet;
/// use barchasb::exchange::picture_svg::svg_file;
/// let file = svg_file(&Picture::new(10.0, 20.0, "a < b"), &LabelSet::default());
/// assert!(file.contains("viewBox=\"0 0 10 20\"") && file.contains("<title>a &lt; b</title>"));
/// ```
#[must_use]
pub fn svg_file(picture: &Picture, labels: &LabelSet) -> String {
    let style = format!(
        "<style>{STYLE}{}</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n",
        label_styles(labels)
    );
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", element(picture, labels, &style))
}

/// The colours of the labels, as classes.
#[must_use]
pub fn label_styles(labels: &LabelSet) -> String {
    let mut styles = String::new();
    for (number, label) in labels.all().iter().enumerate() {
        let _ = writeln!(styles, ".l{number}{{fill:{}}}", label.colour.hex());
    }
    styles
}

fn element(picture: &Picture, labels: &LabelSet, inside: &str) -> String {
    let (width, height) = (number(picture.width_px), number(picture.height_px));
    let direction = if picture.is_rtl { "rtl" } else { "ltr" };
    let told = escaped(&picture.told);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" direction=\"{direction}\" role=\"img\" aria-label=\"{told}\">\n<title>{told}</title>\n{inside}"
    );
    for mark in &picture.marks {
        put_mark(&mut svg, mark, labels);
    }
    for spot in picture.spots.iter().filter(|spot| !spot.words.is_empty()) {
        let words = escaped(&spot.words);
        let _ = writeln!(svg, "<rect class=\"spot\" {}><title>{words}</title></rect>", area(spot.area));
    }
    svg.push_str("</svg>\n");
    svg
}

fn put_mark(svg: &mut String, mark: &Mark, labels: &LabelSet) {
    let _ = match mark {
        Mark::Rect { area: rect, radius_px, tint } => {
            let radius = if *radius_px > 0.0 { format!(" rx=\"{}\"", number(*radius_px)) } else { String::new() };
            writeln!(svg, "<rect class=\"{}\" {}{radius}/>", class(*tint, labels), area(*rect))
        }
        Mark::Line { points, width_px, tint } => {
            let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
            let (class, width) = (class(*tint, labels), number(*width_px));
            writeln!(
                svg,
                "<polyline class=\"stroke {class}\" stroke-width=\"{width}\" points=\"{}\"/>",
                points.join(" ")
            )
        }
        Mark::Disc { middle: (x, y), radius_px, tint } => {
            let class = class(*tint, labels);
            writeln!(
                svg,
                "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
                number(*x),
                number(*y),
                number(*radius_px)
            )
        }
        Mark::Words(words) => writeln!(svg, "{}", words_element(words, labels)),
    };
}

fn words_element(words: &Words, labels: &LabelSet) -> String {
    let anchor = match words.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let bold = if words.weight == Weight::Bold { " bold" } else { "" };
    // Letters stand on their baseline, a third of their size below their middle.
    let (x, y) = (number(words.x_px), number(words.y_px + words.size_px * 0.35));
    let (class, size) = (class(words.tint, labels), number(words.size_px));
    let text = escaped(&cut(words));
    format!(
        "<text class=\"{class}{bold}\" x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\">{text}</text>"
    )
}

/// The words, cut where they would pass their room; no one has laid them out, so the room is estimated.
fn cut(words: &Words) -> String {
    if estimated_width_px(&words.text, words.size_px) <= words.most_px * 1.15 {
        return words.text.clone();
    }
    let mut cut = String::new();
    for c in words.text.chars() {
        if estimated_width_px(&cut, words.size_px) + words.size_px > words.most_px {
            break;
        }
        cut.push(c);
    }
    format!("{}…", cut.trim_end())
}

fn class(tint: Tint, labels: &LabelSet) -> String {
    let step = |heat: f32| (heat.clamp(0.0, 1.0) * HEAT_STEPS).round() as u8;
    match tint {
        Tint::Ink => "ink".to_owned(),
        Tint::Soft => "soft".to_owned(),
        Tint::Line => "hair".to_owned(),
        Tint::Paper => "paper".to_owned(),
        Tint::Ground => "ground".to_owned(),
        Tint::Accent => "accent".to_owned(),
        Tint::Good => "good".to_owned(),
        Tint::Warning => "warning".to_owned(),
        Tint::Label(id) => match labels.all().iter().position(|label| label.id == id) {
            Some(place) => format!("l{place}"),
            None => "soft".to_owned(),
        },
        Tint::Series(place) => format!("s{place}"),
        Tint::Heat(heat) => format!("heat h{}", step(heat)),
        Tint::Fault(heat) => format!("fault h{}", step(heat)),
    }
}

fn area(area: Area) -> String {
    let [x, y, width, height] = [area.x_px, area.y_px, area.width_px, area.height_px].map(number);
    format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
}

/// A length with at most two digits behind the point.
fn number(length_px: f32) -> String {
    let rounded = (f64::from(length_px) * 100.0).round() / 100.0;
    // There is no negative nought.
    (rounded + 0.0).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mark: Mark, expected: &str) {
        let mut svg = String::new();
        put_mark(&mut svg, &mark, &LabelSet::default());
        assert_eq!(svg.trim_end(), expected);
    }

    #[test]
    fn marks_are_elements() {
        let rect = Area::new(1.0, 2.125, 30.0, -0.0);
        check(
            Mark::Rect { area: rect, radius_px: 2.0, tint: Tint::Heat(0.44) },
            r#"<rect class="heat h4" x="1" y="2.13" width="30" height="0" rx="2"/>"#,
        );
        check(
            Mark::Line { points: vec![(0.0, 1.0), (2.0, 3.5)], width_px: 1.0, tint: Tint::Line },
            r#"<polyline class="stroke hair" stroke-width="1" points="0,1 2,3.5"/>"#,
        );
        let words = |text: &str, most_px: f32| Words {
            x_px: 5.0,
            y_px: 10.0,
            anchor: Anchor::Start,
            size_px: 10.0,
            weight: Weight::Bold,
            tint: Tint::Ink,
            most_px,
            text: text.into(),
        };
        check(
            Mark::Words(words("a<b", 100.0)),
            r#"<text class="ink bold" x="5" y="13.5" font-size="10" text-anchor="start">a&lt;b</text>"#,
        );
        check(
            Mark::Words(words("نام بسیار دراز", 40.0)),
            r#"<text class="ink bold" x="5" y="13.5" font-size="10" text-anchor="start">نام بس…</text>"#,
        );
    }
}
