//! Update: the one place where the state changes, by a command or by an event.
//!
//! Owns the way to the family that knows. It must stay a table: what a command does is written in its family's file.

use crate::session::ask::Ask;
use crate::session::command::{Command, Dialog, ExportCommand, ImportCommand, ProjectCommand, ViewCommand};
use crate::session::effect::{Effect, Event, Target};
use crate::session::external_trial::TrialState;
use crate::session::state::{Job, OpenProject, State};
use crate::session::{
    exporting, external_trial, finding, importing, key_editing, label_editing, learning, marking, merging, mirroring,
    opening, reviewing, same, saving, seeking, selecting, statistics, suggesting, sweeping, viewing, walking,
};
use crate::store::fault::{Fault, Flaw};
use crate::words::message::Message;

/// Does what a person asked for; the effects are for the worker.
pub fn command(state: &mut State, command: Command) -> Vec<Effect> {
    let mut effects = Vec::new();
    // Between «next» and the next article a key would still mark the one that is leaving: it is let go.
    let is_about_text =
        matches!(command, Command::Mark(_) | Command::Select(_) | Command::Suggest(_) | Command::Same(_))
            || matches!(&command, Command::Review(command) if command.is_about_article());
    if is_about_text && state.project.as_ref().is_some_and(|project| project.walking) {
        return effects;
    }
    let hides_article = |project: &OpenProject| project.find.is_some() || project.statistics.is_open;
    if state.project.as_ref().is_some_and(hides_article) && !finding::allows(&command) {
        return effects;
    }
    if state.leaving.is_some() && changes_project(&command) {
        // What came now would miss the project, or reach another one.
        return effects;
    }
    let command = reviewing::label_key(state, &command).map_or(command, Command::Review);
    match command {
        Command::Project(command) => opening::update(state, command, &mut effects),
        Command::Import(command) => importing::update(state, command, &mut effects),
        Command::Export(command) => exporting::update(state, command, &mut effects),
        Command::Walk(command) => walking::update(state, command, &mut effects),
        Command::Select(command) => selecting::update(state, command),
        Command::Mark(command) => marking::update(state, command, &mut effects),
        Command::Label(command) => label_editing::update(state, command, &mut effects),
        Command::Suggest(command) => suggesting::update(state, command, &mut effects),
        Command::Same(command) => same::update(state, command, &mut effects),
        Command::Find(command) => finding::update(state, command, &mut effects),
        Command::Learn(command) => learning::update(state, command, &mut effects),
        Command::View(command) => viewing::update(state, command, &mut effects),
        Command::External(command) => external_trial::update(state, command, &mut effects),
        Command::Merge(command) => merging::update(state, command, &mut effects),
        Command::Mirror(command) => mirroring::update(state, command, &mut effects),
        Command::Keys(command) => key_editing::update(state, command, &mut effects),
        Command::Review(command) => reviewing::update(state, command, &mut effects),
        Command::Statistics(command) => statistics::update(state, command, &mut effects),
        Command::Undo => marking::undo(state, &mut effects),
        Command::Redo => marking::redo(state, &mut effects),
        Command::SaveAgain => saving::again(state, &mut effects),
    }
    importing::tidy(state, &mut effects);
    merging::tidy(state, &mut effects);
    exporting::tidy(state, &mut effects);
    if let Some(project) = &mut state.project {
        statistics::tidy(project, &effects);
        project.walking |=
            project.seeking.is_some() || effects.iter().any(|effect| matches!(effect, Effect::Load { .. }));
    }
    effects
}

/// Whether a command changes the open project or reads from it.
fn changes_project(command: &Command) -> bool {
    use ProjectCommand::{Export, Import, SetAnnotator, SetRules};
    match command {
        Command::Walk(_)
        | Command::Mark(_)
        | Command::Label(_)
        | Command::Suggest(_)
        | Command::Same(_)
        | Command::Find(_)
        | Command::Learn(_)
        | Command::Merge(_)
        | Command::Mirror(_)
        | Command::Review(_)
        | Command::Statistics(_)
        | Command::Undo
        | Command::Redo => true,
        Command::Import(command) => matches!(command, ImportCommand::Take | ImportCommand::LookInto(_)),
        Command::Export(command) => matches!(command, ExportCommand::Ask | ExportCommand::AskPlace),
        Command::Project(command) => matches!(command, SetRules(_) | SetAnnotator(_) | Import(_) | Export(_)),
        Command::Select(_) | Command::View(_) | Command::External(_) | Command::Keys(_) | Command::SaveAgain => false,
    }
}

