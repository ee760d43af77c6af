//! Pushing a tag as a new one: never forced, never over one that exists.

use crate::git::fetch::{LONG, remote_name};
use crate::git::find::Repository;
use crate::git::push::{Answered, Unpushed, answered};
use crate::git::run::{Git, Trust, said};
use crate::git::{GitError, Remote};
use crate::release::ids::{Oid, Tag};
use crate::release::text::Untrusted;
use crate::spawn::{Cancel, Output, SpawnError};

/// A tag that is to be pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushTag {
    /// The tag.
    pub tag: Tag,
    /// The tag object, or the commit itself for one without.
    pub object: Oid,
    /// The commit that it names.
    pub commit: Oid,
}

/// A tag of the remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemoteTag {
    /// What the ref names: a tag object, or the commit itself.
    pub object: Oid,
    /// What it comes to through any number of tag objects.
    pub commit: Oid,
}

/// What became of pushing a tag. All of it is news, not failure of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagPushing {
    /// The remote has it now, and had it not before.
    Done,
    /// The remote had it already, on this very commit.
    AlreadyThere {
        /// What its ref names there: another tag object when somebody else made it.
        object: Oid,
    },
    /// The remote has it on another commit, or it came up in between; nothing was changed.
    Taken {
        /// The commit, when the remote could be asked.
        at: Option<Oid>,
    },
    /// The object is not in this clone, or does not name the commit; nothing was sent.
    Lost,
    /// It did not come to that.
    Not(Unpushed),
}

impl Git {
    /// Asks the remote for a tag; none when it has none of this name.
    ///
    /// # Errors
    /// [`GitError::Denied`], [`GitError::Unreachable`], or what else went wrong.
    pub async fn remote_tag(
        &self,
        at: &Repository,
        remote: &Remote,
        tag: &Tag,
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<Option<RemoteTag>, GitError> {
        Ok(self.listed(at, remote, tag, trust, cancel).await?.0)
    }

    /// A tag of the remote, and the name of another ref that `git push` would take for it: one that the full name is
    /// the end of, such as `refs/heads/refs/tags/v1` (the rules of gitrevisions(7) hold for the other side too).
    async fn listed(
        &self,
        at: &Repository,
        remote: &Remote,
        tag: &Tag,
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<(Option<RemoteTag>, Option<String>), GitError> {
        let full = tag.full();
        let peeled = format!("{full}^{{}}");
        let answer = self.ls_remote(at, remote, &[&full, &peeled], trust, cancel).await?;
        // The remote also lists what ends in the same name, so names are compared.
        let named = |wanted: &str| answer.iter().find(|(_, name)| name == wanted).map(|(oid, _)| *oid);
        let known = named(&full).map(|object| RemoteTag { object, commit: named(&peeled).unwrap_or(object) });
        let alike = answer.into_iter().map(|(_, name)| name).find(|name| *name != full && *name != peeled);
        Ok((known, alike))
    }

    /// Pushes a tag by one push that only succeeds when the remote has none of this name. Hooks, credentials and ssh
    /// settings are the user's. Asked for again after a crash or a lost reply, it finds what it pushed.
    ///
    /// # Errors
    /// When git could not be started, or was cancelled; or when the remote cannot be asked before anything is sent.
    pub async fn push_tag(
        &self,
        at: &Repository,
        remote: &Remote,
        order: &PushTag,
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<TagPushing, GitError> {
        let name = remote_name(remote)?;
        match self.listed(at, remote, &order.tag, trust, cancel).await {
            Ok((Some(known), _)) => return Ok(stands(order, known)),
            Ok((None, Some(alike))) => {
                let alike = Untrusted::from(alike).line();
                let said =
                    format!("the remote has {alike}, which git would push to instead: nothing was sent");
                return Ok(TagPushing::Not(Unpushed::NotSent { said: said.into() }));
            }
            Ok((None, None)) => {}
            Err(GitError::Denied(said)) => return Ok(TagPushing::Not(Unpushed::Denied { said })),
            Err(GitError::Unreachable(said)) => return Ok(TagPushing::Not(Unpushed::Unreachable { said })),
            Err(other) => return Err(other),
        }
        if self.peeled(at, order.object).await? != Some(order.commit) {
            return Ok(TagPushing::Lost);
        }
        let call = self.remote_call(at, trust).await?.args(tag_words(name, order)).timeout(LONG);
        let ran = if self.is_attended() { call.attended_heard().await } else { call.run(cancel).await };
        let done = match ran {
            Ok(output) => sent(&output, order),
            Err(late @ SpawnError::TimedOut { .. }) => {
                TagPushing::Not(Unpushed::Unclear { said: late.to_string().into() })
            }
            Err(other) => return Err(other.into()),
        };
        if matches!(done, TagPushing::Done | TagPushing::AlreadyThere { .. })
            || matches!(done, TagPushing::Not(Unpushed::Denied { .. } | Unpushed::NotSent { .. }))
        {
            return Ok(done);
        }
        // A server that lost a race says so in many words, and a lost reply says nothing: so the remote is asked.
        Ok(match self.remote_tag(at, remote, &order.tag, trust, &Cancel::new()).await {
            Ok(Some(known)) => stands(order, known),
            Ok(None) if matches!(done, TagPushing::Taken { .. }) => TagPushing::Taken { at: None },
            Ok(None) | Err(_) => done,
        })
    }
}

/// What a push answered.
fn sent(output: &Output, order: &PushTag) -> TagPushing {
    match answered(output, &order.tag.full()) {
        Answered::New => TagPushing::Done,
        Answered::UpToDate => TagPushing::AlreadyThere { object: order.object },
        Answered::Rejected => TagPushing::Taken { at: None },
        // Nothing was there to move forward from: what the server did must be asked.
        Answered::Forward => TagPushing::Not(Unpushed::Unclear { said: said(&output.stderr).into() }),
        // The remote was there a moment ago: a connection that breaks now breaks in the middle of the push.
        Answered::Not(Unpushed::Unreachable { said }) => TagPushing::Not(Unpushed::Unclear { said }),
        Answered::Not(why) => TagPushing::Not(why),
    }
}

/// A tag that the remote has, against the one that is to be pushed.
fn stands(order: &PushTag, known: RemoteTag) -> TagPushing {
    if known.commit == order.commit {
        TagPushing::AlreadyThere { object: known.object }
    } else {
        TagPushing::Taken { at: Some(known.commit) }
    }
}

/// The words of the push, for showing and for running.
#[must_use]
pub fn tag_words(remote: &str, order: &PushTag) -> Vec<String> {
    let full = order.tag.full();
    let words = ["push", "--porcelain", "--atomic", "--no-follow-tags", "--recurse-submodules=no"];
    let mut words: Vec<_> = words.map(str::to_owned).into();
    // An empty expectation: the tag must not be there.
    words.push(format!("--force-with-lease={full}:"));
    words.push("--end-of-options".to_owned());
    words.push(remote.to_owned());
    words.push(format!("{}:{full}", order.object));
    words
}
