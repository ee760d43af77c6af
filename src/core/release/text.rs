//! Text from outside, shown but never obeyed.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Longest text that [`Untrusted::line`] shows, in characters; the rest becomes `…`.
pub const LINE_CAP: usize = 512;

/// Text that somebody else wrote: titles, logins, labels, commit messages, log lines, server replies.
///
/// It has no `Display`, so the compiler finds every sink. [`Untrusted::line`] and [`Untrusted::lines`] give what
/// may be shown; [`Untrusted::raw`] gives the bytes for comparing, matching and for sending back to its source.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Untrusted(Box<str>);

impl Untrusted {
    /// Wraps text from outside.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text as it came. Never write it to a terminal, a file name or an argument that may be an option.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// One line that is safe to show: see [`shown`].
    #[must_use]
    pub fn line(&self) -> String {
        shown(&self.0, LINE_CAP)
    }

    /// The same as [`Untrusted::line`], not copied where the text may be shown as it is.
    #[must_use]
    pub fn clean(&self) -> Cow<'_, str> {
        clean(&self.0, LINE_CAP)
    }

    /// The text split at its line feeds, each line safe to show, at most `cap` lines.
    pub fn lines(&self, cap: usize) -> impl Iterator<Item = String> + '_ {
        self.0.split('\n').take(cap).map(|line| shown(line.strip_suffix('\r').unwrap_or(line), LINE_CAP))
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "‹{}›", self.line())
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// Text from outside as Markdown that shows it and does nothing else: no markup, no HTML, and a word joiner
/// after `@` and `#`, so that posting it calls nobody and links no issue. At most `cap` characters.
#[must_use]
pub fn markdown(text: &str, cap: usize) -> String {
    let text = shown(text, cap);
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // A `!` makes a picture only before a bracket, which is escaped.
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '~' | '|' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' | '#' => {
                out.push(c);
                if chars.peek().is_some_and(|next| next.is_alphanumeric()) {
                    out.push('\u{2060}');
                }
            }
            _ => out.push(c),
        }
    }
    out
}

/// `text` as one line that cannot move the cursor, reorder its neighbours or hide anything.
///
/// C0 controls become their pictures (U+2400…), DEL becomes `␡`; C1 controls, bidi controls, zero-width and tag
/// characters, private use and noncharacters become `⟨U+202E⟩`; at most four combining marks follow a character;
/// at most `cap` characters are shown, then `…`. Nothing is dropped in silence: `ad<ZWSP>min` must not look like
/// `admin` to an auditor.
#[must_use]
pub fn shown(text: &str, cap: usize) -> String {
    clean(text, cap).into_owned()
}

/// The same as [`shown`], not copied where the text may be shown as it is.
#[must_use]
pub fn clean(text: &str, cap: usize) -> Cow<'_, str> {
    if text.len() <= cap && is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(cap * 4));
    let mut marks = 0;
    for (count, c) in text.chars().enumerate() {
        if count == cap {
            out.push('…');
            break;
        }
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > 4 {
            continue;
        }
        match c {
            '\0'..='\x1f' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('␀')),
            '\x7f' => out.push('␡'),
            _ if is_hidden(c) => out.push_str(&format!("⟨U+{:04X}⟩", c as u32)),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether there are only the printable characters of ASCII in a text. Nearly all texts are such, and every row of a
/// journal has some, so eight are looked at at once: one below the space borrows from its highest bit, one above `~`
/// carries into it, and what is not ASCII has it.
fn is_plain(text: &str) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let odd =
        |word: u64| (word | word.wrapping_sub(EACH * 0x20) | word.wrapping_add(EACH)) & (EACH * 0x80) != 0;
    !words.iter().any(|word| odd(u64::from_le_bytes(*word)))
        && rest.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Combining marks that stack on the character before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Characters that take no ink, turn the line round, or mean nothing.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// The innermost cause of a failed request in words, safe to show and without the address: that may hold a password.
#[must_use]
pub fn innermost(why: &dyn std::error::Error) -> String {
    let mut cause = why;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if why.source().is_none() {
        return "the request failed".to_owned();
    }
    shown(&cause.to_string(), 160)
}
