//! The git side of the pick queue: what is there already, with what shows it; what the clone itself shows to be wanted;
//! the commits behind each pick.
//!
//! [`Git::picks`] answers all of it in one look over every line. Messages, headers and patch ids are read once for each
//! commit and kept in [`Kept`]; the patch ids also on disk ([`cache::PatchCache`]). No signal suffices alone, so each
//! landing has a grade; the figures are in the documentation of [`super::drift`].

mod ask;
pub mod cache;
mod change;
mod drifting;
mod land;
pub mod owners;
mod patches;
mod read;
pub mod revert;
mod study;
mod twin;
mod wanted;

pub use ask::{AskedPick, Lacking, PicksAsk, PicksFound};
pub use read::Kept;

use super::graph::Graph;
use super::refs::Refs;
use super::{Git, GitError, Repository};
use crate::release::ids::{Branch, Oid};
use crate::release::picks::PickKey;
use crate::spawn::Cancel;
use change::Parts;
use land::Judge;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use study::{Layout, Study};
use twin::Twins;
use wanted::Files;

/// What is judged, and what is still to be read of it.
struct Judged {
    found: PicksFound,
    parts: BTreeMap<PickKey, Parts>,
}

impl Git {
    /// Looks at the picks of all lines. `graph` holds the history of the trunk and the lines ([`Git::lines`] extends
    /// it); `kept` is kept by the caller, so that only new commits are read.
    ///
    /// # Errors
    /// When git fails or is cancelled. What a shallow or partial clone lacks is no failure: it is in the notes.
    pub async fn picks(
        &self,
        at: &Repository,
        graph: Arc<Graph>,
        refs: &Refs,
        ask: &PicksAsk,
        kept: &mut Kept,
        cancel: &Cancel,
    ) -> Result<PicksFound, GitError> {
        let Some(trunk) = refs.branches.get(&ask.trunk).map(|row| row.tip) else {
            return Err(GitError::NoTrunk(refs.no_trunk(&ask.process.branches)));
        };
        let mut names: BTreeSet<&Branch> =
            ask.active.iter().chain(ask.places.iter().map(|place| &place.1)).collect();
        names.remove(&ask.trunk);
        let tips = names.into_iter().filter_map(|name| Some((name.clone(), refs.branches.get(name)?.tip)));
        let tips: Vec<(Branch, Oid)> = tips.collect();
        let trunk = (ask.trunk.clone(), trunk);
        let layout = off_loop(move || Layout::of(graph, trunk, &tips)).await?;
        let layout = layout.ok_or_else(|| GitError::Unreadable {
            command: "rev-list".into(),
            why: "the history of the trunk was not read".into(),
        })?;
        let mut notes = self.read_commits(at, &layout, ask, kept, cancel).await?;
        let files = self.read_files(at, &layout, ask, kept, cancel).await?;
        let elsewhere = self.elsewhere(at, &layout, ask, cancel).await?;
        let (asked, memory) = (ask.clone(), kept.lend());
        let judged = off_loop(move || judge(&layout, &memory, &asked, &files, &elsewhere)).await?;
        let Judged { mut found, parts } = judged;
        notes.append(&mut found.notes);
        notes.extend(self.measure(at, refs, ask, kept, &parts, &mut found, cancel).await?);
        found.notes = notes;
        Ok(found)
    }
}

/// Work that takes the processor for long, beside the loop that draws.
async fn off_loop<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, GitError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| GitError::Unreadable { command: "picks".into(), why: "the look broke off".into() })
}

/// Judges every pick on every line that something is wanted on.
fn judge(
    layout: &Layout,
    memory: &read::Memory,
    ask: &PicksAsk,
    files: &Files,
    elsewhere: &HashSet<Oid>,
) -> Judged {
    let study = Study::of(layout, &memory.commits, &memory.patches);
    let twins = Twins::of(&study);
    let judge = Judge { study: &study, twins: &twins };
    let (wants, notes) = judge.wanted(ask, files);
    let mut picks: BTreeMap<&PickKey, &AskedPick> = ask.picks.iter().map(|pick| (&pick.key, pick)).collect();
    for want in &wants {
        let known = picks.entry(&want.pick.key).or_insert(&want.pick);
        // Where a change was made on a line, that is what the line shows, whatever else names it.
        if want.pick.home.is_some() {
            *known = &want.pick;
        }
    }
    let places = ask.places.iter().cloned();
    let wanted = wants.iter().map(|want| (want.row.pick.clone(), want.row.line.clone()));
    let places: BTreeSet<_> = places.chain(wanted).collect();
    let mut lines: BTreeSet<&Branch> = places.iter().map(|(_, line)| line).collect();
    lines.remove(&ask.trunk);
    let mut judged = Judged { found: PicksFound { notes, ..PicksFound::default() }, parts: BTreeMap::new() };
    for (key, pick) in picks {
        let found = study.parts(pick, |oid| elsewhere.contains(&oid));
        let parts = found.clone().unwrap_or(Parts { commits: Vec::new(), merged: None, problem: None });
        for line in lines.iter().copied().chain([&ask.trunk]) {
            // Nothing is asked of the trunk but what is wanted there.
            if *line != ask.trunk || places.contains(&(key.clone(), line.clone())) {
                judged.found.landings.extend(judge.landing(pick, &parts, line));
            }
        }
        if let (Some(parts), Some(commit)) = (&found, pick.at())
            && parts.commits.is_empty()
            && !(layout.graph.place(commit).is_some() || elsewhere.contains(&commit))
        {
            judged.found.lacking.push(Lacking { commit, pull: key.number() });
        }
        if let Some(parts) = found {
            let mut change = parts.change(key.clone());
            change.reverted = judge.reverted_on_trunk(&parts);
            judged.found.changes.push(change);
            judged.parts.insert(key.clone(), parts);
        }
    }
    judged.found.wanted = wants.into_iter().map(|want| want.row).collect();
    judged
}
