//! Taking records in.
//!
//! Owns what happens to a name, a text or a layer that is there already, and what is not taken as it stands. It must not
//! know any file format.

use crate::domain::article::{Article, ArticleId};
use crate::domain::decision::Decisions;
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::{AnnotatorId, Layer, Rules, Status, Version};
use crate::domain::mention::{Mention, MentionSet, Origin};
use crate::domain::offset::Span;
use crate::domain::record::{ArticleRecord, DecisionRecord, LayerRecord, MentionRecord, PredictionRecord};
use crate::domain::suggestion::Confidence;
use crate::store::articles::{self, Placed, refusal};
use crate::store::contract::{ImportCount, Result, StoreError, Taking};
use crate::store::database::{Database, Identities};
use crate::store::decision_records::{self, Names};
use crate::store::fault::{ImportProblem, Untaken};
use crate::store::reason::Damage;
use crate::store::{carried, edition, labels, layers, suggestions};
use std::collections::{HashMap, HashSet};

/// How much of the file is held in memory while records are taken in: the pages of the indexes, which every article touches anywhere in
/// them, would else go to the log and come back again and again.
pub(super) const CACHE_BYTES: u64 = 16 << 20;

/// Takes records in, all or none.
pub(super) fn import(
    db: Database<'_>,
    records: &mut dyn Iterator<Item = ArticleRecord>,
    taking: Taking<'_>,
    keep: &mut dyn FnMut() -> bool,
) -> Result<ImportCount> {
    if taking.by_default().trim().is_empty() {
        return Err(StoreError::NoName);
    }
    db.with_cache(CACHE_BYTES, || {
        db.writing(|| {
            let mut intake = Intake::begin(db, taking)?;
            for record in records {
                intake.take(record)?;
            }
            if keep() { intake.end() } else { Err(StoreError::Stopped) }
        })
    })
}

/// By source: the places of the articles of which this import has kept predictions.
type Said = HashMap<String, HashSet<i64>>;

/// An import inside its transaction.
pub(super) struct Intake<'a> {
    db: Database<'a>,
    taking: Taking<'a>,
    rules: Rules,
    pub(super) labels: LabelSet,
    /// The labels that names of this import mean.
    named: HashMap<String, LabelId>,
    identities: Identities,
    annotators: HashMap<String, AnnotatorId>,
    /// What each annotator's mentions add to the counts by label.
    label_counts: HashMap<AnnotatorId, HashMap<LabelId, i64>>,
    /// The place of the first article that this import put in.
    first_new: i64,
    next_position: i64,
    known: HashSet<i64>,
    said: Said,
    pub(super) count: ImportCount,
}

impl<'a> Intake<'a> {
    pub(super) fn begin(db: Database<'a>, taking: Taking<'a>) -> Result<Self> {
        // What is written early and once more at the end makes SQLite go through the whole log again: this is written once.
        db.mark_changed()?;
        let next_position = articles::count(db)? + 1;
        Ok(Self {
            db,
            taking,
            rules: articles::rules(db)?,
            labels: labels::labels(db)?,
            named: HashMap::new(),
            identities: Identities::new(),
            annotators: HashMap::new(),
            label_counts: HashMap::new(),
            first_new: next_position,
            next_position,
            known: HashSet::new(),
            said: Said::new(),
            count: ImportCount::default(),
        })
    }

    pub(super) fn end(self) -> Result<ImportCount> {
        for (annotator, counts) in &self.label_counts {
            labels::add_counts(self.db, *annotator, counts)?;
        }
        Ok(self.count)
    }

    fn problem(&mut self, article: Option<&str>, untaken: Untaken) {
        self.count.problems.push(ImportProblem { article: article.map(str::to_owned), untaken });
    }

