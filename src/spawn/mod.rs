//! The one place that starts a process.
//!
//! A [`Call`] is an absolute program, an argument vector and a clean environment; there is no shell and no way to
//! ask for one. [`Call::run`] captures both outputs up to a cap, and ends the whole process group when time is up,
//! when a [`Cancel`] says so, or when the future is dropped. [`Call::talk`] starts a process that stays and answers. [`Call::attended`] hands the terminal over, for an
//! editor or a passphrase, while the screen is suspended.

mod attended;
mod call;
mod cancel;
mod pipe;
mod program;
mod run;
mod talk;

pub use attended::terminal;
pub use call::{Call, KEPT};
pub use cancel::Cancel;
pub use program::{Program, words};
pub use talk::Talk;

use std::process::ExitStatus;
use std::time::Duration;

/// What a process left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to its standard output, up to the cap.
    pub stdout: Vec<u8>,
    /// What it wrote to its standard error, up to the cap.
    pub stderr: Vec<u8>,
    /// Whether either output was longer than its cap; what was cut is lost.
    pub truncated: bool,
}

/// Why a process did not come to its own end.
#[derive(Debug, thiserror::Error)]
pub enum SpawnError {
    /// No such program in any absolute directory of PATH.
    #[error("{0} was not found in PATH")]
    NotFound(String),
    /// The system refused to start it.
    #[error("{program} could not be started: {why}")]
    Start {
        /// The program's path.
        program: String,
        /// What the system said.
        why: std::io::Error,
    },
    /// Talking to it failed.
    #[error("{program}: reading its output failed: {why}")]
    Pipe {
        /// The program's path.
        program: String,
        /// What the system said.
        why: std::io::Error,
    },
    /// It took longer than it may and was ended.
    #[error("{program} took longer than {} s and was stopped", after.as_secs_f32())]
    TimedOut {
        /// The program's path.
        program: String,
        /// How long it was given.
        after: Duration,
    },
    /// Somebody cancelled it.
    #[error("{0} was cancelled")]
    Cancelled(String),
}
