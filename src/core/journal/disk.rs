//! What a journal asks of its directory: the seam where tests inject faults.

use super::JournalError;
use super::dir::Dir;
use crate::order::Order as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write as _};

/// One segment of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// From 1.
    pub number: u32,
    /// Bytes in it.
    pub len: u64,
}

impl Segment {
    /// The name of segment `number`: `seg-000001.jsonl`.
    #[must_use]
    pub fn name(number: u32) -> String {
        format!("seg-{number:06}.jsonl")
    }

    /// The number in a segment's name.
    #[must_use]
    pub fn number(name: &str) -> Option<u32> {
        let number = name.strip_prefix("seg-")?.strip_suffix(".jsonl")?.parse().ok()?;
        (number > 0 && Self::name(number) == name).then_some(number)
    }
}

/// Where segments can be read from.
pub trait Source {
    /// The segments, in order.
    ///
    /// # Errors
    /// When they cannot be listed.
    fn segments(&self) -> io::Result<Vec<Segment>>;

    /// Reads a segment from a byte on.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn reader(&self, number: u32, from: u64) -> io::Result<Box<dyn Read + '_>>;
}

/// Where a journal can be written. File names are plain, never paths.
pub trait Disk: Source + Send {
    /// Whether there is such a file.
    ///
    /// # Errors
    /// When the system does not say.
    fn exists(&self, name: &str) -> io::Result<bool>;
    /// Makes an empty file, which must not exist.
    ///
    /// # Errors
    /// When it cannot.
    fn create(&mut self, name: &str) -> io::Result<()>;
    /// Appends all bytes with as few calls as the system allows; on an error, some may have been written.
    ///
    /// # Errors
    /// When not all could be written.
    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;
    /// Cuts a file to a length.
    ///
    /// # Errors
    /// When it cannot.
    fn cut(&mut self, name: &str, len: u64) -> io::Result<()>;
    /// Returns when the file's bytes are durable.
    ///
    /// # Errors
    /// When they may not be.
    fn sync(&mut self, name: &str) -> io::Result<()>;
    /// Returns when the names in the directory are durable.
    ///
    /// # Errors
    /// When they may not be.
    fn sync_names(&mut self) -> io::Result<()>;
    /// Removes a file; one that is missing is fine.
    ///
    /// # Errors
    /// When it cannot.
    fn remove(&mut self, name: &str) -> io::Result<()>;
    /// Bytes that may still be written.
    ///
    /// # Errors
    /// When the system does not say.
    fn free(&self) -> io::Result<u64>;
}

/// A journal's directory on the file system.
#[derive(Debug)]
pub struct DirDisk {
    dir: Dir,
    /// The file written last stays open: opening costs more than appending.
    open: Option<(String, File)>,
}

impl DirDisk {
    /// The disk of a directory.
    #[must_use]
    pub fn new(dir: Dir) -> Self {
        Self { dir, open: None }
    }

    /// The directory.
    #[must_use]
    pub fn dir(&self) -> &Dir {
        &self.dir
    }

    fn file(&mut self, name: &str) -> io::Result<&mut File> {
        let open = match self.open.take() {
            Some(open) if open.0 == name => open,
            _ => (name.to_owned(), self.dir.append(name).map_err(flat)?),
        };
        Ok(&mut self.open.insert(open).1)
    }
}

fn flat(error: JournalError) -> io::Error {
    match error {
        JournalError::Io { source, .. } => io::Error::new(source.kind(), source),
        other => io::Error::other(other),
    }
}

impl Source for DirDisk {
    fn segments(&self) -> io::Result<Vec<Segment>> {
        let mut segments = Vec::new();
        for number in self.dir.names().map_err(flat)?.iter().filter_map(|name| Segment::number(name)) {
            let file = self.dir.read(&Segment::name(number)).map_err(flat)?;
            segments.push(Segment { number, len: file.metadata()?.len() });
        }
        segments.order_by_key(|segment| segment.number);
        Ok(segments)
    }

    fn reader(&self, number: u32, from: u64) -> io::Result<Box<dyn Read + '_>> {
        let mut file = self.dir.read(&Segment::name(number)).map_err(flat)?;
        file.seek(SeekFrom::Start(from))?;
        Ok(Box::new(file))
    }
}

impl Disk for DirDisk {
    fn exists(&self, name: &str) -> io::Result<bool> {
        match self.dir.read(name).map_err(flat) {
            Ok(_) => Ok(true),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(e),
        }
    }

    fn create(&mut self, name: &str) -> io::Result<()> {
        let file = self.dir.create(name).map_err(flat)?;
        self.open = Some((name.to_owned(), file));
        Ok(())
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.file(name)?.write_all(bytes)
    }

    fn cut(&mut self, name: &str, len: u64) -> io::Result<()> {
        self.file(name)?.set_len(len)
    }

    fn sync(&mut self, name: &str) -> io::Result<()> {
        self.file(name)?.sync_data()
    }

    fn sync_names(&mut self) -> io::Result<()> {
        self.dir.sync().map_err(flat)
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        if self.open.as_ref().is_some_and(|open| open.0 == name) {
            self.open = None;
        }
        self.dir.remove(name).map_err(flat)
    }

    fn free(&self) -> io::Result<u64> {
        self.dir.free()
    }
}
