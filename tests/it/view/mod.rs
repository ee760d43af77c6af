//! Tests of the `view` room.
mod paper;
mod sizes;
pub mod story;
