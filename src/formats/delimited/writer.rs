//! Writing tables of comma- or tab-separated values.
//!
//! Owns the writer: the columns id, text, spans, annotator, status, meta and offset_unit, a layer a row. Spans are a list as in the
//! program's own JSON. Cells with a delimiter, a quote or a line break are quoted (RFC 4180); lines end with `\n`.

use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::formats::delimited::cell::cell_from_text;
use crate::formats::delimited::reader::CSV;
use crate::formats::format::RecordWriter;
use crate::formats::json_meta::written;
use crate::formats::losses::Holding;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::training_json_writer::written_spans;
use std::io::{self, Write};

/// The columns in their order.
pub const COLUMNS: [&str; 7] = ["id", "text", "spans", "annotator", "status", "meta", "offset_unit"];

/// The writer of tables.
///
/// ```
/// use barchasb::domain::record::ArticleRecord;
/// use barchasb::formats::delimited::writer::DelimitedWriter;
/// use barchasb::formats::format::RecordWriter;
/// use barchasb::formats::offset_unit::OffsetUnit;
/// let article = ArticleRecord { name: Some("a1".into()), text: "=علی, آمد".into(), ..ArticleRecord::default() };
/// let mut file = Vec::new();
/// let mut writer = DelimitedWriter::new(&mut file, b',', OffsetUnit::CodePoint);
/// writer.write(&article, &mut Vec::new()).unwrap();
/// writer.finish().unwrap();
/// drop(writer);
/// let expected = "id,text,spans,annotator,status,meta,offset_unit\na1,\"'=علی, آمد\",[],,,,codepoint\n";
/// assert_eq!(String::from_utf8(file).unwrap(), expected);
/// ```
#[derive(Debug)]
pub struct DelimitedWriter<W: Write> {
    table: csv::Writer<W>,
    unit: OffsetUnit,
    /// Records written, with the header.
    rows: u64,
}

impl<W: Write> DelimitedWriter<W> {
    /// A writer into `output`, whose offsets are counted in `unit`.
    pub fn new(output: W, delimiter: u8, unit: OffsetUnit) -> Self {
        let table = csv::WriterBuilder::new().delimiter(delimiter).from_writer(output);
        Self { table, unit, rows: 0 }
    }

    fn write_row(&mut self, cells: [&str; 7]) -> Result<(), FormatError> {
        let cells = cells.map(cell_from_text);
        let record = cells.iter().map(|cell| cell.as_bytes());
        self.rows += 1;
        Ok(self.table.write_record(record).map_err(io::Error::from)?)
    }

    fn write_layer(
        &mut self,
        record: &ArticleRecord,
        layer: Option<&LayerRecord>,
        map: &OffsetMap,
        problems: &mut Vec<Problem>,
    ) -> Result<(), FormatError> {
        let place = Place { record: Some(self.rows), ..Place::default() };
        let meta = written(&record.meta, place, problems);
        let mentions = layer.map_or(&[][..], |layer| &layer.mentions);
        let spans = written_spans(&record.text, map, mentions, self.unit, place, problems);
        let spans = serde_json::to_string(&spans).map_err(io::Error::from)?;
        self.write_row([
            record.name.as_deref().unwrap_or_default(),
            &record.text,
            &spans,
            layer.and_then(|layer| layer.annotator.as_deref()).unwrap_or_default(),
            layer.map(|layer| layer.status.name()).unwrap_or_default(),
            Some(meta.get()).filter(|meta| *meta != "{}").unwrap_or_default(),
            self.unit.name(),
        ])
    }

    fn start(&mut self) -> Result<(), FormatError> {
        if self.rows == 0 { self.write_row(COLUMNS) } else { Ok(()) }
    }
}

