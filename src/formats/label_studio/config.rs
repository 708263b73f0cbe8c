//! The labelling configuration of Label Studio, which opens an export there at once.
//!
//! Owns its XML. The names of its controls are those that the writers give their results.

use crate::formats::format::{Companion, WrittenLabel};

/// The name of the control that labels, to which results point with `from_name`.
pub(crate) const FROM_NAME: &str = "label";

/// The name of the text, to which results point with `to_name`, and its key in `data`.
pub(crate) const TO_NAME: &str = "text";

/// The configuration that belongs beside an export: none where there are no labels.
///
/// ```
/// use barchasb::domain::label::Colour;
/// use barchasb::formats::format::WrittenLabel;
/// use barchasb::formats::label_studio::config::config_companion;
/// let label = WrittenLabel { name: "PER".into(), title: "شخص".into(), colour: Colour(0x4C78A8), keys: "1p".into(), guideline: String::new() };
/// let file = &config_companion(&[label])[0];
/// assert_eq!(file.ending, "config.xml");
/// let line = r##"<Label value="PER" background="#4C78A8" hotkey="1" hint="شخص"/>"##;
/// assert!(String::from_utf8_lossy(&file.bytes).contains(line));
/// ```
#[must_use]
pub fn config_companion(labels: &[WrittenLabel]) -> Vec<Companion> {
    if labels.is_empty() {
        return Vec::new();
    }
    let mut xml = format!("<View>\n  <Labels name=\"{FROM_NAME}\" toName=\"{TO_NAME}\">\n");
    for label in labels {
        let mut line = format!("<Label value=\"{}\" background=\"{}\"", escaped(&label.name), label.colour.hex());
        if let Some(key) = label.keys.chars().next() {
            line.push_str(&format!(" hotkey=\"{}\"", escaped(&key.to_string())));
        }
        let words = [label.title.trim(), label.guideline.trim()];
        let hint: Vec<&str> = words.into_iter().filter(|words| !words.is_empty() && *words != label.name).collect();
        if !hint.is_empty() {
            line.push_str(&format!(" hint=\"{}\"", escaped(&hint.join(": "))));
        }
        xml.push_str(&format!("    {line}/>\n"));
    }
    xml.push_str(&format!("  </Labels>\n  <Text name=\"{TO_NAME}\" value=\"${TO_NAME}\"/>\n</View>\n"));
    vec![Companion { ending: "config.xml", bytes: xml.into_bytes() }]
}

/// A text inside a quoted attribute. Characters that XML 1.0 cannot hold become U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            '\0'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::Colour;

    #[test]
    fn what_a_label_says_cannot_break_the_xml() {
        let label = WrittenLabel {
            name: "A&B<\"".into(),
            title: "A&B<\"".into(),
            colour: Colour(0),
            keys: String::new(),
            guideline: "x\n\u{1}".into(),
        };
        let written = config_companion(&[label]);
        let xml = String::from_utf8(written[0].bytes.clone()).unwrap();
        let line = "    <Label value=\"A&amp;B&lt;&quot;\" background=\"#000000\" hint=\"x&#10;\u{FFFD}\"/>\n";
        assert!(xml.contains(line), "{xml}");
        assert_eq!(config_companion(&[]), []);
    }
}
