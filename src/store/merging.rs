//! Bringing the work of other projects and files in.
//!
//! Owns where an article of theirs belongs here, and that nothing of ours is overwritten. Which of two layers stands is told by
//! `merged`; how a layer is put in, by `importing`.
//!
//! Whatever the order in which projects come, the same stands in the end, as long as no article of theirs has the name of one here
//! and another text: such an article is refused as a whole, or moved to the text here, which is the first that had the name.

use crate::domain::article::{Article, TextHash};
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::{AnnotatorId, Layer, Status, Version};
use crate::domain::mention::{Mention, MentionSet};
use crate::domain::offset::Span;
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use crate::store::articles::{self, Placed, refusal};
use crate::store::contract::{Result, StoreError, Taking};
use crate::store::database::Database;
use crate::store::decision_records::records_from_decisions;
use crate::store::fault::{ImportProblem, Untaken};
use crate::store::importing::{CACHE_BYTES, Intake, generated_name, is_telling};
use crate::store::merged::{self, Rank, Taken, Verdict};
use crate::store::reason::Damage;
use crate::store::sqlite::SqliteStore;
use crate::store::theirs::Theirs;
use crate::store::{carried, edition, labels, layers};
use std::collections::{BTreeMap, HashMap};

/// Moves the mentions of an article of theirs to the text of ours that has its name; the layers stay in their order. `None` leaves it.
pub type Realign<'a> = &'a mut dyn FnMut(&Article, &ArticleRecord) -> Option<ArticleRecord>;

/// How the work of others is brought in.
pub struct MergePlan<'a> {
    /// The labels of each project and file, for those that are made here; none of a file.
    pub sources: &'a [LabelSet],
    /// Whether articles that are not here are left.
    pub known_only: bool,
    /// Whether an earlier layer of theirs takes the place of a later one that was taken before.
    pub take_earlier: bool,
    /// Whether nothing is written: only what would come of it is told.
    pub dry_run: bool,
    /// What becomes of an article whose text differs.
    pub realign: Realign<'a>,
}

/// What came of one project or file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergeCount {
    /// Articles that are here already.
    pub met: u64,
    /// Articles put in.
    pub new: u64,
    /// Articles whose name is here with another text, realigned or not.
    pub differing: u64,
    /// Articles that are not here and were left.
    pub left: u64,
    /// Layers put in.
    pub taken: u64,
    /// Layers that took the place of an earlier one of theirs.
    pub updated: u64,
    /// Layers that stand here just so.
    pub same: u64,
    /// Layers that are earlier than what was taken before.
    pub earlier: u64,
    /// Layers that differ from ours, which stayed.
    pub kept: u64,
    /// Mentions that are new here.
    pub mentions: u64,
    /// Labels made, or put back into use.
    pub labels: Vec<String>,
    /// What was not taken as it stood.
    pub problems: Vec<ImportProblem>,
}

/// A place that takes the work of others in.
pub trait Merging {
    /// Brings articles and layers in, all of them or none, in one transaction. After the last one `keep` is asked whether it shall stand.
    ///
    /// Articles meet by their text, of several with one text by the name, else at the first. One that is not here by text nor by name
    /// comes in. A layer that nobody has worked on here gives way to a later one of the same annotator. When nothing changes, nothing
    /// is written.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written, [`StoreError::Stopped`] when it is not to be kept, [`StoreError::NoName`] when a layer
    /// has no annotator; nothing of it stands then.
    fn merge(
        &mut self,
        plan: MergePlan<'_>,
        theirs: &mut dyn Iterator<Item = Theirs>,
        keep: &mut dyn FnMut() -> bool,
    ) -> Result<Vec<MergeCount>>;
}

