//! Notes drafted: the ranges from git, then the pull requests from the forge, fifty at a time.

use crate::forge::{Forge, NotesAsk};
use crate::git::apply::FileChange;
use crate::git::{Git, GitError, Repository};
use crate::process::{Audience, NotesFrom};
use crate::release::cut::{BumpVersion, FilePreview};
use crate::release::ids::{OpId, Repo, Tag};
use crate::release::notes::{Draft, Drafted, Order, Part, Pull, Wanted, draft};
use crate::release::text::{Untrusted, shown};
use crate::spawn::Cancel;
use crate::turn::Event;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedSender;

/// Commits of a range that are read at most; what lies behind is left out, and that is said.
pub const MOST: usize = 20_000;
/// Pull requests that one query asks for.
const AT_ONCE: usize = 50;
/// Pull requests that are asked for at most.
pub const PULLS: usize = 2_000;

/// What the forge tells of pull requests, as far as it could be asked, and why no further. `told` hears how many are
/// done.
pub async fn pulls(
    forge: &dyn Forge,
    repo: &Repo,
    numbers: &[u64],
    told: &(dyn Fn(usize, usize) + Sync),
) -> (BTreeMap<u64, Pull>, Option<String>) {
    let mut known = BTreeMap::new();
    let wanted = &numbers[numbers.len().saturating_sub(PULLS)..];
    for (at, some) in wanted.chunks(AT_ONCE).enumerate() {
        told(at * AT_ONCE, wanted.len());
        match forge.pulls(repo, some).await {
            Ok(found) => known.extend(found),
            Err(why) => return (known, Some(shown(&why.say(), 300))),
        }
    }
    told(wanted.len(), wanted.len());
    (known, None)
}

/// Why not all pull requests of a range were told of: the forge said so, or there were too many to ask for.
#[must_use]
pub fn unasked(why: Option<String>, all: usize) -> Option<String> {
    let left = all.saturating_sub(PULLS);
    let cut = (left > 0).then(|| format!("the {left} oldest pull requests were not asked for"));
    why.map(|why| format!("the forge was not asked to the end: {why}")).or(cut)
}

/// Drafts notes and says how far it is; what they come to arrives as an event.
pub(super) async fn run(
    forge: Arc<dyn Forge>,
    inbox: UnboundedSender<Event>,
    repository: Repository,
    (generation, order): (u64, Order),
) {
    let told = |done, all| drop(inbox.send(Event::Noting(generation, done, all)));
    let made = drafts(&order, &repository, &*forge, &told).await;
    let made = made.map_err(|why| Untrusted::from(why.to_string()));
    let _ = inbox.send(Event::Noted(generation, made));
    super::saying::tell_limits(&*forge, None, &inbox);
}

/// Looks what a version changes in files; it arrives as an event.
pub(super) async fn foresee_bump(
    inbox: UnboundedSender<Event>,
    repository: Repository,
    plan: OpId,
    bump: BumpVersion,
) {
    let found = async {
        let git = Git::locate().await?;
        git.foresee_bump(&repository, bump.tip, &bump.edits).await
    };
    let told = |why: GitError| Untrusted::from(why.to_string());
    let seen = |file: FileChange| FilePreview { path: file.path.into(), changes: file.changes };
    let found = found.await.map_err(told).flatten();
    let found = found.map(|files| files.into_iter().map(seen).collect());
    let _ = inbox.send(Event::BumpForeseen(plan, found));
}

/// Drafts notes for each audience.
pub(super) async fn drafts(
    order: &Order,
    repository: &Repository,
    forge: &dyn Forge,
    told: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<Drafted>, GitError> {
    let (git, cancel) = (Git::locate().await?, Cancel::new());
    let mut ranges = vec![];
    let mut numbers = BTreeSet::new();
    for (since, from) in &order.starts {
        let start = from.as_ref().map(|(_, oid)| *oid);
        let gathered = git.gather_notes(repository, start, order.at, MOST, &cancel).await?;
        numbers.extend(gathered.pulls());
        ranges.push((*since, from.as_ref().map(|(tag, _)| tag.clone()), gathered));
    }
    let numbers: Vec<u64> = numbers.into_iter().collect();
    let asks = order.process.notes.from != NotesFrom::Commits && !numbers.is_empty();
    let (known, why) = match &order.repo {
        Some(repo) if asks => pulls(forge, repo, &numbers, told).await,
        _ => (BTreeMap::new(), None),
    };
    let has_inner = order.process.notes.has_internal();
    let audiences = [Audience::External, Audience::Internal];
    let mut all = vec![];
    for audience in audiences.into_iter().filter(|it| *it == Audience::External || has_inner) {
        let mut parts = vec![];
        for (since, from, gathered) in &ranges {
            let mut made = draft(&Wanted {
                process: &order.process,
                gathered,
                pulls: &known,
                since: from.as_ref().map(Tag::as_str),
                tag: order.tag.as_str(),
                audience,
                web: order.web.as_deref(),
            });
            if let Some(why) = &why {
                made.warnings.insert(0, format!("the forge was not asked to the end: {why}"));
            }
            if order.process.notes.from == NotesFrom::Github && !has_inner {
                by_forge(order, from.as_ref(), forge, &mut made).await;
            }
            parts.push(Part::of(*since, from.clone(), &made, parts.is_empty()));
        }
        all.push(Drafted { tag: order.tag.clone(), at: order.at, audience, parts });
    }
    Ok(all)
}

/// Takes the text that the forge writes in place of ours; its lines are shown as they are kept.
async fn by_forge(order: &Order, from: Option<&Tag>, forge: &dyn Forge, made: &mut Draft) {
    let Some(repo) = order.repo.clone() else { return };
    let target = Some(Untrusted::from(order.at.to_string()));
    let ask = NotesAsk { repo, tag: order.tag.clone(), target, previous: from.cloned() };
    match generated(forge, &ask).await {
        Ok(text) => made.text = text,
        Err(why) => made.warnings.insert(0, format!("the forge wrote no notes: {why}")),
    }
}

/// The text that the forge writes, its lines as they are kept; else why it wrote none, safe to show.
pub async fn generated(forge: &dyn Forge, ask: &NotesAsk) -> Result<String, String> {
    let notes = forge.notes(ask).await.map_err(|why| shown(&why.say(), 300))?;
    let lines: Vec<String> = notes.body.raw().lines().map(|line| shown(line, 4000)).collect();
    Ok(format!("{}\n", lines.join("\n")))
}
