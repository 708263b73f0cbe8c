//! Notes being written: each belongs to the mention it was begun for, until it is on its way.
//!
//! Owns the typed text from the first key to the command that carries it. It must not drop a text that no mention has, nor give
//! it to a mention it was not written for.

use crate::domain::article::{ArticleId, Direction};
use crate::domain::mention::{Mention, MentionKey};
use crate::session::command::{Command, MarkCommand};
use crate::session::state::{OpenArticle, State};
use crate::ui::kit::Kit;
use egui::{Id, Ui};

/// A text being written.
struct Draft {
    article: ArticleId,
    mention: MentionKey,
    /// The note that the mention had when the writing began.
    base: String,
    text: String,
    /// Whether it is on its way.
    sent: bool,
}

/// The texts being written: the one in the field, and any whose article is not open or whose mention is gone for now.
#[derive(Default)]
pub struct NoteDrafts {
    drafts: Vec<Draft>,
    /// The mention whose note is in the field.
    shown: Option<(ArticleId, MentionKey)>,
}

fn note_of(mention: &Mention) -> &str {
    mention.note.as_deref().unwrap_or_default()
}

impl Draft {
    fn is_for(&self, article: ArticleId, mention: MentionKey) -> bool {
        (self.article, self.mention) == (article, mention)
    }

    /// Whether `mention` is the one this was begun for, under another span or label: the old key is gone, and the note
    /// that stood then stands there.
    fn moved_to(&self, mention: &Mention) -> bool {
        let (old, new) = (self.mention, mention.key());
        let is_same = old.span == new.span || (old.label == new.label && old.span.overlaps(new.span));
        is_same && note_of(mention) == self.base
    }
}

impl NoteDrafts {
    /// Sends off every text whose mention is in the open article.
    pub fn finish(&mut self, state: &State, commands: &mut Vec<Command>) {
        self.send(state, None, commands);
    }

    /// Sends off every text but that of the selected mention, and drops those that have arrived.
    pub fn finish_others(&mut self, state: &State, commands: &mut Vec<Command>) {
        let keep = state.article().and_then(|open| Some((open.article.id(), open.selected?)));
        self.send(state, keep, commands);
    }

    fn send(&mut self, state: &State, keep: Option<(ArticleId, MentionKey)>, commands: &mut Vec<Command>) {
        let Some(open) = state.article() else { return };
        let id = open.article.id();
        self.drafts.retain_mut(|draft| {
            if draft.article != id {
                return true;
            }
            let mut note = open.layer.mentions.get(draft.mention);
            if note.is_none()
                && let Some(moved) = open.selected_mention().filter(|mention| draft.moved_to(mention))
            {
                (draft.mention, draft.sent) = (moved.key(), false);
                note = Some(moved);
            }
            let Some(mention) = note else { return true };
            if note_of(mention) == draft.text.trim() || draft.sent {
                return Some((id, draft.mention)) == keep && !draft.sent;
            }
            if Some((id, draft.mention)) != keep {
                draft.sent = true;
                let note = draft.text.clone();
                commands.push(Command::Mark(MarkCommand::Note { mention: draft.mention, note }));
            }
            true
        });
    }
}
