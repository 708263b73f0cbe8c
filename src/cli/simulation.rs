//! An annotator, played: labels one article after the other through the commands of the window and counts the actions.
//!
//! Owns which action is taken at which place, and that the article ends with just the mentions of the corpus. It must not look at
//! anything that the window would not show, the corpus aside: that is what the annotator knows.

use crate::domain::label::LabelId;
use crate::domain::layer::Status;
use crate::domain::mention::MentionKey;
use crate::domain::offset::Span;
use crate::domain::suggestion::Suggestion;
use crate::session::command::{
    Command, Edge, MarkCommand, Reach, SameCommand, SelectCommand, Step, SuggestCommand, WalkCommand,
};
use crate::session::driver::Session;
use crate::session::state::OpenArticle;
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::time::Duration;

/// What an article ends with.
pub type Gold = BTreeMap<Span, LabelId>;

/// How long anything may take before the simulation gives up.
const LIMIT: Duration = Duration::from_secs(600);

/// What a mention taken away again costs: a click and a key.
const REMOVAL: u64 = 2;

/// What a mention labelled by hand costs at most: a drag and a label's key.
const BY_HAND: u64 = 2;

/// The actions of an annotator, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Actions {
    /// Drags.
    pub drags: u64,
    /// Label keys, those that arm a label too.
    pub keys: u64,
    /// Enter on the offer of same mentions.
    pub same: u64,
    /// Suggestions accepted one by one.
    pub accepted: u64,
    /// Suggestions accepted with another label.
    pub relabelled: u64,
    /// Suggestions rejected.
    pub rejected: u64,
    /// Edges moved by a word.
    pub nudged: u64,
    /// All accepted above the threshold.
    pub all: u64,
    /// Mentions taken away again: two actions each.
    pub removed: u64,
}

impl Actions {
    /// Every action, «done» aside.
    #[must_use]
    pub fn total(&self) -> u64 {
        let Self { drags, keys, same, accepted, relabelled, rejected, nudged, all, removed } = *self;
        drags + keys + same + accepted + relabelled + rejected + nudged + all + REMOVAL * removed
    }

    /// Adds those of another article.
    pub fn add(&mut self, other: &Self) {
        self.drags += other.drags;
        self.keys += other.keys;
        self.same += other.same;
        self.accepted += other.accepted;
        self.relabelled += other.relabelled;
        self.rejected += other.rejected;
        self.nudged += other.nudged;
        self.all += other.all;
        self.removed += other.removed;
    }
}

/// How the suggestions of an article were when it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Suggestions that reach the threshold.
    pub above: u64,
    /// Those of them that are right.
    pub right_above: u64,
    /// All suggestions.
    pub all: u64,
    /// Those that are right.
    pub right: u64,
}

/// One article labelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Articles.
    pub articles: u64,
    /// Mentions of the corpus.
    pub mentions: u64,
    /// Mentions of the corpus that cannot be selected, and are not counted.
    pub out_of_reach: u64,
    /// What they cost.
    pub actions: Actions,
    /// The suggestions at the beginning.
    pub shown: Shown,
}

impl Tally {
    /// Adds another one.
    pub fn add(&mut self, other: &Self) {
        self.articles += other.articles;
        self.mentions += other.mentions;
        self.out_of_reach += other.out_of_reach;
        self.actions.add(&other.actions);
        let Shown { above, right_above, all, right } = other.shown;
        self.shown.above += above;
        self.shown.right_above += right_above;
        self.shown.all += all;
        self.shown.right += right;
    }
}

/// What is wrong with a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    /// Nothing.
    None,
    /// The label alone.
    Label(LabelId),
    /// One edge, by one word.
    Edge(Edge, Step),
    /// It is no mention.
    Spurious,
}

/// An annotator at work.
pub struct Annotator<'a> {
    session: &'a mut Session,
    actions: Actions,
    /// Mentions that no selection gives: they end inside a character, or begin with a space.
    out_of_reach: Vec<Span>,
}

impl<'a> Annotator<'a> {
    /// One who has the session's open project before him.
    pub fn new(session: &'a mut Session) -> Self {
        Self { session, actions: Actions::default(), out_of_reach: Vec::new() }
    }

