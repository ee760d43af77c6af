//! Steps of the runbook from the key to the program: each way it ends, killed at each step, and a process that nobody
//! trusts.

use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};
use crate::forge::server::{Asked, Say, Server};
use crate::git::yard::{Yard, put_script};
use rustix::process::Signal;
use std::path::Path;

const CTRL_X: &str = "\x18";

/// A process whose deployment is made of programs in a directory of the test, and of a question.
fn process(bin: &Path, url: &str) -> String {
    let bin = bin.display();
    format!(
        r#"[process]
name = "pier"
[process.branches]
trunk = "main"
[[process.branches.lines]]
pattern = "release-{{major}}.{{minor}}.x"
kind = "release"
[process.version]
style = "semver"
prefix = "v"
candidate = "-rc.{{n}}"
[[process.streams]]
id = "patch"
bump = "patch"
[[process.stages]]
id = "deploy"
title = "Deploy"
ordered = true
items = [
  {{ id = "backup", text = "Back up the database", act = {{ command = {{ argv = ["{bin}/backup", "{{version}}", "$(id) ; {{tag}}"], timeout = "2 seconds", env = ["PIER"] }} }} }},
  {{ id = "smoke", text = "Smoke tests", act = {{ probe = {{ url = "{url}/health", contains = "{{version}}", tries = 3, every = "1 second" }} }} }},
]
"#
    )
}

struct Pier {
    yard: Yard,
}

impl Pier {
    /// The program appends to a file what it was given, then does as the script says.
    fn new(script: &str, url: &str, theirs: bool) -> Self {
        let yard = Yard::new();
        yard.commit("a", "1", "one");
        yard.git(&["tag", "v0.6.0"]);
        yard.git(&["branch", "release-0.6.x"]);
        let bin = yard.root().join("bin");
        std::fs::create_dir(&bin).unwrap();
        let done = yard.root().join("done");
        let text = format!("printf '%s|' \"$@\" \"$PIER\" \"$SECRET\" >> {}\n{script}", done.display());
        put_script(&bin.join("backup"), &text);
        let process = process(&bin, url);
        if theirs {
            std::fs::write(yard.path().join("gonogo.toml"), process).unwrap();
        } else {
            let config = yard.root().join("config/gonogo");
            std::fs::create_dir_all(&config).unwrap();
            std::fs::write(config.join("config.toml"), process).unwrap();
        }
        Self { yard }
    }

    fn dir(&self) -> &Path {
        self.yard.root()
    }

    fn open(&self) -> Term {
        let path = self.yard.path();
        let mut command = gonogo(&["open", path.to_str().unwrap(), "--release", "v0.6.1"], self.dir());
        command.env("PIER", "seven").env("SECRET", "unseen");
        let mut term = Term::start(command);
        term.see("session started");
        term.press("6");
        term.see("[6 Checklist");
        term
    }

    /// What the program was given, each time.
    fn done(&self) -> String {
        std::fs::read_to_string(self.dir().join("done")).unwrap_or_default()
    }

    fn text(&self) -> String {
        std::fs::read_to_string(journal(self.dir()).join("seg-000001.jsonl")).unwrap_or_default()
    }

    fn ended(&self, kind: &str, status: &str) -> bool {
        let (kind, status) = (format!("\"{kind}.outcome\""), format!("\"status\":\"{status}\""));
        self.text().lines().any(|line| line.contains(&kind) && line.contains(&status))
    }

    /// Waits until a refusal is on record.
    fn refused(&self, term: &mut Term, why: &str) {
        let is = |line: &str| line.contains("\"kind\":\"refused\"") && line.contains(why);
        term.meanwhile(why, || self.text().lines().any(is));
    }

    fn verify(&self) {
        printed(&["journal", "verify", journal(self.dir()).to_str().unwrap()], self.dir());
    }
}

const GIVEN: &str = "0.6.1|$(id) ; v0.6.1|seven||";

/// Takes the filter away. An escape right before another key is another key.
fn clear(term: &mut Term) {
    term.press("\x1b");
    term.settle();
}

/// Goes to an item and presses its key.
fn begin(term: &mut Term, item: &str) {
    term.press(&format!("/{item}"));
    term.see(&format!(" /{item}"));
    term.see("1 of 2");
    term.press(ENTER);
    term.press("G");
    term.press("X");
}

