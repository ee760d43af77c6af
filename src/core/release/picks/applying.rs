//! Picks on their way to a line: applied in a worktree of gonogo's own, resolved by a person, pushed.

use super::backport::is_no;
use super::{CellState, ChangeCommit, Foreseen, PickKey, Picks};
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::draft::LONGEST;
use crate::release::entry::Stamp;
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::ids::{Branch, Oid, OpId};
use crate::release::log::plural;
use crate::release::plan::{Danger, Plan, Step};
use crate::release::text::Untrusted;
use serde::{Deserialize, Serialize};

/// A commit that is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickStep {
    /// The pick that it belongs to.
    pub pick: PickKey,
    /// The commit.
    pub commit: Oid,
    /// Of a merge commit, which parent its change is taken against, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mainline: Option<u8>,
    /// The tree that was predicted after it, where that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<Oid>,
}

/// Applies picks on top of a line's tip. No branch moves by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyPicks {
    /// The line.
    pub target: Branch,
    /// Its tip, on which the picks go.
    pub tip: Oid,
    /// The commits in order.
    pub picks: Vec<PickStep>,
    /// Whether each is signed off.
    #[serde(default)]
    pub sign_off: bool,
    /// Whether what conflicts is committed with its markers, for a draft pull request, and never for the line itself.
    #[serde(default, skip_serializing_if = "is_no")]
    pub markers: bool,
}

/// Moves a line forward to what was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushPicks {
    /// The line.
    pub target: Branch,
    /// Where it must be.
    pub from: Oid,
    /// Where it goes; none until it is applied. An intent always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Oid>,
    /// The operation that applied it.
    pub of: OpId,
    /// Files that a person changed beyond the picks when they resolved conflicts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beyond: Vec<Untrusted>,
    /// Whether git has the terminal, so that it may ask for a passphrase.
    #[serde(default, skip_serializing_if = "is_no")]
    pub attended: bool,
}

/// What a person makes of picks that have stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolve {
    /// What is in the worktree is the resolution; or what stopped it otherwise is out of the way.
    Continue,
    /// The pick is left out.
    Skip,
    /// It is committed with its conflict markers, for a draft pull request.
    Draft,
    /// All of it is called off.
    Abort,
}

/// Goes on with picks that have stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvePicks {
    /// The line.
    pub target: Branch,
    /// The operation that applies them.
    pub of: OpId,
    /// How.
    pub answer: Resolve,
    /// Whether git has the terminal, so that it may ask for a passphrase.
    #[serde(default, skip_serializing_if = "is_no")]
    pub attended: bool,
}

/// Picks that have stopped and wait for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolving {
    /// The operation that applies them.
    pub op: OpId,
    /// Where their worktree is.
    pub worktree: Untrusted,
    /// The number of the commit at which they stopped, from 1.
    pub at: usize,
    /// How many commits there are.
    pub all: usize,
    /// The pick of each commit.
    pub picks: Vec<PickKey>,
    /// The files that are unmerged; none when it was no conflict.
    pub files: Vec<Untrusted>,
    /// How many places conflict in each of them, where they were counted.
    pub places: Vec<u32>,
    /// How many files are unmerged; more than are named when there are many.
    pub count: usize,
    /// Whether a branch of their own is pushed once they are applied, and not the line.
    pub apart: bool,
    /// What stopped them.
    pub why: Untrusted,
}

impl ApplyPicks {
    /// As one line of a plan: the very commands.
    #[must_use]
    pub fn line(&self) -> String {
        let many = self.picks.len();
        let sign_off = if self.sign_off { " -s" } else { "" };
        let markers = if self.markers { "; what conflicts is committed with its markers" } else { "" };
        let mainline = |it: &PickStep| it.mainline.map(|number| format!(" -m {number}")).unwrap_or_default();
        let commits: Vec<_> = self
            .picks
            .iter()
            .take(20)
            .map(|it| format!("{}{} ({})", it.commit.short(), mainline(it), it.pick.short()))
            .collect();
        let more = if many > 20 { format!(", and {} more", many - 20) } else { String::new() };
        format!(
            "git cherry-pick -x{sign_off} {}{more} onto {} at {}, in a worktree of its own{markers}",
            commits.join(", "),
            self.target.line(),
            self.tip.short()
        )
    }
}

impl PushPicks {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let to = self.to.map_or_else(|| "what was applied".to_owned(), |to| to.short());
        let (name, from) = (self.target.line(), self.from.short());
        let beyond: Vec<_> = self.beyond.iter().map(Untrusted::line).collect();
        let beyond = match &beyond[..] {
            [] => String::new(),
            files => format!("; changed by hand beyond the picks: {}", files.join(", ")),
        };
        format!("git push --atomic --force-with-lease={name}:{from} {to}, forward only{beyond}")
    }
}

