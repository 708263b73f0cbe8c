//! A hit on a line of its own, between what stands before and after it, cut where its place ends.
//!
//! Owns where the line is cut: between words where that can be, with `…` for what is left out, so that no letter loses its neighbour.
//! It must not know what is drawn with the result.

use crate::domain::article::Direction;
use crate::domain::offset::ByteSpan;
use crate::text::engine::{Emphasis, Engine, Paragraph, TextStyle, first_strong_direction};
use crate::text::geometry::{LineRect, rects};
use unicode_segmentation::UnicodeSegmentation as _;

/// What stands for the part of a line that is left out.
const ELLIPSIS: char = '…';

/// A hit and what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote<'a> {
    /// What is before the hit on its line.
    pub before: &'a str,
    /// The hit.
    pub hit: &'a str,
    /// What is after it on its line.
    pub after: &'a str,
    /// A text shows so many code points before and after a hit; as many mean that its line goes on.
    pub chars_shown: usize,
}

/// The room for a line, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// All of it.
    pub width_px: f32,
    /// Of that, what the part before the hit may take.
    pub before_px: f32,
}

/// The laid-out line.
pub struct HitLine {
    /// The line.
    pub paragraph: Paragraph,
    /// Its text as it is shown.
    pub text: String,
    /// The hit in it.
    pub hit: ByteSpan,
}

impl HitLine {
    /// Lays a hit out in `style`, its words in `weight`; what does not fit is left out at both ends.
    #[must_use]
    pub fn new(engine: &mut Engine, quote: Quote<'_>, mut style: TextStyle, weight: f32, room: Room) -> Self {
        let flat = |text: &str| text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect::<String>();
        let (before, hit, after) = (flat(quote.before), flat(quote.hit), flat(quote.after));
        style.direction = direction(&format!("{before}{hit}{after}"), style.direction);
        let before = whole_words_back(&before, quote.chars_shown);
        let after = whole_words(&after, quote.chars_shown);
        let whole = parts(&before, &hit, &after);
        let widths = Widths::of(&engine.emphasised(&whole.text, style, whole.emphasis(weight)));
        let ellipsis = style.size_px;
        let hit_width = widths.between(whole.hit.start.get(), whole.hit.end.get());
        let hit_room = (room.width_px - room.before_px).max(0.0);
        let before_width = widths.between(0, before.len());
        let before = if before_width > room.before_px {
            let fits = |from: usize| widths.between(from, before.len()) + ellipsis <= room.before_px;
            tail(&before, fits)
        } else {
            before
        };
        if hit_width > hit_room {
            let start = whole.hit.start.get();
            let hit = head(&hit, |to| widths.between(start, start + to) + ellipsis <= hit_room);
            return Self::laid_out(engine, parts(&before, &hit, ""), style, weight);
        }
        let after_room = hit_room - hit_width;
        let start = whole.hit.end.get();
        let after = if widths.between(start, whole.text.len()) > after_room {
            head(&after, |to| widths.between(start, start + to) + ellipsis <= after_room)
        } else {
            after
        };
        Self::laid_out(engine, parts(&before, &hit, &after), style, weight)
    }

    fn laid_out(engine: &mut Engine, parts: Parts, style: TextStyle, weight: f32) -> Self {
        let paragraph = engine.emphasised(&parts.text, style, parts.emphasis(weight));
        Self { paragraph, hit: parts.hit, text: parts.text }
    }

    /// Where the hit stands, in pixels of the paragraph; several places where directions mix.
    #[must_use]
    pub fn rects(&self) -> Vec<LineRect> {
        rects(&self.paragraph, self.hit)
    }

    /// The edge at which the hit begins to be read, in pixels from the left of the paragraph.
    #[must_use]
    pub fn start_px(&self) -> f32 {
        let rects = self.rects();
        let lefts = rects.iter().map(|part| part.rect.left);
        let rights = rects.iter().map(|part| part.rect.right);
        if self.paragraph.is_rtl() { rights.fold(0.0, f32::max) } else { lefts.fold(f32::INFINITY, f32::min) }
    }
}

/// A line's text and the hit in it.
struct Parts {
    text: String,
    hit: ByteSpan,
}

