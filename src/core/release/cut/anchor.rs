//! Where the journal stands, said in what is cut: a tag that is pushed stays, so what was written before it is dated by it.

use crate::release::Release;
use crate::release::text::Untrusted;
use std::fmt::Write as _;

impl Release {
    /// The trailer that names the writer, the number of the last entry and the beginning of its hash; none for a release
    /// that has no journal.
    pub(crate) fn journal_head(&self) -> Option<String> {
        let (seq, _, hash) = self.head?;
        let writer = &self.opened.as_ref()?.writer;
        let mut trailer = format!("Journal-Head: {writer} {seq} sha256:");
        for byte in hash {
            let _ = write!(trailer, "{byte:02x}");
        }
        Some(trailer)
    }

    /// The text of a prerelease, with the trailer below it.
    pub(super) fn anchored(&self, body: Untrusted, prerelease: bool) -> Untrusted {
        match self.journal_head().filter(|_| prerelease) {
            Some(head) => Untrusted::from(format!("{}\n\n{head}\n", body.raw().trim_end())),
            None => body,
        }
    }
}
