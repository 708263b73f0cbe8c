//! Gathering the overview and keeping it as files, on the thread of long jobs.
//!
//! Owns the names of the files. It must not change the project.

use crate::exchange::overview::{Overview, OverviewError, OverviewWanted, gather};
use crate::exchange::picture_png::write_png;
use crate::exchange::report::{write_page, write_picture, write_table};
use crate::session::statistics::{Keep, KeptPart};
use crate::store::sqlite::SqliteStore;
use crate::words::locale::Locale;
use crate::words::message::Message;
use jiff::tz::TimeZone;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

/// The overview of the project; `None` when it was stopped.
pub fn overview(
    store: &SqliteStore,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Option<Arc<Overview>>, Message> {
    let wanted = OverviewWanted { annotators: Vec::new(), time_zone: TimeZone::system() };
    match gather(store, &wanted, progress) {
        Ok(overview) => Ok(Some(Arc::new(overview))),
        Err(OverviewError::Stopped) => Ok(None),
        Err(OverviewError::Store(error)) => Err(Message::from(&error)),
        Err(error @ OverviewError::NoSuchAnnotator { .. }) => Err(in_words(&error.to_string())),
    }
}

/// Writes what is to be kept into its folder; where it stands.
pub fn keep(keep: &Keep) -> Result<PathBuf, Message> {
    let folder = keep.folder();
    let locale = Locale::new(keep.language);
    let overview = &keep.overview;
    let (name, ending) = match &keep.part {
        KeptPart::Page => ("report", "html"),
        KeptPart::Table(topic) => (topic.name(), "csv"),
        KeptPart::Picture(topic, _) => (topic.name(), "svg"),
        KeptPart::Image { topic, .. } => (topic.name(), "png"),
    };
    let path = folder.join(format!("{name}.{ending}"));
    let written = std::fs::create_dir_all(&folder).and_then(|()| match &keep.part {
        KeptPart::Page => write_page(overview, &locale, &path),
        KeptPart::Table(topic) => write_table(overview, &locale, *topic, &path),
        KeptPart::Picture(topic, pair) => write_picture(overview, &locale, *topic, *pair, &path),
        KeptPart::Image { size, rgba, .. } => write_png(*size, rgba, &path),
    });
    written.map(|()| path.clone()).map_err(|error| in_words(&format!("{}: {error}", path.display())))
}

fn in_words(reason: &str) -> Message {
    Message::new("statistics-failed").text("reason", reason)
}
