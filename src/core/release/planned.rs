//! What a release is planned with: its milestone in every repository, its tracking issue, and the milestone after it that
//! takes what is left.

use super::Release;
use super::announce::tame;
use super::ask::Refusal;
use super::entry::Stamp;
use super::errand::{CommentIssue, Errand, MoveIssue};
use super::ids::{IssueKey, Repo};
use super::milestone::Issue;
use super::tasks::lines::task_line;
use super::text::{Untrusted, shown};
use crate::process::{Occasion, applies};
use crate::version::Bump;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Creates a milestone in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateMilestone {
    /// The repository.
    pub target: Repo,
    /// Its title; one that is there already is the one that was meant.
    pub title: Untrusted,
    /// The day it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
}

impl CreateMilestone {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let due = self.due.map_or(String::new(), |due| format!(", due {due}"));
        format!("create the milestone {} in {}{due}", self.title.line(), self.target.as_str())
    }
}

/// Opens an issue. The body that is sent ends with a marker that names the operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIssue {
    /// The repository.
    pub target: Repo,
    /// Its title.
    pub title: Untrusted,
    /// Its text.
    pub body: Untrusted,
    /// Its labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Untrusted>,
    /// The number of the milestone that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestone: Option<u64>,
}

impl OpenIssue {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let labels: Vec<_> = self.labels.iter().map(Untrusted::line).collect();
        let labels =
            if labels.is_empty() { String::new() } else { format!(", labelled {}", labels.join(", ")) };
        format!("open the issue “{}” in {}{labels}", self.title.line(), self.target.as_str())
    }
}

impl Release {
    /// The title of the milestone that comes after this release's: one that is there and open, by the number that this
    /// stream raises before any other, else the one that this stream leads to.
    #[must_use]
    pub fn next_milestone(&self) -> Option<String> {
        let (process, version) = (self.process.as_ref()?, self.version()?);
        let own = self.stream().map_or(Bump::Minor, |stream| stream.bump);
        let title = |bump| process.milestone_title(&version.bump(bump));
        let known = |title: &String| {
            let mut all = self.milestones.list.values();
            all.any(|it| it.open && it.title.raw() == title)
        };
        let others = [own, Bump::Minor, Bump::Major].into_iter().map(title);
        let this = process.milestone_title(&version);
        others.into_iter().find(|it| known(it) && *it != this).or_else(|| Some(title(own)))
    }

    /// The repositories of the release that lack a milestone.
    fn lacking(&self, title: &str) -> Vec<Repo> {
        let mut all = self.repositories();
        all.retain(|repo| self.milestones.by_title(repo, title).is_none());
        all
    }

    /// The title of the milestone to create next: this release's, and once every repository has it the one after it.
    ///
    /// # Errors
    /// When there is none.
    pub fn milestone_to_create(&self) -> Result<String, Refusal> {
        let refuse = |why: &str| Refusal::new(CREATE, "", why);
        let own = self.milestone_title().ok_or_else(|| refuse("the version of this release is not known"))?;
        if self.repositories().is_empty() {
            return Err(refuse("this repository is on no forge"));
        }
        let next = self.next_milestone();
        let found = [Some(own), next].into_iter().flatten().find(|title| !self.lacking(title).is_empty());
        found.ok_or_else(|| refuse("every repository has it, and the one after it"))
    }

    /// The day that a milestone may well be due: one cycle after this release's, or after the last final version.
    #[must_use]
    pub fn due_after(&self, title: &str, now: DateTime<Utc>) -> Option<NaiveDate> {
        let process = self.process.as_ref()?;
        let every = self.stream().and_then(|stream| stream.every).or(process.calendar.cycle)?;
        let cycle = TimeDelta::days(i64::from(every.max_days()));
        let from = match self.milestone_title().as_deref() == Some(title) {
            true => self.last_final().and_then(|(_, row)| row.at),
            false => self.milestones.due(),
        };
        from.map(|from| (from + cycle).max(now).date_naive())
    }

