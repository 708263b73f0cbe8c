//! The lexicon: what this project has labelled, and what it has turned down.
//!
//! Owns the names that layers teach, their counts, and the suggestions drawn from them. It must not keep anything on the disk: it is
//! learned again from the layers when a project is opened. What it has learned it can unlearn exactly, so that a layer that changed is
//! unlearned as it was and learned as it is.
//!
//! Names of one [`key`](crate::domain::name::Name::key) share their counts. A name with a ZWNJ is known by two spellings, with nothing and with a
//! space in its place. Against a name speak the places in finished articles where its spelling stands and no mention touches it:
//! these are counted over all finished articles, also those that were learned before the name was.

use crate::domain::article::{Article, ArticleId};
use crate::domain::label::LabelId;
use crate::domain::name_view::{NameView, NameWord};
use crate::domain::offset::Span;
use crate::domain::snap::snap_to_words;
use crate::domain::suggestion::{Engine, Reason, Rejection, Suggestion};
use crate::suggest::evidence::Evidence;
use crate::suggest::finished_words::{Around, FinishedWords, Place, Seen, place};
use crate::suggest::known_text::Text;
use crate::suggest::suggester::{Stop, Suggester};
use crate::suggest::word_trie::{Node, PathId, WordId, WordTrie, Words};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// The number of an entry: one name in all its spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct EntryId(u32);

/// One spelling of a name.
#[derive(Clone, Copy, Debug)]
struct Spelling {
    entry: EntryId,
    /// How many mentions are spelt so.
    mentions: u32,
    /// How often it stands in finished articles where no mention touches it.
    open: u32,
    /// How often it stands there inside or across a mention that is not it.
    inside: u32,
}

/// A rejected label, and between which words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Turned {
    label: LabelId,
    around: Around,
    times: u32,
}

/// One name.
#[derive(Clone, Debug, Default)]
struct Entry {
    labels: Vec<(LabelId, u32)>,
    rejections: Vec<Turned>,
    spellings: Vec<PathId>,
}

/// Before or after a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Side {
    Before,
    After,
}

/// Whether counts grow or shrink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Learn,
    Unlearn,
}

impl Change {
    fn apply(self, count: &mut u32) {
        *count = match self {
            Self::Learn => count.saturating_add(1),
            Self::Unlearn => count.saturating_sub(1),
        };
    }
}

/// What a layer says of an article.
#[derive(Clone, Copy, Debug)]
pub struct Lesson<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its mentions.
    pub mentions: &'a [(Span, LabelId)],
    /// What was turned down in it.
    pub rejections: &'a [Rejection],
    /// Whether the annotator is done with it: what is unlabelled then speaks against names.
    pub finished: bool,
}

/// The names that a project's layers teach.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    words: Words,
    trie: WordTrie,
    /// By path of the tree.
    spellings: Vec<Spelling>,
    entries: Vec<Entry>,
    by_key: FxHashMap<Box<str>, EntryId>,
    finished: FinishedWords,
    /// How often a word stood beside a name that was a mention, and beside one that was none.
    beside: FxHashMap<(EntryId, Side, WordId), [u32; 2]>,
    /// How often a name is labelled in an article that is not finished.
    here: FxHashMap<(ArticleId, EntryId), u32>,
}

