//! One gate, read from what is known. What could not be read is HOLD, never GO.

use super::Release;
use super::checks::CheckState;
use super::ids::{Branch, IssueKey, Repo};
use super::log::plural;
use super::looks::{LookKey, Topic};
use super::milestone::Issue;
use super::poll::{Reading, Verdict};
use super::text::{Untrusted, shown};
use crate::order::Order as _;
use crate::process::{Gate, GateKind, Item, On, SelfCheck, Suite};
use chrono::{DateTime, TimeDelta, Utc};

/// Whether a pattern with `*` for any run of characters matches; case does not count.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    // Every label of every issue is asked, so the common case makes no new text.
    if pattern.is_ascii() && text.is_ascii() {
        return fits(pattern.as_bytes(), text.as_bytes());
    }
    fits(pattern.to_lowercase().as_bytes(), text.to_lowercase().as_bytes())
}

/// The same for bytes, where the case of ASCII letters does not count.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let begins = |text: &[u8], with: &[u8]| {
        text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    let mut parts = pattern.split(|byte| *byte == b'*');
    let first = parts.next().unwrap_or_default();
    if !begins(text, first) {
        return false;
    }
    let mut rest = &text[first.len()..];
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match (0..=rest.len()).find(|at| begins(&rest[*at..], part)) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && begins(&rest[rest.len() - last.len()..], last)
}

/// Reads a gate.
#[must_use]
pub fn read(release: &Release, gate: &Gate, now: DateTime<Utc>) -> Reading {
    match &gate.kind {
        GateKind::Attested { text } => release.read_attest_gate(&gate.id, text),
        GateKind::Milestone => release.read_milestone(),
        GateKind::IssuesOnly => release.read_issues_only(),
        GateKind::Blockers => release.read_blockers(),
        GateKind::Checks { on, suite } => release.read_checks(*on, suite.as_deref(), now),
        GateKind::Picks => release.read_picks(),
        GateKind::Stage { stage } => release.read_stage(stage, now),
        GateKind::Item { item } => release.read_item(item, now),
        GateKind::TestingWindow => release.read_testing(now),
        GateKind::Candidates => release.read_candidates(),
        GateKind::Documents { paths, on } => release.read_files(paths, *on),
        GateKind::Scope => release.read_scope(),
        GateKind::Version => release.read_version(),
        GateKind::Branch => release.read_branch(),
        GateKind::SignOffs { roles } => release.read_signoffs(roles),
        GateKind::Decision => release.read_decision(),
        GateKind::Reports { reports } => release.read_reports(reports, now),
        GateKind::Artifacts { ids } => release.read_artifacts(ids),
        GateKind::MergeBack => release.read_merge_back(),
        GateKind::Tracker { tracker } => release.read_tracker(tracker, now),
        GateKind::MergeQueue => Reading::hold("not looked at"),
        GateKind::Roles { roles } => release.read_roles(roles),
        GateKind::Freeze => release.read_freeze(now),
        GateKind::Window { window } => release.read_window(window, now),
    }
}

/// Why what is on a forge cannot be read where there is none.
pub const NO_FORGE: &str = "this repository is on no forge";
/// What to do about [`NO_FORGE`].
pub const NO_FORGE_NEXT: &str = "add a remote, or name it with --repository OWNER/NAME";

impl Release {
    /// HOLD, with why a look did not bring what the gate needs; none when it did.
    pub(crate) fn unread(&self, topic: Topic, scope: &str) -> Option<Reading> {
        let known = self.looks.get(&LookKey::new(topic, scope));
        let of = if scope.is_empty() { String::new() } else { format!(" of {}", shown(scope, 60)) };
        let what = format!("{topic:?}").to_lowercase();
        let local = matches!(topic, Topic::Git | Topic::Files | Topic::Built | Topic::Landings);
        match known {
            None if !local && self.is_on_no_forge() => {
                Some(Reading::hold(format!("{what}{of} not readable: {NO_FORGE}")))
            }
            None => Some(Reading::hold(format!("{what}{of} not read yet"))),
            Some(known) => match &known.failed {
                Some((_, why)) => Some(Reading::hold(format!("{what}{of} not readable: {}", why.line()))),
                None if known.since.is_none() => Some(Reading::hold(format!("{what}{of} not read yet"))),
                None => None,
            },
        }
    }

