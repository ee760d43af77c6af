//! Creating a release branch on the remote: never forced, never over one that exists.

use super::fetch::{LONG, remote_name};
use super::find::Repository;
use super::push::{Answered, Unpushed, answered};
use super::run::{Git, Trust, said};
use super::{GitError, Remote};
use crate::release::ids::{Branch, Oid};
use crate::release::text::Untrusted;
use crate::spawn::{Cancel, Output, SpawnError};
use serde::Serialize;

/// A branch to be created, with everything a person wants to see before typing its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreatePlan {
    /// The remote's name.
    pub remote: String,
    /// Its address, without user name and password.
    pub address: Untrusted,
    /// The branch.
    pub branch: Branch,
    /// The commit it starts at.
    pub at: Oid,
    /// First line of that commit's message.
    pub subject: Untrusted,
    /// Where the remote has the branch already; then nothing must be created.
    pub taken: Option<Oid>,
    /// The command, word by word, for showing.
    pub command: Vec<String>,
}

/// What became of creating a branch. All of it is news, not failure of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Created {
    /// The remote has it now, and had it not before.
    Done,
    /// The remote had it already, at this very commit.
    AlreadyThere,
    /// The remote has it at another commit, or it came up in between; nothing was changed.
    Taken {
        /// Where it is, when the remote could be asked.
        tip: Option<Oid>,
    },
    /// It did not come to that.
    Not(Unpushed),
}

impl Git {
    /// Plans a branch: asks the remote whether it has it, and reads the commit.
    ///
    /// # Errors
    /// When the remote cannot be asked or the commit is not here.
    pub async fn plan_branch(
        &self,
        at: &Repository,
        remote: &Remote,
        branch: &Branch,
        from: Oid,
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<CreatePlan, GitError> {
        let commits = self.commits(at, &[from]).await?;
        let taken = self.remote_tip(at, remote, branch, trust, cancel).await?;
        let address = match &remote.push {
            super::Address::Forge(url) => url.raw.clone(),
            super::Address::Local(path) => Untrusted::from(path.display().to_string()),
            super::Address::Refused { raw, .. } => raw.clone(),
        };
        let command = std::iter::once("git".to_owned()).chain(push_words(remote_name(remote)?, branch, from));
        Ok(CreatePlan {
            remote: remote.name.clone(),
            address,
            branch: branch.clone(),
            at: from,
            subject: commits.first().map(|commit| commit.subject.clone()).unwrap_or_default(),
            taken,
            command: command.collect(),
        })
    }

    /// Creates a branch on the remote by one push that only succeeds when the branch is not there. Hooks,
    /// credentials and ssh settings are the user's; nobody is asked anything.
    ///
    /// # Errors
    /// When git could not be started, or was cancelled: then ask the remote what is true.
    pub async fn create_branch(
        &self,
        at: &Repository,
        remote: &Remote,
        branch: &Branch,
        from: Oid,
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<Created, GitError> {
        if let Some(why) = self.mistaken_for(at, remote, branch, trust, cancel).await {
            return Ok(Created::Not(why));
        }
        let call = self.remote_call(at, trust).await?.args(push_words(remote_name(remote)?, branch, from));
        let created = match call.timeout(LONG).run(cancel).await {
            Ok(output) => outcome(&output, branch),
            Err(late @ SpawnError::TimedOut { .. }) => {
                Created::Not(Unpushed::Unclear { said: late.to_string().into() })
            }
            Err(other) => return Err(other.into()),
        };
        self.place_of(at, remote, branch, from, trust, created).await
    }

    /// [`Git::create_branch`] on the terminal, where ssh, GPG and credential helpers may ask; the screen must be
    /// suspended.
    ///
    /// # Errors
    /// When git could not be started.
    pub async fn create_branch_attended(
        &self,
        at: &Repository,
        remote: &Remote,
        branch: &Branch,
        from: Oid,
        trust: Trust,
    ) -> Result<Created, GitError> {
        let why = self.mistaken_for(at, remote, branch, trust, &Cancel::new()).await;
        if let Some(why) = why.filter(|why| !matches!(why, Unpushed::Denied { .. })) {
            return Ok(Created::Not(why));
        }
        let call = self.remote_call(at, trust).await?.args(push_words(remote_name(remote)?, branch, from));
        let asking =
            call.env("GIT_TERMINAL_PROMPT", "1").env("GIT_ASKPASS", "").env("SSH_ASKPASS_REQUIRE", "never");
        let created = outcome(&asking.attended_captured().await?, branch);
        self.place_of(at, remote, branch, from, trust, created).await
    }

    /// Completes [`Created::Taken`] with where the branch is. A server that lost a race says so in many words, so
    /// after any refusal the remote is asked: a branch at another commit is taken, whatever the words were.
    async fn place_of(
        &self,
        at: &Repository,
        remote: &Remote,
        branch: &Branch,
        from: Oid,
        trust: Trust,
        created: Created,
    ) -> Result<Created, GitError> {
        let certain = matches!(created, Created::Done | Created::AlreadyThere)
            || matches!(created, Created::Not(Unpushed::Denied { .. } | Unpushed::NotSent { .. }));
        if certain {
            return Ok(created);
        }
        let tip = self.remote_tip(at, remote, branch, trust, &Cancel::new()).await.ok().flatten();
        Ok(match (created, tip) {
            (Created::Taken { .. }, tip) => Created::Taken { tip },
            (_, Some(tip)) if tip != from => Created::Taken { tip: Some(tip) },
            // It was done before the connection broke.
            (Created::Not(Unpushed::Unclear { .. } | Unpushed::Unreachable { .. }), Some(_)) => {
                Created::AlreadyThere
            }
            (created, _) => created,
        })
    }
}

fn push_words(remote: &str, branch: &Branch, at: Oid) -> Vec<String> {
    let full = branch.full();
    vec![
        "push".to_owned(),
        "--porcelain".to_owned(),
        "--atomic".to_owned(),
        "--no-follow-tags".to_owned(),
        "--recurse-submodules=no".to_owned(),
        // An empty expectation: the branch must not be there.
        format!("--force-with-lease={full}:"),
        "--end-of-options".to_owned(),
        remote.to_owned(),
        format!("{at}:{full}"),
    ]
}

fn outcome(output: &Output, branch: &Branch) -> Created {
    match answered(output, &branch.full()) {
        Answered::New => Created::Done,
        Answered::UpToDate => Created::AlreadyThere,
        Answered::Rejected => Created::Taken { tip: None },
        // Nothing was there to move forward from: what the server did must be asked.
        Answered::Forward => Created::Not(Unpushed::Unclear { said: said(&output.stderr).into() }),
        Answered::Not(why) => Created::Not(why),
    }
}