impl<W: Write + Send> RecordWriter for DelimitedWriter<W> {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.start()?;
        let place = Place { record: Some(self.rows), ..Place::default() };
        problems.extend(Holding::of(&CSV).losses(record, place));
        let map = OffsetMap::new(&record.text);
        if record.layers.is_empty() {
            return self.write_layer(record, None, &map, problems);
        }
        record.layers.iter().try_for_each(|layer| self.write_layer(record, Some(layer), &map, problems))
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        self.start()?;
        Ok(self.table.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::formats::format::{Columns, Format, ReadOptions, WriteOptions};
    use crate::formats::sniff::Sniff;
    use crate::formats::trial::{ONE, article, articles, read, round_trip, said, written as written_files};
    use proptest::prelude::*;

    fn check(format: Format, file: &[u8], columns: Columns, expected: &[(&str, &str)], problems: &[&str]) {
        let options = ReadOptions { columns, ..ReadOptions::default() };
        let (records, found) = read(format, file, &options).unwrap();
        let records: Vec<_> = records.iter().map(|r| (r.text.as_str(), r.meta.as_str())).collect();
        assert_eq!(records, expected);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems);
    }

    const KEPT: &str = "record 1, line 2: the key \"label\" is not known; it is kept in the articles' meta";

    #[test]
    fn columns_are_found_by_name_whatever_the_delimiter() {
        let default = Columns::default;
        for (file, format) in [
            ("label;Text\nx;a,b\n", Format::CSV),
            ("label\tmتن\tمتن\nx\t\ta,b\n", Format::TSV),
            ("label,body\nx,\"a,b\"\n", Format::CSV),
        ] {
            check(format, file.as_bytes(), default(), &[("a,b", "{\"label\":\"x\"}")], &[KEPT]);
        }
        let asked = || Columns { text: Some("b".into()), ..Columns::default() };
        check(
            Format::CSV,
            b"text,b\n1,\"x\r\ny\"\n",
            asked(),
            &[("x\r\ny", "{\"text\":\"1\"}")],
            &[&KEPT.replace("label", "text")],
        );
        let fail = |columns| {
            let options = ReadOptions { columns, ..ReadOptions::default() };
            read(Format::CSV, "a,c\n1,2\n", &options).unwrap_err().to_string()
        };
        assert_eq!(fail(asked()), "there is no column \"b\"; there are a, c");
        assert_eq!(fail(default()), "there is no column \"text\"; there are a, c");
        assert_eq!(read(Format::CSV, "", &ReadOptions::default()).unwrap_err().to_string(), "the file is empty");
    }

    #[test]
    fn encodings_with_a_mark_are_read_and_bad_rows_are_said() {
        let utf16: Vec<u8> = "\u{feff}text,label\nعلی😀,x\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let read_as = "byte 0: the file is in UTF-16 (little-endian); it was read as such";
        check(Format::CSV, &utf16, Columns::default(), &[("علی😀", "{\"label\":\"x\"}")], &[read_as, KEPT]);
        check(
            Format::CSV,
            b"\xEF\xBB\xBFtext,spans\na,\nb\n\xFF,\n \n,\nc,{}\nd,[[0;1]]\n",
            Columns::default(),
            &[("a", ""), ("c", ""), ("d", "")],
            &[
                "byte 0: a UTF-8 byte order mark was taken off",
                "record 2, line 3: this row has 1 columns instead of 2; it was left out",
                "record 3, line 4: the byte here is not UTF-8; the record was left out",
                "record 4, line 5: this row has 1 columns instead of 2; it was left out",
                "record 5, line 6: the text is empty; the record was left out",
                "record 6, line 7: this cannot be read (the spans of the record: invalid type: map, expected a sequence); it was left out",
                "record 7, line 8: this cannot be read (the spans of the record: expected `,` or `]`); it was left out",
            ],
        );
    }