    /// Whether there is no forge to ask: nothing of it will ever be read.
    #[must_use]
    pub fn is_on_no_forge(&self) -> bool {
        self.opened.is_some() && self.repositories().is_empty()
    }

    /// The issues of the milestone, or HOLD when they could not all be read.
    pub(crate) fn issues_read(&self) -> Result<impl Iterator<Item = (&IssueKey, &Issue)>, Reading> {
        if self.is_on_no_forge() {
            return Err(Reading::hold(NO_FORGE));
        }
        let Some(chosen) = &self.milestones.chosen else {
            // Who cannot see the milestones has none to choose from. What could not be read says of which repository.
            let unread = |repo: &Repo| {
                self.unread(Topic::Milestones, repo.as_str())?;
                let known = self.looks.get(&LookKey::new(Topic::Milestones, repo.as_str()));
                Some(match known.and_then(|known| known.failed.as_ref()) {
                    Some((_, why)) => Reading::hold(format!("milestones not readable: {}", why.line())),
                    None => Reading::hold("milestones not read yet"),
                })
            };
            let unread = self.repositories().iter().find_map(unread);
            return Err(unread.unwrap_or_else(|| Reading::hold("no milestone is chosen")));
        };
        for repo in self.repositories() {
            if let Some(unread) = self.unread(Topic::Milestones, repo.as_str()) {
                return Err(unread);
            }
            if self.milestones.in_repo(&repo).is_none() {
                return Err(Reading::hold(format!("{} has no milestone {}", repo.as_str(), chosen.line())));
            }
            if let Some(unread) = self.unread(Topic::Issues, repo.as_str()) {
                return Err(unread);
            }
        }
        Ok(self.milestones.issues.iter())
    }

    pub(crate) fn read_milestone(&self) -> Reading {
        let issues = match self.issues_read() {
            Ok(issues) => issues.map(|(_, issue)| issue.open).collect::<Vec<_>>(),
            Err(hold) => return hold,
        };
        if issues.is_empty() {
            return Reading::hold("the milestone holds no issue");
        }
        let open = issues.iter().filter(|open| **open).count();
        let said = format!("{} of {} done", issues.len() - open, issues.len());
        if open == 0 { Reading::go(said) } else { Reading::no_go(format!("{open} open, {said}")) }
    }

    fn read_issues_only(&self) -> Reading {
        let pulls = match self.issues_read() {
            Ok(issues) => issues.filter(|(_, issue)| issue.pull).count(),
            Err(hold) => return hold,
        };
        if pulls == 0 {
            Reading::go("issues only")
        } else {
            Reading::no_go(format!("{pulls} pull {} to take out", plural(pulls, "request")))
        }
    }

    pub(crate) fn read_blockers(&self) -> Reading {
        let open = match self.issues_read() {
            Ok(issues) => issues.filter(|(_, issue)| issue.open && self.is_blocker(issue)).count(),
            Err(hold) => return hold,
        };
        if open == 0 { Reading::go("none open") } else { Reading::no_go(format!("{open} open")) }
    }

    /// Whether a label of the issue makes it block the release.
    #[must_use]
    pub fn is_blocker(&self, issue: &Issue) -> bool {
        let Some(process) = &self.process else { return false };
        process
            .labels
            .blockers
            .iter()
            .any(|pattern| issue.labels.iter().any(|label| matches(pattern, label.raw())))
    }

    /// The branch that something is looked for on.
    #[must_use]
    pub fn branch_on(&self, on: On) -> Option<Branch> {
        match on {
            On::Trunk => self.trunk(),
            On::Line => self.line().map(|line| line.branch.clone()),
            On::Candidate => {
                let (_, last) = self.candidates_so_far().pop()?;
                self.lines.0.values().find(|line| line.tip == last.oid).map(|line| line.branch.clone())
            }
        }
    }

