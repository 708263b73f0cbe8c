//! The report on a project: one page that stands by itself, its tables and its pictures.

use crate::binary::{Folder, json};

/// A project in which three have labelled: زهرا and علی have done both articles, <b>&"نسرین one.
fn labelled() -> Folder {
    let folder = Folder::with_project();
    let line = |id: &str, text: &str, who: &str, status: &str, spans: &str| {
        let who = who.replace('"', "\\\"");
        format!(r#"{{"id":"{id}","text":"{text}","spans":[{spans}],"annotator":"{who}","status":"{status}"}}"#)
    };
    let span = |start: usize, end: usize, label: &str| format!(r#"{{"start":{start},"end":{end},"label":"{label}"}}"#);
    let (a, b) = ("علی به تهران رفت", "<script>مهر در تهران</script>");
    let lines = [
        line("a", a, "زهرا", "done", &format!("{},{}", span(0, 3, "PER"), span(7, 12, "LOC"))),
        line("a", a, "علی", "done", &format!("{},{}", span(0, 3, "PER"), span(4, 12, "LOC"))),
        line("b", b, "زهرا", "done", &format!("{},{}", span(8, 11, "ORG"), span(15, 20, "LOC"))),
        line("b", b, "علی", "done", &span(8, 11, "PER")),
        line("b", b, "<b>&\"نسرین", "in_progress", &span(8, 11, "PER")),
    ];
    folder.write("a.jsonl", lines.join("\n").as_bytes());
    assert_eq!(folder.run(&["import", "p.barchasb", "a.jsonl"]).code, 0);
    folder
}

#[test]
fn a_report_shows_a_project_in_both_languages() {
    let folder = labelled();
    let ran = folder.run(&["report", "p.barchasb", "-o", "fa.html"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, "fa.html: 3 annotators, 2 articles, 2 done by several\n");
    let page = folder.read("fa.html");
    assert!(page.contains("<html lang=\"fa\" dir=\"rtl\">") && page.contains("توافق برچسب‌زن‌ها"));
    // F1 of 4 and 3 mentions of which one is the same: 2 / 7.
    assert!(page.contains(">۰٫۲۹</text>"), "in Persian digits");
    assert!(page.contains("font-family:Vazirmatn;") && page.contains("base64,AAEAAAA"), "it holds its letters");
    assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "nothing of an article is markup");
    assert!(!page.contains("<b>&\"") && page.contains("&lt;b&gt;&amp;&quot;نسرین"));
    for loads in ["http-equiv=\"refresh\"", " src=\"", "href=\"", "url(http"] {
        assert!(!page.contains(loads), "it loads nothing: {loads}");
    }
    assert_eq!(folder.run(&["report", "p.barchasb", "-o", "again.html"]).code, 0);
    assert!(folder.read("again.html") == page, "the same project gives the same page");

    let ran = folder.run(&["report", "p.barchasb", "-o", "en.html", "--language", "en"]);
    assert_eq!(ran.code, 0);
    let page = folder.read("en.html");
    assert!(page.contains("<html lang=\"en\" dir=\"ltr\">") && page.contains(">0.29</text>"));
}

#[test]
fn a_report_takes_no_projects_place() {
    let folder = labelled();
    let ran = folder.run(&["report", "p.barchasb", "-o", "p.barchasb"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert_eq!(folder.run(&["check", "p.barchasb"]).code, 0, "it is a project still");
}

#[test]
fn tables_and_pictures_go_into_folders() {
    let folder = labelled();
    let ran = folder.run(&[
        "report",
        "p.barchasb",
        "-o",
        "r.html",
        "--csv",
        "csv",
        "--svg",
        "svg",
        "--language",
        "en",
        "--json",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let said = json(&ran.out);
    assert_eq!((&said["compared"], said["files"].as_array().map(Vec::len)), (&2.into(), Some(19)));
    assert_eq!(
        folder.read("csv/agreement.csv"),
        "first,second,articles,first_mentions,second_mentions,same,f1\r\nزهرا,علی,2,4,3,1,0.28571428571428575\r\n"
    );
    assert_eq!(
        folder.read("csv/confusion.csv"),
        "first,second,first_label,second_label,count\r\nزهرا,علی,شخص,شخص,1\r\nزهرا,علی,سازمان,شخص,1\r\n\
         زهرا,علی,مکان,مکان,1\r\nزهرا,علی,مکان,nothing,1\r\n"
    );
    assert_eq!(folder.read("csv/status.csv").lines().nth(2), Some("زهرا,1,0,2,0"));
    // Imported layers say nothing of how long they took.
    assert_eq!(folder.read("csv/time.csv").lines().count(), 1);
    let svg = folder.read("svg/confusion.svg");
    assert!(svg.starts_with("<?xml") && svg.contains("xmlns=\"http://www.w3.org/2000/svg\"") && svg.contains("heat h"));
}

#[test]
fn a_report_of_nothing_says_so() {
    let folder = Folder::with_project();
    let ran = folder.run(&["report", "p.barchasb", "-o", "r.html"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "r.html: 0 annotators, 0 articles, 0 done by several\n"));
    assert!(folder.read("r.html").contains("هنوز کسی چیزی را برچسب نزده است."));
    let ran = folder.run(&["report", "p.barchasb", "-o", "r.html", "--annotators", "رضا"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, "the project has no annotator رضا\n"));
    let ran = folder.run(&["report", "p.barchasb", "-o", "missing/r.html"]);
    assert!(ran.code == 2 && ran.err.starts_with("missing/r.html: "), "{}", ran.err);
}
