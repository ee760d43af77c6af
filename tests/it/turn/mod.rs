//! Tests of the `turn` room: turns turned by hand, with a scribe that writes when the test says so.
mod dialogs;
mod moves;
pub mod seat;
mod writing;