/// Takes in what came of an effect.
pub fn event(state: &mut State, event: Event) -> Vec<Effect> {
    let mut effects = Vec::new();
    if matches!(event, Event::Loaded(_) | Event::NoArticle(_) | Event::DisputeFound { .. } | Event::Failed(_))
        && let Some(project) = &mut state.project
    {
        project.walking = false;
        if matches!(event, Event::Failed(_)) {
            project.seeking = None;
        }
        if !matches!(event, Event::Loaded(_)) {
            // Nothing arrives any more: the next article that comes was not meant.
            project.arrival = None;
        }
    }
    if matches!(event, Event::Saved | Event::Imported { .. } | Event::Merged { .. } | Event::ChangedOutside) {
        statistics::saved(state);
    }
    match event {
        Event::Opened(opened) => opening::opened(state, *opened, &mut effects),
        Event::OpenFailed(path, message) => {
            opening::stay(state);
            state.settings.forget(&path);
            if state.project.is_none() {
                state.settings.reopen = false;
            }
            effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
            state.complain(message);
        }
        Event::Closed => {
            opening::stay(state);
            state.project = None;
            state.job = None;
            state.dialog = None;
            state.settings.reopen = false;
            effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
        }
        Event::AnnotatorNamed(annotator) => {
            opening::stay(state);
            opening::annotator_named(state, annotator, None, &mut effects);
        }
        Event::Loaded(loaded) => walking::loaded(state, *loaded, &mut effects),
        Event::NoArticle(target) => match target {
            Target::Towards { remaining: true, .. } => state.say(Message::new("all-done")),
            Target::Towards { .. } => state.say(Message::new("no-more-articles")),
            Target::Article(_) | Target::Named(_) => {}
        },
        Event::PageRead { filter, page, open } => walking::page_read(state, &filter, page, open),
        Event::PageFailed { filter, first, message } => walking::page_failed(state, &filter, first, message),
        Event::LabelsCounted(counts) => {
            if let Some(project) = &mut state.project {
                // A count that misses what is on its way would be wrong: it is taken again when all is saved.
                project.recount = project.saves.state() != saving::SaveState::Saved;
                project.take_label_counts(&counts);
            }
        }
        Event::AnnotatorsListed(annotators) => {
            if let Some(project) = &mut state.project {
                project.annotators = annotators;
            }
        }
        Event::Saved => saving::saved(state, &mut effects),
        Event::SaveFailed(message) => saving::failed(state, message, &mut effects),
        Event::SaveRefused(message) => saving::refused(state, message, &mut effects),
        Event::SaveConflict(theirs) => saving::conflict(state, &theirs, &mut effects),
        Event::RulesSet(rules) => {
            if let Some(project) = &mut state.project {
                project.project.rules = rules;
            }
        }
        Event::LabelsRead(labels) => {
            if let Some(project) = &mut state.project
                && project.labels != labels
            {
                project.labels = labels;
                label_editing::renew(project, &mut effects);
            }
        }
        Event::Imported { message, problems, articles } => {
            opening::imported(state, message, problems, articles, &mut effects);
        }
        Event::Exported { message, problems } => opening::exported(state, message, problems),
        Event::Surveying { number, articles } => importing::surveying(state, number, articles),
        Event::Surveyed { number, survey } => importing::surveyed(state, number, survey, &mut effects),
        Event::SurveyFailed { number, message } => importing::survey_failed(state, number, message),
        Event::Counting { number, records } => exporting::counting(state, number, records),
        Event::Overviewing { number, articles } => statistics::reading(state, number, articles),
        Event::Overview { number, outcome } => statistics::gathered(state, number, outcome),
        Event::Kept(outcome) => statistics::kept(state, outcome),
        Event::Counted { number, outcome } => exporting::counted(state, number, outcome),
        Event::MergeLooking { number, articles } => merging::looking(state, number, articles),
        Event::MergeLooked { number, outcome } => merging::looked(state, number, outcome, &mut effects),
        Event::Merged { message, articles } => merging::merged(state, message, articles, &mut effects),
        Event::Mirrored(news) => mirroring::news(state, *news, &mut effects),
        Event::Progress { what, .. } if !sweeping::is_awaited(state, what) => {}
        Event::Progress { what, done, total } => state.job = Some(Job { what, done, total }),
        Event::JobFailed(message) => {
            state.job = None;
            saving::release(state, &mut effects);
            state.complain(message);
        }
        Event::Indexed => {
            if let Some(project) = &mut state.project
                && !project.list.search.trim().is_empty()
            {
                walking::renew_list(project, &mut effects);
            }
        }
        Event::Checked(faults) => {
            if let Some(project) = &mut state.project {
                project.faults = Some(faults.len());
            }
            if !faults.is_empty() {
                tell_faults(state, &faults);
            }
        }
        Event::ChangedOutside => {
            // Who held the file has let it go.
            saving::again(state, &mut effects);
            if let Some(project) = &mut state.project {
                walking::renew_list(project, &mut effects);
                effects.push(Effect::CountLabels);
                effects.push(Effect::ListAnnotators);
                effects.push(Effect::ReadLabels);
                effects.push(Effect::ReadReasons);
                effects.push(Effect::Advise(Ask::Relearn));
                walking::renew_review(project, &mut effects);
            }
        }
        Event::Advised { article, annotator, suggestions } => {
            if let Some(project) = &mut state.project {
                suggesting::advised(project, article, annotator, suggestions);
            }
        }
        Event::DisputeFound { number, article } => seeking::found(state, number, article, &mut effects),
        Event::DisputeGivenUp { number } => seeking::given_up(state, number),
        Event::Swept { number, plan } => {
            sweeping::planned(state, number, plan.map(|plan| *plan));
        }
        Event::ReasonsRead(reasons) => {
            if let Some(project) = &mut state.project {
                project.reasons = reasons;
            }
        }
        Event::SameHere { .. }
        | Event::SameElsewhere { .. }
        | Event::Gathered { .. }
        | Event::Found { .. }
        | Event::FindFailed { .. } => hits(state, event, &mut effects),
        Event::Learned(_) | Event::Settled | Event::SuggestedElsewhere(_) | Event::NamesLoaded { .. } => {
            learning::event(state, event);
        }
        Event::Picked(picked) => {
            opening::update(state, ProjectCommand::Picked(picked), &mut effects);
        }
        Event::NoDialog(purpose) => opening::no_dialog(state, purpose),
        Event::ExternalTried(tried) => state.tried = Some(TrialState::Done(tried)),
        Event::Failed(message) => {
            if state.leaving.as_ref().is_some_and(|l| l.sent && matches!(l.effect, Effect::NameAnnotator(_))) {
                opening::stay(state);
            }
            same::give_up(state);
            state.complain(message);
        }
    }
    importing::tidy(state, &mut effects);
    merging::tidy(state, &mut effects);
    exporting::tidy(state, &mut effects);
    opening::depart(state, &mut effects);
    effects
}

