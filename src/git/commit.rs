//! Commits and what their messages say: pull requests, and the commits they were picked from.

use super::GitError;
use super::find::Repository;
use super::read::{Fields, when};
use super::run::{Git, lossy, stdout};
use super::there::revert::{Reverted, bare_subject};
use crate::order::Order as _;
use crate::release::ids::Oid;
pub use crate::release::picks::picked_from;
use crate::release::picks::{branch_numbers, is_backport_word, leading_number, sentence};
use crate::release::text::Untrusted;
use crate::version::Nature;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// How a message names a pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mention {
    /// `… (#12)`: GitHub adds it when it squashes or rebases.
    Suffix,
    /// `(backport #12)`, `(cherry-pick #12)`, `Backport of #12`, `Automated cherry pick of #12`.
    Backport,
    /// `Merge pull request #12 from …`.
    Merge,
}

/// A pull request named by a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PullMention {
    /// Its number.
    pub number: u64,
    /// How it is named.
    pub how: Mention,
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Commit {
    /// Its id.
    pub oid: Oid,
    /// Its parents.
    pub parents: Vec<Oid>,
    /// First paragraph of its message, in one line, without the line of `cherry-pick -x`.
    pub subject: Untrusted,
    /// Who wrote it, by the repository's mailmap.
    pub author: Untrusted,
    /// The author's address, by the mailmap.
    pub email: Untrusted,
    /// Who committed it, by the mailmap.
    pub committer: Untrusted,
    /// When it was written.
    pub authored: DateTime<Utc>,
    /// When it was committed.
    pub committed: DateTime<Utc>,
    /// The commits it was picked from, by its `(cherry picked from commit …)` lines, the first pick first.
    pub picked_from: Vec<Oid>,
    /// Pull requests that its message names, in the order of the text.
    pub pulls: Vec<PullMention>,
    /// What it says it reverts.
    pub reverts: Reverted,
    /// What the message says of the change, by Conventional Commits.
    pub nature: Nature,
}

impl Commit {
    /// Whether it joins histories.
    #[must_use]
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }

    /// The pull request that brought it: the merged one, else the last `(#12)` of the subject.
    #[must_use]
    pub fn own_pull(&self) -> Option<u64> {
        own_pull(&self.pulls)
    }

    /// Pull requests that it may be a backport of, the surest first: those named as such, then every `(#12)`
    /// before the last. An only `(#12)` is the last resort: a plain cherry-pick keeps the subject.
    #[must_use]
    pub fn origin_pulls(&self) -> Vec<u64> {
        let of = |how| self.pulls.iter().filter(move |pull| pull.how == how).map(|pull| pull.number);
        of(Mention::Backport).chain(of(Mention::Suffix)).collect()
    }

    /// Pull requests that it says to be a backport of, in the forms that backports have, and in no other:
    /// `(backport #12)`, `Automated cherry pick of #12`, `(#12) (#15)`, the branch of a bot.
    #[must_use]
    pub fn backport_of(&self) -> Vec<u64> {
        let named = self.pulls.iter().filter(|pull| pull.how == Mention::Backport).map(|pull| pull.number);
        let mut trailing = trailing_pulls(self.subject.raw());
        // The last is the pull request that brought it here.
        trailing.pop();
        let mut all: Vec<u64> = named.chain(trailing).collect();
        all.order();
        all.dedup();
        all
    }

    /// Whether the message says that it is a backport.
    #[must_use]
    pub fn says_backport(&self) -> bool {
        !self.picked_from.is_empty() || self.pulls.iter().any(|pull| pull.how == Mention::Backport)
    }
}

pub(super) fn own_pull(pulls: &[PullMention]) -> Option<u64> {
    let last = |how| pulls.iter().rev().find(|pull| pull.how == how).map(|pull| pull.number);
    last(Mention::Merge).or_else(|| last(Mention::Suffix))
}

/// The numbers that a subject ends in: of `Fix (#12) (#15)`, 12 and 15.
#[must_use]
pub fn trailing_pulls(subject: &str) -> Vec<u64> {
    let mut rest = bare_subject(subject).trim_end();
    let mut found = Vec::new();
    while let Some((before, inside)) = rest.strip_suffix(')').and_then(|rest| rest.rsplit_once("(#")) {
        let Some(number) = leading_number(inside).filter(|_| inside.chars().all(|c| c.is_ascii_digit()))
        else {
            break;
        };
        found.insert(0, number);
        rest = before.trim_end();
    }
    found
}

