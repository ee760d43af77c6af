//! Journal lines to entries and notes to drafts: the only place that knows both.

use crate::journal::{Blobs, Census, Draft, Known, Line};
use crate::release::Errand;
use crate::release::entry::{Entry, Note};
use crate::release::fact::{Fact, KINDS, Session};
use std::sync::{Mutex, PoisonError};

/// A note as the journal takes it.
#[must_use]
pub fn draft(note: &Note) -> Draft {
    Draft { kind: note.fact.kind().into_owned(), op: note.op.clone(), body: note.fact.body() }
}

/// A line as the release reads it. A body that does not fit its kind becomes an unknown fact: it is kept and shown.
#[must_use]
pub fn entry(line: &Line, blobs: Option<&Blobs>) -> Entry {
    let mut fact = Fact::read(&line.kind, line.body.get())
        .unwrap_or_else(|_| Fact::Unknown { kind: line.kind.as_str().into() });
    match &mut fact {
        Fact::Session(Session::Opened(it)) => it.profile = profile(&it.process, blobs),
        Fact::Session(Session::ProcessChanged(it)) => it.profile = profile(&it.to, blobs),
        _ => {}
    }
    let mut hash = [0; 8];
    hash.copy_from_slice(&line.h[..8]);
    Entry {
        seq: line.seq,
        ts: line.ts,
        mono: line.mono,
        ses: line.ses.as_str().into(),
        by: line.by.as_str().into(),
        op: line.op.clone(),
        hash,
        fact,
    }
}

/// The same, and a line of a kind that is not known is counted: some forbid that anything is written after them.
pub fn counted(line: &Line, blobs: Option<&Blobs>, census: &Mutex<Census>) -> Entry {
    let entry = entry(line, blobs);
    if matches!(entry.fact, Fact::Unknown { .. }) {
        let base = line.kind.split_once('@').map(|(base, _)| base);
        let known = if base.is_some_and(is_known) { Known::OlderOnly } else { Known::No };
        census.lock().unwrap_or_else(PoisonError::into_inner).take(line, known);
    }
    entry
}

fn is_known(kind: &str) -> bool {
    let errand = kind.strip_suffix(".intent").or_else(|| kind.strip_suffix(".outcome"));
    KINDS.contains(&kind) || errand.is_some_and(|errand| Errand::KINDS.contains(&errand))
}

/// The profile that a hash names, from beside the journal.
fn profile(hash: &str, blobs: Option<&Blobs>) -> Option<Box<str>> {
    let digest = crate::journal::line::unhex(hash.strip_prefix("sha256:")?.as_bytes())?;
    let bytes = blobs?.get(&digest).ok().flatten()?;
    String::from_utf8(bytes).ok().map(Into::into)
}
