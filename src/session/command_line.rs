//! The command line of a program as a person writes it, cut into words.
//!
//! Owns the quoting, as a shell has it. It must not know variables, stars or pipes: no shell ever sees the line.

use std::path::Path;

/// Why a command line cannot be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandLineFault {
    /// There is nothing in it.
    #[error("there is no program in it")]
    Empty,
    /// A quote has no end.
    #[error("a quote {0} has no end")]
    OpenQuote(char),
    /// Nothing follows the last backslash.
    #[error("nothing follows the last backslash")]
    LoneBackslash,
}

/// The words of a command line. Blanks part them; `'…'` keeps everything as it is; a backslash keeps a quote or
/// backslash after it in `"…"`, and outside quotes white space as well, and stands for itself before anything else (`C:\x.exe`); `~/` at the beginning of a word is `home`.
///
/// ```
/// use barchasb::session::command_line::words_of;
/// let words = words_of(r#"python3 '/my files/dates.py' --name "a \" b""#, None).unwrap();
/// assert_eq!(words, ["python3", "/my files/dates.py", "--name", "a \" b"]);
/// ```
///
/// # Errors
/// [`CommandLineFault`] when there is no word, or a quote or backslash has no end.
pub fn words_of(line: &str, home: Option<&Path>) -> Result<Vec<String>, CommandLineFault> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match c {
            c if c.is_whitespace() => words.extend(word.take()),
            '~' if word.is_none() && rest.as_str().starts_with('/') => {
                word = Some(home.map_or_else(|| "~".to_owned(), |home| home.display().to_string()));
            }
            '\'' | '"' => quoted(c, &mut rest, word.get_or_insert_default())?,
            '\\' => match rest.next().ok_or(CommandLineFault::LoneBackslash)? {
                kept if kept.is_whitespace() || matches!(kept, '\'' | '"' | '\\') => {
                    word.get_or_insert_default().push(kept);
                }
                other => word.get_or_insert_default().extend(['\\', other]),
            },
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    match words.first() {
        Some(program) if !program.is_empty() => Ok(words),
        _ => Err(CommandLineFault::Empty),
    }
}

/// Takes what stands up to the end of a quote that has begun.
fn quoted(quote: char, rest: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), CommandLineFault> {
    while let Some(c) = rest.next() {
        match c {
            c if c == quote => return Ok(()),
            '\\' if quote == '"' => match rest.next() {
                Some(kept @ ('"' | '\\')) => word.push(kept),
                Some(other) => word.extend(['\\', other]),
                None => break,
            },
            c => word.push(c),
        }
    }
    Err(CommandLineFault::OpenQuote(quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Result<&[&str], CommandLineFault>) {
        let found = words_of(line, Some(Path::new("/home/m")));
        assert_eq!(found, expected.map(|words| words.iter().map(|word| (*word).to_owned()).collect()), "{line}");
    }

    #[test]
    fn words_are_parted_and_quotes_keep_them_together() {
        check("  a  b\tc ", Ok(&["a", "b", "c"]));
        check("a 'b c'd \"\"", Ok(&["a", "b cd", ""]));
        check(r#"a\ b 'c\' "d\"\\\n""#, Ok(&["a b", r"c\", r#"d"\\n"#]));
        check(r#"C:\tools\x.exe \"a\' b\\c"#, Ok(&[r"C:\tools\x.exe", "\"a'", r"b\c"]));
        check("~/a ~b '~/c' x~/", Ok(&["/home/m/a", "~b", "~/c", "x~/"]));
        check("a; $(b) *", Ok(&["a;", "$(b)", "*"]));
        check(" ", Err(CommandLineFault::Empty));
        check("'' a", Err(CommandLineFault::Empty));
        check("a 'b", Err(CommandLineFault::OpenQuote('\'')));
        check("a \"b\\", Err(CommandLineFault::OpenQuote('"')));
        check("a \\", Err(CommandLineFault::LoneBackslash));
    }
}
