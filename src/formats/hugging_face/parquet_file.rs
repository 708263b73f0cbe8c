//! Parquet files read row by row, without Arrow: leaf columns of texts, numbers and booleans, alone or in one list.
//!
//! Owns how row groups, definition and repetition levels become cells. It must not know what a column means. Memory holds a page of every
//! column and some rows. Format: <https://parquet.apache.org/docs/file-format/>.

use crate::formats::decoding::as_u64;
use crate::formats::files::Input;
use crate::formats::problem::FormatError;
use crate::formats::shared_input::SharedInput;
use bytes::Bytes;
use parquet::basic::Type as Physical;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, FileReader, Length};
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::schema::types::ColumnDescriptor;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

/// How many rows are decoded at a time.
const BATCH_ROWS: usize = 128;

/// A file that several readers read at their own places.
struct Chunks {
    input: Arc<Mutex<Box<dyn Input>>>,
    len: u64,
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Chunks {
    type T = BufReader<SharedInput>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        // For the heads of pages, which are small.
        Ok(BufReader::with_capacity(256, SharedInput { input: Arc::clone(&self.input), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let end = start.checked_add(as_u64(length)).filter(|end| *end <= self.len);
        end.ok_or_else(|| ParquetError::EOF("a part of the file passes its end".to_owned()))?;
        let mut bytes = Vec::with_capacity(length);
        SharedInput { input: Arc::clone(&self.input), at: start }.take(as_u64(length)).read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Texts.
    Text,
    /// Whole numbers.
    Integer,
    /// Other numbers.
    Number,
    /// Truth values.
    Boolean,
}

/// A leaf column that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafColumn {
    /// Its name; of a field inside others the names with dots between, without the words that only say "list".
    pub name: String,
    /// What its values are.
    pub kind: CellKind,
    /// Whether a row has a list of values.
    pub is_list: bool,
    index: usize,
    max_definition: i16,
    element_definition: i16,
}

impl LeafColumn {
    /// The column, when it can be read.
    fn of_descriptor(index: usize, column: &ColumnDescriptor) -> Option<Self> {
        let kind = match column.physical_type() {
            Physical::BYTE_ARRAY => CellKind::Text,
            Physical::INT32 | Physical::INT64 => CellKind::Integer,
            Physical::FLOAT | Physical::DOUBLE => CellKind::Number,
            Physical::BOOLEAN => CellKind::Boolean,
            Physical::INT96 | Physical::FIXED_LEN_BYTE_ARRAY => return None,
        };
        let is_list = match column.max_rep_level() {
            0 => false,
            1 => true,
            _ => return None,
        };
        let of_lists = ["list", "element", "item", "array", "bag", "array_element"];
        let parts = column.path().parts();
        let mut names = parts.iter().enumerate();
        let names: Vec<&str> = names
            .by_ref()
            .filter(|(at, part)| *at == 0 || !of_lists.contains(&part.as_str()))
            .map(|(_, part)| part.as_str())
            .collect();
        Some(Self {
            name: names.join("."),
            kind,
            is_list,
            index,
            max_definition: column.max_def_level(),
            element_definition: column.repeated_ancestor_def_level(),
        })
    }
}

/// A value of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A text; `None` when its bytes are not UTF-8.
    Text(Option<&'a str>),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Number(f64),
    /// A truth value.
    Boolean(bool),
}

#[derive(Debug)]
enum Values {
    Texts(Vec<ByteArray>),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
    Booleans(Vec<bool>),
}

/// The cells of a column for some rows.
#[derive(Debug)]
struct Cells {
    values: Values,
    /// For every slot the number of its value; `None` for null.
    slots: Vec<Option<usize>>,
    /// For every row its slots.
    rows: Vec<Range<usize>>,
}

impl Cells {
    fn cell(&self, slot: usize) -> Cell<'_> {
        let Some(Some(at)) = self.slots.get(slot).copied() else { return Cell::Null };
        let found = match &self.values {
            Values::Texts(texts) => texts.get(at).map(|text| Cell::Text(str::from_utf8(text.data()).ok())),
            Values::Integers(numbers) => numbers.get(at).copied().map(Cell::Integer),
            Values::Numbers(numbers) => numbers.get(at).copied().map(Cell::Number),
            Values::Booleans(values) => values.get(at).copied().map(Cell::Boolean),
        };
        found.unwrap_or(Cell::Null)
    }

    fn row(&self, row: usize) -> impl Iterator<Item = Cell<'_>> {
        self.rows.get(row).cloned().unwrap_or_default().map(|slot| self.cell(slot))
    }
}

/// A row of a file: the cells of its columns.
#[derive(Clone, Copy, Debug)]
pub struct ParquetRow<'a> {
    batch: &'a [Cells],
    row: usize,
}

impl<'a> ParquetRow<'a> {
    /// The values of a column's cell, by the column's place in [`ParquetFile::columns`]: one or none, or those of a list.
    pub fn cells(self, column: usize) -> impl Iterator<Item = Cell<'a>> {
        self.batch.get(column).into_iter().flat_map(move |cells| cells.row(self.row))
    }

    /// The text of a column's cell.
    #[must_use]
    pub fn text(self, column: usize) -> Option<&'a str> {
        match self.cells(column).next() {
            Some(Cell::Text(text)) => text,
            _ => None,
        }
    }
}

