//! How fast the tagger learns and tags, on a corpus made here; and, when `BARCHASB_CORPUS` names a folder with `train.txt`
//! and `test.txt` (a word, a tab or `|`, and its tag on each line, an empty line after each sentence), how well.
//!
//! The aims: 1,000 sentences are learned in 2 s, and 200,000 words are tagged in a second, each on one core.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot be made stops"
)]

use barchasb::domain::label::LabelId;
use barchasb::domain::suggestion::Confidence;
use barchasb::suggest::suggester::Stop;
use barchasb::suggest::tagger::Tagger;
use barchasb::suggest::tagger_evaluation::{Score, evaluate};
use barchasb::suggest::tagger_example::{Example, Tagged};
use barchasb::suggest::tagger_training::Trainer;
use barchasb::suggest::tags::Tag;
use criterion::{Criterion, Throughput};
use std::hint::black_box;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How many sentences an article has where the corpus does not say.
const ARTICLE_SENTENCES: usize = 20;

fn main() {
    if let Ok(corpus) = std::env::var("BARCHASB_CORPUS") {
        measure(&corpus);
        return;
    }
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    speed(&mut criterion);
    criterion.final_summary();
}

fn label(name: &str) -> LabelId {
    let bytes = name.bytes().chain(std::iter::repeat(0)).take(16);
    LabelId(Uuid::from_slice(&bytes.collect::<Vec<u8>>()).unwrap())
}

/// A sentence of news in which names and numbers change; the words of a name are joined by `_`, its label stands after a `/`.
fn made_sentence(number: usize) -> Vec<Tagged> {
    let given = ["احمد", "سارا", "رضا", "مینا", "کاوه"][number % 5];
    let family = format!("{}{}ی", ["نمونه", "کوهستان", "دریا"][number % 3], ["پور", "زاده", ""][number % 7 % 3]);
    let city = ["تهران", "قم", "اهواز", "رشت"][number % 4];
    let day = number % 29 + 1;
    let text = format!(
        "به گزارش خبرنگار مهر/ORG ، سردار {given}_{family}/PER صبح {day}_دی/DAT در نشست تخصصی استانداری_{city}/ORG گفت : \
         پلیس {city}/LOC یکی از {number} نهادی است که می\u{200C}تواند در کاهش جرائم نقش مؤثری داشته باشد و این روند در سال جاری \
         ادامه دارد ."
    );
    text.split(' ').flat_map(tagged).collect()
}

fn tagged(piece: &str) -> Vec<Tagged> {
    let (words, name) = piece.split_once('/').map_or((piece, None), |(words, name)| (words, Some(name)));
    let tag = |at: usize| match name {
        None => Tag::Outside,
        Some(name) if at == 0 => Tag::Begin(label(name)),
        Some(name) => Tag::Inside(label(name)),
    };
    words.split('_').enumerate().map(|(at, word)| Tagged { word: word.into(), tag: tag(at) }).collect()
}

fn articles(sentences: Vec<Vec<Tagged>>) -> Vec<Example> {
    sentences.chunks(ARTICLE_SENTENCES).map(|sentences| Example { sentences: sentences.to_vec() }).collect()
}

fn taught(articles: &[Example]) -> Trainer {
    let mut trainer = Trainer::new(1);
    articles.iter().for_each(|article| trainer.add(article));
    trainer
}

fn speed(criterion: &mut Criterion) {
    let stop = Stop::default();
    let made = articles((0..2_020).map(made_sentence).collect());
    let (known, new) = made.split_at(100);
    criterion.bench_function("add and train 1,000 sentences", |b| {
        b.iter(|| taught(black_box(known.split_at(50).0)).train(&stop, |_| ()));
    });
    let trained = || {
        let mut trainer = taught(known);
        trainer.train(&stop, |_| ());
        trainer
    };
    criterion.bench_function("update by 20 sentences after 2,000", |b| {
        b.iter_batched_ref(
            trained,
            |trainer| {
                new.iter().for_each(|article| trainer.add(article));
                trainer.update(&stop, |_| ())
            },
            criterion::BatchSize::LargeInput,
        );
    });
    let tagger = trained().train(&stop, |_| ()).unwrap();
    let mut tagging = criterion.benchmark_group("tag");
    tagging.throughput(Throughput::Elements(count_words(known) as u64));
    tagging.bench_function("words of 2,000 sentences", |b| b.iter(|| tag_all(&tagger, known)));
    tagging.finish();
    let bytes = tagger.to_bytes();
    println!("the model: {} kB", bytes.len() >> 10);
}

fn count_words(articles: &[Example]) -> usize {
    articles.iter().flat_map(|article| &article.sentences).map(Vec::len).sum()
}

