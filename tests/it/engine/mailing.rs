//! Announcements that are no webhook: by the user's mailer, as a file, as a comment on the tracking issue. Each once.

use super::announcing::{begin, ended, send};
use super::backport::{counts, open_with, text};
use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};
use crate::git::yard::put_script;
use base64::Engine as _;
use rustix::process::Signal;
use std::path::Path;

/// The demo, whose thread goes out as the table says.
fn open(dir: &Path, way: &str) -> Term {
    let config = dir.join("config/gonogo/config.toml");
    std::fs::create_dir_all(config.parent().unwrap()).unwrap();
    std::fs::write(config, format!("[announce.\"octo/widget\"]\nthread = {{ {way} }}\n")).unwrap();
    open_with(dir, &[])
}

/// The messages that the demo keeps.
fn mails(dir: &Path) -> Vec<String> {
    let all = std::fs::read_dir(dir.join("state/mail")).unwrap().map(|it| it.unwrap().path());
    let mails = all.filter(|path| path.extension().is_some_and(|it| it == "eml"));
    mails.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn a_demo_mails_nobody_and_keeps_the_message_once_as_it_was_shown() {
    let dir = tempfile::tempdir().unwrap();
    let (program, ran) = (dir.path().join("mailer"), dir.path().join("ran"));
    put_script(&program, &format!("touch \"{}\"", ran.display()));
    let way = format!("mailer = [\"{}\", \"-t\"], to = \"list@example.org\"", program.display());
    let mut term = open(dir.path(), &way);
    begin(&mut term);
    send(&mut term, "ann.\\nBcc: all@example.org é");
    term.meanwhile("the outcome", || ended(dir.path(), "ok"));
    assert!(text(dir.path()).contains("a demo mails nobody"), "{}", text(dir.path()));
    let all = mails(dir.path());
    assert_eq!(all.len(), 1);
    let (head, body) = all[0].split_once("\n\n").unwrap();
    assert!(head.starts_with("To: list@example.org\nSubject: v0.6.2\nMIME-Version: 1.0\n"), "{head}");
    let body: String = body.lines().collect();
    let body = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains("the owner is ann.\\nBcc: all@") && body.contains('é'), "{body}");
    term.settle();
    // It was sent: the key asks where it is read, and sends nothing.
    term.press("X");
    term.see("its link");
    term.press("\x1b");
    term.settle();
    assert!(term.leave().success());
    assert_eq!((mails(dir.path()).len(), ran.exists()), (1, false));
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}

#[test]
fn killed_at_either_side_a_file_is_written_once_and_looked_for() {
    for step in ["announce.send.intent", "announce.send.outcome"] {
        let dir = tempfile::tempdir().unwrap();
        let way = format!("file = \"{}/news-{{version}}.md\"", dir.path().display());
        let mut term = open(dir.path(), &way);
        begin(&mut term);
        send(&mut term, "ann");
        term.meanwhile(step, || text(dir.path()).contains(&format!("\"kind\":\"{step}\"")));
        term.signal(Signal::KILL);
        term.end();
        let mut term = open(dir.path(), &way);
        term.meanwhile("what became of it", || counts(dir.path(), "announce.send")[1] == 1);
        if !ended(dir.path(), "ok") {
            begin(&mut term);
            send(&mut term, "ann");
            term.meanwhile("the second plan", || ended(dir.path(), "ok"));
        }
        let news = std::fs::read_to_string(dir.path().join("news-0.6.2.md")).unwrap();
        assert!(news.contains("the owner is ann"), "{news}");
        assert!(term.leave().success());
        printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
    }
}

#[test]
fn a_file_of_somebody_else_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let news = dir.path().join("news-0.6.2.md");
    std::fs::write(&news, "mine").unwrap();
    let mut term = open(dir.path(), &format!("file = \"{}/news-{{version}}.md\"", dir.path().display()));
    begin(&mut term);
    send(&mut term, "ann");
    term.meanwhile("the outcome", || ended(dir.path(), "conflict"));
    assert_eq!(std::fs::read_to_string(&news).unwrap(), "mine");
    assert!(term.leave().success());
}

#[test]
fn a_status_is_a_comment_on_the_tracking_issue_and_is_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let open = || {
        let mut term = Term::start(gonogo(
            &["demo", "--process", "monthly-trunk", "--dir", dir.path().to_str().unwrap()],
            dir.path(),
        ));
        term.see("api ");
        term.press("6");
        term.see("[6 Checklist");
        term
    };
    let mut term = open();
    term.meanwhile("the issues", || issue(dir.path()).is_some());
    let number = issue(dir.path()).unwrap();
    find(&mut term, "Report the status");
    term.press("a");
    term.see("Note or link");
    term.press(&format!("https://github.com/octo/widget/issues/{number}"));
    term.press(ENTER);
    term.meanwhile("the link", || text(dir.path()).contains("\"checklist.attach\""));
    status(&mut term);
    term.see(&format!("octo/widget#{number}"));
    term.see("everybody who follows the issue is told");
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
    term.meanwhile("the intent", || text(dir.path()).contains("\"announce.send.intent\""));
    term.signal(Signal::KILL);
    term.end();
    let mut term = open();
    let forge = || std::fs::read_to_string(dir.path().join("forge.json")).unwrap_or_default();
    let made = || forge().matches("all is calm").count();
    // A comment that shows is found; of one that does not a person says that it was not made.
    term.settle();
    if made() == 1 {
        term.meanwhile("what became of it", || ended(dir.path(), "ok"));
    } else {
        term.press("gu");
        term.see("Unfinished");
        term.press("did not happen");
        term.see("announce status");
        term.press(ENTER);
        term.meanwhile("what the person says", || ended(dir.path(), "abandoned"));
        term.settle();
        status(&mut term);
        term.see("everybody who follows the issue is told");
        term.press("\t");
        term.see("[ Go ]");
        term.press(ENTER);
        term.meanwhile("the second plan", || ended(dir.path(), "ok"));
    }
    assert_eq!(made(), 1);
    assert!(term.leave().success());
}

/// An issue of the first repository that is open and no pull request.
fn issue(dir: &Path) -> Option<u64> {
    let text = text(dir);
    let lines = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let seen = lines.filter(|it| it["kind"] == "obs.issues" && it["body"]["repo"] == "octo/widget");
    let rows: Vec<_> =
        seen.flat_map(|it| it["body"]["rows"].as_array().cloned().unwrap_or_default()).collect();
    let fits = |row: &&serde_json::Value| row["open"] == true && row["pull"] != true;
    rows.iter().find(fits).and_then(|row| row["number"].as_u64())
}

fn find(term: &mut Term, item: &str) {
    term.press("\x1b");
    term.settle();
    term.press(&format!("/{item}"));
    term.see(&format!(" /{item}"));
    term.see("1 of");
    term.press(ENTER);
    term.press("G");
}

fn status(term: &mut Term) {
    find(term, "Report the status");
    term.press("X");
    term.see("1 of 1");
    term.press("all is calm");
    term.press(ENTER);
}
