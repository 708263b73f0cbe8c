//! Chords: a key with the keys held beside it, as it is written in the settings and as it is shown.
//!
//! Owns the names of keys, by their place on a US keyboard, so that a Persian layout works. It must not know what any of
//! them does.

/// The keys held while another is pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Held {
    /// Control, or Command on a Mac.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

/// A key and what is held with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    /// The name of the key, as egui names it.
    pub key: &'static str,
    /// The keys held with it.
    pub held: Held,
}

/// How a key is named: by egui, in the settings, and on the screen.
type Names = (&'static str, &'static str, &'static str);

/// The keys whose names differ.
const NAMED: [Names; 30] = [
    ("ArrowLeft", "Left", "←"),
    ("ArrowRight", "Right", "→"),
    ("ArrowUp", "Up", "↑"),
    ("ArrowDown", "Down", "↓"),
    ("Escape", "Esc", "Esc"),
    ("Enter", "Enter", "Enter"),
    ("Tab", "Tab", "Tab"),
    ("Space", "Space", "Space"),
    ("Backspace", "Backspace", "Backspace"),
    ("Delete", "Delete", "Delete"),
    ("Insert", "Insert", "Insert"),
    ("Home", "Home", "Home"),
    ("End", "End", "End"),
    ("PageUp", "PageUp", "PageUp"),
    ("PageDown", "PageDown", "PageDown"),
    ("OpenBracket", "[", "["),
    ("CloseBracket", "]", "]"),
    ("Semicolon", ";", ";"),
    ("Quote", "'", "'"),
    ("Comma", ",", ","),
    ("Period", ".", "."),
    ("Slash", "/", "/"),
    ("Backslash", "\\", "\\"),
    ("Backtick", "`", "`"),
    ("Minus", "-", "−"),
    ("Equals", "=", "="),
    ("Plus", "+", "+"),
    ("F10", "F10", "F10"),
    ("F11", "F11", "F11"),
    ("F12", "F12", "F12"),
];

/// The letters and the first function keys, named alike everywhere.
const PLAIN: [&str; 35] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W",
    "X", "Y", "Z", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9",
];

/// The digits.
const DIGITS: [Names; 10] = [
    ("Num0", "0", "0"),
    ("Num1", "1", "1"),
    ("Num2", "2", "2"),
    ("Num3", "3", "3"),
    ("Num4", "4", "4"),
    ("Num5", "5", "5"),
    ("Num6", "6", "6"),
    ("Num7", "7", "7"),
    ("Num8", "8", "8"),
    ("Num9", "9", "9"),
];

fn names() -> impl Iterator<Item = Names> {
    NAMED.into_iter().chain(DIGITS).chain(PLAIN.into_iter().map(|name| (name, name, name)))
}

impl Chord {
    /// The chord of a key that egui names so; `None` when it is none that acts can have.
    #[must_use]
    pub fn of_key(name: &str, held: Held) -> Option<Self> {
        names().find(|(key, ..)| *key == name).map(|(key, ..)| Self { key, held })
    }

    /// The chord as the settings write it.
    ///
    /// ```
    /// use barchasb::session::chord::Chord;
    /// let chord = Chord::from_written("Ctrl+Shift+Z").unwrap();
    /// assert_eq!((chord.key, chord.held.ctrl, chord.held.shift, chord.held.alt), ("Z", true, true, false));
    /// assert_eq!(chord.written(), "Ctrl+Shift+Z");
    /// assert_eq!(Chord::from_written("Ctrl++").map(|chord| chord.key), Some("Plus"));
    /// assert_eq!(Chord::from_written("Hyper+Z"), None);
    /// ```
    #[must_use]
    pub fn from_written(text: &str) -> Option<Self> {
        let mut held = Held::default();
        let mut rest = text.trim();
        while let Some((name, after)) = rest.split_once('+').filter(|(name, _)| !name.is_empty()) {
            match name {
                "Ctrl" => held.ctrl = true,
                "Alt" => held.alt = true,
                "Shift" => held.shift = true,
                _ => return None,
            }
            rest = after;
        }
        names().find(|(_, written, _)| *written == rest).map(|(key, ..)| Self { key, held })
    }