impl ResolvePicks {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let line = self.target.line();
        match self.answer {
            Resolve::Continue => format!("go on with the picks of {line} as resolved"),
            Resolve::Draft => format!("commit the conflict of {line} with its markers, for a draft"),
            Resolve::Skip => format!("leave out the pick of {line} that stopped, and go on"),
            Resolve::Abort => format!("call off the picks of {line}: their worktree goes, the branch stays"),
        }
    }
}

impl Picks {
    /// Takes in how applying ended, while its errand is still open. `apart` says whether a branch of their own waits
    /// for what comes of it.
    pub(crate) fn take_applied(&mut self, op: &OpId, errand: &Errand, outcome: &Outcome, apart: bool) {
        let (line, of, picks) = match errand {
            Errand::ApplyPicks(it) => {
                let picks: Vec<_> = it.picks.iter().map(|step| step.pick.clone()).collect();
                (&it.target, op, Some(picks))
            }
            Errand::ResolvePicks(it) => (&it.target, &it.of, None),
            _ => return,
        };
        let known = self.resolving.remove(line);
        let said = |name: &str| outcome.after.get(name);
        let Some(worktree) = said("worktree").filter(|_| outcome.status != Status::Ok) else {
            // What could not be gone on with waits on as it was, and why.
            if let Some(known) = known.filter(|_| outcome.status != Status::Ok) {
                let why = outcome.note.clone().unwrap_or_else(|| known.why.clone());
                self.resolving.insert(line.clone(), Resolving { why, ..known });
            }
            return;
        };
        let number = |name: &str| said(name).and_then(|it| it.raw().parse::<usize>().ok());
        let at = number("at").unwrap_or(1);
        let parts =
            |name: &str| said(name).map(|it| it.raw().split('\0').collect::<Vec<_>>()).unwrap_or_default();
        let files: Vec<_> = parts("files").into_iter().map(Untrusted::from).collect();
        let picks = picks.or(known.as_ref().map(|known| known.picks.clone())).unwrap_or_default();
        let stopped = Resolving {
            op: of.clone(),
            worktree: worktree.clone(),
            at,
            all: picks.len().max(at),
            picks,
            places: parts("places").into_iter().filter_map(|it| it.parse().ok()).collect(),
            count: number("conflicts").unwrap_or(files.len()),
            files,
            why: outcome.note.clone().unwrap_or_default(),
            apart,
        };
        self.resolving.insert(line.clone(), stopped);
    }
}

impl Resolving {
    /// The pick that it stopped at.
    #[must_use]
    pub fn pick(&self) -> Option<&PickKey> {
        self.picks.get(self.at.checked_sub(1)?)
    }

    /// Whether a pick waits behind the one that it stopped at.
    #[must_use]
    pub fn is_behind(&self, key: &PickKey) -> bool {
        self.picks.iter().skip(self.at).any(|it| it == key) && self.pick() != Some(key)
    }
}

impl Release {
    /// The operations that applied picks and are over: no errand, no plan and no person waits for their worktrees.
    #[must_use]
    pub fn applied_and_over(&self) -> Vec<OpId> {
        let stopped = |op: &&OpId| self.picks.resolving.values().any(|it| it.op == **op);
        self.outbox.applied_and_over().filter(|op| !stopped(op)).cloned().collect()
    }

    /// The plan that applies picks to a line and pushes it; all that were accepted when none are named.
    pub(crate) fn draft_apply(
        &self,
        line: &Branch,
        only: &[PickKey],
        stamp: &Stamp,
    ) -> Result<Plan, Refusal> {
        let ask = "apply picks";
        let refuse = |why: String| Refusal::new(ask, line.line(), why);
        let (tip, queue, chosen) = self.chosen_picks(ask, line, only)?;
        let chosen: Vec<&PickKey> = chosen.iter().collect();
        let picks =
            self.pick_steps(line, tip, &queue, &chosen).map_err(|(why, hint)| refuse(why).hint(hint))?;
        let many = chosen.len();
        let stops = chosen.iter().find(|key| self.is_foreseen_to_conflict(key, line, tip));
        let stops = stops.map(|key| format!(": stops at {}, which conflicts", key.short()));
        let title = format!(
            "Apply {many} {} to {} and push it{}",
            plural(many, "pick"),
            line.line(),
            stops.unwrap_or_default()
        );
        let sign_off = self.process.as_ref().is_some_and(|process| process.picks.sign_off);
        let apply = ApplyPicks { target: line.clone(), tip, picks, sign_off, markers: false };
        let of = stamp.op(1);
        let push = PushPicks {
            target: line.clone(),
            from: tip,
            to: None,
            of: of.clone(),
            beyond: vec![],
            attended: false,
        };
        let step = |op, errand| Step { op, errand, follows: vec![] };
        let steps = vec![step(of, Errand::ApplyPicks(apply)), step(stamp.op(2), Errand::PushPicks(push))];
        if serde_json::to_string(&steps).map_or(usize::MAX, |json| json.len()) > LONGEST {
            return Err(
                refuse("the plan is longer than a line of the journal takes".to_owned()).hint("mark fewer")
            );
        }
        let danger = Danger::Typed(line.as_str().to_owned());
        Ok(Plan { id: stamp.op(0), title, steps, danger, trust: !self.trusted, cut: None })
    }

