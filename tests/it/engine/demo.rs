//! The demo from end to end: the poll, a tick that is journaled, the same journal replayed; a full disk.

use super::pty::{ENTER, Term, gonogo};
use rustix::process::{Resource, Rlimit, prlimit};
use std::path::{Path, PathBuf};

/// Opens the demo in a directory and waits for the poll.
pub fn open(dir: &Path) -> Term {
    let mut term = Term::start(gonogo(&["demo", "--dir", dir.to_str().unwrap()], dir));
    term.see("Release Owner");
    term.see("api ");
    term
}

/// What a command of the binary prints.
pub fn printed(args: &[&str], dir: &Path) -> String {
    let output = gonogo(args, dir).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The one journal in a demo's state directory.
pub fn journal(dir: &Path) -> PathBuf {
    let mut open = vec![dir.join("state")];
    while let Some(at) = open.pop() {
        if at.join("seg-000001.jsonl").exists() {
            return at;
        }
        // What is applied meanwhile comes and goes.
        let inside = std::fs::read_dir(&at).into_iter().flatten().filter_map(Result::ok);
        open.extend(inside.filter(|it| it.file_type().is_ok_and(|it| it.is_dir())).map(|it| it.path()));
    }
    panic!("no journal below {}", dir.join("state").display())
}

fn go_to_item(term: &mut Term, text: &str) {
    term.press("6");
    term.see("[6 Checklist");
    term.press(&format!("/{text}"));
    term.see("1 of 18");
    term.press(ENTER);
    term.press("G");
}

#[test]
fn an_item_is_ticked_the_journal_says_so_and_its_replay_shows_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    go_to_item(&mut term, "Make the release notes");
    term.press(" ");
    term.see("✓ done");
    assert!(term.leave().success());
    assert_eq!(term.left_on(), Vec::<String>::new());

    let journal = journal(dir.path());
    let shown = printed(&["journal", "show", journal.to_str().unwrap()], dir.path());
    assert!(shown.contains("tick Make the release notes"), "{shown}");
    assert!(shown.lines().last().unwrap().contains("session ended"), "{shown}");
    printed(&["journal", "verify", journal.to_str().unwrap()], dir.path());

    let mut replay = Term::start(gonogo(&["replay", journal.to_str().unwrap()], dir.path()));
    replay.see("REPLAY");
    go_to_item(&mut replay, "Make the release notes");
    replay.see("✓ done");
    // Back over the seal and what else came after the tick, then over the tick, and forward again.
    let place = |screen: &str| screen.lines().find(|line| line.contains("paused")).map(str::to_owned);
    while !replay.screen().contains("⚑ open") {
        let before = place(&replay.screen());
        replay.press(",");
        replay.until("a step back", |screen| place(screen) != before);
    }
    replay.press(".");
    replay.see("✓ done");
    assert!(replay.leave().success());
    assert_eq!(replay.left_on(), Vec::<String>::new());
}

#[test]
fn on_a_full_disk_nothing_is_sent_until_the_journal_can_be_written_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    go_to_item(&mut term, "Make the release notes");
    let limit = |bytes| {
        let all = prlimit(Some(term.pid()), Resource::Fsize, Rlimit { current: bytes, maximum: None });
        all.unwrap();
    };
    limit(Some(512));
    term.press(" ");
    term.see("GROUNDED");
    assert!(!term.screen().contains("✓ done"), "{}", term.screen());
    limit_off(&term);
    term.press("r");
    term.until("no longer grounded", |screen| !screen.contains("GROUNDED"));
    term.press(" ");
    term.see("✓ done");
    assert!(term.leave().success());
    let journal = journal(dir.path());
    let shown = printed(&["journal", "show", journal.to_str().unwrap()], dir.path());
    assert_eq!(shown.matches("tick Make the release notes").count(), 1, "{shown}");
    printed(&["journal", "verify", journal.to_str().unwrap()], dir.path());
}

fn limit_off(term: &Term) {
    let none = Rlimit { current: None, maximum: None };
    prlimit(Some(term.pid()), Resource::Fsize, none).unwrap();
}

