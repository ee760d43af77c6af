//! The story that the demo's repository tells: a trunk, three release lines, picks of every kind.

use super::repository::{By, Edit, Origin};
use super::shape::{MINORS, Shape};
use git2::Oid;

/// The people of the demo: name, login.
pub(super) const PEOPLE: [(&str, &str); 9] = [
    ("Ana Weber", "ana-weber"),
    ("Bo Lindqvist", "bo-lindqvist"),
    ("Chidi Okafor", "chidi-o"),
    ("Dana Petrov", "danap"),
    ("Emi Tanaka", "emi-tanaka"),
    ("Farid Haddad", "faridh"),
    ("Greta Novak", "gretan"),
    ("李明", "li-ming"),
    ("Octo Release Bot", "octo-release[bot]"),
];
const EMAILS: [&str; 9] = [
    "ana@example.com",
    "bo@example.com",
    "chidi@example.com",
    "dana@example.com",
    "emi@example.com",
    "farid@example.com",
    "greta@example.com",
    "liming@example.com",
    "bot@example.com",
];

const MODULES: [&str; 12] = [
    "agents",
    "batches",
    "cache",
    "config",
    "eval",
    "files",
    "inference",
    "memory",
    "routing",
    "safety",
    "server",
    "telemetry",
];
const SLOTS: usize = 12;
const ROWS: usize = 6;
const HOUR: i64 = 3_600;
/// Hours between the root commit and now.
const SPAN: i64 = 168 * 24;

/// A change of one slot of one module: slots lie far enough apart that their contexts never touch.
#[derive(Clone)]
struct Change {
    subject: String,
    author: usize,
    edits: Vec<Edit>,
    oid: Oid,
    number: u64,
}

struct Story<'a> {
    origin: &'a mut Origin,
    shape: &'a Shape,
    now: i64,
    /// Commits made, which decides the date of the next one.
    made: i64,
    number: u64,
    slot: usize,
}

/// Writes the whole story into `origin`, ending an hour before `now`.
pub(super) fn tell(origin: &mut Origin, shape: &Shape, now: i64) -> Result<(), git2::Error> {
    let mut story = Story { origin, shape, now, made: 0, number: 100, slot: 0 };
    story.root()?;
    story.line(0, 44)?;
    story.line(1, 34)?;
    story.line(2, 30)?;
    story.since_the_candidate()?;
    story.origin.finish()
}

/// Writes a shorter story of the same shape: the second repository of the release.
pub(super) fn tell_short(origin: &mut Origin, shape: &Shape, now: i64) -> Result<(), git2::Error> {
    let mut story = Story { origin, shape, now, made: 120, number: 10, slot: 0 };
    story.root()?;
    story.line(2, 8)?;
    story.filler(2)?;
    story.origin.finish()
}

