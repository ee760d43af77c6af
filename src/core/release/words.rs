//! What each fact is in words: what happened, to what, before and after.

use super::Release;
use super::checklist::ItemState;
use super::entry::Entry;
use super::errand::Status;
use super::fact::{self, Fact};
use super::log::{About, plural};
use super::text::{LINE_CAP, Untrusted, clean, shown};
use std::borrow::Cow;

/// The words of a row, before it has its envelope.
#[derive(Default)]
pub(crate) struct Words {
    pub(crate) what: String,
    pub(crate) target: String,
    pub(crate) before: Option<Cow<'static, str>>,
    pub(crate) after: Option<Cow<'static, str>>,
    pub(crate) why: Option<Untrusted>,
    pub(crate) status: Option<Status>,
}

impl Words {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), ..Self::default() }
    }

    pub(crate) fn about(what: impl Into<String>, target: impl Into<String>) -> Self {
        Self { what: what.into(), target: target.into(), ..Self::default() }
    }

    pub(crate) fn change(
        mut self,
        before: impl Into<Cow<'static, str>>,
        after: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.before = Some(before.into());
        self.after = Some(after.into());
        self
    }

    pub(crate) fn why(mut self, why: Option<Untrusted>) -> Self {
        self.why = why;
        self
    }
}

impl Release {
    pub(crate) fn words(&self, entry: &Entry) -> (About, Words) {
        match &entry.fact {
            Fact::Session(fact) => session_words(fact),
            Fact::Plan(fact) => (About::Plan, self.plan_words(fact)),
            Fact::Intent(errand) => {
                (errand_about(errand.kind()), Words::about(self.short(errand.line()), errand.target()))
            }
            Fact::Outcome { kind, outcome } => {
                let open = entry.op.as_ref().and_then(|op| self.outbox.open.get(op));
                let line = open.map_or((*kind).to_owned(), |open| self.short(open.errand.line()));
                let mut words = Words::about(line, open.map(|open| open.errand.target()).unwrap_or_default());
                words.status = Some(outcome.status);
                (errand_about(kind), words.why(outcome.note.clone()))
            }
            Fact::Checklist(fact) => (About::Checklist, self.checklist_words(fact)),
            Fact::Announcements(fact) => self.announcement_words(fact),
            Fact::Gate(fact::Gate::Overridden(it)) => {
                let verb = if it.on { "override" } else { "take back the override of" };
                let words = Words::about(format!("{verb} {}", self.gate_title(&it.gate)), &*it.gate);
                let after = if it.on { "GO, overridden".to_owned() } else { "as read".to_owned() };
                (About::Gate, words.change(it.reading.line(), after).why(Some(it.why.clone())))
            }
            Fact::Milestone(fact) => (About::Milestone, self.milestone_words(fact)),
            Fact::Checks(fact) => (About::Checks, self.check_words(fact)),
            Fact::Branches(fact::Branches::Seen(it)) => (About::Branches, self.line_words(it)),
            Fact::Branches(fact::Branches::Weighed(it)) => (About::Branches, weight_words(it)),
            Fact::Candidates(fact) => (About::Branches, self.candidate_words(fact)),
            Fact::Picks(fact) => (About::Picks, self.pick_words(fact)),
            Fact::Notes(fact) => (About::Branches, notes_words(fact)),
            Fact::Fixes(fact) => self.back_words(fact),
            Fact::Setbacks(fact) => self.setback_words(fact),
            Fact::Votes(fact) => self.vote_words(fact),
            Fact::Meetings(fact) => self.meeting_words(fact),
            Fact::Roles(fact) => self.role_words(fact),
            Fact::Look(fact::Look::Complete(it)) => (
                About::Look,
                Words::new(format!("{} read: {} {}", look_name(&it.look), it.count, plural(it.count, "row"))),
            ),
            Fact::Look(fact::Look::Failed(it)) => (
                About::Look,
                Words::new(format!("{} could not be read", look_name(&it.look))).why(Some(it.why.clone())),
            ),
            Fact::Unknown { kind } => (
                About::Session,
                Words::new(format!("unknown kind {} (a newer gonogo?)", Untrusted::from(&**kind).line())),
            ),
        }
    }