impl Merging for SqliteStore {
    fn merge(
        &mut self,
        plan: MergePlan<'_>,
        theirs: &mut dyn Iterator<Item = Theirs>,
        keep: &mut dyn FnMut() -> bool,
    ) -> Result<Vec<MergeCount>> {
        let db = self.database();
        let dry_run = plan.dry_run;
        let mut counts = None;
        let done = db.with_cache(CACHE_BYTES, || {
            db.writing(|| {
                let mut merge = Merge::begin(db, plan)?;
                for one in theirs {
                    merge.take(one)?;
                }
                if !keep() {
                    return Err(StoreError::Stopped);
                }
                let (all, changed) = merge.end()?;
                counts = Some(all);
                // What changes nothing is not written: not even that something was.
                if changed && !dry_run { Ok(()) } else { Err(StoreError::Stopped) }
            })
        });
        match counts {
            Some(counts) if matches!(done, Ok(()) | Err(StoreError::Stopped)) => Ok(counts),
            _ => done.and(Err(StoreError::Stopped)),
        }
    }
}

/// Where an article of theirs belongs.
enum Meeting {
    /// This text is here.
    Here(Box<Placed>),
    /// Its name is here, with another text.
    OtherText(Box<Placed>),
    /// It is not here.
    Nowhere,
}

/// A layer of theirs with its place among others of its annotator.
type Ranked = (Rank, LayerRecord);

/// A merge inside its transaction.
struct Merge<'a, 'p> {
    db: Database<'a>,
    plan: MergePlan<'p>,
    intake: Intake<'a>,
    /// The first article of each text, by the first 128 bits of its hash.
    by_text: HashMap<u128, i64>,
    counts: Vec<MergeCount>,
    source: usize,
    changed: bool,
}

