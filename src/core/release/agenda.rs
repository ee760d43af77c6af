//! What blocks the release, in the order a meeting takes it up.

use super::Release;
use super::ids::{Branch, IssueKey};
use super::log::plural;
use super::poll::{Polled, Verdict};
use super::reading::{matches, state_word};
use super::text::{Untrusted, shown};
use crate::order::Order as _;
use crate::process::{GateKind, Pane, SelfCheck};
use chrono::{DateTime, Utc};

/// What a blocker is, so that the cursor can go to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A check on a branch.
    Check(Branch, Untrusted),
    /// An issue.
    Issue(IssueKey),
    /// A checklist item.
    Item(Box<str>),
    /// A gate that has nothing smaller to show.
    Gate(Box<str>),
}

/// One thing that blocks the release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// What it is.
    pub subject: Subject,
    /// How bad: HOLD or NO-GO.
    pub verdict: Verdict,
    /// A short word for the first column: `CI`, `#5748`, `item`.
    pub mark: String,
    /// What is wrong, safe to show.
    pub text: String,
    /// Whose it is.
    pub who: String,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// The pane that settles it.
    pub pane: Pane,
}

/// Most rows that one gate puts on the agenda.
const MOST: usize = 20;

impl Release {
    /// What blocks the release, in the order a meeting takes it up: gates in the order of the process, NO-GO before
    /// HOLD, and what stands behind each.
    #[must_use]
    pub fn agenda(&self, poll: &[Polled], now: DateTime<Utc>) -> Vec<Blocker> {
        let mut agenda: Vec<Blocker> = Vec::new();
        for wanted in [Verdict::NoGo, Verdict::Hold] {
            for polled in poll.iter().filter(|polled| polled.required && polled.verdict == wanted) {
                for blocker in self.blockers(polled, poll, now) {
                    if !agenda.iter().any(|known| known.subject == blocker.subject) {
                        agenda.push(blocker);
                    }
                }
            }
        }
        agenda
    }

    fn blockers(&self, polled: &Polled, poll: &[Polled], now: DateTime<Utc>) -> Vec<Blocker> {
        let kind = self
            .process
            .as_ref()
            .and_then(|process| process.gate(&polled.gate))
            .map(|gate| gate.kind.clone());
        let mut rows = match kind {
            Some(GateKind::Blockers) => self.blocking_issues(polled.pane),
            Some(GateKind::Checks { on, suite: None }) => self
                .branch_on(on)
                .map(|branch| self.blocking_checks(&branch, polled.pane))
                .unwrap_or_default(),
            Some(GateKind::Stage { stage }) => self.blocking_items(&stage, polled, poll, now),
            _ => Vec::new(),
        };
        if rows.is_empty() {
            rows.push(Blocker {
                subject: Subject::Gate(polled.gate.as_str().into()),
                verdict: polled.verdict,
                mark: "gate".to_owned(),
                text: format!("{}: {}", polled.title, polled.reading.reason),
                who: String::new(),
                since: None,
                pane: polled.pane,
            });
        }
        rows.truncate(MOST);
        rows
    }

    /// Whether an item asks what a gate that is not GO asks already: a meeting takes it up once.
    fn repeats_a_gate(&self, check: &SelfCheck, poll: &[Polled]) -> bool {
        let asks = |polled: &Polled| {
            let gate = self.process.as_ref().and_then(|process| process.gate(&polled.gate));
            gate.is_some_and(|gate| match (check, &gate.kind) {
                (SelfCheck::CiGreen { on, suite }, GateKind::Checks { on: there, suite: named }) => {
                    on == there && suite == named
                }
                (SelfCheck::Gate { id }, _) => *id == gate.id,
                (SelfCheck::MilestoneEmpty, GateKind::Milestone)
                | (SelfCheck::PicksLanded, GateKind::Picks)
                | (SelfCheck::BranchExists, GateKind::Branch)
                | (SelfCheck::CandidateExists, GateKind::Candidates) => true,
                _ => false,
            })
        };
        poll.iter().filter(|polled| polled.required && polled.verdict != Verdict::Go).any(asks)
    }

