//! Every way out leaves the terminal as it was; terminals that cannot show a full screen; nothing is written when
//! nothing may be.

use super::pty::{CTRL_Z, Term, gonogo};
use crate::git::yard::Yard;
use rustix::process::Signal;
use std::path::Path;
use std::process::Command;

/// A small repository, and the command that opens it, off every network.
pub fn repository() -> Yard {
    let yard = Yard::new();
    yard.commit("a", "1", "one");
    yard.git(&["tag", "v0.6.0"]);
    yard.git(&["branch", "release-0.6.x"]);
    yard
}

pub fn opening(yard: &Yard, more: &[&str]) -> Command {
    let path = yard.path();
    let mut args = vec!["open", path.to_str().unwrap(), "--release", "v0.6.2", "--process", "llama-stack"];
    args.extend(more);
    gonogo(&args, yard.root())
}

fn opened(yard: &Yard) -> Term {
    let mut term = Term::start(opening(yard, &[]));
    term.see("Go / no-go");
    term.see("session started");
    term
}

#[test]
fn a_signal_ends_it_in_good_order() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let yard = repository();
        let mut term = opened(&yard);
        assert!(!term.left_on().is_empty(), "the modes are set while it runs");
        term.signal(signal);
        assert!(term.end().success(), "{signal:?}");
        assert_eq!(term.left_on(), Vec::<String>::new(), "{signal:?}");
    }
}

#[test]
fn a_signal_at_the_first_frame_or_before_it_leaves_no_mode_on() {
    for signal in [Signal::TERM, Signal::HUP] {
        // The terminal is taken and nothing is drawn yet; the first frame is there; nothing was done at all.
        for wanted in ["\x1b[?1049h", "Overview", ""] {
            let yard = repository();
            let mut term = Term::start(opening(&yard, &[]));
            if !wanted.is_empty() {
                term.hear(wanted);
            }
            term.signal(signal);
            term.end();
            assert_eq!(term.left_on(), Vec::<String>::new(), "{signal:?} at {wanted:?}");
        }
    }
}

#[test]
fn suspended_it_gives_the_terminal_back_and_takes_it_again() {
    let yard = repository();
    let mut term = opened(&yard);
    term.press(CTRL_Z);
    term.stopped();
    assert_eq!(term.left_on(), Vec::<String>::new());
    term.signal(Signal::CONT);
    term.see("Go / no-go");
    assert!(!term.left_on().is_empty());
    assert!(term.leave().success());
    assert_eq!(term.left_on(), Vec::<String>::new());
}

#[test]
fn a_dumb_terminal_is_told_what_to_use_instead() {
    let yard = repository();
    let mut command = opening(&yard, &[]);
    command.env("TERM", "dumb");
    let mut term = Term::start(command);
    assert_eq!(term.end().code(), Some(2));
    let said = String::from_utf8_lossy(&term.raw).into_owned();
    assert!(said.contains("TERM=dumb") && said.contains("--accessible"), "{said}");
    assert!(!said.contains('\x1b'), "{said:?}");
}

#[test]
fn lines_for_screen_readers_hold_no_escape_sequence() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &["--accessible"]));
    term.hear("Type a row's number");
    term.press("checklist\r");
    term.hear("Checklist");
    term.press("quit\r");
    assert!(term.end().success());
    let said = String::from_utf8_lossy(&term.raw);
    assert!(!said.contains('\x1b'), "{said:?}");
    assert_eq!(said.matches("Checklist: ").count(), 1, "who leaves hears no rows again: {said}");
}

#[test]
fn a_release_that_was_never_opened_is_looked_at_and_nothing_is_journaled() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &["--read-only"]));
    term.see("never opened here");
    term.see("UNRECORDED");
    term.see("Go / no-go");
    term.see("release-0.6.x");
    term.press("4");
    term.see("[4 Branches");
    term.until("the lines", |screen| screen.matches("release-0.6.x").count() > 2);
    assert!(term.leave().success());
    let written = walk(&yard.root().join("state")).into_iter().filter(|path| path.ends_with(".jsonl"));
    assert_eq!(written.count(), 0);
}

/// The files under a directory.
pub fn walk(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path.display().to_string()] })
        .collect()
}

#[test]
fn read_only_refuses_every_key_that_writes() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &["--read-only"]));
    term.see("READ-ONLY");
    term.press("6");
    term.see("[6 Checklist");
    for key in [" ", "z"] {
        term.press(key);
        term.see("read-only");
    }
    assert!(term.leave().success());
}
