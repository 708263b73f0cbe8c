//! The rescue file: actions that could not be saved when the program ended, kept until the project is opened again.
//!
//! Owns the file's JSON. The save queue reads it back as if the program had never ended: what fits goes to the disk, what
//! someone else overtook is told as a conflict. It must not decide when a file is written or forgotten.

use crate::domain::article::{ArticleId, TextHash};
use crate::domain::edit::Operation;
use crate::domain::label::{Colour, Label, LabelId};
use crate::domain::layer::{AnnotatorId, Status, Version};
use crate::domain::mention::{Mention, Origin};
use crate::domain::offset::Span;
use crate::domain::suggestion::{Engine, Rejection};
use crate::store::contract::{Saved, Store, StoreError};
use crate::store::decisions::StoredDecision;
use crate::store::reason::Failure;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Actions that wait to be saved, and whose they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Rescue {
    /// Whose actions.
    pub annotator: AnnotatorId,
    /// The actions, the oldest first, each with its parts.
    pub actions: Vec<Vec<Saved>>,
}

/// The rescue file of a project, in the program's data folder: the place of the project may be what is full or read-only.
#[must_use]
pub fn file_of(data_folder: &Path, project: &Path) -> PathBuf {
    let name = TextHash::from_text(&project.to_string_lossy()).hex();
    let short = name.get(..16).unwrap_or(&name);
    data_folder.join("unsaved").join(format!("{short}.json"))
}

/// The first of a project's rescue files that is not there: another window may have left one, which must stay.
#[must_use]
pub fn free_file(data_folder: &Path, project: &Path) -> PathBuf {
    let files = files_of(data_folder, project);
    let free = files.iter().find(|file| !file.exists()).cloned();
    free.unwrap_or_else(|| file_of(data_folder, project))
}

/// Where the rescue files of a project can be, one for each window that could not save.
#[must_use]
pub fn files_of(data_folder: &Path, project: &Path) -> Vec<PathBuf> {
    const WINDOWS: usize = 16;
    let first = file_of(data_folder, project);
    let further = (1..WINDOWS).map(|window| first.with_extension(format!("{window}.json")));
    std::iter::once(first.clone()).chain(further).collect()
}

/// Writes a rescue file: a temporary one, flushed to the disk, then renamed.
///
/// # Errors
/// The system's error.
pub fn write(file: &Path, rescue: &Rescue) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let stored = StoredRescue::from(rescue);
    let temporary = file.with_extension("json.new");
    std::fs::write(&temporary, serde_json::to_vec_pretty(&stored)?)?;
    std::fs::File::open(&temporary)?.sync_all()?;
    std::fs::rename(&temporary, file)
}

/// Reads a rescue file; `None` when there is none.
///
/// # Errors
/// When there is one that cannot be understood: it is left where it is.
pub fn read(file: &Path) -> std::io::Result<Option<Rescue>> {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let stored: StoredRescue = serde_json::from_slice(&bytes)?;
    stored.rescue().map(Some).ok_or_else(|| std::io::Error::other("this rescue file is of another program"))
}

/// Moves a rescue file that cannot be understood out of the way, for a project must open without it; gives its new place.
#[must_use]
pub fn set_aside_unreadable(file: &Path) -> Option<PathBuf> {
    use std::io::ErrorKind::{InvalidData, Other, UnexpectedEof};
    let error = read(file).err()?;
    if !matches!(error.kind(), InvalidData | UnexpectedEof | Other) {
        return None;
    }
    let aside = file.with_extension("json.unreadable");
    std::fs::rename(file, &aside).is_ok().then_some(aside)
}

/// What became of rescued operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BroughtBack {
    /// Operations that are on the disk now.
    pub kept: u64,
    /// Operations that no longer fit what stands.
    pub dropped: u64,
}

