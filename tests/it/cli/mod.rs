//! Tests of the `cli` room: the built binary on temporary repositories.
pub mod bench;
mod check;
mod codes;
mod doctor;
mod import;
mod init;
mod journal;
mod labels;
mod metrics;
mod next;
mod notes;
mod odd;
pub mod picks;
mod predict;
mod status;
mod versions;
