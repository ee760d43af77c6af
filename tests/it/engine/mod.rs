//! Tests of the `engine` room: stories of the built binary in a terminal of their own.
mod backport;
mod crash;
mod demo;
mod held;
mod hostile;
mod landing;
mod leaving;
mod looks;
mod panic;
mod process;
mod pty;
mod sizes;
mod triage;
mod trouble;
