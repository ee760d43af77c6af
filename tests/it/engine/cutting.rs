//! A candidate is cut in the demo: what holds it up waived, the tag typed, killed at each step, made once.

use super::backport::{counts, text};
use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};
use crate::git::yard::put_script;
use rustix::process::Signal;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

pub const TAG: &str = "v4.6.2-rc.2";

/// Every step of the plan, in order.
const STEPS: [&str; 4] = ["tag.create", "tag.push", "release.draft", "release.publish"];

pub fn open(dir: &Path) -> Term {
    let words = ["demo", "--process", "kubesphere", "--dir", dir.to_str().unwrap()];
    let mut term = Term::start(gonogo(&words, dir));
    term.see("v4.6.2");
    term.see("api ");
    term
}

pub fn git(dir: &Path, words: &[&str]) -> String {
    #[expect(clippy::disallowed_methods, reason = "a test looks from outside")]
    let output = Command::new("git").current_dir(dir).args(words).output().unwrap();
    assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn releases(dir: &Path) -> Vec<Value> {
    releases_of(dir, TAG)
}

/// The releases of a tag that the forge keeps.
pub fn releases_of(dir: &Path, tag: &str) -> Vec<Value> {
    let Ok(forge) =
        serde_json::from_str::<Value>(&std::fs::read_to_string(dir.join("forge.json")).unwrap_or_default())
    else {
        return Vec::new();
    };
    let of_it = |it: &&Value| ["tag", "tag_name"].iter().any(|key| it[*key].as_str() == Some(tag));
    let all = forge["repositories"][0]["releases"].as_array().cloned().unwrap_or_default();
    all.iter().filter(of_it).cloned().collect()
}

/// Waives what holds the candidate up, types its tag, and goes.
fn begin(term: &mut Term) {
    type_tag(term);
    term.press(ENTER);
}

/// Waives what holds the candidate up, and types its tag: the next key goes.
pub fn type_tag(term: &mut Term) {
    term.press("7");
    term.see("[7 RC");
    term.see("next candidate");
    term.see("CI of the branch");
    while !term.screen().contains("conditions hold") {
        term.press("w");
        term.see("Why waive ");
        let screen = term.screen();
        let title = screen.split("Why waive ").nth(1).unwrap().split(" for v4").next().unwrap().to_owned();
        term.press("known, and tested by hand");
        term.press(ENTER);
        // The line of the journal is there before the cockpit has taken it in.
        term.see(&format!("override {title}"));
        term.settle();
    }
    term.press("C");
    term.see("Cut v4.6.2-rc.2 at ");
    term.see("What must hold: all ");
    term.press("6");
    term.see("git push --atomic");
    term.press(TAG);
    term.see("enter goes");
}

/// Waives on record whatever holds the final version up.
pub fn waive(term: &mut Term) {
    term.press("7");
    term.see("next candidate");
    term.see("CI of the branch");
    loop {
        term.press("w");
        term.until("an answer", |it| it.contains("Why waive ") || it.contains("nothing that can be waived"));
        let screen = term.screen();
        let Some(rest) = screen.split("Why waive ").nth(1) else { return };
        let title = rest.split(" for v4").next().unwrap().to_owned();
        term.press("known, and tested by hand");
        term.press(ENTER);
        term.see(&format!("override {title}"));
    }
}

/// Types the name of the final version: the next key goes.
pub fn type_final(term: &mut Term) {
    term.press("F");
    term.see("Cut v4.6.2 at ");
    term.press("6");
    term.see("Type v4.6.2 to go on");
    term.press("v4.6.2");
    term.see("enter goes");
}

pub fn done(dir: &Path, kind: &str) -> bool {
    let ok = |it: &str| it.contains(&format!("\"{kind}.outcome\"")) && it.contains("\"status\":\"ok\"");
    text(dir).lines().any(ok)
}

/// Exactly one tag, where it should be, and exactly one release of it, published.
fn is_cut_once(dir: &Path) {
    let origin = dir.join("origin.git");
    let tip = git(&origin, &["rev-parse", "refs/heads/release-4.6"]);
    assert_eq!(git(&origin, &["rev-parse", &format!("refs/tags/{TAG}^{{commit}}")]), tip);
    assert_eq!(git(&origin, &["cat-file", "-t", &format!("refs/tags/{TAG}")]), "tag", "it is annotated");
    let found = releases(dir);
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&one["draft"], &one["prerelease"]), (&Value::Bool(false), &Value::Bool(true)), "{one}");
    printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
}

#[test]
fn a_candidate_is_tagged_pushed_and_published_and_the_pane_says_how_far_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    begin(&mut term);
    term.meanwhile("the last step", || done(dir.path(), "release.publish"));
    term.see("✓ Prerelease  published");
    assert!(term.leave().success());
    is_cut_once(dir.path());
    assert_eq!(STEPS.map(|kind| counts(dir.path(), kind)), [[1, 1]; 4]);
    // Somebody deletes the tag: its number stays burned, as the journal of this clone knows.
    let clone = dir.path().join("widget");
    git(&dir.path().join("origin.git"), &["tag", "--delete", TAG]);
    git(&clone, &["tag", "--delete", TAG]);
    let words = ["next", clone.to_str().unwrap(), "--process", "kubesphere", "--line", "release-4.6"];
    assert!(printed(&words, dir.path()).contains(&format!("candidate {TAG}:")), "without the journal");
    let (state, usual) = (dir.path().join("state"), dir.path().join("elsewhere/gonogo"));
    std::fs::create_dir_all(usual.parent().unwrap()).unwrap();
    std::fs::rename(&state, &usual).unwrap();
    std::fs::rename(usual.parent().unwrap(), &state).unwrap();
    let said = printed(&words, dir.path());
    assert!(said.contains("candidate v4.6.2-rc.3: ") && said.contains("is burned"), "{said}");
}

