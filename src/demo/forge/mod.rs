//! The forge: a stateful GitHub-shaped HTTP server on loopback over a real bare repository.
//!
//! A request passes `http` (wire, faults, ETag, counters), `route` (the table of paths), and one file a resource.
//! Git facts are read from the bare repository on every request; all else is in `state`.

pub mod access;
mod actions;
mod branches;
mod call;
mod checks;
mod comments;
mod commits;
mod contents;
mod faults;
mod filled;
mod graphql;
mod http;
mod inputs;
mod issues;
mod labels;
mod milestones;
mod objects;
mod pipeline;
mod pulls;
mod pulls_write;
mod record;
mod refs;
mod registry;
mod releases;
mod repos;
mod route;
mod rules;
mod run_state;
mod search;
mod seed;
mod seed_ci;
mod seed_issues;
mod seed_picks;
mod seed_pulls;
mod state;
mod timeline;
mod users;
mod wire;

pub use faults::{Fault, Faults};
pub(super) use filled::Filled;
pub(super) use http::{Forge, Serving, serve};
pub(super) use seed::{Sample, plant};
pub(super) use state::World;

use serde_json::Value;

/// Copies the fields of `more` into `value`.
fn merge(value: &mut Value, more: Value) {
    if let (Value::Object(value), Value::Object(more)) = (value, more) {
        value.extend(more);
    }
}
