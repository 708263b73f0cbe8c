//! Asks: what the engines are asked to do, and what they say that they know.
//!
//! Owns their shape. It must not do anything: `adviser` and `trainer` do.

use crate::domain::article::ArticleId;
use crate::domain::label::LabelId;
use crate::domain::suggestion::Engine;
use crate::session::settings::ProgramSetting;
use crate::store::hits::HitQuery;
use crate::store::knowledge::NameListRow;
use crate::suggest::track_record::TrackRecord;
use std::path::PathBuf;
use uuid::Uuid;

/// What the engines are asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// To load a file of names.
    LoadNames {
        /// The file.
        path: PathBuf,
        /// The label for names without one.
        label: Option<LabelId>,
    },
    /// To drop a list of names.
    DropNames(Uuid),
    /// To train anew.
    Train,
    /// To suggest a name wherever it stands in other articles.
    SuggestName {
        /// The name, and whose layers have it already.
        query: HitQuery,
        /// With which label.
        label: LabelId,
        /// The open article, which has its own suggestions.
        but: ArticleId,
    },
    /// To ask this program of the user's from the next article on, or none.
    Program(Option<ProgramSetting>),
    /// Not to ask these engines.
    Silence(Vec<Engine>),
    /// To learn the whole project again: much of it has changed.
    Relearn,
    /// To tell when everything that was asked or learned before is done, training too.
    Settle,
}

/// What the engines know of the open project.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// The lists of names.
    pub lists: Vec<NameListRow>,
    /// The last training; `None` before the first.
    pub training: Option<Training>,
    /// Whether the tagger is being trained.
    pub is_training: bool,
    /// What became of the suggestions so far.
    pub record: TrackRecord,
}

/// What a training was made from, and how long it took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Training {
    /// Sentences of finished articles.
    pub sentences: u64,
    /// Seconds of this and all trainings before it since the project was opened.
    pub seconds: f64,
}
