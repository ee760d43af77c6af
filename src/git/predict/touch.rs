//! Which commits of one side of history changed which files: one `git log` a side, for all files at once.

use super::place::Place;
use super::trace::Step;
use crate::git::GitError;
use crate::git::run::checked;
use crate::order::Order as _;
use crate::release::ids::Oid;
use crate::spawn::{Call, Cancel};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Pairs of sides that are remembered.
const SIDES: usize = 4;
/// Commits that are read of a side, the newest.
const MOST: usize = 10_000;

/// What a commit did to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub path: Arc<str>,
    /// The blobs; none for its absence.
    pub old: Option<Oid>,
    pub new: Option<Oid>,
    /// Whether it is a plain file on both sides, as far as it is.
    pub plain: bool,
}

/// What is known of a side: the changes of each file, the newest first, merges left out.
#[derive(Debug, Default)]
pub(super) struct Side {
    steps: HashMap<Arc<str>, Vec<Step>>,
    commits: HashMap<Oid, Vec<Change>>,
    times: HashMap<Oid, (i64, usize)>,
    /// Whether all of it was read.
    whole: bool,
}

impl Side {
    /// The changes of a file, the newest first.
    pub(super) fn steps(&self, path: &str) -> &[Step] {
        self.steps.get(path).map_or(&[], Vec::as_slice)
    }

    /// What a commit changed; none when it was not read: it is a merge, or lies elsewhere.
    pub(super) fn changes(&self, commit: Oid) -> Option<&[Change]> {
        self.commits.get(&commit).map(Vec::as_slice)
    }

    /// Where a commit stands in history, the oldest least: when it was committed; what was read later is older.
    pub(super) fn place(&self, commit: Oid) -> (i64, usize) {
        self.times.get(&commit).copied().unwrap_or_default()
    }

    /// Whether nothing of it was left unread.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// The files that hold a blob at some time, by the newest change that made it so.
    pub(super) fn holding(&self, blob: Oid) -> Option<Arc<str>> {
        let holds = self.steps.iter().filter_map(|(path, steps)| {
            let step = steps.iter().find(|step| step.new == Some(blob))?;
            Some((self.place(step.commit), path))
        });
        holds.max().map(|(_, path)| path.clone())
    }
}

/// Both sides of history, as far as they differ.
#[derive(Debug, Clone)]
pub(super) struct Sides {
    /// What the trunk has and the line has not.
    pub trunk: Arc<Side>,
    /// What the line has and the trunk has not.
    pub line: Arc<Side>,
}

impl Sides {
    /// Walks both at the same time.
    async fn walk(trunk: Walk, line: Walk, cancel: Cancel) -> Result<Self, GitError> {
        let (trunk, line) = tokio::try_join!(trunk.run(&cancel), line.run(&cancel))?;
        Ok(Self { trunk: Arc::new(trunk), line: Arc::new(line) })
    }
}

/// What history is looked at: commits of the trunk, sorted, and the tip of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reach {
    heads: Vec<Oid>,
    tip: Oid,
}

impl Reach {
    pub(super) fn of(mut heads: Vec<Oid>, tip: Oid) -> Self {
        heads.order();
        heads.dedup();
        Self { heads, tip }
    }

    fn covers(&self, other: &Self) -> bool {
        self.tip == other.tip && other.heads.iter().all(|head| self.heads.binary_search(head).is_ok())
    }

    fn walk(&self, place: &Place) -> impl Future<Output = Result<Sides, GitError>> + Send + use<> {
        let tip = std::slice::from_ref(&self.tip);
        let (trunk, line) = (Walk::of(place, &self.heads, tip), Walk::of(place, tip, &self.heads));
        Sides::walk(trunk, line, place.cancel.clone())
    }
}

/// Sides that were read, and those that are being read. History never changes, so they do not grow old.
#[derive(Debug, Default)]
pub(super) struct Touches {
    known: VecDeque<(Reach, Sides)>,
    begun: Option<Begun>,
}

/// A walk that nobody waits for yet. It ends when it is dropped.
#[derive(Debug)]
struct Begun {
    reach: Reach,
    sides: JoinHandle<Result<Sides, GitError>>,
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.sides.abort();
    }
}

impl Touches {
    /// Begins to read sides that will be asked for, unless they are known.
    pub(super) fn begin(&mut self, place: &Place, reach: Reach) {
        let begun = self.begun.as_ref().is_some_and(|begun| begun.reach.covers(&reach));
        if !begun && self.find(&reach).is_none() {
            let sides = tokio::spawn(reach.walk(place));
            self.begun = Some(Begun { reach, sides });
        }
    }

