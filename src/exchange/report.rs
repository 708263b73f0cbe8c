//! The report on a project: one HTML page that stands by itself, and its tables and pictures as files.
//!
//! Owns the page. Nothing of a project stands in it unescaped; it loads nothing, runs nothing and holds no clock: the same project gives
//! the same bytes.

use crate::domain::layer::AnnotatorId;
use crate::exchange::atomic_file::AtomicFile;
use crate::exchange::import::PROJECT_ENDING;
use crate::exchange::overview::Overview;
use crate::exchange::overview_pictures::picture;
use crate::exchange::overview_table::{Table, table};
use crate::exchange::picture_svg::{STYLE as PICTURE_STYLE, label_styles, svg_element, svg_file};
use crate::exchange::topic::{Topic, pair_words};
use crate::formats::html::page::escaped;
use crate::words::language::Language;
use crate::words::locale::Locale;
use crate::words::message::Message;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What the page looks like.
const STYLE: &str = include_str!("report.css");
/// The letters of the page.
const FONT: &[u8] = include_bytes!("../../fonts/Vazirmatn[wght].ttf");
/// How wide pictures are.
const WIDTH_PX: f32 = 800.0;
/// Tables have no more rows on the page than this; the files have all.
const MOST_ROWS: usize = 200;

/// A picture of a report: its topic, whose confusion it is, and how its file is called, without an ending.
type Named = (Topic, Option<(AnnotatorId, AnnotatorId)>, String);

/// The pictures of a report.
fn pictures(overview: &Overview) -> Vec<Named> {
    let mut all = Vec::new();
    for topic in Topic::ALL {
        let pairs = if topic == Topic::Confusion { overview.pairs() } else { Vec::new() };
        if pairs.is_empty() {
            all.push((topic, None, topic.name().to_owned()));
        }
        for (number, pair) in (1..).zip(&pairs) {
            let name = if pairs.len() == 1 { topic.name().to_owned() } else { format!("{}-{number}", topic.name()) };
            all.push((topic, Some(*pair), name));
        }
    }
    all
}

/// The page. With `embeds_letters` it holds the letters it is set in (320 KB), so that it looks the same everywhere.
#[must_use]
pub fn page(overview: &Overview, locale: &Locale, embeds_letters: bool) -> String {
    let (language, direction) = match locale.language() {
        Language::Persian => ("fa", "rtl"),
        Language::English => ("en", "ltr"),
    };
    let title = escaped(&overview.project.title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:\">\n\
         <title>{title}</title>\n<style>\n"
    );
    if embeds_letters {
        page.push_str("@font-face{font-family:Vazirmatn;font-weight:100 900;src:url(data:font/ttf;base64,");
        put_base64(&mut page, FONT);
        page.push_str(")}\n");
    }
    let _ = writeln!(page, "{STYLE}{PICTURE_STYLE}{}</style>\n</head>\n<body>\n<main>", label_styles(&overview.labels));
    let lead = Message::new("report-lead")
        .number("articles", overview.project.articles)
        .number("annotators", overview.annotators.len() as u64)
        .number("mentions", overview.statistics.labels.total());
    let lead = escaped(&locale.message(&lead));
    let _ = writeln!(page, "<h1><bdi>{title}</bdi></h1>\n<p class=\"lead\">{lead}</p>");
    let all = pictures(overview);
    for topic in Topic::ALL {
        put_section(&mut page, overview, locale, topic, &all);
    }
    let made = escaped(&locale.message(&Message::new("report-made-by").text("version", env!("CARGO_PKG_VERSION"))));
    let _ = writeln!(page, "<footer>{made}</footer>\n</main>\n</body>\n</html>");
    page
}

fn put_section(page: &mut String, overview: &Overview, locale: &Locale, topic: Topic, all: &[Named]) {
    let title = escaped(&locale.message(&topic.title()));
    let _ = writeln!(page, "<section id=\"{}\">\n<h2>{title}</h2>", topic.name());
    let table = table(overview, locale, topic);
    if !table.rows.is_empty() {
        let _ = writeln!(page, "<p class=\"remark\">{}</p>", escaped(&locale.message(&topic.remark(overview))));
    }
    for (_, pair, _) in all.iter().filter(|(of, _, _)| *of == topic) {
        if let Some(pair) = pair {
            let _ = writeln!(page, "<h3>{}</h3>", escaped(&pair_words(overview, locale, *pair)));
        }
        let drawn = picture(overview, locale, topic, *pair, WIDTH_PX);
        let _ = writeln!(page, "<div class=\"chart\">{}</div>", svg_element(&drawn, &overview.labels));
    }
    if !table.rows.is_empty() {
        put_table(page, locale, &table);
    }
    page.push_str("</section>\n");
}

