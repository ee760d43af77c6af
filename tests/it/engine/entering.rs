//! The way in: a token that takes its time, a journal whose end is torn.

use super::leaving::{opening, repository, walk};
use super::pty::Term;
use crate::git::yard::Yard;
use crate::journal::sample;
use rustix::process::Signal;

/// A search for a token that lasts longer than anybody waits.
const SLOW: [&str; 6] =
    ["--api-url", "http://127.0.0.1:9", "--repository", "octo/widget", "--token-command", "sleep 60"];

#[test]
fn while_a_token_is_looked_for_the_keys_are_heard_and_nothing_is_recorded() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &SLOW));
    term.see("a token is being looked for");
    term.press("6");
    term.see("[6 Checklist");
    term.press(" ");
    term.see("read-only");
    term.press("r");
    term.see("goes on without one");
    term.press("\x18");
    term.until("the search given up", |screen| !screen.contains("READ-ONLY"));
    term.press("8");
    term.see("session started");
    assert!(term.leave().success());
}

#[test]
fn who_does_not_wait_for_a_token_leaves_in_good_order() {
    for how in [None, Some(Signal::TERM), Some(Signal::HUP), Some(Signal::QUIT)] {
        let yard = repository();
        let mut term = Term::start(opening(&yard, &SLOW));
        term.see("a token is being looked for");
        let ended = match how {
            None => term.leave(),
            Some(signal) => {
                term.signal(signal);
                term.end()
            }
        };
        assert!(ended.success(), "{how:?}: {ended:?}");
        assert_eq!(term.left_on(), Vec::<String>::new(), "{how:?}");
        assert!(!String::from_utf8_lossy(&term.raw).contains("broke"), "{how:?}");
    }
}

/// The one journal of a yard.
fn journal(yard: &Yard) -> String {
    let mut all = walk(&yard.root().join("state")).into_iter().filter(|path| path.ends_with(".jsonl"));
    let journal = all.next().expect("a journal");
    assert_eq!(all.next(), None);
    journal
}

#[test]
fn a_journal_with_a_newer_shape_of_a_kind_is_shown_and_not_written() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &[]));
    term.see("session started");
    assert!(term.leave().success());
    let journal = journal(&yard);
    let text = std::fs::read_to_string(&journal).unwrap();
    let (mut prev, mut newer) = (String::new(), String::new());
    for line in text.lines() {
        let line = line.replace(r#""kind":"journal.seal""#, r#""kind":"journal.seal@2""#);
        let line = if prev.is_empty() { line } else { sample::reseal(&line, &prev) };
        prev = sample::stated(&line).to_owned();
        newer.push_str(&line);
        newer.push('\n');
    }
    assert!(newer.contains("@2"), "{text}");
    for tail in ["", r#"{"v":1,"seq":"#] {
        let newer = format!("{newer}{tail}");
        std::fs::write(&journal, &newer).unwrap();
        let mut again = Term::start(opening(&yard, &[]));
        again.see("written by a newer gonogo");
        again.see("READ-ONLY");
        // Trying again changes nothing: it is still a newer program's.
        again.press("r");
        again.see("! the journal was written by a newer gonogo");
        again.see("READ-ONLY");
        assert!(again.leave().success());
        assert_eq!(std::fs::read_to_string(&journal).unwrap(), newer, "nothing was written behind it");
    }
    assert!(
        !walk(&yard.root().join("state")).iter().any(|path| path.contains("torn")),
        "nothing was set aside"
    );
}

#[test]
fn a_journal_whose_end_is_torn_says_so_until_the_session_ends() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &[]));
    term.see("session started");
    assert!(term.leave().success());
    let journal = journal(&yard);
    let bytes = std::fs::read(&journal).unwrap();
    std::fs::write(&journal, &bytes[..bytes.len() - 57]).unwrap();
    let mut again = Term::start(opening(&yard, &[]));
    again.see("the end of the journal was torn");
    again.press("8");
    again.see("[8 Journal");
    again.see("the end of the journal was torn");
    assert!(again.leave().success());
}

#[test]
fn a_word_that_is_no_command_is_not_taken_for_keys() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &["--accessible"]));
    term.hear("Type a row's number");
    term.press("zap\r");
    term.hear("there is no command zap");
    term.press("help me\r");
    term.hear("there is no command help me");
    term.press("gp\r");
    term.press("quit\r");
    assert!(term.end().success());
}
