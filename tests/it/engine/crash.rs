//! Killed in the middle of a plan, and opened again; a second cockpit on the same release.

use super::demo::{journal, open, printed};
use super::pty::{ENTER, Term, gonogo};
use rustix::process::Signal;
use std::path::Path;

const WORDS: &str = "seen in the release meeting";

/// How often each of some issues was commented on with the words, as the forge keeps it.
fn comments(dir: &Path) -> Vec<(u64, usize)> {
    // The forge writes the file while this reads it.
    let text = std::fs::read_to_string(dir.join("forge.json")).unwrap_or_default();
    let Ok(forge) = serde_json::from_str::<serde_json::Value>(&text) else { return Vec::new() };
    let repositories = match &forge["repositories"] {
        serde_json::Value::Object(map) => map.values().cloned().collect(),
        serde_json::Value::Array(list) => list.clone(),
        _ => Vec::new(),
    };
    let all: Vec<_> =
        repositories.iter().flat_map(|it| it["comments"].as_array().cloned().unwrap_or_default()).collect();
    let said = |issue: u64| {
        let ours = all.iter().filter(|it| it["issue"].as_u64() == Some(issue));
        ours.filter(|it| it["body"].as_str().is_some_and(|body| body.contains(WORDS))).count()
    };
    [300, 301, 302].into_iter().map(|issue| (issue, said(issue))).collect()
}

#[test]
fn killed_in_a_plan_it_says_what_is_unfinished_and_sends_nothing_twice() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    term.press("2");
    term.see("[2 Milestone");
    term.press("/release-blocker");
    term.see("#303");
    term.press(ENTER);
    term.press("gg");
    term.until("the first row", |screen| screen.contains("#300"));
    // A mark moves on to the next row.
    term.press("   ");
    term.see("3 marked");
    term.press("C");
    term.see("omment");
    term.press(WORDS);
    term.press(ENTER);
    term.see("3 steps");
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
    let sent = |dir: &Path| comments(dir).iter().map(|(_, count)| count).sum::<usize>();
    term.meanwhile("the first step", || sent(dir.path()) > 0);
    term.signal(Signal::KILL);
    term.end();
    // A second lies between two comments, by GitHub's rules.
    assert!((1..3).contains(&sent(dir.path())), "{:?}", comments(dir.path()));

    let mut again = open(dir.path());
    again.press("8");
    again.see("session started; the one before");
    again.press("gu");
    again.see("go on with");
    again.press("go on");
    again.press(ENTER);
    again.meanwhile("the last step", || comments(dir.path()).last().is_some_and(|(_, count)| *count == 1));
    again.leave();
    let after = comments(dir.path());
    assert!(after.iter().all(|(_, count)| *count <= 1), "{after:?}");
    let shown = printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
    assert!(!shown.is_empty());
}

#[test]
fn a_second_cockpit_looks_on_and_names_the_holder() {
    let dir = tempfile::tempdir().unwrap();
    let mut holder = open(dir.path());
    let mut command =
        gonogo(&["open", "widget", "--release", "v0.6.2", "--process", "llama-stack"], dir.path());
    command.env("GONOGO_STATE_DIR", dir.path().join("state"));
    let mut second = Term::start(command);
    second.see("READ-ONLY");
    let pid = holder.pid().as_raw_nonzero().to_string();
    second.see(&pid);
    second.press("6");
    second.see("[6 Checklist");
    // What the holder does shows, and what is asked for here is refused.
    holder.press("6");
    holder.see("[6 Checklist");
    holder.press("/Make the release notes");
    holder.see("1 of 18");
    holder.press(ENTER);
    holder.press("G ");
    holder.see("✓ done");
    second.see("2/18");
    second.press("z");
    second.see("read-only:");
    assert!(second.leave().success());
    assert!(holder.leave().success());
}

#[test]
fn who_looks_on_takes_over_when_the_holder_has_gone() {
    for killed in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let mut holder = open(dir.path());
        tick(&mut holder, "Write the timeline");
        holder.see("✓ done");
        let mut command =
            gonogo(&["open", "widget", "--release", "v0.6.2", "--process", "llama-stack"], dir.path());
        command.env("GONOGO_STATE_DIR", dir.path().join("state"));
        let mut second = Term::start(command);
        second.see("READ-ONLY");
        if killed {
            holder.signal(Signal::KILL);
            holder.end();
        } else {
            assert!(holder.leave().success());
        }
        second.see("r takes the release over");
        second.press("r");
        second.until("it writes", |screen| !screen.contains("READ-ONLY"));
        tick(&mut second, "The fix itself");
        second.see("✓ done");
        assert!(second.leave().success());
        let journal = journal(dir.path());
        let journal = journal.to_str().unwrap();
        let shown = printed(&["journal", "show", journal], dir.path());
        assert_eq!(shown.matches("session started").count(), 2, "{shown}");
        for item in ["tick Write the timeline", "tick The fix itself"] {
            assert_eq!(shown.matches(item).count(), 1, "{shown}");
        }
        printed(&["journal", "verify", journal], dir.path());
    }
}

/// Ticks the one item whose title holds a text.
fn tick(term: &mut Term, text: &str) {
    term.press("6");
    term.see("[6 Checklist");
    term.press(&format!("/{text}"));
    term.see("1 of 18");
    term.press(ENTER);
    term.press("G ");
    term.see("it wants a link");
    term.press("https://example.org/1");
    term.press(ENTER);
}
