//! The cockpit's side of the journal: opened again after a failure, followed when another cockpit holds it.

use super::cockpit::Cockpit;
use super::{EngineError, entries};
use crate::journal::dir::Dir;
use crate::journal::{Blobs, JournalError, Scribe, Store, Verdict};
use crate::screen::Mode;
use crate::turn::Event;

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
