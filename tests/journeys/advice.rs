//! Suggestions from the first labelled name to the export, by the commands that the window gives.

use crate::desk::{Desk, LIMIT};
use barchasb::domain::layer::Status;
use barchasb::domain::mention::Origin;
use barchasb::domain::suggestion::Engine;
use barchasb::session::command::{
    Command, Edge, LabelCommand, LearnCommand, MarkCommand, SelectCommand, Step, SuggestCommand, WalkCommand,
};
use barchasb::session::settings::ProgramSetting;
use barchasb::store::contract::{Selection, Store as _};
use barchasb::store::knowledge::Knowledge as _;
use barchasb::store::sqlite::SqliteStore;
use std::ops::ControlFlow;

const NEWS: [(&str, &str); 4] = [
    ("یک", "سردار اشتری در تهران گفت: ناجا آماده است.\nناجا در تهران است."),
    ("دو", "به گزارش مهر، ناجا در تهران و کرج آماده است.\nاشتری از ناجا گفت."),
    ("سه", "باران در كرج و تهران بارید.\nناجا هم آمد."),
    ("چهار", "هوا در شیراز آفتابی است."),
];

/// A desk at which the first article is labelled and done, and the second is open.
fn taught() -> Desk {
    let mut desk = Desk::with(&NEWS);
    for (surface, label) in [("اشتری", "PER"), ("تهران", "LOC"), ("ناجا", "ORG")] {
        desk.drag(surface);
        desk.mark(label);
        desk.settle();
        desk.act(SuggestCommand::Accept);
    }
    assert_eq!(desk.mentions().len(), 5, "the offer of same mentions took the others");
    desk.act(WalkCommand::SetStatus(Status::Done));
    desk.walk_to("دو");
    desk.settle();
    desk
}

#[track_caller]
fn check(desk: &Desk, expected: &[(&str, &str)]) {
    assert_eq!(desk.suggestions(), expected);
}

#[test]
fn what_was_labelled_is_suggested_and_accepted_key_by_key() {
    let mut desk = taught();
    check(&desk, &[("ناجا", "ORG"), ("تهران", "LOC"), ("اشتری", "PER"), ("ناجا", "ORG")]);
    // Tab from the caret at the first word, Enter; the next one is chosen by itself.
    desk.give(SuggestCommand::Step(Step::Forward));
    desk.act(SuggestCommand::Accept);
    assert_eq!(desk.open().advice.chosen().map(|chosen| chosen.span), Some(desk.span("تهران")));
    desk.act(SuggestCommand::Accept);
    assert_eq!(desk.mentions(), [("ناجا", "ORG", ""), ("تهران", "LOC", "")]);
    // Which engine leads depends on how far the training is; that one does stands in the history.
    assert!(desk.open().layer.mentions.iter().all(|m| matches!(m.origin, Origin::Accepted(_))));
    assert_eq!(desk.history_says("\"accepted:"), 2);
    desk.settle();
    check(&desk, &[("اشتری", "PER"), ("ناجا", "ORG")]);
    desk.give(Command::Undo);
    desk.settle();
    check(&desk, &[("تهران", "LOC"), ("اشتری", "PER"), ("ناجا", "ORG")]);
    desk.restart();
    desk.walk_to("دو");
    desk.settle();
    check(&desk, &[("تهران", "LOC"), ("اشتری", "PER"), ("ناجا", "ORG")]);
}

