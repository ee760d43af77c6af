//! The cockpit's side of the journal: opened with the first frame, opened again after a failure, followed.

use super::cockpit::Cockpit;
use super::face::Face;
use super::{EngineError, Opening, Setting, entries, system};
use crate::journal::dir::Dir;
use crate::journal::place::Clone as Known;
use crate::journal::{Blobs, JournalError, Scribe, Store, Verdict};
use crate::screen::{Mode, Options};
use crate::turn::{Event, State};
use crate::view::theme::Theme;
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
                system::leave_if_asked(face);
                shown = Instant::now();
            }
        })?
    };
    state.screen.opening = None;
    state.release = std::mem::take(&mut opening.release);
    state.screen.mode = opening.mode;
    crate::screen::rows::remake(&mut state.screen, &state.release);
    face.show(state, theme)?;
    Ok((known, opening))
}

impl Cockpit {
    /// Opens the journal again after it could not be written.
    pub(super) fn reopen(&mut self) {
        let store = self.scribe.take().and_then(Scribe::stop);
        drop(store);
        match self.open_again() {
            Ok(scribe) => {
                self.scribe = Some(scribe);
                self.handle(Event::Recorded(0, vec![]));
            }
            Err(why) => self.handle(Event::Unwritten(0, why.to_string())),
        }
    }

    fn open_again(&self) -> Result<Scribe, EngineError> {
        let dir = Dir::root(&self.journal)?;
        let secrets: Vec<String> = self.setting.token.iter().map(|token| token.expose().to_owned()).collect();
        let store: Result<Store, JournalError> = Store::open(dir, &secrets, &mut |_, _| {});
        Ok(Scribe::start(store?)?)
    }

    /// Takes in what the holder of the journal wrote since.
    pub(super) fn follow(&mut self) {
        let Some((follower, disk)) = &mut self.follower else { return };
        let blobs = Dir::root(&self.journal).and_then(|dir| Blobs::of(&dir)).ok();
        let mut read = vec![];
        let polled = follower.poll(disk, &mut |line, _| read.push(entries::entry(&line, blobs.as_ref())));
        if !read.is_empty() {
            self.handle(Event::Read(read));
        }
        match polled {
            Ok(Verdict::Clean) => {}
            Ok(verdict) => {
                self.follower = None;
                self.handle(Event::Opened(Mode::ReadOnly, Some(format!("no longer followed: {verdict}"))));
            }
            Err(why) => {
                self.follower = None;
                self.handle(Event::Opened(Mode::ReadOnly, Some(format!("no longer followed: {why}"))));
            }
        }
    }
}
