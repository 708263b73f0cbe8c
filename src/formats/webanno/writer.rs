//! Writing WebAnno TSV 3.3.
//!
//! Owns the writer. Sentences are written with the white space behind them, so the text is in the file whole; what a file of INCEpTION
//! held besides mentions is given back.

use crate::domain::offset::{CharOffset, Span};
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::formats::format::RecordWriter;
use crate::formats::losses::Holding;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::webanno::cells::Cells;
use crate::formats::webanno::escape::escape_text;
use crate::formats::webanno::kept::Kept;
use crate::formats::webanno::reader::FACTS;
use crate::formats::webanno::units::Units;
use std::io::{BufWriter, Write};

/// The writer of a document. An article is one file, and a file is one annotator's.
///
/// ```
/// use barchasb::domain::mention::Origin;
/// use barchasb::domain::offset::Span;
/// use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
/// use barchasb::formats::format::RecordWriter;
/// use barchasb::formats::webanno::writer::WebannoTsvWriter;
/// let mention = MentionRecord { span: Span::from_chars(2, 4), label: "PER".into(), note: None, origin: Origin::Hand };
/// let layer = LayerRecord { mentions: vec![mention], ..LayerRecord::default() };
/// let article = ArticleRecord { text: "😀 علی".into(), layers: vec![layer], ..ArticleRecord::default() };
/// let mut file = Vec::new();
/// let mut writer = WebannoTsvWriter::new(&mut file);
/// writer.write(&article, &mut Vec::new()).unwrap();
/// writer.finish().unwrap();
/// drop(writer);
/// assert!(String::from_utf8(file).unwrap().ends_with("1-2\t3-6\tعلی\t_\t_\t\n1-2.1\t3-5\tعل\t*\tPER\t\n"));
/// ```
#[derive(Debug)]
pub struct WebannoTsvWriter<W: Write> {
    output: BufWriter<W>,
    records: u64,
}

impl<W: Write> WebannoTsvWriter<W> {
    /// A writer into `output`.
    pub fn new(output: W) -> Self {
        Self { output: BufWriter::new(output), records: 0 }
    }

    fn write_document(
        &mut self,
        record: &ArticleRecord,
        units: &Units,
        cells: &Cells<'_>,
        kept: &Kept,
    ) -> Result<(), FormatError> {
        let map = OffsetMap::new(&record.text);
        writeln!(self.output, "#FORMAT=WebAnno TSV 3.3")?;
        for line in cells.head() {
            writeln!(self.output, "{line}")?;
        }
        writeln!(self.output)?;
        let slice =
            |span: Span| map.bytes_from_span(span).and_then(|bytes| bytes.slice(&record.text)).unwrap_or_default();
        let utf16 = |at: CharOffset| map.utf16_from_char(at).map_or(0, |at| at.get());
        let ends = units.sentence_starts().skip(1).chain([map.len_chars().get()]);
        for ((start, end), rows) in units.sentence_starts().zip(ends).zip(units.numbered()) {
            writeln!(self.output)?;
            if let Some(id) = kept.sentences.get(&start) {
                writeln!(self.output, "#Sentence.id={}", escape_text(id))?;
            }
            for line in slice(Span::from_chars(start, end)).split('\n') {
                writeln!(self.output, "#Text={}", escape_text(line))?;
            }
            for (unit, id) in rows {
                let Some(span) = units.span(unit) else { continue };
                let word = slice(span);
                // INCEpTION writes words as they are; one that would break the row is escaped.
                let breaks = word.contains(['\t', '\r', '\n']);
                let word = if breaks { escape_text(word) } else { word.to_owned() };
                write!(self.output, "{id}\t{}-{}\t{word}\t", utf16(span.start), utf16(span.end))?;
                for cell in cells.row(unit) {
                    write!(self.output, "{cell}\t")?;
                }
                writeln!(self.output)?;
            }
        }
        Ok(())
    }
}