/// A Parquet file that is read from its first row to its last.
pub struct ParquetFile {
    file: SerializedFileReader<Chunks>,
    columns: Vec<LeafColumn>,
    unread: Vec<String>,
    next_group: usize,
    readers: Vec<ColumnReader>,
    batch: Vec<Cells>,
    batch_rows: usize,
    row: usize,
}

impl std::fmt::Debug for ParquetFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetFile").field("columns", &self.columns).finish_non_exhaustive()
    }
}

fn fault(error: ParquetError) -> FormatError {
    FormatError::Malformed { format: "Parquet", words: error.to_string(), line: None }
}

/// Does work of the library, which panics on some damaged files instead of refusing them. What it worked on must not be used again after
/// an error.
fn guarded<T>(work: impl FnOnce() -> Result<T, FormatError>) -> Result<T, FormatError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(FormatError::Malformed { format: "Parquet", words: "the file is damaged".to_owned(), line: None })
    })
}

fn uneven() -> FormatError {
    FormatError::Malformed { format: "Parquet", words: "its columns have not the same rows".to_owned(), line: None }
}

impl ParquetFile {
    /// A file whose end has been read.
    ///
    /// # Errors
    /// [`FormatError`] when it cannot be read or is no Parquet.
    pub fn new(mut input: Box<dyn Input>) -> Result<Self, FormatError> {
        let len = input.seek(SeekFrom::End(0))?;
        if len == 0 {
            return Err(FormatError::Empty);
        }
        let chunks = Chunks { input: Arc::new(Mutex::new(input)), len };
        let file = guarded(|| SerializedFileReader::new(chunks).map_err(fault))?;
        let (mut columns, mut unread) = (Vec::new(), Vec::new());
        for (index, column) in file.metadata().file_metadata().schema_descr().columns().iter().enumerate() {
            match LeafColumn::of_descriptor(index, column) {
                Some(column) => columns.push(column),
                None => unread.push(column.path().string()),
            }
        }
        Ok(Self { file, columns, unread, next_group: 0, readers: Vec::new(), batch: Vec::new(), batch_rows: 0, row: 0 })
    }

    /// The columns that are read.
    #[must_use]
    pub fn columns(&self) -> &[LeafColumn] {
        &self.columns
    }

    /// The names of those that are not: lists of lists and values of unknown kinds.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// The file's own words under a key.
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&str> {
        let pairs = self.file.metadata().file_metadata().key_value_metadata()?;
        pairs.iter().find(|pair| pair.key == key)?.value.as_deref()
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// [`FormatError::Malformed`] when the file is damaged or packed in a way that is not known.
    pub fn next_row(&mut self) -> Result<Option<ParquetRow<'_>>, FormatError> {
        while self.row >= self.batch_rows {
            if !guarded(|| self.next_batch())? {
                return Ok(None);
            }
        }
        let row = self.row;
        self.row += 1;
        Ok(Some(ParquetRow { batch: &self.batch, row }))
    }

    /// Decodes some more rows; `false` at the end.
    fn next_batch(&mut self) -> Result<bool, FormatError> {
        loop {
            (self.row, self.batch_rows) = (0, 0);
            self.batch.clear();
            for (reader, column) in self.readers.iter_mut().zip(&self.columns) {
                self.batch.push(read_cells(reader, column).map_err(fault)?);
            }
            let mut counts = self.batch.iter().map(|cells| cells.rows.len());
            let count = counts.next().unwrap_or(0);
            if counts.any(|other| other != count) {
                return Err(uneven());
            }
            self.batch_rows = count;
            if count > 0 {
                return Ok(true);
            }
            if self.next_group >= self.file.num_row_groups() {
                return Ok(false);
            }
            let group = self.file.get_row_group(self.next_group).map_err(fault)?;
            let readers = self.columns.iter().map(|column| group.get_column_reader(column.index));
            self.readers = readers.collect::<ParquetResult<_>>().map_err(fault)?;
            self.next_group += 1;
        }
    }
}

