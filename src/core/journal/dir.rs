//! Directories and files that nobody else can reach: every open is checked, no link is followed.

use super::JournalError;
use crate::order::Order as _;
use crate::release::text::shown;
use rustix::fs::{self as sys, AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::borrow::Cow;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

/// Largest file that is opened inside the state directory.
pub const FILE_CAP: u64 = 64 * 1024 * 1024;

/// An open directory. What lies in it is reached from its descriptor, so a parent that is exchanged for a link
/// meanwhile changes nothing.
#[derive(Debug)]
pub struct Dir {
    fd: OwnedFd,
    path: PathBuf,
}

type Result<T> = std::result::Result<T, JournalError>;

impl Dir {
    /// Opens the state directory itself, made if missing. Its parents are the user's own affair; it must be a
    /// directory of this user that nobody else may write to.
    ///
    /// # Errors
    /// When it is not, or the system refuses.
    pub fn root(path: &Path) -> Result<Self> {
        let made = !path.exists();
        if made {
            std::fs::create_dir_all(path).map_err(|e| JournalError::io("make", path, e))?;
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = sys::open(path, flags, Mode::empty()).map_err(|e| refused(path, e))?;
        let dir = Self { fd, path: path.to_owned() };
        if made {
            sys::fchmod(&dir.fd, Mode::RWXU).map_err(|e| JournalError::io("protect", path, e))?;
        }
        dir.owned(Mode::WGRP | Mode::WOTH)?;
        Ok(dir)
    }

    /// Opens a directory in this one, made with mode 0700 if missing.
    ///
    /// # Errors
    /// When it is a link, another user's, or open to others.
    pub fn sub(&self, name: &str) -> Result<Self> {
        let path = self.path.join(name);
        match sys::mkdirat(&self.fd, name, Mode::RWXU) {
            Ok(()) => {
                // The umask may have taken bits away, even the owner's.
                sys::chmodat(&self.fd, name, Mode::RWXU, AtFlags::empty())
                    .map_err(|e| JournalError::io("protect", &path, e))?;
                self.sync()?;
            }
            Err(Errno::EXIST) => {}
            Err(e) => return Err(JournalError::io("make", &path, e)),
        }
        self.existing(name)?.ok_or_else(|| JournalError::io("open", &path, Errno::NOENT))
    }

    /// Opens a directory in this one if there is one.
    ///
    /// # Errors
    /// As [`Dir::sub`].
    pub fn existing(&self, name: &str) -> Result<Option<Self>> {
        let path = self.path.join(name);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match sys::openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => {
                let dir = Self { fd, path };
                dir.owned(Mode::RWXG | Mode::RWXO)?;
                Ok(Some(dir))
            }
            Err(Errno::NOENT) => Ok(None),
            Err(e) => Err(refused(&path, e)),
        }
    }

    fn owned(&self, forbidden: Mode) -> Result<()> {
        let stat = sys::fstat(&self.fd).map_err(|e| JournalError::io("inspect", &self.path, e))?;
        let unsafe_ = |why: Cow<'static, str>| Err(JournalError::Unsafe { path: self.path.clone(), why });
        if stat.st_uid != rustix::process::geteuid().as_raw() {
            return unsafe_("it belongs to another user".into());
        }
        let mode = Mode::from_raw_mode(stat.st_mode);
        if mode.intersects(forbidden) {
            return unsafe_(open_to_others(&self.path, mode, 0o700).into());
        }
        Ok(())
    }

    /// Where it lies, for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// When it is missing, a link, no regular file, linked twice, another user's, open to others, or too large.
    pub fn read(&self, name: &str) -> Result<File> {
        self.open(name, OFlags::RDONLY)
    }

    /// Opens a file for reading and appending.
    ///
    /// # Errors
    /// As [`Dir::read`].
    pub fn append(&self, name: &str) -> Result<File> {
        self.open(name, OFlags::RDWR | OFlags::APPEND)
    }

    /// Makes a file with mode 0600 for reading and appending.
    ///
    /// # Errors
    /// When the name is taken, even by a dangling link, or the system refuses.
    pub fn create(&self, name: &str) -> Result<File> {
        let path = self.path.join(name);
        let flags = OFlags::RDWR
            | OFlags::APPEND
            | OFlags::CREATE
            | OFlags::EXCL
            | OFlags::NOFOLLOW
            | OFlags::CLOEXEC
            | OFlags::NONBLOCK;
        let mode = Mode::RUSR | Mode::WUSR;
        let fd = sys::openat(&self.fd, name, flags, mode).map_err(|e| JournalError::io("make", &path, e))?;
        sys::fchmod(&fd, mode).map_err(|e| JournalError::io("protect", &path, e))?;
        Ok(File::from(fd))
    }

    fn open(&self, name: &str, access: OFlags) -> Result<File> {
        let path = self.path.join(name);
        // Without NONBLOCK a FIFO in the file's place would hold us for ever.
        let flags = access | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let fd = sys::openat(&self.fd, name, flags, Mode::empty()).map_err(|e| refused(&path, e))?;
        let stat = sys::fstat(&fd).map_err(|e| JournalError::io("inspect", &path, e))?;
        let mode = Mode::from_raw_mode(stat.st_mode);
        let why: Cow<'static, str> = if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            "it is no regular file".into()
        } else if stat.st_nlink != 1 {
            "it has more than one name".into()
        } else if stat.st_uid != rustix::process::geteuid().as_raw() {
            "it belongs to another user".into()
        } else if mode.intersects(Mode::RWXG | Mode::RWXO) {
            open_to_others(&path, mode, 0o600).into()
        } else if u64::try_from(stat.st_size).unwrap_or(u64::MAX) > FILE_CAP {
            "it is larger than 64 MiB".into()
        } else {
            return Ok(File::from(fd));
        };
        Err(JournalError::Unsafe { path, why })
    }

    /// The names in the directory, sorted.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn names(&self) -> Result<Vec<String>> {
        let list = || -> rustix::io::Result<Vec<String>> {
            let mut names = Vec::new();
            for entry in sys::Dir::read_from(&self.fd)? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                if name != "." && name != ".." {
                    names.push(name);
                }
            }
            names.order();
            Ok(names)
        };
        list().map_err(|e| JournalError::io("list", &self.path, e))
    }

    /// Gives a file another name, in place of what had it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn rename(&self, from: &str, to: &str) -> Result<()> {
        sys::renameat(&self.fd, from, &self.fd, to)
            .map_err(|e| JournalError::io("rename", &self.path.join(from), e))
    }

    /// Removes a file; one that is missing is fine.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn remove(&self, name: &str) -> Result<()> {
        match sys::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(e) => Err(JournalError::io("remove", &self.path.join(name), e)),
        }
    }

    /// Makes new names durable: without it a power cut loses the whole file, not only its end.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn sync(&self) -> Result<()> {
        sys::fsync(&self.fd).map_err(|e| JournalError::io("sync", &self.path, e))
    }

    /// Writes a small file beside the old one, syncs it and puts it in its place.
    ///
    /// # Errors
    /// When the system refuses; the old file is then untouched.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        use std::io::Write as _;
        let path = self.path.join(name);
        let fresh = format!("{name}.{:016x}.new", random()?);
        let mut file = self.create(&fresh)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        if let Err(e) = written {
            self.remove(&fresh)?;
            return Err(JournalError::io("write", &path, e));
        }
        self.rename(&fresh, name)?;
        self.sync()
    }

    /// Reads a whole file of at most `cap` bytes; nothing when there is none.
    ///
    /// # Errors
    /// As [`Dir::read`].
    pub fn slurp(&self, name: &str, cap: u64) -> Result<Option<Vec<u8>>> {
        use std::io::Read as _;
        let path = self.path.join(name);
        let file = match self.read(name) {
            Ok(file) => file,
            Err(JournalError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(e) => return Err(e),
        };
        let mut bytes = Vec::new();
        file.take(cap + 1).read_to_end(&mut bytes).map_err(|e| JournalError::io("read", &path, e))?;
        if bytes.len() as u64 > cap {
            return Err(JournalError::Unsafe { path, why: "it is larger than such a file can be".into() });
        }
        Ok(Some(bytes))
    }

    /// Bytes that this user may still write to the file system.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn free(&self) -> std::io::Result<u64> {
        let stat = sys::fstatvfs(&self.fd)?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    /// The kind of network file system it lies on, where neither locks nor syncs can be promised.
    #[must_use]
    pub fn network(&self) -> Option<&'static str> {
        network(self.fd.as_fd())
    }
}

