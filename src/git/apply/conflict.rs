//! A conflict, answered by a person: what they left is checked, taken in, left out.

use super::pick::Made;
use super::record::{Done, How, Item, Record};
use super::resume::Standing;
use super::worktree::Workplace;
use super::{Applied, io};
use crate::git::run::{checked, said};
use crate::git::{Git, GitError, Repository};
use crate::release::ids::OpId;
use crate::release::text::Untrusted;
use crate::spawn::{Call, Cancel, Program};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// Most paths that are recorded or named.
const MANY: usize = 20;
/// Most bytes of a file that is looked through for markers.
const LONGEST: u64 = 64 << 20;

/// How a person answers a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// What is in the worktree is the resolution.
    Continue,
    /// The pick is left out.
    Skip,
    /// It is committed as it is, conflict markers and all: for a draft pull request.
    Markers,
}

/// What an answer comes to.
pub(super) enum Answered {
    /// The next pick.
    GoOn,
    /// It is not taken.
    NotYet(Untrusted),
    /// The run stops.
    Stop(Applied),
}

impl Workplace {
    /// Takes in a person's answer.
    pub(super) async fn answer(
        &self,
        record: &mut Record,
        standing: Standing,
        answer: Answer,
        cancel: &Cancel,
    ) -> Result<Answered, GitError> {
        let Some(item) = record.rest().first().copied() else { return Ok(Answered::GoOn) };
        match (standing, answer) {
            (Standing::Strange(said), _) => return Ok(Answered::Stop(Applied::Strange { said })),
            // The conflict is not there any more: a killed run put it back, or it was answered already.
            (Standing::Clean, Answer::Continue | Answer::Markers) => return Ok(Answered::GoOn),
            (_, Answer::Skip) => {
                self.clean(record.head()).await?;
                record.done.push(Done { commit: None, how: How::Skipped });
            }
            (Standing::Committed(made), Answer::Continue | Answer::Markers) => {
                return self.take_committed(record, &item, &made, cancel).await;
            }
            (Standing::Conflict, Answer::Markers) => match self.commit_markers(record, cancel).await? {
                None => {}
                Some(why) => return Ok(Answered::NotYet(why)),
            },
            (Standing::Conflict, Answer::Continue) => {
                if let Some(why) = self.not_yet(&item, cancel).await? {
                    return Ok(Answered::NotYet(why.into()));
                }
                let beyond = self.beyond(&item, cancel).await?;
                let output = self.finish(&self.call(&[]).args(["cherry-pick", "--continue"]), cancel).await?;
                let made = self.made("HEAD", cancel).await?;
                if !output.status.success() || made.oid == record.head() {
                    return Ok(Answered::NotYet(said(&output.stderr).into()));
                }
                record.done.push(Done { commit: Some(made.oid), how: How::Resolved { beyond } });
            }
        }
        record.conflict = false;
        Ok(Answered::GoOn)
    }

    /// A person has committed the resolution: it must say what it was picked from.
    async fn take_committed(
        &self,
        record: &mut Record,
        item: &Item,
        made: &Made,
        cancel: &Cancel,
    ) -> Result<Answered, GitError> {
        if !self.names(made, item.commit).await? {
            let why = format!(
                "{} does not say (cherry picked from commit {}): amend it, or skip",
                made.oid.short(),
                item.commit
            );
            return Ok(Answered::NotYet(why.into()));
        }
        let (before, after) = (record.head().to_string(), made.oid.to_string());
        let words = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", &before, &after];
        let changed = paths(&self.said(&words, cancel).await?);
        let beyond = listed(changed.difference(&self.of_pick(item, cancel).await?));
        record.done.push(Done { commit: Some(made.oid), how: How::Resolved { beyond } });
        record.conflict = false;
        Ok(Answered::GoOn)
    }

    /// Commits the pick that has stopped with its conflict markers; or says why that is not possible.
    pub(super) async fn commit_markers(
        &self,
        record: &mut Record,
        cancel: &Cancel,
    ) -> Result<Option<Untrusted>, GitError> {
        let files = self.unmerged(cancel).await?;
        record.conflict = true;
        if !files.is_empty() {
            record.marking = files.iter().take(100).cloned().collect();
        }
        record.write(&self.record(), true)?;
        self.stage(&files, cancel).await?;
        let output = self.finish(&self.call(&[]).args(["cherry-pick", "--continue"]), cancel).await?;
        let made = self.made("HEAD", cancel).await?;
        let marked = std::mem::take(&mut record.marking);
        if made.oid == record.head() {
            return Ok(Some(said(&output.stderr).into()));
        }
        record.done.push(Done { commit: Some(made.oid), how: How::Marked { files: marked } });
        record.conflict = false;
        Ok(None)
    }

