//! Journeys of the external engine: programs that answer, and those that hang, crash, flood or answer nonsense. What they are
//! made to do is a shell script each; the one in README is taken out of it and run.

use crate::desk::LIMIT;
use crate::project;
use barchasb::domain::article::{Article, ArticleId, Direction};
use barchasb::domain::suggestion::{Engine, Reason, Suggestion};
use barchasb::formats::finding::{Finding, JsonFault};
use barchasb::formats::suggestion_lines::Answer;
use barchasb::session::command::{Command, ExternalCommand};
use barchasb::session::driver::Session;
use barchasb::session::external::{Exit, External, ExternalError, MAX_FAILURES};
use barchasb::session::external_trial::{TrialState, Tried};
use barchasb::session::settings::{ProgramSetting, Settings};
use barchasb::suggest::suggester::Stop;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

const TEXT: &str = "👍 علی در ۲۹ دی ۱۳۹۷ و ۱۳۹۷/۱۰/۲۹ و ۵ مهر و سال ۹۷ آمد؛ شمارهٔ ۱۲۳۴۵ نه.";

/// Reads a line and answers it.
const ANSWER: &str = r#"printf '{"id":"a","spans":[{"start":2,"end":5,"label":"PER","reason":"%s"}]}\n' "$reason""#;

fn article(text: &str) -> Article {
    Article::new(ArticleId(uuid::Uuid::nil()), "a".into(), text, String::new(), Direction::Auto).unwrap()
}

/// A script in a folder of its own, in which it can keep files, and the setting that runs it.
fn script(text: &str) -> (TempDir, ProgramSetting) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a script.sh");
    std::fs::write(&path, format!("cd '{}'\n{text}\n", folder.path().display())).unwrap();
    let command = format!("/bin/sh '{}'", path.display());
    (folder, ProgramSetting { command, seconds: u32::try_from(LIMIT.as_secs()).unwrap(), on: true })
}

fn ask(external: &mut External) -> Result<Answer, ExternalError> {
    external.suggest(&article(TEXT), &project::labels(), &Stop::default())
}

/// What a script answers.
fn once(text: &str) -> Result<Answer, ExternalError> {
    let (_folder, setting) = script(text);
    ask(&mut External::start(setting))
}

/// What a script answers that is given one second.
fn once_in_a_second(text: &str, article: &Article) -> Result<Answer, ExternalError> {
    let (_folder, setting) = script(text);
    let mut external = External::start(ProgramSetting { seconds: 1, ..setting });
    external.suggest(article, &project::labels(), &Stop::default())
}

fn reason(suggestion: &Suggestion) -> &str {
    match &suggestion.reason {
        Reason::Said { by } => by,
        other => panic!("{other:?}"),
    }
}

/// The reason of the one suggestion.
fn answered(answer: Result<Answer, ExternalError>) -> String {
    let answer = answer.unwrap();
    assert_eq!(answer.problems, []);
    assert_eq!(answer.suggestions.len(), 1);
    let suggestion = &answer.suggestions[0];
    assert_eq!(article(TEXT).surface(suggestion.span), Some("علی"));
    assert_eq!((suggestion.engine, suggestion.label), (Engine::External, project::label_id("PER")));
    reason(suggestion).to_owned()
}

fn refused(answer: Result<Answer, ExternalError>) -> Finding {
    match answer {
        Err(ExternalError::NoAnswer { problem, .. }) => problem.finding,
        other => panic!("{other:?}"),
    }
}

fn is_alive(pid: &str) -> bool {
    std::process::Command::new("/bin/sh")
        .args(["-c", &format!("kill -0 {pid} 2>&1")])
        .output()
        .unwrap()
        .status
        .success()
}

#[test]
fn a_program_is_kept_between_articles_and_ended_with_the_engine() {
    let text =
        format!("echo $$ > pid\nreason=0\nwhile read -r line; do reason=$((reason + 1)); {ANSWER}; done; sleep 1000");
    let (folder, setting) = script(&text);
    let mut external = External::start(setting);
    assert_eq!(answered(ask(&mut external)), "sh script.sh: 1".replace("script", "a script"));
    assert_eq!(answered(ask(&mut external)), "sh a script.sh: 2");
    let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
    assert!(is_alive(pid.trim()));
    drop(external);
    assert!(!is_alive(pid.trim()));
}

#[test]
fn a_program_for_one_article_is_started_for_each() {
    let (_folder, setting) = script(&format!("read -r line; echo x >> count; reason=$(wc -l < count); {ANSWER}"));
    let mut external = External::start(setting);
    for count in 1..=4 {
        assert!(answered(ask(&mut external)).ends_with(&format!(": {count}")));
    }
}

