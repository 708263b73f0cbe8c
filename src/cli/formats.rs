//! The command `formats`: the table of formats, for people, programs and the README.
//!
//! Owns how a row is said. The rows are those of the formats themselves.

use crate::cli::args_exchange::FormatsArguments;
use crate::cli::report::Report;
use crate::formats::format::{Container, FORMATS, Format, Unit};
use anyhow::Result;
use serde_json::{Value, json};

/// Names all formats.
///
/// # Errors
/// The system's error when the output is gone.
pub fn run(arguments: &FormatsArguments, report: &mut Report) -> Result<()> {
    let lines = if arguments.markdown { markdown() } else { table() };
    let values: Vec<Value> = FORMATS.iter().map(value).collect();
    report.result("formats", &lines, json!({"formats": values}))?;
    Ok(())
}

/// The table in Markdown, as it stands in the README.
#[must_use]
pub fn markdown() -> Vec<String> {
    let mut lines = vec![
        "| Format | What it is | Read | Write | Endings | Counts in | Holds besides texts and mentions |".to_owned(),
        "|---|---|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(FORMATS.iter().map(|format| {
        let mark = |can: bool| if can { "yes" } else { "–" };
        let holds: Vec<&str> = format.holds.iter().map(|held| held.name()).collect();
        let cells = [
            format!("`{}`", format.name),
            format.title.replace('|', "\\|"),
            mark(format.reader.is_some()).to_owned(),
            mark(format.writer.is_some()).to_owned(),
            format!("{}{}", endings(*format), container(*format)),
            unit(*format).to_owned(),
            if holds.is_empty() { "–".to_owned() } else { holds.join(", ") },
        ];
        format!("| {} |", cells.join(" | "))
    }));
    lines
}

/// The table for a terminal.
fn table() -> Vec<String> {
    let width = FORMATS.iter().map(|format| format.name.len()).max().unwrap_or_default();
    let row = |format: &Format| {
        let can = match (format.reader.is_some(), format.writer.is_some()) {
            (true, true) => "read, write",
            (true, false) => "read",
            _ => "write",
        };
        format!("{:width$}  {can:11}  {}; {}{}", format.name, format.title, endings(*format), container(*format))
    };
    FORMATS.iter().map(row).collect()
}

fn value(format: &Format) -> Value {
    json!({
        "name": format.name, "title": format.title, "read": format.reader.is_some(), "write": format.writer.is_some(),
        "endings": format.endings, "folder": format.container.is_folder(),
        "one_article_a_file": format.container == Container::Article, "unit": unit(*format),
        "holds": format.holds.iter().map(|held| held.name()).collect::<Vec<_>>(),
    })
}

fn endings(format: Format) -> String {
    format.endings.iter().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(", ")
}

fn container(format: Format) -> &'static str {
    match format.container {
        Container::File => "",
        Container::Article => "; an article a file",
        Container::Folder | Container::Dataset => "; a folder",
    }
}

fn unit(format: Format) -> &'static str {
    match format.unit {
        Unit::Chosen => "as asked",
        Unit::Fixed(unit) => unit.name(),
        Unit::Tokens => "tokens",
        Unit::None => "–",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_has_this_table() {
        let readme = include_str!("../../README.md");
        let table = markdown().join("\n");
        assert!(
            readme.contains(&table),
            "write what `barchasb formats --markdown` says into the section «Formats» of README.md:\n{table}"
        );
    }

    #[test]
    fn every_format_has_a_line() {
        assert_eq!(table().len(), FORMATS.len());
        assert!(table().iter().zip(FORMATS).all(|(line, format)| line.starts_with(format.name)));
    }
}