fn read_cells(reader: &mut ColumnReader, column: &LeafColumn) -> ParquetResult<Cells> {
    let (mut definitions, mut repetitions) = (Vec::new(), Vec::new());
    let levels = (&mut definitions, &mut repetitions);
    let (values, count) = match reader {
        ColumnReader::ByteArrayColumnReader(reader) => {
            let (values, count) = read_values(reader, levels)?;
            (Values::Texts(values), count)
        }
        ColumnReader::Int32ColumnReader(reader) => {
            let (values, count) = read_values(reader, levels)?;
            (Values::Integers(values.into_iter().map(i64::from).collect()), count)
        }
        ColumnReader::Int64ColumnReader(reader) => {
            let (values, count) = read_values(reader, levels)?;
            (Values::Integers(values), count)
        }
        ColumnReader::FloatColumnReader(reader) => {
            let (values, count) = read_values(reader, levels)?;
            (Values::Numbers(values.into_iter().map(f64::from).collect()), count)
        }
        ColumnReader::DoubleColumnReader(reader) => {
            let (values, count) = read_values(reader, levels)?;
            (Values::Numbers(values), count)
        }
        ColumnReader::BoolColumnReader(reader) => {
            let (values, count) = read_values(reader, levels)?;
            (Values::Booleans(values), count)
        }
        ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => {
            return Err(ParquetError::NYI("a column of this kind".to_owned()));
        }
    };
    let mut cells = Cells { values, slots: Vec::with_capacity(count), rows: Vec::with_capacity(BATCH_ROWS) };
    let mut next_value = 0;
    for at in 0..count {
        let definition = definitions.get(at).copied().unwrap_or(column.max_definition);
        let begins = repetitions.get(at).is_none_or(|repetition| *repetition == 0);
        if begins {
            cells.rows.push(cells.slots.len()..cells.slots.len());
        }
        // Below the element's level the list is empty or there is none.
        if definition >= column.element_definition {
            let is_value = definition == column.max_definition;
            cells.slots.push(is_value.then_some(next_value));
            next_value += usize::from(is_value);
            let end = cells.slots.len();
            if let Some(row) = cells.rows.last_mut() {
                row.end = end;
            }
        }
    }
    Ok(cells)
}

/// The values of the next rows, and the number of their levels.
fn read_values<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    (definitions, repetitions): (&mut Vec<i16>, &mut Vec<i16>),
) -> ParquetResult<(Vec<T::T>, usize)> {
    let mut values = Vec::new();
    let (_, _, levels) = reader.read_records(BATCH_ROWS, Some(definitions), Some(repetitions), &mut values)?;
    Ok((values, levels))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use parquet::data_type::{ByteArrayType, Int64Type};
    use parquet::file::metadata::KeyValue;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use std::io::Cursor;

    /// A column of a test: its values with definition and repetition levels.
    pub(crate) enum Column<'a> {
        Texts(&'a [&'a str], &'a [i16], &'a [i16]),
        Integers(&'a [i64], &'a [i16], &'a [i16]),
    }

    /// A file with these columns in one row group, written by the library's own means.
    pub(crate) fn parquet(schema: &str, columns: &[Column<'_>], metadata: Option<(&str, &str)>) -> Vec<u8> {
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let mut file =
            SerializedFileWriter::new(Vec::new(), schema, WriterProperties::builder().build().into()).unwrap();
        let mut group = file.next_row_group().unwrap();
        fn given<'a>(levels: &&'a [i16]) -> Option<&'a [i16]> {
            Some(*levels).filter(|levels| !levels.is_empty())
        }
        for column in columns {
            let mut writer = group.next_column().unwrap().unwrap();
            match column {
                Column::Texts(values, definitions, repetitions) => {
                    let values: Vec<ByteArray> = values.iter().map(|value| ByteArray::from(*value)).collect();
                    writer
                        .typed::<ByteArrayType>()
                        .write_batch(&values, Some(definitions), given(repetitions))
                        .unwrap();
                }
                Column::Integers(values, definitions, repetitions) => {
                    writer.typed::<Int64Type>().write_batch(values, Some(definitions), given(repetitions)).unwrap();
                }
            }
            writer.close().unwrap();
        }
        group.close().unwrap();
        if let Some((key, value)) = metadata {
            file.append_key_value_metadata(KeyValue::new(key.to_owned(), value.to_owned()));
        }
        file.into_inner().unwrap()
    }

    const LIST: &str =
        "message m { optional group a (LIST) { repeated group list { optional binary element (STRING); } } }";

    fn cells(bytes: Vec<u8>) -> Result<Vec<String>, FormatError> {
        let mut file = ParquetFile::new(Box::new(Cursor::new(bytes)))?;
        let mut rows = Vec::new();
        while let Some(row) = file.next_row()? {
            rows.push(format!("{:?}", row.cells(0).collect::<Vec<_>>()));
        }
        Ok(rows)
    }

    #[test]
    fn levels_become_rows() {
        // ["a", null], [], null, ["b"]
        let bytes = parquet(LIST, &[Column::Texts(&["a", "b"], &[3, 2, 1, 0, 3], &[0, 1, 0, 0, 0])], None);
        let expected = ["[Text(Some(\"a\")), Null]", "[]", "[]", "[Text(Some(\"b\"))]"];
        assert_eq!(cells(bytes).unwrap(), expected);
    }

    #[test]
    fn a_damaged_file_is_an_error_and_no_panic() {
        let good = parquet(LIST, &[Column::Texts(&["a", "b", "a"], &[3, 3, 3], &[0, 1, 0])], Some(("k", "v")));
        assert_eq!(cells(good.clone()).unwrap().len(), 2);
        for len in 0..good.len() {
            assert!(cells(good[..len].to_vec()).is_err(), "cut at {len}");
        }
        // Whatever a byte becomes, the reader comes to an end.
        for at in 0..good.len() {
            for change in [1, 0x10, 0x80, 0xFF] {
                let mut bad = good.clone();
                bad[at] ^= change;
                let _ = cells(bad);
            }
        }
    }
}
