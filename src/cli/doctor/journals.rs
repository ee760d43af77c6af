//! Where journals lie, and the one of this clone's last release.

use super::Findings;
use crate::cli::setup::Setup;
use crate::git::Repository;
use crate::journal::{DirDisk, JournalError, Place, Verdict, Walked, read_all};
use crate::release::text::shown;

pub(super) fn state(found: &mut Findings, setup: &Setup) {
    let root = match Place::default_root() {
        Ok(root) => root,
        Err(why) => return found.bad("state", why.to_string(), "set HOME or GONOGO_STATE_DIR"),
    };
    let name = root.display().to_string();
    if root.symlink_metadata().is_err() {
        return found.ok("state", format!("{name} is made when a release is opened"));
    }
    let place = match Place::at(&root) {
        Ok(place) => place,
        Err(why) => return found.bad("state", why.to_string(), format!("chmod 700 {}", shown(&name, 200))),
    };
    match place.network() {
        Some(kind) => {
            let text = format!("{name} lies on {kind}: locks and durability cannot be promised there");
            found.warn("state", text, "set GONOGO_STATE_DIR to a local directory");
        }
        None => found.ok("state", name),
    }
    if let Ok(free) = rustix::fs::statvfs(&root).map(|it| it.f_bavail.saturating_mul(it.f_frsize)) {
        let mib = free >> 20;
        if free < 1 << 20 {
            found.bad("disk", "less than 1 MiB is free: nothing can be recorded", "free some space");
        } else if mib < 64 {
            found.warn("disk", format!("{mib} MiB are free"), "free some space");
        } else {
            found.ok("disk", format!("{mib} MiB are free"));
        }
    }
    if let Ok(repository) = &setup.repository {
        journal(found, &place, repository);
    }
}

fn journal(found: &mut Findings, place: &Place, repository: &Repository) {
    let looked = || -> Result<Option<(String, Walked)>, JournalError> {
        let Some(clone) = place.lookup_clone(&repository.common_dir)? else { return Ok(None) };
        let Some(release) = &clone.release else { return Ok(None) };
        let Some(dir) = place.existing(&clone.repo, release, &clone.writer)? else { return Ok(None) };
        let path = dir.path().display().to_string();
        let walked = read_all(&DirDisk::new(dir), &mut |_, _| ());
        let walked = walked.map_err(|why| JournalError::Poisoned(why.to_string()))?;
        Ok(Some((format!("{}, {} entries in {path}", release.line(), walked.chain.seq), walked)))
    };
    match looked() {
        Ok(None) => found.ok("journal", "none yet for this clone"),
        Ok(Some((text, walked))) => match walked.verdict {
            Verdict::Clean => found.ok("journal", format!("{text}: every line is good")),
            verdict @ Verdict::Torn { .. } => {
                found.warn(
                    "journal",
                    format!("{text}: {verdict}"),
                    "the next open mends it and keeps the bytes",
                );
            }
            verdict => found.bad("journal", format!("{text}: {verdict}"), "gonogo journal verify says more"),
        },
        Err(why) => found.bad("journal", why.to_string(), "the state directory must be yours alone"),
    }
}
