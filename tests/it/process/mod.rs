//! Tests of the `process` room.
mod binding;
mod check;
mod draft;
mod import;
mod lines;
mod merge;
mod next;
mod parse;
pub mod presets;
mod span;