    /// Labels the open article until it holds just `gold`, and finishes it.
    ///
    /// # Errors
    /// When it does not end so, or something takes longer than ten minutes.
    pub fn label_article(mut self, gold: &Gold) -> Result<Tally> {
        self.wait()?;
        let shown = self.shown(gold)?;
        self.decide_suggestions(gold)?;
        for (span, label) in gold {
            if !self.stands(*span, *label)? {
                self.add(*span, *label, gold)?;
            }
        }
        let found: Vec<(Span, LabelId)> = self.open()?.layer.mentions.iter().map(|m| (m.span, m.label)).collect();
        let reached = |(span, _): &(&Span, &LabelId)| !self.out_of_reach.contains(span);
        let wanted: Vec<(Span, LabelId)> = gold.iter().filter(reached).map(|(span, label)| (*span, *label)).collect();
        ensure!(found == wanted, "the article did not end as the corpus says");
        self.session.command(Command::Walk(WalkCommand::SetStatus(Status::Done)));
        self.wait()?;
        let out_of_reach = self.out_of_reach.len() as u64;
        let mentions = gold.len() as u64 - out_of_reach;
        Ok(Tally { articles: 1, mentions, out_of_reach, actions: self.actions, shown })
    }

    fn open(&self) -> Result<&OpenArticle> {
        self.session.state.article().context("no article is open")
    }

    /// Waits until all is saved and the engines have said what they think.
    fn wait(&mut self) -> Result<()> {
        ensure!(self.session.settle(LIMIT), "the engines did not answer");
        let is_counted = |state: &crate::session::state::State| {
            state.project.as_ref().is_none_or(|project| project.same.as_ref().is_none_or(|offer| offer.is_counted()))
        };
        ensure!(self.session.wait_until(LIMIT, is_counted), "the same mentions were not found");
        if let Some(toast) = self.session.state.toasts.iter().find(|toast| toast.fault) {
            bail!("the session complains: {:?}", toast.message);
        }
        Ok(())
    }

    fn suggest(&mut self, command: SuggestCommand) {
        self.session.command(Command::Suggest(command));
    }

    fn mark(&mut self, command: MarkCommand) {
        self.session.command(Command::Mark(command));
    }

    fn threshold(&self) -> u8 {
        self.session.state.settings.threshold
    }

    fn stands(&self, span: Span, label: LabelId) -> Result<bool> {
        Ok(self.open()?.layer.mentions.get(MentionKey { span, label }).is_some())
    }

    fn suggestions(&self) -> Result<Vec<Suggestion>> {
        Ok(self.open()?.advice.open().to_vec())
    }

    fn shown(&self, gold: &Gold) -> Result<Shown> {
        let (threshold, all) = (self.threshold(), self.suggestions()?);
        let right = |s: &&Suggestion| gold.get(&s.span) == Some(&s.label);
        let above = all.iter().filter(|s| s.confidence.percent() >= threshold);
        Ok(Shown {
            above: above.clone().count() as u64,
            right_above: above.filter(right).count() as u64,
            all: all.len() as u64,
            right: all.iter().filter(right).count() as u64,
        })
    }

    /// Decides what the engines suggest: either everything wrong above the threshold is put right and the rest accepted at once, or
    /// what is right is accepted one by one, whichever is cheaper. What is right below the threshold is accepted one by one.
    fn decide_suggestions(&mut self, gold: &Gold) -> Result<()> {
        if self.accepting_all_pays(gold)? {
            // What is rejected may give way to another suggestion, which is looked at as well.
            while self.put_one_right(gold)? {}
            let threshold = self.threshold();
            if self.suggestions()?.iter().any(|s| s.confidence.percent() >= threshold) {
                self.suggest(SuggestCommand::AcceptAll);
                self.actions.all += 1;
                self.wait()?;
            }
        }
        while let Some((suggestion, flaw)) = self.find(gold, |_, flaw| matches!(flaw, Flaw::None | Flaw::Label(_)))? {
            self.repair(&suggestion, flaw)?;
        }
        Ok(())
    }

    fn accepting_all_pays(&self, gold: &Gold) -> Result<bool> {
        let threshold = self.threshold();
        let (mut right, mut cost) = (0, 1.0);
        for suggestion in self.suggestions()?.iter().filter(|s| s.confidence.percent() >= threshold) {
            match self.flaw(suggestion, gold)? {
                Flaw::None => right += 1,
                // It costs the same either way.
                Flaw::Label(_) => {}
                // Two actions, and a mention that would cost one or two by hand.
                Flaw::Edge(..) => cost += 0.5,
                Flaw::Spurious => cost += 1.0,
            }
        }
        Ok(f64::from(right) > cost)
    }

