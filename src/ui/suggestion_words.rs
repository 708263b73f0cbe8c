//! What is said of a suggestion: its label, why it is made, how likely it is, and which engine makes it.
//!
//! Owns the way from facts to messages. It must not contain a sentence, nor draw.

use crate::domain::label::Label;
use crate::domain::suggestion::{Engine, Reason, Suggestion};
use crate::session::advice::Chosen;
use crate::session::state::{OpenArticle, OpenProject};
use crate::words::locale::Locale;
use crate::words::message::Message;

/// What a label is called on the screen: its title, or its name where it has none.
#[must_use]
pub fn label_title(label: &Label) -> &str {
    if label.title.trim().is_empty() { &label.name } else { &label.title }
}

/// What an engine is called: an id of the locale files.
#[must_use]
pub fn engine_words(engine: Engine) -> &'static str {
    match engine {
        Engine::Lexicon => "engine-lexicon",
        Engine::Gazetteer => "engine-gazetteer",
        Engine::Tagger => "engine-tagger",
        Engine::External => "engine-external",
        Engine::Import => "engine-import",
    }
}

/// Why a suggestion is made.
#[must_use]
pub fn reason(reason: &Reason) -> Message {
    match reason {
        Reason::Labelled { times, against: 0 } => Message::new("reason-always").number("times", *times),
        Reason::Labelled { times, against } => {
            Message::new("reason-labelled").number("times", *times).number("against", *against)
        }
        Reason::Listed { list } => Message::new("reason-listed").text("list", &**list),
        Reason::Learned => Message::new("reason-learned"),
        Reason::Said { by } => Message::new("reason-said").text("by", &**by),
    }
}

/// A suggestion in one line: «سازمان — ۱۴ بار چنین برچسب خورده، ۲ بار نه · ۹۳٪ · واژه‌نامه».
#[must_use]
pub fn told(project: &OpenProject, suggestion: &Suggestion) -> Message {
    let label = project.label(suggestion.label).map_or("?", label_title);
    Message::new("suggestion-told")
        .text("label", label)
        .part("reason", reason(&suggestion.reason))
        .number("percent", suggestion.confidence.percent())
        .part("engine", Message::new(engine_words(suggestion.engine)))
}

/// The chosen suggestion of the open article with its text, for who cannot see it; `None` when none is chosen.
#[must_use]
pub fn chosen_aloud(locale: &Locale, project: &OpenProject, open: &OpenArticle) -> Option<String> {
    let Chosen { suggestion, span } = open.advice.chosen()?;
    let surface = open.article.surface(*span)?;
    let message = Message::new("suggestion-aloud").text("surface", surface).part("told", told(project, suggestion));
    Some(locale.message(&message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::language::Language;

    fn check(of: Reason, persian: &str, english: &str) {
        let message = reason(&of);
        let plain = |language| Locale::new(language).message(&message).replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!((plain(Language::Persian), plain(Language::English)), (persian.to_owned(), english.to_owned()));
    }

    #[test]
    fn every_reason_is_told_in_both_languages() {
        let labelled = |times, against| Reason::Labelled { times, against };
        check(labelled(14, 2), "۱۴ بار چنین برچسب خورده، ۲ بار نه", "labelled so 14 times, 2 times not");
        check(labelled(14, 1), "۱۴ بار چنین برچسب خورده، ۱ بار نه", "labelled so 14 times, once not");
        check(labelled(1, 0), "۱ بار چنین برچسب خورده", "labelled so once");
        check(labelled(3, 0), "۳ بار چنین برچسب خورده", "labelled so 3 times");
        check(Reason::Listed { list: "شهرها".into() }, "در فهرست «شهرها» هست", "listed in “شهرها”");
        check(Reason::Learned, "به آنچه چنین برچسب خورده می‌ماند", "looks like what was labelled so");
        check(Reason::Said { by: "spaCy".into() }, "گفتهٔ spaCy", "said by spaCy");
    }

    #[test]
    fn every_engine_has_words() {
        for language in [Language::Persian, Language::English] {
            let locale = Locale::new(language);
            assert!(Engine::ALL.into_iter().all(|engine| locale.words(engine_words(engine)) != engine_words(engine)));
        }
    }
}
