//! Shortcuts: which key gives which command, in one table.
//!
//! Owns the keys; a test finds clashes. Keys are named by their place on a US keyboard, so that a Persian layout works.
//! It must not know the window's key events, nor what a command does.

use crate::domain::label::LabelSet;
use crate::domain::layer::Status;
use crate::session::command::{
    Command, Dialog, Edge, FindCommand, MarkCommand, ProjectCommand, SelectCommand, Step, ViewCommand, WalkCommand,
};

/// The keys held while another is pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Held {
    /// Control, or Command on a Mac.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

const NONE: Held = Held { ctrl: false, shift: false, alt: false };
const CTRL: Held = Held { ctrl: true, ..NONE };
const SHIFT: Held = Held { shift: true, ..NONE };
const ALT: Held = Held { alt: true, ..NONE };
const CTRL_SHIFT: Held = Held { ctrl: true, shift: true, alt: false };

/// What a key gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A command.
    Command(Command),
    /// The caret to the word on the left or right on the screen; which is forward depends on the direction of the text.
    Sideways {
        /// Whether left.
        left: bool,
        /// Whether the selection grows.
        extend: bool,
    },
    /// The mention on the left or right on the screen.
    SidewaysMention {
        /// Whether left.
        left: bool,
    },
    /// The caret to another line: the window knows lines.
    Lines {
        /// How many, down or (negative) up.
        lines: i32,
        /// Whether the selection grows.
        extend: bool,
    },
    /// The caret by a page.
    Pages {
        /// How many, down or (negative) up.
        pages: i32,
    },
    /// The caret to the first or last word.
    Ends {
        /// Whether to the last.
        last: bool,
    },
}

/// Where a shortcut works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Everywhere.
    Anywhere,
    /// With a project open.
    Project,
    /// On the start screen.
    Start,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortcut {
    /// What it is called: an id of the locale files.
    pub title: &'static str,
    /// Under which heading it stands: an id of the locale files.
    pub group: &'static str,
    /// The name of the key, as egui names it.
    pub key: &'static str,
    /// The keys held with it.
    pub held: Held,
    /// Where it works.
    pub place: Place,
    /// What it gives.
    pub act: Act,
}

impl Shortcut {
    /// The keys as they are shown: `Ctrl Shift Z`.
    #[must_use]
    pub fn shown(&self) -> String {
        let held = [(self.held.ctrl, "Ctrl "), (self.held.alt, "Alt "), (self.held.shift, "Shift ")];
        let held: String = held.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
        let key = match self.key {
            "OpenBracket" => "[",
            "CloseBracket" => "]",
            "ArrowLeft" => "←",
            "ArrowRight" => "→",
            "ArrowUp" => "↑",
            "ArrowDown" => "↓",
            "Escape" => "Esc",
            "Equals" | "Plus" => "+",
            "Minus" => "−",
            "Num0" => "0",
            "Slash" if self.held.shift => return "?".to_owned(),
            other => other,
        };
        format!("{held}{key}")
    }
}

