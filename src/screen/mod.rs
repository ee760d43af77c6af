//! What the manager is looking at, never journaled.
