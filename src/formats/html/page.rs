//! HTML: a page to show an article and its mentions to people.
//!
//! Owns its row, the page and the colours of its labels. A page is whole by itself: no scripts, no links, no fonts from elsewhere. It
//! must not write anything of a file unescaped, and is not read again.

use crate::domain::article::{Direction, title_from_text};
use crate::domain::label::Colour;
use crate::domain::offset::Span;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use crate::formats::files::Sink;
use crate::formats::foreign::Held;
use crate::formats::format::{Container, FormatFacts, RecordWriter, Unit, WrittenLabel};
use crate::formats::html::marks::{Mark, Opened, marks};
use crate::formats::losses::Holding;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::Likeness;
use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

/// The row of HTML.
pub static FACTS: FormatFacts = FormatFacts {
    name: "html",
    title: "a page to show an article",
    endings: &["html", "htm"],
    container: Container::Article,
    unit: Unit::Fixed(OffsetUnit::CodePoint),
    holds: &[Held::Overlap, Held::Nesting, Held::Note, Held::Annotator, Held::SecondLayer, Held::Name],
    lines: false,
    columns: false,
    reader: None,
    writer: Some(|sink: Sink, options| {
        Ok(Box::new(HtmlWriter { output: sink.one("html")?, labels: Arc::clone(&options.labels) }))
    }),
    detect: |_| Likeness::No,
    companions: None,
};

/// What the page looks like.
const STYLE: &str = include_str!("page.css");

/// Colours for labels of which the project says none: those of Tableau 10.
const COLOURS: [u32; 8] = [0x4E_79A7, 0xF2_8E2B, 0xE1_5759, 0x76_B7B2, 0x59_A14F, 0xED_C948, 0xB0_7AA1, 0x9C_755F];

/// The colours of a page in light and in dark.
const LIGHT_PAGE: u32 = 0xFF_FFFF;
const DARK_PAGE: u32 = 0x16_181D;

/// The writer of a page.
struct HtmlWriter {
    output: Box<dyn Write + Send>,
    labels: Arc<[WrittenLabel]>,
}

impl RecordWriter for HtmlWriter {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        problems.extend(Holding::of(&FACTS).losses(record, Place::default()));
        Ok(self.output.write_all(page(record, &self.labels).as_bytes())?)
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        Ok(self.output.flush()?)
    }
}

