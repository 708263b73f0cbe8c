//! What an earlier export left in the folder of a new one.
//!
//! Owns telling such files by their names. It must not remove or replace any.

use crate::exchange::landing::Written;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// What the parts of a split are called.
const PART_NAMES: [&str; 3] = ["train", "dev", "test"];

/// The names that exports to one folder give, split and parted in any way.
#[derive(Clone, Copy, Debug)]
pub struct EarlierNames<'a> {
    /// What files of a whole are called.
    pub title: &'a str,
    /// The ending of the files, without the dot.
    pub ending: &'a str,
    /// Whether parts are folders.
    pub has_folders: bool,
}

impl EarlierNames<'_> {
    /// What stands in the folder under such a name and is not written now, sorted.
    ///
    /// # Errors
    /// The system's error when the folder cannot be read.
    pub fn stale_in(&self, folder: &Path, written: &BTreeMap<String, Written>) -> io::Result<Vec<String>> {
        let ending = format!(".{}", self.ending);
        let mut stale = Vec::new();
        if !folder.exists() {
            return Ok(stale);
        }
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let is_folder = entry.file_type()?.is_dir();
            let stem = if is_folder { self.has_folders.then_some(name.as_str()) } else { name.strip_suffix(&ending) };
            let inside = format!("{name}/");
            let is_written = written.keys().any(|written| *written == name || written.starts_with(&inside));
            if stem.is_some_and(|stem| self.have(stem)) && !is_written {
                stale.push(name);
            }
        }
        stale.sort_unstable();
        Ok(stale)
    }

    /// Whether a file may have this stem: `train`, `train-00002`.
    fn have(&self, stem: &str) -> bool {
        let is_number = |number: &str| number.len() >= 5 && number.bytes().all(|byte| byte.is_ascii_digit());
        let whole = stem.rsplit_once('-').filter(|(_, number)| is_number(number)).map_or(stem, |(whole, _)| whole);
        [stem, whole].into_iter().any(|name| PART_NAMES.contains(&name) || name == self.title)
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::record::ArticleRecord;
    use crate::exchange::delivery::{Delivery, Target};
    use crate::exchange::plan::{Filing, Plan, Split};
    use crate::formats::foreign::Foreign;
    use crate::formats::format::Format;
    use crate::formats::problem::{Place, Problem};

    fn jsonl(files: Filing, split: Option<&str>) -> Plan {
        let split = split.map(|weights| Split::from_weights(weights, 0).unwrap());
        Plan { files, split, ..Plan::of(Format::JSONL) }
    }

    #[test]
    fn what_an_earlier_export_left_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let deliver = |plan: &Plan, articles: usize| {
            let mut delivery = Delivery::begin(Target::Path(&out), plan.clone()).unwrap();
            let parts = plan.split.as_ref().map_or(1, |split| split.parts.len());
            (0..articles).for_each(|n| {
                delivery
                    .write(ArticleRecord { text: "x".into(), ..ArticleRecord::default() }, n % parts, &mut |_| ())
                    .unwrap()
            });
            let mut said = Vec::new();
            delivery.finish(&mut |problem| said.push(problem.finding.clone())).unwrap();
            said
        };
        let stale = |names: &[&str]| -> Vec<_> {
            names
                .iter()
                .map(|name| Problem::foreign(Place::default(), Foreign::Stale { name: (*name).into() }).finding)
                .collect()
        };
        let one = Filing::Shards(std::num::NonZeroU64::MIN);
        assert_eq!(deliver(&jsonl(Filing::One, Some("80/10/10")), 3), []);
        std::fs::write(out.join("notes.jsonl"), "").unwrap();
        assert_eq!(deliver(&jsonl(Filing::One, Some("80/20")), 2), stale(&["dev.jsonl"]));
        let parts = ["dev.jsonl", "test.jsonl", "train.jsonl"];
        assert_eq!(deliver(&jsonl(one, None), 2), stale(&parts));
        assert_eq!(deliver(&jsonl(one, None), 1), stale(&[&parts[..1], &["out-00001.jsonl"], &parts[1..]].concat()));
        assert!(out.join("dev.jsonl").exists(), "it is never removed");
    }
}
