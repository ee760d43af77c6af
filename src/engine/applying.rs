//! Picks applied, resolved and pushed: what git makes of them, as outcomes.

use super::git_side::{GitSide, unpushed};
use crate::git::apply::{Answer, Applied, Done, How, Item, Order, Workplace};
use crate::git::push::Move;
use crate::git::{Git, GitError, Pushing, Trust, Unpushed};
use crate::release::errand::{Outcome, Status};
use crate::release::ids::{Branch, Oid, OpId};
use crate::release::picks::{ApplyPicks, PushPicks, Resolve, ResolvePicks};
use crate::release::text::{Untrusted, shown};
use crate::spawn::Cancel;

impl GitSide {
    /// Applies picks. A run that was broken off goes on where it stood.
    pub async fn apply(&mut self, op: &OpId, errand: &ApplyPicks, cancel: &Cancel) -> Outcome {
        let item = |it: &crate::release::picks::PickStep| Item {
            commit: it.commit,
            mainline: it.mainline,
            tree: it.tree,
        };
        let order = Order {
            op: op.clone(),
            line: errand.target.clone(),
            tip: errand.tip,
            items: errand.picks.iter().map(item).collect(),
            sign_off: errand.sign_off,
            markers: errand.markers,
        };
        let applied = async {
            let git = self.git().await?;
            let applied = self.apply_order(&git, &order, cancel).await?;
            self.make_room(op, &applied).await?;
            Ok(applied)
        };
        match applied.await {
            Ok(applied) => self.told(op, applied),
            Err(why) => self.broken(op, &why),
        }
    }

    /// Applies an order by what was predicted of its line, where no prediction is under way: git is asked for no merge
    /// that it has told already.
    async fn apply_order(&self, git: &Git, order: &Order, cancel: &Cancel) -> Result<Applied, GitError> {
        let lent = self.predictors.try_lock().ok().and_then(|mut known| known.lend(&order.line));
        let Some(mut predictor) = lent else {
            return git.apply(&self.repository, &self.applying, order, cancel).await;
        };
        let applied = git.apply_by(&self.repository, &self.applying, order, &mut predictor, cancel).await;
        self.predictors.lock().await.take_back(&order.line, predictor);
        applied
    }

    /// Goes on with picks that have stopped.
    pub async fn resolve(&mut self, errand: &ResolvePicks, cancel: &Cancel) -> Outcome {
        let op = &errand.of;
        let answer = match errand.answer {
            Resolve::Continue => Answer::Continue,
            Resolve::Draft => Answer::Markers,
            Resolve::Skip => Answer::Skip,
            Resolve::Abort => {
                let off = async { self.git().await?.apply_off(&self.repository, &self.applying, op).await };
                return match off.await {
                    Ok(()) => Outcome::noted(Status::Ok, "called off; the branch is as it was"),
                    Err(why) => Outcome::noted(Status::Failed, why.to_string()),
                };
            }
        };
        let applied = async {
            let git = self.git_for(errand.attended).await?;
            let applied = git.apply_on(&self.repository, &self.applying, op, answer, cancel).await?;
            self.make_room(op, &applied).await?;
            Ok(applied)
        };
        match applied.await {
            Ok(Applied::Done { tip, done }) if done.iter().all(|it| it.commit.is_none()) => {
                self.told(op, Applied::Done { tip, done })
            }
            Ok(applied @ Applied::Done { .. }) => {
                let mut outcome = self.told(op, applied);
                let note = outcome.note.as_ref().map(Untrusted::line).unwrap_or_default();
                outcome.note = Some(format!("{note}; c shows what is pushed next").into());
                outcome
            }
            Ok(applied) => self.told(op, applied),
            Err(why) => self.broken(op, &why),
        }
    }

    /// Puts all files into the worktree of a conflict, for the tools of a person.
    async fn make_room(&self, op: &OpId, applied: &Applied) -> Result<(), GitError> {
        if let (Applied::Conflict { .. }, Some(git)) = (applied, &self.git) {
            git.spread(&self.repository, &self.applying, op).await?;
        }
        Ok(())
    }

    /// Takes away the worktrees of operations that are over, which a crash left. What cannot go now goes later.
    pub async fn sweep(&mut self, over: &[OpId]) {
        if self.applying.is_dir()
            && let Ok(git) = self.git().await
        {
            let _gone = Workplace::sweep(&git, &self.repository, &self.applying, over).await;
        }
    }

    fn told(&self, op: &OpId, applied: Applied) -> Outcome {
        match applied {
            Applied::Done { tip, done } => made(tip, &done),
            Applied::Conflict { at, files, worktree } => self.waits(op, at, clash(at, &files, &worktree)),
            Applied::Failed { at, said } => {
                let note = format!("commit {}: {}; c tries again", at + 1, said.line());
                self.waits(op, at, Outcome::noted(Status::Failed, note))
            }
            Applied::NotYet { at: _, why } => Outcome::noted(Status::Refused, why.line()),
            Applied::Differs { at, predicted, executed } => {
                let word = |tree: Option<Oid>| tree.map_or("a conflict".to_owned(), |tree| tree.short());
                let note = format!(
                    "commit {} came to {} and {} was predicted: nothing moved; c calls it off",
                    at + 1,
                    word(executed),
                    word(predicted)
                );
                self.waits(op, at, Outcome::noted(Status::Conflict, note))
            }
            Applied::Stale { at, now } => {
                let note =
                    format!("commit {}: {}, which is not what was shown: plan again", at + 1, now.line());
                Outcome::noted(Status::Conflict, note)
            }
            Applied::Strange { said } => Outcome::noted(Status::Conflict, said.line()),
        }
    }

