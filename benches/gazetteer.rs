//! How fast many names are found in much text, and what they cost in time and memory.
//!
//! `cargo bench --bench gazetteer`: 10,000 names in 100 MB of folded text made here. `BARCHASB_PEERS=FOLDER` writes both into the folder as
//! `names.txt` and `text.txt`, on which `peers/run.sh` measures another program.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints its figures and stops when it cannot be made"
)]

use barchasb::domain::article::{Article, ArticleId, Direction};
use barchasb::domain::label::LabelId;
use barchasb::suggest::gazetteer::Gazetteer;
use barchasb::suggest::suggester::{Stop, Suggester as _};
use std::path::Path;
use std::time::{Duration, Instant};
use uuid::Uuid;

const TEXT_BYTES: usize = 100_000_000;
const WORDS: usize = 60_000;

/// A sequence that looks random and is the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        from.get(self.below(from.len())).unwrap()
    }
}

/// Words of two to nine letters, letters as frequent as in news.
fn words(dice: &mut Dice) -> Vec<String> {
    let letters: Vec<char> = "اااااننننررررییییهههدددممممتتتوووسسبببلللشکزفگخقپحجعطصغچذضظژآ".chars().collect();
    (0..WORDS).map(|_| (0..2 + dice.below(4) + dice.below(5)).map(|_| *dice.pick(&letters)).collect()).collect()
}

/// Text in which the first words are the most frequent (Zipf's law).
fn text(dice: &mut Dice, words: &[String], bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 64);
    while text.len() < bytes {
        let part = dice.below(1 << 20) as f64 / f64::from(1 << 20);
        let rank = (words.len() as f64).powf(part) as usize - 1;
        text.push_str(words.get(rank).unwrap());
        text.push_str(if dice.below(12) == 0 { "، " } else { " " });
    }
    text
}

/// Names of one to three words that are not the most frequent.
fn names(dice: &mut Dice, words: &[String], count: usize) -> Vec<String> {
    let rare = words.get(200..).unwrap();
    (0..count).map(|_| (0..=dice.below(3)).map(|_| dice.pick(rare).as_str()).collect::<Vec<_>>().join(" ")).collect()
}

fn loaded(names: &[String]) -> (Gazetteer, Duration) {
    let start = Instant::now();
    let mut gazetteer = Gazetteer::new();
    gazetteer.add_list("names", names.iter().map(|name| (name.as_str(), LabelId(Uuid::from_u128(1)))));
    (gazetteer, start.elapsed())
}

/// The process's resident memory in MB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn speed(gazetteer: &Gazetteer, text: &str) {
    for _ in 0..3 {
        let start = Instant::now();
        let found = gazetteer.count_in_folded(text);
        println!("barchasb {:.0} MB/s, {found} found", text.len() as f64 / start.elapsed().as_secs_f64() / 1e6);
    }
}

fn main() {
    let mut dice = Dice(88_172_645_463_325_252);
    let words = words(&mut dice);
    let text = text(&mut dice, &words, TEXT_BYTES);
    let few = names(&mut dice, &words, 10_000);
    if let Some(folder) = std::env::var_os("BARCHASB_PEERS") {
        std::fs::write(Path::new(&folder).join("names.txt"), few.join("\n")).unwrap();
        std::fs::write(Path::new(&folder).join("text.txt"), &text).unwrap();
    }
    let (gazetteer, took) = loaded(&few);
    println!("10,000 names made ready in {took:.1?}");
    speed(&gazetteer, &text);

    let many = names(&mut dice, &words, 1_000_000);
    let before = resident();
    let (gazetteer, took) = loaded(&many);
    println!("1,000,000 names made ready in {took:.1?}, {:.0} MB", resident() - before);
    speed(&gazetteer, &text);
    let part = text.get(..text.floor_char_boundary(6_000)).unwrap();
    let article = Article::new(ArticleId(Uuid::nil()), String::new(), part, String::new(), Direction::Auto).unwrap();
    let start = Instant::now();
    (0..100).for_each(|_| drop(gazetteer.suggest(&article, &Stop::default())));
    println!("an article of 6 KB: {:.1?}", start.elapsed() / 100);
}
