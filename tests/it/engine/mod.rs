//! Tests of the `engine` room: stories of the built binary in a terminal of their own.
mod crash;
mod demo;
mod leaving;
mod pty;
mod sizes;
