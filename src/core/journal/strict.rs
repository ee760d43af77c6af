//! What a JSON parser lets pass and an audit must not: keys that stand twice, nesting without end.

use crate::order::Order as _;
use std::borrow::Cow;

/// Deepest nesting of a line, its envelope counted.
pub const DEPTH_CAP: usize = 128;

/// Up to so many keys are compared each with each; more are sorted.
const FEW: usize = 16;

/// One open bracket: whether it is an object, and where its keys start in the list of all open keys.
struct Level {
    object: bool,
    keys: usize,
    /// A bit for each key, so that keys are compared only where two may be one.
    seen: u64,
    /// Whether two keys had the same bit.
    twice: bool,
}

/// What may come next in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    /// A value, or the end of an empty list.
    Item,
    Key,
    /// A key, or the end of an empty object.
    FirstKey,
    /// A comma, a closing bracket, or the end of the text.
    After,
}

/// Checks that a text is one JSON value with nothing around it, in one pass: RFC 8259, and what an audit asks besides.
///
/// # Errors
/// Why it is refused: no JSON, too deep, or a key that stands twice in one object.
pub fn check(json: &str) -> Result<(), &'static str> {
    let mut walk = Walk { json, at: 0, levels: Vec::with_capacity(8), keys: Vec::with_capacity(16) };
    let mut next = Next::Value;
    loop {
        let Some(byte) = json.as_bytes().get(walk.at) else { return Err("it ends too early") };
        next = match (byte, next) {
            (b' ' | b'\t' | b'\r' | b'\n', next) => {
                walk.at += 1;
                next
            }
            (b'"', Next::Key | Next::FirstKey) => walk.key()?,
            (b'}', Next::FirstKey | Next::After) => walk.close(true)?,
            (b']', Next::Item | Next::After) => walk.close(false)?,
            (b',', Next::After) => walk.comma()?,
            (_, Next::Value | Next::Item) => walk.value(*byte)?,
            _ => return Err("it is no JSON"),
        };
        if next == Next::After && walk.levels.is_empty() {
            return if walk.at == json.len() { Ok(()) } else { Err("something follows it") };
        }
    }
}

/// A text that is checked, and how far.
struct Walk<'a> {
    json: &'a str,
    at: usize,
    levels: Vec<Level>,
    /// The keys of all open objects.
    keys: Vec<Cow<'a, [u8]>>,
}

impl Walk<'_> {
    #[inline(always)]
    fn value(&mut self, byte: u8) -> Result<Next, &'static str> {
        let bytes = self.json.as_bytes();
        match byte {
            b'"' => self.at = string_end(bytes, self.at)?.0 + 1,
            b'{' => return self.open(true),
            b'[' => return self.open(false),
            b'-' | b'0'..=b'9' => self.at = number_end(bytes, self.at)?,
            _ => {
                let word =
                    [&b"true"[..], b"false", b"null"].into_iter().find(|it| bytes[self.at..].starts_with(it));
                self.at += word.ok_or("it is no JSON")?.len();
            }
        }
        Ok(Next::After)
    }

    fn open(&mut self, object: bool) -> Result<Next, &'static str> {
        self.levels.push(Level { object, keys: self.keys.len(), seen: 0, twice: false });
        self.at += 1;
        if self.levels.len() >= DEPTH_CAP {
            return Err("it is nested too deep");
        }
        Ok(if object { Next::FirstKey } else { Next::Item })
    }

    fn close(&mut self, object: bool) -> Result<Next, &'static str> {
        let level =
            self.levels.pop().filter(|level| level.object == object).ok_or("its brackets do not match")?;
        if level.twice {
            distinct(&mut self.keys[level.keys..])?;
        }
        self.keys.truncate(level.keys);
        self.at += 1;
        Ok(Next::After)
    }

    fn comma(&mut self) -> Result<Next, &'static str> {
        self.at += 1;
        let object = self.levels.last().is_some_and(|level| level.object);
        Ok(if object { Next::Key } else { Next::Value })
    }

    /// A key and its colon.
    #[inline(always)]
    fn key(&mut self) -> Result<Next, &'static str> {
        let bytes = self.json.as_bytes();
        let start = self.at + 1;
        let (end, escaped) = string_end(bytes, self.at)?;
        // Two spellings of one key are still one key.
        let key: Cow<[u8]> = if escaped {
            let key =
                serde_json::from_slice::<String>(&bytes[self.at..=end]).map_err(|_| "a key is no text")?;
            Cow::Owned(key.into_bytes())
        } else {
            Cow::Borrowed(&bytes[start..end])
        };
        if let Some(level) = self.levels.last_mut() {
            let bit = 1 << sketch(&key);
            level.twice |= level.seen & bit != 0;
            level.seen |= bit;
        }
        self.keys.push(key);
        self.at = end + 1;
        while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        self.at += 1;
        if bytes.get(self.at - 1) == Some(&b':') { Ok(Next::Value) } else { Err("a key has no value") }
    }
}