    /// The steps that create a milestone wherever it is missing.
    pub(super) fn draft_milestone(
        &self,
        title: &Untrusted,
        due: &Untrusted,
    ) -> Result<(String, Vec<Errand>), Refusal> {
        let refuse = |why: String| Refusal::new(CREATE, title.line(), why);
        let due = match due.raw().trim() {
            "" | "-" => None,
            text => Some(NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| {
                refuse(format!("{} is no day", shown(text, 40))).hint("2026-12-01, or - for none")
            })?),
        };
        let repos = self.lacking(title.raw());
        if title.raw().trim().is_empty() || repos.is_empty() {
            return Err(refuse("every repository has it".to_owned()));
        }
        let make = |target| Errand::CreateMilestone(CreateMilestone { target, title: title.clone(), due });
        Ok((format!("Create the milestone {}", title.line()), repos.into_iter().map(make).collect()))
    }

    /// The step that opens the tracking issue.
    pub(super) fn draft_tracking(&self, now: DateTime<Utc>) -> Result<(String, Vec<Errand>), Refusal> {
        let ask = "open the tracking issue";
        let refuse = |why: String| Refusal::new(ask, "", why);
        if let Some(key) = self.tracking_issue() {
            let hint = "what is said on it goes by the item that reports the status";
            return Err(refuse(format!("it is there: {key}")).hint(hint));
        }
        let doubt = |it: &super::errand::Open| matches!(it.errand, Errand::OpenIssue(_)) && it.in_doubt;
        if self.outbox.open.values().any(doubt) {
            let refusal = refuse("it may have been opened: its reply was lost".to_owned());
            return Err(refusal.hint("look there, then gu says whether it happened"));
        }
        let (Some(process), Some(version)) = (self.process.clone(), self.version()) else {
            return Err(refuse("the version of this release is not known".to_owned()));
        };
        let Some(title) = process.milestone.tracking_issue.as_deref() else {
            let refusal = refuse("the process keeps none".to_owned());
            return Err(refusal.hint("tracking_issue under its [milestone] is the title of one"));
        };
        let target = self.opened.as_ref().and_then(|opened| opened.repo.clone());
        let target = target.ok_or_else(|| refuse("this repository is on no forge".to_owned()))?;
        let tag = process.version.tag(&version);
        let fill = |text: &str| process.fill(text, &tag, &version);
        let body = process.milestone.tracking_body.as_deref().unwrap_or(BODY);
        let body = fill(body).replace("{due}", &self.due_words());
        let body = body.replace("{checklist}", &self.task_list(now));
        let milestone = self.milestone_title().and_then(|title| {
            self.milestones.by_title(&target, &title).filter(|it| it.open).map(|it| it.number)
        });
        let title = fill(title);
        let labels = process.milestone.tracking_labels.iter().map(|it| Untrusted::from(it.as_str()));
        let errand = OpenIssue {
            target,
            title: Untrusted::from(title.as_str()),
            body: Untrusted::from(tame(&body)),
            labels: labels.collect(),
            milestone,
        };
        Ok((format!("Open “{}”", shown(&title, 80)), vec![Errand::OpenIssue(errand)]))
    }

    fn due_words(&self) -> String {
        self.milestones.due().map_or("a day to be named".to_owned(), |due| due.format("%Y-%m-%d").to_string())
    }

    /// The checklist as a task list, stage by stage, with what is settled ticked.
    fn task_list(&self, now: DateTime<Utc>) -> String {
        let Some(process) = self.process.clone() else { return String::new() };
        let stream = self.stream().map(|stream| stream.id.clone()).unwrap_or_default();
        let mut out = String::new();
        for stage in process.stages.iter().filter(|it| it.when == Occasion::Always) {
            let items: Vec<_> = stage.items.iter().filter(|it| applies(&it.streams, &stream)).collect();
            if items.is_empty() || !applies(&stage.streams, &stream) {
                continue;
            }
            let title = if stage.title.is_empty() { &stage.id } else { &stage.title };
            out.push_str(&format!("\n### {}\n\n", shown(title, 120)));
            for item in items {
                let on = self.is_settled(item, now);
                out.push_str(&task_line(&item.id, &item.text, on));
                out.push('\n');
            }
        }
        out.trim().to_owned()
    }

    /// The issues that are open in the milestone and would move on.
    #[must_use]
    pub fn left_open(&self) -> Vec<(&IssueKey, &Issue)> {
        let tracking = self.tracking_issue();
        let all = self
            .milestones
            .issues
            .iter()
            .filter(|(key, issue)| issue.open && Some(*key) != tracking.as_ref());
        all.collect()
    }

    /// The steps that move what is left open to the milestone after this one, which is created where it is missing.
    pub(super) fn draft_rollover(&self, why: &Untrusted) -> Result<(String, Vec<Errand>), Refusal> {
        let refuse = |why: &str| Refusal::new("move the rest to the next milestone", "", why);
        let why = why.raw().trim();
        if why.is_empty() {
            let refusal = refuse("a rationale is needed: it becomes a comment on each issue");
            return Err(refusal.hint("type why they do not make it"));
        }
        let to = self.next_milestone().ok_or_else(|| refuse("the version of this release is not known"))?;
        let left = self.left_open();
        if left.is_empty() {
            return Err(refuse("nothing is left open in the milestone"));
        }
        let mut errands = vec![];
        let missing = self.lacking(&to);
        for repo in missing.iter().filter(|repo| left.iter().any(|(key, _)| key.repo == **repo)) {
            let title = Untrusted::from(to.as_str());
            errands.push(Errand::CreateMilestone(CreateMilestone { target: repo.clone(), title, due: None }));
        }
        let from = self.milestones.chosen.clone();
        let said = super::draft::move_comment(from.as_ref(), &Untrusted::from(to.as_str()), why);
        for (key, _) in &left {
            let known = self.milestones.by_title(&key.repo, &to);
            errands.push(Errand::MoveIssue(MoveIssue {
                target: (*key).clone(),
                from: from.clone(),
                to: Some(Untrusted::from(to.as_str())),
                // One that is created before is looked up by its title then.
                to_number: known.map(|it| it.number),
                why: Untrusted::from(why),
            }));
            let text = Untrusted::from(said.as_str());
            errands.push(Errand::CommentIssue(CommentIssue { target: (*key).clone(), text }));
        }
        let many = super::log::plural(left.len(), "issue");
        Ok((format!("Move {} {many} to {}", left.len(), shown(&to, 60)), errands))
    }

    pub(super) fn draft_planned(
        &self,
        planned: &Planned,
        stamp: &Stamp,
    ) -> Result<(String, Vec<Errand>), Refusal> {
        match planned {
            Planned::Milestone { title, due } => self.draft_milestone(title, due),
            Planned::Tracking => self.draft_tracking(stamp.now),
            Planned::Rollover { why } => self.draft_rollover(why),
        }
    }
}

const CREATE: &str = "create a milestone";

/// What the tracking issue says where the process does not.
const BODY: &str = "The release {tag}, planned for {due}.\n\n{checklist}";

/// What is planned for a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planned {
    /// A milestone, wherever it is missing.
    Milestone {
        /// Its title.
        title: Untrusted,
        /// The day that it is due, as typed; empty or `-` for none.
        due: Untrusted,
    },
    /// The tracking issue.
    Tracking,
    /// What is left open moves to the next milestone.
    Rollover {
        /// Why.
        why: Untrusted,
    },
}
