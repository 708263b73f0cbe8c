//! Labels and the label set: what a mention can be called.
//!
//! Owns the identity of a label (its id, never its name), the default set and how merged labels resolve.
//! It must not know how a label is stored, drawn or typed; a colour here is one number, not a theme.

use std::fmt;
use uuid::Uuid;

/// The identity of a label: it stays through every rename, recolouring and merge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(pub Uuid);

impl fmt::Debug for LabelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LabelId({})", self.0)
    }
}

/// One colour as `0xRRGGBB`; the theme derives the shades that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour(pub u32);

impl Colour {
    /// Reads `#RRGGBB` (the `#` may be absent); `None` when it is anything else.
    ///
    /// ```
    /// use barchasb::domain::label::Colour;
    /// assert_eq!(Colour::from_hex("#4C78A8"), Some(Colour(0x4C78A8)));
    /// assert_eq!(Colour::from_hex("blue"), None);
    /// ```
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .then(|| u32::from_str_radix(digits, 16).ok().map(Self))
            .flatten()
    }

    /// Black or white letters, whichever reads better on it: white below half of the luma (ITU-R BT.601).
    #[must_use]
    pub fn letters(self) -> Self {
        let [_, red, green, blue] = self.0.to_be_bytes().map(u32::from);
        if 299 * red + 587 * green + 114 * blue < 128_000 { Self(0xFF_FFFF) } else { Self(0) }
    }

    /// The colour as `#RRGGBB`.
    #[must_use]
    pub fn hex(self) -> String {
        format!("#{:06X}", self.0 & 0xFF_FFFF)
    }
}

/// One label of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its identity.
    pub id: LabelId,
    /// The name in files, as `PER`: unique among the labels that are not deleted.
    pub name: String,
    /// The title on the screen, as `شخص`.
    pub title: String,
    /// Its colour.
    pub colour: Colour,
    /// Characters of a US keyboard, any of which gives this label: `1p`.
    pub keys: String,
    /// What belongs under this label, in a sentence or more.
    pub guideline: String,
    /// Its place in the palette; ties go by id.
    pub order: i64,
    /// Whether it is out of use: no new mentions, old ones keep it.
    pub deleted: bool,
    /// The label that took this one's mentions over, when the two were merged.
    pub merged_into: Option<LabelId>,
}

impl Label {
    /// Whether new mentions may get it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.deleted && self.merged_into.is_none()
    }
}

/// The labels of a project, sorted by their order, the deleted and merged ones included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSet {
    labels: Vec<Label>,
}

impl LabelSet {
    /// A set of these labels, put in order.
    #[must_use]
    pub fn new(labels: Vec<Label>) -> Self {
        let mut set = Self { labels };
        set.sort();
        set
    }

    fn sort(&mut self) {
        self.labels.sort_by_key(|l| (l.order, l.id));
    }

    /// Every label, those out of use too.
    #[must_use]
    pub fn all(&self) -> &[Label] {
        &self.labels
    }

    /// The labels that new mentions may get, in order.
    pub fn active(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(|l| l.is_active())
    }

    /// The label with this id, as it stands (not resolved).
    #[must_use]
    pub fn get(&self, id: LabelId) -> Option<&Label> {
        self.labels.iter().find(|l| l.id == id)
    }

    /// The label that shows for a mention with this id: merges are followed to their end.
    #[must_use]
    pub fn resolve(&self, id: LabelId) -> Option<&Label> {
        let mut label = self.get(id)?;
        // A chain can be no longer than the set; a cycle (a damaged file) ends there too.
        for _ in 0..self.labels.len() {
            match label.merged_into.and_then(|next| self.get(next)) {
                Some(next) => label = next,
                None => break,
            }
        }
        Some(label)
    }

    /// The id of the label that shows for a mention with this id; an id that no label has stands for itself.
    ///
    /// ```
    /// use barchasb::domain::label::{LabelId, LabelSet};
    /// let unknown = LabelId(uuid::Uuid::nil());
    /// assert_eq!(LabelSet::default().shown(unknown), unknown);
    /// ```
    #[must_use]
    pub fn shown(&self, id: LabelId) -> LabelId {
        self.resolve(id).map_or(id, |label| label.id)
    }