impl Story<'_> {
    fn by(&mut self, who: usize) -> By {
        self.made += 1;
        // About 175 commits over 168 days, the last one an hour ago.
        let at = self.now - (SPAN - 23 * self.made).max(1) * HOUR;
        By { name: PEOPLE[who].0, email: EMAILS[who], at }
    }

    fn root(&mut self) -> Result<(), git2::Error> {
        let by = self.by(0);
        let trunk = self.shape.trunk;
        let mut edits: Vec<Edit> = super::files::first(self.shape)
            .into_iter()
            .map(|(path, text)| Edit::File { path: path.to_owned(), text })
            .collect();
        for module in MODULES {
            edits.push(Edit::File { path: path(module), text: module_text(module) });
        }
        self.origin.commit(trunk, &by, "Start the widget\n", &edits)?;
        Ok(())
    }

    /// A slot that no change has touched yet.
    fn fresh(&mut self, text: &str) -> Edit {
        let slot = self.slot;
        self.slot += 1;
        slot_edit(slot, text)
    }

    /// A pull request squashed onto trunk.
    fn squash(&mut self, subject: &str, author: usize, edits: Vec<Edit>) -> Result<Change, git2::Error> {
        self.number += 1;
        let (number, trunk) = (self.number, self.shape.trunk);
        let by = self.by(author);
        let text = format!("{subject} (#{number})\n\n{}\n", reason(number));
        let oid = self.origin.commit(trunk, &by, &text, &edits)?;
        Ok(Change { subject: subject.to_owned(), author, edits, oid, number })
    }

    fn filler(&mut self, n: usize) -> Result<Change, git2::Error> {
        let subject = subject(self.slot);
        let edit = self.fresh(&format!("    return {}", 1000 + self.number));
        if n % 11 == 7 {
            return self.merged(&subject, n % 7, edit);
        }
        self.squash(&subject, n % 8, vec![edit])
    }

    /// A pull request merged with a merge commit.
    fn merged(&mut self, subject: &str, author: usize, edit: Edit) -> Result<Change, git2::Error> {
        self.number += 1;
        let (number, trunk) = (self.number, self.shape.trunk);
        self.origin.fork(trunk, "side");
        let by = self.by(author);
        let oid = self.origin.commit("side", &by, &format!("{subject}\n"), std::slice::from_ref(&edit))?;
        let by = self.by(0);
        let text = format!("Merge pull request #{number} from octo/{}\n\n{subject}\n", slug(subject));
        self.origin.merge(trunk, "side", &by, &text, std::slice::from_ref(&edit))?;
        Ok(Change { subject: subject.to_owned(), author, edits: vec![edit], oid, number })
    }

    /// Takes a change over to a line, by one of the conventions that projects use.
    fn pick(&mut self, line: &str, change: &Change, how: How) -> Result<(), git2::Error> {
        let by = self.by(change.author);
        let Change { subject, oid, number, .. } = change;
        let text = match how {
            How::Trailer => format!("{subject} (#{number})\n\n(cherry picked from commit {oid})\n"),
            How::Plain => format!("{subject} (#{number})\n"),
            How::PullRequest => {
                self.number += 1;
                let new = self.number;
                format!("{subject} (backport #{number}) (#{new})\n\n(cherry picked from commit {oid})\n")
            }
        };
        self.origin.commit(line, &by, &text, &change.edits)?;
        Ok(())
    }

    fn tag(&mut self, line: &str, tag: &str) -> Result<(), git2::Error> {
        let by = self.by(8);
        self.origin.tag(line, tag, &by)
    }

    /// Sets the version and the changelog on a branch.
    fn bump(&mut self, branch: &str, version: &str) -> Result<(), git2::Error> {
        let by = self.by(8);
        let edits = [
            Edit::Line { path: "pyproject.toml".into(), at: 2, text: format!("version = \"{version}\"") },
            Edit::Line { path: "CHANGELOG.md".into(), at: 2, text: format!("## v{version}") },
        ];
        self.origin.commit(branch, &by, &format!("build: bump version to {version}\n"), &edits)?;
        Ok(())
    }

    /// One release line: trunk up to the cut, candidates, the final, picks, a patch.
    fn line(&mut self, nth: usize, before: usize) -> Result<(), git2::Error> {
        let minor = MINORS[nth];
        let mut recent = Vec::new();
        for n in 0..before {
            recent.push(self.filler(n)?);
        }
        let shape = self.shape.clone();
        let line = shape.line(minor);
        self.origin.fork(shape.trunk, &line);
        let version = |patch| shape.tag(minor, patch).trim_start_matches('v').to_owned();
        self.bump(&line, &version(0))?;
        let last = nth == MINORS.len() - 1;
        self.tag(&line, &shape.candidate(minor, 0, 1))?;
        if last && !shape.patches {
            return Ok(());
        }
        let fix = self.squash(
            "fix: keep the order of streamed chunks",
            nth,
            vec![slot_edit(self.slot, "    return -1")],
        )?;
        self.slot += 1;
        self.pick(&line, &fix, How::Trailer)?;
        self.tag(&line, &shape.candidate(minor, 0, 2))?;
        let fix = self.filler(nth + 1)?;
        self.pick(&line, &fix, How::PullRequest)?;
        self.tag(&line, &shape.tag(minor, 0))?;
        if !shape.patches {
            return Ok(());
        }
        for (n, how) in [How::PullRequest, How::Trailer, How::Plain].into_iter().enumerate() {
            let fix = self.filler(n + nth)?;
            self.pick(&line, &fix, how)?;
        }
        self.bump(&line, &version(1))?;
        self.tag(&line, &shape.tag(minor, 1))
    }

    /// The release in progress: a candidate, then twelve commits on the line, and what waits on trunk.
    fn since_the_candidate(&mut self) -> Result<(), git2::Error> {
        let shape = self.shape.clone();
        let line = shape.line(MINORS[2]);
        if shape.patches {
            self.bump(&line, shape.release().trim_start_matches('v'))?;
            self.tag(&line, &shape.candidate(MINORS[2], 2, 1))?;
        }
        let hows = [How::PullRequest, How::Trailer, How::Plain, How::PullRequest, How::Trailer];
        for (n, how) in hows.into_iter().chain(hows).enumerate() {
            let fix = self.filler(n)?;
            self.pick(&line, &fix, how)?;
        }
        let drift = self.fresh("    return 'pinned on the line'");
        let taken = self.slot - 1;
        let by = self.by(3);
        let text = "fix: pin the protocol buffer runtime on the release line\n";
        self.origin.commit(&line, &by, text, &[drift])?;
        let regretted = self.squash(
            "perf: cache the routing table for ever",
            5,
            vec![slot_edit(self.slot, "    return 7")],
        )?;
        let slot = self.slot;
        self.slot += 1;
        self.pick(&line, &regretted, How::Trailer)?;
        self.waiting(taken)?;
        self.number += 1;
        let (number, by) = (self.number, self.by(2));
        let undone = vec![slot_edit(slot, &format!("    return {slot}"))];
        let text = format!(
            "Revert \"{} (#{})\" (#{number})\n\nThis reverts commit {}.\n",
            regretted.subject, regretted.number, regretted.oid
        );
        self.origin.commit(shape.trunk, &by, &text, &undone)?;
        self.filler(3)?;
        Ok(())
    }

    /// What trunk has and the line has not: clean ones, a conflict, a pair in which the second needs the first.
    fn waiting(&mut self, taken: usize) -> Result<(), git2::Error> {
        let mut edit = self.fresh("    return '多语言'");
        self.squash("支持多语言提示词模板", 7, vec![edit])?;
        self.squash(CONFLICTING, 4, vec![slot_edit(taken, "    return 'negotiated'")])?;
        edit = self.fresh("    return backoff(1)");
        let slot = self.slot - 1;
        self.squash("refactor: one place for the retry backoff", 6, vec![edit])?;
        self.filler(1)?;
        self.squash(NEEDY, 6, vec![slot_edit(slot, "    return backoff(1, jitter=True)")])?;
        for n in 0..6 {
            self.filler(n)?;
        }
        let notes = Edit::Line { path: "CHANGELOG.md".into(), at: 2, text: "## Unreleased".into() };
        self.squash("docs: say how a candidate is tested", 1, vec![notes])?;
        Ok(())
    }
}

