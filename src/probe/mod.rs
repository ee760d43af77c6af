//! The door to registries: is the artifact published?
