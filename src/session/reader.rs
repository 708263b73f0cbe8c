//! The reader: the thread that reads lists and counts, on a connection that cannot write.
//!
//! Owns nothing but that connection. A slow search here never holds a save up.

use crate::domain::article::ArticleId;
use crate::session::effect::{ArticlePlace, Event};
use crate::session::message::Message;
use crate::session::worker::Shared;
use crate::store::contract::{Filter, Page, Result, Store};
use crate::store::sqlite::SqliteStore;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;

/// Something to read.
#[derive(Clone, Debug)]
pub enum Listing {
    /// From now on, this project.
    Open(PathBuf),
    /// From now on, none.
    Close,
    /// Rows of the list.
    Page {
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
    CountLabels,
}

/// The thread's memory.
pub struct Reader {
    shared: Shared,
    store: Option<SqliteStore>,
}

impl Reader {
    /// A reader without a project.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self { shared, store: None }
    }

    /// Reads what is asked until nobody can ask any more.
    pub fn run(mut self, listings: &Receiver<Listing>) {
        let mut next = listings.recv().ok();
        while let Some(listing) = next {
            let following = listings.try_recv().ok();
            if !superseded(&listing, following.as_ref()) {
                let shared = self.shared.clone();
                shared.guarded(|| self.read(listing));
            }
            next = following.or_else(|| listings.recv().ok());
        }
    }

    fn read(&mut self, listing: Listing) {
        match listing {
            Listing::Open(path) => match SqliteStore::open_read_only(&path) {
                Ok(store) => self.store = Some(store),
                Err(error) => self.shared.tell(Event::Failed(Message::from(&error))),
            },
            Listing::Close => self.store = None,
            Listing::Page { filter, first, count, open } => {
                let Some(store) = &mut self.store else { return };
                match page(store, &filter, first, count, open) {
                    Ok((page, open)) => self.shared.tell(Event::PageRead { filter, page, open }),
                    Err(error) => {
                        let message = Message::from(&error);
                        self.shared.tell(Event::PageFailed { filter, first, message });
                    }
                }
            }
            Listing::CountLabels => {
                let Some(store) = &self.store else { return };
                match store.label_counts() {
                    Ok(counts) => self.shared.tell(Event::LabelsCounted(counts)),
                    Err(error) => self.shared.tell(Event::Failed(Message::from(&error))),
                }
            }
        }
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
        (Listing::CountLabels, Some(Listing::CountLabels)) => true,
        (Listing::Page { .. } | Listing::CountLabels, Some(Listing::Open(_) | Listing::Close)) => true,
        _ => false,
    }
}
