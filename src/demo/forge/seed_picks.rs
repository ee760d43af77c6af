//! What proposes picks in the sample beside labels: a milestone, comments, backports of every make, reviews.

use super::call::Refusal;
use super::objects::Objects;
use super::seed::{Aim, Sample};
use super::state::{Comment, Happening, Issue, Pull, Repository, Review, Status, World};
use crate::demo::history::{NEEDY, PEOPLE};
use git2::Oid;

const HOUR: i64 = 3_600;
/// Who is of the project's house in no way.
const STRANGER: &str = "passer-by";
/// The bot that opens backports.
const BOT: &str = "mergify[bot]";

struct Planter<'a> {
    world: &'a mut World,
    repo: &'a mut Repository,
    objects: &'a Objects,
    line: String,
    now: i64,
}

/// An open or closed pull request for a line, and what it brings.
struct Incoming<'a> {
    title: String,
    head: String,
    body: String,
    author: &'a str,
    /// Of the commit's message, what follows the subject.
    trailer: String,
    /// The status of its newest commit; none when nothing ran.
    status: Option<&'a str>,
    draft: bool,
    /// Whether it starts from so long ago that it conflicts.
    old: bool,
    fork: Option<&'a str>,
    closed: bool,
}

/// Fills the sources of picks, in the demo's own story only.
pub(super) fn fill(
    world: &mut World,
    objects: &Objects,
    repo: &mut Repository,
    sample: &Sample,
    aim: &Aim,
) -> Result<(), Refusal> {
    let (Some(shape), Some(line)) = (&sample.shape, aim.lines.last()) else { return Ok(()) };
    if sample.second {
        return Ok(());
    }
    let mut planter = Planter { world, repo, objects, line: line.clone(), now: sample.now };
    let free = planter.free();
    if free.len() < 6 {
        return Ok(());
    }
    let mergify = shape.process == "llama-stack";
    let command = if mergify { "@mergifyio backport" } else { "/cherry-pick" };
    let (now, line) = (sample.now, line.as_str());
    planter.say(
        free[0],
        "danap",
        &format!("Users of the line hit this too.\n\n{command} {line}"),
        now - 9 * HOUR,
    );
    planter.say(free[0], "faridh", &format!("{command} release-9.9.x"), now - 8 * HOUR);
    planter.say(free[1], STRANGER, &format!("{command} {line}\n\nplease"), now - 7 * HOUR);
    // One project keeps its milestones free of pull requests.
    if !mergify {
        planter.milestone(free[2]);
    }
    planter.backports(&free)?;
    planter.in_parts(shape.pick_label(line), &free)?;
    planter.reviews();
    Ok(())
}

/// A pull request for a line of which no more is said.
fn plain<'a>(title: String, head: String) -> Incoming<'a> {
    Incoming {
        title,
        head,
        body: String::new(),
        author: "gretan",
        trailer: String::new(),
        status: Some("success"),
        draft: false,
        old: false,
        fork: None,
        closed: false,
    }
}

