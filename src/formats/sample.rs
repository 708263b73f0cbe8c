//! The sample the program ships: one news article with its gold mentions, titles inside, and the layers of two annotators.
//!
//! Owns the bytes of `annotations/sardar-ashtari.json` and `annotations/sardar-ashtari-annotators.json`. Reading them is the work of the format's own reader.

/// A JSON array with one article: 50 mentions by the annotator `gold`, done, with titles inside («سردار حسین اشتری» whole).
///
/// ```
/// use barchasb::formats::files::Source;
/// use barchasb::formats::format::{Format, ReadOptions, open_reader};
/// use barchasb::formats::sample::SAMPLE;
/// let mut reader = open_reader(Format::JSON, Source::from_bytes(SAMPLE), &ReadOptions::default()).unwrap();
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!(article.layers[0].mentions.len(), 50);
/// ```
pub const SAMPLE: &str = include_str!("../../annotations/sardar-ashtari.json");

/// The same article by two annotators, `رضا` and `مریم`, both done, who differ in thirteen places as people do: a title that one leaves
/// outside, a long name cut in two, another label, something missed, something that is no name.
///
/// ```
/// use barchasb::formats::files::Source;
/// use barchasb::formats::format::{Format, ReadOptions, open_reader};
/// use barchasb::formats::sample::SAMPLE_ANNOTATORS;
/// let mut reader = open_reader(Format::JSON, Source::from_bytes(SAMPLE_ANNOTATORS), &ReadOptions::default()).unwrap();
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!(article.layers[0].annotator.as_deref(), Some("رضا"));
/// ```
pub const SAMPLE_ANNOTATORS: &str = include_str!("../../annotations/sardar-ashtari-annotators.json");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::domain::offset_map::OffsetMap;
    use crate::formats::format::{Format, ReadOptions, WriteOptions};
    use crate::formats::trial::{ONE, read, written};
    use std::collections::BTreeMap;

    #[test]
    fn the_sample_reads_without_a_problem_and_is_what_the_writer_writes() {
        let (records, problems) = read(Format::JSON, SAMPLE, &ReadOptions::default()).unwrap();
        let [article] = records.as_slice() else { panic!("one article") };
        assert_eq!(problems, []);

        let layer = &article.layers[0];
        assert_eq!((layer.annotator.as_deref(), layer.status), (Some("gold"), Status::Done));
        let mut by_label = BTreeMap::new();
        layer.mentions.iter().for_each(|m| *by_label.entry(m.label.as_str()).or_insert(0) += 1);
        let expected = [("DAT", 13), ("EVE", 5), ("ORG", 21), ("PCT", 2), ("PER", 7), ("TIM", 2)];
        assert_eq!(by_label, BTreeMap::from(expected));
        let map = OffsetMap::new(&article.text);
        let surface = |m: &crate::domain::record::MentionRecord| {
            let byte = |at| map.byte_from_char(at).unwrap().get();
            &article.text[byte(m.span.start)..byte(m.span.end)]
        };
        assert!(layer.mentions.iter().any(|m| m.label == "PER" && surface(m) == "سردار حسین اشتری"));

        let (files, problems) = written(Format::JSON, &records, &WriteOptions::default());
        assert_eq!((files[ONE].as_slice(), problems.as_slice()), (SAMPLE.as_bytes(), &[][..]));
    }

    #[test]
    fn both_annotators_labelled_the_article_of_the_sample() {
        let (sample, _) = read(Format::JSON, SAMPLE, &ReadOptions::default()).unwrap();
        let (records, problems) = read(Format::JSON, SAMPLE_ANNOTATORS, &ReadOptions::default()).unwrap();
        assert_eq!(problems, []);
        let told: Vec<_> = records
            .iter()
            .map(|record| {
                let layer = &record.layers[0];
                assert_eq!((&record.text, layer.status), (&sample[0].text, Status::Done));
                (layer.annotator.as_deref().unwrap(), layer.mentions.len())
            })
            .collect();
        assert_eq!(told, [("رضا", 49), ("مریم", 49)]);
    }
}
