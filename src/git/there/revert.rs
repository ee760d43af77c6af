//! Reverts: what a message says it takes back, and whether a commit is still in force on a branch.

use crate::git::commit::Commit;
use crate::git::graph::{Graph, Set};
use crate::order::Order as _;
use crate::release::ids::Oid;
use serde::Serialize;
use std::collections::HashMap;

/// What a message says it reverts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Reverted {
    /// The commits of its lines `This reverts commit …`.
    pub commits: Vec<Oid>,
    /// The subject that its own subject quotes: `Revert "…"`; of `Reapply "…"` that of the revert it takes back.
    pub subject: Option<Box<str>>,
    /// The pull request of a line `Reverts owner/name#12` or `Reverts #12`.
    pub pull: Option<u64>,
}

impl Reverted {
    /// Reads a message.
    #[must_use]
    pub fn of(subject: &str, body: &str) -> Self {
        let subject = subject.trim();
        // A backport adds its marks before the quotation, a pull request its number behind it.
        let start = subject.find("Revert \"").or_else(|| subject.find("Reapply \""));
        let marked = start.filter(|at| is_mark(&subject[..*at]));
        let quoted = marked.and_then(|at| {
            let (verb, rest) = subject[at..].split_once('"')?;
            let (inside, _) = rest.rsplit_once('"')?;
            Some(if verb.starts_with("Revert") { inside.to_owned() } else { format!("Revert \"{inside}\"") })
        });
        let commits = body.lines().filter_map(|line| {
            let rest = line.trim().strip_prefix("This reverts commit ")?;
            let hex: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
            Oid::parse(&hex).ok()
        });
        let pull = body.lines().find_map(|line| {
            let named = line.trim().strip_prefix("Reverts ")?;
            let (repo, number) = named.split_once('#')?;
            let is_repo = repo.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
            let digits = number.trim_end_matches('.');
            digits.parse().ok().filter(|number| is_repo && *number > 0)
        });
        Self { commits: commits.collect(), subject: quoted.map(Into::into), pull }
    }

    /// Whether it reverts anything.
    #[must_use]
    pub fn is_some(&self) -> bool {
        !self.commits.is_empty() || self.subject.is_some() || self.pull.is_some()
    }
}

/// Whether what stands before `Revert "` is nothing or a backport's mark: `[release-1.2] `.
fn is_mark(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || (text.starts_with('[') && text.trim_end_matches(':').ends_with(']'))
}

/// A subject without what a revert quotes: of `Revert "Fix (#12)" (#15)`, ` (#15)`.
pub(in crate::git) fn bare_subject(subject: &str) -> &str {
    match Reverted::of(subject, "").subject {
        Some(_) => subject.rsplit_once('"').map_or(subject, |(_, rest)| rest),
        None => subject,
    }
}

/// Every revert among known commits, by what it takes back.
#[derive(Debug, Default)]
pub(super) struct Reverts {
    by_commit: HashMap<Oid, Vec<Oid>>,
    by_subject: HashMap<Box<str>, Vec<Oid>>,
    by_pull: HashMap<u64, Vec<Oid>>,
}

/// Reverts of reverts that are followed.
const DEPTH: usize = 16;

impl Reverts {
    pub(super) fn of<'a>(commits: impl Iterator<Item = &'a Commit>) -> Self {
        let mut all = Self::default();
        for commit in commits.filter(|commit| commit.reverts.is_some()) {
            for target in &commit.reverts.commits {
                all.by_commit.entry(*target).or_default().push(commit.oid);
            }
            if let Some(subject) = &commit.reverts.subject {
                all.by_subject.entry(subject.clone()).or_default().push(commit.oid);
            }
            if let Some(pull) = commit.reverts.pull {
                all.by_pull.entry(pull).or_default().push(commit.oid);
            }
        }
        all
    }

    /// The reverts of a commit on a branch, in force or not.
    fn on<'a>(&self, of: &Commit, names: &[Oid], on: &Branchful<'a>) -> Vec<&'a Commit> {
        let is_on = |oid: &Oid| on.graph.place(*oid).is_some_and(|place| on.set.has(place));
        let by_name = names.iter().filter_map(|name| self.by_commit.get(name)).flatten();
        let mut found: Vec<Oid> = by_name.copied().filter(|oid| *oid != of.oid && is_on(oid)).collect();
        // A quoted subject or a number counts where the commit that is named by id, if any, is not on the branch:
        // then the revert was picked too, and means the copy that is here.
        let quoted = self.by_subject.get(of.subject.raw()).into_iter().flatten();
        let numbered = of.own_pull().and_then(|pull| self.by_pull.get(&pull)).into_iter().flatten();
        for oid in quoted.chain(numbered).filter(|oid| **oid != of.oid && is_on(oid)) {
            let Some(revert) = on.commits.get(oid) else { continue };
            if revert.committed >= of.committed && !revert.reverts.commits.iter().any(is_on) {
                found.push(*oid);
            }
        }
        found.order();
        found.dedup();
        let mut found: Vec<_> = found.into_iter().filter_map(|oid| on.commits.get(&oid)).collect();
        found.order_by_key(|commit| std::cmp::Reverse((commit.committed, commit.oid)));
        found
    }

    /// The newest commit of a branch that reverts a commit and was not reverted itself. `names` are what the commit
    /// is called beside its own id: those it was picked from.
    pub(super) fn in_force(&self, of: &Commit, names: &[Oid], on: &Branchful<'_>) -> Option<Oid> {
        self.search(of, names, on, DEPTH)
    }

    fn search(&self, of: &Commit, names: &[Oid], on: &Branchful<'_>, left: usize) -> Option<Oid> {
        let mut all = names.to_vec();
        all.push(of.oid);
        all.extend(&of.picked_from);
        let reverts = self.on(of, &all, on);
        let stands =
            |revert: &&&Commit| left == 0 || self.search(revert, &[], on, left.saturating_sub(1)).is_none();
        reverts.iter().find(stands).map(|revert| revert.oid)
    }
}

/// A branch: its commits, and what their messages say.
pub(super) struct Branchful<'a> {
    pub graph: &'a Graph,
    pub commits: &'a HashMap<Oid, Commit>,
    pub set: &'a Set,
}
