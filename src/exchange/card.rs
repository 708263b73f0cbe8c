//! The card of a dataset: what it holds, for people and for programs, beside its files.
//!
//! Owns `dataset.json` and `README.md`. The same articles give the same bytes: there is no time in them.

use crate::exchange::counted::CountedPart;
use crate::exchange::landing::{Landing, Written};
use crate::exchange::plan::Plan;
use crate::formats::format::{Unit, WrittenLabel};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};

/// The card for programs.
const FOR_PROGRAMS: &str = "dataset.json";
/// The card for people.
const FOR_PEOPLE: &str = "README.md";

/// What a card says.
#[derive(Debug)]
pub struct Card<'a> {
    /// What the dataset is called.
    pub title: &'a str,
    /// How it was written.
    pub plan: &'a Plan,
    /// Its parts, or the one that it is.
    pub parts: &'a [CountedPart],
    /// The labels, in their order.
    pub labels: &'a [WrittenLabel],
}

/// The card for programs, in the order in which it is written.
#[derive(Serialize)]
struct Dataset<'a> {
    title: &'a str,
    format: &'static str,
    offset_unit: Option<&'static str>,
    tag_scheme: Option<&'static str>,
    written_by: String,
    split: Option<Drawn<'a>>,
    parts: &'a [CountedPart],
    labels: Vec<LabelOfCard<'a>>,
    files: Vec<FileOfCard<'a>>,
}

#[derive(Serialize)]
struct Drawn<'a> {
    seed: u64,
    weights: BTreeMap<&'a str, u32>,
}

#[derive(Serialize)]
struct LabelOfCard<'a> {
    name: &'a str,
    title: &'a str,
    guideline: &'a str,
    mentions: u64,
}

#[derive(Serialize)]
struct FileOfCard<'a> {
    name: &'a str,
    bytes: u64,
    sha256: &'a str,
}

impl Card<'_> {
    /// Writes the card beside the files of a landing, which must be whole and hashed. A README that the format wrote itself stays.
    ///
    /// # Errors
    /// The system's error.
    pub fn write(&self, landing: &Landing) -> io::Result<()> {
        let written = landing.written();
        let mut dataset = serde_json::to_vec_pretty(&self.dataset(&written))?;
        dataset.push(b'\n');
        landing.create(FOR_PROGRAMS)?.write_all(&dataset)?;
        if !written.contains_key(FOR_PEOPLE) {
            landing.create(FOR_PEOPLE)?.write_all(self.for_people(&written).as_bytes())?;
        }
        Ok(())
    }

    fn unit(&self) -> Option<&'static str> {
        match self.plan.format.unit {
            Unit::Chosen => Some(self.plan.write.unit.name()),
            Unit::Fixed(unit) => Some(unit.name()),
            Unit::Tokens | Unit::None => None,
        }
    }

    fn mentions_of(&self, label: &str) -> u64 {
        self.parts.iter().filter_map(|part| part.labels.get(label)).sum()
    }

    fn dataset<'a>(&'a self, written: &'a BTreeMap<String, Written>) -> Dataset<'a> {
        let label = |label: &'a WrittenLabel| LabelOfCard {
            name: &label.name,
            title: &label.title,
            guideline: &label.guideline,
            mentions: self.mentions_of(&label.name),
        };
        let file =
            |(name, file): (&'a String, &'a Written)| FileOfCard { name, bytes: file.bytes, sha256: &file.sha256 };
        let split = self.plan.split.as_ref().map(|split| Drawn {
            seed: split.seed,
            weights: split.parts.iter().map(|(name, weight)| (name.as_str(), *weight)).collect(),
        });
        Dataset {
            title: self.title,
            format: self.plan.format.name,
            offset_unit: self.unit(),
            tag_scheme: (self.plan.format.unit == Unit::Tokens).then(|| self.plan.write.scheme.name()),
            written_by: program(),
            split,
            parts: self.parts,
            labels: self.labels.iter().map(label).collect(),
            files: written.iter().map(file).collect(),
        }
    }

    fn for_people(&self, written: &BTreeMap<String, Written>) -> String {
        let mut page = format!("# {}\n\n", self.title);
        let counted = match self.unit() {
            Some(unit) => format!("Offsets are counted in the unit `{unit}`."),
            None if self.plan.format.unit == Unit::Tokens => {
                format!("Tokens have tags by the scheme `{}`.", self.plan.write.scheme.name())
            }
            None => "The format holds no mentions.".to_owned(),
        };
        let (format, program) = (self.plan.format, program());
        page.push_str(&format!("{} (`{}`), written by {program}. {counted}", capital(format.title), format.name));
        if let Some(split) = &self.plan.split {
            let _ = write!(page, " The parts were drawn with the seed {}; no text stands in two of them.", split.seed);
        }
        page.push_str("\n\n## Parts\n\n");
        let rows =
            self.parts.iter().map(|part| vec![part.name.clone(), part.articles.to_string(), part.mentions.to_string()]);
        table(&mut page, &["Part", "Articles", "Mentions"], rows);
        page.push_str("\n## Labels\n\n");
        let several = self.parts.len() > 1;
        let names: Vec<&str> = self.parts.iter().map(|part| part.name.as_str()).filter(|_| several).collect();
        let heads = [&["Label", "Title", "Mentions"], names.as_slice(), &["Guideline"]].concat();
        let rows = self.labels.iter().map(|label| {
            let in_part = |part: &CountedPart| part.labels.get(&label.name).copied().unwrap_or_default().to_string();
            let parts: Vec<String> = self.parts.iter().filter(|_| several).map(in_part).collect();
            let all = self.mentions_of(&label.name).to_string();
            [vec![label.name.clone(), label.title.clone(), all], parts, vec![label.guideline.clone()]].concat()
        });
        table(&mut page, &heads, rows);
        page.push_str("\n## Files\n\n");
        let rows =
            written.iter().map(|(name, file)| vec![name.clone(), file.bytes.to_string(), format!("`{}`", file.sha256)]);
        table(&mut page, &["File", "Bytes", "SHA-256"], rows);
        page
    }
}

fn program() -> String {
    concat!("barchasb ", env!("CARGO_PKG_VERSION")).to_owned()
}

fn capital(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A table in Markdown. What a person wrote may hold anything: bars and line ends would break it.
fn table(page: &mut String, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let cell = |text: &str| text.replace('|', "\\|").replace(['\r', '\n'], " ");
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    page.push_str(&line(&heads.iter().map(|head| cell(head)).collect::<Vec<_>>()));
    page.push_str(&format!("|{}\n", "---|".repeat(heads.len())));
    for row in rows {
        page.push_str(&line(&row.iter().map(|text| cell(text)).collect::<Vec<_>>()));
    }
}