impl Planter<'_> {
    /// Merged pull requests of trunk that no label proposes, the newest first.
    fn free(&self) -> Vec<u64> {
        let free = self.repo.issues.values().rev().filter(|issue| {
            let of_trunk = |pull: &Pull| pull.merged.is_some() && pull.base == self.repo.trunk;
            issue.pull.as_ref().is_some_and(of_trunk)
                && issue.labels.is_empty()
                && !issue.title.starts_with("Revert")
        });
        free.map(|issue| issue.number).take(8).collect()
    }

    fn title(&self, number: u64) -> String {
        self.repo.issues.get(&number).map(|issue| issue.title.clone()).unwrap_or_default()
    }

    fn say(&mut self, issue: u64, author: &str, body: &str, at: i64) {
        let id = self.world.id();
        let (author, body) = (author.to_owned(), body.to_owned());
        self.repo.comments.push(Comment { id, issue, author, body, created: at, updated: at });
        if let Some(issue) = self.repo.issues.get_mut(&issue) {
            issue.updated = issue.updated.max(at);
        }
    }

    fn happen(&mut self, issue: u64, kind: &str, actor: &str, at: i64, detail: &str) {
        let id = self.world.id();
        let (kind, actor, detail) = (kind.to_owned(), actor.to_owned(), detail.to_owned());
        self.repo.events.push(Happening { id, issue, kind, actor, at, detail });
    }

    /// Puts a merged pull request into the milestone of the release.
    fn milestone(&mut self, number: u64) {
        let title = self.repo.milestone(1).map(|it| it.title.clone()).unwrap_or_default();
        let at = self.now - 6 * HOUR;
        if let Some(issue) = self.repo.issues.get_mut(&number) {
            issue.milestone = Some(1);
            issue.updated = at;
        }
        self.happen(number, "milestoned", "ana-weber", at, &title);
    }

    /// A backport of each make.
    fn backports(&mut self, free: &[u64]) -> Result<(), Refusal> {
        let line = self.line.clone();
        let needy =
            self.repo.issues.values().find(|issue| issue.title.contains(NEEDY)).map(|issue| issue.number);
        let title = |number: &u64| self.title(*number);
        let origin = |number: &u64| {
            let pull = self.repo.issues.get(number).and_then(|issue| issue.pull.as_ref());
            pull.and_then(|pull| pull.merge_sha.clone()).unwrap_or_default()
        };
        let mut all = vec![
            self.by_bot(free[3]),
            Incoming {
                body: format!("# Description\nBackport of #{} to `{line}`.", free[4]),
                author: "octo-release[bot]",
                draft: true,
                old: true,
                status: Some("failure"),
                ..plain(
                    format!("[Backport {line}] {}", title(&free[4])),
                    format!("backport-{}-to-{line}", free[4]),
                )
            },
            Incoming {
                trailer: format!("\n(cherry picked from commit {})\n", origin(&free[5])),
                ..plain(title(&free[5]), "topic/for-the-line".to_owned())
            },
        ];
        if let Some(number) = free.get(6) {
            all.push(Incoming {
                fork: Some(STRANGER),
                author: STRANGER,
                status: None,
                ..plain(
                    format!("Automated cherry pick of #{number}: {}", title(number)),
                    format!("automated-cherry-pick-of-#{number}-upstream-{line}"),
                )
            });
        }
        all.extend(needy.map(|number| Incoming { closed: true, ..self.by_bot(number) }));
        for (nth, one) in (1..).zip(all) {
            self.incoming(one, self.now - 5 * HOUR + nth * 600)?;
        }
        Ok(())
    }

    /// A backport as Mergify opens it.
    fn by_bot<'a>(&self, number: u64) -> Incoming<'a> {
        let head = format!("mergify/bp/{}/pr-{number}", self.line);
        let by = "done by [Mergify](https://mergify.com).";
        Incoming {
            body: format!("This is an automatic backport of pull request #{number} {by}"),
            author: BOT,
            ..plain(format!("{} (backport #{number})", self.title(number)), head)
        }
    }

    fn incoming(&mut self, it: Incoming<'_>, at: i64) -> Result<(), Refusal> {
        let number = self.repo.next_number();
        let tip = self.objects.commit(&self.line)?.id();
        let oldest = self.objects.walk(tip, None)?.into_iter().next_back();
        let parent = oldest.filter(|_| it.old).unwrap_or(tip);
        let path = if it.old { "CHANGELOG.md".to_owned() } else { format!("docs/changes/{number}.md") };
        let message = format!("{}\n{}", it.title, it.trailer);
        let head = self.commit(parent, &message, (&path, &format!("Notes on #{number}.\n")), at)?;
        self.objects.0.reference(&format!("refs/pull/{number}/head"), head, true, "demo")?;
        let mut issue = Issue::new(number, &it.title, it.author, at);
        issue.body = Some(it.body);
        if it.closed {
            issue.closed = Some(at + 300);
            issue.closed_by = Some("bo-lindqvist".into());
            issue.updated = at + 300;
        }
        issue.pull = Some(Pull {
            draft: it.draft,
            base: self.line.clone(),
            head: it.head,
            head_sha: head.to_string(),
            base_sha: tip.to_string(),
            fork: it.fork.map(str::to_owned),
            ..Pull::default()
        });
        self.repo.issues.insert(number, issue);
        if let Some(state) = it.status {
            let id = self.world.id();
            self.repo.statuses.push(Status {
                id,
                sha: head.to_string(),
                context: "backport/build".into(),
                state: state.to_owned(),
                description: None,
                target: None,
                creator: "octo-release[bot]".into(),
                created: at + 200,
            });
        }
        Ok(())
    }

    fn commit(
        &self,
        parent: Oid,
        message: &str,
        (path, text): (&str, &str),
        at: i64,
    ) -> Result<Oid, Refusal> {
        let objects = &self.objects.0;
        let parent = objects.find_commit(parent)?;
        let who = git2::Signature::new(PEOPLE[6].0, "greta@example.com", &git2::Time::new(at, 0))?;
        let blob = objects.blob(text.as_bytes())?;
        let mut update = git2::build::TreeUpdateBuilder::new();
        update.upsert(path, blob, git2::FileMode::Blob);
        let tree = objects.find_tree(update.create_updated(objects, &parent.tree()?)?)?;
        Ok(objects.commit(None, &who, &who, message, &tree, &[&parent])?)
    }

    /// A pull request of two commits that was closed and not merged: one of them came to the trunk another way.
    fn in_parts(&mut self, label: String, free: &[u64]) -> Result<(), Refusal> {
        let number = self.repo.next_number();
        let came = self.title(free[2]);
        let base = self.repo.issues.get(&free[2]).and_then(|issue| issue.pull.as_ref());
        let Some(base) = base.and_then(|pull| Oid::from_str(&pull.base_sha).ok()) else { return Ok(()) };
        let at = self.now - 4 * HOUR;
        let one = self.commit(base, &format!("{came}\n"), ("docs/first.md", "first\n"), at)?;
        let two =
            self.commit(one, "test: what the old clients do\n", ("docs/second.md", "second\n"), at + 60)?;
        self.objects.0.reference(&format!("refs/pull/{number}/head"), two, true, "demo")?;
        let mut issue = Issue::new(number, "fix: both halves of the handshake", "emi-tanaka", at);
        issue.closed = Some(at + HOUR);
        issue.updated = at + HOUR;
        issue.labels.push(label.clone());
        issue.pull = Some(Pull {
            base: self.repo.trunk.clone(),
            head: "topic/handshake".into(),
            head_sha: two.to_string(),
            base_sha: base.to_string(),
            ..Pull::default()
        });
        self.repo.issues.insert(number, issue);
        self.happen(number, "labeled", "emi-tanaka", at + 120, &label);
        Ok(())
    }

    /// Reviews of what is labelled: approved, and approved after changes; and one that was taken back.
    fn reviews(&mut self) {
        let labelled = self.repo.issues.values().rev().filter(|issue| {
            issue.pull.as_ref().is_some_and(|pull| pull.merged.is_some()) && !issue.labels.is_empty()
        });
        let numbers: Vec<u64> = labelled.map(|issue| issue.number).take(9).collect();
        for (n, number) in numbers.into_iter().enumerate() {
            let said: &[(&str, &str)] = match n % 3 {
                0 => &[("bo-lindqvist", "APPROVED"), ("danap", "APPROVED")],
                1 => &[("chidi-o", "CHANGES_REQUESTED"), ("danap", "COMMENTED"), ("chidi-o", "APPROVED")],
                _ => &[("faridh", "APPROVED"), ("faridh", "DISMISSED")],
            };
            for (author, state) in said {
                let id = self.world.id();
                let Some(issue) = self.repo.issues.get_mut(&number) else { continue };
                let at = issue.closed.unwrap_or(issue.created) - HOUR;
                let (author, state) = ((*author).to_owned(), (*state).to_owned());
                if let Some(pull) = issue.pull.as_mut() {
                    pull.reviews.push(Review { id, author, state, body: String::new(), at });
                }
            }
        }
    }
}
