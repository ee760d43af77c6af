//! One line of the journal, format `gonogo-journal/1`: sealed when written, checked when read.

use super::envelope::Envelope;
use super::strict;
use crate::release::ids::{Login, OpId};
use crate::release::time::whole_seconds;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The version of the envelope that this program writes. Bumped almost never: kinds carry their own version.
pub const VERSION: u64 = 1;
/// The name of the format, as `journal.open` states it.
pub const FORMAT: &str = "gonogo-journal/1";
/// Longest line in bytes, its line feed not counted.
pub const LINE_CAP: usize = 64 * 1024;
/// The kind of a line whose content was removed.
pub const EXPUNGED: &str = "expunged";
/// Bytes of `,"h":"…"}` at the end of every line.
const SEAL: usize = 72;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// What a caller wants recorded. The store adds the rest of the envelope.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Dotted name of the fact: `pick.decide`, `ref.create.intent`, with `@2` for a new shape.
    pub kind: String,
    /// Joins an intent and its outcome.
    pub op: Option<OpId>,
    /// A JSON object that the kind gives meaning to.
    pub body: Box<RawValue>,
}

/// Who recorded something, and when. The caller gives it, so that the journal reads no clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Wall clock, for display only: order is `lam`.
    pub ts: DateTime<Utc>,
    /// Milliseconds since the session started, from a clock that nobody sets.
    pub mono: u64,
    /// The session: a ULID, 10 to 26 letters and digits.
    pub ses: String,
    /// The actor as authenticated.
    pub by: Login,
}

/// One line as it stands in the journal, its hash checked.
#[derive(Debug, Clone)]
pub struct Line {
    /// Version of the envelope.
    pub v: u64,
    /// 1, 2, 3 … per writer, without a gap over all segments.
    pub seq: u64,
    /// Lamport time: greater than every one this writer has written or seen.
    pub lam: u64,
    /// Wall clock in microseconds, for display only.
    pub ts: DateTime<Utc>,
    /// Milliseconds since the session started.
    pub mono: u64,
    /// The session.
    pub ses: String,
    /// The actor as authenticated.
    pub by: Login,
    /// Dotted name of the fact.
    pub kind: String,
    /// Joins an intent and its outcome.
    pub op: Option<OpId>,
    /// Random, so that a short removed text cannot be guessed from its hash.
    pub n: u64,
    /// The fact itself: a JSON object without duplicate keys, at most 128 levels deep.
    pub body: Body,
    /// The hash of the line before; zeros for the first.
    pub prev: Hash,
    /// The hash of this line's bytes up to `,"h":`.
    pub h: Hash,
}

/// What a fact says: a JSON object, checked when it was read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(Box<str>);

impl Body {
    /// The object as it is spelled.
    #[must_use]
    pub fn get(&self) -> &str {
        &self.0
    }

    /// The same, taken.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0.into()
    }
}

impl From<Box<RawValue>> for Body {
    fn from(value: Box<RawValue>) -> Self {
        Self(value.into())
    }
}

/// Why bytes are not a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Longer than [`LINE_CAP`].
    #[error("it is longer than {LINE_CAP} bytes")]
    TooLong,
    /// It does not end as a line must: cut off, or something else altogether.
    #[error("it is not a whole line")]
    NotWhole,
    /// A whole line whose bytes are not those that were hashed.
    #[error("its bytes are not the ones that were sealed")]
    WrongHash,
    /// Sealed, but not the JSON that the format asks for.
    #[error("it is sealed, but its JSON is not of this format: {0}")]
    BadJson(String),
    /// Written by a newer program.
    #[error("it is of format version {0}, newer than this program")]
    TooNew(u64),
}

/// What a good line can be.
#[derive(Debug, Clone)]
pub enum Parsed {
    /// A line with its content.
    Whole(Box<Line>),
    /// A line whose content was removed. Its hash is that of the removed line and cannot be checked here.
    Tombstone {
        /// The number of the removed line.
        seq: u64,
        /// The hash of the line before.
        prev: Hash,
        /// The hash the removed line had.
        h: Hash,
    },
}

#[derive(Deserialize)]
struct Version {
    v: u64,
}

