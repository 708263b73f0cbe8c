//! Moving mentions from one text to another that was made from it.
//!
//! Owns where a span of the one stands in the other. It must not guess: a mention whose own words were changed is not moved.

use crate::domain::offset::{CharOffset, Span};
use crate::domain::record::ArticleRecord;
use imara_diff::{Algorithm, Diff, InternedInput};

/// A mention and where it stands in the other text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Whose; `None` when the file does not say it.
    pub annotator: Option<String>,
    /// The name of its label.
    pub label: String,
    /// Where it stood, in code points.
    pub from: Span,
    /// Where that is now; empty where nothing of it is left.
    pub to: Span,
    /// What it covered.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// What became of a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It covers what it covered.
    Moved,
    /// Other words stand there now: it was not taken.
    Changed,
    /// Nothing stands there any more: it was not taken.
    Collapsed,
}

impl Fate {
    /// The name for programs: `moved`, `changed` or `collapsed`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Collapsed => "collapsed",
        }
    }
}

impl Move {
    /// What became of it.
    #[must_use]
    pub fn fate(&self) -> Fate {
        match () {
            () if self.to.is_empty() => Fate::Collapsed,
            () if self.before == self.after => Fate::Moved,
            () => Fate::Changed,
        }
    }
}

/// The article on the text `to`, with the mentions that cover there what they covered, and what became of each mention.
///
/// ```
/// use barchasb::domain::mention::Origin;
/// use barchasb::domain::offset::Span;
/// use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
/// use barchasb::exchange::realign::{Fate, realign};
/// let mention = MentionRecord { span: Span::from_chars(0, 3), label: "PER".into(), note: None, origin: Origin::Hand };
/// let layer = LayerRecord { mentions: vec![mention], ..LayerRecord::default() };
/// let article = ArticleRecord { text: "علی آمد".into(), layers: vec![layer], ..ArticleRecord::default() };
/// let (moved, moves) = realign(&article, "دیروز علی آمد");
/// assert_eq!(moved.layers[0].mentions[0].span, Span::from_chars(6, 9));
/// assert_eq!((moves[0].after.as_str(), moves[0].fate()), ("علی", Fate::Moved));
/// ```
#[must_use]
pub fn realign(article: &ArticleRecord, to: &str) -> (ArticleRecord, Vec<Move>) {
    let shift = Shift::between(&article.text, to);
    let (old, new): (Vec<char>, Vec<char>) = (article.text.chars().collect(), to.chars().collect());
    let surface = |text: &[char], span: Span| -> String {
        text.get(span.start.get()..span.end.get()).unwrap_or_default().iter().collect()
    };
    let mut moves = Vec::new();
    let mut moved = ArticleRecord { text: to.to_owned(), ..article.clone() };
    for layer in &mut moved.layers {
        layer.mentions.retain_mut(|mention| {
            let from = mention.span;
            let to = shift.span(from);
            let one = Move {
                annotator: layer.annotator.clone(),
                label: mention.label.clone(),
                from,
                to,
                before: surface(&old, from),
                after: surface(&new, to),
            };
            let stays = one.fate() == Fate::Moved;
            mention.span = to;
            moves.push(one);
            stays
        });
    }
    (moved, moves)
}

/// A stretch that was replaced: where it was and what is there now.
struct Hunk {
    before: Span,
    after: Span,
}

/// Where the characters of one text stand in another.
struct Shift {
    /// In order of place.
    hunks: Vec<Hunk>,
}

impl Shift {
    /// The difference of two texts by words.
    fn between(from: &str, to: &str) -> Self {
        let (before, after) = (words(from), words(to));
        let mut input = InternedInput::default();
        input.update_before(before.iter().map(|word| word.text));
        input.update_after(after.iter().map(|word| word.text));
        // The algorithm whose time is bounded whatever the texts are.
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_no_heuristic(&input);
        let place =
            |words: &[Word<'_>], at: u32, end: CharOffset| words.get(at as usize).map_or(end, |word| word.start);
        let (before_end, after_end) = (end_of(&before), end_of(&after));
        let hunks = diff.hunks().map(|hunk| Hunk {
            before: Span::new(
                place(&before, hunk.before.start, before_end),
                place(&before, hunk.before.end, before_end),
            ),
            after: Span::new(place(&after, hunk.after.start, after_end), place(&after, hunk.after.end, after_end)),
        });
        Self { hunks: hunks.collect() }
    }

    /// Where a span stands: what was put in at its edges stays outside, a replaced stretch that it reaches into is whole inside.
    fn span(&self, span: Span) -> Span {
        let start = match self.around(span.start) {
            Around::Inside(hunk) => hunk.after.start,
            Around::Behind(hunk) => shifted(span.start, hunk),
        };
        if span.is_empty() {
            return Span::new(start, start);
        }
        let last = span.end.minus(1);
        let end = match self.around(last) {
            Around::Inside(hunk) => hunk.after.end,
            Around::Behind(hunk) => shifted(last, hunk).plus(1),
        };
        Span::new(start, end.max(start))
    }

    fn around(&self, at: CharOffset) -> Around<'_> {
        let behind = self.hunks.partition_point(|hunk| hunk.before.end <= at);
        match self.hunks.get(behind).filter(|hunk| hunk.before.start <= at) {
            Some(hunk) => Around::Inside(hunk),
            None => Around::Behind(behind.checked_sub(1).and_then(|before| self.hunks.get(before))),
        }
    }
}

