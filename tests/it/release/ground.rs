//! A small process with one gate of each kind, and a journal to fold facts into.

use chrono::{DateTime, TimeDelta, Utc};
use gonogo::release::ask::{Decision, Effect};
use gonogo::release::branches::{Line, LineKind, LinesSeen};
use gonogo::release::candidates::{TagRow, TagsSeen};
use gonogo::release::checks::{Check, CheckState, ChecksSeen, RequiredSeen};
use gonogo::release::ids::{Branch, IssueKey, Login, Oid, OpId, ReleaseName, Repo, Tag};
use gonogo::release::looks::{Complete, LookKey, Topic};
use gonogo::release::milestone::{Chosen, Issue, IssuesSeen, Milestone, MilestonesSeen};
use gonogo::release::poll::Polled;
use gonogo::release::session::{Opened, Started};
use gonogo::release::text::Untrusted;
use gonogo::release::{Ask, Entry, Errand, Fact, Note, Outcome, Refusal, Release, Stamp};

pub const PROFILE: &str = r#"
name = "harbour"
[branches]
trunk = "main"
[[branches.lines]]
pattern = "release-{major}.{minor}.x"
kind = "release"
[version]
style = "semver"
prefix = "v"
candidate = "-rc.{n}"
[[streams]]
id = "minor"
bump = "minor"
candidates = true
min_candidates = 1
testing = "3 days"
refused_labels = ["breaking*"]
[[streams]]
id = "patch"
bump = "patch"
[milestone]
title = "{version}"
issues_only = true
rationale_required = true
[labels]
blockers = ["blocker*"]
severity = ["blocker/high", "blocker"]
[picks]
labels = ["backport-{branch}"]
[[ci.suites]]
id = "nightly"
checks = ["nightly*"]
max_age = "2 days"
[[signoffs]]
id = "quality"
role = "qa"
says = "tested"
[[roles]]
id = "qa"
title = "QA"
[[trackers]]
id = "desk"
kind = "attested"
[[calendar.windows]]
id = "noon"
days = ["tue"]
from = "09:00"
to = "15:00"
[[stages]]
id = "cut"
title = "Cut"
items = [
  { id = "branch", text = "Make the branch", check = "branch-exists" },
  { id = "empty", text = "Empty the milestone", check = "milestone-empty" },
  { id = "say", text = "Tell the team" },
  { id = "cake", text = "Bake a cake", required = false },
]
[[gates]]
id = "milestone"
kind = "milestone"
[[gates]]
id = "issues-only"
kind = "issues-only"
[[gates]]
id = "blockers"
kind = "blockers"
[[gates]]
id = "trunk-ci"
kind = { checks = {} }
[[gates]]
id = "line-ci"
kind = { checks = { on = "line" } }
[[gates]]
id = "nightly"
kind = { checks = { suite = "nightly" } }
[[gates]]
id = "picks"
kind = "picks"
[[gates]]
id = "stage"
kind = { stage = { stage = "cut" } }
[[gates]]
id = "item"
kind = { item = { item = "say" } }
[[gates]]
id = "testing"
kind = "testing-window"
[[gates]]
id = "candidates"
kind = "candidates"
[[gates]]
id = "documents"
kind = { documents = { paths = ["CHANGELOG.md"] } }
[[gates]]
id = "scope"
kind = "scope"
[[gates]]
id = "version"
kind = "version"
[[gates]]
id = "line"
kind = "branch"
[[gates]]
id = "sign-offs"
kind = { sign-offs = {} }
[[gates]]
id = "attested"
kind = { attested = { text = "the lamp is lit" } }
[[gates]]
id = "decision"
kind = "decision"
[[gates]]
id = "freeze"
kind = "freeze"
[[gates]]
id = "merge-back"
kind = "merge-back"
[[gates]]
id = "artifacts"
kind = { artifacts = {} }
[[gates]]
id = "roles"
title = "Every role has its person"
kind = { roles = {} }
[[gates]]
id = "merge-queue"
kind = "merge-queue"
[[gates]]
id = "tracker"
kind = { tracker = { tracker = "desk" } }
[[gates]]
id = "window"
kind = { window = { window = "noon" } }
[[gates]]
id = "reports"
kind = { reports = {} }
"#;