#[test]
fn the_final_version_is_cut_from_the_candidate_and_published_by_a_step_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    waive(&mut term);
    type_final(&mut term);
    term.press(ENTER);
    term.meanwhile("the push", || done(dir.path(), "tag.push"));
    let origin = dir.path().join("origin.git");
    let commit = |tag: &str| git(&origin, &["rev-parse", &format!("refs/tags/{tag}^{{commit}}")]);
    assert_eq!(commit("v4.6.2"), commit("v4.6.2-rc.1"), "what was tested is what is released");
    assert_eq!(counts(dir.path(), "release.publish"), [0, 0], "nobody is told yet");
    term.see("✓ Push");
    term.press("P");
    term.see("Publish v4.6.2");
    term.press("v4.6.2");
    term.see("enter goes");
    term.press(ENTER);
    term.meanwhile("the publication", || done(dir.path(), "release.publish"));
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}

#[test]
fn killed_at_any_step_the_tag_and_the_release_are_made_once() {
    for kind in STEPS {
        for end in ["intent", "outcome"] {
            let dir = tempfile::tempdir().unwrap();
            let mut term = open(dir.path());
            begin(&mut term);
            let step = format!("\"kind\":\"{kind}.{end}\"");
            term.meanwhile(&step, || text(dir.path()).contains(&step));
            term.signal(Signal::KILL);
            term.end();
            go_on(dir.path());
            is_cut_once(dir.path());
        }
    }
}

/// Opens it again after a crash, and says go until it is published.
fn go_on(dir: &Path) {
    let mut term = open(dir);
    let settled = || STEPS.iter().all(|kind| counts(dir, kind)[0] <= counts(dir, kind)[1]);
    for _ in 0..6 {
        // The list of releases may be late, so a draft that is not in it stays in doubt for a while.
        let doubt = "still in doubt";
        term.until("what is in doubt to be looked for", |screen| settled() || screen.contains(doubt));
        if done(dir, "release.publish") {
            break;
        }
        let lines = text(dir);
        let stopped = lines.lines().find(|line| line.contains("\"status\":\"conflict\""));
        assert_eq!(stopped, None, "a plan that goes on meets nobody else");
        let ended = STEPS.map(|kind| counts(dir, kind)[1]);
        term.unfinished(&["it did not happen", "go on with"]);
        term.meanwhile("a step", || STEPS.map(|kind| counts(dir, kind)[1]) != ended);
    }
    assert!(done(dir, "release.publish"), "{}", text(dir));
    assert!(term.leave().success());
}

#[test]
fn a_branch_that_moved_since_it_was_approved_is_not_tagged() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    let origin = dir.path().join("origin.git");
    let tip = git(&origin, &["rev-parse", "refs/heads/release-4.6"]);
    let tree = git(&origin, &["rev-parse", "refs/heads/release-4.6^{tree}"]);
    let who = ["-c", "user.name=Cy", "-c", "user.email=cy@example.org"];
    let words = [&who[..], &["commit-tree", &tree, "-p", &tip, "-m", "one more"]].concat();
    let more = git(&origin, &words);
    // The cockpit has read the branch; somebody pushes before the last key, and no poll comes in between.
    type_tag(&mut term);
    git(&origin, &["update-ref", "refs/heads/release-4.6", &more]);
    term.press(ENTER);
    term.meanwhile("the refusal", || counts(dir.path(), "tag.create")[1] == 1);
    assert!(text(dir.path()).contains("has moved since it was approved"), "{}", text(dir.path()));
    assert_eq!(counts(dir.path(), "tag.push"), [0, 0]);
    assert!(git(&origin, &["tag", "--list", TAG]).is_empty());
    assert!(releases(dir.path()).is_empty());
    assert!(term.leave().success());
}

#[test]
fn a_tag_that_somebody_else_pushed_stops_hard() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    let origin = dir.path().join("origin.git");
    type_tag(&mut term);
    git(&origin, &["tag", TAG, "refs/heads/release-4.6~1"]);
    term.press(ENTER);
    term.meanwhile("the stop", || counts(dir.path(), "tag.create")[1] == 1);
    assert!(text(dir.path()).contains("a tag is never moved"), "{}", text(dir.path()));
    assert_eq!(counts(dir.path(), "tag.push"), [0, 0]);
    assert!(term.leave().success());
}

#[test]
fn a_push_that_a_hook_turns_away_waits_and_its_tag_is_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    let origin = dir.path().join("origin.git");
    std::fs::create_dir_all(origin.join("hooks")).unwrap();
    put_script(
        &origin.join("hooks/update"),
        "case $1 in refs/tags/*) echo tags are closed >&2; exit 1;; esac",
    );
    begin(&mut term);
    term.meanwhile("the refusal", || counts(dir.path(), "tag.push")[1] == 1);
    assert!(text(dir.path()).contains("tags are closed"), "{}", text(dir.path()));
    term.until("the notice", |screen| screen.lines().rev().take(3).any(|line| line.contains("refused")));
    term.press("z");
    term.see("Take back");
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
    term.meanwhile("the tag to go", || done(dir.path(), "tag.delete"));
    assert!(git(&dir.path().join("origin.git"), &["tag", "--list", TAG]).is_empty());
    assert_eq!(counts(dir.path(), "release.draft"), [0, 0]);
    assert!(term.leave().success());
}
