//! Reviewing two annotators' layers, by the commands that the window gives: one for each dispute, none where they agree.

use crate::court::{
    SAID, act, all_gold, court, current, edition, enter, gold, gold_mentions, leave, rest, review, reviewed, take,
};
use crate::desk::Desk;
use barchasb::analysis::adjudicate::Standing;
use barchasb::domain::decision::Ruling;
use barchasb::domain::layer::Status;
use barchasb::session::command::{Command, Edge, MarkCommand, ProjectCommand, SelectCommand, Step, WalkCommand};
use barchasb::session::effect::Event;
use barchasb::session::review::{DisputeFilter, Mode, Prompt};
use barchasb::session::review_command::{ReasonEdit, ReviewCommand};
use barchasb::session::update;
use barchasb::store::review::REASONS;
use proptest::prelude::*;

/// The gold mentions of an article on the disk.
#[track_caller]
fn check(desk: &Desk, article: &str, status: Status, expected: &[(&str, &str, &str)]) {
    let told = gold_mentions(desk, article);
    let told: Vec<_> = told.iter().map(|(s, l, o)| (s.as_str(), l.as_str(), o.as_str())).collect();
    assert_eq!((gold(desk, article).0, told.as_slice()), (status, expected));
}

#[test]
fn every_dispute_takes_one_command_and_agreement_none() {
    let mut desk = review(&SAID[..6], "یک");
    let disputes = |desk: &Desk| reviewed(desk).disputes().len();
    assert_eq!((current(&desk), disputes(&desk)), (Some("سردار حسین اشتری"), 2));
    take(&mut desk, &[("حسین اشتری", "PER")]);
    check(&desk, "یک", Status::InProgress, &[("حسین اشتری", "PER", "taken"), ("تهران", "LOC", "unanimous")]);
    assert_eq!(current(&desk), Some("ناجا"), "the next one is chosen by itself");
    take(&mut desk, &[("ناجا", "ORG")]);
    assert_eq!(gold(&desk, "یک").0, Status::Done);
    assert!(desk.said("review-article-done"));
    assert_eq!(desk.open().article.name(), "سه", "where all agree nobody has to look");
    assert_eq!((current(&desk), disputes(&desk)), (Some("ناجا"), 2));
    take(&mut desk, &[("ناجا", "FAC")]);
    take(&mut desk, &[]);
    assert!(desk.said("review-all-done"));
    check(&desk, "سه", Status::Done, &[("ناجا", "FAC", "taken")]);
    assert_eq!(gold(&desk, "سه").2.iter().filter(|decision| decision.ruling == Ruling::Nothing).count(), 1);
    assert_eq!(desk.project().history.depth(), (4, 0), "four disputes, four steps");
    assert_eq!(desk.project().annotators.iter().filter(|a| a.name == "سارا").count(), 1);
    assert_eq!(desk.session.state.settings.annotator, "سارا");

    // Step by step back, across the articles, and forward again.
    let end = all_gold(&desk);
    for _ in 0..4 {
        act(&mut desk, Command::Undo);
    }
    let nothing = all_gold(&desk);
    assert!(nothing.iter().all(|(status, mentions, decisions)| {
        *status == Status::New && mentions.is_empty() && decisions.is_empty()
    }));
    assert_eq!((desk.open().article.name(), current(&desk)), ("یک", Some("سردار حسین اشتری")));
    for _ in 0..4 {
        act(&mut desk, Command::Redo);
    }
    assert_eq!(all_gold(&desk), end);
    act(&mut desk, Command::Undo);
    assert_eq!((desk.open().article.name(), current(&desk)), ("سه", Some("کرج")), "the last decision is open again");
}

