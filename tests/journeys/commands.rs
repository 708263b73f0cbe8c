//! The commands as people and scripts use them.

use crate::binary::{Folder, Ran, json};
use std::process::Stdio;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/annotations/sardar-ashtari.json");

#[test]
fn version_and_help() {
    let folder = Folder::new();
    let ran = folder.run(&["--version"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, concat!("barchasb ", env!("CARGO_PKG_VERSION"), "\n")));
    let ran = folder.run(&["--help"]);
    assert!(ran.code == 0 && ran.out.contains("Examples:"));
    for command in ["new", "import", "export", "stats", "check"] {
        assert_eq!(folder.run(&[command, "--help"]).code, 0);
    }
    assert_eq!(folder.run(&["export"]).code, 2);
}

#[test]
fn from_the_sample_to_an_export_and_back() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["new", "news"]).out, "news.barchasb: a new project with 10 labels\n");
    let ran = folder.run(&["import", "news.barchasb", SAMPLE]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, "news.barchasb: 1 new article, 0 already there; 1 layer, 50 mentions\n");

    let ran = folder.run(&["export", "news.barchasb"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, "annotations/news.jsonl: 1 record, 50 mentions, offsets in codepoint\n");
    assert_eq!(folder.names("annotations"), ["news.jsonl"]);
    let exported = json(&folder.read("annotations/news.jsonl"));
    let sample = json(&std::fs::read_to_string(SAMPLE).unwrap());
    assert_eq!(exported, sample[0]);
    let keys: Vec<&String> = exported.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "text", "spans", "annotator", "status", "meta", "offset_unit"]);

    let ran = folder.run(&["export", "news.barchasb", "-o", "news.json"]);
    assert_eq!(ran.code, 0);
    assert_eq!(folder.read("news.json"), std::fs::read_to_string(SAMPLE).unwrap());

    // The way back: into another project, and once more without doubling.
    folder.run(&["new", "copy"]);
    assert_eq!(folder.run(&["import", "copy.barchasb", "annotations/news.jsonl"]).code, 0);
    folder.run(&["export", "copy.barchasb", "-o", "copy.json"]);
    assert_eq!(folder.read("copy.json"), folder.read("news.json"));
    let ran = folder.run(&["import", "news.barchasb", "annotations/news.jsonl"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, "news.barchasb: 0 new articles, 1 already there; 0 layers, 0 mentions\n");
}