    fn take(&mut self, mut record: ArticleRecord) -> Result<()> {
        let given = record.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
        if let Some(untaken) = refusal(&record) {
            self.problem(given.as_deref(), untaken);
            return Ok(());
        }
        let (layers, predictions) = (std::mem::take(&mut record.layers), std::mem::take(&mut record.predictions));
        let carried = std::mem::take(&mut record.carried);
        let article = self.article_from_record(given, record)?;
        let name = article.name().to_owned();
        let hash = article.hash().hex();
        let mut is_new = false;
        let placed = match self.name_for(&name, &hash)? {
            Name::Standing(position) => {
                if position < self.first_new && self.known.insert(position) {
                    self.count.known += 1;
                }
                let is_taken = |layer: &LayerRecord| match self.taking {
                    Taking::Layers { .. } => is_telling(layer),
                    // None where some stood is an answer as well.
                    Taking::Editions { .. } | Taking::Predictions { .. } => true,
                };
                if !layers.iter().any(is_taken) && predictions.is_empty() {
                    return carried::put(self.db, position, None, &carried);
                }
                let row = articles::row_at(self.db, position)?;
                let row = row.ok_or_else(|| self.db.damaged(Damage::NoArticle(position)))?;
                row.into_placed(self.db)?
            }
            Name::Free(free) => {
                if free != name {
                    self.problem(Some(&name), Untaken::Renamed { name: free.clone() });
                }
                is_new = true;
                self.put_article(article.renamed(free), &hash)?
            }
        };
        carried::put(self.db, placed.position, None, &carried)?;
        for (number, layer) in layers.iter().enumerate() {
            match self.taking {
                Taking::Predictions { .. } => {
                    let by = self.name_of(layer);
                    let mentions = self.mentions(&placed.article, &layer.mentions)?;
                    // A file says nothing of how sure it is.
                    let said = mentions.iter().map(|m| (m.span, m.label, Confidence::ONE)).collect();
                    self.count.mentions += self.take_predictions(&placed, by, said)?;
                }
                Taking::Layers { .. } if !is_telling(layer) => {}
                Taking::Layers { .. } | Taking::Editions { .. } => {
                    // In an article that was just put in, the first layer finds none.
                    self.take_layer(&placed, layer, is_new && number == 0)?;
                }
            }
        }
        for prediction in predictions {
            self.take_said(&placed, prediction)?;
        }
        Ok(())
    }

    /// The article of a record, named by its text where the record gives no name.
    pub(super) fn article_from_record(&mut self, given: Option<String>, record: ArticleRecord) -> Result<Article> {
        let id = ArticleId(self.identities.next());
        let article = Article::new(id, given.clone().unwrap_or_default(), &record.text, record.meta, record.direction)
            // It was checked before.
            .map_err(|error| self.db.damaged(Damage::BadText { article: given.clone().unwrap_or_default(), error }))?;
        Ok(match given {
            Some(_) => article,
            None => {
                let name = generated_name(&article.hash().hex());
                article.renamed(name)
            }
        })
    }