    #[test]
    fn quotes_that_are_no_rfc_4180_are_said() {
        let default = Columns::default;
        let at = |line: u64| {
            format!(
                "line {line}: this cannot be read (the quotes of line {line} by RFC 4180: all quotes were taken as characters); it was left out"
            )
        };
        let tsv = "id\ttext\n1\t\"سلام\" گفت\n2\t\"تهران امن است\n3\tآمد\n4\t=x\n";
        let texts = [("\"سلام\" گفت", ""), ("\"تهران امن است", ""), ("آمد", ""), ("=x", "")];
        check(Format::TSV, tsv.as_bytes(), default(), &texts, &[&at(2)]);
        check(Format::TSV, b"id\ttext\n1\t\"a\n", default(), &[("\"a", "")], &[&at(3)]);
        check(Format::TSV, b"id\ttext\n1\t\"a\nb\"\n", default(), &[("a\nb", "")], &[]);
        let after = |record: u64, line: u64| {
            format!(
                "record {record}, line {line}: this cannot be read (there is something after a closing quote); it was left out"
            )
        };
        let csv = b"id,text\n1,\"a\" b\n2,c\n3,\"d\n4,\"e\n5,f\n6,\"g\"\"\"\n7,\"h\"i";
        let texts = [("c", ""), ("f", ""), ("g\"", "")];
        check(Format::CSV, csv, default(), &texts, &[&after(1, 2), &after(3, 5), &after(6, 8)]);
        let cut = "line 3: the file ends before it should; it may have been cut off";
        check(Format::CSV, b"id,text\n1,\"a\nb", default(), &[("a\nb", "")], &[cut]);
    }

    #[test]
    fn apostrophes_of_other_programs_stay() {
        let texts = [("'=1", ""), ("'-x", "")];
        check(Format::CSV, b"id,text\n1,'=1\n2,'-x\n", Columns::default(), &texts, &[]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_stopped_at_the_limit() {
        let mut options = ReadOptions::default();
        options.limits.record_bytes = 50_000;
        let file = format!("text\na\n\"{}", "b\n".repeat(100_000));
        let (records, problems) = read(Format::CSV, file, &options).unwrap();
        assert_eq!(records.len(), 1);
        assert_eq!(problems[0].to_string(), "record 2, line 3: the record is longer than 50000 bytes and was left out");
    }

    #[test]
    fn a_table_is_told_by_its_ending_and_a_text() {
        let detect = |name: &str, head: &str| Format::detect(&Sniff::of_file(name, head.as_bytes()));
        assert_eq!(detect("a.CSV", "id,text\n"), Some(Format::CSV));
        assert_eq!(detect("a.tsv", "id\ttext\n"), Some(Format::TSV));
        assert_eq!(detect("a.csv", "x,y\n"), Some(Format::CSV));
        assert_eq!(detect("a.txt", "id,text\n"), Some(Format::TEXT));
    }

    #[test]
    fn layers_notes_meta_and_units_come_back() {
        let mut record = article("=1", "+😀 علی,\"x\"\r\n", &[(1, 2, "E"), (3, 6, "PER")]);
        record.meta = "{\"a\":[1,\"b,c\"]}".into();
        record.layers[0].annotator = Some("@زهرا".into());
        record.layers[0].mentions[0].note = Some("یک «نکته»".into());
        record.layers.push(record.layers[0].clone());
        record.layers[1].status = Status::Done;
        for unit in OffsetUnit::ALL {
            for format in [Format::CSV, Format::TSV] {
                let options = WriteOptions { unit, ..WriteOptions::default() };
                let (files, problems) = written_files(format, std::slice::from_ref(&record), &options);
                assert_eq!(problems, []);
                let (records, problems) = read(format, files[ONE].clone(), &ReadOptions::default()).unwrap();
                assert_eq!(problems, []);
                let layers: Vec<_> = records.iter().flat_map(|r| r.layers.clone()).collect();
                assert_eq!(layers, record.layers);
                assert_eq!(
                    (&records[0].text, &records[0].meta, &records[0].name),
                    (&record.text, &record.meta, &record.name)
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_written_is_read_as_it_was(articles in articles()) {
            for format in [Format::CSV, Format::TSV] {
                let (read, problems) = round_trip(format, &articles);
                prop_assert_eq!(problems, Vec::<String>::new());
                prop_assert_eq!(&read, &articles);
                prop_assert_eq!(said(&read[0]), said(&articles[0]));
            }
        }
    }
}