impl<'a, 'p> Merge<'a, 'p> {
    fn begin(db: Database<'a>, plan: MergePlan<'p>) -> Result<Self> {
        const SQL: &str = "SELECT position, sha256 FROM article ORDER BY position";
        // Every layer names its annotator: a blank one is refused.
        let intake = Intake::begin(db, Taking::Layers { annotator: "" })?;
        let mut by_text = HashMap::new();
        for (position, sha256) in db.rows(SQL, [], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?)))? {
            if let Some(key) = key_from_hex(&sha256) {
                by_text.entry(key).or_insert(position);
            }
        }
        let counts = vec![MergeCount::default(); plan.sources.len()];
        Ok(Self { db, plan, intake, by_text, counts, source: 0, changed: false })
    }

    /// What came of each, and whether anything changed.
    fn end(self) -> Result<(Vec<MergeCount>, bool)> {
        let changed = self.changed || self.counts.iter().any(|count| !count.labels.is_empty());
        if changed {
            self.intake.end()?;
        }
        Ok((self.counts, changed))
    }

    fn count(&mut self, add: impl FnOnce(&mut MergeCount)) {
        if let Some(count) = self.counts.get_mut(self.source) {
            add(count);
        }
    }

    fn problem(&mut self, article: Option<&str>, untaken: Untaken) {
        let problem = ImportProblem { article: article.map(str::to_owned), untaken };
        self.count(|count| count.problems.push(problem));
    }

    /// Takes over what the intake has counted and found.
    fn gather(&mut self) {
        let found = std::mem::take(&mut self.intake.count);
        self.count(|count| {
            count.new += found.articles;
            count.mentions += found.mentions;
            count.labels.extend(found.labels);
            count.problems.extend(found.problems);
        });
    }

    fn take(&mut self, theirs: Theirs) -> Result<()> {
        self.source = theirs.source;
        let mut record = theirs.record;
        record.name = record.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        if let Some(untaken) = refusal(&record) {
            self.problem(record.name.as_deref(), untaken);
            return Ok(());
        }
        let (placed, layers) = match self.meeting(&record)? {
            Meeting::Here(placed) => {
                self.count(|count| count.met += 1);
                (*placed, record.layers)
            }
            Meeting::OtherText(placed) => {
                self.count(|count| count.differing += 1);
                let Some(moved) = (self.plan.realign)(&placed.article, &record) else {
                    let mentions = record.layers.iter().map(|layer| layer.mentions.len() as u64).sum();
                    self.problem(Some(placed.article.name()), Untaken::OtherText { mentions });
                    return Ok(());
                };
                (*placed, moved.layers)
            }
            Meeting::Nowhere if self.plan.known_only => {
                self.count(|count| count.left += 1);
                return Ok(());
            }
            Meeting::Nowhere => {
                let layers = std::mem::take(&mut record.layers);
                (self.put_article(record)?, layers)
            }
        };
        let versions = theirs.versions.into_iter().chain(std::iter::repeat(Version::default()));
        self.take_layers(&placed, layers.into_iter().zip(versions))?;
        self.gather();
        Ok(())
    }

    fn meeting(&self, record: &ArticleRecord) -> Result<Meeting> {
        const BY_NAME: &str = "SELECT position FROM article WHERE name = ?1";
        let hash = TextHash::from_text(&record.text);
        let at = |position| -> Result<Placed> {
            let row = articles::row_at(self.db, position)?;
            row.ok_or_else(|| self.db.damaged(Damage::NoArticle(position)))?.into_placed(self.db)
        };
        let named = match &record.name {
            Some(name) => self.db.row(BY_NAME, [name], |r| r.get(0))?.map(at).transpose()?,
            None => None,
        };
        if let Some(placed) = named.clone().filter(|placed| placed.article.hash() == hash) {
            return Ok(Meeting::Here(Box::new(placed)));
        }
        let alike = key_from_hex(&hash.hex()).and_then(|key| self.by_text.get(&key)).map(|position| at(*position));
        if let Some(placed) = alike.transpose()?.filter(|placed| placed.article.hash() == hash) {
            return Ok(Meeting::Here(Box::new(placed)));
        }
        Ok(named.map_or(Meeting::Nowhere, |placed| Meeting::OtherText(Box::new(placed))))
    }

    fn put_article(&mut self, mut record: ArticleRecord) -> Result<Placed> {
        let carried = std::mem::take(&mut record.carried);
        let hash = TextHash::from_text(&record.text).hex();
        let name = record.name.clone().unwrap_or_else(|| generated_name(&hash));
        let article = self.intake.article_from_record(Some(name), record)?;
        let placed = self.intake.put_article(article, &hash)?;
        carried::put(self.db, placed.position, None, &carried)?;
        if let Some(key) = key_from_hex(&hash) {
            self.by_text.insert(key, placed.position);
        }
        self.changed = true;
        Ok(placed)
    }

    /// Takes the layers of one article, one of each annotator: of several the highest, whatever their order.
    fn take_layers(&mut self, placed: &Placed, all: impl Iterator<Item = (LayerRecord, Version)>) -> Result<()> {
        let mut by_annotator: BTreeMap<String, Vec<Ranked>> = BTreeMap::new();
        for (layer, version) in all {
            let name = layer.annotator.as_deref().unwrap_or_default().trim().to_owned();
            if name.is_empty() {
                return Err(StoreError::NoName);
            }
            // A file that says nothing of an article does not say that there is nothing.
            if version == Version::default() && !is_telling(&layer) {
                continue;
            }
            by_annotator.entry(name).or_default().push((Rank::of(&layer, version), layer));
        }
        for (annotator, mut layers) in by_annotator {
            layers.sort_by(|(a, _), (b, _)| b.cmp(a));
            layers.dedup_by(|(a, _), (b, _)| a.sha256 == b.sha256);
            let mut layers = layers.into_iter();
            let Some((rank, layer)) = layers.next() else { continue };
            self.take_layer(placed, &annotator, rank, layer)?;
            for (_, other) in layers {
                self.make_labels(&other)?;
                let annotator = annotator.clone();
                self.problem(Some(placed.article.name()), Untaken::Twice { annotator });
            }
        }
        Ok(())
    }

    fn take_layer(&mut self, placed: &Placed, annotator: &str, rank: Rank, mut layer: LayerRecord) -> Result<()> {
        layer.annotator = Some(annotator.to_owned());
        let id = self.intake.annotator_id(annotator)?;
        let standing = layers::load(self.db, placed, id)?;
        let taken = merged::at(self.db, placed.position, id)?;
        let verdict = match rank.verdict(&standing, taken.as_ref()) {
            Verdict::Earlier | Verdict::Apart(_) if self.plan.take_earlier => Verdict::Later,
            verdict => verdict,
        };
        let name = placed.article.name();
        match verdict {
            Verdict::Known => self.count(|count| count.same += 1),
            Verdict::New => {
                self.make_labels(&layer)?;
                self.intake.take_layer(placed, &layer, true)?;
                self.count(|count| count.taken += 1);
                self.remember(placed, id, Version::default().next(), rank)?;
            }
            Verdict::Later | Verdict::Apart(true) => {
                self.make_labels(&layer)?;
                let mentions = self.intake.fitting_mentions(&placed.article, &layer.mentions)?;
                let decisions = self.intake.decisions(&placed.article, &layer.decisions)?;
                if says(&self.intake.labels, standing.status, &standing.mentions)
                    == says(&self.intake.labels, layer.status, &mentions)
                    && standing.decisions == decisions
                {
                    self.count(|count| count.same += 1);
                    return self.remember_as(placed, id, standing.version, rank);
                }
                let more = edition::put(self.db, placed, id, &standing, layer.status, &mentions, &decisions)?;
                self.count(|count| (count.updated, count.mentions) = (count.updated + 1, count.mentions + more));
                if verdict == Verdict::Apart(true) {
                    let annotator = annotator.to_owned();
                    self.problem(Some(name), Untaken::WentApart { annotator, taken: true });
                }
                self.remember(placed, id, standing.version.next(), rank)?;
            }
            Verdict::Earlier | Verdict::Apart(false) | Verdict::Ours => {
                // What was not taken names its labels nevertheless where the other order would have made them.
                if verdict != Verdict::Ours {
                    self.make_labels(&layer)?;
                }
                if self.stands_so(&standing, &placed.article, &layer)? {
                    self.count(|count| count.same += 1);
                    return Ok(());
                }
                let annotator = annotator.to_owned();
                match verdict {
                    Verdict::Apart(_) => self.problem(Some(name), Untaken::WentApart { annotator, taken: false }),
                    Verdict::Earlier if rank.version != Version::default() => {
                        self.count(|count| count.earlier += 1);
                        return Ok(());
                    }
                    _ => self.problem(Some(name), Untaken::OtherLayer { annotator }),
                }
                self.count(|count| count.kept += 1);
            }
        }
        Ok(())
    }

    /// Remembers what a layer that was just written was there. It gets their version where that is higher, so that whoever takes it
    /// from here knows how late it is.
    fn remember(&mut self, placed: &Placed, annotator: AnnotatorId, version: Version, theirs: Rank) -> Result<()> {
        const SQL: &str = "UPDATE layer SET version = ?3 WHERE article = ?1 AND annotator = ?2";
        let ours = version.max(theirs.version);
        if ours != version {
            let number = i64::try_from(ours.0).unwrap_or(i64::MAX);
            self.db.run(SQL, (placed.position, annotator.0.to_string(), number))?;
        }
        self.remember_as(placed, annotator, ours, theirs)
    }

    fn remember_as(&mut self, placed: &Placed, annotator: AnnotatorId, ours: Version, theirs: Rank) -> Result<()> {
        self.changed = true;
        merged::put(self.db, placed.position, annotator, &Taken { ours, theirs })
    }

    /// Makes the labels that a layer names and that are not here by any name, as they are with the others.
    fn make_labels(&mut self, layer: &LayerRecord) -> Result<()> {
        let theirs = self.plan.sources.get(self.source);
        let decided =
            layer.decisions.iter().flat_map(|one| one.readings.iter().map(|r| &r.mentions).chain([&one.gold]));
        let decided = decided.flatten().map(|key| key.label.as_str());
        for name in layer.mentions.iter().map(|mention| mention.label.as_str()).chain(decided).map(str::trim) {
            if name.is_empty() || labels::of_name(&self.intake.labels, name).is_some() {
                continue;
            }
            let like = theirs.and_then(|set| labels::of_name(set, name));
            labels::make_like(self.db, &mut self.intake.labels, name, like)?;
            self.count(|count| count.labels.push(name.to_owned()));
        }
        Ok(())
    }

    /// Whether the layer that stands says what one of theirs says.
    fn stands_so(&self, standing: &Layer, article: &Article, layer: &LayerRecord) -> Result<bool> {
        let set = &self.intake.labels;
        let decided = records_from_decisions(self.db, &standing.decisions, set)?;
        if merged::canonical_decisions(&decided) != merged::canonical_decisions(&layer.decisions) {
            return Ok(false);
        }
        let fits = |span: Span| !span.is_empty() && span.end <= article.span().end;
        let mention = |m: &MentionRecord| {
            let note = m.note.as_deref().filter(|note| !note.is_empty()).map(Box::from);
            labels::of_name(set, m.label.trim()).map(|label| Mention { note, ..Mention::new(m.span, label.id) })
        };
        let mentions: Option<Vec<Mention>> = layer.mentions.iter().filter(|m| fits(m.span)).map(mention).collect();
        Ok(mentions.is_some_and(|mentions| {
            says(set, layer.status, &MentionSet::from_mentions(mentions))
                == says(set, standing.status, &standing.mentions)
        }))
    }
}