/// Reads what would be run and trusts it.
fn trust(term: &mut Term) {
    term.see("argument  $(id) ; v0.6.1");
    term.see("Trust: from now on exactly this may be run");
    term.press("backup");
    term.press(ENTER);
}

#[test]
fn a_program_runs_once_with_exactly_what_was_shown_and_its_output_is_on_record() {
    let script = "echo one; printf '\\033[31mred\\n'; echo last >&2";
    let pier = Pier::new(script, "http://127.0.0.1:9", false);
    let mut term = pier.open();
    begin(&mut term, "Back up");
    trust(&mut term);
    term.meanwhile("the outcome", || pier.ended("step.run", "ok"));
    term.see("exit 0 in");
    assert_eq!(pier.done(), GIVEN);
    let text = pier.text();
    assert!(text.contains("one\\n␛[31mred\\nlast"), "{text}");
    assert!(text.contains("\"sha256\":\""), "{text}");
    assert_eq!(text.matches("\"trust.command\"").count(), 1);
    assert!(!text.contains("unseen"));
    term.press("X");
    pier.refused(&mut term, "it was run already");
    assert!(term.leave().success());
    assert_eq!(pier.done(), GIVEN);
    pier.verify();
}

#[test]
fn a_program_that_fails_is_not_run_again_and_one_that_stays_too_long_is_stopped() {
    for (script, said) in [("exit 3", "exit 3 in"), ("sleep 30", "it took longer than 2 s")] {
        let pier = Pier::new(script, "http://127.0.0.1:9", false);
        let mut term = pier.open();
        begin(&mut term, "Back up");
        trust(&mut term);
        term.meanwhile("the outcome", || pier.ended("step.run", "failed"));
        assert!(pier.text().contains(said), "{}", pier.text());
        term.settle();
        term.press("X");
        pier.refused(&mut term, "does not say that it may be repeated");
        // What comes after it waits.
        clear(&mut term);
        begin(&mut term, "Smoke");
        pier.refused(&mut term, "it comes after: Back up the database");
        assert!(term.leave().success());
        assert_eq!(pier.done(), GIVEN);
    }
}

#[test]
fn ctrl_x_stops_a_program_with_all_that_it_started() {
    let pier = Pier::new("sleep 1000 & echo $! > \"$(dirname $0)/child\"; wait", "http://127.0.0.1:9", false);
    let process = pier.dir().join("config/gonogo/config.toml");
    let text = std::fs::read_to_string(&process).unwrap().replace("2 seconds", "10 minutes");
    std::fs::write(process, text).unwrap();
    let mut term = pier.open();
    begin(&mut term, "Back up");
    trust(&mut term);
    let child = pier.dir().join("bin/child");
    let started = || std::fs::read_to_string(&child).is_ok_and(|text| text.ends_with('\n'));
    term.meanwhile("the program", started);
    term.press(CTRL_X);
    term.meanwhile("the outcome", || pier.ended("step.run", "failed"));
    assert!(pier.text().contains("stopped by ctrl-x after"), "{}", pier.text());
    let child = std::fs::read_to_string(&child).unwrap();
    let alive = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.trim())).unwrap_or_default();
        !stat.is_empty() && !stat.contains(") Z ")
    };
    term.meanwhile("its child to end", || !alive());
    assert!(term.leave().success());
}

#[test]
fn killed_at_any_step_it_is_never_run_again_by_itself() {
    for step in ["trust.command", "step.run.intent", "step.run.outcome"] {
        let pier = Pier::new("", "http://127.0.0.1:9", false);
        let mut term = pier.open();
        begin(&mut term, "Back up");
        trust(&mut term);
        term.meanwhile(step, || pier.text().contains(&format!("\"kind\":\"{step}\"")));
        term.signal(Signal::KILL);
        term.end();
        let mut term = pier.open();
        let recorded = pier.ended("step.run", "ok");
        if !recorded && pier.text().contains("\"step.run.intent\"") {
            // It is stopped in between, and the program may be on its way yet: nobody but a person can look.
            begin(&mut term, "Back up");
            pier.refused(&mut term, "it may have been run already");
            term.press("gu");
            term.see("Unfinished");
            term.press("it happened");
            term.see("it happened: run");
            term.press(ENTER);
            term.meanwhile("what the person says", || pier.ended("step.run", "ok"));
        } else if !recorded {
            begin(&mut term, "Back up");
            pier.refused(&mut term, "gu goes on or calls it off");
        }
        term.settle();
        assert!(pier.done().is_empty() || pier.done() == GIVEN, "{step}: {}", pier.done());
        assert!(term.leave().success());
        pier.verify();
    }
}

