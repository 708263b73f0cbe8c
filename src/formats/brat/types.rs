//! The configuration of a folder of brat's: which types there are, what they are called and how they look.
//!
//! Owns the list of types and the two files made of it. It must not know annotations.
//!
//! <https://brat.nlplab.org/configuration.html>

use crate::formats::brat::line::{BratLine, type_from_label};
use crate::formats::foreign::Held;
use crate::formats::format::WrittenLabel;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Types by what they are.
#[derive(Debug, Default)]
pub struct Types {
    entities: Vec<String>,
    seen: HashSet<String>,
    /// For every other type, the roles of what it speaks of.
    roles: BTreeMap<(&'static str, String), BTreeSet<String>>,
}

impl Types {
    /// Adds a type of text, once.
    pub fn add_entity(&mut self, kind: &str) {
        if self.seen.insert(kind.to_owned()) {
            self.entities.push(kind.to_owned());
        }
    }

    /// Adds the type of a line.
    pub fn add_line(&mut self, line: &BratLine<'_>) {
        let (section, kind, arguments) = match line {
            BratLine::TextBound(bound) => return self.add_entity(bound.kind),
            BratLine::Other { what: Held::Relation, kind, arguments } => ("relations", kind, arguments),
            BratLine::Other { what: Held::Event, kind, arguments } => ("events", kind, arguments),
            BratLine::Other { what: Held::Attribute, kind, arguments } => ("attributes", kind, arguments),
            BratLine::Other { .. } | BratLine::Note { .. } | BratLine::Unknown => return,
        };
        let roles = self.roles.entry((section, (*kind).to_owned())).or_default();
        // A role may be numbered: `Theme2` is a second `Theme`.
        let numbered = |role: &str| role.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        match section {
            "events" => roles.extend(arguments.iter().map(|(role, _)| numbered(role)).filter(|role| !role.is_empty())),
            "relations" => roles.extend(arguments.iter().map(|(role, _)| (*role).to_owned())),
            _ => {}
        }
    }

    /// The text of `annotation.conf`.
    #[must_use]
    pub fn configuration(&self) -> String {
        let mut text = "[entities]\n".to_owned();
        for kind in &self.entities {
            text.push_str(kind);
            text.push('\n');
        }
        for section in ["relations", "events", "attributes"] {
            text.push_str(&format!("\n[{section}]\n"));
            for ((_, kind), roles) in self.roles.iter().filter(|((of, _), _)| *of == section) {
                let is_equal = roles.contains("");
                let arguments: Vec<String> = match section {
                    "attributes" => vec!["Arg:<ANY>".to_owned()],
                    // Members of an equivalence have no roles.
                    "relations" if is_equal => {
                        ["Arg1:<ANY>", "Arg2:<ANY>", "<REL-TYPE>:symmetric-transitive"].map(str::to_owned).to_vec()
                    }
                    "events" => roles.iter().map(|role| format!("{role}*:<ANY>")).collect(),
                    _ => roles.iter().map(|role| format!("{role}:<ANY>")).collect(),
                };
                text.push_str(format!("{kind}\t{}", arguments.join(", ")).trim_end());
                text.push('\n');
            }
        }
        text
    }

    /// The text of `visual.conf`: titles and colours of `labels`.
    #[must_use]
    pub fn looks(&self, labels: &[WrittenLabel]) -> String {
        let plain = |title: &str| title.replace(['|', '\r', '\n', '\t'], " ").trim().to_owned();
        let mut text = "[labels]\n".to_owned();
        for label in labels.iter().filter(|label| !plain(&label.title).is_empty()) {
            text.push_str(&format!("{} | {}\n", type_from_label(&label.name), plain(&label.title)));
        }
        text.push_str("\n[drawing]\nSPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken\n");
        text.push_str("ARC_DEFAULT\tcolor:black, dash:-, arrowHead:triangle-5\n");
        for label in labels {
            text.push_str(&format!("{}\tbgColor:{}\n", type_from_label(&label.name), label.colour.hex()));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::Colour;
    use crate::formats::brat::line::line_from_text;

    #[test]
    fn every_type_is_listed_once() {
        let mut types = Types::default();
        types.add_entity("PER");
        types.add_entity("PER");
        for line in
            ["R1\tOf A:T1 B:T2", "E1\tGo:T1 Theme2:T2 Theme:T3", "A1\tNeg E1", "*\tEquiv T1 T2", "T9\tLOC 0 1;2 3\ta b"]
        {
            types.add_line(&line_from_text(line));
        }
        let expected = "[entities]\nPER\nLOC\n\n[relations]\nEquiv\tArg1:<ANY>, Arg2:<ANY>, \
            <REL-TYPE>:symmetric-transitive\nOf\tA:<ANY>, B:<ANY>\n\n[events]\nGo\tTheme*:<ANY>\n\n[attributes]\nNeg\tArg:<ANY>\n";
        assert_eq!(types.configuration(), expected);
    }

    #[test]
    fn titles_and_colours_are_written() {
        let label = WrittenLabel {
            name: "a b".into(),
            title: "ش|خص".into(),
            colour: Colour(0x0011_22FF),
            keys: String::new(),
            guideline: String::new(),
        };
        let looks = Types::default().looks(std::slice::from_ref(&label));
        assert!(looks.starts_with("[labels]\na_x20_b | ش خص\n\n[drawing]\n"), "{looks}");
        assert!(looks.ends_with(&format!("\na_x20_b\tbgColor:{}\n", label.colour.hex())), "{looks}");
    }
}
