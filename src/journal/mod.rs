//! The door to the journal: a locked, append-only, hash-chained file.