/// A service that answers as told, each time.
fn service(answers: &'static [(u16, &'static str)]) -> Server {
    let mut at = 0;
    let script = move |_: &Asked| {
        let (status, body) = answers[at.min(answers.len() - 1)];
        at += 1;
        Say::json(status, serde_json::json!(body))
    };
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            tell.send(Server::start(script).await).unwrap();
            std::future::pending::<()>().await;
        });
    });
    told.recv().unwrap()
}

/// Goes past the first step, and asks.
fn ask(pier: &Pier) -> Term {
    let mut term = pier.open();
    begin(&mut term, "Back up");
    trust(&mut term);
    term.meanwhile("the first step", || pier.ended("step.run", "ok"));
    term.settle();
    clear(&mut term);
    begin(&mut term, "Smoke");
    term.see("/health for 200");
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
    term
}

#[test]
fn a_url_is_asked_until_it_answers_as_it_should() {
    let server = service(&[(503, "not yet"), (200, "0.6.0"), (200, "0.6.1")]);
    let pier = Pier::new("", &server.url, false);
    let mut term = ask(&pier);
    term.meanwhile("the answer", || pier.ended("step.ask", "ok"));
    assert!(pier.text().contains("with “0.6.1”, at the 3. try"), "{}", pier.text());
    assert_eq!(server.asked().len(), 3);
    term.settle();
    term.see("2/2");
    assert!(term.leave().success());
    pier.verify();
}

#[test]
fn a_url_that_never_answers_as_it_should_says_so_and_may_be_asked_again() {
    let server = service(&[(200, "0.6.0"), (200, "0.6.0"), (503, "away"), (200, "0.6.1")]);
    let pier = Pier::new("", &server.url, false);
    let mut term = ask(&pier);
    term.meanwhile("the answer", || pier.ended("step.ask", "failed"));
    assert!(pier.text().contains("503 at 127.0.0.1"), "{}", pier.text());
    assert_eq!(server.asked().len(), 3);
    term.settle();
    term.press("X");
    term.see("/health for 200");
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
    term.meanwhile("the second answer", || pier.ended("step.ask", "ok"));
    assert!(term.leave().success());
}

#[test]
fn a_question_in_doubt_is_asked_again_at_the_start() {
    let server = service(&[(503, "not yet"), (200, "0.6.1")]);
    let pier = Pier::new("", &server.url, false);
    let mut term = ask(&pier);
    term.meanwhile("the first try", || !server.asked().is_empty());
    term.signal(Signal::KILL);
    term.end();
    let mut term = pier.open();
    term.meanwhile("what became of it", || pier.ended("step.ask", "ok"));
    assert!(pier.text().contains("\"by\":\"probe\""), "{}", pier.text());
    assert!(term.leave().success());
}

#[test]
fn a_process_that_came_with_the_repository_runs_nothing_until_it_is_trusted() {
    let server = service(&[(200, "0.6.1")]);
    let pier = Pier::new("", &server.url, true);
    let mut term = pier.open();
    begin(&mut term, "Back up");
    pier.refused(&mut term, "you do not trust");
    assert!(term.leave().success());
    assert_eq!(pier.done(), "");
    assert!(!pier.text().contains("\"step.run.intent\""));
    // Trusted as it is now, and no longer once it changes.
    let check = gonogo(&["check"], pier.dir()).current_dir(pier.yard.path()).output().unwrap();
    let check = String::from_utf8(check.stdout).unwrap();
    let hash = check.split("sha256:").nth(1).map(|rest| &rest[..64]);
    let hash = hash.unwrap_or_else(|| panic!("no hash: {check}"));
    let config = pier.dir().join("config/gonogo");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), format!("trusted = [\"sha256:{hash}\"]\n")).unwrap();
    let mut term = pier.open();
    begin(&mut term, "Back up");
    trust(&mut term);
    term.meanwhile("the outcome", || pier.ended("step.run", "ok"));
    assert_eq!(pier.done(), GIVEN);
    assert!(term.leave().success());
}