/// Linux names file systems by magic numbers (`statfs(2)`).
#[cfg(target_os = "linux")]
fn network(fd: std::os::fd::BorrowedFd) -> Option<&'static str> {
    let magic = sys::fstatfs(fd).ok()?.f_type as u64 & 0xffff_ffff;
    match magic {
        0x6969 => Some("NFS"),
        0xff53_4d42 | 0xfe53_4d42 | 0x517b => Some("SMB"),
        0x0102_1997 => Some("9P"),
        0x00c3_6400 => Some("Ceph"),
        0x5346_414f => Some("AFS"),
        _ => None,
    }
}

#[cfg(not(target_os = "linux"))]
fn network(_: std::os::fd::BorrowedFd) -> Option<&'static str> {
    None
}

fn refused(path: &Path, error: Errno) -> JournalError {
    let why = match error {
        Errno::LOOP => "it is a symbolic link",
        Errno::NOTDIR => "it is no directory",
        Errno::ISDIR => "it is a directory",
        Errno::NXIO => "it is no regular file",
        _ => return JournalError::io("open", path, error),
    };
    JournalError::Unsafe { path: path.to_owned(), why: why.into() }
}

/// That others get in, with the mode that was found, the one that is wanted, and how to set it.
fn open_to_others(path: &Path, found: Mode, wanted: u32) -> String {
    let path = shown(&path.display().to_string(), 400);
    let found = found.bits() & 0o7777;
    format!("its mode {found:04o} lets others in, where {wanted:04o} is wanted: chmod {wanted:o} {path}")
}

/// 64 random bits.
///
/// # Errors
/// When the system has none.
pub(super) fn random() -> Result<u64> {
    getrandom::u64().map_err(|e| {
        let e = std::io::Error::other(e.to_string());
        JournalError::io("draw randomness from", Path::new("the system"), e)
    })
}
