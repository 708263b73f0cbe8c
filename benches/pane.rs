//! What a person feels: opening an article, scrolling it, labelling in it; and that none of it grows with what is not in view.
//!
//! A frame here is the whole window's, without a screen: from the events to the shapes. The aims: 1 MB with 5,000 mentions
//! opens within 100 ms; 10 MB with 50,000 shows its first frame within 50 ms after the load, and scrolls and labels
//! within a millisecond; and frames cost the same at 100 and 100,000 mentions or articles.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made stops")]

#[path = "support/articles.rs"]
mod articles;

use articles::{ANNOTATOR, BYTES_PER_MENTION, Window, opened, project, record};
use barchasb::domain::label::LabelId;
use barchasb::domain::layer::{Layer, Status};
use barchasb::domain::mention::{Mention, MentionSet};
use barchasb::domain::offset::CharOffset;
use barchasb::domain::record::ArticleRecord;
use barchasb::session::command::{Command, MarkCommand, SelectCommand};
use barchasb::session::effect::{Event, Listed, Loaded};
use barchasb::session::review::Mode;
use barchasb::session::state::State;
use barchasb::session::update;
use barchasb::store::contract::{Filter, Store as _, Towards};
use barchasb::store::review::LayerOf;
use barchasb::store::sqlite::SqliteStore;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::time::{Duration, Instant};

/// What the keeper does to load an article.
fn load(store: &mut SqliteStore, filter: &Filter) -> Loaded {
    let id = store.neighbour(filter, None, Towards::Next).unwrap().unwrap();
    let page = store.page(filter, 0, 1).unwrap();
    Loaded {
        article: store.article(id).unwrap(),
        layer: store.layer(id, filter.annotator).unwrap(),
        listed: Some(Listed { filter: filter.clone(), place: store.place(filter, id).unwrap(), total: page.total }),
        layers: Vec::new(),
    }
}

/// Opens another article of the same size in turn, so that the window has everything to lay out.
fn opening(criterion: &mut Criterion) {
    for (name, mentions) in [("1 MB and 5,000 mentions", 5_000), ("10 MB and 50,000 mentions", 50_000)] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.barchasb");
        let article = |name: &str| record(name, mentions * BYTES_PER_MENTION, mentions);
        project(&path, [article("a"), article("b")]);
        let mut store = SqliteStore::open(&path).unwrap();
        let annotator = store.annotator(ANNOTATOR).unwrap().id;
        let filter = Filter::of(annotator);
        let first = load(&mut store, &filter);
        let second = store.neighbour(&filter, Some(first.article.id()), Towards::Next).unwrap().unwrap();
        let second = Loaded {
            article: store.article(second).unwrap(),
            layer: store.layer(second, annotator).unwrap(),
            ..first.clone()
        };
        let mut window = Window::new(opened(&path));
        window.settle();

        let mut group = criterion.benchmark_group(format!("open {name}"));
        group.sample_size(20).warm_up_time(Duration::from_secs(1));
        group.bench_function("from the store", |b| b.iter(|| load(&mut store, &filter)));
        let mut turn = false;
        group.bench_function("into the session", |b| {
            b.iter_batched(
                || {
                    turn = !turn;
                    if turn { second.clone() } else { first.clone() }
                },
                |loaded| update::event(&mut window.app.session().state, Event::Loaded(Box::new(loaded))),
                BatchSize::PerIteration,
            );
        });
        group.bench_function("its first frame", |b| {
            b.iter_custom(|times| {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    turn = !turn;
                    let loaded = Box::new(if turn { second.clone() } else { first.clone() });
                    update::event(&mut window.app.session().state, Event::Loaded(loaded));
                    let began = Instant::now();
                    window.frame(Vec::new());
                    spent += began.elapsed();
                }
                spent
            });
        });
        group.bench_function("in all", |b| {
            b.iter(|| {
                let loaded = Box::new(load(&mut store, &filter));
                // Another one was open: the window lays everything out.
                window.app.session().state.project.as_mut().unwrap().open = None;
                window.frame(Vec::new());
                update::event(&mut window.app.session().state, Event::Loaded(loaded));
                window.frame(Vec::new())
            });
        });
        group.finish();
        working(criterion, name, &mut window);
    }
}

