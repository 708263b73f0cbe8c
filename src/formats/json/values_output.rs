//! Writing JSON values into one file: a single one as it is, several as an array.
//!
//! Owns [`ValuesOutput`]. It holds one value at most, and must not know what it means.

use std::io::{self, BufWriter, Write};

/// Where values go.
///
/// ```
/// use barchasb::formats::json::values_output::ValuesOutput;
/// let written = |values: &[&str]| {
///     let mut file = Vec::new();
///     let mut output = ValuesOutput::new(&mut file);
///     values.iter().for_each(|value| output.push(value.as_bytes().to_vec()).unwrap());
///     output.finish().unwrap();
///     drop(output);
///     String::from_utf8(file).unwrap()
/// };
/// assert_eq!([written(&[]), written(&["1"]), written(&["1", "2"])], ["[]\n", "1\n", "[\n1,\n2\n]\n"]);
/// ```
#[derive(Debug)]
pub struct ValuesOutput<W: Write> {
    output: BufWriter<W>,
    /// The first value, as long as it is not known whether others follow.
    first: Option<Vec<u8>>,
    /// Whether an array was begun.
    is_array: bool,
}

impl<W: Write> ValuesOutput<W> {
    /// Values into `output`.
    pub fn new(output: W) -> Self {
        Self { output: BufWriter::new(output), first: None, is_array: false }
    }

    /// Adds a value.
    ///
    /// # Errors
    /// The system's error.
    pub fn push(&mut self, value: Vec<u8>) -> io::Result<()> {
        if !self.is_array {
            let Some(first) = self.first.take() else {
                self.first = Some(value);
                return Ok(());
            };
            self.is_array = true;
            self.output.write_all(b"[\n")?;
            self.output.write_all(&first)?;
        }
        self.output.write_all(b",\n")?;
        self.output.write_all(&value)
    }

    /// Writes the end.
    ///
    /// # Errors
    /// The system's error.
    pub fn finish(&mut self) -> io::Result<()> {
        match (self.first.take(), self.is_array) {
            (Some(first), _) => {
                self.output.write_all(&first)?;
                self.output.write_all(b"\n")?;
            }
            (None, true) => self.output.write_all(b"\n]\n")?,
            (None, false) => self.output.write_all(b"[]\n")?,
        }
        self.output.flush()
    }
}
