//! The thread that owns the store: takes requests, writes them together, acknowledges after the sync.

use super::JournalError;
use super::line::{Draft, Line, Stamp};
use super::store::Store;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// Most requests that share one sync.
const GROUP: usize = 64;

/// Called once, on the writer's thread, when the lines are durable or will never be.
pub type Done = Box<dyn FnOnce(Result<Vec<Line>, JournalError>) + Send>;

/// Makes what is to be recorded, on the writer's thread: thousands of rows are written as JSON there.
pub type Drafts = Box<dyn FnOnce() -> Vec<Draft> + Send>;

enum Request {
    Append { stamp: Stamp, drafts: Drafts, done: Done },
    Saw(u64),
}

/// The way to the journal for those who must not wait for a disk.
pub struct Scribe {
    requests: Sender<Request>,
    thread: JoinHandle<Store>,
}

impl Scribe {
    /// Starts the writer's thread, which owns the store until [`Scribe::stop`].
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(store: Store) -> std::io::Result<Self> {
        let (requests, inbox) = channel();
        let thread =
            std::thread::Builder::new().name("scribe".to_owned()).spawn(move || write(store, &inbox))?;
        Ok(Self { requests, thread })
    }

    /// Asks for a batch to be recorded, and returns at once. `done` gets the sealed lines once they are durable,
    /// or why they are not; requests are recorded in the order of these calls.
    pub fn append(&self, stamp: Stamp, drafts: Drafts, done: Done) {
        let request = Request::Append { stamp, drafts, done };
        if let Err(back) = self.requests.send(request)
            && let Request::Append { done, .. } = back.0
        {
            done(Err(JournalError::Poisoned("the writer has ended".to_owned())));
        }
    }

    /// Takes note of a Lamport time seen in another journal.
    pub fn saw(&self, lam: u64) {
        // Without a writer nothing is recorded any more, so nothing can come too early.
        let _ = self.requests.send(Request::Saw(lam));
    }

    /// Waits until everything asked for is recorded, and gives the store back; nothing when its thread died.
    #[must_use]
    pub fn stop(self) -> Option<Store> {
        drop(self.requests);
        self.thread.join().ok()
    }
}

fn write(mut store: Store, inbox: &Receiver<Request>) -> Store {
    while let Ok(first) = inbox.recv() {
        let mut batches = Vec::new();
        let mut waiting = Vec::new();
        for request in std::iter::once(first).chain(inbox.try_iter()).take(GROUP) {
            match request {
                Request::Append { stamp, drafts, done } => {
                    batches.push((stamp, drafts()));
                    waiting.push(done);
                }
                Request::Saw(lam) => store.saw(lam),
            }
        }
        let results = store.append_all(&batches);
        for (done, result) in waiting.into_iter().zip(results) {
            done(result);
        }
    }
    store
}
