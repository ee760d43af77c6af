//! Moving a branch of the remote forward: by compare-and-swap, never forced.

use super::fetch::{LONG, remote_name};
use super::find::Repository;
use super::porcelain::{Pushed, Trouble, pushed, server_words, trouble};
use super::run::{Access, Git, Trust, checked, failure, lossy, said};
use super::{GitError, Remote};
use crate::release::ids::{Branch, Oid};
use crate::release::text::Untrusted;
use crate::spawn::{Cancel, Output, SpawnError};
use serde::Serialize;

/// What became of moving a branch. All of it is news, not failure of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pushing {
    /// The remote has it there now.
    Done,
    /// The remote had it there already.
    AlreadyThere,
    /// It is not where the plan expected it; nothing was changed.
    Moved {
        /// Where it is, when the remote could be asked and has it.
        tip: Option<Oid>,
    },
    /// The new commit is not on top of the old one: pushing it would throw commits away, so it was not tried.
    NotForward,
    /// It did not come to that.
    Not(Unpushed),
}

/// Why a push did not do what it should. All of it is news, not failure of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unpushed {
    /// The server refused: a hook, branch protection, a ruleset.
    Refused {
        /// git's short reason.
        why: Untrusted,
        /// What the server said, its lines separated by line feeds.
        said: Untrusted,
    },
    /// The remote did not let us in. Nothing was changed.
    Denied {
        /// What was said.
        said: Untrusted,
    },
    /// The remote was not reached. Nothing was changed.
    Unreachable {
        /// What was said.
        said: Untrusted,
    },
    /// A hook of this machine stopped the push, or git failed before it asked. Nothing was changed.
    NotSent {
        /// What was said.
        said: Untrusted,
    },
    /// It was sent, and no answer came: ask the remote before anything else ([`Git::remote_tip`]).
    Unclear {
        /// What was said.
        said: Untrusted,
    },
}

/// What git says became of a push of one ref, whatever it was for.
pub(super) enum Answered {
    /// It is there now, and was not.
    New,
    /// It is there now, and was elsewhere, behind.
    Forward,
    /// It was there already.
    UpToDate,
    /// It is not where it was expected.
    Rejected,
    /// Nothing was changed, or nobody knows.
    Not(Unpushed),
}

/// Reads what a push of one ref, by its full name, answered.
pub(super) fn answered(output: &Output, full: &str) -> Answered {
    let words = said(&output.stderr);
    let said = || Untrusted::from(words.as_str());
    Answered::Not(match pushed(&lossy(output.stdout.clone()), full) {
        Some(Pushed::New) if output.status.success() => return Answered::New,
        Some(Pushed::Forward) if output.status.success() => return Answered::Forward,
        Some(Pushed::UpToDate) => return Answered::UpToDate,
        Some(Pushed::Rejected(_)) => return Answered::Rejected,
        Some(Pushed::RemoteRejected(why)) => {
            let server = server_words(&output.stderr);
            Unpushed::Refused { why, said: if server.is_empty() { said() } else { server } }
        }
        Some(Pushed::New | Pushed::Forward | Pushed::Unasked) => Unpushed::Unclear { said: said() },
        None => match trouble(&words) {
            // A connection that broke after the pack was sent leaves it open what the server did.
            _ if words.contains("Writing objects") => Unpushed::Unclear { said: said() },
            Trouble::Denied => Unpushed::Denied { said: said() },
            Trouble::Unreachable => Unpushed::Unreachable { said: said() },
            Trouble::Unclear => Unpushed::NotSent { said: said() },
        },
    })
}

/// From where to where a branch moves. Without `old` the branch must not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Where it must be.
    pub old: Option<Oid>,
    /// Where it goes.
    pub new: Oid,
}

