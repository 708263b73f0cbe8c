//! Writing the training data of GLiNER.
//!
//! Owns the writer: an array with a sentence a line. Besides `tokenized_text` and `ner`, which GLiNER looks at alone, a row has `id`,
//! `sentence`, `text` and `annotator`, and the first row of an article `status` and `meta`, by which it is read again as it was.
//! It must not hold more than one article.

use crate::domain::projection::Align;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::domain::segmentation::Segmentation;
use crate::formats::decoding::as_u64;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{RecordWriter, WriteOptions};
use crate::formats::gliner::reader::FACTS;
use crate::formats::json::array_output::ArrayOutput;
use crate::formats::json_meta::written;
use crate::formats::losses::Holding;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::tokens::kept::segmentation_of;
use crate::formats::tokens::mentions::token_mentions;
use crate::formats::tokens::sentences::sentence_rows;
use serde::Serialize;
use serde_json::value::RawValue;
use std::io::Write;

#[derive(Serialize)]
struct WrittenRow<'a> {
    tokenized_text: Vec<&'a str>,
    ner: Vec<(usize, usize, &'a str)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    sentence: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<&'a RawValue>,
}

/// The writer of GLiNER's training data.
///
/// ```
/// use barchasb::domain::record::ArticleRecord;
/// use barchasb::formats::format::{RecordWriter, WriteOptions};
/// use barchasb::formats::gliner::writer::GlinerWriter;
/// let article = ArticleRecord { text: "علی آمد".into(), ..ArticleRecord::default() };
/// let mut file = Vec::new();
/// let mut writer = GlinerWriter::new(&mut file, &WriteOptions::default());
/// writer.write(&article, &mut Vec::new()).unwrap();
/// writer.finish().unwrap();
/// drop(writer);
/// let expected = "[\n{\"tokenized_text\":[\"علی\",\"آمد\"],\"ner\":[],\"sentence\":0,\"text\":\"علی آمد\"}\n]\n";
/// assert_eq!(String::from_utf8(file).unwrap(), expected);
/// ```
#[derive(Debug)]
pub struct GlinerWriter<W: Write> {
    output: ArrayOutput<W>,
    align: Align,
    articles: u64,
}

impl<W: Write> GlinerWriter<W> {
    /// A writer into `output`.
    pub fn new(output: W, options: &WriteOptions) -> Self {
        Self { output: ArrayOutput::new(output), align: options.align, articles: 0 }
    }

    fn write_layer(
        &mut self,
        record: &ArticleRecord,
        layer: Option<&LayerRecord>,
        cut: &Segmentation,
        problems: &mut Vec<Problem>,
    ) -> Result<(), FormatError> {
        let place = Place { record: Some(self.articles), ..Place::default() };
        let mentions = layer.map_or(&[][..], |layer| &layer.mentions);
        let mentions = token_mentions(cut, mentions, self.align, place, problems);
        let meta = written(&record.meta, place, problems);
        for (number, row) in sentence_rows(record, cut, &mentions).iter().enumerate() {
            let first = number == 0;
            if row.text.is_none() {
                problems.push(Problem::foreign(place, Foreign::NotHeld { what: Held::WhiteSpace, count: 1 }));
            }
            let written = WrittenRow {
                tokenized_text: row.tokens.iter().filter_map(|token| token.bytes.slice(&record.text)).collect(),
                ner: row
                    .mentions
                    .iter()
                    .map(|(tokens, label)| (tokens.start.get(), tokens.end.get().saturating_sub(1), *label))
                    .collect(),
                id: record.name.as_deref(),
                sentence: as_u64(number),
                text: row.text,
                annotator: layer.and_then(|layer| layer.annotator.as_deref()),
                status: layer.map(|layer| layer.status.name()).filter(|_| first),
                meta: Some(&*meta).filter(|meta| first && meta.get() != "{}"),
            };
            self.output.write(&written)?;
        }
        Ok(())
    }
}

impl<W: Write + Send> RecordWriter for GlinerWriter<W> {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.articles += 1;
        let place = Place { record: Some(self.articles), ..Place::default() };
        problems.extend(Holding::of(&FACTS).losses(record, place));
        let cut = segmentation_of(record);
        if record.layers.is_empty() {
            return self.write_layer(record, None, &cut, problems);
        }
        record.layers.iter().try_for_each(|layer| self.write_layer(record, Some(layer), &cut, problems))
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        self.output.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::formats::trial::{ONE, article, articles, round_trip, said, written as written_files};
    use proptest::prelude::*;

    #[test]
    fn rows_are_sentences_with_the_last_token_as_end() {
        let mut record = article("خبر", "علی رضایی آمد.\nرفت.", &[(0, 9, "PER"), (4, 9, "LAST"), (15, 17, "X")]);
        record.layers[0].annotator = Some("زهرا".into());
        record.meta = "{\"a\": 1}".into();
        let (files, problems) = written_files(Format::GLINER, &[record], &WriteOptions::default());
        let expected = concat!(
            "[\n{\"tokenized_text\":[\"علی\",\"رضایی\",\"آمد\",\".\"],\"ner\":[[0,1,\"PER\"],[1,1,\"LAST\"]],\"id\":\"خبر\",\"sentence\":0,",
            "\"text\":\"علی رضایی آمد.\\n\",\"annotator\":\"زهرا\",\"status\":\"in_progress\",\"meta\":{\"a\":1}},\n",
            "{\"tokenized_text\":[\"رفت\",\".\"],\"ner\":[[0,0,\"X\"]],\"id\":\"خبر\",\"sentence\":1,\"text\":\"رفت.\",\"annotator\":\"زهرا\"}\n]\n",
        );
        assert_eq!(String::from_utf8(files[ONE].clone()).unwrap(), expected);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["record 1: X at 15..17 was written as 15..18, the nearest edges that the format can hold"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_written_is_read_as_it_was(articles in articles()) {
            let (read, _) = round_trip(Format::GLINER, &articles);
            prop_assert_eq!(read.len(), articles.len());
            for (read, article) in read.iter().zip(&articles) {
                prop_assert_eq!(&read.text, &article.text);
                prop_assert_eq!(&read.name, &article.name);
                let cut = segmentation_of(article);
                let mentions = &article.layers[0].mentions;
                let kept = token_mentions(&cut, mentions, Align::Expand, Place::default(), &mut Vec::new());
                let mut kept: Vec<String> = kept
                    .iter()
                    .map(|(tokens, mention)| format!("{} {}", mention.label, cut.span_from_tokens(*tokens).unwrap()))
                    .collect();
                let mut found = said(read);
                kept.sort();
                found.sort();
                prop_assert_eq!(found, kept);
            }
        }
    }
}
