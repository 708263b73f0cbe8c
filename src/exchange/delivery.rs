//! Records into files, as a plan lays them out.
//!
//! Owns [`Delivery`]: which file a record goes to, what stands beside the files, and that all of them are there at the end or none. It must
//! not know where the records come from.

use crate::domain::label::{Colour, NEW_LABEL_COLOURS};
use crate::domain::record::ArticleRecord;
use crate::exchange::card::Card;
use crate::exchange::counted::{CountedPart, Delivered};
use crate::exchange::earlier_export::EarlierNames;
use crate::exchange::given::is_project;
use crate::exchange::landing::{Landed, Landing};
use crate::exchange::plan::{Filing, Plan};
use crate::formats::decoding::as_u64;
use crate::formats::file_name::TakenNames;
use crate::formats::files::Sink;
use crate::formats::foreign::Foreign;
use crate::formats::format::{Container, RecordWriter, WriteOptions, WrittenLabel, open_writer};
use crate::formats::problem::{FormatError, Place, Problem};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What a file or folder is called whose target has no name of its own.
const NAMELESS: &str = "articles";

/// Why records were not delivered; what stood at the target stands.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The target is a project, which would be replaced.
    #[error("{}: this is a project; give the export another name", path.display())]
    OntoProject {
        /// Which.
        path: PathBuf,
    },
    /// The target cannot be written.
    #[error("{}: cannot be written ({source})", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// The output cannot be written.
    #[error(transparent)]
    Format(#[from] FormatError),
}

/// Where records go.
pub enum Target<'a> {
    /// A file or a folder.
    Path(&'a Path),
    /// Any output, which gets one file.
    Output(Box<dyn Write + Send>),
}

/// Records on their way into files; dropped without [`finish`](Self::finish), nothing is left.
pub struct Delivery {
    plan: Plan,
    place: Whereto,
    /// What the files of a whole are called.
    title: String,
    shelves: Vec<Shelf>,
    parts: Vec<CountedPart>,
    taken: BTreeMap<String, TakenNames>,
    skipped: BTreeMap<String, u64>,
    problems: Vec<Problem>,
    count: Delivered,
    /// A file of lines that are written elsewhere.
    lines: Option<Landed>,
}

/// Where the files stand.
enum Whereto {
    /// In a folder, under their own names.
    Folder { landing: Landing, path: PathBuf },
    /// One file with this name in its folder.
    File { landing: Landing, name: String, path: PathBuf },
    /// One output; `None` once its writer has it.
    Output(Option<Box<dyn Write + Send>>),
    /// Files that hold one article: a file when there is one article, else a folder. It is not known yet.
    Open { path: PathBuf, first: Option<(ArticleRecord, usize)> },
}

/// The files of one part.
struct Shelf {
    name: String,
    writer: Option<Box<dyn RecordWriter>>,
    /// What the file that is being written is called.
    file: String,
    in_file: u64,
    files: u64,
}

impl Delivery {
    /// Begins; one file is made at once, so that a target that cannot be written is told before the work. The labels of the plan's writer are filled in by the caller where they are known.
    ///
    /// # Errors
    /// [`DeliveryError`] when the target is a project, cannot be written, or is an output that should hold several files.
    pub fn begin(target: Target<'_>, plan: Plan) -> Result<Self, DeliveryError> {
        let mut new = Self::prepared(target, plan)?;
        // A part without articles is a file all the same.
        if !new.is_by_article() {
            (0..new.shelves.len()).try_for_each(|part| new.next_file(part))?;
        }
        Ok(new)
    }

    /// Begins a file of lines that were written elsewhere.
    ///
    /// # Errors
    /// [`DeliveryError`] as [`begin`](Self::begin).
    pub fn begin_lines(target: &Path, plan: Plan) -> Result<Self, DeliveryError> {
        let mut new = Self::prepared(Target::Path(target), plan)?;
        let Whereto::File { landing, name, path } = &new.place else { return Err(several(&new.plan)) };
        let landed = landing.create(name).map_err(|source| DeliveryError::Write { path: path.clone(), source })?;
        new.lines = Some(landed);
        Ok(new)
    }

