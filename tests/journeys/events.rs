//! What comes late, twice or not at all: answers of the worker that find another state than the one they were asked in.

use crate::desk::Desk;
use barchasb::session::command::{Command, WalkCommand};
use barchasb::session::effect::{Effect, Event};
use barchasb::session::message::Message;
use barchasb::session::state::State;
use barchasb::session::update;

#[test]
fn a_page_that_could_not_be_read_is_asked_for_again_but_not_for_ever() {
    let mut desk = Desk::new();
    let state = &mut desk.session.state;
    let filter = state.project.as_ref().unwrap().filter().unwrap();
    state.project.as_mut().unwrap().list.total = Some(900);
    let need = |state: &mut State| {
        let effects = update::command(state, Command::Walk(WalkCommand::NeedRows { first: 200, count: 1 }));
        effects.iter().filter(|effect| matches!(effect, Effect::Page { first: 200, .. })).count()
    };
    let fail = |state: &mut State| {
        let message = Message::new("error-inside");
        update::event(state, Event::PageFailed { filter: filter.clone(), first: 200, message });
    };
    for asked in [1, 1, 1, 0] {
        assert_eq!(need(state), asked);
        fail(state);
    }
    assert!(state.toasts.iter().any(|toast| toast.message.id == "error-inside"));
    // Somebody goes on: it is worth another try.
    update::command(state, Command::Walk(WalkCommand::Next));
    assert_eq!((need(state), need(state)), (1, 0));
}
