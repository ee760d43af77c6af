//! Reads a journal from its first line on, every line checked, in constant memory.

use super::chain::{At, Break, Chain, Expunge, Verdict, Was};
use super::disk::{Segment, Source};
use super::line::{self, Fault, LINE_CAP, Line, Parsed};
use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read};

/// Most segments in a journal, and with it most bytes: 64 MiB each.
const SEGMENT_CAP: usize = 4096;

/// How far a read has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes read and verified.
    pub done: u64,
    /// Bytes there are.
    pub total: u64,
}

/// What a read found.
#[derive(Debug, Clone)]
pub struct Walked {
    /// The verdict; lines were yielded up to the place it names.
    pub verdict: Verdict,
    /// Where the journal stands after its last good line.
    pub chain: Chain,
    /// The last segment that holds a good line, 0 when there is none.
    pub segment: u32,
    /// Bytes up to the end of the last good line in that segment, its line feed counted.
    pub good: u64,
    /// Bytes over all segments.
    pub total: u64,
}

/// Receives each verified line, in order.
pub type Each<'a> = dyn FnMut(Line, Progress) + 'a;

/// Reads all segments, verifies every line and hands it on.
///
/// A damaged journal is no error: the verified part is handed on and the verdict says where it ends.
///
/// # Errors
/// When the source cannot be read.
pub fn read_all(source: &dyn Source, each: &mut Each<'_>) -> io::Result<Walked> {
    let mut segments = source.segments()?;
    if segments.len() > SEGMENT_CAP {
        return Err(io::Error::other("the journal has more segments than a journal can have"));
    }
    let total = segments.iter().map(|segment| segment.len).sum();
    // A crash between the making of a segment and its first line leaves it empty.
    while segments.len() > 1 && segments.last().is_some_and(|segment| segment.len == 0) {
        segments.pop();
    }
    let mut walk = Walk { source, segments, chain: Chain::default(), total, before: 0, records: None };
    let mut walked = walk.all(each)?;
    if let (Verdict::Clean | Verdict::Torn { .. }, Some(seq)) =
        (&walked.verdict, walked.chain.unallowed.keys().next())
    {
        let at = At { segment: walked.segment, offset: walked.good, seq: *seq };
        walked.verdict = Verdict::Edited { at, why: "its content was removed without a record".to_owned() };
    }
    Ok(walked)
}

struct Walk<'a> {
    source: &'a dyn Source,
    segments: Vec<Segment>,
    chain: Chain,
    total: u64,
    /// Bytes in the segments already read.
    before: u64,
    /// The records of removal, read ahead when the first tombstone is met.
    records: Option<BTreeMap<u64, Expunge>>,
}

