//! A copy for a colleague, as `send` writes it.

use crate::binary::{Folder, json};

/// A project of three articles, of which Zahra labelled the first two and Reza the second.
fn shared_project() -> Folder {
    let folder = Folder::new();
    assert_eq!(folder.run(&["new", "p"]).code, 0);
    let line = |id: &str, annotator: &str, note: &str| {
        format!(
            r#"{{"id":"{id}","text":"علی به {id} رفت","spans":[{{"start":0,"end":3,"label":"PER","note":"{note}"}}],"annotator":"{annotator}","status":"done"}}"#
        )
    };
    let bare = r#"{"id":"1-2","text":"متن"}"#;
    let lines = [line("نخست", "زهرا", "z"), line("دوم", "زهرا", "z"), line("دوم", "رضا", "راز-رضا"), bare.to_owned()];
    folder.write("a.jsonl", (lines.join("\n") + "\n").as_bytes());
    assert_eq!(folder.run(&["import", "p.barchasb", "a.jsonl"]).code, 0);
    folder
}

/// Sends with these words and compares what is said and which layers the copy exports.
fn check(folder: &Folder, words: &[&str], said: &str, expected: &[(&str, Option<&str>)]) {
    let ran = folder.run(&[&["send", "p", "-o", "copy"], words].concat());
    assert_eq!((ran.code, ran.err.as_str(), ran.out.as_str()), (0, "", said), "{words:?}");
    assert_eq!(folder.run(&["check", "copy"]).out, "copy: no fault found\n");
    let export = folder.run(&["export", "copy.barchasb", "-o", "-"]);
    let found: Vec<(String, Option<String>)> = export
        .out
        .lines()
        .map(json)
        .map(|line| (line["id"].as_str().unwrap().to_owned(), line["annotator"].as_str().map(str::to_owned)))
        .collect();
    let expected: Vec<_> = expected.iter().map(|(id, by)| ((*id).to_owned(), by.map(str::to_owned))).collect();
    assert_eq!(found, expected, "{words:?}");
    std::fs::remove_file(folder.path("copy.barchasb")).unwrap();
}

#[test]
fn a_copy_holds_what_was_asked_for() {
    let folder = shared_project();
    let (zahra, reza) = (Some("زهرا"), Some("رضا"));
    let all = [("نخست", zahra), ("دوم", reza), ("دوم", zahra), ("1-2", None)];
    check(&folder, &[], "copy.barchasb: 3 articles, 3 layers, 3 mentions\n", &all);
    let blind = [("نخست", None), ("دوم", None), ("1-2", None)];
    check(&folder, &["--without-layers"], "copy.barchasb: 3 articles, 0 layers, 0 mentions\n", &blind);
    check(&folder, &["--articles", "2-3"], "copy.barchasb: 2 articles, 2 layers, 2 mentions\n", &all[1..]);
    check(&folder, &["--articles", "1-2"], "copy.barchasb: 1 article, 0 layers, 0 mentions\n", &all[3..]);
    check(&folder, &["--articles", " دوم , نخست"], "copy.barchasb: 2 articles, 3 layers, 3 mentions\n", &all[..3]);
    folder.write("names.txt", "دوم\r\n\r\n1-2\r\n".as_bytes());
    let words = ["--articles", "@names.txt", "--annotator", "رضا"];
    check(&folder, &words, "copy.barchasb: 2 articles, 1 layer, 1 mention\n", &[("دوم", reza), ("1-2", None)]);
}

#[test]
fn a_blind_copy_says_nothing_of_the_others() {
    let folder = shared_project();
    let ran = folder.run(&["send", "p", "-o", "blind.barchasb", "--without-layers", "--json"]);
    let result = json(&ran.out);
    assert_eq!((ran.code, &result["command"], &result["articles"]), (0, &"send".into(), &3.into()));
    let bytes = std::fs::read(folder.path("blind.barchasb")).unwrap();
    for words in ["راز-رضا", "رضا", "زهرا"] {
        assert!(!bytes.windows(words.len()).any(|window| window == words.as_bytes()), "{words}");
    }

    assert_eq!(folder.run(&["export", "p", "-o", "-", "--annotator", "رضا"]).out.matches("راز-رضا").count(), 1);
}

#[test]
fn what_cannot_be_sent_is_said_and_leaves_nothing() {
    let folder = shared_project();
    folder.write("mine.barchasb", b"mine");
    let refused = |words: &[&str], said: &str| {
        let ran = folder.run(&[&["send", "p"], words].concat());
        assert_eq!(ran.code, 2, "{words:?}");
        assert!(ran.err.contains(said), "{words:?}: {}", ran.err);
    };
    refused(&["-o", "mine"], "there is a file already");
    refused(&["-o", "p"], "there is a file already");
    refused(&["-o", "c", "--articles", "سوم"], "the project has no article سوم");
    refused(&["-o", "c", "--articles", "2-9"], "the articles 2-9: the project has 3 articles");
    refused(&["-o", "c", "--articles", "0-2"], "the project has no article 0-2");
    refused(&["-o", "c", "--articles", "@none.txt"], "none.txt");
    refused(&["-o", "c", "--annotator", "x"], "the project has no annotator x; it has ");
    refused(&["-o", "c", "--annotator", "رضا", "--without-layers"], "cannot be used with");
    refused(&["-o", "no/c"], "no");
    refused(&[], "--output");
    assert_eq!(folder.read("mine.barchasb"), "mine");
    // What a reader of the project leaves beside it is the project's.
    let mut left = folder.names(".");
    left.retain(|name| !name.starts_with("p.barchasb-"));
    assert_eq!(left, ["a.jsonl", "mine.barchasb", "p.barchasb"]);
    assert_eq!(folder.run(&["check", "p"]).code, 0);
}
