//! The terminal's input: waited for without a thread, read only when something is there, let go while it is lent.
//!
//! crossterm's own reader is not used. It looks at the terminal only after an edge of epoll that a wake-up of a dropped
//! `EventStream` can use up, so that a key was seen with the next one only; it waits inside a sequence that is not over;
//! and it goes on reading a terminal that is gone.

use super::decode::{Decoder, Report};
use crate::screen::keys::{Code, Key};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, OwnedFd};
use rustix::io::Errno;
use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// What is typed into the terminal, and what the terminal answers.
pub(super) struct Keyboard {
    tty: OwnedFd,
    /// Waits for the terminal; none while it is lent, so that nothing wakes up here for keys that are another's.
    ready: Option<AsyncFd<OwnedFd>>,
    decoder: Decoder,
    reports: VecDeque<Report>,
}

impl Keyboard {
    /// The terminal that standard input is, or else the one that controls the process.
    ///
    /// # Errors
    /// When there is none.
    pub fn open() -> io::Result<Self> {
        let stdin = rustix::stdio::stdin();
        let tty = if rustix::termios::isatty(stdin) {
            stdin.try_clone_to_owned()?
        } else {
            std::fs::File::open("/dev/tty")?.into()
        };
        Ok(Self { tty, ready: None, decoder: Decoder::default(), reports: VecDeque::new() })
    }

    /// The next report. Nothing is lost when it is no longer waited for.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub async fn next(&mut self) -> io::Result<Report> {
        loop {
            if let Some(report) = self.reports.pop_front() {
                return Ok(report);
            }
            // What is there is read whatever was heard of it: the readiness only ends the wait.
            if self.is_there(Duration::ZERO)? {
                self.read()?;
                continue;
            }
            if self.ready.is_none() {
                self.ready = Some(wait_for(self.tty.try_clone()?)?);
            }
            if let Some(ready) = &self.ready {
                ready.readable().await?.clear_ready();
            }
        }
    }

    /// Lets go of the terminal while somebody else reads it.
    pub fn let_go(&mut self) {
        self.ready = None;
    }

    /// Whether `q` or ctrl-c was pressed so far. Every other key is kept.
    pub fn asks_to_leave(&mut self) -> bool {
        while self.is_there(Duration::ZERO).unwrap_or(false) && self.read().is_ok() {}
        let leaves = [Report::Key(Key::plain(Code::Char('q'))), Report::Key(Key::ctrl('c'))];
        self.reports.iter().any(|report| leaves.contains(report))
    }

    /// Waits for an answer of the terminal's, at most so long, and takes it out of what is typed meanwhile. The last
    /// answer asked for is the one after which no other comes.
    pub fn answer(&mut self, patience: Duration) -> Option<String> {
        let start = Instant::now();
        while !self.reports.contains(&Report::Attributes) {
            let left = patience.checked_sub(start.elapsed())?;
            // A terminal that is gone is found out by who waits for the next key.
            if !self.is_there(left).ok()? {
                return None;
            }
            self.read().ok()?;
        }
        let at = self.reports.iter().position(|it| matches!(it, Report::Background(_)))?;
        match self.reports.remove(at) {
            Some(Report::Background(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether bytes can be read without waiting longer than this.
    fn is_there(&self, patience: Duration) -> io::Result<bool> {
        let wait = Timespec::try_from(patience).map_err(io::Error::other)?;
        let mut fds = [PollFd::new(&self.tty, PollFlags::IN)];
        match poll(&mut fds, Some(&wait)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(why) => return Err(why.into()),
        }
        let found = fds[0].revents();
        // What was typed before a hangup is nobody's word any more.
        if found.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(io::Error::other("the terminal is gone"));
        }
        Ok(found.contains(PollFlags::IN))
    }

    /// Reads once what is there, and decodes it.
    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; 4096];
        let count = match rustix::io::read(self.tty.as_fd(), &mut bytes) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => count,
            Err(Errno::INTR | Errno::AGAIN) => return Ok(()),
            Err(why) => return Err(why.into()),
        };
        let more = self.is_there(Duration::ZERO).unwrap_or(false);
        self.reports.extend(self.decoder.feed(&bytes[..count], more));
        Ok(())
    }
}

#[expect(
    deprecated,
    reason = "what stands in for it is unsafe; a descriptor that is owned stays the same while it lives"
)]
fn wait_for(tty: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(tty, Interest::READABLE)
}
