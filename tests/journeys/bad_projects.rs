//! Projects and places that are not as they should be: each gets a plain sentence and a code, and nothing is lost.

use crate::binary::{Folder, Ran};
use rusqlite::Connection;
use std::fs;

/// That a run failed with one sentence, which ends (after the project's path) as given, and said nothing else.
fn check(ran: &Ran, expected: &str) {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    let mut lines = ran.err.lines();
    let sentence = lines.next().unwrap_or_default();
    assert!(sentence.contains(expected), "{sentence:?} should have {expected:?}");
    assert_eq!(lines.next(), None, "{}", ran.err);
}

const COMMANDS: [&[&str]; 4] = [
    &["import", "x.barchasb", "first.txt"],
    &["export", "x.barchasb"],
    &["stats", "x.barchasb"],
    &["check", "x.barchasb"],
];

#[test]
fn what_is_no_project() {
    let folder = Folder::with_project();
    for command in COMMANDS {
        check(&folder.run(command), "x.barchasb: there is no such file");
    }
    folder.write("x.barchasb", "این پروژه نیست\n".repeat(100).as_bytes());
    for command in COMMANDS {
        check(&folder.run(command), "x.barchasb: this is not a Barchasb project");
    }
    fs::remove_file(folder.path("x.barchasb")).unwrap();
    let other = Connection::open(folder.path("x.barchasb")).unwrap();
    other.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1);").unwrap();
    drop(other);
    for command in COMMANDS {
        check(&folder.run(command), "x.barchasb: this is not a Barchasb project");
    }
}

#[test]
fn a_truncated_project_is_refused_and_left_as_it_is() {
    let folder = Folder::with_project();
    let whole = fs::read(folder.path("p.barchasb")).unwrap();
    let cut = &whole[..whole.len() / 2];
    folder.write("x.barchasb", cut);
    for command in COMMANDS {
        check(&folder.run(command), "x.barchasb: the project file is damaged");
    }
    assert_eq!(fs::read(folder.path("x.barchasb")).unwrap(), cut);
    assert!(!folder.path("annotations/x.jsonl").exists());
}

#[test]
fn a_newer_project_is_refused_and_left_as_it_is() {
    let folder = Folder::with_project();
    fs::copy(folder.path("p.barchasb"), folder.path("x.barchasb")).unwrap();
    let connection = Connection::open(folder.path("x.barchasb")).unwrap();
    connection.pragma_update(None, "user_version", 999).unwrap();
    drop(connection);
    let before = fs::read(folder.path("x.barchasb")).unwrap();
    for command in COMMANDS {
        check(&folder.run(command), "x.barchasb: a newer Barchasb wrote this project (version 999");
    }
    assert_eq!(fs::read(folder.path("x.barchasb")).unwrap(), before);
}

#[test]
fn a_project_is_never_made_over_a_file() {
    let folder = Folder::with_project();
    check(&folder.run(&["new", "p.barchasb"]), "p.barchasb: there is a file already");
    check(&folder.run(&["export", "p.barchasb", "-o", "p.barchasb"]), "p.barchasb: this is a project");
    folder.assert_nothing_lost("p.barchasb");
}

#[test]
fn a_project_that_another_process_writes_to() {
    let folder = Folder::with_project();
    folder.write("more.txt", b"more");
    let other = Connection::open(folder.path("p.barchasb")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Who only reads is not held up.
    assert_eq!(folder.texts("p.barchasb"), ["نخست"]);
    check(&folder.run(&["import", "p.barchasb", "more.txt"]), "p.barchasb: another program is writing to this project");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(folder.run(&["import", "p.barchasb", "more.txt"]).code, 0);
    assert_eq!(folder.texts("p.barchasb"), ["نخست", "more"]);
    folder.assert_nothing_lost("p.barchasb");
}

/// The kernel's own file system takes no files, not even from root.
#[cfg(target_os = "linux")]
#[test]
fn a_place_that_cannot_be_written() {
    let folder = Folder::with_project();
    let ran = folder.run(&["new", "/sys/barchasb-test.barchasb"]);
    check(&ran, "/sys/");
    let ran = folder.run(&["export", "p.barchasb", "-o", "/sys/barchasb-test.jsonl"]);
    check(&ran, "/sys/barchasb-test.jsonl: cannot be written (");
    folder.write("annotations", b"a file where the folder should be");
    check(&folder.run(&["export", "p.barchasb"]), "annotations/p.jsonl: cannot be written (");
    folder.assert_nothing_lost("p.barchasb");
}

/// On a disk of no room a part of an export must not stand under its name.
#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_full() {
    let folder = Folder::with_project();
    let ran = folder.run(&["export", "p.barchasb", "-o", "/dev/full"]);
    check(&ran, "/dev/full: cannot be written (");
}
