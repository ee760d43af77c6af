//! Tests of the `turn` room: turns turned by hand, with a scribe that writes when the test says so.
mod artifacts;
mod dialogs;
mod grounded;
mod keys;
mod looking;
mod modes;
mod moves;
mod property;
pub mod seat;
mod sets;
mod triage;
mod writing;
