//! How fast a project of 100,000 articles is: opening, lists, searching, saving, taking in.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot be made stops, and long steps are measured once and printed"
)]

use barchasb::domain::article::ArticleId;
use barchasb::domain::edit::Operation;
use barchasb::domain::label::LabelId;
use barchasb::domain::layer::{Annotator, Rules, Status, Version};
use barchasb::domain::mention::{Mention, Origin};
use barchasb::domain::offset::Span;
use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use barchasb::domain::suggestion::{Confidence, Engine, Reason, Suggestion};
use barchasb::store::contract::{Filter, Order, Saved, StatusFilter, Store, Towards};
use barchasb::store::hits::{HitQuery, Hits, Labelled, Pattern};
use barchasb::store::knowledge::Knowledge;
use barchasb::store::sqlite::{SqliteStore, default_labels};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;

const ARTICLES: usize = 100_000;
const ANNOTATOR: &str = "سارا";

/// News of about a kilobyte, each a little different.
fn text(number: usize) -> String {
    let (town, name) = (["تهران", "شیراز", "تبریز", "مشهد", "اهواز"][number % 5], number * 7919 % 50_021);
    format!(
        "رویداد {number} در {town}\n\nبه گزارش خبرنگار مهر، نام{name} صبح شنبه در بیست‌ویکمین گردهمایی تخصصی معاونین استان‌ها گفت: \
         «پلیس یکی از نهادهایی است که می‌تواند نقش مؤثری داشته باشد»؛ او افزود جرائم در ۹ ماه ابتدایی سال ۲۰ درصد کاهش یافته \
         و شبکه خبر نیز ساعت ۸:۴۷ آن را اعلام کرد. قائم‌مقام وزیر هم در {town} به پرسش‌های خبرنگاران پاسخ داد و گفت که \
         گروهک‌های معاند سال ۹۷ را انتخاب کرده‌اند. شماره پرونده {number} است.\n"
    )
}

/// Every fourth article has a layer of two mentions; of these every second is done.
fn record(number: usize) -> ArticleRecord {
    let mention = |start, end| MentionRecord {
        span: Span::from_chars(start, end),
        label: "EVE".into(),
        note: None,
        origin: Origin::Import,
    };
    let status = if number.is_multiple_of(8) { Status::Done } else { Status::InProgress };
    let layer =
        LayerRecord { annotator: None, status, mentions: vec![mention(0, 6), mention(7, 8)], ..LayerRecord::default() };
    ArticleRecord {
        name: Some(format!("n{number}")),
        text: text(number),
        layers: if number.is_multiple_of(4) { vec![layer] } else { Vec::new() },
        ..Default::default()
    }
}

fn project(path: &Path, articles: usize) -> SqliteStore {
    let mut store = SqliteStore::create(path, Rules::default(), default_labels()).unwrap();
    store.import(&mut (0..articles).map(record), ANNOTATOR).unwrap();
    store
}