#[test]
fn boundaries_labels_nothing_and_reopening_are_a_key_each() {
    let mut desk = review(&SAID[..6], "یک");
    let taken = |desk: &Desk| gold_mentions(desk, "یک")[0].clone().0;
    act(&mut desk, ReviewCommand::CycleBoundary);
    assert_eq!((taken(&desk).as_str(), current(&desk)), ("سردار حسین اشتری", Some("سردار حسین اشتری")));
    act(&mut desk, ReviewCommand::CycleBoundary);
    assert_eq!(taken(&desk), "حسین اشتری");
    act(&mut desk, ReviewCommand::CycleBoundary);
    assert_eq!(taken(&desk), "سردار حسین اشتری", "round the end");
    // What a boundary key gave is what someone said; a nudge makes it somebody's own.
    act(&mut desk, MarkCommand::Nudge { edge: Edge::End, step: Step::Forward });
    assert_eq!(gold_mentions(&desk, "یک")[0].0, "سردار حسین اشتری در");
    assert_eq!(gold(&desk, "یک").2[0].ruling, Ruling::Edited);
    act(&mut desk, ReviewCommand::Accept);
    assert_eq!(current(&desk), Some("ناجا"));
    let label = desk.label("EVE");
    act(&mut desk, MarkCommand::Label(label));
    check(
        &desk,
        "یک",
        Status::Done,
        &[("سردار حسین اشتری در", "PER", "edited"), ("تهران", "LOC", "unanimous"), ("ناجا", "EVE", "edited")],
    );
    assert_eq!(desk.open().article.name(), "سه");
    desk.walk_to("یک");
    let second = reviewed(&desk).disputes()[1];
    act(&mut desk, ReviewCommand::Reopen(Some(second)));
    assert_eq!((gold(&desk, "یک").0, reviewed(&desk).waiting()), (Status::InProgress, 1));
    act(&mut desk, ReviewCommand::Nothing);
    check(&desk, "یک", Status::Done, &[("سردار حسین اشتری در", "PER", "edited"), ("تهران", "LOC", "unanimous")]);
}

#[test]
fn what_is_put_aside_flags_the_article_and_does_not_come_again() {
    let mut desk = review(&SAID[..6], "سه");
    act(&mut desk, ReviewCommand::AskQuestion);
    assert_eq!(reviewed(&desk).prompt, Some(Prompt::Question));
    act(&mut desk, SelectCommand::Nothing);
    assert_eq!(reviewed(&desk).prompt, None);
    act(&mut desk, ReviewCommand::Aside { question: " سازمان است؟ ".into() });
    take(&mut desk, &[("کرج", "LOC")]);
    check(&desk, "سه", Status::Flagged, &[("کرج", "LOC", "taken")]);
    let aside = &gold(&desk, "سه").2[0];
    assert_eq!((aside.ruling, aside.question.as_deref()), (Ruling::Aside, Some("سازمان است؟")));
    assert_eq!(desk.open().article.name(), "یک", "round the end of the project");
    let filter = DisputeFilter { open: Some(true), ..DisputeFilter::default() };
    assert_eq!(reviewed(&desk).shown(&filter, &desk.open().layer).len(), 2);
    take(&mut desk, &[("حسین اشتری", "PER")]);
    take(&mut desk, &[("ناجا", "ORG")]);
    assert!(desk.said("review-all-done"), "what was put aside waits for nobody here");
    // Decided after all, the flag goes with it.
    desk.walk_to("سه");
    let aside = reviewed(&desk).disputes()[0];
    act(&mut desk, ReviewCommand::Choose(aside));
    take(&mut desk, &[("ناجا", "ORG")]);
    assert_eq!(gold(&desk, "سه").0, Status::Done);
}

