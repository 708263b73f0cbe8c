//! Labelling from the first file to the export, by the commands that the window gives: after each step the program is closed
//! and opened again, and all is there.

use crate::desk::{ARTICLES, Desk, total};
use crate::project;
use barchasb::domain::article::Direction;
use barchasb::domain::edit::{Change, Operation, Step as HistoryStep};
use barchasb::domain::label::{Colour, Label};
use barchasb::domain::layer::{Rules, Status};
use barchasb::domain::mention::{Mention, MentionKey};
use barchasb::domain::offset::Span;
use barchasb::session::command::{
    Command, Edge, LabelCommand, MarkCommand, ProjectCommand, SelectCommand, Step, WalkCommand,
};
use barchasb::session::saving::SaveState;
use barchasb::session::settings::Theme;
use barchasb::session::state::State;
use barchasb::session::update;
use barchasb::store::contract::{StatusFilter, Store as _};
use barchasb::words::language::Language;
use serde_json::{Value, json};
use std::ops::ControlFlow;

/// Closes and opens the program; before and after it these mentions stand, here and on the disk.
#[track_caller]
fn check(desk: &mut Desk, expected: &[(&str, &str, &str)]) {
    assert_eq!(desk.mentions(), expected);
    desk.assert_saved();
    desk.restart();
    assert_eq!(desk.mentions(), expected, "after the program was opened again");
}

#[test]
fn one_article_from_the_first_mention_to_the_last() {
    let mut desk = Desk::new();
    assert_eq!((desk.open().layer.status, desk.open().article.name()), (Status::New, "اشتری"));

    // Words are taken whole, wherever the drag began and ended in them.
    desk.drag("حسین اشتری");
    assert_eq!(desk.open().target(), Some(desk.span("حسین اشتری")));
    desk.mark("PER");
    assert_eq!(desk.open().layer.status, Status::InProgress);
    check(&mut desk, &[("حسین اشتری", "PER", "")]);

    // The same key again removes it.
    desk.click("حسین");
    desk.mark("PER");
    check(&mut desk, &[]);

    desk.drag("حسین اشتری");
    desk.mark("PER");
    desk.mark("ORG");
    check(&mut desk, &[("حسین اشتری", "ORG", "")]);
    desk.click("حسین");
    desk.mark("PER");

    desk.act(MarkCommand::Nudge { edge: Edge::Start, step: Step::Back });
    check(&mut desk, &[("سردار حسین اشتری", "PER", "")]);
    desk.click("سردار");
    desk.act(MarkCommand::Nudge { edge: Edge::End, step: Step::Back });
    desk.act(MarkCommand::Nudge { edge: Edge::Start, step: Step::Forward });
    check(&mut desk, &[("حسین", "PER", "")]);
    desk.click("حسین");
    // The last word cannot be taken from a mention.
    desk.act(MarkCommand::Nudge { edge: Edge::End, step: Step::Back });
    let (mention, span) = (desk.selected(), desk.span("سردار حسین اشتری"));
    desk.act(MarkCommand::Resize { mention, span });
    check(&mut desk, &[("سردار حسین اشتری", "PER", "")]);

    desk.click("سردار");
    let mention = desk.selected();
    desk.act(MarkCommand::Note { mention, note: "  فرماندهٔ نیروی انتظامی\n".to_owned() });
    check(&mut desk, &[("سردار حسین اشتری", "PER", "فرماندهٔ نیروی انتظامی")]);

    desk.click("سردار");
    let org = desk.label("ORG");
    desk.act(MarkCommand::AlsoLabel(org));
    let per = ("سردار حسین اشتری", "PER", "فرماندهٔ نیروی انتظامی");
    let mut both = [per, ("سردار حسین اشتری", "ORG", "")];
    both.sort_by_key(|(_, label, _)| desk.label(label));
    check(&mut desk, &both);
    desk.give(SelectCommand::Mention(MentionKey { span, label: org }));
    desk.act(MarkCommand::Remove);
    check(&mut desk, &[per]);

    // A mention in a mention, and one that crosses its end; a click goes from the inner to the outer one.
    desk.drag("حسین");
    desk.mark("PRO");
    desk.drag("اشتری در تهران");
    desk.mark("EVE");
    check(&mut desk, &[per, ("حسین", "PRO", ""), ("اشتری در تهران", "EVE", "")]);
    desk.click("حسین");
    assert_eq!(desk.selected().span, desk.span("حسین"));
    desk.click("حسین");
    assert_eq!(desk.selected().span, span);
    let (label, surface) = (desk.label("EVE"), "اشتری در تهران".to_owned());
    desk.give(SelectCommand::Surface { label, surface });
    desk.act(MarkCommand::Remove);
    assert!(desk.said("mention-removed"));
    check(&mut desk, &[per, ("حسین", "PRO", "")]);

    // Half spaces stay at the edges of what words shed, and inside words.
    desk.drag("کتاب‌خانهٔ ملی");
    desk.mark("FAC");
    check(&mut desk, &[per, ("حسین", "PRO", ""), ("کتاب‌خانهٔ ملی", "FAC", "")]);
}

