//! The sample the program ships: one news article with its gold mentions, titles inside.
//!
//! Owns the bytes of `annotations/sardar-ashtari.json`. Reading them is the work of the format's own reader.

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
}
