//! The laid-out paragraphs that are kept, bounded by bytes.
//!
//! Owns who stays and who goes: the longest unused goes first, and what the present frame used never goes. It must not lay
//! anything out itself.

use crate::text::engine::Paragraph;
use crate::text::paragraphs::ParagraphNumber;
use std::collections::HashMap;

/// What a laid-out paragraph takes whatever its length. Measured: 4.4 kB for 32 bytes of Persian.
const COST_BASE_BYTES: usize = 4 << 10;

/// What each byte of text takes laid out: characters, clusters and glyphs. Measured: 42 to 67 bytes from 6,400 to 640 bytes.
const COST_PER_TEXT_BYTE: usize = 64;

struct Entry {
    paragraph: Paragraph,
    width_px: f32,
    text_bytes: usize,
    used: u64,
}

/// Laid-out paragraphs by number.
pub(crate) struct LayoutCache {
    entries: HashMap<ParagraphNumber, Entry>,
    cost_bytes: usize,
    limit_bytes: usize,
    frame: u64,
    /// A paragraph that went, whose memory the next one takes.
    spare: Option<Paragraph>,
}

fn cost(text_bytes: usize) -> usize {
    COST_BASE_BYTES + COST_PER_TEXT_BYTE * text_bytes
}

impl LayoutCache {
    pub(crate) fn new(limit_bytes: usize) -> Self {
        Self { entries: HashMap::new(), cost_bytes: 0, limit_bytes, frame: 0, spare: None }
    }

    /// Everything used before may go from now on.
    pub(crate) fn begin_frame(&mut self) {
        self.frame += 1;
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.cost_bytes = 0;
    }

    pub(crate) fn get(&self, number: ParagraphNumber) -> Option<&Paragraph> {
        self.entries.get(&number).map(|entry| &entry.paragraph)
    }

    /// The paragraph and the width it was wrapped at, marked as used.
    pub(crate) fn touch(&mut self, number: ParagraphNumber) -> Option<(&mut Paragraph, &mut f32)> {
        let frame = self.frame;
        self.entries.get_mut(&number).map(|entry| {
            entry.used = frame;
            (&mut entry.paragraph, &mut entry.width_px)
        })
    }

    /// An empty or used paragraph to lay out into.
    pub(crate) fn take_spare(&mut self) -> Paragraph {
        self.spare.take().unwrap_or_default()
    }

    pub(crate) fn insert(&mut self, number: ParagraphNumber, paragraph: Paragraph, width_px: f32, text_bytes: usize) {
        self.cost_bytes += cost(text_bytes);
        let entry = Entry { paragraph, width_px, text_bytes, used: self.frame };
        if let Some(old) = self.entries.insert(number, entry) {
            self.cost_bytes -= cost(old.text_bytes);
        }
        if self.cost_bytes > self.limit_bytes {
            self.shed();
        }
    }

    /// Lets the longest unused go until a quarter is free, so that this happens seldom.
    fn shed(&mut self) {
        let mut old: Vec<(u64, ParagraphNumber)> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.used < self.frame)
            .map(|(&number, entry)| (entry.used, number))
            .collect();
        old.sort_unstable();
        let goal = self.limit_bytes - self.limit_bytes / 4;
        for (_, number) in old {
            if self.cost_bytes <= goal {
                break;
            }
            if let Some(gone) = self.entries.remove(&number) {
                self.cost_bytes -= cost(gone.text_bytes);
                self.spare = Some(gone.paragraph);
            }
        }
    }

    /// How much the kept paragraphs take, as reckoned.
    pub(crate) fn cost_bytes(&self) -> usize {
        self.cost_bytes
    }
}
