//! Shortcuts: which key gives which act, from the acts' first keys and those that the settings put in their place.
//!
//! Owns the table of keys, without clashes. It must not know the window's key events, nor what an act does.

use crate::domain::label::LabelSet;
use crate::session::acts::{self, Act, Entry, LabelUse, Place};
use crate::session::chord::Chord;
use crate::session::review::Mode;
use crate::words::message::Message;
use std::collections::{BTreeMap, HashMap};

/// The keys that a person has changed: of an act's id, all its keys as they are written; none is a choice as well.
pub type ChangedKeys = BTreeMap<String, Vec<String>>;

/// The keys of one act.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The act.
    pub entry: &'static Entry,
    /// Its keys.
    pub chords: Vec<Chord>,
    /// Its first key as it is shown, if it has one.
    pub first_shown: Option<String>,
    /// Whether its keys are others than at first.
    pub is_changed: bool,
}

impl Line {
    /// The ways of pressing it as they are shown, each once.
    #[must_use]
    pub fn ways(&self) -> Vec<String> {
        let mut ways: Vec<String> = Vec::new();
        for shown in self.chords.iter().map(|chord| chord.shown()) {
            // The plus sign has several keys, as keyboards differ; they are written alike.
            if !ways.contains(&shown) {
                ways.push(shown);
            }
        }
        ways
    }
}

/// Why a key in the settings is not taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// There is no act of this id.
    UnknownAct(String),
    /// There is no such key.
    UnknownKey(String),
    /// It belongs to the labels, or to the window.
    Reserved(Chord),
    /// This act has it.
    Taken(Chord, &'static Entry),
}

impl From<&Refusal> for Message {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::UnknownAct(id) => Self::new("keys-unknown-act").text("act", id),
            Refusal::UnknownKey(key) => Self::new("keys-unknown-key").text("key", key),
            Refusal::Reserved(chord) => Self::new("keys-reserved").text("key", chord.shown()),
            Refusal::Taken(chord, holder) => {
                Self::new("keys-taken").text("key", chord.shown()).part("act", Self::new(holder.title))
            }
        }
    }
}

/// The table of keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    lines: Vec<Line>,
    by_chord: HashMap<Chord, Vec<usize>>,
}

impl Default for Table {
    fn default() -> Self {
        Self::new(&ChangedKeys::new()).0
    }
}

impl Table {
    /// The table with these keys changed, and what of them was refused: an act whose keys were all refused keeps its first ones.
    #[must_use]
    pub fn new(changed: &ChangedKeys) -> (Self, Vec<Refusal>) {
        let lines =
            acts::all().iter().map(|entry| Line { entry, chords: Vec::new(), first_shown: None, is_changed: false });
        let mut table = Self { lines: lines.collect(), by_chord: HashMap::new() };
        let unknown = changed.keys().filter(|id| acts::by_id(id).is_none()).cloned().map(Refusal::UnknownAct);
        let mut refusals: Vec<Refusal> = unknown.collect();
        // First what stands unchanged: a changed act gets what is free then.
        let (changes, unchanged): (Vec<usize>, Vec<usize>) =
            (0..table.lines.len()).partition(|place| table.entry(*place).is_some_and(|e| changed.contains_key(e.id)));
        for place in unchanged {
            table.give_first(place);
        }
        let mut without = Vec::new();
        for place in changes {
            let wanted = table.entry(place).and_then(|entry| changed.get(entry.id)).map_or(&[][..], Vec::as_slice);
            for key in wanted {
                if let Err(refusal) = table.give_written(place, key) {
                    refusals.push(refusal);
                }
            }
            if !wanted.is_empty() && table.lines.get(place).is_some_and(|line| line.chords.is_empty()) {
                without.push(place);
            }
        }
        for place in without {
            table.give_first(place);
        }
        for line in &mut table.lines {
            line.first_shown = line.chords.first().map(|chord| chord.shown());
            line.is_changed = line.chords != first_chords(line.entry);
        }
        (table, refusals)
    }

