//! The door to a second tracker.
