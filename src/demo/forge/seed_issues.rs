//! The sample's milestones, issues and open pull requests.

use super::call::Refusal;
use super::objects::Objects;
use super::seed::{Aim, BLOCKER, Sample};
use super::state::{Comment, Happening, Issue, Milestone, Pull, Repository, World};
use crate::demo::history::{CONFLICTING, NEEDY, PEOPLE};

const DAY: i64 = 86_400;

/// Titles of open issues of the release: the first four block it.
const OPEN: [(&str, &[&str]); 7] = [
    ("Streaming responses lose their last chunk under load", &["release-blocker", "bug"]),
    ("Upgrade from the previous minor leaves the session table locked", &["release-blocker", "bug"]),
    ("Token refresh races with a running batch", &["release-blocker", "security"]),
    ("Memory grows by 40 MB an hour with the vector store", &["release-blocker", "performance"]),
    ("文档：升级指南缺少回滚步骤", &["documentation"]),
    ("Say in the notes that the old cache format goes away", &["documentation"]),
    ("integration: test_reconnect fails now and then", &["flaky-test"]),
];

const THINGS: [&str; 10] = [
    "the routing table",
    "file uploads",
    "the health endpoint",
    "batch cancellation",
    "tool calls",
    "the telemetry exporter",
    "the model listing",
    "session resume",
    "the config loader",
    "rate limiting",
];
const WRONG: [&str; 8] = [
    "times out after an idle night",
    "reports success too early",
    "ignores the proxy settings",
    "needs a clearer error message",
    "is not documented for operators",
    "fails on an empty list",
    "should be measured in the nightly run",
    "keeps a stale entry after a rename",
];

/// Title, base, draft, labels, milestone of an open pull request.
type Proposal<'a> = (&'a str, &'a str, bool, &'a [&'a str], Option<u64>);

struct Planter<'a> {
    world: &'a mut World,
    repo: &'a mut Repository,
    now: i64,
    next: u64,
    blocker: &'a str,
}

/// Fills milestones, issues, comments and open pull requests.
pub(super) fn fill(
    world: &mut World,
    objects: &Objects,
    repo: &mut Repository,
    sample: &Sample,
    aim: &Aim,
) -> Result<(), Refusal> {
    let next = repo.next_number();
    let mut planter = Planter { world, repo, now: sample.now, next, blocker: sample.blocker() };
    planter.milestones(sample, aim);
    let (closed, other) = if sample.second { (4, 1) } else { (41, 12) };
    planter.closed(closed);
    for (title, labels) in OPEN.iter().skip(if sample.second { 5 } else { 0 }) {
        planter.issue(title, labels, Some(1));
    }
    for n in 0..other {
        planter.issue(&generic(n + 100), &["enhancement"], Some(2));
    }
    for n in 0..6 {
        planter.issue(&generic(n + 200), &["needs-triage"], if n < 4 { Some(3) } else { None });
    }
    planter.pulls(objects, aim)?;
    planter.labelled(sample, aim);
    if sample.hostile {
        planter.hostile();
    }
    planter.volume(sample.volume);
    planter.happened();
    planter.said();
    Ok(())
}

fn generic(n: usize) -> String {
    let thing = THINGS[n % 10];
    let mut first = thing.chars();
    let start = first.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{start}{} {}", first.as_str(), WRONG[(n / 3 + n) % 8])
}

fn login(n: usize) -> &'static str {
    PEOPLE[n % 8].1
}