    fn entry(&self, place: usize) -> Option<&'static Entry> {
        self.lines.get(place).map(|line| line.entry)
    }

    fn give_first(&mut self, place: usize) {
        for chord in self.entry(place).map(first_chords).unwrap_or_default() {
            if self.holder_in(chord, place).is_none() {
                self.give(place, chord);
            }
        }
    }

    fn give_written(&mut self, place: usize, written: &str) -> Result<(), Refusal> {
        let chord = Chord::from_written(written).ok_or_else(|| Refusal::UnknownKey(written.to_owned()))?;
        if self.entry(place).is_none_or(|entry| is_reserved(chord, entry) && !first_chords(entry).contains(&chord)) {
            return Err(Refusal::Reserved(chord));
        }
        if let Some(holder) = self.holder_in(chord, place) {
            return Err(Refusal::Taken(chord, holder));
        }
        self.give(place, chord);
        Ok(())
    }

    fn give(&mut self, place: usize, chord: Chord) {
        let Some(line) = self.lines.get_mut(place).filter(|line| !line.chords.contains(&chord)) else { return };
        line.chords.push(chord);
        self.by_chord.entry(chord).or_default().push(place);
    }

    /// Who else has a chord where the act at `place` would need it.
    fn holder_in(&self, chord: Chord, place: usize) -> Option<&'static Entry> {
        let here = self.entry(place)?.place;
        let holders = self.by_chord.get(&chord)?.iter();
        holders.filter(|other| **other != place).filter_map(|other| self.entry(*other)).find(|e| e.place.meets(here))
    }

    /// The acts with their keys; those of one group stand together.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The keys of the act of this id.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.entry.id == id)
    }

    /// Which act other than `entry` has a chord where `entry` would need it.
    #[must_use]
    pub fn holder(&self, chord: Chord, entry: &Entry) -> Option<&'static Entry> {
        self.holder_in(chord, self.lines.iter().position(|line| line.entry.id == entry.id)?)
    }

    /// The first key of every act that has one, by the act's id: for tooltips and menus.
    #[must_use]
    pub fn first_keys(&self) -> Vec<(&'static str, &str)> {
        self.lines.iter().filter_map(|line| Some((line.entry.id, line.first_shown.as_deref()?))).collect()
    }

    /// What a chord gives, a project being open in this mode or none; in a review its own acts win, and the labels' own keys are taken
    /// where the table has none.
    #[must_use]
    pub fn act_of(&self, chord: Chord, mode: Option<Mode>, labels: Option<&LabelSet>) -> Option<Act> {
        let holders = self.by_chord.get(&chord).into_iter().flatten();
        let here = holders.filter_map(|place| self.entry(*place)).filter(|entry| entry.place.is_here(mode));
        if let Some(entry) = here.min_by_key(|entry| entry.place != Place::Review) {
            return Some(entry.act.clone());
        }
        let label = labels?.by_key(chord.label_key()?)?.id;
        let purpose = if chord.held.shift { LabelUse::Also } else { LabelUse::Label };
        Some(Act::Command(purpose.command(label)))
    }
}

/// Whether this act cannot be given this chord: the window has it, or the labels, over whose keys only a review's acts win.
#[must_use]
pub fn is_reserved(chord: Chord, entry: &Entry) -> bool {
    chord.is_fixed() || (chord.label_key().is_some() && entry.place != Place::Review)
}

/// The chords that an act has at first.
#[must_use]
pub fn first_chords(entry: &Entry) -> Vec<Chord> {
    entry.keys.split(' ').filter_map(Chord::from_written).collect()
}

/// The changed keys after `chord` was given to an act in place of all its keys; whoever had it has lost it.
#[must_use]
pub fn with_chord(changed: &ChangedKeys, entry: &Entry, chord: Chord) -> ChangedKeys {
    settled(changed, entry, vec![chord])
}

/// The changed keys after an act got its first keys back; whoever had one of them has lost it.
#[must_use]
pub fn without_change(changed: &ChangedKeys, entry: &Entry) -> ChangedKeys {
    settled(changed, entry, first_chords(entry))
}

