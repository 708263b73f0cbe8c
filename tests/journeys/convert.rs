//! Files into files and folders: conversions, parts, archives, pipes, and what is left when something goes wrong.

use crate::binary::{Folder, Ran, json};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};
use std::process::Stdio;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// So many articles, in which LOC is rare; every tenth text stands twice.
fn corpus(articles: usize) -> String {
    let line = |number: usize| {
        let label = if number.is_multiple_of(5) { "LOC" } else { "PER" };
        let text = format!("علی {}", number - usize::from(number % 10 == 9));
        format!(
            r#"{{"id":"n{number}","text":"{text}","spans":[{{"start":0,"end":3,"label":"{label}","text":"علی"}}],"annotator":"زهرا","status":"done"}}"#
        ) + "\n"
    };
    (0..articles).map(line).collect()
}

fn piped(folder: &Folder, words: &[&str], input: &[u8]) -> Ran {
    let mut command = folder.command(words);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&input));
    let ran = child.wait_with_output().unwrap().into();
    writing.join().unwrap().unwrap();
    ran
}

fn articles(folder: &Folder, name: &str) -> Vec<Value> {
    folder.read(name).lines().map(json).collect()
}

#[test]
fn a_format_that_cannot_be_written_is_said_so() {
    let folder = Folder::new();
    folder.write("a.jsonl", corpus(1).as_bytes());
    let ran = folder.run(&["convert", "a.jsonl", "b.xmi"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("xmi files can be read but not written; say another with --to"), "{}", ran.err);
    let ran = folder.run(&["--json", "convert", "a.jsonl", "b.odt"]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("its ending is of no format"), "{ran:?}");
}

#[test]
fn a_file_becomes_one_of_another_format() {
    let folder = Folder::new();
    folder.write("a.jsonl", corpus(3).as_bytes());
    let ran = folder.run(&["convert", "a.jsonl", "b.json", "--offsets", "utf16"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, "b.json: 3 records, 3 mentions, offsets in utf16\n");
    let ran = folder.run(&["convert", "b.json", "c.jsonl", "--json"]);
    assert_eq!((ran.code, &json(&ran.out)["articles"], &json(&ran.out)["files"]), (0, &3.into(), &1.into()));
    assert_eq!(json(&ran.out)["read_as"], serde_json::json!(["json"]));
    assert_eq!(articles(&folder, "c.jsonl")[2]["text"], "علی 2");
    let ran = folder.run(&["convert", "a.jsonl", "texts", "--to", "text"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, "texts: 3 records, 0 mentions, 3 files\n"));
    assert_eq!(folder.names("texts"), ["n0.txt", "n1.txt", "n2.txt"]);
    assert_eq!(folder.read("texts/n1.txt"), "علی 1");

    let ran = folder.run(&["convert", "a.jsonl", "out.docx"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, "out.docx: its ending is of no format; say which with --to\n"));
    let ran = folder.run(&["convert", "none.jsonl", "out.jsonl"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, "none.jsonl: there is no such file\n"));
    let ran = folder.run(&["convert", "a.jsonl", "-", "--shards", "2"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, "the standard output takes one file; name a folder\n"));
}

#[test]
fn through_pipes() {
    let folder = Folder::new();
    let ran = piped(&folder, &["convert", "-", "-", "--to", "json"], corpus(2).as_bytes());
    assert_eq!((ran.code, ran.err.as_str()), (0, "standard output: 2 records, 2 mentions, offsets in codepoint\n"));
    assert_eq!(json(&ran.out).as_array().unwrap().len(), 2);
    let zip = archive(&[("a.jsonl", corpus(1).as_bytes()), ("b.txt", "متن".as_bytes())]);
    let ran = piped(&folder, &["convert", "-", "-"], &zip);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 2), "{}", ran.err);
    assert_eq!(json(ran.out.lines().last().unwrap())["id"], "b");
    folder.write("two.zip", &zip);
    let ran = folder.run(&["convert", "two.zip", "two.jsonl", "--json"]);
    assert_eq!(json(ran.out.lines().last().unwrap())["read_as"], serde_json::json!(["jsonl", "text"]));

    folder.run(&["new", "p"]);
    let ran = piped(&folder, &["import", "p.barchasb", "-"], corpus(2).as_bytes());
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "p.barchasb: 2 new articles, 0 already there; 2 layers, 2 mentions\n")
    );
    let ran = piped(&folder, &["import", "p.barchasb", "-"], b"");
    assert_eq!((ran.code, ran.err.as_str()), (2, "-: the file is empty\n"));
    let ran = piped(&folder, &["import", "p.barchasb", "-", "--format", "jsonl"], b"\n");
    assert_eq!((ran.code, ran.err.as_str()), (2, "-: the file is empty\n"));
}