impl Walk<'_> {
    fn all(&mut self, each: &mut Each<'_>) -> io::Result<Walked> {
        let mut end = (0, 0);
        let mut verdict = Verdict::Clean;
        for index in 0..self.segments.len() {
            let Segment { number, len } = self.segments[index];
            let at = At { segment: number, offset: 0, seq: self.chain.seq + 1 };
            if usize::try_from(number) != Ok(index + 1) {
                verdict = Verdict::Forked { at, why: "a segment before it is missing".to_owned() };
                break;
            }
            let last = index + 1 == self.segments.len();
            let (good, found) = self.segment(number, len, last, each)?;
            if good > 0 {
                end = (number, good);
            }
            verdict = found;
            if verdict != Verdict::Clean {
                break;
            }
            self.before += len;
        }
        let chain = std::mem::take(&mut self.chain);
        Ok(Walked { verdict, chain, segment: end.0, good: end.1, total: self.total })
    }

    fn segment(
        &mut self,
        number: u32,
        len: u64,
        last: bool,
        each: &mut Each<'_>,
    ) -> io::Result<(u64, Verdict)> {
        let mut pieces = Pieces::new(self.source.reader(number, 0)?, 0, len);
        let mut good = 0;
        while pieces.advance()? {
            let at = At { segment: number, offset: pieces.offset, seq: self.chain.seq + 1 };
            let parsed = match line::parse(&pieces.bytes) {
                Ok(parsed) if pieces.ended || last => parsed,
                Ok(_) => return Ok((good, corrupt(at, "its line feed is missing"))),
                Err(Fault::TooNew(v)) => {
                    return Ok((good, Verdict::TooNew { at, version: v.to_string() }));
                }
                Err(fault) => return Ok((good, bad_line(&mut pieces, at, last, fault)?)),
            };
            if let Err(why) = self.chain.link(&parsed, at.offset == 0) {
                return Ok((good, broken(why, at)));
            }
            good = pieces.offset + pieces.bytes.len() as u64 + u64::from(pieces.ended);
            let line = match parsed {
                Parsed::Whole(line) => *line,
                Parsed::Tombstone { seq, prev, h } => self.removed(number, good, (seq, prev, h))?,
            };
            each(line, Progress { done: self.before + good, total: self.total });
            if !pieces.ended {
                return Ok((
                    good,
                    Verdict::Torn { at: At { offset: good, seq: at.seq + 1, ..at }, bytes: 0 },
                ));
            }
        }
        Ok((good, Verdict::Clean))
    }

    /// What the fold gets in place of a tombstone: the kept body if the record has one.
    fn removed(&mut self, segment: u32, from: u64, stone: (u64, line::Hash, line::Hash)) -> io::Result<Line> {
        let (seq, prev, h) = stone;
        if self.records.is_none() {
            self.records = Some(records(self.source, &self.segments, segment, from)?);
        }
        let record = self.records.as_ref().and_then(|records| records.get(&seq));
        let record = record.filter(|record| record.h == line::hex(&h));
        let lam = self.chain.lam;
        if let Some((Some(was), Some(body))) = record.map(|record| (record.was.clone(), record.keep.clone()))
        {
            let Was { kind, op, ts, mono, ses, by } = was;
            return Ok(Line {
                v: 1,
                seq,
                lam,
                ts,
                mono,
                ses,
                by,
                kind,
                op,
                n: 0,
                body: body.into(),
                prev,
                h,
            });
        }
        let body =
            serde_json::value::RawValue::from_string("{}".to_owned()).map_err(io::Error::other)?.into();
        let by = crate::release::ids::Login::parse("removed").map_err(io::Error::other)?;
        let (kind, ses, ts) =
            (line::EXPUNGED.to_owned(), "0000000000".to_owned(), chrono::DateTime::UNIX_EPOCH);
        Ok(Line { v: 1, seq, lam, ts, mono: 0, ses, by, kind, op: None, n: 0, body, prev, h })
    }
}

/// The records of removal in the rest of a journal. Each seals itself; the walk checks its place later.
fn records(
    source: &dyn Source,
    segments: &[Segment],
    segment: u32,
    from: u64,
) -> io::Result<BTreeMap<u64, Expunge>> {
    let mut records = BTreeMap::new();
    for Segment { number, len } in segments.iter().filter(|s| s.number >= segment) {
        let from = if *number == segment { from } else { 0 };
        let mut pieces = Pieces::new(source.reader(*number, from)?, from, *len);
        while pieces.advance()? {
            let named = pieces.bytes.windows(24).any(|bytes| bytes == br#""kind":"journal.expunge""#);
            if named
                && let Ok(Parsed::Whole(line)) = line::parse(&pieces.bytes)
                && let Ok(record) = line.read::<Expunge>()
            {
                records.insert(record.seq, record);
            }
        }
    }
    Ok(records)
}

fn corrupt(at: At, why: &str) -> Verdict {
    Verdict::Corrupt { at, why: why.to_owned() }
}

fn broken(why: Break, at: At) -> Verdict {
    match why {
        Break::Forked(why) => Verdict::Forked { at, why },
        Break::Edited(why) => Verdict::Edited { at, why },
        Break::TooNew(version) => Verdict::TooNew { at, version },
    }
}

/// The table of recovery, from the first bad line on: what lies behind it decides.
fn bad_line(pieces: &mut Pieces<'_>, at: At, last: bool, fault: Fault) -> io::Result<Verdict> {
    let why = fault.to_string();
    if !last || matches!(fault, Fault::BadJson(_)) {
        return Ok(Verdict::Corrupt { at, why });
    }
    let mut edited = whole_and_wrong(&pieces.bytes, &fault);
    let mut bytes = pieces.taken;
    while pieces.advance()? {
        bytes += pieces.taken;
        match line::parse(&pieces.bytes) {
            Ok(_) | Err(Fault::BadJson(_) | Fault::TooNew(_)) => return Ok(Verdict::Corrupt { at, why }),
            Err(fault) => edited |= whole_and_wrong(&pieces.bytes, &fault),
        }
    }
    Ok(if edited { Verdict::Edited { at, why } } else { Verdict::Torn { at, bytes } })
}

/// A power cut leaves zeros or an unfinished line; a whole line with another hash is somebody's work.
fn whole_and_wrong(bytes: &[u8], fault: &Fault) -> bool {
    *fault == Fault::WrongHash && !bytes.contains(&0)
}

/// Splits a stream at its line feeds.
pub(super) struct Pieces<'a> {
    reader: BufReader<io::Take<Box<dyn Read + 'a>>>,
    /// The piece without its line feed; of one that is too long, only the start.
    pub bytes: Vec<u8>,
    /// Where the piece starts.
    pub offset: u64,
    /// Bytes it takes, its line feed counted.
    pub taken: u64,
    /// Whether a line feed ended it.
    pub ended: bool,
}