#[test]
fn a_suggestion_is_corrected_by_another_label_or_other_edges() {
    let mut desk = taught();
    desk.click("تهران");
    assert_eq!(desk.open().advice.chosen().map(|chosen| chosen.span), Some(desk.span("تهران")));
    desk.mark("FAC");
    desk.click("اشتری");
    desk.give(MarkCommand::Nudge { edge: Edge::End, step: Step::Forward });
    assert_eq!(desk.open().layer.mentions.len(), 1, "edges are moved before it is a mention");
    desk.act(SuggestCommand::Accept);
    assert_eq!(desk.mentions(), [("تهران", "FAC", ""), ("اشتری از", "PER", "")]);
    assert_eq!(desk.history_says("\"corrected:"), 2);
    assert_eq!(desk.history_says("\"reject\""), 2, "what was corrected was not right as it stood");
    // One undo takes the correction back, rejection and mention.
    desk.act(Command::Undo);
    assert_eq!(desk.mentions(), [("تهران", "FAC", "")]);
    assert_eq!(desk.open().layer.rejections.len(), 1);
}

#[test]
fn one_more_label_is_given_to_the_whole_of_a_chosen_suggestion() {
    let mut desk = taught();
    desk.click("اشتری");
    desk.give(MarkCommand::Nudge { edge: Edge::End, step: Step::Forward });
    let label = desk.label("ORG");
    desk.act(MarkCommand::AlsoLabel(label));
    assert_eq!(desk.mentions(), [("اشتری از", "ORG", "")]);
}

#[test]
fn a_label_out_of_use_is_neither_suggested_nor_offered_nor_given_again() {
    let mut desk = taught();
    let [org, loc, fac] = ["ORG", "LOC", "FAC"].map(|name| desk.label(name));
    desk.drag("مهر");
    desk.mark("ORG");
    desk.click("تهران");
    // All of it at once, before the engines know.
    desk.give(LabelCommand::Delete(org));
    desk.give(LabelCommand::Merge { from: loc, into: fac });
    check(&desk, &[("تهران", "FAC"), ("اشتری", "PER")]);
    assert_eq!(desk.open().advice.chosen().map(|chosen| chosen.suggestion.label), Some(fac));
    assert_eq!((desk.project().same.is_none(), desk.project().last_label), (true, None));
    for command in [MarkCommand::Label(org), MarkCommand::AlsoLabel(org), MarkCommand::Repeat] {
        desk.act(command);
    }
    assert_eq!(desk.mentions(), [("مهر", "ORG", "")]);
    desk.give(SuggestCommand::SetThreshold(0));
    desk.act(SuggestCommand::AcceptAll);
    assert_eq!(desk.mentions(), [("مهر", "ORG", ""), ("تهران", "FAC", ""), ("اشتری", "PER", "")]);
}

#[test]
fn a_rejection_is_remembered_across_restarts() {
    let mut desk = taught();
    desk.click("تهران");
    desk.act(MarkCommand::Remove);
    assert_eq!(desk.history_says("\"reject\""), 1);
    let rest = [("ناجا", "ORG"), ("اشتری", "PER"), ("ناجا", "ORG")];
    desk.settle();
    check(&desk, &rest);
    desk.restart();
    desk.walk_to("دو");
    desk.settle();
    check(&desk, &rest);
    assert!(desk.open().layer.mentions.is_empty());
    // A mention that was accepted and is removed after all is a rejection, too.
    desk.click("اشتری");
    desk.act(SuggestCommand::Accept);
    desk.click("اشتری");
    let mention = desk.selected();
    desk.give(SelectCommand::Mention(mention));
    desk.act(MarkCommand::Remove);
    desk.settle();
    check(&desk, &[("ناجا", "ORG"), ("ناجا", "ORG")]);
}

#[test]
fn all_above_the_threshold_are_one_act_and_one_undo() {
    let mut desk = taught();
    desk.give(SuggestCommand::SetThreshold(100));
    desk.act(SuggestCommand::AcceptAll);
    assert!(desk.said("no-suggestions-above"));
    desk.give(SuggestCommand::SetThreshold(30));
    desk.act(SuggestCommand::AcceptAll);
    assert_eq!(desk.mentions().len(), 4);
    desk.act(Command::Undo);
    assert!(desk.mentions().is_empty());
    desk.settle();
    assert_eq!(desk.suggestions().len(), 4);
    desk.act(Command::Redo);
    assert_eq!(desk.mentions().len(), 4);
}

