//! The end of a journal as a crash left it: found, and then recovered by who may write.

use super::JournalError;
use super::chain::{At, Verdict};
use super::disk::{Disk, Segment};
use super::lock::Lock;
use super::read::Walked;
use super::redact::Redactor;
use super::store::{Result, Store, Tail};
use std::path::PathBuf;

/// A journal that this process alone may write, read to its end and not touched yet.
pub struct Unmended {
    pub(super) disk: Box<dyn Disk>,
    pub(super) lock: Option<Lock>,
    pub(super) redactor: Redactor,
    pub(super) path: PathBuf,
    pub(super) walked: Walked,
}

impl Unmended {
    /// Recovers a torn tail: a missing line feed is added, and the bytes of an unfinished line are set aside.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn mend(self) -> Result<Store> {
        let Self { mut disk, lock, redactor, path, walked } = self;
        let io = |e: std::io::Error| JournalError::io("repair", &path, e);
        let mut good = walked.good;
        let tail = match walked.verdict {
            Verdict::Torn { at, bytes: 0 } => {
                let name = Segment::name(at.segment);
                disk.append(&name, b"\n").and_then(|()| disk.sync(&name)).map_err(io)?;
                good += 1;
                Tail::LineFeedAdded
            }
            Verdict::Torn { at, bytes } => {
                let kept = set_aside(disk.as_mut(), at, bytes).map_err(io)?;
                Tail::Torn { at, bytes, kept }
            }
            _ => Tail::Clean,
        };
        let at = (walked.chain, walked.segment, good);
        Ok(Store::ready(disk, lock, redactor, at, tail))
    }
}

/// Copies the bytes of an unfinished line to a file of their own, then cuts them off.
fn set_aside(disk: &mut dyn Disk, at: At, bytes: u64) -> std::io::Result<String> {
    use std::io::Read as _;
    let name = Segment::name(at.segment);
    let mut kept = format!("{name}.torn-{}", at.offset);
    let mut again = 1;
    while disk.exists(&kept)? {
        again += 1;
        kept = format!("{name}.torn-{}-{again}", at.offset);
    }
    let mut torn = Vec::new();
    disk.reader(at.segment, at.offset)?.take(bytes).read_to_end(&mut torn)?;
    disk.create(&kept)?;
    disk.append(&kept, &torn)?;
    disk.sync(&kept)?;
    disk.sync_names()?;
    disk.cut(&name, at.offset)?;
    disk.sync(&name)?;
    Ok(kept)
}
