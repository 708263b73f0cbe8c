//! What a person names, opened for formats: a file, the standard input, a folder, an archive.
//!
//! Owns telling which of these it is, which format each file of it is of, and which files belong together. It must not read an article.

use crate::exchange::archive::{ArchiveLimits, ZIP_MAGIC, unpack};
use crate::exchange::folder::{Folder, left_out};
use crate::exchange::import::{ImportError, PROJECT_ENDING};
use crate::formats::file_name::name_from_path;
use crate::formats::files::{Files, Source};
use crate::formats::format::{FORMATS, Format};
use crate::formats::problem::{FormatError, Problem};
use crate::formats::sniff::{HEAD_BYTES, Likeness, Sniff};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The first bytes of every SQLite file, and so of every project.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// What names the standard input.
pub const STANDARD_INPUT: &str = "-";

/// Files that say something of all others in their folder, and go along with each.
const OF_ALL: [&str; 3] = ["annotation.conf", "visual.conf", "README.md"];

/// What a person named, part by part.
pub struct Given {
    path: PathBuf,
    /// Stands before what keeps it there: files are closed before their folder is taken away, which some systems ask for.
    content: Content,
    /// Problems that were found before the first part.
    problems: Vec<Problem>,
    /// The format, where a person said it.
    format: Option<Format>,
    /// Where it lies, which is elsewhere than where it was named when it came through a pipe.
    at: PathBuf,
    /// What keeps that there; gone with this.
    spool: Option<TempDir>,
}

/// One reader's worth of it.
pub struct Part {
    /// Its name in the folder or archive; `None` where it is all there is, or several files that name themselves.
    pub name: Option<String>,
    /// Where it is, for a sentence.
    pub path: PathBuf,
    /// Its format.
    pub format: Format,
    /// Its bytes.
    pub source: Source,
    /// The name for an article of it whose file gives none.
    pub article: Option<String>,
    /// Whether every file of the archive it stands in is one annotator's.
    pub named_by_annotator: bool,
}

enum Content {
    One { file: File, format: Format, article: Option<String> },
    Together { files: Folder, format: Format, article: Option<String>, archive: bool },
    Each(Each),
    Done,
}

/// Files that stand for themselves.
struct Each {
    folder: Folder,
    names: std::vec::IntoIter<String>,
    /// Read with another already.
    used: HashSet<String>,
    /// The format, where a person said it.
    format: Option<Format>,
    archive: bool,
}

