//! Same mentions: what was done to one is done to all, here, from here on, or in the whole project, and taken back at once.

use crate::desk::Desk;
use barchasb::domain::mention::Origin;
use barchasb::session::command::{
    Command, FindCommand, LabelCommand, MarkCommand, ProjectCommand, Reach, SameCommand, SelectCommand, SuggestCommand,
    WalkCommand,
};
use barchasb::session::effect::Event;
use barchasb::session::same::HereCount;
use barchasb::session::update;
use barchasb::words::message::Message;

const NEWS: [(&str, &str); 3] = [
    ("یک", "ناجا آمد. ناجا رفت. نیروی ناجا و ناجای دیگر. ناجا‌یی‌ها نیستند."),
    ("دو", "به گزارش مهر، ناجا\u{A0}آماده است. مهرنوش و ناجا."),
    ("سه", "اینجا نامی نیست."),
];

/// A desk at which the first «ناجا» has just got its label.
fn offered() -> Desk {
    let mut desk = Desk::with(&NEWS);
    desk.drag("ناجا");
    desk.mark("ORG");
    desk.settle();
    desk
}

fn apply(desk: &mut Desk, reach: Reach, suffixed: bool) {
    desk.act(SameCommand::Apply { reach, suffixed });
}

/// How many mentions each article has on the disk.
#[track_caller]
fn check(desk: &mut Desk, expected: [usize; 3]) {
    desk.settle();
    let found = desk.read(|store| {
        use barchasb::store::contract::Store as _;
        let annotator = store.annotators().unwrap().into_iter().find(|a| a.name == "سارا").unwrap().id;
        NEWS.map(|(name, _)| {
            let id = store.article_by_name(name).unwrap().unwrap();
            store.layer(id, annotator).unwrap().mentions.len()
        })
    });
    assert_eq!(found, expected);
}

#[test]
fn the_offer_counts_whole_names_and_suffixed_ones_apart() {
    let desk = offered();
    let offer = desk.project().same.as_ref().expect("an offer");
    assert_eq!(offer.here(desk.project()), HereCount { whole: 2, onward: 2, suffixed: 1 });
    assert_eq!(offer.elsewhere.map(|found| (found.articles, found.places)), Some((1, 2)));
}

#[test]
fn here_and_from_here_on_are_one_step() {
    let mut desk = offered();
    apply(&mut desk, Reach::Here, false);
    check(&mut desk, [3, 0, 0]);
    assert_eq!(desk.open().layer.mentions.iter().filter(|m| m.origin == Origin::Same).count(), 2);
    desk.act(Command::Undo);
    check(&mut desk, [1, 0, 0]);
    desk.act(Command::Undo);
    check(&mut desk, [0, 0, 0]);

    // From the second one on.
    let second = desk.span("ناجا رفت").start;
    desk.give(SelectCommand::Word { at: second });
    desk.mark("ORG");
    desk.settle();
    apply(&mut desk, Reach::Onward, false);
    check(&mut desk, [2, 0, 0]);
}

#[test]
fn enter_takes_the_offer_when_no_suggestion_is_chosen() {
    let mut desk = offered();
    desk.act(SuggestCommand::Accept);
    check(&mut desk, [3, 0, 0]);
    assert!(desk.project().same.is_none());
    // Once more: there is nothing left to do.
    desk.act(SuggestCommand::Accept);
    check(&mut desk, [3, 0, 0]);
}

#[test]
fn the_less_certain_tier_is_taken_only_when_asked_for() {
    let mut desk = offered();
    apply(&mut desk, Reach::Here, true);
    check(&mut desk, [4, 0, 0]);
    assert!(desk.mentions().contains(&("ناجای", "ORG", "")), "{:?}", desk.mentions());
}

#[test]
fn the_whole_project_is_one_step_and_one_undo() {
    let mut desk = offered();
    apply(&mut desk, Reach::Project, false);
    wait_done(&mut desk);
    check(&mut desk, [3, 2, 0]);
    desk.act(Command::Undo);
    check(&mut desk, [1, 0, 0]);
    assert_eq!(desk.open().article.name(), "یک", "the reader stays where he is");
    desk.act(Command::Redo);
    check(&mut desk, [3, 2, 0]);
    desk.restart();
    check(&mut desk, [3, 2, 0]);
    assert_eq!(desk.history_says("\"o\":\"same\""), 12, "labelled, taken back, labelled again: four at a time");
}

#[test]
fn other_articles_get_suggestions_unless_they_are_to_be_labelled() {
    let mut desk = offered();
    apply(&mut desk, Reach::Suggest, false);
    desk.wait("the others have suggestions", |state| {
        state.toasts.iter().any(|toast| toast.message.id == "suggested-elsewhere")
    });
    check(&mut desk, [3, 0, 0]);
    desk.walk_to("دو");
    desk.settle();
    assert_eq!(desk.suggestions(), [("ناجا", "ORG"), ("ناجا", "ORG")]);
}

