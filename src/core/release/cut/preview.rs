//! What a version changes in a file, line by line, before anything is written.

use crate::release::text::Untrusted;
use crate::version::Change;

/// A file that a version is written into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePreview {
    /// The file, from the top of the repository.
    pub path: Untrusted,
    /// The lines that differ; none when the version stands there already.
    pub changes: Vec<Change>,
}
