//! Review reasons: the project's list of why something was decided, in its order.
//!
//! Owns changes of the list. What the known ones are called stands in the locale files; decisions keep their own words.

use crate::session::command::Step;
use crate::session::effect::Effect;
use crate::session::review_command::ReasonEdit;
use crate::session::state::OpenProject;

/// Words without the blanks around them; `None` when nothing is left.
#[must_use]
pub fn unless_blank(words: &str) -> Option<Box<str>> {
    let words = words.trim();
    (!words.is_empty()).then(|| words.into())
}

/// Changes the list.
pub fn edit(project: &mut OpenProject, edit: ReasonEdit, effects: &mut Vec<Effect>) {
    let reasons = edited(&project.reasons, edit);
    if reasons != project.reasons {
        project.reasons.clone_from(&reasons);
        effects.push(Effect::SetReasons(reasons));
    }
}

/// The list after a change; the same one when there is nothing to change.
fn edited(reasons: &[String], edit: ReasonEdit) -> Vec<String> {
    let mut reasons = reasons.to_vec();
    let place = |reasons: &[String], reason: &str| reasons.iter().position(|other| other == reason);
    match edit {
        ReasonEdit::Add(reason) => {
            if let Some(reason) = unless_blank(&reason).filter(|reason| place(&reasons, reason).is_none()) {
                reasons.push(reason.into());
            }
        }
        ReasonEdit::Remove(reason) => reasons.retain(|other| *other != reason),
        ReasonEdit::Rename { from, to } => {
            let to = unless_blank(&to).filter(|to| place(&reasons, to).is_none());
            let renamed = place(&reasons, &from).and_then(|at| reasons.get_mut(at));
            if let (Some(reason), Some(to)) = (renamed, to) {
                *reason = to.into();
            }
        }
        ReasonEdit::Move { reason, step } => {
            let from = place(&reasons, &reason);
            let to = from.and_then(|at| match step {
                Step::Forward => Some(at + 1).filter(|to| *to < reasons.len()),
                Step::Back => at.checked_sub(1),
            });
            if let (Some(from), Some(to)) = (from, to) {
                reasons.swap(from, to);
            }
        }
    }
    reasons
}

impl OpenProject {
    /// The reasons in the order in which they are offered: the last one given first.
    #[must_use]
    pub fn reasons_offered(&self) -> Vec<&str> {
        let last = self.last_reason.as_deref();
        let others = self.reasons.iter().map(String::as_str).filter(|reason| Some(*reason) != last);
        last.into_iter().chain(others).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(edit: ReasonEdit, expected: &[&str]) {
        let reasons = ["slip", "boundary-rule"].map(str::to_owned);
        assert_eq!(edited(&reasons, edit), expected);
    }

    #[test]
    fn the_list_is_changed_and_holds_nothing_blank_nor_twice() {
        let same: &[&str] = &["slip", "boundary-rule"];
        check(ReasonEdit::Add(" ابهام ".into()), &["slip", "boundary-rule", "ابهام"]);
        check(ReasonEdit::Add("slip".into()), same);
        check(ReasonEdit::Add(" ".into()), same);
        check(ReasonEdit::Remove("slip".into()), &["boundary-rule"]);
        check(ReasonEdit::Remove("نیست".into()), same);
        check(ReasonEdit::Rename { from: "slip".into(), to: "لغزش".into() }, &["لغزش", "boundary-rule"]);
        check(ReasonEdit::Rename { from: "slip".into(), to: "boundary-rule".into() }, same);
        check(ReasonEdit::Move { reason: "slip".into(), step: Step::Forward }, &["boundary-rule", "slip"]);
        check(ReasonEdit::Move { reason: "slip".into(), step: Step::Back }, same);
    }
}