/// The subject of the trunk commit that conflicts on the newest line.
pub(super) const CONFLICTING: &str = "fix: negotiate the protocol version with old clients";
/// The subject of the trunk commit that needs another one first.
pub(super) const NEEDY: &str = "fix: add jitter to the retry backoff";

#[derive(Clone, Copy)]
enum How {
    /// `git cherry-pick -x`
    Trailer,
    /// The same subject, no trailer.
    Plain,
    /// A backport pull request as Mergify makes it.
    PullRequest,
}

fn path(module: &str) -> String {
    format!("src/widget/{module}.py")
}

fn module_text(module: &str) -> String {
    let nth = MODULES.iter().position(|name| *name == module).unwrap_or_default();
    let mut text = String::new();
    for slot in 0..SLOTS {
        let value = slot * MODULES.len() + nth;
        text.push_str(&format!(
            "def {module}_{slot}(request):\n    \"\"\"Step {slot} of {module}.\"\"\"\n    check(request, {slot})\n    return {value}\n\n\n"
        ));
    }
    text
}

/// Slot `n` of all modules: the `return` line of one function.
fn slot_edit(n: usize, text: &str) -> Edit {
    let module = MODULES[n % MODULES.len()];
    Edit::Line { path: path(module), at: (n / MODULES.len()) % SLOTS * ROWS + 3, text: text.to_owned() }
}

fn subject(n: usize) -> String {
    const KINDS: [&str; 8] = ["fix", "feat", "fix", "refactor", "perf", "fix", "test", "feat"];
    const VERBS: [&str; 10] = [
        "bound the size of",
        "retry a failed",
        "name the cause of a refused",
        "stop leaking",
        "time out a slow",
        "validate",
        "log the source of",
        "close",
        "cache",
        "count",
    ];
    const THINGS: [&str; 9] = [
        "requests",
        "upload",
        "session",
        "model listing",
        "tool call",
        "vector store",
        "batch",
        "stream",
        "provider",
    ];
    let module = MODULES[n % MODULES.len()];
    format!("{}({module}): {} {}", KINDS[n % 8], VERBS[(n * 7 + n / 10) % 10], THINGS[(n * 5 + n / 9) % 9])
}

fn reason(number: u64) -> &'static str {
    ["Seen in production on large batches.", "Asked for on the community call.", "Found by the nightly run."]
        [usize::try_from(number % 3).unwrap_or_default()]
}

fn slug(subject: &str) -> String {
    subject
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect::<String>()
        .replace("--", "-")
}
