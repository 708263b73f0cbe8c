//! The reader: the thread that reads lists and counts, on a connection that cannot write.
//!
//! Owns nothing but that connection. A slow search here never holds a save up.

use crate::domain::article::ArticleId;
use crate::session::effect::{ArticlePlace, Event};
use crate::session::worker::{Opening, Shared};
use crate::store::contract::{Filter, Page, Result, Store};
use crate::store::sqlite::SqliteStore;
use crate::words::message::Message;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;

/// Something to read.
#[derive(Clone, Debug)]
pub enum Listing {
    /// From now on, this project.
    Open(Opening, PathBuf),
    /// From now on, none.
    Close,
    /// Rows of the list.
    Page {
        /// The opening in which it was asked for.
        of: Opening,
        /// Which list.
        filter: Filter,
        /// From where.
        first: u64,
        /// How many.
        count: u64,
        /// The open article: its place is told with the rows.
        open: Option<ArticleId>,
    },
    /// Mentions per label.
    CountLabels {
        /// The opening in which it was asked for.
        of: Opening,
    },
    /// Who has labelled.
    ListAnnotators {
        /// The opening in which it was asked for.
        of: Opening,
    },
}

/// The thread's memory.
pub struct Reader {
    shared: Shared,
    project: Option<(Opening, PathBuf)>,
    /// The connection; made again when that failed.
    store: Option<SqliteStore>,
}

impl Reader {
    /// A reader without a project.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self { shared, project: None, store: None }
    }

    /// Reads what is asked until nobody can ask any more.
    pub fn run(mut self, listings: &Receiver<Listing>) {
        let mut next = listings.recv().ok();
        while let Some(listing) = next {
            let following = listings.try_recv().ok();
            if !superseded(&listing, following.as_ref()) {
                let shared = self.shared.clone();
                shared.guarded(failure(&listing), || self.read(listing));
            }
            next = following.or_else(|| listings.recv().ok());
        }
    }

    fn read(&mut self, listing: Listing) {
        match listing {
            Listing::Open(opening, path) => {
                self.store = None;
                self.project = Some((opening, path));
            }
            Listing::Close => {
                self.store = None;
                self.project = None;
            }
            Listing::Page { of, filter, first, count, open } => {
                let event = match self
                    .store(of)
                    .and_then(|store| store.map(|store| page(store, &filter, first, count, open)).transpose())
                {
                    Ok(Some((page, open))) => Event::PageRead { filter, page, open },
                    Ok(None) => return,
                    Err(error) => Event::PageFailed { filter, first, message: Message::from(&error) },
                };
                self.shared.tell_of(of, event);
            }
            Listing::CountLabels { of } => self.tell(of, |store| store.label_counts().map(Event::LabelsCounted)),
            Listing::ListAnnotators { of } => self.tell(of, |store| store.annotators().map(Event::AnnotatorsListed)),
        }
    }

    /// Tells what is read of the project of an opening, or why it cannot be; nothing when that one has been left.
    fn tell(&mut self, of: Opening, read: impl FnOnce(&SqliteStore) -> Result<Event>) {
        let event = match self.store(of).and_then(|store| store.map(|store| read(store)).transpose()) {
            Ok(Some(event)) => event,
            Ok(None) => return,
            Err(error) => Event::Failed(Message::from(&error)),
        };
        self.shared.tell_of(of, event);
    }

    /// The connection to the project of an opening; `None` when that one has been left.
    fn store(&mut self, of: Opening) -> Result<Option<&mut SqliteStore>> {
        let Some((_, path)) = self.project.as_ref().filter(|(opening, _)| *opening == of) else { return Ok(None) };
        if self.store.is_none() {
            self.store = Some(SqliteStore::open_read_only(path)?);
        }
        Ok(self.store.as_mut())
    }
}

/// What is told when reading this came to nothing by a fault of the program.
fn failure(listing: &Listing) -> Event {
    let message = Message::new("error-inside");
    match listing {
        Listing::Page { filter, first, .. } => Event::PageFailed { filter: filter.clone(), first: *first, message },
        _ => Event::Failed(message),
    }
}

/// The rows from `first` on, and the place of the open article among all of them.
fn page(
    store: &mut SqliteStore,
    filter: &Filter,
    first: u64,
    count: u64,
    open: Option<ArticleId>,
) -> Result<(Page, Option<ArticlePlace>)> {
    let page = store.page(filter, first, count)?;
    let open = match open {
        Some(article) => Some((article, store.place(filter, article)?)),
        None => None,
    };
    Ok((page, open))
}

/// Whether what follows makes reading this idle: the page of a list that was typed over since.
fn superseded(listing: &Listing, following: Option<&Listing>) -> bool {
    match (listing, following) {
        (Listing::Page { filter: old, .. }, Some(Listing::Page { filter: new, .. })) => old != new,
        (Listing::CountLabels { .. }, Some(Listing::CountLabels { .. })) => true,
        (Listing::ListAnnotators { .. }, Some(Listing::ListAnnotators { .. })) => true,
        (_, Some(Listing::Open(..) | Listing::Close)) => !matches!(listing, Listing::Open(..) | Listing::Close),
        _ => false,
    }
}
