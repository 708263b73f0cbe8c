//! What a DocBin says of a document besides its words and entities: groups of spans, categories, further data.
//!
//! Owns how these are packed in the file, and how they are kept with an article. It must not know tokens' columns.
//!
//! A group is packed as `spacy/tokens/span_group.pyx` of explosion/spaCy does: a map with `name`, `attrs` and `spans`, each span forty
//! bytes, high byte first: id, knowledge-base id and label (64 bits), then first token, end token, first and end code point (32 bits).

use crate::domain::offset::{Span, TokenSpan};
use crate::formats::decoding::as_u64;
use crate::formats::spacy::message_pack::{Head, Unpacker, push_array, push_bin, push_map, push_str};
use crate::formats::spacy::strings::{StringIds, StringTable};
use serde::{Deserialize, Serialize};
use std::io;

/// The group in which spaCy's span categoriser looks, and in which overlapping mentions are written.
pub const SPANS_KEY: &str = "sc";

/// A group of spans, as it is kept with a layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptGroup {
    /// The keys under which it stands.
    pub keys: Vec<String>,
    /// Its own name.
    pub name: String,
    /// Its attributes: hexadecimal digits of the bytes as they are packed.
    pub attrs: String,
    /// Its spans.
    pub spans: Vec<KeptSpan>,
}

/// A span of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptSpan {
    /// The code point at which it begins.
    pub start: usize,
    /// The code point at which it ends.
    pub end: usize,
    /// Its label.
    pub label: String,
    /// Its id in a knowledge base; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kb_id: String,
    /// Its own id; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Whether it is an entity of the document too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_entity: bool,
}

/// A span of a group whose tokens are known.
#[derive(Clone, Debug)]
pub struct PlacedSpan<'a> {
    /// Its tokens.
    pub tokens: TokenSpan,
    /// Its code points.
    pub span: Span,
    /// Its label.
    pub label: &'a str,
    /// Its id in a knowledge base; empty for none.
    pub kb_id: &'a str,
    /// Its own id; empty for none.
    pub id: &'a str,
}

/// What belongs to the article, whoever labelled it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDoc {
    /// Categories: hexadecimal digits of the map as it is packed; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cats: String,
    /// Further data: key and value, each as hexadecimal digits of the bytes as they are packed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub user_data: Vec<(String, String)>,
}

/// What the program itself puts into a document's further data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnData {
    /// `id`: the article's name.
    pub id: Option<String>,
    /// `annotator`.
    pub annotator: Option<String>,
    /// `status`: its name.
    pub status: Option<String>,
    /// `meta`: a JSON object as text.
    pub meta: Option<String>,
}

impl OwnData {
    fn slot(&mut self, key: &str) -> Option<&mut Option<String>> {
        match key {
            "id" => Some(&mut self.id),
            "annotator" => Some(&mut self.annotator),
            "status" => Some(&mut self.status),
            "meta" => Some(&mut self.meta),
            _ => None,
        }
    }

    /// Packs it together with further pairs that are packed already.
    pub fn push(&self, others: &[(Vec<u8>, Vec<u8>)], out: &mut Vec<u8>) {
        let own = [("id", &self.id), ("annotator", &self.annotator), ("status", &self.status), ("meta", &self.meta)];
        let own = own.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?)));
        push_map(out, own.clone().count() + others.len());
        for (key, value) in own {
            push_str(out, key);
            push_str(out, value);
        }
        others.iter().for_each(|(key, value)| out.extend(key.iter().chain(value)));
    }
}

/// The program's own data and all other pairs, as they are packed, of a document's further data.
///
/// # Errors
/// When the bytes are no packed map.
pub fn unpacked_user_data(packed: &[u8]) -> io::Result<(OwnData, Vec<(String, String)>)> {
    let limit = as_u64(packed.len());
    let (mut own, mut others) = (OwnData::default(), Vec::new());
    let mut outer = Unpacker::new(packed);
    let bytes = match outer.head()? {
        Head::Nil => return Ok((own, others)),
        Head::Bin(count) => outer.bytes(count, limit)?,
        _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "user_data is not bytes")),
    };
    let mut inner = Unpacker::new(bytes.as_slice());
    for _ in 0..inner.map()? {
        let (key, value) = (inner.value(limit)?, inner.value(limit)?);
        let text = Unpacker::new(value.as_slice()).text(limit);
        let name = Unpacker::new(key.as_slice()).text(limit).unwrap_or_default();
        match (own.slot(&name), text) {
            (Some(slot), Ok(text)) => *slot = Some(text),
            _ => others.push((hex(&key), hex(&value))),
        }
    }
    Ok((own, others))
}

/// A group of a file, with the tokens of its spans.
#[derive(Clone, Debug, Default)]
pub struct RawGroup {
    /// The group without its spans.
    pub group: KeptGroup,
    /// Its spans: tokens, and the span without its place. `None` in place of a span whose label the file does not name.
    pub spans: Vec<Option<(TokenSpan, KeptSpan)>>,
}

