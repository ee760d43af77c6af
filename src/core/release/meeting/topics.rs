//! The agenda of a meeting: what the process says is taken up, each thing that needs a decision on its own.

use super::{GateSaid, Held, Ruling};
use crate::order::Order as _;
use crate::process::{GateKind, Meeting};
use crate::release::Release;
use crate::release::agenda::{Blocker, Subject};
use crate::release::log::plural;
use crate::release::poll::{Polled, Verdict, verdict};
use crate::release::scope::days;
use crate::release::text::shown;
use chrono::{DateTime, Utc};

/// An item of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its key: the same thing has the same key in every meeting.
    pub key: String,
    /// What it is, safe to show.
    pub title: String,
    /// What is known of it, safe to show.
    pub lines: Vec<String>,
}

/// Blockers that are taken up one by one, at most.
const MOST: usize = 20;
/// What a meeting takes up where the process says nothing.
const USUAL: [&str; 6] = ["blockers", "gates", "milestone", "picks", "reports", "dates"];

impl Release {
    /// The meetings that the process holds in this phase, each with its title; one where it names none.
    #[must_use]
    pub fn meetings_to_hold(&self, now: DateTime<Utc>) -> Vec<(String, String)> {
        let phase = self.phase(now).map(|phase| phase.id.clone());
        let here = |it: &&Meeting| {
            phase.as_ref().is_none_or(|phase| it.phases.is_empty() || it.phases.contains(phase))
        };
        let meetings = self.process.iter().flat_map(|process| &process.meetings).filter(here);
        let mut all: Vec<_> = meetings
            .map(|it| (it.id.clone(), shown(if it.title.is_empty() { &it.id } else { &it.title }, 80)))
            .collect();
        if all.is_empty() {
            all.push(("release".to_owned(), "Release meeting".to_owned()));
        }
        all
    }

    /// The agenda of a meeting as things stand: open action items first, then what the process says, in its order.
    #[must_use]
    pub fn topics(&self, held: &Held, poll: &[Polled], now: DateTime<Utc>) -> Vec<Topic> {
        let meetings = self.process.iter().flat_map(|process| &process.meetings);
        let known = meetings.into_iter().find(|it| *it.id == *held.opened.meeting);
        let words: Vec<String> = match known.filter(|it| !it.agenda.is_empty()) {
            Some(known) => known.agenda.clone(),
            None => USUAL.map(str::to_owned).to_vec(),
        };
        let mut topics: Vec<Topic> = self.action_topic(held, now).into_iter().collect();
        for word in &words {
            match &*word.trim().to_lowercase() {
                "blockers" => topics.extend(self.blocker_topics(poll, now)),
                "gates" => topics.push(self.gates_topic(held, poll)),
                "sign-offs" => topics.push(self.gate_kind_topic("sign-offs", "Sign-offs", poll, |kind| {
                    matches!(kind, GateKind::SignOffs { .. })
                })),
                "reports" => topics.push(self.gate_kind_topic("reports", "Reports", poll, |kind| {
                    matches!(kind, GateKind::Reports { .. })
                })),
                "merge queue" => {
                    topics.push(self.gate_kind_topic("merge-queue", "Merge queue", poll, |kind| {
                        matches!(kind, GateKind::MergeQueue)
                    }))
                }
                "decision" => topics.push(self.decision_topic(poll)),
                "milestone" => topics.push(self.milestone_topic(now)),
                "picks" => topics.push(self.picks_topic()),
                "dates" => topics.push(self.dates_topic(now)),
                "planned against actual" | "overrides" => topics.push(self.overrides_topic(word)),
                other => topics.push(Topic { key: shown(other, 80), title: sentence(word), lines: vec![] }),
            }
        }
        // The same word twice, or a blocker under two gates: taken up once.
        let mut keys: Vec<String> = vec![];
        topics.retain(|it| {
            !keys.contains(&it.key) && {
                keys.push(it.key.clone());
                true
            }
        });
        topics
    }

    /// What earlier meetings left open.
    fn action_topic(&self, held: &Held, now: DateTime<Utc>) -> Option<Topic> {
        let open: Vec<_> = self.meetings.open_actions().filter(|it| it.at < held.at).collect();
        if open.is_empty() {
            return None;
        }
        let today = now.date_naive();
        let line = |it: &&super::ActionItem| {
            let late = it.given.due.is_some_and(|due| due < today);
            let due = it.given.due.map_or(String::new(), |due| {
                format!(", due {}{}", due.format("%-d %b"), if late { " – late" } else { "" })
            });
            let (who, what) = (it.given.who.line(), it.given.what.line());
            shown(&format!("{}. {who}: {what}{due}", it.given.action), 200)
        };
        let title = format!("{} open action {}", open.len(), plural(open.len(), "item"));
        Some(Topic { key: "actions".to_owned(), title, lines: open.iter().map(line).collect() })
    }