impl Parts {
    /// The words that the hit belongs to: a letter that joins another must have its weight.
    fn emphasis(&self, weight: f32) -> Emphasis {
        let joins = |c: &char| c.is_alphanumeric() || ('\u{300}'..='\u{36F}').contains(c) || is_arabic_mark(*c);
        let len = |chars: &mut dyn Iterator<Item = char>| chars.map(char::len_utf8).sum::<usize>();
        let (start, end) = (self.hit.start.get(), self.hit.end.get());
        let before = len(&mut self.text.get(..start).unwrap_or_default().chars().rev().take_while(joins));
        let after = len(&mut self.text.get(end..).unwrap_or_default().chars().take_while(joins));
        Emphasis { span: ByteSpan::from_bytes(start - before, end + after), weight }
    }
}

fn is_arabic_mark(c: char) -> bool {
    matches!(c, '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{640}')
}

fn parts(before: &str, hit: &str, after: &str) -> Parts {
    let hit_span = ByteSpan::from_bytes(before.len(), before.len() + hit.len());
    Parts { text: format!("{before}{hit}{after}"), hit: hit_span }
}

/// How wide the text is up to each cluster, in logical order.
struct Widths(Vec<(usize, f32)>);

impl Widths {
    fn of(paragraph: &Paragraph) -> Self {
        let mut clusters: Vec<(usize, f32)> = paragraph
            .lines()
            .flat_map(|line| {
                line.runs()
                    .flat_map(|run| run.clusters().map(|c| (c.text_range().start, c.advance())).collect::<Vec<_>>())
                    .collect::<Vec<_>>()
            })
            .collect();
        clusters.sort_by_key(|(start, _)| *start);
        let mut sum = 0.0;
        for (_, advance) in &mut clusters {
            let before = sum;
            sum += *advance;
            *advance = before;
        }
        clusters.push((usize::MAX, sum));
        Self(clusters)
    }

    fn up_to(&self, byte: usize) -> f32 {
        let at = self.0.partition_point(|(start, _)| *start < byte);
        self.0.get(at).map_or(0.0, |(_, width)| *width)
    }

    fn between(&self, from: usize, to: usize) -> f32 {
        self.up_to(to) - self.up_to(from)
    }
}

/// The direction in which most letters of a text are read; `otherwise` when there is none, or as many of both.
fn direction(text: &str, otherwise: Direction) -> Direction {
    let (mut rtl, mut ltr) = (0_usize, 0_usize);
    let mut buffer = [0; 4];
    for c in text.chars() {
        match first_strong_direction(c.encode_utf8(&mut buffer)) {
            Some(Direction::RightToLeft) => rtl += 1,
            Some(_) => ltr += 1,
            None => {}
        }
    }
    match rtl.cmp(&ltr) {
        std::cmp::Ordering::Greater => Direction::RightToLeft,
        std::cmp::Ordering::Less => Direction::LeftToRight,
        std::cmp::Ordering::Equal => otherwise,
    }
}

/// What is before a hit, without the word that was cut at its beginning.
fn whole_words_back(text: &str, chars_shown: usize) -> String {
    let goes_on = text.chars().count() + 2 >= chars_shown;
    match text.split_once(' ').filter(|_| goes_on) {
        Some((_, rest)) => format!("{ELLIPSIS}{rest}"),
        None => text.trim_start().to_owned(),
    }
}

/// What is after a hit, without the word that was cut at its end.
fn whole_words(text: &str, chars_shown: usize) -> String {
    let goes_on = text.chars().count() + 2 >= chars_shown;
    match text.rsplit_once(' ').filter(|_| goes_on) {
        Some((rest, _)) => format!("{rest}{ELLIPSIS}"),
        None => text.trim_end().to_owned(),
    }
}

/// The longest end of a text that begins with a word and fits, behind its ellipsis; of a long word the letters that fit.
fn tail(text: &str, fits: impl Fn(usize) -> bool) -> String {
    let words = text.match_indices(' ').map(|(at, _)| at + 1);
    let letters = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]);
    let from = words.filter(|at| *at < text.len()).find(|at| fits(*at));
    let from = from.or_else(|| letters.into_iter().find(|at| fits(*at))).unwrap_or(text.len());
    format!("{ELLIPSIS}{}", text.get(from..).unwrap_or_default())
}

