//! The house rules that a compiler does not know: layers point down, each library has its place, and files keep their shape.
//!
//! Reads the sources as text. A rule is one function from a file's path and a path in its code to what is wrong with it.

use std::path::Path;

/// A source file.
struct Source {
    /// Its path below `src/`, with forward slashes.
    path: String,
    text: String,
}

impl Source {
    /// The layer it stands in; `main` and `lib` for the files outside the layers.
    fn layer(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }

    /// The number and the code of every line, without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The lines of code that are not tests: these stand last in a file.
    fn code_without_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code().take_while(|(_, line)| line.trim() != "#[cfg(test)]")
    }
}

/// Every file below `src/`.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let below: Vec<_> =
                    path.strip_prefix(&root).unwrap().iter().map(|part| part.to_str().unwrap()).collect();
                sources.push(Source { path: below.join("/"), text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    assert!(sources.len() > 100, "the sources were found");
    sources
}

/// The paths (`crate::store::contract`, `egui::Ui`, `use egui`) in a line of code.
fn paths_in(line: &str) -> impl Iterator<Item = &str> {
    let imports = line.trim_start().starts_with("use ") || line.trim_start().starts_with("pub use ");
    line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))
        .map(|word| word.trim_start_matches(':'))
        .filter(move |word| word.contains("::") || imports)
}

