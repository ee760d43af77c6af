//! Which actions cannot be run now, and why: a disabled key says so.

use crate::release::Release;
use crate::release::reading::{NO_FORGE, NO_FORGE_NEXT};
use crate::screen::keymap::{ACTIONS, Action, Reach};
use crate::screen::{Mode, Screen, set};

/// Why there is no overview of a set.
const NO_SET: &str = "this release is in no set: gonogo open --set opens several together";

/// Works out what is disabled.
pub(super) fn disable(screen: &mut Screen, release: &Release) {
    let mut disabled: Vec<(Action, String)> = vec![];
    for def in ACTIONS {
        if let Some(why) = why_not(screen, release, def.action, def.reach) {
            disabled.push((def.action, why));
        }
    }
    screen.disabled = disabled;
}

fn why_not(screen: &Screen, release: &Release, action: Action, reach: Reach) -> Option<String> {
    if reach != Reach::Eye {
        match screen.mode {
            Mode::Replay => return Some("this is a replay: nothing can be changed".to_owned()),
            Mode::ReadOnly => {
                let why = screen.mode_note.as_deref().unwrap_or("it only looks on");
                let why = if screen.options.read_only { "opened with --read-only" } else { why };
                return Some(format!("read-only: {why}"));
            }
            Mode::Grounded => return Some("the journal cannot be written; r tries again".to_owned()),
            Mode::Opening => return Some("the journal is being read".to_owned()),
            Mode::Live | Mode::Demo => {}
        }
        if screen.options.read_only {
            return Some("read-only: opened with --read-only".to_owned());
        }
    }
    if reach == Reach::Out {
        let auth = release.session.as_ref().map_or("none", |session| &*session.auth);
        let by_git = [Action::CreateBranch, Action::ApplyPicks, Action::CutCandidate, Action::CutFinal];
        if auth == "none" && !by_git.contains(&action) && action != Action::DoStep {
            if release.is_on_no_forge() {
                return Some(format!("{NO_FORGE}: {NO_FORGE_NEXT}"));
            }
            return Some("there is no token: set GONOGO_TOKEN or run gh auth login".to_owned());
        }
    }
    match action {
        Action::Set if set::names(release, screen).is_empty() => Some(NO_SET.to_owned()),
        Action::Undo if release.deeds.is_empty() => Some("there is nothing to take back".to_owned()),
        Action::Redo if release.undone.is_empty() => Some("nothing was taken back".to_owned()),
        Action::Unfinished if release.outbox.in_doubt().count() == 0 && release.outbox.plans.is_empty() => {
            Some("nothing is unfinished".to_owned())
        }
        Action::Process if screen.offer.is_none() => {
            Some("the process that is written down is the recorded one".to_owned())
        }
        Action::Publish if screen.queues.to_publish == 0 => {
            Some("nothing that was decided waits to be published".to_owned())
        }
        Action::ResolvePicks
            if release.picks.resolving.is_empty() && release.outbox.waiting_to_land().is_none() =>
        {
            Some("no picks have stopped on their way".to_owned())
        }
        Action::Cancel if !screen.jobs.iter().any(|job| job.cancel) => Some("no job is under way".to_owned()),
        _ => None,
    }
}
