//! Plans drafted from what a person wants: every step that would be sent, for people to see first.

use super::ask::{Proposal, Refusal};
use super::entry::Stamp;
use super::errand::{
    AssignIssue, CommentIssue, CreateBranch, Errand, LabelIssue, MoveIssue, RerunFailed, StateIssue,
    UndoClass,
};
use super::ids::{Branch, IssueKey};
use super::milestone::Issue;
use super::plan::{Danger, Plan, Step};
use super::text::Untrusted;
use super::{Release, log::plural};

/// Most issues that one plan may touch: GitHub allows 500 content-creating requests an hour.
pub(super) const MOST: usize = 400;
/// Most bytes of a plan's steps: the line that accepts it is at most 64 KiB long.
pub(super) const LONGEST: usize = 56 * 1024;

impl Release {
    /// Drafts the plan of a proposal. Nothing is sent.
    ///
    /// # Errors
    /// The reason why it cannot be, and what to do instead.
    pub fn draft(&self, proposal: Proposal, stamp: &Stamp) -> Result<Plan, Refusal> {
        self.may_plan(&proposal)?;
        let (title, errands) = match proposal {
            Proposal::Move { issues, to, why } => self.draft_move(&issues, &to, &why)?,
            Proposal::Close { issues, not_planned } => self.draft_state(&issues, true, not_planned)?,
            Proposal::Reopen { issues } => self.draft_state(&issues, false, false)?,
            Proposal::Label { issues, labels } => self.draft_labels(&issues, &labels)?,
            Proposal::Assign { issues, logins } => self.draft_assign(&issues, &logins)?,
            Proposal::Comment { issues, text } => self.draft_comment(&issues, &text)?,
            Proposal::Rerun { branch, checks } => self.draft_rerun(&branch, &checks)?,
            Proposal::CreateBranch { name, from } => return self.draft_branch(&name, &from, stamp),
            Proposal::ApplyPicks { line, picks } => return self.draft_apply(&line, &picks, stamp),
            Proposal::ResolvePicks { line, answer, attended } => {
                return self.draft_resolve(&line, (answer, attended), stamp);
            }
            Proposal::Backport { line, picks, each, fork } => {
                return self.draft_backport(&line, &picks, (each, fork.as_ref()), stamp);
            }
            Proposal::Cut(what) => return self.draft_cut(what, stamp),
            Proposal::PublishRelease(tag) => return self.draft_publication(&tag, stamp),
            Proposal::Workflow { item } => return self.draft_workflow(&item, stamp),
            Proposal::HotfixBranch => return self.draft_hotfix_branch(stamp),
            Proposal::Promote { item, channel } => return self.draft_promotion(&item, &channel, stamp),
            Proposal::Step { item, barred } => return self.draft_step(&item, barred.as_deref(), stamp),
            Proposal::Announce { id, fields, route } => {
                return self.draft_announcement(&id, &fields, route, stamp);
            }
            Proposal::Planned(planned) => self.draft_planned(&planned, stamp)?,
            Proposal::Ticks => self.draft_ticks(stamp.now)?,
            Proposal::Status => self.draft_status(stamp.now)?,
            Proposal::TakeBack => self.draft_back()?,
            Proposal::Publish { only } => return self.draft_publish(&only, stamp),
        };
        if !errands.iter().all(Errand::is_of_git) {
            self.may_write(&title, "")?;
        }
        if errands.len() > MOST {
            let why = format!("{} requests are more than GitHub takes in an hour", errands.len());
            return Err(Refusal::new(title, "", why).hint("mark fewer"));
        }
        let danger = danger(&errands);
        let plan = plan(title, errands, danger, stamp);
        if serde_json::to_string(&plan.steps).map_or(usize::MAX, |json| json.len()) > LONGEST {
            let why = "the plan is longer than a line of the journal takes";
            return Err(Refusal::new(plan.title, "", why).hint("mark fewer"));
        }
        Ok(plan)
    }

