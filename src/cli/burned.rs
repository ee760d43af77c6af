//! Numbers that were used once and are gone, as the journals of this clone know them: they are never proposed again.

use crate::engine::playback::Reel;
use crate::git::{Refs, Repository};
use crate::journal::dir::Dir;
use crate::journal::files::Files;
use crate::journal::{Blobs, JournalError, Place};
use crate::process::Process;
use crate::release::Release;
use crate::version::{Version, classify};
use std::path::Path;

/// The versions of tags that a journal of this clone knows and that are not there any more. A journal that cannot be
/// read says nothing.
pub(super) fn burned(process: &Process, repository: &Repository, refs: &Refs) -> Vec<Version> {
    let mut burned: Vec<Version> = vec![];
    for release in releases(repository).unwrap_or_default() {
        let pushed = |tag| release.cuts.0.get(tag).is_none_or(|made| made.pushed);
        let known = release.candidates.tags.keys().filter(|tag| pushed(tag));
        let gone = known.chain(release.candidates.burned.keys()).filter(|tag| !refs.tags.contains_key(tag));
        burned.extend(gone.filter_map(|tag| classify(&process.version, tag.as_str()).version));
    }
    burned
}

fn releases(repository: &Repository) -> Result<Vec<Release>, JournalError> {
    let place = Place::at(&Place::default_root()?)?;
    let Some(clone) = place.lookup_clone(&repository.common_dir)? else { return Ok(vec![]) };
    let mut all = vec![];
    for name in place.releases(&clone.repo, &clone.writer)? {
        let Some(dir) = place.existing(&clone.repo, &name, &clone.writer)? else { continue };
        all.extend(read(dir.path()));
    }
    Ok(all)
}

fn read(path: &Path) -> Option<Release> {
    let blobs = Some(path).filter(|path| path.join("blobs").is_dir());
    let blobs = blobs.and_then(|path| Dir::root(path).ok()).and_then(|dir| Blobs::of(&dir).ok());
    let reel = Reel::read(&Files::at(path).ok()?, blobs.as_ref()).ok()?;
    Some(reel.release(reel.len()))
}
