//! How lines hang together: the rules from one line to the next, and the verdict on a whole journal.

use super::line::{Body, EXPUNGED, FORMAT, Hash, Line, Parsed};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// Most tombstones that may wait for their record at a time.
const TOMBSTONE_CAP: usize = 10_000;

/// A place in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct At {
    /// The segment, from 1.
    pub segment: u32,
    /// Bytes from the start of the segment.
    pub offset: u64,
    /// The number that the line there should have.
    pub seq: u64,
}

/// What reading a journal found, by the table of recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every line is good.
    Clean,
    /// Bytes of an unfinished line follow the last good one; 0 when only its line feed is missing.
    Torn {
        /// Where the good part ends.
        at: At,
        /// Bytes that follow it.
        bytes: u64,
    },
    /// A whole line is not what was sealed, or a line was removed without a record of it.
    Edited {
        /// The line.
        at: At,
        /// What is wrong with it.
        why: String,
    },
    /// A bad line has good ones behind it, or a sealed line is not of this format.
    Corrupt {
        /// The first bad line.
        at: At,
        /// What is wrong with it.
        why: String,
    },
    /// A good line does not follow the one before: two histories were joined, or a part cut out.
    Forked {
        /// The line.
        at: At,
        /// Which rule it breaks.
        why: String,
    },
    /// A line of a newer format.
    TooNew {
        /// The first such line.
        at: At,
        /// The version that it states.
        version: String,
    },
}

impl Verdict {
    /// One word, the same as `tests/verify_journal.py` prints.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Torn { .. } => "torn",
            Self::Edited { .. } => "edited",
            Self::Corrupt { .. } => "corrupt",
            Self::Forked { .. } => "forked",
            Self::TooNew { .. } => "too-new",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clean => f.write_str("every line is good"),
            Self::Torn { bytes: 0, .. } => f.write_str("the last line feed is missing"),
            Self::Torn { at, bytes } => {
                write!(
                    f,
                    "torn after entry {}: {bytes} bytes of an unfinished line",
                    at.seq.saturating_sub(1)
                )
            }
            Self::Edited { at, why } => write!(f, "edited at entry {}: {why}", at.seq),
            Self::Corrupt { at, why } => write!(f, "corrupt at entry {}: {why}", at.seq),
            Self::Forked { at, why } => write!(f, "forked at entry {}: {why}", at.seq),
            Self::TooNew { at, version } => {
                write!(f, "entry {} is of a newer gonogo ({version}): upgrade to read on", at.seq)
            }
        }
    }
}

/// Why a good line does not follow the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Break {
    Forked(String),
    Edited(String),
    TooNew(String),
}

/// What a `journal.expunge` record says.
#[derive(Debug, Clone, Deserialize)]
pub struct Expunge {
    /// The line whose content is removed.
    pub seq: u64,
    /// The hash that line had, in hexadecimal digits.
    pub h: String,
    /// The body with the removed values replaced, for the fold.
    #[serde(default)]
    pub keep: Option<Box<RawValue>>,
    /// The envelope that the tombstone no longer shows.
    #[serde(default)]
    pub was: Option<Was>,
}

/// The parts of a removed line's envelope that the fold needs.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub struct Was {
    /// Its kind.
    pub kind: String,
    /// Its operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<crate::release::ids::OpId>,
    /// Its wall clock.
    pub ts: chrono::DateTime<chrono::Utc>,
    /// Its milliseconds since the session started.
    pub mono: u64,
    /// Its session.
    pub ses: String,
    /// Its actor.
    pub by: crate::release::ids::Login,
}

/// Where a journal stands after its last good line.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// Number of the last line; 0 for an empty journal.
    pub seq: u64,
    /// Greatest Lamport time written or seen.
    pub lam: u64,
    /// Hash of the last line; zeros for an empty journal.
    pub head: Hash,
    /// The body of the last `journal.open`, repeated at the start of every segment.
    pub opening: Option<Body>,
    /// Tombstones that no record has allowed yet: number and hash.
    pub(super) unallowed: BTreeMap<u64, Hash>,
    /// Lines whose content was removed.
    pub expunged: u64,
}

/// The part of an [`Expunge`] that allows a tombstone.
#[derive(Deserialize)]
struct Removal {
    seq: u64,
    h: String,
}

#[derive(Deserialize)]
struct Opening<'a> {
    #[serde(borrow)]
    format: std::borrow::Cow<'a, str>,
}

impl Chain {
    /// Takes a good line as the next one.
    pub(super) fn link(&mut self, parsed: &Parsed, first: bool) -> Result<(), Break> {
        let (seq, prev, h) = match parsed {
            Parsed::Whole(line) => (line.seq, line.prev, line.h),
            Parsed::Tombstone { seq, prev, h } => (*seq, *prev, *h),
        };
        if Some(seq) != self.seq.checked_add(1) {
            return Err(Break::Forked(format!("it calls itself entry {seq}")));
        }
        if prev != self.head {
            return Err(Break::Forked("it follows another line than the one before it".to_owned()));
        }
        match parsed {
            Parsed::Whole(line) => self.content(line, first)?,
            Parsed::Tombstone { .. } if first || self.unallowed.len() >= TOMBSTONE_CAP => {
                return Err(Break::Edited("its content was removed without a record".to_owned()));
            }
            Parsed::Tombstone { .. } => {
                self.unallowed.insert(seq, h);
                self.expunged += 1;
            }
        }
        self.seq = seq;
        self.head = h;
        Ok(())
    }

    fn content(&mut self, line: &Line, first: bool) -> Result<(), Break> {
        if line.lam <= self.lam {
            return Err(Break::Forked(format!("its Lamport time {} is not after {}", line.lam, self.lam)));
        }
        if line.kind == "journal.open" {
            let format = line.read::<Opening>().map(|opening| opening.format.into_owned());
            match format.as_deref() {
                Ok(FORMAT) => self.opening = Some(line.body.clone()),
                Ok(other) => return Err(Break::TooNew(crate::release::text::shown(other, 40))),
                Err(_) => return Err(Break::Forked("a journal.open does not name its format".to_owned())),
            }
        } else if first {
            return Err(Break::Forked("the segment does not begin with journal.open".to_owned()));
        } else if line.kind == EXPUNGED {
            return Err(Break::Edited("a tombstone is misspelt".to_owned()));
        } else if line.kind == "journal.expunge"
            && let Ok(record) = line.read::<Removal>()
            && self.unallowed.get(&record.seq).is_some_and(|h| super::line::hex(h) == record.h)
        {
            self.unallowed.remove(&record.seq);
        }
        self.lam = line.lam;
        Ok(())
    }
}
