//! What changed between two commits, for release notes: each change with the pull request that brought it.

use super::GitError;
use super::commit::{Commit, FORMAT, Mention, commit_of};
use super::find::Repository;
use super::read::Fields;
use super::run::{Git, checked, lossy};
use crate::release::ids::Oid;
use crate::release::notes::{Change, Gathered, Reverts};
use crate::release::text::Untrusted;
use crate::spawn::{Call, Cancel};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A commit with the text below its subject.
struct Told {
    commit: Commit,
    body: String,
}

/// Where a change came from: the merge, and the number that it names.
#[derive(Clone, Copy)]
struct By {
    place: usize,
    number: u64,
}

impl Git {
    /// The changes in `to` that are not in `from`, newest first, at most so many.
    ///
    /// Left out are merges, commits whose patch `from` has too ([`Git::changes_since`]), and commits that one of `from`
    /// says to bring: `(cherry picked from commit …)`, `(backport #12)`.
    ///
    /// # Errors
    /// When git fails, or `cancel` says so.
    pub async fn gather_notes(
        &self,
        at: &Repository,
        from: Option<Oid>,
        to: Oid,
        cap: usize,
        cancel: &Cancel,
    ) -> Result<Gathered, GitError> {
        let told = self.told(at, from, to, cap + 1, cancel).await?;
        let is_cut = told.len() > cap;
        let told = &told[..told.len().min(cap)];
        let fresh = self.changes_since(at, from, to, i32::MAX as usize).await?;
        let fresh: HashSet<Oid> = fresh.into_iter().collect();
        let there = match from {
            Some(from) => There::of(&self.told(at, Some(to), from, cap, cancel).await?),
            None => There::default(),
        };
        let known = match from {
            Some(from) if !at.shallow => Some(self.authors(at, from, cancel).await?),
            _ => None,
        };
        let brought = brought_by(told);
        let mut gathered = Gathered { is_cut, is_shallow: at.shallow, ..Gathered::default() };
        for (place, it) in told.iter().enumerate().filter(|(_, it)| !it.commit.is_merge()) {
            if !fresh.contains(&it.commit.oid) {
                gathered.same_patch += 1;
                continue;
            }
            let by = brought[place];
            let merge = by.map(|by| &told[by.place].commit);
            if there.has(&it.commit, by.map(|by| by.number)) {
                gathered.said_there += 1;
                continue;
            }
            let is_new = known.as_ref().map(|known| !known.has(&it.commit));
            gathered.changes.push(change(it, by, merge, is_new));
        }
        gathered.titles = titles(told);
        self.find_originals(at, &mut gathered, cancel).await?;
        Ok(gathered)
    }

    /// The commits of a range, newest first, no parent before its children.
    async fn told(
        &self,
        at: &Repository,
        from: Option<Oid>,
        to: Oid,
        cap: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Told>, GitError> {
        let range = from.map_or_else(|| to.to_string(), |from| format!("{from}..{to}"));
        let call = self
            .read(at, "log")
            .args(["--topo-order", "--no-show-signature", "--no-patch", "--no-notes", FORMAT])
            .arg(format!("--max-count={cap}"))
            .arg("--end-of-options")
            .arg(range);
        told(&call, cancel).await
    }

    /// Who wrote anything in the history of a commit.
    async fn authors(&self, at: &Repository, from: Oid, cancel: &Cancel) -> Result<Known, GitError> {
        let call = self
            .read(at, "log")
            .args(["--no-show-signature", "--no-patch", "--format=%aN%x00%aE%x00", "--end-of-options"])
            .arg(from.to_string());
        let answer = lossy(checked(call.run(cancel).await?, "log")?);
        let mut fields = Fields::of(&answer, "log");
        let mut known = Known::default();
        while fields.more() {
            known.names.insert(fields.next()?.trim_start_matches('\n').to_lowercase());
            known.addresses.insert(fields.next()?.to_lowercase());
        }
        Ok(known)
    }

    /// Of changes that name the commit they were picked from and no pull request, the one that brought that commit.
    async fn find_originals(
        &self,
        at: &Repository,
        gathered: &mut Gathered,
        cancel: &Cancel,
    ) -> Result<(), GitError> {
        let is_open = |it: &&mut Change| it.of.is_empty() && !it.picked_from.is_empty();
        let asked: Vec<Oid> = gathered
            .changes
            .iter_mut()
            .filter(is_open)
            .filter_map(|it| it.picked_from.first().copied())
            .collect();
        if asked.is_empty() {
            return Ok(());
        }
        let asked: String = asked.iter().map(|oid| format!("{oid}\n")).collect();
        let call = self
            .read(at, "log")
            .args(["--no-walk=unsorted", "--stdin", "--ignore-missing", "--no-show-signature"])
            .args(["--no-patch", "--no-notes", FORMAT])
            .stdin(asked);
        let originals: HashMap<Oid, Option<u64>> =
            told(&call, cancel).await?.iter().map(|it| (it.commit.oid, it.commit.own_pull())).collect();
        for change in gathered.changes.iter_mut().filter(|it| it.of.is_empty()) {
            let original = change.picked_from.first().and_then(|oid| originals.get(oid).copied().flatten());
            change.of.extend(original.filter(|number| Some(*number) != change.pull));
        }
        Ok(())
    }
}

async fn told(call: &Call, cancel: &Cancel) -> Result<Vec<Told>, GitError> {
    let answer = lossy(checked(call.run(cancel).await?, "log")?);
    let mut fields = Fields::of(&answer, "log");
    let mut all = vec![];
    while fields.more() {
        let (commit, body) = commit_of(&mut fields)?;
        all.push(Told { commit, body: body.to_owned() });
    }
    Ok(all)
}

/// What the other side says that it has.
#[derive(Default)]
struct There {
    commits: HashSet<Oid>,
    pulls: HashSet<u64>,
}

impl There {
    fn of(told: &[Told]) -> Self {
        let mut there = Self::default();
        let all: Vec<&Commit> = told.iter().map(|it| &it.commit).collect();
        // What was taken back there is not there.
        let reverted: HashSet<Oid> = all.iter().flat_map(|it| it.reverts.commits.iter().copied()).collect();
        for commit in all.into_iter().filter(|it| !reverted.contains(&it.oid)) {
            there.commits.extend(&commit.picked_from);
            let named = commit.pulls.iter().filter(|it| it.how == Mention::Backport).map(|it| it.number);
            there.pulls.extend(named.chain(commit.backport_of()));
        }
        there
    }