    /// What broke off may go on: the record of it is on disk, or nothing was begun.
    fn broken(&self, op: &OpId, why: &GitError) -> Outcome {
        self.waits(op, 0, Outcome::noted(Status::Failed, format!("{why}; c tries again")))
    }

    fn waits(&self, op: &OpId, at: usize, outcome: Outcome) -> Outcome {
        let place = self.applying.join(format!("gonogo-picks-{}", op.as_str())).join("work");
        if !place.exists() {
            return outcome;
        }
        with(outcome, &[("worktree", place.display().to_string()), ("at", (at + 1).to_string())])
    }

    /// Moves the line forward on the remote, and cleans up after it.
    pub async fn push_picks(&mut self, errand: &PushPicks, cancel: &Cancel) -> Outcome {
        let Some(new) = errand.to else {
            return Outcome::noted(Status::Failed, "nothing was applied, so nothing was pushed");
        };
        let pushed = async {
            let git = self.git_for(errand.attended).await?;
            let remote = self.repository.remote().cloned().ok_or_else(no_remote)?;
            let to = Move { old: Some(errand.from), new };
            git.push_onto(&self.repository, &remote, &errand.target, to, Trust::Given, cancel).await
        };
        match pushed.await {
            Ok(Pushing::Done | Pushing::AlreadyThere) => self.landed(errand, new).await,
            Ok(Pushing::Moved { tip }) => {
                let by = self.whose(tip, &errand.target).await;
                let note = format!(
                    "{} is no longer at {}: {by}; nothing was pushed. Plan again on the new tip",
                    errand.target.line(),
                    errand.from.short()
                );
                Outcome::noted(Status::Conflict, note)
            }
            Ok(other) => refused(other),
            Err(why) => Outcome::noted(Status::Unknown, why.to_string()),
        }
    }

    async fn landed(&mut self, errand: &PushPicks, new: Oid) -> Outcome {
        let Some(git) = self.git.clone() else { return Outcome::new(Status::Ok) };
        let (at, line) = (&self.repository, &errand.target);
        let local = match git.follow_locally(at, line, errand.from, new, Trust::Given).await {
            Ok(true) => "the local branch followed",
            Ok(false) => "the local branch was left alone",
            Err(_) => "the local branch could not follow and was left alone",
        };
        let left = match git.apply_off(at, &self.applying, &errand.of).await {
            Ok(()) => String::new(),
            Err(why) => format!("; {why}"),
        };
        let note = format!("{} is at {}; {local}{left}", line.line(), new.short());
        with(Outcome::noted(Status::Ok, note), &[("tip", new.to_string())])
    }

    /// Where a branch went, and who wrote the commit that it is at.
    pub(super) async fn whose(&mut self, tip: Option<Oid>, branch: &Branch) -> String {
        let Some(tip) = tip else { return format!("the remote has no {}", branch.line()) };
        let read = async {
            let git = self.git().await?;
            if let Ok(commits) = git.commits(&self.repository, &[tip]).await {
                return Ok(commits);
            }
            let remote = self.repository.remote().cloned().ok_or_else(no_remote)?;
            git.fetch(&self.repository, &remote, Trust::Given, &Cancel::new(), |_| {}).await?;
            git.commits(&self.repository, &[tip]).await
        };
        let commit = read.await.ok().and_then(|commits: Vec<crate::git::Commit>| commits.into_iter().next());
        match commit {
            Some(it) => {
                let (subject, author) = (shown(it.subject.raw(), 80), shown(it.author.raw(), 60));
                format!("it is at {} “{subject}” by {author}", tip.short())
            }
            None => format!("it is at {}", tip.short()),
        }
    }

    /// Looks whether a line was moved. Sends nothing.
    pub async fn probe_push(&mut self, errand: &PushPicks) -> Outcome {
        let found = async {
            let git = self.git().await?;
            let remote = self.repository.remote().cloned().ok_or_else(no_remote)?;
            let tip = git
                .remote_tip(&self.repository, &remote, &errand.target, Trust::Given, &Cancel::new())
                .await?;
            let on_top = match (tip, errand.to) {
                (Some(tip), Some(to)) => git.is_ancestor(&self.repository, to, tip).await.unwrap_or(false),
                _ => false,
            };
            Ok::<_, GitError>((tip, on_top))
        };
        match (found.await, errand.to) {
            (Ok((_, true)), Some(to)) => Outcome::by_probe(self.landed(errand, to).await),
            (Ok((Some(tip), _)), _) if tip == errand.from => Outcome::by_probe(Outcome::noted(
                Status::Failed,
                "the remote has it where it was: it did not happen",
            )),
            (Ok((tip, _)), _) => {
                let by = self.whose(tip, &errand.target).await;
                Outcome::by_probe(Outcome::noted(Status::Conflict, by))
            }
            (Err(why), _) => Outcome::noted(Status::Unknown, why.to_string()),
        }
    }
}