/// Reads one line, without its line feed, and checks its hash.
///
/// # Errors
/// The first [`Fault`] found, in the order: length, wholeness, hash, JSON.
pub fn parse(bytes: &[u8]) -> Result<Parsed, Fault> {
    if bytes.len() > LINE_CAP {
        return Err(Fault::TooLong);
    }
    // A newer program may end its lines in another way: what it began is not for this one to call unfinished.
    let (sealed, h) = split_seal(bytes).ok_or_else(|| newer(bytes).map_or(Fault::NotWhole, Fault::TooNew))?;
    if let Some(tombstone) = tombstone(bytes) {
        return Ok(tombstone);
    }
    if sha256(sealed) != h {
        return Err(Fault::WrongHash);
    }
    let text = std::str::from_utf8(bytes).map_err(|e| Fault::BadJson(e.to_string()))?;
    match Envelope::read(text) {
        Ok(envelope) if envelope.v == VERSION => {
            let digits = &bytes[bytes.len() - SEAL + 6..bytes.len() - 2];
            let line = open(&envelope, h, digits).map_err(|why| Fault::BadJson(why.to_owned()))?;
            if !envelope.checked {
                strict::check(envelope.body).map_err(|why| Fault::BadJson(why.to_owned()))?;
            }
            Ok(Parsed::Whole(Box::new(line)))
        }
        Ok(Envelope { v, .. }) if v > VERSION => Err(Fault::TooNew(v)),
        Ok(_) => Err(Fault::BadJson("version 0 never was".to_owned())),
        Err(error) => match serde_json::from_str::<Version>(text) {
            Ok(Version { v }) if v > VERSION => Err(Fault::TooNew(v)),
            _ => Err(Fault::BadJson(error.to_string())),
        },
    }
}

/// `h` is the hash at the end of the line, `digits` are those that stand there.
fn open(envelope: &Envelope, h: Hash, digits: &[u8]) -> Result<Line, &'static str> {
    if !fine_session(envelope.ses) {
        return Err("the session is no ULID");
    }
    if !fine_kind(envelope.kind) {
        return Err("the kind is no dotted name");
    }
    if !envelope.body.starts_with('{') {
        return Err("the body is no object");
    }
    Ok(Line {
        v: envelope.v,
        seq: envelope.seq,
        lam: envelope.lam,
        ts: timestamp(envelope.ts).ok_or("the time is not RFC 3339, UTC, in microseconds")?,
        mono: envelope.mono,
        ses: envelope.ses.to_owned(),
        by: Login::parse(envelope.by).map_err(|_| "the actor is no login")?,
        kind: envelope.kind.to_owned(),
        op: match envelope.op {
            Some(op) => Some(OpId::parse(op).map_err(|_| "the operation is no id")?),
            None => None,
        },
        n: nonce(envelope.n).ok_or("the nonce is not 16 hexadecimal digits")?,
        body: Body(envelope.body.into()),
        prev: unhex(envelope.prev.as_bytes()).ok_or("prev is no hash")?,
        h: (envelope.h.as_bytes() == digits).then_some(h).ok_or("h is not the last key")?,
    })
}

/// `2026-03-01T12:30:00.000001Z`, and no other form.
fn timestamp(text: &str) -> Option<DateTime<Utc>> {
    let bytes: &[u8; 27] = text.as_bytes().try_into().ok()?;
    let micros = bytes[19..].strip_prefix(b".")?.strip_suffix(b"Z")?;
    let micros = micros
        .iter()
        .try_fold(0_i64, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))?;
    let seconds = whole_seconds(&bytes[..19])?.and_utc();
    seconds.checked_add_signed(TimeDelta::microseconds(micros))
}

fn nonce(text: &str) -> Option<u64> {
    let digits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    u64::from_str_radix(text, 16).ok().filter(|_| digits)
}

