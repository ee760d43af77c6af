//! The release: what is true, and what may happen.

pub mod ids;
pub mod text;
