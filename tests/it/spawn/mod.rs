//! Tests of the `spawn` room.