#[test]
fn a_program_that_hangs_is_ended_with_all_that_it_started() {
    let text = "sleep 1000 & echo $! > pid; sleep 1000";
    let (folder, setting) = script(text);
    let mut external = External::start(ProgramSetting { seconds: 1, ..setting });
    assert!(matches!(ask(&mut external), Err(ExternalError::TooSlow { seconds: 1 })));
    let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
    let stat = format!("/proc/{}/stat", pid.trim());
    // Whoever takes in orphans may not have looked yet: what is left of it does nothing any more.
    let is_gone = || match std::fs::read_to_string(&stat) {
        Ok(stat) => stat.contains(") Z") || stat.contains(") X"),
        Err(_) => true,
    };
    let end = Instant::now() + LIMIT;
    while !is_gone() {
        assert!(Instant::now() < end, "the child of the program goes on");
        std::thread::yield_now();
    }
}

#[test]
fn a_program_that_reads_nothing_or_half_answers_is_ended() {
    let long = article(&"خبری بلند. ".repeat(100_000));
    assert!(matches!(once_in_a_second("sleep 1000", &long), Err(ExternalError::TooSlow { .. })));
    let half = r#"printf '{"id":"a","spa'; sleep 1000"#;
    assert!(matches!(once_in_a_second(half, &article(TEXT)), Err(ExternalError::TooSlow { .. })));
    assert!(matches!(once("exec >&-; sleep 1000"), Err(ExternalError::Closed)));
}

#[test]
fn a_program_that_crashes_is_tried_three_times_and_then_when_asked_again() {
    let (_folder, setting) = script("read -r line; echo fine >&2; echo oops >&2; exit 3");
    let mut external = External::start(setting);
    let crashed = |answer| match answer {
        Err(ExternalError::Ended { exit: Exit::Code(3), words }) => assert_eq!(words, "fine\noops"),
        other => panic!("{other:?}"),
    };
    for _ in 0..MAX_FAILURES {
        crashed(ask(&mut external));
    }
    assert!(matches!(ask(&mut external), Err(ExternalError::LeftAlone { failures: MAX_FAILURES })));
    external.ask_again();
    crashed(ask(&mut external));
    assert_eq!(external.stderr(), "fine\noops\n");
}

#[test]
fn a_program_that_ends_is_told_though_its_child_holds_the_pipes() {
    assert!(matches!(once("sleep 1000 & exit 4"), Err(ExternalError::Ended { exit: Exit::Code(4), .. })));
    assert!(matches!(once("kill -9 $$"), Err(ExternalError::Ended { exit: Exit::Signal(9), .. })));
    assert!(matches!(once("read -r line; exit 0"), Err(ExternalError::Ended { exit: Exit::Code(0), .. })));
    // What leaves the group cannot be ended, but nobody waits for it.
    let escaped = "command -v setsid > /dev/null && setsid sleep 5 & exit 4";
    assert!(matches!(once(escaped), Err(ExternalError::Ended { exit: Exit::Code(4), .. })));
}

#[test]
fn a_flood_is_dammed() {
    assert!(matches!(refused(once("yes")), Finding::RecordJson(JsonFault::Syntax { .. })));
    assert!(matches!(refused(once("tr '\\0' x < /dev/zero")), Finding::RecordTooLong { .. }));
    let (_folder, setting) = script(&format!("yes error | head -n 100000 >&2; read -r line; {ANSWER}"));
    let mut external = External::start(setting);
    answered(ask(&mut external));
    assert!(external.stderr().len() <= 8 << 10);
    assert!(external.stderr().contains("error"));
}