#[test]
fn a_project_without_overlaps_refuses_them() {
    let mut desk = Desk::new();
    let rules = Rules { overlaps: false, ..Rules::default() };
    desk.give(ProjectCommand::SetRules(rules));
    desk.wait("the rules are set", |state| state.project.as_ref().is_some_and(|p| p.project.rules == rules));
    desk.restart();
    assert_eq!(desk.project().project.rules, rules);
    desk.drag("حسین اشتری");
    desk.mark("PER");
    for crossing in ["سردار حسین", "اشتری", "سردار حسین اشتری در"] {
        desk.drag(crossing);
        desk.mark("ORG");
        assert!(desk.said("refused-overlap"), "{crossing}");
    }
    desk.drag("تهران");
    desk.mark("LOC");
    desk.act(MarkCommand::Nudge { edge: Edge::Start, step: Step::Back });
    desk.act(MarkCommand::Nudge { edge: Edge::Start, step: Step::Back });
    check(&mut desk, &[("حسین اشتری", "PER", ""), ("در تهران", "LOC", "")]);
}

#[test]
fn everything_is_undone_and_redone_across_articles() {
    let mut desk = Desk::new();
    let mut trail = vec![desk.on_disk()];
    let mut kept = |desk: &Desk| {
        desk.assert_saved();
        trail.push(desk.on_disk());
    };
    desk.drag("حسین اشتری");
    desk.mark("PER");
    kept(&desk);
    desk.act(MarkCommand::Nudge { edge: Edge::Start, step: Step::Back });
    kept(&desk);
    let mention = desk.selected();
    desk.act(MarkCommand::Note { mention, note: "یادداشت".to_owned() });
    kept(&desk);
    desk.walk_to("بیرجند");
    desk.drag("دانشگاه علوم پزشکي بيرجند");
    desk.mark("ORG");
    kept(&desk);
    desk.drag("بيرجند");
    desk.mark("LOC");
    kept(&desk);
    desk.act(WalkCommand::SetStatus(Status::Done));
    kept(&desk);
    desk.walk_to("اشتری");
    desk.act(MarkCommand::Remove);
    assert_eq!(desk.on_disk(), trail[6], "nothing is selected after walking");
    desk.click("سردار");
    desk.act(MarkCommand::Remove);
    desk.assert_saved();
    trail.push(desk.on_disk());
    desk.act(WalkCommand::SetStatus(Status::Flagged));
    desk.assert_saved();
    trail.push(desk.on_disk());

    let steps = trail.len() - 1;
    assert_eq!(desk.project().history.depth(), (steps, 0));
    let walk = |desk: &mut Desk, command: Command, depth: (usize, usize)| {
        desk.act(command);
        assert_eq!(desk.project().history.depth(), depth);
        assert_eq!(desk.on_disk(), trail[depth.0], "{depth:?}");
    };
    for done in (0..steps).rev() {
        walk(&mut desk, Command::Undo, (done, steps - done));
    }
    desk.give(Command::Undo);
    assert!(desk.said("nothing-to-undo"));
    for done in 1..=steps {
        walk(&mut desk, Command::Redo, (done, steps - done));
    }
    desk.give(Command::Redo);
    assert!(desk.said("nothing-to-redo"));
    // The window shows the article in which the last step was done again, as it stands.
    desk.wait("the article is open", |state| state.article().is_some_and(|open| open.article.name() == "اشتری"));
    desk.assert_saved();
    desk.restart();
    desk.assert_saved();
}

