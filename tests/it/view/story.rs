//! A release as it may stand on a Wednesday afternoon, folded from the facts of a journal: what the views are drawn of.
//!
//! The names, numbers and words are invented; the process is the one that comes with gonogo.

use chrono::{DateTime, TimeDelta, Utc};
use gonogo::process::preset;
use gonogo::release::branches::{Commit, Line, LineKind, LinesSeen};
use gonogo::release::candidates::{ForgeRelease, ReleasesSeen, TagRow, TagsSeen};
use gonogo::release::checklist::{Attached, ItemState, Ticked};
use gonogo::release::checks::{Check, CheckState, ChecksSeen, History, LogSeen, Past, RequiredSeen, RunRef};
use gonogo::release::errand::{Errand, MoveIssue, Status};
use gonogo::release::gates::Overridden;
use gonogo::release::ids::{Branch, IssueKey, Login, Oid, OpId, ReleaseName, Repo, Tag};
use gonogo::release::looks::{Complete, Failed, LookKey, Topic};
use gonogo::release::milestone::{Chosen, Issue, IssuesSeen, Milestone, MilestonesSeen};
use gonogo::release::outbox::Accepted;
use gonogo::release::picks::{Pick, PickState, PicksSeen};
use gonogo::release::plan::Step;
use gonogo::release::session::{Opened, Refused, Started};
use gonogo::release::text::Untrusted;
use gonogo::release::{Entry, Fact, Outcome, Release};
use gonogo::screen::fresh::{Look, Source};
use gonogo::screen::{Mode, Options, Rate, Screen, rows};

/// The moment that is drawn.
pub fn now() -> DateTime<Utc> {
    "2026-03-18T14:03:20Z".parse().expect("a moment")
}

/// So many minutes before [`now`].
pub fn ago(minutes: i64) -> DateTime<Utc> {
    now() - TimeDelta::minutes(minutes)
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * 60;

/// A text from outside.
pub fn text(text: &str) -> Untrusted {
    Untrusted::from(text)
}

pub fn repo() -> Repo {
    Repo::parse("llamastack/llama-stack").expect("a repository")
}

pub fn branch(name: &str) -> Branch {
    Branch::parse(name).expect("a branch")
}

/// An object id made of a number, so that it is always the same.
pub fn oid(seed: u64) -> Oid {
    let mut digits = String::new();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    while digits.len() < 40 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        digits.push_str(&format!("{:08x}", state >> 32));
    }
    Oid::parse(&digits[..40]).expect("forty digits")
}

/// A journal being written: facts in, a release out.
#[derive(Default)]
pub struct Story {
    pub release: Release,
    pub entries: Vec<Entry>,
    told: Vec<(DateTime<Utc>, String, Option<OpId>, Fact)>,
}

impl Story {
    /// Tells a fact by somebody, at a moment.
    pub fn add(&mut self, by: &str, at: DateTime<Utc>, fact: impl Into<Fact>) {
        self.told.push((at, by.to_owned(), None, fact.into()));
    }

    fn add_op(&mut self, by: &str, at: DateTime<Utc>, op: &OpId, fact: Fact) {
        self.told.push((at, by.to_owned(), Some(op.clone()), fact));
    }

    /// Writes what was told into the journal in the order of time, and folds it.
    pub fn fold(mut self) -> Self {
        let mut told = std::mem::take(&mut self.told);
        told.sort_by_key(|(at, ..)| *at);
        for (ts, by, op, fact) in told {
            let seq = self.entries.len() as u64 + 1;
            let mut hash = [0; 8];
            hash.copy_from_slice(&oid(seq + 7000).bytes()[..8]);
            let by = by.into();
            let entry = Entry { seq, ts, mono: seq * 1000, ses: "s1".into(), by, op, hash, fact };
            self.release.apply(&entry);
            self.entries.push(entry);
        }
        self
    }

    fn complete(&mut self, at: DateTime<Utc>, topic: Topic, scope: &str, count: usize) {
        self.add("seb", at, Complete { look: LookKey::new(topic, scope), count, upto: None, partly: None });
    }

    /// Only the first lines: opened, and nothing read yet.
    #[must_use]
    pub fn opened() -> Self {
        let mut story = Self::default();
        story.open("v0.6.0");
        story.fold()
    }

