//! Tests of the `spawn` room.
mod limits;
mod program;
mod start;
