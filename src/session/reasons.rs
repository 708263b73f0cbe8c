//! Reasons: why something was refused or failed, turned into messages.
//!
//! Owns the ids for the errors of the domain, the store and the system. It must not contain a sentence; what the system or
//! the database said in its own words goes along as it is, for nobody could translate it.

use crate::domain::article::ArticleError;
use crate::domain::edit::EditError;
use crate::domain::label::LabelFault;
use crate::domain::offset::MAX_TEXT_BYTES;
use crate::exchange::names::NamesError;
use crate::store::contract::StoreError;
use crate::store::hits::BadQuery;
use crate::store::reason::{Damage, DecisionFlaw, Failure, Foreign, MentionFlaw, Sought, SystemFault, Unwritable};
use crate::suggest::tagger_model::ModelError;
use crate::words::message::Message;
use std::io;
use std::path::Path;

impl From<&StoreError> for Message {
    fn from(error: &StoreError) -> Self {
        let at = |message: Self, path: &Path| message.text("path", path.display().to_string());
        match error {
            StoreError::Missing { path } => at(Self::new("error-missing"), path),
            StoreError::AlreadyThere { path } => at(Self::new("error-already-there"), path),
            StoreError::NotAProject { path, reason } => {
                at(Self::new("error-not-a-project"), path).part("reason", reason)
            }
            StoreError::Newer { path, found, known } => {
                at(Self::new("error-newer"), path).number("found", *found).number("known", *known)
            }
            StoreError::Damaged { path, reason } => at(Self::new("error-damaged"), path).part("reason", reason),
            StoreError::ReadOnly { path, reason } => at(Self::new("error-read-only"), path).part("reason", reason),
            StoreError::Full { path } => at(Self::new("error-full"), path),
            StoreError::Busy { path } => at(Self::new("error-busy"), path),
            StoreError::Conflict { .. } => Self::new("error-conflict"),
            StoreError::NotFound { what } => Self::new("error-not-found").part("what", what),
            StoreError::Edit(error) => Self::new("error-edit").part("reason", error),
            StoreError::Label(fault) => Self::new("error-edit").part("reason", fault),
            StoreError::NoName => Self::new("error-no-name"),
            StoreError::Stopped => Self::new("error-stopped"),
            StoreError::Failed { path, reason } => at(Self::new("error-file"), path).part("reason", reason),
        }
    }
}

impl From<&Foreign> for Message {
    fn from(foreign: &Foreign) -> Self {
        match foreign {
            Foreign::Folder => Self::new("foreign-folder"),
            Foreign::NoFile => Self::new("foreign-no-file"),
            Foreign::Empty => Self::new("fault-empty-file"),
            Foreign::OtherProgram => Self::new("foreign-other-program"),
            Foreign::Version(version) => Self::new("foreign-version").number("version", *version),
            Foreign::Stranger { name, .. } => Self::new("foreign-stranger").text("name", name),
            Foreign::Database(words) => database(words),
        }
    }
}

impl From<&Damage> for Message {
    fn from(damage: &Damage) -> Self {
        let of = |message: Self, article: &str| message.text("article", article);
        match damage {
            Damage::Identity(found) => Self::new("damage-identity").text("found", found),
            Damage::NoArticle(place) => Self::new("damage-no-article").number("place", *place),
            Damage::Status { article, status } => {
                of(Self::new("damage-of"), article).part("what", Self::new("damage-status").text("found", status))
            }
            Damage::Mentions { article, flaw } => of(Self::new("damage-of"), article).part("what", flaw),
            Damage::Decisions { article, flaw } => of(Self::new("damage-of"), article).part("what", flaw),
            Damage::Suggestions { article, flaw } => of(Self::new("damage-suggestions"), article).part("what", flaw),
            Damage::Outcomes { place, words } => {
                Self::new("damage-outcomes").number("place", *place).text("words", words)
            }
            Damage::NameList { title, words } => {
                Self::new("damage-name-list").text("title", title).text("words", words)
            }
            Damage::BadText { article, error } => of(Self::new("damage-of"), article).part("what", error),
            Damage::OtherText { article } => {
                of(Self::new("damage-of"), article).part("what", Self::new("damage-other-text"))
            }
            Damage::Direction(found) => Self::new("damage-direction").text("found", found),
            Damage::OverlapRule(found) | Damage::TitleRule(found) => Self::new("damage-rule").text("found", found),
            Damage::SearchPlace(found) => Self::new("damage-search").text("found", found),
            Damage::Missing { name, .. } => Self::new("damage-missing").text("name", name),
            Damage::Database(words) => database(words),
        }
    }
}

impl From<&MentionFlaw> for Message {
    fn from(flaw: &MentionFlaw) -> Self {
        match flaw {
            MentionFlaw::Unreadable { words } => Self::new("damage-mentions").text("words", words),
            MentionFlaw::OutOfText { start, end, text_end } => Self::new("damage-out-of-text")
                .number("start", *start)
                .number("end", *end)
                .number("text-end", text_end.get() as u64),
            MentionFlaw::Surface { span, surface } => Self::new("damage-surface").span(*span).text("surface", surface),
            MentionFlaw::LabelIdentity { span, label } => Self::new("damage-label").span(*span).text("found", label),
            MentionFlaw::Origin { span, origin } => Self::new("damage-origin").span(*span).text("found", origin),
        }
    }
}

