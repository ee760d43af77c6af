//! The tracking issue: which it is, and what is a comment on it.

use crate::process::Venue;
use crate::release::Release;
use crate::release::entry::Entry;
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::ids::{IssueKey, OpId};
use crate::release::poll::Reading;

impl Release {
    /// Takes in how opening the tracking issue, or writing to its task list, ended, while the errand is still open.
    pub(crate) fn take_opened_issue(&mut self, op: &OpId, outcome: &Outcome, entry: &Entry) {
        let open = self.outbox.open.get(op).map(|open| open.errand.clone());
        let it = match open {
            Some(Errand::TickTasks(it)) => return self.tasks.write(&it, outcome, entry),
            Some(Errand::OpenIssue(it)) => it,
            _ => return,
        };
        let number = outcome.after.get("issue").and_then(|number| number.raw().parse().ok());
        if let Some(number) = number.filter(|_| outcome.status == Status::Ok) {
            let key = IssueKey { repo: it.target.clone(), number };
            let items: Vec<_> =
                self.task_items().into_iter().map(|it| (it.id.clone(), it.text.clone())).collect();
            let items: Vec<_> = items.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
            self.tasks.open(&key, it.body.raw(), &items, entry);
            self.tracking = Some(key);
        }
    }

    /// What an item says that asks for the tracking issue.
    pub(crate) fn read_tracking(&self) -> Reading {
        match self.tracking_issue() {
            Some(key) => match self.milestones.issues.get(&key) {
                Some(issue) => Reading::go(format!("{key} {}", issue.title.line())),
                None => Reading::go(key.to_string()),
            },
            None => Reading::no_go("no tracking issue is known: X opens it, or n attaches its address"),
        }
    }

    /// The tracking issue of the release: the one of the milestone that is called as the process says, or the one whose
    /// address is attached to an item of the checklist that makes it or writes to it.
    #[must_use]
    pub fn tracking_issue(&self) -> Option<IssueKey> {
        let process = self.process.as_ref()?;
        let version = self.version()?;
        let title = process.milestone.tracking_issue.as_deref();
        let title =
            title.map(|title| crate::release::cut::filled(title, &process.version.tag(&version), &version));
        let called = |title: &str| {
            let mut issues = self.milestones.issues.iter().filter(|(_, issue)| !issue.pull);
            issues.find(|(_, issue)| issue.title.raw() == title).map(|(key, _)| key.clone())
        };
        let opened = || self.tracking.clone();
        title.as_deref().and_then(called).or_else(opened).or_else(|| self.attached_issue(process))
    }

    fn attached_issue(&self, process: &crate::process::Process) -> Option<IssueKey> {
        let repo = self.opened.as_ref()?.repo.clone()?;
        let to_it =
            |id: &str| process.announcements.iter().any(|it| it.id == id && it.to == Venue::TrackingIssue);
        let makes = |item: &crate::process::Item| {
            use crate::process::{Act, SelfCheck};
            item.check == Some(SelfCheck::TrackingIssueExists)
                || match &item.act {
                    Some(Act::TrackingIssue | Act::Status) => true,
                    Some(Act::Announce { id }) => to_it(id),
                    _ => false,
                }
        };
        let items = process.items().filter(|(_, item)| makes(item));
        let notes = items.filter_map(|(_, item)| self.checklist.items.get(item.id.as_str()));
        let start = format!("/{}/issues/", repo.as_str());
        let number = notes.flat_map(|record| record.notes.iter().rev()).find_map(|note| {
            let rest = note.raw().split_once(&start)?.1;
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest[..digits].parse().ok().filter(|number| *number > 0)
        })?;
        Some(IssueKey { repo, number })
    }

    /// Whether the forge carries an announcement out: a comment on the tracking issue, when that is known, a discussion,
    /// or what goes below the text of the release.
    #[must_use]
    pub fn goes_to_forge(&self, id: &str) -> bool {
        let found = self.process.as_ref().and_then(|it| it.announcements.iter().find(|it| it.id == id));
        let on_forge = || self.opened.as_ref().is_some_and(|opened| opened.repo.is_some());
        found.is_some_and(|it| match it.to {
            Venue::TrackingIssue => self.tracking_issue().is_some(),
            Venue::Discussion(_) | Venue::Release => on_forge(),
            _ => false,
        })
    }
}
