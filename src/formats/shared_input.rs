//! One file read from several places at once.
//!
//! Owns [`SharedInput`]. It must not know what stands in the file.

use crate::formats::decoding::as_u64;
use crate::formats::files::Input;
use std::io::{self, Read, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

/// A place in a file that others read too.
pub(crate) struct SharedInput {
    pub(crate) input: Arc<Mutex<Box<dyn Input>>>,
    /// The byte that is read next, from 0.
    pub(crate) at: u64,
}

impl Read for SharedInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.seek(SeekFrom::Start(self.at))?;
        let count = input.read(buffer)?;
        self.at += as_u64(count);
        Ok(count)
    }
}