#[test]
fn nonsense_is_told_and_the_good_spans_of_an_answer_are_taken() {
    assert!(matches!(refused(once("echo Loading...")), Finding::RecordJson(JsonFault::Syntax { .. })));
    assert!(matches!(refused(once("echo")), Finding::RecordJson(JsonFault::Unfinished { .. })));
    assert!(matches!(refused(once(r#"printf '{"id":"a","spa'"#)), Finding::RecordJson(JsonFault::Unfinished { .. })));
    assert!(matches!(refused(once(r#"echo '{"id":"b","spans":[]}'"#)), Finding::OtherArticle { .. }));
    let answer =
        once(r#"echo '{"id":"a","spans":[{"start":2,"end":5,"label":"PER"},{"start":9,"end":7,"label":"PER"}]}'"#);
    let answer = answer.unwrap();
    assert_eq!((answer.suggestions.len(), answer.problems.len()), (1, 1));
}

#[test]
fn what_cannot_be_started_is_told() {
    let start = |command: &str| {
        let setting = ProgramSetting { command: command.into(), ..ProgramSetting::default() };
        ask(&mut External::start(setting))
    };
    assert!(
        matches!(start("/no/such/program -x"), Err(ExternalError::NotStarted { program, .. }) if program.ends_with("program"))
    );
    assert!(matches!(start(" "), Err(ExternalError::CommandLine(_))));
    assert!(matches!(start("a 'b"), Err(ExternalError::CommandLine(_))));
}

#[test]
fn an_answer_that_is_no_longer_wanted_is_passed_over_when_it_comes() {
    let text = format!(
        "read -r line; : > asked; until [ -e go ]; do :; done; reason=late; {ANSWER}; read -r line; reason=next; {ANSWER}; read -r line"
    );
    let (folder, setting) = script(&text);
    let mut external = External::start(setting);
    let stop = Arc::new(Stop::default());
    let (asked, stopping) = (folder.path().join("asked"), Arc::clone(&stop));
    let walker = std::thread::spawn(move || {
        while !asked.exists() {
            std::thread::yield_now();
        }
        stopping.set();
    });
    let answer = external.suggest(&article(TEXT), &project::labels(), &stop);
    assert!(matches!(answer, Err(ExternalError::Stopped)));
    walker.join().unwrap();
    std::fs::write(folder.path().join("go"), "").unwrap();
    assert!(answered(ask(&mut external)).ends_with(": next"));
}

/// What comes of trying a script on the open article, as the dialog does it.
fn tried(text: &str) -> Tried {
    let (_folder, setting) = script(text);
    let mut session = Session::quiet(Settings::default());
    session.state = project::state(Default::default(), Default::default());
    session.command(Command::External(ExternalCommand::Try(setting)));
    assert_eq!(session.state.tried, Some(TrialState::Running));
    assert!(session.wait_until(LIMIT, |state| state.tried != Some(TrialState::Running)));
    match session.state.tried.take() {
        Some(TrialState::Done(tried)) => *tried,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_trial_shows_what_came_of_it() {
    let answer = r#"{"id":"۲۹ دی ۱۳۹۷","spans":[{"start":0,"end":10,"label":"DAT"},{"start":0,"end":10,"label":"X"}]}"#;
    let answers = tried(&format!("echo hello >&2; read -r line; echo '{answer}'"));
    assert_eq!(answers.found, Ok(vec![(project::label_id("DAT"), "۲۹ دی ۱۳۹۷".to_owned())]));
    assert_eq!(answers.problems.iter().map(|problem| problem.id).collect::<Vec<_>>(), ["found-span-left-out"]);
    let crashes = tried("echo oops >&2; exit 1");
    assert_eq!(crashes.found.unwrap_err().id, "external-ended-saying");
    assert_eq!(crashes.stderr, "oops\n");
}

#[test]
fn a_trial_that_hangs_holds_up_neither_the_next_one_nor_the_end() {
    let (_folder, hanging) = script("sleep 1000");
    let (_other, answering) = script("exit 1");
    let mut session = Session::quiet(Settings::default());
    session.state = project::state(Default::default(), Default::default());
    session.command(Command::External(ExternalCommand::Try(hanging.clone())));
    session.command(Command::External(ExternalCommand::Try(answering)));
    assert!(session.wait_until(LIMIT, |state| state.tried != Some(TrialState::Running)));
    session.command(Command::External(ExternalCommand::Try(hanging)));
    drop(session);
}

#[test]
fn the_script_in_readme_finds_dates() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let script = readme.split("```python\n").find(|block| block.contains("RULES")).unwrap();
    let script = script.split("```").next().unwrap();
    let python = std::process::Command::new("python3").arg("--version").output();
    if !python.is_ok_and(|output| output.status.success()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dates.py");
    std::fs::write(&path, script).unwrap();
    let command = format!("python3 {}", path.display());
    let seconds = u32::try_from(LIMIT.as_secs()).unwrap();
    let mut external = External::start(ProgramSetting { command, seconds, on: true });
    for _ in 0..2 {
        let answer = ask(&mut external).unwrap();
        let surfaces: Vec<&str> = answer
            .suggestions
            .iter()
            .map(|one| article(TEXT).surface(one.span).unwrap().to_owned().leak() as &str)
            .collect();
        assert_eq!(surfaces, ["۲۹ دی ۱۳۹۷", "۱۳۹۷/۱۰/۲۹", "۵ مهر", "سال ۹۷"]);
        assert_eq!(reason(&answer.suggestions[0]), "python3 dates.py: day and month");
        assert_eq!(answer.problems, []);
    }
}