    /// Whether a pick of the queue is predicted to conflict on the tip of a line.
    fn is_foreseen_to_conflict(&self, key: &PickKey, line: &Branch, tip: Oid) -> bool {
        let known = self.picks.predictions.get(line).filter(|known| known.is_of(key, tip));
        let row = known.and_then(|known| known.rows.get(key));
        matches!(row.map(|(row, _)| &row.verdict), Some(Foreseen::Conflict { .. }))
    }

    /// The tip of a line, its queue, and what of it is to be applied: the picks that are named, or all that were
    /// accepted.
    pub(super) fn chosen_picks(
        &self,
        ask: &str,
        line: &Branch,
        only: &[PickKey],
    ) -> Result<(Oid, Vec<PickKey>, Vec<PickKey>), Refusal> {
        let refuse = |why: String| Refusal::new(ask, line.line(), why);
        if let Some(known) = self.picks.resolving.get(line) {
            let why = format!("picks of it have stopped at {} of {}", known.at, known.all);
            return Err(refuse(why).hint("c goes on with them, or calls them off"));
        }
        let tip = self.lines.0.get(line).map(|row| row.tip);
        let tip = tip.ok_or_else(|| refuse("its tip was not read yet".to_owned()).hint("r looks again"))?;
        let queue = self.picks.queue(line);
        let state = |key: &PickKey| self.picks.cell(key, line).map(|cell| cell.state);
        for key in only {
            if state(key) != Some(CellState::Approved) {
                let word = state(key).map_or("not wanted there", CellState::word);
                return Err(refuse(format!("{} is {word}", key.short())).hint("a accepts a pick"));
            }
        }
        let wanted = |key: &&PickKey| {
            state(key) == Some(CellState::Approved) && (only.is_empty() || only.contains(key))
        };
        let chosen: Vec<PickKey> = queue.iter().filter(wanted).cloned().collect();
        if chosen.is_empty() {
            return Err(
                refuse("no pick of it is accepted".to_owned()).hint("a accepts the pick at the cursor")
            );
        }
        Ok((tip, queue, chosen))
    }

    /// The commits of picks, with the trees that were shown to come of them. Those hold only while all that applies
    /// before a pick in the queue is applied too.
    pub(super) fn pick_steps(
        &self,
        line: &Branch,
        tip: Oid,
        queue: &[PickKey],
        chosen: &[&PickKey],
    ) -> Result<Vec<PickStep>, (String, &'static str)> {
        let predictions = self.picks.predictions.get(line);
        let (mut steps, mut holds) = (vec![], true);
        for key in queue {
            let row = predictions.filter(|known| known.is_of(key, tip)).and_then(|known| known.rows.get(key));
            let row = row.map(|(row, _)| row);
            if !chosen.contains(&key) {
                let applies = |row: &super::Predicted| row.tree.is_some();
                holds &= row.is_some_and(|row| !applies(row));
                continue;
            }
            if let Some(Foreseen::Unknown { why }) = row.map(|row| &row.verdict) {
                return Err((
                    format!("it is not known what {} comes to: {}", key.short(), why.line()),
                    "once that is put right, p predicts again",
                ));
            }
            holds &= row.is_some_and(|row| !matches!(row.verdict, Foreseen::Conflict { .. }));
            let commits: Vec<ChangeCommit> = self.picks.commits(key, line);
            if commits.is_empty() {
                return Err((
                    format!("the commits of {} are not in this clone", key.short()),
                    "r fetches and looks again",
                ));
            }
            let last = commits.len() - 1;
            steps.extend(commits.iter().enumerate().map(|(at, it)| PickStep {
                pick: key.clone(),
                commit: it.oid,
                mainline: it.mainline,
                tree: row.and_then(|row| row.tree).filter(|_| holds && at == last),
            }));
        }
        Ok(steps)
    }

    /// The plan that goes on with picks that have stopped.
    pub(crate) fn draft_resolve(
        &self,
        line: &Branch,
        (answer, attended): (Resolve, bool),
        stamp: &Stamp,
    ) -> Result<Plan, Refusal> {
        let refuse = |why: &str| Refusal::new("go on with picks", line.line(), why);
        let known = self.picks.resolving.get(line).ok_or_else(|| refuse("no picks of it have stopped"))?;
        if answer == Resolve::Draft && (!known.apart || known.files.is_empty()) {
            return Err(refuse("conflict markers never go to a release branch"));
        }
        let it = ResolvePicks { target: line.clone(), of: known.op.clone(), answer, attended };
        let title = it.line();
        let steps = vec![Step { op: stamp.op(1), errand: Errand::ResolvePicks(it), follows: vec![] }];
        Ok(Plan { id: stamp.op(0), title, steps, danger: Danger::Reversible, trust: false, cut: None })
    }
}
