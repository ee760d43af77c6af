//! Tests of the `screen` room.