    /// A line in which the issues of the release's own repository have their number alone.
    fn short(&self, line: String) -> String {
        match self.opened.as_ref().and_then(|opened| opened.repo.as_ref()) {
            Some(repo) => line.replace(&format!("{}#", repo.as_str()), "#"),
            None => line,
        }
    }

    fn plan_words(&self, fact: &fact::Plan) -> Words {
        let title = |id: &super::ids::OpId| {
            self.outbox
                .plans
                .iter()
                .find(|plan| plan.plan == *id)
                .map(|plan| plan.title.line())
                .unwrap_or_default()
        };
        match fact {
            fact::Plan::Accepted(it) => {
                let steps = it.steps.len();
                Words::about(
                    format!("go: {} ({steps} {})", it.title.line(), plural(steps, "step")),
                    it.plan.as_str(),
                )
            }
            fact::Plan::Cancelled(it) => {
                Words::about(format!("call off: {}", title(&it.plan)), it.plan.as_str())
                    .why(Some(it.why.clone()))
            }
            fact::Plan::Resumed(it) => {
                let over = if it.replaces { ", replacing what came in part" } else { "" };
                Words::about(format!("go on with: {}{over}", title(&it.plan)), it.plan.as_str())
            }
        }
    }

    fn checklist_words(&self, fact: &fact::Checklist) -> Words {
        match fact {
            fact::Checklist::Ticked(it) => {
                let verb = match it.to {
                    ItemState::Open => "untick",
                    ItemState::Done => "tick",
                    ItemState::Skipped => "skip",
                    ItemState::NotApplicable => "not applicable:",
                    ItemState::Overridden => "override",
                };
                Words::about(format!("{verb} {}", self.item_text(&it.item)), &*it.item)
                    .change(it.from.word(), it.to.word())
                    .why(it.why.clone())
            }
            fact::Checklist::Attached(it) => {
                Words::about(format!("note on {}", self.item_text(&it.item)), &*it.item)
                    .why(Some(it.text.clone()))
            }
            fact::Checklist::Files(it) => Words::new(format!("{} files looked at", it.rows.len())),
            fact::Checklist::Tasks(it) => self.task_words(it),
        }
    }

    fn milestone_words(&self, fact: &fact::Milestone) -> Words {
        match fact {
            fact::Milestone::Chosen(it) => {
                let before =
                    self.milestones.chosen.as_ref().map_or_else(|| "none".to_owned(), Untrusted::line);
                Words::about(format!("milestone {}", it.title.line()), it.title.line())
                    .change(before, it.title.line())
            }
            fact::Milestone::Seen(it) => counted(
                "milestone",
                it.rows.len(),
                it.gone.len(),
                it.rows.first().map(|row| row.title.line()),
            ),
            fact::Milestone::Issues(it) => {
                let one = it.rows.first().filter(|_| it.rows.len() == 1 && it.gone.is_empty());
                let Some(row) = one else {
                    let first = it.rows.first().map(|row| format!("#{} {}", row.number, row.title.line()));
                    return counted("issue", it.rows.len(), it.gone.len(), first);
                };
                let key = super::ids::IssueKey { repo: it.repo.clone(), number: row.number };
                let state = |open: bool| if open { "open" } else { "closed" };
                let before = self.milestones.issues.get(&key);
                // Most lines of a journal are of this kind.
                let number = row.number.to_string();
                let what = ["#", &number, " ", &row.title.clean()].concat();
                let words = Words::about(what, [it.repo.as_str(), "#", &number].concat());
                words.change(before.map_or("not here", |issue| state(issue.open)), state(row.open))
            }
        }
    }

