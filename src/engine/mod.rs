//! The only room that waits: the loop, the scribe, the runner and the terminal.
