//! Gates about the release itself: version, branch, candidates, testing, scope, documents, sign-offs.

use super::Release;
use super::log::plural;
use super::looks::Topic;
use super::milestone::Issue;
use super::poll::Reading;
use super::reading::matches;
use super::text::shown;
use crate::process::On;
use crate::version::TagKind;
use chrono::{DateTime, TimeDelta, Utc};

impl Release {
    pub(crate) fn read_testing(&self, now: DateTime<Utc>) -> Reading {
        let Some(stream) = self.stream() else { return Reading::hold("the release's stream is not known") };
        let Some(span) = stream.testing else {
            return Reading::go(format!("no testing window for {}", shown(&stream.id, 40)));
        };
        if let Some(unread) = self.unread(Topic::Git, "") {
            return unread;
        }
        let Some((_, last)) = self.candidates_so_far().pop() else {
            return Reading::hold("no candidate yet");
        };
        let Some(since) = last.at else {
            return Reading::hold("the date of the last candidate is not known");
        };
        let end = since + TimeDelta::hours(i64::from(span.min_hours()));
        if now >= end {
            return Reading::go(format!("{} since {}", days(now - since), last.tag.line()));
        }
        let said =
            format!("{} left of {} since {}", days(end - now), span_days(span.min_days()), last.tag.line());
        Reading { until: Some(end), ..Reading::hold(said) }
    }

    pub(crate) fn read_candidates(&self) -> Reading {
        let Some(stream) = self.stream() else { return Reading::hold("the release's stream is not known") };
        let wanted = stream.min_candidates;
        if let Some(unread) = self.unread(Topic::Git, "") {
            return unread;
        }
        let made = self.candidates_so_far().len();
        let said = format!("{made} of {wanted} tagged");
        if made >= wanted as usize { Reading::go(said) } else { Reading::no_go(said) }
    }

    /// Whether the files that the paths name changed since the last final version, on a branch.
    pub(crate) fn read_files(&self, paths: &[String], on: On) -> Reading {
        // Without the branches and tags that git knows there is nothing to compare.
        if let Some(unread) = self.unread(Topic::Git, "").or_else(|| self.unread(Topic::Files, "")) {
            return unread;
        }
        let branch = match on {
            On::Trunk => self.trunk(),
            On::Line | On::Candidate => self.line_name(),
        };
        let on = branch.map(|branch| branch.as_str().to_owned()).unwrap_or_default();
        let mut changed = 0;
        for path in paths {
            let seen = self.checklist.files.iter().find(|seen| *seen.path == **path && *seen.on == *on);
            match seen {
                None => return Reading::hold(format!("{} was not looked at", shown(path, 60))),
                Some(seen) if seen.changed.is_empty() => {
                    let path = shown(path, 60);
                    return Reading::no_go(match seen.since.as_deref() {
                        Some(since) => format!("{path} not changed since {}", shown(since, 40)),
                        None => format!("{path} not there, and there is no final version yet"),
                    });
                }
                Some(seen) => changed += seen.changed.len(),
            }
        }
        Reading::go(format!("{changed} {} changed", plural(changed, "file")))
    }

    pub(crate) fn read_scope(&self) -> Reading {
        let Some(stream) = self.stream() else { return Reading::hold("the release's stream is not known") };
        if let Err(unread) = self.issues_read() {
            return unread;
        }
        let refused = |issue: &&Issue| {
            stream.refused_labels.iter().any(|it| issue.labels.iter().any(|label| matches(it, label.raw())))
        };
        let count = self.milestones.issues.values().filter(refused).count();
        if count == 0 {
            Reading::go(format!("fits {}", shown(&stream.id, 40)))
        } else {
            let belongs = shown(&stream.belongs.join(", "), 60);
            Reading::no_go(format!(
                "{count} {} not fit {}: {belongs}",
                if count == 1 { "does" } else { "do" },
                shown(&stream.id, 40)
            ))
        }
    }

    pub(crate) fn read_version(&self) -> Reading {
        let Some(process) = &self.process else { return Reading::hold("no process") };
        let Some(version) = self.version() else {
            let name = self.name();
            return Reading::no_go(format!(
                "{name} is not written as {} writes versions",
                shown(&process.name, 40)
            ));
        };
        if let Some(unread) = self.unread(Topic::Git, "") {
            return unread;
        }
        if let Some(tag) = self.final_tag() {
            return Reading::go(format!("{} is tagged", tag.tag.line()));
        }
        let newer = self.classes().find(|(class, _)| {
            class.kind == TagKind::Final
                && class.line == Some((version.major(), version.minor()))
                && class.version.as_ref().is_some_and(|it| *it > version)
        });
        match newer {
            Some((_, row)) => {
                Reading::no_go(format!("{} is out already: the version goes back", row.tag.line()))
            }
            None => Reading::go(process.version.tag(&version)),
        }
    }

    pub(crate) fn read_branch(&self) -> Reading {
        if let Some(line) = self.line() {
            return Reading::go(format!("{} at {}", line.branch.line(), line.tip.short()));
        }
        if let Some(unread) = self.unread(Topic::Git, "") {
            return unread;
        }
        let name =
            self.line_name().map_or_else(|| "a branch for this version".to_owned(), |name| name.line());
        Reading::no_go(format!("{name} does not exist"))
    }

    pub(crate) fn read_milestone_exists(&self) -> Reading {
        let Some(title) = self.milestones.chosen.as_ref() else {
            let wanted = self.milestone_title().unwrap_or_default();
            return Reading::no_go(format!("no milestone {} is chosen", shown(&wanted, 60)));
        };
        let repos = self.repositories();
        if repos.is_empty() {
            return Reading::hold("this repository is on no forge");
        }
        for repo in &repos {
            if let Some(unread) = self.unread(Topic::Milestones, repo.as_str()) {
                return unread;
            }
            if self.milestones.in_repo(repo).is_none() {
                return Reading::no_go(format!("{} has no milestone {}", repo.as_str(), title.line()));
            }
        }
        Reading::go(format!(
            "in {} {}",
            repos.len(),
            if repos.len() == 1 { "repository" } else { "repositories" }
        ))
    }

    pub(crate) fn read_published(&self) -> Reading {
        if let Some(unread) = self.unread(Topic::Releases, "") {
            return unread;
        }
        let version = self.version();
        let process = self.process.as_ref();
        let tag =
            version.zip(process).map(|(version, process)| process.version.tag(&version)).unwrap_or_default();
        let found = self.candidates.releases.values().find(|release| release.tag.raw() == tag);
        match found {
            Some(release) if !release.draft => Reading::go("published"),
            Some(_) => Reading::no_go("a draft, not published"),
            None => Reading::no_go("not published"),
        }
    }
}

fn span_days(days: u32) -> String {
    format!("{days}d")
}

/// A duration in its two largest units: `2d 04h`, `3h 20m`, `12m`.
#[must_use]
pub fn days(delta: TimeDelta) -> String {
    let minutes = delta.num_minutes().max(0);
    let (d, h, m) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (d, h) {
        (0, 0) => format!("{m}m"),
        (0, _) => format!("{h}h {m:02}m"),
        _ => format!("{d}d {h:02}h"),
    }
}
