//! The way into a release: its first frame is there, and its token may still be looked for.

use super::EngineError;
use super::cockpit::Cockpit;
use super::opening::{FindToken, Opening, Reached, Setting};
use super::runner::Runner;
use crate::journal::dir::Dir;
use crate::journal::place::Clone as Known;
use crate::journal::{DirDisk, Follower, Scribe, Tail};
use crate::screen::Mode;
use crate::screen::notice::{Job, JobKind};
use crate::spawn::Cancel;
use crate::turn::Event;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How long the token may take before the keys are heard without it.
const AT_ONCE: Duration = Duration::from_millis(150);

/// A release that is on the screen and not at work yet.
pub(super) struct Entering {
    /// The clone.
    pub known: Known,
    /// Its journal.
    pub opening: Opening,
}

/// The search for the token. It may start a program that asks a person, which is stopped when nobody waits any more.
pub(super) struct Looking {
    found: JoinHandle<Reached>,
    cancel: Cancel,
}

impl Drop for Looking {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl Looking {
    /// Begins to look.
    pub fn begin(find: FindToken) -> Self {
        let cancel = Cancel::new();
        let said = cancel.clone();
        Self { found: tokio::task::spawn_blocking(move || find(said)), cancel }
    }

    /// Gives up: what comes back says so.
    pub fn stop(&self) {
        self.cancel.cancel();
    }

    /// What was found.
    pub async fn ended(&mut self) -> Reached {
        let broken = |_| Reached { at: None, token: Err("looking for a token broke off".to_owned()) };
        (&mut self.found).await.unwrap_or_else(broken)
    }
}

/// What was found, as soon as it is; never where nothing is looked for.
pub(super) async fn ended(awaited: &mut Option<(Looking, Entering)>) -> Reached {
    match awaited {
        Some((looking, _)) => looking.ended().await,
        None => std::future::pending().await,
    }
}

impl Setting {
    /// Looks for the token, once, and waits for it until `deadline`; after it there is none.
    pub async fn settle_token(&mut self, deadline: Instant) {
        let Some(find) = self.find_token.take() else { return };
        let mut looking = Looking::begin(find);
        let found = tokio::time::timeout_at(deadline, looking.ended()).await;
        // Dropped, the search stops what it has started.
        let late = |_| Reached { at: None, token: Err("looking for a token took too long".to_owned()) };
        self.reached(found.unwrap_or_else(late));
    }

    /// Begins to look for the token; gives back a search that takes longer than a blink.
    pub(super) async fn look_for_token(&mut self) -> Option<Looking> {
        let mut looking = Looking::begin(self.find_token.take()?);
        match tokio::time::timeout(AT_ONCE, looking.ended()).await {
            Ok(found) => {
                self.reached(found);
                None
            }
            Err(_) => Some(looking),
        }
    }

    fn reached(&mut self, found: Reached) {
        if let Some((host, api)) = found.at {
            (self.host, self.api) = (Some(host), Some(api));
        }
        self.token = found.token;
    }
}

impl Cockpit {
    /// The release can be looked at until the token is found; nothing is recorded before that, since the first line of
    /// a session says whose it is.
    pub(super) fn wait_for_token(&mut self, looking: Looking, entering: Entering) {
        let since = self.session.stamp().now;
        let text = "looking for a token".to_owned();
        let job = Job { kind: JobKind::Token, text, progress: None, since, cancel: true };
        self.state.screen.jobs.push(job);
        let note = "a token is being looked for (a program may be asking you); ctrl-x goes on without one";
        self.handle(Event::Opened(Mode::ReadOnly, Some(note.to_owned())));
        self.awaited = Some((looking, entering));
    }

    /// The search for the token has ended.
    pub(super) fn token_found(&mut self, found: Reached) -> Result<(), EngineError> {
        self.state.screen.jobs.retain(|job| job.kind != JobKind::Token);
        let Some((_, entering)) = self.awaited.take() else { return Ok(()) };
        self.setting.reached(found);
        self.runner = Runner::new(&self.setting, self.inbox.clone())?;
        self.enter(entering)
    }

    /// Goes to work.
    pub(super) fn enter(&mut self, entering: Entering) -> Result<(), EngineError> {
        let Entering { known, mut opening } = entering;
        if let (Some(store), Ok(token)) = (&mut opening.store, &self.setting.token) {
            store.learn(token.expose());
        }
        if let Some(store) = &opening.store {
            self.unbegun = opening.first_notes(&self.state.release, &self.setting, &known)?;
            opening.note = opening.note.or_else(|| repaired(store.tail()));
        }
        let offer = opening.offer(&self.state.release, &self.setting)?;
        let disk = Dir::root(&self.journal).ok().map(DirDisk::new);
        self.follower = opening.walked.as_ref().map(Follower::after).zip(disk);
        self.scribe = opening.store.take().map(Scribe::start).transpose()?;
        self.begin(opening.mode, opening.note);
        self.begun(offer);
        Ok(())
    }
}

/// What a person must know of a journal that was mended: it stays on the screen.
fn repaired(tail: &Tail) -> Option<String> {
    match tail {
        Tail::Torn { bytes, kept, at } => Some(format!(
            "the end of the journal was torn: {bytes} bytes after entry {} could not be read and are kept in {kept}; \
             look what is missing",
            at.seq.saturating_sub(1)
        )),
        Tail::LineFeedAdded | Tail::Clean => None,
    }
}