    /// How the settings write it: `Ctrl+Shift+Z`.
    #[must_use]
    pub fn written(self) -> String {
        let key = names().find(|(key, ..)| *key == self.key).map_or(self.key, |(_, written, _)| written);
        self.joined(key, "+")
    }

    /// How it is shown, its keys parted by spaces: `Ctrl Shift Z`. Shift and a sign that has another above it show as that one.
    #[must_use]
    pub fn shown(self) -> String {
        let above = match self.key {
            "Slash" => Some("?"),
            "Equals" => Some("+"),
            _ => None,
        };
        match above.filter(|_| self.held.shift) {
            Some(sign) => Self { held: Held { shift: false, ..self.held }, ..self }.joined(sign, " "),
            None => {
                let key = names().find(|(key, ..)| *key == self.key).map_or(self.key, |(.., shown)| shown);
                self.joined(key, " ")
            }
        }
    }

    fn joined(self, key: &str, between: &str) -> String {
        let held = [(self.held.ctrl, "Ctrl"), (self.held.alt, "Alt"), (self.held.shift, "Shift")];
        let held = held.into_iter().filter(|(is, _)| *is).map(|(_, name)| name);
        held.chain([key]).collect::<Vec<_>>().join(between)
    }

    /// The character of the label key that this is, with or without Shift: `P` → `p`, `Num1` → `1`.
    #[must_use]
    pub fn label_key(self) -> Option<char> {
        if self.held.ctrl || self.held.alt {
            return None;
        }
        let mut chars = self.key.strip_prefix("Num").unwrap_or(self.key).chars();
        let first = chars.next()?;
        (chars.next().is_none() && first.is_ascii_alphanumeric()).then(|| first.to_ascii_lowercase())
    }

    /// Whether the window needs it itself, so that nobody can give it to another act: walking from button to button,
    /// pressing one, leaving.
    #[must_use]
    pub fn is_fixed(self) -> bool {
        let alone = !self.held.ctrl && !self.held.alt;
        self.key == "Escape" || (alone && matches!(self.key, "Tab" | "Enter"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(written: &str, shown: Option<&str>) {
        assert_eq!(Chord::from_written(written).map(Chord::shown).as_deref(), shown, "{written}");
    }

    #[test]
    fn chords_are_read_and_shown() {
        check("Ctrl+Shift+Z", Some("Ctrl Shift Z"));
        check("Shift+Ctrl+Z", Some("Ctrl Shift Z"));
        check("Alt+Left", Some("Alt ←"));
        check("]", Some("]"));
        check("Shift+/", Some("?"));
        check("Ctrl+Shift+=", Some("Ctrl +"));
        check("+", Some("+"));
        check("Ctrl+-", Some("Ctrl −"));
        check("", None);
        check("Ctrl+", None);
        check("Ctrl+Ж", None);
        check("z", None);
    }

    #[test]
    fn a_letter_without_ctrl_and_alt_belongs_to_labels() {
        let label_key = |written: &str| Chord::from_written(written).and_then(Chord::label_key);
        assert_eq!(label_key("P"), Some('p'));
        assert_eq!(label_key("Shift+1"), Some('1'));
        assert_eq!(label_key("Ctrl+P"), None);
        assert_eq!(label_key("F1"), None);
    }

    proptest! {
        #[test]
        fn every_chord_comes_back_as_it_was_written(place in 0..75_usize, ctrl: bool, shift: bool, alt: bool) {
            let (key, ..) = names().nth(place).unwrap();
            let chord = Chord { key, held: Held { ctrl, shift, alt } };
            prop_assert_eq!(Chord::from_written(&chord.written()), Some(chord));
            prop_assert_eq!(Chord::of_key(key, chord.held), Some(chord));
        }

        #[test]
        fn reading_never_panics(text in ".{0,12}") {
            let _ = Chord::from_written(&text);
        }
    }
}