#[test]
fn labels_of_ones_own() {
    let folder = Folder::new();
    folder.write(
        "labels.json",
        r##"[{"name":"X","title":"ایکس","colour":"#112233","key":"x"},{"name":"Y"}]"##.as_bytes(),
    );
    let ran = folder.run(&["new", "p", "--labels", "labels.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "p.barchasb: a new project with 2 labels\n"));
    let clash = r#"[{"name":"X","keys":"xy"},{"name":"Y","keys":"Y"}]"#;
    for (file, said) in [
        (clash, "bad.json: label 2 (Y): another label has the key Y\n"),
        ("[{\"name\":\"X\"},\n{}]", "bad.json: this is no list of labels: missing field `name` (line 2, column 2)\n"),
        (r#"[{"name":"X","colour":"red"}]"#, "bad.json: label X: \"red\" is no colour; write it as #4C78A8\n"),
    ] {
        folder.write("bad.json", file.as_bytes());
        let ran = folder.run(&["new", "q", "--labels", "bad.json"]);
        assert_eq!((ran.code, ran.err.as_str()), (2, said));
        assert!(!folder.path("q.barchasb").exists());
    }
}

#[test]
fn layers_are_chosen_by_annotator_and_status() {
    let folder = Folder::with_project();
    let line = |annotator: &str, status: &str| {
        format!(
            r#"{{"id":"a","text":"علی رفت","spans":[{{"start":0,"end":3,"label":"PER"}}],"annotator":"{annotator}","status":"{status}"}}"#
        )
    };
    folder.write("a.jsonl", format!("{}\n{}\n", line("زهرا", "done"), line("رضا", "flagged")).as_bytes());
    assert_eq!(folder.run(&["import", "p.barchasb", "a.jsonl"]).code, 0);
    let annotators = |words: &[&str]| -> Vec<String> {
        let ran = folder.run(&[&["export", "p.barchasb", "-o", "-"], words].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out.lines().map(|line| json(line)["annotator"].as_str().unwrap_or("none").to_owned()).collect()
    };
    let mut all = annotators(&[]);
    all.sort();
    assert_eq!(all, ["none", "رضا", "زهرا"]);
    assert_eq!(annotators(&["--status", "done"]), ["زهرا"]);
    assert_eq!(annotators(&["--annotator", "رضا"]).last().map(String::as_str), Some("رضا"));
    let ran = folder.run(&["export", "p.barchasb", "--annotator", "x"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("the project has no annotator x; it has ") && ran.err.contains("زهرا"));
    assert!(!folder.path("annotations").exists());

    // A file that names no annotator is the work of the one who is named, or of the user.
    folder.write("b.jsonl", r#"{"id":"b","text":"ab","spans":[{"start":0,"end":1,"label":"PER"}]}"#.as_bytes());
    folder.run(&["import", "p.barchasb", "b.jsonl"]);
    let stats = json(&folder.run(&["stats", "p.barchasb", "--json"]).out);
    let names: Vec<&str> =
        stats["annotators"].as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"tester"), "{names:?}");
}

#[test]
fn mentions_can_be_taken_as_suggestions() {
    let folder = Folder::with_project();
    folder.write("m.jsonl", r#"{"id":"b","text":"ab","spans":[{"start":0,"end":1,"label":"PER"}]}"#.as_bytes());
    let take = ["import", "p.barchasb", "m.jsonl", "--as", "suggestions"];
    let ran = folder.run(&take);
    assert_eq!((ran.code, ran.out.as_str()), (0, "p.barchasb: 1 new article, 0 already there; 1 suggestion\n"));
    let counts = json(&folder.run(&[&take[..], &["--json"]].concat()).out);
    let expected = [("articles", 0), ("known", 1), ("layers", 0), ("mentions", 0), ("suggestions", 1)];
    assert!(expected.iter().all(|(key, count)| counts[key] == *count), "{counts}");
    let stats = json(&folder.run(&["stats", "p.barchasb", "--json"]).out);
    let mentions = |annotator: &serde_json::Value| annotator["mentions"].as_u64().unwrap();
    assert_eq!(stats["annotators"].as_array().unwrap().iter().map(mentions).sum::<u64>(), 0);
    assert_eq!(folder.run(&["check", "p.barchasb"]).code, 0);
    assert_eq!(folder.run(&["import", "p.barchasb", "m.jsonl", "--as", "guesses"]).code, 2);
}

#[test]
fn counts_and_faults_for_machines() {
    let folder = Folder::with_project();
    folder.run(&["import", "p.barchasb", SAMPLE]);
    let ran = folder.run(&["stats", "p.barchasb", "--json"]);
    let stats = json(&ran.out);
    assert_eq!((ran.code, &stats["articles"], &stats["characters"]), (0, &2.into(), &3198.into()));
    let org = stats["labels"].as_array().unwrap().iter().find(|label| label["name"] == "ORG").unwrap();
    assert_eq!(org["mentions"], 21);
    assert!(folder.run(&["stats", "p.barchasb"]).out.contains("label ORG: 21 mentions\n"));

    assert_eq!(folder.run(&["check", "p.barchasb"]).out, "p.barchasb: no fault found\n");
    let connection = rusqlite::Connection::open(folder.path("p.barchasb")).unwrap();
    connection.execute("UPDATE article SET text = 'دیگر' WHERE name = 'first'", []).unwrap();
    drop(connection);
    let ran = folder.run(&["check", "p.barchasb"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("p.barchasb: first: ") && ran.out.ends_with("p.barchasb: 1 fault\n"), "{}", ran.out);
    let faults = json(&folder.run(&["check", "p.barchasb", "--json"]).out);
    assert_eq!((&faults["faults"][0]["kind"], &faults["faults"][0]["article"]), (&"hash".into(), &"first".into()));
}

#[test]
fn an_export_replaces_the_last_one_whole() {
    let folder = Folder::with_project();
    folder.write("out.jsonl", &b"old ".repeat(100_000));
    let ran = folder.run(&["export", "p.barchasb", "-o", "out.jsonl"]);
    assert_eq!(ran.code, 0);
    assert_eq!(json(&folder.read("out.jsonl"))["text"], "نخست");
    assert!(!folder.names(".").iter().any(|name| name.ends_with(".tmp")));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::with_project();
    folder.write("long.txt", "سلام ".repeat(100_000).as_bytes());
    folder.run(&["import", "p.barchasb", "long.txt"]);
    let mut child = folder
        .command(&["export", "p.barchasb", "-o", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn words_on_the_standard_output_are_the_export_alone() {
    let folder = Folder::with_project();
    let ran = folder.run(&["export", "p.barchasb", "-o", "-", "--json"]);
    assert_eq!(ran.out.lines().count(), 1);
    assert_eq!(json(&ran.out)["id"], "first");
    assert_eq!(json(&ran.err)["type"], "result");
}

#[test]
fn a_project_gets_its_ending_whatever_it_was_called() {
    let folder = Folder::new();
    for (named, made) in [("a", "a.barchasb"), ("b.jsonl", "b.jsonl.barchasb"), ("c.BARCHASB", "c.BARCHASB")] {
        assert_eq!(folder.run(&["new", named]).code, 0);
        assert!(folder.path(made).is_file(), "{named}");
        assert_eq!(folder.run(&["check", named]).code, 0, "it is found by the name it was given");
    }
}

#[test]
#[cfg(all(unix, not(target_os = "macos")))]
fn without_a_display_a_sentence_says_so_and_what_works() {
    let folder = Folder::with_project();
    let mut window = folder.command(&["p.barchasb"]);
    window.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    let ran = Ran::from(window.output().unwrap());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("there is no display") && ran.err.contains("new, import, export"), "{}", ran.err);
    assert_eq!(ran.err.trim_end().lines().count(), 1, "once");
    folder.assert_nothing_lost("p.barchasb");
}
