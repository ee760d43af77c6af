//! Tests of the `version` room.
mod classify;
mod edit;
mod grammar;
mod histories;
mod next;
mod order;
mod weigh;
