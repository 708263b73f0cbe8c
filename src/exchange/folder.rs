//! A folder's files by name, for formats.
//!
//! Owns the walk through a folder and [`Folder`], which opens what was found. It must not know any format, nor leave the folder.

use crate::formats::files::{Files, Input};
use crate::formats::foreign::Foreign;
use crate::formats::problem::{Place, Problem};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// What archives of macOS hold beside their files: nothing of a person's.
const ARCHIVE_LITTER: &str = "__MACOSX";

/// Files of a folder; clones share what keeps it there.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    names: Vec<String>,
    /// The folder goes with the last of these, when it is a passing one.
    passing: Option<Arc<TempDir>>,
}

impl Folder {
    /// Every file in a folder and the folders in it, sorted by name. Hidden ones are passed over; of links, those to a file inside are
    /// taken. What else is left out is added to `problems`.
    ///
    /// # Errors
    /// The system's error when the folder cannot be read; one inside is left out then.
    pub fn walk(root: &Path, problems: &mut Vec<Problem>) -> io::Result<Self> {
        let real_root = fs::canonicalize(root)?;
        let mut names = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(root.join(&folder)) {
                Ok(entries) => entries,
                Err(error) if folder.is_empty() => return Err(error),
                Err(error) => {
                    problems.push(left_out(&folder, &error.to_string()));
                    continue;
                }
            };
            for entry in entries {
                let entry = entry?;
                let Some(name) = name_inside(&folder, &entry.file_name(), problems) else { continue };
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    folders.push(name);
                } else if kind.is_file() || is_link_inside(&entry.path(), &real_root) {
                    names.push(name);
                } else if kind.is_symlink() {
                    problems.push(left_out(&name, "it is a link to no file of the folder"));
                } else {
                    problems.push(left_out(&name, "it is neither a file nor a folder"));
                }
            }
        }
        names.sort_unstable();
        Ok(Self { root: root.to_path_buf(), names, passing: None })
    }

    /// The files that lie in a folder itself, hidden ones too: a person named one of them.
    ///
    /// # Errors
    /// The system's error when the folder cannot be read.
    pub fn of_files(root: &Path) -> io::Result<Self> {
        let mut names = Vec::new();
        for entry in fs::read_dir(root)? {
            let entry = entry?;
            let is_folder = entry.file_type()?.is_dir();
            if let Some(name) = entry.file_name().to_str().filter(|_| !is_folder) {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable();
        Ok(Self { root: root.to_path_buf(), names, passing: None })
    }

    /// The same, which goes away with the last that holds it.
    #[must_use]
    pub fn passing(self, folder: TempDir) -> Self {
        Self { passing: Some(Arc::new(folder)), ..self }
    }

    /// Some of its files; the names must be sorted.
    #[must_use]
    pub fn only(&self, names: Vec<String>) -> Self {
        Self { root: self.root.clone(), names, passing: self.passing.clone() }
    }

    /// The files that stand beside one in its folder and have its name up to the ending, it among them, and those with these names.
    #[must_use]
    pub fn partners(&self, name: &str, also: &[&str]) -> Vec<String> {
        let (folder, own) = name.rsplit_once('/').map_or(("", name), |(folder, own)| (folder, own));
        let stem = own.rsplit_once('.').map_or(own, |(stem, _)| stem);
        let is_partner = |other: &&String| {
            let (beside, other) =
                other.rsplit_once('/').map_or(("", other.as_str()), |(beside, other)| (beside, other));
            let ending = other.strip_prefix(stem).and_then(|rest| rest.strip_prefix('.'));
            beside == folder && (other == own || also.contains(&other) || ending.is_some_and(|end| !end.contains('.')))
        };
        self.names.iter().filter(is_partner).cloned().collect()
    }

    /// Where a file of it lies.
    #[must_use]
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Its file of this name, at its beginning.
    ///
    /// # Errors
    /// The system's error.
    pub fn open_file(&self, name: &str) -> io::Result<File> {
        File::open(self.path_of(name))
    }
}

impl Files for Folder {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Input>> {
        if self.names.binary_search_by(|known| known.as_str().cmp(name)).is_err() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(Box::new(self.open_file(name)?))
    }
}

/// That a file of a folder or an archive is left out.
#[must_use]
pub fn left_out(name: &str, words: &str) -> Problem {
    Problem::foreign(Place::default(), Foreign::FileLeftOut { name: name.to_owned(), words: words.to_owned() })
}

/// Whether a file or folder of this name is passed over in silence.
#[must_use]
pub fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name == ARCHIVE_LITTER
}

fn name_inside(folder: &str, own: &OsStr, problems: &mut Vec<Problem>) -> Option<String> {
    let whole = |own: &str| if folder.is_empty() { own.to_owned() } else { format!("{folder}/{own}") };
    let Some(name) = own.to_str() else {
        problems.push(left_out(&whole(&own.to_string_lossy()), "its name is not Unicode"));
        return None;
    };
    (!is_hidden(name)).then(|| whole(name))
}

fn is_link_inside(path: &Path, real_root: &Path) -> bool {
    fs::canonicalize(path).is_ok_and(|target| target.starts_with(real_root) && target.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        folder
    }

    #[test]
    fn files_are_found_sorted_and_hidden_ones_passed_over() {
        let folder = folder(&["b.txt", "a/2.txt", "a/10.txt", ".git/x", "a/.hidden", "__MACOSX/b.txt", "خبر.txt"]);
        let mut problems = Vec::new();
        let found = Folder::walk(folder.path(), &mut problems).unwrap();
        assert_eq!(found.names(), ["a/10.txt", "a/2.txt", "b.txt", "خبر.txt"]);
        assert_eq!(problems, []);
        let mut text = String::new();
        io::Read::read_to_string(&mut found.open("a/2.txt").unwrap(), &mut text).unwrap();
        assert_eq!(text, "a/2.txt");
        assert_eq!(found.open("a/.hidden").err().map(|error| error.kind()), Some(io::ErrorKind::NotFound));
        assert!(Folder::walk(&folder.path().join("none"), &mut problems).is_err());
    }

    #[test]
    fn what_belongs_together_has_one_name() {
        let folder = folder(&["c/a.ann", "c/a.txt", "c/ab.ann", "c/a.b.ann", "c/annotation.conf", "a.txt"]);
        let found = Folder::walk(folder.path(), &mut Vec::new()).unwrap();
        let check = |name: &str, expected: &[&str]| assert_eq!(found.partners(name, &["annotation.conf"]), expected);
        check("c/a.ann", &["c/a.ann", "c/a.txt", "c/annotation.conf"]);
        check("c/a.b.ann", &["c/a.b.ann", "c/annotation.conf"]);
        check("a.txt", &["a.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_that_leave_the_folder_are_left_out() {
        use std::os::unix::fs::symlink;
        let folder = folder(&["in/a.txt", "secret.txt"]);
        let inside = folder.path().join("in");
        symlink(folder.path().join("secret.txt"), inside.join("out.txt")).unwrap();
        symlink(&inside, inside.join("round")).unwrap();
        symlink("a.txt", inside.join("b.txt")).unwrap();
        let mut problems = Vec::new();
        let found = Folder::walk(&inside, &mut problems).unwrap();
        assert_eq!(found.names(), ["a.txt", "b.txt"]);
        let mut said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        said.sort();
        let expected = ["out.txt", "round"]
            .map(|name| format!("the file \"{name}\" was left out: it is a link to no file of the folder"));
        assert_eq!(said, expected);
    }
}
