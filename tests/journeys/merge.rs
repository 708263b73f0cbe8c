//! The work of others is brought in: projects and files, texts that differ, bad input, and a program that is killed half-way.

use crate::binary::{Folder, Ran, json};
use barchasb::exchange::merge::{MergeOptions, merge};
use barchasb::store::contract::Store as _;
use barchasb::store::sqlite::SqliteStore;
use rusqlite::Connection;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A line of training JSON: id, text, annotator, and mentions by start, end and label.
fn line(id: &str, text: &str, annotator: &str, mentions: &[(usize, usize, &str)]) -> String {
    let spans = mentions.iter().map(|(s, e, l)| format!(r#"{{"start":{s},"end":{e},"label":"{l}"}}"#));
    let spans = spans.collect::<Vec<_>>().join(",");
    format!(r#"{{"id":"{id}","text":"{text}","spans":[{spans}],"annotator":"{annotator}","status":"done"}}"#) + "\n"
}

/// Makes a project of these lines.
fn project(folder: &Folder, name: &str, lines: &str) {
    folder.write(&format!("{name}.jsonl"), lines.as_bytes());
    assert_eq!(folder.run(&["new", name]).code, 0);
    let ran = folder.run(&["import", &format!("{name}.barchasb"), &format!("{name}.jsonl")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

/// Merges, with the words, and gives the code and the last object that was said.
fn merged(folder: &Folder, words: &[&str]) -> (i32, Value) {
    let ran = folder.run(&[&["merge", "p.barchasb", "--json"], words].concat());
    (ran.code, json(ran.out.lines().last().unwrap()))
}

/// Compares articles met, new, differing and left, and layers taken, updated, the same, earlier and kept.
fn check(of: &Value, articles: [u64; 4], layers: [u64; 5]) {
    let found = |of: &Value, keys: &[&str]| keys.iter().map(|key| of[key].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(found(&of["articles"], &["met", "new", "differing", "left"]), articles, "{of}");
    assert_eq!(found(&of["layers"], &["taken", "updated", "same", "earlier", "kept"]), layers, "{of}");
}

/// The layers of a project as lines of text: annotator, id, and mentions.
fn layers(folder: &Folder, project: &str) -> Vec<String> {
    let ran = folder.run(&["export", project, "-o", "-"]);
    let mut layers: Vec<String> = ran
        .out
        .lines()
        .map(|line| {
            let one = json(line);
            let spans = one["spans"].as_array().unwrap().iter();
            let spans: Vec<String> = spans.map(|s| format!("{}..{} {}", s["start"], s["end"], s["label"])).collect();
            format!("{} {} {}", one["annotator"].as_str().unwrap_or("-"), one["id"].as_str().unwrap(), spans.join(" "))
        })
        .collect();
    layers.sort();
    layers
}

const TEXT: &str = "علی به تهران رفت";

#[test]
fn two_colleagues_work_apart_and_their_work_comes_together() {
    let folder = Folder::with_project();
    folder.write("text.jsonl", format!("{{\"id\":\"a\",\"text\":\"{TEXT}\"}}\n").as_bytes());
    folder.run(&["import", "p.barchasb", "text.jsonl"]);
    project(&folder, "zahra", &line("نام دیگر", TEXT, "زهرا", &[(0, 3, "PER"), (7, 12, "CITY")]));
    project(
        &folder,
        "reza",
        &(line("a", TEXT, "رضا", &[(0, 3, "PER")]) + &line("b", "سارا آمد", "رضا", &[(0, 4, "PER")])),
    );
    // What would happen is told, and nothing is done.
    let before = std::fs::read(folder.path("p.barchasb")).unwrap();
    let (code, dry) = merged(&folder, &["zahra.barchasb", "reza.barchasb", "--dry-run"]);
    assert_eq!((code, &dry["dry_run"]), (0, &Value::Bool(true)));
    assert_eq!(std::fs::read(folder.path("p.barchasb")).unwrap(), before);

    let (code, all) = merged(&folder, &["zahra.barchasb", "reza"]);
    assert_eq!((code, &all["others"][1]["layers"]), (0, &dry["others"][1]["layers"]));
    check(&all["others"][0], [1, 0, 0, 0], [1, 0, 0, 0, 0]);
    assert_eq!(all["others"][0]["labels"], serde_json::json!(["CITY"]));
    check(&all["others"][1], [1, 1, 0, 0], [2, 0, 0, 0, 0]);
    let expected = ["- first ", "رضا a 0..3 \"PER\"", "رضا b 0..4 \"PER\"", "زهرا a 0..3 \"PER\" 7..12 \"CITY\""];
    assert_eq!(layers(&folder, "p.barchasb"), expected);
    // The same again, by sentences.
    let ran = folder.run(&["merge", "p.barchasb", "reza.barchasb"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let said = "reza.barchasb: 2 articles met, 0 came in, 0 with another text\n  \
        0 layers taken, 0 updated, 2 the same, 0 earlier, 0 kept as ours are; 0 new mentions\n";
    assert_eq!(ran.out, said);
    folder.assert_nothing_lost("p.barchasb");
}

#[test]
fn what_somebody_has_worked_on_here_stays_and_is_told() {
    let folder = Folder::new();
    project(&folder, "p", &line("a", TEXT, "زهرا", &[(0, 3, "PER")]));
    project(&folder, "q", &line("a", TEXT, "زهرا", &[(7, 12, "LOC")]));
    let ran = folder.run(&["merge", "p.barchasb", "q.barchasb"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.err, "q.barchasb: a: a layer of زهرا stands here already and differs; it was kept as it is\n");
    assert_eq!(layers(&folder, "p.barchasb"), ["زهرا a 0..3 \"PER\""]);
}

#[test]
fn files_come_under_a_name_and_count_as_done() {
    let folder = Folder::with_project();
    folder.write("sara.conll", "نخست\tB-PER\n".as_bytes());
    let (code, of_stem) = merged(&folder, &["sara.conll", "--dry-run"]);
    assert_eq!((code, &of_stem["others"][0]["annotators"]), (0, &serde_json::json!({"sara": 1})));
    let (code, _) = merged(&folder, &["sara.conll", "--annotator", "سارا", "--labels-map", "PER=ORG"]);
    assert_eq!(code, 0);
    let ran = folder.run(&["export", "p.barchasb", "-o", "-", "--status", "done"]);
    let one = json(ran.out.trim());
    assert_eq!((one["annotator"].as_str(), one["id"].as_str()), (Some("سارا"), Some("first")));
    assert_eq!(one["spans"][0]["label"], "ORG");
    // An annotator twice for one article, in one file.
    folder.write("two.jsonl", (line("a", TEXT, "x", &[(0, 3, "PER")]) + &line("a", TEXT, "y", &[])).as_bytes());
    let (code, twice) = merged(&folder, &["two.jsonl", "--annotator", "زهرا"]);
    assert_eq!(code, 1);
    assert_eq!(twice["others"][0]["problems"], 1);
    // Texts without layers.
    folder.write("third.txt", b"third");
    check(&merged(&folder, &["third.txt", "--known-only"]).1["others"][0], [0, 0, 0, 1], [0; 5]);
    check(&merged(&folder, &["third.txt"]).1["others"][0], [0, 1, 0, 0], [0; 5]);
}

#[test]
fn who_found_nothing_in_an_article_says_so() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["new", "p.barchasb"]).code, 0);
    let file = |labels: &str| {
        format!("{{\"text\":\"علی رفت\",\"label\":[[0,3,\"PER\"]]}}\n{{\"text\":\"باران آمد\",\"label\":{labels}}}\n")
    };
    folder.write("x.jsonl", file("[[0,5,\"EVE\"]]").as_bytes());
    folder.write("y.jsonl", file("[]").as_bytes());
    let (code, _) = merged(&folder, &["x.jsonl", "y.jsonl"]);
    assert_eq!(code, 0);
    let agreed = json(&folder.run(&["agree", "p.barchasb", "--json"]).out);
    let apart = json(&folder.run(&["agree", "x.jsonl", "y.jsonl", "--json"]).out);
    assert_eq!(agreed["pairs"][0]["exact"], apart["pairs"][0]["exact"], "as when the files are compared");
    // A file whose format names a status, and which says none.
    folder.write(
        "z.jsonl",
        "{\"id\":\"z\",\"text\":\"علی رفت\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"PER\"}]}\n".as_bytes(),
    );
    assert_eq!(merged(&folder, &["z.jsonl", "--status", "done"]).0, 0);
    let done = folder.run(&["export", "p.barchasb", "-o", "-", "--annotator", "z", "--status", "done"]);
    assert_eq!(done.out.lines().count(), 1);
}

#[test]
fn a_text_that_differs_is_told_and_mentions_are_moved_on_request() {
    let folder = Folder::new();
    project(&folder, "p", &line("a", "دیروز علی به تهران رفت", "سارا", &[]));
    let mentions = [(0, 3, "PER"), (7, 12, "LOC"), (13, 16, "EVE")];
    project(&folder, "q", &line("a", "علی به شیراز رفت", "زهرا", &[(0, 3, "PER"), (7, 12, "LOC"), (13, 16, "EVE")]));
    let ran = folder.run(&["merge", "p.barchasb", "q.barchasb"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.err,
        format!("q.barchasb: a: another text has this name here; its {} mentions were not taken\n", mentions.len())
    );
    assert_eq!(layers(&folder, "p.barchasb"), ["سارا a "]);

    let ran = folder.run(&["merge", "p.barchasb", "q.barchasb", "--realign"]);
    assert_eq!(ran.code, 1, "one of them reads otherwise now");
    let moved = [
        "PER 0..3 «علی» is now at 6..9 «علی»",
        "LOC 7..12 «شیراز» reads «تهران» at 13..18 now",
        "EVE 13..16 «رفت» is now at 19..22",
    ];
    for words in moved {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    assert_eq!(layers(&folder, "p.barchasb"), ["زهرا a 6..9 \"PER\" 19..22 \"EVE\"", "سارا a "]);
    let ran = folder.run(&["merge", "p.barchasb", "q.barchasb", "--realign", "--json"]);
    let said: Vec<Value> = ran.out.lines().map(json).collect();
    assert_eq!(said[0]["to"], serde_json::json!([6, 9]));
    check(&said.last().unwrap()["others"][0], [0, 0, 1, 0], [0, 0, 1, 0, 0]);
}

/// That nothing was taken, with one sentence that has the words.
fn refused(folder: &Folder, ran: &Ran, words: &str) {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert!(ran.err.contains(words) && ran.err.lines().count() == 1, "{words}: {}", ran.err);
    assert_eq!(folder.texts("p.barchasb"), ["نخست"]);
    folder.assert_nothing_lost("p.barchasb");
}

#[test]
fn what_cannot_be_merged_is_told_and_nothing_is_taken() {
    let folder = Folder::with_project();
    project(&folder, "q", &line("a", TEXT, "زهرا", &[(0, 3, "PER")]));
    let merge = |other: &str| folder.run(&["merge", "p.barchasb", "q.barchasb", other]);
    refused(&folder, &merge("p.barchasb"), "p.barchasb: this is the project itself");
    refused(&folder, &merge("none.barchasb"), "none.barchasb: there is no such file");
    refused(&folder, &merge("none.jsonl"), "none.jsonl: there is no such file");
    folder.write("no.barchasb", "این پروژه نیست\n".repeat(100).as_bytes());
    refused(&folder, &merge("no.barchasb"), "no.barchasb: this is not a Barchasb project");
    let whole = std::fs::read(folder.path("q.barchasb")).unwrap();
    folder.write("cut.barchasb", &whole[..whole.len() / 2]);
    refused(&folder, &merge("cut.barchasb"), "cut.barchasb: the project file is damaged");
    folder.write("newer.barchasb", &whole);
    let newer = Connection::open(folder.path("newer.barchasb")).unwrap();
    newer.pragma_update(None, "user_version", 999).unwrap();
    drop(newer);
    refused(&folder, &merge("newer.barchasb"), "newer.barchasb: a newer Barchasb wrote this project");
    folder.write("spoiled.barchasb", &whole);
    let spoiled = Connection::open(folder.path("spoiled.barchasb")).unwrap();
    spoiled.execute("UPDATE layer SET spans = 'x'", []).unwrap();
    drop(spoiled);
    refused(&folder, &merge("spoiled.barchasb"), "spoiled.barchasb: the project file is damaged");
    folder.write("bad.zip", b"PK\x03\x04 and no more");
    refused(&folder, &merge("bad.zip"), "bad.zip: ");
    // Someone writes to the project; someone has the other one for himself.
    let busy = Connection::open(folder.path("p.barchasb")).unwrap();
    busy.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ran = folder.run(&["merge", "p.barchasb", "q.barchasb"]);
    assert_eq!((ran.code, ran.err.contains("another program is writing to this project")), (2, true), "{}", ran.err);
    busy.execute_batch("ROLLBACK").unwrap();
    assert_eq!(folder.run(&["merge", "p.barchasb", "q.barchasb"]).code, 0);
}

/// In the child's environment: the folder in which it merges.
const CHILD: &str = "BARCHASB_TEST_MERGES_IN";

/// Merges `q` into `p` and tells when it is in the midst of it; then waits for ever.
fn merge_until_killed(folder: &Path) -> ! {
    let (project, others) = (folder.join("p.barchasb"), [folder.join("q.barchasb")]);
    let mut store = SqliteStore::open(&project).unwrap();
    let mut half_way = |articles| {
        if articles == 200 {
            // Not by `println`, which tests catch.
            let mut out = std::io::stdout().lock();
            out.write_all(b"half-way\n").unwrap();
            out.flush().unwrap();
            loop {
                std::thread::park();
            }
        }
        ControlFlow::Continue(())
    };
    merge(&mut store, &project, &others, &MergeOptions::default(), &mut |_, _| {}, &mut half_way).unwrap();
    panic!("it should have been killed");
}

#[test]
fn a_merge_that_is_killed_leaves_nothing() {
    if let Ok(folder) = std::env::var(CHILD) {
        merge_until_killed(&PathBuf::from(folder));
    }
    let folder = Folder::with_project();
    let lines: String =
        (0..300).map(|n| line(&format!("q{n}"), &format!("علی {n}"), "زهرا", &[(0, 3, "NEW")])).collect();
    project(&folder, "q", &lines);
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "merge::a_merge_that_is_killed_leaves_nothing", "--nocapture"])
        .env(CHILD, folder.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(told.any(|line| line.unwrap().contains("half-way")), "it came half-way");
    child.kill().unwrap();
    child.wait().unwrap();

    let store = SqliteStore::open(&folder.path("p.barchasb")).unwrap();
    assert_eq!(store.project().unwrap().articles, 1);
    assert!(store.labels().unwrap().by_name("NEW").is_none());
    drop(store);
    folder.assert_nothing_lost("p.barchasb");
    let (code, all) = merged(&folder, &["q.barchasb"]);
    assert_eq!((code, &all["others"][0]["articles"]["new"]), (0, &Value::from(300)));
}
