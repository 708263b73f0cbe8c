//! How good and how fast the lexicon's suggestions are, on a labelled corpus replayed in order.
//!
//! `BARCHASB_CORPUS=train.txt cargo bench --bench lexicon`: lines `token|label` with `B_PER`, sentences apart by an empty line. Articles are made of twenty sentences.
//! Each article is first asked for suggestions, which are compared with its labels, and then learned as finished.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints its figures and stops when it cannot be made"
)]

use barchasb::domain::article::{Article, ArticleId, Direction};
use barchasb::domain::label::LabelId;
use barchasb::domain::offset::{CharOffset, Span};
use barchasb::domain::suggestion::{Engine, Rejection};
use barchasb::suggest::lexicon::{Lesson, Lexicon};
use barchasb::suggest::suggester::{Stop, Suggester as _};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};
use uuid::Uuid;

struct Labelled {
    article: Article,
    mentions: Vec<(Span, LabelId)>,
}

fn article(number: usize, text: &str) -> Article {
    let id = ArticleId(Uuid::from_u128(number as u128));
    Article::new(id, number.to_string(), text, String::new(), Direction::Auto).unwrap()
}

/// Articles of twenty sentences: tokens joined by spaces, sentences by line breaks.
fn corpus(file: &str) -> Vec<Labelled> {
    let mut labels: HashMap<String, LabelId> = HashMap::new();
    let sentences: Vec<&str> = file.split("\n\n").filter(|sentence| !sentence.trim().is_empty()).collect();
    let mut articles = Vec::new();
    for (number, sentences) in sentences.chunks(20).enumerate() {
        let (mut text, mut chars) = (String::new(), 0);
        let mut mentions: Vec<(Span, LabelId)> = Vec::new();
        for sentence in sentences {
            for line in sentence.lines() {
                let Some((token, tag)) = line.rsplit_once('|').or_else(|| line.rsplit_once(['\t', ' '])) else {
                    continue;
                };
                let start = chars;
                text.push_str(token);
                chars += token.chars().count();
                if let Some(name) = tag.strip_prefix("B_").or_else(|| tag.strip_prefix("B-")) {
                    let next = LabelId(Uuid::from_u128(labels.len() as u128));
                    let label = *labels.entry(name.to_owned()).or_insert(next);
                    mentions.push((Span::from_chars(start, chars), label));
                } else if tag.starts_with('I') {
                    mentions.last_mut().unwrap().0.end = Span::from_chars(0, chars).end;
                }
                text.push(' ');
                chars += 1;
            }
            text.push('\n');
            chars += 1;
        }
        articles.push(Labelled { article: article(number, &text), mentions });
    }
    articles
}

#[derive(Default)]
struct Figures {
    gold: usize,
    /// Per suggestion: how sure, right or not.
    all: Vec<(f64, bool)>,
    asked: u32,
    suggesting: Duration,
    learning: Duration,
}

/// How an annotator behaves.
#[derive(Clone, Copy)]
struct Habit {
    /// Wrong suggestions from 0.3 on are rejected.
    rejects: bool,
    /// What is labelled by hand is learned at once and suggested in the rest of the article.
    at_once: bool,
}

fn replay(articles: &[Labelled], habit: Habit) -> Figures {
    let mut lexicon = Lexicon::new();
    let mut figures = Figures::default();
    for Labelled { article, mentions } in articles {
        let gold: BTreeSet<(Span, LabelId)> = mentions.iter().copied().collect();
        figures.gold += gold.len();
        let mut met: BTreeMap<(Span, LabelId), f64> = BTreeMap::new();
        let mut ask = |lexicon: &Lexicon, from: CharOffset| {
            let start = Instant::now();
            let suggestions = lexicon.suggest(article, &Stop::default());
            figures.suggesting += start.elapsed();
            figures.asked += 1;
            for suggestion in suggestions.iter().filter(|suggestion| suggestion.span.start >= from) {
                let sure = met.entry((suggestion.span, suggestion.label)).or_default();
                *sure = sure.max(suggestion.confidence.get());
            }
            met.clone()
        };
        let mut met = ask(&lexicon, CharOffset::ZERO);
        if habit.at_once {
            for mention in mentions {
                if met.get(mention).is_none_or(|sure| *sure < 0.5) {
                    let one = Lesson { article, mentions: &[*mention], rejections: &[], finished: false };
                    lexicon.learn(&one);
                    met = ask(&lexicon, mention.0.end);
                    lexicon.unlearn(&one);
                }
            }
        }
        let wrong = met.iter().filter(|(met, sure)| **sure >= 0.3 && !gold.contains(met));
        let rejections: Vec<Rejection> = wrong
            .filter(|_| habit.rejects)
            .map(|((span, label), _)| Rejection { span: *span, label: *label, engine: Engine::Lexicon })
            .collect();
        figures.all.extend(met.iter().map(|(met, sure)| (*sure, gold.contains(met))));
        let start = Instant::now();
        lexicon.learn(&Lesson { article, mentions, rejections: &rejections, finished: true });
        figures.learning += start.elapsed();
    }
    figures
}

