//! Tests of the `turn` room.
