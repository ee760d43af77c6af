//! What a release is, what a process asks of it, and the journal that holds it: all that stands between a start and the
//! first frame, and nothing that waits for git, a network or a terminal.
//!
//! A package of its own so that it is compiled for speed where the rest is compiled for size (`Cargo.toml` of the
//! program says why), and so that none of its rooms can name a door: their packages are not among its dependencies. The
//! program calls its rooms by the names of its own, `crate::release` and so on; its own documentation describes them.
#![forbid(unsafe_code)]

pub mod journal;
pub mod order;
pub mod process;
pub mod release;
pub mod version;