/// What the layers may know of each other; `crate::` is taken off `path`.
fn arrow_fault(source: &Source, path: &str) -> Option<String> {
    let layer = source.layer();
    let source_is_simulation = source.path.starts_with("cli/simulat");
    let mut parts = path.split("::");
    let (target, file, thing) = (parts.next()?, parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let allowed = match layer {
        _ if target == layer => true,
        "domain" => false,
        "formats" | "store" | "suggest" | "analysis" | "words" => target == "domain",
        "exchange" => ["domain", "suggest", "analysis", "formats", "words", "store"].contains(&target),
        "text" => {
            target == "domain"
                && (matches!(file, "offset" | "token" | "bitmap") || (file, thing) == ("article", "Direction"))
        }
        "session" => ["domain", "suggest", "analysis", "formats", "words", "store", "exchange"].contains(&target),
        "ui" => {
            ["session", "text", "domain", "words", "analysis"].contains(&target)
                || (target == "store" && ["contract", "hits"].contains(&file))
                || (target == "formats" && ["format", "foreign", "offset_unit"].contains(&file))
                || (target == "exchange"
                    && ["survey", "plan", "rehearsal", "overview", "overview_pictures", "topic"].contains(&file))
        }
        // A simulation is a person at the session; nothing else of the command line knows it.
        "cli" => {
            ["domain", "suggest", "analysis", "formats", "words", "store", "exchange", "text"].contains(&target)
                || (target == "session" && source_is_simulation)
        }
        "main" => ["cli", "ui"].contains(&target),
        _ => false,
    };
    (!allowed).then(|| format!("{layer} must not know {path}"))
}

/// Where each library, and each part of the standard library that reaches outside, may be used.
fn library_fault(source: &Source, path: &str) -> Option<String> {
    let layer = source.layer();
    let library = path.split("::").next()?;
    let allowed = match library {
        "egui" | "eframe" => layer == "ui",
        "rusqlite" => layer == "store",
        "serde_json" => !matches!(layer, "domain" | "suggest" | "analysis" | "words"),
        "rfd" => layer == "session",
        "clap" | "indicatif" => layer == "cli",
        // Archives and passing files are unpacked in one place; tests make files of their own anywhere.
        "zip" | "tempfile" => layer == "exchange",
        "csv" | "flate2" | "parquet" | "quick_xml" | "rmp_serde" | "serde_bytes" => layer == "formats",
        "parley" | "swash" | "fontique" => {
            layer == "text" || ["ui/galley.rs", "ui/glyphs.rs", "ui/rows.rs"].contains(&source.path.as_str())
        }
        // One place alone starts a program, for the external engine, whose settings are a person's own.
        "std"
            if path.starts_with("std::process") && !["std::process::ExitCode", "std::process::id"].contains(&path) =>
        {
            source.path == "session/external_process.rs"
        }
        "std" => {
            let outside = ["std::fs", "std::time", "std::thread", "std::env", "std::net", "std::process", "std::path"];
            !(matches!(layer, "domain" | "suggest" | "analysis" | "formats" | "words" | "text")
                && outside.iter().any(|o| path.starts_with(o)))
        }
        _ => true,
    };
    (!allowed).then(|| format!("{path} has no place here"))
}

/// Every fault of the arrows and libraries in a file.
fn faults(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    let tests_begin = source.code_without_tests().last().map_or(0, |(number, _)| number);
    for (number, line) in source.code() {
        for path in paths_in(line) {
            if number > tests_begin && path.starts_with("tempfile") {
                continue;
            }
            let ours = if source.layer() == "main" { "barchasb::" } else { "crate::" };
            let fault = match path.strip_prefix(ours) {
                Some("") => Some("imports are written out from the layer on".to_owned()),
                Some(inside) => arrow_fault(source, inside),
                None => library_fault(source, path),
            };
            faults.extend(fault.map(|fault| format!("src/{}:{number}: {fault}", source.path)));
        }
    }
    faults
}

/// The colours written out in a line: `0x4C78A8`, `"#4C78A8"`, `from_rgb(`.
fn has_colour(line: &str) -> bool {
    let six_digits = |mark: &str, after: fn(char) -> bool| {
        line.match_indices(mark).any(|(at, _)| {
            let rest = &line[at + mark.len()..];
            rest.len() >= 6
                && rest.chars().take(6).all(|c| c.is_ascii_hexdigit())
                && rest.chars().nth(6).is_none_or(after)
        })
    };
    line.contains("Color32::from_rgb(")
        || six_digits("0x", |c| !c.is_ascii_alphanumeric() && c != '_')
        || six_digits("\"#", |c| c == '"')
}

#[test]
fn layers_point_down() {
    let faults: Vec<String> = sources().iter().filter(|s| s.path != "lib.rs").flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_made_up_arrow_or_library_is_found() {
    let check = |path: &str, line: &str, expected: usize| {
        let source = Source { path: path.to_owned(), text: format!("//! A file.\n{line}\n") };
        assert_eq!(faults(&source).len(), expected, "{path}: {line}: {:?}", faults(&source));
    };
    check("domain/label.rs", "use crate::store::contract::Store;", 1);
    check("domain/label.rs", "use crate::domain::offset::Span;", 0);
    check("domain/label.rs", "    let now = std::time::Instant::now();", 1);
    check("domain/label.rs", "pub use serde_json as json;", 1);
    check("domain/label.rs", "// crate::store::contract is below", 0);
    check("formats/format.rs", "fn f(path: &std::path::Path) {}", 1);
    check("exchange/import.rs", "use std::process::{Child, Command};", 1);
    check("session/opening.rs", "    std::process::Command::new(path)", 1);
    check("session/external_process.rs", "use std::process::{Child, Command};", 0);
    check("store/sqlite.rs", "use crate::formats::format::Format;", 1);
    check("store/sqlite.rs", "    rusqlite::Connection::open(path)", 0);
    check("exchange/import.rs", "use crate::session::state::State;", 1);
    check("text/field.rs", "use crate::domain::article::{Article, Direction};", 1);
    check("text/field.rs", "use crate::domain::article::Direction;", 0);
    check("text/field.rs", "use crate::domain::mention::Mention;", 1);
    check("session/state.rs", "use crate::text::field::Field;", 1);
    check("session/state.rs", "use egui;", 1);
    check("ui/app.rs", "use crate::store::sqlite::SqliteStore;", 1);
    check("ui/app.rs", "    crate::exchange::export::default_target(title)", 1);
    check("ui/app.rs", "use crate::store::contract::StatusFilter;", 0);
    check("ui/app.rs", "use crate::store::hits::Hit;", 0);
    check("ui/app.rs", "use crate::{session::state::State, ui::kit::Kit};", 1);
    check("ui/kit.rs", "fn f(layout: &parley::Layout<u32>) {}", 1);
    check("cli/run.rs", "use crate::ui::app;", 1);
    check("cli/run.rs", "use crate::session::driver::Session;", 1);
    check("cli/simulate.rs", "use crate::session::driver::Session;", 0);
    check("formats/brat.rs", "use zip::ZipArchive;", 1);
    check("exchange/archive.rs", "use zip::ZipArchive;", 0);
    check("store/backup.rs", "    let folder = tempfile::tempdir();", 1);
    check("exchange/given.rs", "use quick_xml::Reader;", 1);
    check("formats/xmi.rs", "use quick_xml::Reader;", 0);
    check("suggest/tagger.rs", "use crate::store::contract::Store;", 1);
    check("suggest/tagger.rs", "use serde_json::Value;", 1);
    check("main.rs", "use barchasb::store::sqlite::SqliteStore;", 1);
}

#[test]
fn every_file_says_what_it_owns_and_stays_short() {
    const LONGEST: usize = 600;
    for source in sources() {
        assert!(source.text.starts_with("//! "), "src/{} opens with what it owns", source.path);
        let lines = source.text.lines().count();
        assert!(lines <= LONGEST, "src/{} has {lines} lines", source.path);
    }
}

#[test]
fn colours_stand_in_the_theme_and_in_the_label_set() {
    for source in sources().iter().filter(|s| !["ui/theme.rs", "domain/label.rs"].contains(&s.path.as_str())) {
        for (number, line) in source.code_without_tests() {
            assert!(!has_colour(line), "src/{}:{number} has a colour of its own: {line}", source.path);
        }
    }
    for colour in ["Colour(0x4C78A8)", "Color32::from_rgb(1, 2, 3)", "let paper = \"#FFFFFF\";"] {
        assert!(has_colour(colour), "{colour}");
    }
    for other in ["write it as #4C78A8", "0x0010_FFFF", "0x4C78A8FF", "Color32::WHITE"] {
        assert!(!has_colour(other), "{other}");
    }
}
