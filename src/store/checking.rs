//! Looking for faults in a whole project.
//!
//! Owns the list of what can be wrong. It must not repair anything; what cannot be read is a fault like any other.

use crate::domain::article::Article;
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::{AnnotatorId, Rules, Status};
use crate::domain::mention::{Mention, MentionSet};
use crate::store::articles::{self, ArticleRowText};
use crate::store::contract::{Progress, Result, StoreError};
use crate::store::database::{Database, count_from_sql, sql_count};
use crate::store::decisions::{annotators_of, decisions_from_json};
use crate::store::fault::{Fault, Flaw};
use crate::store::labels;
use crate::store::learning::outcomes_from_json;
use crate::store::name_lists::names_from_json;
use crate::store::reason::Damage;
use crate::store::spans::rows_from_json;
use crate::store::suggestions::suggestions_from_json;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Looks at the file's structure, then at every article and layer; stopped early, it gives what it found so far.
pub(super) fn check(db: Database<'_>, progress: Progress<'_>) -> Result<Vec<Fault>> {
    let mut checking = Checking {
        db,
        faults: Vec::new(),
        counts: HashMap::new(),
        kept: HashMap::new(),
        kept_until: 0,
        rules: Rules::default(),
        known: HashSet::new(),
    };
    let outcome = db.reading(|| checking.run(progress));
    checking.readable(outcome)?;
    Ok(checking.faults)
}

struct Checking<'a> {
    db: Database<'a>,
    faults: Vec<Fault>,
    /// Mentions by annotator and label, as the layers have them.
    counts: HashMap<(String, LabelId), i64>,
    /// What is kept of the counts by label of the articles before this place that were not looked at yet.
    kept: HashMap<i64, ByAnnotator>,
    kept_until: i64,
    rules: Rules,
    /// The annotators whom the project has.
    known: HashSet<AnnotatorId>,
}

