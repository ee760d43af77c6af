//! The only room that waits: the loop, the scribe, the runner and the terminal.
//!
//! [`cockpit::run`] drives the ring live, [`playback::run`] is a second driver with a cursor between entries and no
//! doors, [`headless::status`] folds and looks once for scripts.

mod appending;
mod applying;
mod background;
mod backporting;
mod beside;
mod by_git;
pub mod cockpit;
mod comparing;
mod cutting;
pub mod decode;
mod entering;
pub mod entries;
mod face;
mod foreseeing;
mod git_side;
pub mod headless;
pub mod held;
mod input;
mod keeping;
mod keyboard;
mod lending;
mod looks;
pub mod noting;
mod once;
pub mod opening;
mod picks_side;
pub mod playback;
mod reading;
mod refreshing;
mod registries;
mod runner;
mod saying;
mod set;
mod shelf;
mod sightings;
mod sitting;
mod sixteen;
mod spoken;
mod stepping;
mod system;
pub mod telling;
pub mod terminal;
mod turns;
pub mod weighing;

pub use opening::{Opening, Setting};

/// Why the cockpit could not run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] crate::journal::JournalError),
    /// The repository.
    #[error(transparent)]
    Git(#[from] crate::git::GitError),
    /// The forge's address or token.
    #[error("{0}")]
    Forge(String),
    /// The terminal.
    #[error("the terminal: {0}")]
    Terminal(#[from] std::io::Error),
}
