//! The git side of the pick queue, on histories that are built here.
mod cache;
mod changes;
mod landings;
mod messages;
mod owners;
mod partial;
mod reverts;
mod wanted;

use super::yard::{Yard, branch, git, run};
use gonogo::git::{AskedPick, Graph, Kept, PicksAsk, PicksFound};
use gonogo::process::{Picks, Process, preset};
use gonogo::release::ids::{IssueKey, Oid, Repo};
use gonogo::release::picks::{Change, Grade, Landing, PickKey};
use gonogo::spawn::Cancel;
use std::collections::BTreeSet;
use std::sync::Arc;

pub const LINE: &str = "release-1.2.x";

pub fn repo() -> Repo {
    Repo::parse("octo/widget").unwrap()
}

pub fn pull(number: u64) -> PickKey {
    PickKey::Pull(IssueKey { repo: repo(), number })
}

/// A process that calls lines `release-1.2.x`, with picks as given.
pub fn process(picks: Picks) -> Arc<Process> {
    let (mut process, _) = Process::parse(preset("llama-stack").unwrap(), "preset").unwrap();
    process.picks = picks;
    Arc::new(process)
}

pub fn ask(lines: &[&str]) -> PicksAsk {
    PicksAsk {
        process: process(Picks::default()),
        repo: Some(repo()),
        trunk: branch("main"),
        active: lines.iter().map(|name| branch(name)).collect(),
        own: None,
        picks: vec![],
        places: BTreeSet::new(),
    }
}

/// Pull requests with the commits that they were merged as, wanted on the line.
pub fn wants(picks: &[(u64, Oid)]) -> PicksAsk {
    let mut ask = ask(&[LINE]);
    for (number, oid) in picks {
        add(&mut ask, AskedPick { merged: Some(*oid), ..AskedPick::of(pull(*number)) }, LINE);
    }
    ask
}

pub fn add(ask: &mut PicksAsk, pick: AskedPick, line: &str) {
    ask.places.insert((pick.key.clone(), branch(line)));
    ask.picks.push(pick);
}

pub fn look(yard: &Yard, ask: &PicksAsk) -> PicksFound {
    look_keeping(yard, ask, &mut Kept::default())
}

pub fn look_keeping(yard: &Yard, ask: &PicksAsk, kept: &mut Kept) -> PicksFound {
    let (git, at, refs) = (git(), yard.at(), yard.refs());
    let mut graph = Graph::new();
    let tips: Vec<Oid> = refs.branches.values().map(|row| row.tip).collect();
    run(graph.extend(&git, &at, &tips)).unwrap();
    run(git.picks(&at, Arc::new(graph), &refs, ask, kept, &Cancel::new())).unwrap()
}

impl Found for PicksFound {
    fn on(&self, number: u64, line: &str) -> Option<&Landing> {
        self.landings.iter().find(|it| it.pick == pull(number) && it.line == branch(line))
    }

    fn change(&self, number: u64) -> &Change {
        self.changes.iter().find(|it| it.pick == pull(number)).unwrap()
    }
}

pub trait Found {
    fn on(&self, number: u64, line: &str) -> Option<&Landing>;
    fn change(&self, number: u64) -> &Change;

    fn grade(&self, number: u64) -> Option<(Grade, Option<bool>)> {
        self.on(number, LINE).map(|it| (it.grade, it.modified))
    }
}

/// A trunk with a file, and a line cut from it.
pub fn ground() -> Yard {
    let yard = Yard::new();
    yard.commit("base", "one\ntwo\nthree\n", "Start of everything");
    yard.git(&["branch", LINE]);
    yard
}

pub fn switch(yard: &Yard, name: &str) {
    yard.git(&["checkout", "-q", name]);
}

/// Commits as somebody else.
pub fn commit_as(yard: &Yard, author: &str, file: &str, text: &str, message: &str) -> Oid {
    std::fs::write(yard.path().join(file), text).unwrap();
    yard.git(&["add", "--", file]);
    yard.git(&["commit", "-q", "--author", author, "-m", message]);
    yard.tick();
    yard.head()
}

/// Cherry-picks, as git does.
pub fn pick(yard: &Yard, words: &[&str]) -> Oid {
    let mut all = vec!["cherry-pick"];
    all.extend(words);
    yard.git(&all);
    yard.tick();
    yard.head()
}
