//! The journal opened for writing: recovers the tail, then appends whole batches or nothing.

use super::chain::{At, Chain, Verdict};
use super::dir::{self, Dir};
use super::disk::{DirDisk, Disk, Segment};
use super::line::{self, Draft, LINE_CAP, Line, Stamp};
use super::lock::Lock;
use super::mend::Unmended;
use super::read::{Each, read_all};
use super::redact::Redactor;
use super::{JournalError, strict};
use serde_json::value::RawValue;
use std::path::PathBuf;
use std::sync::Arc;

/// A segment that has grown beyond this is closed at the next batch.
pub const SEGMENT_SIZE: u64 = 8 * 1024 * 1024;
/// Bytes kept in reserve, so that outcomes still fit on a full disk.
const RESERVE: usize = 256 * 1024;
/// The file that holds them.
const RESERVE_NAME: &str = "reserve";
/// Below this much free space the user is warned.
pub const SPACE_WARN: u64 = 64 * 1024 * 1024;
/// Below this much free space no new intent is taken.
pub const SPACE_STOP: u64 = 1024 * 1024;

pub(super) type Result<T> = std::result::Result<T, JournalError>;

/// What opening found at the end of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tail {
    /// Nothing unusual.
    Clean,
    /// The last line feed was missing and was added.
    LineFeedAdded,
    /// Bytes of an unfinished line were moved aside.
    Torn {
        /// Where the good part ends.
        at: At,
        /// Bytes moved.
        bytes: u64,
        /// The file that keeps them.
        kept: String,
    },
}

/// A journal that this process alone writes.
pub struct Store {
    disk: Box<dyn Disk>,
    _lock: Option<Lock>,
    redactor: Redactor,
    chain: Chain,
    /// The segment written to, 0 before there is one.
    segment: u32,
    /// Bytes in it that are known to be good.
    good: u64,
    poisoned: Option<String>,
    reserved: Option<bool>,
    rotate_at: u64,
    tail: Tail,
}

/// One request to append: who and when, and what.
pub type Batch = (Stamp, Vec<Draft>);

impl Store {
    /// Takes the lock, reads and verifies everything, and recovers a torn tail.
    ///
    /// Each verified line goes to `each`, also when the journal then turns out to be damaged.
    ///
    /// # Errors
    /// As [`Store::read`] and [`Unmended::mend`].
    pub fn open(dir: Dir, secrets: &[String], each: &mut Each<'_>) -> Result<Self> {
        Self::read(dir, secrets, each)?.mend()
    }

    /// Takes the lock, reads and verifies everything, and changes nothing: who may not write to the journal, because
    /// a line in it is of a newer program, leaves its end as that program left it.
    ///
    /// # Errors
    /// [`JournalError::Held`] before anything was read; [`JournalError::Damaged`] and
    /// [`JournalError::TooNew`] after the verified part was read; others when the system refuses.
    pub fn read(dir: Dir, secrets: &[String], each: &mut Each<'_>) -> Result<Unmended> {
        let lock = Lock::take(&dir)?;
        let redactor = Redactor::of(&dir, secrets)?;
        let path = dir.path().to_owned();
        Self::read_on(Box::new(DirDisk::new(dir)), Some(lock), redactor, path, each)
    }