/// Waits until what was asked for in the whole project is done.
fn wait_done(desk: &mut Desk) {
    desk.wait("it is done", |state| state.toasts.iter().any(|toast| toast.message.id == "same-done"));
    desk.wait_saved();
}

#[test]
fn what_was_asked_for_in_the_whole_project_is_done_whatever_comes_next() {
    let next: [fn(&Desk) -> Command; 4] = [
        |desk| Command::Mark(MarkCommand::Label(desk.label("LOC"))),
        |_| Command::Walk(WalkCommand::Next),
        |_| Command::Find(FindCommand::Open),
        |desk| Command::Label(LabelCommand::Delete(desk.label("LOC"))),
    ];
    for (next, first) in next.into_iter().zip([4, 3, 3, 3]) {
        let mut desk = offered();
        desk.give(SameCommand::Apply { reach: Reach::Project, suffixed: false });
        desk.drag("نیروی");
        let next = next(&desk);
        desk.give(next);
        wait_done(&mut desk);
        check(&mut desk, [first, 2, 0]);
    }
}

#[test]
fn the_project_is_not_let_go_before_what_was_asked_for_in_all_of_it_is_done() {
    let mut desk = offered();
    desk.give(SameCommand::Apply { reach: Reach::Project, suffixed: false });
    desk.give(ProjectCommand::SetAnnotator("رضا".to_owned()));
    desk.wait("another annotator", |state| {
        state.project.as_ref().unwrap().annotator.as_ref().is_some_and(|annotator| annotator.name == "رضا")
    });
    check(&mut desk, [3, 2, 0]);

    let mut desk = offered();
    desk.give(SameCommand::Apply { reach: Reach::Project, suffixed: false });
    desk.restart();
    check(&mut desk, [3, 2, 0]);
}

#[test]
fn what_was_asked_for_in_the_whole_project_and_fails_is_told() {
    let mut desk = offered();
    desk.give(SameCommand::Apply { reach: Reach::Project, suffixed: false });
    let failed = Event::Failed(Message::new("error-inside"));
    update::event(&mut desk.session.state, failed);
    assert!(desk.said("same-not-done"));
    check(&mut desk, [1, 0, 0]);
    assert!(!desk.said("same-done"), "the hits that come after all are dropped");

    // The label it would give is out of use by then.
    let mut desk = offered();
    desk.give(SameCommand::Apply { reach: Reach::Project, suffixed: false });
    let label = desk.label("ORG");
    desk.give(LabelCommand::Delete(label));
    desk.wait("it is told", |state| state.toasts.iter().any(|toast| toast.message.id == "same-not-done"));
    check(&mut desk, [1, 0, 0]);
}

#[test]
fn an_offer_that_is_not_counted_yet_goes_when_something_else_is_looked_for() {
    let mut desk = Desk::with(&NEWS);
    desk.drag("ناجا");
    desk.mark("ORG");
    assert!(desk.project().same.is_some());
    desk.give(Command::Find(FindCommand::Open));
    assert!(desk.project().same.is_none());
}

#[test]
fn relabelling_and_removing_offer_the_same() {
    let mut desk = offered();
    apply(&mut desk, Reach::Project, false);
    wait_done(&mut desk);
    desk.settle();
    desk.click("ناجا");
    desk.mark("LOC");
    desk.settle();
    apply(&mut desk, Reach::Here, false);
    assert!(desk.mentions().iter().all(|(_, label, _)| *label == "LOC"), "{:?}", desk.mentions());
    desk.click("ناجا");
    desk.act(MarkCommand::Remove);
    desk.settle();
    apply(&mut desk, Reach::Here, false);
    check(&mut desk, [0, 2, 0]);
    desk.act(Command::Undo);
    check(&mut desk, [2, 2, 0]);
}

#[test]
fn a_name_is_not_labelled_over_a_mention_where_overlaps_are_forbidden() {
    let mut desk = Desk::with(&NEWS);
    let rules = barchasb::domain::layer::Rules { overlaps: false, ..Default::default() };
    desk.give(barchasb::session::command::ProjectCommand::SetRules(rules));
    desk.wait("the rules are set", |state| state.project.as_ref().is_some_and(|p| p.project.rules == rules));
    desk.drag("نیروی ناجا");
    desk.mark("ORG");
    desk.drag("ناجا");
    desk.mark("ORG");
    desk.settle();
    apply(&mut desk, Reach::Here, false);
    assert_eq!(desk.mentions(), [("ناجا", "ORG", ""), ("ناجا", "ORG", ""), ("نیروی ناجا", "ORG", "")]);
}
