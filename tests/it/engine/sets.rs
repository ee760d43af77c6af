//! A set of three lines in the demo: on record in each journal, one overview, from one release to another at the same
//! terminal, the lowest first.

use super::demo::printed;
use super::leaving::{opening, repository, walk};
use super::pty::{ENTER, Term, gonogo};
use rustix::process::Signal;
use serde_json::Value;
use std::path::{Path, PathBuf};

const SET: [&str; 3] = ["v0.4.2", "v0.5.2", "v0.6.2"];

fn open(dir: &Path, more: &[&str]) -> Term {
    let mut words = vec!["demo", "--process", "llama-stack", "--dir", dir.to_str().unwrap()];
    words.extend(more);
    Term::start(gonogo(&words, dir))
}

/// Opens the set, named in another order than its own.
fn begin(dir: &Path) -> Term {
    let mut term = open(dir, &["--set", "v0.6.2,v0.4.2,v0.5.2"]);
    at(&mut term, "v0.4.2", 1);
    term.meanwhile("the set on record", || SET.iter().all(|name| chosen(dir, name) == 1));
    term
}

/// Waits until a release is driven and read.
fn at(term: &mut Term, name: &str, place: usize) {
    let place = format!("{place} of 3 in the set");
    term.until(name, |screen| {
        let bar = screen.lines().next().unwrap_or_default();
        bar.contains(name) && bar.contains(&place) && bar.contains("api ")
    });
}

/// The journal of one release.
fn journal(dir: &Path, release: &str) -> Option<PathBuf> {
    let part = format!("/{release}/");
    let found = walk(&dir.join("state")).into_iter().map(|path| path.to_string());
    found.filter(|path| path.contains(&part) && path.ends_with("seg-000001.jsonl")).map(PathBuf::from).next()
}

fn text(dir: &Path, release: &str) -> String {
    journal(dir, release).and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default()
}

/// How often a set was chosen on record of a release.
fn chosen(dir: &Path, release: &str) -> usize {
    text(dir, release).matches("\"kind\":\"set.choose\"").count()
}

/// Opens the overview and waits until every journal is read.
fn overview(term: &mut Term) {
    term.press("gs");
    term.see("Set of 3 releases");
    term.until("the journals", |screen| !screen.contains("is being read"));
}

fn close(term: &mut Term) {
    term.press("\u{1b}");
    term.until("no overview", |screen| !screen.contains("Set of 3 releases"));
}

/// Goes from the release that is open to another, so many rows further down.
fn go(term: &mut Term, keys: &str, name: &str, place: usize) {
    overview(term);
    term.press(keys);
    term.press(ENTER);
    at(term, name, place);
    term.until("no overview", |screen| !screen.contains("Set of 3 releases"));
}

/// Waives all that is in the way of the final version.
fn waive(term: &mut Term, name: &str) {
    term.press("7");
    term.see("[7 RC");
    term.see("next final version");
    loop {
        term.press("w");
        term.until("an answer", |it| it.contains("Why waive ") || it.contains("nothing that can be waived"));
        let screen = term.screen();
        let Some(rest) = screen.split("Why waive ").nth(1) else { return };
        let gate = rest.split(&format!(" for {name}")).next().unwrap().to_owned();
        term.press("known, and seen to by hand");
        term.press(ENTER);
        term.until(&gate, |it| it.contains(&format!("override {gate}")) || it.contains("it is GO already"));
        if term.screen().contains("it is GO already") {
            term.press("\u{1b}");
            term.until("the prompt is closed", |it| !it.contains("Why waive "));
        }
    }
}

/// Cuts the final version of the release that is open.
fn cut(term: &mut Term, dir: &Path, name: &str) {
    waive(term, name);
    term.press("F");
    term.see(&format!("Cut {name} at "));
    while !term.screen().contains(&format!("Type {name} to go on")) {
        term.press("\t");
        term.settle();
    }
    term.press(name);
    term.see("enter goes");
    term.press(ENTER);
    term.meanwhile("the push", || done(dir, name, "tag.push"));
    term.see("✓ Push");
}

fn done(dir: &Path, release: &str, kind: &str) -> bool {
    let kind = format!("\"kind\":\"{kind}.outcome\"");
    text(dir, release).lines().any(|line| line.contains(&kind) && line.contains("\"status\":\"ok\""))
}

/// Leaves, and has every journal verified.
fn leave(mut term: Term, dir: &Path) {
    assert!(term.leave().success());
    assert_eq!(term.left_on(), Vec::<String>::new());
    for name in SET {
        let journal = journal(dir, name).unwrap();
        printed(&["journal", "verify", journal.to_str().unwrap()], dir);
    }
}

