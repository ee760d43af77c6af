//! The release: what is true, and what may happen.
//!
//! [`Release`] is the fold of the journal. Three functions say what may follow: [`Release::decide`] answers what a
//! person asks for, [`Release::settle`] takes in what came back from an errand, [`Release::observe`] what was seen
//! of the world; each returns facts and effects and changes nothing. [`Release::apply`] takes in one entry of the
//! journal: it cannot fail and cannot ask.

pub mod agenda;
pub mod announce;
pub mod artifacts;
pub mod ask;
pub mod back;
pub mod branches;
pub mod candidates;
mod channels;
pub mod checklist;
pub mod checks;
pub mod cut;
pub mod decide;
pub mod draft;
pub mod entry;
pub mod errand;
pub mod fact;
pub mod flake;
pub mod gates;
mod groups;
mod hotfix;
pub mod ids;
pub mod log;
pub mod looks;
pub mod meeting;
pub mod metrics;
pub mod milestone;
pub mod next;
pub mod notes;
pub mod observe;
pub mod outbox;
pub mod outcome;
pub mod pace;
mod permits;
pub mod picks;
pub mod plan;
pub mod planned;
pub mod poll;
pub mod predict;
pub mod profile;
pub mod reading;
pub mod roles;
pub mod scope;
pub mod session;
pub mod set;
pub mod setback;
pub mod settle;
mod sighted;
pub mod since;
pub mod state;
pub mod steps;
pub mod target;
pub mod tasks;
pub mod text;
pub mod time;
pub mod undo;
pub mod votes;
pub mod weighing;
mod words;

pub use crate::process::Pane;
pub use crate::version::TagClass;
pub use ask::{Ask, Decision, Effect, Refusal};
pub use entry::{Entry, Note, Stamp};
pub use errand::{Errand, Outcome};
pub use fact::Fact;
pub use state::Release;