    fn has(&self, commit: &Commit, merged: Option<u64>) -> bool {
        self.commits.contains(&commit.oid)
            || merged.or(commit.own_pull()).is_some_and(|number| self.pulls.contains(&number))
    }
}

/// Names and addresses of authors, in lower case.
#[derive(Default)]
struct Known {
    names: HashSet<String>,
    addresses: HashSet<String>,
}

impl Known {
    fn has(&self, commit: &Commit) -> bool {
        self.names.contains(&commit.author.raw().to_lowercase())
            || self.addresses.contains(&commit.email.raw().to_lowercase())
    }
}

fn change(it: &Told, by: Option<By>, merge: Option<&Commit>, is_new: Option<bool>) -> Change {
    let commit = &it.commit;
    let pull = by.map(|by| by.number).or_else(|| commit.own_pull());
    let mut of = merge.map(Commit::backport_of).unwrap_or_default();
    of.extend(commit.backport_of());
    of.retain(|number| Some(*number) != pull);
    of.sort_unstable();
    of.dedup();
    Change {
        oid: commit.oid,
        subject: commit.subject.clone(),
        author: commit.author.clone(),
        is_new,
        nature: commit.nature,
        pull,
        merge: merge.map(|it| it.oid),
        of,
        picked_from: commit.picked_from.clone(),
        reverts: Reverts {
            commits: commit.reverts.commits.clone(),
            subject: commit.reverts.subject.clone(),
            pull: commit.reverts.pull,
        },
    }
}

/// The number of the pull request that a merge brought in.
fn merged(commit: &Commit) -> Option<u64> {
    let named = commit.pulls.iter().find(|it| it.how == Mention::Merge);
    named.filter(|_| commit.is_merge()).map(|it| it.number)
}

/// Titles as GitHub writes them below the subject of a merge.
fn titles(told: &[Told]) -> BTreeMap<u64, Untrusted> {
    let title = |it: &Told| {
        let line = it.body.lines().map(str::trim).find(|line| !line.is_empty())?;
        Some((merged(&it.commit)?, Untrusted::from(line)))
    };
    told.iter().filter_map(title).collect()
}

/// For each commit the merge of a pull request that brought it: reachable from what was merged and not from what it
/// was merged into. Of several the first in time, so that what is merged on is told of once.
fn brought_by(told: &[Told]) -> Vec<Option<By>> {
    let places: HashMap<Oid, usize> = told.iter().enumerate().map(|(at, it)| (it.commit.oid, at)).collect();
    let parents: Vec<Vec<Option<usize>>> = told
        .iter()
        .map(|it| it.commit.parents.iter().map(|oid| places.get(oid).copied()).collect())
        .collect();
    let mut brought = vec![None; told.len()];
    let mut seen = vec![usize::MAX; told.len()];
    for (place, it) in told.iter().enumerate().rev() {
        let Some(number) = merged(&it.commit) else { continue };
        let of = |at: usize| parents[at].iter().copied().flatten();
        let mut left: Vec<usize> = parents[place].first().copied().flatten().into_iter().collect();
        while let Some(at) = left.pop() {
            if seen[at] != place {
                seen[at] = place;
                left.extend(of(at));
            }
        }
        left.extend(parents[place].iter().skip(1).copied().flatten());
        while let Some(at) = left.pop() {
            if seen[at] != place {
                seen[at] = place;
                brought[at].get_or_insert(By { place, number });
                left.extend(of(at));
            }
        }
    }
    brought
}
