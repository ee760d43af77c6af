//! Tests of the `view` room.
mod chrome;
mod hostile;
mod keys;
mod listen;
mod meetings;
mod pages;
mod panes;
pub mod paper;
mod picture;
mod pictures;
mod published;
pub mod queue;
mod sets;
mod sizes;
pub mod stories;
pub mod story;
mod themes;