/// What a layer says, by the labels that show.
type Said = (Status, BTreeMap<(Span, LabelId), Option<Box<str>>>);

fn says(set: &LabelSet, status: Status, mentions: &MentionSet) -> Said {
    (status, mentions.iter().map(|m| ((m.span, set.shown(m.label)), m.note.clone())).collect())
}

/// The first 128 bits of a hash in hexadecimal.
fn key_from_hex(hex: &str) -> Option<u128> {
    u128::from_str_radix(hex.get(..32)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{Saved, Selection, Store};
    use crate::store::sqlite::fixture::{empty_project, record};
    use std::collections::BTreeSet;
    use std::ops::ControlFlow;
    use tempfile::TempDir;

    const TEXT: &str = "علی به تهران رفت";

    type Sketch<'a> = (&'a str, u64, Status, &'a [(usize, usize, &'a str)]);

    fn theirs(name: &str, text: &str, layers: &[Sketch<'_>]) -> Theirs {
        let sketches: Vec<_> = layers.iter().map(|(who, _, status, mentions)| (*who, *status, *mentions)).collect();
        let versions = layers.iter().map(|(_, version, ..)| Version(*version)).collect();
        Theirs { source: 0, record: record(name, text, &sketches), versions }
    }

    fn merge_with(store: &mut SqliteStore, all: &[Theirs], change: impl FnOnce(&mut MergePlan<'_>)) -> MergeCount {
        let sources = [LabelSet::default()];
        let (known_only, take_earlier, dry_run) = (false, false, false);
        let mut plan = MergePlan { sources: &sources, known_only, take_earlier, dry_run, realign: &mut |_, _| None };
        change(&mut plan);
        let count = store.merge(plan, &mut all.iter().cloned(), &mut || true).unwrap().remove(0);
        let mut faults = store.check(&mut |_, _| ControlFlow::Continue(())).unwrap();
        faults.retain(|fault| fault.kind() != "grapheme");
        assert_eq!(faults, [], "whatever is merged is sound");
        count
    }

    fn merge(store: &mut SqliteStore, all: &[Theirs]) -> MergeCount {
        merge_with(store, all, |_| {})
    }

    /// Merges into a project with the article `a`, in which سارا has worked, and compares: met, new, differing; taken, updated, same,
    /// earlier, kept; problems.
    fn check(all: &[Theirs], articles: [u64; 3], layers: [u64; 5], problems: usize) -> (TempDir, SqliteStore) {
        let (dir, mut store) = empty_project();
        let ours = record("a", TEXT, &[("سارا", Status::Done, &[(0, 3, "PER")])]);
        store.import(&mut std::iter::once(ours), "x").unwrap();
        let count = merge(&mut store, all);
        assert_eq!([count.met, count.new, count.differing], articles);
        assert_eq!([count.taken, count.updated, count.same, count.earlier, count.kept], layers);
        assert_eq!(count.problems.len(), problems, "{:?}", count.problems);
        // Once more: nothing changes, neither a layer nor the mark of the last change.
        let (before, revision) = (snapshot(&store), store.database().revision().unwrap());
        let again = merge(&mut store, all);
        assert_eq!((again.new, again.taken, again.labels.len()), (0, 0, 0));
        assert_eq!((snapshot(&store), store.database().revision().unwrap()), (before, revision));
        (dir, store)
    }

    /// Articles by text with their layers, and the names of the labels.
    type Snapshot = (BTreeMap<String, BTreeMap<String, Said<String>>>, BTreeSet<String>);
    type Said<L> = (Status, BTreeSet<(Span, L, Option<String>)>);

    fn snapshot(store: &SqliteStore) -> Snapshot {
        let mut articles: BTreeMap<String, BTreeMap<String, Said<String>>> = BTreeMap::new();
        let mut sink = |record: ArticleRecord| {
            let layers = record.layers.into_iter().map(|layer| {
                let mentions = layer.mentions.into_iter().map(|m| (m.span, m.label, m.note)).collect();
                (layer.annotator.unwrap(), (layer.status, mentions))
            });
            articles.entry(record.text).or_default().extend(layers);
            ControlFlow::Continue(())
        };
        store.export(&Selection::default(), &mut sink).unwrap();
        (articles, store.labels().unwrap().all().iter().map(|label| label.name.clone()).collect())
    }

    #[test]
    fn articles_meet_by_text_and_by_name() {
        let zahra: &[Sketch<'_>] = &[("زهرا", 4, Status::Done, &[(7, 12, "LOC")])];
        check(&[theirs("x", TEXT, zahra)], [1, 0, 0], [1, 0, 0, 0, 0], 0);
        check(&[theirs("b", "متن", &[])], [0, 1, 0], [0; 5], 0);
        check(&[theirs("a", "متن دیگر است", zahra)], [0, 0, 1], [0; 5], 1);
        let blank = theirs("c", " ", &[]);
        check(&[blank], [0; 3], [0; 5], 1);
        let (_dir, mut store) = empty_project();
        let count = merge_with(&mut store, &[theirs("x", TEXT, zahra)], |plan| plan.known_only = true);
        assert_eq!((count.left, count.new, store.annotators().unwrap().len()), (1, 0, 0));
        let count = merge_with(&mut store, &[theirs("x", TEXT, zahra)], |plan| plan.dry_run = true);
        assert_eq!((count.new, count.taken, store.project().unwrap().articles), (1, 1, 0), "told, and not done");
    }

    #[test]
    fn ours_stays_and_theirs_gives_way_to_a_later_one() {
        let one = |version, mentions| theirs("a", TEXT, &[("زهرا", version, Status::Done, mentions)]);
        let (short, long): (&[_], &[_]) = (&[(7, 12, "LOC")], &[(0, 3, "PER"), (7, 12, "LOC")]);
        let ours = theirs("a", TEXT, &[("سارا", 9, Status::Done, &[])]);
        check(&[ours], [1, 0, 0], [0, 0, 0, 0, 1], 1);
        let same = theirs("a", TEXT, &[("سارا", 9, Status::Done, &[(0, 3, "per")])]);
        check(&[same], [1, 0, 0], [0, 0, 1, 0, 0], 0);
        let (_dir, mut store) = check(&[one(4, short), one(6, long)], [2, 0, 0], [1, 1, 0, 0, 0], 0);
        let zahra = store.annotator("زهرا").unwrap().id;
        let a = store.article_by_name("a").unwrap().unwrap();
        let standing = store.layer(a, zahra).unwrap();
        assert_eq!(
            (standing.version, standing.mentions.len()),
            (Version(6), 2),
            "whoever takes it from here knows how late it is"
        );
        assert_eq!(merge(&mut store, &[one(5, short)]).earlier, 1);
        assert_eq!(merge_with(&mut store, &[one(5, short)], |plan| plan.take_earlier = true).updated, 1);
        // Worked on here, it is ours from then on.
        let base = store.layer(a, zahra).unwrap().version;
        let operations = vec![crate::domain::edit::Operation::SetStatus { from: Status::Done, to: Status::Flagged }];
        store.save(zahra, &[Saved::Layer { article: a, base, operations }]).unwrap();
        assert_eq!(merge(&mut store, &[one(99, long)]).kept, 1);
    }

    #[test]
    fn copies_that_went_apart_are_told_in_both_orders_and_the_same_one_stands() {
        let one = |mentions| theirs("a", TEXT, &[("زهرا", 4, Status::Done, mentions)]);
        let (x, y) = (one(&[(7, 12, "LOC")]), one(&[(0, 3, "PER")]));
        let (_dir, first) = check(&[x.clone(), y.clone()], [2, 0, 0], [1, 0, 0, 0, 1], 1);
        let (_other, second) = check(&[y, x], [2, 0, 0], [1, 1, 0, 0, 0], 1);
        assert_eq!(snapshot(&first), snapshot(&second));
        let both: &[Sketch<'_>] =
            &[("زهرا", 0, Status::Done, &[(7, 12, "LOC")]), (" زهرا ", 0, Status::Done, &[(0, 3, "PER")])];
        let (_dir, store) = check(&[theirs("a", TEXT, both)], [1, 0, 0], [1, 0, 0, 0, 0], 1);
        assert_eq!(store.annotators().unwrap().len(), 2);
    }

    #[test]
    fn labels_are_made_as_they_are_there() {
        let (_dir, mut store) = empty_project();
        let like = LabelSet::new(crate::store::labels::default_labels());
        let mut label = like.by_name("PER").unwrap().clone();
        (label.name, label.title, label.keys) = ("NEW".into(), "تازه".into(), "1z".into());
        let sources = [LabelSet::new(vec![label.clone()])];
        let plan = MergePlan {
            sources: &sources,
            known_only: false,
            take_earlier: false,
            dry_run: false,
            realign: &mut |_, _| None,
        };
        let one = theirs("a", TEXT, &[("زهرا", 1, Status::Done, &[(0, 3, "NEW"), (7, 12, "loc"), (13, 16, "NAT")])]);
        let count = store.merge(plan, &mut std::iter::once(one), &mut || true).unwrap().remove(0);
        assert_eq!(count.labels, ["NEW", "NAT"], "one made, one put back into use");
        let made = store.labels().unwrap().by_name("NEW").unwrap().clone();
        assert_eq!((made.title.as_str(), made.keys.as_str(), made.colour), ("تازه", "z", label.colour));
    }

    #[test]
    fn what_is_not_to_be_kept_leaves_nothing() {
        let (_dir, mut store) = empty_project();
        let sources = [LabelSet::default()];
        let mut all = [theirs("a", TEXT, &[("زهرا", 1, Status::Done, &[(0, 3, "NEW")])])].into_iter();
        let (known_only, take_earlier, dry_run) = (false, false, false);
        let plan = MergePlan { sources: &sources, known_only, take_earlier, dry_run, realign: &mut |_, _| None };
        assert!(matches!(store.merge(plan, &mut all, &mut || false), Err(StoreError::Stopped)));
        assert_eq!((store.project().unwrap().articles, store.annotators().unwrap().len()), (0, 0));
        assert!(store.labels().unwrap().by_name("NEW").is_none());
    }
}