fn print(name: &str, articles: &[Labelled], figures: &Figures) {
    let Figures { gold, all, asked, suggesting, learning } = figures;
    println!("{name}: {} articles, {gold} mentions", articles.len());
    for least in [0.0, 0.3, 0.5, 0.7, 0.9] {
        let shown: Vec<bool> = all.iter().filter(|(sure, _)| *sure >= least).map(|(_, right)| *right).collect();
        let right = shown.iter().filter(|right| **right).count() as f64;
        let (precision, recall) = (100.0 * right / shown.len().max(1) as f64, 100.0 * right / *gold as f64);
        println!("  from {least:.1}: precision {precision:.1} %, recall {recall:.1} %");
    }
    let mut error = 0.0;
    for bin in 0..10 {
        let inside: Vec<_> = all.iter().filter(|(sure, _)| ((sure * 10.0) as usize).min(9) == bin).collect();
        let count = inside.len().max(1) as f64;
        let mean = inside.iter().map(|(sure, _)| sure).sum::<f64>() / count;
        let right = inside.iter().filter(|(_, right)| *right).count() as f64 / count;
        error += (mean - right).abs() * inside.len() as f64 / all.len().max(1) as f64;
        println!("  said {mean:.2}, was {right:.2} ({})", inside.len());
    }
    println!("  calibration error {error:.3}");
    let micros = |time: &Duration, count: usize| time.as_secs_f64() * 1e6 / count as f64;
    let (suggest, learn) = (micros(suggesting, *asked as usize), micros(learning, articles.len()));
    println!("  suggest {suggest:.0} µs, learn {learn:.0} µs an article");
}

/// A word that no other number gives.
fn word(number: usize) -> String {
    let letters: Vec<char> = "ابپتدرسشمن".chars().collect();
    number.to_string().bytes().map(|digit| *letters.get(usize::from(digit - b'0')).unwrap()).collect()
}

/// An article of about 3 KB: 320 words, of which every sixteenth begins a name of two words, out of 50,000.
fn made(number: usize) -> Labelled {
    let (mut text, mut chars, mut mentions) = (String::new(), 0, Vec::new());
    for place in 0..320 {
        let start = chars;
        let (first, second) = match place % 16 {
            0 => {
                let name = (number * 20 + place / 16) * 7_919 % 50_000;
                (word(100_000 + name), word(200_000 + name))
            }
            _ => (word(300 + number * place % 9_000), String::new()),
        };
        text.push_str(&format!("{first} {second} "));
        chars += first.chars().count() + second.chars().count() + 2;
        if !second.is_empty() {
            mentions.push((Span::from_chars(start, chars - 1), LabelId(Uuid::from_u128(number as u128 % 3))));
        }
    }
    Labelled { article: article(number, &text), mentions }
}

/// What opening a project of 10,000 articles costs, and suggesting after it.
fn big() {
    let articles: Vec<Labelled> = (0..10_000).map(made).collect();
    let mut lexicon = Lexicon::new();
    let start = Instant::now();
    for Labelled { article, mentions } in &articles {
        lexicon.learn(&Lesson { article, mentions, rejections: &[], finished: true });
    }
    let learned = start.elapsed();
    println!("10,000 articles, {} names: learned in {learned:.2?}", lexicon.len());
    let some = || articles.iter().step_by(10);
    let start = Instant::now();
    let count: usize = some().map(|labelled| lexicon.suggest(&labelled.article, &Stop::default()).len()).sum();
    println!("suggestions of an article: {:.0?} ({count} in 1,000)", start.elapsed() / 1_000);
    let start = Instant::now();
    for Labelled { article, mentions } in some() {
        let lesson = Lesson { article, mentions, rejections: &[], finished: true };
        lexicon.unlearn(&lesson);
        lexicon.learn(&lesson);
    }
    println!("an article learned again: {:.0?}", start.elapsed() / 1_000);
}

fn main() {
    big();
    if let Ok(path) = std::env::var("BARCHASB_CORPUS") {
        let articles = corpus(&std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n"));
        for (name, rejects, at_once) in
            [("before the article", false, false), ("with rejections", true, false), ("and at once", true, true)]
        {
            print(name, &articles, &replay(&articles, Habit { rejects, at_once }));
        }
    }
}