    /// The article of this name and text, or the first name of `NAME`, `NAME (2)`, … that is free.
    fn name_for(&self, wanted: &str, hash: &str) -> Result<Name> {
        const SQL: &str = "SELECT position, sha256 FROM article WHERE name = ?1";
        let mut name = wanted.to_owned();
        for number in 2u64.. {
            match self.db.row(SQL, [&name], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?)))? {
                None => break,
                Some((position, standing)) if standing == hash => return Ok(Name::Standing(position)),
                Some(_) => name = format!("{wanted} ({number})"),
            }
        }
        Ok(Name::Free(name))
    }

    pub(super) fn put_article(&mut self, article: Article, hash: &str) -> Result<Placed> {
        let placed = Placed { position: self.next_position, article };
        articles::put(self.db, &placed, hash)?;
        self.next_position += 1;
        self.count.articles += 1;
        Ok(placed)
    }

    /// Whose a layer is.
    fn name_of(&self, record: &LayerRecord) -> String {
        let name = record.annotator.as_deref().filter(|name| !name.trim().is_empty());
        name.unwrap_or(self.taking.by_default()).trim().to_owned()
    }

    /// Keeps what a model suggests.
    fn take_said(&mut self, placed: &Placed, prediction: PredictionRecord) -> Result<()> {
        let source = prediction.source.filter(|source| !source.trim().is_empty());
        let by = source.unwrap_or_else(|| self.taking.by_default().to_owned());
        let mentions: Vec<MentionRecord> = prediction
            .mentions
            .iter()
            .map(|m| MentionRecord { span: m.span, label: m.label.clone(), note: None, origin: Origin::Import })
            .collect();
        let sure: HashMap<(Span, &str), Confidence> =
            prediction.mentions.iter().map(|m| ((m.span, m.label.as_str()), m.confidence)).collect();
        let taken = self.mentions(&placed.article, &mentions)?;
        let name_of = |label| self.labels.get(label).map(|label| label.name.clone()).unwrap_or_default();
        let said = taken.iter().map(|m| {
            let confidence = sure.get(&(m.span, name_of(m.label).as_str())).copied().unwrap_or(Confidence::ONE);
            (m.span, m.label, confidence)
        });
        let said = said.collect();
        self.count.predictions += self.take_predictions(placed, by.trim().to_owned(), said)?;
        Ok(())
    }

    /// Keeps predictions of one source; how many are new.
    fn take_predictions(&mut self, placed: &Placed, by: String, new: Vec<suggestions::Said>) -> Result<u64> {
        let is_first = self.said.entry(by.clone()).or_default().insert(placed.position);
        suggestions::put_said(self.db, placed, &self.labels, by, new, is_first)
    }

    /// Keeps a layer; `is_first` when the article has none yet.
    pub(super) fn take_layer(&mut self, placed: &Placed, record: &LayerRecord, is_first: bool) -> Result<()> {
        let name = self.name_of(record);
        let annotator = self.annotator_id(&name)?;
        let standing = if is_first { Layer::default() } else { layers::load(self.db, placed, annotator)? };
        let is_new = standing.version == Version::default();
        let mentions = self.fitting_mentions(&placed.article, &record.mentions)?;
        let decisions = self.decisions(&placed.article, &record.decisions)?;
        if !is_new {
            // A record without decisions says nothing of them.
            let decisions = if record.decisions.is_empty() { &standing.decisions } else { &decisions };
            if edition::is_same(&standing, record.status, &mentions, decisions) {
                return Ok(());
            }
            if matches!(self.taking, Taking::Editions { .. }) {
                self.count.layers += 1;
                self.count.mentions +=
                    edition::put(self.db, placed, annotator, &standing, record.status, &mentions, decisions)?;
                return Ok(());
            }
            self.problem(Some(placed.article.name()), Untaken::OtherLayer { annotator: name });
            return Ok(());
        }
        let (version, status) = (Version::default().next(), record.status);
        let layer = Layer { version, status, mentions, decisions, ..Layer::default() };
        self.count.layers += 1;
        self.count.mentions += layer.mentions.len() as u64;
        self.count_labels(placed.position, annotator, &layer)?;
        carried::put(self.db, placed.position, Some(annotator), &record.carried)?;
        let annotator = annotator.0.to_string();
        layers::put(self.db, placed.position, &annotator, &layer, &placed.article)?;
        // The mentions stand in the layer; every later event holds what it took away, so the first state can be told.
        let event =
            format!(r#"[{{"op":"import","status":"{}","mentions":{}}}]"#, layer.status.name(), layer.mentions.len());
        layers::put_event(self.db, self.identities.next(), placed.position, &annotator, Version::default(), &event)
    }

    fn count_labels(&mut self, position: i64, annotator: AnnotatorId, layer: &Layer) -> Result<()> {
        let mut by_label: HashMap<LabelId, i64> = HashMap::new();
        for mention in layer.mentions.iter() {
            *by_label.entry(mention.label).or_default() += 1;
        }
        let counts = self.label_counts.entry(annotator).or_default();
        for (label, mentions) in by_label {
            *counts.entry(label).or_default() += mentions;
            labels::set_layer_count(self.db, annotator, position, label, mentions)?;
        }
        Ok(())
    }

    pub(super) fn annotator_id(&mut self, name: &str) -> Result<AnnotatorId> {
        if let Some(id) = self.annotators.get(name) {
            return Ok(*id);
        }
        let id = articles::annotator_or_new(self.db, name)?.id;
        self.annotators.insert(name.to_owned(), id);
        Ok(id)
    }

    /// The mentions that can stand beside each other; the others become problems.
    pub(super) fn fitting_mentions(&mut self, article: &Article, records: &[MentionRecord]) -> Result<MentionSet> {
        let mentions = self.mentions(article, records)?;
        Ok(if self.rules.overlaps { mentions } else { self.without_overlaps(article, &mentions) })
    }

    /// The mentions that can stand; the others become problems.
    fn mentions(&mut self, article: &Article, records: &[MentionRecord]) -> Result<MentionSet> {
        let mut mentions = Vec::with_capacity(records.len());
        for record in records {
            let (span, text_end) = (record.span, article.span().end);
            if span.is_empty() || span.end > text_end {
                let label = record.label.clone();
                self.problem(Some(article.name()), Untaken::OutOfText { label, span, text_end });
                continue;
            }
            if article.cuts_grapheme(span) {
                let label = record.label.clone();
                self.problem(Some(article.name()), Untaken::CutsLetter { label, span });
            }
            if record.label.trim().is_empty() {
                self.problem(Some(article.name()), Untaken::NoLabel { span });
                continue;
            }
            let label = self.label_named(&record.label)?;
            let note = record.note.as_deref().filter(|note| !note.is_empty()).map(Box::from);
            mentions.push(Mention { span: record.span, label, origin: record.origin, note });
        }
        Ok(MentionSet::from_mentions(mentions))
    }

    /// The label that a file means by a name, made when there is none.
    fn label_named(&mut self, name: &str) -> Result<LabelId> {
        if let Some(label) = self.named.get(name) {
            return Ok(*label);
        }
        let (label, made) = labels::by_file_name(self.db, &mut self.labels, name)?;
        if made {
            self.count.labels.push(name.trim().to_owned());
        }
        self.named.insert(name.to_owned(), label);
        Ok(label)
    }

    /// The decisions that can stand; the others become problems.
    pub(super) fn decisions(&mut self, article: &Article, records: &[DecisionRecord]) -> Result<Decisions> {
        for record in records.iter().filter(|record| !decision_records::fits(record, article)) {
            self.problem(Some(article.name()), Untaken::Decision { span: record.span });
        }
        let fitting = records.iter().filter(|record| decision_records::fits(record, article));
        decision_records::decisions_from_records(fitting, self)
    }

    /// The mentions that the rules allow beside each other, the first of two in their way staying.
    fn without_overlaps(&mut self, article: &Article, set: &MentionSet) -> MentionSet {
        let mut kept: Vec<Mention> = Vec::with_capacity(set.len());
        for mention in set.iter() {
            // They come by start, so only the last one kept can reach into this one.
            match kept.last().filter(|last| last.span.overlaps(mention.span)) {
                Some(last) => {
                    let (span, earlier) = (mention.span, last.span);
                    self.problem(Some(article.name()), Untaken::Overlap { span, earlier });
                }
                None => kept.push(mention.clone()),
            }
        }
        MentionSet::from_mentions(kept)
    }
}