fn big_project(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("big.barchasb");
    let mut store = project(&path, ARTICLES);
    let annotator = store.annotator(ANNOTATOR).unwrap().id;
    let filter = |status, search: &str| Filter { status, search: search.into(), ..Filter::of(annotator) };
    let remaining = filter(StatusFilter::Remaining, "");
    let deep = store.article_by_name(&format!("n{}", ARTICLES - 7)).unwrap();

    let mut group = criterion.benchmark_group("100,000 articles");
    group.sample_size(20);
    group.bench_function("open to the first article", |b| {
        b.iter(|| {
            let mut store = SqliteStore::open_read_only(&path).unwrap();
            let first = store.neighbour(&remaining, None, Towards::Next).unwrap().unwrap();
            black_box((store.article(first).unwrap(), store.layer(first, annotator).unwrap()));
        });
    });
    group.bench_function("search before it is indexed", |b| {
        b.iter_batched_ref(
            || SqliteStore::open_read_only(&path).unwrap(),
            |store| store.page(&filter(StatusFilter::All, "نام777 تهران"), 0, 60).unwrap(),
            BatchSize::PerIteration,
        );
    });
    let started = std::time::Instant::now();
    while !store.index_some().unwrap() {}
    println!("the search index of {ARTICLES} articles was built in {:?}", started.elapsed());

    let fresh =
        |name: &str, filter: &Filter, group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>| {
            group.bench_function(name, |b| {
                b.iter_batched_ref(
                    || SqliteStore::open_read_only(&path).unwrap(),
                    |store| store.page(filter, 70_000, 60).unwrap(),
                    BatchSize::PerIteration,
                );
            });
        };
    fresh("page 70,000 of all, first time", &filter(StatusFilter::All, ""), &mut group);
    fresh("page 70,000 of the remaining, first time", &remaining, &mut group);
    fresh("search a rare word, first time", &filter(StatusFilter::All, "نام777 تهران"), &mut group);
    fresh("search a word of every article, first time", &filter(StatusFilter::All, "پلیس"), &mut group);
    fresh("search a prefix of one letter, first time", &filter(StatusFilter::All, "ن"), &mut group);
    fresh("search two spellings of every article, first time", &filter(StatusFilter::All, "گروهک‌های"), &mut group);
    let searched = filter(StatusFilter::Remaining, "پلیس");
    fresh("search within the remaining, first time", &searched, &mut group);

    let mut reader = SqliteStore::open_read_only(&path).unwrap();
    for (name, filter) in [("the remaining", &remaining), ("a search within the remaining", &searched)] {
        group.bench_function(format!("page 70,000 of {name}"), |b| {
            b.iter(|| reader.page(filter, 70_000, 60).unwrap());
        });
        group.bench_function(format!("neighbour deep in {name}"), |b| {
            b.iter(|| reader.neighbour(filter, deep, Towards::Previous).unwrap());
        });
        group.bench_function(format!("place deep in {name}"), |b| {
            b.iter(|| reader.place(filter, deep.unwrap()).unwrap());
        });
        // As in work: the writer saves, then the reader's list is asked for.
        let mut base = store.layer(deep.unwrap(), annotator).unwrap();
        group.bench_function(format!("page 70,000 of {name} after a save"), |b| {
            b.iter_batched(
                || {
                    let to = if base.status == Status::Done { Status::New } else { Status::Done };
                    let operations = vec![Operation::SetStatus { from: base.status, to }];
                    let part = Saved::Layer { article: deep.unwrap(), base: base.version, operations };
                    base.version = store.save(annotator, &[part]).unwrap()[0].1;
                    base.status = to;
                },
                |()| reader.page(filter, 70_000, 60).unwrap(),
                BatchSize::PerIteration,
            );
        });
    }
    group.bench_function("statistics", |b| b.iter(|| reader.statistics().unwrap()));
    group.bench_function("label counts", |b| b.iter(|| reader.label_counts().unwrap()));
    group.finish();
    let started = std::time::Instant::now();
    let faults = reader.check(&mut |_, _| ControlFlow::Continue(())).unwrap().len();
    println!("the check found {faults} faults in {:?}", started.elapsed());
    let started = std::time::Instant::now();
    store.backup().unwrap();
    println!("a backup took {:?}", started.elapsed());
}

/// A project of articles of about 3 kilobytes, two in ten of them labelled by two, with suggestions in half of them.
fn long_texts(path: &Path) -> SqliteStore {
    let mut store = SqliteStore::create(path, Rules::default(), default_labels()).unwrap();
    let long = |number: usize| {
        let mut record = record(number);
        record.text = format!("{}{}{}", record.text, text(number + 1), text(number + 2));
        if number.is_multiple_of(8) {
            let other = LayerRecord { annotator: Some("رضا".into()), ..record.layers[0].clone() };
            record.layers.push(LayerRecord { mentions: other.mentions[..1].to_vec(), ..other });
        }
        record
    };
    store.import(&mut (0..ARTICLES).map(long), ANNOTATOR).unwrap();
    while !store.index_some().unwrap() {}
    store
}

