//! Writing an array of JSON values, one a line, each as it comes.
//!
//! Owns [`ArrayOutput`]. It must not know what a value means.

use crate::formats::problem::FormatError;
use serde::Serialize;
use std::io::{self, BufWriter, Write};

/// An array while it is written.
#[derive(Debug)]
pub(crate) struct ArrayOutput<W: Write> {
    output: BufWriter<W>,
    /// How many values were written.
    pub(crate) values: u64,
}

impl<W: Write> ArrayOutput<W> {
    /// An array into `output`.
    pub(crate) fn new(output: W) -> Self {
        Self { output: BufWriter::new(output), values: 0 }
    }

    /// Writes one value more.
    pub(crate) fn write(&mut self, value: &impl Serialize) -> Result<(), FormatError> {
        self.output.write_all(if self.values == 0 { b"[\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.output, value).map_err(io::Error::from)?;
        self.values += 1;
        Ok(())
    }

    /// Writes the end.
    pub(crate) fn finish(&mut self) -> Result<(), FormatError> {
        self.output.write_all(if self.values == 0 { b"[]\n" } else { b"\n]\n" })?;
        Ok(self.output.flush()?)
    }
}