#[test]
fn a_step_that_fits_in_part_is_not_done_at_all() {
    let mut state = project::state(Language::Persian, Theme::Light);
    let open = state.article().unwrap();
    let (article, standing) = (open.article.id(), open.layer.clone());
    let new = Mention::new(Span::from_chars(0, 9), project::label_id("PRO"));
    let gone = Mention::new(Span::from_chars(3, 5), project::label_id("PRO"));
    let label = state.project.as_ref().unwrap().labels.all()[0].clone();
    let renamed = Change::Label {
        id: label.id,
        before: Some(Box::new(label.clone())),
        after: Some(Box::new(Label { name: "X".into(), ..label.clone() })),
    };
    let layer = |operation| Change::Layer { article, operations: vec![operation] };
    let project = state.project.as_mut().unwrap();
    project
        .history
        .record(HistoryStep { changes: vec![renamed, layer(Operation::Add(new)), layer(Operation::Remove(gone))] });
    project.history.mark_undone();

    let effects = update::command(&mut state, Command::Redo);
    assert_eq!(effects, []);
    assert_eq!(state.toasts.last().unwrap().message.id, "refused-not-there");
    let project = state.project.as_ref().unwrap();
    assert_eq!(project.open.as_ref().unwrap().layer, standing);
    assert_eq!((project.labels.get(label.id), project.history.depth()), (Some(&label), (0, 1)));
    assert_eq!(project.saves.state(), SaveState::Saved);
}

/// The names of the articles in the list, once it is read.
fn listed(desk: &mut Desk, count: u64) -> Vec<String> {
    // The number of articles can be known from the open one before the rows come.
    desk.wait("the list is read", |state| {
        let list = state.project.as_ref().map(|project| &project.list);
        total(state) == Some(count) && list.is_some_and(|list| (0..count).all(|place| list.row(place).is_some()))
    });
    let list = &desk.project().list;
    (0..count).map(|place| list.row(place).expect("a row").name.clone()).collect()
}

fn place(state: &State) -> Option<u64> {
    state.article().and_then(|open| open.place)
}

#[test]
fn articles_are_walked_filtered_searched_and_given_a_status() {
    let mut desk = Desk::new();
    assert_eq!(listed(&mut desk, 3), ["اشتری", "بیرجند", "زلزله"]);
    desk.act(WalkCommand::DoneNext);
    desk.wait("the next one is open", |state| state.article().is_some_and(|open| open.article.name() == "بیرجند"));
    desk.act(WalkCommand::SetStatus(Status::Flagged));
    desk.restart();
    assert_eq!(desk.open().article.name(), "بیرجند", "the article that was open is open again");
    assert_eq!(desk.open().layer.status, Status::Flagged);
    // What is set a second time is taken back.
    desk.act(WalkCommand::SetStatus(Status::Flagged));
    assert_eq!(desk.open().layer.status, Status::InProgress);
    desk.act(WalkCommand::SetStatus(Status::Flagged));

    desk.give(WalkCommand::SetFilter(StatusFilter::Only(Status::Done)));
    assert_eq!(listed(&mut desk, 1), ["اشتری"]);
    desk.wait("the open article has no place here", |state| place(state).is_none());
    desk.give(WalkCommand::SetFilter(StatusFilter::Only(Status::Flagged)));
    desk.wait("the open article is the first one", |state| total(state) == Some(1) && place(state) == Some(0));
    assert_eq!(listed(&mut desk, 1), ["بیرجند"]);
    desk.give(WalkCommand::SetFilter(StatusFilter::Remaining));
    desk.wait("the open article has no place here", |state| total(state) == Some(1) && place(state).is_none());
    assert_eq!(listed(&mut desk, 1), ["زلزله"]);
    // A status that moves an article into the list gives it a place.
    desk.act(WalkCommand::SetStatus(Status::InProgress));
    desk.wait("the open article is the first one", |state| total(state) == Some(2) && place(state) == Some(0));
    desk.give(WalkCommand::SetFilter(StatusFilter::All));
    desk.wait("the open article is the second one", |state| total(state) == Some(3) && place(state) == Some(1));

    // Arabic and Persian letters, half spaces and spaces are found by each other.
    for (search, expected) in [
        ("بیرجند", &["بیرجند"][..]),
        ("پزشكي", &["بیرجند"]),
        ("کتابخانهٔ ملی", &["اشتری"]),
        ("كتاب‌خانه", &["اشتری"]),
        ("پروژههای", &["بیرجند"]),
        ("تهران", &["اشتری", "بیرجند"]),
        ("4.2 ریشتری", &["زلزله"]),
        ("نیست", &[]),
    ] {
        desk.give(WalkCommand::SetSearch(search.to_owned()));
        assert_eq!(listed(&mut desk, expected.len() as u64), expected, "{search}");
        let open = expected.iter().position(|name| *name == "بیرجند").map(|at| at as u64);
        assert_eq!(place(&desk.session.state), open, "{search}");
    }
    desk.give(WalkCommand::SetSearch(String::new()));
    assert_eq!(listed(&mut desk, 3).len(), 3);

    desk.give(WalkCommand::SetDirection(Direction::LeftToRight));
    desk.restart();
    assert_eq!(desk.open().article.direction, Direction::LeftToRight);

    // Only what remains is gone to, and it is said when there is nothing more.
    desk.walk_to("زلزله");
    desk.act(WalkCommand::DoneNext);
    desk.wait("what was passed over is open", |state| state.article().is_some_and(|o| o.article.name() == "بیرجند"));
    desk.act(WalkCommand::DoneNext);
    desk.wait("all is done", |state| state.toasts.iter().any(|toast| toast.message.id == "all-done"));
}

