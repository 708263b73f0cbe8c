//! Agreement and adjudication from the command line.

use crate::binary::{Folder, json};

/// What someone says of an article: who, its id, text, status, and start, end and label of each mention.
type Said<'a> = (&'a str, &'a str, &'a str, &'a str, &'a [(usize, usize, &'a str)]);

const FIRST: &str = "سردار حسین اشتری در تهران گفت";
const SECOND: &str = "تهران و کرج بارانی‌اند";

/// Sara and Reza are done with two articles: they differ in one boundary, one label, and one missed mention. Mina has begun the first.
const SAID: [Said<'static>; 5] = [
    ("سارا", "یک", FIRST, "done", &[(6, 16, "PER"), (20, 25, "LOC")]),
    ("رضا", "یک", FIRST, "done", &[(0, 16, "PER"), (20, 25, "LOC")]),
    ("سارا", "دو", SECOND, "done", &[(0, 5, "LOC"), (8, 11, "LOC")]),
    ("رضا", "دو", SECOND, "done", &[(0, 5, "ORG")]),
    ("مینا", "یک", FIRST, "in_progress", &[(6, 16, "PER")]),
];

const TABLE: &str = "\
p.barchasb: 2 common articles by 2 annotators, 10 tokens of our own
رضا has 3 mentions, سارا 4

mentions    precision  recall      F1
exact          0.2500  0.3333  0.2857
boundary       0.5000  0.6667  0.5714
label only     0.5000  0.6667  0.5714
relaxed        0.5000  0.6667  0.5714
tokens         0.6000  0.6000  0.6000

tokens                          Cohen's κ
κ over labels                      0.5455
κ over BIO tags                    0.4203
κ over BIOES tags                  0.4286
κ over labels, labelled tokens     0.3077

all annotators at once, tokens
Fleiss' κ                       0.5349
Krippendorff's α                0.5581
Krippendorff's u-α              0.5674

labels  first  second      precision  recall  exact F1  label only  relaxed  tokens
LOC         1       3         0.3333  1.0000    0.5000      0.5000   0.5000  0.5000
ORG         1       0  – no-mentions  0.0000    0.0000      0.0000   0.0000  0.0000
PER         1       1         0.0000  0.0000    0.0000      1.0000   1.0000  0.8000

tokens: first ↓ second →  LOC  ORG  PER  O
LOC                         1    0    0  0
ORG                         1    0    0  0
PER                         0    0    2  1
O                           1    0    0  4

articles  exact F1  boundary  κ labels
یک          0.5000    0.5000    0.7391
دو          0.0000    0.6667    0.2000

– no-mentions: there is no mention
";

const TABLE_OF_PAIRS: &str = "\
p.barchasb: 2 common articles by 3 annotators, 10 tokens of our own

pairs            articles  exact F1  boundary  label only  relaxed  tokens  κ labels   κ BIO  κ BIOES  κ labelled
رضا and سارا            2    0.2857    0.5714      0.5714   0.5714  0.6000    0.5455  0.4203   0.4286      0.3077
رضا and مینا            1    0.0000    0.0000      0.6667   0.6667  0.6667    0.4545  0.2800   0.3077      0.2000
سارا and مینا           1    0.6667    0.6667      0.6667   0.6667  0.8000    0.7000  0.7273   0.7273      0.4000
mean over pairs              0.3175    0.4127      0.6349   0.6349  0.6889    0.5667  0.4759   0.4878      0.3026

all annotators at once, tokens
Fleiss' κ                       0.6211
Krippendorff's α                0.5169
Krippendorff's u-α              0.5243

95 % of 20 draws of the articles          exact F1          boundary          κ labels             κ BIO
رضا and سارا                      0.0000 to 0.5000  0.5000 to 0.6667  0.2000 to 0.7391  0.2000 to 0.5385
رضا and مینا                         – one-article     – one-article     – one-article     – one-article
سارا and مینا                        – one-article     – one-article     – one-article     – one-article

tokens: first ↓ second →  LOC  ORG  PER  O
LOC                         1    0    0  2
ORG                         1    0    0  0
PER                         0    0    6  2
O                           1    0    0  9

– one-article: a single article cannot be drawn again
";

fn line((annotator, id, text, status, mentions): Said<'_>) -> String {
    let spans: Vec<String> = mentions
        .iter()
        .map(|(start, end, label)| format!(r#"{{"start":{start},"end":{end},"label":"{label}"}}"#))
        .collect();
    format!(
        r#"{{"id":"{id}","text":"{text}","spans":[{}],"annotator":"{annotator}","status":"{status}"}}"#,
        spans.join(",")
    ) + "\n"
}

fn project(said: &[Said<'_>]) -> Folder {
    let folder = Folder::new();
    assert_eq!(folder.run(&["new", "p"]).code, 0);
    folder.write("a.jsonl", said.iter().copied().map(line).collect::<String>().as_bytes());
    let ran = folder.run(&["import", "p", "a.jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    folder
}

#[test]
fn a_table_for_people() {
    let folder = project(&SAID);
    let ran = folder.run(&["agree", "p", "--by", "label", "--by", "article"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, TABLE);
    let ran = folder.run(&["agree", "p", "--unfinished", "--bootstrap", "20"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, TABLE_OF_PAIRS);
    assert_eq!(folder.run(&["agree", "p", "--unfinished", "--bootstrap", "20"]).out, ran.out, "the same every time");
}

#[test]
fn an_object_for_programs() {
    let folder = project(&SAID);
    let ran = folder.run(&["agree", "p", "--annotators", "سارا,رضا", "--gamma", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let result = json(&ran.out);
    assert_eq!(result["annotators"], serde_json::json!(["سارا", "رضا"]));
    let pair = &result["pairs"][0];
    // One of Sara's four and Reza's three is the same; three places are, two of them in part.
    let near = |found: &serde_json::Value, expected: f64| (found.as_f64().unwrap() - expected).abs() < 1e-12;
    assert!(near(&pair["exact"]["f1"], 2.0 / 7.0), "{pair}");
    assert!(near(&pair["boundary"]["f1"], 4.0 / 7.0) && near(&pair["label_only"]["f1"], 4.0 / 7.0), "{pair}");
    assert_eq!((&pair["exact"]["recall"], &pair["exact"]["precision"]), (&0.25.into(), &(1.0 / 3.0).into()));
    assert_eq!((&result["articles"], &result["tokens_of"]), (&2.into(), &"ours".into()));
    assert!(result["gamma"].as_f64().unwrap() < 1.0 && result["alpha"].as_f64().unwrap() > 0.0);
    let turned = json(&folder.run(&["agree", "p", "--annotators", "رضا,سارا", "--json"]).out);
    assert_eq!(turned["pairs"][0]["exact"]["precision"], 0.25);
    assert_eq!(turned["pairs"][0]["kappa_of_labels"], pair["kappa_of_labels"]);
    assert!(turned.get("gamma").is_none());
}

#[test]
fn what_has_no_value_says_why() {
    let none: &[Said<'_>] = &[("سارا", "یک", FIRST, "done", &[]), ("رضا", "یک", FIRST, "done", &[])];
    let folder = project(none);
    let result = json(&folder.run(&["agree", "p", "--json", "--gamma", "--bootstrap", "5"]).out);
    let pair = &result["pairs"][0];
    assert_eq!(pair["exact"]["f1"]["undefined"], "no-mentions");
    assert_eq!(pair["kappa_of_labels"]["undefined"], "one-category");
    assert_eq!(pair["kappa_of_labelled"]["undefined"], "nothing-labelled");
    assert_eq!(result["gamma"]["undefined"], "no-mentions");
    assert_eq!(pair["intervals"]["exact_f1"]["undefined"], "one-article");
    // One label alone, over every token: chance explains it all.
    let said: &[(usize, usize, &str)] = &[(0, 3, "PER")];
    let folder = project(&[("سارا", "یک", "علی", "done", said), ("رضا", "یک", "علی", "done", said)]);
    let result = json(&folder.run(&["agree", "p", "--json"]).out);
    assert_eq!(
        (&result["alpha"]["undefined"], &result["pairs"][0]["exact"]["f1"]),
        (&"one-category".into(), &1.0.into())
    );
    // Two who are done with different articles.
    let folder = project(&[("سارا", "یک", "علی", "done", said), ("رضا", "دو", "رضا", "done", said)]);
    let ran = folder.run(&["agree", "p"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.ends_with("– no-common-article: no article is done by both\n"), "{}", ran.out);
}

#[test]
fn who_cannot_be_compared_is_said() {
    let folder = project(&SAID);
    let refused = |words: &[&str], said: &str| {
        let ran = folder.run(&[&["agree"], words].concat());
        assert_eq!((ran.code, ran.err.as_str()), (2, format!("{said}\n").as_str()), "{words:?}");
    };
    refused(&["p", "--annotators", "سارا"], "agreement needs two annotators; only سارا is named");
    refused(&["p", "--annotators", "سارا,سارا"], "سارا is named twice; agreement is between different annotators");
    refused(&["p", "--annotators", "سارا,x"], "the project has no annotator x; it has رضا, سارا, مینا");
    refused(&["p", "a.jsonl"], "p.barchasb: this is a project; it is compared alone, or merged with the other first");
    refused(&["a.jsonl"], "a.jsonl: this is no project; name two files to compare them");
    refused(&["a.jsonl", "a.jsonl"], "a.jsonl is named twice; agreement is between different annotators");
    folder.write("b.jsonl", line(SAID[0]).as_bytes());
    let several = "a.jsonl: it holds the layers of سارا, رضا; import it into a project and compare them there";
    refused(&["a.jsonl", "b.jsonl"], several);
    refused(&["b.jsonl", "none.jsonl"], "none.jsonl: there is no such file");
    refused(
        &["b.jsonl", "a.jsonl", "--unfinished"],
        "--annotators and --unfinished are of a project; two files are two annotators",
    );
    let folder = project(&SAID[..1]);
    let ran = folder.run(&["agree", "p"]);
    let said = "agreement needs two annotators who are done with articles; only سارا is; --unfinished compares what was begun too\n";
    assert_eq!((ran.code, ran.err.as_str()), (2, said));
}

#[test]
fn two_files_are_two_annotators() {
    let folder = Folder::new();
    folder.write("a.jsonl", (line(SAID[0]) + &line(SAID[2])).as_bytes());
    folder.write("b.jsonl", (line(SAID[3]) + &line(SAID[1])).as_bytes());
    let project = project(&SAID);
    let of_files = json(&folder.run(&["agree", "a.jsonl", "b.jsonl", "--json"]).out);
    let of_project = json(&project.run(&["agree", "p", "--annotators", "سارا,رضا", "--json"]).out);
    assert_eq!(of_files["annotators"], serde_json::json!(["a.jsonl", "b.jsonl"]));
    for measure in ["exact", "boundary", "relaxed", "kappa_of_bio_tags", "confusion"] {
        assert_eq!(of_files["pairs"][0][measure], of_project["pairs"][0][measure], "{measure}");
    }
    // What one file has alone is said, and the rest compared.
    folder.write("b.jsonl", line(SAID[3]).as_bytes());
    let ran = folder.run(&["agree", "a.jsonl", "b.jsonl"]);
    let said = "1 of the articles of a.jsonl and 0 of b.jsonl have no like in the other: a.jsonl has «سردار» at token 1 of article یک, \
                b.jsonl the end\n";
    assert_eq!((ran.code, ran.err.as_str()), (1, said));
    assert!(ran.out.starts_with("a.jsonl and b.jsonl: 1 common article by 2 annotators, "));
    // The same text, but other tokens.
    folder.write("a.conll", "علی|B_PER\nآمد|O\n".as_bytes());
    folder.write("b.conll", "علی آمد|B_PER\n".as_bytes());
    let ran = folder.run(&["agree", "a.conll", "b.conll"]);
    assert_eq!(ran.code, 2);
    let said = "the text is the same, but the tokens part at token 1: «علی» and «علی آمد»; --tokens ours compares it on ours\n";
    assert!(ran.err.ends_with(said), "{}", ran.err);
    assert_eq!(folder.run(&["agree", "a.conll", "b.conll", "--tokens", "ours"]).code, 0);
}

#[test]
fn gold_by_a_strategy() {
    let folder = project(&SAID);
    let run = |words: &[&str]| folder.run(&[&["adjudicate", "p"], words].concat());
    let ran = folder.run(&["export", "p", "-o", "-", "--gold"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (2, "the project has no gold layer yet; review it, or use `barchasb adjudicate`\n")
    );

    let ran = run(&["--strategy", "majority"]);
    let said = "p.barchasb: 0 disputes decided, 3 left open\n1 mention that all say became gold; 0 of 2 articles became done\n";
    assert_eq!((ran.code, ran.err.as_str(), ran.out.as_str()), (0, "", said));
    let dry = run(&["--strategy", "annotator", "--annotator", "رضا", "--dry-run"]);
    let said = "p.barchasb: 3 disputes would be decided, 0 left open\n\
                0 mentions that all say would become gold; 2 of 2 articles would become done\n";
    assert_eq!((dry.code, dry.out.as_str()), (0, said));
    assert_eq!(folder.run(&["export", "p", "-o", "-", "--gold", "--status", "done"]).out, "");
    assert!(
        run(&["--strategy", "annotator", "--annotator", "رضا"]).out.starts_with("p.barchasb: 3 disputes decided, 0")
    );
    let before = folder.run(&["export", "p", "-o", "-", "--gold", "--status", "done"]).out;
    let spans: Vec<usize> = before.lines().map(|line| json(line)["spans"].as_array().unwrap().len()).collect();
    assert_eq!(spans, [2, 1]);
    let again = json(&run(&["--strategy", "annotator", "--annotator", "رضا", "--json"]).out);
    assert_eq!((&again["changed"], &again["decided"], &again["open"]), (&0.into(), &0.into(), &0.into()));
    // What was decided stays, whatever the next strategy says.
    assert_eq!(run(&["--strategy", "union"]).code, 0);
    assert_eq!(folder.run(&["export", "p", "-o", "-", "--gold", "--status", "done"]).out, before);
    assert_eq!(folder.run(&["check", "p"]).code, 0);
    // Gold is compared when it is named, and only then.
    let result = json(&folder.run(&["agree", "p", "--annotators", "gold,رضا", "--json"]).out);
    assert_eq!(result["pairs"][0]["exact"]["f1"], 1.0);
    assert!(folder.run(&["agree", "p", "--annotators", "gold,رضا"]).out.starts_with("p.barchasb, against gold: "));
    assert_eq!(json(&folder.run(&["agree", "p", "--json"]).out)["annotators"], serde_json::json!(["رضا", "سارا"]));
}

#[test]
fn what_cannot_be_adjudicated_is_said() {
    let folder = project(&SAID);
    let refused = |words: &[&str], said: &str| {
        let ran = folder.run(&[&["adjudicate", "p", "--strategy"], words].concat());
        assert_eq!(ran.code, 2, "{words:?}");
        assert!(ran.err.contains(said), "{words:?}: {}", ran.err);
    };
    refused(&["annotator"], "whose mentions stand? Name them with --annotator");
    refused(&["annotator", "--annotator", "x"], "the project has no annotator x; it has رضا, سارا, مینا");
    refused(&["annotator", "--annotator", "gold"], "gold is what comes of it");
    refused(&["majority", "--annotator", "رضا"], "--annotator belongs to --strategy annotator");
    refused(&["threshold", "--threshold", "60"], "the threshold 60 is no share");
    refused(&["coin"], "invalid value");
    let folder = project(&SAID[4..]);
    let ran = folder.run(&["adjudicate", "p", "--strategy", "majority"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.err, "no annotator is done with an article; --unfinished takes those who have begun too\n");
    let ran = folder.run(&["adjudicate", "p", "--strategy", "majority", "--unfinished"]);
    assert_eq!(ran.out.lines().last(), Some("1 mention that all say became gold; 1 of 1 article became done"));
}
