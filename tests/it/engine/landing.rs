//! Picks on their way to a line by a push: killed at each step, turned away by the server, resolved in a shell, left
//! out; from a line to the trunk; by the remote that was chosen.

use super::backport::{answer, counts, open_with, pulls, stop_at_conflict, text};
use super::demo::{journal, open, printed};
use super::pty::{ENTER, Term, gonogo};
use crate::git::yard::put_script;
use rustix::process::Signal;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs git in a directory, and gives what it wrote.
pub fn git(dir: &Path, words: &[&str]) -> String {
    #[expect(clippy::disallowed_methods, reason = "a test does what a colleague would")]
    let mut command = Command::new("git");
    command
        .current_dir(dir)
        .args(words)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Cy").env(format!("GIT_{who}_EMAIL"), "cy@example.org");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// Lets a bare repository write down what it receives.
pub fn watch(bare: &Path) {
    std::fs::create_dir_all(bare.join("hooks")).unwrap();
    put_script(&bare.join("hooks/post-receive"), "cat >> received");
}

/// What a bare repository has received: old and new commit, and the name of the ref.
pub fn received(bare: &Path) -> Vec<[String; 3]> {
    let text = std::fs::read_to_string(bare.join("received")).unwrap_or_default();
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
    text.lines().map(words).collect()
}

/// Accepts the first pick that applies, and says go to the plan that pushes it.
fn begin(term: &mut Term) {
    term.press("5");
    term.see("[5 Picks");
    term.see("To decide");
    term.see("clean");
    term.press("n");
    term.press("a");
    term.see("Accepted, to apply");
    apply(term);
}

/// Says go to the plan that applies the pick that was accepted.
pub fn apply(term: &mut Term) {
    term.press("A");
    term.see("Apply 1 pick to ");
    let screen = term.screen();
    let line = screen.split("Apply 1 pick to ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    term.see("git cherry-pick -x");
    term.press(&line);
    term.see("enter goes");
    term.press(ENTER);
}

pub fn pushed(dir: &Path) -> bool {
    let ok = |it: &str| it.contains("\"ref.push.outcome\"") && it.contains("\"status\":\"ok\"");
    text(dir).lines().any(ok)
}

/// Opens it again after a crash, and says go until it is pushed.
fn go_on(dir: &Path) {
    let mut term = open(dir);
    let settled = || {
        ["pick.apply", "ref.push"].iter().all(|kind| {
            let [begun, ended] = counts(dir, kind);
            begun <= ended
        })
    };
    for _ in 0..4 {
        term.meanwhile("what is in doubt to be looked for", settled);
        if pushed(dir) {
            break;
        }
        let ended = counts(dir, "ref.push")[1];
        term.unfinished(&["go on with"]);
        term.meanwhile("the push", || counts(dir, "ref.push")[1] > ended);
    }
    assert!(pushed(dir), "{}", text(dir));
    assert!(term.leave().success());
}

#[test]
fn killed_at_any_step_the_line_is_pushed_once_and_by_one_commit() {
    for step in ["pick.apply.intent", "pick.apply.outcome", "ref.push.intent", "ref.push.outcome"] {
        let dir = tempfile::tempdir().unwrap();
        let mut term = open(dir.path());
        let origin = dir.path().join("origin.git");
        watch(&origin);
        begin(&mut term);
        term.meanwhile(step, || text(dir.path()).contains(&format!("\"kind\":\"{step}\"")));
        term.signal(Signal::KILL);
        term.end();
        go_on(dir.path());
        let got = received(&origin);
        let [[old, new, name]] = &got[..] else { panic!("{step}: {got:?}") };
        assert!(name.starts_with("refs/heads/"), "{name}");
        assert_eq!(git(&origin, &["rev-list", "--count", &format!("{old}..{new}")]), "1", "{step}");
        assert_eq!(git(&origin, &["rev-parse", name]), *new);
        printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
    }
}

/// A push that is refused before anything is received, and goes through once a file is there.
fn refused(bare: &Path, clone: &Path, setup: impl Fn(&Path), said: &str) {
    let dir = bare.parent().unwrap();
    let mut term = open(dir);
    watch(bare);
    setup(clone);
    begin(&mut term);
    let ended = || counts(dir, "ref.push")[1];
    term.meanwhile("the refusal", || ended() == 1);
    assert!(text(dir).contains(said), "{}", text(dir));
    assert!(!pushed(dir) && received(bare).is_empty());
    std::fs::write(dir.join("allowed"), "").unwrap();
    // The line of the journal is there before the cockpit has taken it in, which it says below the panes.
    term.until("the notice", |screen| screen.lines().rev().take(3).any(|line| line.contains("refused")));
    term.press("c");
    term.see("go on, on the terminal");
    term.press(ENTER);
    term.meanwhile("the push", || ended() == 2);
    assert!(pushed(dir), "{}", text(dir));
    assert_eq!(received(bare).len(), 1);
    assert_eq!(counts(dir, "pick.apply"), [1, 1], "what was applied is not applied again");
    assert!(term.leave().success());
    let left = std::fs::read_dir(dir.join("state/applying")).unwrap().count();
    assert_eq!(left, 0, "the worktree is gone");
    printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
}

#[test]
fn a_push_that_the_server_refuses_waits_and_goes_on_where_it_stood() {
    let dir = tempfile::tempdir().unwrap();
    let bare = dir.path().join("origin.git");
    let hook = |_: &Path| {
        let body = "[ -e ../allowed ] || { echo 'the tree is closed today' >&2; exit 1; }";
        put_script(&bare.join("hooks/pre-receive"), body);
    };
    refused(&bare, &dir.path().join("widget"), hook, "the tree is closed today");
}

#[test]
fn a_push_whose_credentials_are_refused_waits_and_goes_on_where_it_stood() {
    let dir = tempfile::tempdir().unwrap();
    let bare = dir.path().join("origin.git");
    let ssh = |clone: &Path| {
        let script = dir.path().join("ssh");
        let (allowed, at) = (dir.path().join("allowed"), bare.display());
        let body = format!(
            "[ -e {} ] || {{ echo 'git@forge.invalid: Permission denied (publickey).' >&2; exit 255; }}\nexec git receive-pack {at}",
            allowed.display()
        );
        put_script(&script, &body);
        git(clone, &["config", "core.sshCommand", script.to_str().unwrap()]);
        git(clone, &["config", "ssh.variant", "simple"]);
        git(clone, &["config", "remote.origin.pushurl", "ssh://git@forge.invalid/octo/widget.git"]);
    };
    refused(&bare, &dir.path().join("widget"), ssh, "the remote did not let us in");
}

/// Ends the cockpit in good order and opens it again on its picks.
fn next_day(mut term: Term, dir: &Path) -> Term {
    term.signal(Signal::TERM);
    assert!(term.end().success());
    let mut term = open(dir);
    term.press("5");
    term.see("To decide");
    term
}

#[test]
fn a_conflict_is_resolved_in_a_shell_and_gone_on_with_on_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let shell = dir.path().join("shell");
    let body = "git diff --name-only --diff-filter=U | while read -r it; do\n\
                sed -i -e '/^<<<<<<< /d' -e '/^=======$/d' -e '/^>>>>>>> /d' \"$it\"; git add --sparse \"$it\"\n\
                done\npwd > \"$HOME/where\"\nexit 3";
    put_script(&shell, body);
    let mut term = open_with(dir.path(), &[("SHELL", shell.to_str().unwrap())]);
    let origin = dir.path().join("origin.git");
    watch(&origin);
    stop_at_conflict(&mut term);
    term.see("c edits it");
    term.press("c");
    term.see("stopped at 1 of 1");
    term.press("open a shell");
    term.press(ENTER);
    term.see("c goes on with the picks");
    let place = PathBuf::from(std::fs::read_to_string(dir.path().join("where")).unwrap().trim());
    term.see("c edits it");
    assert!(place.starts_with(dir.path().join("state/applying").canonicalize().unwrap()), "{place:?}");
    let mut term = next_day(term, dir.path());
    term.see("resolving");
    answer(&mut term, "on the terminal");
    term.meanwhile("the resolution", || text(dir.path()).contains("1 resolved by hand"));
    let mut term = next_day(term, dir.path());
    assert!(received(&origin).is_empty(), "nothing is pushed before it was shown");
    term.press("c");
    term.see("git push --atomic");
    term.press(ENTER);
    term.meanwhile("the push", || pushed(dir.path()));
    assert_eq!(received(&origin).len(), 1);
    assert!(term.leave().success());
}

#[test]
fn a_conflict_that_is_left_out_leaves_nothing_to_push() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    stop_at_conflict(&mut term);
    answer(&mut term, "skip");
    term.meanwhile("the end of it", || text(dir.path()).contains("1 left out"));
    term.until("no flag", |screen| !screen.contains("resolving"));
    assert!(term.leave().success());
    assert!(!text(dir.path()).contains("\"ref.push.intent\""), "{}", text(dir.path()));
    let mut again = open(dir.path());
    let left = || std::fs::read_dir(dir.path().join("state/applying")).unwrap().count();
    again.meanwhile("its worktree is swept away", || left() == 0);
    assert!(again.leave().success());
}