impl Lexicon {
    /// A lexicon that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many names have a label.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.iter().filter(|entry| entry.labels.iter().any(|(_, times)| *times > 0)).count()
    }

    /// Whether no name has a label.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes in what a layer says. A mention that begins or ends inside a word teaches no name.
    pub fn learn(&mut self, lesson: &Lesson<'_>) {
        self.change(lesson, Change::Learn);
    }

    /// Takes out what was learned from the same lesson.
    pub fn unlearn(&mut self, lesson: &Lesson<'_>) {
        self.change(lesson, Change::Unlearn);
    }

    fn change(&mut self, lesson: &Lesson<'_>, change: Change) {
        let view = NameView::new(lesson.article.text());
        let words = self.words.add_all(&view);
        for (span, label) in lesson.mentions {
            if let Some(range) = words_of(lesson.article, &view, *span) {
                let entry = self.change_mention(&view, &words, range, *label, change);
                if let Some(entry) = entry.filter(|_| !lesson.finished) {
                    let times = self.here.entry((lesson.article.id(), entry)).or_default();
                    change.apply(times);
                    if *times == 0 {
                        self.here.remove(&(lesson.article.id(), entry));
                    }
                }
            }
        }
        for rejection in lesson.rejections {
            if let Some(range) = words_of(lesson.article, &view, rejection.span) {
                self.change_rejection(&view, &words, range, rejection.label, change);
            }
        }
        if lesson.finished {
            self.change_finished(lesson, &view, &words, change);
        }
    }

    fn change_mention(
        &mut self,
        view: &NameView,
        words: &[WordId],
        range: Range<usize>,
        label: LabelId,
        change: Change,
    ) -> Option<EntryId> {
        let id = self.know(view, words, range.clone(), change)?;
        self.change_beside(id, around(words, &range), 0, change);
        if let Some(entry) = self.entries.get_mut(id.0 as usize) {
            let at = entry.labels.iter().position(|(known, _)| *known == label).unwrap_or_else(|| {
                entry.labels.push((label, 0));
                entry.labels.len() - 1
            });
            entry.labels.get_mut(at).into_iter().for_each(|(_, times)| change.apply(times));
            entry.labels.retain(|(_, times)| *times > 0);
        }
        Some(id)
    }

    fn change_rejection(
        &mut self,
        view: &NameView,
        words: &[WordId],
        range: Range<usize>,
        label: LabelId,
        change: Change,
    ) {
        let Some((first, last)) = edges(view, &range) else { return };
        let id = self.entry(view, first, last);
        let Some(entry) = self.entries.get_mut(id.0 as usize) else { return };
        let around = around(words, &range);
        let same = |turned: &Turned| turned.label == label && turned.around == around;
        let at = entry.rejections.iter().position(same).unwrap_or_else(|| {
            entry.rejections.push(Turned { label, around, times: 0 });
            entry.rejections.len() - 1
        });
        entry.rejections.get_mut(at).into_iter().for_each(|turned| change.apply(&mut turned.times));
        entry.rejections.retain(|turned| turned.times > 0);
    }

    /// What stands open in a finished article.
    fn change_finished(&mut self, lesson: &Lesson<'_>, view: &NameView, words: &[WordId], change: Change) {
        let mut covered = vec![false; words.len()];
        let mut mentions = FxHashSet::default();
        for (span, _) in lesson.mentions {
            mentions.extend(words_of(lesson.article, view, *span));
            if let Some(bytes) = lesson.article.bytes_from_span(*span) {
                covered.get_mut(view.words_touched(bytes)).into_iter().flatten().for_each(|word| *word = true);
            }
        }
        let seen: Vec<Seen> = words.iter().zip(covered).map(|(word, covered)| Seen::new(*word, covered)).collect();
        if change == Change::Unlearn && !self.finished.take(lesson.article.id(), &seen) {
            return;
        }
        let mut found = Vec::new();
        self.trie.each(words, |start, len, path| {
            if !mentions.contains(&(start..start + len)) {
                found.push((path, place(&seen, start, len)));
            }
        });
        for (path, place) in found {
            self.change_unlabelled(path, place, change);
        }
        if change == Change::Learn {
            self.finished.put(lesson.article.id(), seen);
        }
    }

    fn change_unlabelled(&mut self, path: PathId, place: Place, change: Change) {
        if let Some(spelling) = self.spellings.get_mut(path.index()) {
            change.apply(if place.is_covered { &mut spelling.inside } else { &mut spelling.open });
            let entry = spelling.entry;
            self.change_beside(entry, place.around, 1, change);
        }
    }

    fn change_beside(&mut self, entry: EntryId, around: Around, which: usize, change: Change) {
        for (side, word) in [(Side::Before, around.before), (Side::After, around.after)] {
            let counts = self.beside.entry((entry, side, word)).or_default();
            counts.get_mut(which).into_iter().for_each(|count| change.apply(count));
            if *counts == [0, 0] {
                self.beside.remove(&(entry, side, word));
            }
        }
    }

    /// Counts one mention of the words in `range` to each of their spellings, and makes these known.
    fn know(&mut self, view: &NameView, words: &[WordId], range: Range<usize>, change: Change) -> Option<EntryId> {
        let (first, last) = edges(view, &range)?;
        let entry = self.entry(view, first, last);
        let joined = words.get(range.clone())?.to_vec();
        let mut parts = Vec::with_capacity(joined.len());
        for word in view.words().get(range)? {
            parts.extend(view.parts(word).map(|part| self.words.add(part)));
        }
        let both = (parts != joined).then_some(parts);
        for path in [Some(joined), both].into_iter().flatten() {
            self.know_spelling(entry, &path, change);
        }
        Some(entry)
    }

    fn know_spelling(&mut self, entry: EntryId, words: &[WordId], change: Change) {
        let (path, is_new) = self.trie.add(words.iter().copied());
        if is_new {
            self.spellings.push(Spelling { entry, mentions: 0, open: 0, inside: 0 });
            self.entries.get_mut(entry.0 as usize).into_iter().for_each(|entry| entry.spellings.push(path));
            let mut found = Vec::new();
            self.finished.each(words, |place| found.push(place));
            found.into_iter().for_each(|place| self.change_unlabelled(path, place, Change::Learn));
        }
        self.spellings.get_mut(path.index()).into_iter().for_each(|spelling| change.apply(&mut spelling.mentions));
    }

    /// The entry for the words from `first` to `last`.
    fn entry(&mut self, view: &NameView, first: &NameWord, last: &NameWord) -> EntryId {
        let key = view.key_between(first, last);
        if let Some(known) = self.by_key.get(key) {
            return *known;
        }
        let id = EntryId(self.entries.len() as u32);
        self.entries.push(Entry::default());
        self.by_key.insert(key.into(), id);
        id
    }

    /// The known names that begin at a word.
    fn matches_at(&self, text: &Text, start: usize) -> Vec<Match> {
        let mut found = Vec::new();
        let mut open = vec![(WordTrie::ROOT, start)];
        while let Some((node, at)) = open.pop() {
            let Some(word) = text.words.get(at) else { continue };
            let joined = self.trie.step(node, *word);
            let apart = text.parts_of(at).and_then(|parts| self.steps(node, parts));
            for next in [joined, apart].into_iter().flatten() {
                found.extend(self.match_at(text, next, start..at + 1, false));
                open.push((next, at + 1));
            }
            for next in text.stems_of(at).filter_map(|stem| self.trie.step(node, *stem)) {
                found.extend(self.match_at(text, next, start..at + 1, true));
            }
        }
        found
    }

    fn steps(&self, node: Node, words: &[WordId]) -> Option<Node> {
        words.iter().try_fold(node, |node, word| self.trie.step(node, *word))
    }

    /// The match of the name that ends at a node.
    fn match_at(&self, text: &Text, node: Node, words: Range<usize>, is_suffixed: bool) -> Option<Match> {
        let spelling = self.spellings.get(self.trie.end(node)?.index()).filter(|spelling| spelling.mentions > 0)?;
        let entry = self.entries.get(spelling.entry.0 as usize)?;
        let around = around(&text.words, &words);
        let mut ranked = entry.labels.clone();
        ranked.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        let (label, times) = *ranked.first()?;
        // Labels that tie decide nothing, and nothing shorter may stand in the place of what is undecided.
        let is_tie = ranked.get(1).is_some_and(|(_, second)| *second == times);
        let of_all = |times: &dyn Fn(&Turned) -> bool| {
            entry.rejections.iter().filter(|turned| turned.label == label && times(turned)).map(|t| t.times).sum()
        };
        let spellings = entry.spellings.iter().filter_map(|path| self.spellings.get(path.index()));
        let (mut open, mut inside) = (0, 0);
        for spelling in spellings.filter(|spelling| spelling.mentions > 0) {
            open += spelling.open;
            inside += spelling.inside;
        }
        let beside = |side, word| self.beside.get(&(spelling.entry, side, word)).copied().unwrap_or_default();
        let evidence = Evidence {
            times,
            is_here: self.here.contains_key(&(text.article, spelling.entry)),
            otherwise: ranked.iter().skip(1).map(|(_, times)| times).sum(),
            inside: if is_suffixed { 0 } else { inside },
            open: if is_suffixed { self.finished.open(*text.words.get(words.end - 1)?) } else { open },
            rejected: of_all(&|_| true),
            rejected_here: of_all(&|turned| turned.around == around),
            words: words.len(),
            letters: text.letters.get(words.clone()).into_iter().flatten().copied().max().unwrap_or(0),
            before: beside(Side::Before, around.before),
            after: beside(Side::After, around.after),
            is_suffixed,
        };
        Some(Match { words, label, evidence, is_tie })
    }
}

