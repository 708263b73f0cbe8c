//! The sample the program ships: one news article with its gold mentions, titles inside.
//!
//! Owns the bytes of `annotations/sardar-ashtari.json`. Reading them is the work of the format's own reader.

/// A JSON array with one article: 50 mentions by the annotator `gold`, done, with titles inside («سردار حسین اشتری» whole).
///
/// ```
/// use barchasb::formats::format::{Format, ReadOptions, open_reader};
/// use barchasb::formats::sample::SAMPLE;
/// let mut reader = open_reader(Format::TrainingJson, std::io::Cursor::new(SAMPLE), &ReadOptions::default()).unwrap();
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!(article.layers[0].mentions.len(), 50);
/// ```
pub const SAMPLE: &str = include_str!("../../annotations/sardar-ashtari.json");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::domain::offset_map::OffsetMap;
    use crate::formats::format::{Format, ReadOptions, open_reader, open_writer};
    use crate::formats::offset_unit::OffsetUnit;
    use std::collections::BTreeMap;
    use std::io::Cursor;

    #[test]
    fn the_sample_reads_without_a_problem_and_is_what_the_writer_writes() {
        let mut problems = Vec::new();
        let options = ReadOptions::default();
        let mut reader = open_reader(Format::TrainingJson, Cursor::new(SAMPLE), &options).unwrap();
        let article = reader.next_record(&mut problems).unwrap().unwrap();
        assert_eq!(reader.next_record(&mut problems).unwrap(), None);
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

        let mut file = Vec::new();
        let mut writer = open_writer(Format::TrainingJson, &mut file, OffsetUnit::CodePoint).unwrap();
        writer.write(&article, &mut problems).unwrap();
        writer.finish().unwrap();
        drop(writer);
        assert_eq!(String::from_utf8(file).unwrap(), SAMPLE);
    }
}