#[test]
fn a_reason_is_given_before_or_after_and_offered_again() {
    let mut desk = review(&SAID[..6], "یک");
    desk.wait("the reasons", |state| !state.project.as_ref().unwrap().reasons.is_empty());
    assert_eq!(desk.project().reasons_offered(), REASONS);
    act(&mut desk, ReviewCommand::Reason(Some("boundary-rule".into())));
    take(&mut desk, &[("حسین اشتری", "PER")]);
    let reasons =
        |desk: &Desk| gold(desk, "یک").2.iter().map(|d| d.reason.as_deref().map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(reasons(&desk), [Some("boundary-rule".to_owned())]);
    assert_eq!(desk.project().reasons_offered()[0], "boundary-rule");
    // One step back to what was decided, and another reason for it.
    act(&mut desk, ReviewCommand::Step(Step::Back));
    act(&mut desk, ReviewCommand::Reason(Some("slip".into())));
    assert_eq!(reasons(&desk), [Some("slip".to_owned())]);
    assert_eq!(desk.project().history.depth().0, 2);
    act(&mut desk, Command::Undo);
    assert_eq!(reasons(&desk), [Some("boundary-rule".to_owned())]);
    act(&mut desk, ReviewCommand::EditReasons(ReasonEdit::Add("نام خیابان".into())));
    desk.restart();
    desk.wait("the reasons", |state| state.project.as_ref().unwrap().reasons.len() == REASONS.len() + 1);
    assert_eq!(desk.project().reasons.last().map(String::as_str), Some("نام خیابان"));
}

#[test]
fn only_what_changed_later_is_open_again() {
    let mut desk = review(&SAID[..6], "یک");
    take(&mut desk, &[("حسین اشتری", "PER")]);
    take(&mut desk, &[("ناجا", "ORG")]);
    desk.walk_to("یک");
    assert_eq!(reviewed(&desk).waiting(), 0);
    edition(&desk, &[("یک", "رضا", &[("سردار حسین اشتری", "PER"), ("تهران", "LOC"), ("ناجا", "PRO")])], Status::Done);
    let effects = update::event(&mut desk.session.state, Event::ChangedOutside);
    assert!(!effects.is_empty());
    desk.walk_to("سه");
    desk.walk_to("یک");
    assert_eq!((reviewed(&desk).waiting(), current(&desk)), (1, Some("ناجا")));
    assert!(matches!(reviewed(&desk).current_case().unwrap().standing, Standing::Reopened(_)));
    check(
        &desk,
        "یک",
        Status::Done,
        &[("حسین اشتری", "PER", "taken"), ("تهران", "LOC", "unanimous"), ("ناجا", "ORG", "taken")],
    );
    // What stands is accepted once more.
    act(&mut desk, ReviewCommand::Accept);
    assert_eq!(gold(&desk, "یک").2.len(), 2);
    desk.walk_to("یک");
    assert_eq!(reviewed(&desk).waiting(), 0);
}

#[test]
fn the_blind_order_is_another_in_every_case_and_the_same_after_a_restart() {
    let third: crate::court::Said<'_> = ("یک", "مینا", &[("اشتری", "PER"), ("تهران", "LOC"), ("ناجا", "PRO")]);
    let said: Vec<_> = SAID[..2].iter().copied().chain([third]).collect();
    let mut desk = review(&said, "یک");
    let orders = |desk: &Desk| -> Vec<Vec<usize>> {
        let review = reviewed(desk);
        review.disputes().iter().map(|case| (0..3).map(|reader| review.letter(*case, reader)).collect()).collect()
    };
    let blind = orders(&desk);
    assert!(reviewed(&desk).is_blind());
    desk.restart();
    assert_eq!(desk.project().mode, Mode::Label);
    enter(&mut desk);
    desk.walk_to("یک");
    assert_eq!(orders(&desk), blind);
    act(&mut desk, ReviewCommand::Unblind(true));
    let names = vec![vec![0, 1, 2]; 2];
    assert_eq!(orders(&desk), names);
    assert_ne!(blind, names, "this text shuffles them");
    let review = reviewed(&desk);
    let versions = review.versions(review.disputes()[0]);
    assert_eq!(versions.iter().map(|version| version.readers.clone()).collect::<Vec<_>>(), [[0], [1], [2]]);
    desk.restart();
    enter(&mut desk);
    desk.walk_to("یک");
    assert_eq!(orders(&desk), names, "until it is taken back");
}

#[test]
fn who_is_not_done_takes_part_only_when_asked_for() {
    let mut desk = court(&SAID[..1]);
    edition(&desk, &SAID[1..2], Status::InProgress);
    enter(&mut desk);
    desk.walk_to("یک");
    let taking = |desk: &Desk| (reviewed(desk).readers.len(), reviewed(desk).taking_part(), reviewed(desk).waiting());
    assert_eq!(taking(&desk), (2, 1, 0));
    act(&mut desk, ReviewCommand::CompareUnfinished(true));
    assert_eq!(taking(&desk), (2, 2, 2));
    act(&mut desk, ReviewCommand::CompareUnfinished(false));
    assert_eq!(taking(&desk), (2, 1, 0));
}

#[test]
fn one_annotator_is_accepted_at_once_and_corrected_by_hand() {
    let only: Vec<_> = SAID.iter().copied().filter(|(_, annotator, _)| *annotator == "سارا").collect();
    let mut desk = review(&only, "یک");
    assert_eq!((reviewed(&desk).disputes().len(), desk.mentions().len()), (0, 0));
    desk.click("حسین");
    assert_eq!(desk.selected().span, desk.span("حسین اشتری"), "what is not gold yet is selected all the same");
    act(&mut desk, MarkCommand::Nudge { edge: Edge::Start, step: Step::Back });
    check(
        &desk,
        "یک",
        Status::InProgress,
        &[("سردار حسین اشتری", "PER", "edited"), ("تهران", "LOC", "unanimous"), ("ناجا", "ORG", "unanimous")],
    );
    assert_eq!(gold(&desk, "یک").2.iter().map(|d| d.ruling).collect::<Vec<_>>(), [Ruling::Edited]);
    act(&mut desk, ReviewCommand::AcceptAgreed);
    assert_eq!((gold(&desk, "یک").0, desk.open().article.name()), (Status::Done, "دو"));
    for next in ["سه", "چهار"] {
        act(&mut desk, WalkCommand::DoneNext);
        assert_eq!(desk.open().article.name(), next);
    }
    act(&mut desk, ReviewCommand::AcceptAgreed);
    assert!(desk.said("review-all-done"));
    assert!(all_gold(&desk).iter().all(|(status, ..)| *status == Status::Done));
    assert_eq!(desk.project().history.depth().0, 5);
}

#[test]
fn an_annotator_sees_what_review_changed_and_why() {
    let mut desk = review(&SAID[..6], "یک");
    act(&mut desk, ReviewCommand::Reason(Some("title-rule".into())));
    take(&mut desk, &[("سردار حسین اشتری", "PER")]);
    leave(&mut desk);
    desk.walk_to("یک");
    assert_eq!(desk.open().feedback, [], "review is not done with it");
    enter(&mut desk);
    desk.walk_to("یک");
    take(&mut desk, &[("ناجا", "ORG")]);
    leave(&mut desk);
    desk.walk_to("یک");
    let feedback = desk.open().feedback.clone();
    let [line] = feedback.as_slice() else { panic!("{feedback:?}") };
    assert_eq!((line.own[0].span, line.gold[0].span), (desk.span("حسین اشتری"), desk.span("سردار حسین اشتری")));
    assert_eq!(line.reason.as_deref(), Some("title-rule"));
    act(&mut desk, WalkCommand::SetStatus(Status::InProgress));
    assert_eq!(desk.open().feedback, []);
}

#[test]
fn the_mode_is_left_and_come_back_to_with_all_that_can_be_undone() {
    let mut desk = court(&SAID[2..6]);
    desk.walk_to("یک");
    desk.drag("تهران");
    let label = desk.label("LOC");
    desk.give(MarkCommand::Label(label));
    // At once, before it is saved.
    enter(&mut desk);
    rest(&mut desk);
    assert_eq!(desk.project().history.depth(), (0, 0));
    desk.give(ProjectCommand::SetAnnotator("gold".into()));
    assert!(desk.said("error-gold-name"));
    desk.walk_to("سه");
    take(&mut desk, &[("ناجا", "ORG")]);
    leave(&mut desk);
    desk.walk_to("یک");
    assert_eq!(desk.mentions(), [("تهران", "LOC", "")]);
    act(&mut desk, Command::Undo);
    assert_eq!(desk.mentions(), []);
    enter(&mut desk);
    desk.walk_to("یک");
    // Another article's decision, made before the mode was left.
    act(&mut desk, Command::Undo);
    assert_eq!((desk.open().article.name(), current(&desk)), ("سه", Some("ناجا")));
    assert_eq!(gold(&desk, "سه").1, []);
    assert!(!desk.session.state.toasts.iter().any(|toast| toast.fault && toast.message.id != "error-gold-name"));
}

/// What a person may do next.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Take(usize),
    Nothing,
    Boundary,
    Retype,
    Aside,
    Next,
    Back,
    Accept,
    Reopen,
    Undo,
    Redo,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0usize..2).prop_map(Deed::Take),
        1 => Just(Deed::Nothing),
        2 => Just(Deed::Boundary),
        1 => Just(Deed::Retype),
        1 => Just(Deed::Aside),
        2 => Just(Deed::Next),
        2 => Just(Deed::Back),
        1 => Just(Deed::Accept),
        1 => Just(Deed::Reopen),
        3 => Just(Deed::Undo),
        2 => Just(Deed::Redo),
    ]
}