#[test]
fn nothing_is_exported_that_nobody_accepted() {
    let mut desk = taught();
    desk.walk_to("سه");
    desk.settle();
    assert!(!desk.suggestions().is_empty());
    desk.walk_to("چهار");
    desk.settle();
    let mut mentions = 0;
    desk.read(|store| {
        let article = store.article(store.article_by_name("سه").unwrap().unwrap()).unwrap();
        assert!(!store.suggestions(&article).unwrap().is_empty(), "what stayed open is kept for the order of the list");
        store
            .export(&Selection::default(), &mut |record| {
                mentions += record.layers.iter().map(|layer| layer.mentions.len()).sum::<usize>();
                ControlFlow::Continue(())
            })
            .unwrap();
    });
    assert_eq!(mentions, 5, "those of the first article");
}

#[test]
fn a_finished_article_tells_which_suggestions_were_right() {
    let mut desk = taught();
    let shown = |desk: &Desk, is_right: bool| {
        let outcomes = desk.read(|store| store.outcomes().unwrap());
        outcomes.iter().filter(|outcome| outcome.shown.is_some() && outcome.right == is_right).count()
    };
    let before = (shown(&desk, true), shown(&desk, false));
    desk.click("تهران");
    desk.act(SuggestCommand::Accept);
    desk.act(WalkCommand::SetStatus(Status::Done));
    desk.settle();
    // Of four places that were shown, one was accepted.
    assert_eq!((shown(&desk, true), shown(&desk, false)), (before.0 + 1, before.1 + 3));
    assert!(desk.project().knowledge.training.is_some(), "the tagger has learned from what is done");
}

#[test]
fn a_tagger_that_is_not_asked_is_not_trained_until_it_is() {
    let mut desk = Desk::with(&NEWS);
    desk.give(LearnCommand::Switch { engine: Engine::Tagger, on: false });
    desk.drag("تهران");
    desk.mark("LOC");
    desk.act(WalkCommand::SetStatus(Status::Done));
    desk.settle();
    assert_eq!(desk.project().knowledge.training, None);
    desk.give(LearnCommand::Switch { engine: Engine::Tagger, on: true });
    desk.settle();
    assert!(desk.project().knowledge.training.is_some());
}

#[test]
fn a_colleagues_layer_of_the_same_article_is_no_suggestion() {
    let mut desk = taught();
    desk.give(barchasb::session::command::ProjectCommand::SetAnnotator("رضا".to_owned()));
    desk.wait("another annotator", |state| {
        state.article().is_some_and(|open| open.layer.version.0 == 0)
            && state.project.as_ref().unwrap().annotator.as_ref().is_some_and(|a| a.name == "رضا")
    });
    desk.walk_to("یک");
    desk.settle();
    check(&desk, &[]);
    desk.walk_to("سه");
    desk.settle();
    assert!(!desk.suggestions().is_empty(), "names of other articles are suggested");
}

#[test]
fn names_are_loaded_from_a_file_and_suggested() {
    let mut desk = Desk::with(&NEWS);
    let file = desk.write("شهرها.tsv", "شيراز\tLOC\nشیراز\tLOC\n\n   \nکرج\tLOC\nقم\tنیست\n");
    desk.give(LearnCommand::LoadNames { path: file, label: None });
    desk.wait("the list is there", |state| !state.project.as_ref().unwrap().knowledge.lists.is_empty());
    assert!(desk.said("names-loaded"));
    desk.walk_to("چهار");
    desk.settle();
    check(&desk, &[("شیراز", "LOC")]);
    desk.restart();
    desk.walk_to("سه");
    desk.settle();
    check(&desk, &[("كرج", "LOC")]);
    let list = desk.project().knowledge.lists[0].id;
    desk.give(LearnCommand::DropNames(list));
    desk.settle();
    check(&desk, &[]);
}

