//! Tests of the `version` room.
mod classify;
mod grammar;
mod histories;
mod next;
mod order;
mod weigh;