pub(super) fn fine_session(text: &str) -> bool {
    (10..=26).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Whether a text is a dotted name such as `ref.create.intent`, perhaps with `@2`, of at most 64 characters.
pub(super) fn fine_kind(text: &str) -> bool {
    let (name, shape) = text.split_once('@').unwrap_or((text, "1"));
    let mut starts = true;
    let fine = name.bytes().all(|byte| {
        let fits = match byte {
            b'a'..=b'z' => true,
            b'0'..=b'9' | b'_' | b'-' | b'.' => !starts,
            _ => false,
        };
        starts = byte == b'.';
        fits
    });
    text.len() <= 64 && fine && !starts && !shape.is_empty() && shape.bytes().all(|b| b.is_ascii_digit())
}

/// Splits a whole line into the bytes that are hashed and the hash it states.
pub(super) fn split_seal(bytes: &[u8]) -> Option<(&[u8], Hash)> {
    let at = bytes.len().checked_sub(SEAL)?;
    let (sealed, seal) = bytes.split_at(at);
    let digits = seal.strip_prefix(br#","h":""#)?.strip_suffix(br#""}"#)?;
    Some((sealed, unhex(digits)?))
}

/// A tombstone has one spelling only, so it is found by spelling it again.
fn tombstone(bytes: &[u8]) -> Option<Parsed> {
    // Hardly any line is one: its number ends within 20 digits, and its kind comes next.
    let head = &bytes[..bytes.len().min(64)];
    let comma = head.strip_prefix(br#"{"v":1,"seq":"#)?.iter().position(|byte| *byte == b',')? + 13;
    bytes[comma..].starts_with(br#","kind":"expunged""#).then_some(())?;
    let text = std::str::from_utf8(bytes).ok()?;
    let rest = text.strip_prefix(r#"{"v":1,"seq":"#)?;
    let (seq, rest) = rest.split_once(',')?;
    let prev = rest.strip_prefix(r#""kind":"expunged","prev":""#)?.get(..64)?;
    let seq = seq.parse().ok()?;
    let prev = unhex(prev.as_bytes())?;
    let (_, h) = split_seal(bytes)?;
    (seal_tombstone(seq, &prev, &h) == text).then_some(Parsed::Tombstone { seq, prev, h })
}

/// The version that a line begins with, when it is newer than this program's.
fn newer(bytes: &[u8]) -> Option<u64> {
    let rest = bytes.strip_prefix(br#"{"v":"#)?;
    let comma =
        rest.iter().take(21).position(|byte| !byte.is_ascii_digit()).filter(|at| rest[*at] == b',')?;
    let version = std::str::from_utf8(&rest[..comma]).ok()?.parse().ok()?;
    (version > VERSION).then_some(version)
}

/// The text of a tombstone, without a line feed.
#[must_use]
pub fn seal_tombstone(seq: u64, prev: &Hash, h: &Hash) -> String {
    format!(r#"{{"v":1,"seq":{seq},"kind":"expunged","prev":"{}","h":"{}"}}"#, hex(prev), hex(h))
}

impl Line {
    /// The line as it stands in the file, without its line feed.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.unsealed();
        let _ = write!(text, r#","h":"{}"}}"#, hex(&self.h));
        text
    }

    /// Computes the hash anew from the other fields.
    pub(super) fn seal(&mut self) -> String {
        let mut text = self.unsealed();
        self.h = sha256(text.as_bytes());
        let _ = write!(text, r#","h":"{}"}}"#, hex(&self.h));
        text
    }

    fn unsealed(&self) -> String {
        let mut text = String::with_capacity(self.body.get().len() + 400);
        let ts = self.ts.to_rfc3339_opts(SecondsFormat::Micros, true);
        let _ = write!(
            text,
            r#"{{"v":{},"seq":{},"lam":{},"ts":"{ts}","mono":{},"ses":"{}","by":"{}","kind":"{}""#,
            self.v,
            self.seq,
            self.lam,
            self.mono,
            self.ses,
            self.by.as_str(),
            self.kind
        );
        if let Some(op) = &self.op {
            let _ = write!(text, r#","op":"{}""#, op.as_str());
        }
        let _ =
            write!(text, r#","n":"{:016x}","body":{},"prev":"{}""#, self.n, self.body.get(), hex(&self.prev));
        text
    }

    /// The body as `T`.
    ///
    /// # Errors
    /// When the body has not the fields that `T` asks for.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.body.get())
    }
}

/// SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal digits of some bytes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Reads the 64 lower-case hexadecimal digits of a hash.
#[must_use]
pub fn unhex(digits: &[u8]) -> Option<Hash> {
    let digits: &[u8; 64] = digits.try_into().ok()?;
    let mut hash = Hash::default();
    // The check comes once at the end: every line has two hashes, and no digit decides over the next.
    let mut wrong = 0;
    for (bytes, digits) in hash.chunks_exact_mut(4).zip(digits.as_chunks::<8>().0) {
        let digits = u64::from_le_bytes(*digits);
        // Eight digits at once, a byte each: what a letter is over `9` it has in its second highest bit.
        let letters = (digits >> 6) & EACH;
        let values = (digits & (EACH * 15)) + letters * 9;
        // The digits that have these values; only good digits come back as they were.
        let over = ((values + EACH * 6) >> 4) & EACH;
        wrong |= (values & (EACH * 0xf0)) | digits ^ (values + EACH * 0x30 + over * 0x27);
        // A pair of digits is a byte: the first is its higher half.
        let pairs = (values << 4 | values >> 8) & 0x00ff_00ff_00ff_00ff;
        let pairs = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
        bytes.copy_from_slice(&u32::to_le_bytes((pairs | pairs >> 16) as u32));
    }
    (wrong == 0).then_some(hash)
}

/// One in each byte of a word.
const EACH: u64 = 0x0101_0101_0101_0101;