#[test]
fn a_list_of_names_that_cannot_be_loaded_is_told_as_a_fault() {
    let mut desk = Desk::with(&NEWS);
    let path = desk.folder.path().join("نیست.tsv");
    desk.give(LearnCommand::LoadNames { path, label: None });
    desk.wait("it is told", |state| state.toasts.iter().any(|toast| toast.message.id != "imported"));
    assert!(desk.session.state.toasts.iter().all(|toast| toast.fault == (toast.message.id != "imported")));
}

#[test]
fn a_model_that_cannot_be_read_stops_nobody() {
    for body in [&b"BCHTAG\xff\xff"[..], b"something else", b""] {
        let mut desk = taught();
        assert_eq!(desk.session.finish().unwrap(), 0);
        SqliteStore::open(&desk.project_path()).unwrap().set_model("tagger", body).unwrap();
        desk.restart();
        desk.walk_to("دو");
        desk.settle();
        let told = desk.session.state.toasts.iter().filter(|t| t.message.id.starts_with("model-")).count();
        assert_eq!(told, 1, "{:?}", desk.session.state.toasts);
        assert_eq!(desk.suggestions().len(), 4, "the lexicon goes on");
    }
}

#[test]
fn a_project_of_one_label_or_of_nothing_suggests_nothing_and_complains_of_nothing() {
    let mut desk = Desk::with(&[("تنها", "متنی بی‌نام.")]);
    desk.settle();
    desk.give(SuggestCommand::Step(Step::Forward));
    assert!(desk.said("no-suggestions"));
    desk.act(SuggestCommand::Accept);
    desk.act(SuggestCommand::Reject);
    desk.give(LearnCommand::Train);
    desk.act(WalkCommand::SetStatus(Status::Done));
    desk.settle();
    desk.drag("متنی");
    desk.mark("PER");
    desk.act(WalkCommand::SetStatus(Status::Done));
    desk.settle();
    assert!(desk.session.state.toasts.iter().all(|toast| !toast.fault), "{:?}", desk.session.state.toasts);
}

#[cfg(unix)]
#[test]
fn a_program_that_hangs_is_ended_while_labelling_goes_on() {
    let mut desk = Desk::empty();
    let setting = ProgramSetting { command: "sleep 1000".to_owned(), seconds: 1, on: true };
    desk.give(Command::External(barchasb::session::command::ExternalCommand::Set(Some(setting))));
    desk.fill(&NEWS);
    desk.drag("تهران");
    desk.mark("LOC");
    assert_eq!(desk.mentions().len(), 1, "saved while the program hangs");
    assert!(!desk.session.state.toasts.iter().any(|toast| toast.fault));
    let told = |state: &barchasb::session::state::State| state.toasts.iter().any(|toast| toast.fault);
    assert!(desk.session.wait_until(LIMIT, told), "the limit of one second is told");
    desk.drag("ناجا");
    desk.mark("ORG");
    assert_eq!(desk.mentions().len(), 2);
}

#[cfg(unix)]
#[test]
fn what_a_program_says_is_suggested() {
    let mut desk = Desk::empty();
    let script = desk.write(
        "بگو.sh",
        "while read -r line; do echo '{\"id\":\"یک\",\"spans\":[{\"start\":0,\"end\":5,\"label\":\"PER\",\"confidence\":0.9}]}'; done\n",
    );
    let setting = ProgramSetting { command: format!("sh '{}'", script.display()), seconds: 20, on: true };
    desk.give(Command::External(barchasb::session::command::ExternalCommand::Set(Some(setting))));
    desk.fill(&NEWS[..1]);
    desk.wait("the program's word", |state| !state.article().unwrap().advice.open().is_empty());
    check(&desk, &[("سردار", "PER")]);
    assert_eq!(desk.open().advice.open()[0].engine, Engine::External);
}
