//! Unpacking a zip archive into a passing folder.
//!
//! Owns what is refused: names that would leave the folder, links, and archives that grow past all measure. It must not know any format.

use crate::exchange::folder::{Folder, is_hidden, left_out};
use crate::formats::problem::{FormatError, Problem};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use tempfile::TempDir;
use zip::ZipArchive;
use zip::read::Config;
use zip::unstable::read::ZipIterable;

/// How a zip archive with a file in it begins.
pub const ZIP_MAGIC: &[u8] = b"PK\x03\x04";

/// How far an archive may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Bytes of all its files.
    pub bytes: u64,
    /// How many times its own size its files may have together.
    pub ratio: u64,
    /// Bytes up to which the ratio is not asked.
    pub free_bytes: u64,
    /// Files.
    pub files: usize,
}

impl Default for ArchiveLimits {
    /// 16 GiB, 200 times, 16 MiB, a million. Labelled text shrinks to a thirtieth at most and the corpora known are far smaller, while
    /// deflate can make a thousandth of nothing but zeros, and files that share their bytes in the archive any part of that.
    fn default() -> Self {
        Self { bytes: 16 << 30, ratio: 200, free_bytes: 16 << 20, files: 1_000_000 }
    }
}

/// Unpacks an archive into a folder that goes away with what is returned. What is left out of it is added to `problems`.
///
/// When all its files stand in one folder of the archive, that is the folder.
///
/// # Errors
/// [`FormatError`] when it is no zip archive, passes a limit, or the disk refuses it.
pub fn unpack(
    mut file: impl Read + Seek,
    limits: ArchiveLimits,
    problems: &mut Vec<Problem>,
) -> Result<Folder, FormatError> {
    let size = file.seek(SeekFrom::End(0))?;
    let mut archive = ZipArchive::new(file).map_err(|error| malformed(&error.to_string()))?;
    if archive.len() > limits.files {
        return Err(malformed(&format!("it has more than {} files", limits.files)));
    }
    if archive.has_duplicate_names() {
        let mut file = archive.into_inner();
        say_doubles(&mut file, limits, problems)?;
        archive = ZipArchive::new(file).map_err(|error| malformed(&error.to_string()))?;
    }
    let most = limits.bytes.min(limits.free_bytes.max(size.saturating_mul(limits.ratio)));
    let mut left = most;
    let folder = TempDir::with_prefix("barchasb-")?;
    for index in 0..archive.len() {
        let Some(Ok(name)) = archive.name_for_index(index).map(|name| name.map(|name| name.into_owned())) else {
            problems.push(left_out(&format!("#{}", index + 1), "its name cannot be read"));
            continue;
        };
        let mut entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                problems.push(left_out(&name, &error.to_string()));
                continue;
            }
        };
        if entry.is_dir() {
            continue;
        }
        let name = name.strip_prefix("./").unwrap_or(&name);
        if let Some(fault) = fault_of_name(name).or(entry.is_symlink().then_some("it is a link")) {
            problems.push(left_out(name, fault));
            continue;
        }
        if name.split('/').any(is_hidden) {
            continue;
        }
        let path = folder.path().join(name);
        match create(&path) {
            Ok(mut output) => match copy(&mut entry, &mut output, &mut left)? {
                Copied::Whole => {}
                Copied::TooMuch => return Err(malformed(&format!("it would unpack to more than {most} bytes"))),
                Copied::Unreadable(words) => {
                    fs::remove_file(&path)?;
                    problems.push(left_out(name, &words));
                }
            },
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                problems.push(left_out(name, "a file of this name stands in the archive twice"));
            }
            Err(error) if error.kind() == io::ErrorKind::StorageFull => return Err(error.into()),
            Err(error) => problems.push(left_out(name, &error.to_string())),
        }
    }
    let root = only_folder(folder.path())?;
    Ok(Folder::walk(root.as_deref().unwrap_or(folder.path()), problems)?.passing(folder))
}

