//! Editing keys: an act gets another key, or its first ones back.
//!
//! Owns the way from a person's choice to the settings and the table. Which keys clash is the table's to say.

use crate::session::acts;
use crate::session::command::KeyCommand;
use crate::session::effect::Effect;
use crate::session::shortcut::{self, ChangedKeys, Table};
use crate::session::state::State;
use crate::words::message::Message;

/// Does what the command says.
pub fn update(state: &mut State, command: KeyCommand, effects: &mut Vec<Effect>) {
    let keys = match command {
        KeyCommand::Give { act, chord } => match acts::by_id(act) {
            Some(entry) if !shortcut::is_reserved(chord, entry) => {
                shortcut::with_chord(&state.settings.keys, entry, chord)
            }
            _ => return,
        },
        KeyCommand::Reset(act) => match acts::by_id(act) {
            Some(entry) => shortcut::without_change(&state.settings.keys, entry),
            None => return,
        },
        KeyCommand::ResetAll => ChangedKeys::new(),
    };
    state.shortcuts = Table::new(&keys).0;
    if state.settings.keys != keys {
        state.settings.keys = keys;
        effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
    }
}

/// Makes the table that the settings ask for, and tells what of them it does not take.
pub fn take_settings(state: &mut State) {
    let (table, refusals) = Table::new(&state.settings.keys);
    state.shortcuts = table;
    if let Some(first) = refusals.first() {
        let others = refusals.len() as u64 - 1;
        state.complain(Message::new("keys-refused").part("why", first).number("others", others));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::chord::Chord;

    fn check(state: &State, id: &str, expected: &[&str]) {
        assert_eq!(state.shortcuts.line(id).unwrap().ways(), expected, "{id}");
    }

    #[test]
    fn a_given_key_counts_at_once_and_is_remembered() {
        let mut state = State::default();
        let mut effects = Vec::new();
        let f5 = Chord::from_written("F5").unwrap();
        update(&mut state, KeyCommand::Give { act: "rules", chord: f5 }, &mut effects);
        check(&state, "rules", &["F5"]);
        assert_eq!(effects, [Effect::SaveSettings(Box::new(state.settings.clone()))]);
        let p = Chord::from_written("P").unwrap();
        update(&mut state, KeyCommand::Give { act: "rules", chord: p }, &mut effects);
        check(&state, "rules", &["F5"]);
        update(&mut state, KeyCommand::Reset("rules"), &mut effects);
        check(&state, "rules", &["Ctrl R"]);
        assert_eq!(state.settings.keys, ChangedKeys::new());
        assert_eq!(effects.len(), 2);
    }

    #[test]
    fn bad_settings_are_told_once() {
        let mut state = State::default();
        state.settings.keys.insert("undo".into(), vec!["Nonsense".into(), "Ctrl+E".into()]);
        take_settings(&mut state);
        check(&state, "undo", &["Ctrl Z"]);
        assert_eq!(state.toasts.iter().map(|toast| toast.message.id).collect::<Vec<_>>(), ["keys-refused"]);
    }
}
