//! Roles in the demo: named by a key, kept from then on, and on record with who was turned away.

use super::backport::{counts, text};
use super::cutting::{TAG, type_tag};
use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};

fn open(dir: &std::path::Path) -> Term {
    let words = ["demo", "--process", "kubesphere", "--dir", dir.to_str().unwrap()];
    let known = || text(dir).matches("\"kind\":\"session.actor\"").count();
    let before = if dir.join("widget").exists() { known() } else { 0 };
    let mut term = Term::start(gonogo(&words, dir));
    term.see("v4.6.2");
    term.see("api ");
    // Until then it is not known who sits here.
    term.meanwhile("who it is", || known() > before);
    term
}

fn assigned(dir: &std::path::Path) -> usize {
    text(dir).matches("\"kind\":\"role.assign\"").count()
}

#[test]
fn only_who_holds_the_role_cuts_and_who_does_not_is_told_who_may() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    term.press("gr");
    term.see("Who holds which role");
    term.see("nobody");
    term.press("name a SIG lead");
    term.press(ENTER);
    term.see("Who is ");
    term.press("ben");
    term.press(ENTER);
    // The line of the journal is there before the cockpit has taken it in.
    term.see("ben holds ");
    assert_eq!(assigned(dir.path()), 1);
    term.press("7");
    term.see("[7 RC");
    term.press("C");
    // It is said for a few seconds, and stays on record.
    term.meanwhile("the refusal", || text(dir.path()).contains("(ben); you are ana-weber"));
    assert!(!term.screen().contains("to go on"), "{}", term.screen());
    assert_eq!(counts(dir.path(), "tag.create"), [0, 0]);
    assert!(term.leave().success());
    // The next session knows it, and a second holder may.
    let mut term = open(dir.path());
    term.press("gr");
    term.see("ben is ");
    term.press("name a SIG lead");
    term.press(ENTER);
    term.see("Who is ");
    term.press("ana-weber");
    term.press(ENTER);
    term.see("ana-weber holds ");
    assert_eq!(assigned(dir.path()), 2);
    type_tag(&mut term);
    term.see(&format!("Cut {TAG}"));
    term.press("\u{1b}");
    term.settle();
    term.until("the plan is closed", |it| !it.contains("enter goes"));
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}
