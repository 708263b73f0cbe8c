//! Merging in any order gives the same project, and merging twice changes nothing: for random small projects.

use barchasb::domain::label::LabelSet;
use barchasb::domain::layer::{Rules, Status, Version};
use barchasb::domain::mention::Origin;
use barchasb::domain::offset::Span;
use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use barchasb::store::contract::{Selection, Store as _};
use barchasb::store::merging::{MergePlan, Merging as _};
use barchasb::store::sqlite::{SqliteStore, default_labels};
use barchasb::store::theirs::Theirs;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

/// A mention by start, end and label.
type Sketch = (usize, usize, &'static str);

/// A layer by its annotator's number, its version, the number of what it says, and whether it is done.
type LayerSketch = (usize, u64, usize, bool);

/// What layers say.
const CONTENTS: [&[Sketch]; 5] = [
    &[],
    &[(0, 3, "PER")],
    &[(0, 3, "NEW"), (4, 6, "LOC")],
    &[(0, 3, "per"), (0, 6, "ORG")],
    &[(4, 6, "تازه"), (4, 6, "NAT")],
];

/// A small project: texts by number under one of two names each, with layers of three annotators that have a version (0 in a file) and
/// one of some contents; also two layers of one annotator, and one text twice.
fn small_project() -> impl Strategy<Value = Vec<Theirs>> {
    let layer = (0usize..3, 0u64..4, 0..CONTENTS.len(), any::<bool>());
    let article = (0usize..3, any::<bool>(), proptest::collection::vec(layer, 0..4));
    let build = |(text, renamed, layers): (usize, bool, Vec<LayerSketch>)| Theirs {
        source: 0,
        versions: layers.iter().map(|(_, version, ..)| Version(*version)).collect(),
        record: ArticleRecord {
            name: Some(format!("{}{text}", if renamed { "m" } else { "n" })),
            text: format!("علی به {text}"),
            layers: layers
                .iter()
                .map(|(who, _, content, done)| layer_of(["سارا", "زهرا", "gold"][*who], CONTENTS[*content], *done))
                .collect(),
            ..ArticleRecord::default()
        },
    };
    proptest::collection::vec(article.prop_map(build), 0..4)
}

fn layer_of(annotator: &str, mentions: &[Sketch], done: bool) -> LayerRecord {
    let mention = |(start, end, label): &Sketch| MentionRecord {
        span: Span::from_chars(*start, *end),
        label: (*label).to_owned(),
        note: None,
        origin: Origin::Hand,
    };
    LayerRecord {
        annotator: Some(annotator.to_owned()),
        status: if done { Status::Done } else { Status::New },
        mentions: mentions.iter().map(mention).collect(),
        ..LayerRecord::default()
    }
}

fn merge(store: &mut SqliteStore, all: &[Theirs]) {
    let sources = [LabelSet::default()];
    let (known_only, take_earlier, dry_run) = (false, false, false);
    let plan = MergePlan { sources: &sources, known_only, take_earlier, dry_run, realign: &mut |_, _| None };
    store.merge(plan, &mut all.iter().cloned(), &mut || true).unwrap();
}

/// What a layer says: the name of its status, and its mentions.
type Said = (&'static str, BTreeSet<(Span, String)>);

/// The layers of an article, by annotator.
type Layers = BTreeMap<String, Said>;

/// The articles by name and text.
fn articles(store: &SqliteStore) -> BTreeMap<(String, String), Layers> {
    let mut articles = BTreeMap::new();
    let mut sink = |record: ArticleRecord| {
        let layers = record.layers.into_iter().map(|layer| {
            let mentions = layer.mentions.into_iter().map(|m| (m.span, m.label)).collect();
            (layer.annotator.unwrap(), (layer.status.name(), mentions))
        });
        articles.insert((record.name.unwrap(), record.text), layers.collect());
        ControlFlow::Continue(())
    };
    store.export(&Selection::default(), &mut sink).unwrap();
    articles
}

/// The texts with their layers in order, whatever the articles are named, and the names of the labels.
fn snapshot(store: &SqliteStore) -> (Vec<(String, Layers)>, BTreeSet<String>) {
    let mut texts: Vec<(String, Layers)> =
        articles(store).into_iter().map(|((_, text), layers)| (text, layers)).collect();
    texts.sort();
    (texts, store.labels().unwrap().all().iter().map(|label| label.name.clone()).collect())
}

/// The events and the mark of the last change, as they are in the file.
fn marks(path: &Path) -> (i64, String) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let events = connection.query_row("SELECT count(*) FROM event", [], |r| r.get(0)).unwrap();
    let revision = connection.query_row("SELECT value FROM setting WHERE key = 'revision'", [], |r| r.get(0)).unwrap();
    (events, revision)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]
    #[test]
    fn the_order_of_projects_makes_no_difference(
        ours in small_project(), a in small_project(), b in small_project(), overlaps in any::<bool>(),
    ) {
        let mut ends = Vec::new();
        for order in [[&a, &b], [&b, &a]] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("p.barchasb");
            let mut store = SqliteStore::create(&path, Rules { overlaps, ..Rules::default() }, default_labels()).unwrap();
            store.import(&mut ours.iter().map(|one| one.record.clone()), "x").unwrap();
            let worked_on = articles(&store);
            order.into_iter().for_each(|others| merge(&mut store, others));
            let (end, marks_before) = (snapshot(&store), marks(&path));
            let now = articles(&store);
            for (place, layers) in &worked_on {
                for (annotator, said) in layers {
                    prop_assert_eq!(&now[place][annotator], said, "nothing of ours is overwritten");
                }
            }
            order.into_iter().for_each(|others| merge(&mut store, others));
            prop_assert_eq!(&snapshot(&store), &end, "what comes twice changes nothing");
            prop_assert_eq!(marks(&path), marks_before);
            let mut faults = store.check(&mut |_, _| ControlFlow::Continue(())).unwrap();
            faults.retain(|fault| fault.kind() != "grapheme");
            prop_assert_eq!(faults, []);
            ends.push(end);
        }
        prop_assert_eq!(&ends[0], &ends[1]);
    }
}
