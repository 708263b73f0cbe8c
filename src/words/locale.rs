//! Words on the screen: Persian and English, from Fluent files, with the digits of the language.
//!
//! Owns the two bundles of words. It must not hold a sentence itself, nor lay text out.

use crate::domain::article::Direction;
use crate::words::language::Language;
use crate::words::message::{Argument, Message};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::{Locale as IcuLocale, locale};
use unic_langid::LanguageIdentifier;

/// The Persian words.
pub const FA: &str = include_str!("fa.ftl");
/// The English words.
pub const EN: &str = include_str!("en.ftl");

/// The words and digits of one language.
pub struct Locale {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    numbers: Option<DecimalFormatter>,
}

impl Locale {
    /// The words of `language`.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let (source, id, icu) = match language {
            Language::Persian => (FA, "fa", locale!("fa")),
            Language::English => (EN, "en", locale!("en")),
        };
        // A fault in a file leaves out the message concerned; the tests parse both files and allow none.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let id: LanguageIdentifier = id.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![id]);
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { language, bundle, numbers: formatter(icu) }
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The direction in which it is read.
    #[must_use]
    pub fn direction(&self) -> Direction {
        match self.language {
            Language::Persian => Direction::RightToLeft,
            Language::English => Direction::LeftToRight,
        }
    }

    /// Whether it is read from right to left.
    #[must_use]
    pub fn is_rtl(&self) -> bool {
        self.direction() == Direction::RightToLeft
    }

    /// The words with this id; the id itself when there are none (a test allows none such).
    #[must_use]
    pub fn words(&self, id: &str) -> String {
        self.format(id, None)
    }

    /// The words of a message, its numbers in the language's digits and its texts set apart from the sentence around them.
    #[must_use]
    pub fn message(&self, message: &Message) -> String {
        let mut arguments = FluentArgs::new();
        for (name, value) in &message.arguments {
            match value {
                Argument::Text(text) => arguments.set(*name, isolated(text)),
                Argument::Part(part) => arguments.set(*name, self.message(part)),
                Argument::Number(number) => {
                    // The count chooses the plural form; what is shown is `name-shown`, in the language's digits.
                    arguments.set(*name, FluentValue::from(*number));
                    arguments.set(format!("{name}-shown"), self.number(*number));
                }
            }
        }
        self.format(message.id, Some(&arguments))
    }

    fn format(&self, id: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, arguments, &mut errors).into_owned()
    }

    /// A number in the language's digits, grouped: ۱۲٬۳۴۵.
    #[must_use]
    pub fn number(&self, number: impl TryInto<i64>) -> String {
        let number = number.try_into().unwrap_or(i64::MAX);
        match &self.numbers {
            Some(formatter) => formatter.format(&Decimal::from(number)).to_string(),
            None => number.to_string(),
        }
    }

    /// A number with so many digits behind the point, in the language's digits: ۰٫۸۷. What is no number is a dash.
    #[must_use]
    pub fn decimal(&self, number: f64, digits: u8) -> String {
        if !number.is_finite() {
            return "–".to_owned();
        }
        let scaled = (number * 10_f64.powi(digits.into())).round() as i64;
        let mut decimal = Decimal::from(scaled);
        decimal.multiply_pow10(-i16::from(digits));
        match &self.numbers {
            Some(formatter) => formatter.format(&decimal).to_string(),
            None => decimal.to_string(),
        }
    }

    /// Digits of ASCII in the language's digits, everything else as it stands: no grouping.
    #[must_use]
    pub fn plain_number(&self, text: &str) -> String {
        let persian = |digit: char| digit.to_digit(10).and_then(|value| char::from_u32(0x6F0 + value)).unwrap_or(digit);
        if self.language == Language::Persian { text.chars().map(persian).collect() } else { text.to_owned() }
    }
}

fn formatter(locale: IcuLocale) -> Option<DecimalFormatter> {
    DecimalFormatter::try_new(locale.into(), Default::default()).ok()
}

/// `text` between first-strong isolates, so that it cannot reorder the sentence around it.
#[must_use]
pub fn isolated(text: &str) -> String {
    format!("\u{2068}{text}\u{2069}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Id and the names of its places, of every message in a file.
    fn keys(source: &str) -> BTreeMap<String, Vec<String>> {
        let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in source.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()) {
            if !line.starts_with([' ', '}', '[']) {
                current = line.split('=').next().unwrap_or_default().trim().to_owned();
                assert!(keys.insert(current.clone(), Vec::new()).is_none(), "twice: {current}");
            }
            let places = keys.entry(current.clone()).or_default();
            for part in line.split('$').skip(1) {
                let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                let name = name.trim_end_matches("-shown").to_owned();
                if !places.contains(&name) {
                    places.push(name);
                }
            }
            places.sort();
        }
        keys
    }

    #[test]
    fn both_files_parse_and_have_the_same_keys_and_places() {
        for source in [FA, EN] {
            FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| errors).unwrap();
        }
        assert_eq!(keys(FA), keys(EN));
    }

    fn check(language: Language, number: i64, expected: &str) {
        assert_eq!(Locale::new(language).number(number), expected);
    }

    #[test]
    fn numbers_have_the_digits_of_the_language() {
        check(Language::Persian, 12345, "۱۲٬۳۴۵");
        check(Language::English, 12345, "12,345");
        check(Language::Persian, 0, "۰");
    }
}
