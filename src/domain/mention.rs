//! Mentions and the sorted set of them that one annotator made in one article.
//!
//! Owns order, uniqueness and range queries. It must not know the text: snapping and surfaces are elsewhere.

use crate::domain::decision::Strategy;
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::offset::{CharOffset, Span};
use crate::domain::suggestion::Engine;
use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

/// Where a mention came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Origin {
    /// A person marked it.
    #[default]
    Hand,
    /// It stood in an imported file.
    Import,
    /// It came with all the same mentions of one that a person marked.
    Same,
    /// This engine suggested it, and a person accepted it as it was.
    Accepted(Engine),
    /// This engine suggested something here, and a person made this of it: another label or other edges.
    Corrected(Engine),
    /// In a gold layer: everyone who labelled the article said so.
    Unanimous,
    /// In a gold layer: an adjudicator took an annotator's reading; the decision names whose.
    Taken,
    /// In a gold layer: an adjudicator made it, or made it of something else.
    Edited,
    /// In a gold layer: this strategy decided for it.
    Decided(Strategy),
}

impl Origin {
    /// The name in the project file: `hand`, `import`, `same`, `accepted:ENGINE`, `corrected:ENGINE`, `unanimous`, `taken`, `edited` or
    /// `decided:STRATEGY`.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::Hand => "hand".into(),
            Self::Import => "import".into(),
            Self::Same => "same".into(),
            Self::Accepted(engine) => format!("accepted:{}", engine.name()).into(),
            Self::Corrected(engine) => format!("corrected:{}", engine.name()).into(),
            Self::Unanimous => "unanimous".into(),
            Self::Taken => "taken".into(),
            Self::Edited => "edited".into(),
            Self::Decided(strategy) => format!("decided:{}", strategy.name()).into(),
        }
    }

    /// The origin with this name.
    ///
    /// ```
    /// use barchasb::domain::{mention::Origin, suggestion::Engine};
    /// assert_eq!(Origin::from_name("accepted:tagger"), Some(Origin::Accepted(Engine::Tagger)));
    /// assert_eq!(Origin::from_name("accepted:"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name.split_once(':') {
            Some(("accepted", engine)) => Engine::from_name(engine).map(Self::Accepted),
            Some(("corrected", engine)) => Engine::from_name(engine).map(Self::Corrected),
            Some(("decided", strategy)) => Strategy::from_name(strategy).map(Self::Decided),
            _ => [Self::Hand, Self::Import, Self::Same, Self::Unanimous, Self::Taken, Self::Edited]
                .into_iter()
                .find(|origin| origin.name() == name),
        }
    }
}

/// What tells one mention of a layer from every other: no two share span and label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MentionKey {
    /// Where it stands.
    pub span: Span,
    /// What it is called.
    pub label: LabelId,
}

impl Ord for MentionKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for MentionKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl MentionKey {
    /// By start, the longer first, then by label: an outer mention comes before those nested in it.
    fn rank(self) -> (CharOffset, Reverse<CharOffset>, LabelId) {
        (self.span.start, Reverse(self.span.end), self.label)
    }
}

/// A labelled span by one annotator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands.
    pub span: Span,
    /// What it is called.
    pub label: LabelId,
    /// Where it came from.
    pub origin: Origin,
    /// What the annotator wrote about it; never empty.
    pub note: Option<Box<str>>,
}

impl Mention {
    /// A mention made by hand, without a note.
    #[must_use]
    pub fn new(span: Span, label: LabelId) -> Self {
        Self { span, label, origin: Origin::Hand, note: None }
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> MentionKey {
        MentionKey { span: self.span, label: self.label }
    }
}

/// The mentions of one layer: sorted, without two of the same span and label; nested and overlapping ones are welcome.
///
/// They are kept in runs of at most `RUN_MENTIONS`, each with the furthest end up to and including it, so that a change
/// moves at most one run and a look-up by place is a binary search, whatever the size of the article.
///
/// ```
/// use barchasb::domain::label::LabelId;
/// use barchasb::domain::mention::{Mention, MentionSet};
/// use barchasb::domain::offset::{CharOffset, Span};
/// let label = |n| LabelId(uuid::Uuid::from_u128(n));
/// let organisation = Mention::new(Span::from_chars(0, 13), label(1));
/// let place = Mention::new(Span::from_chars(8, 13), label(2));
/// let mentions = MentionSet::from_mentions(vec![place.clone(), organisation.clone(), place.clone()]);
/// assert_eq!(mentions.iter().collect::<Vec<_>>(), [&organisation, &place]);
/// assert_eq!(mentions.at(CharOffset::new(9)), [&place, &organisation]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct MentionSet {
    runs: Vec<Run>,
    len: usize,
}

#[derive(Clone, Debug, Default)]
struct Run {
    mentions: Vec<Mention>,
    /// The furthest end among this run's mentions.
    max_end: CharOffset,
    /// The furthest end among this run's and all earlier runs' mentions.
    max_end_so_far: CharOffset,
}

