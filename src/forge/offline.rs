//! The door when it is closed: every look fails and every errand is refused, each with the reason.

use super::{Forge, ForgeError, Look, NotesAsk, NotesMade, Rates, RefreshPlan, Seen, Sending, Viewer};
use crate::release::cut::UploadAsset;
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::ids::{OpId, Repo};
use crate::release::notes::Pull;
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, FutureExt, ready};
use std::collections::BTreeMap;
use std::fs::File;

/// No way to the forge.
#[derive(Debug, Clone)]
pub struct Offline {
    /// Why, with what to do: "no GitHub token was found; set GH_TOKEN or run gh auth login".
    pub why: Untrusted,
}

impl Offline {
    /// A closed door.
    #[must_use]
    pub fn new(why: impl Into<String>) -> Self {
        Self { why: Untrusted::from(why.into()) }
    }

    fn error(&self) -> ForgeError {
        ForgeError::Closed { why: self.why.clone() }
    }
}

impl Forge for Offline {
    fn refresh<'a>(&'a self, plan: &'a RefreshPlan) -> BoxFuture<'a, Vec<Seen>> {
        ready(plan.looks().iter().map(|look| Seen::failed(look.key(), &self.error())).collect()).boxed()
    }

    fn look<'a>(&'a self, look: &'a Look) -> BoxFuture<'a, Seen> {
        ready(Seen::failed(look.key(), &self.error())).boxed()
    }

    fn run<'a>(&'a self, _op: &'a OpId, _errand: &'a Errand) -> BoxFuture<'a, Outcome> {
        let why = format!("nothing was sent: {}", self.why.line());
        ready(Outcome::noted(Status::Refused, why)).boxed()
    }

    fn probe<'a>(
        &'a self,
        _op: &'a OpId,
        _errand: &'a Errand,
        _since: DateTime<Utc>,
    ) -> BoxFuture<'a, Outcome> {
        let why = format!("it could not be looked for: {}", self.why.line());
        ready(Outcome::noted(Status::Unknown, why)).boxed()
    }

    fn upload<'a>(&'a self, _it: &'a UploadAsset, _file: File, _sending: Sending) -> BoxFuture<'a, Outcome> {
        let why = format!("nothing was sent: {}", self.why.line());
        ready(Outcome::noted(Status::Refused, why)).boxed()
    }

    fn viewer<'a>(&'a self, _repo: &'a Repo) -> BoxFuture<'a, Result<Viewer, ForgeError>> {
        ready(Err(self.error())).boxed()
    }

    fn notes<'a>(&'a self, _ask: &'a NotesAsk) -> BoxFuture<'a, Result<NotesMade, ForgeError>> {
        ready(Err(self.error())).boxed()
    }

    fn pulls<'a>(
        &'a self,
        _repo: &'a Repo,
        _numbers: &'a [u64],
    ) -> BoxFuture<'a, Result<BTreeMap<u64, Pull>, ForgeError>> {
        ready(Err(self.error())).boxed()
    }

    fn rates(&self) -> Rates {
        Rates::default()
    }
}