pub fn at(minutes: i64) -> DateTime<Utc> {
    "2026-05-04T09:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
}

pub fn text(text: &str) -> Untrusted {
    Untrusted::from(text)
}

pub fn repo() -> Repo {
    Repo::parse("pier/crane").unwrap()
}

pub fn branch(name: &str) -> Branch {
    Branch::parse(name).unwrap()
}

pub fn key(number: u64) -> IssueKey {
    IssueKey { repo: repo(), number }
}

pub fn oid(digit: u8) -> Oid {
    Oid::parse(&format!("{digit:02x}").repeat(20)).unwrap()
}

pub fn op(number: u64) -> OpId {
    OpId::parse(&format!("01K{number:023}")).unwrap()
}

pub fn issue(number: u64) -> Issue {
    Issue {
        number,
        title: text(&format!("issue {number}")),
        open: true,
        pull: false,
        labels: vec![],
        assignees: vec![],
        author: Some(text("ann")),
        milestone: Some(1),
        created: at(-9000),
        updated: at(-100),
        closed: None,
        comments: 0,
        rolls: None,
        entered: None,
    }
}

pub fn closed(number: u64) -> Issue {
    Issue { open: false, closed: Some(at(-50)), ..issue(number) }
}

pub fn labelled(number: u64, labels: &[&str]) -> Issue {
    Issue { labels: labels.iter().map(|it| text(it)).collect(), ..issue(number) }
}

pub fn milestone(number: u64, title: &str) -> Milestone {
    Milestone { number, title: text(title), open: true, due: None, open_issues: 0, closed_issues: 0 }
}

pub fn line(name: &str, kind: LineKind, tip: Oid) -> Line {
    Line {
        branch: branch(name),
        kind,
        tip,
        subject: text("tip"),
        at: at(-60),
        last_tag: None,
        ahead: None,
        behind: None,
        unreleased: None,
        commits: vec![],
        drift: vec![],
        drifting: None,
        alike: vec![],
    }
}

pub fn check(name: &str, state: CheckState) -> Check {
    Check { name: text(name), state, workflow: None, run: None, url: None, started: None, ended: None }
}

/// A journal: facts in, a release out.
#[derive(Clone)]
pub struct Book {
    pub release: Release,
    pub entries: Vec<Entry>,
    pub now: DateTime<Utc>,
}

impl Book {
    /// Nothing but the first line.
    pub fn blank(release: &str, repo: Option<Repo>, auth: &str) -> Self {
        let mut book = Self { release: Release::default(), entries: vec![], now: at(0) };
        book.tell(Opened {
            format: "gonogo-journal/1".into(),
            tool: "gonogo 0.1.0".into(),
            writer: "w1".into(),
            host: repo.as_ref().map(|_| "github.com".into()),
            repo,
            root: Some(oid(1)),
            release: ReleaseName::parse(release).unwrap(),
            kinds: "sha256:0".into(),
            process: "sha256:0".into(),
            profile: Some(PROFILE.into()),
            mode: "live".into(),
        });
        book.session(auth);
        assert_eq!(book.release.process_error, None, "the process of these tests must parse");
        book
    }

    /// A release that has a token, and of which nothing was read.
    pub fn new() -> Self {
        Self::blank("v1.2.0", Some(repo()), "gh")
    }

    pub fn session(&mut self, auth: &str) {
        self.tell(Started {
            tail: "clean".into(),
            tz: "+00:00".into(),
            auth: auth.into(),
            login: Some(Login::parse("ann").unwrap()),
            ..Started::default()
        });
    }