/// The place behind the number that starts at `at`.
fn number_end(bytes: &[u8], mut at: usize) -> Result<usize, &'static str> {
    const WRONG: &str = "a number is none";
    let digits =
        |at: usize| bytes[at..].iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len() - at);
    at += usize::from(bytes[at] == b'-');
    let whole = digits(at);
    if whole == 0 || whole > 1 && bytes[at] == b'0' {
        return Err(WRONG);
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let part = digits(at + 1);
        at += 1 + part;
        if part == 0 {
            return Err(WRONG);
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let power = digits(at);
        at += power;
        if power == 0 {
            return Err(WRONG);
        }
    }
    Ok(at)
}

/// A number below 64 that is the same for two keys that are the same.
#[inline(always)]
fn sketch(bytes: &[u8]) -> u32 {
    let byte = |at: usize| bytes.get(at).map_or(0, |byte| u32::from(*byte));
    let len = bytes.len();
    (byte(0) + byte(len / 2) * 5 + byte(len.saturating_sub(1)) * 11 + (len as u32 & 63) * 3) & 63
}

/// The place of the quote that ends the string which starts at `at`, and whether there are escapes before it.
#[inline(always)]
pub(super) fn string_end(bytes: &[u8], at: usize) -> Result<(usize, bool), &'static str> {
    let (mut end, mut escaped) = (at + 1, false);
    loop {
        while let Some(word) = word(bytes, end) {
            let found = has_byte(word, b'"') | has_byte(word, b'\\') | has_less(word, 0x20);
            if found != 0 {
                end += found.trailing_zeros() as usize / 8;
                break;
            }
            end += 8;
        }
        match bytes.get(end) {
            Some(b'"') => return Ok((end, escaped)),
            Some(b'\\') => {
                end += escape(&bytes[end..])?;
                escaped = true;
            }
            Some(..=0x1f) => return Err("a string has a control character in it"),
            Some(_) => end += 1,
            None => return Err("a string does not end"),
        }
    }
}

/// How many bytes the escape at the start takes. Half of a surrogate pair is one, as it is to `serde_json`.
fn escape(bytes: &[u8]) -> Result<usize, &'static str> {
    match bytes.get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') if bytes.get(2..6).is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit)) => Ok(6),
        _ => Err("a string has an escape in it that is none"),
    }
}

/// Eight bytes from `at` on, the first in the lowest place.
#[inline(always)]
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map(|chunk| u64::from_le_bytes(*chunk))
}

/// The highest bit of each byte of a word that is `byte`, right up to the first. Source: S. E. Anderson, "Bit
/// Twiddling Hacks", determine if a word has a zero byte.
#[inline(always)]
pub(super) fn has_byte(word: u64, byte: u8) -> u64 {
    let rest = word ^ (LOW * u64::from(byte));
    rest.wrapping_sub(LOW) & !rest & HIGH
}

/// The highest bit of each byte of a word below `least` (at most 128), right up to the first. Source: the same.
#[inline(always)]
pub(super) fn has_less(word: u64, least: u8) -> u64 {
    word.wrapping_sub(LOW * u64::from(least)) & !word & HIGH
}

/// The lowest and the highest bit of each byte.
const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

fn distinct(keys: &mut [Cow<[u8]>]) -> Result<(), &'static str> {
    // Most objects have few keys, and most keys differ in length or in their first bytes.
    let twice = if keys.len() <= FEW {
        keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key))
    } else {
        keys.order();
        keys.windows(2).any(|pair| pair[0] == pair[1])
    };
    if twice { Err("a key stands twice") } else { Ok(()) }
}
