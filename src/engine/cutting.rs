//! Versions written down, tagged and pushed: what git makes of them, as outcomes.

use super::applying::{no_remote, with};
use super::git_side::{GitSide, unpushed};
use crate::git::apply::{Bump, Bumped};
use crate::git::{self, Signature, TagPushing, Tagged, Trust, Unpushed, Untagged};
use crate::release::cut::{BumpVersion, DeleteTag, PushTag, Signing, TagVersion};
use crate::release::errand::{Outcome, Status};
use crate::release::ids::{Branch, Oid, OpId};
use crate::release::text::Untrusted;
use crate::spawn::Cancel;

impl GitSide {
    /// Writes a version into files and commits it. Asked for again after a crash, it finds what it made.
    pub async fn bump(&mut self, op: &OpId, errand: &BumpVersion, cancel: &Cancel) -> Outcome {
        let order = Bump {
            op: op.clone(),
            branch: errand.target.clone(),
            tip: errand.tip,
            edits: errand.edits.clone(),
            message: errand.message.raw().to_owned(),
            sign_off: errand.sign_off,
        };
        let bumped = async {
            let git = self.git_for(errand.attended).await?;
            git.bump(&self.repository, &self.applying, &order, cancel).await
        };
        let made =
            |commit: Oid, note: &str| with(Outcome::noted(Status::Ok, note), &[("tip", commit.to_string())]);
        match bumped.await {
            Ok(Bumped::Done { commit }) => made(commit, &format!("committed as {}", commit.short())),
            Ok(Bumped::AlreadyThere) => made(errand.tip, "the files say it already: nothing was committed"),
            Ok(Bumped::Unfit { why }) => Outcome::noted(Status::Conflict, why.line()),
            Ok(Bumped::NotSigned { said }) => not_signed(&said),
            Ok(Bumped::Failed { said }) => Outcome::noted(Status::Failed, words(&said)),
            Ok(Bumped::Differs { expected, executed }) => Outcome::noted(
                Status::Conflict,
                format!(
                    "a hook changed what was committed: tree {} and not {}; nothing was pushed",
                    executed.short(),
                    expected.short()
                ),
            ),
            Ok(Bumped::Strange { said }) => Outcome::noted(Status::Conflict, said.line()),
            Err(why) => Outcome::noted(Status::Failed, why.to_string()),
        }
    }

    /// Tags a commit in the clone, if the branch still stands at it.
    pub async fn tag(&mut self, errand: &TagVersion, cancel: &Cancel) -> Outcome {
        let Some(commit) = errand.at else {
            return Outcome::noted(Status::Failed, "nothing was committed, so nothing was tagged");
        };
        if let Some(stop) = self.has_moved(errand.from.as_ref(), commit).await {
            return stop;
        }
        let order = git::MakeTag {
            tag: errand.target.clone(),
            commit,
            message: errand.message.raw().to_owned(),
            signed: errand.signing == Signing::Required,
        };
        let tagged = async {
            let git = self.git_for(errand.attended).await?;
            // A tag of the remote that is not in this clone is found before one is made beside it.
            if let Some(remote) = self.repository.remote().cloned() {
                let there =
                    git.remote_tag(&self.repository, &remote, &order.tag, Trust::Given, cancel).await?;
                if let Some(there) = there.filter(|there| there.commit != commit) {
                    return Ok(Tagged::Taken { at: Some(there.commit) });
                }
            }
            git.make_tag(&self.repository, &order, Trust::Given, cancel).await
        };
        match tagged.await {
            Ok(it) => told(errand, it),
            Err(why) => Outcome::noted(Status::Failed, why.to_string()),
        }
    }

    /// Looks whether the tag was made. Makes nothing.
    pub async fn probe_tag(&mut self, errand: &TagVersion) -> Outcome {
        let found = async {
            let git = self.git().await?;
            git.local_tag(&self.repository, &errand.target).await
        };
        let outcome = match found.await {
            Ok(None) => Outcome::noted(Status::Failed, "the clone does not have it: it did not happen"),
            Ok(Some(known)) if known.commit == errand.at => {
                let object = ("object", known.object.to_string());
                with(Outcome::noted(Status::Ok, "the clone has it, at this commit"), &[object])
            }
            Ok(Some(known)) => taken(known.commit, "the clone"),
            Err(why) => return Outcome::noted(Status::Unknown, why.to_string()),
        };
        outcome.by_probe()
    }

    /// Takes a tag away that was not pushed.
    pub async fn untag(&mut self, errand: &DeleteTag, cancel: &Cancel) -> Outcome {
        let gone = async {
            let git = self.git().await?;
            let remote = self.repository.remote().cloned();
            let (at, tag) = (&self.repository, &errand.target);
            git.delete_local_tag(at, remote.as_ref(), tag, errand.at, Trust::Given, cancel).await
        };
        match gone.await {
            Ok(Untagged::Done) => Outcome::new(Status::Ok),
            Ok(Untagged::AlreadyGone) => Outcome::noted(Status::Ok, "it was gone already"),
            Ok(Untagged::Moved { object }) => {
                Outcome::noted(Status::Conflict, format!("it names {} by now, and stays", object.short()))
            }
            Ok(Untagged::OnRemote { at }) => Outcome::noted(
                Status::Conflict,
                format!("the remote has it at {}: a tag that is pushed stays", at.short()),
            ),
            Ok(Untagged::Not { said }) => Outcome::noted(Status::Failed, words(&said)),
            Err(why) => Outcome::noted(Status::Failed, why.to_string()),
        }
    }