/// How many mentions a run holds at most.
const RUN_MENTIONS: usize = 256;

impl MentionSet {
    /// The set of these mentions; of two with the same span and label the first stays.
    #[must_use]
    pub fn from_mentions(mut mentions: Vec<Mention>) -> Self {
        mentions.sort_by_key(|m| m.key().rank());
        mentions.dedup_by(|b, a| a.key() == b.key());
        let len = mentions.len();
        let mut runs = Vec::with_capacity(len / (RUN_MENTIONS / 2) + 1);
        let mut rest = mentions.into_iter().peekable();
        while rest.peek().is_some() {
            let mentions: Vec<Mention> = rest.by_ref().take(RUN_MENTIONS / 2).collect();
            runs.push(Run { mentions, ..Run::default() });
        }
        let mut set = Self { runs, len };
        for index in 0..set.runs.len() {
            set.measure(index);
        }
        set.accumulate(0);
        set
    }

    fn measure(&mut self, index: usize) {
        if let Some(run) = self.runs.get_mut(index) {
            run.max_end = run.mentions.iter().map(|m| m.span.end).max().unwrap_or_default();
        }
    }

    fn accumulate(&mut self, from: usize) {
        let mut so_far =
            from.checked_sub(1).and_then(|before| self.runs.get(before)).map_or(CharOffset::ZERO, |r| r.max_end_so_far);
        for run in self.runs.iter_mut().skip(from) {
            so_far = so_far.max(run.max_end);
            run.max_end_so_far = so_far;
        }
    }

    /// How many mentions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All mentions in order: by start, the longer first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Mention> {
        self.runs.iter().flat_map(|r| &r.mentions)
    }

    /// The run in which `key` stands or would be put.
    fn run_of(&self, key: MentionKey) -> usize {
        self.runs
            .partition_point(|r| r.mentions.first().is_some_and(|m| m.key().rank() <= key.rank()))
            .saturating_sub(1)
    }

    /// The mention with this key.
    #[must_use]
    pub fn get(&self, key: MentionKey) -> Option<&Mention> {
        let run = self.runs.get(self.run_of(key))?;
        let at = run.mentions.binary_search_by_key(&key.rank(), |m| m.key().rank()).ok()?;
        run.mentions.get(at)
    }

    /// Puts `mention` in; `false` (and nothing changed) when its span and label are there already.
    pub fn insert(&mut self, mention: Mention) -> bool {
        let key = mention.key();
        if self.runs.is_empty() {
            self.runs.push(Run::default());
        }
        let index = self.run_of(key);
        let Some(run) = self.runs.get_mut(index) else { return false };
        let Err(at) = run.mentions.binary_search_by_key(&key.rank(), |m| m.key().rank()) else {
            return false;
        };
        run.mentions.insert(at, mention);
        self.len += 1;
        if run.mentions.len() > RUN_MENTIONS {
            let tail = run.mentions.split_off(RUN_MENTIONS / 2);
            self.runs.insert(index + 1, Run { mentions: tail, ..Run::default() });
            self.measure(index + 1);
        }
        self.measure(index);
        self.accumulate(index);
        true
    }

    /// Takes the mention with this key out.
    pub fn remove(&mut self, key: MentionKey) -> Option<Mention> {
        let index = self.run_of(key);
        let run = self.runs.get_mut(index)?;
        let at = run.mentions.binary_search_by_key(&key.rank(), |m| m.key().rank()).ok()?;
        let mention = run.mentions.remove(at);
        self.len -= 1;
        if run.mentions.is_empty() {
            self.runs.remove(index);
        }
        self.measure(index);
        self.accumulate(index);
        Some(mention)
    }

    /// The mentions that share at least one code point with `span`, in order.
    pub fn overlapping(&self, span: Span) -> impl Iterator<Item = &Mention> {
        let first = self.runs.partition_point(|r| r.max_end_so_far <= span.start);
        self.runs
            .get(first..)
            .unwrap_or(&[])
            .iter()
            .take_while(move |r| r.mentions.first().is_some_and(|m| m.span.start < span.end))
            .filter(move |r| r.max_end > span.start)
            .flat_map(|r| &r.mentions)
            .take_while(move |m| m.span.start < span.end)
            .filter(move |m| m.span.overlaps(span))
    }

    /// The mentions over the code point after `at`, the innermost (shortest) first.
    #[must_use]
    pub fn at(&self, at: CharOffset) -> Vec<&Mention> {
        let mut found: Vec<&Mention> = self.overlapping(Span::new(at, at.plus(1))).collect();
        found.sort_by_key(|m| (m.span.len_chars(), Reverse(m.span.start), m.label));
        found
    }

    /// The mentions with exactly this span, in order of their labels' ids.
    pub fn with_span(&self, span: Span) -> impl Iterator<Item = &Mention> {
        self.overlapping(span).filter(move |m| m.span == span)
    }

    /// The first mention that starts after `at`.
    #[must_use]
    pub fn after(&self, at: CharOffset) -> Option<&Mention> {
        let index = self.runs.partition_point(|r| r.mentions.last().is_some_and(|m| m.span.start <= at));
        let run = self.runs.get(index)?;
        run.mentions.get(run.mentions.partition_point(|m| m.span.start <= at))
    }

    /// The last mention that starts before `at`.
    #[must_use]
    pub fn before(&self, at: CharOffset) -> Option<&Mention> {
        let index =
            self.runs.partition_point(|r| r.mentions.first().is_some_and(|m| m.span.start < at)).checked_sub(1)?;
        let run = self.runs.get(index)?;
        run.mentions.get(run.mentions.partition_point(|m| m.span.start < at).checked_sub(1)?)
    }
}

