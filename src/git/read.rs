//! Reading git's answers: fields that end in NUL, times, and small questions about single commits.

use super::GitError;
use super::find::Repository;
use super::run::{Git, lossy, stdout, text};
use crate::release::ids::Oid;
use crate::spawn::Cancel;
use chrono::{DateTime, Utc};

/// An answer whose fields each end in NUL.
pub(super) struct Fields<'a> {
    rest: &'a str,
    command: &'static str,
}

impl<'a> Fields<'a> {
    pub(super) fn of(answer: &'a str, command: &'static str) -> Self {
        Self { rest: answer, command }
    }

    /// Whether another record follows.
    pub(super) fn more(&self) -> bool {
        !self.rest.trim_start_matches('\n').is_empty()
    }

    pub(super) fn next(&mut self) -> Result<&'a str, GitError> {
        let (field, rest) = self.rest.split_once('\0').ok_or_else(|| self.bad("a field is missing"))?;
        self.rest = rest;
        Ok(field)
    }

    pub(super) fn oid(&mut self) -> Result<Oid, GitError> {
        Ok(Oid::parse(self.next()?.trim_start_matches('\n'))?)
    }

    pub(super) fn bad(&self, why: &str) -> GitError {
        GitError::Unreadable { command: self.command.to_owned(), why: why.to_owned() }
    }
}

/// Seconds since 1970 as a time. Commits carry any number that somebody wrote; what is no time becomes 1970.
pub(super) fn when(seconds: &str) -> DateTime<Utc> {
    seconds.trim().parse().ok().and_then(|at| DateTime::from_timestamp(at, 0)).unwrap_or(DateTime::UNIX_EPOCH)
}

impl Git {
    /// The first commit of the history that ends at a commit: it tells one repository from another. The last one
    /// that git lists when there are several; none in a shallow clone, whose first commit is elsewhere.
    ///
    /// # Errors
    /// When git fails.
    pub async fn root_commit(&self, at: &Repository, tip: Oid) -> Result<Option<Oid>, GitError> {
        if at.shallow {
            return Ok(None);
        }
        let call =
            self.read(at, "rev-list").args(["--max-parents=0", "--end-of-options"]).arg(tip.to_string());
        let answer = text(&call, "rev-list").await?;
        Ok(answer.lines().last().map(Oid::parse).transpose()?)
    }

    /// The commits in `to` whose change is not in `from`, newest first, merges left out, at most so many: what was
    /// picked onto `from` from `to`, or the other way round, is the same change when its patch is
    /// (`--cherry-pick` of git-rev-list(1)).
    ///
    /// # Errors
    /// When git fails.
    pub async fn changes_since(
        &self,
        at: &Repository,
        from: Option<Oid>,
        to: Oid,
        cap: usize,
    ) -> Result<Vec<Oid>, GitError> {
        let range = match from {
            Some(from) => format!("{from}...{to}"),
            None => to.to_string(),
        };
        let call = self.read(at, "rev-list").args(["--no-merges", "--right-only", "--cherry-pick"]);
        let call = call.arg(format!("--max-count={cap}")).arg("--end-of-options").arg(range);
        text(&call, "rev-list").await?.lines().map(|line| Ok(Oid::parse(line)?)).collect()
    }

    /// The commits in `to` that are not in `from`, newest first, merges left out, at most so many. What touches
    /// nothing but `passed_over` (patterns as in [`Git::changed_files`]) is left out as well.
    ///
    /// # Errors
    /// When git fails.
    pub async fn commits_between(
        &self,
        at: &Repository,
        from: Oid,
        to: Oid,
        cap: usize,
        passed_over: &[String],
    ) -> Result<Vec<Oid>, GitError> {
        let call = self.read(at, "rev-list").arg("--no-merges").arg(format!("--max-count={cap}"));
        let mut call = call.arg("--end-of-options").arg(format!("{from}..{to}")).arg("--");
        if !passed_over.is_empty() {
            call = call.arg(":(top,glob)**");
            call = call.args(passed_over.iter().map(|pattern| format!(":(top,exclude,glob){pattern}")));
        }
        text(&call, "rev-list").await?.lines().map(|line| Ok(Oid::parse(line)?)).collect()
    }

    /// The files that differ between two commits and match one of the patterns; all of them when there is none.
    /// Without a first commit every file of the second counts.
    ///
    /// A pattern is a path from the top of the repository, where `*` stops at a slash and `**` does not (the
    /// `glob` magic of gitglossary(7), "pathspec"); a directory matches what is below it.
    ///
    /// # Errors
    /// When git fails.
    pub async fn changed_files(
        &self,
        at: &Repository,
        from: Option<Oid>,
        to: Oid,
        patterns: &[&str],
    ) -> Result<Vec<String>, GitError> {
        let from = from.map_or_else(|| at.empty_tree(), Ok)?;
        let call = self
            .read(at, "diff-tree")
            .args(["-r", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv"])
            .arg("--end-of-options")
            .args([from.to_string(), to.to_string()])
            .arg("--")
            .args(patterns.iter().map(|pattern| format!(":(top,glob){pattern}")));
        let answer = lossy(stdout(&call, "diff-tree").await?);
        Ok(answer.split_terminator('\0').map(str::to_owned).collect())
    }

    /// The commit that a full ref names now; none when there is no such ref.
    ///
    /// # Errors
    /// When git fails.
    pub async fn tip_of(
        &self,
        at: &Repository,
        name: &crate::release::ids::RefName,
    ) -> Result<Option<Oid>, GitError> {
        let format = "--format=%(refname) %(objectname) %(*objectname)";
        let call = self.read(at, "for-each-ref").arg(format).arg("--end-of-options").arg(name.as_str());
        let answer = text(&call, "for-each-ref").await?;
        // A pattern also matches what is below it, so the name is compared.
        let exact = answer.lines().find_map(|line| line.strip_prefix(name.as_str())?.strip_prefix(' '));
        let oid = exact.and_then(|oids| oids.split_whitespace().last());
        Ok(oid.map(Oid::parse).transpose()?)
    }

    /// The commit that an id, a ref or another revision of gitrevisions(7) names; none when it names none here.
    ///
    /// # Errors
    /// When git cannot be started.
    pub async fn commit_named(&self, at: &Repository, name: &str) -> Result<Option<Oid>, GitError> {
        let call = self.read(at, "rev-parse").args(["--verify", "--quiet", "--end-of-options"]);
        let output = call.arg(format!("{name}^{{commit}}")).run(&Cancel::new()).await?;
        let text = lossy(output.stdout);
        // Before 2.30.1, `--end-of-options` is repeated.
        Ok(text.lines().last().filter(|_| output.status.success()).map(Oid::parse).transpose()?)
    }
}
