//! The parts that panes and chrome are drawn of.

pub mod chart;
pub mod list;
pub mod table;
pub mod text;

pub use chart::{bar, burn, last_ten, spark};
pub use list::{Rows, rows, window};
pub use table::{Align, Column, Table, Width};
pub use text::{cut, lines, pair, put, title, width, wrap};