    fn open(&mut self, release: &str) {
        let opened = Opened {
            format: "gonogo-journal/1".into(),
            tool: "gonogo 0.1.0".into(),
            writer: "w1".into(),
            host: Some("github.com".into()),
            repo: Some(repo()),
            root: Some(oid(1)),
            release: ReleaseName::parse(release).expect("a release"),
            kinds: "sha256:0".into(),
            process: "sha256:0".into(),
            profile: preset("llama-stack").map(Into::into),
            mode: "live".into(),
        };
        self.add("seb", ago(9 * DAY), opened);
        let started = Started {
            tail: "clean".into(),
            tz: "+01:00".into(),
            auth: "gh".into(),
            login: Some(Login::parse("seb").expect("a login")),
            ..Started::default()
        };
        self.add("seb", ago(9 * DAY - 1), started);
    }

    /// A release in the middle of its work: 48 issues, four blockers, red checks, five lines, half the checklist done.
    pub fn full() -> Self {
        let mut story = Self::default();
        story.open("v0.6.0");
        story.milestones();
        story.lines();
        story.tags();
        story.checks();
        story.picks();
        story.people();
        story.fold()
    }

    /// The same with so many more issues in the milestone, most of them open, a part of them in Chinese.
    pub fn crowded(more: u64) -> Self {
        let mut story = Self::full();
        let rows = (0..more).map(one_of_many).collect();
        story.add("seb", ago(20), IssuesSeen { repo: repo(), rows, gone: vec![] });
        story.complete(ago(20), Topic::Issues, repo().as_str(), 48 + more as usize);
        story.fold()
    }

    fn milestones(&mut self) {
        self.add("seb", ago(9 * DAY - 2), Chosen { title: text("0.6.0") });
        let row = |number, title: &str, due, open, closed| Milestone {
            number,
            title: text(title),
            open: true,
            due,
            open_issues: open,
            closed_issues: closed,
        };
        let due = now() + TimeDelta::hours(52);
        let rows = vec![row(21, "0.6.0", Some(due), 9, 39), row(22, "0.7.0", None, 31, 2)];
        self.add("seb", ago(9 * DAY - 3), MilestonesSeen { repo: repo(), rows, gone: vec![] });
        self.complete(ago(9 * DAY - 3), Topic::Milestones, repo().as_str(), 2);
        let all = issues();
        let (later, first): (Vec<_>, Vec<_>) = all.into_iter().partition(|issue| issue.number >= 5748);
        self.add("seb", ago(9 * DAY - 4), IssuesSeen { repo: repo(), rows: first, gone: vec![] });
        self.complete(ago(9 * DAY - 4), Topic::Issues, repo().as_str(), 46);
        self.add("seb", ago(150), IssuesSeen { repo: repo(), rows: later, gone: vec![] });
        self.complete(ago(150), Topic::Issues, repo().as_str(), 48);
    }

    fn lines(&mut self) {
        self.add("seb", ago(30), LinesSeen { rows: lines(), gone: vec![] });
        self.complete(ago(30), Topic::Git, "", 5);
    }

    fn tags(&mut self) {
        let row = |name: &str, seed, minutes| TagRow {
            tag: Tag::parse(name).expect("a tag"),
            oid: oid(seed),
            annotated: true,
            at: Some(ago(minutes)),
        };
        let rows = vec![
            row("v0.6.0rc1", 61, 3 * DAY + 5 * HOUR),
            row("v0.5.2", 52, 20 * DAY),
            row("v0.5.1", 51, 41 * DAY),
            row("v0.5.0", 50, 64 * DAY),
            row("v0.5.0rc2", 502, 66 * DAY),
            row("v0.5.0rc1", 501, 70 * DAY),
            row("v0.4.5", 45, 90 * DAY),
            row("v0.4.4", 44, 110 * DAY),
            row("nightly-20260301", 99, 17 * DAY),
        ];
        self.add("seb", ago(29), TagsSeen { rows, gone: vec![] });
        let row = |id, tag: &str, draft, minutes| ForgeRelease {
            id,
            tag: text(tag),
            name: Some(text(tag)),
            draft,
            prerelease: tag.contains("rc"),
            published: (!draft).then(|| ago(minutes)),
            assets: 2,
        };
        let rows = vec![
            row(7, "v0.6.0", true, 0),
            row(6, "v0.6.0rc1", false, 3 * DAY),
            row(5, "v0.5.2", false, 20 * DAY),
        ];
        self.add("seb", ago(28), ReleasesSeen { rows, gone: vec![] });
        self.complete(ago(28), Topic::Releases, "", 3);
    }

