//! The cockpit's side of the journal: opened with the first frame, opened again after a failure, followed.

use super::cockpit::Cockpit;
use super::face::Face;
use super::keyboard::Keyboard;
use super::opening::may_write;
use super::{EngineError, Opening, Setting, entries, system};
use crate::journal::dir::Dir;
use crate::journal::place::Clone as Known;
use crate::journal::{Blobs, JournalError, Lock, Scribe, Store, Verdict};
use crate::release::entry::Entry;
use crate::release::fact::Fact;
use crate::release::profile::Offer;
use crate::screen::notice::Tone;
use crate::screen::{Mode, Options, rows};
use crate::turn::{Event, State};
use crate::view::theme::Theme;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long a journal is read before how far it is is shown, and shown again.
const PROGRESS: Duration = Duration::from_millis(100);
/// Opens the journal and shows what it says. A clone that was open before is opened before the first frame: that
/// takes no git and no network.
pub(super) async fn first_frame(
    setting: &Setting,
    options: &Options,
    state: &mut State,
    face: &mut Face,
    mut keyboard: Option<&mut Keyboard>,
    theme: &Theme,
) -> Result<(Known, Opening), EngineError> {
    let known = match setting.known()? {
        Some(known) if known.release.as_ref() == Some(&setting.release) => known,
        _ => {
            face.show(state, theme)?;
            setting.introduce().await?
        }
    };
    let mut opening = {
        // A long journal says how far it is; a short one is there before anybody could read that.
        let mut shown = Instant::now();
        setting.open(&known, options.read_only, &mut |progress| {
            if shown.elapsed() > PROGRESS {
                state.screen.opening = Some((progress.done, progress.total));
                // A frame that cannot be drawn now is found out by the next.
                let _ = face.show(state, theme);
                system::leave_if_asked(keyboard.as_deref_mut());
                shown = Instant::now();
            }
        })?
    };
    state.screen.opening = None;
    let unopened = opening.unopened(setting, &known).filter(|_| opening.note.is_none());
    state.release = std::mem::take(&mut opening.release);
    state.screen.mode = opening.mode;
    if let Some(unopened) = unopened {
        state.look_on(unopened);
        opening.note =
            Some("this release was never opened here: nothing of what is shown is journaled".into());
    }
    let (release, screen) = state.split();
    rows::refresh(screen, release);
    face.show(state, theme)?;
    // The tabs that are not shown begin with what the journal says, so that what comes in later is news there too.
    let (release, screen) = state.split();
    rows::remake(screen, release);
    Ok((known, opening))
}

impl Cockpit {
    /// Says what a person should know at the start, and takes away what a crash left of operations that are over. Who
    /// only looks on takes nothing away.
    pub(super) fn begun(&mut self, offer: Option<Offer>) {
        if self.scribe.is_some() {
            self.runner.sweep(self.state.release.applied_and_over());
        }
        offer.into_iter().for_each(|offer| self.handle(Event::Offered(Box::new(offer))));
        if let Some(note) = self.setting.note.take() {
            self.handle(Event::Notice(Tone::Plain, note));
        }
    }

    /// Opens the journal again: after it could not be written, or when its holder has left.
    pub(super) fn reopen(&mut self) {
        if self.awaited.is_some() {
            let text = "a token is being looked for; ctrl-x goes on without one".to_owned();
            return self.handle(Event::Notice(Tone::Plain, text));
        }
        let store = self.scribe.take().and_then(Scribe::stop);
        drop(store);
        match self.open_again() {
            Ok((scribe, entries)) => self.take_over(scribe, entries),
            Err(why) if self.state.screen.mode == Mode::ReadOnly => {
                self.handle(Event::Notice(Tone::Warn, why.to_string()));
            }
            Err(why) => self.handle(Event::Unwritten(0, why.to_string())),
        }
    }

    /// Goes on with a journal that was opened again, and with what is in it that was not known here.
    fn take_over(&mut self, scribe: Scribe, entries: Vec<Entry>) {
        // An intent of which nobody heard, or one of another cockpit: this session begins anew, and so it is in doubt.
        let follows = self.follower.take().is_some();
        let unheard = entries.iter().any(|entry| matches!(entry.fact, Fact::Intent(_)));
        if !entries.is_empty() {
            self.handle(Event::Read(entries));
        }
        self.scribe = Some(scribe);
        if self.unbegun.is_empty() && (follows || unheard) {
            let started = super::opening::started(&self.state.release, &self.setting, "clean".to_owned());
            self.unbegun = vec![Fact::from(started).into()];
        }
        let mode = if self.setting.demo { Mode::Demo } else { Mode::Live };
        if self.unbegun.is_empty() {
            self.handle(Event::Recorded(0, vec![]));
        } else {
            self.begin(mode, None);
        }
    }

    /// The journal with a scribe, and the entries in it that are not folded here: a write that failed may be on disk
    /// all the same, and what is true is what is on disk.
    fn open_again(&self) -> Result<(Scribe, Vec<Entry>), EngineError> {
        let dir = Dir::root(&self.journal)?;
        let blobs = Dir::root(&self.journal).and_then(|dir| Blobs::of(&dir)).ok();
        let known = self.state.release.head.map_or(0, |(seq, ..)| seq);
        let (mut entries, census) = (vec![], Mutex::default());
        let read = Store::read(dir, &self.setting.secrets(), &mut |line, _| {
            let entry = entries::counted(&line, blobs.as_ref(), &census);
            if line.seq > known {
                entries.push(entry);
            }
        });
        let store = read.and_then(|read| may_write(census).and_then(|()| read.mend()));
        Ok((Scribe::start(store?)?, entries))
    }

    /// Takes in what the holder of the journal wrote since, and says when the holder has left.
    pub(super) fn follow(&mut self) {
        let Some((follower, disk)) = &mut self.follower else { return };
        let blobs = Dir::root(&self.journal).and_then(|dir| Blobs::of(&dir)).ok();
        let mut read = vec![];
        let polled = follower.poll(disk, &mut |line, _| read.push(entries::entry(&line, blobs.as_ref())));
        if !read.is_empty() {
            self.handle(Event::Read(read));
        }
        let broken = match polled {
            Ok(Verdict::Clean) => return self.watch_holder(),
            Ok(verdict) => verdict.to_string(),
            Err(why) => why.to_string(),
        };
        self.follower = None;
        self.handle(Event::Opened(
            Mode::ReadOnly,
            Some(format!("no longer followed: {broken}; gonogo journal verify says more")),
        ));
    }

    /// Says whether the journal has a holder. It is not taken over by itself: who looks on did not ask for it.
    fn watch_holder(&mut self) {
        if self.state.screen.options.read_only {
            return;
        }
        let holder = Dir::root(&self.journal).ok().and_then(|dir| Lock::holder(&dir));
        let sealed = self.state.release.log.rows.last().is_some_and(|row| &*row.kind == "journal.seal");
        let vacant = sealed || holder.as_ref().is_some_and(|holder| holder.is_gone);
        if vacant == self.vacant {
            return;
        }
        self.vacant = vacant;
        let note = match holder {
            _ if vacant => "the cockpit that held this release has left; r takes the release over".to_owned(),
            Some(holder) => JournalError::Held { holder: holder.said }.to_string(),
            None => "another cockpit holds this release".to_owned(),
        };
        self.handle(Event::Opened(Mode::ReadOnly, Some(note)));
    }
}