/// Saves the actions of a rescue file and takes the file away; `None` when there is none.
///
/// What someone else overtook is put on top of what stands now, operation by operation. When the project still cannot be
/// written, what has not been saved stays in the file.
///
/// # Errors
/// [`StoreError`] when the project cannot be written or the file not be read.
pub fn bring_back(store: &mut dyn Store, file: &Path) -> Result<Option<BroughtBack>, StoreError> {
    let failed =
        |error: std::io::Error| StoreError::Failed { path: file.to_owned(), reason: Failure::System((&error).into()) };
    let Some(mut rescue) = read(file).map_err(failed)? else { return Ok(None) };
    let whole = rescue.clone();
    let mut count = BroughtBack::default();
    while let Some(parts) = rescue.actions.first() {
        let saved = match store.save(rescue.annotator, parts) {
            Err(
                StoreError::Conflict { .. } | StoreError::Edit(_) | StoreError::Label(_) | StoreError::NotFound { .. },
            ) => save_what_fits(store, rescue.annotator, parts, &mut count),
            saved => saved.map(|_| count.kept += parts.iter().map(operations_in).sum::<u64>()),
        };
        if let Err(error) = saved {
            write(file, &rescue).map_err(failed)?;
            return Err(error);
        }
        rescue.actions.remove(0);
    }
    if count.dropped > 0 {
        // What does not fit is kept beside, as a person's work; nothing reads it by itself any more.
        write(&file.with_extension("json.dropped"), &whole).map_err(failed)?;
    }
    std::fs::remove_file(file).map_err(failed)?;
    Ok(Some(count))
}

fn operations_in(part: &Saved) -> u64 {
    match part {
        Saved::Layer { operations, .. } => operations.len() as u64,
        Saved::Label(_) | Saved::LabelForgotten(_) => 1,
    }
}

fn save_what_fits(
    store: &mut dyn Store,
    annotator: AnnotatorId,
    parts: &[Saved],
    count: &mut BroughtBack,
) -> Result<(), StoreError> {
    for part in parts {
        let Saved::Layer { article, operations, .. } = part else {
            save_one(store, annotator, part.clone(), count)?;
            continue;
        };
        for operation in operations {
            let base = match store.layer(*article, annotator) {
                Ok(layer) => layer.version,
                // The next save tells whether it is the article that is gone.
                Err(StoreError::NotFound { .. }) => Version::default(),
                Err(error) => return Err(error),
            };
            let one = Saved::Layer { article: *article, base, operations: vec![operation.clone()] };
            save_one(store, annotator, one, count)?;
        }
    }
    Ok(())
}

/// Saves a part by itself; one that can never be saved must not keep the project shut.
fn save_one(
    store: &mut dyn Store,
    annotator: AnnotatorId,
    part: Saved,
    count: &mut BroughtBack,
) -> Result<(), StoreError> {
    match store.save(annotator, &[part]) {
        Ok(_) => count.kept += 1,
        Err(StoreError::Edit(_) | StoreError::Label(_) | StoreError::NotFound { .. }) => count.dropped += 1,
        Err(error) => return Err(error),
    }
    Ok(())
}

