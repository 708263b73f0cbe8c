//! Reading XML of other programs safely: a file of bounded size, its elements and texts one after another.
//!
//! Owns [`xml_text`], [`XmlReader`] and what XML 1.0 says of white space and references. Document types and entities of a file's own
//! are refused. It must not know what an element means.

use crate::formats::decoding::{as_u64, decode};
use crate::formats::json_frame::Limits;
use crate::formats::problem::{FormatError, Problem};
use crate::formats::sniff::Sniff;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};
use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Read;

/// What is seen of a file that begins as XML does; empty for any other. The end may cut a line or a letter.
#[must_use]
pub fn xml_head(sniff: &Sniff) -> Cow<'_, str> {
    let bytes = sniff.head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&sniff.head).trim_ascii_start();
    if bytes.starts_with(b"<") { String::from_utf8_lossy(bytes) } else { Cow::default() }
}

/// The text of an XML file of `limits.record_bytes` at most: such a file holds one document, so memory is bounded by it.
///
/// # Errors
/// [`FormatError`] when it is longer, or cannot be read as UTF-8 or, with a mark, UTF-16.
pub fn xml_text(input: impl Read, limits: Limits, format: &'static str) -> Result<(String, Vec<Problem>), FormatError> {
    let mut bytes = Vec::new();
    input.take(limits.record_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if as_u64(bytes.len()) > limits.record_bytes {
        let words = format!("the file is longer than {} bytes, the most one document can have", limits.record_bytes);
        return Err(FormatError::Malformed { format, words, line: None });
    }
    let (text, mut problems) = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(FormatError::Empty);
    }
    // What is odd in the article's text is said by its reader: here it would be counted in markup.
    problems.retain(|problem| problem.place.text_char.is_none());
    Ok((text, problems))
}

/// An element with its attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The namespace's IRI; empty for none.
    pub namespace: String,
    /// The name without a prefix.
    pub name: String,
    /// Names as they are written, as `xmi:id`, and values; without declarations of namespaces.
    pub attributes: Vec<(String, String)>,
}

impl Element {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// What comes next in an XML file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Markup {
    /// An element begins; an empty one ends at once.
    Open(Element),
    /// A piece of text or CDATA, references resolved.
    Text(String),
    /// The innermost element ends.
    Close,
}

/// The reader of an XML text.
///
/// ```
/// use barchasb::formats::json_frame::Limits;
/// use barchasb::formats::xml_file::{Markup, XmlReader};
/// let mut reader = XmlReader::new("<a b=\"x&#10;&amp;\ny\"/>", Limits::default(), "xmi");
/// let Some(Markup::Open(a)) = reader.next_markup().unwrap() else { panic!() };
/// assert_eq!(a.attribute("b"), Some("x\n& y"));
/// assert_eq!(reader.next_markup().unwrap(), Some(Markup::Close));
/// assert_eq!(reader.next_markup().unwrap(), None);
/// ```
pub struct XmlReader<'a> {
    reader: NsReader<&'a [u8]>,
    text: &'a str,
    depth: u64,
    has_root: bool,
    limits: Limits,
    format: &'static str,
    /// The first half of a surrogate pair that some Java programs write as two references (XALANJ-2419).
    high: Option<u16>,
}

