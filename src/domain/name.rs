//! Names: when two surfaces are the same name, and where a name stands in a text.
//!
//! Owns the *same name* rule, which same mentions, lexicon, gazetteers and search share. It must not know labels, nor who asks.
//!
//! The rule: surfaces are compared folded ([`fold`](crate::domain::fold)), letter by letter. Between two letters stands
//! nothing, a ZWNJ or white space; these must agree, but a ZWNJ on either side agrees with all three. So ناجا‌یی is the same name as
//! ناجایی and as ناجا یی, while these two are not the same: دریا is not در یا. White space beside a punctuation mark counts for nothing,
//! the mark itself does. A name stands at whole words alone ([`token`](crate::domain::token)), never inside a longer one.

use crate::domain::name_view::NameView;
use crate::domain::offset::ByteSpan;
use crate::domain::snap::snap_to_words;

/// What stands between two letters of a name or a text, where it is not nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Joint {
    /// White space.
    Space,
    /// A ZWNJ: nothing or white space, as one likes.
    Zwnj,
}

/// A joint and the byte of the key before which it stands.
pub(crate) type JointAt = (u32, Joint);

/// How surely a place in a text is the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Its words are the name's.
    Whole,
    /// The last word has a suffix more: a plural, a pronoun or a verb's ending ([`SUFFIXES`]).
    Suffixed,
    /// The last word goes on in any way, as when a name is being typed into a search.
    Prefix,
}

/// What the last word of a name may have more in [`Tier::Suffixed`], with or without a ZWNJ before it.
pub const SUFFIXES: [&str; 13] = ["ها", "های", "هایی", "ی", "یی", "م", "ت", "ش", "مان", "تان", "شان", "ام", "اند"];

/// A name: what a mention's surface says, however it is spelt.
///
/// ```
/// use barchasb::domain::name::Name;
/// let name = |surface| Name::from_surface(surface).unwrap();
/// assert!(name("«ناجا\u{200C}يي»").is_same(&name("ناجایی")));
/// assert!(name("ناجا\u{200C}یی").is_same(&name("ناجا\u{A0}یی")));
/// assert!(!name("دریا").is_same(&name("در یا")));
/// assert_eq!(Name::from_surface(" (،) "), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    key: Box<str>,
    joints: Box<[JointAt]>,
}

impl Name {
    /// The name that `surface` says: whole words, without the quotes, punctuation and spaces at its edges (as
    /// [`snap_to_words`] sheds them: ۲۰٪ keeps its sign). `None` when nothing is left.
    #[must_use]
    pub fn from_surface(surface: &str) -> Option<Self> {
        let words = snap_to_words(surface, ByteSpan::from_bytes(0, surface.len()))?.slice(surface)?;
        let view = NameView::new(words);
        let (first, last) = (view.words().first()?, view.words().last()?);
        let inner = ByteSpan::new(first.span.start, last.span.end);
        if inner.len_bytes() < words.len() {
            // A tatweel by itself stood at an edge.
            return Self::from_surface(inner.slice(words)?);
        }
        Some(Self { key: view.key().into(), joints: view.joints().into() })
    }

    /// The name made of these parts of a text.
    pub(crate) fn from_parts(key: &str, joints: Box<[JointAt]>) -> Self {
        Self { key: key.into(), joints }
    }

    /// Its folded letters, digits and marks alone, without ZWNJ and spaces: the three spellings ناجا‌یی, ناجایی and ناجا یی have one
    /// key. The same name has the same key; the reverse holds but for spaces ([`is_same`](Self::is_same) looks at them too).
    ///
    /// ```
    /// use barchasb::domain::name::Name;
    /// let keys = ["نيروی\u{A0}انتظامی", "نیروی\u{200C}انتظامی"].map(|s| Name::from_surface(s).unwrap().key().to_owned());
    /// assert_eq!(keys, ["نیرویانتظامی", "نیرویانتظامی"]);
    /// ```
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its folded spelling: one space for white space, nothing for a ZWNJ.
    ///
    /// ```
    /// use barchasb::domain::name::Name;
    /// assert_eq!(Name::from_surface("نیم\u{200C}روز ۲۹\u{A0}دي").unwrap().spelling(), "نیمروز 29 دی");
    /// ```
    #[must_use]
    pub fn spelling(&self) -> String {
        let mut out = String::with_capacity(self.key.len() + self.joints.len());
        let mut done = 0;
        for (at, _) in self.joints.iter().filter(|(_, joint)| *joint == Joint::Space) {
            out.push_str(self.key.get(done..*at as usize).unwrap_or_default());
            out.push(' ');
            done = *at as usize;
        }
        out.push_str(self.key.get(done..).unwrap_or_default());
        out
    }