/// The groups of a document.
///
/// # Errors
/// When the bytes are no packed groups.
pub fn unpacked_groups(packed: &[u8], strings: &StringTable) -> io::Result<Vec<RawGroup>> {
    let limit = as_u64(packed.len());
    let bytes = Unpacker::new(packed).bin(limit)?;
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let mut inner = Unpacker::new(bytes.as_slice());
    let mut groups = Vec::new();
    match inner.head()? {
        // Files of spaCy before 3.4: a list, every group under its own name.
        Head::Array(count) => {
            for _ in 0..count {
                let mut group = unpacked_group(&inner.bin(limit)?, strings)?;
                group.group.keys.push(group.group.name.clone());
                groups.push(group);
            }
        }
        Head::Map(count) => {
            for _ in 0..count {
                let mut group = unpacked_group(&inner.bin(limit)?, strings)?;
                for _ in 0..inner.array()? {
                    group.group.keys.push(inner.text(limit)?);
                }
                groups.push(group);
            }
        }
        _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "span_groups is neither a list nor a map")),
    }
    Ok(groups)
}

fn unpacked_group(bytes: &[u8], strings: &StringTable) -> io::Result<RawGroup> {
    let limit = as_u64(bytes.len());
    let mut found = RawGroup::default();
    let mut inner = Unpacker::new(bytes);
    for _ in 0..inner.map()? {
        match inner.text(limit)?.as_str() {
            "name" => found.group.name = inner.text(limit)?,
            "attrs" => found.group.attrs = hex(&inner.value(limit)?),
            "spans" => {
                for _ in 0..inner.array()? {
                    found.spans.push(unpacked_span(&inner.bin(limit)?, strings)?);
                }
            }
            _ => inner.skip_value()?,
        }
    }
    Ok(found)
}

fn unpacked_span(bytes: &[u8], strings: &StringTable) -> io::Result<Option<(TokenSpan, KeptSpan)>> {
    let (words, rest) = bytes.as_chunks::<8>();
    let [id, kb_id, label, tokens, _] = words else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a span of a group has not forty bytes"));
    };
    if !rest.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a span of a group has not forty bytes"));
    }
    let [id, kb_id, label, tokens] = [id, kb_id, label, tokens].map(|bytes| u64::from_be_bytes(*bytes));
    let half = |number: u64| usize::try_from(number & u64::from(u32::MAX)).unwrap_or(usize::MAX);
    let (start, end) = (half(tokens >> 32), half(tokens));
    // An end before the start would be turned round.
    let tokens = TokenSpan::from_tokens(start, end.max(start));
    let text = |id| strings.string(id).unwrap_or_default().to_owned();
    Ok(strings.string(label).map(|label| {
        (tokens, KeptSpan { label: label.to_owned(), kb_id: text(kb_id), id: text(id), ..KeptSpan::default() })
    }))
}

/// Packs groups of a document; each with the keys, name and attributes of the first and the spans of the second.
pub fn push_groups(groups: &[(&KeptGroup, Vec<PlacedSpan<'_>>)], strings: &mut StringIds, out: &mut Vec<u8>) {
    let mut map = Vec::new();
    push_map(&mut map, groups.len());
    for (group, spans) in groups {
        let mut bytes = Vec::new();
        push_map(&mut bytes, 3);
        push_str(&mut bytes, "name");
        push_str(&mut bytes, &group.name);
        push_str(&mut bytes, "attrs");
        bytes.extend(bytes_from_hex(&group.attrs).filter(|attrs| !attrs.is_empty()).unwrap_or_else(|| vec![0x80]));
        push_str(&mut bytes, "spans");
        push_array(&mut bytes, spans.len());
        for span in spans {
            let mut packed = Vec::with_capacity(40);
            for string in [span.id, span.kb_id, span.label] {
                packed.extend(strings.id(string).to_be_bytes());
            }
            let (tokens, chars) = (span.tokens, span.span);
            for number in [tokens.start.get(), tokens.end.get(), chars.start.get(), chars.end.get()] {
                packed.extend(u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes());
            }
            push_bin(&mut bytes, &packed);
        }
        push_bin(&mut map, &bytes);
        push_array(&mut map, group.keys.len());
        group.keys.iter().for_each(|key| push_str(&mut map, key));
    }
    push_bin(out, &map);
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits; `None` when they are none.
///
/// ```
/// use barchasb::formats::spacy::carried::{bytes_from_hex, hex};
/// assert_eq!(bytes_from_hex(&hex(&[0, 255])), Some(vec![0, 255]));
/// assert_eq!(bytes_from_hex("0"), None);
/// ```
#[must_use]
pub fn bytes_from_hex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
    rest.is_empty().then(|| bytes.collect())?
}