    /// Stages what was resolved, and says why the rest is not taken.
    async fn not_yet(&self, item: &Item, cancel: &Cancel) -> Result<Option<String>, GitError> {
        let unmerged = self.unmerged(cancel).await?;
        for path in &unmerged {
            if marked(&self.work().join(OsStr::from_bytes(path.raw().as_bytes())))? {
                return Ok(Some(format!("{} has conflict markers left", path.line())));
            }
        }
        let untracked = self.said(&["ls-files", "--others", "--exclude-standard", "-z"], cancel).await?;
        let strangers = paths(&untracked);
        if let Some(path) = strangers.first() {
            let path = Untrusted::from(path.as_str()).line();
            return Ok(Some(format!("{path} is new and not added: git add --sparse it, or remove it")));
        }
        self.stage(&unmerged, cancel).await?;
        let left = self.unmerged(cancel).await?;
        if let Some(path) = left.first() {
            return Ok(Some(format!("{} is unmerged: git add --sparse or git rm it", path.line())));
        }
        let (changed, of_pick) = (self.staged(cancel).await?, self.of_pick(item, cancel).await?);
        let beyond = changed.difference(&of_pick).count();
        if changed.is_empty() {
            return Ok(Some("nothing of the pick is left: skip it instead".to_owned()));
        }
        if beyond > of_pick.len().max(3) || beyond == changed.len() {
            let why = format!(
                "{beyond} of {} changed files are none of the pick's {}: this is not its resolution",
                changed.len(),
                of_pick.len()
            );
            return Ok(Some(why));
        }
        Ok(None)
    }

    /// Stages the files that were unmerged, and what else of tracked files was changed.
    async fn stage(&self, unmerged: &[Untrusted], cancel: &Cancel) -> Result<(), GitError> {
        self.said(&["add", "--sparse", "--update"], cancel).await?;
        for chunk in unmerged.chunks(200) {
            let mut call =
                self.call(&["--literal-pathspecs".to_owned()]).args(["add", "--sparse", "-A", "--"]);
            for path in chunk {
                call = call.arg(OsStr::from_bytes(path.raw().as_bytes()));
            }
            checked(call.run(cancel).await?, "add")?;
        }
        Ok(())
    }

    async fn staged(&self, cancel: &Cancel) -> Result<BTreeSet<String>, GitError> {
        let words = ["diff-index", "--cached", "-z", "--name-only", "--no-renames", "HEAD", "--"];
        Ok(paths(&self.said(&words, cancel).await?))
    }

    /// Files changed that the pick does not change.
    async fn beyond(&self, item: &Item, cancel: &Cancel) -> Result<Vec<Untrusted>, GitError> {
        let of_pick = self.of_pick(item, cancel).await?;
        Ok(listed(self.staged(cancel).await?.difference(&of_pick)))
    }

    /// Files that the pick changes where it comes from.
    async fn of_pick(&self, item: &Item, cancel: &Cancel) -> Result<BTreeSet<String>, GitError> {
        let base = format!("{}^{}", item.commit, item.mainline.unwrap_or(1));
        let commit = item.commit.to_string();
        let words = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", &base, &commit];
        Ok(paths(&self.said(&words, cancel).await?))
    }

    /// Puts all files into the worktree, for a tool that looks beyond the conflict. The configuration is not touched.
    async fn spread(&self, cancel: &Cancel) -> Result<(), GitError> {
        let tagged = self.said(&["ls-files", "-t", "-z"], cancel).await?;
        let left_out: Vec<_> =
            tagged.split(|b| *b == 0).filter_map(|entry| entry.strip_prefix(b"S ")).collect();
        if left_out.is_empty() {
            return Ok(());
        }
        let names = [left_out.join(&0), vec![0]].concat();
        for words in [
            &["update-index", "--no-skip-worktree", "-z", "--stdin"][..],
            &["checkout-index", "-z", "--stdin"],
        ] {
            let call = self.told(&[], false).args(words).stdin(names.clone());
            checked(call.run(cancel).await?, words[0])?;
        }
        Ok(())
    }
}

impl Git {
    /// Puts all files into the worktree of a conflict, for tools that look beyond it.
    ///
    /// # Errors
    /// When nothing of the operation is there, another process works in it, or git fails.
    pub async fn spread(&self, at: &Repository, root: &Path, op: &OpId) -> Result<(), GitError> {
        let place = Workplace::open(self, at, root, op)?;
        if !place.is_ready() {
            let why = std::io::Error::from(std::io::ErrorKind::NotFound);
            return Err(io(&place.work(), why));
        }
        place.spread(&Cancel::new()).await
    }
}

/// A program that a person runs in the worktree of a conflict, on the terminal that is lent to it.
#[must_use]
pub fn for_person(program: &Program, worktree: &Path) -> Call {
    Call::new(program)
        .dir(worktree)
        .env("GIT_CONFIG_COUNT", "2")
        .env("GIT_CONFIG_KEY_0", "core.sparseCheckout")
        .env("GIT_CONFIG_VALUE_0", "false")
        .env("GIT_CONFIG_KEY_1", "mergetool.keepBackup")
        .env("GIT_CONFIG_VALUE_1", "false")
}

fn paths(listed: &[u8]) -> BTreeSet<String> {
    let fields = listed.split(|b| *b == 0).filter(|path| !path.is_empty());
    fields.map(|path| String::from_utf8_lossy(path).into_owned()).collect()
}

fn listed<'a>(paths: impl Iterator<Item = &'a String>) -> Vec<Untrusted> {
    paths.take(MANY).map(|path| Untrusted::from(path.as_str())).collect()
}

/// Whether a file has lines that git writes around the sides of a conflict. One that is gone has none.
fn marked(path: &Path) -> Result<bool, GitError> {
    match path.symlink_metadata() {
        Ok(meta) if meta.is_file() && meta.len() <= LONGEST => {}
        _ => return Ok(false),
    }
    let text = std::fs::read(path).map_err(|why| io(path, why))?;
    Ok(text.split(|b| *b == b'\n').any(|line| line.starts_with(b"<<<<<<< ") || line.starts_with(b">>>>>>> ")))
}
