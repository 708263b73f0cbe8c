//! Completing a path: what is typed so far against what stands in the folder.
//!
//! Owns the rules (`~`, hidden files, stars, common beginnings) and what accepting a path would mean. It must not touch a file.

use crate::formats::format::FORMATS;
use crate::session::effect::Purpose;
use crate::session::opening::{PROJECT_ENDING, is_project};
use crate::ui::folder_reader::{FolderEntry, FolderFault, Listing};
use std::path::{MAIN_SEPARATOR, Path, PathBuf, is_separator};

/// Where typed paths start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The folder in which relative paths lie.
    pub start: PathBuf,
    /// What `~` stands for.
    pub home: Option<PathBuf>,
}

/// The typed text cut after its last separator: the folder's part and the name's.
///
/// ```
/// use barchasb::ui::path_completion::cut;
/// assert_eq!(cut("~/news/a.b"), ("~/news/", "a.b"));
/// assert_eq!(cut("a.b"), ("", "a.b"));
/// ```
#[must_use]
pub fn cut(text: &str) -> (&str, &str) {
    let at = text.rfind(is_separator).map_or(0, |at| at + 1);
    text.split_at_checked(at).unwrap_or(("", text))
}

impl Places {
    /// The path that a typed text means.
    #[must_use]
    pub fn path(&self, text: &str) -> PathBuf {
        let in_home = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(is_separator));
        match (in_home, &self.home) {
            (Some(rest), Some(home)) => home.join(rest.trim_start_matches(is_separator)),
            _ => self.start.join(text),
        }
    }
}

/// Whether a name is shown while `typed` stands in its place: it begins so, without regard to case, or the stars fit.
/// Hidden names show only when their point is typed.
#[must_use]
pub fn is_shown(name: &str, typed: &str) -> bool {
    if name.starts_with('.') && !typed.starts_with('.') {
        return false;
    }
    if is_pattern(typed) {
        return fits_pattern(name, typed);
    }
    let mut name = name.chars().flat_map(char::to_lowercase);
    typed.chars().flat_map(char::to_lowercase).all(|c| name.next() == Some(c))
}

/// Whether a typed name has stars.
#[must_use]
pub fn is_pattern(typed: &str) -> bool {
    typed.contains('*')
}

/// Whether `name` fits a pattern in which each `*` stands for any characters.
fn fits_pattern(name: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The longest beginning of all names (without regard to case, as the first one writes it); `None` when it adds nothing
/// to what is typed.
#[must_use]
pub fn completion<'a>(typed: &str, mut names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut common = names.next()?;
    for name in names {
        let same = |(a, b): &((usize, char), char)| a.1.to_lowercase().eq(b.to_lowercase());
        let end = common.char_indices().zip(name.chars()).take_while(same).last();
        common = end.and_then(|((at, c), _)| common.get(..at + c.len_utf8())).unwrap_or_default();
    }
    (common.len() > typed.len() || (common.len() == typed.len() && common != typed)).then_some(common)
}

/// Whether a file is what is looked for; the others can be taken too.
#[must_use]
pub fn is_fitting(purpose: Purpose, name: &str) -> bool {
    const ARCHIVES: [&str; 2] = ["zip", "gz"];
    const NAMES: [&str; 4] = ["txt", "csv", "tsv", "jsonl"];
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    let is_one_of =
        |known: &[&str]| ending.is_some_and(|ending| known.iter().any(|known| known.eq_ignore_ascii_case(ending)));
    match purpose {
        Purpose::New | Purpose::Open => is_project(Path::new(name)),
        Purpose::Merge if is_project(Path::new(name)) => true,
        Purpose::Import | Purpose::Merge => {
            FORMATS.iter().any(|format| is_one_of(format.endings)) || is_one_of(&ARCHIVES)
        }
        Purpose::Export => FORMATS.iter().any(|format| is_one_of(format.endings)),
        Purpose::ImportFolder | Purpose::ExportFolder => false,
        Purpose::Names(_) => is_one_of(&NAMES),
    }
}