impl<'a> XmlReader<'a> {
    /// A reader of `text` for the format of this name.
    #[must_use]
    pub fn new(text: &'a str, limits: Limits, format: &'static str) -> Self {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, text, depth: 0, has_root: false, limits, format, high: None }
    }

    /// What comes next; `None` at the end.
    ///
    /// # Errors
    /// [`FormatError::Doctype`] for a document type, [`FormatError::Malformed`] for what is no XML or too deep.
    pub fn next_markup(&mut self) -> Result<Option<Markup>, FormatError> {
        loop {
            let (namespace, event) = match self.reader.read_resolved_event() {
                Ok((ResolveResult::Bound(namespace), event)) => (namespace.into_inner().to_owned(), event),
                Ok((_, event)) => (String::new(), event),
                Err(error) => return Err(self.malformed(error.to_string())),
            };
            if self.high.is_some() && !matches!(event, Event::GeneralRef(_)) {
                return Err(self.malformed("half of a surrogate pair stands alone".into()));
            }
            match event {
                Event::Start(start) => return self.open(namespace, &start).map(|open| Some(Markup::Open(open))),
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Markup::Close));
                }
                Event::Text(text) if self.depth == 0 && text.trim_ascii().is_empty() => {}
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if self.depth == 0 => {
                    return Err(self.malformed("there is text outside of the root element".into()));
                }
                Event::Text(text) => return Ok(Some(Markup::Text(text.xml_content(XmlVersion::Implicit1_0).into()))),
                Event::CData(text) => return Ok(Some(Markup::Text(text.xml_content(XmlVersion::Implicit1_0).into()))),
                Event::GeneralRef(name) => {
                    let found = resolved(&name, &mut self.high).map_err(|words| self.malformed(words))?;
                    if let Some(c) = found {
                        return Ok(Some(Markup::Text(c.into())));
                    }
                }
                Event::DocType(_) => return Err(FormatError::Doctype),
                Event::Decl(declared) => self.check_encoding(&declared)?,
                Event::Eof if self.depth > 0 => return Err(self.malformed("it ends before its elements do".into())),
                Event::Eof => return Ok(None),
                Event::Empty(_) | Event::Comment(_) | Event::PI(_) => {}
            }
        }
    }

    fn open(&mut self, namespace: String, start: &BytesStart<'_>) -> Result<Element, FormatError> {
        if self.depth == 0 && self.has_root {
            return Err(self.malformed("there is more than one root element".into()));
        }
        self.has_root = true;
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(self.malformed(format!("elements are nested deeper than {}", self.limits.depth)));
        }
        let mut attributes = Vec::new();
        let mut names = HashSet::new();
        let mut all = start.attributes();
        for attribute in all.with_checks(false) {
            let attribute = attribute.map_err(|error| self.malformed(error.to_string()))?;
            let name = attribute.key.into_inner();
            if name == "xmlns" || name.starts_with("xmlns:") {
                continue;
            }
            if !names.insert(name.to_owned()) {
                return Err(self.malformed(format!("the attribute {name} stands twice")));
            }
            let value = attribute_value(&attribute.value).map_err(|words| self.malformed(words))?;
            attributes.push((name.to_owned(), value));
        }
        Ok(Element { namespace, name: start.local_name().into_inner().to_owned(), attributes })
    }

    /// The text was decoded as UTF-8 or by its mark; a declaration that says another encoding would make other letters of it.
    fn check_encoding(&self, declared: &BytesDecl<'_>) -> Result<(), FormatError> {
        match declared.encoder().map(|encoding| encoding.name()) {
            None | Some("UTF-8" | "UTF-16LE" | "UTF-16BE") => Ok(()),
            Some(_) if self.text.is_ascii() => Ok(()),
            Some(found) => Err(FormatError::OtherEncoding { found }),
        }
    }

    /// The error of the format at the place that was reached.
    #[must_use]
    pub fn malformed(&self, words: String) -> FormatError {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let before = self.text.as_bytes().get(..at).unwrap_or(self.text.as_bytes());
        let line = 1 + as_u64(before.iter().filter(|byte| **byte == b'\n').count());
        FormatError::Malformed { format: self.format, words, line: Some(line) }
    }
}

/// An attribute's value: white space that is written becomes spaces, references stay what they are (XML 1.0, section 3.3.3).
fn attribute_value(raw: &str) -> Result<String, String> {
    let mut value = String::with_capacity(raw.len());
    let mut high = None;
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if c == '&' {
            let (name, after) = after.split_once(';').ok_or("an ampersand without a semicolon")?;
            value.extend(resolved(name, &mut high)?);
            rest = after;
            continue;
        }
        if high.is_some() {
            return Err("half of a surrogate pair stands alone".into());
        }
        rest = after;
        match c {
            // A line's end is one character before anything else is done.
            '\r' => {
                value.push(' ');
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
            '\n' | '\t' => value.push(' '),
            other => value.push(other),
        }
    }
    if high.is_some() { Err("half of a surrogate pair stands alone".into()) } else { Ok(value) }
}