/// A demo in which fixes may be made on a line first, with such a fix on one. The line, the trunk, and the arguments.
fn fixed_on_a_line(dir: &Path) -> (String, String) {
    let mut term = Term::start(gonogo(&forward(dir), dir));
    term.see("api ");
    assert!(term.leave().success());
    let origin = dir.join("origin.git");
    let lines = git(
        &origin,
        &["for-each-ref", "--sort=-version:refname", "--format=%(refname:short)", "refs/heads/release-*"],
    );
    let line = lines.lines().next().unwrap().to_owned();
    let trunk = git(&origin, &["symbolic-ref", "--short", "HEAD"]);
    git(dir, &["clone", "-q", "-b", &line, "origin.git", "other"]);
    let other = dir.join("other");
    std::fs::create_dir_all(other.join("internal")).unwrap();
    std::fs::write(other.join("internal/hotfix.go"), "package internal\n").unwrap();
    git(&other, &["add", "."]);
    git(&other, &["commit", "-q", "-m", "Hold the lock while the cache is filled"]);
    git(&other, &["push", "-q", "origin", "HEAD"]);
    (line, trunk)
}

fn forward(dir: &Path) -> [&str; 5] {
    ["demo", "--process", "crossplane", "--dir", dir.to_str().unwrap()]
}