    /// Puts the first wrong suggestion above the threshold right; whether there was one.
    fn put_one_right(&mut self, gold: &Gold) -> Result<bool> {
        let threshold = self.threshold();
        let wrong = |s: &Suggestion, flaw: Flaw| s.confidence.percent() >= threshold && flaw != Flaw::None;
        let Some((suggestion, flaw)) = self.find(gold, wrong)? else { return Ok(false) };
        self.repair(&suggestion, flaw)?;
        Ok(true)
    }

    /// The first suggestion of which `wanted` holds.
    fn find(&self, gold: &Gold, wanted: impl Fn(&Suggestion, Flaw) -> bool) -> Result<Option<(Suggestion, Flaw)>> {
        for suggestion in self.suggestions()? {
            let flaw = self.flaw(&suggestion, gold)?;
            if wanted(&suggestion, flaw) {
                return Ok(Some((suggestion, flaw)));
            }
        }
        Ok(None)
    }

    fn flaw(&self, suggestion: &Suggestion, gold: &Gold) -> Result<Flaw> {
        let Suggestion { span, label, .. } = *suggestion;
        if let Some(right) = gold.get(&span) {
            return Ok(if *right == label { Flaw::None } else { Flaw::Label(*right) });
        }
        let article = &self.open()?.article;
        for (edge, step) in [
            (Edge::End, Step::Forward),
            (Edge::End, Step::Back),
            (Edge::Start, Step::Back),
            (Edge::Start, Step::Forward),
        ] {
            let moved = crate::session::marking::nudged(article, span, edge, step);
            if moved.is_some_and(|moved| gold.get(&moved) == Some(&label)) {
                return Ok(Flaw::Edge(edge, step));
            }
        }
        Ok(Flaw::Spurious)
    }

    /// Makes a mention of a suggestion, or rejects it.
    fn repair(&mut self, suggestion: &Suggestion, flaw: Flaw) -> Result<()> {
        self.session.command(Command::Select(SelectCommand::Click { at: suggestion.span.start }));
        match flaw {
            Flaw::None => {
                self.suggest(SuggestCommand::Accept);
                self.actions.accepted += 1;
            }
            Flaw::Label(label) => {
                self.mark(MarkCommand::Label(label));
                self.actions.relabelled += 1;
            }
            Flaw::Edge(edge, step) => {
                self.mark(MarkCommand::Nudge { edge, step });
                self.suggest(SuggestCommand::Accept);
                self.actions.nudged += 1;
                self.actions.accepted += 1;
            }
            Flaw::Spurious => {
                self.suggest(SuggestCommand::Reject);
                self.actions.rejected += 1;
            }
        }
        self.wait()
    }

    /// Labels a mention that is missing: by a suggestion that has come since, or by hand, and then the same ones where that pays.
    fn add(&mut self, span: Span, label: LabelId, gold: &Gold) -> Result<()> {
        if let Some(suggestion) = self.suggestions()?.into_iter().find(|s| s.span == span) {
            let flaw = self.flaw(&suggestion, gold)?;
            return self.repair(&suggestion, flaw);
        }
        for graphemes in [false, true] {
            self.session.command(Command::Select(SelectCommand::Drag { from: span.start, to: span.end, graphemes }));
            if self.open()?.target() == Some(span) {
                break;
            }
        }
        if self.open()?.target() != Some(span) {
            self.out_of_reach.push(span);
            return Ok(());
        }
        if self.session.state.project.as_ref().and_then(|project| project.armed) != Some(label) {
            self.mark(MarkCommand::Arm(label));
            self.actions.keys += 1;
        }
        self.mark(MarkCommand::Label(label));
        self.actions.drags += 1;
        self.wait()?;
        ensure!(self.stands(span, label)?, "a mention of the corpus could not be labelled");
        self.label_same(label, gold)
    }

    /// Labels the same mentions here, if that is cheaper than labelling each and leaving the wrong ones alone.
    fn label_same(&mut self, label: LabelId, gold: &Gold) -> Result<()> {
        let Some(project) = &self.session.state.project else { return Ok(()) };
        let Some(offer) = &project.same else { return Ok(()) };
        let (right, wrong): (Vec<Span>, Vec<Span>) =
            offer.spans_here(project).into_iter().partition(|span| gold.get(span) == Some(&label));
        if 1 + REMOVAL * wrong.len() as u64 >= BY_HAND * right.len() as u64 {
            return Ok(());
        }
        self.session.command(Command::Same(SameCommand::Apply { reach: Reach::Here, suffixed: false }));
        self.actions.same += 1;
        for span in wrong {
            self.session.command(Command::Select(SelectCommand::Mention(MentionKey { span, label })));
            self.mark(MarkCommand::Remove);
            self.actions.removed += 1;
        }
        self.wait()
    }
}