/// The page of an article.
///
/// ```
/// use barchasb::domain::record::ArticleRecord;
/// use barchasb::formats::html::page::page;
/// let article = ArticleRecord { text: "a < b".into(), ..ArticleRecord::default() };
/// assert!(page(&article, &[]).contains("a &lt; b"));
/// ```
#[must_use]
pub fn page(record: &ArticleRecord, labels: &[WrittenLabel]) -> String {
    let shown = shown_labels(record, labels);
    let title = record.name.clone().unwrap_or_else(|| title_from_text(&record.text, 60));
    let (direction, language) = match record.direction {
        Direction::LeftToRight => ("ltr", ""),
        Direction::RightToLeft | Direction::Auto => ("rtl", " lang=\"fa\""),
    };
    let mut page = format!("<!DOCTYPE html>\n<html{language} dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    let _ = writeln!(page, "<title>{}</title>\n<style>\n{STYLE}{}</style>", escaped(&title), colours(&shown));
    let _ = writeln!(page, "</head>\n<body>\n<main>\n<h1><bdi>{}</bdi></h1>", escaped(&title));
    let bare = [LayerRecord::default()];
    let layers = if record.layers.is_empty() { &bare[..] } else { &record.layers };
    for layer in layers {
        if let Some(annotator) = &layer.annotator {
            let _ = writeln!(page, "<h2><bdi>{}</bdi></h2>", escaped(annotator));
        }
        put_legend(&mut page, layer, &shown, record.direction);
        put_text(&mut page, record, layer, &shown);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// A label as it is shown.
struct ShownLabel<'a> {
    name: &'a str,
    title: &'a str,
    colour: Colour,
}

/// The labels that mentions have: those of the project in its order, then others in the order in which they come.
fn shown_labels<'a>(record: &'a ArticleRecord, labels: &'a [WrittenLabel]) -> Vec<ShownLabel<'a>> {
    let used = |name: &str| record.layers.iter().flat_map(|layer| &layer.mentions).any(|mention| mention.label == name);
    let known = labels.iter().filter(|label| used(&label.name));
    let mut shown: Vec<ShownLabel<'a>> =
        known.map(|label| ShownLabel { name: &label.name, title: &label.title, colour: label.colour }).collect();
    for mention in record.layers.iter().flat_map(|layer| &layer.mentions) {
        if !shown.iter().any(|label| label.name == mention.label) {
            let colour = unlike(&shown);
            shown.push(ShownLabel { name: &mention.label, title: "", colour });
        }
    }
    shown
}

/// The colour that is least like those of these labels, and least used among equals.
fn unlike(shown: &[ShownLabel<'_>]) -> Colour {
    let distance = |colour: u32, label: &ShownLabel<'_>| -> u32 {
        channels(colour).into_iter().zip(channels(label.colour.0)).map(|(one, other)| one.abs_diff(other)).sum()
    };
    let nearest = |colour: &u32| shown.iter().map(|label| distance(*colour, label)).min();
    let count = |colour: u32| shown.iter().filter(|label| label.colour.0 == colour).count();
    // The first of those that are as good stands last.
    let best = COLOURS.iter().rev().max_by_key(|colour| (std::cmp::Reverse(count(**colour)), nearest(colour)));
    Colour(best.copied().unwrap_or_default())
}

/// The colours of every label: its own for tags, a tint of it behind words, so that they keep their contrast in light and dark.
fn colours(shown: &[ShownLabel<'_>]) -> String {
    let (mut light, mut dark) = (String::new(), String::new());
    for (number, label) in shown.iter().enumerate() {
        let Colour(colour) = label.colour;
        let (solid, on) = (label.colour.hex(), if is_light(colour) { "#000" } else { "#fff" });
        let tint = mixed(colour, LIGHT_PAGE, 24).hex();
        let _ = writeln!(light, ".l{number}{{--solid:{solid};--on:{on};--tint:{tint}}}");
        let tint = mixed(colour, DARK_PAGE, 32).hex();
        let _ = write!(dark, ".l{number}{{--tint:{tint}}}");
    }
    format!("{light}@media (prefers-color-scheme:dark){{{dark}}}\n")
}

/// Red, green and blue.
fn channels(colour: u32) -> [u32; 3] {
    [16, 8, 0].map(|shift| (colour >> shift) & 0xFF)
}

/// `percent` of a colour on a page.
fn mixed(colour: u32, page: u32, percent: u32) -> Colour {
    let mixed = channels(colour).into_iter().zip(channels(page));
    Colour(mixed.fold(0, |all, (colour, page)| (all << 8) | ((colour * percent + page * (100 - percent)) / 100)))
}

/// Whether black is read better on a colour than white (relative luminance of WCAG 2).
fn is_light(colour: u32) -> bool {
    let linear = |channel: u32| {
        let part = f64::from(channel) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = channels(colour).map(linear);
    // Where both have the same contrast.
    0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
}

fn put_legend(page: &mut String, layer: &LayerRecord, shown: &[ShownLabel<'_>], direction: Direction) {
    let count = |label: &ShownLabel<'_>| layer.mentions.iter().filter(|mention| mention.label == label.name).count();
    let rows = shown.iter().enumerate().map(|(number, label)| (number, label, count(label)));
    let mut rows = rows.filter(|(_, _, count)| *count > 0).peekable();
    if rows.peek().is_none() {
        return;
    }
    page.push_str("<ul class=\"legend\">\n");
    for (number, label, count) in rows {
        let title = if label.title.is_empty() { label.name } else { label.title };
        let name = if title == label.name { String::new() } else { format!(" title=\"{}\"", escaped(label.name)) };
        let (title, count) = (escaped(title), digits(count, direction));
        let _ = writeln!(
            page,
            "<li><span class=\"name l{number}\"{name}><bdi>{title}</bdi></span><span class=\"count\">{count}</span></li>"
        );
    }
    page.push_str("</ul>\n");
}

/// A number in the digits of Persian, but on a page that is read from the left.
fn digits(number: usize, direction: Direction) -> String {
    let persian = |digit: char| digit.to_digit(10).and_then(|value| char::from_u32(0x6F0 + value)).unwrap_or(digit);
    let plain = number.to_string();
    if direction == Direction::LeftToRight { plain } else { plain.chars().map(persian).collect() }
}

fn put_text(page: &mut String, record: &ArticleRecord, layer: &LayerRecord, shown: &[ShownLabel<'_>]) {
    let map = OffsetMap::new(&record.text);
    let spans: Vec<Span> = layer.mentions.iter().map(|mention| mention.span).collect();
    let _ = write!(page, "<div class=\"text\" dir=\"{}\">", record.direction.name());
    for mark in marks(map.len_chars(), &spans) {
        match mark {
            Mark::Open(opened) => page.extend(layer.mentions.get(opened.mention).map(|m| opening(opened, m, shown))),
            Mark::Close => page.push_str("</mark>"),
            Mark::Text(span) => {
                let slice = map.bytes_from_span(span).and_then(|bytes| bytes.slice(&record.text));
                page.push_str(&escaped(slice.unwrap_or_default()));
            }
        }
    }
    page.push_str("</div>\n");
}

fn opening(opened: Opened, mention: &MentionRecord, shown: &[ShownLabel<'_>]) -> String {
    let number = shown.iter().position(|label| label.name == mention.label).unwrap_or_default();
    let title = shown.get(number).map_or("", |label| label.title);
    let (name, note) = (&mention.label, mention.note.as_deref());
    let mut words = if title.is_empty() || title == name { name.clone() } else { format!("{title} ({name})") };
    if let Some(note) = note {
        let _ = write!(words, "\n{note}");
    }
    let mut classes = format!("l{number}");
    for (class, is_so) in [(" b", opened.is_first), (" e", opened.is_last)] {
        classes.push_str(if is_so { class } else { "" });
    }
    if opened.height > 0 {
        let _ = write!(classes, " h{}", opened.height.min(3));
    }
    let short = escaped(if title.is_empty() { name } else { title });
    format!("<mark class=\"{classes}\" data-label=\"{short}\" title=\"{}\">", escaped(&words))
}

/// A text with everything escaped that means something in an element or a quoted attribute.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // A parser would make a line feed of it.
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::files::Source;
    use crate::formats::format::{Format, ReadOptions, WriteOptions, open_reader};
    use crate::formats::trial::{ONE, article, articles, written};
    use proptest::prelude::*;

    fn label(name: &str, title: &str, colour: u32) -> WrittenLabel {
        let (name, title) = (name.into(), title.into());
        WrittenLabel { name, title, colour: Colour(colour), keys: String::new(), guideline: String::new() }
    }

    /// What is written between the beginning of the text and its end.
    fn check(record: &ArticleRecord, expected: &str) {
        let page = page(record, &[label("PER", "شخص", 0x4C_78A8)]);
        let (_, text) = page.split_once("<div class=\"text\" dir=\"auto\">").unwrap();
        assert_eq!(text.split_once("</div>").unwrap().0, expected);
    }

    #[test]
    fn mentions_are_marks() {
        let mut record = article("a", "<a> b\r\nc", &[(0, 5, "ORG"), (4, 5, "PER")]);
        record.layers[0].mentions[1].note = Some("\"<script>\"".into());
        check(
            &record,
            concat!(
                r#"<mark class="l1 b e h1" data-label="ORG" title="ORG">&lt;a&gt; "#,
                r#"<mark class="l0 b e" data-label="شخص" title="شخص (PER)"#,
                "\n&quot;&lt;script&gt;&quot;\">b</mark></mark>&#13;\nc"
            ),
        );
        check(
            &article("a", "abc", &[(0, 2, "PER"), (1, 3, "PER")]),
            concat!(
                r#"<mark class="l0 b e h1" data-label="شخص" title="شخص (PER)">a"#,
                r#"<mark class="l0 b" data-label="شخص" title="شخص (PER)">b</mark></mark>"#,
                r#"<mark class="l0 e" data-label="شخص" title="شخص (PER)">c</mark>"#
            ),
        );
    }

    #[test]
    fn a_page_looks_like_this() {
        let mut record = article("خبر <۱>", "علی آمد", &[(0, 3, "PER")]);
        record.direction = Direction::RightToLeft;
        record.layers[0].annotator = Some("زهرا & علی".into());
        let options =
            WriteOptions { labels: Arc::from([label("PER", "شخص", 0x4C_78A8)]), ..WriteOptions::default() };
        let (files, told) = written(Format::HTML, &[record], &options);
        assert_eq!(told, []);
        let page = String::from_utf8(files[ONE].clone()).unwrap();
        insta::assert_snapshot!("page", page.replace(STYLE, "…\n"));
        let refused = open_reader(Format::HTML, Source::from_bytes("x"), &ReadOptions::default()).err().unwrap();
        assert_eq!(refused.to_string(), "html files can be written but not read");
    }

    #[test]
    fn words_keep_their_contrast() {
        let luminance = |colour: u32| {
            let linear = |channel: u32| (f64::from(channel) / 255.0).powf(2.2);
            let [red, green, blue] = channels(colour).map(linear);
            0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
        };
        for colour in COLOURS.into_iter().chain([0, 0xFF_FFFF, 0xFF_FF00, 0xFF, 0xFF_0000]) {
            let light = luminance(mixed(colour, LIGHT_PAGE, 24).0) / luminance(0x1B_1C1F);
            let dark = luminance(0xE9_EAEC) / luminance(mixed(colour, DARK_PAGE, 32).0);
            let own = if is_light(colour) { luminance(colour) / 0.05 } else { 1.05 / luminance(colour) };
            assert!(light >= 4.5 && dark >= 4.5 && own >= 4.5, "{colour:06X}: {light} {dark} {own}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_page_shows_the_whole_text_and_closes_what_it_opens(records in articles()) {
            for record in &records {
                let page = page(record, &[]);
                let (_, text) = page.split_once("<div class=\"text\" dir=\"auto\">").unwrap();
                let text = text.split_once("</div>").unwrap().0;
                let mut depth = 0_usize;
                let mut words = String::new();
                for piece in text.split('<') {
                    let (tag, rest) = if words.is_empty() && depth == 0 && !piece.contains('>') { ("", piece) } else {
                        piece.split_once('>').unwrap_or(("", piece))
                    };
                    depth = if tag == "/mark" { depth.checked_sub(1).unwrap() } else { depth + usize::from(!tag.is_empty()) };
                    words.push_str(rest);
                }
                prop_assert_eq!(depth, 0);
                prop_assert_eq!(words, escaped(&record.text));
            }
        }
    }
}
