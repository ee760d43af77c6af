//! Reading history into the graph: what git keeps of it, and what git says as it walks, taken in while it walks.

use super::find::Repository;
use super::graph::{Graph, narrow};
use super::graph_file::Altered;
use super::read::when;
use super::run::Git;
use super::{GitError, commit_graph, run};
use crate::release::ids::Oid;
use crate::spawn::Cancel;

impl Graph {
    /// Reads the history of tips as far as it is not known yet.
    ///
    /// # Errors
    /// When git fails.
    pub async fn extend(&mut self, git: &Git, at: &Repository, tips: &[Oid]) -> Result<(), GitError> {
        let altered = Altered::of(at);
        if altered != self.altered {
            // What was a root may have parents now, and the other way round.
            *self = Self::nothing(altered, self.file.take());
        }
        self.begin(at).await;
        let known = |oid: &Oid| self.place(*oid).is_some_and(|place| self.read[place as usize]);
        let new: Vec<Oid> = tips.iter().copied().filter(|oid| !known(oid)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let mut asked: String = new.iter().map(|oid| format!("{oid}\n")).collect();
        asked.extend(self.tips.iter().map(|oid| format!("^{oid}\n")));
        // A tip of last time may have been forced away and collected since; then it hides nothing.
        let call = git.read(at, "rev-list").args(["--parents", "--timestamp", "--ignore-missing", "--stdin"]);
        // What is read in part is no history, so nothing is known until git has said all.
        let empty = Self::nothing(self.altered.clone(), self.file.clone());
        let mut grown = std::mem::replace(self, empty);
        let (before, mut line, mut taken) = (grown.len(), Vec::new(), Ok(()));
        let mut told = |piece: &[u8]| {
            if taken.is_ok() {
                taken = grown.take_piece(&mut line, piece);
            }
        };
        let output = call.stdin(asked).run_told(&Cancel::new(), &mut told).await;
        let done = output.map_err(GitError::from).and_then(|output| run::checked(output, "rev-list"));
        if done.is_ok() && taken.is_ok() && line.is_empty() {
            grown.tips.extend(new);
            let shallow = String::from_utf8_lossy(&grown.altered.shallow).into_owned();
            grown.cut = shallow.lines().filter_map(|hex| grown.place(Oid::parse(hex).ok()?)).collect();
            *self = grown;
            return Ok(());
        }
        if grown.len() == before {
            *self = grown;
        }
        done.and(taken).and(Err(bad()))
    }

    /// Begins with what git keeps itself, where nothing is known and git would believe that. It is not kept twice.
    async fn begin(&mut self, at: &Repository) {
        if !self.is_empty() || at.reftable || self.altered != Altered::default() {
            return;
        }
        let objects = at.common_dir.join("objects");
        let read = tokio::task::spawn_blocking(move || commit_graph::read(&objects)).await;
        if let Ok(Some(found)) = read {
            *self = found;
        }
    }

    /// Takes what git said so far; `line` is the beginning of a line of which the end is to come.
    fn take_piece(&mut self, line: &mut Vec<u8>, piece: &[u8]) -> Result<(), GitError> {
        line.extend_from_slice(piece);
        let whole = line.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        for line in std::str::from_utf8(&line[..whole]).map_err(|_| bad())?.lines() {
            self.take(line)?;
        }
        line.drain(..whole);
        Ok(())
    }

    fn take(&mut self, line: &str) -> Result<(), GitError> {
        let (time, oids) = line.split_once(' ').ok_or_else(bad)?;
        let mut places = Vec::with_capacity(3);
        for hex in oids.split(' ') {
            let oid = Oid::parse(hex)?;
            places.push(self.settle(oid));
        }
        let (own, parents) = places.split_first().ok_or_else(bad)?;
        let at = *own as usize;
        self.times[at] = when(time).timestamp();
        if !self.read[at] {
            self.read[at] = true;
            self.parents[at] = (narrow(self.flat.len()), narrow(parents.len()));
            self.flat.extend_from_slice(parents);
        }
        Ok(())
    }
}

fn bad() -> GitError {
    GitError::Unreadable { command: "rev-list".to_owned(), why: "no time and commit".to_owned() }
}