fn settled(changed: &ChangedKeys, entry: &Entry, wanted: Vec<Chord>) -> ChangedKeys {
    let (table, _) = Table::new(changed);
    let mut settled = ChangedKeys::new();
    for line in table.lines {
        let (is_meant, place): (bool, Place) = (line.entry.id == entry.id, line.entry.place);
        let mut chords = if is_meant { wanted.clone() } else { line.chords };
        if !is_meant && place.meets(entry.place) {
            chords.retain(|chord| !wanted.contains(chord));
        }
        if chords != first_chords(line.entry) {
            settled.insert(line.entry.id.to_owned(), chords.into_iter().map(Chord::written).collect());
        }
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::command::{Command, MarkCommand};
    use std::collections::HashSet;

    #[test]
    fn the_first_keys_are_keys_and_no_two_acts_share_one_in_one_place() {
        for place in [Place::Project, Place::Review, Place::Start] {
            let mut seen = HashSet::new();
            for entry in acts::all().iter().filter(|entry| entry.place.meets(place)) {
                let chords = first_chords(entry);
                assert_eq!(chords.len(), entry.keys.split(' ').count(), "{}: {}", entry.id, entry.keys);
                assert!(!chords.is_empty(), "{} has no key", entry.id);
                for chord in chords {
                    assert!(seen.insert(chord), "{} clashes at {}", entry.id, chord.shown());
                    let wins = entry.place == Place::Review;
                    assert!(wins || chord.label_key().is_none(), "{} takes a label's key", entry.id);
                }
            }
        }
        let (table, refusals) = Table::new(&ChangedKeys::new());
        assert_eq!(refusals, []);
        assert!(table.lines().iter().all(|line| !line.is_changed));
    }

    fn check(key: &str, expected: Option<&str>) {
        let labels = LabelSet::new(crate::store::sqlite::default_labels());
        let act = Table::default().act_of(Chord::from_written(key).unwrap(), Some(Mode::Label), Some(&labels));
        let label = match act {
            Some(Act::Command(Command::Mark(MarkCommand::Label(id) | MarkCommand::AlsoLabel(id)))) => {
                labels.get(id).map(|l| l.name.clone())
            }
            _ => None,
        };
        assert_eq!(label.as_deref(), expected, "{key}");
    }

    #[test]
    fn label_keys_are_letters_and_digits_by_place() {
        check("O", Some("ORG"));
        check("2", Some("ORG"));
        check("Shift+P", Some("PER"));
        check("Ctrl+O", None);
        check("N", None);
        check("[", None);
    }

    #[test]
    fn in_a_review_its_own_keys_win_over_labels_and_other_acts() {
        let labels = LabelSet::new(crate::store::sqlite::default_labels());
        let table = Table::default();
        let of = |key, mode| table.act_of(Chord::from_written(key).unwrap(), mode, Some(&labels));
        let take = Act::Command(Command::Review(crate::session::review_command::ReviewCommand::Take(0)));
        assert_eq!(of("1", Some(Mode::Review)), Some(take));
        for key in ["1", "L", "Tab", "Enter", "Ctrl+Enter", "Shift+/"] {
            assert_ne!(of(key, Some(Mode::Review)), of(key, Some(Mode::Label)), "{key}");
            assert!(matches!(of(key, Some(Mode::Review)), Some(Act::Command(Command::Review(_)))), "{key}");
        }
        for key in ["O", ";", "Ctrl+Z", "F1", "Left"] {
            assert_eq!(of(key, Some(Mode::Review)), of(key, Some(Mode::Label)), "{key}");
        }
    }

    fn changed(keys: &[(&str, &[&str])]) -> ChangedKeys {
        keys.iter().map(|(id, keys)| ((*id).to_owned(), keys.iter().map(|k| (*k).to_owned()).collect())).collect()
    }

    fn ways(table: &Table, id: &str) -> Vec<String> {
        table.line(id).unwrap().ways()
    }

    #[test]
    fn what_is_wrong_in_the_settings_is_left_out_and_told() {
        let chord = |written| Chord::from_written(written).unwrap();
        let (table, refusals) = Table::new(&changed(&[
            ("fly", &["F5"]),
            ("undo", &["Meta+Z", "F5"]),
            ("redo", &["F5", "P"]),
            ("import", &["Ctrl+E"]),
            ("rules", &[]),
        ]));
        assert_eq!(ways(&table, "undo"), ["F5"]);
        assert_eq!(ways(&table, "redo"), ["Ctrl Shift Z", "Ctrl Y"], "all its keys were refused");
        assert_eq!(ways(&table, "import"), ["Ctrl I"]);
        assert_eq!(ways(&table, "rules"), Vec::<String>::new(), "none is a choice");
        let taken = |key, id| Refusal::Taken(chord(key), acts::by_id(id).unwrap());
        let expected = [
            Refusal::UnknownAct("fly".into()),
            Refusal::UnknownKey("Meta+Z".into()),
            taken("F5", "undo"),
            Refusal::Reserved(chord("P")),
            taken("Ctrl+E", "export"),
        ];
        assert_eq!(refusals.len(), expected.len());
        assert!(expected.iter().all(|refusal| refusals.contains(refusal)), "{refusals:?}");
    }

    #[test]
    fn a_key_that_is_taken_over_is_lost_by_the_other_until_one_of_them_is_reset() {
        let (undo, redo) = (acts::by_id("undo").unwrap(), acts::by_id("redo").unwrap());
        let taken = with_chord(&ChangedKeys::new(), redo, Chord::from_written("Ctrl+Z").unwrap());
        assert_eq!(taken, changed(&[("redo", &["Ctrl+Z"]), ("undo", &[])]));
        let (table, refusals) = Table::new(&taken);
        assert_eq!((refusals, ways(&table, "redo")), (Vec::new(), vec!["Ctrl Z".to_owned()]));
        assert_eq!(without_change(&taken, undo), changed(&[("redo", &[])]), "undo took its key back");
        assert_eq!(without_change(&without_change(&taken, undo), redo), ChangedKeys::new());
    }

    #[test]
    fn places_that_never_meet_can_share_a_key() {
        let sample = acts::by_id("key-sample").unwrap();
        let keys = with_chord(&ChangedKeys::new(), sample, Chord::from_written("Ctrl+I").unwrap());
        assert_eq!(keys, changed(&[("key-sample", &["Ctrl+I"])]));
        assert_eq!(Table::new(&keys).1, []);
    }
}