/// Takes in what was found of a name or a pattern.
fn hits(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    match event {
        Event::SameHere { id, places } => same::here_found(project, id, places),
        Event::SameElsewhere { id, found } => same::elsewhere_found(project, id, found),
        Event::Gathered { id, articles } => same::gathered(state, id, &articles, effects),
        Event::Found { id, articles, complete } => finding::found(project, id, articles, complete),
        Event::FindFailed { id, message } => finding::failed(project, id, message),
        _ => {}
    }
}

/// Tells what the check found. Overlaps alone only stand against a rule that came after them: nobody is interrupted for those.
fn tell_faults(state: &mut State, faults: &[Fault]) {
    let problems = faults.iter().map(Message::from).collect();
    let dialog = Dialog::Problems { title: "problems-check", problems };
    let count = faults.len() as u64;
    if faults.iter().all(|fault| matches!(fault.flaw, Flaw::Overlap { .. })) {
        let show = Command::View(ViewCommand::Show(dialog));
        state.toast(Message::new("check-overlaps").number("count", count), false, Some((Message::new("show"), show)));
    } else {
        state.complain(Message::new("check-found").number("count", count));
        state.dialog = Some(dialog);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offset::Span;

    fn check(flaws: Vec<Flaw>, interrupts: bool) {
        let faults: Vec<Fault> = flaws.into_iter().map(|flaw| Fault { article: None, annotator: None, flaw }).collect();
        let mut state = State::default();
        event(&mut state, Event::Checked(faults));
        assert_eq!(state.dialog.is_some(), interrupts);
        assert_eq!(state.toasts.iter().map(|toast| toast.fault).collect::<Vec<_>>(), [interrupts]);
    }

    #[test]
    fn overlaps_from_before_the_rule_interrupt_nobody() {
        let overlap = || Flaw::Overlap { span: Span::from_chars(2, 5), earlier: Span::from_chars(0, 3) };
        check(vec![overlap()], false);
        check(vec![overlap(), Flaw::Double], true);
    }
}