#[derive(Serialize, Deserialize)]
struct StoredRescue {
    annotator: Uuid,
    actions: Vec<Vec<StoredPart>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredPart {
    Layer { article: Uuid, base: u64, operations: Vec<StoredOperation> },
    Label(StoredLabel),
    LabelForgotten(Uuid),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredOperation {
    Add(StoredMention),
    Remove(StoredMention),
    Replace { from: StoredMention, to: StoredMention },
    SetStatus { from: String, to: String },
    Reject(StoredRejection),
    Unreject(StoredRejection),
    Decide(StoredDecision),
    Undecide(StoredDecision),
}

#[derive(Serialize, Deserialize)]
struct StoredRejection {
    start: usize,
    end: usize,
    label: Uuid,
    engine: String,
}

#[derive(Serialize, Deserialize)]
struct StoredMention {
    start: usize,
    end: usize,
    label: Uuid,
    origin: String,
    note: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredLabel {
    id: Uuid,
    name: String,
    title: String,
    colour: String,
    keys: String,
    guideline: String,
    order: i64,
    deleted: bool,
    merged_into: Option<Uuid>,
}

impl From<&Rescue> for StoredRescue {
    fn from(rescue: &Rescue) -> Self {
        let parts = |parts: &Vec<Saved>| parts.iter().map(StoredPart::from).collect();
        Self { annotator: rescue.annotator.0, actions: rescue.actions.iter().map(parts).collect() }
    }
}

impl StoredRescue {
    fn rescue(self) -> Option<Rescue> {
        let parts = |parts: Vec<StoredPart>| parts.into_iter().map(StoredPart::part).collect::<Option<Vec<Saved>>>();
        let actions = self.actions.into_iter().map(parts).collect::<Option<_>>()?;
        Some(Rescue { annotator: AnnotatorId(self.annotator), actions })
    }
}

impl From<&Saved> for StoredPart {
    fn from(part: &Saved) -> Self {
        match part {
            Saved::Layer { article, base, operations } => Self::Layer {
                article: article.0,
                base: base.0,
                operations: operations.iter().map(StoredOperation::from).collect(),
            },
            Saved::Label(label) => Self::Label(StoredLabel {
                id: label.id.0,
                name: label.name.clone(),
                title: label.title.clone(),
                colour: label.colour.hex(),
                keys: label.keys.clone(),
                guideline: label.guideline.clone(),
                order: label.order,
                deleted: label.deleted,
                merged_into: label.merged_into.map(|id| id.0),
            }),
            Saved::LabelForgotten(id) => Self::LabelForgotten(id.0),
        }
    }
}

impl StoredPart {
    fn part(self) -> Option<Saved> {
        Some(match self {
            Self::Layer { article, base, operations } => Saved::Layer {
                article: ArticleId(article),
                base: Version(base),
                operations: operations.into_iter().map(StoredOperation::operation).collect::<Option<_>>()?,
            },
            Self::Label(label) => Saved::Label(Label {
                id: LabelId(label.id),
                name: label.name,
                title: label.title,
                colour: Colour::from_hex(&label.colour)?,
                keys: label.keys,
                guideline: label.guideline,
                order: label.order,
                deleted: label.deleted,
                merged_into: label.merged_into.map(LabelId),
            }),
            Self::LabelForgotten(id) => Saved::LabelForgotten(LabelId(id)),
        })
    }
}

impl From<&Operation> for StoredOperation {
    fn from(operation: &Operation) -> Self {
        match operation {
            Operation::Add(mention) => Self::Add(mention.into()),
            Operation::Remove(mention) => Self::Remove(mention.into()),
            Operation::Replace { from, to } => Self::Replace { from: from.into(), to: to.into() },
            Operation::SetStatus { from, to } => {
                Self::SetStatus { from: from.name().to_owned(), to: to.name().to_owned() }
            }
            Operation::Reject(rejection) => Self::Reject(rejection.into()),
            Operation::Unreject(rejection) => Self::Unreject(rejection.into()),
            Operation::Decide(decision) => Self::Decide((&**decision).into()),
            Operation::Undecide(decision) => Self::Undecide((&**decision).into()),
        }
    }
}

impl StoredOperation {
    fn operation(self) -> Option<Operation> {
        Some(match self {
            Self::Add(mention) => Operation::Add(mention.mention()?),
            Self::Remove(mention) => Operation::Remove(mention.mention()?),
            Self::Replace { from, to } => Operation::Replace { from: from.mention()?, to: to.mention()? },
            Self::SetStatus { from, to } => {
                Operation::SetStatus { from: Status::from_name(&from)?, to: Status::from_name(&to)? }
            }
            Self::Reject(rejection) => Operation::Reject(rejection.rejection()?),
            Self::Unreject(rejection) => Operation::Unreject(rejection.rejection()?),
            Self::Decide(decision) => Operation::Decide(Box::new(decision.decision()?)),
            Self::Undecide(decision) => Operation::Undecide(Box::new(decision.decision()?)),
        })
    }
}

impl From<&Rejection> for StoredRejection {
    fn from(rejection: &Rejection) -> Self {
        let Rejection { span, label, engine } = rejection;
        Self { start: span.start.get(), end: span.end.get(), label: label.0, engine: engine.name().to_owned() }
    }
}

impl StoredRejection {
    fn rejection(self) -> Option<Rejection> {
        let span = Span::from_chars(self.start, self.end);
        Some(Rejection { span, label: LabelId(self.label), engine: Engine::from_name(&self.engine)? })
    }
}

impl From<&Mention> for StoredMention {
    fn from(mention: &Mention) -> Self {
        Self {
            start: mention.span.start.get(),
            end: mention.span.end.get(),
            label: mention.label.0,
            origin: mention.origin.name().into_owned(),
            note: mention.note.as_deref().map(str::to_owned),
        }
    }
}

impl StoredMention {
    fn mention(self) -> Option<Mention> {
        Some(Mention {
            span: Span::from_chars(self.start, self.end),
            label: LabelId(self.label),
            origin: Origin::from_name(&self.origin)?,
            note: self.note.map(Box::from),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_survive_the_rescue_file() {
        let label = crate::store::sqlite::default_labels().remove(0);
        let mention =
            Mention { note: Some(Box::from("«چرا؟»")), ..Mention::new(Span::from_chars(3, 9), label.id) };
        let layer = Saved::Layer {
            article: ArticleId(Uuid::from_u128(7)),
            base: Version(3),
            operations: vec![
                Operation::Add(mention.clone()),
                Operation::Replace { from: mention.clone(), to: Mention { note: None, ..mention.clone() } },
                Operation::Remove(Mention { note: None, ..mention }),
                Operation::SetStatus { from: Status::New, to: Status::InProgress },
            ],
        };
        let forgotten = Saved::LabelForgotten(label.id);
        let rescue = Rescue {
            annotator: AnnotatorId(Uuid::from_u128(1)),
            actions: vec![vec![layer, Saved::Label(label)], vec![forgotten]],
        };
        let folder = tempfile::tempdir().unwrap();
        let file = file_of(folder.path(), Path::new("/a/b.barchasb"));
        assert_eq!(read(&file).unwrap(), None);
        write(&file, &rescue).unwrap();
        assert_eq!(read(&file).unwrap(), Some(rescue));
        assert_eq!(set_aside_unreadable(&file), None);
        std::fs::write(&file, "{").unwrap();
        assert!(read(&file).is_err() && file.exists());
        let aside = set_aside_unreadable(&file).unwrap();
        assert_eq!((read(&file).unwrap(), std::fs::read_to_string(aside).unwrap().as_str()), (None, "{"));
    }

    #[test]
    fn what_was_rescued_goes_on_top_of_what_stands_now() {
        use crate::domain::record::ArticleRecord;
        use crate::store::sqlite::{SqliteStore, default_labels};
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("p.barchasb");
        let mut store = SqliteStore::create(&project, Default::default(), default_labels()).unwrap();
        let record =
            ArticleRecord { name: Some("a".into()), text: "ناجا و پلیس".into(), ..Default::default() };
        store.import(&mut std::iter::once(record), "mina").unwrap();
        let article = store.article_by_name("a").unwrap().unwrap();
        let annotator = store.annotator("mina").unwrap().id;
        let label = store.labels().unwrap().by_name("ORG").unwrap().id;
        let add = |start, end| Operation::Add(Mention::new(Span::from_chars(start, end), label));
        let layer = |base, operation| vec![Saved::Layer { article, base: Version(base), operations: vec![operation] }];
        // Someone went on with the layer after the program had ended with two actions unsaved, one of them the same.
        store.save(annotator, &layer(0, add(0, 4))).unwrap();
        let rescue = Rescue { annotator, actions: vec![layer(0, add(0, 4)), layer(1, add(7, 11))] };
        let file = file_of(folder.path(), &project);
        write(&file, &rescue).unwrap();
        let back = bring_back(&mut store, &file).unwrap();
        assert_eq!(back, Some(BroughtBack { kept: 1, dropped: 1 }));
        assert_eq!(store.layer(article, annotator).unwrap().mentions.len(), 2);
        assert!(!file.exists());
        assert_eq!(bring_back(&mut store, &file).unwrap(), None);

        // A label whose name was given away meanwhile and an article that is gone do not keep the project shut, nor are they lost.
        let taken =
            Label { id: LabelId(Uuid::from_u128(9)), ..store.labels().unwrap().by_name("ORG").unwrap().clone() };
        let gone =
            Saved::Layer { article: ArticleId(Uuid::from_u128(7)), base: Version(0), operations: vec![add(0, 4)] };
        let rescue = Rescue { annotator, actions: vec![vec![Saved::Label(taken)], vec![gone], layer(2, add(5, 6))] };
        write(&file, &rescue).unwrap();
        let second = free_file(folder.path(), &project);
        assert!(second != file && files_of(folder.path(), &project).contains(&second));
        let back = bring_back(&mut store, &file).unwrap();
        assert_eq!(back, Some(BroughtBack { kept: 1, dropped: 2 }));
        assert_eq!(read(&file.with_extension("json.dropped")).unwrap(), Some(rescue));
        assert_eq!(free_file(folder.path(), &project), file);
    }
}