impl Planter<'_> {
    fn milestones(&mut self, sample: &Sample, aim: &Aim) {
        let now = self.now;
        let all = [
            (sample.milestone(&aim.release), "The release in progress.", Some(now + 6 * DAY), None),
            (sample.milestone(&aim.following), "The next minor release.", Some(now + 48 * DAY), None),
            ("Backlog".to_owned(), "Not planned yet.", None, None),
            ("Before".to_owned(), "Releases before this one.", Some(now - 30 * DAY), Some(now - 29 * DAY)),
        ];
        for (number, (title, about, due, closed)) in (1..).zip(all) {
            self.repo.milestones.push(Milestone {
                id: self.world.id(),
                number,
                title,
                description: Some(about.to_owned()),
                creator: "ana-weber".into(),
                created: now - 60 * DAY,
                updated: now - DAY,
                closed,
                due: due.map(|due: i64| due - due.rem_euclid(DAY)),
            });
        }
    }

    fn issue(&mut self, title: &str, labels: &[&str], milestone: Option<u64>) -> u64 {
        let number = self.next;
        self.next += 1;
        let n = usize::try_from(number).unwrap_or_default();
        let created = self.now - (40 - i64::try_from(number % 39).unwrap_or_default()) * DAY;
        let mut issue = Issue::new(number, title, login(n * 3 + 1), created);
        issue.body = Some(format!("{title}.\n\nSeen on {}.\n", if n % 2 == 0 { "Linux" } else { "macOS" }));
        let named = |label: &&str| if *label == BLOCKER { self.blocker } else { *label }.to_owned();
        issue.labels = labels.iter().map(named).collect();
        issue.milestone = milestone;
        if n % 3 != 0 {
            issue.assignees.push(login(n).to_owned());
        }
        issue.updated = self.now - i64::try_from(number % 50).unwrap_or_default() * 3600;
        self.repo.issues.insert(number, issue);
        number
    }

    fn closed(&mut self, count: usize) {
        for n in 0..count {
            let labels: &[&str] = if n % 3 == 0 { &["bug"] } else { &["enhancement"] };
            let number = self.issue(&generic(n), labels, Some(1));
            let at = self.now - i64::try_from(n).unwrap_or_default() * DAY / 2 - DAY;
            if let Some(issue) = self.repo.issues.get_mut(&number) {
                issue.closed = Some(at);
                issue.updated = at;
                issue.reason = Some(if n % 13 == 5 { "not_planned" } else { "completed" }.into());
                issue.closed_by = Some(login(n).to_owned());
                issue.created = issue.created.min(at - DAY);
            }
        }
    }

    /// Open pull requests, each with a real commit under `refs/pull/N/head`, as on GitHub.
    fn pulls(&mut self, objects: &Objects, aim: &Aim) -> Result<(), Refusal> {
        let trunk = self.repo.trunk.clone();
        let line = aim.lines.last().cloned().unwrap_or_else(|| trunk.clone());
        let all: [Proposal<'_>; 6] = [
            (
                "fix: hold the last chunk until it is flushed",
                &trunk,
                false,
                &["release-blocker", "bug"],
                Some(1),
            ),
            ("feat: export metrics by namespace", &trunk, false, &["enhancement"], None),
            ("docs: the upgrade guide, with its rollback", &trunk, true, &["documentation"], None),
            ("fix: hold the last chunk until it is flushed (backport)", &line, false, &["bug"], None),
            ("build: bump the container base image", &line, false, &[], None),
            ("refactor: split the server module", &trunk, true, &[], None),
        ];
        for (n, (title, base, draft, labels, milestone)) in all.into_iter().enumerate() {
            let number = self.issue(title, labels, milestone);
            let Ok(tip) = objects.commit(base) else { continue };
            let at = self.now - i64::try_from(n + 1).unwrap_or(1) * 4 * 3600;
            let who = git2::Signature::new(PEOPLE[n].0, "dev@example.com", &git2::Time::new(at, 0))?;
            let blob = objects.0.blob(format!("Notes on #{number}.\n").as_bytes())?;
            let mut update = git2::build::TreeUpdateBuilder::new();
            update.upsert(format!("docs/changes/{number}.md"), blob, git2::FileMode::Blob);
            let tree = objects.0.find_tree(update.create_updated(&objects.0, &tip.tree()?)?)?;
            let head = objects.0.commit(None, &who, &who, &format!("{title}\n"), &tree, &[&tip])?;
            objects.0.reference(&format!("refs/pull/{number}/head"), head, true, "demo")?;
            if let Some(issue) = self.repo.issues.get_mut(&number) {
                issue.author = PEOPLE[n].1.to_owned();
                issue.created = at;
                issue.updated = at + 3600;
                issue.pull = Some(Pull {
                    draft,
                    base: base.to_owned(),
                    head: format!("topic/change-{number}"),
                    head_sha: head.to_string(),
                    base_sha: tip.id().to_string(),
                    asked: vec![login(n + 2).to_owned()],
                    ..Pull::default()
                });
            }
        }
        Ok(())
    }

    /// Labels of merged pull requests: what is to be taken to the newest line.
    fn labelled(&mut self, sample: &Sample, aim: &Aim) {
        let Some(line) = aim.lines.last() else { return };
        let label = sample.pick_label(line);
        let trunk = self.repo.trunk.clone();
        let newest: Vec<u64> = self
            .repo
            .issues
            .values()
            .rev()
            .filter(|issue| {
                issue.pull.as_ref().is_some_and(|pull| pull.merged.is_some() && pull.base == trunk)
            })
            .map(|issue| issue.number)
            .take(22)
            .collect();
        for (n, number) in newest.into_iter().enumerate() {
            let Some(issue) = self.repo.issues.get_mut(&number) else { continue };
            let wanted = issue.title.contains(CONFLICTING)
                || issue.title.contains(NEEDY)
                || issue.title.contains('多')
                || issue.title.starts_with("fix")
                || n % 4 == 1;
            if wanted && !issue.title.starts_with("Revert") && !issue.title.starts_with("refactor: one place")
            {
                issue.labels.push(label.clone());
                if n % 3 == 0 {
                    issue.labels.push("cherry-pick-approved".into());
                }
            }
        }
    }

    /// Titles that try to move the cursor, turn the line round or hide.
    fn hostile(&mut self) {
        for title in [
            "\u{1b}[2J\u{1b}[1;31mred and gone\u{1b}[0m",
            "\u{1b}]0;owned\u{7}window title",
            "abc \u{202e}gnirts desrever\u{202c} end",
            "zero\u{200b}width\u{feff} and tags \u{e0041}\u{e0042}",
            "line\r\nbreak\ttab\u{0}nul",
            "zalgo e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{30a}",
        ] {
            self.issue(title, &["bug"], Some(1));
        }
    }

    fn volume(&mut self, count: usize) {
        for n in 0..count {
            let number =
                self.issue(&generic(n), if n % 5 == 0 { &["bug"] } else { &[] }, Some(1 + (n % 3) as u64));
            let pull = n % 4 == 3;
            if let Some(issue) = self.repo.issues.get_mut(&number).filter(|_| n % 3 == 0 || pull) {
                issue.closed = (n % 3 == 0).then_some(self.now - DAY);
                let base = self.repo.trunk.clone();
                issue.milestone = if pull { None } else { issue.milestone };
                issue.pull = pull.then(|| Pull { base, head: format!("volume-{n}"), ..Pull::default() });
            }
        }
    }

    /// Timelines and comments that agree with how the issues stand now.
    fn happened(&mut self) {
        let titles: Vec<String> =
            self.repo.milestones.iter().map(|milestone| milestone.title.clone()).collect();
        let mut events: Vec<Happening> = Vec::new();
        let mut id = self.world.last_id;
        for issue in
            self.repo.issues.values().filter(|issue| issue.milestone.is_some() || !issue.labels.is_empty())
        {
            let mut say = |kind: &str, at: i64, detail: &str| {
                id += 1;
                let (kind, detail, actor) = (kind.to_owned(), detail.to_owned(), "ana-weber".to_owned());
                events.push(Happening { id, issue: issue.number, kind, actor, at, detail });
            };
            for label in &issue.labels {
                say("labeled", issue.created + 60, label);
            }
            for assignee in &issue.assignees {
                say("assigned", issue.created + 120, assignee);
            }
            let milestone = issue.milestone.and_then(|number| titles.get(usize::try_from(number).ok()? - 1));
            if let Some(title) = milestone {
                if issue.number % 9 == 0 && issue.milestone == Some(2) {
                    say("milestoned", issue.created + 180, &titles[0]);
                    say("demilestoned", issue.created + DAY, &titles[0]);
                }
                let late = if issue.number % 17 == 0 { 20 * DAY } else { 240 };
                say("milestoned", (issue.created + late).min(self.now - 60), title);
            }
            if let Some(at) = issue.closed {
                say("closed", at, issue.reason.as_deref().unwrap_or(""));
            }
        }
        self.world.last_id = id;
        self.repo.events.extend(events);
    }

    /// Some comments.
    fn said(&mut self) {
        let said: Vec<(u64, i64)> = self
            .repo
            .issues
            .values()
            .filter(|issue| issue.milestone == Some(1))
            .map(|i| (i.number, i.updated))
            .collect();
        for (n, (issue, at)) in said.into_iter().enumerate().filter(|(n, _)| n % 4 == 0) {
            let id = self.world.id();
            let (author, body) =
                (login(n).to_owned(), "Seen again on the candidate; logs attached.".to_owned());
            self.repo.comments.push(Comment {
                id,
                issue,
                author,
                body,
                created: at - 600,
                updated: at - 600,
            });
        }
    }
}