#[test]
fn parts_are_whole_disjoint_and_the_same_again() {
    let folder = Folder::new();
    folder.write("a.jsonl", corpus(100).as_bytes());
    let convert = |target: &str, seed: &str| {
        let words = ["convert", "a.jsonl", target, "--to", "jsonl", "--split", "80/10/10", "--card", "--seed", seed];
        let ran = folder.run(&words);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert_eq!(ran.out, format!("{target}: 100 records, 100 mentions, offsets in codepoint, 5 files\n"));
    };
    convert("set", "7");
    assert_eq!(folder.names("set"), ["README.md", "dataset.json", "dev.jsonl", "test.jsonl", "train.jsonl"]);
    let mut texts = BTreeMap::<String, BTreeSet<&str>>::new();
    let mut places = BTreeMap::new();
    for part in ["train", "dev", "test"] {
        let found = articles(&folder, &format!("set/{part}.jsonl"));
        let places_found = found.iter().filter(|article| article["spans"][0]["label"] == "LOC").count();
        places.insert(part, (found.len(), places_found));
        for article in found {
            texts.entry(article["text"].as_str().unwrap().to_owned()).or_default().insert(part);
        }
    }
    assert_eq!(texts.len(), 90);
    assert!(texts.values().all(|parts| parts.len() == 1), "no text stands in two parts");
    assert_eq!(places.values().map(|(articles, _)| articles).sum::<usize>(), 100);
    assert!((16..=17).contains(&places["train"].1), "{places:?}");
    assert!(places.values().all(|(_, places)| *places > 0), "{places:?}");

    let card = json(&folder.read("set/dataset.json"));
    assert_eq!((&card["split"]["seed"], &card["parts"][0]["name"]), (&7.into(), &"train".into()));
    assert_eq!(card["parts"][0]["labels"]["LOC"], places["train"].1);
    assert_eq!(card["files"].as_array().unwrap().len(), 3);
    assert!(folder.read("set/README.md").contains("no text stands in two of them"));
    let bytes =
        |target: &str| folder.names(target).iter().map(|n| folder.read(&format!("{target}/{n}"))).collect::<Vec<_>>();
    folder.run(&["convert", "a.jsonl", "again/set", "--to", "jsonl", "--split", "80/10/10", "--card", "--seed", "7"]);
    assert_eq!(bytes("again/set"), bytes("set"));
    convert("other", "8");
    assert_ne!(folder.read("other/train.jsonl"), folder.read("set/train.jsonl"));

    // A project's parts are those of the same articles in a file.
    folder.run(&["new", "p"]);
    assert_eq!(folder.run(&["import", "p.barchasb", "a.jsonl"]).code, 0);
    let ran = folder.run(&["export", "p.barchasb", "-o", "set2", "--split", "80/10/10", "--seed", "7"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let names = |name: &str| articles(&folder, name).iter().map(|a| a["id"].clone()).collect::<Vec<_>>();
    assert_eq!(names("set2/test.jsonl"), names("set/test.jsonl"));
}

#[test]
fn shards_and_articles_and_labels() {
    let folder = Folder::new();
    folder.write("a.jsonl", corpus(5).as_bytes());
    let ran = folder.run(&["convert", "a.jsonl", "set.jsonl", "--shards", "2"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(folder.names("set.jsonl"), ["set-00000.jsonl", "set-00001.jsonl", "set-00002.jsonl"]);
    folder.run(&["convert", "a.jsonl", "each", "--to", "json", "--per-article"]);
    assert_eq!(folder.names("each"), ["n0.json", "n1.json", "n2.json", "n3.json", "n4.json"]);

    let ran = folder.run(&["convert", "a.jsonl", "-", "--labels", "NAME", "--labels-map", "PER=NAME", "--no-bare"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.starts_with("a.jsonl: note: the mentions of LOC (1) were skipped, as asked\n"), "{}", ran.err);
    assert_eq!(ran.out.lines().map(|line| json(line)["spans"][0]["label"].clone()).collect::<Vec<_>>(), ["NAME"; 4]);
    folder.write("map.json", br#"{"PER": null}"#);
    folder.run(&["new", "p"]);
    let ran = folder.run(&["import", "p.barchasb", "a.jsonl", "--labels-map", "map.json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, "a.jsonl: note: the mentions of PER (4) were skipped, as asked\n"));
    assert_eq!(ran.out, "p.barchasb: 5 new articles, 0 already there; 5 layers, 1 mention\n");
    let ran = folder.run(&["import", "p.barchasb", "a.jsonl", "--labels-map", "none.json"]);
    assert!(ran.code == 2 && ran.err.starts_with("none.json: "), "{}", ran.err);
    let ran = folder.run(&["convert", "a.jsonl", "b.jsonl", "--columns", "texts=x"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (2, "\"texts=x\" names no column; write text=NAME, id=NAME or mentions=NAME\n")
    );
}

#[test]
fn a_folder_is_read_whole() {
    let folder = Folder::with_project();
    std::fs::create_dir_all(folder.path("set/in")).unwrap();
    folder.write("set/b.txt", "ب".as_bytes());
    folder.write("set/in/b.txt", "پ".as_bytes());
    folder.write("set/a.jsonl", corpus(1).as_bytes());
    folder.write("set/bad.jsonl", b"\n");
    folder.write("set/lines.jsonl", b"{}\n");
    folder.write("set/README.md", b"# A set");
    folder.write("set/p.barchasb", b"");
    folder.write("set/.hidden.txt", b"x");
    folder.write("set/x.zip", &archive(&[("a.txt", b"x")]));
    let ran = folder.run(&["import", "p.barchasb", "set"]);
    let said = [
        "set: the file \"README.md\" was left out: nothing in it or in its name tells its format",
        "set: lines.jsonl: record 1, line 1: the record has no text and was left out",
        "set: the file \"p.barchasb\" was left out: it is a project; export it and import the export",
        "set: the file \"x.zip\" was left out: it is an archive; import it by itself",
        "set/bad.jsonl: the file is empty",
    ];
    assert_eq!(ran.err.lines().collect::<Vec<_>>(), said);
    assert_eq!((ran.code, ran.out.as_str()), (2, "p.barchasb: 3 new articles, 0 already there; 1 layer, 1 mention\n"));
    assert_eq!(folder.texts("p.barchasb"), ["نخست", "علی 0", "ب", "پ"]);
    let ran = folder.run(&["export", "p.barchasb", "-o", "-"]);
    let names: Vec<Value> = ran.out.lines().map(|line| json(line)["id"].clone()).collect();
    assert_eq!(names, ["first", "n0", "b", "in/b"]);
}

#[test]
fn archives_cannot_write_outside_or_grow_past_measure() {
    let folder = Folder::with_project();
    let files: [(&str, &[u8]); 4] =
        [("../evil.txt", b"x"), ("/tmp/evil.txt", b"x"), ("a\\b.txt", b"x"), ("set/good.txt", "خوب".as_bytes())];
    folder.write("a.zip", &archive(&files));
    let ran = folder.run(&["import", "p.barchasb", "a.zip"]);
    assert_eq!((ran.code, ran.err.lines().count()), (1, 3), "{}", ran.err);
    assert!(
        ran.err.starts_with("a.zip: the file \"../evil.txt\" was left out: its name leaves the archive\n"),
        "{}",
        ran.err
    );
    assert_eq!(folder.texts("p.barchasb"), ["نخست", "خوب"]);
    assert!(!folder.names(".").iter().any(|name| name.contains("evil") || name.contains("b.txt")));

    let bomb = archive(&[("zeros.txt", &vec![0; 20 << 20])]);
    folder.write("bomb.zip", &bomb);
    let ran = folder.run(&["import", "p.barchasb", "bomb.zip"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("bomb.zip: this cannot be read as zip: it would unpack to more than"), "{}", ran.err);
    folder.write("none.zip", &bomb[..1000]);
    assert_eq!(folder.run(&["import", "p.barchasb", "none.zip"]).code, 2);
    folder.assert_nothing_lost("p.barchasb");
}

#[test]
fn what_fails_or_is_interrupted_leaves_nothing() {
    let folder = Folder::new();
    folder.write("a.jsonl", corpus(20).as_bytes());
    std::fs::create_dir_all(folder.path("set/test.jsonl")).unwrap();
    let ran = folder.run(&["convert", "a.jsonl", "set", "--to", "jsonl", "--split", "80/20", "--card"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("set/test.jsonl: cannot be written ("), "{}", ran.err);
    assert_eq!(folder.names("set"), ["test.jsonl"]);

    let mut child = folder.command(&["convert", "-", "new/b.jsonl"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(corpus(20).as_bytes()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(folder.names("."), ["a.jsonl", "set"]);

    folder.write("old.jsonl", b"old");
    folder.write("bad.json", b"no json");
    assert_eq!(folder.run(&["convert", "bad.json", "old.jsonl"]).code, 2);
    assert_eq!(folder.read("old.jsonl"), "old");
}

#[test]
fn formats_are_named() {
    let folder = Folder::new();
    let ran = folder.run(&["formats"]);
    assert!(ran.code == 0 && ran.out.lines().any(|line| line.starts_with("jsonl ")), "{}", ran.out);
    assert!(folder.run(&["formats", "--markdown"]).out.starts_with("| Format |"));
    let formats = json(&folder.run(&["formats", "--json"]).out)["formats"].clone();
    let text = formats.as_array().unwrap().iter().find(|format| format["name"] == "text").unwrap().clone();
    assert_eq!((&text["read"], &text["one_article_a_file"]), (&true.into(), &true.into()));
}

#[test]
fn the_decisions_of_a_gold_layer_travel_with_it() {
    let folder = Folder::with_project();
    let key = r#"{"start":0,"end":3,"label":"PER","text":"علی"}"#;
    let decisions = format!(
        r#"[{{"start":0,"end":3,"ruling":"taken","by":"زهرا","spans":[{key}],"readings":[{{"annotator":"رضا","spans":[]}},{{"annotator":"زهرا","spans":[{key}]}}],"reason":"slip"}}]"#
    );
    let line = format!(
        r#"{{"id":"a","text":"علی رفت","spans":[{key}],"annotator":"gold","status":"done","meta":{{}},"offset_unit":"codepoint","decisions":{decisions}}}"#
    );
    folder.write("gold.jsonl", (line.clone() + "\n").as_bytes());
    let quiet = |words: &[&str]| {
        let ran = folder.run(words);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{words:?}");
    };
    quiet(&["convert", "gold.jsonl", "gold.json"]);
    assert_eq!(json(&folder.read("gold.json"))[0], json(&line));
    quiet(&["import", "p", "gold.json"]);
    quiet(&["export", "p", "-o", "back.jsonl", "--annotator", "gold"]);
    assert_eq!(folder.read("back.jsonl"), line + "\n");
    quiet(&["import", "p", "gold.json"]);
    folder.assert_nothing_lost("p");
    let ran = folder.run(&["convert", "gold.jsonl", "gold.conll"]);
    assert!(ran.err.contains("decisions of a review (1) cannot be held in this format"), "{}", ran.err);
}
