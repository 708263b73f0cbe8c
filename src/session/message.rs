//! What the program has to say: an id of the locale files with its arguments, in no language yet.
//!
//! Owns the turning of errors into such messages. It must not contain a sentence.

use crate::store::contract::StoreError;

/// An argument of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// Words that are shown as they are: a name, a path, a surface.
    Text(String),
    /// A number, shown in the language's digits.
    Number(i64),
}

/// A message: an id in the locale files and what stands in its places.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The id in the locale files.
    pub id: &'static str,
    /// Name and value of each place.
    pub arguments: Vec<(&'static str, Argument)>,
}

impl Message {
    /// A message without places.
    #[must_use]
    pub fn new(id: &'static str) -> Self {
        Self { id, arguments: Vec::new() }
    }

    /// This message with `text` in the place `name`.
    #[must_use]
    pub fn text(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.arguments.push((name, Argument::Text(text.into())));
        self
    }

    /// This message with `number` in the place `name`.
    #[must_use]
    pub fn number(mut self, name: &'static str, number: u64) -> Self {
        self.arguments.push((name, Argument::Number(i64::try_from(number).unwrap_or(i64::MAX))));
        self
    }
}

impl From<&StoreError> for Message {
    fn from(error: &StoreError) -> Self {
        let at = |id, path: &std::path::Path| Self::new(id).text("path", path.display().to_string());
        match error {
            StoreError::Missing { path } => at("error-missing", path),
            StoreError::AlreadyThere { path } => at("error-already-there", path),
            StoreError::NotAProject { path, reason } => at("error-not-a-project", path).text("reason", reason),
            StoreError::Newer { path, found, known } => {
                at("error-newer", path).number("found", u64::from(*found)).number("known", u64::from(*known))
            }
            StoreError::Damaged { path, reason } => at("error-damaged", path).text("reason", reason),
            StoreError::ReadOnly { path, reason } => at("error-read-only", path).text("reason", reason),
            StoreError::Full { path } => at("error-full", path),
            StoreError::Busy { path } => at("error-busy", path),
            StoreError::Conflict { .. } => Self::new("error-conflict"),
            StoreError::NotFound { what } => Self::new("error-not-found").text("what", what),
            StoreError::Edit(error) => Self::new("error-edit").text("reason", error.to_string()),
            StoreError::Label(fault) => Self::new("error-edit").text("reason", fault.to_string()),
            StoreError::NoName => Self::new("error-no-name"),
            StoreError::Failed { path, reason } => at("error-failed", path).text("reason", reason),
        }
    }
}
