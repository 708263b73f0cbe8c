//! What engines learn from a project, and what they leave in it.
//!
//! Owns the trait [`Knowledge`] and its words. It must not contain SQL, nor know an engine.

use crate::domain::article::{Article, ArticleId};
use crate::domain::label::LabelId;
use crate::domain::layer::{AnnotatorId, Layer};
use crate::domain::suggestion::{Outcome, Suggestion};
use crate::store::contract::Result;
use std::ops::ControlFlow;
use uuid::Uuid;

/// A layer with its text: what can be learned from.
#[derive(Clone, Debug)]
pub struct Studied {
    /// The article.
    pub article: Article,
    /// Whose layer.
    pub annotator: AnnotatorId,
    /// The layer.
    pub layer: Layer,
}

/// A list of names that was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameList {
    /// Its identity.
    pub id: Uuid,
    /// What it is called on the screen: the file it came from, or what a person named it.
    pub title: String,
    /// The names, each with its label.
    pub names: Vec<(Box<str>, LabelId)>,
}

/// A list of names without its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameListRow {
    /// Its identity.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// How many names it has.
    pub names: u64,
}

/// A place that keeps what engines know of a project.
pub trait Knowledge {
    /// Shows every layer that was ever saved, of all annotators, with its text, in the order of import. Nobody who writes has to
    /// wait for the sink; what is damaged is left out, for [`Store::check`](crate::store::contract::Store::check) tells it.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when it cannot be read (so for every method).
    fn study(&self, sink: &mut dyn FnMut(Studied) -> ControlFlow<()>) -> Result<()>;

    /// The suggestions kept for an article, by start, the longer first; of those with one span the imported predictions come before
    /// what the engines said last. Those of a label that is no more are left out.
    ///
    /// # Errors
    /// [`StoreError::Damaged`](crate::store::contract::StoreError::Damaged) when one does not fit the text.
    fn suggestions(&self, article: &Article) -> Result<Vec<Suggestion>>;

    /// The predictions that were imported for an article.
    ///
    /// # Errors
    /// As [`suggestions`](Self::suggestions).
    fn predictions(&self, article: &Article) -> Result<Vec<Suggestion>>;

    /// Keeps what the engines say of articles, in the place of what they said before; one transaction. What is open in
    /// an article is then what is given here, imported predictions among it (which are kept already), and of an empty list nothing.
    /// Left out is what passes the end of the text. This, outcomes and models can be made
    /// anew, so they are no change of the project: no backup is made of them and no other window told.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::store::contract::StoreError::NotFound) for an unknown article, or when it cannot be written.
    fn keep_suggestions(&mut self, sets: &[(ArticleId, Vec<Suggestion>)]) -> Result<()>;

    /// Adds predictions to those of articles, as [`import_predictions`](crate::store::contract::Store::import_predictions) does from files; what is there already
    /// is not doubled. One transaction.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::store::contract::StoreError::NotFound) for an unknown article, or when it cannot be written.
    fn add_predictions(&mut self, sets: &[(ArticleId, Vec<Suggestion>)]) -> Result<()>;

    /// The outcomes in all finished articles, in the order of import; what is damaged is left out.
    ///
    /// # Errors
    /// When it cannot be read.
    fn outcomes(&self) -> Result<Vec<Outcome>>;

    /// Keeps the outcomes of an article that its annotator has finished, in the place of those before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::store::contract::StoreError::NotFound) for an unknown article or annotator, or when it cannot be written.
    fn set_outcomes(&mut self, article: ArticleId, annotator: AnnotatorId, outcomes: &[Outcome]) -> Result<()>;

    /// What an engine has learned, as it wrote it; `None` also when it is longer than any model (256 MB).
    ///
    /// # Errors
    /// When it cannot be read.
    fn model(&self, name: &str) -> Result<Option<Vec<u8>>>;

    /// Keeps what an engine has learned.
    ///
    /// # Errors
    /// When it cannot be written.
    fn set_model(&mut self, name: &str, body: &[u8]) -> Result<()>;

    /// The lists of names, by title.
    ///
    /// # Errors
    /// When it cannot be read.
    fn name_lists(&self) -> Result<Vec<NameListRow>>;

    /// A list of names, whole; `None` when there is none of this identity.
    ///
    /// # Errors
    /// When it cannot be read.
    fn name_list(&self, id: Uuid) -> Result<Option<NameList>>;

    /// Keeps a list of names; one of the same title is replaced.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put_name_list(&mut self, list: &NameList) -> Result<()>;

    /// Drops a list of names.
    ///
    /// # Errors
    /// When it cannot be written.
    fn drop_name_list(&mut self, id: Uuid) -> Result<()>;
}