    /// Whether both are one name.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.key == other.key && self.fits(&other.joints, 0)
    }

    /// Whether the joints of a text, of which those for this name begin after byte `start` of the text's key, agree with the name's.
    /// Joints at or beyond the name's end are not looked at.
    pub(crate) fn fits(&self, text: &[JointAt], start: u32) -> bool {
        let mut ours = self.joints.iter().copied().peekable();
        let end = start.saturating_add(self.key.len() as u32);
        let mut theirs =
            text.iter().filter(|(at, _)| start < *at && *at < end).map(|(at, joint)| (at - start, *joint)).peekable();
        loop {
            let agree = match (ours.peek(), theirs.peek()) {
                (None, None) => return true,
                (Some(our), Some(their)) if our.0 == their.0 => {
                    let agree = our.1 == their.1 || our.1 == Joint::Zwnj || their.1 == Joint::Zwnj;
                    ours.next();
                    theirs.next();
                    agree
                }
                (Some(our), their) if their.is_none_or(|their| our.0 < their.0) => {
                    ours.next().is_some_and(|(_, joint)| joint == Joint::Zwnj)
                }
                _ => theirs.next().is_some_and(|(_, joint)| joint == Joint::Zwnj),
            };
            if !agree {
                return false;
            }
        }
    }

    /// The key in parts: it is parted where white space or a ZWNJ stands, and between no other letters can white space stand in
    /// another spelling of the name.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        let cuts = || self.joints.iter().map(|(at, _)| *at as usize);
        let ends = cuts().chain([self.key.len()]);
        [0].into_iter().chain(cuts()).zip(ends).filter_map(|(start, end)| self.key.get(start..end))
    }

    /// The bytes of the key that its last word begins at.
    pub(crate) fn last_word(&self) -> &str {
        let start = self.joints.iter().rfind(|(_, joint)| *joint == Joint::Space).map_or(0, |(at, _)| *at as usize);
        self.key.get(start..).unwrap_or_default()
    }

    /// Whether its last word may have a suffix: two letters at least, no number.
    pub(crate) fn takes_suffix(&self) -> bool {
        let word = self.last_word();
        word.chars().nth(1).is_some() && word.chars().next_back().is_some_and(char::is_alphabetic)
    }
}

/// A place where a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Occurrence {
    /// The raw bytes of its words, the suffix included.
    pub span: ByteSpan,
    /// How surely it is the name.
    pub tier: Tier,
}