fn tag_all(tagger: &Tagger, articles: &[Example]) -> usize {
    let words = |article: &Example| -> Vec<Vec<String>> {
        article.sentences.iter().map(|s| s.iter().map(|t| t.word.to_string()).collect()).collect()
    };
    let tag = |words: Vec<Vec<String>>| {
        let words: Vec<Vec<&str>> = words.iter().map(|s| s.iter().map(String::as_str).collect()).collect();
        tagger.tag(&words, &Stop::default()).iter().map(Vec::len).sum::<usize>()
    };
    articles.iter().map(words).map(tag).sum()
}

/// The sentences of a file of a corpus.
fn read(path: &str) -> Vec<Vec<Tagged>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut sentences = vec![Vec::new()];
    for line in text.lines() {
        match line.rsplit_once(['|', '\t']) {
            Some((word, tag)) => sentences.last_mut().unwrap().push(Tagged { word: word.into(), tag: read_tag(tag) }),
            None => sentences.push(Vec::new()),
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn read_tag(tag: &str) -> Tag {
    match tag.split_once(['_', '-']) {
        Some(("B", name)) => Tag::Begin(label(name)),
        Some((_, name)) => Tag::Inside(label(name)),
        None => Tag::Outside,
    }
}

/// Prints how well a corpus is learned, by how much of it was seen, and article after article.
fn measure(corpus: &str) {
    let (train, test) = (read(&format!("{corpus}/train.txt")), articles(read(&format!("{corpus}/test.txt"))));
    println!("sentences   P     R     F1   F1 at 0.5   seconds   words/s");
    for size in [100, 250, 500, 1_000, 5_000, train.len()] {
        measure_size(&articles(train.iter().take(size).cloned().collect()), &test, size);
    }
    for size in [500, 5_000] {
        measure_confidence(&articles(train.iter().take(size).cloned().collect()), &test, size);
    }
    measure_online(&articles(train));
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}", 100.0 * share))
}

fn measures(score: Score) -> String {
    format!("{:>5} {:>5} {:>5}", percent(score.precision()), percent(score.recall()), percent(score.f1()))
}

fn total(tagger: &Tagger, articles: &[Example], least: f64) -> Score {
    evaluate(tagger, articles, Confidence::new(least), &Stop::default()).total()
}

fn measure_size(train: &[Example], test: &[Example], size: usize) {
    let started = Instant::now();
    let tagger = taught(train).train(&Stop::default(), |_| ()).unwrap();
    let trained = started.elapsed().as_secs_f64();
    let started = Instant::now();
    tag_all(&tagger, test);
    let speed = count_words(test) as f64 / started.elapsed().as_secs_f64();
    let sure = percent(total(&tagger, test, 0.5).f1());
    println!("{size:>9} {} {sure:>8} {trained:>12.2} {speed:>9.0}", measures(total(&tagger, test, 0.0)));
}

/// Prints how many of the mentions found with a confidence are right.
fn measure_confidence(train: &[Example], test: &[Example], size: usize) {
    let tagger = taught(train).train(&Stop::default(), |_| ()).unwrap();
    let scores: Vec<Score> = (0..=10).map(|tenth| total(&tagger, test, f64::from(tenth) / 10.0)).collect();
    println!("\nconfidence  found  right, % (after {size} sentences)");
    for (tenth, pair) in (0..).zip(scores.windows(2)) {
        let [all, surer] = pair else { continue };
        let (found, right) = (all.found - surer.found, all.right - surer.right);
        let bin = Score { right, found, gold: found };
        println!(
            "{:.1}–{:.1} {found:>10} {:>8}",
            f64::from(tenth) / 10.0,
            f64::from(tenth + 1) / 10.0,
            percent(bin.precision())
        );
    }
}

/// Prints how well each article is tagged after all articles before it were learned.
fn measure_online(articles: &[Example]) {
    let (mut trainer, mut sum, mut sure, mut worst) =
        (Trainer::new(1), Score::default(), Score::default(), Duration::ZERO);
    let mut tagger = trainer.train(&Stop::default(), |_| ()).unwrap();
    let began = Instant::now();
    for article in articles {
        let article = std::slice::from_ref(article);
        sum += total(&tagger, article, 0.0);
        sure += total(&tagger, article, 0.5);
        let started = Instant::now();
        article.iter().for_each(|article| trainer.add(article));
        tagger = trainer.update(&Stop::default(), |_| ()).unwrap();
        worst = worst.max(started.elapsed());
    }
    println!("\nonline, {} articles     P     R     F1", articles.len());
    println!("all                  {}", measures(sum));
    println!("confidence 0.5       {}", measures(sure));
    println!("the longest update took {worst:?}, the whole run {:?}", began.elapsed());
}