    /// Writes lines that hold so much; `skipped` counts by label the mentions that were taken out before.
    ///
    /// # Errors
    /// [`DeliveryError::Write`] when the file cannot be written.
    pub fn write_lines(
        &mut self,
        lines: &[u8],
        count: Delivered,
        part: &CountedPart,
        skipped: &BTreeMap<String, u64>,
    ) -> Result<(), DeliveryError> {
        if let Some(output) = &mut self.lines {
            output.write_all(lines).map_err(|error| named(&self.place, error.into()))?;
        }
        self.count.articles += count.articles;
        self.count.records += count.records;
        self.count.mentions += count.mentions;
        self.parts.iter_mut().take(1).for_each(|all| all.join(part));
        for (label, count) in skipped {
            *self.skipped.entry(label.clone()).or_default() += count;
        }
        Ok(())
    }

    fn prepared(target: Target<'_>, plan: Plan) -> Result<Self, DeliveryError> {
        let one_file = !plan.is_several();
        let container = plan.format.container;
        let (place, title) = match target {
            Target::Output(output) if one_file => (Whereto::Output(Some(output)), String::new()),
            Target::Output(_) => return Err(several(&plan)),
            Target::Path(path) if is_project(path) => {
                return Err(DeliveryError::OntoProject { path: path.to_path_buf() });
            }
            Target::Path(path) => {
                let own = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let title = without_ending(&own, plan.format.endings);
                let is_named_as_file = title != own && !path.is_dir();
                let place = match container {
                    Container::File if one_file => {
                        let folder = path.parent().unwrap_or(Path::new(""));
                        Whereto::File { landing: Landing::new(folder), name: own, path: path.to_path_buf() }
                    }
                    Container::Article if one_file && is_named_as_file => {
                        Whereto::Open { path: path.to_path_buf(), first: None }
                    }
                    _ => folder_at(path, plan.card),
                };
                (place, title)
            }
        };
        let title = if title.is_empty() { NAMELESS.to_owned() } else { title };
        let names: Vec<String> = match &plan.split {
            Some(split) => split.parts.iter().map(|(name, _)| name.clone()).collect(),
            None => vec![title.clone()],
        };
        let shelf =
            |name: &String| Shelf { name: name.clone(), writer: None, file: String::new(), in_file: 0, files: 0 };
        let counted = |name: &String| CountedPart { name: name.clone(), ..CountedPart::default() };
        Ok(Self {
            shelves: names.iter().map(shelf).collect(),
            parts: names.iter().map(counted).collect(),
            plan,
            place,
            title,
            taken: BTreeMap::new(),
            skipped: BTreeMap::new(),
            problems: Vec::new(),
            count: Delivered::default(),
            lines: None,
        })
    }

    /// Whether every article gets a file of its own.
    fn is_by_article(&self) -> bool {
        match self.plan.format.container {
            Container::Article => true,
            Container::File => self.plan.files == Filing::Articles,
            Container::Folder | Container::Dataset => false,
        }
    }

    /// How much was written so far.
    #[must_use]
    pub fn count(&self) -> Delivered {
        self.count
    }

    /// Writes a record into a part, counted from 0. `said` hears what the format could not hold.
    ///
    /// # Errors
    /// [`DeliveryError`] when the files cannot be written.
    pub fn write(
        &mut self,
        mut record: ArticleRecord,
        part: usize,
        said: &mut dyn FnMut(&Problem),
    ) -> Result<(), DeliveryError> {
        if !self.plan.admits(&mut record, &mut self.skipped) {
            return Ok(());
        }
        if let Whereto::Open { path, first } = &mut self.place {
            match first.take() {
                None => {
                    *first = Some((record, part));
                    return Ok(());
                }
                Some((earlier, of)) => {
                    self.place = folder_at(path, self.plan.card);
                    self.put(&earlier, of, said)?;
                }
            }
        }
        self.put(&record, part, said)
    }

