//! All tests in one binary; folders mirror `src`.
#![expect(clippy::unwrap_used, reason = "in a test an unwrap is a check, and says where it failed")]
mod announce;
mod cli;
mod config;
mod demo;
mod engine;
mod forge;
mod git;
mod journal;
mod probe;
mod process;
mod release;
mod screen;
mod spawn;
mod tidy;
mod turn;
mod version;
mod view;