impl PartialEq for MentionSet {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl Eq for MentionSet {}

/// Mentions with the labels that show, in order, each once.
///
/// ```
/// use barchasb::domain::{label::{LabelId, LabelSet}, mention::{MentionKey, shown_keys}, offset::Span};
/// let key = |start| MentionKey { span: Span::from_chars(start, 9), label: LabelId(uuid::Uuid::nil()) };
/// assert_eq!(shown_keys([key(2), key(1), key(2)].into_iter(), &LabelSet::default()), [key(1), key(2)]);
/// ```
#[must_use]
pub fn shown_keys(mentions: impl Iterator<Item = MentionKey>, labels: &LabelSet) -> Vec<MentionKey> {
    let mut mentions: Vec<MentionKey> =
        mentions.map(|key| MentionKey { label: labels.shown(key.label), ..key }).collect();
    mentions.sort_unstable();
    mentions.dedup();
    mentions
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn mention(start: usize, end: usize, label: u128) -> Mention {
        Mention::new(Span::from_chars(start, end), LabelId(Uuid::from_u128(label)))
    }

    fn check(set: &MentionSet, query: (usize, usize), expected: &[(usize, usize)]) {
        let found: Vec<(usize, usize)> = set
            .overlapping(Span::from_chars(query.0, query.1))
            .map(|m| (m.span.start.get(), m.span.end.get()))
            .collect();
        assert_eq!(found, expected, "query {query:?}");
    }

    #[test]
    fn nested_overlapping_and_stacked_mentions_are_found() {
        let set = MentionSet::from_mentions(vec![
            mention(5, 9, 1),
            mention(0, 20, 1),
            mention(5, 9, 2),
            mention(8, 12, 1),
            mention(5, 9, 1),
        ]);
        assert_eq!(set.len(), 4);
        check(&set, (5, 6), &[(0, 20), (5, 9), (5, 9)]);
        check(&set, (9, 10), &[(0, 20), (8, 12)]);
        check(&set, (20, 30), &[]);
        assert_eq!(set.at(CharOffset::new(8)).first().map(|m| m.span), Some(Span::from_chars(8, 12)));
        assert_eq!(set.with_span(Span::from_chars(5, 9)).count(), 2);
        assert_eq!(set.after(CharOffset::new(5)).map(|m| m.span.start.get()), Some(8));
        assert_eq!(set.before(CharOffset::new(5)).map(|m| m.span.start.get()), Some(0));
        assert!(set.before(CharOffset::new(0)).is_none());
    }

    proptest! {
        #[test]
        fn agrees_with_a_plain_list(
            ops in proptest::collection::vec((0usize..400, 1usize..40, 0u128..3, any::<bool>()), 0..700),
            query in (0usize..400, 1usize..50),
        ) {
            let mut set = MentionSet::default();
            let mut list: Vec<Mention> = Vec::new();
            for (start, len, label, insert) in ops {
                let m = mention(start, start + len, label);
                let there = list.iter().position(|o| o.key() == m.key());
                if insert {
                    prop_assert_eq!(set.insert(m.clone()), there.is_none());
                    if there.is_none() { list.push(m); }
                } else {
                    prop_assert_eq!(set.remove(m.key()).is_some(), there.is_some());
                    if let Some(i) = there { list.remove(i); }
                }
            }
            list.sort_by_key(|m| m.key().rank());
            prop_assert!(set.iter().eq(list.iter()));
            prop_assert_eq!(&MentionSet::from_mentions(list.clone()), &set);
            let span = Span::from_chars(query.0, query.0 + query.1);
            let found: Vec<_> = set.overlapping(span).collect();
            let expected: Vec<_> = list.iter().filter(|m| m.span.overlaps(span)).collect();
            prop_assert_eq!(found, expected);
            let at = CharOffset::new(query.0);
            prop_assert_eq!(set.after(at), list.iter().find(|m| m.span.start > at));
            prop_assert_eq!(set.before(at), list.iter().rev().find(|m| m.span.start < at));
            for m in &list { prop_assert_eq!(set.get(m.key()), Some(m)); }
        }
    }
}