    fn put(
        &mut self,
        record: &ArticleRecord,
        part: usize,
        said: &mut dyn FnMut(&Problem),
    ) -> Result<(), DeliveryError> {
        if self.is_by_article() {
            self.article_file(record, part)?;
        } else if let Filing::Shards(most) = self.plan.files
            && self.shelves.get(part).is_some_and(|shelf| shelf.in_file >= most.get())
        {
            self.next_file(part)?;
        }
        let Some(shelf) = self.shelves.get_mut(part) else { return Ok(()) };
        if let Some(writer) = &mut shelf.writer {
            writer.write(record, &mut self.problems).map_err(|error| named(&self.place, error))?;
        }
        shelf.in_file += 1;
        let is_alone = matches!(self.place, Whereto::File { .. } | Whereto::Output(_));
        self.count.add(record, &self.problems);
        if let Some(part) = self.parts.get_mut(part) {
            part.add(record, &self.problems);
        }
        for problem in self.problems.drain(..) {
            if is_alone || problem.file.is_some() { said(&problem) } else { said(&problem.in_file(&shelf.file)) }
        }
        if self.is_by_article() {
            self.end_file(part)?;
        }
        Ok(())
    }

    /// Begins the next file of a part, or its folder.
    fn next_file(&mut self, part: usize) -> Result<(), DeliveryError> {
        self.end_file(part)?;
        let Some(shelf) = self.shelves.get(part) else { return Ok(()) };
        let (is_shard, is_split) = (matches!(self.plan.files, Filing::Shards(_)), self.plan.split.is_some());
        let name = if is_shard { format!("{}-{:05}", shelf.name, shelf.files) } else { shelf.name.clone() };
        if !self.plan.format.container.is_folder() {
            let file = format!("{name}.{}", self.plan.format.ending());
            return self.open_file(part, None, file);
        }
        let Whereto::Folder { landing, .. } = &self.place else { return Err(several(&self.plan)) };
        let names_its_parts = self.plan.format.container == Container::Dataset;
        let landing = if is_shard || (is_split && !names_its_parts) { landing.inside(&name) } else { landing.clone() };
        let options = WriteOptions { split: is_split.then(|| shelf.name.clone()), ..self.plan.write.clone() };
        let writer = open_writer(self.plan.format, Sink::Many(Box::new(landing)), &options);
        let writer = writer.map_err(|error| named(&self.place, error))?;
        self.hold(part, writer, name);
        Ok(())
    }

    /// Begins the file of an article.
    fn article_file(&mut self, record: &ArticleRecord, part: usize) -> Result<(), DeliveryError> {
        let folder =
            self.plan.split.is_some().then(|| self.shelves.get(part).map(|shelf| shelf.name.clone())).flatten();
        let number = self.count.articles + 1;
        let name = record.name.clone().unwrap_or_else(|| format!("article-{number:06}"));
        let stem = self.taken.entry(folder.clone().unwrap_or_default()).or_default().stem_for(&name);
        let file = format!("{stem}.{}", self.plan.format.ending());
        self.open_file(part, folder.as_deref(), file)
    }

    fn open_file(&mut self, part: usize, folder: Option<&str>, file: String) -> Result<(), DeliveryError> {
        let failed = |path: PathBuf, source| DeliveryError::Write { path, source };
        let landed = |landed: Landed| Box::new(landed) as Box<dyn Write + Send>;
        let output = match &mut self.place {
            Whereto::Folder { landing, path } => {
                let landing = folder.map_or_else(|| landing.clone(), |folder| landing.inside(folder));
                landing.create(&file).map(landed).map_err(|error| failed(path.join(&file), error))?
            }
            Whereto::File { landing, name, path } => {
                landing.create(name).map(landed).map_err(|error| failed(path.clone(), error))?
            }
            Whereto::Output(output) => output.take().ok_or_else(|| several(&self.plan))?,
            Whereto::Open { .. } => return Err(several(&self.plan)),
        };
        let writer = open_writer(self.plan.format, Sink::One(output), &self.plan.write);
        let writer = writer.map_err(|error| named(&self.place, error))?;
        let file = folder.map_or_else(|| file.clone(), |folder| format!("{folder}/{file}"));
        self.hold(part, writer, file);
        Ok(())
    }