pub(super) fn no_remote() -> GitError {
    let why = "this clone has no remote to push to".to_owned();
    GitError::Refused { what: "the push".to_owned(), why }
}

pub(super) fn with(mut outcome: Outcome, after: &[(&str, String)]) -> Outcome {
    for (name, value) in after {
        outcome.after.insert((*name).into(), Untrusted::from(value.as_str()));
    }
    outcome
}

/// What became of the picks, with what a person changed beyond them.
fn words(done: &[Done]) -> String {
    let count = |is: fn(&How) -> bool| done.iter().filter(|it| is(&it.how)).count();
    let mut said =
        vec![format!("{} applied", count(|how| matches!(how, How::Picked | How::Resolved { .. })))];
    for (many, word) in [
        (count(|how| matches!(how, How::Resolved { .. })), "resolved by hand"),
        (count(|how| matches!(how, How::Marked { .. })), "committed with conflict markers"),
        (count(|how| *how == How::Empty), "there already"),
        (count(|how| *how == How::Skipped), "left out"),
    ] {
        if many > 0 {
            said.push(format!("{many} {word}"));
        }
    }
    for it in done {
        if let (Some(commit), How::Resolved { beyond }) = (it.commit, &it.how)
            && !beyond.is_empty()
        {
            let files: Vec<_> = beyond.iter().map(Untrusted::line).collect();
            said.push(format!("{} changes beyond its pick: {}", commit.short(), files.join(", ")));
        }
    }
    said.join(", ")
}

pub(super) fn refused(pushing: Pushing) -> Outcome {
    match pushing {
        Pushing::Not(why @ Unpushed::Denied { .. }) => {
            let mut outcome = unpushed(why);
            let note = outcome.note.as_ref().map(Untrusted::line).unwrap_or_default();
            outcome.note = Some(format!("{note}; c pushes on the terminal").into());
            outcome
        }
        Pushing::Not(why) => unpushed(why),
        Pushing::NotForward => {
            let note = "what was applied is not on top of the branch: it is never forced";
            Outcome::noted(Status::Conflict, note)
        }
        Pushing::Done | Pushing::AlreadyThere => Outcome::new(Status::Ok),
        Pushing::Moved { .. } => Outcome::noted(Status::Conflict, "the branch has moved"),
    }
}

/// Paths as one text, each ended by a NUL but the last.
fn listed<'a>(paths: impl Iterator<Item = &'a Untrusted>) -> String {
    paths.take(50).map(Untrusted::raw).collect::<Vec<_>>().join("\0")
}

/// How many places of a file conflict, by the lines that git wrote into it; one where it wrote none.
fn places(worktree: &std::path::Path, path: &Untrusted) -> usize {
    let path = worktree.join(path.raw());
    // A link may lead anywhere: what conflicts is the link itself.
    let is_file = path.symlink_metadata().is_ok_and(|meta| meta.is_file() && meta.len() < (16 << 20));
    let text = if is_file { std::fs::read(&path).unwrap_or_default() } else { Vec::new() };
    text.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"<<<<<<< ")).count().max(1)
}

/// What came of picks that are all applied.
fn made(tip: Oid, done: &[Done]) -> Outcome {
    let outcome = with(Outcome::noted(Status::Ok, words(done)), &[("tip", tip.to_string())]);
    let marked = done.iter().flat_map(|it| match &it.how {
        How::Marked { files } => files.as_slice(),
        _ => &[],
    });
    let beyond = done.iter().flat_map(|it| match &it.how {
        How::Resolved { beyond } => beyond.as_slice(),
        _ => &[],
    });
    [("markers", listed(marked)), ("beyond", listed(beyond))]
        .into_iter()
        .filter(|(_, files)| !files.is_empty())
        .fold(outcome, |outcome, part| with(outcome, &[part]))
}

/// What conflicts, and in how many places.
fn clash(at: usize, files: &[Untrusted], worktree: &std::path::Path) -> Outcome {
    let mut names: Vec<_> = files.iter().take(5).map(Untrusted::line).collect();
    if files.len() > 5 {
        names.push(format!("{} more", files.len() - 5));
    }
    let note = format!("commit {} conflicts in {}; c resolves it", at + 1, names.join(", "));
    let named = &files[..files.len().min(50)];
    let places: Vec<_> = named.iter().map(|path| places(worktree, path).to_string()).collect();
    let after = [
        ("files", listed(named.iter())),
        ("places", places.join("\0")),
        ("conflicts", files.len().to_string()),
    ];
    with(Outcome::noted(Status::Conflict, note), &after)
}
