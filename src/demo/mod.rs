//! The embedded default: a GitHub-shaped server on loopback over a real repository.
