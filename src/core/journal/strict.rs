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

/// Checks a body that is known to be valid JSON.
///
/// # Errors
/// Why it is refused: too deep, or a key that stands twice in one object.
pub fn check(json: &str) -> Result<(), &'static str> {
    let bytes = json.as_bytes();
    let mut levels: Vec<Level> = Vec::with_capacity(8);
    let mut keys: Vec<Cow<str>> = Vec::with_capacity(16);
    let mut key_next = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => {
                key_next = *byte == b'{';
                levels.push(Level { object: key_next, keys: keys.len(), seen: 0, twice: false });
                if levels.len() >= DEPTH_CAP {
                    return Err("it is nested too deep");
                }
            }
            b'}' | b']' => {
                let level = levels.pop().ok_or("its brackets do not match")?;
                if level.twice {
                    distinct(&mut keys[level.keys..])?;
                }
                keys.truncate(level.keys);
                key_next = false;
            }
            b',' => key_next = levels.last().is_some_and(|level| level.object),
            b'"' => {
                let end = string_end(bytes, at);
                if key_next {
                    let key = key(json.get(at..=end).ok_or("a string does not end")?)?;
                    if let Some(level) = levels.last_mut() {
                        let bit = 1 << sketch(&key);
                        level.twice |= level.seen & bit != 0;
                        level.seen |= bit;
                    }
                    keys.push(key);
                    key_next = false;
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// A number below 64 that is the same for two keys that are the same.
#[inline(always)]
fn sketch(key: &str) -> u32 {
    let bytes = key.as_bytes();
    let byte = |at: usize| bytes.get(at).map_or(0, |byte| u32::from(*byte));
    let len = bytes.len();
    (byte(0) + byte(len / 2) * 5 + byte(len.saturating_sub(1)) * 11 + (len as u32 & 63) * 3) & 63
}

/// The place of the quote that ends the string which starts at `at`, or the end of the text.
pub(super) fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(word) = word(bytes, end) {
        let found = has_byte(word, b'"') | has_byte(word, b'\\');
        if found != 0 {
            end += found.trailing_zeros() as usize / 8;
            break;
        }
        end += 8;
    }
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'"' => break,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
    end
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

/// The text of a key: two spellings of one key are still one key.
fn key(quoted: &str) -> Result<Cow<'_, str>, &'static str> {
    if quoted.contains('\\') {
        return serde_json::from_str::<String>(quoted).map(Cow::Owned).map_err(|_| "a key is no text");
    }
    Ok(Cow::Borrowed(&quoted[1..quoted.len() - 1]))
}

fn distinct(keys: &mut [Cow<str>]) -> Result<(), &'static str> {
    // Most objects have few keys, and most keys differ in length or in their first bytes.
    let twice = if keys.len() <= FEW {
        keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key))
    } else {
        keys.order();
        keys.windows(2).any(|pair| pair[0] == pair[1])
    };
    if twice { Err("a key stands twice") } else { Ok(()) }
}
