//! Tests of the `screen` room.
mod ages;
mod input;
mod keymap;
mod keys;
mod list;
mod sieve;
