//! gonogo: a release cockpit for the terminal, where every action is journaled before it is taken.
//!
//! # The ring
//!
//! ```text
//!             keys, resize ──┐                                  ┌── sightings (milestone, CI, branches, picks)
//!                            ▼                                  ▼
//!                       ┌─────────── inbox: one closed enum Event ───────────┐
//!                       ▼                                                    │
//!    turn::update(State, at, Event)  ──►  Batch { drafts, effects }          │
//!       (pure)          │                       │                            │
//!                       ▼                       ▼                            │
//!    view::render(&Release, &Screen)   engine::scribe: journal first         │
//!       (pure)                                  │ on disk → Recorded ────────┤
//!                                               ▼                            │
//!                                     engine::runner: git, forge ─ CameBack ─┘
//! ```
//!
//! # The rooms
//!
//! * [`version`], [`process`], [`release`], [`screen`], [`turn`], [`view`]: pure. They name no clock, file,
//!   socket, environment or thread.
//! * [`journal`], [`git`], [`forge`], [`spawn`], [`probe`], [`tracker`], [`announce`]: doors. Each reaches one
//!   thing outside; no door knows another door, and `spawn` is the floor below them.
//! * [`demo`]: the embedded default, a GitHub-shaped server over a real repository.
//! * [`engine`]: the only room that waits.
//! * [`config`], [`cli`]: what the user wrote, and what the user typed.
//! * `order`: sorting, for all of them.
//!
//! [`version`], [`process`], [`release`], [`journal`] and `order` are a package of their own, `gonogo-core` in `src/core`:
//! what stands between a start and the first frame is compiled for speed, the rest for size.
//!
//! # What must stay true
//!
//! 1. The state is what the journal on disk says: only `Event::Recorded` changes a release.
//! 2. No record, no action: an effect leaves only after the fact that it started is synced to disk.
//! 3. `apply` cannot fail and cannot ask, so a replay cannot act: off by type, not by a flag.
//! 4. Text from outside is `Untrusted` and reaches no sink unsanitised.
//!
//! `tests/it/tidy.rs` checks the edges between rooms and the other rules of the house.
#![forbid(unsafe_code)]

pub mod announce;
pub mod cli;
pub mod config;
pub mod demo;
pub mod engine;
pub mod forge;
pub mod git;
pub mod probe;
pub mod screen;
pub mod spawn;
pub mod tracker;
pub mod turn;
pub mod view;

pub(crate) use gonogo_core::order;
pub use gonogo_core::{journal, process, release, version};