/// What accepting the typed path would mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The folder has not been read yet.
    Wait,
    /// It is a folder: the text goes on in it.
    GoInto(String),
    /// These files; the note, an id of the locale files, says what happens to them.
    Take(Vec<PathBuf>, Option<&'static str>),
    /// It cannot be; the reason is an id of the locale files, `None` while nothing is typed.
    Refuse(Option<&'static str>),
}

/// What accepting `text` would mean; `listing` is the folder it lies in, as far as it has been read.
#[must_use]
pub fn verdict(purpose: Purpose, text: &str, places: &Places, listing: Option<&Listing>) -> Verdict {
    let (_, name) = cut(text);
    if matches!(name, "." | ".." | "~") {
        return Verdict::GoInto(format!("{text}{MAIN_SEPARATOR}"));
    }
    let Some(listing) = listing else { return Verdict::Wait };
    let makes = matches!(purpose, Purpose::New | Purpose::Export | Purpose::ExportFolder);
    let takes_folder = matches!(purpose, Purpose::ImportFolder | Purpose::ExportFolder);
    match &listing.fault {
        Some(FolderFault::Missing) if makes && !name.is_empty() => {
            return Verdict::Take(vec![places.path(text)], Some("path-no-folder"));
        }
        Some(FolderFault::Missing) => return Verdict::Refuse(Some("path-no-folder-here")),
        // What the system said stands in the list's place.
        Some(FolderFault::Unreadable(_)) => return Verdict::Refuse(None),
        None => {}
    }
    if takes_folder && (name.is_empty() || listing.entries.iter().any(|entry| entry.name == name && entry.is_folder)) {
        let note = (purpose == Purpose::ExportFolder).then_some("path-into-folder");
        return Verdict::Take(vec![places.path(text)], note);
    }
    if name.is_empty() {
        return Verdict::Refuse(makes.then_some("path-name-needed"));
    }
    let path_of = |entry: &FolderEntry| listing.folder.join(&entry.os_name);
    let found = |name: &str| listing.entries.iter().find(|entry| entry.name == name);
    match (purpose, found(name)) {
        (_, Some(entry)) if entry.is_folder => Verdict::GoInto(format!("{text}{MAIN_SEPARATOR}")),
        (Purpose::New, found_as_typed) => {
            let as_project = format!("{name}.{PROJECT_ENDING}");
            let is_taken = if is_project(Path::new(name)) { found_as_typed } else { found(&as_project) }.is_some();
            if is_taken {
                Verdict::Refuse(Some("path-exists-new"))
            } else {
                Verdict::Take(vec![places.path(text)], None)
            }
        }
        (Purpose::Export, Some(entry)) => Verdict::Take(vec![path_of(entry)], Some("path-exists-export")),
        (Purpose::Export, None) => Verdict::Take(vec![places.path(text)], None),
        (Purpose::ExportFolder, None) => Verdict::Take(vec![places.path(text)], Some("path-no-folder")),
        (Purpose::ExportFolder | Purpose::ImportFolder, Some(_)) => Verdict::Refuse(Some("path-no-folder-of-name")),
        (Purpose::ImportFolder, None) => Verdict::Refuse(Some("path-no-folder-here")),
        (Purpose::Open | Purpose::Import | Purpose::Merge | Purpose::Names(_), Some(entry)) => {
            Verdict::Take(vec![path_of(entry)], None)
        }
        (Purpose::Import | Purpose::Merge, None) if is_pattern(name) => {
            let files = listing.entries.iter().filter(|entry| !entry.is_folder && is_shown(&entry.name, name));
            let files: Vec<PathBuf> = files.map(path_of).collect();
            if files.is_empty() { Verdict::Refuse(Some("path-missing")) } else { Verdict::Take(files, None) }
        }
        (Purpose::Open | Purpose::Import | Purpose::Merge | Purpose::Names(_), None) => {
            Verdict::Refuse(Some("path-missing"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_when_it_begins_as_typed_or_fits_the_stars() {
        let check =
            |name: &str, typed: &str, expected: bool| assert_eq!(is_shown(name, typed), expected, "{name} {typed}");
        check("News.barchasb", "ne", true);
        check("News.barchasb", "ew", false);
        check("خبر.txt", "خ", true);
        check(".hidden", "", false);
        check(".hidden", ".h", true);
        check(".hidden", "*", false);
        check("a.txt", "*.txt", true);
        check("a.txt.bak", "*.txt", false);
        check("news-12-b.json", "news*b.j*", true);
        check("aa", "a*aa", false);
    }

    #[test]
    fn a_name_is_completed_as_far_as_all_agree() {
        let check = |typed: &str, names: &[&str], expected: Option<&str>| {
            assert_eq!(completion(typed, names.iter().copied()), expected);
        };
        check("n", &["news-a", "news-b"], Some("news-"));
        check("news-", &["news-a", "news-b"], None);
        check("n", &["News", "news"], Some("News"));
        check("خ", &["خبرها", "خبرگزاری"], Some("خبر"));
        check("x", &[], None);
    }

    #[test]
    fn paths_start_at_home_or_where_they_are_relative_to() {
        let places = Places { start: "/texts".into(), home: Some("/home/maryam".into()) };
        let check = |text: &str, expected: &str| assert_eq!(places.path(text), Path::new(expected), "{text}");
        check("~/news/a", "/home/maryam/news/a");
        check("~", "/home/maryam/");
        check("~news", "/texts/~news");
        check("/a", "/a");
        check("a/b", "/texts/a/b");
    }

    fn check(purpose: Purpose, name: &str, expected: &Verdict) {
        let entry = |name: &str, is_folder| FolderEntry { name: name.into(), os_name: name.into(), is_folder };
        let entries =
            vec![entry("old", true), entry("a.txt", false), entry("b.txt", false), entry("p.barchasb", false)];
        let listing = Listing { folder: "/n".into(), entries, fault: None };
        let found = verdict(purpose, &format!("/n/{name}"), &Places::default(), Some(&listing));
        assert_eq!(&found, expected, "{purpose:?} {name}");
    }

    #[test]
    fn accepting_means_what_the_folder_allows() {
        let take = |names: &[&str]| Verdict::Take(names.iter().map(|n| Path::new("/n").join(n)).collect(), None);
        let into = Verdict::GoInto(format!("/n/old{MAIN_SEPARATOR}"));
        for purpose in [Purpose::New, Purpose::Open, Purpose::Import, Purpose::Export] {
            check(purpose, "old", &into);
        }
        check(Purpose::Open, "p.barchasb", &take(&["p.barchasb"]));
        check(Purpose::Open, "q", &Verdict::Refuse(Some("path-missing")));
        check(Purpose::New, "q", &take(&["q"]));
        check(Purpose::New, "p", &Verdict::Refuse(Some("path-exists-new")));
        check(Purpose::New, "p.barchasb", &Verdict::Refuse(Some("path-exists-new")));
        check(Purpose::Import, "*.txt", &take(&["a.txt", "b.txt"]));
        check(Purpose::Export, "c.jsonl", &take(&["c.jsonl"]));
        check(Purpose::Export, "a.txt", &Verdict::Take(vec!["/n/a.txt".into()], Some("path-exists-export")));
    }

    #[test]
    fn a_folder_that_is_not_there_is_made_only_for_what_is_made() {
        let listing = Listing { folder: "/x".into(), entries: Vec::new(), fault: Some(FolderFault::Missing) };
        let found = |purpose| verdict(purpose, "/x/a", &Places::default(), Some(&listing));
        assert_eq!(found(Purpose::Export), Verdict::Take(vec!["/x/a".into()], Some("path-no-folder")));
        assert_eq!(found(Purpose::Open), Verdict::Refuse(Some("path-no-folder-here")));
        assert_eq!(verdict(Purpose::Open, "/x/a", &Places::default(), None), Verdict::Wait);
    }
}
