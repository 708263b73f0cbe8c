//! Folding: the view of a text on which names are compared, with a map back to the raw text.
//!
//! Owns which characters count as the same. It must not change any text that is stored.

/// `text` folded, ZWNJ as nothing, without a map back. STUB.
#[must_use]
pub fn folded(text: &str) -> String {
    text.to_lowercase()
}