/// The pull requests that a subject names.
#[must_use]
pub fn pulls_in_subject(subject: &str) -> Vec<PullMention> {
    let mut found = Vec::new();
    // What a revert quotes is the subject of another commit.
    let subject = bare_subject(subject);
    if let Some(branch) = merged_branch(subject).and_then(|branch| branch_numbers(branch).into_iter().next())
    {
        found.push(PullMention { number: branch, how: Mention::Backport });
    }
    if let Some(number) = subject.strip_prefix("Merge pull request #").and_then(leading_number) {
        found.push(PullMention { number, how: Mention::Merge });
    }
    if let Some((_, number)) = sentence(subject) {
        found.push(PullMention { number, how: Mention::Backport });
    }
    let mut rest = subject;
    while let Some((_, inside)) = rest.split_once('(') {
        rest = inside;
        let Some((words, _)) = inside.split_once(')') else { break };
        let Some((word, digits)) = words.split_once('#') else { continue };
        let how = match word.trim() {
            "" | ":" => Mention::Suffix,
            word if is_backport_word(word) => Mention::Backport,
            _ => continue,
        };
        if let (Some(number), true) = (leading_number(digits), digits.chars().all(|c| c.is_ascii_digit())) {
            found.push(PullMention { number, how });
        }
    }
    found
}

/// The branch that a merge of a pull request names: `Merge pull request #12 from owner/branch`.
fn merged_branch(subject: &str) -> Option<&str> {
    let (_, branch) = subject.strip_prefix("Merge pull request #")?.split_once(" from ")?;
    branch.split_once('/').map(|(_, branch)| branch)
}

pub(super) const FORMAT: &str = "--format=%H%x00%P%x00%aN%x00%aE%x00%cN%x00%at%x00%ct%x00%B%x00";

impl Git {
    /// Reads commits, in the order asked.
    ///
    /// # Errors
    /// When git fails; a commit that is not there is such a failure.
    pub async fn commits(&self, at: &Repository, oids: &[Oid]) -> Result<Vec<Commit>, GitError> {
        if oids.is_empty() {
            return Ok(Vec::new());
        }
        let asked: String = oids.iter().map(|oid| format!("{oid}\n")).collect();
        let call = self
            .read(at, "log")
            .args(["--no-walk=unsorted", "--stdin", "--no-show-signature", "--no-patch", "--no-notes"])
            .arg(FORMAT)
            .stdin(asked);
        let answer = lossy(stdout(&call, "log").await?);
        let mut fields = Fields::of(&answer, "log");
        let mut commits = Vec::with_capacity(oids.len());
        while fields.more() {
            commits.push(commit_of(&mut fields)?.0);
        }
        Ok(commits)
    }
}

/// Reads a commit, and the text below its subject.
pub(super) fn commit_of<'a>(fields: &mut Fields<'a>) -> Result<(Commit, &'a str), GitError> {
    let oid = fields.oid()?;
    let parents = fields.next()?.split_whitespace().map(Oid::parse).collect::<Result<_, _>>()?;
    let (author, email, committer) = (fields.next()?.into(), fields.next()?.into(), fields.next()?.into());
    let (authored, committed) = (when(fields.next()?), when(fields.next()?));
    let message = fields.next()?;
    let (subject, body) = parts(message);
    let subject = &*subject;
    let mut pulls = pulls_in_subject(subject);
    for number in body.lines().filter_map(|line| sentence(line).map(|(_, number)| number)) {
        if pulls.iter().all(|pull| pull.number != number) {
            pulls.push(PullMention { number, how: Mention::Backport });
        }
    }
    let commit = Commit {
        oid,
        parents,
        reverts: Reverted::of(subject, body),
        nature: Nature::of(&if body.is_empty() {
            subject.to_owned()
        } else {
            format!("{subject}\n\n{body}")
        }),
        subject: subject.into(),
        author,
        email,
        committer,
        authored,
        committed,
        picked_from: picked_from(message),
        pulls,
    };
    Ok((commit, body))
}

/// The first paragraph of a message in one line, and what follows it, as git tells them apart. A message without a body
/// gets the line of `cherry-pick -x` into its first paragraph: that is no part of what the commit is called.
fn parts(message: &str) -> (String, &str) {
    let mut rest = message;
    let mut line = || {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        (!rest.is_empty()).then(|| (line.trim_end(), std::mem::replace(&mut rest, after)))
    };
    let mut lines: Vec<&str> = vec![];
    let mut body = "";
    while let Some((text, from)) = line() {
        if !text.is_empty() {
            lines.push(text);
        } else if !lines.is_empty() {
            body = from;
            break;
        }
    }
    let blank = |line: &&str| line.trim_end().is_empty();
    let skipped: usize = body.split_inclusive('\n').take_while(blank).map(str::len).sum();
    let named = lines.iter().any(|line| picked_from(line).is_empty());
    lines.retain(|line| !named || picked_from(line).is_empty());
    (lines.join(" "), &body[skipped..])
}
