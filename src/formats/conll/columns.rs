//! What a file of the CoNLL family says besides tokens and tags: further columns and comment lines.
//!
//! Owns how they are carried with an article: `{"numbered": true, "columns": ["NNP\tVBZ…", …], "comments": [[0, "# id = 1"], …]}`, in
//! which a column is one text with a value for every token, and a comment stands before the sentence of its number. It must not read or
//! write lines.

use crate::domain::record::{ArticleRecord, Carried};
use serde::{Deserialize, Serialize};

/// The name under which they are carried, whichever row of the table read them.
pub const NAME: &str = "conll";

/// Further columns and comments of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FurtherColumns {
    /// Whether tokens are numbered in a column before them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub numbered: bool,
    /// The columns between token and tags, each with a value for every token, parted by tabs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Lines that stand before a sentence, which is counted from 0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<(usize, String)>,
}

impl FurtherColumns {
    /// Those that an article carries.
    #[must_use]
    pub fn of_record(record: &ArticleRecord) -> Option<Self> {
        serde_json::from_str(record.carried_for(NAME)?).ok()
    }

    /// The form in which they are carried; `None` when they say nothing.
    ///
    /// ```
    /// use barchasb::formats::conll::columns::FurtherColumns;
    /// let further = FurtherColumns { columns: vec!["NNP\tVBZ".into()], ..FurtherColumns::default() };
    /// assert_eq!(further.carried().unwrap().data, r#"{"columns":["NNP\tVBZ"]}"#);
    /// assert!(FurtherColumns { columns: vec!["_\t-X-".into()], ..FurtherColumns::default() }.carried().is_none());
    /// ```
    #[must_use]
    pub fn carried(&self) -> Option<Carried> {
        let is_blank = |column: &String| column.split('\t').all(|value| matches!(value, "" | "_" | "-" | "-X-" | "O"));
        if self.columns.iter().all(is_blank) && self.comments.is_empty() && !self.numbered {
            return None;
        }
        Some(Carried { format: NAME.to_owned(), data: serde_json::to_string(self).ok()? })
    }
}