    fn each<'a>(
        &'a self,
        ask: &str,
        issues: &'a [IssueKey],
    ) -> Result<Vec<(&'a IssueKey, &'a Issue)>, Refusal> {
        if issues.is_empty() {
            return Err(
                Refusal::new(ask, "", "no issue is selected").hint("move to one, or mark some with space")
            );
        }
        issues
            .iter()
            .map(|key| {
                let issue = self.milestones.issues.get(key);
                issue.map(|issue| (key, issue)).ok_or_else(|| {
                    Refusal::new(ask, key.to_string(), "it is no longer in the milestone")
                        .hint("press r to look again")
                })
            })
            .collect()
    }

    fn draft_move(
        &self,
        issues: &[IssueKey],
        to: &Untrusted,
        why: &Untrusted,
    ) -> Result<(String, Vec<Errand>), Refusal> {
        let ask = "move to another milestone";
        let rationale = why.raw().trim();
        let wanted = self.process.as_ref().is_none_or(|process| process.milestone.rationale_required);
        if rationale.is_empty() && wanted {
            return Err(Refusal::new(
                ask,
                to.line(),
                "a rationale is needed: the process asks why an issue moves",
            )
            .hint("type why; it becomes a comment on the issue"));
        }
        let mut errands = vec![];
        for (key, _) in self.each(ask, issues)? {
            let from = self.milestones.chosen.clone();
            if from.as_ref() == Some(to) {
                return Err(Refusal::new(ask, key.to_string(), format!("it is in {} already", to.line())));
            }
            let to_number = match to.raw() {
                "" => None,
                title => Some(self.milestones.by_title(&key.repo, title).ok_or_else(|| {
                    let why = format!("{} has no milestone {}", key.repo.as_str(), to.line());
                    Refusal::new(ask, key.to_string(), why).hint("create it there first, or choose another")
                })?),
            };
            errands.push(Errand::MoveIssue(MoveIssue {
                target: key.clone(),
                from,
                to: Some(to.clone()).filter(|to| !to.is_empty()),
                to_number: to_number.map(|it| it.number),
                why: Untrusted::from(rationale),
            }));
            if !rationale.is_empty() {
                errands.push(Errand::CommentIssue(CommentIssue {
                    target: key.clone(),
                    text: Untrusted::from(move_comment(self.milestones.chosen.as_ref(), to, rationale)),
                }));
            }
        }
        let name = if to.is_empty() { "no milestone".to_owned() } else { to.line() };
        Ok((format!("Move {} to {name}", many(issues)), errands))
    }

    fn draft_state(
        &self,
        issues: &[IssueKey],
        close: bool,
        not_planned: bool,
    ) -> Result<(String, Vec<Errand>), Refusal> {
        let ask = if close { "close" } else { "reopen" };
        let rows = self.each(ask, issues)?;
        let errands: Vec<_> = rows
            .into_iter()
            .filter(|(_, issue)| issue.open == close)
            .map(|(key, _)| {
                let it = StateIssue { target: key.clone(), not_planned, why: None };
                if close { Errand::CloseIssue(it) } else { Errand::ReopenIssue(it) }
            })
            .collect();
        if errands.is_empty() {
            let why = if close { "it is closed already" } else { "it is open already" };
            return Err(Refusal::new(ask, many(issues), why));
        }
        let title = if close { "Close" } else { "Reopen" };
        Ok((format!("{title} {} {}", errands.len(), plural(errands.len(), "issue")), errands))
    }

    fn draft_labels(
        &self,
        issues: &[IssueKey],
        labels: &[Untrusted],
    ) -> Result<(String, Vec<Errand>), Refusal> {
        let (add, take) = signed(labels);
        if add.is_empty() && take.is_empty() {
            return Err(Refusal::new("label", many(issues), "no label was given").hint("bug, -needs-triage"));
        }
        let mut errands = vec![];
        for (key, issue) in self.each("label", issues)? {
            let new: Vec<_> = add.iter().filter(|label| !issue.labels.contains(label)).cloned().collect();
            let old: Vec<_> = take.iter().filter(|label| issue.labels.contains(label)).cloned().collect();
            if !new.is_empty() {
                errands.push(Errand::LabelIssue(LabelIssue { target: key.clone(), labels: new }));
            }
            if !old.is_empty() {
                errands.push(Errand::UnlabelIssue(LabelIssue { target: key.clone(), labels: old }));
            }
        }
        if errands.is_empty() {
            return Err(Refusal::new("label", many(issues), "the labels are as asked already"));
        }
        Ok((format!("Label {}", many(issues)), errands))
    }

    fn draft_assign(
        &self,
        issues: &[IssueKey],
        logins: &[Untrusted],
    ) -> Result<(String, Vec<Errand>), Refusal> {
        let (add, take) = signed(logins);
        for login in add.iter().chain(&take) {
            if let Err(bad) = super::ids::Login::parse(login.raw()) {
                return Err(
                    Refusal::new("assign", many(issues), bad.to_string()).hint("type logins: alice, -bob")
                );
            }
        }
        let mut errands = vec![];
        for (key, issue) in self.each("assign", issues)? {
            let new: Vec<_> = add.iter().filter(|login| !issue.assignees.contains(login)).cloned().collect();
            let old: Vec<_> = take.iter().filter(|login| issue.assignees.contains(login)).cloned().collect();
            if !new.is_empty() {
                errands.push(Errand::AssignIssue(AssignIssue { target: key.clone(), logins: new }));
            }
            if !old.is_empty() {
                errands.push(Errand::UnassignIssue(AssignIssue { target: key.clone(), logins: old }));
            }
        }
        if errands.is_empty() {
            return Err(Refusal::new("assign", many(issues), "they are assigned as asked already"));
        }
        Ok((format!("Assign {}", many(issues)), errands))
    }

    fn draft_comment(&self, issues: &[IssueKey], text: &Untrusted) -> Result<(String, Vec<Errand>), Refusal> {
        if text.raw().trim().is_empty() {
            return Err(Refusal::new("comment", many(issues), "the comment is empty"));
        }
        let rows = self.each("comment", issues)?;
        let errand =
            |key: &IssueKey| Errand::CommentIssue(CommentIssue { target: key.clone(), text: text.clone() });
        Ok((format!("Comment on {}", many(issues)), rows.into_iter().map(|(key, _)| errand(key)).collect()))
    }

    fn draft_rerun(&self, branch: &Branch, checks: &[Untrusted]) -> Result<(String, Vec<Errand>), Refusal> {
        let ask = "re-run failed jobs";
        let refuse = |why: &str| Refusal::new(ask, branch.line(), why);
        let line = self.checks.lines.get(branch).ok_or_else(|| refuse("its checks were not read yet"))?;
        let repo = self.opened.as_ref().and_then(|opened| opened.repo.clone());
        let repo = repo.ok_or_else(|| refuse("this repository is on no forge"))?;
        let mut errands: Vec<Errand> = vec![];
        for name in checks {
            let Some(check) = line.rows.get(name) else { continue };
            if !check.state.is_red() {
                return Err(refuse(&format!("{} did not fail", name.line())).hint("move to a red check"));
            }
            let Some(run) = check.run else {
                let why = format!("{} is not a job of a GitHub workflow", name.line());
                return Err(refuse(&why).hint("o opens it where it runs"));
            };
            let going = line.rows.iter().find(|(_, other)| {
                other.state.is_running() && other.run.is_some_and(|other| other.run == run.run)
            });
            if let Some((other, _)) = going {
                let why = format!("{} of the same run is still running", other.line());
                return Err(refuse(&why).hint("GitHub re-runs failed jobs when the run is over"));
            }
            let target = repo.clone();
            let name = check.workflow.clone().unwrap_or_else(|| name.clone());
            let it = RerunFailed { target, run: run.run, attempt: run.attempt, name };
            let known = errands
                .iter()
                .any(|errand| matches!(errand, Errand::RerunFailed(known) if known.run == it.run));
            if !known {
                errands.push(Errand::RerunFailed(it));
            }
        }
        if errands.is_empty() {
            return Err(refuse("no failed check is selected"));
        }
        Ok((format!("Re-run failed jobs on {}", branch.line()), errands))
    }

    fn draft_branch(&self, name: &Untrusted, from: &Branch, stamp: &Stamp) -> Result<Plan, Refusal> {
        let ask = "create a branch";
        let refuse = |why: String| Refusal::new(ask, name.line(), why);
        let target = Branch::parse(name.raw()).map_err(|bad| refuse(bad.to_string()))?;
        if self.lines.0.contains_key(&target) {
            return Err(refuse("it exists already".to_owned()).hint("4 shows it"));
        }
        let line =
            self.lines.0.get(from).ok_or_else(|| refuse(format!("{} was not read yet", from.line())))?;
        let errand =
            Errand::CreateBranch(CreateBranch { target, at: line.tip, from: from.clone(), tag: None });
        let title = format!("Create {} at {}", name.line(), line.tip.short());
        let plan = plan(title, vec![errand], Danger::Typed(name.raw().to_owned()), stamp);
        Ok(Plan { trust: !self.trusted, ..plan })
    }

    fn draft_back(&self) -> Result<(String, Vec<Errand>), Refusal> {
        let Some(deed) = self.last_deed() else {
            return Err(Refusal::new("undo", "", "there is nothing to take back"));
        };
        if deed.class == UndoClass::Cannot && deed.reverse.is_empty() {
            let hint = "what left this machine stays; the journal keeps who sent it and why";
            return Err(Refusal::new("undo", &*deed.what, "it cannot be taken back").hint(hint));
        }
        let mut errands = deed.reverse.clone();
        errands.reverse();
        for errand in &mut errands {
            if let Errand::MoveIssue(it) = errand {
                let title = it.to.as_ref().map(Untrusted::raw);
                it.to_number = title
                    .and_then(|title| self.milestones.by_title(&it.target.repo, title))
                    .map(|it| it.number);
                it.why = Untrusted::from("taken back");
            }
        }
        Ok((format!("Take back: {}", deed.what), errands))
    }
}

