//! What can go wrong between files and a project.
//!
//! Owns [`ExchangeError`]. It must not decide what is done about it.

use crate::formats::problem::FormatError;
use crate::store::contract::StoreError;
use std::path::PathBuf;

/// Why a file was not imported or exported.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The project.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is in the file.
    #[error("{}: {error}", path.display())]
    Format {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        error: FormatError,
    },
    /// The file itself.
    #[error("{}: {error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// The system's word.
        error: std::io::Error,
    },
    /// A folder where a file should be named.
    #[error("{}: this is a folder; name a file", path.display())]
    Folder {
        /// Which folder.
        path: PathBuf,
    },
    /// It was stopped on request.
    #[error("stopped; nothing was written")]
    Stopped,
}
