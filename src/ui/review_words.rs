//! What is said of disputes: who says what of them, of which kind they are, how they were decided, and why.
//!
//! Owns the way from facts to messages. It must not contain a sentence, nor draw.

use crate::analysis::adjudicate::Case;
use crate::analysis::align::Kind;
use crate::domain::article::Article;
use crate::domain::decision::{Ruling, Strategy};
use crate::domain::label::LabelSet;
use crate::domain::mention::MentionKey;
use crate::exchange::topic;
use crate::session::review::{Review, Version};
use crate::session::state::OpenProject;
use crate::ui::kit::Kit;
use crate::ui::review_paint::Mark;
use crate::ui::suggestion_words::label_title;
use crate::words::locale::Locale;
use crate::words::message::Message;

/// The longest surface that is shown whole where there is little room, in code points.
const LONGEST: usize = 34;

/// Messages one after the other; `None` of nothing.
#[must_use]
pub fn listed(messages: impl IntoIterator<Item = Message>) -> Option<Message> {
    let both = |first, second| Message::new("places").part("first", first).part("second", second);
    messages.into_iter().reduce(both)
}

/// A name as a message.
#[must_use]
pub fn name_words(name: &str) -> Message {
    Message::new("review-name").text("name", name)
}

/// The letter that stands for an annotator: الف, ب, پ … or A, B, C …; after the last one of the alphabet a number.
#[must_use]
pub fn letter_words(locale: &Locale, letter: usize) -> String {
    const PERSIAN: [&str; 12] = ["الف", "ب", "پ", "ت", "ث", "ج", "چ", "ح", "خ", "د", "ذ", "ر"];
    const LATIN: [&str; 12] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"];
    let alphabet = if locale.is_rtl() { PERSIAN } else { LATIN };
    alphabet.get(letter).map_or_else(|| locale.number(letter as u64 + 1), |words| (*words).to_owned())
}

/// Who says so: a letter in a blind review, else the name.
fn who_words(locale: &Locale, review: &Review, reader: usize, letter: usize) -> Message {
    match review.readers.get(reader).filter(|_| !review.is_blind()) {
        Some(reader) => name_words(&reader.annotator.name),
        None => name_words(&letter_words(locale, letter)),
    }
}

/// How much is said of a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// Its text and its label.
    Both,
    /// Its text: all have the same label.
    Surface,
    /// Its label: all stand at the same place.
    Label,
}

impl Saying {
    /// What tells the readings of a case from each other.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let mut mentions = case.cluster.readings.iter().flatten();
        let Some(first) = mentions.next() else { return Self::Both };
        let (same_place, same_label) = mentions.fold((true, true), |(place, label), key| {
            (place && key.span == first.span, label && key.label == first.label)
        });
        match (same_place, same_label) {
            (true, _) => Self::Label,
            (false, true) => Self::Surface,
            (false, false) => Self::Both,
        }
    }
}

/// What is said in a few words: «سردار اشتری: شخص، تهران: مکان», or that it is nothing.
#[must_use]
pub fn reading_words(labels: &LabelSet, article: &Article, saying: Saying, mentions: &[MentionKey]) -> Message {
    let one = |key: &MentionKey| {
        let surface = shortened(article.surface(key.span).unwrap_or_default());
        let title = labels.get(labels.shown(key.label)).map_or("?", label_title);
        match saying {
            Saying::Both => Message::new("review-says").text("surface", surface).text("label", title),
            Saying::Surface => name_words(&surface),
            Saying::Label => name_words(title),
        }
    };
    listed(mentions.iter().map(one)).unwrap_or_else(|| Message::new("review-says-nothing"))
}

/// A version with those who say it: «الف، ب: سردار اشتری: شخص».
#[must_use]
pub fn version_words(
    locale: &Locale,
    (project, article, review): (&OpenProject, &Article, &Review),
    saying: Saying,
    version: &Version,
) -> Message {
    let readers = version.readers.iter().zip(&version.letters);
    let who = readers.map(|(reader, letter)| who_words(locale, review, *reader, *letter));
    let what = reading_words(&project.labels, article, saying, &version.mentions);
    match listed(who) {
        Some(who) => Message::new("review-who-says").part("who", who).part("what", what),
        None => what,
    }
}

/// A surface of a bearable length: its first and last words are what tells it from another.
#[must_use]
pub fn shortened(surface: &str) -> String {
    if surface.chars().count() <= LONGEST {
        return surface.to_owned();
    }
    let half = LONGEST / 2;
    let fitting = |words: &mut dyn Iterator<Item = &str>| {
        let mut length = 0;
        words
            .take_while(|word| {
                length += word.chars().count() + 1;
                length <= half + 1
            })
            .count()
    };
    let words: Vec<&str> = surface.split_whitespace().collect();
    let (head, tail) = (fitting(&mut words.iter().copied()), fitting(&mut words.iter().rev().copied()));
    if head == 0 || tail == 0 {
        // A word that is too long itself is cut where it must.
        let chars: Vec<char> = surface.chars().collect();
        let (head, tail) = (chars.iter().take(half), chars.iter().skip(chars.len() - half));
        return head.chain(['…'].iter()).chain(tail).collect();
    }
    let join = |words: &mut dyn Iterator<Item = &&str>| words.copied().collect::<Vec<_>>().join(" ");
    let head = join(&mut words.iter().take(head));
    let tail = join(&mut words.iter().skip(words.len() - tail));
    format!("{head} … {tail}")
}