    /// Reads sides, as far as they were not read.
    pub(super) async fn read(&mut self, place: &Place, reach: Reach) -> Result<Sides, GitError> {
        if let Some(mut begun) = self.begun.take_if(|begun| begun.reach.covers(&reach))
            && let Ok(Ok(sides)) = (&mut begun.sides).await
        {
            self.keep(begun.reach.clone(), sides);
        }
        if let Some(known) = self.find(&reach) {
            return Ok(known.clone());
        }
        let sides = reach.walk(place).await?;
        self.keep(reach, sides.clone());
        Ok(sides)
    }

    /// Sides that say all that others would; more of the trunk is no harm, where nothing of it was left unread.
    fn find(&self, reach: &Reach) -> Option<&Sides> {
        let fits =
            |known: &&(Reach, Sides)| known.0 == *reach || known.1.trunk.is_whole() && known.0.covers(reach);
        self.known.iter().find(fits).map(|(_, sides)| sides)
    }

    fn keep(&mut self, reach: Reach, sides: Sides) {
        if self.known.len() >= SIDES {
            self.known.pop_front();
        }
        self.known.push_back((reach, sides));
    }
}

/// A `git log` of what is in some commits and not in others.
struct Walk(Call);

impl Walk {
    fn of(place: &Place, of: &[Oid], without: &[Oid]) -> Self {
        let mut asked: String = of.iter().map(|oid| format!("{oid}\n")).collect();
        asked.extend(without.iter().map(|oid| format!("^{oid}\n")));
        let call = place.read("log").args(["--topo-order", "--no-merges", "-r", "--raw", "-z"]);
        let call = call.args(["--no-abbrev", "--no-renames", "--no-show-signature", "--no-mailmap"]);
        let call = call.args(["--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=none"]);
        let call = call.arg(format!("--max-count={MOST}")).args(["--format=%H %ct", "--stdin"]);
        Self(call.stdin(asked))
    }

    async fn run(self, cancel: &Cancel) -> Result<Side, GitError> {
        let output = self.0.run(cancel).await?;
        let mut side = Side::default();
        match checked(output, "log") {
            Ok(answer) => side.take(&answer)?,
            // History that cannot be walked, as in a damaged or partial clone, shows nothing.
            Err(GitError::Failed { .. } | GitError::TooLong(_)) => return Ok(side),
            Err(why) => return Err(why),
        }
        side.whole = side.times.len() < MOST;
        Ok(side)
    }
}

impl Side {
    /// `<commit> <time> NUL (LF? :modes oids status NUL path NUL)*`
    fn take(&mut self, answer: &[u8]) -> Result<(), GitError> {
        let bad = |why: &str| GitError::Unreadable { command: "log".to_owned(), why: why.to_owned() };
        let mut now = None;
        let mut fields = answer.split(|byte| *byte == 0);
        while let Some(field) = fields.next() {
            let field = field.trim_ascii_start();
            if field.is_empty() {
                continue;
            }
            let text = String::from_utf8_lossy(field);
            let Some(head) = text.strip_prefix(':') else {
                let (commit, time) = text.split_once(' ').ok_or_else(|| bad("no time"))?;
                let commit = Oid::parse(commit)?;
                // Of commits of one second, what was told first is the newest.
                let place = (time.parse().unwrap_or_default(), usize::MAX - self.times.len());
                self.times.entry(commit).or_insert(place);
                self.commits.entry(commit).or_default();
                now = Some(commit);
                continue;
            };
            let mut words = head.split(' ');
            let mut word = || words.next().ok_or_else(|| bad("a change that is cut off"));
            let (modes, blobs) = ([word()?, word()?], [word()?, word()?]);
            let (Some(path), Some(commit)) = (fields.next(), now) else {
                return Err(bad("a change without a commit or a file"));
            };
            let blob = |hex: &str| -> Result<Option<Oid>, GitError> {
                if hex.bytes().all(|byte| byte == b'0') { Ok(None) } else { Ok(Some(Oid::parse(hex)?)) }
            };
            let (old, new) = (blob(blobs[0])?, blob(blobs[1])?);
            let plain = modes.iter().all(|mode| mode.starts_with("100") || *mode == "000000");
            let path = String::from_utf8_lossy(path);
            let path = match self.steps.get_key_value(path.as_ref()) {
                Some((path, _)) => path.clone(),
                None => Arc::from(path.as_ref()),
            };
            self.steps.entry(path.clone()).or_default().push(Step { commit, old, new });
            self.commits.entry(commit).or_default().push(Change { path, old, new, plain });
        }
        Ok(())
    }
}