    fn blocker_topics(&self, poll: &[Polled], now: DateTime<Utc>) -> Vec<Topic> {
        let agenda = self.agenda(poll, now);
        let concrete = |it: &&Blocker| matches!(it.subject, Subject::Issue(_) | Subject::Check(..));
        let all: Vec<_> = agenda.iter().filter(concrete).collect();
        if all.is_empty() {
            let title = "No issue and no check blocks".to_owned();
            return vec![Topic { key: "blockers".to_owned(), title, lines: vec![] }];
        }
        let mut topics: Vec<_> = all.iter().take(MOST).map(|it| self.blocker_topic(it, now)).collect();
        if all.len() > MOST {
            let rest = all.iter().skip(MOST).map(|it| format!("{}  {}", it.mark, it.text)).collect();
            let title = format!("{} more that block", all.len() - MOST);
            topics.push(Topic { key: "blockers".to_owned(), title, lines: rest });
        }
        topics
    }

    fn blocker_topic(&self, it: &Blocker, now: DateTime<Utc>) -> Topic {
        let key = match &it.subject {
            Subject::Issue(key) => key.to_string(),
            Subject::Check(branch, name) => format!("check {} {}", branch.line(), name.line()),
            Subject::Item(id) => format!("item {id}"),
            Subject::Gate(id) => format!("gate {id}"),
        };
        let mut lines = vec![it.verdict.word().to_owned()];
        lines.push(if it.who.is_empty() { "nobody has it".to_owned() } else { format!("with {}", it.who) });
        if let Some(since) = it.since {
            lines.push(format!("for {}", days(now - since)));
        }
        if let Subject::Issue(key) = &it.subject
            && let Some(issue) = self.milestones.issues.get(key)
        {
            let labels: Vec<_> = issue.labels.iter().map(|label| label.line()).collect();
            lines.push(shown(&labels.join(", "), 160));
            let rolls = self.milestones.rolls(key);
            if rolls > 0 {
                lines.push(format!("moved {rolls} {} before", plural(rolls as usize, "time")));
            }
        }
        lines.retain(|line| !line.is_empty());
        Topic { key: shown(&key, 200), title: format!("{}  {}", it.mark, it.text), lines }
    }

    /// What the poll said when the last meeting ended; none before the first.
    fn said_before(&self, held: &Held) -> Option<(&[GateSaid], DateTime<Utc>)> {
        let before = self.meetings.held.iter().rev().filter(|it| it.seq < held.seq);
        before.into_iter().find_map(|it| it.ended.as_ref()).map(|(at, _, gates)| (&**gates, *at))
    }

    /// Gates that say something else than at the end of the last meeting.
    #[must_use]
    pub fn changed_since(&self, held: &Held, poll: &[Polled]) -> Vec<(String, Option<Ruling>, Ruling)> {
        let Some((before, _)) = self.said_before(held) else { return vec![] };
        let was = |gate: &str| before.iter().find(|it| *it.gate == *gate).map(|it| it.said);
        let now = poll.iter().map(|it| (it.title.clone(), was(&it.gate), Ruling::of(it.verdict)));
        now.filter(|(_, was, now)| *was != Some(*now)).collect()
    }

    fn gates_topic(&self, held: &Held, poll: &[Polled]) -> Topic {
        let go = poll.iter().filter(|it| it.verdict == Verdict::Go).count();
        let said = format!("{}: {go} of {} GO", verdict(poll).word(), poll.len());
        let Some((_, at)) = self.said_before(held) else {
            let mut open: Vec<_> = poll.iter().filter(|it| it.verdict != Verdict::Go).collect();
            open.order_by_key(|it| std::cmp::Reverse(it.verdict));
            let line = |it: &&Polled| format!("{} {}: {}", it.verdict.word(), it.title, it.reason());
            let title = format!("Gates, {said}");
            return Topic { key: "gates".to_owned(), title, lines: open.iter().map(line).collect() };
        };
        let reason =
            |title: &str| poll.iter().find(|it| it.title == title).map(Polled::reason).unwrap_or_default();
        let line = |(title, was, now): &(String, Option<Ruling>, Ruling)| {
            let was = was.map_or("not asked", Ruling::word);
            format!("{title}: {was} → {}, {}", now.word(), reason(title))
        };
        let changed = self.changed_since(held, poll);
        let title = format!("Gates, {said}, {} changed since {}", changed.len(), at.format("%-d %b"));
        Topic { key: "gates".to_owned(), title, lines: changed.iter().map(line).collect() }
    }

