//! `gonogo replay`: a journal is read and shown as it happened.

use super::args::{ReplayArgs, Target, Which};
use super::exit::{Exit, Said};
use super::open::{ended, looks};
use super::setup::{Setup, no_repository};
use crate::engine::playback::{Reel, run};
use crate::journal::dir::Dir;
use crate::journal::files::Files;
use crate::journal::{Blobs, Place};
use crate::release::text::shown;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// Shows a journal.
pub async fn replay(args: &ReplayArgs) -> Said {
    let target = Target { release: args.which.release.clone(), ..Target::default() };
    let setup = match Setup::of(args.which.repo.as_deref(), &target, args.look.flags()).and_then(Setup::sound)
    {
        Ok(setup) => setup,
        Err(said) => return said,
    };
    let path = match journal(&setup, &args.which) {
        Ok(path) => path,
        Err(said) => return said,
    };
    let reel = match read(&path) {
        Ok(reel) if reel.is_empty() => {
            return Said::err(
                Exit::Unread,
                format!("{} holds no entry", shown(&path.display().to_string(), 400)),
            );
        }
        Ok(reel) => reel,
        Err(why) => {
            let path = shown(&path.display().to_string(), 400);
            return Said::err(
                Exit::Unread,
                format!("{path} cannot be read: {}", shown(&why.to_string(), 400)),
            );
        }
    };
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return Said::err(Exit::Usage, "a replay needs a terminal; gonogo journal show prints a journal");
    }
    ended(run(reel, setup.loaded.config.options(), looks(&setup)).await.map(|()| vec![]))
}

fn read(path: &Path) -> std::io::Result<Reel> {
    let directory = if path.is_dir() { Some(path) } else { path.parent() };
    let beside = directory.filter(|path| path.join("blobs").is_dir());
    let blobs = beside.and_then(|path| Dir::root(path).ok()).and_then(|dir| Blobs::of(&dir).ok());
    Reel::read(&Files::at(path)?, blobs.as_ref())
}

/// The journal that is meant: the file named, or that of the release that was open last.
fn journal(setup: &Setup, which: &Which) -> Result<PathBuf, Said> {
    if let Some(file) = &which.file {
        return Ok(file.clone());
    }
    let usage = |text: String| Said::err(Exit::Usage, text);
    let none = |why| Said::err(no_repository(why), why.to_string());
    let repository = setup.repository.as_ref().map_err(none)?;
    let found = || -> Result<Option<PathBuf>, crate::journal::JournalError> {
        let place = Place::at(&Place::default_root()?)?;
        let Some(known) = place.lookup_clone(&repository.common_dir)? else { return Ok(None) };
        let named =
            which.release.as_deref().and_then(|name| crate::release::ids::ReleaseName::parse(name).ok());
        let Some(release) = named.or(known.release) else { return Ok(None) };
        Ok(place.existing(&known.repo, &release, &known.writer)?.map(|dir| dir.path().to_owned()))
    };
    match found() {
        Ok(Some(path)) => Ok(path),
        Ok(None) => Err(usage(
            "this repository has no journal yet: gonogo opens one; or name a journal file".to_owned(),
        )),
        Err(why) => Err(Said::err(Exit::Unread, why.to_string())),
    }
}