impl From<&DecisionFlaw> for Message {
    fn from(flaw: &DecisionFlaw) -> Self {
        let at = |id, start: u32, end: u32| Self::new(id).number("start", start).number("end", end);
        match flaw {
            DecisionFlaw::Unreadable { words } => Self::new("damage-decisions").text("words", words),
            DecisionFlaw::Nothing { start, end } => at("damage-decision-nothing", *start, *end),
            DecisionFlaw::OutOfText { start, end, text_end } => {
                at("damage-decision-out-of-text", *start, *end).number("text-end", text_end.get() as u64)
            }
        }
    }
}

impl From<&Unwritable> for Message {
    fn from(reason: &Unwritable) -> Self {
        match reason {
            Unwritable::Protected => Self::new("system-protected"),
            Unwritable::Older => Self::new("unwritable-older"),
            Unwritable::System(fault) => Self::from(fault),
            Unwritable::Database(words) => database(words),
        }
    }
}

impl From<&Failure> for Message {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Setting(setting) => Self::new("failure-setting").text("setting", setting),
            Failure::Maps => Self::new("failure-maps"),
            Failure::NoLog { journal } => Self::new("failure-no-log").text("journal", journal),
            Failure::NoPromise => Self::new("failure-no-promise"),
            Failure::NoReferences => Self::new("failure-no-references"),
            Failure::LabelInUse => Self::new("failure-label-in-use"),
            Failure::NotUnicode => Self::new("failure-not-unicode"),
            Failure::System(fault) => Self::from(fault),
            Failure::Database(words) => database(words),
        }
    }
}

impl From<&Sought> for Message {
    fn from(sought: &Sought) -> Self {
        match sought {
            Sought::Article(_) => Self::new("sought-article"),
            Sought::ArticleNamed(name) => Self::new("sought-article-named").text("name", name),
            Sought::Annotator(_) => Self::new("sought-annotator"),
            Sought::AnnotatorNamed(name) => Self::new("sought-annotator-named").text("name", name),
            Sought::Label(_) => Self::new("sought-label"),
        }
    }
}

impl From<&EditError> for Message {
    fn from(error: &EditError) -> Self {
        match error {
            EditError::AlreadyThere(_) => Self::new("refused-already-there"),
            EditError::NotThere(_) => Self::new("refused-not-there"),
            EditError::Overlap(_) => Self::new("refused-overlap"),
            EditError::OutOfText(_) => Self::new("refused-out-of-text"),
            EditError::StatusMoved => Self::new("refused-status-moved"),
            EditError::RejectionMoved => Self::new("refused-rejection-moved"),
            EditError::DecisionMoved => Self::new("refused-decision-moved"),
        }
    }
}

impl From<&LabelFault> for Message {
    fn from(fault: &LabelFault) -> Self {
        match fault {
            LabelFault::EmptyName => Self::new("label-needs-name"),
            LabelFault::NameTaken(name) => Self::new("label-name-taken").text("name", name),
            LabelFault::KeyTaken(key) => Self::new("label-key-taken").text("key", *key),
        }
    }
}

impl From<&ArticleError> for Message {
    fn from(error: &ArticleError) -> Self {
        match error {
            ArticleError::Empty => Self::new("fault-empty-text"),
            ArticleError::TooLong { .. } => Self::new("fault-long-text").number("limit", MAX_TEXT_BYTES as u64),
        }
    }
}

impl From<&io::Error> for Message {
    fn from(error: &io::Error) -> Self {
        Self::from(&SystemFault::from(error))
    }
}

impl From<&SystemFault> for Message {
    fn from(fault: &SystemFault) -> Self {
        use io::ErrorKind as K;
        match fault.kind {
            K::NotFound => Self::new("system-not-found"),
            K::PermissionDenied => Self::new("system-denied"),
            K::ReadOnlyFilesystem => Self::new("system-protected"),
            K::StorageFull | K::QuotaExceeded => Self::new("system-full"),
            K::IsADirectory => Self::new("foreign-folder"),
            K::NotADirectory => Self::new("system-no-folder"),
            K::AlreadyExists => Self::new("system-already-there"),
            K::InvalidFilename | K::InvalidInput => Self::new("system-name"),
            K::FileTooLarge => Self::new("system-too-large"),
            _ => Self::new("system-words").text("words", &fault.words),
        }
    }
}

fn database(words: &str) -> Message {
    Message::new("database-words").text("words", words)
}

impl From<&BadQuery> for Message {
    fn from(bad: &BadQuery) -> Self {
        match bad {
            BadQuery::Nothing => Self::new("query-nothing"),
            BadQuery::Regex { words } => Self::new("query-regex").text("words", words),
            BadQuery::TooLarge => Self::new("query-too-large"),
        }
    }
}

impl From<&NamesError> for Message {
    fn from(error: &NamesError) -> Self {
        let of = |id, path: &Path| Self::new(id).text("path", path.display().to_string());
        match error {
            NamesError::OtherEnding { path } => of("names-other-ending", path),
            NamesError::NoName { path } => of("names-none", path),
            NamesError::Format { path, source } => of("names-failed", path).part("reason", source),
            NamesError::Store(error) => Self::from(error),
        }
    }
}

impl From<&ModelError> for Message {
    fn from(error: &ModelError) -> Self {
        match error {
            ModelError::Foreign => Self::new("model-foreign"),
            ModelError::Newer { .. } => Self::new("model-newer"),
            ModelError::Damaged => Self::new("model-damaged"),
        }
    }
}
