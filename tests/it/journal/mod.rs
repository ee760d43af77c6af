//! Tests of the `journal` room.
mod disk;
mod export;
mod faults;
mod hostile;
mod line;
mod locks;
mod paths;
mod recover;
mod redact;
pub mod sample;
mod store;
mod tamper;
mod verify;
