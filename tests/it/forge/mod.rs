//! Tests of the `forge` room.
