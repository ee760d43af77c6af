//! The door to GitHub.
