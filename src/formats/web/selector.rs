//! Selectors of Web Annotations: which part of a text is meant.
//!
//! Owns [`Selection`] and resolving it. It must not know annotations. Positions count code points (Web Annotation Data Model, section
//! 4.2.5), though programs in JavaScript write UTF-16 units: a quote beside a position proves which.

use crate::domain::offset::{ByteSpan, Span};
use crate::domain::offset_map::OffsetMap;
use crate::formats::file_span::FileSpan;
use crate::formats::finding::{SpanFault, cut};
use crate::formats::offset_unit::OffsetUnit;
use serde_json::Value;

/// What one selector, or several that say the same in other ways, select.
///
/// ```
/// use barchasb::domain::offset_map::OffsetMap;
/// use barchasb::formats::offset_unit::OffsetUnit;
/// use barchasb::formats::web::selector::Selection;
/// let json = serde_json::json!({"type": "TextQuoteSelector", "exact": "ab", "prefix": "x"});
/// let selection = Selection::from_json(&json).unwrap();
/// let text = "ab xab";
/// let span = selection.resolve(text, &OffsetMap::new(text), OffsetUnit::CodePoint, "PER").unwrap();
/// assert_eq!(span.to_string(), "4..6");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    position: Option<(u64, u64)>,
    quote: Option<Quote>,
    refined: Option<Box<Self>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Quote {
    exact: String,
    prefix: String,
    suffix: String,
}

impl Selection {
    /// The selection of a selector, or of a list of them; `None` when none is understood.
    #[must_use]
    pub fn from_json(selector: &Value) -> Option<Self> {
        let Value::Array(all) = selector else { return Self::from_object(selector) };
        let mut found = all.iter().filter_map(Self::from_object);
        let mut first = found.next()?;
        for other in found {
            // A refined selector is a whole; others fill in what the first does not say.
            if first.refined.is_none() && other.refined.is_none() {
                first.position = first.position.or(other.position);
                first.quote = first.quote.or(other.quote);
            }
        }
        Some(first)
    }

    fn from_object(selector: &Value) -> Option<Self> {
        let text = |key| selector.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |key| selector.get(key).and_then(Value::as_u64);
        let mut selection = Self::default();
        match selector.get("type").or_else(|| selector.get("@type"))?.as_str()?.trim_start_matches("oa:") {
            "TextPositionSelector" => selection.position = Some((number("start")?, number("end")?)),
            "TextQuoteSelector" => {
                let exact = selector.get("exact")?.as_str()?.to_owned();
                selection.quote = Some(Quote { exact, prefix: text("prefix"), suffix: text("suffix") });
            }
            _ => return None,
        }
        if let Some(refined) = selector.get("refinedBy") {
            selection.refined = Some(Box::new(Self::from_json(refined)?));
        }
        Some(selection)
    }

    /// Start, end and quote where they stand side by side: evidence of the unit.
    #[must_use]
    pub fn evidence(&self) -> Option<(u64, u64, &str)> {
        let (start, end) = self.position?;
        Some((start, end, self.quote.as_ref()?.exact.as_str()))
    }

    /// The code points that are selected in a text, for a mention with this label.
    ///
    /// # Errors
    /// The [`SpanFault`]: a position out of the text or with another quote, or a quote that stands there never or more than once.
    pub fn resolve(&self, text: &str, map: &OffsetMap, unit: OffsetUnit, label: &str) -> Result<Span, SpanFault> {
        let span = match (self.position, &self.quote) {
            (Some((start, end)), quote) => {
                let surface = quote.as_ref().map(|quote| quote.exact.as_str());
                FileSpan { start, end, unit, label, surface }.placed(text, map)?.span
            }
            (None, Some(quote)) => quote.find(text, map)?,
            (None, None) => return Err(unreadable("there is no position and no quote", "")),
        };
        let Some(refined) = &self.refined else { return Ok(span) };
        let slice = map.bytes_from_span(span).and_then(|bytes| bytes.slice(text)).unwrap_or_default();
        let inner = refined.resolve(slice, &OffsetMap::new(slice), unit, label)?;
        Ok(Span::new(span.start.plus(inner.start.get()), span.start.plus(inner.end.get())))
    }
}

impl Quote {
    /// The one place where the quote stands between its prefix and suffix.
    fn find(&self, text: &str, map: &OffsetMap) -> Result<Span, SpanFault> {
        if self.exact.is_empty() {
            return Err(unreadable("the quote is empty", ""));
        }
        let fits = |at: &usize| {
            let before = text.get(..*at).unwrap_or_default();
            let after = text.get(at + self.exact.len()..).unwrap_or_default();
            before.ends_with(&self.prefix) && after.starts_with(&self.suffix)
        };
        let mut places = Places { text, exact: &self.exact, from: 0 }.filter(fits);
        match (places.next(), places.next()) {
            (Some(at), None) => {
                let span = map.span_from_bytes(ByteSpan::from_bytes(at, at + self.exact.len()));
                span.ok_or_else(|| unreadable("the quote cuts a character", &self.exact))
            }
            (Some(_), Some(_)) => Err(unreadable("the quote stands in the text more than once", &self.exact)),
            (None, _) => Err(unreadable("the quote does not stand in the text", &self.exact)),
        }
    }
}

/// The bytes at which a text stands in another, overlapping ones too.
struct Places<'a> {
    text: &'a str,
    exact: &'a str,
    from: usize,
}

impl Iterator for Places<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let at = self.from + self.text.get(self.from..)?.find(self.exact)?;
        let first = self.text.get(at..)?.chars().next()?;
        self.from = at + first.len_utf8();
        Some(at)
    }
}

fn unreadable(words: &str, quote: &str) -> SpanFault {
    SpanFault::Unreadable { words: words.to_owned(), json: cut(quote) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(selector: &Value, expected: Result<&str, &str>) {
        let text = "😀 علی و علی";
        let selection = Selection::from_json(selector).unwrap();
        let found = selection.resolve(text, &OffsetMap::new(text), OffsetUnit::CodePoint, "PER");
        let found = found.map(|span| span.to_string()).map_err(|fault| fault.to_string());
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{selector}");
    }

    #[test]
    fn positions_quotes_and_what_refines_them() {
        let position = |start: i32, end: i32| json!({"type": "TextPositionSelector", "start": start, "end": end});
        let quote = |exact: &str, prefix: &str| json!({"type": "TextQuoteSelector", "exact": exact, "prefix": prefix});
        check(&json!([quote("علی", ""), position(8, 11)]), Ok("8..11"));
        check(&json!([{"type": "XPathSelector"}, quote("علی", "و ")]), Ok("8..11"));
        let mut refined = position(2, 11);
        refined["refinedBy"] = position(6, 9);
        check(&refined, Ok("8..11"));
        let mut refined = quote("و علی", "");
        refined["refinedBy"] = quote("علی", "");
        check(&refined, Ok("8..11"));
        check(&quote("علی", ""), Err("the quote stands in the text more than once in \"علی\""));
        check(&quote("x", ""), Err("the quote does not stand in the text in \"x\""));
        let other = "PER at 2..5 (codepoint) should be \"x\" but the text there is \"علی\"";
        check(&json!([position(2, 5), quote("x", "")]), Err(other));
        assert_eq!(Selection::from_json(&json!({"type": "CssSelector", "value": "p"})), None);
        assert_eq!(Selection::from_json(&position(-1, 5)), None);
    }
}
