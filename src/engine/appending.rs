//! Notes on their way to the journal, and the entries that they have become.

use super::entries;
use crate::journal::dir::Dir;
use crate::journal::{Blobs, Draft, JournalError, Line, Scribe, Stamp};
use crate::release::entry::{Entry, Note};

/// Appends notes through the scribe; the answer comes back through `done`, on the scribe's thread.
pub(super) fn append(
    scribe: &Scribe,
    stamp: Stamp,
    notes: Vec<Note>,
    dir: &std::path::Path,
    done: impl FnOnce(Result<Vec<Entry>, JournalError>) + Send + 'static,
) {
    let drafts = move || -> Vec<Draft> { notes.iter().map(entries::draft).collect() };
    let dir = dir.to_owned();
    scribe.append(
        stamp,
        Box::new(drafts),
        Box::new(move |result: Result<Vec<Line>, JournalError>| {
            // Only the lines that carry a profile need the blobs beside the journal.
            let wanted = |line: &Line| line.kind == "journal.open" || line.kind == "process.changed";
            done(result.map(|lines| {
                let blobs = lines
                    .iter()
                    .any(wanted)
                    .then(|| Dir::root(&dir).and_then(|dir| Blobs::of(&dir)).ok())
                    .flatten();
                lines.iter().map(|line| entries::entry(line, blobs.as_ref())).collect()
            }));
        }),
    );
}