fn keep_suggestions(store: &mut SqliteStore, annotator: &Annotator) {
    let ids: Vec<ArticleId> =
        store.page(&Filter::of(annotator.id), 0, u64::MAX).unwrap().rows.iter().map(|row| row.id).collect();
    let label = store.labels().unwrap().by_name("LOC").unwrap().id;
    let suggestion = |number: usize, at: usize| Suggestion {
        span: Span::from_chars(at * 7, at * 7 + 5),
        label,
        engine: Engine::Tagger,
        confidence: Confidence::new((number * 31 + at * 17) as f64 % 100.0 / 100.0),
        reason: Reason::Learned,
    };
    let sets: Vec<_> = (0..ids.len())
        .step_by(2)
        .map(|number| (ids[number], (0..number % 25).map(|at| suggestion(number, at)).collect()))
        .collect();
    let started = std::time::Instant::now();
    sets.chunks(500).for_each(|sets| store.keep_suggestions(sets).unwrap());
    println!("suggestions for {} articles were kept in {:?}", sets.len(), started.elapsed());
}

fn orders(path: &Path, annotator: &Annotator, label: LabelId) {
    let base = Filter::of(annotator.id);
    let of = |order| Filter { order, ..base.clone() };
    let lists = [
        ("as imported", of(Order::Imported)),
        ("most suggested", of(Order::MostSuggested)),
        ("least certain", of(Order::LeastCertain)),
        ("most disputed", of(Order::MostDisputed)),
        ("shuffled", of(Order::Random(7))),
        ("best match of a rare name", Filter { search: "نام777".into(), ..of(Order::BestMatch) }),
        ("best match of a name in 1 of 20", Filter { search: "نام77".into(), ..of(Order::BestMatch) }),
        ("with a label", Filter { label: Some(label), ..base.clone() }),
        ("begun by an annotator", Filter { begun_by: Some(annotator.id), ..base.clone() }),
        ("with suggestions", Filter { suggested: true, ..base.clone() }),
    ];
    for (name, filter) in lists {
        let mut reader = SqliteStore::open_read_only(path).unwrap();
        let started = std::time::Instant::now();
        let total = reader.page(&filter, 0, 60).unwrap().total;
        let first = started.elapsed();
        let started = std::time::Instant::now();
        reader.page(&filter, total / 2, 60).unwrap();
        println!("the first page of {total} articles, {name}: {first:?}, another page {:?}", started.elapsed());
    }
}