fn command(desk: &Desk, deed: Deed) -> Command {
    Command::Review(match deed {
        Deed::Take(version) => ReviewCommand::Take(version),
        Deed::Nothing => ReviewCommand::Nothing,
        Deed::Boundary => ReviewCommand::CycleBoundary,
        Deed::Retype => ReviewCommand::Retype(desk.label("EVE")),
        Deed::Aside => ReviewCommand::Aside { question: String::new() },
        Deed::Next => ReviewCommand::Step(Step::Forward),
        Deed::Back => ReviewCommand::Step(Step::Back),
        Deed::Accept => ReviewCommand::Accept,
        Deed::Reopen => ReviewCommand::Reopen(None),
        Deed::Undo => return Command::Undo,
        Deed::Redo => return Command::Redo,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undo_and_redo_in_any_order_give_the_same_gold(deeds in proptest::collection::vec(deed(), 4..16)) {
        let mut desk = review(&SAID, "یک");
        // What stood after as many steps.
        let mut trail = vec![all_gold(&desk)];
        for deed in deeds {
            let before = desk.project().history.depth();
            let command = command(&desk, deed);
            act(&mut desk, command);
            let (done, undone) = desk.project().history.depth();
            match deed {
                Deed::Undo | Deed::Redo => {}
                _ if (done, undone) == before => {}
                _ => {
                    prop_assert_eq!((done, undone), (before.0 + 1, 0), "one step for {:?}", deed);
                    trail.truncate(done);
                    trail.push(all_gold(&desk));
                }
            }
            prop_assert_eq!(&all_gold(&desk), &trail[done], "after {:?}", deed);
            let faults: Vec<_> = desk.session.state.toasts.iter().filter(|toast| toast.fault).collect();
            prop_assert!(faults.is_empty(), "{:?}: {:?}", deed, faults);
        }
        let (done, undone) = desk.project().history.depth();
        for place in (0..done).rev() {
            act(&mut desk, Command::Undo);
            prop_assert_eq!(&all_gold(&desk), &trail[place]);
        }
        for expected in trail.iter().take(done + undone + 1).skip(1) {
            act(&mut desk, Command::Redo);
            prop_assert_eq!(&all_gold(&desk), expected);
        }
    }
}
