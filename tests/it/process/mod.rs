//! Tests of the `process` room.
mod presets;
