//! Tests of the `view` room.
