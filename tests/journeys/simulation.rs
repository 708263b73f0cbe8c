//! The simulated annotator on a small made corpus: its figure must not get worse, and its rules hold.

use barchasb::cli::simulate::{Played, play};
use barchasb::domain::record::ArticleRecord;
use barchasb::domain::suggestion::Engine;
use barchasb::formats::tagged_lines::articles_from_tagged_lines;
use barchasb::session::settings::Settings;
use std::fmt::Write as _;

/// Sixty articles of five sentences about a few people, places and institutions that come again, as in news.
fn corpus() -> Vec<ArticleRecord> {
    const PEOPLE: [&str; 12] = [
        "حسین اشتری",
        "علی رضایی",
        "مریم کاظمی",
        "رضا احمدی",
        "سارا محمدی",
        "حسن نوری",
        "نرگس صالحی",
        "امیر قاسمی",
        "لیلا حسینی",
        "کاوه رستمی",
        "بهرام عزیزی",
        "مینا شریفی",
    ];
    const PLACES: [&str; 10] =
        ["تهران", "شیراز", "کرج", "مشهد", "تبریز", "اصفهان", "بندر عباس", "کرمانشاه", "رشت", "سیستان و بلوچستان"];
    const BODIES: [&str; 8] = [
        "ناجا",
        "نیروی انتظامی",
        "دانشگاه تهران",
        "شهرداری مشهد",
        "بانک مرکزی",
        "وزارت نفت",
        "خبرگزاری مهر",
        "سازمان ملل",
    ];
    let mut lines = String::new();
    let mut state = 7_u32;
    let mut draw = |count: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % count
    };
    for _ in 0..300 {
        let (person, place, body) = (PEOPLE[draw(12)], PLACES[draw(10)], BODIES[draw(8)]);
        let sentence: &[(&str, &str)] = match draw(5) {
            0 => &[
                ("به گزارش", "O"),
                (body, "ORG"),
                ("،", "O"),
                (person, "PER"),
                ("در", "O"),
                (place, "LOC"),
                ("گفت", "O"),
            ],
            1 => &[("آقای", "O"), (person, "PER"), ("رئیس", "O"), (body, "ORG"), ("شد", "O"), (".", "O")],
            2 => &[("باران در", "O"), (place, "LOC"), ("و", "O"), (PLACES[draw(10)], "LOC"), ("بارید", "O")],
            3 => &[("مردم", "O"), (place, "LOC"), ("از", "O"), (body, "ORG"), ("راضی هستند", "O")],
            _ => &[("امروز هوا آفتابی است و خبری نیست", "O")],
        };
        for (words, label) in sentence {
            for (at, word) in words.split(' ').enumerate() {
                let prefix = match (*label, at) {
                    ("O", _) => "",
                    (_, 0) => "B-",
                    _ => "I-",
                };
                writeln!(lines, "{word}\t{prefix}{label}").unwrap();
            }
        }
        lines.push('\n');
    }
    articles_from_tagged_lines(&lines, 5.try_into().unwrap()).0
}

fn played(engines: &[Engine]) -> Played {
    let folder = tempfile::tempdir().unwrap();
    let silent = Engine::ALL.into_iter().filter(|engine| !engines.contains(engine));
    let settings = Settings {
        annotator: "simulation".into(),
        silent: silent.map(|engine| engine.name().to_owned()).collect(),
        ..Settings::default()
    };
    play(&folder.path().join("a.barchasb"), &corpus(), settings, 0.5, || {}).unwrap()
}

/// The actions of a run for each mention, in hundredths, must not be more than `most`.
#[track_caller]
fn check(engines: &[Engine], most: u64) {
    let total = played(engines).total();
    let hundredths = (total.actions.total() * 100).div_ceil(total.mentions);
    assert!(hundredths <= most, "{hundredths} hundredths of an action a mention: {total:?}");
    assert_eq!(total.articles, 60);
}

#[test]
fn nothing_but_hands_costs_less_than_two_actions_a_mention() {
    check(&[], 160);
}

#[test]
fn the_engines_keep_what_they_save() {
    check(&[Engine::Lexicon, Engine::Tagger], 40);
}

#[test]
fn the_same_corpus_costs_the_same_every_time() {
    let engines = [Engine::Lexicon, Engine::Tagger];
    assert_eq!(played(&engines).parts, played(&engines).parts);
}
