//! Tests of the `view` room.
mod panes;
mod paper;
mod sizes;
pub mod story;