/// Where `name` stands in `text`, in order, no two overlapping, each with the surest tier it fits, none less sure than `least`.
/// For several names in one text make one [`NameView`].
///
/// ```
/// use barchasb::domain::name::{Name, Tier, occurrences};
/// let text = "پليس، پلیسهای راه و پلیس\u{200C}ها";
/// let name = Name::from_surface("پلیس").unwrap();
/// let found = |least| occurrences(text, &name, least).iter().filter_map(|o| o.span.slice(text)).collect::<Vec<_>>();
/// assert_eq!(found(Tier::Whole), ["پليس"]);
/// assert_eq!(found(Tier::Suffixed), ["پليس", "پلیسهای", "پلیس\u{200C}ها"]);
/// ```
#[must_use]
pub fn occurrences(text: &str, name: &Name, least: Tier) -> Vec<Occurrence> {
    NameView::new(text).occurrences(name, least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fold::folded;
    use crate::domain::grapheme::arbitrary;
    use proptest::prelude::*;

    /// What is found of `name` in `text`, with its tier's first letter.
    fn check(name: &str, text: &str, expected: &[&str]) {
        let name = Name::from_surface(name).unwrap();
        let found: Vec<String> = occurrences(text, &name, Tier::Prefix)
            .iter()
            .map(|found| {
                let tier = match found.tier {
                    Tier::Whole => "=",
                    Tier::Suffixed => "+",
                    Tier::Prefix => "~",
                };
                format!("{tier}{}", found.span.slice(text).unwrap())
            })
            .collect();
        assert_eq!(found, expected, "{name:?} in {text:?}");
    }

    #[test]
    fn spellings_of_one_name() {
        check("علی موسوی", "علي\u{A0}\n موسوي و عَلی موسوی", &["=علي\u{A0}\n موسوي", "=عَلی موسوی"]);
        check("۲۹ دی", "29 دی، ٢٩ دي", &["=29 دی", "=٢٩ دي"]);
        check("Mehr News", "MEHR\u{200F} news", &["=MEHR\u{200F} news"]);
        check("صلی الله علیه وسلم", "محمد ﷺ گفت", &["=ﷺ"]);
    }

    #[test]
    fn a_zwnj_is_nothing_or_a_space() {
        let (with, joined, apart) = ("ناجا\u{200C}یی", "ناجایی", "ناجا یی");
        let text = "ناجا\u{200C}یی ناجایی ناجا یی";
        check(with, text, &["=ناجا\u{200C}یی", "=ناجایی", "=ناجا یی"]);
        check(joined, text, &["=ناجا\u{200C}یی", "=ناجایی"]);
        check(apart, text, &["=ناجا\u{200C}یی", "=ناجا یی"]);
        check("نیم\u{200C}راه شب", "نیمراه\u{200C}شب نیم راه شب", &["=نیمراه\u{200C}شب", "=نیم راه شب"]);
    }

    #[test]
    fn whole_words_alone() {
        check("مهر", "مهرماه «مهر» شهمهر", &["~مهرماه", "=مهر"]);
        check("راه", "نیم\u{200C}راه راه\u{200C}آهن", &["~راه\u{200C}آهن"]);
        check("دریا", "در یا", &[]);
        check("در یا", "دریا", &[]);
        check("ایران-عراق", "ایران عراق، ایران - عراق، ایران/عراق", &["=ایران - عراق"]);
        check("۲۰٪", "۲۰ درصد، ۲۰٪", &["=۲۰٪"]);
        check("۱۰", "۱۰٫۵ ۱۰م", &["~۱۰٫۵", "~۱۰م"]);
        check("سوم", "سوم سوم سوم", &["=سوم", "=سوم", "=سوم"]);
        check("😀", "خوب😀 بد", &["=😀"]);
    }

    #[test]
    fn suffixes_are_less_sure() {
        check("پلیس", "پلیسی پلیس\u{200C}هایی پلیسشان پلیس ها", &["+پلیسی", "+پلیس\u{200C}هایی", "+پلیسشان", "=پلیس"]);
        check("دانشگاه تهران", "دانشگاه تهرانی دانشگاهی تهران", &["+دانشگاه تهرانی"]);
        check("و", "وی", &["~وی"]);
    }

    #[test]
    fn nothing_is_no_name() {
        for surface in ["", " \u{A0}\n", "«»،", "\u{200C}", "\u{200F}", "\u{64E}"] {
            assert_eq!(Name::from_surface(surface), None, "{surface:?}");
        }
    }

    #[test]
    fn the_sample() {
        let file = include_str!("../../annotations/sardar-ashtari.json");
        let text = file.lines().find_map(|line| line.trim().strip_prefix("\"text\": ")).unwrap().replace("\\n", "\n");
        let view = NameView::new(&text);
        let count = |name, least| view.occurrences(&Name::from_surface(name).unwrap(), least).len();
        assert_eq!((count("پلیس", Tier::Whole), count("پلیس", Tier::Suffixed)), (6, 7));
        assert_eq!((count("اشتری", Tier::Whole), count("حسین اشتری", Tier::Whole)), (5, 1));
        assert_eq!(count("۹ ماه ابتدایی سال", Tier::Whole), 1);
    }

    proptest! {
        #[test]
        fn a_name_is_the_same_as_its_spelling(surface in "[آ-غف-ی A-Z۰-۹٫/.،«»(٪\u{200C}\u{200F}\u{A0}\u{64B}-\u{652}]{0,20}") {
            if let Some(name) = Name::from_surface(&surface) {
                let again = Name::from_surface(&name.spelling()).unwrap();
                prop_assert!(again.is_same(&name) && name.is_same(&again));
                prop_assert_eq!(again.spelling(), name.spelling());
                prop_assert_eq!(folded(name.key()), name.key());
            }
        }

        #[test]
        fn a_name_is_found_where_it_was_taken(before in arbitrary::text(), surface in arbitrary::text()) {
            let text = format!("{before}\n{surface}\n");
            if let Some(name) = Name::from_surface(&surface) {
                let found = occurrences(&text, &name, Tier::Whole);
                prop_assert!(!found.is_empty());
                for place in &found {
                    prop_assert!(Name::from_surface(place.span.slice(&text).unwrap()).unwrap().is_same(&name));
                }
            }
        }
    }
}
