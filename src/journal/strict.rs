//! What a JSON parser lets pass and an audit must not: keys that stand twice, nesting without end.

use std::borrow::Cow;

/// Deepest nesting of a line, its envelope counted.
pub const DEPTH_CAP: usize = 128;

/// Up to so many keys are compared each with each; more are sorted.
const FEW: usize = 16;

/// One open bracket: whether it is an object, and where its keys start in the list of all open keys.
struct Level {
    object: bool,
    keys: usize,
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
                levels.push(Level { object: key_next, keys: keys.len() });
                if levels.len() >= DEPTH_CAP {
                    return Err("it is nested too deep");
                }
            }
            b'}' | b']' => {
                let level = levels.pop().ok_or("its brackets do not match")?;
                distinct(&mut keys[level.keys..])?;
                keys.truncate(level.keys);
                key_next = false;
            }
            b',' => key_next = levels.last().is_some_and(|level| level.object),
            b'"' => {
                let end = string_end(bytes, at);
                if key_next {
                    keys.push(key(json.get(at..=end).ok_or("a string does not end")?)?);
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

/// The place of the quote that ends the string which starts at `at`, or the end of the text.
pub(super) fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'"' => break,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
    end
}

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
        keys.sort_unstable();
        keys.windows(2).any(|pair| pair[0] == pair[1])
    };
    if twice { Err("a key stands twice") } else { Ok(()) }
}
