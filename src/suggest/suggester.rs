//! The suggester: what every engine is to those who ask it.
//!
//! Owns the trait. It must not know any engine.

use crate::domain::article::Article;
use crate::domain::suggestion::{Engine, Suggestion};
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells an engine to stop: set from another thread.
#[derive(Debug, Default)]
pub struct Stop(AtomicBool);

impl Stop {
    /// Asks for the end.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the end was asked for.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// An engine.
pub trait Suggester {
    /// Which it is.
    fn engine(&self) -> Engine;

    /// What it thinks of an article, in order of place. Its own suggestions do not overlap each other; they may stand where mentions
    /// are or were rejected: choosing among engines and leaving out what is decided is the ranking's work.
    /// When `stop` is set it ends early, with what it has.
    fn suggest(&self, article: &Article, stop: &Stop) -> Vec<Suggestion>;
}
