//! Tests of the `cli` room: the built binary on temporary repositories.
pub mod bench;
mod check;
mod codes;
mod doctor;
mod init;
mod journal;
mod odd;
mod picks;
mod next;
mod predict;
mod versions;