    /// The checks that count on a branch: what it requires, and what the process requires. None when unread.
    #[must_use]
    pub fn required_checks(&self, branch: &Branch) -> Option<Vec<Untrusted>> {
        let line = self.checks.lines.get(branch)?;
        let mut names = line.required.clone()?;
        let patterns = self.process.iter().flat_map(|process| &process.ci.required);
        for pattern in patterns {
            let found: Vec<_> =
                line.rows.keys().filter(|name| matches(pattern, name.raw())).cloned().collect();
            if found.is_empty() {
                names.push(Untrusted::from(pattern.as_str()));
            }
            names.extend(found);
        }
        names.order();
        names.dedup();
        Some(names)
    }

    fn read_checks(&self, on: On, suite: Option<&str>, now: DateTime<Utc>) -> Reading {
        let Some(branch) = self.branch_on(on) else {
            // Which branches there are, git says.
            return self.unread(Topic::Git, "").unwrap_or_else(|| {
                Reading::hold(match on {
                    On::Trunk => "the trunk is not known",
                    On::Line => "the release branch does not exist",
                    On::Candidate => "no branch stands at the last candidate",
                })
            });
        };
        if let Some(unread) = self.unread(Topic::Checks, branch.as_str()) {
            return unread;
        }
        if let Some(id) = suite {
            let suite = self.process.as_ref().and_then(|process| process.suite(id)).cloned();
            return match suite {
                Some(suite) => self.read_suite(&branch, &suite, now),
                None => Reading::hold(format!("the process has no suite {}", shown(id, 40))),
            };
        }
        if let Some(unread) = self.unread(Topic::Required, branch.as_str()) {
            return unread;
        }
        let names = self.required_checks(&branch).unwrap_or_default();
        if names.is_empty() {
            let all =
                self.checks.lines.get(&branch).map(|line| line.rows.keys().cloned().collect::<Vec<_>>());
            return self.read_names(
                &branch,
                &all.unwrap_or_default(),
                "no check is required and none reported",
            );
        }
        self.read_names(&branch, &names, "")
    }

    fn read_names(&self, branch: &Branch, names: &[Untrusted], none: &str) -> Reading {
        let Some(line) = self.checks.lines.get(branch).filter(|_| !names.is_empty()) else {
            return Reading::hold(none);
        };
        let tip = self.lines.0.get(branch).map(|line| line.tip);
        if tip.is_some() && line.sha != tip {
            return Reading::hold(format!("checks are of an older commit of {}", branch.line()));
        }
        let count = |is: fn(CheckState) -> bool| names.iter().filter(|name| is(line.state(name))).count();
        let red = count(CheckState::is_red);
        let running = count(CheckState::is_running);
        let green = count(CheckState::is_green);
        let other = names.len() - red - running - green;
        if red > 0 {
            return Reading::no_go(format!("{red} red, {green} of {} green", names.len()));
        }
        if other > 0 {
            let states = names.iter().map(|name| (name.line(), line.state(name)));
            let first = states.into_iter().find(|(_, it)| !it.is_green() && !it.is_running());
            let said =
                first.map(|(name, state)| format!(": {name} {}", state_word(state))).unwrap_or_default();
            return Reading::hold(format!("{other} not green{said}"));
        }
        if running > 0 {
            return Reading::hold(format!("{running} running, {green} of {} green", names.len()));
        }
        Reading::go(format!("{green} of {} green", names.len()))
    }

    fn read_suite(&self, branch: &Branch, suite: &Suite, now: DateTime<Utc>) -> Reading {
        let Some(line) = self.checks.lines.get(branch) else { return Reading::hold("no checks read") };
        let fits = |name: &str| suite.checks.iter().any(|pattern| matches(pattern, name));
        let found: Vec<_> = line
            .rows
            .values()
            .filter(|check| {
                fits(check.name.raw()) || check.workflow.as_ref().is_some_and(|it| fits(it.raw()))
            })
            .collect();
        if found.is_empty() {
            let title = if suite.title.is_empty() { &suite.id } else { &suite.title };
            return Reading::hold(format!("no result of {} on {}", shown(title, 40), branch.line()));
        }
        let names: Vec<_> = found.iter().map(|check| check.name.clone()).collect();
        let reading = self.read_names(branch, &names, "");
        let newest = found.iter().filter_map(|check| check.ended).max();
        let limit = suite.max_age.map(|span| TimeDelta::hours(i64::from(span.max_hours())));
        match (reading.verdict, newest, limit) {
            (Verdict::Go, Some(newest), Some(limit)) if now - newest > limit => {
                Reading::hold(format!("last result is {} days old", (now - newest).num_days()))
            }
            (Verdict::Go, None, Some(_)) => Reading::hold("the age of the last result is not known"),
            _ => reading,
        }
    }