/// What is opened or created, and what people are told at length, is not taken back from here, and is read before.
fn danger(errands: &[Errand]) -> Danger {
    let lasts = |errand: &Errand| match errand {
        Errand::OpenIssue(_) | Errand::CreateMilestone(_) => true,
        Errand::CommentIssue(_) => !errand.preview().is_empty(),
        _ => false,
    };
    if errands.iter().any(lasts) { Danger::Lasting } else { Danger::Reversible }
}

/// The comment that says why an issue moved.
pub(in crate::release) fn move_comment(from: Option<&Untrusted>, to: &Untrusted, why: &str) -> String {
    let from = from.map_or_else(|| "no milestone".to_owned(), Untrusted::line);
    let to = if to.is_empty() { "no milestone".to_owned() } else { to.line() };
    format!("Moved from {from} to {to}: {why}")
}

/// Names to add, and names with a dash before them to take away.
fn signed(names: &[Untrusted]) -> (Vec<Untrusted>, Vec<Untrusted>) {
    let mut add = vec![];
    let mut take = vec![];
    for name in names.iter().map(|name| name.raw().trim()).filter(|name| !name.is_empty()) {
        match name.strip_prefix('-') {
            Some(name) => take.push(Untrusted::from(name)),
            None => add.push(Untrusted::from(name)),
        }
    }
    (add, take)
}

fn many(issues: &[IssueKey]) -> String {
    match issues {
        [one] => one.to_string(),
        _ => format!("{} {}", issues.len(), plural(issues.len(), "issue")),
    }
}

/// A plan of errands, each with its own operation id.
fn plan(title: String, errands: Vec<Errand>, danger: Danger, stamp: &Stamp) -> Plan {
    let steps = errands.into_iter().zip(1..).map(|(errand, at)| Step::new(stamp.op(at), errand)).collect();
    Plan { id: stamp.op(0), title, steps, danger, trust: false, cut: None }
}
