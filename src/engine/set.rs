//! The other releases of the set: what their journals say, read beside the loop, and the set put on record in each.

use super::cockpit::Cockpit;
use super::opening::Session;
use super::{EngineError, Setting, entries};
use crate::journal::dir::Dir;
use crate::journal::place::Clone as Known;
use crate::journal::{Draft, Lock, Place, Verdict};
use crate::release::Release;
use crate::release::entry::Note;
use crate::release::fact::Fact;
use crate::release::ids::{Login, ReleaseName};
use crate::release::session::Sealed;
use crate::release::set::ReleaseSet;
use crate::release::text::shown;
use crate::screen::Mode;
use crate::screen::set::{Member, Stand, names, seen};
use crate::turn::Event;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// A reading of the journals of a set.
pub(super) struct Survey {
    /// A setting for each release that is in the set or was in it, but the one that is open.
    pub others: Vec<Setting>,
    /// The clone.
    pub known: Known,
    /// The set as the release that is open has it on record.
    pub set: ReleaseSet,
    /// Who acts, where it may be put on record in the others.
    pub by: Option<Login>,
    /// What was read of them before.
    pub kept: Shelf,
}

/// A release as its journal says, with why that is not all of it.
type Recorded = (Arc<Release>, Option<String>);

/// What tells one state of a journal from another: the name, the length and the time of each of its files.
type Print = Option<Vec<(String, u64, Option<SystemTime>)>>;

/// The releases of the set as they were read last, each with the print of its journal then.
pub(super) type Shelf = Arc<Mutex<BTreeMap<ReleaseName, (Print, Recorded)>>>;

/// The print of a journal; none where its files cannot be looked at.
fn print(dir: &Dir) -> Print {
    let mut all = vec![];
    for name in dir.names().ok()?.into_iter().filter(|name| name.ends_with(".jsonl")) {
        let meta = dir.read(&name).ok()?.metadata().ok()?;
        all.push((name, meta.len(), meta.modified().ok()));
    }
    Some(all)
}

impl Setting {
    /// The same for another release. The token is the one that was found.
    #[must_use]
    pub fn sibling(&self, release: &ReleaseName, set: Option<Vec<ReleaseName>>) -> Self {
        Self {
            repository: self.repository.clone(),
            state: self.state.clone(),
            cache: self.cache.clone(),
            release: release.clone(),
            set,
            profile: self.profile.clone(),
            process: self.process.clone(),
            written: self.written.clone(),
            note: None,
            host: self.host.clone(),
            repo: self.repo.clone(),
            api: self.api.clone(),
            registries: self.registries.clone(),
            barred: self.barred.clone(),
            token: self.token.clone(),
            find_token: None,
            postings: self.postings.clone(),
            user: self.user.clone(),
            assets: self.assets.clone(),
            demo: self.demo,
            fetches: self.fetches,
        }
    }

    /// The same as [`Setting::recorded`]; a journal that is as it was when it was read last is not read again.
    fn recorded_anew(&self, known: &Known, kept: &Shelf) -> Result<Option<Recorded>, EngineError> {
        let Some(dir) = Place::at(&self.state)?.existing(&known.repo, &self.release, &known.writer)? else {
            return Ok(None);
        };
        // Taken before it is read: what is written meanwhile is read the next time.
        let print = print(&dir);
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = kept.get(&self.release).filter(|(at, _)| print.is_some() && *at == print) {
            return Ok(Some(found.clone()));
        }
        let found = self.recorded(known)?.map(|(release, why)| (Arc::new(release), why));
        if let Some(found) = &found {
            kept.insert(self.release.clone(), (print, found.clone()));
        }
        Ok(found)
    }

    /// The release as its journal says, with why that is not all of it; none where there is no journal.
    pub(super) fn recorded(&self, known: &Known) -> Result<Option<(Release, Option<String>)>, EngineError> {
        let place = Place::at(&self.state)?;
        if place.existing(&known.repo, &self.release, &known.writer)?.is_none() {
            return Ok(None);
        }
        let opening = self.open(known, true, &mut |_| {})?;
        let broken = opening.walked.map(|walked| walked.verdict).filter(|it| !matches!(it, Verdict::Clean));
        Ok(Some((opening.release, broken.map(|it| it.to_string()))))
    }

    /// Which other cockpit has the release open.
    fn held(&self, known: &Known) -> Option<String> {
        let place = Place::at(&self.state).ok()?;
        let dir = place.existing(&known.repo, &self.release, &known.writer).ok()??;
        let holder = Lock::holder(&dir)?;
        (!holder.is_gone && !holder.is_ours).then_some(holder.said)
    }