#[test]
fn another_filter_keeps_the_list_until_its_first_page_comes() {
    let mut desk = Desk::new();
    assert_eq!(listed(&mut desk, 3).len(), 3);
    desk.give(WalkCommand::SetFilter(StatusFilter::Only(Status::Done)));
    let list = &desk.project().list;
    assert!(list.stale && list.row(0).is_some() && list.total == Some(3), "what is here is known to be old");
    desk.wait("the new list is read", |state| total(state) == Some(0));
    assert!(desk.project().list.row(0).is_none());
}

#[test]
fn every_shuffle_is_another_one_and_next_follows_it() {
    let mut desk = Desk::new();
    let mut orders = Vec::new();
    for _ in 0..6 {
        desk.give(WalkCommand::Shuffle);
        orders.push(listed(&mut desk, 3));
    }
    assert!(orders.iter().any(|order| *order != orders[0]), "{orders:?}");
    assert!(orders.iter().all(|order| order.len() == 3 && order.iter().all(|name| orders[0].contains(name))));
    let last = orders.pop().unwrap();
    desk.walk_to(&last[0]);
    desk.give(WalkCommand::Next);
    let next = last[1].clone();
    desk.wait("the next one", |state| state.article().is_some_and(|open| open.article.name() == next));
}

#[test]
fn the_export_is_the_work() {
    let mut desk = Desk::new();
    desk.drag("سردار حسین اشتری");
    desk.mark("PER");
    let mention = desk.selected();
    desk.act(MarkCommand::Note { mention, note: "فرمانده".to_owned() });
    desk.drag("اشتری");
    desk.mark("ORG");
    desk.act(WalkCommand::SetStatus(Status::Done));
    desk.walk_to("بیرجند");
    desk.drag("بيرجند");
    desk.mark("LOC");
    let path = desk.folder.path().join("out.jsonl");
    desk.give(ProjectCommand::Export(path.clone()));
    desk.wait("it is exported", |state| state.toasts.iter().any(|toast| toast.message.id == "exported"));
    let lines: Vec<Value> =
        std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected = [
        json!({"id": "اشتری", "text": ARTICLES[0].1, "annotator": "سارا", "status": "done", "meta": {}, "offset_unit": "codepoint",
            "spans": [
                {"start": 0, "end": 16, "label": "PER", "text": "سردار حسین اشتری", "note": "فرمانده"},
                {"start": 11, "end": 16, "label": "ORG", "text": "اشتری"}]}),
        json!({"id": "بیرجند", "text": ARTICLES[1].1, "annotator": "سارا", "status": "in_progress", "meta": {},
            "offset_unit": "codepoint", "spans": [{"start": 24, "end": 30, "label": "LOC", "text": "بيرجند"}]}),
        json!({"id": "زلزله", "text": ARTICLES[2].1, "annotator": null, "status": null, "meta": {}, "offset_unit": "codepoint",
            "spans": []}),
    ];
    assert_eq!(lines, expected);
}

