//! An announcement as a file: written whole or not at all, never over what somebody else wrote.

use crate::release::announce::Announce;
use crate::release::errand::{Outcome, Status};
use crate::release::text::shown;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where an announcement goes, given the path that the user wrote: `{version}` is filled in.
fn place(path: &str, it: &Announce) -> Result<PathBuf, String> {
    let version = it.version.raw();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    if path.contains("{version}")
        && (version.is_empty() || version.starts_with('.') || !version.chars().all(plain))
    {
        return Err(format!("the version {} is no name of a file", shown(version, 60)));
    }
    let path = PathBuf::from(path.replace("{version}", version));
    if path.is_absolute() { Ok(path) } else { Err("the path is not absolute".to_owned()) }
}

/// Writes it. What is there already with the same text is done; with another it stays as it is.
pub(super) fn write(path: &str, it: &Announce) -> Outcome {
    let not =
        |why: String| Outcome::noted(Status::Failed, format!("{}; nothing was written", shown(&why, 200)));
    let place = match place(path, it) {
        Ok(place) => place,
        Err(why) => return not(why),
    };
    if let Some(found) = there(&place, it) {
        return found;
    }
    let Some(dir) = place.parent() else { return not("the path names no file".to_owned()) };
    let written = tempfile::Builder::new().prefix(".gonogo-").tempfile_in(dir).and_then(|mut file| {
        file.write_all(it.text.raw().as_bytes())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(&place).map_err(|why| why.error)?;
        Ok(())
    });
    match written {
        Ok(()) => done(&place, "written"),
        Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => {
            there(&place, it).unwrap_or_else(|| not(why.to_string()))
        }
        Err(why) => not(format!("{}: {why}", place.display())),
    }
}

/// Looks what became of it. Writes nothing.
pub(super) fn look(path: &str, it: &Announce) -> Outcome {
    match place(path, it) {
        Ok(place) => there(&place, it)
            .unwrap_or_else(|| Outcome::noted(Status::Failed, "the file is not there: it did not happen")),
        Err(why) => Outcome::noted(Status::Unknown, why),
    }
    .by_probe()
}

fn there(place: &Path, it: &Announce) -> Option<Outcome> {
    let wanted = it.text.raw().as_bytes();
    // What is no file may never end, and what is longer is another text.
    let read = std::fs::metadata(place).and_then(|found| {
        let may_be = found.is_file() && found.len() == wanted.len() as u64;
        if may_be { std::fs::read(place).map(Some) } else { Ok(None) }
    });
    match read {
        Ok(Some(text)) if text == wanted => Some(done(place, "it is there")),
        Ok(_) => {
            let said = format!("{} is there with another text; it stays as it is", place.display());
            Some(Outcome::noted(Status::Conflict, shown(&said, 300)))
        }
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => None,
        Err(why) => Some(Outcome::noted(Status::Failed, shown(&format!("{}: {why}", place.display()), 300))),
    }
}

fn done(place: &Path, how: &str) -> Outcome {
    Outcome::noted(Status::Ok, shown(&format!("{how}: {}", place.display()), 300))
}
