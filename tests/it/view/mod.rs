//! Tests of the `view` room.
mod panes;
mod paper;
mod picture;
mod pictures;
mod sizes;
pub mod stories;
pub mod story;