    fn checks(&mut self) {
        for name in ["main", "release-0.6.x", "release-0.5.x"] {
            let contexts = REQUIRED.iter().map(|name| text(name)).collect();
            self.add("seb", ago(27), RequiredSeen { branch: branch(name), contexts, protected: true });
            self.complete(ago(27), Topic::Required, name, REQUIRED.len());
            let rows = checks(name);
            let history = rows.iter().map(|row| history(name, row)).collect();
            let count = rows.len();
            self.add(
                "seb",
                ago(26),
                ChecksSeen { branch: branch(name), sha: tip(name), rows, gone: vec![], history },
            );
            self.complete(ago(26), Topic::Checks, name, count);
        }
        let tail = "FAILED tests/integration/test_resume.py::test_resume_after_refresh\n\
                    FAILED tests/integration/test_resume.py::test_stream_cursor\n\
                    store.py:118 in list_items\n    return page['has_more']\nKeyError: 'has_more'\n\
                    2 failed, 214 passed, 9 skipped in 2412.19s";
        let log = LogSeen {
            repo: repo(),
            job: 9001,
            step: Some(text("pytest tests/integration")),
            tail: text(tail),
        };
        self.add("seb", ago(25), log);
    }

    fn picks(&mut self) {
        self.add("seb", ago(24), PicksSeen { repo: repo(), rows: picks(), gone: vec![], strays: None });
        self.complete(ago(24), Topic::Picks, repo().as_str(), 11);
        self.complete(ago(24), Topic::Landings, "", 4);
    }

    /// What people did: the part of the journal that a meeting reads.
    fn people(&mut self) {
        use ItemState::{Done, NotApplicable, Open, Overridden as Over, Skipped};
        let ticks = [
            ("seb", "owner", 9 * DAY - 30, Open, Done),
            ("seb", "timeline", 8 * DAY, Open, Done),
            ("ali", "triage", 4 * DAY, Open, Done),
            ("seb", "thread", 8 * DAY - 20, Open, Done),
            ("ali", "manual", 181, Open, Done),
            ("seb", "rc-package", 3 * DAY, Open, Over),
            ("matteo", "docs-verified", 120, Open, Skipped),
            ("matteo", "docs-verified", 95, Skipped, Open),
            ("ali", "images", 40, Open, NotApplicable),
        ];
        for (by, item, minutes, from, to) in ticks {
            let why = (to != Done).then(|| text("the upgrade page is still being written"));
            self.add(by, ago(minutes), Ticked { item: item.into(), from, to, why, evidence: vec![] });
        }
        self.add(
            "ali",
            ago(180),
            Attached { item: "manual".into(), text: text("https://example.com/test-notes/0.6.0") },
        );
        self.moved();
        let refused = Refused {
            ask: text("move issues"),
            target: text("#5733"),
            why: text("the process asks for a rationale"),
            hint: Some(text("type why")),
        };
        self.add("ali", ago(70), refused);
        let overridden = Overridden {
            gate: "test-pypi".into(),
            on: true,
            reading: text("HOLD: not looked at"),
            why: text("seen by hand on test.pypi, the index was slow"),
        };
        self.add("seb", ago(22), overridden);
    }

    /// An issue that was moved out, with its plan, its intent and its outcome.
    fn moved(&mut self) {
        let op = OpId::parse("01HZZZZZZZZZZZZZZZZZZZZZZ1").expect("an operation");
        let plan = OpId::parse("01HZZZZZZZZZZZZZZZZZZZZZZ0").expect("a plan");
        let errand = Errand::MoveIssue(MoveIssue {
            target: IssueKey { repo: repo(), number: 5730 },
            from: Some(text("0.6.0")),
            to: Some(text("0.7.0")),
            to_number: Some(22),
            why: text("tests only, and nobody waits for them"),
        });
        let steps = vec![Step::new(op.clone(), errand.clone())];
        self.add("ali", ago(75), Accepted { plan, title: text("Move #5730 to 0.7.0"), steps });
        self.add_op("ali", ago(74), &op, Fact::Intent(errand));
        let outcome = Fact::Outcome { kind: "issue.move", outcome: Outcome::new(Status::Ok) };
        self.add_op("ali", ago(73), &op, outcome);
        self.add("ali", ago(72), IssuesSeen { repo: repo(), rows: vec![], gone: vec![5730] });
        self.complete(ago(72), Topic::Issues, repo().as_str(), 48);
    }