    /// Pushes a tag as a new one, if the branch still stands at its commit.
    pub async fn push_tag(&mut self, errand: &PushTag, cancel: &Cancel) -> Outcome {
        let (Some(commit), Some(object)) = (errand.at, errand.object) else {
            return Outcome::noted(Status::Failed, "nothing was tagged, so nothing was pushed");
        };
        if let Some(stop) = self.has_moved(errand.from.as_ref(), commit).await {
            return stop;
        }
        let pushed = async {
            let git = self.git_for(errand.attended).await?;
            let remote = self.repository.remote().cloned().ok_or_else(no_remote)?;
            let order = git::PushTag { tag: errand.target.clone(), object, commit };
            git.push_tag(&self.repository, &remote, &order, Trust::Given, cancel).await
        };
        match pushed.await {
            Ok(TagPushing::Done) => Outcome::noted(Status::Ok, format!("at {}", commit.short())),
            Ok(TagPushing::AlreadyThere { object: there }) if there == object => {
                Outcome::noted(Status::Ok, "the remote had it already, at this commit")
            }
            Ok(TagPushing::AlreadyThere { .. }) => {
                Outcome::noted(Status::Ok, "the remote had a tag of somebody else on this very commit")
            }
            Ok(TagPushing::Taken { at }) => taken(at, "the remote"),
            Ok(TagPushing::Lost) => {
                Outcome::noted(Status::Conflict, "the tag is no longer in this clone as it was made")
            }
            Ok(TagPushing::Not(why @ Unpushed::Denied { .. })) => {
                let mut outcome = unpushed(why);
                let note = outcome.note.as_ref().map(Untrusted::line).unwrap_or_default();
                outcome.note = Some(format!("{note}; gu pushes on the terminal").into());
                outcome
            }
            Ok(TagPushing::Not(why)) => unpushed(why),
            Err(why) => Outcome::noted(Status::Unknown, why.to_string()),
        }
    }

    /// Looks whether the tag was pushed. Sends nothing.
    pub async fn probe_tag_push(&mut self, errand: &PushTag) -> Outcome {
        let found = async {
            let git = self.git().await?;
            let remote = self.repository.remote().cloned().ok_or_else(no_remote)?;
            let at = &self.repository;
            git.remote_tag(at, &remote, &errand.target, Trust::Given, &Cancel::new()).await
        };
        let outcome = match found.await {
            Ok(None) => Outcome::noted(Status::Failed, "the remote does not have it: it did not happen"),
            Ok(Some(there)) if Some(there.commit) == errand.at => {
                Outcome::noted(Status::Ok, "the remote has it, at this commit")
            }
            Ok(Some(there)) => taken(Some(there.commit), "the remote"),
            Err(why) => return Outcome::noted(Status::Unknown, why.to_string()),
        };
        outcome.by_probe()
    }

    /// Stops when the branch is not at the commit any more that was approved.
    async fn has_moved(&mut self, from: Option<&Branch>, commit: Oid) -> Option<Outcome> {
        let branch = from?;
        let tip = async {
            let git = self.git().await?;
            let remote = self.repository.remote().cloned().ok_or_else(no_remote)?;
            git.remote_tip(&self.repository, &remote, branch, Trust::Given, &Cancel::new()).await
        };
        match tip.await {
            Ok(tip) if tip == Some(commit) => None,
            Ok(tip) => {
                let by = self.whose(tip, branch).await;
                let note = format!(
                    "{} has moved since it was approved at {}: {by}; nothing was done. Plan again",
                    branch.line(),
                    commit.short()
                );
                Some(Outcome::noted(Status::Conflict, note))
            }
            Err(why) => Some(Outcome::noted(
                Status::Failed,
                format!("it is not known where {} stands: {why}; nothing was done", branch.line()),
            )),
        }
    }
}

fn words(said: &Untrusted) -> String {
    said.lines(6).collect::<Vec<_>>().join(" ")
}

fn not_signed(said: &Untrusted) -> Outcome {
    let note = format!("not signed, and so not made: {}; gu tries on the terminal", words(said));
    Outcome::noted(Status::Failed, note)
}

fn taken(at: Option<Oid>, whose: &str) -> Outcome {
    let place = at.map_or("on something else".to_owned(), |at| format!("at {}", at.short()));
    let note = format!("{whose} has this tag {place}: a tag is never moved, and its number is burned");
    Outcome::noted(Status::Conflict, note)
}

fn told(errand: &TagVersion, tagged: Tagged) -> Outcome {
    let (object, signature, note) = match tagged {
        Tagged::Done { object, signature } => (object, signature, String::new()),
        Tagged::AlreadyThere { object, signature } => {
            (object, signature, "the clone had it already, at this commit; ".to_owned())
        }
        Tagged::Taken { at } => return taken(at, "the clone or the remote"),
        Tagged::NotSigned { said } => return not_signed(&said),
        Tagged::NotMade { said } => return Outcome::noted(Status::Failed, words(&said)),
    };
    if errand.signing == Signing::Required && !signature.is_there() {
        let note = format!("{}, and the process asks for a signature; z takes it away", signature.line());
        return Outcome::noted(Status::Conflict, note);
    }
    let outcome = Outcome::noted(Status::Ok, format!("{note}{}", signature.line()));
    let outcome = with(outcome, &[("object", object.to_string())]);
    match signature {
        Signature::None => outcome,
        signature => with(outcome, &[("signed", signature.line())]),
    }
}
