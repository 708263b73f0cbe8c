//! Words: every message that the code names has words.

use barchasb::words::locale::FA;
use std::collections::BTreeSet;

#[test]
fn every_id_in_the_code_has_words() {
    let keys: BTreeSet<&str> = FA
        .lines()
        .filter(|line| !line.starts_with([' ', '}', '[', '#']))
        .filter_map(|line| line.split('=').next())
        .map(str::trim)
        .collect();
    let mut missing = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                for opening in ["Message::new(\"", ".words(\"", "what: \"job-", "title: \"problems-"] {
                    for part in source.split(opening).skip(1) {
                        let prefix = opening.split('"').nth(1).unwrap_or_default();
                        let id = format!("{prefix}{}", part.split('"').next().unwrap());
                        seen += 1;
                        if !keys.contains(id.as_str()) && id.contains(|c: char| c.is_ascii_lowercase()) {
                            missing.push(format!("{}: {id}", path.display()));
                        }
                    }
                }
            }
        }
    }
    assert!(seen > 20, "the search found the code");
    assert_eq!(missing, Vec::<String>::new());
}
