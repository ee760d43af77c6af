//! Which commits of one side of history changed which files: one `git log` a side, for all files at once.

use super::place::Place;
use super::trace::Step;
use crate::git::GitError;
use crate::git::run::checked;
use crate::release::ids::Oid;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Sides that are remembered.
const SIDES: usize = 8;
/// Commits that are read of a side, the newest.
const MOST: usize = 10_000;

/// What is in `of` and not in `without`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Range {
    pub of: Vec<Oid>,
    pub without: Vec<Oid>,
}

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

/// Sides by what they are of. History never changes, so they do not grow old.
#[derive(Debug, Default)]
pub(super) struct Touches {
    known: HashMap<Range, Arc<Side>>,
    order: VecDeque<Range>,
}

impl Touches {
    /// Reads sides, as far as they were not read, at the same time.
    pub(super) async fn read(
        &mut self,
        place: &Place,
        ranges: [&Range; 2],
    ) -> Result<[Arc<Side>; 2], GitError> {
        let walk = async |range: &Range| match self.known.get(range) {
            Some(side) => Ok(side.clone()),
            None => Side::walk(place, range).await.map(Arc::new),
        };
        let (first, second) = tokio::try_join!(walk(ranges[0]), walk(ranges[1]))?;
        let sides = [first, second];
        for (range, side) in ranges.into_iter().zip(&sides) {
            if self.known.contains_key(range) {
                continue;
            }
            while self.order.len() >= SIDES {
                if let Some(oldest) = self.order.pop_front() {
                    self.known.remove(&oldest);
                }
            }
            self.order.push_back(range.clone());
            self.known.insert(range.clone(), side.clone());
        }
        Ok(sides)
    }
}

impl Side {
    async fn walk(place: &Place, range: &Range) -> Result<Self, GitError> {
        let mut asked: String = range.of.iter().map(|oid| format!("{oid}\n")).collect();
        asked.extend(range.without.iter().map(|oid| format!("^{oid}\n")));
        let call = place.read("log").args(["--topo-order", "--no-merges", "-r", "--raw", "-z"]);
        let call = call.args(["--no-abbrev", "--no-renames", "--no-show-signature", "--no-mailmap"]);
        let call = call.args(["--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=none"]);
        let call = call.arg(format!("--max-count={MOST}")).args(["--format=%H %ct", "--stdin"]);
        let output = call.stdin(asked).run(&place.cancel).await?;
        let mut side = Self::default();
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
