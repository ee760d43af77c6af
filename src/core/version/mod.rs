//! Version and candidate grammars: how a project writes its versions, in which order they come, what is next.
//!
//! Two styles, SemVer 2.0.0 and PEP 440, each parsed by its own crate. A [`Grammar`] adds what the styles leave to
//! the project: the prefix of a tag and the form of a candidate. Nothing is guessed: without a candidate form no
//! candidate is named, and the error says which key of the process to set. An [`Edit`] writes a version into a file.

mod classify;
mod edit;
mod grammar;
mod next;
mod number;
mod weigh;

pub use classify::{TagClass, TagKind, classify};
pub use edit::{Change, Edit, EditError, Edited, Place};
pub use grammar::{CandidateForm, Grammar, VersionError};
pub use next::{Bump, Proposal, next_candidate, next_final};
pub use number::{Style, Version};
pub use weigh::{Nature, Weight};
