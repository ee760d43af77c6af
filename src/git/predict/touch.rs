//! Which commits of one side of history changed which files: `git log` limited to paths.

use super::place::Place;
use super::trace::Step;
use crate::git::GitError;
use crate::git::run::checked;
use crate::order::Order as _;
use crate::release::ids::Oid;
use std::collections::{HashMap, VecDeque};

/// Sides that are remembered.
const SIDES: usize = 8;
/// Changes of files that are read of an answer.
const MOST: usize = 20_000;

/// What is in `of` and not in `without`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Range {
    pub of: Vec<Oid>,
    pub without: Vec<Oid>,
}

/// What is known of a side: the changes of each file that was asked for, the newest first, merges left out.
#[derive(Debug, Default)]
pub(super) struct Side {
    steps: HashMap<String, Vec<Step>>,
    times: HashMap<Oid, (i64, usize)>,
}

impl Side {
    /// The changes of a file, the newest first.
    pub(super) fn steps(&self, path: &str) -> &[Step] {
        self.steps.get(path).map_or(&[], Vec::as_slice)
    }

    /// Where a commit stands in history, the oldest least: when it was committed; what was read later is older.
    pub(super) fn place(&self, commit: Oid) -> (i64, usize) {
        self.times.get(&commit).copied().unwrap_or_default()
    }
}

/// Sides by what they are of. History never changes, so they do not grow old.
#[derive(Debug, Default)]
pub(super) struct Touches {
    known: HashMap<Range, Side>,
    order: VecDeque<Range>,
}

impl Touches {
    /// What is known of a side.
    pub(super) fn side(&mut self, range: &Range) -> &mut Side {
        if !self.known.contains_key(range) {
            while self.order.len() >= SIDES {
                if let Some(oldest) = self.order.pop_front() {
                    self.known.remove(&oldest);
                }
            }
            self.order.push_back(range.clone());
        }
        self.known.entry(range.clone()).or_default()
    }

    /// Reads the changes of files, as far as they were not read yet, in one process.
    pub(super) async fn read(
        &mut self,
        place: &Place,
        range: &Range,
        paths: impl Iterator<Item = &str>,
    ) -> Result<(), GitError> {
        let side = self.side(range);
        let mut new: Vec<&str> = paths.filter(|path| !side.steps.contains_key(*path)).collect();
        new.order();
        new.dedup();
        if new.is_empty() {
            return Ok(());
        }
        let mut asked: String = range.of.iter().map(|oid| format!("{oid}\n")).collect();
        asked.extend(range.without.iter().map(|oid| format!("^{oid}\n")));
        asked.push_str("--\n");
        for path in &new {
            asked.push_str(path);
            asked.push('\n');
            side.steps.insert((*path).to_owned(), vec![]);
        }
        let options = ["--literal-pathspecs".to_owned()];
        let call = place.with(&options, "log").args(["--topo-order", "--no-merges", "--raw", "-z"]);
        let call = call.args(["--no-abbrev", "--no-renames", "--no-show-signature", "--no-mailmap"]);
        let call = call.args(["--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=none"]);
        let call = call.arg(format!("--max-count={MOST}")).args(["--format=%H %ct", "--stdin"]);
        let output = call.stdin(asked).run(&place.cancel).await?;
        let answer = match checked(output, "log") {
            Ok(answer) => answer,
            // History that cannot be walked, as in a damaged or partial clone, shows nothing.
            Err(GitError::Failed { .. } | GitError::TooLong(_)) => return Ok(()),
            Err(why) => return Err(why),
        };
        side.take(&answer)
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
                now = Some(commit);
                continue;
            };
            let words: Vec<_> = head.split(' ').collect();
            let ([_, _, old, new, _], Some(path), Some(commit)) = (&words[..], fields.next(), now) else {
                return Err(bad("a change without a commit or a file"));
            };
            let blob = |hex: &str| -> Result<Option<Oid>, GitError> {
                if hex.bytes().all(|byte| byte == b'0') { Ok(None) } else { Ok(Some(Oid::parse(hex)?)) }
            };
            let step = Step { commit, old: blob(old)?, new: blob(new)? };
            if let Some(steps) = self.steps.get_mut(String::from_utf8_lossy(path).as_ref()) {
                steps.push(step);
            }
        }
        Ok(())
    }
}