/// Scrolling and labelling in the article that is open.
fn working(criterion: &mut Criterion, name: &str, window: &mut Window) {
    let mut group = criterion.benchmark_group(format!("work in {name}"));
    group.sample_size(50).warm_up_time(Duration::from_secs(1));
    group.bench_function("a frame at rest", |b| b.iter(|| window.frame(Vec::new())));
    group.bench_function("a frame of scrolling by 100 points", |b| b.iter(|| window.frame(Window::wheel(100.0))));
    let label = label(&window.app.session().state);
    let ends = window.app.session().state.article().unwrap().article.span().end.get();
    // A word, its label, and the save that came back, at places all over the article; every second time the label is taken
    // off again, so that the article stays as full as it was.
    let (mut at, mut times_there) = (0, 0);
    group.bench_function("label a word, in the session", |b| {
        b.iter_custom(|times| {
            let state = &mut window.app.session().state;
            let mut spent = Duration::ZERO;
            for _ in 0..times {
                times_there += 1;
                at = if times_there % 2 == 1 { (at + 7_919) % ends } else { at };
                update::command(state, Command::Select(SelectCommand::Word { at: CharOffset::new(at) }));
                let began = Instant::now();
                update::command(state, Command::Mark(MarkCommand::Label(label)));
                update::event(state, Event::Saved);
                spent += began.elapsed();
            }
            spent
        });
    });
    let middle = CharOffset::new(ends / 2);
    update::command(
        &mut window.app.session().state,
        Command::Select(SelectCommand::MoveTo { at: middle, extend: false }),
    );
    window.settle();
    update::command(&mut window.app.session().state, Command::Select(SelectCommand::Word { at: middle }));
    group.bench_function("the frame after labelling a word", |b| {
        b.iter_custom(|times| {
            let mut spent = Duration::ZERO;
            for _ in 0..times {
                let state = &mut window.app.session().state;
                update::command(state, Command::Mark(MarkCommand::Label(label)));
                update::event(state, Event::Saved);
                state.toasts.clear();
                let began = Instant::now();
                window.frame(Vec::new());
                spent += began.elapsed();
            }
            spent
        });
    });
    group.bench_function("triangles of a frame", |b| {
        let shapes = window.frame(Vec::new());
        b.iter_batched(|| shapes.clone(), |shapes| window.ctx.tessellate(shapes, 1.0), BatchSize::LargeInput);
    });
    group.finish();
}

fn label(state: &State) -> LabelId {
    state.project.as_ref().unwrap().labels.active().next().unwrap().id
}

/// The same window on more and more: a frame must not notice.
fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a frame of scrolling at");
    group.sample_size(50).warm_up_time(Duration::from_secs(1));
    let mut texts: Vec<(String, ArticleRecord)> = [100, 1_000, 10_000, 100_000]
        .into_iter()
        .map(|mentions| (format!("{mentions} mentions"), record("a", mentions * BYTES_PER_MENTION, mentions)))
        .collect();
    // The hardest text: not one line break, so that what is laid out at once is much more than a screenful.
    let mut line = record("a", 10_000 * BYTES_PER_MENTION, 10_000);
    line.text = line.text.replace('\n', " ");
    texts.push(("10,000 mentions in one line".to_owned(), line));
    for (name, record) in texts {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.barchasb");
        project(&path, [record]);
        let mut window = Window::new(opened(&path));
        window.settle();
        let mut down = 0;
        group.bench_function(name, |b| {
            b.iter(|| {
                // Up and down in the same screenfuls: laying out what is new is measured beside.
                down = (down + 1) % 40;
                window.frame(Window::wheel(if down < 20 { 100.0 } else { -100.0 }))
            });
        });
    }
    for articles in [10, 1_000, 100_000] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.barchasb");
        project(&path, (0..articles).map(|number| record(&format!("n{number}"), 1_000, 5)));
        let mut window = Window::new(opened(&path));
        window.settle();
        group.bench_function(format!("{articles} articles"), |b| b.iter(|| window.frame(Vec::new())));
    }
    group.finish();
}

/// Opens an article for review: five layers of 1,000 mentions, a tenth of which one of them has otherwise.
fn review(criterion: &mut Criterion) {
    const MENTIONS: usize = 1_000;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.barchasb");
    project(&path, [record("a", MENTIONS * BYTES_PER_MENTION, MENTIONS)]);
    let mut store = SqliteStore::open(&path).unwrap();
    let annotator = store.annotator(ANNOTATOR).unwrap().id;
    let loaded = load(&mut store, &Filter::of(annotator));
    let labels: Vec<LabelId> = store.labels().unwrap().active().map(|label| label.id).collect();
    let layers: Vec<LayerOf> = (0..5)
        .map(|number| {
            let annotator = store.annotator(&format!("{number}")).unwrap();
            let mentions = loaded.layer.mentions.iter().enumerate().map(|(place, mention)| {
                let label =
                    if place % 50 == number { *labels.get(place % labels.len()).unwrap() } else { mention.label };
                Mention { label, ..mention.clone() }
            });
            let mentions = MentionSet::from_mentions(mentions.collect());
            LayerOf { annotator, layer: Layer { mentions, status: Status::Done, ..Layer::default() } }
        })
        .collect();
    let loaded = Loaded { layer: Layer::default(), layers, ..loaded };
    let mut window = Window::new(opened(&path));
    window.settle();
    let state = &mut window.app.session().state;
    state.project.as_mut().unwrap().mode = Mode::Review;
    let mut group = criterion.benchmark_group("review 5 layers of 1,000 mentions");
    group.bench_function("into the session", |b| {
        b.iter_batched(
            || Box::new(loaded.clone()),
            |loaded| {
                state.project.as_mut().unwrap().open = None;
                update::event(state, Event::Loaded(loaded))
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, opening, review, growth);
criterion_main!(benches);