fn put_table(page: &mut String, locale: &Locale, table: &Table) {
    let words = escaped(&locale.words("report-table"));
    let _ = writeln!(page, "<details><summary>{words}</summary>\n<div class=\"table\"><table>\n<tr>");
    for column in &table.columns {
        let _ = write!(page, "<th>{}</th>", escaped(&locale.words(&format!("column-{column}"))));
    }
    page.push_str("</tr>\n");
    for row in table.rows.iter().take(MOST_ROWS) {
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<td><bdi>{}</bdi></td>", escaped(&cell.shown(locale)));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table></div>\n");
    if table.rows.len() > MOST_ROWS {
        let more = Message::new("report-more-rows").number("count", (table.rows.len() - MOST_ROWS) as u64);
        let _ = writeln!(page, "<p class=\"remark\">{}</p>", escaped(&locale.message(&more)));
    }
    page.push_str("</details>\n");
}

/// Bytes as base64 (RFC 4648, section 4).
fn put_base64(out: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for three in bytes.chunks(3) {
        let at = |place: usize| three.get(place).copied().map_or(0, u32::from);
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let digit = DIGITS.get((bits >> (18 - 6 * place) & 63) as usize).copied().unwrap_or(b'=');
            out.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
}

/// Writes the page; what stood at the path is replaced in one step.
///
/// # Errors
/// The system's error; what stood there stands.
pub fn write_page(overview: &Overview, locale: &Locale, path: &Path) -> io::Result<()> {
    write(path, &page(overview, locale, true))
}

/// Writes the table of every topic as `TOPIC.csv` into a folder, which is made when it is missing; the paths are given back.
///
/// # Errors
/// The system's error.
pub fn write_tables(overview: &Overview, locale: &Locale, folder: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let mut written = Vec::new();
    for topic in Topic::ALL {
        let path = folder.join(format!("{}.csv", topic.name()));
        write_table(overview, locale, topic, &path)?;
        written.push(path);
    }
    Ok(written)
}

/// Writes every picture as `TOPIC.svg` into a folder, which is made when it is missing; the paths are given back.
///
/// # Errors
/// The system's error.
pub fn write_pictures(overview: &Overview, locale: &Locale, folder: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let mut written = Vec::new();
    for (topic, pair, name) in pictures(overview) {
        let path = folder.join(format!("{name}.svg"));
        write_picture(overview, locale, topic, pair, &path)?;
        written.push(path);
    }
    Ok(written)
}

/// Writes the table of a topic as CSV.
///
/// # Errors
/// The system's error; what stood there stands.
pub fn write_table(overview: &Overview, locale: &Locale, topic: Topic, path: &Path) -> io::Result<()> {
    write(path, &table(overview, locale, topic).csv())
}

/// Writes the picture of a topic as SVG; `pair` is whose confusion is shown.
///
/// # Errors
/// The system's error; what stood there stands.
pub fn write_picture(
    overview: &Overview,
    locale: &Locale,
    topic: Topic,
    pair: Option<(AnnotatorId, AnnotatorId)>,
    path: &Path,
) -> io::Result<()> {
    write(path, &svg_file(&picture(overview, locale, topic, pair, WIDTH_PX), &overview.labels))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(PROJECT_ENDING)) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is a project; give the report another name"));
    }
    let mut file = AtomicFile::create(path)?;
    file.write_all(text.as_bytes())?;
    file.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        let mut out = String::new();
        put_base64(&mut out, bytes);
        assert_eq!(out, expected);
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        check(b"", "");
        check(b"f", "Zg==");
        check(b"fo", "Zm8=");
        check(b"foo", "Zm9v");
        check(b"foobar", "Zm9vYmFy");
        check(&[255, 239], "/+8=");
    }
}
