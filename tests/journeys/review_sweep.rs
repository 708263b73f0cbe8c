//! Deciding in the whole project: by a strategy, or like one decision; previewed, done as one step, taken back as one.

use crate::court::{SAID, Said, act, all_gold, gold, gold_mentions, review, reviewed, take};
use crate::desk::Desk;
use barchasb::analysis::adjudicate::Plan;
use barchasb::domain::decision::{Ruling, Strategy};
use barchasb::domain::layer::{Rules, Status};
use barchasb::session::command::{Command, ProjectCommand};
use barchasb::session::review_command::ReviewCommand;
use barchasb::session::sweep::SweepPlan;

/// Waits until what is to be decided is known.
fn plan(desk: &mut Desk, command: ReviewCommand) -> SweepPlan {
    desk.give(command);
    desk.wait("the plan", |state| {
        state.project.as_ref().unwrap().sweep.as_ref().is_some_and(|sweep| sweep.plan.is_some())
    });
    desk.project().sweep.as_ref().unwrap().plan.clone().unwrap()
}

fn by(strategy: Strategy) -> ReviewCommand {
    ReviewCommand::AskStrategy(Plan { strategy, threshold: 0.5, annotator: None })
}

/// Cases, unanimous mentions, articles that end, articles.
#[track_caller]
fn check(plan: &SweepPlan, expected: (usize, usize, usize, usize)) {
    assert_eq!((plan.cases, plan.agreed, plan.finished, plan.acts.len()), expected, "{plan:?}");
}

#[test]
fn what_all_say_is_gold_in_one_step() {
    let mut desk = review(&SAID, "یک");
    let before = all_gold(&desk);
    let planned = plan(&mut desk, by(Strategy::Unanimous));
    // «تهران» in the first article, three in the second, two of the one who is alone in the fourth.
    check(&planned, (0, 6, 2, 3));
    assert_eq!(all_gold(&desk), before, "it is only a preview");
    act(&mut desk, ReviewCommand::ApplySweep);
    assert!(desk.said("sweep-done"));
    assert_eq!(
        ["یک", "دو", "سه", "چهار"].map(|name| gold(&desk, name).0),
        [Status::InProgress, Status::Done, Status::New, Status::Done]
    );
    assert_eq!(reviewed(&desk).waiting(), 2, "disputes are for a person");
    let after = all_gold(&desk);
    act(&mut desk, Command::Undo);
    assert_eq!(all_gold(&desk), before);
    assert_eq!(desk.project().history.depth(), (0, 1));
    act(&mut desk, Command::Redo);
    assert_eq!(all_gold(&desk), after);
    let again = plan(&mut desk, by(Strategy::Unanimous));
    check(&again, (0, 0, 0, 0));
    act(&mut desk, ReviewCommand::ApplySweep);
    assert!(desk.said("sweep-nothing"));
}

#[test]
fn a_strategy_decides_what_is_open_and_nothing_else() {
    let mut desk = review(&SAID[..6], "یک");
    take(&mut desk, &[("حسین اشتری", "PER")]);
    let planned = plan(&mut desk, by(Strategy::Union));
    check(&planned, (3, 3, 3, 3));
    let surfaces: Vec<&str> = planned.places.iter().map(|place| place.surface.as_str()).collect();
    assert_eq!(surfaces, ["ناجا", "ناجا", "کرج"]);
    act(&mut desk, ReviewCommand::ApplySweep);
    let rulings: Vec<Ruling> = gold(&desk, "یک").2.iter().map(|decision| decision.ruling).collect();
    assert!(matches!(rulings[0], Ruling::Taken(_)), "a person's decision stands");
    assert_eq!(rulings[1], Ruling::Strategy(Strategy::Union));
    assert_eq!(gold_mentions(&desk, "سه").len(), 3);
    assert_eq!(desk.project().history.depth(), (2, 0));
}

#[test]
fn what_the_rules_forbid_is_left_as_it_is() {
    let mut desk = review(&SAID[..6], "یک");
    let rules = Rules { overlaps: false, ..Rules::default() };
    desk.give(ProjectCommand::SetRules(rules));
    desk.wait("the rules are set", |state| state.project.as_ref().is_some_and(|p| p.project.rules == rules));
    let planned = plan(&mut desk, by(Strategy::Union));
    // Both boundaries, or both labels, cannot stand on one place.
    assert_eq!((planned.refused, planned.acts.len()), (2, 1));
    act(&mut desk, ReviewCommand::ApplySweep);
    assert!(desk.said("sweep-done-and-left"));
    assert_eq!(gold(&desk, "یک").1, []);
    assert_eq!(gold(&desk, "دو").0, Status::Done);
}

#[test]
fn disputes_like_one_are_decided_as_it_was() {
    // In the fourth article the same two labels are said the other way round; who says them does not matter.
    let more: [Said<'_>; 2] = [("چهار", "سارا", &[("ناجا", "FAC")]), ("چهار", "رضا", &[("ناجا", "ORG")])];
    let said: Vec<_> = SAID[..6].iter().copied().chain(more).collect();
    let mut desk = review(&said, "یک");
    act(&mut desk, ReviewCommand::AskLike);
    assert!(desk.said("review-nothing-decided"));
    act(&mut desk, ReviewCommand::Reason(Some("slip".into())));
    take(&mut desk, &[("حسین اشتری", "PER")]);
    act(&mut desk, ReviewCommand::Reason(Some("guideline-gap".into())));
    take(&mut desk, &[("ناجا", "ORG")]);
    assert_eq!(desk.open().article.name(), "سه");
    let before = all_gold(&desk);
    let planned = plan(&mut desk, ReviewCommand::AskLike);
    check(&planned, (2, 0, 1, 2));
    assert!(planned.places.iter().all(|place| place.surface == "ناجا" && place.gold.len() == 1));
    act(&mut desk, ReviewCommand::ApplySweep);
    assert_eq!(gold_mentions(&desk, "سه"), [("ناجا".into(), "ORG".into(), "taken".into())]);
    assert_eq!(gold(&desk, "چهار").0, Status::Done);
    assert_eq!(gold(&desk, "چهار").2[0].reason.as_deref(), Some("guideline-gap"));
    assert_eq!(reviewed(&desk).waiting(), 1, "the other dispute of the open article still waits");
    assert_eq!(desk.project().history.depth(), (3, 0));
    act(&mut desk, Command::Undo);
    assert_eq!(all_gold(&desk), before);
}
