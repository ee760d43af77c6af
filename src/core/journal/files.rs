//! Journals that somebody hands over: one file, or a directory of segments, wherever it lies.

use super::disk::{Segment, Source};
use crate::order::Order as _;
use rustix::fs::OFlags;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Largest single file that is read as a journal.
const FILE_CAP: u64 = 1024 * 1024 * 1024;

/// The files of a journal outside the state directory. Only regular files are read.
#[derive(Debug)]
pub struct Files {
    segments: Vec<(Segment, PathBuf)>,
}

impl Files {
    /// The journal at a path: a file is its only segment, a directory holds `seg-….jsonl`.
    ///
    /// # Errors
    /// When there is nothing to read, or it is no regular file, or too large.
    pub fn at(path: &Path) -> io::Result<Self> {
        let mut segments = Vec::new();
        if std::fs::metadata(path)?.is_dir() {
            for entry in std::fs::read_dir(path)? {
                let entry = entry?;
                if let Some(number) = entry.file_name().to_str().and_then(Segment::number) {
                    let len = regular(&entry.path())?.metadata()?.len();
                    segments.push((Segment { number, len }, entry.path()));
                }
            }
            segments.order_by_key(|(segment, _)| segment.number);
            if segments.is_empty() {
                return Err(io::Error::new(io::ErrorKind::NotFound, "it holds no segment of a journal"));
            }
        } else {
            let len = regular(path)?.metadata()?.len();
            segments.push((Segment { number: 1, len }, path.to_owned()));
        }
        Ok(Self { segments })
    }
}

fn regular(path: &Path) -> io::Result<File> {
    // Opening a FIFO or a device must neither wait nor read without end.
    let flags = (OFlags::NONBLOCK | OFlags::CLOEXEC).bits();
    let file = OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    if meta.len() > FILE_CAP {
        return Err(io::Error::other("it is larger than 1 GiB"));
    }
    Ok(file)
}

impl Source for Files {
    fn segments(&self) -> io::Result<Vec<Segment>> {
        Ok(self.segments.iter().map(|(segment, _)| segment.clone()).collect())
    }

    fn reader(&self, number: u32, from: u64) -> io::Result<Box<dyn Read + '_>> {
        let found = self.segments.iter().find(|(segment, _)| segment.number == number);
        let (_, path) = found.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let mut file = regular(path)?;
        file.seek(SeekFrom::Start(from))?;
        Ok(Box::new(file.take(FILE_CAP)))
    }
}