    /// The release as it was after so many entries.
    pub fn until(&self, seq: u64) -> Release {
        let mut release = Release::default();
        self.entries.iter().filter(|entry| entry.seq <= seq).for_each(|entry| release.apply(entry));
        release
    }

    /// Look after look fails: nothing is known, or nothing new.
    pub fn failing(mut self) -> Self {
        let why = "GitHub answered 502 three times: it may be down";
        for (topic, scope) in [
            (Topic::Issues, repo().as_str()),
            (Topic::Checks, "release-0.6.x"),
            (Topic::Picks, repo().as_str()),
        ] {
            self.add("seb", ago(3), Failed { look: LookKey::new(topic, scope), why: text(why) });
        }
        self.fold()
    }

    /// The screen over it, at work, twelve seconds after the last look.
    pub fn screen(&self, columns: u16, rows_: u16) -> Screen {
        let mut screen = Screen::new(now(), (columns, rows_), Options::default());
        screen.mode = Mode::Live;
        screen.rate = Some(Rate { left: 4821, limit: 5000, reset: now() + TimeDelta::minutes(31) });
        let look = Look {
            upto: None,
            at: Some(now() - TimeDelta::seconds(17)),
            source: Source::Live,
            asked: None,
            error: None,
            due: Some(now() + TimeDelta::seconds(43)),
        };
        for (topic, scope) in LOOKS {
            screen.fresh.0.insert(LookKey::new(topic, scope), look.clone());
        }
        rows::remake(&mut screen, &self.release);
        screen
    }
}

const LOOKS: [(Topic, &str); 6] = [
    (Topic::Git, ""),
    (Topic::Milestones, "llamastack/llama-stack"),
    (Topic::Issues, "llamastack/llama-stack"),
    (Topic::Checks, "release-0.6.x"),
    (Topic::Releases, ""),
    (Topic::Picks, "llamastack/llama-stack"),
];

const REQUIRED: [&str; 7] = [
    "integration-tests / vllm",
    "e2e / postgres",
    "build / image arm64",
    "build / image amd64",
    "unit-tests / 3.12",
    "unit-tests / 3.13",
    "pre-commit",
];

fn tip(name: &str) -> Oid {
    oid(match name {
        "main" => 900,
        "release-0.6.x" => 601,
        _ => 503,
    })
}

/// The checks of a line: seven required, and 27 others.
fn checks(name: &str) -> Vec<Check> {
    let on_line = name == "release-0.6.x";
    let others = ["docs", "nightly / gpu", "coverage"];
    let providers = (1..=24).map(|n| format!("provider-tests / {n:02}"));
    let names = REQUIRED.iter().chain(&others).map(|name| (*name).to_owned()).chain(providers);
    let row = |(at, name): (usize, String)| {
        let state = match (&*name, on_line) {
            ("integration-tests / vllm" | "e2e / postgres", true) => CheckState::Failed,
            ("build / image arm64", true) => CheckState::Running,
            ("nightly / gpu", _) => CheckState::Skipped,
            _ => CheckState::Passed,
        };
        let took = 60 * (41 - at as i64).max(1);
        let started = now() - TimeDelta::seconds(26 * 60 + took);
        let run = RunRef { run: 18800 + at as u64, job: Some(9001 + at as u64), attempt: 1 };
        Check {
            state,
            workflow: Some(text(if at < 2 { "integration.yml" } else { "ci.yml" })),
            run: Some(run),
            url: Some(text(&format!("https://github.com/llamastack/llama-stack/actions/runs/{}", run.run))),
            started: Some(if state == CheckState::Running { ago(7) } else { started }),
            ended: (state != CheckState::Running).then(|| started + TimeDelta::seconds(took)),
            name: text(&name),
        }
    };
    names.enumerate().map(row).collect()
}

