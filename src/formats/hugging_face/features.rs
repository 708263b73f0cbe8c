//! What a dataset of Hugging Face says of its columns: the names of labels, in the file's schema and on the card.
//!
//! Owns both ways of the JSON under the key `huggingface` and the card's head. Format: `datasets.Features`, as `datasets` writes it; labels are
//! written as `Sequence`, which old and new versions read.

use serde_json::{Value, json};

/// The key of a Parquet file's metadata under which the features stand.
pub const KEY: &str = "huggingface";

/// The key under which a file of our own says that its tokens are those of our own rule.
pub const OWN_TOKENS: &str = "barchasb.own_tokens";

/// The columns that are written, each with its type: the three that everyone expects, then those by which an article is read again.
const TEXT_COLUMNS: [&str; 5] = ["article", "text", "annotator", "status", "meta"];

/// The names of a column's labels: those of the `ClassLabel` that stands anywhere in its feature.
///
/// ```
/// use barchasb::formats::hugging_face::features::label_names;
/// let json = r#"{"info":{"features":{"ner_tags":{"feature":{"names":["O","B-PER"],"_type":"ClassLabel"},"_type":"Sequence"}}}}"#;
/// assert_eq!(label_names(json, "ner_tags").unwrap(), ["O", "B-PER"]);
/// assert_eq!(label_names(json, "tokens"), None);
/// ```
#[must_use]
pub fn label_names(json: &str, column: &str) -> Option<Vec<String>> {
    let all: Value = serde_json::from_str(json).ok()?;
    let features = all.get("info")?.get("features")?;
    let mut feature = features;
    for part in column.split('.') {
        feature = feature.get(part).or_else(|| inner(feature)?.get(part))?;
    }
    names_in(feature)
}

/// The feature of a list's elements.
fn inner(feature: &Value) -> Option<&Value> {
    feature.get("feature").or_else(|| feature.get(0))
}

fn names_in(feature: &Value) -> Option<Vec<String>> {
    if feature.get("_type").and_then(Value::as_str) == Some("ClassLabel") {
        let names = feature.get("names")?.as_array()?;
        return names.iter().map(|name| name.as_str().map(str::to_owned)).collect();
    }
    names_in(inner(feature)?)
}

/// The names of a column's labels as a card says them, where the file itself does not.
///
/// ```
/// use barchasb::formats::hugging_face::features::label_names_of_card;
/// let card = "---\ndataset_info:\n  features:\n  - name: tags\n    sequence:\n      class_label:\n        names:\n          '0': O\n          '1': \"B-X\"\n---\n";
/// assert_eq!(label_names_of_card(card, "tags").unwrap(), ["O", "B-X"]);
/// assert_eq!(label_names_of_card(card, "other"), None);
/// ```
#[must_use]
pub fn label_names_of_card(card: &str, column: &str) -> Option<Vec<String>> {
    let unquoted = |text: &str| {
        let text = text.trim();
        let single = || text.strip_prefix('\'')?.strip_suffix('\'').map(|text| text.replace("''", "'"));
        serde_json::from_str::<String>(text).ok().or_else(single).unwrap_or_else(|| text.to_owned())
    };
    let mut lines = card
        .lines()
        .map(str::trim)
        .skip_while(|line| line.strip_prefix("- name:").is_none_or(|name| unquoted(name) != column));
    lines.next()?;
    let of_column = lines.take_while(|line| !line.starts_with("- name:") && *line != "---");
    let mut names = Vec::new();
    for line in of_column {
        let Some((number, name)) = line.split_once(':') else { continue };
        let is_next = unquoted(number).parse() == Ok(names.len());
        names.extend(is_next.then(|| unquoted(name)));
    }
    (!names.is_empty()).then_some(names)
}

/// The metadata of a file whose tags have these names.
#[must_use]
pub fn metadata(names: &[String]) -> String {
    let text = json!({"dtype": "string", "_type": "Value"});
    let mut features = serde_json::Map::new();
    features.insert("id".to_owned(), text.clone());
    features.insert("tokens".to_owned(), json!({"feature": text, "_type": "Sequence"}));
    let label = json!({"names": names, "_type": "ClassLabel"});
    features.insert("ner_tags".to_owned(), json!({"feature": label, "_type": "Sequence"}));
    features.insert("sentence".to_owned(), json!({"dtype": "int64", "_type": "Value"}));
    features.extend(TEXT_COLUMNS.map(|name| (name.to_owned(), text.clone())));
    json!({"info": {"features": features}}).to_string()
}

/// The card: a file `README.md` whose head says the features. The parts of the dataset are known by their files' names.
#[must_use]
pub fn card(names: &[String]) -> String {
    let mut head = String::from("---\ntask_categories:\n- token-classification\ndataset_info:\n  features:\n");
    head.push_str("  - name: id\n    dtype: string\n  - name: tokens\n    sequence: string\n");
    head.push_str("  - name: ner_tags\n    sequence:\n      class_label:\n        names:\n");
    for (number, name) in names.iter().enumerate() {
        // A string of JSON is one of YAML.
        head.push_str(&format!("          '{number}': {}\n", Value::from(name.as_str())));
    }
    head.push_str("  - name: sentence\n    dtype: int64\n");
    for name in TEXT_COLUMNS {
        head.push_str(&format!("  - name: {name}\n    dtype: string\n"));
    }
    head.push_str("---\n\n# Named entities\n\n");
    head.push_str(
        "A row is a sentence: `tokens` with their `ner_tags`, and in `text` its stretch of the article to the letter. ",
    );
    head.push_str("The texts of the rows of an `article`, by their `sentence`, are the article's text.\n");
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_every_wording() {
        let check = |feature: &str, column: &str, expected: Option<&[&str]>| {
            let json = format!("{{\"info\":{{\"features\":{{\"t\":{feature}}}}}}}");
            let expected = expected.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
            assert_eq!(label_names(&json, column), expected, "{feature}");
        };
        let label = r#"{"names":["O","B-X"],"_type":"ClassLabel"}"#;
        let names = Some(&["O", "B-X"][..]);
        check(label, "t", names);
        check(&format!("[{label}]"), "t", names);
        check(&format!("{{\"feature\":{label},\"_type\":\"List\"}}"), "t", names);
        check(&format!("{{\"feature\":{{\"label\":{label}}},\"_type\":\"Sequence\"}}"), "t.label", names);
        check(&format!("[{{\"label\":{label}}}]"), "t.label", names);
        check("{\"dtype\":\"int64\",\"_type\":\"Value\"}", "t", None);
        check("{\"_type\":\"ClassLabel\",\"num_classes\":3}", "t", None);
        assert_eq!(label_names("no json", "t"), None);
    }

    #[test]
    fn what_is_written_has_the_names_in_their_order() {
        let names = ["O".to_owned(), "B-\"ا\"".to_owned()];
        assert_eq!(label_names(&metadata(&names), "ner_tags").unwrap(), names);
        assert!(card(&names).contains("          '0': \"O\"\n          '1': \"B-\\\"ا\\\"\"\n"));
    }
}