#[test]
fn a_set_is_on_record_in_each_release_and_the_terminal_stays_from_one_to_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = begin(dir.path());
    for name in SET {
        assert!(text(dir.path(), name).contains(r#"{"releases":["v0.4.2","v0.5.2","v0.6.2"]}"#), "{name}");
    }
    overview(&mut term);
    term.until("never blank", |screen| screen.matches("not opened yet").count() >= 2);
    close(&mut term);
    go(&mut term, "G", "v0.6.2", 3);
    let taken = |raw: &[u8]| String::from_utf8_lossy(raw).matches("\u{1b}[?1049").count();
    assert_eq!(taken(&term.raw), 1, "the terminal was taken once and never given back");
    // The tab stays, and what this sitting saw of the first is told with its age.
    overview(&mut term);
    term.until("what is known of the first", |screen| {
        let row = screen.lines().find(|line| line.contains("v0.4.2 "));
        row.is_some_and(|row| row.contains("NO-GO") || row.contains("HOLD"))
    });
    close(&mut term);
    go(&mut term, "k", "v0.5.2", 2);
    assert_eq!(SET.map(|name| chosen(dir.path(), name)), [1; 3], "it is said once");
    leave(term, dir.path());
    for name in SET {
        assert!(text(dir.path(), name).lines().last().unwrap().contains("journal.seal"), "{name}");
    }
}

#[test]
fn the_lowest_is_cut_first_and_the_next_follows_and_neither_becomes_the_latest() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = begin(dir.path());
    cut(&mut term, dir.path(), "v0.4.2");
    term.see("drafted; P publishes it");
    term.press("P");
    term.see("Publish v0.4.2");
    term.press("v0.4.2");
    term.see("enter goes");
    term.press(ENTER);
    term.meanwhile("the publication", || done(dir.path(), "v0.4.2", "release.publish"));
    let lines = text(dir.path(), "v0.4.2");
    let sent = lines.lines().find(|line| line.contains("\"release.publish.intent\"")).unwrap();
    assert!(sent.contains("\"latest\":false"), "{sent}");
    term.until("the write has ended", |screen| screen.contains("✓ Release") || screen.contains("published"));
    go(&mut term, "j", "v0.5.2", 2);
    term.press("7");
    term.see("next final version");
    term.until("the order holds", |screen| !screen.contains("first in the set"));
    cut(&mut term, dir.path(), "v0.5.2");
    assert!(!text(dir.path(), "v0.5.2").contains("gonogo:set-order"), "nothing was waived of the order");
    overview(&mut term);
    term.until("two final", |screen| screen.contains("2 final"));
    close(&mut term);
    leave(term, dir.path());
}

#[test]
fn out_of_turn_it_is_refused_on_record_until_somebody_waives_the_order_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = begin(dir.path());
    go(&mut term, "G", "v0.6.2", 3);
    term.press("7");
    term.see("Order of the set: v0.4.2 and");
    term.press("F");
    let refused = || {
        text(dir.path(), "v0.6.2")
            .lines()
            .any(|it| it.contains("\"refused\"") && it.contains("Order of the set"))
    };
    term.meanwhile("the refusal", refused);
    assert!(!term.screen().contains("to go on"), "{}", term.screen());
    term.press("w");
    term.see("Why waive Order of the set for v0.6.2?");
    term.press(ENTER);
    term.see("a reason is needed");
    term.press("v0.4.2 is given up");
    term.press(ENTER);
    term.see("override Order of the set");
    let lines = text(dir.path(), "v0.6.2");
    let waived = lines.lines().find(|line| line.contains("\"gate.override\"")).unwrap();
    assert!(waived.contains("gonogo:set-order") && waived.contains("v0.4.2 is given up"), "{waived}");
    term.until("the order is no condition any more", |screen| !screen.contains("NO-GO Order of the set"));
    leave(term, dir.path());
}

