//! Learning: lists of names, training, and what the window knows of both.
//!
//! Owns the way from a command to what the engines are asked. It must not know how an engine learns.

use crate::session::ask::Ask;
use crate::session::command::{Dialog, LearnCommand};
use crate::session::effect::{Effect, Event, Purpose};
use crate::session::state::State;
use crate::words::message::Message;

/// Does what the command says.
pub fn update(state: &mut State, command: LearnCommand, effects: &mut Vec<Effect>) {
    if let LearnCommand::Switch { engine, on } = command {
        state.settings.set_silent(engine, !on);
        effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
        effects.push(Effect::Advise(Ask::Silence(state.settings.silent_engines())));
        return;
    }
    if state.project.is_none() {
        return;
    }
    effects.push(match command {
        LearnCommand::AskNames(label) => Effect::Pick { purpose: Purpose::Names(label), suggested: None },
        LearnCommand::LoadNames { path, label } => Effect::Advise(Ask::LoadNames { path, label }),
        LearnCommand::DropNames(list) => Effect::Advise(Ask::DropNames(list)),
        LearnCommand::Train | LearnCommand::Switch { .. } => Effect::Advise(Ask::Train),
    });
}

/// Takes in what the engines tell of themselves.
pub fn event(state: &mut State, event: Event) {
    let Some(project) = &mut state.project else { return };
    match event {
        Event::Learned(knowledge) => project.knowledge = *knowledge,
        Event::Settled => project.settled += 1,
        Event::SuggestedElsewhere(found) => {
            let message = Message::new("suggested-elsewhere").number("count", found.places);
            state.say(message.number("articles", found.articles));
        }
        Event::NamesLoaded { outcome, problems } => {
            match outcome {
                Ok(message) => state.toast(message, !problems.is_empty(), None),
                Err(message) => state.complain(message),
            }
            if !problems.is_empty() {
                state.dialog = Some(Dialog::Problems { title: "problems-names", problems });
            }
        }
        _ => {}
    }
}
