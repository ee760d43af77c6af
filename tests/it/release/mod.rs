//! Tests of the `release` room.
mod derive;