/// Opens that demo and accepts the fix for the trunk.
fn accept_for_trunk(dir: &Path, trunk: &str) -> Term {
    let mut term = Term::start(gonogo(&forward(dir), dir));
    term.see("api ");
    term.press("5");
    term.see("[5 Picks");
    term.see("To decide");
    let shown = |screen: &str| {
        screen.split("▌ Picks → ").nth(1).map(|rest| rest.split(' ').next().unwrap().to_owned())
    };
    while shown(&term.screen()).as_deref() != Some(trunk) {
        let before = shown(&term.screen());
        term.press("b");
        term.until("the next line", |screen| shown(screen).is_some() && shown(screen) != before);
    }
    term.see("Hold the lock");
    term.press("/Hold the lock");
    term.see("1 of ");
    term.press(ENTER);
    term.press("G");
    term.press("a");
    term.see("accepted · predicted");
    term
}

#[test]
fn a_fix_made_on_a_line_is_carried_to_the_trunk_by_push_or_by_pull_request() {
    for by_pull in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let (_, trunk) = fixed_on_a_line(dir.path());
        let origin = dir.path().join("origin.git");
        watch(&origin);
        let before = git(&origin, &["rev-parse", &trunk]);
        let mut term = accept_for_trunk(dir.path(), &trunk);
        if by_pull {
            term.press("B");
            term.see("Open 1 backport pull request");
            term.see(&format!("into {trunk}"));
            term.press("\t");
            term.see("[ Go ]");
            term.press(ENTER);
            term.meanwhile("the pull request", || text(dir.path()).contains("\"pull.open.outcome\""));
            assert_eq!(pulls(dir.path()).len(), 1);
            assert_eq!(git(&origin, &["rev-parse", &trunk]), before);
        } else {
            apply(&mut term);
            term.meanwhile("the push", || pushed(dir.path()));
            let [[old, new, name]] = &received(&origin)[..] else { panic!("{:?}", received(&origin)) };
            assert_eq!((old, name), (&before, &format!("refs/heads/{trunk}")));
            let said = git(&origin, &["log", "-1", "--format=%B", new]);
            assert!(said.contains("Hold the lock") && said.contains("cherry picked from commit"), "{said}");
        }
        assert!(term.leave().success());
    }
}

#[test]
fn a_commit_that_is_not_in_the_clone_is_fetched_by_a_key() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    let (origin, clone) = (dir.path().join("origin.git"), dir.path().join("widget"));
    git(dir.path(), &["clone", "-q", "origin.git", "other"]);
    let other = dir.path().join("other");
    std::fs::write(other.join("hidden"), "1\n").unwrap();
    git(&other, &["add", "hidden"]);
    git(&other, &["commit", "-q", "-m", "What nobody merged"]);
    git(&other, &["push", "-q", "origin", "HEAD:refs/keep/one"]);
    git(&origin, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let commit = git(&other, &["rev-parse", "HEAD"]);
    term.press("5");
    term.see("To decide");
    term.press("=");
    term.see("Add to the queue");
    term.press(&commit);
    term.press(ENTER);
    let added = || text(dir.path()).contains(&format!("\"{commit}\""));
    term.meanwhile("the pick", added);
    term.press(&format!("/{}", &commit[..7]));
    term.see("1 of ");
    term.press(ENTER);
    term.press("G");
    term.see("not in this clone");
    term.press("r");
    term.until("what it comes to", |screen| {
        screen.contains("✓ clean") && !screen.contains("not in this clone")
    });
    assert_eq!(git(&clone, &["log", "-1", "--format=%s", &commit]), "What nobody merged");
    assert!(term.leave().success());
}

#[test]
fn it_is_pushed_to_the_remote_that_was_chosen() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    assert!(term.leave().success());
    git(dir.path(), &["clone", "-q", "--bare", "origin.git", "other.git"]);
    let [origin, other] = ["origin.git", "other.git"].map(|name| dir.path().join(name));
    watch(&origin);
    watch(&other);
    let clone = dir.path().join("widget");
    // A remote of this name comes first unless another is chosen.
    git(&clone, &["remote", "add", "upstream", other.to_str().unwrap()]);
    let args = ["open", "widget", "--release", "v0.6.2", "--process", "llama-stack", "--remote", "origin"];
    let mut command = gonogo(&args, dir.path());
    command.env("GONOGO_STATE_DIR", dir.path().join("state"));
    let mut term = Term::start(command);
    begin(&mut term);
    term.meanwhile("the push", || pushed(dir.path()));
    assert!(term.leave().success());
    assert_eq!((received(&origin).len(), received(&other).len()), (1, 0));
}