#[test]
fn a_release_that_is_given_up_is_said_in_the_set_and_the_next_need_not_wait() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = begin(dir.path());
    term.press("gd");
    term.see("What is to be said?");
    term.press("given up");
    term.press(ENTER);
    term.see("Why is v0.4.2 given up?");
    term.press("nobody runs it any more");
    term.press(ENTER);
    let said = |name: &str, kind: &str| text(dir.path(), name).contains(&format!("\"kind\":\"{kind}\""));
    term.meanwhile("the record", || said("v0.4.2", "release.abandon"));
    term.press("7");
    term.see("no candidate: the release is given up");
    go(&mut term, "j", "v0.5.2", 2);
    overview(&mut term);
    term.until("one given up", |screen| screen.contains("1 given up"));
    term.meanwhile("the record of the next", || said("v0.5.2", "obs.set"));
    close(&mut term);
    cut(&mut term, dir.path(), "v0.5.2");
    assert!(!text(dir.path(), "v0.5.2").contains("gonogo:set-order"), "nothing was waived of the order");
    // Gone back to once nothing is being written, it goes on after all, and is waited for again.
    term.meanwhile("the draft", || done(dir.path(), "v0.5.2", "release.draft"));
    term.settle();
    go(&mut term, "k", "v0.4.2", 1);
    term.press("z");
    term.meanwhile("the undo", || said("v0.4.2", "undo"));
    go(&mut term, "G", "v0.6.2", 3);
    overview(&mut term);
    term.until("none given up", |screen| screen.contains("Set of 3") && !screen.contains("given up"));
    close(&mut term);
    term.press("7");
    term.see("Order of the set: v0.4.2 comes");
    leave(term, dir.path());
}

#[test]
fn killed_at_any_moment_the_set_is_still_there() {
    let dir = tempfile::tempdir().unwrap();
    // On record in one, and perhaps not in the others yet: the next session sees to that.
    let mut term = open(dir.path(), &["--set", "v0.4.2,v0.5.2,v0.6.2"]);
    term.meanwhile("the set on record", || chosen(dir.path(), "v0.4.2") == 1);
    term.signal(Signal::KILL);
    term.end();
    let mut term = open(dir.path(), &["--release", "v0.4.2"]);
    at(&mut term, "v0.4.2", 1);
    term.meanwhile("the set on record", || SET.iter().all(|name| chosen(dir.path(), name) == 1));
    assert!(term.leave().success());
    // Before the first frame, with it, while the set is put on record in the others, while another is gone to.
    for moment in ["", "\u{1b}[?1049h", "in the set", "gs"] {
        let mut term = open(dir.path(), &["--set", "v0.4.2,v0.5.2,v0.6.2"]);
        match moment {
            "gs" => {
                at(&mut term, "v0.4.2", 1);
                overview(&mut term);
                term.press("G\r");
            }
            "" => {}
            text => term.hear(text),
        }
        term.signal(Signal::KILL);
        term.end();
    }
    for (place, name) in (1..).zip(SET) {
        let mut term = open(dir.path(), &["--release", name]);
        at(&mut term, name, place);
        overview(&mut term);
        for other in SET {
            term.see(other);
        }
        close(&mut term);
        assert!(term.leave().success());
    }
}

#[test]
fn a_release_that_another_cockpit_has_open_says_so_and_is_followed() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = begin(dir.path());
    let mut other = open(dir.path(), &["--release", "v0.5.2"]);
    at(&mut other, "v0.5.2", 2);
    overview(&mut term);
    term.press("r");
    term.see("open in another cockpit (pid ");
    term.press("j");
    term.press(ENTER);
    term.until("read-only", |screen| {
        let bar = screen.lines().next().unwrap_or_default();
        bar.contains("v0.5.2") && bar.contains("READ-ONLY")
    });
    overview(&mut term);
    term.press("k");
    term.press(ENTER);
    at(&mut term, "v0.4.2", 1);
    assert!(other.leave().success());
    overview(&mut term);
    term.press("r");
    term.until("nobody else", |screen| !screen.contains("open in another cockpit"));
    close(&mut term);
    leave(term, dir.path());
}

#[test]
fn in_lines_the_releases_are_numbered_and_a_number_goes_to_one() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &["--accessible", "--set", "v0.6.2,v0.7.0"]));
    term.hear("v0.6.2 ");
    term.hear("1 of 2 in the set");
    term.hear("Type a row's number");
    term.press("set\r");
    term.hear("1. v0.6.2 (here)");
    term.hear("2. v0.7.0");
    term.press("2\r");
    term.hear("v0.7.0 ");
    term.hear("2 of 2 in the set");
    term.press("quit\r");
    assert!(term.end().success());
}

