//! Making a tag in this clone, and taking it away again.

use super::signature::Signature;
use super::{LocalTag, RemoteTag};
use crate::git::find::Repository;
use crate::git::run::{Access, Git, Trust, checked, said};
use crate::git::{GitError, Remote};
use crate::release::ids::{Oid, Tag};
use crate::release::text::Untrusted;
use crate::spawn::{Call, Cancel, SpawnError};
use std::time::Duration;

/// How long signing may take: somebody may be asked in a window of their desktop.
const SIGNING: Duration = Duration::from_secs(5 * 60);

/// A tag to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MakeTag {
    /// Its name.
    pub tag: Tag,
    /// The commit.
    pub commit: Oid,
    /// Its message, taken as it is.
    pub message: String,
    /// Whether it must be signed. Otherwise it is signed when the user's git is configured so (`tag.gpgSign`).
    pub signed: bool,
}

/// What became of making a tag. All of it is news, not failure of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tagged {
    /// It is there now, and was not.
    Done {
        /// The tag object.
        object: Oid,
        /// Whether it is signed, and by which key.
        signature: Signature,
    },
    /// It was there already, on this very commit.
    AlreadyThere {
        /// The tag object, or the commit when it has none.
        object: Oid,
        /// Whether it is signed, and by which key.
        signature: Signature,
    },
    /// It is there on something else, and stays there.
    Taken {
        /// The commit; none when it names no commit.
        at: Option<Oid>,
    },
    /// It could not be signed: no key, a locked agent, nobody to ask. There is no tag.
    NotSigned {
        /// What was said.
        said: Untrusted,
    },
    /// It was not made: a hook, another ref in its way, no name to sign with. There is no tag.
    NotMade {
        /// What was said.
        said: Untrusted,
    },
}

/// What became of taking a tag away. All of it is news, not failure of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untagged {
    /// It is gone.
    Done,
    /// There was none.
    AlreadyGone,
    /// It names something else than expected, and stays.
    Moved {
        /// What it names.
        object: Oid,
    },
    /// The remote has it: then it stays here too.
    OnRemote {
        /// The commit that it names there.
        at: Oid,
    },
    /// It was not taken away.
    Not {
        /// What was said.
        said: Untrusted,
    },
}