    /// Whether new mentions may get this label.
    #[must_use]
    pub fn is_active(&self, id: LabelId) -> bool {
        self.get(id).is_some_and(Label::is_active)
    }

    /// The active label of this name, without regard to ASCII case.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Label> {
        self.active().find(|l| l.name.eq_ignore_ascii_case(name))
    }

    /// The first active label that has this key.
    #[must_use]
    pub fn by_key(&self, key: char) -> Option<&Label> {
        let key = key.to_ascii_lowercase();
        self.active().find(|l| l.keys.chars().any(|k| k.to_ascii_lowercase() == key))
    }

    /// The colour for one label more: the first of [`NEW_LABEL_COLOURS`] that no active label has, else each in turn.
    ///
    /// ```
    /// use barchasb::domain::label::{LabelSet, NEW_LABEL_COLOURS};
    /// assert_eq!(LabelSet::default().next_colour(), NEW_LABEL_COLOURS[0]);
    /// ```
    #[must_use]
    pub fn next_colour(&self) -> Colour {
        let is_free = |colour: &Colour| self.active().all(|l| l.colour != *colour);
        let [first, ..] = NEW_LABEL_COLOURS;
        let in_turn = || NEW_LABEL_COLOURS.into_iter().cycle().nth(self.labels.len() % NEW_LABEL_COLOURS.len());
        NEW_LABEL_COLOURS.into_iter().find(is_free).or_else(in_turn).unwrap_or(first)
    }

    /// Puts `label` in, in the place of the one with its id.
    pub fn put(&mut self, label: Label) {
        match self.labels.iter_mut().find(|l| l.id == label.id) {
            Some(old) => *old = label,
            None => self.labels.push(label),
        }
        self.sort();
    }

    /// Takes the label with this id out for good: only the undo of its making does this.
    pub fn forget(&mut self, id: LabelId) {
        self.labels.retain(|l| l.id != id);
    }

    /// Why `label` cannot be put in as it is; `None` when it can.
    #[must_use]
    pub fn fault(&self, label: &Label) -> Option<LabelFault> {
        if label.name.trim().is_empty() {
            return Some(LabelFault::EmptyName);
        }
        if !label.is_active() {
            return None;
        }
        let others = || self.active().filter(|l| l.id != label.id);
        if others().any(|l| l.name.eq_ignore_ascii_case(label.name.trim())) {
            return Some(LabelFault::NameTaken(label.name.trim().to_owned()));
        }
        let taken =
            label.keys.chars().find(|k| others().any(|l| l.keys.chars().any(|other| other.eq_ignore_ascii_case(k))));
        taken.map(LabelFault::KeyTaken)
    }
}

/// Why a label cannot be saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelFault {
    /// It has no name.
    #[error("a label needs a name")]
    EmptyName,
    /// Another label in use has its name.
    #[error("another label is named {0}")]
    NameTaken(String),
    /// Another label in use has one of its keys.
    #[error("another label has the key {0}")]
    KeyTaken(char),
}

/// A label of the default set before it has an id: name, Persian title, English title, keys, colour,
/// Persian guideline, and whether a new project starts with it in use.
#[derive(Clone, Copy, Debug)]
pub struct DefaultLabel {
    /// The name in files.
    pub name: &'static str,
    /// The title in Persian.
    pub title_fa: &'static str,
    /// The keys.
    pub keys: &'static str,
    /// The colour.
    pub colour: Colour,
    /// The guideline in Persian.
    pub guideline_fa: &'static str,
    /// Whether it is in use from the start.
    pub active: bool,
}

const fn default_label(
    name: &'static str,
    title_fa: &'static str,
    keys: &'static str,
    colour: u32,
    guideline_fa: &'static str,
    active: bool,
) -> DefaultLabel {
    DefaultLabel { name, title_fa, keys, colour: Colour(colour), guideline_fa, active }
}

/// Colours for labels made later, tried in order; far apart in hue and lightness.
pub const NEW_LABEL_COLOURS: [Colour; 8] = [
    Colour(0x4C78A8),
    Colour(0xE45756),
    Colour(0x54A24B),
    Colour(0xB279A2),
    Colour(0xF58518),
    Colour(0x2F8480),
    Colour(0x9D755D),
    Colour(0xD67195),
];