impl Checking<'_> {
    fn run(&mut self, progress: Progress<'_>) -> Result<()> {
        let outcome = self.check_file();
        self.readable(outcome)?;
        self.rules = articles::rules(self.db)?;
        let set = labels::labels(self.db)?;
        self.known = articles::annotators(self.db)?.into_iter().map(|annotator| annotator.id).collect();
        let total = articles::count(self.db)?;
        for position in 1..=total {
            if progress(count_from_sql(position - 1), count_from_sql(total)).is_break() {
                return Ok(());
            }
            let outcome = self.check_article(position, &set);
            self.readable(outcome)?;
        }
        let _finished = progress(count_from_sql(total), count_from_sql(total));
        self.check_counts(&set)?;
        self.check_learned()
    }

    fn fault(&mut self, article: Option<&str>, flaw: Flaw) {
        self.faults.push(Fault { article: article.map(str::to_owned), annotator: None, flaw });
    }

    /// Makes damage a fault and lets other errors through.
    fn readable(&mut self, outcome: Result<()>) -> Result<()> {
        match outcome {
            Err(StoreError::Damaged { reason, .. }) => {
                self.fault(None, Flaw::File(reason));
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// What SQLite itself finds: pages, indexes, references.
    fn check_file(&mut self) -> Result<()> {
        for message in self.db.rows("PRAGMA integrity_check", [], |r| r.get::<_, String>(0))? {
            if message != "ok" {
                self.fault(None, Flaw::Database(message));
            }
        }
        let loose = self
            .db
            .rows("PRAGMA foreign_key_check", [], |r| Ok(Flaw::LooseReference { table: r.get(0)?, to: r.get(2)? }))?;
        // Blank is the article's own, so the table cannot hold this reference itself.
        const CARRIED: &str =
            "SELECT 1 FROM carried WHERE annotator <> '' AND annotator NOT IN (SELECT id FROM annotator) LIMIT 1";
        let carried = self.db.rows(CARRIED, [], |_| {
            Ok(Flaw::LooseReference { table: "carried".to_owned(), to: "annotator".to_owned() })
        })?;
        loose.into_iter().chain(carried).for_each(|flaw| self.fault(None, flaw));
        Ok(())
    }

    fn check_article(&mut self, position: i64, set: &LabelSet) -> Result<()> {
        let Some(row) = articles::row_at(self.db, position)? else {
            self.fault(None, Flaw::File(Damage::NoArticle(position)));
            return Ok(());
        };
        let (name, chars) = (row.name.clone(), row.chars);
        let article = match self.article(row) {
            Ok(article) => article,
            Err(StoreError::Damaged { reason, .. }) => {
                self.fault(Some(&name), Flaw::Text(reason));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let found = article.span().len_chars();
        if sql_count(found) != chars {
            self.fault(Some(&name), Flaw::TextLength { found: found as u64, counted: chars });
        }
        const SQL: &str = "SELECT n.id, n.name, l.status, l.mentions, l.spans, l.decisions FROM layer l \
             JOIN annotator n ON n.id = l.annotator WHERE l.article = ?1";
        let layers = self.db.rows(SQL, [position], |r| {
            let (id, annotator, status) = (r.get(0)?, r.get(1)?, r.get(2)?);
            Ok(StoredLayer { id, annotator, status, mentions: r.get(3)?, spans: r.get(4)?, decisions: r.get(5)? })
        })?;
        let mut kept = self.kept_label_counts(position)?;
        for layer in layers {
            let kept = kept.remove(&layer.id).unwrap_or_default();
            // Where a mention is damaged, that is what is wrong.
            if let Some(found) = self.check_layer(&article, &layer, set) {
                self.check_layer_counts(&article, Some(&layer.annotator), &kept, &found, set);
            }
            self.check_decisions(&article, &layer, set);
        }
        for counts in kept.into_values() {
            self.check_layer_counts(&article, None, &counts, &LabelCounts::new(), set);
        }
        self.check_suggestions(position, &article)
    }

    /// What is kept of how many mentions of each label the article's layers have, by annotator. It is read for many articles at once,
    /// for it stands in another order than they do.
    fn kept_label_counts(&mut self, position: i64) -> Result<ByAnnotator> {
        const ARTICLES: i64 = 1_000;
        const SQL: &str = "SELECT c.article, c.annotator, c.label, c.mentions \
             FROM annotator n CROSS JOIN label l CROSS JOIN layer_label c \
             WHERE c.annotator = n.id AND c.label = l.id AND c.article BETWEEN ?1 AND ?2";
        if position >= self.kept_until {
            self.kept_until = position.saturating_add(ARTICLES);
            let rows = self.db.rows(SQL, (position, self.kept_until - 1), |r| {
                Ok((r.get(0)?, r.get(1)?, r.get::<_, String>(2)?, r.get(3)?))
            })?;
            self.kept.clear();
            for (article, annotator, label, mentions) in rows {
                let label = LabelId(self.db.uuid(&label)?);
                self.kept.entry(article).or_default().entry(annotator).or_default().insert(label, mentions);
            }
        }
        Ok(self.kept.remove(&position).unwrap_or_default())
    }

    fn check_layer_counts(
        &mut self,
        article: &Article,
        annotator: Option<&str>,
        kept: &LabelCounts,
        found: &LabelCounts,
        set: &LabelSet,
    ) {
        for label in set.all().iter().filter(|label| kept.get(&label.id) != found.get(&label.id)) {
            self.faults.push(Fault {
                article: Some(article.name().to_owned()),
                annotator: annotator.map(str::to_owned),
                flaw: Flaw::LayerLabelCount { label: label.name.clone() },
            });
        }
    }

    /// A damaged row of suggestions is a fault of its own: the labelling is not concerned.
    fn check_suggestions(&mut self, position: i64, article: &Article) -> Result<()> {
        let rows = self.db.rows("SELECT spans FROM suggestion WHERE article = ?1 ORDER BY kind", [position], |r| {
            Ok(suggestions_from_json(r.get_ref(0)?.as_str()?, article).err())
        })?;
        for flaw in rows.into_iter().flatten() {
            self.fault(None, Flaw::File(Damage::Suggestions { article: article.name().to_owned(), flaw }));
        }
        Ok(())
    }

    /// What became of suggestions, and the lists of names.
    fn check_learned(&mut self) -> Result<()> {
        let outcomes = self.db.rows("SELECT article, fates FROM outcome ORDER BY article", [], |r| {
            let place = r.get(0)?;
            Ok(outcomes_from_json(r.get_ref(1)?.as_str()?).err().map(|words| Damage::Outcomes { place, words }))
        })?;
        let lists = self.db.rows("SELECT title, names FROM gazetteer ORDER BY title", [], |r| {
            let title = r.get(0)?;
            Ok(names_from_json(r.get_ref(1)?.as_str()?).err().map(|words| Damage::NameList { title, words }))
        })?;
        outcomes.into_iter().chain(lists).flatten().for_each(|damage| self.fault(None, Flaw::File(damage)));
        Ok(())
    }

    fn article(&self, row: ArticleRowText) -> Result<Article> {
        Ok(row.into_placed(self.db)?.article)
    }

    /// Checks a layer and gives how many mentions of each label it has, when all can be read.
    fn check_layer(&mut self, article: &Article, layer: &StoredLayer, set: &LabelSet) -> Option<LabelCounts> {
        let mut found = LabelCounts::new();
        let (name, annotator) = (article.name(), layer.annotator.as_str());
        let mut fault = |flaw| {
            let (article, annotator) = (Some(name.to_owned()), Some(annotator.to_owned()));
            self.faults.push(Fault { article, annotator, flaw });
        };
        if Status::from_name(&layer.status).is_none() {
            fault(Flaw::Status(layer.status.clone()));
        }
        let rows = match rows_from_json(&layer.spans) {
            Ok(rows) => rows,
            Err(flaw) => {
                fault(Flaw::Mention(flaw));
                return None;
            }
        };
        let count = rows.len();
        let mut mentions = Vec::with_capacity(count);
        for row in rows {
            match row.into_mention(article) {
                Ok(mention) => mentions.push(mention),
                Err(flaw) => fault(Flaw::Mention(flaw)),
            }
        }
        if sql_count(count) != layer.mentions {
            fault(Flaw::MentionCount { found: count as u64, counted: layer.mentions });
        }
        for mention in &mentions {
            *self.counts.entry((layer.id.clone(), mention.label)).or_default() += 1;
            *found.entry(mention.label).or_default() += 1;
            mention_flaws(article, mention, set).into_iter().for_each(&mut fault);
        }
        let whole = mentions.len();
        let mentions = MentionSet::from_mentions(mentions);
        if mentions.len() != whole {
            fault(Flaw::Double);
        }
        if !self.rules.overlaps {
            overlaps(&mentions).into_iter().for_each(fault);
        }
        (whole == count).then_some(found)
    }

    /// Checks that a layer's decisions can be read and name what there is, each unknown name of a decision once.
    fn check_decisions(&mut self, article: &Article, layer: &StoredLayer, set: &LabelSet) {
        let mut flaws = Vec::new();
        match decisions_from_json(&layer.decisions, article.span().end) {
            Err(flaw) => flaws.push(Flaw::Decision(flaw)),
            Ok(decisions) => {
                for decision in decisions.iter() {
                    let span = decision.span;
                    let labels: BTreeSet<LabelId> = decision.labels().filter(|id| set.get(*id).is_none()).collect();
                    flaws.extend(labels.into_iter().map(|label| Flaw::DecisionLabel { span, label }));
                    let named: BTreeSet<AnnotatorId> = annotators_of(decision).into_iter().collect();
                    let unknown = named.into_iter().filter(|annotator| !self.known.contains(annotator));
                    flaws.extend(unknown.map(|annotator| Flaw::DecisionAnnotator { span, annotator }));
                }
            }
        }
        let (article, annotator) = (Some(article.name().to_owned()), Some(layer.annotator.clone()));
        self.faults.extend(flaws.into_iter().map(|flaw| Fault {
            article: article.clone(),
            annotator: annotator.clone(),
            flaw,
        }));
    }

    /// Compares the counts by label that are kept with what the layers hold.
    fn check_counts(&mut self, set: &LabelSet) -> Result<()> {
        let rows = self.db.rows("SELECT annotator, label, mentions FROM label_count", [], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, i64>(2)?))
        })?;
        let mut counts = std::mem::take(&mut self.counts);
        for (annotator, label, kept) in rows {
            let label = LabelId(self.db.uuid(&label)?);
            *counts.entry((annotator, label)).or_default() -= kept;
        }
        for ((_, label), _) in counts.iter().filter(|((_, label), more)| **more != 0 && set.get(*label).is_some()) {
            let label = set.get(*label).map(|label| label.name.clone()).unwrap_or_default();
            self.fault(None, Flaw::LabelCount { label });
        }
        Ok(())
    }
}

/// How many mentions of each label.
type LabelCounts = HashMap<LabelId, i64>;

/// The same by the annotator's id.
type ByAnnotator = HashMap<String, LabelCounts>;

struct StoredLayer {
    id: String,
    annotator: String,
    status: String,
    mentions: i64,
    spans: String,
    decisions: String,
}

fn mention_flaws(article: &Article, mention: &Mention, set: &LabelSet) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if article.cuts_grapheme(mention.span) {
        flaws.push(Flaw::CutsLetter { span: mention.span });
    }
    if set.get(mention.label).is_none() {
        flaws.push(Flaw::UnknownLabel { span: mention.span, label: mention.label });
    }
    flaws
}

