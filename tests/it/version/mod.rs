//! Tests of the `version` room.