    /// [`Store::open`] over any disk; `lock` is held as long as the store lives.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn on(
        disk: Box<dyn Disk>,
        lock: Option<Lock>,
        redactor: Redactor,
        each: &mut Each<'_>,
    ) -> Result<Self> {
        Self::read_on(disk, lock, redactor, PathBuf::new(), each)?.mend()
    }

    fn read_on(
        disk: Box<dyn Disk>,
        lock: Option<Lock>,
        redactor: Redactor,
        path: PathBuf,
        each: &mut Each<'_>,
    ) -> Result<Unmended> {
        let walked = read_all(disk.as_ref(), each).map_err(|e| JournalError::io("read", &path, e))?;
        match walked.verdict {
            Verdict::Clean | Verdict::Torn { .. } => Ok(Unmended { disk, lock, redactor, path, walked }),
            Verdict::TooNew { version, .. } => Err(JournalError::TooNew(version)),
            verdict => Err(JournalError::Damaged(verdict)),
        }
    }

    /// A store whose journal is whole up to `good` in its last segment.
    pub(super) fn ready(
        disk: Box<dyn Disk>,
        lock: Option<Lock>,
        redactor: Redactor,
        (chain, segment, good): (Chain, u32, u64),
        tail: Tail,
    ) -> Self {
        let (poisoned, reserved, rotate_at) = (None, None, SEGMENT_SIZE);
        Self { disk, _lock: lock, redactor, chain, segment, good, poisoned, reserved, rotate_at, tail }
    }

    /// Keeps one more secret out of the journal: one that was found after it was opened.
    pub fn learn(&mut self, secret: &str) {
        self.redactor.learn(secret);
    }

    /// Closes segments at another size; for tests, which cannot write 8 MiB each time.
    #[must_use]
    pub fn rotating_at(mut self, bytes: u64) -> Self {
        self.rotate_at = bytes;
        self
    }

    /// What opening found at the end.
    #[must_use]
    pub fn tail(&self) -> &Tail {
        &self.tail
    }

    /// Where the journal stands.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Why nothing more is written, if so.
    #[must_use]
    pub fn poisoned(&self) -> Option<&str> {
        self.poisoned.as_deref()
    }

    /// Bytes free on the journal's file system, for the warning below [`SPACE_WARN`].
    #[must_use]
    pub fn free(&self) -> Option<u64> {
        self.disk.free().ok()
    }

    /// Takes note of a Lamport time seen in another journal: what is recorded from now on comes after it.
    pub fn saw(&mut self, lam: u64) {
        self.chain.lam = self.chain.lam.max(lam);
    }

    /// Appends a batch: one write, one sync. Returns the lines as sealed, in order.
    ///
    /// The first draft of an empty journal must be a `journal.open`. When a new segment starts, the lines begin
    /// with its repeated `journal.open`.
    ///
    /// # Errors
    /// Nothing of the batch is in the journal then, except after [`JournalError::Poisoned`], when nobody knows.
    pub fn append(&mut self, stamp: &Stamp, drafts: &[Draft]) -> Result<Vec<Line>> {
        let batch = (stamp.clone(), drafts.to_vec());
        self.append_all(std::slice::from_ref(&batch)).pop().unwrap_or(Ok(Vec::new()))
    }

    /// Appends several batches with one write and one sync. A batch that does not fit the format fails alone.
    pub fn append_all(&mut self, batches: &[Batch]) -> Vec<Result<Vec<Line>>> {
        if let Some(why) = &self.poisoned {
            return batches.iter().map(|_| Err(JournalError::Poisoned(why.clone()))).collect();
        }
        let low = self.disk.free().is_ok_and(|free| free < SPACE_STOP);
        let before = self.chain.clone();
        let mut bytes = Vec::new();
        let rotate = self.segment == 0 || self.good >= self.rotate_at;
        let mut opening = if rotate && self.segment > 0 { self.reopening(batches, &mut bytes) } else { None };
        let mut sealed: Vec<Result<Vec<Line>>> =
            batches.iter().map(|batch| self.seal_batch(batch, low, &mut bytes)).collect();
        if sealed.iter().all(Result::is_err) || bytes.is_empty() {
            self.chain = before;
            return sealed;
        }
        let intents =
            batches.iter().zip(&sealed).filter(|(_, s)| s.is_ok()).any(|(b, _)| first_intent(b).is_some());
        match self.write(&bytes, rotate, low, intents) {
            Ok(()) => {
                if let (Some(line), Some(Ok(lines))) = (opening.take(), sealed.iter_mut().find(|s| s.is_ok()))
                {
                    lines.insert(0, line);
                }
            }
            Err(error) => {
                self.chain = before;
                for result in sealed.iter_mut().filter(|s| s.is_ok()) {
                    *result = Err(error.clone());
                }
            }
        }
        sealed
    }

    /// The line that repeats `journal.open` at the start of a new segment.
    fn reopening(&mut self, batches: &[Batch], bytes: &mut Vec<u8>) -> Option<Line> {
        let body = RawValue::from_string(self.chain.opening.clone()?.into_text()).ok()?;
        let draft = Draft { kind: "journal.open".to_owned(), op: None, body };
        self.seal(&batches.first()?.0, &draft, bytes).ok()
    }

    fn seal_batch(&mut self, (stamp, drafts): &Batch, low: bool, bytes: &mut Vec<u8>) -> Result<Vec<Line>> {
        if let (true, Some(kind)) = (low, first_intent(&(stamp.clone(), drafts.clone()))) {
            return Err(JournalError::NoSpace { kind });
        }
        let (before, length) = (self.chain.clone(), bytes.len());
        let sealed = drafts.iter().map(|draft| self.seal(stamp, draft, bytes)).collect();
        if Result::is_err(&sealed) {
            self.chain = before;
            bytes.truncate(length);
        }
        sealed
    }

    /// The one gate: what passes here is redacted, checked, hashed, and only then written.
    fn seal(&mut self, stamp: &Stamp, draft: &Draft, bytes: &mut Vec<u8>) -> Result<Line> {
        let bad = |why| Err(JournalError::BadDraft { kind: draft.kind.clone(), why });
        if !line::fine_kind(&draft.kind) || draft.kind == line::EXPUNGED {
            return bad("its kind is no dotted name");
        }
        if !line::fine_session(&stamp.ses) {
            return bad("its session is no ULID");
        }
        if self.chain.seq == 0 && draft.kind != "journal.open" {
            return bad("a journal starts with journal.open");
        }
        let body = self.redactor.body(&draft.body);
        if !body.get().starts_with('{') || body.get().contains('\n') {
            return bad("its body is no JSON object on one line");
        }
        if let Err(why) = strict::check(body.get()) {
            return bad(why);
        }
        let mut line = Line {
            v: line::VERSION,
            seq: self.chain.seq + 1,
            lam: self.chain.lam + 1,
            ts: stamp.ts,
            mono: stamp.mono,
            ses: stamp.ses.clone(),
            by: stamp.by.clone(),
            kind: draft.kind.clone(),
            op: draft.op.clone(),
            n: dir::random()?,
            body: body.into(),
            prev: self.chain.head,
            h: line::Hash::default(),
        };
        let text = line.seal();
        if text.len() > LINE_CAP {
            return bad("it is longer than 64 KiB");
        }
        let linked = self.chain.link(&line::Parsed::Whole(Box::new(line.clone())), self.chain.seq == 0);
        if linked.is_err() {
            return bad("it does not follow the lines before it");
        }
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(b'\n');
        Ok(line)
    }

    fn write(&mut self, bytes: &[u8], rotate: bool, low: bool, intents: bool) -> Result<()> {
        self.keep_reserve();
        if low {
            self.spend_reserve();
        }
        let (number, from) = if rotate { (self.segment + 1, 0) } else { (self.segment, self.good) };
        let name = Segment::name(number);
        let mut written = self.start(&name, rotate).and_then(|()| self.disk.append(&name, bytes));
        if written.is_err() && !intents && self.spend_reserve() {
            // Outcomes of what already happened must fit: try again with the ballast thrown out.
            self.undo(&name, from)?;
            written = self.start(&name, rotate).and_then(|()| self.disk.append(&name, bytes));
        }
        if let Err(error) = written {
            self.undo(&name, from)?;
            return Err(JournalError::NotWritten(Arc::new(error)));
        }
        let synced =
            self.disk.sync(&name).and_then(|()| if rotate { self.disk.sync_names() } else { Ok(()) });
        if let Err(error) = synced {
            // A failed sync is never tried again: the system may have dropped the pages and would say yes.
            // What was not acknowledged is cut off, so that nobody reads from the cache what the disk has not.
            let _ = self.disk.cut(&name, from);
            return Err(self.poison(format!("the sync failed: {error}")));
        }
        self.segment = number;
        self.good = from + bytes.len() as u64;
        Ok(())
    }

    /// Makes a new segment's file, unless a crash or an earlier failure left an empty one.
    fn start(&mut self, name: &str, rotate: bool) -> std::io::Result<()> {
        if rotate && !self.disk.exists(name)? { self.disk.create(name) } else { Ok(()) }
    }

    /// Takes back what a failed write left.
    fn undo(&mut self, name: &str, from: u64) -> Result<()> {
        match self.disk.exists(name) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => return Err(self.poison(format!("a failed write could not be undone: {error}"))),
        }
        self.disk
            .cut(name, from)
            .map_err(|error| self.poison(format!("a failed write could not be undone: {error}")))
    }

    fn poison(&mut self, why: String) -> JournalError {
        self.poisoned = Some(why.clone());
        JournalError::Poisoned(why)
    }

    /// Lays in the ballast once, when there is room. It is a convenience: no failure of it matters.
    fn keep_reserve(&mut self) {
        if self.reserved.is_some() {
            return;
        }
        let there = self.disk.exists(RESERVE_NAME).unwrap_or(false);
        let room = self.disk.free().is_ok_and(|free| free >= SPACE_WARN);
        let laid = there || (room && self.lay_reserve().is_ok());
        self.reserved = Some(laid);
    }

    fn lay_reserve(&mut self) -> std::io::Result<()> {
        self.disk.create(RESERVE_NAME)?;
        let laid = self.disk.append(RESERVE_NAME, &vec![0; RESERVE]);
        if laid.is_err() {
            self.disk.remove(RESERVE_NAME)?;
        }
        laid
    }

    fn spend_reserve(&mut self) -> bool {
        let spent = self.reserved == Some(true) && self.disk.remove(RESERVE_NAME).is_ok();
        if spent {
            self.reserved = Some(false);
        }
        spent
    }

    /// A JSON body from a value.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn body<T: serde::Serialize>(value: &T) -> std::result::Result<Box<RawValue>, serde_json::Error> {
        serde_json::value::to_raw_value(value)
    }
}

fn first_intent((_, drafts): &Batch) -> Option<String> {
    drafts.iter().find(|draft| draft.kind.contains(".intent")).map(|draft| draft.kind.clone())
}
