//! Whether the quotes of a table are those of RFC 4180.
//!
//! Owns [`Quotes`], which sees every byte of a table once. It must not know cells: the parser reads them, and takes what is no RFC 4180
//! without a word.

use std::collections::VecDeque;

/// Where in a cell the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Quoted,
    /// After a quote that closes the cell or is the first of two.
    AfterQuote,
}

/// What the quotes of a table are, as far as it was seen.
///
/// ```
/// use barchasb::formats::delimited::quotes::Quotes;
/// let mut quotes = Quotes::new(b',');
/// quotes.pass(b"1,\"a \"\"b\"\"\"\n2,\"a\" b\n3,\"c");
/// assert_eq!(quotes.next_fault_before(9), Some(2));
/// assert_eq!(quotes.next_fault_before(9), None);
/// assert!(quotes.is_open());
/// ```
#[derive(Clone, Debug)]
pub struct Quotes {
    delimiter: u8,
    at: At,
    line: u64,
    /// The lines with something after a closing quote, which were not asked for: as many as the parser reads ahead.
    faults: VecDeque<u64>,
}

impl Quotes {
    /// At the beginning of a table with this delimiter.
    #[must_use]
    pub fn new(delimiter: u8) -> Self {
        Self { delimiter, at: At::Start, line: 1, faults: VecDeque::new() }
    }

    /// Sees the next bytes.
    pub fn pass(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let ends_cell = *byte == self.delimiter || matches!(byte, b'\n' | b'\r');
            self.at = match (self.at, *byte) {
                (At::Start | At::AfterQuote, b'"') => At::Quoted,
                (At::Quoted, b'"') => At::AfterQuote,
                (At::Quoted, _) => At::Quoted,
                _ if ends_cell => At::Start,
                (At::AfterQuote, _) => {
                    // One fault of a line is enough.
                    if self.faults.back() != Some(&self.line) {
                        self.faults.push_back(self.line);
                    }
                    At::Plain
                }
                _ => At::Plain,
            };
            self.line += u64::from(*byte == b'\n');
        }
    }

    /// The next line, before this one, that has something after a closing quote; every line is given once.
    pub fn next_fault_before(&mut self, line: u64) -> Option<u64> {
        self.faults.pop_front_if(|fault| *fault < line)
    }

    /// Whether a quoted cell has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.at == At::Quoted
    }

    /// The line that was reached, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }
}