    /// Puts on record in the journal of this release which set it is in, and nothing else.
    fn enrol(&self, known: &Known, by: &Login) -> Result<(), EngineError> {
        let mut opening = self.open(known, false, &mut |_| {})?;
        let release = std::mem::take(&mut opening.release);
        let mut notes = opening.first_notes(&release, self, known)?;
        notes.push(Note::from(Fact::from(Sealed { note: "set".into() })));
        let mut session = Session::start();
        session.by = by.clone();
        let stamp = session.stamp();
        let drafts: Vec<Draft> = notes.iter().map(entries::draft).collect();
        match (&mut opening.store, opening.note) {
            (Some(store), _) => {
                store.append(&session.envelope(&stamp), &drafts).map(drop).map_err(EngineError::from)
            }
            (None, note) => {
                Err(EngineError::Forge(note.unwrap_or_else(|| "it cannot be written".to_owned())))
            }
        }
    }
}

impl Survey {
    /// Reads each journal, the set put on record first where it is not.
    pub fn run(self) -> Vec<(ReleaseName, Member)> {
        let all = self.others.iter().map(|other| (other.release.clone(), self.member(other)));
        // A release that has left the set is told so, and is no row of it.
        all.filter(|(name, _)| !self.set.left.contains(name)).collect()
    }

    fn member(&self, other: &Setting) -> Member {
        let mut recorded = other.recorded_anew(&self.known, &self.kept);
        let mut lacks = None;
        if let (Some(by), Some(since), Ok(found)) = (&self.by, self.set.since, &recorded) {
            let set = found.as_ref().map(|(release, _)| release.set.clone()).unwrap_or_default();
            let is_other = set.releases != other.set.as_deref().unwrap_or_default();
            // Whoever chose last has the last word.
            if is_other && set.since.is_some_and(|at| at > since) {
                lacks = Some("another set was chosen there later".to_owned());
            } else if is_other {
                lacks = other.enrol(&self.known, by).err().map(|why| shown(&why.to_string(), 200));
                recorded = other.recorded_anew(&self.known, &self.kept);
            }
        }
        // The lock of a journal whose session has ended names who held it last.
        let sealed = matches!(&recorded, Ok(Some((release, _))) if release.is_sealed());
        let stand = match recorded {
            Err(why) => Stand::Unread(shown(&why.to_string(), 200)),
            Ok(None) => Stand::Unopened(None),
            Ok(Some((_, Some(broken)))) => Stand::Unread(shown(&broken, 200)),
            Ok(Some((release, None))) => stand(&release, Utc::now()),
        };
        let held = other.held(&self.known).filter(|_| !sealed);
        Member { held, stand, lacks }
    }
}

/// Where a release stands, that somebody has looked at the world for.
fn stand(release: &Release, now: DateTime<Utc>) -> Stand {
    if release.looks.0.is_empty() && release.given_up().is_none() {
        return Stand::Unopened(release.set.since);
    }
    Stand::Known(Box::new(release.standing(now)))
}

impl Cockpit {
    /// Reads the journals of the other releases of the set. Only who may write puts the set on record in them.
    pub(super) fn survey(&mut self) {
        let (release, screen) = (&self.state.release, &self.state.screen);
        let mut others: Vec<Setting> = vec![];
        let names = names(release, screen);
        for name in names.iter().filter(|name| **name != self.setting.release) {
            others.push(self.setting.sibling(name, Some(names.to_vec())));
        }
        others.extend(release.set.left.iter().map(|name| self.setting.sibling(name, Some(vec![]))));
        let writes = self.scribe.is_some()
            && !screen.options.read_only
            && matches!(screen.mode, Mode::Live | Mode::Demo);
        let by = writes.then(|| self.session.by.clone());
        let set = release.set.clone();
        let Ok(Some(known)) = self.setting.known() else {
            return self.handle(Event::Surveyed(vec![]));
        };
        let kept = self.kept.clone();
        let (survey, inbox) = (Survey { others, known, set, by, kept }, self.inbox.clone());
        tokio::task::spawn_blocking(move || {
            // The receiver lives as long as the release is driven.
            let _ = inbox.send(Event::Surveyed(survey.run()));
        });
    }

    /// What the next release of the sitting knows of this one and the others.
    pub(super) fn handed_on(&mut self) -> crate::screen::set::Members {
        let (release, screen) = (&self.state.release, &self.state.screen);
        let mut set = screen.set.clone();
        let member = Member { stand: stand(release, screen.now), held: None, lacks: None };
        set.known.insert(self.setting.release.clone(), member);
        set.seen.extend(seen(screen).map(|at| (self.setting.release.clone(), at)));
        crate::screen::set::Members { reading: None, again: false, ..set }
    }
}
