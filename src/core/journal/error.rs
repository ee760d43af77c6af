//! What can go wrong at the door to the journal.

use super::chain::Verdict;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why the journal could not be opened, read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JournalError {
    /// Another process writes this journal. Follow its file, read-only.
    #[error("another cockpit holds this release: {holder}")]
    Held {
        /// Process id, host and start time, as the holder left them.
        holder: String,
    },
    /// What stands in the journal is not what was written. The verified part can be read, nothing written.
    #[error("the journal is damaged: {0}")]
    Damaged(Verdict),
    /// A newer program wrote it. What is known can be read, nothing written.
    #[error("the journal was written by a newer gonogo ({0}): upgrade to write to it")]
    TooNew(String),
    /// A file or directory is not safe to use: a link, a device, open to others, not ours, too large.
    #[error("{} is refused: {why}", path.display())]
    Unsafe {
        /// What was to be opened.
        path: PathBuf,
        /// The rule it breaks.
        why: Cow<'static, str>,
    },
    /// The system refused.
    #[error("{what} {}: {source}{}", path.display(), advice(source))]
    Io {
        /// What was being done: "open", "write".
        what: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: Arc<std::io::Error>,
    },
    /// The draft does not fit the format. Nothing was written.
    #[error("{kind} cannot be recorded: {why}")]
    BadDraft {
        /// Its kind.
        kind: String,
        /// The rule it breaks.
        why: &'static str,
    },
    /// Less than 1 MiB is free: no new intent is taken, outcomes still are.
    #[error("the disk is full: {kind} was not recorded, and nothing was sent")]
    NoSpace {
        /// The kind of the first intent refused.
        kind: String,
    },
    /// The batch is not in the journal, and the journal is as it was before. It may be tried again.
    #[error("not recorded: {0}")]
    NotWritten(Arc<std::io::Error>),
    /// Nobody can say what is on the disk. Nothing more is written until the journal is opened again.
    #[error("the journal can no longer be trusted to keep what it is given: {0}")]
    Poisoned(String),
    /// The user's directories are not known, and `GONOGO_STATE_DIR` is not set.
    #[error("no place for the journal: neither a home directory nor GONOGO_STATE_DIR is known")]
    NoPlace,
}

impl JournalError {
    pub(super) fn io(what: &'static str, path: &Path, source: impl Into<std::io::Error>) -> Self {
        Self::Io { what, path: path.to_owned(), source: Arc::new(source.into()) }
    }
}

/// What to do about an error of the system, where that is known.
fn advice(why: &std::io::Error) -> &'static str {
    match why.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            "; free some space there, or name another place with GONOGO_STATE_DIR"
        }
        std::io::ErrorKind::ReadOnlyFilesystem => "; name another place with GONOGO_STATE_DIR",
        _ => "",
    }
}
