//! The envelope of a line as it is spelled: JSON whose keys nearly always stand in the order they are written in.

use super::strict::{self, has_byte, has_less, word};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Bytes of `,"prev":"…"` and of `,"h":"…"}`, with which every line ends.
const TAIL: usize = 74 + 72;

/// The fields of a line, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Envelope<'a> {
    pub v: u64,
    pub seq: u64,
    pub lam: u64,
    pub ts: &'a str,
    pub mono: u64,
    pub ses: &'a str,
    pub by: &'a str,
    pub kind: &'a str,
    #[serde(borrow, default, deserialize_with = "given")]
    pub op: Option<&'a str>,
    pub n: &'a str,
    #[serde(borrow, deserialize_with = "spelled")]
    pub body: &'a str,
    pub prev: &'a str,
    pub h: &'a str,
    /// Whether the body is known to be as an audit asks.
    #[serde(skip)]
    pub checked: bool,
}

/// Any JSON value, as it is spelled.
fn spelled<'de, D: serde::Deserializer<'de>>(from: D) -> Result<&'de str, D::Error> {
    <&RawValue>::deserialize(from).map(RawValue::get)
}

/// A field that may be missing, but is a text when it is there.
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<&'de str>, D::Error> {
    Deserialize::deserialize(from).map(Some)
}

impl<'a> Envelope<'a> {
    /// Reads an envelope in any spelling. The one that this program writes is read without looking keys up.
    pub fn read(text: &'a str) -> Result<Self, serde_json::Error> {
        Self::as_written(text).map_or_else(|| serde_json::from_str(text), Ok)
    }

    /// An envelope spelled as this program spells it; none for every other, good or bad.
    fn as_written(text: &'a str) -> Option<Self> {
        let mut rest = Rest(text.get(..text.len().checked_sub(TAIL)?)?);
        let mut tail = Rest(&text[rest.0.len()..]);
        Some(Self {
            v: rest.after(r#"{"v":"#)?.number()?,
            seq: rest.after(r#","seq":"#)?.number()?,
            lam: rest.after(r#","lam":"#)?.number()?,
            ts: rest.after(r#","ts":""#)?.text()?,
            mono: rest.after(r#","mono":"#)?.number()?,
            ses: rest.after(r#","ses":""#)?.text()?,
            by: rest.after(r#","by":""#)?.text()?,
            kind: rest.after(r#","kind":""#)?.text()?,
            op: match rest.after(r#","op":""#) {
                Some(rest) => Some(rest.text()?),
                None => None,
            },
            n: rest.after(r#","n":""#)?.text()?,
            // What is not one value is left to the parser of every spelling to explain.
            body: rest
                .after(r#","body":"#)
                .map(|rest| rest.0)
                .filter(|body| body.starts_with('{') && strict::check(body).is_ok())?,
            prev: tail.after(r#","prev":""#)?.digits()?,
            h: tail.after(r#","h":""#)?.digits().filter(|_| tail.0 == "}")?,
            checked: true,
        })
    }
}

/// What is left of a line that is read from its front.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Goes behind a text that must come next.
    fn after(&mut self, wanted: &str) -> Option<&mut Self> {
        self.0 = self.0.strip_prefix(wanted)?;
        Some(self)
    }

    /// A number as JSON writes it: no sign, no zero before it.
    fn number(&mut self) -> Option<u64> {
        let end = self.0.bytes().position(|byte| !byte.is_ascii_digit())?;
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits.parse().ok().filter(|_| digits == "0" || !digits.starts_with('0'))
    }

    /// A string of 64 bytes; whether they are the digits of a hash is asked where it is read.
    fn digits(&mut self) -> Option<&'a str> {
        let (digits, rest) = self.0.split_at_checked(64)?;
        self.0 = rest.strip_prefix('"')?;
        Some(digits)
    }

    /// A string up to its closing quote, with nothing in it that JSON would escape.
    fn text(&mut self) -> Option<&'a str> {
        let bytes = self.0.as_bytes();
        let mut end = 0;
        while let Some(word) = word(bytes, end) {
            let found = has_byte(word, b'"') | has_byte(word, b'\\') | has_less(word, 0x20);
            end += (found.trailing_zeros() / 8) as usize;
            if found != 0 {
                break;
            }
        }
        end += bytes[end..].iter().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1f))?;
        let (text, rest) = self.0.split_at(end);
        self.0 = rest.strip_prefix('"')?;
        Some(text)
    }
}
