//! Selecting: the caret that goes by words, the selection that snaps to them, and the selected mention.
//!
//! Owns what a click, a drag and an arrow key mean in words and mentions. It must not change a mention.

use crate::domain::article::Article;
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::mention::{Mention, MentionKey, MentionSet};
use crate::domain::offset::{ByteOffset, ByteSpan, CharOffset, Span};
use crate::domain::{snap, token};
use crate::session::command::{SelectCommand, Step};
use crate::session::reviewing;
use crate::session::state::{Attention, OpenArticle, State};

/// Does what the command says.
pub fn update(state: &mut State, command: SelectCommand) {
    let Some(project) = &mut state.project else { return };
    let Some(open) = &mut project.open else { return };
    if matches!(command, SelectCommand::Nothing) && project.same.take().is_some() {
        return;
    }
    let mut reveal = None;
    let clicked = reviewing::clicked(&command);
    match command {
        SelectCommand::Click { at } => open.click(at),
        SelectCommand::Drag { from, to, graphemes } => open.drag(from, to, graphemes),
        SelectCommand::Word { at } => {
            if let Some(word) = word_at(&open.article, at) {
                open.set_selection(word);
            }
        }
        SelectCommand::Move { step, extend } => {
            if let Some(word) = step_word(&open.article, open.focus, step) {
                open.move_to(word, extend);
                reveal = Some(open.focus);
            }
        }
        SelectCommand::MoveTo { at, extend } => {
            if let Some(word) = nearest_word(&open.article, at) {
                open.move_to(word, extend);
                reveal = Some(open.focus);
            }
        }
        SelectCommand::Mention(key) => reveal = open.select_mention(key),
        SelectCommand::StepMention(step) => {
            let at = open.selected.map_or(open.focus.start, |key| key.span.start);
            let next = match step {
                Step::Forward => open.after(at),
                Step::Back => open.before(at),
            };
            if let Some(key) = next.map(Mention::key) {
                reveal = open.select_mention(key);
            }
        }
        SelectCommand::StepLabel { label, step } => {
            let selected = open.selected.map(|key| key.label);
            let label = label.or(selected).or(project.armed).or(project.last_label);
            let next = label.and_then(|label| open.step_label(&project.labels, label, step));
            reveal = next.and_then(|key| open.select_mention(key));
        }
        SelectCommand::StepParagraph(step) => {
            if let Some(word) = step_paragraph(&open.article, open.focus, step) {
                open.put_caret(word);
                reveal = Some(word);
            }
        }
        SelectCommand::Surface { label, surface } => {
            if let Some(key) = open.list.next_place(label, &surface, open.selected) {
                reveal = open.select_mention(key);
            }
        }
        SelectCommand::Nothing => {
            let prompt = open.review.as_mut().and_then(|review| review.prompt.take());
            if prompt.is_some() || open.advice.let_go() {
                // What is asked for, or the suggestion, alone is let go.
            } else if open.selecting {
                open.selecting = false;
                open.anchor = open.focus;
            } else if open.selected.is_some() {
                open.selected = None;
            } else {
                project.armed = None;
            }
        }
    }
    if let Some(place) = clicked {
        reviewing::follow(project, place);
    }
    if let Some(span) = reveal {
        state.attention = Some(Attention::Reveal(span));
    }
}

impl OpenArticle {
    /// What stands, or in a review comes with the first decision: sets of mentions that share none.
    fn standing(&self) -> impl Iterator<Item = &MentionSet> {
        std::iter::once(&self.layer.mentions).chain(self.review.as_ref().map(|review| &review.lacking))
    }

    /// The mentions over the code point after `at`, the innermost first.
    fn at(&self, at: CharOffset) -> Vec<MentionKey> {
        let mut found: Vec<MentionKey> = self.standing().flat_map(|set| set.at(at)).map(Mention::key).collect();
        // Each set is in order already, which a stable sort by length keeps.
        found.sort_by_key(|key| key.span.len_chars());
        found
    }

    /// The first mention that starts after `at`.
    fn after(&self, at: CharOffset) -> Option<&Mention> {
        self.standing().filter_map(|set| set.after(at)).min_by_key(|mention| mention.key())
    }

    /// The last mention that starts before `at`.
    fn before(&self, at: CharOffset) -> Option<&Mention> {
        self.standing().filter_map(|set| set.before(at)).max_by_key(|mention| mention.key())
    }

    /// The first mention with exactly this span.
    #[must_use]
    pub fn with_span(&self, span: Span) -> Option<&Mention> {
        self.standing().find_map(|set| set.with_span(span).next())
    }

    /// Puts the caret on a word or other span, without a selection; the innermost mention there is selected.
    pub fn put_caret(&mut self, word: Span) {
        self.anchor = word;
        self.focus = word;
        self.selecting = false;
        self.selected = self.at(word.start).first().copied();
        self.advice.let_go();
    }

    /// Makes `span` the selection.
    pub fn set_selection(&mut self, span: Span) {
        self.anchor = span;
        self.focus = span;
        self.selecting = true;
        self.selected = None;
        self.advice.let_go();
    }

    /// Chooses the suggestion over a place, with the caret on it; gives its span.
    pub fn choose_at(&mut self, at: CharOffset) -> Option<Span> {
        let span = self.advice.choose_at(at)?;
        Some(self.go_to_chosen(span))
    }

    /// Chooses the next or previous suggestion, with the caret on it; gives its span.
    pub fn step_to(&mut self, from: CharOffset, step: Step) -> Option<Span> {
        let span = self.advice.step(from, step)?;
        Some(self.go_to_chosen(span))
    }