/// Every mention that overlaps an earlier one.
fn overlaps(mentions: &MentionSet) -> Vec<Flaw> {
    let mut furthest: Option<&Mention> = None;
    let mut found = Vec::new();
    for mention in mentions.iter() {
        match furthest {
            Some(earlier) if earlier.span.overlaps(mention.span) => {
                found.push(Flaw::Overlap { span: mention.span, earlier: earlier.span });
            }
            _ => {}
        }
        if furthest.is_none_or(|earlier| mention.span.end > earlier.span.end) {
            furthest = Some(mention);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::Store;
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::{LayerSketch, empty_project, record};
    use std::ops::ControlFlow;

    /// Spoils a sound project by `sql`, as a bad disk or a bad program would, and compares the kinds of fault.
    fn check(sql: &str, expected: &[&str]) {
        let (_dir, mut store) = empty_project();
        let layers: &[LayerSketch<'_>] = &[("سارا", Status::Done, &[(0, 6, "ORG"), (0, 3, "PER"), (7, 12, "LOC")])];
        store.import(&mut [record("a", "علی به تهران رفت", layers), record("b", "متن", &[])].into_iter(), "x").unwrap();
        store.connection().execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        store.connection().execute_batch(sql).unwrap();
        let path = store.project().unwrap().path;
        let store = SqliteStore::open_read_only(&path).unwrap();
        let mut steps = Vec::new();
        let faults = store
            .check(&mut |done, total| {
                steps.push((done, total));
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(faults.iter().map(|f| f.kind()).collect::<Vec<_>>(), expected, "{sql}: {faults:?}");
        assert_eq!(steps, [(0, 2), (1, 2), (2, 2)]);
        assert_eq!(
            store.check(&mut |_, _| ControlFlow::Break(())).unwrap().len(),
            faults.iter().filter(|f| matches!(f.flaw, Flaw::LooseReference { .. })).count()
        );
    }

    #[test]
    fn an_end_before_a_zwnj_cuts_nothing() {
        let check = |text: &str, (start, end): (usize, usize), expected: &[&str]| {
            let (_dir, mut store) = empty_project();
            let spans = [(start, end, "ORG")];
            let layers: &[LayerSketch<'_>] = &[("سارا", Status::Done, &spans)];
            let count = store.import(&mut [record("a", text, layers)].into_iter(), "x").unwrap();
            let faults = store.check(&mut |_, _| ControlFlow::Continue(())).unwrap();
            assert_eq!(faults.iter().map(|f| f.kind()).collect::<Vec<_>>(), expected, "{text:?} {faults:?}");
            assert_eq!(count.problems.len(), expected.len(), "{text:?} {:?}", count.problems);
        };
        check("مجلس\u{200C} ملی", (0, 4), &[]);
        check("کتاب\u{200C}ها", (0, 4), &[]);
        check("گُل", (0, 1), &["grapheme"]);
        check("گُل", (1, 3), &["grapheme"]);
    }

    #[test]
    fn damaged_suggestions_are_faults_and_spoil_no_labelling() {
        use crate::store::knowledge::{Knowledge, NameList};
        let (_dir, mut store) = empty_project();
        let layers: &[LayerSketch<'_>] = &[("سارا", Status::Done, &[(0, 3, "PER")])];
        store.import(&mut [record("a", "علی به تهران رفت", layers)].into_iter(), "x").unwrap();
        let (id, sara) = (store.article_by_name("a").unwrap().unwrap(), store.annotators().unwrap()[0].id);
        store.import_predictions(&mut [record("a", "علی به تهران رفت", layers)].into_iter(), "x").unwrap();
        store.set_outcomes(id, sara, &[]).unwrap();
        store.put_name_list(&NameList { id: uuid::Uuid::nil(), title: "شهرها".into(), names: Vec::new() }).unwrap();
        let faults = |store: &SqliteStore| store.check(&mut |_, _| ControlFlow::Continue(())).unwrap();
        assert_eq!(faults(&store), []);
        let spoil =
            "UPDATE suggestion SET spans = 'x'; UPDATE outcome SET fates = 'x'; UPDATE gazetteer SET names = 'x'";
        store.connection().execute_batch(spoil).unwrap();
        let told: Vec<String> = faults(&store).iter().map(ToString::to_string).collect();
        let expected = ["a, suggestions", "what became of the suggestions at place 1", "the list of names «شهرها»"];
        assert_eq!(told.len(), expected.len(), "{told:?}");
        assert!(told.iter().zip(expected).all(|(told, expected)| told.starts_with(expected)), "{told:?}");
        assert_eq!(store.layer(id, sara).unwrap().mentions.len(), 1);
        assert!(store.suggestions(&store.article(id).unwrap()).is_err());
    }

    #[test]
    fn decisions_that_cannot_stand_are_faults_of_their_own() {
        let ids = |annotator: &str, label: &str, end: u32, ruling: &str| {
            format!(
                "UPDATE layer SET decisions = '[{{\"s\":0,\"e\":3,\"r\":[{{\"a\":\"' || {annotator} || '\",\"m\":[{{\"s\":0,\"e\":{end},\"l\":\"' || {label} || '\"}}]}}],\"v\":\"{ruling}\"}}]'"
            )
        };
        let (sara, per) = ("(SELECT id FROM annotator)", "(SELECT id FROM label WHERE name = 'PER')");
        let nobody = "'00000000-0000-7000-8000-000000000009'";
        check(&ids(sara, per, 3, "nothing"), &[]);
        check(&ids(nobody, per, 3, "nothing"), &["decision"]);
        check(&ids(sara, nobody, 3, "nothing"), &["decision"]);
        check(&ids(nobody, nobody, 3, "edited"), &["decision", "decision"]);
        check(&ids(sara, per, 99, "nothing"), &["decision"]);
        check(&ids(sara, per, 0, "nothing"), &["decision"]);
        check(&ids(sara, per, 3, "tossed"), &["decision"]);
        check(&ids(sara, per, 3, "taken:00000000-0000-7000-8000-000000000009"), &["decision"]);
        check("UPDATE layer SET decisions = 'x'", &["decision"]);
    }

    #[test]
    fn each_kind_of_fault_is_found() {
        check("", &[]);
        check("UPDATE article SET text = 'علی به شیراز رفت' WHERE name = 'a'", &["hash", "label", "label", "label"]);
        check("UPDATE article SET chars = 5 WHERE name = 'b'", &["file"]);
        check("UPDATE layer SET spans = replace(spans, 'تهران', 'شیراز')", &["surface", "label"]);
        check("UPDATE layer SET spans = replace(spans, '\"e\":12', '\"e\":99')", &["span", "label"]);
        check("UPDATE layer SET spans = 'x'", &["span", "label", "label", "label"]);
        check("UPDATE layer SET mentions = 9", &["file"]);
        check("UPDATE layer SET status = 'x'", &["file"]);
        check("UPDATE setting SET value = 'forbidden' WHERE key = 'rules.overlaps'", &["overlap"]);
        check("UPDATE label_count SET mentions = 7 WHERE rowid = 1", &["label"]);
        check("DELETE FROM label WHERE name = 'LOC'", &["file", "file", "label"]);
        check("UPDATE layer SET article = 77", &["file", "label", "label", "label", "label", "label", "label"]);
        check("UPDATE layer_label SET mentions = 7 WHERE article = 1", &["label", "label", "label"]);
        check("DELETE FROM layer_label WHERE label = (SELECT id FROM label WHERE name = 'PER')", &["label"]);
        check("UPDATE layer_label SET article = 2", &["label", "label", "label", "label", "label", "label"]);
    }
}
