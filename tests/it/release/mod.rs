//! Tests of the `release` room: given facts, when something is asked, then facts and effects.
mod applying;
pub mod artifacts;
mod backporting;
mod checklist;
mod cutting;
mod derive;
mod drafts;
mod gates;
mod golden;
pub mod ground;
mod kinds;
mod observe;
mod outbox;
mod profile;
mod sources;
mod time;
pub mod triage;
mod undo;
