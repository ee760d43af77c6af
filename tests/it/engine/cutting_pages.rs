//! The plan that cuts a candidate is read page by page: what holds, what changes in files, the tag, the notes, every
//! call; a dry run is that plan and sends nothing.

use super::backport::{counts, text};
use super::cutting::{done, git};
use super::pty::{ENTER, Term, gonogo};
use std::path::{Path, PathBuf};

const TAG: &str = "v4.6.2-rc.2";

/// KubeSphere's process, which here writes the version into a file.
fn process(dir: &Path, value: &str) -> PathBuf {
    let path = dir.join("own.toml");
    let own = format!(
        "[process]\npreset = \"kubesphere\"\n[[process.cut.edits]]\nfile = \"pyproject.toml\"\nat = {{ toml = \"{value}\" }}\n"
    );
    std::fs::write(&path, own).unwrap();
    path
}

fn open(dir: &Path, value: &str, more: &[&str]) -> Term {
    let own = process(dir, value);
    let words = ["demo", "--process", own.to_str().unwrap(), "--dir", dir.to_str().unwrap()];
    let mut term = Term::start(gonogo(&[&words[..], more].concat(), dir));
    term.see("v4.6.2");
    term.see("api ");
    term.press("7");
    term.see("next candidate");
    term.see("CI of the branch");
    term
}

/// Waives what is in the way, and opens the plan.
fn plan(term: &mut Term) {
    while !term.screen().contains("conditions hold") {
        term.press("w");
        term.see("Why waive ");
        let screen = term.screen();
        let title = screen.split("Why waive ").nth(1).unwrap().split(" for v4").next().unwrap().to_owned();
        term.press("seen to by hand");
        term.press(ENTER);
        term.see(&format!("override {title}"));
    }
    term.press("C");
    term.see("[1 Ready]");
}

#[test]
fn each_page_shows_the_plan_that_is_sent() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path(), "project.version", &[]);
    plan(&mut term);
    term.see("What must hold: all ");
    term.see("the head of release-4.6");
    term.press("\t");
    term.see("[2 Files]");
    term.see("- version = \"4.6.2\"");
    term.see("+ version = \"4.6.2-rc.2\"");
    term.press("\t");
    term.see("[3 Tag]");
    term.see("tag.gpgSign");
    term.press(ENTER);
    term.see("[4 Notes]");
    term.see("published by this plan");
    term.press("5");
    term.see("[5 Steps]");
    term.see("--force-with-lease=refs/heads/release-4.6:");
    for _ in 0..20 {
        term.press("j");
    }
    term.see("PATCH /repos/octo/widget/releases/");
    // Back and forth: what was typed is not lost, and nothing has left.
    term.press("6");
    term.see(&format!("Type {TAG} to go on"));
    term.press("\x1b[Z");
    term.see("[5 Steps]");
    assert_eq!(counts(dir.path(), "version.bump"), [0, 0]);
    term.press("\t");
    term.see(&format!("Type {TAG} to go on"));
    term.press(TAG);
    term.see("enter goes");
    term.press(ENTER);
    term.meanwhile("the last step", || done(dir.path(), "release.publish"));
    assert!(term.leave().success());
    let origin = dir.path().join("origin.git");
    assert!(git(&origin, &["show", &format!("{TAG}:pyproject.toml")]).contains("version = \"4.6.2-rc.2\""));
    let before = git(&origin, &["show", &format!("{TAG}~1:pyproject.toml")]);
    assert!(before.contains("version = \"4.6.2\""), "one commit on top of what was approved: {before}");
}

#[test]
fn a_version_that_fits_into_no_file_is_said_on_its_page_and_not_sent() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path(), "project.release", &[]);
    plan(&mut term);
    term.press("2");
    term.see("the version cannot be written: ");
    term.press("6");
    term.see(&format!("Type {TAG} to go on"));
    term.press(TAG);
    term.see("enter goes");
    term.press(ENTER);
    term.see("✗ the version cannot be written");
    term.press("\x1b");
    term.settle();
    assert!(term.leave().success());
    assert!(!text(dir.path()).contains("\"version.bump."), "{}", text(dir.path()));
}

#[test]
fn a_dry_run_shows_the_same_pages_and_sends_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path(), "project.version", &["--dry-run"]);
    plan(&mut term);
    term.press("2");
    term.see("+ version = \"4.6.2-rc.2\"");
    term.press("6");
    term.see("DRY-RUN: it is shown, and nothing is sent");
    term.press(TAG);
    term.see("enter goes");
    term.press(ENTER);
    term.see("were shown and nothing was sent");
    assert!(term.leave().success());
    assert!(!text(dir.path()).contains("\"version.bump."));
    assert!(git(&dir.path().join("origin.git"), &["tag", "--list", TAG]).is_empty());
}
