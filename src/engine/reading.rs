//! A look at the lines of the clone: as they are, and anew where the remote is fetched.

use super::comparing::Comparing;
use super::git_side::GitSide;
use super::once::unfetched;
use super::saying::{saw, tell};
use super::weighing::Due;
use crate::process::Process;
use crate::release::ids::Branch;
use crate::release::observe::Sighting;
use crate::screen::fresh::Source;
use crate::spawn::Cancel;
use crate::turn::Event;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// What a look at the lines goes by.
pub(super) struct Reading {
    pub process: Arc<Process>,
    /// The line of the release.
    pub own: Option<Branch>,
    /// Whether the lines are shown before their messages are read.
    pub new: bool,
    /// Where the first answer is the last: how long a fetch before it may take.
    pub once: Option<Duration>,
    /// Whether the remote may be fetched.
    pub fetches: bool,
    pub trusted: bool,
    /// Whether a person asked that it is fetched first.
    pub again: Arc<AtomicBool>,
    pub inbox: UnboundedSender<Event>,
    pub cancel: Cancel,
}

/// What is left to do once git is not held any more.
#[derive(Default)]
pub(super) struct Left {
    /// Commits of picks that were fetched by themselves.
    pub came: usize,
    pub comparing: Option<Comparing>,
    pub due: Due,
}

impl Reading {
    /// Reads the lines; fetches where that is due, and reads them again.
    pub async fn run(&self, git: &mut GitSide) -> Left {
        if let Some(patience) = self.once {
            let fetch = self.fetches.then_some((patience, self.trusted));
            let seen = git.lines_once(&self.process, fetch, &self.inbox, &self.cancel).await;
            let _ = self.inbox.send(saw(seen, Source::Live));
            return Left::default();
        }
        let (own, first) = (self.own.as_ref(), self.new.then_some(&self.inbox));
        let (sighting, mut comparing) = git.lines(&self.process, own, first, &self.cancel).await;
        let failed = matches!(sighting, Sighting::Failed(..));
        let _ = self.inbox.send(saw(sighting, Source::Live));
        let asked = self.again.swap(false, Ordering::Relaxed);
        let mut left = Left { came: 0, comparing: None, due: Due::of(asked) };
        if self.fetches && !failed && (asked || git.fetch_is_due()) {
            left.due = left.due.max(Due::Unread);
            if let Some(why) = git.fetch(self.trusted, &self.cancel).await {
                tell(&self.inbox, vec![unfetched(&why)]);
            } else {
                let (sighting, rest) = git.lines(&self.process, own, None, &self.cancel).await;
                comparing = rest;
                let _ = self.inbox.send(saw(sighting, Source::Live));
            }
            if asked {
                let (count, not) = git.fetch_lacking(self.trusted, &self.cancel).await;
                left.came = count;
                tell(&self.inbox, not);
            }
        }
        Left { comparing, ..left }
    }
}