/// Where a character stands among the hunks.
enum Around<'a> {
    /// In one.
    Inside(&'a Hunk),
    /// Behind one, or before all.
    Behind(Option<&'a Hunk>),
}

/// Where a character stands that has stayed, behind a hunk.
fn shifted(at: CharOffset, hunk: Option<&Hunk>) -> CharOffset {
    hunk.map_or(at, |hunk| hunk.after.end.plus(at.minus(hunk.before.end.get()).get()))
}

/// A run of letters and digits, or one other character.
struct Word<'a> {
    text: &'a str,
    start: CharOffset,
}

fn end_of(words: &[Word<'_>]) -> CharOffset {
    words.last().map_or(CharOffset::ZERO, |word| word.start.plus(word.text.chars().count()))
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let (mut rest, mut start) = (text, CharOffset::ZERO);
    while let Some(first) = rest.chars().next() {
        let bytes = if first.is_alphanumeric() {
            rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, behind) = rest.split_at(bytes);
        words.push(Word { text: word, start });
        start = start.plus(word.chars().count());
        rest = behind;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mention::Origin;
    use crate::domain::record::{LayerRecord, MentionRecord};
    use proptest::prelude::*;

    fn article(text: &str, spans: &[(usize, usize)]) -> ArticleRecord {
        let mention = |(start, end): &(usize, usize)| MentionRecord {
            span: Span::from_chars(*start, *end),
            label: "PER".into(),
            note: None,
            origin: Origin::Hand,
        };
        let mentions = spans.iter().map(mention).collect();
        ArticleRecord {
            text: text.to_owned(),
            layers: vec![LayerRecord { mentions, ..LayerRecord::default() }],
            ..ArticleRecord::default()
        }
    }

    /// Moves the one mention on `surface` and compares where it is, what is there and what became of it.
    fn check(from: &str, surface: &str, to: &str, expected: (usize, usize, &str, Fate)) {
        let at = from[..from.find(surface).unwrap()].chars().count();
        let (moved, moves) = realign(&article(from, &[(at, at + surface.chars().count())]), to);
        let [one] = moves.as_slice() else { panic!("{moves:?}") };
        let found = (one.to.start.get(), one.to.end.get(), one.after.as_str(), one.fate());
        assert_eq!((found, one.before.as_str()), (expected, surface));
        assert_eq!(moved.layers[0].mentions.len(), usize::from(one.fate() == Fate::Moved));
        assert_eq!(moved.text, to);
    }

    #[test]
    fn mentions_follow_their_words() {
        const TEXT: &str = "حسین اشتری به تهران رفت";
        check(TEXT, "تهران", TEXT, (14, 19, "تهران", Fate::Moved));
        check(TEXT, "تهران", "سردار حسین اشتری به تهران رفت", (20, 25, "تهران", Fate::Moved));
        check(TEXT, "تهران", "حسین به تهران رفت", (8, 13, "تهران", Fate::Moved));
        check(TEXT, "حسین اشتری", "سردار حسین اشتری رفت", (6, 16, "حسین اشتری", Fate::Moved));
        check(TEXT, "رفت", "حسین اشتری به تهران رفت.", (20, 23, "رفت", Fate::Moved));
        check(TEXT, "رفت", "حسین اشتری به تهران دیروز رفت", (26, 29, "رفت", Fate::Moved));
    }

    #[test]
    fn what_was_changed_or_is_gone_is_told() {
        const TEXT: &str = "حسین اشتری به تهران رفت";
        check(TEXT, "تهران", "حسین اشتری به شیراز رفت", (14, 19, "شیراز", Fate::Changed));
        check(TEXT, "حسین اشتری", "حسین رضا اشتری به تهران رفت", (0, 14, "حسین رضا اشتری", Fate::Changed));
        check(TEXT, "حسین اشتری", "اشتری به تهران رفت", (0, 5, "اشتری", Fate::Changed));
        check("الف تهران ب", "تهران", "الف ب", (4, 4, "", Fate::Collapsed));
    }

    #[test]
    fn texts_without_a_common_word_are_told_quickly() {
        let text = |from: u32| (from..from + 30_000).map(|n| format!("w{n} ")).collect::<String>();
        let (_, moves) = realign(&article(&text(0), &[(0, 2)]), &text(100_000));
        assert_eq!(moves[0].fate(), Fate::Changed);
    }

    proptest! {
        #[test]
        fn a_mention_that_moved_covers_what_it_covered(
            from in "[ab ]{1,30}", to in "[ab ]{0,30}", start in 0usize..30, len in 1usize..8,
        ) {
            let end = (start + len).min(from.chars().count());
            prop_assume!(start < end);
            let (moved, moves) = realign(&article(&from, &[(start, end)]), &to);
            let ends = to.chars().count();
            prop_assert!(moves[0].to.end.get() <= ends);
            for mention in &moved.layers[0].mentions {
                let cover: String = to.chars().skip(mention.span.start.get()).take(mention.span.len_chars()).collect();
                prop_assert_eq!(&cover, &moves[0].before);
            }
            if from == to {
                prop_assert_eq!(moves[0].to, moves[0].from);
            }
        }
    }
}