#[test]
fn ten_thousand_issues_open_and_page() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = Term::start(gonogo(
        &["demo", "--volume", "10000", "--dir", dir.path().to_str().unwrap()],
        dir.path(),
    ));
    term.see("Release Owner");
    term.press("2");
    // A quarter of them is in this milestone; the rest is in others, or pull requests.
    term.see("2541/2549");
    term.press("G");
    term.see("Done 2541");
    // The last group is opened, and its last row is on the screen.
    term.press(ENTER);
    term.press("G");
    term.until("the newest issue", |screen| {
        screen.lines().filter(|line| line.contains("#10255")).count() > 1
    });
    term.press("gg");
    term.see("Blockers 5");
    assert!(term.leave().success());
}

#[test]
fn a_process_with_repositories_beside_has_them_served() {
    for (process, beside) in [("dragonfly", "dragonflyoss/client"), ("kubesphere", "kubesphere/console")] {
        let dir = tempfile::tempdir().unwrap();
        let words = ["demo", "--process", process, "--dir", dir.path().to_str().unwrap()];
        let mut term = Term::start(gonogo(&words, dir.path()));
        term.see("api ");
        let text = || std::fs::read_to_string(journal(dir.path()).join("seg-000001.jsonl")).unwrap();
        term.meanwhile(beside, || text().contains(&format!("\"repo\":\"{beside}\"")));
        term.press("r");
        term.settle();
        assert!(!text().contains("\"obs.failed\""), "{}", text());
        assert!(!term.screen().contains("stale"), "{}", term.screen());
        assert!(term.leave().success());
    }
}

#[test]
fn another_clone_opens_on_its_own_release() {
    let bench = crate::cli::bench::Bench::new();
    let (clone, dir) = (bench.yard.path(), tempfile::tempdir().unwrap());
    // The preset's trunk is master; in this clone it has its other name.
    let args = ["demo", "--process", "crossplane", "--repo", clone.to_str().unwrap()];
    let mut term = Term::start(gonogo(&args, dir.path()));
    term.see("api ");
    term.press("4");
    term.see("main");
    term.see("release-1.0");
    assert!(term.screen().contains("v1."), "{}", term.screen());
    assert!(term.leave().success());
}

#[test]
fn another_clone_is_served_with_the_branches_of_the_remote_that_is_named() {
    let bench = crate::cli::bench::Bench::new();
    let (clone, dir) = (bench.yard.path(), tempfile::tempdir().unwrap());
    bench.yard.git(&["remote", "add", "mine", "https://github.com/me/widget.git"]);
    for (name, tip) in [("origin/main", "main"), ("mine/main", "main~1"), ("mine/release-1.7", "main")] {
        bench.yard.git(&["update-ref", &format!("refs/remotes/{name}"), tip]);
    }
    let play = |remote: &str| {
        let clone = clone.to_str().unwrap();
        gonogo(&["demo", "--process", "crossplane", "--repo", clone, "--remote", remote], dir.path())
    };
    let mut term = Term::start(play("mine"));
    term.see("api ");
    term.press("4");
    term.see("release-1.7");
    assert!(term.leave().success());
    let refused = play("nobodys").output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("no remote that is called nobodys"), "{said}");
}

#[test]
fn another_clone_is_played_by_its_own_process_or_by_what_it_shows() {
    let bench = crate::cli::bench::Bench::new();
    let (clone, dir) = (bench.yard.path(), tempfile::tempdir().unwrap());
    let play = || Term::start(gonogo(&["demo", "--repo", clone.to_str().unwrap()], dir.path()));
    let mut guessed = play();
    guessed.see("guessed from this clone");
    guessed.see("api ");
    // The line that the tags and branches show, and the milestone of its next release.
    guessed.see("release-1.0");
    guessed.press("2");
    guessed.see("Done 41");
    assert!(guessed.leave().success());
    let own = "[process]\npreset = \"crossplane\"\n[process.branches]\ntrunk = \"main\"\n";
    std::fs::write(clone.join("gonogo.toml"), own).unwrap();
    let mut written = play();
    written.see(&super::process::gate_title("crossplane", "branch-build"));
    written.see("api ");
    // Its milestones are called after the minor, and blockers by its own label.
    written.see("Milestone v1.0");
    written.see("5 open");
    assert!(!written.screen().contains("guessed"), "{}", written.screen());
    assert!(written.leave().success());
    assert!(bench.yard.git(&["status", "--porcelain"]).ends_with("gonogo.toml"), "the clone is as it was");
}