/// The label set a new project begins with; all of it can be edited.
pub const DEFAULT_LABELS: [DefaultLabel; 12] = [
    default_label(
        "PER",
        "شخص",
        "1p",
        0x4C78A8,
        "نام شخص؛ عنوان و سمت بیرون می‌ماند مگر نام بی آن ناقص باشد (امام زمان).",
        true,
    ),
    default_label("ORG", "سازمان", "2o", 0xF58518, "نهادها، تیم‌ها، رسانه‌ها و سرنام‌ها (ناجا)؛ بلندترین نام.", true),
    default_label("LOC", "مکان", "3l", 0x54A24B, "مکان‌های جغرافیایی و سیاسی.", true),
    default_label("FAC", "تأسیسات", "4f", 0xB79A20, "ساخته‌ها به‌عنوان مکان؛ آنجا که کنشگرند، سازمان‌اند.", true),
    default_label("EVE", "رویداد", "5e", 0xE45756, "رویدادها، همایش‌ها و مناسبت‌های نام‌دار (۲۲ بهمن).", true),
    default_label("PRO", "محصول", "6r", 0xB279A2, "آثار، خودروها، قانون‌ها و توافق‌نامه‌ها.", true),
    default_label("DAT", "تاریخ", "7d", 0x72B7B2, "تاریخ‌های تقویمی و تاریخ‌های نسبی لنگردار.", true),
    default_label("TIM", "زمان", "8t", 0x9D755D, "ساعت و بخشی از روز (صبح شنبه).", true),
    default_label("MON", "پول", "9m", 0xD67195, "مقدار همراه یکای پول.", true),
    default_label("PCT", "درصد", "0c", 0x79706E, "عدد همراه درصد یا ٪.", true),
    default_label("NAT", "ملیت", "n", 0x8CA252, "ملیت‌ها و قوم‌ها.", false),
    default_label("POG", "گروه سیاسی", "g", 0x7B4173, "گروه‌ها و جریان‌های سیاسی.", false),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn label(n: u128, name: &str, keys: &str) -> Label {
        Label {
            id: LabelId(Uuid::from_u128(n)),
            name: name.to_owned(),
            title: name.to_owned(),
            colour: Colour(0),
            keys: keys.to_owned(),
            guideline: String::new(),
            order: i64::try_from(n).unwrap(),
            deleted: false,
            merged_into: None,
        }
    }

    fn check(candidate: &Label, expected: Option<LabelFault>) {
        let set = LabelSet::new(vec![label(1, "PER", "1p"), label(2, "ORG", "2o")]);
        assert_eq!(set.fault(candidate), expected);
    }

    #[test]
    fn names_and_keys_are_unique_among_the_active() {
        check(&label(3, "LOC", "3l"), None);
        check(&label(3, "per", "3"), Some(LabelFault::NameTaken("per".into())));
        check(&label(3, "LOC", "3P"), Some(LabelFault::KeyTaken('P')));
        check(&label(3, "  ", "3"), Some(LabelFault::EmptyName));
        check(&label(1, "PER", "1p"), None);
        let mut gone = label(3, "PER", "1");
        gone.deleted = true;
        check(&gone, None);
    }

    #[test]
    fn merged_labels_resolve_to_the_last_of_the_chain_and_cycles_end() {
        let (mut a, mut b, c) = (label(1, "A", "a"), label(2, "B", "b"), label(3, "C", "c"));
        a.merged_into = Some(b.id);
        b.merged_into = Some(c.id);
        let set = LabelSet::new(vec![a.clone(), b.clone(), c.clone()]);
        assert_eq!(set.resolve(a.id).map(|l| l.name.as_str()), Some("C"));
        assert_eq!((set.shown(a.id), set.is_active(a.id)), (set.by_name("C").unwrap().id, false));
        b.merged_into = Some(a.id);
        let cyclic = LabelSet::new(vec![a.clone(), b, c]);
        assert!(cyclic.resolve(a.id).is_some());
    }

    #[test]
    fn default_labels_do_not_clash() {
        let labels: Vec<Label> = (1u128..).zip(DEFAULT_LABELS).map(|(n, d)| label(n, d.name, d.keys)).collect();
        let set = LabelSet::new(labels.clone());
        for l in &labels {
            assert_eq!(set.fault(l), None, "{}", l.name);
        }
    }
}