impl<W: Write + Send> RecordWriter for WebannoTsvWriter<W> {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.records += 1;
        let place = Place { record: Some(self.records), ..Place::default() };
        problems.extend(Holding::of(&FACTS).losses(record, place));
        let none = LayerRecord::default();
        let layer = record.layers.first().unwrap_or(&none);
        let kept = Kept::of_layer(layer).unwrap_or_default();
        let mut units = Units::of_record(record);
        let cells = Cells::of_layer(layer, &kept, &mut units, place, problems);
        self.write_document(record, &units, &cells, &kept)
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        Ok(self.output.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::{Format, ReadOptions, WriteOptions};
    use crate::formats::trial::{ONE, article, articles, mention, read, said, written};
    use proptest::prelude::*;

    fn written_text(record: &ArticleRecord) -> (String, Vec<String>) {
        let (files, problems) = written(Format::WEBANNO_TSV, std::slice::from_ref(record), &WriteOptions::default());
        let text = String::from_utf8(files[ONE].clone()).unwrap();
        (text, problems.iter().map(ToString::to_string).collect())
    }

    fn read_back(text: &str) -> (ArticleRecord, Vec<String>) {
        let options = ReadOptions { name: Some("a".into()), ..ReadOptions::default() };
        let (mut records, problems) = read(Format::WEBANNO_TSV, text, &options).unwrap();
        (records.remove(0), problems.iter().map(ToString::to_string).collect())
    }

    /// The rows and heads of sentences of an article, without the head of the file.
    fn check(record: &ArticleRecord, body: &str, problems: &[&str]) {
        let (text, found) = written_text(record);
        let head = "#FORMAT=WebAnno TSV 3.3\n\
            #T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n\n\n";
        assert_eq!(text.strip_prefix(head), Some(body));
        assert_eq!(found, problems);
    }

    #[test]
    fn mentions_are_stacked_and_numbered() {
        check(
            &article("a", "ab cd.\r\nef", &[(0, 5, "X"), (0, 2, "Y_"), (3, 4, "Z"), (8, 10, "W")]),
            "#Text=ab cd.\\r\n#Text=\n1-1\t0-2\tab\t*[1]|*[2]\tX[1]|Y\\_[2]\t\n1-2\t3-5\tcd\t*[1]\tX[1]\t\n\
             1-2.1\t3-4\tc\t*\tZ\t\n1-3\t5-6\t.\t_\t_\t\n\n#Text=ef\n2-1\t8-10\tef\t*\tW\t\n",
            &[],
        );
        check(
            &article("a", "a  b", &[(1, 4, "X"), (1, 2, "X")]),
            "#Text=a  b\n1-1\t0-1\ta\t_\t_\t\n1-2\t3-4\tb\t*\tX\t\n",
            &[
                "record 1: X at 1..4 was written as 3..4, the nearest edges that the format can hold",
                "record 1: X at 1..2 was left out: this format cannot hold white space other than one space",
            ],
        );
    }

    const RICH: &str = "#FORMAT=WebAnno TSV 3.3\n\
        #T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue\n\
        #T_SP=webanno.custom.Span|value\n\
        #T_SP=webanno.custom.Host|ROLE_webanno.custom.Host:links_webanno.custom.Link|webanno.custom.Span\n\
        #T_CH=webanno.custom.SimpleLink|referenceRelation|referenceType\n\
        #T_RL=webanno.custom.Relation|value|BT_webanno.custom.Span\n\n\n\
        #Sentence.id=s1\n#Text=This is a test.\n\
        1-1\t0-4\tThis\tDT\tA[1]|*[2]\tr1;r2\t1-2[3];1-4\t*->1-1\t*[1]\t_\t_\t\n\
        1-2\t5-7\tis\tVB\tB[3]\t_\t_\t*->1-2\t*[1]\trel\t1-1[1_3]\t\n\
        1-3\t8-9\ta\t_\tB[3]\t_\t_\t_\t_\t_\t_\t\n\
        1-4\t10-14\ttest\tNN\tC\t_\t_\t_\t_\t*\t1-1[2_0]\t\n\
        1-5\t14-15\t.\t_\t_\t_\t_\t_\t_\t_\t_\t\n";

    #[test]
    fn what_is_no_mention_is_kept_and_written_back() {
        let (record, found) = read_back(RICH);
        assert_eq!(said(&record), ["A 0..4", "Span 0..4", "B 5..9", "C 10..14"]);
        let kept = "are kept aside with the article and written back to this format alone";
        assert_eq!(
            found,
            [
                format!("relations (2) {kept}"),
                format!("other annotations (6) {kept}"),
                format!("other annotations (1) {kept}"),
            ]
        );
        assert_eq!(written_text(&record), (RICH.to_owned(), vec![]));
    }

    #[test]
    fn what_refers_to_gone_mentions_is_lost() {
        let (mut record, _) = read_back(RICH);
        record.layers[0].mentions.remove(2);
        record.layers[0].mentions.push(mention(10, 14, "D"));
        let (text, found) = written_text(&record);
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("1-")).collect();
        assert_eq!(
            rows,
            [
                "1-1\t0-4\tThis\tDT\tA[1]|*[2]\t_\t_\t*->1-1\t*[1]\t_\t_\t",
                "1-2\t5-7\tis\tVB\t_\t_\t_\t*->1-2\t*[1]\t_\t_\t",
                "1-3\t8-9\ta\t_\t_\t_\t_\t_\t_\t_\t_\t",
                "1-4\t10-14\ttest\tNN\tC[4]|D[5]\t_\t_\t_\t_\t*\t1-1[2_4]\t",
                "1-5\t14-15\t.\t_\t_\t_\t_\t_\t_\t_\t_\t",
            ]
        );
        let gone = "speak of mentions that are no longer there and were left out";
        assert_eq!(
            found,
            [format!("record 1: relations (1) {gone}"), format!("record 1: other annotations (1) {gone}")]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_was_written_is_read_back(records in articles()) {
            for record in &records {
                let (text, said_writing) = written_text(record);
                let (back, said_reading) = read_back(&text);
                prop_assert_eq!(&back.text, &record.text);
                prop_assert!(said_reading.is_empty(), "{:?}", said_reading);
                let left_out = said_writing.iter().filter(|said| said.contains("left out")).count();
                let moved = said_writing.iter().filter(|said| said.contains(" was written as ")).count();
                prop_assert_eq!(left_out + moved, said_writing.len());
                prop_assert_eq!(said(&back).len() + left_out, said(record).len());
                let mut before = said(record);
                for mention in said(&back) {
                    if let Some(at) = before.iter().position(|known| *known == mention) {
                        before.remove(at);
                    }
                }
                prop_assert!(before.len() <= left_out + moved, "{:?} {:?}", before, said_writing);
                // Once more gives the same bytes.
                let again = written_text(&back).0;
                prop_assert_eq!(said(&read_back(&again).0), said(&back));
            }
        }

        #[test]
        fn no_rows_make_the_reader_fail_to_end(body in "(#Text=|[0-9]{1,2}-[0-9]|\t|\n|[ab|\\\\_*;\\[\\]]|->|1-1|\\.){0,60}") {
            let text = format!("#FORMAT=WebAnno TSV 3.3\n#T_SP=a.B|v\n#T_RL=a.R|v|BT_a.B\n\n\n#Text=ab\n1-1\t0-2\tab\t{body}");
            if let Ok((records, _)) = read(Format::WEBANNO_TSV, text, &ReadOptions::default()) {
                for record in records {
                    prop_assert!(written_text(&record).0.starts_with("#FORMAT"));
                }
            }
        }
    }
}
