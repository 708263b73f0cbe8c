//! Where the bytes of a format come from and go to: one file, or several by name.
//!
//! Owns [`Source`] and [`Sink`], which readers and writers get, and their forms in memory. It knows no paths: names are those inside
//! a folder or an archive, with `/` between folders.

use crate::formats::problem::FormatError;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Cursor, Read, Seek, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// A file that is read from its beginning, more than once where that is needed.
pub trait Input: Read + Seek + Send {}

impl<T: Read + Seek + Send> Input for T {}

/// Several files, read by name.
pub trait Files: Send {
    /// The names, sorted, with `/` between folders.
    fn names(&self) -> &[String];

    /// The file of this name, at its beginning.
    ///
    /// # Errors
    /// The system's error; `NotFound` for a name that is not among [`names`](Self::names).
    fn open(&self, name: &str) -> io::Result<Box<dyn Input>>;
}

/// Files written by name.
pub trait Outputs: Send {
    /// A new file of this name, with `/` between folders.
    ///
    /// # Errors
    /// The system's error.
    fn create(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>>;
}

/// What a reader reads.
pub enum Source {
    /// One file.
    One(Box<dyn Input>),
    /// Several files: a folder, an archive, or files that belong together.
    Many(Box<dyn Files>),
}

impl Source {
    /// A file in memory.
    ///
    /// ```
    /// use barchasb::formats::files::Source;
    /// assert!(Source::from_bytes("سلام").one("text").is_ok());
    /// assert!(Source::from_bytes("سلام").many("brat").is_err());
    /// ```
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::One(Box::new(Cursor::new(bytes.into())))
    }

    /// The one file.
    ///
    /// # Errors
    /// [`FormatError::Container`] when there are several.
    pub fn one(self, format: &'static str) -> Result<Box<dyn Input>, FormatError> {
        match self {
            Self::One(input) => Ok(input),
            Self::Many(_) => Err(FormatError::Container { format, folder: false }),
        }
    }

    /// The files.
    ///
    /// # Errors
    /// [`FormatError::Container`] when there is one alone.
    pub fn many(self, format: &'static str) -> Result<Box<dyn Files>, FormatError> {
        match self {
            Self::Many(files) => Ok(files),
            Self::One(_) => Err(FormatError::Container { format, folder: true }),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(_) => f.write_str("One"),
            Self::Many(files) => f.debug_tuple("Many").field(&files.names()).finish(),
        }
    }
}

/// What a writer writes into.
pub enum Sink {
    /// One file.
    One(Box<dyn Write + Send>),
    /// Files of a folder.
    Many(Box<dyn Outputs>),
}

impl Sink {
    /// The one file.
    ///
    /// # Errors
    /// [`FormatError::Container`] for a folder.
    pub fn one(self, format: &'static str) -> Result<Box<dyn Write + Send>, FormatError> {
        match self {
            Self::One(output) => Ok(output),
            Self::Many(_) => Err(FormatError::Container { format, folder: false }),
        }
    }

    /// The folder.
    ///
    /// # Errors
    /// [`FormatError::Container`] for one file.
    pub fn many(self, format: &'static str) -> Result<Box<dyn Outputs>, FormatError> {
        match self {
            Self::Many(outputs) => Ok(outputs),
            Self::One(_) => Err(FormatError::Container { format, folder: true }),
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::One(_)) { "One" } else { "Many" })
    }
}

/// Files in memory, to be read or written; clones share them.
///
/// ```
/// use barchasb::formats::files::{MemoryFiles, Outputs};
/// use std::io::Write;
/// let mut files = MemoryFiles::default();
/// files.create("a/b.txt").unwrap().write_all(b"x").unwrap();
/// assert_eq!(files.contents()["a/b.txt"], b"x");
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    names: Vec<String>,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl MemoryFiles {
    /// Files with these names and bytes.
    pub fn new<B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (&'static str, B)>) -> Self {
        Self::from_contents(files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes.into())).collect())
    }

    /// Files with these names and bytes.
    #[must_use]
    pub fn from_contents(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self { names: files.keys().cloned().collect(), files: Arc::new(Mutex::new(files)) }
    }

    /// All names and bytes.
    #[must_use]
    pub fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Files for MemoryFiles {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Input>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = files.get(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Cursor::new(bytes.clone())))
    }
}

impl Outputs for MemoryFiles {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), Vec::new());
        Ok(Box::new(MemoryFile { name: name.to_owned(), files: Arc::clone(&self.files) }))
    }
}

/// One file in memory that is being written.
struct MemoryFile {
    name: String,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.entry(self.name.clone()).or_default().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