/// Says which names stand in the archive more than once: of these, the last file alone can be reached by its name.
fn say_doubles(file: impl Read + Seek, limits: ArchiveLimits, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
    let broken = |error: zip::result::ZipError| malformed(&error.to_string());
    let mut entries = ZipIterable::try_new(file, Config::default()).map_err(broken)?;
    if entries.len() > limits.files {
        return Err(malformed(&format!("it has more than {} files", limits.files)));
    }
    let mut seen = HashSet::new();
    for entry in entries.files().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let Ok(name) = entry.name() else { continue };
        let is_passed_over = name.ends_with('/') || name.split('/').any(is_hidden);
        if !is_passed_over && !seen.insert(name.to_string()) {
            problems
                .push(left_out(&name, "another file of this name stands in the archive; the last of them was read"));
        }
    }
    Ok(())
}

fn malformed(words: &str) -> FormatError {
    FormatError::Malformed { format: "zip", words: words.to_owned(), line: None }
}

/// Why a file of this name is not unpacked: it could stand elsewhere than in the folder, on this system or another.
fn fault_of_name(name: &str) -> Option<&'static str> {
    let is_drive = |part: &str| part.as_bytes().get(1) == Some(&b':');
    match name {
        _ if name.starts_with('/') => Some("its name begins at the root of the disk"),
        _ if name.contains(['\\', '\0']) => Some("its name has a backslash or NUL"),
        _ if climbs_out(name) => Some("its name leaves the archive"),
        _ if name.split('/').any(|part| part.is_empty() || part == "." || part == "..") => {
            Some("a part of its name is empty, a dot or two")
        }
        _ if name.split('/').any(is_drive) => Some("its name begins with a drive"),
        _ => None,
    }
}

fn climbs_out(name: &str) -> bool {
    let mut depth = 0_usize;
    name.split('/').any(|part| {
        match part {
            "" | "." => {}
            ".." => match depth.checked_sub(1) {
                Some(above) => depth = above,
                None => return true,
            },
            _ => depth += 1,
        }
        false
    })
}

fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::create_new(path)
}

/// What came of copying a file.
enum Copied {
    Whole,
    TooMuch,
    Unreadable(String),
}

/// Copies a file and takes its bytes off what is left.
fn copy(input: &mut impl Read, output: &mut impl Write, left: &mut u64) -> io::Result<Copied> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = match input.read(&mut buffer) {
            Ok(count) => count,
            Err(error) => return Ok(Copied::Unreadable(error.to_string())),
        };
        let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { return Ok(Copied::Whole) };
        match left.checked_sub(u64::try_from(count).unwrap_or(u64::MAX)) {
            Some(rest) => *left = rest,
            None => return Ok(Copied::TooMuch),
        }
        output.write_all(part)?;
    }
}