impl Given {
    /// Opens what stands at a path, or the standard input for `-`; `format` is believed where it is given.
    ///
    /// # Errors
    /// [`ImportError`] when nothing can be read.
    pub fn open(path: &Path, format: Option<Format>) -> Result<Self, ImportError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => ImportError::Missing { path: path.to_path_buf() },
            _ => ImportError::Format { path: path.to_path_buf(), source: error.into() },
        };
        if path == Path::new(STANDARD_INPUT) {
            return Self::spooled(path, &mut io::stdin().lock(), format);
        }
        let metadata = fs::metadata(path).map_err(failed)?;
        if metadata.is_dir() {
            let mut problems = Vec::new();
            let folder = Folder::walk(path, &mut problems).map_err(failed)?;
            return Self::of_folder(path, folder, format, false, problems);
        }
        if !metadata.is_file() {
            // A pipe cannot be read twice.
            return Self::spooled(path, &mut File::open(path).map_err(failed)?, format);
        }
        Self::of_file(path, path, format, None)
    }

    /// Keeps what comes through a pipe, and opens that.
    fn spooled(path: &Path, input: &mut dyn Read, format: Option<Format>) -> Result<Self, ImportError> {
        let failed = |error: io::Error| ImportError::Format { path: path.to_path_buf(), source: error.into() };
        let folder = TempDir::with_prefix("barchasb-").map_err(failed)?;
        let at = folder.path().join("input");
        File::create_new(&at).and_then(|mut file| io::copy(input, &mut file)).map_err(failed)?;
        Self::of_file(path, &at, format, Some(folder))
    }

    /// Opens the file at `at`, which a person knows as `path`.
    fn of_file(path: &Path, at: &Path, said: Option<Format>, spool: Option<TempDir>) -> Result<Self, ImportError> {
        let failed = |source: FormatError| ImportError::Format { path: path.to_path_buf(), source };
        let (file, head) = head_of(at).map_err(|error| failed(error.into()))?;
        if head.starts_with(SQLITE_MAGIC) {
            return Err(ImportError::Project { path: path.to_path_buf() });
        }
        let is_spool = path != at;
        let name = path.file_name().filter(|_| !is_spool).map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let sniff = Sniff::of_file(&name, &head);
        if is_archive(&sniff) {
            let mut problems = Vec::new();
            let folder = unpack(file, ArchiveLimits::default(), &mut problems).map_err(failed)?;
            let given = Self::of_folder(path, folder, said, true, problems)?;
            return Ok(Self { at: at.to_path_buf(), spool, ..given });
        }
        let format = said.or_else(|| Format::detect(&sniff)).unwrap_or(Format::TEXT);
        let article = path.file_stem().filter(|_| !is_spool).map(|stem| name_from_path(&stem.to_string_lossy()));
        let mut at = at.to_path_buf();
        let content = if format.container.is_folder() {
            // What came through a pipe has no name: it gets the usual ending.
            if is_spool && at.extension().is_none() {
                let named = at.with_extension(format.ending());
                fs::rename(&at, &named).map_err(|error| failed(error.into()))?;
                at = named;
            }
            let files = beside(&at).map_err(|error| failed(error.into()))?;
            Content::Together { files, format, article, archive: false }
        } else {
            Content::One { file, format, article }
        };
        Ok(Self { path: path.to_path_buf(), content, problems: Vec::new(), format: said, at, spool })
    }

    fn of_folder(
        path: &Path,
        folder: Folder,
        format: Option<Format>,
        archive: bool,
        mut problems: Vec<Problem>,
    ) -> Result<Self, ImportError> {
        if folder.names().is_empty() {
            return Err(ImportError::NothingInside { path: path.to_path_buf() });
        }
        let title = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let found = format.or_else(|| Format::detect(&Sniff::of_folder(&title, folder.names())));
        let content = match found.filter(|format| format.container.is_folder()) {
            Some(format) => Content::Together { files: folder, format, article: None, archive },
            None => {
                let names = fitting(&folder, format, &mut problems).into_iter();
                Content::Each(Each { folder, names, used: HashSet::new(), format, archive })
            }
        };
        Ok(Self { path: path.to_path_buf(), content, problems, format, at: path.to_path_buf(), spool: None })
    }

    /// The same once more, from its beginning; what came through a pipe must not be let go before.
    ///
    /// # Errors
    /// [`ImportError`] when it cannot be opened any more.
    pub fn again(&self) -> Result<Self, ImportError> {
        if self.spool.is_none() {
            return Self::open(&self.path, self.format);
        }
        Self::of_file(&self.path, &self.at, self.format, None)
    }

    /// Whether it is one part, so that its failure is that of the whole.
    #[must_use]
    pub fn is_one(&self) -> bool {
        !matches!(self.content, Content::Each(_))
    }

    /// Its one file and the format of that; `None` when there are several.
    #[must_use]
    pub fn one_file(&self) -> Option<(&File, Format)> {
        match &self.content {
            Content::One { file, format, .. } => Some((file, *format)),
            _ => None,
        }
    }

    /// The next part; `None` when there is no more. Files that are left out are added to `problems`.
    ///
    /// # Errors
    /// [`ImportError`] when this part cannot be opened; others may follow.
    pub fn next_part(&mut self, problems: &mut Vec<Problem>) -> Option<Result<Part, ImportError>> {
        problems.append(&mut self.problems);
        match std::mem::replace(&mut self.content, Content::Done) {
            Content::One { file, format, article } => {
                let source = Source::One(Box::new(file));
                Some(Ok(Part {
                    name: None,
                    path: self.path.clone(),
                    format,
                    source,
                    article,
                    named_by_annotator: false,
                }))
            }
            Content::Together { files, format, article, archive } => {
                let source = Source::Many(Box::new(files));
                let path = self.path.clone();
                Some(Ok(Part { name: None, path, format, source, article, named_by_annotator: archive }))
            }
            Content::Each(mut each) => {
                let part = each.next_part(&self.path, problems);
                if part.is_some() {
                    self.content = Content::Each(each);
                }
                part
            }
            Content::Done => None,
        }
    }
}

