//! What formats and the ways of writing them are called.
//!
//! Owns the ids of the locale files for them; a format has its words by its name (a test holds that every one has some).

use crate::domain::projection::{Align, Nesting};
use crate::domain::tag_scheme::TagScheme;
use crate::exchange::rehearsal::Loss;
use crate::formats::foreign::Held;
use crate::formats::format::{Format, Unit};
use crate::words::locale::Locale;
use crate::words::message::Message;

/// What a project of this program has besides texts and mentions, as a format may lack it.
const OURS: [Held; 9] = [
    Held::Overlap,
    Held::Nesting,
    Held::Note,
    Held::Status,
    Held::Annotator,
    Held::SecondLayer,
    Held::Suggestion,
    Held::Meta,
    Held::Name,
];

/// What a format is called.
#[must_use]
pub fn title(locale: &Locale, format: Format) -> String {
    locale.words(&format!("format-{}", format.name))
}

/// What a format is, in a few words.
#[must_use]
pub fn what(locale: &Locale, format: Format) -> String {
    locale.words(&format!("format-{}-what", format.name))
}

/// A sentence of what a format cannot hold of a project.
#[must_use]
pub fn lacks(locale: &Locale, format: Format) -> String {
    if format.unit == Unit::None {
        return locale.words("format-lacks-mentions");
    }
    let lacked = OURS.into_iter().filter(|held| !format.holds(*held)).map(Message::from);
    let joined = lacked.reduce(|first, second| Message::new("joined").part("first", first).part("second", second));
    match joined {
        Some(what) => locale.message(&Message::new("format-lacks").part("what", what)),
        None => locale.words("format-lacks-nothing"),
    }
}

/// What becomes of edges inside tokens: an id of the locale files.
#[must_use]
pub fn align_words(align: Align) -> &'static str {
    match align {
        Align::Expand => "align-expand",
        Align::Contract => "align-contract",
        Align::Strict => "align-strict",
    }
}

/// What becomes of nested mentions: an id of the locale files.
#[must_use]
pub fn nesting_words(nesting: Nesting) -> &'static str {
    match nesting {
        Nesting::Outermost => "nesting-outermost",
        Nesting::Innermost => "nesting-innermost",
        Nesting::Columns => "nesting-columns",
    }
}

/// How tags are written: an id of the locale files.
#[must_use]
pub fn scheme_words(scheme: TagScheme) -> &'static str {
    match scheme {
        TagScheme::Bio => "scheme-bio",
        TagScheme::Iob1 => "scheme-iob1",
        TagScheme::Bioes => "scheme-bioes",
        TagScheme::Bilou => "scheme-bilou",
    }
}

/// What an export would lose.
#[must_use]
pub fn loss_words(loss: Loss, count: u64) -> Message {
    let message = match loss {
        Loss::LeftOut(what) => Message::new("loss-left-out").part("what", what),
        Loss::Mentions => Message::new("loss-mentions"),
        Loss::Mention(what) => Message::new("loss-mention").part("what", what),
        Loss::Moved => Message::new("loss-moved"),
        Loss::CarriedLost(what) => Message::new("loss-carried").part("what", what),
        Loss::Uncountable => Message::new("loss-uncountable"),
        Loss::Other => Message::new("loss-other"),
    };
    message.number("count", count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::FORMATS;
    use crate::words::language::Language;

    #[test]
    fn every_format_has_words_in_both_languages() {
        let mut missing = Vec::new();
        for language in [Language::Persian, Language::English] {
            let locale = Locale::new(language);
            for format in FORMATS {
                for (id, words) in [
                    (format!("format-{}", format.name), title(&locale, *format)),
                    (format!("format-{}-what", format.name), what(&locale, *format)),
                ] {
                    if words == id {
                        missing.push(format!("{language:?}: {id}"));
                    }
                }
                assert!(!lacks(&locale, *format).contains("held-"), "{}", format.name);
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn what_a_format_lacks_is_a_sentence() {
        let english = Locale::new(Language::English);
        assert_eq!(lacks(&english, Format::TEXT), "Holds the texts alone, no mentions.");
        assert!(lacks(&english, Format::JSONL).starts_with("Does not hold "), "{}", lacks(&english, Format::JSONL));
    }
}