    /// How grave an issue is by the process's order of labels: 0 is the worst.
    #[must_use]
    pub fn severity(&self, labels: &[Untrusted]) -> usize {
        let order = self.process.iter().flat_map(|process| &process.labels.severity);
        let mut ranked = order.enumerate();
        ranked
            .find(|(_, pattern)| labels.iter().any(|label| matches(pattern, label.raw())))
            .map_or(usize::MAX, |(rank, _)| rank)
    }

    fn blocking_issues(&self, pane: Pane) -> Vec<Blocker> {
        let mut issues: Vec<_> =
            self.milestones.issues.iter().filter(|(_, issue)| issue.open && self.is_blocker(issue)).collect();
        // The issues come in the order of their keys, and what is equal stays in order.
        issues.order_by_key(|(_, issue)| (self.severity(&issue.labels), issue.created));
        issues
            .into_iter()
            .take(MOST)
            .map(|(key, issue)| Blocker {
                subject: Subject::Issue(key.clone()),
                verdict: Verdict::NoGo,
                mark: format!("#{}", key.number),
                text: issue.title.line(),
                who: issue.assignees.first().map(Untrusted::line).unwrap_or_default(),
                since: Some(issue.created),
                pane,
            })
            .collect()
    }

    fn blocking_checks(&self, branch: &Branch, pane: Pane) -> Vec<Blocker> {
        let Some(line) = self.checks.lines.get(branch) else { return Vec::new() };
        let mut names = self.required_checks(branch).unwrap_or_default();
        if names.is_empty() {
            names = line.rows.keys().cloned().collect();
        }
        let mut rows: Vec<_> = names
            .into_iter()
            .filter(|name| !line.state(name).is_green())
            .map(|name| {
                let state = line.state(&name);
                let red = line.red_since(&name);
                let times = red
                    .filter(|(count, _)| *count > 1)
                    .map(|(count, _)| format!(" {count}x"))
                    .unwrap_or_default();
                let text = format!("{} {}{times} on {}", name.line(), state_word(state), branch.line());
                let since = red
                    .map(|(_, past)| past.at)
                    .or_else(|| line.rows.get(&name).and_then(|check| check.started));
                let verdict = if state.is_red() { Verdict::NoGo } else { Verdict::Hold };
                let subject = Subject::Check(branch.clone(), name);
                Blocker { subject, verdict, mark: "CI".to_owned(), text, who: String::new(), since, pane }
            })
            .collect();
        rows.order_by_key(|row| std::cmp::Reverse(row.verdict));
        rows
    }

    fn blocking_items(
        &self,
        stage: &str,
        polled: &Polled,
        poll: &[Polled],
        now: DateTime<Utc>,
    ) -> Vec<Blocker> {
        let Some(process) = self.process.clone() else { return Vec::new() };
        let Some(stage) = process.stage(stage) else { return Vec::new() };
        let stream = self.stream().map(|stream| stream.id.clone()).unwrap_or_default();
        let open: Vec<_> = process
            .items_for(stage, &stream, self.went_wrong())
            .filter(|item| item.required && !self.is_settled(item, now))
            .filter(|item| !item.check.as_ref().is_some_and(|check| self.repeats_a_gate(check, poll)))
            .collect();
        let shown_items = if open.len() > 4 { 3 } else { 4 };
        let mut rows: Vec<_> = open
            .iter()
            .take(shown_items)
            .map(|item| Blocker {
                subject: Subject::Item(item.id.as_str().into()),
                verdict: self.self_check(&item.id, now).map_or(polled.verdict, |reading| reading.verdict),
                mark: "item".to_owned(),
                text: shown(&item.text, 200),
                who: item.role.as_deref().map(|role| shown(process.role_title(role), 40)).unwrap_or_default(),
                since: None,
                pane: polled.pane,
            })
            .collect();
        if open.len() > shown_items {
            let rest = open.len() - shown_items;
            rows.push(Blocker {
                subject: Subject::Gate(polled.gate.as_str().into()),
                verdict: polled.verdict,
                mark: "item".to_owned(),
                text: format!("{}: {rest} more {} open", polled.title, plural(rest, "item")),
                who: String::new(),
                since: None,
                pane: polled.pane,
            });
        }
        rows
    }
}
