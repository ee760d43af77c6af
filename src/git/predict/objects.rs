//! Reading commits, trees and blobs in one long conversation with `git cat-file`.

use super::place::Place;
use crate::git::GitError;
use crate::order::Order as _;
use crate::release::ids::Oid;
use crate::release::predict::Why;
use crate::spawn::{Cancel, SpawnError, Talk};
use std::collections::HashMap;

/// What a commit is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub tree: Oid,
    pub parents: Vec<Oid>,
    /// The first line of its message, in UTF-8 as far as it is.
    pub subject: Box<str>,
}

/// An answer about an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// It is; its bytes only where they were asked for.
    Here { oid: Oid, kind: String, size: u64, bytes: Vec<u8> },
    /// It is not in this clone.
    Missing,
}

/// Questions that are sent before the first answer is read; they fit a pipe.
const AT_ONCE: usize = 64;
/// Commits that are remembered.
const REMEMBERED: usize = 50_000;

/// The conversation, started when it is needed.
#[derive(Debug, Default)]
pub(super) struct Objects {
    talk: Option<Talk>,
    facts: HashMap<Oid, Result<Facts, Why>>,
    trees: HashMap<Oid, Oid>,
}

impl Objects {
    /// Ends the process; what is remembered stays.
    pub(super) fn rest(&mut self) {
        self.talk = None;
    }

    /// Forgets all.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Reads objects in the order asked, each by an object name with or without `^{…}`.
    pub(super) async fn read(
        &mut self,
        place: &Place,
        command: &str,
        names: &[String],
    ) -> Result<Vec<Found>, GitError> {
        let mut found = Vec::with_capacity(names.len());
        for names in names.chunks(AT_ONCE) {
            match self.ask(place, command, names).await {
                Ok(answers) => found.extend(answers),
                Err(SpawnError::Pipe { .. }) => {
                    // The process died on one of them: each is asked alone, so that only that one is missing.
                    for name in names {
                        self.talk = None;
                        found.push(match self.ask(place, command, std::slice::from_ref(name)).await {
                            Ok(mut answers) => answers.pop().unwrap_or(Found::Missing),
                            Err(SpawnError::Pipe { .. }) => Found::Missing,
                            Err(why) => return Err(why.into()),
                        });
                    }
                }
                Err(why) => return Err(why.into()),
            }
        }
        Ok(found)
    }

    async fn ask(
        &mut self,
        place: &Place,
        command: &str,
        names: &[String],
    ) -> Result<Vec<Found>, SpawnError> {
        let mut talk = match self.talk.take() {
            Some(talk) => talk,
            None => place.read("cat-file").arg("--batch-command").talk()?,
        };
        let questions: String = names.iter().map(|name| format!("{command} {name}\n")).collect();
        talk.say(questions.as_bytes()).await?;
        let mut found = Vec::with_capacity(names.len());
        for _name in names {
            found.push(hear(&mut talk, command == "contents", &place.cancel).await?);
        }
        // Only a conversation in step is gone on with.
        self.talk = Some(talk);
        Ok(found)
    }

    /// What commits are made of, each, or why it is not known. Replaced commits are read as replaced.
    pub(super) async fn facts(&mut self, place: &Place, commits: &[Oid]) -> Result<(), GitError> {
        if self.facts.len() > REMEMBERED {
            self.facts.clear();
            self.trees.clear();
        }
        // What was missing may have been fetched since.
        self.facts.retain(|_, facts| facts.is_ok());
        let mut asked: Vec<Oid> =
            commits.iter().filter(|oid| !self.facts.contains_key(*oid)).copied().collect();
        asked.order();
        asked.dedup();
        let names: Vec<_> = asked.iter().map(Oid::to_string).collect();
        let found = self.read(place, "contents", &names).await?;
        for (oid, found) in asked.into_iter().zip(found) {
            let mut facts = facts(found);
            if let Ok(facts) = &mut facts {
                if let Some(parents) = place.grafts.get(&oid) {
                    facts.parents.clone_from(parents);
                } else if place.shallow.contains(&oid) && !facts.parents.is_empty() {
                    self.facts.insert(oid, Err(Why::Shallow));
                    continue;
                }
            }
            self.facts.insert(oid, facts);
        }
        Ok(())
    }