/// The one thing in a folder, when that is a folder.
fn only_folder(folder: &Path) -> io::Result<Option<std::path::PathBuf>> {
    let mut entries = fs::read_dir(folder)?;
    let (Some(first), None) = (entries.next().transpose()?, entries.next()) else { return Ok(None) };
    Ok(first.file_type()?.is_dir().then(|| first.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::files::Files;
    use std::io::Cursor;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn archive(files: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap()
    }

    fn check(files: &[(&str, &[u8])], expected: &[&str], said: &[&str]) {
        let mut problems = Vec::new();
        let folder = unpack(archive(files), ArchiveLimits::default(), &mut problems).unwrap();
        assert_eq!(folder.names(), expected);
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), said);
    }

    #[test]
    fn files_come_out_by_name() {
        check(
            &[("b.txt", b"b"), ("خبر/a.txt", b"a"), (".DS_Store", b""), ("__MACOSX/._b.txt", b"")],
            &["b.txt", "خبر/a.txt"],
            &[],
        );
        check(&[("export/a.jsonl", b"{}"), ("export/b/c.txt", b"c")], &["a.jsonl", "b/c.txt"], &[]);
        let mut problems = Vec::new();
        let folder = unpack(archive(&[("a", b"")]), ArchiveLimits::default(), &mut problems).unwrap();
        let path = folder.path_of("a");
        assert!(path.exists());
        drop(folder);
        assert!(!path.exists(), "nothing of it stays");
    }

    #[test]
    fn names_that_leave_the_archive_are_refused() {
        let refused = |name: &str, words: &str| {
            check(
                &[("good.txt", b"x"), (name, b"x")],
                &["good.txt"],
                &[&format!("the file {name:?} was left out: {words}")],
            );
        };
        refused("../evil.txt", "its name leaves the archive");
        refused("a/../../evil.txt", "its name leaves the archive");
        refused("/etc/evil.txt", "its name begins at the root of the disk");
        refused("a/../b.txt", "a part of its name is empty, a dot or two");
        refused("a//b.txt", "a part of its name is empty, a dot or two");
        refused("a/./b.txt", "a part of its name is empty, a dot or two");
        refused("..\\evil.txt", "its name has a backslash or NUL");
        refused("C:evil.txt", "its name begins with a drive");
    }

    #[test]
    fn a_name_that_stands_twice_is_said() {
        // The writer refuses a name that stands already: it is put in afterwards.
        let bytes = archive(&[("a.txt", b"first"), ("b.txt", b"other"), ("c.txt", b"last!")]).into_inner();
        let bytes: Vec<u8> = bytes.iter().map(|byte| if *byte == b'c' { b'a' } else { *byte }).collect();
        let names = |at: usize| bytes[at..].starts_with(b"a.txt");
        assert_eq!((0..bytes.len()).filter(|at| names(*at)).count(), 4, "both headers of two files");
        let mut problems = Vec::new();
        let folder = unpack(Cursor::new(bytes), ArchiveLimits::default(), &mut problems).unwrap();
        assert_eq!(folder.names(), ["a.txt", "b.txt"]);
        assert_eq!(fs::read_to_string(folder.path_of("a.txt")).unwrap(), "last!");
        let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
        let words = "another file of this name stands in the archive; the last of them was read";
        assert_eq!(said, [format!("the file \"a.txt\" was left out: {words}")]);
    }

    #[test]
    fn links_are_refused() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.add_symlink("link.txt", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        let mut problems = Vec::new();
        let folder = unpack(writer.finish().unwrap(), ArchiveLimits::default(), &mut problems).unwrap();
        assert_eq!((folder.names().len(), problems.len()), (0, 1));
        assert_eq!(problems[0].to_string(), "the file \"link.txt\" was left out: it is a link");
    }

    #[test]
    fn what_grows_past_all_measure_is_refused() {
        let zeros = vec![0; 1 << 20];
        let fail = |limits: ArchiveLimits| {
            let zip = archive(&[("a.txt", &zeros), ("b.txt", b"b")]);
            unpack(zip, limits, &mut Vec::new()).err().map(|error| error.to_string())
        };
        let limits = ArchiveLimits::default();
        assert_eq!(fail(limits), None);
        let bytes = "this cannot be read as zip: it would unpack to more than 1000 bytes";
        assert_eq!(fail(ArchiveLimits { bytes: 1000, ..limits }).as_deref(), Some(bytes));
        let ratio = fail(ArchiveLimits { free_bytes: 1000, ..limits }).unwrap();
        assert!(ratio.starts_with("this cannot be read as zip: it would unpack to more than"), "{ratio}");
        let files = "this cannot be read as zip: it has more than 1 files";
        assert_eq!(fail(ArchiveLimits { files: 1, ..limits }).as_deref(), Some(files));
        let none = unpack(Cursor::new(b"PK\x03\x04 no"), limits, &mut Vec::new()).unwrap_err().to_string();
        assert!(none.starts_with("this cannot be read as zip: "), "{none}");
    }
}
