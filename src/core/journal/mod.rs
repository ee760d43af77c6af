//! The door to the journal: a locked, append-only, hash-chained file.
//!
//! A journal is a directory of segments, one JSON object a line, each line sealed with the hash of its own
//! bytes and naming the hash of the line before ([`line`]). [`Place`] says where it lies; [`Store`] opens it
//! under a lock, recovers a torn tail, and appends; [`Scribe`] owns the store on a thread of its own and
//! acknowledges after the sync; [`read_all`] and [`Follower`] read without the lock.

pub mod blobs;
pub mod census;
pub mod chain;
pub mod dir;
pub mod disk;
mod envelope;
pub mod error;
pub mod export;
pub mod files;
pub mod line;
mod lock;
mod mend;
pub mod minutes;
pub mod place;
pub mod read;
pub mod redact;
pub mod spoken;
mod store;
mod strict;
pub mod verify;
pub mod writer;

pub use blobs::Blobs;
pub use census::{Census, Known};
pub use chain::{At, Chain, Verdict};
pub use disk::{DirDisk, Disk, Segment, Source};
pub use error::JournalError;
pub use files::Files;
pub use line::{Draft, Line, Stamp};
pub use lock::{Holder, Lock};
pub use mend::Unmended;
pub use place::Place;
pub use read::{Follower, Progress, Walked, read_all};
pub use redact::Redactor;
pub use store::{Store, Tail};
pub use writer::Scribe;
