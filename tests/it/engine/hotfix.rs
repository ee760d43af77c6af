//! A hotfix over a real remote: its branch starts at the production tag, and the matrix shows what has come back.

use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};
use crate::git::yard::Yard;
use rustix::process::Signal;
use std::path::PathBuf;

/// v1.2.0 runs in production; its branch and the trunk have gone on.
pub struct Team {
    pub yard: Yard,
    remote: PathBuf,
}

impl Team {
    pub fn new() -> Self {
        let yard = Yard::with(&["--initial-branch=trunk"]);
        yard.commit("a", "1", "one");
        yard.git(&["tag", "v1.2.0"]);
        yard.git(&["checkout", "-q", "-b", "release/v1.2.0"]);
        yard.commit("b", "1", "after the tag");
        yard.git(&["checkout", "-q", "trunk"]);
        yard.commit("c", "1", "two");
        let remote = yard.root().join("remote.git");
        yard.git(&["clone", "-q", "--bare", ".", remote.to_str().unwrap()]);
        yard.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
        yard.git(&["fetch", "-q", "origin"]);
        let config = yard.root().join("config/gonogo");
        std::fs::create_dir_all(&config).unwrap();
        std::fs::write(config.join("config.toml"), "[process]\npreset = \"monthly-trunk\"\n").unwrap();
        Self { yard, remote }
    }

    /// The same with v1.2.1 out: two commits, one of them on the trunk too.
    pub fn mended() -> Self {
        let team = Self::new();
        let yard = &team.yard;
        yard.git(&["checkout", "-q", "-b", "hotfix/v1.2.1", "v1.2.0"]);
        yard.commit("fix", "1", "Mend the orders");
        yard.commit("more", "1", "Mend the rest");
        yard.git(&["tag", "-a", "-m", "v1.2.1", "v1.2.1"]);
        yard.git(&["checkout", "-q", "trunk"]);
        yard.git(&["cherry-pick", "-x", "hotfix/v1.2.1~1"]);
        yard.git(&["push", "-q", "origin", "trunk", "hotfix/v1.2.1", "v1.2.1"]);
        yard.git(&["fetch", "-q", "origin"]);
        team
    }

    pub fn open(&self) -> Term {
        self.open_release("v1.2.1")
    }

    /// Opens a release on its checklist.
    pub fn open_release(&self, name: &str) -> Term {
        let path = self.yard.path();
        let mut term =
            Term::start(gonogo(&["open", path.to_str().unwrap(), "--release", name], self.yard.root()));
        term.see("session started");
        term.press("6");
        term.see("[6 Checklist");
        term
    }

    pub fn text(&self) -> String {
        std::fs::read_to_string(journal(self.yard.root()).join("seg-000001.jsonl")).unwrap_or_default()
    }

    fn at_remote(&self, name: &str) -> Option<String> {
        let said = self.yard.git(&["ls-remote", self.remote.to_str().unwrap(), name]);
        said.split_whitespace().next().map(str::to_owned)
    }

    fn tag(&self) -> String {
        self.yard.git(&["rev-parse", "v1.2.0^{commit}"]).trim().to_owned()
    }
}

/// Goes to an item.
pub fn find(term: &mut Term, item: &str) {
    term.press("\x1b");
    term.settle();
    term.press(&format!("/{item}"));
    term.see(&format!(" /{item}"));
    term.see("1 of");
    term.press(ENTER);
    term.press("G");
}

/// Approves, and begins the branch.
fn begin(term: &mut Term) {
    find(term, "approves the hotfix");
    term.press(" ");
    term.see("it wants a written note");
    term.press("orders are lost");
    term.press(ENTER);
    term.see("✓ done");
    find(term, "Branch from the production tag");
    term.press("X");
    term.see("the tag v1.2.0");
    term.press("hotfix/v1.2.1");
    term.press(ENTER);
}

#[test]
fn killed_at_either_side_the_branch_is_made_once_at_the_tag() {
    for step in ["ref.create.intent", "ref.create.outcome"] {
        let team = Team::new();
        let mut term = team.open();
        begin(&mut term);
        term.meanwhile(step, || team.text().contains(&format!("\"kind\":\"{step}\"")));
        term.signal(Signal::KILL);
        term.end();
        let mut term = team.open();
        let settled = || team.text().contains("\"ref.create.outcome\"");
        term.meanwhile("what became of it", settled);
        if team.at_remote("refs/heads/hotfix/v1.2.1").is_none() {
            find(&mut term, "Branch from the production tag");
            term.press("X");
            term.see("the tag v1.2.0");
            term.press("hotfix/v1.2.1");
            term.press(ENTER);
        }
        let made = || team.at_remote("refs/heads/hotfix/v1.2.1") == Some(team.tag());
        term.meanwhile("the branch at the tag", made);
        assert!(term.leave().success());
        printed(&["journal", "verify", journal(team.yard.root()).to_str().unwrap()], team.yard.root());
    }
}

#[test]
fn what_is_missing_on_a_branch_is_shown_queued_or_not_needed_on_record() {
    let team = Team::mended();
    let mut term = team.open();
    find(&mut term, "Merge it back");
    // One is there by its trailer, the other is missing.
    term.see("1 of 2 missing");
    term.press("X");
    term.see("Merge back: 2 on 1 branch");
    term.see("✓ trunk");
    term.see("-x trailer");
    term.see("✗ trunk");
    term.press("not needed");
    term.press(ENTER);
    term.see("Why is it not needed there?");
    term.press("the code is gone on trunk");
    term.press(ENTER);
    term.see("2 on 1 branch");
    assert!(team.text().contains("\"back.settle\""));
    term.press("z");
    term.see("1 of 2 missing");
    term.press("X");
    term.see("Merge back: 2 on 1 branch");
    term.press("queue");
    term.press(ENTER);
    term.see("[5 Picks");
    term.see("Mend the rest");
    assert!(term.leave().success());
}