/// The words for a kind of difference: an id of the locale files.
#[must_use]
pub fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Agreed => "kind-agreed",
        Kind::Boundary => "kind-boundary",
        Kind::Label => "kind-label",
        Kind::Both => "kind-both",
        Kind::Missed => "kind-missed",
        Kind::Split => "kind-split",
    }
}

/// What a dispute is about: its kind, or that nobody says any more what gold holds. An id of the locale files.
#[must_use]
pub fn case_words(case: &Case) -> &'static str {
    let is_silent = case.cluster.readings.iter().all(Vec::is_empty);
    if is_silent { "kind-silent" } else { kind_words(case.cluster.differences.kind()) }
}

/// The words for a strategy: an id of the locale files.
#[must_use]
pub fn strategy_words(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::Unanimous => "strategy-unanimous",
        Strategy::Majority => "strategy-majority",
        Strategy::Threshold => "strategy-threshold",
        Strategy::Annotator => "strategy-annotator",
        Strategy::Union => "strategy-union",
        Strategy::Intersection => "strategy-intersection",
    }
}

/// A reason as it is read: known ones have words of their own, others are a person's.
#[must_use]
pub fn reason_words(kit: &Kit<'_>, reason: &str) -> String {
    topic::reason_words(kit.locale, Some(reason))
}

/// How many disputes there are, and how many of them are decided.
#[must_use]
pub fn count_words(review: &Review) -> Message {
    let open = review.cases.iter().filter(|case| case.is_open()).count();
    let all = review.disputes().len();
    Message::new("review-count").number("count", all).number("decided", all.saturating_sub(open))
}

/// How far a case is and how it was decided; nothing while it is simply open.
#[must_use]
pub(super) fn state_words(project: &OpenProject, review: &Review, case: &Case, mark: Mark) -> Option<Message> {
    let decision = match mark {
        Mark::Open => return None,
        Mark::Reopened => return Some(Message::new("review-reopened")),
        Mark::Aside => return Some(Message::new("review-put-aside")),
        Mark::Decided => case.decision()?,
    };
    Some(match decision.ruling {
        Ruling::Taken(annotator) => {
            let known = project.annotators.iter().find(|known| known.id == annotator).filter(|_| !review.is_blind());
            known.map_or_else(|| Message::new("review-taken"), |known| name_words(&known.name))
        }
        Ruling::Nothing => Message::new("review-says-nothing"),
        Ruling::Edited => Message::new("review-edited"),
        Ruling::Strategy(strategy) => Message::new(strategy_words(strategy)),
        Ruling::Aside => Message::new("review-put-aside"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::language::Language;

    #[track_caller]
    fn check(language: Language, messages: &[(&str, &str)], expected: &str) {
        let says = |(surface, label): &(&str, &str)| {
            Message::new("review-says").text("surface", *surface).text("label", *label)
        };
        let what = listed(messages.iter().map(says)).unwrap();
        let told = Message::new("review-who-says").part("who", name_words("الف")).part("what", what);
        assert_eq!(Locale::new(language).message(&told), expected);
    }

    /// An isolate in which all is isolated has no direction of its own: none is put around another.
    #[test]
    fn each_surface_and_label_is_set_apart_and_the_sentence_is_not() {
        check(
            Language::Persian,
            &[("۸:۴۷", "زمان")],
            "\u{2068}الف\u{2069}: \u{2068}۸:۴۷\u{2069}: \u{2068}زمان\u{2069}",
        );
        check(
            Language::Persian,
            &[("BBC", "ORG"), ("تهران", "مکان")],
            "\u{2068}الف\u{2069}: \u{2068}BBC\u{2069}: \u{2068}ORG\u{2069}، \u{2068}تهران\u{2069}: \u{2068}مکان\u{2069}",
        );
        check(Language::English, &[("۸:۴۷", "TIM")], "\u{2068}الف\u{2069}: \u{2068}۸:۴۷\u{2069}: \u{2068}TIM\u{2069}");
    }

    #[test]
    fn a_long_surface_keeps_both_ends() {
        assert_eq!(shortened("سردار"), "سردار");
        let long = format!("{}{}", "ا".repeat(30), "ب".repeat(30));
        assert_eq!(shortened(&long), format!("{}…{}", "ا".repeat(17), "ب".repeat(17)));
        let event = "بیست‌ویکمین گردهمایی تخصصی معاونین اجتماعی استان‌ها و پلیس‌های تخصصی";
        assert_eq!(shortened(event), "بیست‌ویکمین … و پلیس‌های تخصصی");
    }

    #[test]
    fn letters_go_on_with_numbers() {
        let letters = |language| [0, 1, 12].map(|letter| letter_words(&Locale::new(language), letter));
        assert_eq!(letters(Language::Persian), ["الف", "ب", "۱۳"]);
        assert_eq!(letters(Language::English), ["A", "B", "13"]);
    }
}