fn hits(path: &Path, annotator: &Annotator) {
    let cases = [
        ("a rare name", Pattern::Whole, "نام7770 صبح"),
        ("a name in every article", Pattern::Whole, "معاونین استان"),
        ("a prefix of one letter", Pattern::Prefix, "ن"),
        ("a pattern with a rare literal", Pattern::Regex, "نام777[0-9] صبح"),
        ("a pattern without a literal", Pattern::Regex, r"\b[۰-۹]{1,2}:[۰-۹]{2}\b"),
        ("a pattern that is nowhere", Pattern::Regex, r"[a-z]{3}[0-9]{7}"),
    ];
    for (name, pattern, wanted) in cases {
        let reader = SqliteStore::open_read_only(path).unwrap();
        let annotator = annotator.id;
        let query = HitQuery { annotator, wanted: wanted.into(), pattern, suffixed: true, labelled: Labelled::Any };
        let (started, mut found, mut hundred) = (std::time::Instant::now(), 0, None);
        reader
            .find_hits(&query, &mut |hits| {
                found += hits.map_or(0, |article| article.hits.len());
                if found >= 100 {
                    hundred.get_or_insert_with(|| started.elapsed());
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        println!("{name}: the first 100 hits in {hundred:?}, all {found} in {:?}", started.elapsed());
    }
}

/// What engines, lists in any order and looking for names cost; once each, as they are long.
fn looking(_criterion: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.barchasb");
    let mut store = long_texts(&path);
    let annotator = store.annotator(ANNOTATOR).unwrap();
    let label = store.labels().unwrap().by_name("EVE").unwrap().id;
    keep_suggestions(&mut store, &annotator);
    orders(&path, &annotator, label);
    hits(&path, &annotator);
    let (started, mut layers) = (std::time::Instant::now(), 0);
    store
        .study(&mut |_| {
            layers += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    println!("{layers} layers were studied in {:?}", started.elapsed());
}

fn taking_in(criterion: &mut Criterion) {
    const BATCH: usize = 5_000;
    let records: Vec<ArticleRecord> = (0..BATCH).map(record).collect();
    let bytes: usize = records.iter().map(|r| r.text.len()).sum();
    let mut group = criterion.benchmark_group("import");
    group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("5,000 articles", |b| {
        b.iter_batched(
            || {
                let dir = tempfile::tempdir().unwrap();
                let path = dir.path().join("a.barchasb");
                (SqliteStore::create(&path, Rules::default(), default_labels()).unwrap(), dir, records.clone())
            },
            |(mut store, dir, records)| {
                store.import(&mut records.into_iter(), ANNOTATOR).unwrap();
                (store, dir)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// A project of one article that holds `mentions` mentions, and what is needed to save to it.
fn long_layer(dir: &Path, mentions: usize) -> (SqliteStore, Annotator, ArticleId) {
    let mut store =
        SqliteStore::create(&dir.join(format!("{mentions}.barchasb")), Rules::default(), default_labels()).unwrap();
    let annotator = store.annotator(ANNOTATOR).unwrap();
    let text = "تهران شهر بزرگی است. ".repeat(mentions + 1);
    let chars = "تهران شهر بزرگی است. ".chars().count();
    store.import(&mut [ArticleRecord { text, ..Default::default() }].into_iter(), ANNOTATOR).unwrap();
    let filter = Filter::of(annotator.id);
    let article = store.neighbour(&filter, None, Towards::Next).unwrap().unwrap();
    let label = store.labels().unwrap().by_name("LOC").unwrap().id;
    let add = |n: usize| Operation::Add(Mention::new(Span::from_chars(n * chars, n * chars + 5), label));
    let part = Saved::Layer { article, base: Version(0), operations: (0..mentions).map(add).collect() };
    store.save(annotator.id, &[part]).unwrap();
    (store, annotator, article)
}

fn saving(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let mut group = criterion.benchmark_group("a layer");
    group.sample_size(20);
    for mentions in [10, 50_000] {
        let (mut store, annotator, article) = long_layer(dir.path(), mentions);
        let label = store.labels().unwrap().by_name("PER").unwrap().id;
        let mention = Mention::new(Span::from_chars(0, 5), label);
        let (mut base, mut there) = (Version(1), false);
        group.bench_function(format!("save one action on {mentions} mentions"), |b| {
            b.iter(|| {
                let operation =
                    if there { Operation::Remove(mention.clone()) } else { Operation::Add(mention.clone()) };
                let part = Saved::Layer { article, base, operations: vec![operation] };
                base = store.save(annotator.id, &[part]).unwrap()[0].1;
                there = !there;
            });
        });
        let path = store.project().unwrap().path;
        group.bench_function(format!("load the article and {mentions} mentions"), |b| {
            b.iter_batched_ref(
                || SqliteStore::open_read_only(&path).unwrap(),
                |store| (store.article(article).unwrap(), store.layer(article, annotator.id).unwrap()),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group! {
    name = store;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(2));
    targets = saving, taking_in, big_project, looking
}
criterion_main!(store);
