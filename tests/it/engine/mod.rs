//! Tests of the `engine` room: stories of the built binary in a terminal of their own.
mod artifacts;
mod backport;
mod crash;
mod decode;
mod demo;
mod held;
mod hostile;
mod landing;
mod leaving;
mod lent;
mod looks;
mod panic;
mod process;
mod pty;
mod sizes;
mod triage;
mod trouble;