/// The mentions of all annotators that show under a label.
fn count(desk: &Desk, label: &str) -> u64 {
    desk.project().label_counts.get(&desk.label(label)).copied().unwrap_or(0)
}

#[test]
fn labels_are_renamed_merged_deleted_and_put_back_and_no_mention_is_touched() {
    let mut desk = Desk::new();
    for (surface, label) in [("حسین اشتری", "PER"), ("تهران", "LOC"), ("نیروی انتظامی", "ORG"), ("ملی", "FAC")]
    {
        desk.drag(surface);
        desk.mark(label);
    }
    let before = desk.on_disk();
    let (loc, fac) = (desk.label("LOC"), desk.label("FAC"));

    let renamed =
        Label { name: "PLACE".into(), title: "جا".into(), colour: Colour(0x123456), ..desk.named("LOC").clone() };
    desk.act(LabelCommand::Change(renamed.clone()));
    desk.restart();
    assert_eq!(desk.named("PLACE"), &renamed);
    assert_eq!(desk.mentions()[1], ("تهران", "PLACE", ""));
    assert_eq!(desk.on_disk(), before);
    // A name or key that another label has is refused.
    desk.act(LabelCommand::Change(Label { name: "per".into(), ..renamed.clone() }));
    assert!(desk.said("label-name-taken"));
    desk.act(LabelCommand::Change(Label { keys: "p".into(), ..renamed }));
    assert!(desk.said("label-key-taken"));
    assert_eq!(desk.named("PLACE").keys, "3l");

    desk.act(LabelCommand::Merge { from: fac, into: loc });
    let counted = |state: &State| state.project.as_ref().and_then(|p| p.label_counts.get(&loc).copied());
    desk.wait("the counts add up", |state| counted(state) == Some(2));
    assert_eq!(count(&desk, "FAC"), 0);
    assert_eq!(desk.on_disk(), before, "the mentions keep the id of their own label");
    desk.restart();
    desk.wait("the counts add up", |state| counted(state) == Some(2));
    assert_eq!((desk.open().list.count(loc), desk.open().list.count(fac)), (2, 0));
    assert_eq!(desk.project().label(fac).map(|label| label.id), Some(loc));

    // A merge that would go round does nothing.
    desk.act(LabelCommand::Merge { from: loc, into: fac });
    assert_eq!(desk.named("PLACE").merged_into, None);

    desk.act(LabelCommand::Restore(fac));
    desk.wait("the counts are as before", |state| counted(state) == Some(1));
    assert_eq!((count(&desk, "FAC"), desk.on_disk()), (1, before.clone()));

    desk.act(LabelCommand::Delete(fac));
    desk.restart();
    assert!(desk.named("FAC").deleted);
    assert_eq!(desk.on_disk(), before, "a label out of use keeps its mentions");
    desk.drag("کتاب‌خانهٔ");
    desk.mark("FAC");
    assert_eq!(desk.mentions().len(), 4, "it gives no new ones");

    // All of it is taken back, step by step, and done again.
    desk.act(LabelCommand::Restore(fac));
    desk.act(LabelCommand::Merge { from: fac, into: loc });
    desk.act(LabelCommand::New);
    let made = desk.label("NEW");
    desk.act(LabelCommand::Move { label: made, step: Step::Back });
    let labels = desk.project().labels.clone();
    for _ in 0..4 {
        desk.act(Command::Undo);
    }
    assert!(desk.project().labels.get(made).is_none() && desk.named("FAC").deleted);
    let on_disk = desk.read(|store| store.labels().unwrap());
    assert_eq!(on_disk, desk.project().labels);
    for _ in 0..4 {
        desk.act(Command::Redo);
    }
    assert_eq!(desk.project().labels, labels);
    desk.restart();
    assert_eq!((&desk.project().labels, desk.on_disk()), (&labels, before));
    assert_eq!(desk.read(|store| store.check(&mut |_, _| ControlFlow::Continue(())).unwrap()), []);
}