/// The last ten of a check, newest first.
fn history(branch: &str, check: &Check) -> History {
    let red = match (check.name.raw(), branch) {
        ("integration-tests / vllm", "release-0.6.x") => 6,
        ("e2e / postgres", "release-0.6.x") => 1,
        _ => 0,
    };
    let state = |at: usize| match at {
        0 => check.state,
        _ if at < red => CheckState::Failed,
        6 if check.name.raw() == "unit-tests / 3.13" => CheckState::Failed,
        _ => CheckState::Passed,
    };
    // The newest results are of the commits that the line shows.
    let known = [(601, 25), (602, 170), (603, 8 * HOUR), (604, 23 * HOUR)];
    let older = |at: usize| (600 - at as u64, DAY + at as i64 * 5 * HOUR);
    let past = |at: usize| {
        let (seed, minutes) = known.get(at).copied().unwrap_or_else(|| older(at));
        Past { sha: oid(seed), state: state(at), at: ago(minutes) }
    };
    History { name: check.name.clone(), past: (0..10).map(past).collect() }
}

pub fn lines() -> Vec<Line> {
    let commit = |seed, subject: &str, author: &str, minutes| Commit {
        oid: oid(seed),
        subject: text(subject),
        author: text(author),
        at: ago(minutes),
    };
    let commits = vec![
        commit(601, "fix(conversations): has_more is right on an empty page (#5733)", "seb", 26),
        commit(602, "chore(deps): bump aiohttp to 3.13.3 (#5731)", "ali", 3 * HOUR),
        commit(603, "fix: 修复分页游标在空列表上返回错误 (#5639)", "林晓", 9 * HOUR),
        commit(604, "docs: telemetry variables have new names (#5690)", "matteo", DAY),
    ];
    let drift = vec![commit(605, "hotfix: pin the image tag by hand", "mhayden", 2 * DAY)];
    let line = |name: &str, kind, seed, tag: Option<&str>, numbers: [Option<u32>; 4], minutes| Line {
        branch: branch(name),
        kind,
        tip: oid(seed),
        subject: text("fix(conversations): has_more is right on an empty page (#5733)"),
        at: ago(minutes),
        last_tag: tag.map(|tag| Tag::parse(tag).expect("a tag")),
        ahead: numbers[0],
        behind: numbers[1],
        unreleased: numbers[2],
        commits: vec![],
        drift: vec![],
        drifting: numbers[3],
        alike: vec![],
    };
    let mut rows = vec![
        line("main", LineKind::Trunk, 900, Some("v0.5.0"), [None, None, Some(317), None], 12),
        line(
            "release-0.6.x",
            LineKind::Release,
            601,
            Some("v0.6.0rc1"),
            [Some(12), Some(61), Some(12), Some(1)],
            26,
        ),
        line(
            "release-0.5.x",
            LineKind::Release,
            503,
            Some("v0.5.2"),
            [Some(31), Some(204), Some(3), Some(0)],
            5 * DAY,
        ),
        line(
            "release-0.4.x",
            LineKind::Release,
            405,
            Some("v0.4.5"),
            [Some(44), Some(611), Some(0), Some(0)],
            90 * DAY,
        ),
        line("release-0.3.x", LineKind::Release, 305, None, [Some(9), Some(902), Some(2), None], 160 * DAY),
    ];
    rows[1].commits = commits;
    rows[1].drift = drift;
    rows
}

fn picks() -> Vec<Pick> {
    let row = |number, title: &str, author: &str, state, minutes| Pick {
        number,
        title: text(title),
        author: Some(text(author)),
        line: branch("release-0.6.x"),
        label: text("backport release-0.6.x"),
        state,
        evidence: (state == PickState::Landed).then(|| text("cherry picked from commit, on the branch")),
        merged: (state != PickState::NotMerged).then(|| oid(number)),
        at: Some(ago(minutes)),
        asked: vec![],
        backport: None,
        facts: None,
        closed: false,
        notes: vec![],
    };
    use PickState::{Landed, NotMerged, Proposed};
    vec![
        row(5742, "fix(deps): critical and high severity CVE bumps", "seb", Proposed, 7 * HOUR),
        row(
            5726,
            "fix(nvidia): use provider_resource_id for NeMo guardrails",
            "prabhuk",
            Proposed,
            14 * HOUR,
        ),
        row(5698, "perf(responses): batch get_openai_file for MCP tools", "leseb", Proposed, 21 * HOUR),
        row(5690, "docs: telemetry variables have new names", "matteo", Proposed, DAY),
        row(5751, "fix: CVE-2026-1183 in the image base", "seb", NotMerged, DAY),
        row(5735, "feat(cli)!: remove the stack rm command", "seb", NotMerged, 2 * DAY),
        row(5639, "fix: 修复分页游标在空列表上返回错误", "林晓", Landed, 3 * DAY),
        row(5731, "feat(storage): namespace support for kvstore", "cdoern", Landed, 4 * DAY),
        row(5677, "fix(vertexai): preserve reasoning_content as thought", "mhayden", Landed, 4 * DAY),
        row(5612, "fix(conversations): compute has_more in list_items", "vmathala", Landed, 5 * DAY),
        row(5601, "chore: pin the builder image", "ali", Landed, 6 * DAY),
    ]
}

