//! Label Studio JSON_MIN: writing rows of one layer each.
//!
//! Owns the writer. It must not hold more than one row.

use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::formats::format::RecordWriter;
use crate::formats::json::array_output::ArrayOutput;
use crate::formats::json::object::{Members, json_from_name};
use crate::formats::label_studio::config::FROM_NAME;
use crate::formats::label_studio::min_reader::{ANNOTATION_KEYS, FACTS};
use crate::formats::label_studio::writer::{data_from_record, value_from_span};
use crate::formats::losses::Holding;
use crate::formats::problem::{FormatError, Place, Problem};
use serde_json::value::to_raw_value;
use std::io::Write;

/// Keys of a row that no meta can have.
const TAKEN: [&str; 9] = {
    let [annotation_id, created_at, updated_at, lead_time, agreement, history] = ANNOTATION_KEYS;
    ["id", FROM_NAME, "annotator", annotation_id, created_at, updated_at, lead_time, agreement, history]
};

/// The writer of JSON_MIN: a row for every layer, and one for an article without any.
pub(crate) struct LabelStudioMinWriter<W: Write> {
    output: ArrayOutput<W>,
}

impl<W: Write> LabelStudioMinWriter<W> {
    /// A writer into `output`.
    pub(crate) fn new(output: W) -> Self {
        Self { output: ArrayOutput::new(output) }
    }

    fn row(
        &self,
        record: &ArticleRecord,
        layer: Option<&LayerRecord>,
        data: &Members,
        map: &OffsetMap,
        problems: &mut Vec<Problem>,
    ) -> Members {
        let place = Place { record: Some(self.output.values + 1), ..Place::default() };
        let mut row = data.clone();
        row.0.extend(record.name.as_deref().map(|name| ("id".to_owned(), json_from_name(name))));
        let mut regions = Vec::new();
        for mention in layer.map_or(&[][..], |layer| &layer.mentions) {
            let labels = [mention.label.as_str()];
            let value = value_from_span(&record.text, map, mention.span, &labels, place, problems);
            regions.extend(value.and_then(|value| to_raw_value(&value).ok()));
        }
        // As Label Studio leaves a control without results out.
        if !regions.is_empty() {
            row.add(FROM_NAME, &regions);
        }
        let annotator = layer.and_then(|layer| layer.annotator.as_deref()).map(json_from_name);
        row.add("annotator", &annotator);
        let kept = layer.and_then(|layer| layer.carried_for(FACTS.name));
        let kept: Members = kept.and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
        for key in ["annotation_id", "created_at", "updated_at", "lead_time"].iter().filter(|key| !kept.has(key)) {
            row.add(*key, &());
        }
        row.0.extend(kept.0);
        row
    }
}

impl<W: Write + Send> RecordWriter for LabelStudioMinWriter<W> {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        let place = Place { record: Some(self.output.values + 1), ..Place::default() };
        problems.extend(Holding::of(&FACTS).losses(record, place));
        let data = data_from_record(record, &TAKEN, place, problems);
        let map = OffsetMap::new(&record.text);
        if record.layers.is_empty() {
            let row = self.row(record, None, &data, &map, problems);
            return self.output.write(&row);
        }
        for layer in &record.layers {
            let row = self.row(record, Some(layer), &data, &map, problems);
            self.output.write(&row)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        self.output.finish()
    }
}