impl Each {
    fn next_part(&mut self, root: &Path, problems: &mut Vec<Problem>) -> Option<Result<Part, ImportError>> {
        loop {
            let name = self.names.next()?;
            if self.used.contains(&name) {
                continue;
            }
            let path = root.join(&name);
            let (file, head) = match head_of(&self.folder.path_of(&name)) {
                Ok(opened) => opened,
                Err(error) => return Some(Err(ImportError::Format { path, source: error.into() })),
            };
            let own = name.rsplit('/').next().unwrap_or(&name);
            let sniff = Sniff::of_file(own, &head);
            let format = match format_inside(&sniff, self.format) {
                Ok(format) => format,
                Err(words) => {
                    problems.push(left_out(&name, words));
                    continue;
                }
            };
            let article = Some(name_from_path(name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem)));
            let (part_name, source) = if format.container.is_folder() {
                let partners = self.folder.partners(&name, &OF_ALL);
                self.used.extend(partners.iter().filter(|partner| !OF_ALL.contains(&partner.as_str())).cloned());
                (None, Source::Many(Box::new(self.folder.only(partners))))
            } else {
                (Some(name), Source::One(Box::new(file)))
            };
            let named_by_annotator = self.archive;
            return Some(Ok(Part { name: part_name, path, format, source, article, named_by_annotator }));
        }
    }
}

/// The names that are read when a person said the format: those with an ending of it, or all where none has.
fn fitting(folder: &Folder, format: Option<Format>, problems: &mut Vec<Problem>) -> Vec<String> {
    let Some(format) = format else { return folder.names().to_vec() };
    let fits = |name: &str| {
        let name = name.to_lowercase();
        format.endings.iter().any(|ending| name.strip_suffix(ending).is_some_and(|stem| stem.ends_with('.')))
    };
    let (fitting, others): (Vec<String>, Vec<String>) = folder.names().iter().cloned().partition(|name| fits(name));
    if fitting.is_empty() {
        return others;
    }
    problems.extend(others.iter().map(|name| left_out(name, "its ending is none of the format's")));
    fitting
}

/// The format of a file among others, which is an article only when it says so: the README of a dataset is none.
fn format_inside(sniff: &Sniff, said: Option<Format>) -> Result<Format, &'static str> {
    let is_project = sniff.head.starts_with(SQLITE_MAGIC) || sniff.ending() == PROJECT_ENDING;
    if is_project {
        return Err("it is a project; export it and import the export");
    }
    if is_archive(sniff) {
        return Err("it is an archive; import it by itself");
    }
    let found = said.or_else(|| Format::detect(sniff)).unwrap_or(Format::TEXT);
    if said.is_none() && found == Format::TEXT && sniff.ending() != "txt" {
        return Err("nothing in it or in its name tells its format");
    }
    Ok(found)
}

fn is_archive(sniff: &Sniff) -> bool {
    sniff.head.starts_with(ZIP_MAGIC) && FORMATS.iter().all(|format| (format.detect)(sniff) < Likeness::Sure)
}

/// A file and those beside it that belong to it.
fn beside(path: &Path) -> io::Result<Folder> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = Folder::of_files(folder)?;
    Ok(beside.only(beside.partners(&name, &OF_ALL)))
}

/// The file, at its beginning, and its first bytes.
///
/// # Errors
/// The system's error.
pub fn head_of(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX)).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok((file, head))
}

/// Whether a file is a project, by its name or first bytes. A file that cannot be read is one when its name says so.
#[must_use]
pub fn is_project(path: &Path) -> bool {
    let by_name = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(PROJECT_ENDING));
    // A folder or a pipe is none, and reading from a pipe would take something out of it.
    by_name || (path.is_file() && head_of(path).is_ok_and(|(_, head)| head.starts_with(SQLITE_MAGIC)))
}
