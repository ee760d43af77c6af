//! A disk in memory that can lose power, fill up, and fail any call.

use gonogo::journal::{Disk, Segment, Source};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Arc, Mutex};

/// What goes wrong at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Half of the bytes are written, then the disk is full.
    Full,
    /// The call fails and changes nothing.
    Io,
    /// A sync fails and the pages are dropped: the cache shows what the disk has.
    SyncDrops,
    /// A sync fails and the pages stay in the cache, marked clean: the cache shows what the disk has not.
    SyncKeeps,
}

#[derive(Debug, Clone, Default)]
struct File {
    cache: Vec<u8>,
    durable: Vec<u8>,
    /// Bytes that a later sync will not write, because a failed one marked them clean.
    dropped: bool,
    /// Whether the name survives a power cut.
    named: bool,
}

/// What the disk holds, and what is going to fail.
#[derive(Debug, Default)]
pub struct Inner {
    files: BTreeMap<String, File>,
    /// Calls made so far.
    pub calls: u64,
    /// From which call on, how many calls fail, and how.
    pub fault: Option<(u64, u64, Fault)>,
    /// Bytes that may still be written.
    pub free: Option<u64>,
    /// A wrong policy of a writer, simulated below it.
    pub wrong: Option<Wrong>,
}

/// Mistakes that a store could make; the matrix must notice each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// What a failed write left is not cut off.
    NoCut,
    /// A failed sync is taken for a good one.
    IgnoreSync,
    /// A failed sync is tried again, and the second answer believed.
    RetrySync,
}

/// A disk that outlives its stores.
#[derive(Debug, Clone, Default)]
pub struct World(pub Arc<Mutex<Inner>>);

impl World {
    /// The bytes of a file as a reader sees them.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        self.0.lock().unwrap().files.get(name).map(|file| file.cache.clone()).unwrap_or_default()
    }

    /// Puts a file there, durable.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        let file = File { cache: bytes.to_vec(), durable: bytes.to_vec(), named: true, dropped: false };
        self.0.lock().unwrap().files.insert(name.to_owned(), file);
    }

    /// The names of all files.
    pub fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().files.keys().cloned().collect()
    }

    /// The power goes: what was not synced is lost, but for the first `kept` bytes of each unsynced end, or as
    /// many zeros.
    pub fn cut_power(&self, kept: usize, zeros: bool) {
        let mut inner = self.0.lock().unwrap();
        inner.files.retain(|_, file| file.named);
        for file in inner.files.values_mut() {
            let mut after = file.durable.clone();
            if file.cache.starts_with(&file.durable) {
                let tail = &file.cache[file.durable.len()..];
                let tail = &tail[..kept.min(tail.len())];
                after.extend(tail.iter().map(|b| if zeros { 0 } else { *b }));
            }
            *file = File { cache: after.clone(), durable: after, dropped: false, named: true };
        }
    }
}

/// The disk as a store sees it.
#[derive(Debug)]
pub struct MemDisk(World);

impl MemDisk {
    /// The disk of a world.
    pub fn of(world: &World) -> Self {
        Self(world.clone())
    }

    fn call<T>(&self, act: impl FnOnce(&mut Inner, Option<Fault>) -> io::Result<T>) -> io::Result<T> {
        let mut inner = self.0.0.lock().unwrap();
        inner.calls += 1;
        let calls = inner.calls;
        let fault = inner.fault.filter(|(from, many, _)| (*from..from + many).contains(&calls)).map(|f| f.2);
        act(&mut inner, fault)
    }
}

fn eio() -> io::Error {
    io::Error::from_raw_os_error(5)
}

fn full() -> io::Error {
    io::ErrorKind::StorageFull.into()
}

fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl Source for MemDisk {
    fn segments(&self) -> io::Result<Vec<Segment>> {
        self.call(|inner, fault| match fault {
            Some(Fault::Io) => Err(eio()),
            _ => Ok(inner
                .files
                .iter()
                .filter_map(|(name, file)| {
                    Some(Segment { number: Segment::number(name)?, len: file.cache.len() as u64 })
                })
                .collect()),
        })
    }

    fn reader(&self, number: u32, from: u64) -> io::Result<Box<dyn Read + '_>> {
        self.call(|inner, fault| {
            let file = inner.files.get(&Segment::name(number)).filter(|_| fault != Some(Fault::Io));
            let bytes = file.ok_or_else(eio)?.cache[usize::try_from(from).unwrap()..].to_vec();
            Ok(Box::new(io::Cursor::new(bytes)) as Box<dyn Read>)
        })
    }
}

impl Disk for MemDisk {
    fn exists(&self, name: &str) -> io::Result<bool> {
        self.call(|inner, fault| match fault {
            Some(Fault::Io) => Err(eio()),
            _ => Ok(inner.files.contains_key(name)),
        })
    }

    fn create(&mut self, name: &str) -> io::Result<()> {
        self.call(|inner, fault| match fault {
            Some(Fault::Io) => Err(eio()),
            Some(Fault::Full) => Err(full()),
            _ if inner.files.contains_key(name) => Err(io::ErrorKind::AlreadyExists.into()),
            _ => {
                inner.files.insert(name.to_owned(), File::default());
                Ok(())
            }
        })
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.call(|inner, fault| {
            let room = inner.free.unwrap_or(u64::MAX);
            let file = inner.files.get_mut(name).ok_or_else(missing)?;
            let many = match fault {
                Some(Fault::Io) => return Err(eio()),
                Some(Fault::Full) => bytes.len() / 2,
                _ => bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX)),
            };
            file.cache.extend_from_slice(&bytes[..many]);
            if let Some(free) = &mut inner.free {
                *free -= many as u64;
            }
            if many < bytes.len() { Err(full()) } else { Ok(()) }
        })
    }

    fn cut(&mut self, name: &str, len: u64) -> io::Result<()> {
        self.call(|inner, fault| {
            if fault == Some(Fault::Io) {
                return Err(eio());
            }
            let wrong = inner.wrong == Some(Wrong::NoCut);
            let file = inner.files.get_mut(name).ok_or_else(missing)?;
            if !wrong {
                file.cache.truncate(usize::try_from(len).unwrap());
                file.dropped = false;
            }
            Ok(())
        })
    }

    fn sync(&mut self, name: &str) -> io::Result<()> {
        self.call(|inner, fault| {
            let wrong = inner.wrong;
            let file = inner.files.get_mut(name).ok_or_else(missing)?;
            let failed = match fault {
                Some(Fault::Io | Fault::SyncKeeps) => {
                    file.dropped = true;
                    true
                }
                Some(Fault::SyncDrops) => {
                    file.cache.clone_from(&file.durable);
                    true
                }
                _ => false,
            };
            let believed = matches!(wrong, Some(Wrong::IgnoreSync | Wrong::RetrySync));
            if failed && !believed {
                return Err(eio());
            }
            if !failed && !file.dropped {
                file.durable.clone_from(&file.cache);
            }
            Ok(())
        })
    }

    fn sync_names(&mut self) -> io::Result<()> {
        self.call(|inner, fault| {
            if fault.is_some_and(|fault| fault != Fault::Full) {
                return if inner.wrong == Some(Wrong::IgnoreSync) { Ok(()) } else { Err(eio()) };
            }
            inner.files.values_mut().for_each(|file| file.named = true);
            Ok(())
        })
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.call(|inner, fault| {
            if fault == Some(Fault::Io) {
                return Err(eio());
            }
            let file = inner.files.remove(name);
            if let (Some(file), Some(free)) = (file, &mut inner.free) {
                *free += file.cache.len() as u64;
            }
            Ok(())
        })
    }

    fn free(&self) -> io::Result<u64> {
        Ok(self.0.0.lock().unwrap().free.unwrap_or(u64::MAX))
    }
}