    fn read_stage(&self, stage: &str, now: DateTime<Utc>) -> Reading {
        let Some(process) = self.process.clone() else { return Reading::hold("no process") };
        let Some(stage) = process.stage(stage) else {
            return Reading::hold(format!("the process has no stage {}", shown(stage, 40)));
        };
        let stream = self.stream().map(|stream| stream.id.clone()).unwrap_or_default();
        let items: Vec<&Item> =
            process.items_for(stage, &stream, self.went_wrong()).filter(|item| item.required).collect();
        let done = items.iter().filter(|item| self.is_settled(item, now)).count();
        let said = format!("{done} of {} done", items.len());
        if done == items.len() { Reading::go(said) } else { Reading::no_go(said) }
    }

    fn read_item(&self, id: &str, now: DateTime<Utc>) -> Reading {
        let Some(process) = self.process.clone() else { return Reading::hold("no process") };
        match process.item(id) {
            Some(item) if self.is_settled(item, now) => Reading::go("done"),
            Some(item) => self.self_check(&item.id, now).unwrap_or_else(|| Reading::no_go("not done")),
            None => Reading::hold(format!("the process has no item {}", shown(id, 40))),
        }
    }

    /// What an item's own check says; none for an item that has none.
    #[must_use]
    pub fn self_check(&self, item: &str, now: DateTime<Utc>) -> Option<Reading> {
        let process = self.process.clone()?;
        let item = process.item(item)?;
        let Some(check) = item.check.as_ref() else { return self.read_step(item) };
        Some(match check {
            SelfCheck::MilestoneEmpty => self.read_milestone(),
            SelfCheck::MilestoneExists => self.read_milestone_exists(),
            SelfCheck::BranchExists => self.read_branch(),
            SelfCheck::TagExists => match self.final_tag() {
                Some(row) => Reading::go(format!("{} at {}", row.tag.line(), row.oid.short())),
                None => self.unread(Topic::Git, "").unwrap_or_else(|| Reading::no_go("not tagged")),
            },
            SelfCheck::CandidateExists => match self.candidates_so_far().pop() {
                Some((_, row)) => Reading::go(format!("{} at {}", row.tag.line(), row.oid.short())),
                None => {
                    self.unread(Topic::Git, "").unwrap_or_else(|| Reading::no_go("no candidate is tagged"))
                }
            },
            SelfCheck::CiGreen { on, suite } => self.read_checks(*on, suite.as_deref(), now),
            SelfCheck::FileChanged { path, on } => self.read_files(std::slice::from_ref(path), *on),
            SelfCheck::PicksLanded => self.read_picks(),
            SelfCheck::Gate { id } => match process.gate(id) {
                // A gate of the stage that the item is in would ask for itself.
                Some(gate) if !matches!(gate.kind, GateKind::Stage { .. } | GateKind::Item { .. }) => {
                    read(self, gate, now)
                }
                _ => Reading::hold(format!("gate {} cannot be asked from here", shown(id, 40))),
            },
            SelfCheck::NotesPublished => self.read_published(),
            SelfCheck::TrackingIssueExists => self.read_tracking(),
            SelfCheck::Artifact { id } => self.read_artifact(id),
            SelfCheck::Announced { id } => self.read_announced(id),
            SelfCheck::TrackerEmpty { id } => self.read_tracker(id, now),
            SelfCheck::RolesHeld { roles } => self.read_roles(roles),
        })
    }
}

/// The word for a check's state.
#[must_use]
pub fn state_word(state: CheckState) -> &'static str {
    match state {
        CheckState::Failed => "failed",
        CheckState::TimedOut => "timed out",
        CheckState::ActionRequired => "needs you",
        CheckState::Cancelled => "cancelled",
        CheckState::Missing => "missing",
        CheckState::Unknown => "unknown",
        CheckState::Stale => "stale",
        CheckState::Running => "running",
        CheckState::Queued => "queued",
        CheckState::Skipped => "skipped",
        CheckState::Neutral => "neutral",
        CheckState::Passed => "passed",
    }
}