impl Git {
    /// Makes an annotated tag on a commit, by `git tag`: identity, signing and hooks are the user's. A tag that is there
    /// is never moved. Asked for again after a crash, it finds what it made.
    ///
    /// On a [`Git::attended`] git the key may ask for its passphrase on the terminal.
    ///
    /// # Errors
    /// When git could not be started, or was cancelled; and without trust, when the repository's own configuration
    /// chooses the program that signs.
    pub async fn make_tag(
        &self,
        at: &Repository,
        order: &MakeTag,
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<Tagged, GitError> {
        if let Some(known) = self.local_tag(at, &order.tag).await? {
            return self.known(at, order, known, trust).await;
        }
        if let Some(why) = self.not_to_be_tagged(at, order).await? {
            return Ok(Tagged::NotMade { said: why.into() });
        }
        self.check_signers(at, trust).await?;
        let kind = if order.signed { "--sign" } else { "--annotate" };
        let call = self.call_signing(at, trust).args(["tag", kind, "--cleanup=verbatim", "--file=-"]);
        let call = call.args(["--end-of-options", order.tag.as_str(), &order.commit.to_string()]);
        let message = order.message.trim_end_matches('\n');
        let call = call.stdin(format!("{message}\n")).timeout(SIGNING);
        let ran = if self.is_attended() { call.attended_heard().await } else { call.run(cancel).await };
        let (made, words) = match ran {
            Ok(output) => (output.status.success(), said(&output.stderr)),
            Err(late @ SpawnError::TimedOut { .. }) => (false, late.to_string()),
            Err(other) => return Err(other.into()),
        };
        // Whatever was said, what is there counts.
        match self.local_tag(at, &order.tag).await? {
            Some(known) if made && known.commit == Some(order.commit) => {
                self.made(at, order, known, trust).await
            }
            Some(known) => self.known(at, order, known, trust).await,
            None if is_about_signing(&words) => Ok(Tagged::NotSigned { said: words.into() }),
            None => Ok(Tagged::NotMade { said: words.into() }),
        }
    }

    /// A tag that was there before.
    async fn known(
        &self,
        at: &Repository,
        order: &MakeTag,
        known: LocalTag,
        trust: Trust,
    ) -> Result<Tagged, GitError> {
        if known.commit != Some(order.commit) {
            return Ok(Tagged::Taken { at: known.commit });
        }
        let signature = self.signature(at, known, trust).await?;
        if order.signed && !signature.is_there() {
            let said = format!("the tag {} is there already and is not signed", order.tag.line());
            return Ok(Tagged::NotSigned { said: said.into() });
        }
        Ok(Tagged::AlreadyThere { object: known.object, signature })
    }

    /// A tag that was just made: one whose signature is wrong goes away again.
    async fn made(
        &self,
        at: &Repository,
        order: &MakeTag,
        made: LocalTag,
        trust: Trust,
    ) -> Result<Tagged, GitError> {
        let signature = self.signature(at, made, trust).await?;
        if let Signature::Bad { said, .. } = signature {
            self.delete_ref(at, &order.tag, made.object, trust).await?;
            let said = format!("what was signed does not verify: {}", said.line());
            return Ok(Tagged::NotSigned { said: said.into() });
        }
        Ok(Tagged::Done { object: made.object, signature })
    }

    /// Why there is nothing to be tagged.
    async fn not_to_be_tagged(&self, at: &Repository, order: &MakeTag) -> Result<Option<String>, GitError> {
        if order.message.trim().is_empty() {
            return Ok(Some("an annotated tag takes a message".to_owned()));
        }
        if order.message.contains('\0') {
            return Ok(Some("the message holds a NUL".to_owned()));
        }
        // git takes everything from such a line on for the signature.
        if order.message.lines().any(|line| line.starts_with("-----BEGIN ")) {
            return Ok(Some("a line of the message looks like the begin of a signature".to_owned()));
        }
        let named = self.peeled(at, order.commit).await?;
        let why = match named {
            Some(commit) if commit == order.commit => return Ok(None),
            Some(_) => "is a tag, no commit",
            None => "is no commit of this clone: fetch it",
        };
        Ok(Some(format!("{} {why}", order.commit)))
    }

    /// Takes a tag of this clone away that nobody else has. `expected` is the tag object, or the commit that it must
    /// name; a remote that has the tag, or cannot be asked, keeps it here.
    ///
    /// # Errors
    /// When git fails.
    pub async fn delete_local_tag(
        &self,
        at: &Repository,
        remote: Option<&Remote>,
        tag: &Tag,
        expected: Oid,
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<Untagged, GitError> {
        let Some(known) = self.local_tag(at, tag).await? else { return Ok(Untagged::AlreadyGone) };
        if known.object != expected && known.commit != Some(expected) {
            return Ok(Untagged::Moved { object: known.object });
        }
        if let Some(remote) = remote {
            match self.remote_tag(at, remote, tag, trust, cancel).await {
                Ok(None) => {}
                Ok(Some(RemoteTag { commit, .. })) => return Ok(Untagged::OnRemote { at: commit }),
                Err(why) => {
                    let said = format!("it is not known whether the remote has it: {why}");
                    return Ok(Untagged::Not { said: said.into() });
                }
            }
        }
        let why = self.delete_ref(at, tag, known.object, trust).await?;
        Ok(match self.local_tag(at, tag).await? {
            None => Untagged::Done,
            Some(now) if now.object != known.object => Untagged::Moved { object: now.object },
            Some(_) => Untagged::Not { said: why.unwrap_or_default() },
        })
    }

    /// Deletes the ref of a tag while it names an object; what git said when it did not.
    async fn delete_ref(
        &self,
        at: &Repository,
        tag: &Tag,
        object: Oid,
        trust: Trust,
    ) -> Result<Option<Untrusted>, GitError> {
        let stdin = format!("start\ndelete {} {object}\nprepare\ncommit\n", tag.full());
        let call = self.call(at, Access::Remote(trust)).args(["update-ref", "--stdin"]).stdin(stdin);
        let output = call.run(&Cancel::new()).await?;
        Ok((!output.status.success()).then(|| said(&output.stderr).into()))
    }

    /// A git process that may sign or verify. A passphrase is asked for on a terminal that is lent, never on the one
    /// that shows the cockpit.
    pub(super) fn call_signing(&self, at: &Repository, trust: Trust) -> Call {
        let call = self.call(at, Access::Remote(trust));
        if self.is_attended() { call } else { call.env("GPG_TTY", "") }
    }

    /// Without trust, the repository's own configuration must not choose what signs.
    async fn check_signers(&self, at: &Repository, trust: Trust) -> Result<(), GitError> {
        if trust == Trust::Given {
            return Ok(());
        }
        let call = self.read(at, "config").args(["--null", "--show-scope", "--get-regexp", r"^gpg\."]);
        let output = call.run(&Cancel::new()).await?;
        // 1 is git's way to say that nothing matches.
        if output.status.code() == Some(1) {
            return Ok(());
        }
        let answer = crate::git::run::lossy(checked(output, "config")?);
        let own = crate::git::fetch::scoped(&answer, &["local", "worktree", "command"]);
        let starts = |key: &str| key.ends_with("program") || key.ends_with("defaultkeycommand");
        match own.into_iter().find(|(key, _)| starts(key)) {
            None => Ok(()),
            Some((key, program)) => Err(GitError::Refused {
                what: Untrusted::from(format!("{key} = {program}")).line(),
                why: "the repository chooses the program that signs, and is not trusted".to_owned(),
            }),
        }
    }
}

/// Whether what git said is about signing: no key is set, or the program that signs failed.
pub(in crate::git) fn is_about_signing(words: &str) -> bool {
    let signs =
        ["unable to sign the tag", "failed to sign the data", "user.signingkey", "gpg.ssh.defaultKeyCommand"];
    signs.iter().any(|it| words.contains(it))
}