impl Names for Intake<'_> {
    fn label(&mut self, name: &str) -> Result<LabelId> {
        self.label_named(name)
    }

    fn annotator(&mut self, name: &str) -> Result<AnnotatorId> {
        self.annotator_id(name)
    }
}

/// What a record's name comes to.
enum Name {
    Standing(i64),
    Free(String),
}

/// The name of an article whose file gives none: by its text, so that the same file gives the same name again.
pub(super) fn generated_name(hash: &str) -> String {
    format!("article-{}", hash.get(..12).unwrap_or(hash))
}

/// Whether a layer says more than that nothing was done.
pub(super) fn is_telling(layer: &LayerRecord) -> bool {
    !layer.mentions.is_empty() || layer.status != Status::New || !layer.decisions.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mention::Origin;
    use crate::domain::record::{Carried, PredictedMention};
    use crate::domain::suggestion::Reason;
    use crate::store::contract::Store;
    use crate::store::knowledge::Knowledge;
    use crate::store::sqlite::fixture::{empty_project, project_of};

    fn layer(annotator: Option<&str>, mentions: &[(usize, usize, &str)]) -> LayerRecord {
        let mentions = mentions.iter().map(|(start, end, label)| MentionRecord {
            span: Span::from_chars(*start, *end),
            label: (*label).to_owned(),
            note: None,
            origin: Origin::Import,
        });
        LayerRecord {
            annotator: annotator.map(str::to_owned),
            status: Status::Done,
            mentions: mentions.collect(),
            ..LayerRecord::default()
        }
    }

    fn record(name: Option<&str>, text: &str, layers: Vec<LayerRecord>) -> ArticleRecord {
        ArticleRecord { name: name.map(str::to_owned), text: text.to_owned(), layers, ..Default::default() }
    }

    /// Imports `records` into a project of one article, `a1` «علی به تهران رفت», and compares the counts of articles, known ones,
    /// layers, mentions, new labels and problems.
    fn check(overlaps: bool, records: Vec<ArticleRecord>, expected: [u64; 6]) -> ImportCount {
        let (_dir, mut store) = project_of(&["علی به تهران رفت"]);
        store.set_rules(Rules { overlaps, ..Rules::default() }).unwrap();
        let count = store.import(&mut records.into_iter(), "سارا").unwrap();
        let found = [
            count.articles,
            count.known,
            count.layers,
            count.mentions,
            count.labels.len() as u64,
            count.problems.len() as u64,
        ];
        assert_eq!(found, expected, "{:?}", count.problems);
        let mut faults = store.check(&mut |_, _| std::ops::ControlFlow::Continue(())).unwrap();
        faults.retain(|fault| fault.kind() != "grapheme");
        assert_eq!(faults, [], "whatever is taken in is sound");
        count
    }

    const TEXT: &str = "علی به تهران رفت";

    #[test]
    fn what_is_carried_and_what_models_say_comes_in_and_goes_out() {
        let (_dir, mut store) = empty_project();
        let carried = |format: &str, data: &str| vec![Carried { format: format.into(), data: data.into() }];
        let said = |confidence: f64| PredictionRecord {
            source: Some("مدل".into()),
            mentions: vec![PredictedMention {
                span: Span::from_chars(0, 3),
                label: "PER".into(),
                confidence: Confidence::new(confidence),
            }],
        };
        let with = LayerRecord { carried: carried("brat", "[]"), ..layer(Some("سارا"), &[(0, 3, "PER")]) };
        let record = ArticleRecord {
            name: Some("a".into()),
            text: "علی آمد".into(),
            layers: vec![with],
            predictions: vec![said(0.25)],
            carried: carried("conllu", "{}"),
            ..ArticleRecord::default()
        };
        // The same file twice changes nothing but what a model says now.
        for confidence in [0.25, 0.25, 0.75] {
            let again = ArticleRecord { predictions: vec![said(confidence)], ..record.clone() };
            let count = store.import([again].into_iter().by_ref(), "x").unwrap();
            assert_eq!((count.predictions, count.problems.len()), (1, 0));
        }
        let mut out = Vec::new();
        let mut sink = |record| {
            out.push(record);
            std::ops::ControlFlow::Continue(())
        };
        store.export(&crate::store::contract::Selection::default(), &mut sink).unwrap();
        assert_eq!(out, [ArticleRecord { predictions: Vec::new(), ..record }]);
        let id = store.article_by_name("a").unwrap().unwrap();
        let predictions = store.predictions(&store.article(id).unwrap()).unwrap();
        assert_eq!(predictions.iter().map(|s| s.confidence.percent()).collect::<Vec<_>>(), [75]);
        assert!(store.check(&mut |_, _| std::ops::ControlFlow::Continue(())).unwrap().is_empty());
    }

    #[test]
    fn an_import_that_is_stopped_leaves_nothing() {
        let (_dir, mut store) = empty_project();
        let labels = store.labels().unwrap().all().len();
        let record = ArticleRecord {
            text: "علی".into(),
            layers: vec![layer(Some("نو"), &[(0, 3, "تازه")])],
            ..ArticleRecord::default()
        };
        let taken = store.take_in(&mut [record].into_iter(), Taking::Layers { annotator: "x" }, &mut || false);
        assert!(matches!(taken, Err(StoreError::Stopped)));
        assert_eq!((store.project().unwrap().articles, store.labels().unwrap().all().len()), (0, labels));
        assert!(!store.annotators().unwrap().iter().any(|annotator| annotator.name == "نو"));
    }

    #[test]
    fn names_and_texts_meet_what_stands() {
        check(true, vec![record(Some("b"), "متن", vec![])], [1, 0, 0, 0, 0, 0]);
        check(true, vec![record(Some("a1"), TEXT, vec![]), record(Some("a1"), TEXT, vec![])], [0, 1, 0, 0, 0, 0]);
        let renamed = check(true, vec![record(Some("a1"), "متن دیگر", vec![])], [1, 0, 0, 0, 0, 1]);
        assert!(renamed.problems[0].to_string().contains("a1 (2)"));
        let thrice = (0..3).map(|_| record(Some("a1"), "متن دیگر", vec![])).collect();
        check(true, thrice, [1, 0, 0, 0, 0, 1]);
        check(true, vec![record(None, "متن", vec![]), record(None, "متن", vec![])], [1, 0, 0, 0, 0, 0]);
        check(true, vec![record(Some("b"), " \n", vec![])], [0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn layers_are_taken_once_and_never_overwritten() {
        let first = layer(Some("سارا"), &[(0, 3, "PER"), (7, 12, "loc")]);
        let two = vec![record(Some("a1"), TEXT, vec![first.clone(), layer(Some("رضا"), &[(0, 3, "PER")])])];
        check(true, two, [0, 1, 2, 3, 0, 0]);
        let again = vec![record(Some("a1"), TEXT, vec![first.clone()]), record(Some("a1"), TEXT, vec![first.clone()])];
        check(true, again, [0, 1, 1, 2, 0, 0]);
        let other = layer(None, &[(0, 3, "ORG")]);
        check(true, vec![record(Some("a1"), TEXT, vec![first, other])], [0, 1, 1, 2, 0, 1]);
    }

    #[test]
    fn what_cannot_stand_becomes_a_problem() {
        let layers = vec![layer(None, &[(0, 3, "PER"), (3, 3, "PER"), (0, 99, "PER"), (0, 3, " ")])];
        check(true, vec![record(Some("b"), "علی", layers)], [1, 0, 1, 1, 0, 3]);
        let marks = vec![layer(None, &[(0, 1, "PER")])];
        check(true, vec![record(Some("b"), "م\u{64f}حمد", marks)], [1, 0, 1, 1, 0, 1]);
        let nested = vec![layer(None, &[(0, 6, "ORG"), (0, 3, "PER"), (7, 12, "LOC")])];
        check(false, vec![record(Some("a1"), TEXT, nested.clone())], [0, 1, 1, 2, 0, 1]);
        check(true, vec![record(Some("a1"), TEXT, nested)], [0, 1, 1, 3, 0, 0]);
    }

    #[test]
    fn labels_are_found_made_or_put_back_into_use() {
        let named = vec![layer(None, &[(0, 3, "NEW"), (7, 12, "new"), (0, 6, "NAT")])];
        let count = check(true, vec![record(Some("a1"), TEXT, named)], [0, 1, 1, 3, 2, 0]);
        assert_eq!(count.labels, ["NEW", "NAT"]);
    }

    #[test]
    fn predictions_are_replaced_by_source_and_never_become_layers() {
        let (_dir, mut store) = project_of(&[TEXT]);
        let id = store.article_by_name("a1").unwrap().unwrap();
        let mut take = |layers: Vec<LayerRecord>, expected: [u64; 5]| {
            let records = vec![record(Some("a1"), TEXT, layers)];
            let count = store.import_predictions(&mut records.into_iter(), " model.jsonl ").unwrap();
            let (labels, problems) = (count.labels.len() as u64, count.problems.len() as u64);
            assert_eq!([count.known, count.layers, count.mentions, labels, problems], expected);
            let predictions = store.predictions(&store.article(id).unwrap()).unwrap();
            let said = predictions.into_iter().map(|p| match p.reason {
                Reason::Said { by } => (p.span.start.get(), by.into_string()),
                other => panic!("{other:?}"),
            });
            said.collect::<Vec<_>>()
        };
        let said = |start: usize, by: &str| (start, by.to_owned());
        let first =
            vec![layer(None, &[(7, 12, "LOC"), (0, 6, "NEW"), (0, 99, "PER")]), layer(Some("زهرا"), &[(0, 3, "PER")])];
        assert_eq!(take(first, [1, 0, 3, 1, 1]), [said(0, "model.jsonl"), said(0, "زهرا"), said(7, "model.jsonl")]);
        assert_eq!(
            take(vec![layer(None, &[(7, 12, "LOC")])], [1, 0, 1, 0, 0]),
            [said(0, "زهرا"), said(7, "model.jsonl")]
        );
        assert_eq!(take(vec![layer(Some("زهرا"), &[])], [1, 0, 0, 0, 0]), [said(7, "model.jsonl")]);
        assert_eq!(take(vec![], [1, 0, 0, 0, 0]), [said(7, "model.jsonl")]);
        let parts = vec![layer(None, &[(0, 3, "PER")]), layer(None, &[(0, 3, "PER"), (7, 12, "LOC")])];
        assert_eq!(take(parts, [1, 0, 2, 0, 0]), [said(0, "model.jsonl"), said(7, "model.jsonl")]);
        assert_eq!(take(vec![layer(None, &[(7, 12, "LOC")])], [1, 0, 1, 0, 0]), [said(7, "model.jsonl")]);
        assert_eq!(store.annotators().unwrap(), [], "who predicts is no annotator");
        assert_eq!(store.label_counts().unwrap(), []);
        let blank = store.import_predictions(&mut std::iter::empty(), " ");
        assert!(matches!(blank, Err(StoreError::NoName)));
        let other = vec![record(Some("b"), "علی", vec![layer(None, &[(0, 3, "PER")])])];
        assert_eq!(store.import_predictions(&mut other.into_iter(), "m").unwrap().articles, 1);
    }
}