    /// Milestone, issues, branches, checks and tags read: everything that was looked at is GO.
    pub fn read() -> Self {
        let mut book = Self::new();
        book.tell(MilestonesSeen {
            repo: repo(),
            rows: vec![milestone(1, "1.2.0"), milestone(2, "1.3.0")],
            gone: vec![],
        });
        book.complete(Topic::Milestones, "pier/crane");
        book.tell(Chosen { title: text("1.2.0") });
        book.issues(vec![closed(7)]);
        book.complete(Topic::Issues, "pier/crane");
        book.tell(LinesSeen {
            rows: vec![
                line("main", LineKind::Trunk, oid(2)),
                line("release-1.2.x", LineKind::Release, oid(3)),
            ],
            gone: vec![],
        });
        book.tell(TagsSeen {
            rows: vec![TagRow {
                tag: Tag::parse("v1.2.0-rc.1").unwrap(),
                oid: oid(3),
                annotated: true,
                at: Some(at(-5 * 1440)),
            }],
            gone: vec![],
        });
        book.complete(Topic::Git, "");
        for (name, tip) in [("main", oid(2)), ("release-1.2.x", oid(3))] {
            let nightly = Check { ended: Some(at(-60)), ..check("nightly / all", CheckState::Passed) };
            let rows = vec![check("build", CheckState::Passed), nightly];
            book.tell(ChecksSeen { branch: branch(name), sha: tip, rows, gone: vec![], history: vec![] });
            book.complete(Topic::Checks, name);
            book.tell(RequiredSeen { branch: branch(name), contexts: vec![text("build")], protected: true });
            book.complete(Topic::Required, name);
        }
        book.complete(Topic::Picks, "pier/crane");
        book.complete(Topic::Landings, "");
        book
    }

    pub fn issues(&mut self, rows: Vec<Issue>) {
        self.tell(IssuesSeen { repo: repo(), rows, gone: vec![] });
    }

    pub fn complete(&mut self, topic: Topic, scope: &str) {
        self.tell(Complete { look: LookKey::new(topic, scope), count: 1, upto: None, partly: None });
    }

    pub fn tell(&mut self, fact: impl Into<Fact>) -> u64 {
        self.note(&Note::from(fact.into()))
    }

    /// Writes a note as the journal would: through its text, so that what is not on disk is lost here too.
    pub fn note(&mut self, note: &Note) -> u64 {
        let mut fact = Fact::read(&note.fact.kind(), note.fact.body().get()).unwrap();
        use gonogo::release::fact::Session;
        if let (Fact::Session(Session::Opened(it)), Fact::Session(Session::Opened(told))) =
            (&mut fact, &note.fact)
        {
            it.profile.clone_from(&told.profile);
        }
        if let (Fact::Session(Session::ProcessChanged(it)), Fact::Session(Session::ProcessChanged(told))) =
            (&mut fact, &note.fact)
        {
            it.profile.clone_from(&told.profile);
        }
        self.now += TimeDelta::seconds(1);
        let seq = self.entries.len() as u64 + 1;
        let entry = Entry {
            seq,
            ts: self.now,
            mono: seq,
            ses: "s1".into(),
            by: "ann".into(),
            op: note.op.clone(),
            hash: [0; 8],
            fact,
        };
        self.release.apply(&entry);
        self.entries.push(entry);
        seq
    }

    pub fn stamp(&self) -> Stamp {
        Stamp { now: self.now, mono: 0, fresh: u128::from(self.entries.len() as u64) << 20 }
    }

    /// Records what follows from an ask.
    pub fn ask(&mut self, ask: Ask) -> Result<Vec<Effect>, Refusal> {
        let decision = self.release.decide(ask, &self.stamp())?;
        Ok(self.take(decision))
    }

    pub fn take(&mut self, decision: Decision) -> Vec<Effect> {
        for note in &decision.notes {
            self.note(note);
        }
        decision.effects
    }

    /// The ask is refused, and nothing changes; gives why.
    pub fn refused(&self, ask: Ask) -> String {
        self.release.decide(ask, &self.stamp()).unwrap_err().why
    }

    pub fn settle(&mut self, op: &OpId, outcome: Outcome) -> Vec<Effect> {
        let decision = self.release.settle(op, outcome);
        self.take(decision)
    }

    pub fn polled(&self, gate: &str) -> Polled {
        self.release.poll(self.now).into_iter().find(|it| it.gate == gate).unwrap()
    }

    /// The word and the reason of a gate.
    pub fn gate(&self, gate: &str) -> String {
        let polled = self.polled(gate);
        format!("{} {}", polled.verdict.word(), polled.reason())
    }
}

/// The errand that is to run, which must be the only effect.
pub fn running(effects: &[Effect]) -> (OpId, Errand) {
    match effects {
        [Effect::Run { op, errand }] => (op.clone(), errand.clone()),
        other => panic!("one errand was expected, not {other:?}"),
    }
}