/// The table of shortcuts; label keys come from the project's labels.
#[must_use]
pub fn table() -> Vec<Shortcut> {
    use Act::{Ends, Lines, Pages, Sideways, SidewaysMention};
    let mut table = Vec::new();
    let mut add = |group, title, place, keys: &[(&'static str, Held)], act: Act| {
        for (key, held) in keys {
            table.push(Shortcut { title, group, key, held: *held, place, act: act.clone() });
        }
    };
    let project = |command| Act::Command(Command::Project(command));
    let walk = |command| Act::Command(Command::Walk(command));
    let select = |command| Act::Command(Command::Select(command));
    let mark = |command| Act::Command(Command::Mark(command));
    let view = |command| Act::Command(Command::View(command));

    let group = "keys-caret";
    for (title, held, extend) in [("key-word", NONE, false), ("key-extend", SHIFT, true)] {
        add(group, title, Place::Project, &[("ArrowLeft", held)], Sideways { left: true, extend });
        add(group, title, Place::Project, &[("ArrowRight", held)], Sideways { left: false, extend });
        add(group, "key-line", Place::Project, &[("ArrowUp", held)], Lines { lines: -1, extend });
        add(group, "key-line", Place::Project, &[("ArrowDown", held)], Lines { lines: 1, extend });
    }
    add(group, "key-mention", Place::Project, &[("ArrowLeft", CTRL)], SidewaysMention { left: true });
    add(group, "key-mention", Place::Project, &[("ArrowRight", CTRL)], SidewaysMention { left: false });
    add(group, "key-page", Place::Project, &[("PageUp", NONE)], Pages { pages: -1 });
    add(group, "key-page", Place::Project, &[("PageDown", NONE)], Pages { pages: 1 });
    add(group, "key-ends", Place::Project, &[("Home", CTRL)], Ends { last: false });
    add(group, "key-ends", Place::Project, &[("End", CTRL)], Ends { last: true });
    add(group, "key-let-go", Place::Project, &[("Escape", NONE)], select(SelectCommand::Nothing));

    let group = "keys-mentions";
    let nudge = |edge, step| mark(MarkCommand::Nudge { edge, step });
    add(group, "key-end-forward", Place::Project, &[("CloseBracket", NONE)], nudge(Edge::End, Step::Forward));
    add(group, "key-end-back", Place::Project, &[("OpenBracket", NONE)], nudge(Edge::End, Step::Back));
    add(group, "key-start-forward", Place::Project, &[("CloseBracket", SHIFT)], nudge(Edge::Start, Step::Forward));
    add(group, "key-start-back", Place::Project, &[("OpenBracket", SHIFT)], nudge(Edge::Start, Step::Back));
    add(group, "remove", Place::Project, &[("Delete", NONE), ("Backspace", NONE)], mark(MarkCommand::Remove));
    add(group, "key-note", Place::Project, &[("F2", NONE)], view(ViewCommand::FocusNote));
    add(group, "undo", Place::Project, &[("Z", CTRL)], Act::Command(Command::Undo));
    add(group, "redo", Place::Project, &[("Z", CTRL_SHIFT), ("Y", CTRL)], Act::Command(Command::Redo));

    let group = "keys-articles";
    add(group, "done-next", Place::Project, &[("Enter", CTRL)], walk(WalkCommand::DoneNext));
    add(group, "key-done", Place::Project, &[("D", CTRL)], walk(WalkCommand::SetStatus(Status::Done)));
    add(group, "flag", Place::Project, &[("G", CTRL)], walk(WalkCommand::SetStatus(Status::Flagged)));
    add(group, "next", Place::Project, &[("ArrowDown", ALT), ("PageDown", CTRL)], walk(WalkCommand::Next));
    add(group, "previous", Place::Project, &[("ArrowUp", ALT), ("PageUp", CTRL)], walk(WalkCommand::Previous));
    let find = Act::Command(Command::Find(FindCommand::Open));
    add(group, "find-open", Place::Project, &[("F", CTRL_SHIFT)], find);
    add(group, "search-articles", Place::Project, &[("F", CTRL)], view(ViewCommand::FocusSearch));

    let group = "keys-program";
    add(group, "key-new", Place::Anywhere, &[("N", CTRL)], project(ProjectCommand::AskNew));
    add(group, "key-open", Place::Anywhere, &[("O", CTRL)], project(ProjectCommand::AskOpen));
    add(group, "key-sample", Place::Start, &[("T", CTRL)], project(ProjectCommand::OpenSample));
    add(group, "import", Place::Project, &[("I", CTRL)], project(ProjectCommand::AskImport));
    add(group, "export", Place::Project, &[("E", CTRL)], project(ProjectCommand::AskExport));
    add(group, "labels-edit", Place::Project, &[("L", CTRL)], view(ViewCommand::Show(Dialog::Labels)));
    add(group, "close-project", Place::Project, &[("W", CTRL)], project(ProjectCommand::Close));
    add(group, "show-articles", Place::Project, &[("B", CTRL)], view(ViewCommand::ToggleArticles));
    add(group, "show-mentions", Place::Project, &[("M", CTRL)], view(ViewCommand::ToggleMentions));
    add(group, "key-zoom-in", Place::Project, &[("Equals", CTRL), ("Plus", CTRL)], view(ViewCommand::Zoom(1)));
    add(group, "key-zoom-out", Place::Project, &[("Minus", CTRL)], view(ViewCommand::Zoom(-1)));
    add(group, "key-zoom-reset", Place::Project, &[("Num0", CTRL)], view(ViewCommand::ZoomReset));
    add(group, "keys", Place::Anywhere, &[("Slash", SHIFT), ("F1", NONE)], view(ViewCommand::Show(Dialog::Keys)));
    table
}

/// What a key gives; the labels' own keys where the table has none.
#[must_use]
pub fn act_of(table: &[Shortcut], key: &str, held: Held, project: bool, labels: Option<&LabelSet>) -> Option<Act> {
    let here = |place| match place {
        Place::Anywhere => true,
        Place::Project => project,
        Place::Start => !project,
    };
    let fixed = table.iter().find(|s| s.key == key && s.held == held && here(s.place));
    if let Some(shortcut) = fixed {
        return Some(shortcut.act.clone());
    }
    if held.ctrl || held.alt {
        return None;
    }
    let label = labels?.by_key(label_key(key)?)?.id;
    let command = if held.shift { MarkCommand::AlsoLabel(label) } else { MarkCommand::Label(label) };
    Some(Act::Command(Command::Mark(command)))
}

/// The character of a label key: `P` → `p`, `Num1` → `1`.
fn label_key(key: &str) -> Option<char> {
    let name = key.strip_prefix("Num").unwrap_or(key);
    let mut chars = name.chars();
    let first = chars.next()?;
    (chars.next().is_none() && first.is_ascii_alphanumeric()).then(|| first.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_shortcuts_share_a_key_in_one_place() {
        for place in [Place::Project, Place::Start] {
            let mut seen = HashSet::new();
            for s in table().iter().filter(|s| s.place == place || s.place == Place::Anywhere) {
                assert!(seen.insert((s.key, s.held)), "{} clashes at {}", s.title, s.shown());
                let plain = !s.held.ctrl && !s.held.alt;
                assert!(!plain || label_key(s.key).is_none(), "{} takes a label's key", s.title);
            }
        }
    }

    fn check(key: &str, held: Held, expected: Option<&str>) {
        let labels = LabelSet::new(crate::store::sqlite::default_labels());
        let act = act_of(&table(), key, held, true, Some(&labels));
        let label = match act {
            Some(Act::Command(Command::Mark(MarkCommand::Label(id) | MarkCommand::AlsoLabel(id)))) => {
                labels.get(id).map(|l| l.name.clone())
            }
            _ => None,
        };
        assert_eq!(label.as_deref(), expected, "{key}");
    }

    #[test]
    fn label_keys_are_letters_and_digits_by_place() {
        check("O", NONE, Some("ORG"));
        check("Num2", NONE, Some("ORG"));
        check("P", SHIFT, Some("PER"));
        check("O", CTRL, None);
        check("N", NONE, None);
        check("OpenBracket", NONE, None);
    }
}
