//! Tests of the `process` room.
mod check;
mod draft;
mod import;
mod lines;
mod merge;
mod next;
mod parse;
pub mod presets;
mod span;
