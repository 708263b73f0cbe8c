//! The languages in which the program speaks.
//!
//! Owns their list alone. It must not hold words.

use serde::{Deserialize, Serialize};

/// The language of what a person reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Persian, right to left.
    #[default]
    #[serde(rename = "fa")]
    Persian,
    /// English, left to right.
    #[serde(rename = "en")]
    English,
}