    fn go_to_chosen(&mut self, span: Span) -> Span {
        let first = next_from(&self.article, span.start).filter(|word| span.contains_span(*word)).unwrap_or(span);
        (self.anchor, self.focus) = (first, first);
        self.selecting = false;
        self.selected = None;
        span
    }

    /// A click: the innermost mention there, the one around it at the next click; or the word.
    fn click(&mut self, at: CharOffset) {
        let mentions = self.at(at);
        let again = self.selected.and_then(|key| mentions.iter().position(|m| *m == key));
        let next = again.map_or(0, |place| (place + 1) % mentions.len().max(1));
        let word = word_at(&self.article, at);
        self.put_caret(word.unwrap_or(Span::empty_at(at)));
        self.selected = mentions.get(next).copied();
        if mentions.is_empty() {
            self.choose_at(at);
        }
    }

    fn drag(&mut self, from: CharOffset, to: CharOffset, graphemes: bool) {
        let Some(bytes) = self.article.bytes_from_span(Span::new(from, to)) else { return };
        let text = self.article.text();
        let snapped = if graphemes { snap::snap_to_graphemes(text, bytes) } else { snap::snap_to_words(text, bytes) };
        if let Some(span) = snapped.and_then(|bytes| span_from_bytes(&self.article, bytes)) {
            self.set_selection(span);
        }
    }

    /// The next or previous mention of a label from the caret on, round the end of the article.
    fn step_label(&self, labels: &LabelSet, label: LabelId, step: Step) -> Option<MentionKey> {
        let shown = |id| labels.shown(id);
        let here = self.selected.map_or(self.focus.start, |key| key.span.start);
        let of_label = || self.layer.mentions.iter().filter(|mention| shown(mention.label) == shown(label));
        let found = match step {
            Step::Forward => of_label().find(|m| m.span.start > here).or_else(|| of_label().next()),
            Step::Back => of_label().rfind(|m| m.span.start < here).or_else(|| of_label().next_back()),
        };
        found.map(Mention::key)
    }

    fn move_to(&mut self, word: Span, extend: bool) {
        if extend {
            if !self.selecting {
                self.anchor = self.focus;
                self.selecting = true;
            }
            self.focus = word;
            self.selected = None;
            self.advice.let_go();
        } else {
            self.put_caret(word);
        }
    }

    /// Selects a mention that stands; gives its span.
    pub fn select_mention(&mut self, key: MentionKey) -> Option<Span> {
        self.mention(key)?;
        let last = last_word(&self.article, key.span).unwrap_or(key.span);
        self.put_caret(last);
        self.selected = Some(key);
        Some(key.span)
    }
}

/// Code points from bytes that a word function gave.
#[must_use]
pub fn span_from_bytes(article: &Article, bytes: ByteSpan) -> Option<Span> {
    let offsets = article.offsets();
    Some(Span::new(offsets.char_from_byte(bytes.start)?, offsets.char_from_byte(bytes.end)?))
}

/// The word that covers or touches a place.
#[must_use]
pub fn word_at(article: &Article, at: CharOffset) -> Option<Span> {
    let byte = article.offsets().byte_from_char(at)?;
    span_from_bytes(article, token::word_at(article.text(), byte)?)
}

/// The first word of an article.
#[must_use]
pub fn first_word(article: &Article) -> Span {
    next_from(article, CharOffset::ZERO).unwrap_or_default()
}

/// The first word that starts at or after `at`.
#[must_use]
pub fn next_from(article: &Article, at: CharOffset) -> Option<Span> {
    let byte = article.offsets().byte_from_char(at)?;
    span_from_bytes(article, token::next_word(article.text(), byte)?)
}

/// The last word that ends at or before `at`.
#[must_use]
pub fn previous_from(article: &Article, at: CharOffset) -> Option<Span> {
    let byte = article.offsets().byte_from_char(at)?;
    span_from_bytes(article, token::previous_word(article.text(), byte)?)
}

fn nearest_word(article: &Article, at: CharOffset) -> Option<Span> {
    word_at(article, at).or_else(|| next_from(article, at)).or_else(|| previous_from(article, at))
}

fn step_word(article: &Article, focus: Span, step: Step) -> Option<Span> {
    match step {
        Step::Forward => next_from(article, focus.end),
        Step::Back => previous_from(article, focus.start),
    }
}

/// The first word of the paragraph after or before; going back, first that of the paragraph in which the caret is.
fn step_paragraph(article: &Article, focus: Span, step: Step) -> Option<Span> {
    let first_word_from = |byte: usize| next_from(article, article.offsets().char_from_byte(ByteOffset::new(byte))?);
    let text = article.text();
    let here = article.offsets().byte_from_char(focus.start)?.get();
    let start_of = |byte: usize| Some(text.get(..byte)?.rfind('\n').map_or(0, |at| at + 1));
    if step == Step::Forward {
        return first_word_from(here + text.get(here..)?.find('\n')?);
    }
    let start = start_of(here)?;
    let first = first_word_from(start)?;
    if first.start < focus.start {
        return Some(first);
    }
    let before = previous_from(article, article.offsets().char_from_byte(ByteOffset::new(start))?)?;
    first_word_from(start_of(article.offsets().byte_from_char(before.start)?.get())?)
}

/// The last word inside a span.
fn last_word(article: &Article, span: Span) -> Option<Span> {
    previous_from(article, span.end).filter(|word| span.contains_span(*word))
}