#[test]
fn a_set_is_left_in_every_release_of_it() {
    let yard = repository();
    let on_record = |words: &str| {
        let all = walk(&yard.root().join("state"));
        let journals = all.iter().filter(|path| path.ends_with(".jsonl"));
        journals.filter(|path| std::fs::read_to_string(path).unwrap().contains(words)).count()
    };
    let mut term = Term::start(opening(&yard, &["--set", "v0.6.2,v0.7.0"]));
    term.see("1 of 2 in the set");
    term.meanwhile("the set on record", || on_record(r#"{"releases":["v0.6.2","v0.7.0"]}"#) == 2);
    assert!(term.leave().success());
    let mut term = Term::start(opening(&yard, &["--set", "none"]));
    term.see("session started");
    term.meanwhile("left on record", || on_record(r#"{"releases":[]}"#) == 2);
    term.until("no set in the bar", |screen| !screen.contains("in the set"));
    assert!(term.leave().success());
}

#[test]
fn who_only_looks_on_sees_the_set_and_records_nothing() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &["--read-only", "--set", "v0.6.2,v0.7.0"]));
    term.see("1 of 2 in the set");
    term.press("gs");
    term.see("not opened yet");
    term.press("j");
    term.press(ENTER);
    term.see("2 of 2 in the set");
    assert!(term.leave().success());
    let journals = walk(&yard.root().join("state")).iter().filter(|path| path.ends_with(".jsonl")).count();
    assert_eq!(journals, 0);
}

/// What the binary prints and how it ends, off every terminal.
fn run(yard: &crate::git::yard::Yard, command: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let path = yard.path();
    let mut words = vec![command, path.to_str().unwrap(), "--process", "llama-stack"];
    words.extend(more);
    let output = gonogo(&words, yard.root()).stdin(std::process::Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_set_that_is_none_is_refused_with_what_to_write() {
    let yard = repository();
    for (set, why) in [
        ("v0.6.2", "two releases or more"),
        ("v0.6.2,v0.6.2", "named twice"),
        ("v0.6.2,banana", "names no release"),
        ("v0.6.2,--force", "names no release"),
        ("v0.6.2,v0.7", "v0.7"),
    ] {
        let (code, _, err) = run(&yard, "open", &["--set", set]);
        assert_eq!(code, Some(2), "{set}: {err}");
        assert!(err.contains(why), "{set}: {err}");
    }
    let (code, _, err) = run(&yard, "open", &["--set", "v0.6.2,v0.7.0", "--release", "v0.8.0"]);
    assert!(code == Some(2) && err.contains("none of the set"), "{err}");
}

#[test]
fn without_a_value_the_next_patch_of_each_line_is_proposed() {
    let yard = repository();
    for (branch, tag) in [("release-0.6.x", "v0.6.1"), ("release-0.5.x", "v0.5.3")] {
        yard.git(&["checkout", "-q", "-B", branch]);
        yard.git(&["tag", tag]);
        yard.commit("b", branch, "fix: mend it");
    }
    let (code, _, err) = run(&yard, "open", &["--set"]);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("--set v0.5.4,v0.6.2"), "{err}");
    assert!(err.contains("release-0.5.x"), "{err}");
    // At a terminal it is asked.
    let path = yard.path();
    let words = ["open", path.to_str().unwrap(), "--process", "llama-stack", "--set"];
    let mut term = Term::start(gonogo(&words, yard.root()));
    term.see("Enter for v0.5.4,v0.6.2");
    term.press("\r");
    term.see("1 of 2 in the set");
    assert!(term.leave().success());
}

#[test]
fn status_tells_of_the_whole_set_and_go_only_when_all_are() {
    let yard = repository();
    let (code, out, err) = run(&yard, "status", &["--set", "v0.7.0,v0.6.2", "--json"]);
    assert_eq!(code, Some(1), "{err}");
    let value: Value = serde_json::from_str(&out).unwrap();
    let releases = value["releases"].as_array().unwrap();
    let names: Vec<_> = releases.iter().map(|it| it["release"].as_str().unwrap()).collect();
    assert_eq!(names, ["v0.6.2", "v0.7.0"]);
    assert_eq!(releases[0]["line"], "release-0.6.x");
    assert!(releases[1]["in_the_way"].is_string() && releases[0]["gates"].is_array(), "{value:#}");
    let (code, out, _) = run(&yard, "status", &["--set", "v0.7.0,v0.6.2"]);
    assert_eq!(code, Some(1));
    let rows: Vec<_> = out.lines().filter(|line| line.starts_with('v')).collect();
    assert!(rows[0].starts_with("v0.6.2 ") && rows[1].starts_with("v0.7.0 "), "{out}");
    let journals = walk(yard.root()).iter().filter(|path| path.ends_with(".jsonl")).count();
    assert_eq!(journals, 0, "nothing is written");
    let (code, _, err) = run(&yard, "status", &["--set", "--release", "v0.6.2"]);
    assert!(code == Some(2) && err.contains("is in no set"), "{err}");
}
