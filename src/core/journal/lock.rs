//! One writer at a time: a lock that the kernel frees when its holder dies.

use super::JournalError;
use super::dir::Dir;
use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};

/// The name of the lock file.
const NAME: &str = "lock";

/// Held as long as it lives. The file stays, its text says who holds it now or held it last.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a journal.
    ///
    /// # Errors
    /// [`JournalError::Held`] names the holder by process id, host and start time.
    pub fn take(dir: &Dir) -> Result<Self, JournalError> {
        let path = dir.path().join(NAME);
        let mut file = match dir.append(NAME) {
            Err(JournalError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                match dir.create(NAME) {
                    Ok(file) => file,
                    // Another process made it between the two calls.
                    Err(_) => dir.append(NAME)?,
                }
            }
            other => other?,
        };
        // A process that is just being started has a copy of every open file until it becomes another program, a lock
        // that was given up a moment ago among them.
        let mut tried = file.try_lock();
        for _ in 0..5 {
            if tried.is_ok() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
            tried = file.try_lock();
        }
        match tried {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::Held { holder: holder(&mut file) }),
            Err(TryLockError::Error(e)) => return Err(JournalError::io("lock", &path, e)),
        }
        let started = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let host = host();
        let text = format!("pid {} on {host} since {started}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.write_all(text.as_bytes()))
            .map_err(|e| JournalError::io("write", &path, e))?;
        Ok(Self { _file: file })
    }
}

/// Who holds a journal or held it last, by the text of its lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Process id, host and start time, safe to show.
    pub said: String,
    /// Whether no process of that id runs on this host any more. Of another host nobody can tell.
    pub is_gone: bool,
    /// Whether it is this very process.
    pub is_ours: bool,
}

impl Lock {
    /// Who holds a journal, without touching its lock. None when nobody ever did, or it cannot be read.
    #[must_use]
    pub fn holder(dir: &Dir) -> Option<Holder> {
        let said = holder(&mut dir.append(NAME).ok()?);
        let mut words = said.split(' ');
        let pid = words.nth(1).and_then(|pid| pid.parse().ok()).and_then(rustix::process::Pid::from_raw);
        let here = words.nth(1) == Some(host().as_str());
        // A process of somebody else's may not be signalled, and is there all the same.
        let gone = |pid| rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH);
        let is_ours = here && pid == Some(rustix::process::getpid());
        Some(Holder { is_gone: here && pid.is_some_and(gone), is_ours, said })
    }
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.take(300).read_to_string(&mut text));
    match read {
        Ok(0) | Err(_) => "its process id is not known".to_owned(),
        Ok(_) => crate::release::text::shown(text.trim_end(), 200),
    }
}

/// The machine's name where the kernel shows it as a file.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    if name.trim().is_empty() { "this host".to_owned() } else { crate::release::text::shown(name.trim(), 80) }
}
