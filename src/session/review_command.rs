//! Review commands: everything a person can ask for while reviewing.
//!
//! Owns their names. What they do stands in `reviewing`, `sweeping` and `review_reasons`.

use crate::analysis::adjudicate::Plan;
use crate::domain::label::LabelId;
use crate::session::command::Step;
use crate::session::review::DisputeFilter;

/// The review of others' layers.
#[derive(Clone, Debug, PartialEq)]
pub enum ReviewCommand {
    /// Begins to review: the gold layer takes the place of the person's own.
    Enter,
    /// Back to labelling.
    Leave,
    /// The next or previous dispute; past the last one, the next article that waits for a decision.
    Step(Step),
    /// Chooses a dispute, by its place among the cases.
    Choose(usize),
    /// Takes a version of the current dispute, 0 for the first, and goes on.
    Take(usize),
    /// Nothing is to be labelled there, and on.
    Nothing,
    /// Takes the next choice of boundaries; the dispute stays the current one.
    CycleBoundary,
    /// Takes what stands or most say with this label, and goes on.
    Retype(LabelId),
    /// Puts the dispute aside, with a question unless it is blank, and goes on.
    Aside {
        /// What is to be asked.
        question: String,
    },
    /// Asks for the question with which the dispute is put aside.
    AskQuestion,
    /// Asks for a reason.
    AskReason,
    /// Lets go of what is asked for.
    DropPrompt,
    /// The reason of the current dispute's decision, or else of the one to come; `None` or blank for no reason.
    Reason(Option<String>),
    /// The reason of a decision that was made.
    ReasonFor {
        /// The place of its dispute among the cases.
        case: usize,
        /// The reason; `None` or blank for none.
        reason: Option<String>,
    },
    /// Takes a decision back: of the dispute at this place, or else of the current one.
    Reopen(Option<usize>),
    /// Accepts what stands at the current dispute, and goes on; without one, as `AcceptAgreed`.
    Accept,
    /// What all say is gold and the article is done; on to the next one. Not while a dispute waits.
    AcceptAgreed,
    /// Shows the annotators' names, or hides them and shuffles their order.
    Unblind(bool),
    /// Shows the names if they are hidden, or hides them.
    SwitchNames,
    /// Compares those too who are not done with an article, or not.
    CompareUnfinished(bool),
    /// Which disputes the side list shows.
    Filter(DisputeFilter),
    /// Looks for all disputes like the current one, if it is decided, or else the one that was decided last, to decide them alike.
    AskLike,
    /// Looks for what a strategy would decide in the whole project.
    AskStrategy(Plan),
    /// Does in the whole project what was looked for, as one step.
    ApplySweep,
    /// Lets go of it.
    DropSweep,
    /// Changes the project's list of reasons.
    EditReasons(ReasonEdit),
}

/// A change of the project's list of reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReasonEdit {
    /// One more, last.
    Add(String),
    /// One less; decisions keep it.
    Remove(String),
    /// Another wording; decisions keep the old one.
    Rename {
        /// The wording that goes.
        from: String,
        /// The one that comes.
        to: String,
    },
    /// Up (back) or down (forward) in the order.
    Move {
        /// Which.
        reason: String,
        /// Which way.
        step: Step,
    },
}

impl ReviewCommand {
    /// Whether it is about the open article, and means nothing while that one leaves or something lies over it.
    #[must_use]
    pub fn is_about_article(&self) -> bool {
        !matches!(
            self,
            Self::Enter
                | Self::Leave
                | Self::Unblind(_)
                | Self::SwitchNames
                | Self::CompareUnfinished(_)
                | Self::Filter(_)
                | Self::DropSweep
                | Self::EditReasons(_)
        )
    }
}