impl Git {
    /// Moves a branch of the remote forward, if it is where it is expected. Hooks, credentials and ssh settings are
    /// the user's; nobody is asked anything.
    ///
    /// # Errors
    /// When git could not be started, or was cancelled: then ask the remote what is true.
    pub async fn push_onto(
        &self,
        at: &Repository,
        remote: &Remote,
        branch: &Branch,
        to: Move,
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<Pushing, GitError> {
        if let Some(old) = to.old
            && !self.is_ancestor(at, old, to.new).await?
        {
            return Ok(Pushing::NotForward);
        }
        if let Some(why) = self.mistaken_for(at, remote, branch, trust, cancel).await {
            return Ok(Pushing::Not(why));
        }
        let call = self.remote_call(at, trust).await?.args(push_words(remote_name(remote)?, branch, to));
        let call = call.timeout(LONG);
        let ran = if self.is_attended() { call.attended_heard().await } else { call.run(cancel).await };
        let done = match ran {
            Ok(output) => outcome(&output, branch),
            Err(late @ SpawnError::TimedOut { .. }) => {
                Pushing::Not(Unpushed::Unclear { said: late.to_string().into() })
            }
            Err(other) => return Err(other.into()),
        };
        let certain = matches!(done, Pushing::Done | Pushing::AlreadyThere)
            || matches!(done, Pushing::Not(Unpushed::Denied { .. } | Unpushed::NotSent { .. }));
        if certain {
            return Ok(done);
        }
        // A server that lost a race says so in many words, and a connection that broke says nothing of what was done
        // before: so the remote is asked.
        let tip = self.remote_tip(at, remote, branch, trust, &Cancel::new()).await.ok().flatten();
        Ok(match (done, tip) {
            (_, Some(tip)) if tip == to.new => Pushing::AlreadyThere,
            (Pushing::Moved { .. }, tip) => Pushing::Moved { tip },
            (_, Some(tip)) if Some(tip) != to.old => Pushing::Moved { tip: Some(tip) },
            (done, _) => done,
        })
    }

    /// Why a branch is not pushed that is not on the remote while another ref is there that git would take for it: one
    /// that its full name is the end of, such as `refs/heads/refs/heads/main` (the rules of gitrevisions(7) hold for the
    /// other side too). Where the remote cannot be asked, the push itself says why.
    pub(super) async fn mistaken_for(
        &self,
        at: &Repository,
        remote: &Remote,
        branch: &Branch,
        trust: Trust,
        cancel: &Cancel,
    ) -> Option<Unpushed> {
        let full = branch.full();
        let answer = match self.ls_remote(at, remote, &[&full], trust, cancel).await {
            Ok(answer) => answer,
            // On the terminal the push may ask for what the look may not.
            Err(GitError::Denied(said)) if !self.is_attended() => return Some(Unpushed::Denied { said }),
            Err(_) => return None,
        };
        if answer.iter().any(|(_, name)| *name == full) {
            return None;
        }
        let (_, alike) = answer.into_iter().next()?;
        let alike = Untrusted::from(alike).line();
        let said = format!("the remote has {alike}, which git would push to instead: nothing was sent");
        Some(Unpushed::NotSent { said: said.into() })
    }

    /// Whether a commit is another's ancestor, or the same.
    ///
    /// # Errors
    /// When git fails, or one of them is not here.
    pub async fn is_ancestor(&self, at: &Repository, old: Oid, new: Oid) -> Result<bool, GitError> {
        let call = self.read(at, "merge-base").args(["--is-ancestor", "--end-of-options"]);
        let output = call.arg(old.to_string()).arg(new.to_string()).run(&Cancel::new()).await?;
        match output.status.code() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(failure(&output, "merge-base")),
        }
    }

    /// Moves the local branch of the same name along, when it stands at `old` and no worktree has it checked out;
    /// false when it was left alone. It is a convenience: whatever comes of it, the push stands.
    ///
    /// # Errors
    /// When git fails, or a hook vetoes.
    pub async fn follow_locally(
        &self,
        at: &Repository,
        branch: &Branch,
        old: Oid,
        new: Oid,
        trust: Trust,
    ) -> Result<bool, GitError> {
        let full = branch.full();
        let format = "--format=%(objectname)%09%(worktreepath)%09%(symref)";
        let call = self.read(at, "for-each-ref").args([format, "--end-of-options", &full]);
        let text = lossy(checked(call.run(&Cancel::new()).await?, "for-each-ref")?);
        if text.trim_end_matches('\n') != format!("{old}\t\t") || is_being_rewritten(at, &full) {
            return Ok(false);
        }
        let stdin = format!("start\nupdate {full} {new} {old}\nprepare\ncommit\n");
        let call = self.call(at, Access::Remote(trust)).args(["update-ref", "--stdin"]).stdin(stdin);
        checked(call.run(&Cancel::new()).await?, "update-ref")?;
        Ok(true)
    }
}

/// Whether a worktree is rebasing the branch, or bisecting from it: it is not checked out then, and still in use.
fn is_being_rewritten(at: &Repository, full: &str) -> bool {
    let linked = at.common_dir.join("worktrees").read_dir().into_iter().flatten().flatten();
    let dirs = linked.map(|entry| entry.path()).chain([at.common_dir.clone()]);
    let short = full.strip_prefix("refs/heads/").unwrap_or(full);
    let names = ["rebase-merge/head-name", "rebase-apply/head-name", "BISECT_START"];
    let said =
        |dir: &std::path::Path, name: &str| std::fs::read_to_string(dir.join(name)).unwrap_or_default();
    dirs.into_iter().any(|dir| names.iter().any(|name| [full, short].contains(&said(&dir, name).trim())))
}

/// The words of the push, for showing and for running.
#[must_use]
pub fn push_words(remote: &str, branch: &Branch, to: Move) -> Vec<String> {
    let full = branch.full();
    let expected = to.old.map(|old| old.to_string()).unwrap_or_default();
    let words = ["push", "--porcelain", "--atomic", "--no-follow-tags", "--recurse-submodules=no"];
    let mut words: Vec<_> = words.map(str::to_owned).into();
    words.push(format!("--force-with-lease={full}:{expected}"));
    words.push("--end-of-options".to_owned());
    words.push(remote.to_owned());
    words.push(format!("{}:{full}", to.new));
    words
}

fn outcome(output: &Output, branch: &Branch) -> Pushing {
    match answered(output, &branch.full()) {
        Answered::New | Answered::Forward => Pushing::Done,
        Answered::UpToDate => Pushing::AlreadyThere,
        Answered::Rejected => Pushing::Moved { tip: None },
        Answered::Not(why) => Pushing::Not(why),
    }
}
