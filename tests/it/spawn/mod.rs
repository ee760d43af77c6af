//! Tests of the `spawn` room.
mod limits;
mod pipe;
mod program;
mod start;