    fn check_words(&self, fact: &fact::Checks) -> Words {
        match fact {
            fact::Checks::Seen(it) => {
                let line = self.checks.lines.get(&it.branch);
                if let [row] = &it.rows[..] {
                    let before = line.map_or("none", |line| line.state(&row.name).name());
                    let (name, branch) = (row.name.clean(), clean(it.branch.as_str(), LINE_CAP));
                    let what = [&*name, " on ", &branch].concat();
                    return Words::about(what, name).change(before, row.state.name());
                }
                checks_seen(it)
            }
            fact::Checks::Required(it) => Words::about(
                format!(
                    "{} requires {} {}",
                    it.branch.line(),
                    it.contexts.len(),
                    plural(it.contexts.len(), "check")
                ),
                it.branch.line(),
            ),
            fact::Checks::Run(it) => {
                let before = self.runs.0.get(&it.run).and_then(|known| known.seen.as_ref());
                let before = before.map_or("not looked at", |seen| super::reading::state_word(seen.state));
                let name = shown(it.name.raw(), 80);
                Words::about(format!("run {} of {name}", it.run), format!("run {}", it.run))
                    .change(before, super::reading::state_word(it.state))
            }
            fact::Checks::Log(it) => Words::about(format!("log of job {}", it.job), it.job.to_string()),
        }
    }

    fn line_words(&self, seen: &super::branches::LinesSeen) -> Words {
        if let [row] = &seen.rows[..] {
            let before = self.lines.0.get(&row.branch).map_or("none".to_owned(), |line| line.tip.short());
            let what = format!("{} at {}", row.branch.line(), row.tip.short());
            return Words::about(what, row.branch.line()).change(before, row.tip.short());
        }
        counted("branch", seen.rows.len(), seen.gone.len(), seen.rows.first().map(|row| row.branch.line()))
    }

    fn candidate_words(&self, fact: &fact::Candidates) -> Words {
        match fact {
            fact::Candidates::Tags(it) => match &it.rows[..] {
                [row] => {
                    Words::about(format!("tag {} at {}", row.tag.line(), row.oid.short()), row.tag.line())
                }
                rows => counted("tag", rows.len(), it.gone.len(), rows.first().map(|row| row.tag.line())),
            },
            fact::Candidates::Releases(it) => {
                counted("release", it.rows.len(), it.gone.len(), it.rows.first().map(|row| row.tag.line()))
            }
            fact::Candidates::Built(it) => {
                counted("file", it.rows.len(), 0, it.rows.first().map(|row| row.path.line()))
            }
            fact::Candidates::Artifacts(it) => self.artifact_words(it),
        }
    }

    /// The title of a gate, or its id.
    pub(crate) fn gate_title(&self, gate: &str) -> String {
        if gate == super::set::ORDER {
            return "Order of the set".to_owned();
        }
        let known = self.process.as_ref().and_then(|process| process.gate(gate));
        let title = known.map(|gate| shown(&gate.title, 80)).filter(|title| !title.is_empty());
        title.unwrap_or_else(|| shown(gate, 100))
    }

    /// The text of a checklist item, or its id.
    pub fn item_text(&self, item: &str) -> String {
        self.process
            .as_ref()
            .and_then(|process| process.item(item).map(|item| super::text::shown(&item.text, 200)))
            .unwrap_or_else(|| super::text::shown(item, 100))
    }
}

/// What was taken back or done again.
fn again(verb: &str, seq: u64, what: &Untrusted) -> Words {
    Words::about(format!("{verb} #{seq}: {}", what.line()), seq.to_string())
}