    /// What was read of a commit.
    pub(super) fn known(&self, commit: Oid) -> Result<&Facts, Why> {
        self.facts.get(&commit).map_or(Err(Why::NotHere), |facts| facts.as_ref().map_err(Why::clone))
    }

    /// The tree of a commit, also of one at which a shallow clone ends; none when it is not here.
    pub(super) async fn tree_of(&mut self, place: &Place, commit: Oid) -> Result<Option<Oid>, GitError> {
        self.trees_of(place, &[commit]).await?;
        Ok(self.tree_known(commit))
    }

    /// Reads the trees of commits.
    pub(super) async fn trees_of(&mut self, place: &Place, commits: &[Oid]) -> Result<(), GitError> {
        let mut asked: Vec<Oid> =
            commits.iter().filter(|oid| self.tree_known(**oid).is_none()).copied().collect();
        asked.order();
        asked.dedup();
        let names: Vec<_> = asked.iter().map(|oid| format!("{oid}^{{tree}}")).collect();
        let found = self.read(place, "info", &names).await?;
        for (oid, found) in asked.into_iter().zip(found) {
            if let Found::Here { oid: tree, .. } = found {
                self.trees.insert(oid, tree);
            }
        }
        Ok(())
    }

    /// The tree of a commit that was read.
    pub(super) fn tree_known(&self, commit: Oid) -> Option<Oid> {
        let known = self.facts.get(&commit).and_then(|facts| facts.as_ref().ok()).map(|facts| facts.tree);
        known.or_else(|| self.trees.get(&commit).copied())
    }
}

fn facts(found: Found) -> Result<Facts, Why> {
    let (kind, bytes) = match found {
        Found::Here { kind, bytes, .. } => (kind, bytes),
        Found::Missing => return Err(Why::NotHere),
    };
    if kind != "commit" {
        return Err(Why::NotACommit);
    }
    let (mut tree, mut parents) = (None, Vec::new());
    let head = bytes.split(|b| *b == b'\n').take_while(|line| !line.is_empty());
    for line in head.map(String::from_utf8_lossy) {
        let oid = |hex: &str| Oid::parse(hex).map_err(|why| Why::Failed(why.to_string().into()));
        match line.split_once(' ') {
            Some(("tree", hex)) => tree = Some(oid(hex)?),
            Some(("parent", hex)) => parents.push(oid(hex)?),
            _ => {}
        }
    }
    let tree = tree.ok_or_else(|| Why::Failed("the commit has no tree".into()))?;
    let body = bytes.windows(2).position(|pair| pair == b"\n\n").map_or(&bytes[..0], |at| &bytes[at + 2..]);
    let subject = body.split(|b| *b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    Ok(Facts { tree, parents, subject: String::from_utf8_lossy(subject).into() })
}

async fn hear(talk: &mut Talk, contents: bool, cancel: &Cancel) -> Result<Found, SpawnError> {
    let ended =
        || SpawnError::Pipe { program: "git cat-file".into(), why: std::io::ErrorKind::UnexpectedEof.into() };
    let line = talk.hear(b'\n', cancel).await?.ok_or_else(ended)?;
    let line = String::from_utf8_lossy(&line).into_owned();
    let words: Vec<_> = line.split(' ').collect();
    let [oid, kind, size] = words[..] else { return Ok(Found::Missing) };
    let (Ok(oid), Ok(size)) = (Oid::parse(oid), size.parse::<u64>()) else { return Ok(Found::Missing) };
    let mut bytes = Vec::new();
    if contents {
        let count = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1);
        bytes = talk.hear_exactly(count, cancel).await?.ok_or_else(ended)?;
        bytes.pop();
    }
    Ok(Found::Here { oid, kind: kind.to_owned(), size, bytes })
}
