//! What is being typed about a label: its fields between two saves, and what they mean once they are left.
//!
//! Owns the drafts of one label and how keys are read. It must not draw, and never changes a label itself.

use crate::domain::label::{Colour, Label};
use crate::ui::form::Entry;

/// One thing about a label that can be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The title on the screen.
    Title,
    /// The name in files.
    Name,
    /// The keys.
    Keys,
    /// The colour, as `#RRGGBB`.
    Hex,
    /// The guideline.
    Guideline,
}

/// All parts.
pub const PARTS: [Part; 5] = [Part::Title, Part::Name, Part::Keys, Part::Hex, Part::Guideline];

impl Part {
    /// How a label has it, as text.
    #[must_use]
    pub fn of(self, label: &Label) -> String {
        match self {
            Self::Title => label.title.clone(),
            Self::Name => label.name.clone(),
            Self::Keys => label.keys.clone(),
            Self::Hex => label.colour.hex(),
            Self::Guideline => label.guideline.clone(),
        }
    }

    /// `label` with `text` as this part, spaces around it shed; `None` when the text is no colour. A blank title becomes the name.
    #[must_use]
    pub fn put(self, label: &Label, text: &str) -> Option<Label> {
        let mut label = label.clone();
        let text = text.trim();
        match self {
            Self::Title if text.is_empty() => label.title = label.name.clone(),
            Self::Title => label.title = text.to_owned(),
            Self::Name => label.name = text.to_owned(),
            Self::Keys => label.keys = keys_of(text),
            Self::Hex => label.colour = Colour::from_hex(text)?,
            Self::Guideline => label.guideline = text.to_owned(),
        }
        Some(label)
    }
}

/// The keys of a US keyboard that were pressed to write `text`: letters of a Persian keyboard (ISIRI 9147) are taken for
/// those in their place, digits for themselves, others and repeated ones are left out.
///
/// ```
/// use barchasb::ui::label_draft::keys_of;
/// assert_eq!(keys_of("1, P"), "1p");
/// assert_eq!(keys_of("۱ح"), "1p");
/// ```
#[must_use]
pub fn keys_of(text: &str) -> String {
    const PERSIAN: &str = "ضصثقفغعهخحشسیبلاتنمظطزرذدئ۰۱۲۳۴۵۶۷۸۹";
    const US: &str = "qwertyuiopasdfghjklzxcvbnm0123456789";
    let mut keys = String::new();
    for typed in text.chars() {
        let in_place = PERSIAN.chars().zip(US.chars()).find(|(persian, _)| *persian == typed).map(|(_, us)| us);
        let key = in_place.unwrap_or(typed).to_ascii_lowercase();
        if key.is_ascii_alphanumeric() && !keys.contains(key) {
            keys.push(key);
        }
    }
    keys
}

/// The fields of one label.
#[derive(Debug)]
pub struct LabelDraft {
    /// The label as the fields last followed it.
    base: Label,
    title: Entry,
    name: Entry,
    keys: Entry,
    hex: Entry,
    guideline: Entry,
    /// The part that was refused.
    pub refused: Option<Part>,
}

impl LabelDraft {
    /// Fields that hold what the label is.
    #[must_use]
    pub fn new(label: &Label) -> Self {
        let line = |part: Part| Entry::line(&part.of(label));
        Self {
            base: label.clone(),
            title: line(Part::Title),
            name: line(Part::Name),
            keys: line(Part::Keys),
            hex: line(Part::Hex),
            guideline: Entry::lines(&label.guideline),
            refused: None,
        }
    }

    /// The field of a part.
    pub fn entry(&mut self, part: Part) -> &mut Entry {
        match part {
            Part::Title => &mut self.title,
            Part::Name => &mut self.name,
            Part::Keys => &mut self.keys,
            Part::Hex => &mut self.hex,
            Part::Guideline => &mut self.guideline,
        }
    }

    /// Takes over what changed in the label from elsewhere (an undo, a palette); what is being typed stays.
    pub fn follow(&mut self, label: &Label) {
        if self.base == *label {
            return;
        }
        for part in PARTS {
            let before = part.of(&self.base);
            let now = part.of(label);
            if before != now && self.entry(part).text() == before {
                self.entry(part).set(&now);
            }
        }
        self.base = label.clone();
    }

    /// The label with what stands in a field; `None` when it is unchanged or no label could have it.
    pub fn leave(&mut self, part: Part, label: &Label) -> Option<Label> {
        let text = self.entry(part).text();
        let Some(changed) = part.put(label, &text) else {
            self.refused = Some(part);
            return None;
        };
        if self.refused == Some(part) {
            self.refused = None;
        }
        // What was shed or read otherwise shows at once.
        self.entry(part).set(&part.of(&changed));
        self.base = label.clone();
        (changed != *label).then_some(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::LabelId;
    use uuid::Uuid;

    fn label() -> Label {
        Label {
            id: LabelId(Uuid::from_u128(1)),
            name: "PER".into(),
            title: "شخص".into(),
            colour: Colour(0x4C78A8),
            keys: "1p".into(),
            guideline: String::new(),
            order: 1,
            deleted: false,
            merged_into: None,
        }
    }

    fn check(part: Part, typed: &str, expected: Option<&str>, shown: &str) {
        let mut draft = LabelDraft::new(&label());
        draft.entry(part).set(typed);
        let changed = draft.leave(part, &label());
        assert_eq!(changed.map(|label| part.of(&label)).as_deref(), expected);
        assert_eq!(draft.entry(part).text(), shown);
    }

    #[test]
    fn leaving_a_field_gives_the_changed_label() {
        check(Part::Title, " کس ", Some("کس"), "کس");
        check(Part::Title, "شخص", None, "شخص");
        check(Part::Title, " ", Some("PER"), "PER");
        check(Part::Keys, "۱ حح", None, "1p");
        check(Part::Keys, "1x", Some("1x"), "1x");
        check(Part::Hex, "e45756", Some("#E45756"), "#E45756");
        check(Part::Hex, "blue", None, "blue");
    }

    #[test]
    fn what_changes_elsewhere_shows_and_what_is_being_typed_stays() {
        let mut draft = LabelDraft::new(&label());
        draft.entry(Part::Title).set("در حال نوش");
        draft.follow(&Label { title: "فرد".into(), name: "PERSON".into(), ..label() });
        assert_eq!(draft.entry(Part::Title).text(), "در حال نوش");
        assert_eq!(draft.entry(Part::Name).text(), "PERSON");
    }
}