impl<'a> Pieces<'a> {
    /// Reads from the byte `from` to the byte `len`, and no further even if the file has grown meanwhile.
    pub(super) fn new(reader: Box<dyn Read + 'a>, from: u64, len: u64) -> Self {
        let reader = BufReader::with_capacity(256 * 1024, reader.take(len.saturating_sub(from)));
        Self { reader, bytes: Vec::with_capacity(1024), offset: from, taken: 0, ended: true }
    }

    /// Goes to the next piece; false at the end.
    pub(super) fn advance(&mut self) -> io::Result<bool> {
        self.offset += self.taken;
        self.bytes.clear();
        let cap = LINE_CAP as u64 + 2;
        let taken = self.reader.by_ref().take(cap).read_until(b'\n', &mut self.bytes)?;
        self.taken = taken as u64;
        self.ended = self.bytes.last() == Some(&b'\n');
        if self.ended {
            self.bytes.pop();
        } else if self.taken == cap {
            self.taken += self.reader.skip_until(b'\n')? as u64;
            self.ended = true;
        }
        Ok(self.taken > 0)
    }
}

/// Reads what another process appends to a journal: a second cockpit that looks on.
#[derive(Debug, Clone, Default)]
pub struct Follower {
    chain: Chain,
    segment: u32,
    offset: u64,
}

impl Follower {
    /// Starts after what a read of the whole has yielded.
    #[must_use]
    pub fn after(walked: &Walked) -> Self {
        Self { chain: walked.chain.clone(), segment: walked.segment.max(1), offset: walked.good }
    }

    /// Yields the lines that were added since. An unfinished line at the end waits for the next call.
    ///
    /// # Errors
    /// When the source cannot be read.
    ///
    /// # Returns
    /// [`Verdict::Clean`] as long as all is well; any other verdict is final, and so is a file that became
    /// shorter than what was read of it.
    pub fn poll(&mut self, source: &dyn Source, each: &mut Each<'_>) -> io::Result<Verdict> {
        let segments = source.segments()?;
        let total = segments.iter().map(|s| s.len).sum();
        self.segment = self.segment.max(1);
        loop {
            let at = At { segment: self.segment, offset: self.offset, seq: self.chain.seq + 1 };
            let Some(segment) = segments.iter().find(|s| s.number == self.segment) else {
                return Ok(Verdict::Clean);
            };
            if segment.len < self.offset {
                let why = "the file is shorter than what was read of it".to_owned();
                return Ok(Verdict::Forked { at, why });
            }
            let verdict = self.added(source, segment.len, total, each)?;
            let more = segments.iter().any(|s| s.number > self.segment && s.len > 0);
            if verdict != Verdict::Clean || !more {
                return Ok(verdict);
            }
            self.segment += 1;
            self.offset = 0;
        }
    }

    fn added(
        &mut self,
        source: &dyn Source,
        len: u64,
        total: u64,
        each: &mut Each<'_>,
    ) -> io::Result<Verdict> {
        let mut pieces = Pieces::new(source.reader(self.segment, self.offset)?, self.offset, len);
        while pieces.advance()? && pieces.ended {
            let at = At { segment: self.segment, offset: pieces.offset, seq: self.chain.seq + 1 };
            let parsed = match line::parse(&pieces.bytes) {
                Ok(parsed) => parsed,
                Err(Fault::TooNew(v)) => return Ok(Verdict::TooNew { at, version: v.to_string() }),
                Err(fault) => return Ok(corrupt(at, &fault.to_string())),
            };
            if let Err(why) = self.chain.link(&parsed, at.offset == 0) {
                return Ok(broken(why, at));
            }
            self.offset = pieces.offset + pieces.taken;
            if let Parsed::Whole(line) = parsed {
                each(*line, Progress { done: self.offset, total });
            }
        }
        Ok(Verdict::Clean)
    }
}
