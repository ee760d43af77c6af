//! Tests of the `process` room.
pub mod presets;