/// An issue of a crowd.
fn one_of_many(n: u64) -> Issue {
    let titles = [
        "Streaming responses stop after the first tool call when the provider closes its side early",
        "升级之后分页游标失效，客户端收到重复的数据",
        "Document the new storage layout",
        "插件列表在只读模式下为空",
        "Flaky: test_vector_io_openai_compat times out on arm64",
    ];
    let labels = ["bug", "documentation", "release-blocker", "priority:high", "enhancement"];
    let mut one = issues().remove(4);
    one.number = 6000 + n;
    one.title = text(titles[n as usize % titles.len()]);
    one.labels = vec![text(labels[n as usize % 37 % labels.len()])];
    one.created = ago(20 + n as i64 * 60);
    one.rolls = None;
    one
}

/// The 48 issues of the milestone, and one that was moved out since.
fn issues() -> Vec<Issue> {
    let issue = |number, title: &str, labels: &[&str], who: &str, minutes: i64| Issue {
        number,
        title: text(title),
        open: true,
        pull: false,
        labels: labels.iter().map(|label| text(label)).collect(),
        assignees: if who.is_empty() { vec![] } else { vec![text(who)] },
        author: Some(text("mhayden")),
        milestone: Some(21),
        created: ago(minutes),
        updated: ago(minutes / 3),
        closed: None,
        comments: u32::try_from(number % 7).unwrap_or(0),
        rolls: (number % 5 == 0).then_some(1),
        entered: None,
    };
    let mut all = vec![
        issue(5748, "Resume fails after a token refresh", &["release-blocker", "bug"], "leseb", 2 * HOUR),
        issue(
            5751,
            "CVE-2026-1183: the image base must be bumped",
            &["release-blocker", "security"],
            "seb",
            DAY,
        ),
        issue(
            5733,
            "Postgres migration 0042 locks the table for minutes",
            &["blocker", "bug"],
            "seb",
            2 * DAY,
        ),
        issue(5720, "Decide: do we keep the v1alpha routes?", &["priority:critical"], "matteo", 3 * DAY),
        issue(5745, "has_more is wrong on an empty page", &["priority:high", "bug"], "vmathala", 4 * DAY),
        issue(
            5639,
            "修复: 分页游标在空列表上返回错误，导致客户端无限循环",
            &["priority:high", "bug"],
            "林晓",
            5 * DAY,
        ),
        issue(5739, "Say which vLLM versions work with 0.6", &["priority:medium"], "ali", 6 * DAY),
        issue(5736, "Bump the Helm chart", &["priority:low"], "cdoern", 6 * DAY),
        issue(5730, "Unit tests for PostgresKVStoreImpl", &["priority:low"], "ali", 7 * DAY),
    ];
    let mut pull = issue(5742, "fix(deps): critical and high severity CVE bumps", &[], "seb", 8 * HOUR);
    pull.pull = true;
    all.push(pull);
    let topics = ["responses", "storage", "telemetry", "agents", "vector-io", "docs", "cli"];
    for n in 0..39 {
        let number = 5500 + n * 4;
        let opened = 40 * DAY - n as i64 * 21 * HOUR;
        let title = format!("{}: item {} of the 0.6 plan", topics[n as usize % topics.len()], n + 1);
        let mut done =
            issue(number, &title, &["enhancement"], ["ali", "seb", "cdoern"][n as usize % 3], opened);
        done.open = false;
        done.closed = Some(ago((opened - 5 * DAY).max(90)));
        all.push(done);
    }
    all
}
