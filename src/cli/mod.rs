//! What the user typed: arguments, commands and exit codes.

pub mod args;
pub mod exit;

pub use args::{Cli, Command};
pub use exit::{Exit, Said};