impl Suggester for Lexicon {
    fn engine(&self) -> Engine {
        Engine::Lexicon
    }

    fn suggest(&self, article: &Article, stop: &Stop) -> Vec<Suggestion> {
        let view = NameView::new(article.text());
        let text = Text::new(&self.words, article.id(), &view);
        let mut suggestions = Vec::new();
        let mut at = 0;
        while at < text.words.len() && !stop.is_set() {
            let Some(found) = self.matches_at(&text, at).into_iter().max_by_key(Match::rank) else {
                at += 1;
                continue;
            };
            at = found.words.end;
            suggestions.extend(found.suggestion(article, &view));
        }
        suggestions
    }
}

/// A known name in a text.
#[derive(Clone, Debug)]
struct Match {
    words: Range<usize>,
    label: LabelId,
    evidence: Evidence,
    is_tie: bool,
}

impl Match {
    /// The one with more words goes before; of two the one without a suffix.
    fn rank(&self) -> (usize, bool) {
        (self.words.end, !self.evidence.is_suffixed)
    }

    fn suggestion(&self, article: &Article, view: &NameView) -> Option<Suggestion> {
        let (first, last) = edges(view, &self.words)?;
        let offsets = article.offsets();
        let span = Span::new(offsets.char_from_byte(first.span.start)?, offsets.char_from_byte(last.span.end)?);
        let Evidence { times, open, rejected, .. } = self.evidence;
        (!self.is_tie).then(|| Suggestion {
            span,
            label: self.label,
            engine: Engine::Lexicon,
            confidence: self.evidence.confidence(),
            reason: Reason::Labelled { times, against: open.saturating_add(rejected) },
        })
    }
}