/// The character of a reference, `amp` or `#10` or `#xA`; `None` after the first half of a surrogate pair.
fn resolved(name: &str, high: &mut Option<u16>) -> Result<Option<char>, String> {
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        },
        None => match name {
            "amp" => Some(u32::from('&')),
            "lt" => Some(u32::from('<')),
            "gt" => Some(u32::from('>')),
            "quot" => Some(u32::from('"')),
            "apos" => Some(u32::from('\'')),
            _ => return Err(format!("the entity {name:?} is not known")),
        },
    };
    let number = number.ok_or_else(|| format!("{name:?} is no character"))?;
    match (high.take(), u16::try_from(number)) {
        (None, Ok(unit @ 0xD800..=0xDBFF)) => {
            *high = Some(unit);
            Ok(None)
        }
        (Some(first), Ok(second)) => {
            let pair = char::decode_utf16([first, second]).next().and_then(Result::ok);
            pair.map(Some).ok_or_else(|| "half of a surrogate pair stands alone".into())
        }
        (Some(_), Err(_)) => Err("half of a surrogate pair stands alone".into()),
        (None, _) => char::from_u32(number).map(Some).ok_or_else(|| format!("{name:?} is no character")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::trial::texts;
    use proptest::prelude::*;

    /// The text of a file's root, or why there is none.
    fn check(xml: &str, expected: Result<&str, &str>) {
        let mut reader = XmlReader::new(xml, Limits { depth: 3, ..Limits::default() }, "xmi");
        let mut all = String::new();
        let found = loop {
            match reader.next_markup() {
                Ok(Some(Markup::Text(text))) => all.push_str(&text),
                Ok(Some(Markup::Open(element))) => all.extend(element.attributes.into_iter().map(|(_, value)| value)),
                Ok(Some(Markup::Close)) => {}
                Ok(None) => break Ok(all.as_str()),
                Err(error) => break Err(error.to_string()),
            }
        };
        assert_eq!(found, expected.map_err(str::to_owned), "{xml:?}");
    }

    #[test]
    fn references_and_line_ends_are_those_of_xml() {
        check("<a>x&lt;&#x633;&#128522;<![CDATA[&amp;<b>]]>\r\n\r|</a>", Ok("x<س😊&amp;<b>\n\n|"));
        check("<?xml version='1.1'?> \n<!-- x --><a>y</a>\n", Ok("y"));
        check("<a b='1&#13;&#10;\r\n\t2\n3'/>", Ok("1\r\n  2 3"));
        check("<a b='&#55357;&#56842;'>&#55357;&#56842;</a>", Ok("😊😊"));
    }

    #[test]
    fn what_is_dangerous_or_no_xml_is_refused() {
        let bad = |words: &str| format!("this cannot be read as xmi: {words} (line 1)");
        let lone = bad("half of a surrogate pair stands alone");
        for xml in ["<a b='&#55357;x'/>", "<a b='&#55357;'/>", "<a>&#55357;x</a>", "<a>&#55357;</a>"] {
            check(xml, Err(&lone));
        }
        check("<a>&#56842;</a>", Err(&bad("\"#56842\" is no character")));
        check("<a>&boom;</a>", Err(&bad("the entity \"boom\" is not known")));
        check("<a><b><c><d/></c></b></a>", Err(&bad("elements are nested deeper than 3")));
        check("<a b='1' b='2'/>", Err(&bad("the attribute b stands twice")));
        check("<a/><b/>", Err(&bad("there is more than one root element")));
        check("x<a/>", Err(&bad("there is text outside of the root element")));
        check("<a><b>", Err(&bad("it ends before its elements do")));
        let doctype = "this XML declares a document type or entities, which are not read";
        check("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", Err(doctype));
        let latin = "<?xml version='1.0' encoding='windows-1256'?><a>س</a>";
        check(latin, Err("this file is in windows-1256; save it as UTF-8"));
    }

    /// A text as an attribute and as an element's content, escaped as writers of XML do.
    fn escaped(text: &str) -> String {
        let escape = |c: char| match c {
            '&' | '<' | '>' | '"' | '\r' | '\n' | '\t' => format!("&#{};", u32::from(c)),
            other => other.to_string(),
        };
        text.chars().map(escape).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_escaped_is_read_as_it_was(text in texts()) {
            check(&format!("<a b=\"{}\"/>", escaped(&text)), Ok(&text));
            check(&format!("<a>{}</a>", escaped(&text)), Ok(&text));
        }
    }

    #[test]
    fn a_file_over_the_limit_is_refused() {
        let limits = Limits { record_bytes: 4, ..Limits::default() };
        assert!(xml_text(&b"<a/>"[..], limits, "xmi").is_ok());
        let error = xml_text(&b"<a/>\n"[..], limits, "xmi").unwrap_err().to_string();
        assert!(error.contains("longer than 4 bytes"), "{error}");
        assert!(matches!(xml_text(&b" \n"[..], limits, "xmi"), Err(FormatError::Empty)));
    }
}
