//! The process is changed in mid-release: it is shown, nothing changes until a person decides, and the decision stays.

use super::demo::{journal, printed};
use super::leaving::{opening, repository};
use super::pty::{ENTER, Term, gonogo};
use crate::git::yard::Yard;

#[test]
fn another_process_is_shown_and_taken_by_a_decision_on_record() {
    let yard = repository();
    let other = with_another(&yard);
    let mut term = start(&yard, &other);
    decide(&mut term, "take", "we follow crossplane now");
    assert!(term.leave().success());
    let shown = printed(&["journal", "show", journal(yard.root()).to_str().unwrap()], yard.root());
    assert!(shown.contains("process changed") && shown.contains("we follow crossplane now"), "{shown}");
    let mut again = start(&yard, &other);
    again.see("session started");
    assert!(!again.screen().contains("is not the process"), "{}", again.screen());
    assert!(again.leave().success());
}

/// A release that was opened once, and the command that opens it with another process.
fn with_another(yard: &Yard) -> Vec<String> {
    let mut first = Term::start(opening(yard, &[]));
    first.see("session started");
    assert!(first.leave().success());
    let path = yard.path();
    ["open", path.to_str().unwrap(), "--release", "v0.6.2", "--process", "crossplane"]
        .map(str::to_owned)
        .into()
}

fn start(yard: &Yard, args: &[String]) -> Term {
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    Term::start(gonogo(&args, yard.root()))
}

/// Decides about the process that differs.
fn decide(term: &mut Term, answer: &str, why: &str) {
    term.see("is not the process of this release");
    term.press("gc");
    term.see("keep the recorded one");
    term.press(answer);
    term.press(ENTER);
    term.see("process?");
    term.press(why);
    term.press(ENTER);
    term.until("the banner is gone", |screen| !screen.contains("is not the process of this release"));
}

/// Titles of a gate that only the recorded process has, and of one that only the other has.
fn both() -> [String; 2] {
    [("llama-stack", "scope"), ("crossplane", "branch-build")].map(|(name, gate)| gate_title(name, gate))
}

/// What a preset calls a gate.
pub fn gate_title(name: &str, gate: &str) -> String {
    let (process, _) = gonogo::process::Process::builtin(name).unwrap().unwrap();
    process.gate(gate).unwrap_or_else(|| panic!("{name} has no gate {gate}")).title.clone()
}

#[test]
fn a_process_that_is_not_taken_is_not_offered_again_and_the_release_goes_on_as_it_began() {
    let yard = repository();
    let args = with_another(&yard);
    let status = |process: &str| {
        let path = yard.path();
        let args = ["status", path.to_str().unwrap(), "--release", "v0.6.2", "--process", process];
        let output = gonogo(&args, yard.root()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let differs = "the process crossplane is not the process of this release";
    assert!(status("crossplane").contains(differs), "{}", status("crossplane"));
    assert!(!status("llama-stack").contains("is not the process"));
    let mut term = start(&yard, &args);
    decide(&mut term, "keep", "the next release may");
    assert!(term.screen().contains(&both()[0]) && !term.screen().contains(&both()[1]), "{}", term.screen());
    assert!(term.leave().success());
    let shown = printed(&["journal", "show", journal(yard.root()).to_str().unwrap()], yard.root());
    assert!(shown.contains("process kept") && shown.contains("the next release may"), "{shown}");
    let mut again = start(&yard, &args);
    again.see("session started");
    assert!(!again.screen().contains("is not the process"), "{}", again.screen());
    assert!(again.leave().success());
    assert!(!status("crossplane").contains("is not the process"), "it was decided");
    assert!(status("dragonfly").contains("is not the process"), "a third one was not");
}

#[test]
fn a_replay_shows_each_stretch_under_the_process_it_was_made_with() {
    let yard = repository();
    let args = with_another(&yard);
    let mut term = start(&yard, &args);
    decide(&mut term, "take", "we follow it now");
    term.see(&both()[1]);
    assert!(term.leave().success());
    let at = journal(yard.root());
    let mut replay = Term::start(gonogo(&["replay", at.to_str().unwrap()], yard.root()));
    replay.see("REPLAY");
    replay.see("chain holds");
    replay.see(&both()[1]);
    replay.until("the second process alone", |screen| !screen.contains(&both()[0]));
    let place = |screen: &str| screen.lines().find(|line| line.contains("paused")).map(str::to_owned);
    let step = |replay: &mut Term, key: &str| {
        let before = place(&replay.screen());
        replay.press(key);
        replay.until("a step", |screen| place(screen) != before);
    };
    while !replay.screen().contains(&both()[0]) {
        step(&mut replay, ",");
    }
    // A frame comes in pieces: its last rows are still of the one before when its first are there.
    replay.until("the first process alone", |screen| !screen.contains(&both()[1]));
    step(&mut replay, ".");
    replay.see(&both()[1]);
    replay.until("the second process alone", |screen| !screen.contains(&both()[0]));
    assert!(replay.leave().success());
}
