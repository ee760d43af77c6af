//! All tests in one binary; folders mirror `src`.
mod cli;
mod config;
mod demo;
mod engine;
mod forge;
mod git;
mod journal;
mod process;
mod release;
mod screen;
mod spawn;
mod tidy;
mod turn;
mod version;
mod view;
