//! What the program has to say: an id of the locale files with its arguments, in no language yet.
//!
//! Owns its shape. It must not contain a sentence, nor know what can be said: `telling` and `reasons` turn findings into it.

use crate::domain::offset::Span;

/// An argument of a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Argument {
    /// Words that are shown as they are: a name, a path, a surface.
    Text(String),
    /// A number, shown in the language's digits.
    Number(i64),
    /// A part that has words of its own.
    Part(Box<Message>),
}

/// A message: an id in the locale files and what stands in its places.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    pub fn number(mut self, name: &'static str, number: impl TryInto<i64>) -> Self {
        self.arguments.push((name, Argument::Number(number.try_into().unwrap_or(i64::MAX))));
        self
    }

    /// This message with another in the place `name`.
    #[must_use]
    pub fn part(mut self, name: &'static str, part: impl Into<Self>) -> Self {
        self.arguments.push((name, Argument::Part(Box::new(part.into()))));
        self
    }

    /// This message with the edges of `span` in the places `start` and `end`, in code points.
    #[must_use]
    pub fn span(self, span: Span) -> Self {
        self.number("start", span.start.get() as u64).number("end", span.end.get() as u64)
    }
}
