//! The door to git.
