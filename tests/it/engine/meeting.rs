//! A meeting in the demo: held by keys, gone on with after a crash, ended with minutes that are posted.

use super::backport::text;
use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};
use rustix::process::Signal;

fn open(dir: &std::path::Path) -> Term {
    let words = ["demo", "--process", "dragonfly", "--dir", dir.to_str().unwrap()];
    let mut term = Term::start(gonogo(&words, dir));
    term.see("Go / no-go");
    term.see("api ");
    // The agenda is that of the world once it was read.
    term.see("8 open");
    term.see("lint ");
    term
}

fn said(dir: &std::path::Path, kind: &str) -> usize {
    text(dir).matches(&format!("\"kind\":\"{kind}\"")).count()
}

fn answer(term: &mut Term, key: &str, prompt: &str, words: &str) {
    term.press(key);
    term.see(prompt);
    term.press(words);
    term.press(ENTER);
    term.until("the prompt is closed", |it| !it.contains(prompt));
}

#[test]
fn a_meeting_is_held_broken_off_gone_on_with_and_ended_with_minutes() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    term.press("gm");
    term.see("Release meeting · ");
    term.see("item 1 of ");
    answer(&mut term, "t", "Who is there?", "ana-weber, ben");
    term.see("there: ana-weber, ben");
    answer(&mut term, "h", "HOLD: why?", "wait for the fix");
    term.see("HOLD: wait for the fix");
    answer(&mut term, "a", "Who does what, by when?", "ben mend the import by 2030-01-02");
    term.see("action 1: ben, mend the import, by 2030-01-02");
    term.press("n");
    term.see("item 2 of ");
    term.meanwhile("the second item", || said(dir.path(), "meeting.item") == 2);
    // Killed in the middle: the next session goes on at the item where it stood.
    term.signal(Signal::KILL);
    term.end();
    let mut term = open(dir.path());
    term.press("gm");
    term.see("item 2 of ");
    assert_eq!(said(dir.path(), "meeting.open"), 1);
    answer(&mut term, "i", "What was said?", "as last week");
    term.see("as last week");
    term.press("e");
    term.see("Minutes");
    term.see("Present: ana-weber, ben.");
    assert_eq!(said(dir.path(), "meeting.close"), 1);
    term.press("s");
    term.see("Status update");
    term.see("HOLD");
    term.press("\u{1b}");
    term.until("they are closed", |it| !it.contains("Status update"));
    term.settle();
    // What is open comes first at the next.
    term.press("gm");
    term.see("1 open action item");
    term.see("1. ben: mend the import");
    term.press("\u{1b}");
    term.until("it is left", |it| !it.contains("item 1 of"));
    term.settle();
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}
