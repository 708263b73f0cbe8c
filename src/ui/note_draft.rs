//! Notes being written: each belongs to the mention it was begun for, until it is on its way.
//!
//! Owns the typed text from the first key to the command that carries it. It must not drop a text that no mention has, nor give
//! it to a mention it was not written for.

use crate::domain::article::{ArticleId, Direction};
use crate::domain::mention::{Mention, MentionKey};
use crate::session::command::{Command, MarkCommand};
use crate::session::state::{OpenArticle, State};
use crate::text::field::Field;
use crate::text::field_edit::FieldStyle;
use crate::ui::field::TextFieldWidget;
use crate::ui::galley::GalleyStyle;
use crate::ui::kit::Kit;
use crate::ui::theme::size;
use egui::{Id, Key, Modifiers, Ui};

/// The id of the field, to give it the keyboard.
const FIELD: &str = "note of the selected mention";
/// The field shows so many lines while the note has fewer.
const ROWS: usize = 3;

/// A text being written.
#[derive(Clone, Debug, PartialEq, Eq)]
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
pub struct NoteDrafts {
    field: Field,
    drafts: Vec<Draft>,
    /// The mention whose note is in the field.
    shown: Option<(ArticleId, MentionKey)>,
}

impl Default for NoteDrafts {
    fn default() -> Self {
        let style = FieldStyle {
            size_px: size::LIST,
            weight: 400.0,
            line_height: 1.6,
            direction: Direction::Auto,
            width_px: 260.0,
        };
        Self { field: Field::new(false, style), drafts: Vec::new(), shown: None }
    }
}

fn note_of(mention: &Mention) -> &str {
    mention.note.as_deref().unwrap_or_default()
}

impl Draft {
    fn is_for(&self, (article, mention): (ArticleId, MentionKey)) -> bool {
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
        if let Some(open) = state.article() {
            self.send(open, None, commands);
        }
    }

    /// Sends off every text but that of the selected mention, and drops those that have arrived.
    pub fn finish_others(&mut self, state: &State, commands: &mut Vec<Command>) {
        if let Some(open) = state.article() {
            self.send(open, open.selected.map(|key| (open.article.id(), key)), commands);
        }
    }

    fn send(&mut self, open: &OpenArticle, keep: Option<(ArticleId, MentionKey)>, commands: &mut Vec<Command>) {
        let article = open.article.id();
        let shown = &mut self.shown;
        self.drafts.retain_mut(|draft| {
            if draft.article != article {
                return true;
            }
            let moved = || open.selected_mention().filter(|mention| draft.moved_to(mention)).map(Mention::key);
            if open.layer.mentions.get(draft.mention).is_none() {
                // Relabelled or given another span meanwhile; a text whose mention is gone waits for it to come back.
                let Some(key) = moved() else {
                    draft.sent = false;
                    return true;
                };
                if *shown == Some((article, draft.mention)) {
                    *shown = Some((article, key));
                }
                (draft.mention, draft.sent) = (key, false);
            }
            if draft.sent {
                return false;
            }
            if keep.is_some_and(|keep| draft.is_for(keep)) {
                return true;
            }
            draft.sent = true;
            commands.push(note_command(draft));
            true
        });
    }

    /// Draws the field with the note of `mention`; leaving it, or Ctrl+Enter, sends the note off.
    pub fn field(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        open: &OpenArticle,
        mention: &Mention,
        wants_focus: bool,
        commands: &mut Vec<Command>,
    ) {
        let key = (open.article.id(), mention.key());
        let draft = self.drafts.iter().find(|draft| draft.is_for(key));
        let wanted = draft.map_or(note_of(mention), |draft| &draft.text);
        if self.shown != Some(key) || (draft.is_none() && self.field.text() != wanted) {
            self.field.set_text(wanted);
            self.shown = Some(key);
        }
        let id = Id::unique(FIELD);
        if wants_focus {
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        let has_focus = ui.memory(|memory| memory.has_focus(id));
        let finished = has_focus && ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
        if finished {
            ui.memory_mut(|memory| memory.surrender_focus(id));
        }
        let label = kit.words("note-placeholder");
        let style = GalleyStyle { size: size::LIST, line_height: 1.6, ..GalleyStyle::new(size::LIST) };
        let width = ui.available_width();
        let name = kit.words("note");
        let widget = TextFieldWidget::new(kit.bridge, &mut self.field, &name)
            .placeholder(&label)
            .style(GalleyStyle { direction: kit.locale.direction(), ..style })
            .width(width)
            .rows(ROWS)
            .id(id);
        let response = ui.add(widget);
        if response.changed() {
            let text = self.field.text().into_owned();
            match self.drafts.iter_mut().find(|draft| draft.is_for(key)) {
                Some(draft) => (draft.text, draft.sent) = (text, false),
                None => {
                    let (article, mention_key) = key;
                    let base = note_of(mention).to_owned();
                    self.drafts.push(Draft { article, mention: mention_key, base, text, sent: false });
                }
            }
        }
        if (finished || response.lost_focus())
            && let Some(draft) = self.drafts.iter_mut().find(|draft| draft.is_for(key) && !draft.sent)
        {
            draft.sent = true;
            commands.push(note_command(draft));
        }
    }
}

fn note_command(draft: &Draft) -> Command {
    Command::Mark(MarkCommand::Note { mention: draft.mention, note: draft.text.clone() })
}
