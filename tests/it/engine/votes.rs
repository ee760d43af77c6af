//! What people say in the demo: signed and decided by keys, refused where it must be, kept by the journal.

use super::backport::text;
use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};

fn open(dir: &std::path::Path) -> Term {
    let process = dir.join("own.toml");
    if !process.exists() {
        let own = "[process]\npreset = \"monthly-trunk\"\n[process.version]\ncandidate = \"-rc.{n}\"\n";
        std::fs::write(&process, own).unwrap();
    }
    let words = ["demo", "--process", process.to_str().unwrap(), "--dir", dir.to_str().unwrap()];
    let known = || text(dir).matches("\"kind\":\"session.actor\"").count();
    let before = if dir.join("widget").exists() { known() } else { 0 };
    let mut term = Term::start(gonogo(&words, dir));
    term.see("Sign-offs");
    // Until then it is not known who sits here, and what the candidate is.
    term.meanwhile("who it is", || known() > before);
    term.see("signed v1.6.0-rc.1");
    term
}

fn said(dir: &std::path::Path, kind: &str) -> usize {
    text(dir).matches(&format!("\"kind\":\"{kind}\"")).count()
}

/// Says what is offered under these words, and this to it.
fn say(term: &mut Term, offer: &str, prompt: &str, words: &str) {
    term.press("gd");
    term.see("What is to be said?");
    term.press(offer);
    term.until("one is left", |it| it.lines().filter(|line| line.contains(offer)).count() > 1);
    term.press(ENTER);
    term.see(prompt);
    term.press(words);
    term.press(ENTER);
}

fn name(term: &mut Term, role: &str, login: &str) {
    term.press("gr");
    term.see("Who holds which role");
    term.press(&format!("name a {role}"));
    term.press(ENTER);
    term.see(&format!("Who is {role}?"));
    term.press(login);
    term.press(ENTER);
    let held = format!("{login} holds {role}");
    term.see(&held[..held.len().min(24)]);
}

#[test]
fn a_candidate_is_signed_by_who_is_named_and_go_waits_for_every_gate() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    term.see("0 of 4 signed v1.6.0-rc.1");
    say(&mut term, "Security: nobody", "Sign v1.6.0-rc.1", "");
    term.meanwhile("the refusal", || text(dir.path()).contains("nobody is named as Security"));
    assert_eq!(said(dir.path(), "sign.off"), 0, "who is not named signs nothing");
    name(&mut term, "Security", "dee");
    say(&mut term, "Security, dee: sign", "dee said so: where?", "https://chat.example/7");
    term.see("1 of 4 signed v1.6.0-rc.1");
    assert_eq!(said(dir.path(), "sign.off"), 1);
    name(&mut term, "QA", "ana-weber");
    say(&mut term, "QA, you: object", "Why does QA object to v1.6.0-rc.1", "the import hangs");
    term.see("QA objects, ana-weber: the import");
    term.press("z");
    term.see("1 of 4 signed v1.6.0-rc.1");
    // Go is for who leads the release, and while gates are open it is not said at all.
    name(&mut term, "Release manager", "ana-weber");
    say(&mut term, "decide GO", "GO for v1.6.0-rc.1", "");
    term.meanwhile("the refusal", || text(dir.path()).contains("\"ask\":\"decide\""));
    assert_eq!(said(dir.path(), "decision.record"), 0);
    say(&mut term, "decide NO-GO", "NO-GO for v1.6.0-rc.1", "the import hangs");
    term.see("said NO-GO to v1.6.0-rc.1");
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
    let minutes =
        printed(&["journal", "export", "--markdown", journal(dir.path()).to_str().unwrap()], dir.path());
    assert!(minutes.contains("sign-off: dee signs v1.6.0-rc.1 for security"), "{minutes}");
    // The next session knows all of it.
    let mut term = open(dir.path());
    term.see("1 of 4 signed v1.6.0-rc.1");
    term.see("said NO-GO to v1.6.0-rc.1");
    assert!(term.leave().success());
}