/// The longest beginning of a text that ends with a word and fits, before its ellipsis; of a long word the letters that fit.
fn head(text: &str, fits: impl Fn(usize) -> bool) -> String {
    let words = text.rmatch_indices(' ').map(|(at, _)| at);
    let letters = text.grapheme_indices(true).rev().map(|(at, _)| at);
    let to = words.filter(|at| *at > 0).find(|at| fits(*at));
    let to = to.or_else(|| letters.into_iter().find(|at| fits(*at))).unwrap_or(0);
    format!("{}{ELLIPSIS}", text.get(..to).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STYLE: TextStyle =
        TextStyle { size_px: 14.0, weight: 400.0, line_height: 1.5, direction: Direction::RightToLeft };

    fn line(drawn: &str, width_px: f32, before_px: f32) -> HitLine {
        let (before, rest) = drawn.split_once('[').expect("a hit");
        let (hit, after) = rest.split_once(']').expect("its end");
        let quote = Quote { before, hit, after, chars_shown: 40 };
        HitLine::new(&mut Engine::new(false), quote, STYLE, 700.0, Room { width_px, before_px })
    }

    fn check(drawn: &str, width_px: f32, expected: &str) {
        let line = line(drawn, width_px, width_px * 0.4);
        let (start, end) = (line.hit.start.get(), line.hit.end.get());
        let shown = format!("{}[{}]{}", &line.text[..start], &line.text[start..end], &line.text[end..]);
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_line_is_cut_between_words_at_both_ends() {
        check("سردار در [تهران] گفت", 600.0, "سردار در [تهران] گفت");
        check("سردار حسین اشتری در [تهران] گفت که پلیس آماده است", 200.0, "…اشتری در [تهران] گفت که…");
        check("الف\nب [تهران]\tگفت", 600.0, "الف ب [تهران] گفت");
    }

    #[test]
    fn a_word_that_the_text_was_cut_in_is_left_out() {
        let before = "دستان کل کشور در گفت‌وگو با خبرنگار مهر ";
        check(&format!("{before}[تهران]"), 900.0, "…کل کشور در گفت‌وگو با خبرنگار مهر [تهران]");
        let after = " گفت پلیس در سراسر کشور آماده خدمت‌رسا";
        check(&format!("[تهران]{after}"), 900.0, "[تهران] گفت پلیس در سراسر کشور آماده…");
    }

    #[test]
    fn a_hit_too_long_for_its_place_is_cut_itself() {
        check("در [تهران و همهٔ شهرهای دیگر کشور] گفت", 160.0, "در [تهران و همهٔ…]");
        check(&format!("[{}]", "ب".repeat(200)), 100.0, "[ببببببببب…]");
    }

    #[test]
    fn most_letters_say_in_which_direction_it_is_read() {
        let rtl = |drawn| line(drawn, 400.0, 160.0).paragraph.is_rtl();
        assert!(rtl("Apple در [تهران] و کرج"));
        assert!(!rtl("the city of [تهران] and others"));
        assert!(rtl("[۱۲]"));
    }

    #[test]
    fn letters_that_join_have_one_weight() {
        let check = |drawn: &str, expected: &str| {
            let (before, rest) = drawn.split_once('[').unwrap();
            let (hit, after) = rest.split_once(']').unwrap();
            let parts = parts(before, hit, after);
            assert_eq!(parts.emphasis(700.0).span.slice(&parts.text), Some(expected));
        };
        check("در [تهران]ی‌ها", "تهرانی");
        check("در [تهران]‌ها", "تهران");
        check("«[تهران]»", "تهران");
    }

    proptest! {
        #[test]
        fn what_is_shown_fits_its_place(before in "[ا-ی ]{0,60}", hit in "[ا-ی]{1,60}", after in "[ا-ی a-z]{0,60}", width_px in 80.0_f32..700.0) {
            let before_px = width_px * 0.4;
            let line = line(&format!("{before}[{hit}]{after}"), width_px, before_px);
            prop_assert!(line.paragraph.width() <= width_px + STYLE.size_px, "{}", line.text);
            prop_assert!(line.text.get(line.hit.range()).is_some());
        }
    }
}