    /// Every gate of a kind, with what it says.
    fn gate_kind_topic(&self, key: &str, title: &str, poll: &[Polled], kind: fn(&GateKind) -> bool) -> Topic {
        let gate = |it: &&Polled| {
            let gate = self.process.as_ref().and_then(|process| process.gate(&it.gate));
            gate.is_some_and(|gate| kind(&gate.kind))
        };
        let gates: Vec<_> = poll.iter().filter(gate).collect();
        let line = |it: &&Polled| format!("{} {}: {}", it.verdict.word(), it.title, it.reason());
        let mut lines: Vec<_> = gates.iter().map(line).collect();
        if lines.is_empty() {
            lines.push("no gate of the process asks for it".to_owned());
        }
        Topic { key: key.to_owned(), title: title.to_owned(), lines }
    }

    fn decision_topic(&self, poll: &[Polled]) -> Topic {
        let up = self.up_for_decision();
        let up = up
            .map_or("no candidate yet".to_owned(), |(name, at)| format!("{} ({})", name.line(), at.short()));
        let open = poll.iter().filter(|it| it.required && it.verdict != Verdict::Go);
        let mut lines: Vec<_> =
            open.map(|it| format!("{} {}: {}", it.verdict.word(), it.title, it.reason())).collect();
        lines.push(format!("decision: {}", self.read_decision().reason));
        Topic { key: "decision".to_owned(), title: format!("Go or no-go: {up}"), lines }
    }

    fn milestone_topic(&self, now: DateTime<Utc>) -> Topic {
        let tally = self.milestones.tally();
        let title = self.milestones.chosen.as_ref().map_or("no milestone".to_owned(), |it| it.line());
        let mut lines = vec![self.read_milestone().reason, self.read_blockers().reason];
        if let Some(pace) = tally.pace(now) {
            let needed = pace.needed.map_or(String::new(), |needed| format!(", {needed:.1} needed"));
            lines.push(format!("{:.1} closed a day{needed}", pace.done));
        }
        let people: Vec<_> = tally
            .people
            .iter()
            .take(8)
            .map(|(name, count)| {
                let name = name.line();
                format!("{} {count}", if name.is_empty() { "nobody" } else { &name })
            })
            .collect();
        if !people.is_empty() {
            lines.push(format!("open: {}", shown(&people.join(", "), 200)));
        }
        Topic { key: "milestone".to_owned(), title: format!("Milestone {title}"), lines }
    }

    fn picks_topic(&self) -> Topic {
        let mut lines = vec![self.read_picks().reason];
        if let Some(line) = self.line_name() {
            let counts = self.picks.counts(&line);
            let said: Vec<_> =
                counts.iter().map(|(state, count)| format!("{count} {}", state.word())).collect();
            if !said.is_empty() {
                lines.push(format!("{}: {}", line.line(), said.join(", ")));
            }
        }
        Topic { key: "picks".to_owned(), title: "Pick queue".to_owned(), lines }
    }

    fn dates_topic(&self, now: DateTime<Utc>) -> Topic {
        let mut lines = vec![];
        if let Some(phase) = self.phase(now) {
            lines.push(format!(
                "phase {}",
                shown(if phase.title.is_empty() { &phase.id } else { &phase.title }, 80)
            ));
        }
        match self.milestones.due() {
            Some(due) if due > now => {
                lines.push(format!("cut in {}, {}", days(due - now), due.format("%a %-d %b")))
            }
            Some(due) => {
                lines.push(format!("the cut was due {} ago, {}", days(now - due), due.format("%a %-d %b")))
            }
            None => lines.push("the milestone has no date".to_owned()),
        }
        lines.push(format!("testing: {}", self.read_testing(now).reason));
        for (id, said) in &self.votes.windows {
            if let Some(span) = said.what.span {
                lines.push(format!(
                    "window {}: {}",
                    shown(id, 40),
                    crate::release::votes::window_words(span)
                ));
            }
        }
        Topic { key: "dates".to_owned(), title: "Dates".to_owned(), lines }
    }

    fn overrides_topic(&self, word: &str) -> Topic {
        let mut lines = vec![];
        for (gate, it) in self.overrides.0.iter().filter(|(_, it)| it.on) {
            let (title, by) = (self.gate_title(gate), shown(&it.by, 40));
            lines.push(format!("{title}: overridden by {by}, {}: {}", it.at.format("%-d %b"), it.why.line()));
        }
        Topic { key: shown(&word.to_lowercase(), 80), title: sentence(word), lines }
    }
}

/// A word of the process as the title of an item, safe to show.
fn sentence(word: &str) -> String {
    let word = shown(word.trim(), 80);
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