    fn hold(&mut self, part: usize, writer: Box<dyn RecordWriter>, file: String) {
        if let Some(shelf) = self.shelves.get_mut(part) {
            *shelf = Shelf {
                name: std::mem::take(&mut shelf.name),
                writer: Some(writer),
                file,
                in_file: 0,
                files: shelf.files + 1,
            };
        }
    }

    fn end_file(&mut self, part: usize) -> Result<(), DeliveryError> {
        match self.shelves.get_mut(part).and_then(|shelf| shelf.writer.take()) {
            Some(mut writer) => writer.finish().map_err(|error| named(&self.place, error)),
            None => Ok(()),
        }
    }

    /// Writes the ends of all files and what belongs beside them, and puts them in their places. `said` hears what was skipped.
    ///
    /// # Errors
    /// [`DeliveryError`] when the files cannot be written.
    pub fn finish(mut self, said: &mut dyn FnMut(&Problem)) -> Result<Delivered, DeliveryError> {
        if let Whereto::Open { path, first } = &mut self.place {
            let (first, path) = (first.take(), path.clone());
            let Some((record, part)) = first else {
                // A file without an article would be none of its format.
                return Ok(self.count);
            };
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let landing = Landing::new(path.parent().unwrap_or(Path::new("")));
            self.place = Whereto::File { landing, name, path };
            self.put(&record, part, said)?;
        }
        (0..self.shelves.len()).try_for_each(|part| self.end_file(part))?;
        self.lines = None;
        for (label, count) in &self.skipped {
            let skipped = Foreign::LabelSkipped { label: label.clone(), count: *count };
            said(&Problem::foreign(Place::default(), skipped));
        }
        self.write_companions()?;
        let (landing, path) = match &self.place {
            Whereto::Folder { landing, path } | Whereto::File { landing, path, .. } => (landing.clone(), path.clone()),
            Whereto::Output(_) | Whereto::Open { .. } => {
                self.count.files = 1;
                return Ok(self.count);
            }
        };
        let failed = |source| DeliveryError::Write { path: path.clone(), source };
        if self.plan.card {
            let labels = self.labels();
            let card = Card { title: &self.title, plan: &self.plan, parts: &self.parts, labels: &labels };
            card.write(&landing).map_err(failed)?;
        }
        self.count.files = as_u64(landing.written().len());
        if matches!(self.place, Whereto::Folder { .. }) {
            let has_folders =
                self.plan.format.container.is_folder() || (self.is_by_article() && self.plan.split.is_some());
            let names = EarlierNames { title: &self.title, ending: self.plan.format.ending(), has_folders };
            let stale = names.stale_in(&path, &landing.written()).map_err(failed)?;
            stale.into_iter().for_each(|name| said(&Problem::foreign(Place::default(), Foreign::Stale { name })));
        }
        landing.commit().map_err(failed)?;
        Ok(self.count)
    }

    fn write_companions(&self) -> Result<(), DeliveryError> {
        let Some(companions) = self.plan.format.companions else { return Ok(()) };
        let (landing, stem, path) = match &self.place {
            Whereto::Folder { landing, path } => (landing, self.title.clone(), path),
            Whereto::File { landing, name, path } => {
                (landing, name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned(), path)
            }
            Whereto::Output(_) | Whereto::Open { .. } => return Ok(()),
        };
        let options = WriteOptions { labels: self.labels().into(), ..self.plan.write.clone() };
        for companion in companions(&options) {
            let written = landing
                .create(&format!("{stem}.{}", companion.ending))
                .and_then(|mut file| file.write_all(&companion.bytes));
            written.map_err(|source| DeliveryError::Write { path: path.clone(), source })?;
        }
        Ok(())
    }

    /// The labels that are known, then those that came with the records, by name.
    fn labels(&self) -> Vec<WrittenLabel> {
        let mut labels = self.plan.write.labels.to_vec();
        let met = self.parts.iter().flat_map(|part| part.labels.keys());
        for name in met.collect::<std::collections::BTreeSet<_>>() {
            if labels.iter().all(|label| label.name != *name) {
                let colour = NEW_LABEL_COLOURS.into_iter().cycle().nth(labels.len());
                labels.push(WrittenLabel::named(name.clone(), colour.unwrap_or(Colour(0))));
            }
        }
        labels
    }
}