fn session_words(fact: &fact::Session) -> (About, Words) {
    match fact {
        fact::Session::Opened(it) => (
            About::Session,
            Words::about(format!("journal of {} opened", it.release.line()), it.release.line()),
        ),
        fact::Session::Started(it) if it.tail.starts_with("torn") => {
            let what = format!("session started; the end of the journal was {}", shown(&it.tail, 160));
            (About::Session, Words::new(what))
        }
        fact::Session::Started(it) if it.resumed => {
            (About::Session, Words::new("session started; the one before it ended without being sealed"))
        }
        fact::Session::Started(_) => (About::Session, Words::new("session started")),
        fact::Session::Identified(it) => {
            let who = it.login.as_ref().map_or("an app".to_owned(), super::ids::Login::line);
            (
                About::Session,
                Words::new(format!("signed in as {who} (token from {})", super::text::shown(&it.how, 60))),
            )
        }
        fact::Session::Trusted(it) => {
            (About::Session, Words::about("the repository's hooks and helpers may run", it.remote.line()))
        }
        fact::Session::CommandTrusted(it) => (
            About::Session,
            Words::about(format!("may be run from now on: {}", it.declared.line()), &*it.item),
        ),
        fact::Session::Sealed(it) => {
            (About::Session, Words::new(format!("session ended: {}", shown(&it.note, 80))))
        }
        fact::Session::ProcessChanged(it) => (
            About::Session,
            Words::new("process changed")
                .change(it.from.to_string(), it.to.to_string())
                .why(Some(it.why.clone())),
        ),
        fact::Session::ProcessKept(it) => {
            (About::Session, Words::new("recorded process kept, another not taken").why(Some(it.why.clone())))
        }
        fact::Session::SetChosen(it) => (About::Session, Words::new(it.words())),
        fact::Session::OthersSeen(it) => (About::Session, Words::new(it.words())),
        fact::Session::Refused(it) => {
            let words = Words::about(format!("refused: {}", it.ask.line()), it.target.line());
            (About::Decision, words.why(Some(it.why.clone())))
        }
        fact::Session::Redone(it) => (About::Decision, again("redo", it.seq, &it.what)),
        fact::Session::Undone(it) => (About::Decision, again("undo", it.seq, &it.what)),
    }
}

/// Branches that were weighed.
fn weight_words(it: &super::weighing::Weighings) -> Words {
    let first = it.rows.first().map(|row| row.branch.line());
    counted("weighed branch", it.rows.len(), it.gone.len(), first)
}

fn notes_words(fact: &fact::Notes) -> Words {
    match fact {
        fact::Notes::Drafted(it) => {
            let count = it.parts.first().map_or(0, |part| part.count);
            let noun = if count == 1 { "entry" } else { "entries" };
            Words::about(format!("notes of {} drafted: {count} {noun}", it.tag.line()), it.tag.line())
        }
        fact::Notes::Written(it) => {
            let lines = it.text.raw().lines().count();
            let what = format!("notes of {} written: {lines} {}", it.tag.line(), plural(lines, "line"));
            Words::about(what, it.tag.line())
        }
    }
}

fn errand_about(kind: &str) -> About {
    match kind.split('.').next() {
        Some("issue") => About::Milestone,
        Some("run") => About::Checks,
        Some("announce" | "step") => About::Checklist,
        _ => About::Branches,
    }
}

pub(crate) fn counted(noun: &str, rows: usize, gone: usize, first: Option<String>) -> Words {
    let mut what = match (rows, gone) {
        (0, 1..) => format!("{gone} {} gone", plural(gone, noun)),
        (_, 0) => format!("{rows} {} seen", plural(rows, noun)),
        _ => format!("{rows} {} seen, {gone} gone", plural(rows, noun)),
    };
    if let Some(first) = first {
        what.push_str(&format!(": {first}"));
    }
    Words::new(what)
}

/// Checks of a branch in words: what was seen of them, or else what changed without them.
fn checks_seen(it: &super::checks::ChecksSeen) -> Words {
    let (branch, results) = (it.branch.line(), it.history.len());
    let red = it.rows.iter().filter(|row| row.state.is_red()).count();
    let mut words = match (it.rows.len(), it.gone.len()) {
        (0, 0) if results > 0 => {
            Words::new(format!("earlier results of {results} {}: {branch}", plural(results, "check")))
        }
        (0, 0) => Words::new(format!("no checks yet on {} of {branch}", it.sha.short())),
        (0, gone) => counted("check", 0, gone, Some(branch.clone())),
        (rows, gone) => counted("check", rows, gone, Some(format!("{branch}, {red} red"))),
    };
    words.target = branch;
    words
}

fn look_name(look: &super::looks::LookKey) -> String {
    let topic = format!("{:?}", look.topic).to_lowercase();
    if look.scope.is_empty() { topic } else { format!("{topic} of {}", super::text::shown(&look.scope, 100)) }
}