/// The words of a mention, without the signs at its edges; `None` when it begins or ends inside a word.
fn words_of(article: &Article, view: &NameView, span: Span) -> Option<Range<usize>> {
    let bytes = article.bytes_from_span(span)?;
    let snapped = snap_to_words(article.text(), bytes)?;
    let is_inside = bytes.start <= snapped.start && snapped.end <= bytes.end;
    is_inside.then(|| view.words_inside(snapped)).filter(|range| !range.is_empty())
}

fn edges<'a>(view: &'a NameView, range: &Range<usize>) -> Option<(&'a NameWord, &'a NameWord)> {
    view.words().get(range.clone()).and_then(|words| words.first().zip(words.last()))
}

fn around(words: &[WordId], range: &Range<usize>) -> Around {
    Around::new(|at| words.get(at).copied(), range.start, range.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::Direction;
    use uuid::Uuid;

    const PER: LabelId = LabelId(Uuid::from_u128(1));
    const ORG: LabelId = LabelId(Uuid::from_u128(2));

    /// An article, its mentions between `[P ` or `[O ` and `]`, its rejections between `{P ` or `{O ` and `}`.
    fn drawn(number: u128, drawn: &str) -> (Article, Vec<(Span, LabelId)>, Vec<Rejection>) {
        let (mut text, mut mentions, mut rejections) = (String::new(), Vec::new(), Vec::new());
        let mut open = None;
        let mut chars = drawn.chars();
        while let Some(c) = chars.next() {
            let at = text.chars().count();
            match c {
                '[' | '{' => {
                    open = Some((at, if chars.next() == Some('P') { PER } else { ORG }));
                    chars.next();
                }
                ']' | '}' => {
                    let (start, label) = open.take().unwrap();
                    let span = Span::from_chars(start, at);
                    match c {
                        ']' => mentions.push((span, label)),
                        _ => rejections.push(Rejection { span, label, engine: Engine::Tagger }),
                    }
                }
                c => text.push(c),
            }
        }
        let id = ArticleId(Uuid::from_u128(number));
        let article = Article::new(id, number.to_string(), &text, String::new(), Direction::Auto).unwrap();
        (article, mentions, rejections)
    }

    fn change(lexicon: &mut Lexicon, number: u128, text: &str, finished: bool, change: Change) {
        let (article, mentions, rejections) = drawn(number, text);
        let lesson = Lesson { article: &article, mentions: &mentions, rejections: &rejections, finished };
        lexicon.change(&lesson, change);
    }

    /// A lexicon that has learned these as finished articles.
    fn taught(texts: &[&str]) -> Lexicon {
        let mut lexicon = Lexicon::new();
        (0..).zip(texts).for_each(|(number, text)| change(&mut lexicon, number, text, true, Change::Learn));
        lexicon
    }

    fn suggestions(lexicon: &Lexicon, text: &str) -> Vec<Suggestion> {
        lexicon.suggest(&drawn(999, text).0, &Stop::default())
    }

    /// What is suggested in `text`, drawn as above, with its reason.
    fn check(lexicon: &Lexicon, text: &str, expected: &[&str]) {
        let (article, ..) = drawn(999, text);
        let found: Vec<String> = suggestions(lexicon, text)
            .iter()
            .map(|found| {
                let Reason::Labelled { times, against } = found.reason else { unreachable!() };
                let label = if found.label == PER { "P" } else { "O" };
                format!("{label} {} {times}-{against}", article.surface(found.span).unwrap())
            })
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn names_are_suggested_where_they_stand_whole() {
        let lexicon = taught(&["[P علی موسوی] و [O ناجا] و [O ناجا]"]);
        check(&lexicon, "«علي موسوي»، ناجاوند ناجا.", &["P علي موسوي 1-0", "O ناجا 2-0"]);
        check(&lexicon, "علی و موسوی", &[]);
        assert_eq!(lexicon.len(), 2);
    }

    #[test]
    fn the_longest_name_wins() {
        let lexicon = taught(&["[P تهران] [O دانشگاه تهران] [P شمال]"]);
        check(&lexicon, "دانشگاه تهران شمال تهران", &["O دانشگاه تهران 1-0", "P شمال 1-0", "P تهران 1-0"]);
    }

    #[test]
    fn what_stands_unlabelled_counts_whenever_it_was_learned() {
        let (with, without) = ("[P مهر] گفت", "در مهر و مهر آمد");
        for texts in [[with, without], [without, with]] {
            check(&taught(&texts), "مهر", &["P مهر 1-2"]);
        }
        let mut lexicon = taught(&[with]);
        change(&mut lexicon, 5, without, false, Change::Learn);
        check(&lexicon, "مهر", &["P مهر 1-0"]);
    }

    #[test]
    fn labels_that_tie_decide_nothing() {
        check(&taught(&["[P مهر] [O مهر]"]), "مهر", &[]);
        check(&taught(&["[P مهر] [O مهر] [O مهر]"]), "مهر", &["O مهر 2-0"]);
    }

    #[test]
    fn rejections_are_remembered_most_in_their_place() {
        let labelled = "[P مهر] [P مهر] [P مهر]";
        let sure = |lexicon: &Lexicon, text: &str| suggestions(lexicon, text)[0].confidence;
        let (never, once) = (taught(&[labelled]), taught(&[labelled, "ماه {P مهر} گذشت"]));
        assert!(sure(&once, "آقای مهر آمد") < sure(&never, "آقای مهر آمد"));
        assert!(sure(&once, "ماه مهر گذشت") < sure(&once, "آقای مهر آمد"));
        // The rejected place stands unlabelled too.
        check(&once, "مهر", &["P مهر 3-2"]);
    }

    #[test]
    fn spellings_with_and_without_zwnj_are_one_name() {
        let lexicon = taught(&["[P علی\u{200C}اکبر] و [P دریا دل]"]);
        check(&lexicon, "علی اکبر", &["P علی اکبر 1-0"]);
        check(&lexicon, "علیاکبر، علی\u{200C}اکبر", &["P علیاکبر 1-0", "P علی\u{200C}اکبر 1-0"]);
        check(&lexicon, "دریا\u{200C}دل در یا دل", &["P دریا\u{200C}دل 1-0"]);
    }

    #[test]
    fn suffixes_are_suggested_with_less_confidence() {
        let lexicon = taught(&["[O پلیس] [O پلیس]"]);
        check(&lexicon, "پلیس\u{200C}ها", &["O پلیس\u{200C}ها 2-0"]);
        assert!(suggestions(&lexicon, "پلیسهای")[0].confidence < suggestions(&lexicon, "پلیس")[0].confidence);
    }

    #[test]
    fn a_mention_inside_a_word_teaches_nothing() {
        let lexicon = taught(&["[O ناجا]یی"]);
        assert!(lexicon.is_empty());
        check(&lexicon, "ناجا ناجایی", &[]);
    }

    #[test]
    fn unlearning_takes_back_exactly_what_was_learned() {
        let kept = ["[P مهر] در [O ناجا\u{200C}یی] و مهر", "مهر ماه {O مهر} و ناجا یی", "[O مهر ناجا]"];
        let gone = ["[O مهر] و [P ناجا یی] و {P مهر}", "[P ماه] مهر ناجا", "ماه"];
        let text = "مهر و ناجایی و ناجا یی در ماه مهر ناجا";
        let expected = suggestions(&taught(&kept), text);
        for finished in [true, false] {
            let mut lexicon = Lexicon::new();
            for (number, (kept, gone)) in (0..).zip(kept.iter().zip(gone)) {
                change(&mut lexicon, 10 + number, gone, finished, Change::Learn);
                change(&mut lexicon, number, kept, true, Change::Learn);
            }
            (0..).zip(gone).for_each(|(n, gone)| change(&mut lexicon, 10 + n, gone, finished, Change::Unlearn));
            assert_eq!(suggestions(&lexicon, text), expected);
            assert!(lexicon.beside.values().all(|counts| *counts != [0, 0]), "what counts nothing takes no room");
        }
    }
}