fn folder_at(path: &Path, hashed: bool) -> Whereto {
    let landing = Landing::new(path);
    Whereto::Folder { landing: if hashed { landing.hashed() } else { landing }, path: path.to_path_buf() }
}

/// That an output cannot hold several files.
fn several(plan: &Plan) -> DeliveryError {
    FormatError::Container { format: plan.format.name, folder: true }.into()
}

/// The system's errors with the path that a person named.
fn named(place: &Whereto, error: FormatError) -> DeliveryError {
    match (place, error) {
        (Whereto::Folder { path, .. } | Whereto::File { path, .. }, FormatError::Io(source)) => {
            DeliveryError::Write { path: path.clone(), source }
        }
        (_, error) => error.into(),
    }
}

fn without_ending(name: &str, endings: &[&str]) -> String {
    let lower = name.to_ascii_lowercase();
    let longest =
        endings.iter().filter(|ending| lower.ends_with(&format!(".{ending}"))).map(|ending| ending.len()).max();
    let stem = longest.and_then(|length| name.get(..name.len().checked_sub(length + 1)?));
    stem.unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mention::Origin;
    use crate::domain::offset::Span;
    use crate::domain::record::{LayerRecord, MentionRecord};
    use crate::exchange::folder::Folder;
    use crate::exchange::plan::Split;
    use crate::formats::files::Files;
    use crate::formats::format::Format;

    fn article(name: &str, label: &str) -> ArticleRecord {
        let (span, label) = (Span::from_chars(0, 1), label.to_owned());
        let mention = MentionRecord { span, label, note: None, origin: Origin::Import };
        let layer = LayerRecord { mentions: vec![mention], ..LayerRecord::default() };
        ArticleRecord {
            name: Some(name.into()),
            text: format!("x{name}"),
            layers: vec![layer],
            ..ArticleRecord::default()
        }
    }

    /// The files that records become at a target, the record's place being its part; and that nothing is left when it is stopped.
    fn check(plan: &Plan, target: &str, names: &[&str], expected: &[&str]) -> Delivered {
        let folder = tempfile::tempdir().unwrap();
        let files = || Folder::walk(folder.path(), &mut Vec::new()).unwrap().names().to_vec();
        let begun = || {
            let mut delivery = Delivery::begin(Target::Path(&folder.path().join(target)), plan.clone()).unwrap();
            for (place, name) in names.iter().enumerate() {
                let part = place % plan.split.as_ref().map_or(1, |split| split.parts.len());
                delivery.write(article(name, "PER"), part, &mut |_| ()).unwrap();
            }
            delivery
        };
        drop(begun());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left of what was stopped");
        let delivered = begun().finish(&mut |_| ()).unwrap();
        assert_eq!(files(), expected, "{plan:?}");
        delivered
    }

    fn jsonl(files: Filing, split: Option<&str>) -> Plan {
        let split = split.map(|weights| Split::from_weights(weights, 0).unwrap());
        Plan { files, split, ..Plan::of(Format::JSONL) }
    }

    #[test]
    fn a_plan_says_which_files_there_are() {
        let (one, two) = (Filing::One, Filing::Shards(std::num::NonZeroU64::new(2).unwrap()));
        check(&jsonl(one, None), "out.jsonl", &["a", "b"], &["out.jsonl"]);
        check(&jsonl(one, None), "new/out", &[], &["new/out"]);
        check(&jsonl(two, None), "out", &["a", "b", "c"], &["out/out-00000.jsonl", "out/out-00001.jsonl"]);
        check(&jsonl(two, None), "out.jsonl", &["a"], &["out.jsonl/out-00000.jsonl"]);
        let by_article = jsonl(Filing::Articles, None);
        check(&by_article, "out", &["a", "../b", "A"], &["out/%2E.%2Fb.jsonl", "out/A~2.jsonl", "out/a.jsonl"]);
        check(&jsonl(one, Some("80/20")), "out", &["a"], &["out/test.jsonl", "out/train.jsonl"]);
        let expected = ["out/test-00000.jsonl", "out/train-00000.jsonl", "out/train-00001.jsonl"];
        check(&jsonl(two, Some("80/20")), "out", &["a", "b", "c", "d", "e"], &expected);
        check(&jsonl(Filing::Articles, Some("80/20")), "out", &["a", "b"], &["out/test/b.jsonl", "out/train/a.jsonl"]);
    }

    #[test]
    fn texts_are_a_file_when_there_is_one_and_else_a_folder() {
        let text = Plan::of(Format::TEXT);
        check(&text, "a.txt", &["a"], &["a.txt"]);
        check(&text, "a.txt", &["a", "b"], &["a.txt/a.txt", "a.txt/b.txt"]);
        check(&text, "out", &["a"], &["out/a.txt"]);
        let begin = |output| Delivery::begin(Target::Output(output), text.clone()).unwrap();
        let mut delivery = begin(Box::<Vec<u8>>::default());
        delivery.write(article("a", "PER"), 0, &mut |_| ()).unwrap();
        assert!(delivery.write(article("b", "PER"), 0, &mut |_| ()).is_err());
    }

    #[test]
    fn labels_are_renamed_and_bare_articles_left_out() {
        let plan = Plan { labels: "PER=NAME,LOC=".parse().unwrap(), bare: false, ..Plan::of(Format::JSONL) };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let mut delivery = Delivery::begin(Target::Path(&path), plan).unwrap();
        for label in ["PER", "LOC"] {
            delivery.write(article(label, label), 0, &mut |_| ()).unwrap();
        }
        let mut said = Vec::new();
        let delivered = delivery.finish(&mut |problem| said.push(problem.to_string())).unwrap();
        assert_eq!(delivered, Delivered { articles: 1, records: 1, mentions: 1, files: 1 });
        assert_eq!(said, ["the mentions of LOC (1) were skipped, as asked"]);
        assert!(std::fs::read_to_string(&path).unwrap().contains(r#""label":"NAME""#));
    }

    #[test]
    fn what_is_not_held_is_said_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut delivery = Delivery::begin(Target::Path(&folder.path().join("out")), Plan::of(Format::TEXT)).unwrap();
        let mut said = Vec::new();
        delivery.write(article("a", "PER"), 0, &mut |problem| said.push(problem.to_string())).unwrap();
        assert_eq!(said, ["a.txt: mentions (1) cannot be held in this format and were left out"]);
        assert_eq!(delivery.count().mentions, 0);
    }

    #[test]
    fn a_card_counts_what_was_written() {
        let plan = Plan { card: true, ..jsonl(Filing::One, Some("50/50")) };
        check(&plan, "out", &["a", "b"], &["out/README.md", "out/dataset.json", "out/test.jsonl", "out/train.jsonl"]);
        let folder = tempfile::tempdir().unwrap();
        let mut delivery = Delivery::begin(Target::Path(folder.path()), plan).unwrap();
        delivery.write(article("a", "A|B"), 1, &mut |_| ()).unwrap();
        delivery.finish(&mut |_| ()).unwrap();
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let card: serde_json::Value = serde_json::from_str(&read("dataset.json")).unwrap();
        assert_eq!(
            card["parts"][1],
            serde_json::json!({"name": "test", "articles": 1, "mentions": 1, "labels": {"A|B": 1}})
        );
        assert_eq!((&card["split"]["seed"], &card["offset_unit"]), (&0.into(), &"codepoint".into()));
        assert_eq!(card["files"][0]["bytes"], u64::try_from(read("test.jsonl").len()).unwrap());
        assert!(read("README.md").contains("| A\\|B | A\\|B | 1 | 0 | 1 |  |\n"), "{}", read("README.md"));
    }

    #[test]
    fn a_project_is_no_target() {
        let begun = Delivery::begin(Target::Path(Path::new("a.barchasb")), Plan::of(Format::JSONL));
        assert!(matches!(begun, Err(DeliveryError::OntoProject { .. })));
    }
}
